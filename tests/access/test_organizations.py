"""Organizations: who joins, who decides, what members see of each other, and that strangers find nothing."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.access.hers import QUOTE, kinds_of, told
from tests.access.test_signed_in import browser, owner_of
from tests.accounts import emails_to, post
from tests.visits import text
from tests.worlds import kept

from troth import gate
from troth.access import story
from troth.access.account import actions
from troth.access.organization.domains import domain_of
from troth.access.requests.kinds import QUESTION
from troth.cases import actions as cases
from troth.collection.intake import Intake
from troth.gate import new_id
from troth.records import ledger, organizations
from troth.records.accounts import join
from troth.records.membership import Invitation, JoinRequest
from troth.records.models import AccountPerson
from troth.security.proofs import Proof
from troth.text.free_mail import is_free
from troth.uses.quotes import actions as quotes

HERE = "/organization/"
NAME = "Halden Valve Works"
ALICE, BOB, CAROL = (f"{name}@halden-valve-works.example" for name in ("alice", "bob", "carol"))
STRANGER = "dora@elsewhere.example"


@pytest.fixture
def alice(site):
    """She leads the organization, which is known by her domain."""
    user, person = owner_of(ALICE)
    assert post(browser(user), HERE, {"do": "found", "name": NAME, "by_domain": "yes"}).status_code == 303
    return user, person


@pytest.fixture
def bob(alice):
    """Invited by Alice, and a member."""
    return member(alice, BOB, "member")


def member(alice, address: str, role: str):
    user, person = owner_of(address)
    assert invite(alice, address, role).status_code == 303
    offered = Invitation.objects.get(person__in=people_of(user), state="open")
    answer = post(browser(user), HERE, {"do": "answer", "invitation": str(offered.id), "yes": "yes"})
    assert answer.status_code == 303
    return user, person


def people_of(user):
    return AccountPerson.objects.filter(user=user).values("person_id")


def move(user, address: str) -> None:
    now = datetime.now(UTC)
    actions.ask_address(user, address, at_utc=now)
    assert actions.change_address(Proof.objects.get(user=user, spent_utc=None), user, at_utc=now)


def invite(admin, address: str, role: str = "member"):
    return post(browser(admin[0]), HERE, {"do": "invite", "address": address, "role": role})


def test_whoever_begins_one_leads_it_and_it_stands_in_her_history(alice):
    user, person = alice
    mine = organizations.of(person)
    assert mine is not None
    assert (mine.name, mine.role) == (NAME, "admin")
    page = text(browser(user).get(HERE))
    assert "Your role: administrator" in page
    assert "1 member" in page
    assert f"You created the organization {NAME} and became its administrator." in told(person)


@pytest.mark.parametrize("name", ["", " ", "x", "y" * 121])
def test_a_name_that_is_none_is_said_beside_the_field(site, name):
    user, person = owner_of(ALICE)
    answer = post(browser(user), HERE, {"do": "found", "name": name})
    assert answer.status_code == 400
    assert 'id="name-error"' in answer.content.decode()
    assert organizations.of(person) is None


def test_a_domain_of_everybody_stands_for_no_organization(site):
    user, person = owner_of("erin@gmail.com")
    assert domain_of(user) == ""
    assert is_free("mail.GMX.de")
    assert not is_free("halden-valve-works.example")
    assert "by invitation only" in text(browser(user).get(HERE))
    post(browser(user), HERE, {"do": "found", "name": "Erin alone", "by_domain": "yes"})
    assert organizations.of(person) is not None
    assert organizations.at_domain("gmail.com") is None


def test_joining_by_domain_takes_an_administrators_yes(alice, run_jobs):
    user, person = owner_of(CAROL)
    page = text(browser(user).get(HERE))
    assert f"Your colleagues’ organization: {NAME}" in page
    assert post(browser(user), HERE, {"do": "ask"}).status_code == 303
    assert post(browser(user), HERE, {"do": "ask"}).status_code == 303
    assert organizations.of(person) is None
    (asked,) = JoinRequest.objects.all()
    run_jobs()
    assert "Someone is asking to join" in emails_to(ALICE)[-1]["Subject"]
    assert "Your organization received your name and email" in told(person)[1] or f"{NAME} received your" in " ".join(
        told(person)
    )

    page = text(browser(alice[0]).get(HERE))
    assert "Requests to join" in page
    assert CAROL in page
    assert f"colleague:{alice[1]}" in {entry.who for entry in ledger.history(person)}
    decided = post(browser(alice[0]), HERE, {"do": "decide", "request": str(asked.id), "yes": "yes", "role": "viewer"})
    assert decided.status_code == 303
    mine = organizations.of(person)
    assert mine is not None
    assert mine.role == "viewer"
    run_jobs()
    assert f"You’re now a member of {NAME}" in [mail["Subject"] for mail in emails_to(CAROL)]
    again = post(browser(alice[0]), HERE, {"do": "decide", "request": str(asked.id), "yes": "yes", "role": "admin"})
    assert again.status_code == 409


def test_a_refused_request_is_told_and_may_be_asked_again(alice, run_jobs):
    user, person = owner_of(CAROL)
    post(browser(user), HERE, {"do": "ask"})
    asked = JoinRequest.objects.get()
    post(browser(alice[0]), HERE, {"do": "decide", "request": str(asked.id), "yes": "no"})
    run_jobs()
    assert emails_to(CAROL)[-1]["Subject"] == f"Your request to join {NAME} was declined"
    assert organizations.of(person) is None
    assert kinds_of(person).count("not joined") == 1
    post(browser(user), HERE, {"do": "ask"})
    assert JoinRequest.objects.filter(state="asked").count() == 1


def test_a_request_taken_back_is_decided_by_nobody(alice):
    user, _person = owner_of(CAROL)
    post(browser(user), HERE, {"do": "ask"})
    asked = JoinRequest.objects.get()
    assert post(browser(user), HERE, {"do": "withdraw", "request": str(asked.id)}).status_code == 303
    decided = post(browser(alice[0]), HERE, {"do": "decide", "request": str(asked.id), "yes": "yes", "role": "member"})
    assert decided.status_code == 409
    assert "answered, withdrawn or ended" in text(decided)


def test_another_domain_cannot_ask(alice):
    user, _person = owner_of(STRANGER)
    assert post(browser(user), HERE, {"do": "ask"}).status_code == 404
    organization = organizations.of(alice[1])
    assert organization is not None
    with pytest.raises(gate.Refusal):
        organizations.ask(user.person_id, organization.organization, domain="elsewhere.example")


def test_an_invitation_is_an_email_and_opens_for_the_invited_address_alone(alice, run_jobs):
    assert invite(alice, "New.Colleague@Gmail.com").status_code == 303
    run_jobs()
    (mail,) = emails_to("New.Colleague@gmail.com")
    # The address is nobody's yet that we know: what somebody typed as a name stands on the page alone.
    assert mail["Subject"] == "You’re invited to an organization"
    assert NAME not in mail.as_string()
    invitation = Invitation.objects.get()
    stranger, _ = owner_of(STRANGER)
    refused = post(browser(stranger), HERE, {"do": "answer", "invitation": str(invitation.id), "yes": "yes"})
    assert refused.status_code == 404
    assert "this may have been done already" in text(refused)
    user, person = owner_of("new.colleague@gmail.com")
    join(user=user.pk, address="new.colleague@gmail.com", way="same address")
    assert f"{NAME} invited you" in text(browser(user).get(HERE))
    accepted = post(browser(user), HERE, {"do": "answer", "invitation": str(invitation.id), "yes": "yes"})
    assert accepted.status_code == 303
    mine = organizations.of(person)
    assert mine is not None
    assert mine.name == NAME
    # The address that the colleague gave is forgotten: the account has its own.
    assert kinds_of(invitation.person_id)[0] == "expired"
    assert (
        post(browser(user), HERE, {"do": "answer", "invitation": str(invitation.id), "yes": "yes"}).status_code == 409
    )


def test_an_invitation_ends_after_fourteen_days_and_the_address_is_forgotten(alice, owner):
    invite(alice, "late@elsewhere.example")
    invitation = Invitation.objects.get()
    assert invitation.expires_utc - invitation.sent_utc == timedelta(days=14)
    assert organizations.expire(at_utc=datetime.now(UTC) + timedelta(days=15)) == 0, "The database's clock counts."
    owner.execute("update invitation set expires_utc = now() - interval '1 hour'")
    assert organizations.expire(at_utc=datetime.now(UTC)) == 1
    assert organizations.expire(at_utc=datetime.now(UTC)) == 0
    invitation.refresh_from_db()
    assert invitation.state == "expired"
    assert owner.execute("select count(*) from datum where person_id = %s", [invitation.person_id]).fetchone() == (0,)
    assert "We deleted your email" in told(invitation.person_id)[0]


@pytest.mark.parametrize("address", ["", "nobody", "two@at@signs.example", "a@b"])
def test_a_wrong_address_is_said_beside_the_field(alice, address):
    answer = invite(alice, address)
    assert answer.status_code == 400
    assert 'id="address-error"' in answer.content.decode()
    assert not Invitation.objects.exists()


def test_an_invitation_stays_with_the_address_that_its_account_left(alice):
    """Who invited somebody at work does not learn by it where she reads mail at home."""
    user, _person = owner_of(BOB)
    invite(alice, BOB)
    invited = Invitation.objects.get().person_id
    move(user, "bob@home.example")
    seen = text(browser(alice[0]).get(HERE))
    assert BOB in seen
    assert "bob@home.example" not in seen
    assert f"{NAME} invited you" not in text(browser(user).get(HERE))
    (left,) = [
        line
        for line in story.write_story(ledger.history(invited))
        if line.said.word == "account" and line.said.state == "kept"
    ]
    assert left.said.sentence == "The account changed its email address. This stays with the previous address."
    heir, _own = owner_of(BOB)
    assert AccountPerson.objects.get(person=invited).user_id == heir.pk, "whoever reads mail there now"


def test_whoever_leaves_the_domain_asks_no_longer_to_join_by_it(alice):
    user, _person = owner_of(BOB)
    post(browser(user), HERE, {"do": "ask"})
    move(user, "bob.baker@halden-valve-works.example")
    assert JoinRequest.objects.get().state == "asked"
    move(user, "bob@home.example")
    assert JoinRequest.objects.get().state == "withdrawn"
    assert "bob@home.example" not in text(browser(alice[0]).get(HERE))


def test_an_address_is_invited_once_at_a_time_and_an_invitation_can_be_taken_back(alice):
    invite(alice, STRANGER)
    again = invite(alice, STRANGER)
    assert again.status_code == 400
    assert "already has an open invitation" in text(again)
    first = Invitation.objects.get()
    assert post(browser(alice[0]), HERE, {"do": "uninvite", "invitation": str(first.id)}).status_code == 303
    assert kinds_of(first.person_id)[0] == "expired"
    assert invite(alice, STRANGER).status_code == 303


def test_the_last_administrator_stays(alice, bob):
    assert post(browser(alice[0]), HERE, {"do": "leave"}).status_code == 409
    down = post(browser(alice[0]), HERE, {"do": "role", "person": str(alice[1]), "role": "member"})
    assert down.status_code == 409
    assert "The last administrator can’t be changed" in text(down)
    raised = {"do": "role", "person": str(bob[1]), "was-role": "member", "role": "admin"}
    post(browser(alice[0]), HERE, raised)
    stale = post(browser(alice[0]), HERE, raised | {"role": "viewer"})  # of a page that was opened before
    assert "Another administrator changed this role meanwhile: it’s now administrator." in text(stale)
    assert post(browser(alice[0]), HERE, {"do": "leave"}).status_code == 303
    assert organizations.of(alice[1]) is None
    assert [each.role for each in organizations.members(bob[1])] == ["admin"]
    assert post(browser(bob[0]), HERE, {"do": "leave"}).status_code == 303  # the last member may go
    assert f"You left {NAME}." in told(bob[1])


def test_two_administrators_who_leave_at_once_leave_one(alice, bob, site):
    from concurrent.futures import ThreadPoolExecutor

    post(browser(alice[0]), HERE, {"do": "role", "person": str(bob[1]), "role": "admin"})
    member(alice, CAROL, "viewer")

    def leave(person: UUID) -> str:
        try:
            organizations.leave(person, person)
            return "left"
        except gate.Refusal as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        found = sorted(both.map(leave, [alice[1], bob[1]]))
    assert found == ["last administrator", "left"]


@pytest.mark.parametrize("role", ["member", "viewer"])
@pytest.mark.parametrize("do", ["invite", "uninvite", "decide", "role", "remove"])
def test_only_administrators_decide(alice, role, do):
    user, _person = member(alice, BOB, role)
    invite(alice, STRANGER)
    asker, _ = owner_of(CAROL)
    post(browser(asker), HERE, {"do": "ask"})
    values = {
        "invite": {"address": "x@elsewhere.example", "role": "admin"},
        "uninvite": {"invitation": str(Invitation.objects.get(state="open").id)},
        "decide": {"request": str(JoinRequest.objects.get().id), "yes": "yes", "role": "admin"},
        "role": {"person": str(alice[1]), "role": "viewer"},
        "remove": {"person": str(alice[1])},
    }[do]
    answer = post(browser(user), HERE, {"do": do, **values})
    assert answer.status_code == 409
    assert "Only an administrator" in text(answer)
    assert {each.role for each in organizations.members(alice[1])} == {"admin", role}


def test_a_member_whose_role_changed_reads_the_new_one(alice, bob, run_jobs):
    post(browser(alice[0]), HERE, {"do": "role", "person": str(bob[1]), "role": "viewer"})
    run_jobs()
    heard = len(emails_to(BOB))
    clicking = browser(alice[0])
    again = clicking.get(post(clicking, HERE, {"do": "role", "person": str(bob[1]), "role": "viewer"})["Location"])
    assert "Nothing was changed. This was already their role." in text(again)
    run_jobs()
    assert len(emails_to(BOB)) == heard
    assert "changed your role. It’s now: viewer." in emails_to(BOB)[-1].get_body(("plain",)).get_content()


def test_a_removed_member_is_told_and_what_she_shared_is_hers_again(alice, bob, run_jobs):
    fact = shared_by(bob)
    post(browser(alice[0]), HERE, {"do": "remove", "person": str(bob[1])})
    run_jobs()
    assert emails_to(BOB)[-1]["Subject"] == f"You’re no longer a member of {NAME}"
    assert organizations.list_shared(alice[1]) == []
    assert kinds_of(bob[1]).count("left") == 1
    assert browser(bob[0]).get(f"/account/data/{fact}/").status_code == 200


def shared_by(owner) -> UUID:
    fact = kept(QUOTE).person
    join(user=owner[0].pk, person=fact, way="signed in")
    assert post(browser(owner[0]), f"/organization/share/{fact}/", {"share": "yes"}).status_code == 303
    return fact


def test_members_see_what_is_shared_and_not_what_is_not(alice, bob):
    fact = shared_by(bob)
    page = text(browser(alice[0]).get(HERE))
    assert "Product: OptiPro Process" in page
    assert QUOTE["phone"] not in page
    assert "Owner used your" in " ".join(told(fact))
    assert browser(alice[0]).get(f"/account/data/{fact}/").status_code == 404
    post(browser(bob[0]), f"/organization/share/{fact}/", {"share": "?"})
    assert len(organizations.list_shared(alice[1])) == 1
    post(browser(bob[0]), f"/organization/share/{fact}/", {"share": "no", "next": "organization"})
    assert organizations.list_shared(alice[1]) == []
    assert kinds_of(fact).count("not shared") == 1


def test_a_request_is_shared_with_its_fact_and_leaves_with_its_owner(alice, bob):
    fact = kept(QUOTE).person
    join(user=bob[0].pk, person=fact, way="signed in")
    now = datetime.now(UTC)
    quote = quotes.record(Intake(values=QUOTE, cause=new_id(), person=fact, place="form.quote", version=1, at_utc=now))
    hers = cases.open_case(
        QUESTION, cases.CaseArrival(id=new_id(), person=fact, manner="form", at_utc=now), verified=True
    ).case
    assert (str(quote.organization.name), quote.shared) == (organizations.of(bob[1]).name, False)
    assert quote.number not in text(browser(alice[0]).get(HERE))

    post(browser(bob[0]), f"/organization/share/{fact}/", {"share": "yes"})
    page = text(browser(alice[0]).get(HERE))
    assert f"Quote request {quote.number} : in progress" in page
    assert hers.number not in page, "what she asks about her own data is hers alone"

    organizations.leave(bob[1], bob[1])
    quote.refresh_from_db()
    assert (quote.organization, quote.shared) == (None, False)


def test_viewers_share_nothing_and_nobody_shares_what_is_not_theirs(alice, bob):
    viewer = member(alice, CAROL, "viewer")
    fact = kept(QUOTE).person
    join(user=viewer[0].pk, person=fact, way="signed in")
    assert post(browser(viewer[0]), f"/organization/share/{fact}/", {"share": "yes"}).status_code == 404
    assert post(browser(bob[0]), f"/organization/share/{fact}/", {"share": "yes"}).status_code == 404
    assert post(browser(bob[0]), f"/organization/share/{bob[1]}/", {"share": "yes"}).status_code == 404
    assert organizations.list_shared(bob[1]) == []


def test_turning_pages_is_one_look_at_each_colleague(alice, bob):
    client = browser(alice[0])
    client.get(HERE)
    before = len(ledger.history(bob[1]))
    client.get(HERE)
    client.get(HERE)
    assert len(ledger.history(bob[1])) == before


def test_one_belongs_to_one_organization(alice, bob):
    other, _person = owner_of(STRANGER)
    post(browser(other), HERE, {"do": "found", "name": "Elsewhere"})
    invite((other, None), BOB)
    offered = Invitation.objects.get(person__in=people_of(bob[0]), state="open")
    refused = post(browser(bob[0]), HERE, {"do": "answer", "invitation": str(offered.id), "yes": "yes"})
    assert refused.status_code == 409
    assert "leave it first" in text(refused)
    assert post(browser(bob[0]), HERE, {"do": "answer", "invitation": str(offered.id), "yes": "no"}).status_code == 303


def test_erasing_the_only_administrator_leaves_nobody_without_one(alice, bob, owner):
    owner.execute("select erase(%s, %s, 'staff:rafael', 'asked to')", [alice[1], gate.new_id()])
    assert [(each.person, each.role) for each in organizations.members(bob[1])] == [(bob[1], "admin")]
    assert "Your role changed to administrator" in " ".join(told(bob[1]))


@pytest.mark.parametrize("way", ["erased", "left"])
def test_what_is_open_ends_with_the_last_member(alice, owner, way):
    carol, person = owner_of(CAROL)
    post(browser(carol), HERE, {"do": "ask"})
    invite(alice, BOB, "viewer")
    bob, _person = owner_of(BOB)
    offered = Invitation.objects.get()
    if way == "erased":
        owner.execute("select erase(%s, %s, 'staff:rafael', 'asked to')", [alice[1], gate.new_id()])
    else:
        organizations.leave(alice[1], alice[1])
    assert JoinRequest.objects.get().state == "withdrawn"
    late = post(browser(bob), HERE, {"do": "answer", "invitation": str(offered.id), "yes": "yes"})
    assert late.status_code in (404, 409)
    if way == "left":
        assert organizations.expire(at_utc=datetime.now(UTC)) == 1
        assert "We deleted your email" in " ".join(told(offered.person_id))
    assert post(browser(carol), HERE, {"do": "ask"}).status_code in (404, 409)
    assert post(browser(carol), HERE, {"do": "found", "name": NAME, "by_domain": "yes"}).status_code == 303
    mine = organizations.of(person)
    assert mine is not None
    assert mine.role == "admin"


def test_contacts_of_a_domain_are_no_members(site):
    contact = kept(QUOTE).person
    organizations.enroll(person=contact, name=NAME, domain="halden-valve-works.example", at_utc=datetime.now(UTC))
    assert organizations.of(contact) is None
    user, person = owner_of(ALICE)
    assert "Your colleagues’ organization" not in text(browser(user).get(HERE))
    post(browser(user), HERE, {"do": "found", "name": "Halden", "by_domain": "yes"})
    mine = organizations.of(person)
    assert mine is not None
    assert len(organizations.members(person)) == 1


@pytest.mark.parametrize(
    "values",
    [
        {"do": "nothing"},
        {},
        {"do": "withdraw", "request": "no id"},
        {"do": "answer", "invitation": "", "yes": "yes"},
        {"do": "remove", "person": "x" * 4000},
    ],
)
def test_what_nobody_offered_is_not_found(alice, values):
    assert post(browser(alice[0]), HERE, values).status_code == 404


def test_staff_and_visitors_have_no_organization(site):
    from tests.visits import signed_in, visitor

    assert visitor().get(HERE).status_code == 303
    assert signed_in("ines").get(HERE).status_code == 404


def test_looking_at_what_is_ones_own_is_no_colleagues_look(alice, bob):
    fact = shared_by(bob)
    browser(bob[0]).get(HERE)
    mine = {entry.who for entry in (*ledger.history(fact), *ledger.history(bob[1]))}
    assert f"colleague:{bob[1]}" not in mine
    browser(alice[0]).get(HERE)
    assert f"colleague:{alice[1]}" in {entry.who for entry in ledger.history(fact)}


def test_a_history_of_many_acts_asks_for_names_once(alice, bob):
    for role in ("viewer", "member", "viewer", "member"):
        post(browser(alice[0]), HERE, {"do": "role", "person": str(bob[1]), "role": role})
    entries = [each for each in ledger.history(bob[1]) if each.who.startswith("colleague")]
    assert len(entries) >= 4
    story.write_story(entries[:1])  # the first look at Alice's name is one of its own
    asked = []
    for some in (entries[:1], entries):
        with CaptureQueriesContext(connection) as queries:
            story.write_story(some)
        asked.append(len(queries))
    assert asked[0] == asked[1]
