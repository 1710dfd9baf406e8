"""The console's board of emails: counts, search, one email as its reader gets it, and acts on one and on many."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from tests.visits import BROWSER, MARISOL, send, signed_in, text, visitor

from troth import gate
from troth.deliveries import demo, desk_views
from troth.desk.lists import runs
from troth.outbox import delivery, suppression
from troth.outbox.faults import NOBODY
from troth.outbox.models import LanePause, MailHold, QueuedEmail
from troth.records import ledger
from troth.security.acts import Act

BOARD = "/console/outbox/"
State = QueuedEmail.State

pytestmark = pytest.mark.usefixtures("site")


@pytest.fixture
def letters() -> list[QueuedEmail]:
    """The emails of one request for a quote: to her, and to the distributor."""
    assert send(visitor(), "/quote/", MARISOL).status_code == 303
    return list(QueuedEmail.objects.order_by("id"))


def put(email: QueuedEmail, state: str, why: str = "", fault: str = "", domain: str = "") -> QueuedEmail:
    email.state, email.why, email.fault, email.domain = state, why, fault, domain
    email.save()
    return email


def copied(email: QueuedEmail, count: int) -> list[UUID]:
    """As many more of the same."""
    rows = [
        QueuedEmail(**{f.attname: getattr(email, f.attname) for f in QueuedEmail._meta.fields}) for _n in range(count)
    ]
    for row in rows:
        row.pk, row.request = gate.new_id(), uuid4()
    QueuedEmail.objects.bulk_create(rows)
    return [row.pk for row in rows]


def page_of(address: str = BOARD, role: str = "admin") -> str:
    return text(signed_in(f"one-{role}", role=role).get(address))


def test_the_board_says_what_waits_failed_and_is_held_by_cause_reason_and_domain(letters):
    first, second = letters[:2]
    put(first, State.FAILED, "smtp 550 5.1.1", NOBODY, "harbor.example")
    copied(first, 2)
    put(second, State.HELD, "late")

    page = page_of()

    assert "0 waiting, 1 held, 3 failed" in page
    assert "Why 3 emails failed" in page
    assert (
        "Their address: nobody is there 3 We don’t write to the address until it’s confirmed again or unblocked" in page
    )
    assert "harbor.example 3" in page
    assert "Held: it would arrive too late to be useful 1" in page
    assert "Needs a decision 4" in page
    assert MARISOL["email"] not in page
    assert "4 emails failed or are held. Open the outbox" in page_of("/console/")
    assert "Open the outbox" not in page_of("/console/", role="sales")


def test_filters_and_search_narrow_and_stay_in_the_address(letters):
    put(letters[0], State.FAILED, "smtp 552 5.2.2", "their address", "lakeshore.example")
    put(letters[1], State.HELD, "late", domain="tallgrass.example")
    client = signed_in("ada", role="admin")
    for query, there, away in (
        ("q=lakeshore", "lakeshore.example", "tallgrass.example"),
        ("q=RECEIPT", "tallgrass.example", "gmx.example"),
        ("state=held", "tallgrass.example", "Select Receipt of your request, lakeshore"),
        ("fault=their+address", "lakeshore.example", "tallgrass.example"),
        ("why=late&state=held", "Reason: it would arrive too late", "Select Receipt of your request, lakeshore"),
    ):
        page = client.get(f"{BOARD}?{query}").content.decode()
        rows = page.partition('id="bulk"')[2].partition("</tbody>")[0]
        assert there in page, query
        assert away not in rows, query
    assert client.get(f"{BOARD}?state=gone").status_code == 404
    assert f"{BOARD}{letters[0].pk}/?state=failed" in client.get(f"{BOARD}?state=failed").content.decode()
    old = datetime.now(UTC) - timedelta(days=40)
    QueuedEmail.objects.filter(pk=letters[0].pk).update(queued_utc=old)
    assert "The mailbox is full" not in page_of()
    assert "The mailbox is full" in page_of(f"{BOARD}?age=all")


def test_an_email_is_shown_without_data_and_as_she_gets_it_once_a_reason_is_in_her_history(letters):
    email = put(next(each for each in letters if each.to == "person"), State.FAILED, "smtp 552 5.2.2", "their address")
    address = f"{BOARD}{email.pk}/"
    shown = page_of(address)
    assert "personal data is replaced by its title" in shown, "an administrator doesn't receive data for quotes"
    refused = signed_in("one-admin", role="admin").post(address, {"do": "read", "reason": "to deliver it"}, **BROWSER)
    assert refused.status_code == 403
    privacy = signed_in("pia", role="privacy")
    before = len(ledger.history(email.person_id))
    assert privacy.get(f"{address}email.html").status_code == 200
    assert len(ledger.history(email.person_id)) == before

    assert MARISOL["name"] not in page_of(address, role="privacy")
    for page in (shown, text(privacy.get(address)), privacy.get(f"{address}email.html").content.decode()):
        assert MARISOL["email"] not in page


def test_no_secret_of_an_email_is_on_the_board(letters, run_jobs):
    """Links of a private page, of choices, or of a new password are for their reader alone."""
    email = next(each for each in letters if each.to == "person")
    page = signed_in("ada", role="admin").get(f"{BOARD}{email.pk}/").content.decode()
    html = signed_in("ada", role="admin").get(f"{BOARD}{email.pk}/email.html").content.decode()
    assert "Links lead to the start page" in page
    assert not re.findall(r"https?://[^\"\s<]*/(?:history|preferences|case|unsubscribe)/[^\"\s<]+", page + html)


def test_one_is_sent_again_released_or_given_up_and_the_log_says_who_did(letters, run_jobs):
    failed = put(letters[0], State.FAILED, "smtp 550 5.1.1", NOBODY)
    suppression.suppress(MARISOL["email"], why="bounce", evidence=failed.pk)
    held = put(letters[1], State.HELD, "late")
    client = signed_in("ada", role="admin", name="Ada Brandt")

    def do(email: QueuedEmail, act: str, **more: str) -> Any:
        return client.post(f"{BOARD}{email.pk}/", {"do": act, **more}, **BROWSER)

    assert do(failed, "release").status_code == 409, "it is not held"
    sent_again = do(failed, "again")
    assert "You sent this email again." in text(client.get(sent_again["Location"]))
    assert "Don’t send: " in text(do(held, "give-up"))
    held.refresh_from_db()
    assert held.state == State.HELD, "asked once"
    assert do(held, "give-up", sure="yes").status_code == 303
    run_jobs()

    failed.refresh_from_db()
    held.refresh_from_db()
    assert (failed.state, held.state, held.why) == (State.SENT, State.REFUSED, "given up")
    assert ledger.history(held.person_id)[0].kind in ("held back", "notified")
    assert {(act.who, act.what) for act in Act.objects.all()} == {
        ("staff:ada", delivery.SENT_AGAIN),
        ("staff:ada", delivery.GIVEN_UP),
    }
    log = page_of("/console/activity")
    assert "Ada Brandt Resent an email" in log
    assert "Decided not to send an email" in log
    assert do(failed, "again").status_code == 409


def test_many_are_released_by_a_preview_and_the_rest_stays_as_it_is(letters, monkeypatch):
    monkeypatch.setattr(runs, "SLICE_SECONDS", 600.0)  # one page does them all, however slow this machine is now
    held = put(letters[0], State.HELD, "late")
    others = copied(held, 30)
    put(letters[1], State.FAILED, "smtp 550 5.1.1", NOBODY)
    client = signed_in("ada", role="admin")
    assert "All 32 that match" in text(client.get(BOARD))

    preview = client.post(f"{BOARD}bulk/", {"all": "yes", "do": "release"}, **BROWSER)

    assert "Release: 31 emails" in text(preview)
    assert "Can’t be changed" in text(preview)
    numbers = re.search(r'name="numbers" value="([^"]+)"', preview.content.decode())
    assert numbers
    sent = {"pick": numbers[1].split(), "do": "release", "sure": "yes"}
    done = client.post(f"{BOARD}bulk/", sent, follow=True, **BROWSER)
    assert "All 31 were changed." in text(done)
    assert QueuedEmail.objects.filter(pk__in=[held.pk, *others], state=State.PLANNED).count() == 31
    assert Act.objects.filter(what=delivery.RELEASED).count() == 31
    letters[1].refresh_from_db()
    assert letters[1].state == State.FAILED


def test_a_lane_that_waits_for_us_and_a_hold_after_a_restore_are_said_on_top(letters, owner):
    now = datetime.now(UTC)
    LanePause.objects.create(
        id=uuid4(), lane="service", domain="", why="no sign-in", since_utc=now, until_utc=now + timedelta(minutes=9)
    )
    owner.execute(
        "insert into mail_hold (id, since_utc, why, released_by) values (gen_random_uuid(), now(), 'after a restore', '')"
    )
    page = page_of()
    assert "Service: our mail server has taken no email since" in page
    assert "Our mail server did not accept our password" in page
    assert "no address is blocked" in page
    work = text(signed_in("ada", role="admin").get("/console/"))
    assert "Our mail server has taken no email since" in work.partition("Number or kind")[0], "Above all lists of work."
    assert "Waiting: Service. Nothing is lost" in work
    assert "troth mail release" in page
    assert MailHold.objects.count() == 1
    before, since = letters[:2]
    QueuedEmail.objects.filter(pk=before.pk).update(queued_utc=now - timedelta(days=1))
    QueuedEmail.objects.filter(pk=since.pk).update(queued_utc=now + timedelta(minutes=1))
    for each in (before, since):
        QueuedEmail.objects.filter(pk=each.pk).update(state=State.HELD, why=gate.AFTER_RESTORE)
    assert signed_in("nia", role="privacy").get(f"{BOARD}release/", **BROWSER).status_code == 200
    ada = signed_in("ada", role="admin")
    asked = text(ada.get(f"{BOARD}release/", **BROWSER))
    assert "1 email was queued before and may have been sent." in asked
    assert ada.post(f"{BOARD}release/", {"sure": "yes"}, **BROWSER).status_code == 303
    hold = MailHold.objects.get()
    assert (hold.released_utc is not None, hold.released_by) == (True, "staff:ada")
    assert [QueuedEmail.objects.get(pk=each.pk).why for each in (before, since)] == [gate.PERHAPS_SENT, ""]
    assert Act.objects.filter(what=desk_views.HOLD_RELEASED).count() == 1

    assert signed_in("ada", role="admin").post(f"{BOARD}lanes/service/", **BROWSER).status_code == 303
    assert LanePause.objects.get().until_utc <= datetime.now(UTC)
    assert signed_in("ada", role="admin").post(f"{BOARD}lanes/other/", **BROWSER).status_code == 404


def test_a_security_email_or_one_that_may_have_left_twice_is_not_for_staff_to_decide(letters):
    secure, unsure = letters[:2]
    secure.lane = "security"
    put(secure, State.HELD, "template x:1")
    unsure.lane = "marketing"
    put(unsure, State.UNKNOWN, "no answer", "their server")
    assert not delivery.can_give_up(secure)
    assert not delivery.can_send_again(unsure), "no marketing email goes twice"


def test_the_demo_has_something_of_everything(letters):
    copied(letters[0], 40)
    demo.seed(datetime.now(UTC))
    states = set(QueuedEmail.objects.values_list("state", flat=True))
    assert states == {State.PLANNED, State.FAILED, State.HELD, State.UNKNOWN, State.REFUSED}
    assert "next try" in page_of(f"{BOARD}?state=waiting&q=gmx")


def test_a_blocked_address_is_found_by_nothing_but_itself_and_unblocked_for_a_reason_that_is_recorded(letters):
    put(letters[0], State.FAILED, "smtp 550 5.1.1", NOBODY, "harbor.example")
    suppression.suppress(MARISOL["email"], why="bounce", evidence=letters[0].pk)
    suppression.suppress("bob@northgate.example", why="complaint")
    client = signed_in("ada", role="admin")
    assert "2 blocked addresses" in page_of()

    listed = text(client.get(f"{BOARD}addresses/"))
    assert "Someone at harbor.example Email came back" in listed
    assert "Address not kept Reader reported spam" in listed
    assert "harbor.example" not in text(client.get(f"{BOARD}addresses/?why=complaint"))
    for wrong, said in (("nobody", "Enter an email address"), ("bob@other.example", "This address isn’t blocked.")):
        answer = client.post(f"{BOARD}addresses/", {"address": wrong}, **BROWSER)
        assert (answer.status_code, said in text(answer)) == (400, True)

    (page,) = re.findall(r"/console/outbox/addresses/\w+/", client.get(f"{BOARD}{letters[0].pk}/").content.decode())
    assert client.post(f"{BOARD}addresses/", {"address": MARISOL["email"].upper()}, **BROWSER).url == page
    asks = text(client.get(page))
    assert "isn’t sent later" in asks
    assert "Unblock this address at harbor.example?" in asks
    assert client.post(page, {"sure": "yes", "reason": "Sure"}, **BROWSER).status_code == 400
    assert suppression.is_suppressed(MARISOL["email"])
    assert client.post(page, {"sure": "yes", "reason": "Their server works again."}, **BROWSER).status_code == 303
    assert not suppression.is_suppressed(MARISOL["email"])
    assert suppression.is_suppressed("bob@northgate.example")
    assert client.get(page).status_code == 404
    assert "that had been suppressed: “Their server works again.”" in text(client.get("/console/activity"))


def test_an_email_that_was_refused_leads_to_what_blocks_its_address(letters):
    to_person = [email for email in letters if email.to == "person"]
    put(to_person[0], State.FAILED, "smtp 550 5.1.1", NOBODY, "harbor.example")
    suppression.suppress(MARISOL["email"], why="bounce", evidence=to_person[0].pk)
    (refused,) = QueuedEmail.objects.filter(pk__in=copied(to_person[0], 1))
    put(refused, State.REFUSED, suppression.SUPPRESSED)

    assert "Blocked: we don’t write to it. Unblock address" in page_of(f"{BOARD}{refused.pk}/")
