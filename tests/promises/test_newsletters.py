"""§ Inquiries and newsletters: a newsletter goes to those who confirmed it, by topic, and stops when they say so."""

import pytest
from tests.access.hers import chosen, preferences_of, save
from tests.uses.test_newsletters import _mail, _path, _press, _sign_up
from tests.visits import visitor

from troth import gate


@pytest.mark.clause("U4")
def test_U4_a_topic_starts_with_a_confirmation_alone_pauses_and_ends_at_once(site, run_jobs):
    found = _sign_up()
    run_jobs()
    assert not list(gate.select("newsletter", "email", topic="process"))
    _press(_path(_mail("newsletter/confirm", found.pk)[1]))
    assert list(gate.select("newsletter", "email", topic="process")) == [found.person_id]
    assert not list(gate.select("newsletter", "email", topic="discrete"))
    place = preferences_of(found.person_id)
    save(visitor(), place, do="pause", days="30")
    assert not list(gate.select("newsletter", "email", topic="process"))
    save(visitor(), place, do="resume")
    assert list(gate.select("newsletter", "email", topic="process")) == [found.person_id]
    save(visitor(), place, do="leave:newsletter")
    assert set(chosen(found.person_id)[-2:]) == {("newsletter", False), ("newsletter/process", False)}
    assert not list(gate.select("newsletter", "email", topic="process"))
