"""Every address of the site, walked with what nobody types: in its path, its query and each of its fields.

Routes, fields and acts are read from the program itself, so that a new page is walked by being there.
"""

import base64
import functools
import inspect
import itertools
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote_to_bytes

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve
from tests.access.test_signed_in import browser, owner_of
from tests.acting import acting_as
from tests.drp.agents import BUSINESS, FRIENDS, body, listed, post, signed, wanted
from tests.visits import BROWSER, MARISOL, send, signed_in, text, visitor
from tests.worlds import known_person

from troth.access.procedures import incident, review
from troth.cases import actions
from troth.cases.kinds import kinds
from troth.cases.models import Case
from troth.desk.acts import standard
from troth.gate import new_id
from troth.records import organizations
from troth.uses.inquiries.models import Inquiry
from troth.uses.quotes.models import QuoteRequest

SRC = Path(__file__).parent.parent.parent / "src" / "troth"
NO_UTF8 = [b"%ED%A0%80", b"%FF%FE", b"\xc3(", b"Ada%C3", b"\xe4", b"%EF%BF%BD"]
FORM = "application/x-www-form-urlencoded"
BESIDE = "We can’t read the character shown as \ufffd"
ODD = ["9" * 5_000, "0001-01-01T00:00", "\u202e\u200b\x1b" + "x" * 9_000]
ALICE = "alice@halden-valve-works.example"


def patterns(under: Any = None, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Each route of the resolver with its whole path."""
    for each in (under or get_resolver()).url_patterns:
        whole = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from patterns(each, whole)
        else:
            yield whole, each


def paths(numbers: dict[str, str]) -> list[tuple[str, str, str]]:
    """Route, a path of it that leads somewhere where we have something, and the same with {} for its first text."""
    found = []
    for route, pattern in patterns():
        number = next((number for begin, number in numbers.items() if route.startswith(begin)), "x" * 32)
        filled = _filled(route, number)
        bare = re.sub(r"<(?:str|slug):\w+>", "{}", route, count=1)
        found.append((pattern.name or route, filled, _filled(bare, number) if bare != route else ""))
    return found


def _filled(route: str, number: str) -> str:
    if route.startswith("policy/^"):
        return "/policy/1..2"
    for converter, value in {
        "str": number,
        "slug": "copy",
        "uuid": "01234567-89ab-7def-8123-456789abcdef",
        "int": "1",
        "copyform": "json",
        "language": "de",
    }.items():
        route = re.sub(rf"<{converter}:\w+>", value, route)
    return "/" + re.sub(r"\^policy.*", "policy/1..2", route)


@functools.cache
def fields(folder: Path) -> list[str]:
    """The names of all fields that the views of this package read, of all acts, and of forms of the policy."""
    asked = re.findall(r'(?:POST|GET|sent|query)(?:\.get|\.getlist)?[\[(]"(\w+)"', _source(folder))
    return sorted({*asked, *_fields_of_acts(), *MARISOL, "password", "country", "state", "answer", "nonce"} - {"do"})


@functools.cache
def _fields_of_acts() -> list[str]:
    return re.findall(r'\bField\(\s*"(\w+)"', _source(SRC))


def fields_at(path: str) -> list[str]:
    """The names of all fields that the view of this path may read."""
    return fields(Path(inspect.getfile(inspect.unwrap(resolve(path).func))).parent)


@functools.cache
def _source(folder: Path) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in folder.glob("**/*.py"))


def acts(path: str) -> list[str]:
    """The words that the view of this path knows for what a form wants done, of a request those that fit it, and one that none knows."""
    case = Case.objects.filter(number=path.rstrip("/").rpartition("/")[2]).first()
    if path.startswith("/console/") and case is not None:
        return sorted({each.do for each in standard.acts_of(case)} | {"none"})
    read = inspect.getsource(inspect.getmodule(inspect.unwrap(resolve(path).func)))
    return sorted({*re.findall(r'(?:case|"do"\]? ==|"do"\) ==|wanted ==) "([a-z]+)"', read)}) or [""]


@pytest.fixture
def numbers(site, run_jobs) -> dict[str, str]:
    """Where a route begins → the number of something that is there."""
    for page in ("/quote/", "/contact/"):
        assert (
            send(
                visitor(),
                page,
                MARISOL if page == "/quote/" else {"name": "Ada", "email": ALICE, "note": "Which version runs?"},
            ).status_code
            == 303
        )
    run_jobs()
    now = datetime.now(UTC)
    person = known_person({"name": "Alice Ashby", "email": "alice@ashby.example"}, channel="form.privacy")
    case = actions.open_case(
        kinds()["correction"], actions.CaseArrival(id=new_id(), person=person, manner="form", at_utc=now)
    ).case
    actions.verify(case.id, at_utc=now, way="mailed link")
    return {
        "console/quotes/<": QuoteRequest.objects.get().number,
        "console/inquiries/<": Inquiry.objects.get().number,
        "console/requests/<": case.number,
    }


@pytest.fixture
def clients(numbers) -> dict[str, Client]:
    user, person = owner_of(ALICE)
    organizations.create(person, name="Halden Valve Works", domain="halden-valve-works.example")
    made = {"visitor": visitor(), "customer": browser(user), "admin": signed_in("ada-admin", role="admin")}
    for client in list(made.values())[1:]:
        session = client.session
        session["fresh"] = datetime.now(UTC).timestamp()
        session.save()
        client.raise_request_exception = False
    made["visitor"].raise_request_exception = False
    return made


def test_what_no_table_can_hold_is_400_in_every_path_query_and_body(numbers, clients):
    walked, sent = (
        0,
        itertools.cycle([({"q": "Ada\0"}, {"\ufdd0": "Ada"}), ({"page\0": "1"}, {"do": "Ada\0", "name": "Ada"})]),
    )
    for name, path, bare in paths(numbers):
        client, (query, body) = clients[walker(path)], next(sent)
        for answer in (
            *([client.get(bare.format("Ada\0"))] if bare else ()),
            client.get(path, query),
            client.post(path, body, **BROWSER),
        ):
            assert answer.status_code == 400, f"{name}: {answer.status_code}"
            assert "It contains a character we can’t accept" in text(answer), name
            walked += 1
    assert walked > 250


def test_an_encoding_that_makes_lone_surrogates_is_400(site):
    sent = b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\nAda \\ud800\r\n--x--\r\n'
    for encoding in ("unicode_escape", "utf-7", "raw_unicode_escape", "utf-16"):
        kind = f"multipart/form-data; boundary=x; charset={encoding}"
        answer = visitor().post("/contact/", sent, content_type=kind, **BROWSER)
        assert answer.status_code == 400, encoding


def test_bytes_that_are_no_utf_8_are_400_in_query_and_body(site):
    client = visitor()
    for sent in NO_UTF8:
        parts = (
            b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\n' + unquote_to_bytes(sent) + b"\r\n--x--\r\n"
        )
        typed = [
            client.post("/contact/", b"name=" + sent, content_type=FORM, **BROWSER),
            client.post("/contact/", parts, content_type="multipart/form-data; boundary=x", **BROWSER),
        ]
        answers = [
            client.post("/contact/", sent + b"=Ada", content_type=FORM, **BROWSER),
            client.get("/contact/", QUERY_STRING="q=" + sent.decode("latin-1")),
        ]
        for answer in (*typed, *answers):
            assert answer.status_code == 400, sent
            said = text(answer)
            assert "It contains a character we can’t accept" in said or (answer in typed and BESIDE in said), sent


def test_what_no_table_can_hold_is_refused_beside_the_field_that_has_it(site):
    for sign in ("\0", "\ufdd0", "\uffff"):
        sent = {"name": "Ada Byron", "email": "ada@byron.example", "note": f"Which{sign} version?"}
        answer = send(visitor(), "/contact/", sent)
        assert answer.status_code == 400
        page = answer.content.decode()
        assert re.search(f'id="note-error">[^<]*{BESIDE}', page), page
        assert "Which\ufffd version?" in page
        assert 'value="ada@byron.example"' in page, "What else was typed is still there."
    assert not Inquiry.objects.exists()


def test_letters_of_every_script_are_utf_8(site):
    client = visitor()
    for sent in ("Зоя Björk 山田".encode(), quote("Зоя Björk 山田 🩷").encode()):
        answer = client.post("/contact/", b"name=" + sent, content_type=FORM, **BROWSER)
        assert "a character we can’t accept" not in text(answer)  # only what is missing in the form is said
        assert client.get("/contact/", QUERY_STRING="q=" + sent.decode("latin-1")).status_code == 200


def walker(path: str) -> str:
    """Who gets furthest on a page."""
    return "admin" if path.startswith("/console/") else "customer"


def test_no_page_breaks_over_what_nobody_types(numbers, clients):
    closed = set()
    for odd, (name, path, bare) in itertools.product(ODD, paths(numbers)):
        data = dict.fromkeys(fields_at(path), odd)
        client = clients[walker(path)]
        if bare:
            _whole(client.get(bare.replace("{}", quote(odd[:2_000]))), name)
        asked = client.get(path, {"page": odd, **dict.fromkeys(data, odd[:300])})
        _whole(asked, name)
        if asked.status_code != 404 and path not in closed:  # where nothing is, or no form, nothing is read
            typed = {field: f"{said}\0" for field, said in data.items()} if odd == ODD[-1] else data
            answer = client.post(path, typed | {"do": odd}, **BROWSER)
            _whole(answer, name)
            closed |= {path} if answer.status_code == 405 else set()


def _whole(answer: Any, name: str) -> None:
    assert answer.status_code < 500 or (answer.status_code == 503 and name == "ledger"), name


ACTED = {"customer": ("/organization/", "/account/profile/", "/account/preferences/"), "admin": ()}


@pytest.mark.parametrize("odd", ODD[:2], ids=range(2))
def test_no_act_breaks_over_what_nobody_types(numbers, clients, odd):
    now, admin = datetime.now(UTC), "staff:ada-admin"
    with acting_as("ada-admin", role="admin"):
        happened = incident.begin(
            words="A laptop was lost.", kinds=["email"], people=3, known_utc=now, who=admin, at_utc=now
        )
    reviewed = review.begin(at_utc=now)
    assert reviewed
    console = [f"/{begin[:-1]}{number}/" for begin, number in numbers.items()]
    console += [f"/console/requests/{each.number}/" for each in (happened, reviewed)]
    console += [
        "/console/requests/new/",
        "/console/requests/incident/",
        "/console/requests/disclosure/",
        "/console/people/",
    ]
    for who, there in {"customer": ACTED["customer"], "admin": console}.items():
        for path in there:
            for act in acts(path):
                answer = clients[who].post(path, {**dict.fromkeys(fields_at(path), odd), "do": act}, **BROWSER)
                assert answer.status_code < 500, f"{act} at {path}"


def answers_of_no_browser() -> Iterator[str]:
    """Passkeys whose parts are no bytes, or bytes that the parser of a part breaks over."""
    deep = base64.urlsafe_b64encode(b"[[" * 5_000).decode()
    for part in ("clientDataJSON", "authenticatorData", "attestationObject", "signature"):
        each: Any
        for each in (int("9" * 250), "AAAA", deep, "o2NmbXSjY2ZtdKNjZm10", "-", []):
            said = dict.fromkeys(("clientDataJSON", "authenticatorData", "attestationObject", "signature"), "AAAA")
            yield json.dumps({"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": {**said, part: each}})


def test_a_passkeys_answer_that_cannot_be_read_is_400(clients):
    unreadable = ["9" * 5_000, '{"id": "\\ud800"}', "{}", "[]", "null", "", '{"rawId": 5}', *answers_of_no_browser()]
    for odd, path in itertools.product(unreadable, ("/sign-in/passkey", "/account/passkey/make")):
        clients["customer"].post(path.replace("make", "options"), **BROWSER)
        answer = clients["customer"].post(path, {"answer": odd}, **BROWSER)
        assert answer.status_code == 400, f"{odd[:20]} at {path}"


@pytest.fixture
def token(settings, site) -> str:
    settings.TROTH_DRP_AGENTS, settings.TROTH_DRP_BUSINESS_ID = listed(), BUSINESS
    return str(post(f"agent/{FRIENDS}", body()).json()["token"])


@pytest.mark.parametrize("field", ["agent_request_id", "status_callback", "name", "email", "phone_number", "address"])
def test_an_agents_request_that_no_table_can_hold_is_400_with_a_sentence(token, field):
    for sign in ("\0", "\ud800", "\ufdd0", "\x1b", "4111,1111,1111,1111"):
        answer = post("data-rights-request", wanted(**{field: f"https://drp.friends.example/a{sign}b"}), token)
        assert answer.status_code == 400, repr(sign)
        assert len(answer.json()["error"]) > 20, repr(sign)


@pytest.mark.parametrize("said", ['{"a":' * 3_000 + "1" + "}" * 3_000, '{"reason": 1' + "0" * 5_000 + "}"])
def test_an_agents_body_too_deep_or_long_is_400(token, said):
    from tests.drp.agents import KEYS

    whole = base64.b64encode(KEYS[FRIENDS].sign(said.encode()) + said.encode())
    assert post("data-rights-request", whole, token).status_code == 400


def test_the_reason_of_taking_a_request_back_is_read_like_everything_else(token):
    made = post("data-rights-request", wanted(), token).json()["request_id"]
    headers = {"authorization": f"Bearer {token}"}
    for reason in ("no\0", "\ud800", "card 4111+1111+1111+1111", "x" * 201):
        answer = visitor().delete(
            f"/drp/v1/data-rights-request/{made}",
            signed({"reason": reason}),
            content_type="text/plain",
            headers=headers,
        )
        assert answer.status_code == 400, reason
