"""Whether an address is known cannot be seen: every form that takes one answers alike, to the byte, but for tokens."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.accounts import ALICE, account, emails_to
from tests.visits import BROWSER, opened, visitor

from troth.cases.models import Case
from troth.security.proofs import Proof

KNOWN, UNKNOWN = ALICE["email"], ALICE["email"].replace("alice", "anton")
"""As long as each other: with the same first letter: a page may quote what was typed, and a receipt a part of it."""

pytestmark = pytest.mark.usefixtures("site")
_CHANGING = (
    (r'name="nonce" value="[^"]+"', "NONCE"),
    (r"/(receipt|history)/[^/\"]+/", r"/\1/TOKEN/"),
    (r"[A-Z]-\d{4}-\d{4}", "NUMBER"),
    (r"\d{1,2}:\d{2}(:\d{2})?", "TIME"),
    (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "ID"),
)


def sign_in(address: str) -> Any:
    return visitor().post("/sign-in/", {"address": address, "password": "not the one"}, **BROWSER)


def code_for_nobody(address: str) -> Any:
    client = visitor()
    client.post("/sign-in/", {"address": address, "password": "not the one"}, **BROWSER)
    return client.get("/sign-in/code/")


def forgotten(address: str) -> Any:
    return visitor().post("/sign-in/forgotten/", {"address": address}, **BROWSER)


def sign_up(address: str) -> Any:
    return sent("/account/new/", {"name": "Somebody", "email": address, "password": "eleven tin drums roll"})


def sent(page: str, values: Mapping[str, str]) -> Any:
    client = visitor()
    return client.post(page, {"nonce": opened(client, page), **values}, **BROWSER)


def asking(kind: str) -> Callable[[str], Any]:
    def ask(address: str) -> Any:
        return sent(f"/privacy/requests/{kind}/", {"name": "Somebody", "email": address, "note": "Please."})

    return ask


def news(address: str) -> Any:
    return sent("/register/", {"email": address, "name": "Somebody", "company": "Some Works", "country": "US"})


PROBES: Mapping[str, Callable[[str], Any]] = {
    "sign in": sign_in,
    "the second step": code_for_nobody,
    "forgotten password": forgotten,
    "sign up": sign_up,
    "interest": news,
    **{
        kind: asking(kind) for kind in ("access", "copy", "correction", "erasure", "restriction", "opt-out", "question")
    },
}


@pytest.mark.parametrize("probe", PROBES.values(), ids=PROBES)
def test_a_known_and_an_unknown_address_are_answered_alike(probe, run_jobs):
    account(ALICE, run_jobs)
    known, unknown = probe(KNOWN), probe(UNKNOWN)
    assert said(known, KNOWN) == said(unknown, UNKNOWN)
    assert known.status_code < 500
    if known.status_code == 303 and "/receipt/" in known["Location"]:
        assert said(visitor().get(known["Location"]), KNOWN) == said(visitor().get(unknown["Location"]), UNKNOWN)


def test_a_sign_up_is_answered_before_its_address_is_looked_up(run_jobs):
    """What is declined under an address is taken over by who signs up with it: the time for that would tell of it."""
    account(ALICE, run_jobs)
    before = Proof.objects.count()
    sign_up(KNOWN)
    assert Proof.objects.count() == before
    (queued,) = ProcrastinateJob.objects.filter(task_name="account.sign up", status="todo").values_list(
        "args", flat=True
    )
    assert KNOWN not in str(queued)
    run_jobs()
    assert Proof.objects.count() == before + 1


def test_asking_twice_is_answered_as_asking_once(run_jobs):
    account(ALICE, run_jobs)
    for probe in (sign_in, forgotten, sign_up, asking("copy")):
        first, second = probe(KNOWN), probe(KNOWN)
        assert said(first, KNOWN) == said(second, KNOWN)


def test_the_probes_reach_what_they_are_about(run_jobs):
    """A form that refused everybody would answer alike as well."""
    account(ALICE, run_jobs)
    assert sign_up(KNOWN).status_code == forgotten(KNOWN).status_code == 200
    assert asking("copy")(KNOWN).status_code == 303
    assert news(UNKNOWN).status_code == 303
    assert Case.objects.filter(purpose="rights").count() == 1
    run_jobs()
    assert {mail["Subject"] for mail in emails_to(KNOWN)} > {"Confirm your address"}
    assert emails_to(UNKNOWN)


def said(response: Any, address: str) -> tuple[Any, ...]:
    """Status, headers, names of cookies and body, without tokens, times and the typed address."""
    headers = sorted((name, plain(value, address)) for name, value in response.headers.items() if name != "Set-Cookie")
    return response.status_code, headers, sorted(response.cookies), plain(response.content.decode(), address)


def plain(text: str, address: str) -> str:
    found = text.replace(address, "ADDRESS")
    for pattern, word in _CHANGING:
        found = re.sub(pattern, word, found)
    return found
