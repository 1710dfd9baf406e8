"""Nobody reaches the data of somebody else by an address that looks like hers, or that was hers once."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from tests.access.test_organizations import HERE
from tests.access.test_signed_in import owner_of
from tests.accounts import account, emails_to, link_in, post, sign_in
from tests.acting import acting_as
from tests.visits import BROWSER, MARISOL, send, text, visitor
from tests.worlds import known_person

from troth import gate, outbox
from troth.access import story
from troth.access.account import actions
from troth.access.requests import erasing
from troth.cases import actions as cases
from troth.cases.kinds import kinds
from troth.cases.models import Case
from troth.desk import index
from troth.gate import facts
from troth.gate import owner as owner_of_the_database
from troth.outbox.finished import FinishedEmail
from troth.records import ledger, profile, rights
from troth.records.accounts import offers_of
from troth.records.ledger import Chosen
from troth.records.models import AccountPerson
from troth.seal import vault
from troth.security.models import User
from troth.security.proofs import Proof
from troth.uses.quotes.models import QuoteRequest

OLD, NEW = "sales@firm.example", "vera@home.example"
VERA = {"name": "Vera Lindqvist", "email": OLD}
JUTTA = "jutta.strasser@mail.example"

pytestmark = pytest.mark.usefixtures("site")


def asked_by_mail(kind: str, address: str, run_jobs: Any) -> str:
    """The page of a request that a reader of the mailbox proved."""
    sent = send(visitor(), f"/privacy/requests/{kind}/", {"name": "A reader", "email": address, "note": "All."})
    assert sent.status_code == 303, text(sent)
    run_jobs()
    name, _at, domain = address.partition("@")
    body = emails_to(f"{name}@{domain.lower()}")[-1].get_body(("plain",)).get_content()
    page = f"/case/{body.partition('/case/')[2].split()[0]}"
    visitor().post(page, {"do": "verify"}, **BROWSER)
    run_jobs()
    return page


def copied(page: str) -> str:
    return visitor().post(f"{page}copy.json", **BROWSER).content.decode()


def agreed_and_erased(case: Case, run_jobs: Any) -> None:
    agreed(case)
    with acting_as("pia"):
        erasing.carry_out(case.id, at_utc=datetime.now(UTC), who="staff:pia")
    run_jobs()


def agreed(case: Case) -> None:
    for name in ("tom", "pia"):
        with acting_as(name):
            cases.approve(case.id, what="erase", who=f"staff:{name}", at_utc=datetime.now(UTC))


def quoted(client: Any, address: str, **more: str) -> QuoteRequest:
    answer = send(client, "/quote/", {**MARISOL, "email": address, **more})
    assert answer.status_code == 303, text(answer)
    return QuoteRequest.objects.latest("received_utc")


def moved(client: Any, run_jobs: Any, address: str = NEW) -> None:
    """The account's address changed and confirmed in this browser."""
    post(client, "/account/address/", {"address": address})
    run_jobs()
    assert post(client, link_in(emails_to(address)[-1])).status_code == 303
    run_jobs()


@pytest.fixture
def vera(run_jobs: Any) -> Any:
    """Vera's browser: an account at her firm's address with one quote, moved to her own address."""
    client = account(VERA, run_jobs)
    quoted(client, OLD, name=VERA["name"])
    run_jobs()
    moved(client, run_jobs)
    return client


def test_a_reader_of_the_former_mailbox_gets_no_copy_of_hers(vera: Any, run_jobs: Any) -> None:
    copy = copied(asked_by_mail("copy", OLD, run_jobs))
    assert NEW not in copy
    assert VERA["name"] not in copy
    assert len(json.loads(copy)["people"]) == 1, "the reader's own request"


def test_a_reader_of_the_former_mailbox_cannot_erase_her(vera: Any, run_jobs: Any) -> None:
    asked_by_mail("erasure", OLD, run_jobs)
    agreed_and_erased(Case.objects.get(kind="erasure"), run_jobs)
    assert sign_in(NEW).status_code == 303
    assert QuoteRequest.objects.get().stage == QuoteRequest.ROUTED
    assert NEW in text(vera.get("/account/"))


def test_her_own_copy_has_everything_after_the_move(vera: Any, run_jobs: Any) -> None:
    copy = copied(asked_by_mail("copy", NEW, run_jobs))
    assert VERA["name"] in copy
    assert MARISOL["note"] in copy
    assert OLD not in copy, "the former address is forgotten"


def test_what_came_in_since_she_signed_in_moves_with_her() -> None:
    user, _person = owner_of(OLD)
    since = known_person({"name": "Vera", "email": OLD}, channel="form.contact")
    actions.ask_address(user, NEW, at_utc=datetime.now(UTC))
    assert actions.change_address(Proof.objects.get(user=user), user, at_utc=datetime.now(UTC))
    assert profile.people_at(OLD, most=9) == []
    assert since in profile.people_at(NEW, most=9)


def test_a_request_that_mail_at_the_former_address_proved_reaches_nothing_under_the_new_one() -> None:
    """Whoever reads the old mailbox reads the announcement, too; then she moves, and two of the staff agree."""
    user, hers = owner_of(OLD)
    reader, request, now = (
        known_person({"name": "A", "email": OLD}, channel="form.privacy"),
        gate.new_id(),
        datetime.now(UTC),
    )
    case = cases.open_case(
        kinds()["erasure"], cases.CaseArrival(id=request, person=reader, manner="form", at_utc=now)
    ).case
    cases.verify(case.id, at_utc=now, way="link")
    assert hers in rights.people_of_case(case.id)
    actions.ask_address(user, NEW, at_utc=now)
    assert actions.change_address(Proof.objects.get(user=user), user, at_utc=now)
    assert rights.people_of_case(case.id) == {reader}
    assert not AccountPerson.objects.filter(person=reader).exists()


def test_the_former_address_is_told_once_and_then_forgotten(vera: Any, run_jobs: Any) -> None:
    subjects = [mail["Subject"] for mail in emails_to(OLD)]
    assert subjects.count("Your email address was changed") == 1
    assert not FinishedEmail.objects.exists(), "the email's key is destroyed when it is handed over"
    (told,) = [mail for mail in emails_to(OLD) if mail["Subject"] == "Your email address was changed"]
    assert "/preferences/" not in told.get_body(("plain",)).get_content(), "no link to her pages goes there"
    user = User.objects.get(person__isnull=False)
    assert {profile.people_at(OLD, most=9) == [], user.address == NEW} == {True}


def test_emails_about_what_is_open_follow_her_to_the_new_address(vera: Any, run_jobs: Any) -> None:
    before = len(emails_to(OLD))
    quote = QuoteRequest.objects.get()
    given = gate.look(
        person=quote.person_id,
        purpose="quotes",
        kinds=["email"],
        who="program:test",
        reason="to answer",
        cause=quote.id,
    )
    assert isinstance(given, gate.Given)
    assert given.values == {"email": NEW}
    assert len(emails_to(OLD)) == before


def test_an_erasure_by_mail_is_announced_to_the_owner_of_the_account(run_jobs: Any) -> None:
    client = account(VERA, run_jobs)
    quoted(client, "colleague@firm.example")
    run_jobs()
    asked_by_mail("erasure", "colleague@firm.example", run_jobs)
    assert [mail["Subject"] for mail in emails_to(OLD)][-1].startswith("Someone asked us to delete data")
    agreed_and_erased(Case.objects.get(kind="erasure"), run_jobs)
    assert sign_in(OLD).status_code == 303, "only the colleague's request went"


def test_an_erasure_waits_until_its_announcement_has_left(run_jobs: Any) -> None:
    client = account(VERA, run_jobs)
    quoted(client, "colleague@firm.example")
    run_jobs()
    asked_by_mail("erasure", "colleague@firm.example", run_jobs)
    outbox.QueuedEmail.objects.filter(template="requests/announced").update(state=outbox.QueuedEmail.State.PLANNED)
    with pytest.raises(cases.CaseProblem, match="after that email is sent"):
        agreed_and_erased(Case.objects.get(kind="erasure"), run_jobs)


def test_ss_and_sharp_s_are_two_people(run_jobs: Any, settings: Any) -> None:
    settings.TROTH_SMTPUTF8 = True
    quoted(visitor(), JUTTA, note="My secret note")
    run_jobs()
    other = account({"name": "Jutta Straßer", "email": "jutta.straßer@mail.example"}, run_jobs)
    assert "My secret note" not in text(other.get("/account/data/"))
    assert AccountPerson.objects.count() == 1
    assert "My secret note" not in copied(asked_by_mail("copy", "jutta.straßer@mail.example", run_jobs))
    assert sign_in(JUTTA).status_code == 400


ADA = ("Ada.Okafor@x.example", "ada.okafor@x.example", "ADA.OKAFOR@X.EXAMPLE")


def test_three_spellings_of_an_address_are_one_person_everywhere(run_jobs: Any) -> None:
    for number, address in enumerate(ADA):
        quoted(visitor(), address, note=f"note {number}")
    run_jobs()
    copy = copied(asked_by_mail("copy", ADA[1], run_jobs))
    assert all(f"note {number}" in copy for number in range(3))
    found = {frozenset(profile.people_at(address, most=9)) for address in ADA}
    assert len(found) == 1
    assert len(next(iter(found))) == 4, "three quotes and the request itself"
    asked_by_mail("erasure", ADA[2], run_jobs)
    agreed_and_erased(Case.objects.get(kind="erasure"), run_jobs)
    assert not profile.people_at(ADA[0], most=9), "nobody is left under any spelling"


def test_an_account_opens_under_each_spelling_and_gathers_all(run_jobs: Any) -> None:
    for address in ADA:
        quoted(visitor(), address)
    run_jobs()
    account({"name": "Ada Okafor", "email": ADA[0]}, run_jobs)
    assert AccountPerson.objects.count() == 4
    assert {sign_in(address).status_code for address in ADA} == {303}
    assert emails_to(ADA[0]), "emails go to the address as it was typed"


def test_an_invitation_reaches_the_account_of_another_spelling(run_jobs: Any) -> None:
    host = account(VERA, run_jobs)
    guest = account({"name": "Ada Okafor", "email": ADA[1]}, run_jobs)
    post(host, HERE, {"do": "found", "name": "Firm"})
    post(host, HERE, {"do": "invite", "address": ADA[0], "role": "member"})
    assert "Firm" in text(guest.get(HERE))


@pytest.fixture
def erased(run_jobs: Any) -> str:
    """The address of somebody who was erased by sign-in while a correction, a question and two quotes were open."""
    client = account(VERA, run_jobs)
    quoted(client, OLD)
    quoted(visitor(), OLD)
    send(visitor(), "/contact/", {"name": "Vera", "email": OLD, "note": "When?"})
    for kind in ("correction", "question", "erasure"):
        send(client, f"/privacy/requests/{kind}/", {"name": "Vera", "email": OLD, "note": "Please."})
    run_jobs()
    case = Case.objects.get(kind="erasure")
    post(client, f"/account/requests/{case.number}/", {"do": "verify"})
    agreed_and_erased(case, run_jobs)
    return OLD


def test_an_account_with_a_signed_in_quote_is_erased_whole(erased: str) -> None:
    """What was seen: the email "your data is deleted" left, and everything was rolled back behind it."""
    assert Case.objects.get(kind="erasure").nature == "complied"
    assert not User.objects.filter(role="").exists()
    assert not AccountPerson.objects.exists()
    assert sign_in(erased).status_code == 400
    assert not profile.people_at(erased, most=9)
    (last,) = [mail for mail in emails_to(erased) if "has been deleted" in mail["Subject"]]
    assert "Privacy choices" not in last.get_body(("plain",)).get_content()
    assert not FinishedEmail.objects.exists()


def test_what_was_open_ends_with_the_erasure_and_says_so(erased: str) -> None:
    assert {quote.stage for quote in QuoteRequest.objects.all()} == {QuoteRequest.ERASED}
    assert set(Case.objects.exclude(kind="erasure").values_list("state", "nature")) == {("withdrawn", "erased")}
    ended = Case.objects.get(kind="question")
    assert [event.what for event in ended.events.all()][-1] == "erased"
    for quote in QuoteRequest.objects.all():
        assert "ended" in {entry.kind for entry in ledger.history(quote.person_id)}


def test_nothing_of_an_erased_address_is_found_or_remembered(erased: str, run_jobs: Any) -> None:
    assert not QuoteRequest.objects.filter(address_key__isnull=False).exists()
    assert not QuoteRequest.objects.filter(company_key__isnull=False).exists()
    assert quoted(visitor(), erased).repeats is None


def test_an_erasure_that_cannot_be_done_tells_nobody_that_it_was(run_jobs: Any, monkeypatch: Any) -> None:
    client = account(VERA, run_jobs)
    case = erasure_of(client, run_jobs)
    monkeypatch.setattr("troth.records.rights.erase", _fails)
    with pytest.raises(RuntimeError, match="the disk is full"):
        erasing.erase(case.id, at_utc=datetime.now(UTC))
    run_jobs()
    assert not [mail for mail in emails_to(OLD) if "deleted" in mail["Subject"]]
    assert not FinishedEmail.objects.exists()
    assert sign_in(OLD).status_code == 303


def erasure_of(client: Any, run_jobs: Any) -> Case:
    send(client, "/privacy/requests/erasure/", {"name": "Vera", "email": OLD, "note": "Please."})
    run_jobs()
    case = Case.objects.get(kind="erasure")
    post(client, f"/account/requests/{case.number}/", {"do": "verify"})
    agreed(case)
    return case


def _fails(*_args: Any, **_more: Any) -> None:
    raise RuntimeError("the disk is full")


def as_stored_before(superuser: Any, person: UUID, address: str) -> None:
    """Index and account as the release before this one stored them: as typed, and by casefold."""
    index = vault().blind_index("email", address)
    superuser.execute("update datum set blind_index = %s where person_id = %s and kind = 'email'", [index, person])
    superuser.execute(
        'update "user" set sealed_address = %s where person_id = %s', [vault().seal_address(address.casefold()), person]
    )
    superuser.execute("delete from progress")


def test_an_upgrade_finds_stored_addresses_again_and_offers_who_became_the_same(run_jobs: Any, superuser: Any) -> None:
    upper = known_person({"name": "Ada", "email": ADA[0]}, channel="form.contact")
    as_stored_before(superuser, upper, ADA[0])
    client = account({"name": "Ada Okafor", "email": ADA[1]}, run_jobs)
    user = User.objects.get()
    owner_of_the_database.readdress(index.readdressing())
    sign_in(ADA[1], client=client)
    assert upper in profile.people_at(ADA[1], most=9)
    assert not AccountPerson.objects.filter(person=upper).exists(), "nobody is joined in silence"
    assert offers_of(user.pk) == [upper]
    page = client.get("/account/")
    assert "Same address, different capitals" in text(page)
    post(client, "/account/offers/", {"person": str(upper), "do": "add"})
    assert AccountPerson.objects.filter(person=upper, user=user).exists()
    assert offers_of(user.pk) == []


def test_an_upgrade_finds_stored_requests_of_an_address_again(run_jobs: Any, superuser: Any) -> None:
    """A room keeps its own hashes, and the step reaches them through the room. A deleted one stays deleted."""
    quote = quoted(visitor(), OLD)
    asked = bytes(quote.address_key or b"")
    as_stored_before(superuser, quote.person_id, OLD)
    superuser.execute("update quote_request set address_key = %s", [b"as typed"])
    owner_of_the_database.readdress(index.readdressing())
    assert bytes(QuoteRequest.objects.get().address_key or b"") == asked
    superuser.execute("update quote_request set address_key = null")
    superuser.execute("delete from progress")
    owner_of_the_database.readdress(index.readdressing())
    assert QuoteRequest.objects.get().address_key is None


def test_an_upgrade_parts_what_only_looked_the_same(run_jobs: Any, superuser: Any, settings: Any) -> None:
    settings.TROTH_SMTPUTF8 = True
    account({"name": "Jutta Straßer", "email": "jutta.straßer@mail.example"}, run_jobs)
    user = User.objects.get()
    hers = known_person({"name": "Jutta Strasser", "email": JUTTA}, channel="form.contact")
    as_stored_before(superuser, user.person_id, "jutta.straßer@mail.example")
    superuser.execute(
        "insert into account_person (person_id, user_id, since_utc) values (%s, %s, now())", [hers, user.pk]
    )
    owner_of_the_database.readdress(index.readdressing())
    assert not AccountPerson.objects.filter(person=hers).exists()
    assert "unlinked" in {entry.kind for entry in ledger.history(hers)}
    assert sign_in("jutta.straßer@mail.example").status_code == 303
    assert sign_in(JUTTA).status_code == 400


def test_an_interrupted_upgrade_goes_on_and_is_done_once(superuser: Any) -> None:
    people = [
        known_person({"name": "x", "email": f"P{number}@x.example"}, channel="form.contact") for number in range(3)
    ]
    for number, person in enumerate(people):
        as_stored_before(superuser, person, f"P{number}@x.example")
    superuser.execute("insert into progress (step, after, changed) select %s, %s, 7", [_step(), people[0]])
    owner_of_the_database.readdress(index.readdressing())
    assert not profile.people_at("p0@x.example", most=9), "it was done before, as far as the step knows"
    assert profile.people_at("p1@x.example", most=9) == [people[1]]
    entry = superuser.execute("select payload from entry where kind = 'readdressed'").fetchone()
    assert entry[0] == {"data": 9, "accounts": 0}
    owner_of_the_database.readdress(index.readdressing())
    assert superuser.execute("select count(*) from entry where kind = 'readdressed'").fetchone() == (1,)


def _step() -> str:
    from troth.records.readdressing import STEP

    return STEP


def test_an_account_that_came_to_the_address_is_told_before_an_older_erasure_takes_it(run_jobs: Any) -> None:
    """Una leaves her firm's address; a new holder makes an account there while an erasure of it is open."""
    client = account(VERA, run_jobs)
    asked_by_mail("erasure", OLD, run_jobs)
    moved(client, run_jobs)
    account({"name": "New Holder", "email": OLD}, run_jobs)
    case = Case.objects.get(kind="erasure")
    with pytest.raises(cases.CaseProblem, match="We’re notifying the owner now"):
        agreed_and_erased(case, run_jobs)
    run_jobs()
    assert [mail["Subject"] for mail in emails_to(OLD)][-1].startswith("Someone asked us to delete data")
    with acting_as("pia"):
        erasing.carry_out(case.id, at_utc=datetime.now(UTC), who="staff:pia")
    run_jobs()
    case.refresh_from_db()
    assert case.nature == "complied"
    assert sign_in(NEW).status_code == 303


def test_an_address_that_was_never_confirmed_goes_with_the_account(run_jobs: Any) -> None:
    client = account(VERA, run_jobs)
    post(client, "/account/address/", {"address": "other@home.example"})
    post(client, "/account/address/", {"address": NEW})
    run_jobs()
    assert not profile.people_at("other@home.example", most=9), "a newer one takes its place"
    assert profile.people_at(NEW, most=9)
    case = erasure_of(client, run_jobs)
    with acting_as("pia"):
        erasing.carry_out(case.id, at_utc=datetime.now(UTC), who="staff:pia")
    run_jobs()
    assert not profile.people_at(NEW, most=9)


def test_a_no_outlives_a_later_form_of_the_same_address_even_a_strangers(run_jobs: Any) -> None:
    client = account(VERA, run_jobs)
    page = client.get("/account/preferences/").content.decode()
    nonce = page.partition('name="nonce" value="')[2].partition('"')[0]
    post(client, "/account/preferences/", {"nonce": nonce, "do": "no"})
    later = quoted(visitor(), OLD.upper())
    sign_in(OLD, client=client)
    said = text(client.get("/account/preferences/"))
    assert "On by default" not in said.partition("Offers and other marketing")[2][:400]
    entries = [entry for entry in ledger.history(later.person_id) if entry.kind == "chose"]
    assert [(entry.read(Chosen).question, entry.read(Chosen).yes) for entry in entries] == [("marketing", False)]
    assert "applies here too" in story.write_story(entries)[0].said.sentence
    said_utc = {answer.at_utc for one in AccountPerson.objects.all() for answer in facts.answers(one.person_id)}
    assert len(said_utc) == 1, "It applies since the day on which she said it."


@pytest.mark.parametrize("address", ["a" * 65 + "@x.example", "ü" * 40 + "@x.example"])
def test_an_address_that_no_server_takes_gets_a_sentence_at_every_form(address: str, settings: Any) -> None:
    settings.TROTH_SMTPUTF8 = True
    assert send(visitor(), "/quote/", {**MARISOL, "email": address}).status_code == 400
    assert sign_in(address).status_code == 400
    assert visitor().post("/sign-in/forgotten/", {"address": address}, **BROWSER).status_code == 400
