"""A history a page at a time says the same as the whole of it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections, transaction
from tests.access.hers import QUOTE
from tests.worlds import kept

from troth import gate
from troth.access import story
from troth.policy.meaning import MARKETING
from troth.records.calls import rows
from troth.records.ids import NOBODY
from troth.records.keeping import Provenance, keep
from troth.records.ledger import Past, PastFilter, bulk_uses_of, find_start, history, outline

_READ = "select seq_tup_read + idx_tup_fetch from pg_stat_xact_user_tables where relid = 'entry'::regclass"
_MANY = """
    select entry_write_many(array_agg(jsonb_populate_record(e, jsonb_build_object(
        'id', gen_random_uuid(), 'at_utc', e.at_utc - make_interval(hours => n))))) from entry e, generate_series(1, 3000) n
    where e.id = %s
"""


@pytest.fixture
def person(site):
    person = kept(QUOTE).person
    gate.grant(person=person, purpose="access", kinds=["email", "name"], who="person", reason="")
    gate.choose(person=person, question=MARKETING, version=1, yes=False, way="test")
    many = gate.select("quotes", "email")
    gate.grant_selection(many, kinds=["email"], who="program:mailing", reason="x")
    return person


def whole_of(person):
    return sorted([*history(person), *bulk_uses_of(person)], key=lambda entry: (entry.at_utc, entry.id), reverse=True)


def test_pages_together_are_the_whole(person):
    whole, past = whole_of(person), Past([person])
    assert any(entry.person != person for entry in whole), "no use of many"
    assert len(past) == len(whole)
    assert [*past[0:2], *past[2:4], *past[4:99]] == whole
    assert past[1] == whole[1]


def test_each_filter_keeps_what_it_would_keep_of_the_whole(person):
    whole = whole_of(person)
    middle = whole[len(whole) // 2].at_utc
    section = next(entry.section for entry in whole if entry.section)
    for asked, fits in [
        (PastFilter(kinds=["used"]), lambda entry: entry.kind == "used"),
        (PastFilter(kinds=[]), lambda entry: False),
        (PastFilter(section=section), lambda entry: entry.section == section),
        (
            PastFilter(section="none", unsectioned=MARKETING),
            lambda entry: not entry.section and entry.purpose == MARKETING,
        ),
        (PastFilter(data="name"), lambda entry: "name" in entry.kinds),
        (PastFilter(since_utc=middle), lambda entry: entry.at_utc >= middle),
        (PastFilter(until_utc=middle), lambda entry: entry.at_utc < middle),
        (PastFilter(since_utc=middle + timedelta(days=1)), lambda entry: False),
    ]:
        kept_of_whole = [entry for entry in whole if fits(entry)]
        assert Past([person], asked)[0:99] == kept_of_whole, asked
        assert len(Past([person], asked)) == len(kept_of_whole), asked


def test_the_outline_says_what_occurs(person):
    gate.grant(person=person, purpose="access", kinds=["email", "name"], who="person", reason="another one")
    whole, lines = whole_of(person), outline([person])
    alike: dict[tuple[object, ...], list[datetime]] = {}
    for entry in whole:
        giver = entry.person if (entry.kind, entry.who) == ("collected", "person") else None
        line = (entry.kind, giver, entry.section, entry.purpose, entry.version, entry.kinds)
        alike.setdefault(line, []).append(entry.at_utc)
    assert max(len(times) for times in alike.values()) > 1, "no entries that are alike"
    assert {
        (line.kind, line.giver, line.section, line.purpose, line.version, tuple(line.data)): (
            line.entries,
            line.first_utc,
        )
        for line in lines
    } == {line: (len(times), min(times)) for line, times in alike.items()}
    assert find_start(lines) == whole[-1].at_utc
    assert len(Past([person], lines=lines)) == len(whole)


def test_of_a_long_history_a_page_reads_what_it_shows(person):
    noted = gate.note(person=person, kind="notified", purpose="quotes", who="program:outbox")
    with connections["owner"].cursor() as cursor:
        cursor.execute(_MANY, [noted])
        cursor.execute("analyze entry")
    lines = outline([person])
    with transaction.atomic():  # what is read is counted, with what came before and was not reported yet
        ((before,),) = rows(_READ, [])
        assert len(Past([person], PastFilter(kinds=["notified"]), lines=lines)[0:20]) == 20
        ((after,),) = rows(_READ, [])
    assert 20 <= after - before <= 100


def test_several_people_of_one_reader_have_one_history(person):
    other = kept(QUOTE | {"email": "other@x.example"}, cause=gate.new_id()).person
    bulk = gate.select("quotes", "email")
    gate.grant_selection(bulk, kinds=["email"], who="program:mailing", reason="both")
    people = [person, other]
    whole = sorted(
        {entry.id: entry for one in people for entry in whole_of(one)}.values(),
        key=lambda entry: (entry.at_utc, entry.id),
        reverse=True,
    )
    assert sum(entry.reason == "both" for entry in whole) == 1, "a use of both is one entry"
    assert [*Past(people)[0:3], *Past(people)[3:99]] == whole
    assert len(Past(people)) == len(whole) == sum(line.entries for line in outline(people))
    cause = next(entry.cause for entry in whole_of(other) if entry.cause)
    assert Past(people, PastFilter(cause=cause))[0:99] == [entry for entry in whole if entry.cause == cause]


def test_what_one_of_them_gave_is_not_said_of_the_data_of_another(person):
    provenance = Provenance("form.quote", 1, datetime.now(UTC), "entered")
    entered = keep(values={"email": "else@x.example"}, provenance=provenance, who="program:import").person
    given = story.kinds_given(outline([person, entered]), [person, entered])
    assert given[person] >= {"email", "name"}
    assert given[entered] == frozenset()
    assert given[NOBODY] == frozenset(), "a use of both names nothing that both gave"
