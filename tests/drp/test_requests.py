"""The protocol between an agent and us: pairing, every right, statuses, taking back, duplicates."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from tests.accounts import emails_to
from tests.acting import acting_as
from tests.drp.agents import CALLBACK, EMAIL, FRIENDS, OTHERS, asked, get, paired, post, signed, wanted
from tests.passing import pass_until
from tests.visits import BROWSER, signed_in, visitor
from tests.worlds import known_person

from troth import gate
from troth.cases import actions as cases
from troth.cases.models import Case
from troth.drp import actions
from troth.drp.exercise import KINDS
from troth.drp.models import AgentRequest, AgentToken, SeenBody
from troth.records import ledger
from troth.records.ledger import Collected

NULLS = {
    "request_id",
    "received_at",
    "status",
    "expected_by",
    "reason",
    "processing_details",
    "user_verification_url",
    "expires_at",
    "agent_request_id",
    "results_url",
}


def page_of(address: str = EMAIL) -> str:
    body = emails_to(address)[-1].get_body(("plain",)).get_content()
    return f"/case/{body.partition('/case/')[2].split()[0]}"


def confirm(page: str) -> None:
    assert visitor().post(page, {"do": "verify"}, **BROWSER).status_code == 200


def test_a_token_is_told_once_and_stored_as_its_hash():
    token = paired()
    assert get(f"agent/{FRIENDS}", token).json() == {}
    assert get(f"agent/{OTHERS}", token).status_code == 403
    stored = bytes(AgentToken.objects.get().digest)
    assert token.encode() not in stored
    assert len(stored) == 32


@pytest.mark.parametrize(("exercise", "kind"), sorted(KINDS.items()))
def test_each_right_opens_a_case_of_its_kind(exercise, kind, run_jobs):
    said = asked(paired(), exercise, **{"agent-request-id": "A-17"})
    assert set(said) == NULLS
    case = Case.objects.get()
    assert (case.kind, case.manner, AgentRequest.objects.get().agent) == (kind.id, "agent", FRIENDS)
    assert UUID(said["request_id"]) == AgentRequest.objects.get().id
    assert said["agent_request_id"] == "A-17"
    if not kind.proven:
        assert (said["status"], said["reason"]) == ("fulfilled", None)
    else:
        assert (said["status"], said["reason"]) == ("in_progress", "need_user_verification")
        assert said["user_verification_url"].startswith("http")
        assert said["expires_at"] == said["expected_by"]
    assert said["results_url"] is None
    run_jobs()
    assert emails_to(EMAIL)[-1]["To"] == EMAIL or not kind.proven


def test_a_copy_is_fulfilled_once_the_person_confirms_and_goes_to_her_alone(run_jobs):
    known_person({"name": "Alice", "email": EMAIL, "company": "Canarina Works"}, channel="form.contact")
    token = paired()
    said = asked(token, "access")
    run_jobs()
    confirm(page_of())
    after = get(f"data-rights-request/{said['request_id']}", token).json()
    assert (after["status"], after["reason"], after["expected_by"]) == ("fulfilled", None, None)
    assert "Canarina" not in str(after)
    assert EMAIL not in str(after)


def test_the_claims_are_data_of_the_agents_channel_and_stand_in_her_history():
    asked(paired(), "deletion", phone_number="+15595550134", power_of_attorney="I, Alice, let them act for me.")
    collected = next(entry for entry in ledger.history(Case.objects.get().person_id) if entry.kind == "collected")
    assert collected.read(Collected).channel == "agent.request"
    assert set(collected.kinds) == {"name", "email", "phone", "proof"}
    assert collected.who == f"agent:{FRIENDS}"


def test_claims_are_optional_as_long_as_somebody_can_be_found():
    assert asked(paired(), "deletion", name=None)["status"] == "in_progress"


def test_what_the_agent_says_is_verified_proves_nobody():
    said = asked(paired(), "access", email_verified=True, phone_number_verified=True)
    assert said["reason"] == "need_user_verification"
    assert Case.objects.get().state == Case.UNVERIFIED


def test_nobody_confirms_in_time_and_it_expires(time_machine):
    token = paired()
    said = asked(token)
    pass_until(datetime.now(UTC) + timedelta(days=60))
    found = get(f"data-rights-request/{said['request_id']}", token).json()
    assert (found["status"], found["reason"]) == ("expired", None)


@pytest.mark.parametrize(
    "reason",
    [
        "suspected_fraud",
        "insuf_verification",
        "no_match",
        "claim_not_covered",
        "outside_jurisdiction",
        "too_many_requests",
        "other",
    ],
)
def test_a_denial_by_staff_is_told_with_its_reason(reason):
    token = paired()
    said = asked(token, "deletion")
    sent = {"do": "deny", "sure": "yes", "words": "We looked, and it is so.", "reason": reason}
    page = f"/console/requests/{Case.objects.get().number}/"
    assert signed_in("rafael", role="privacy").post(page, sent, **BROWSER).status_code == 303
    found = get(f"data-rights-request/{said['request_id']}", token).json()
    assert (found["status"], found["reason"]) == ("denied", reason)


def test_nothing_held_is_no_match():
    token = paired()
    said = asked(token, "deletion")
    with acting_as("rafael"):
        cases.answer(Case.objects.get().id, nature="nothing held", at_utc=datetime.now(UTC), who="staff:rafael")
    found = get(f"data-rights-request/{said['request_id']}", token).json()
    assert (found["status"], found["reason"]) == ("denied", "no_match")


@pytest.mark.parametrize(("exercise", "told"), [("deletion", ("fulfilled", None)), ("access", ("denied", "no_match"))])
def test_what_ended_as_the_data_went_was_taken_back_by_nobody(exercise, told, owner):
    token = paired()
    said = asked(token, exercise)
    person = Case.objects.get().person_id
    owner.execute("select erase(%s, %s, 'staff:rafael', 'asked to')", [person, gate.new_id()])
    found = get(f"data-rights-request/{said['request_id']}", token).json()
    assert (found["status"], found["reason"]) == told


def delete(id: str, body: bytes, token: str):
    return visitor().delete(
        f"/drp/v1/data-rights-request/{id}",
        body,
        content_type="text/plain",
        headers={"authorization": f"Bearer {token}"},
    )


def test_an_agent_takes_its_request_back_once():
    token = paired()
    said = asked(token, "deletion")
    answer = delete(said["request_id"], signed({"reason": "she changed her mind"}), token)
    assert answer.json()["status"] == "revoked"
    case = Case.objects.get()
    assert case.state == Case.WITHDRAWN
    assert "she changed her mind" in case.events.values_list("words", flat=True)
    assert delete(said["request_id"], signed({"reason": "again"}), token).json()["status"] == "revoked"


def test_what_has_ended_is_not_taken_back():
    token = paired()
    said = asked(token, "sale:opt-out")
    answer = delete(said["request_id"], signed({"reason": "too late"}), token)
    assert answer.json()["status"] == "fulfilled"


def test_a_revocation_signed_by_another_changes_nothing():
    token = paired()
    said = asked(token, "deletion")
    assert delete(said["request_id"], signed({"reason": "x"}, OTHERS), token).status_code == 403
    assert Case.objects.get().state == Case.UNVERIFIED


def test_two_agents_ask_for_the_same_and_each_keeps_its_own_request(run_jobs):
    one, two = paired(FRIENDS), paired(OTHERS)
    first = asked(one, "deletion", FRIENDS)
    run_jobs()
    confirm(page_of())
    second = asked(two, "deletion", OTHERS)
    run_jobs()
    confirm(page_of())
    assert first["request_id"] != second["request_id"]
    assert Case.objects.filter(state=Case.OPEN).count() == 1
    assert get(f"data-rights-request/{second['request_id']}", two).json()["status"] == "in_progress"
    assert get(f"data-rights-request/{first['request_id']}", two).status_code == 403
    with acting_as("rafael"):
        living = Case.objects.get(state=Case.OPEN)
        cases.answer(living.id, nature="complied", at_utc=datetime.now(UTC), who="staff:rafael")
    for token, said in ((one, first), (two, second)):
        assert get(f"data-rights-request/{said['request_id']}", token).json()["status"] == "fulfilled"


def test_requests_of_others_and_of_nobody_are_refused_alike():
    one, two = paired(FRIENDS), paired(OTHERS)
    said = asked(one)
    for id in (said["request_id"], str(uuid4())):
        answer = get(f"data-rights-request/{id}", two)
        assert (answer.status_code, answer.content) == (403, b"")


def test_what_has_expired_by_itself_is_forgotten():
    paired()
    actions.tidy(at_utc=datetime.now(UTC) + timedelta(hours=1))
    assert not SeenBody.objects.exists()
    assert AgentToken.objects.exists()
    actions.tidy(at_utc=datetime.now(UTC) + timedelta(days=91))
    assert not AgentToken.objects.exists()


def test_without_a_list_nothing_answers(settings):
    settings.TROTH_DRP_AGENTS = {}
    assert post(f"agent/{FRIENDS}", b"x").status_code == 404
    assert get("data-rights-request/" + str(uuid4())).status_code == 404
    assert visitor().get("/drp/openapi.json").status_code == 404


def test_a_request_with_a_callback_queues_one(run_jobs, monkeypatch):
    told = []
    monkeypatch.setattr("troth.drp.callbacks.post", lambda url, status, *, agent: told.append((url, status, agent.id)))
    said = asked(paired(), "access", status_callback=CALLBACK)
    run_jobs()
    assert told == []
    confirm(page_of())
    run_jobs()
    assert {(url, agent) for url, _, agent in told} == {(CALLBACK, FRIENDS)}
    assert told[-1][1]["status"] == "fulfilled"
    assert told[-1][1]["request_id"] == said["request_id"]
    assert "agent told" in Case.objects.get().events.values_list("what", flat=True)


def test_the_body_may_be_of_any_content_type():
    token = paired()
    answer = visitor().post(
        "/drp/v1/data-rights-request",
        wanted(),
        content_type="application/octet-stream",
        headers={"authorization": f"bearer {token}"},
    )
    assert answer.status_code == 200
