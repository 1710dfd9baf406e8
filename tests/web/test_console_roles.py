"""Every button and every export of the console against every role: the policy's recipients may, and it is recorded."""

from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver
from tests.visits import BROWSER, MARISOL, send, signed_in, text, visitor

from troth.cases.models import Case
from troth.records import ledger
from troth.security.acts import Act
from troth.security.links import Link, address
from troth.security.models import Role
from troth.updates.models import PolicyUpdate
from troth.uses.inquiries.models import Inquiry
from troth.uses.quotes.models import QuoteRequest

SALES, SUPPORT, INQUIRERS, PRIVACY = {"sales"}, {"support"}, {"sales", "support"}, {"privacy", "admin"}
ID = "01a20774-b3ef-7e5d-a7a1-1c7bbecf9feb"
WRITERS = {"support", "product", "marketing"}
LOGS = PRIVACY | {"auditor"}
READS = {"do": "contact", "reason": "to answer your request"}
ASSIGNS = {"do": "pass-on", "sure": "yes", "to": "henry-osei", "words": "Knows their plant."}

POSTS = [
    ("console/quotes/<str:number>/", {"do": "answer", "sure": "yes"}, SALES, 303),
    ("console/quotes/<str:number>/", READS, SALES, 200),
    ("console/quotes/<str:number>/", ASSIGNS, SALES | {"admin"}, 303),
    ("console/quotes/<str:number>/", {"do": "note", "words": "Called back at noon."}, SALES, 303),
    ("console/quotes/<str:number>/", {"do": "assign"}, SALES | {"admin"}, 303),
    ("console/inquiries/<str:number>/", {"do": "answer", "sure": "yes"}, INQUIRERS, 303),
    ("console/inquiries/<str:number>/", {"do": "note", "words": "Called back at noon."}, INQUIRERS, 303),
    ("console/inquiries/<str:number>/", {"do": "assign"}, INQUIRERS | {"admin"}, 303),
    ("console/inquiries/<str:number>/", READS, INQUIRERS, 200),
    ("console/support/<str:number>/", {"do": "answer", "sure": "yes"}, SUPPORT, 303),
    ("console/support/<str:number>/", {"do": "note", "words": "Called back at noon."}, SUPPORT, 303),
    ("console/support/<str:number>/", {"do": "assign"}, SUPPORT | {"admin"}, 303),
    ("console/support/<str:number>/", READS, SUPPORT, 200),
    ("console/support/<str:number>/", {"do": "draft", "words": "Restart it."}, SUPPORT, 303),
    ("console/requests/<str:number>/", {"do": "note", "words": "Called back at noon."}, PRIVACY, 303),
    ("console/requests/<str:number>/", {"do": "assign"}, PRIVACY, 303),
    ("console/requests/<str:number>/", READS, {"privacy"}, 200),
    ("console/work/<str:number>/", {"do": "assign"}, INQUIRERS | {"admin"}, 303),
    ("console/work/<str:number>/", READS, INQUIRERS, 200),
    ("console/work/bulk/", {"do": "answer"}, INQUIRERS | PRIVACY, 303),
    ("console/work/bulk/<uuid:run>/", {}, INQUIRERS | PRIVACY, 404),
    ("console/quotes/bulk/", {"do": "answer"}, SALES, 303),
    ("console/inquiries/bulk/", {"do": "answer"}, INQUIRERS, 303),
    ("console/support/bulk/", {"do": "answer"}, SUPPORT, 303),
    ("console/requests/bulk/", {"do": "assign"}, PRIVACY, 303),
    ("console/quotes/bulk/<uuid:run>/", {}, SALES, 404),
    ("console/inquiries/bulk/<uuid:run>/", {}, INQUIRERS, 404),
    ("console/support/bulk/<uuid:run>/", {}, SUPPORT, 404),
    ("console/requests/bulk/<uuid:run>/", {}, PRIVACY, 404),
    ("console/quotes/new/", {}, SALES, 400),
    ("console/inquiries/new/", {}, INQUIRERS, 400),
    ("console/support/new/", {}, SUPPORT, 400),
    ("console/requests/new/", {}, PRIVACY, 400),
    ("console/requests/incident/", {}, PRIVACY, 400),
    ("console/requests/disclosure/", {}, PRIVACY, 400),
    ("console/requests/hold/", {}, PRIVACY, 400),
    ("console/requests/review/", {}, PRIVACY, 303),
    ("console/people/", {"address": MARISOL["email"], "purpose": "quotes", "reason": "to answer her"}, SALES, 200),
    ("console/failed/<int:job>/again", {}, PRIVACY, 409),
    ("console/callers/", {}, SALES | SUPPORT | {"privacy"}, 400),
    ("console/inbox/", {"keys": "on"}, SALES | SUPPORT | {"privacy"}, 303),
    ("console/inbox/<uuid:id>/", {}, SALES | SUPPORT | {"privacy"}, 404),
    ("console/newsletters/new/", {"do": "save"}, WRITERS, 400),
    ("console/newsletters/<uuid:id>/", {}, WRITERS, 404),
    ("console/newsletters/", {"keys": "on"}, {"support", "product", "marketing"}, 303),
    ("console/newsletters/installations/", {}, {"support", "product"}, 400),
    ("console/snippets/", {}, SALES | SUPPORT | {"privacy", "product", "marketing"}, 400),
    ("console/updates/", {}, {"privacy"}, 422),
    ("console/updates/drafts/<uuid:id>/", {}, {"privacy"}, 404),
    ("console/updates/drafts/<uuid:id>/edit/", {}, {"privacy"}, 404),
    ("console/updates/translations/", {}, {"privacy"}, 422),
    ("console/updates/translations/<uuid:id>/", {}, {"privacy"}, 404),
    ("console/updates/<int:version>/", {}, {"privacy"}, 303),
    ("console/updates/withdrawn/<uuid:id>/", {"do": "resume-later"}, {"privacy"}, 404),
    ("console/outbox/", {"keys": "on"}, PRIVACY, 303),
    ("console/outbox/<uuid:id>/", {}, PRIVACY, 404),
    ("console/outbox/bulk/", {"do": "release"}, PRIVACY, 303),
    ("console/outbox/bulk/<uuid:run>/", {}, PRIVACY, 404),
    ("console/outbox/lanes/<slug:lane>/", {}, PRIVACY, 303),
    ("console/outbox/release/", {}, PRIVACY, 303),
    ("console/outbox/addresses/", {}, PRIVACY, 400),
    ("console/outbox/addresses/<slug:mark>/", {}, PRIVACY, 404),
]
EXPORTS = [
    ("console/work/requests.csv", INQUIRERS | PRIVACY, "work"),
    ("console/quotes/requests.csv", SALES, "quote-requests"),
    ("console/support/requests.csv", SUPPORT, "support-cases"),
    ("console/inquiries/requests.csv", SALES | SUPPORT, "inquiries"),
    ("console/requests/requests.csv", PRIVACY, "privacy-work-list"),
    ("console/requests/log.csv", LOGS, "privacy-requests"),
    ("console/requests/statistics.csv", LOGS, "privacy-statistics"),
    ("console/outbox/emails.csv", PRIVACY, "emails"),
    ("console/updates/<int:version>/answers.csv", {"privacy"}, "policy-update"),
]
NO_ACT = {
    "console/sign-in",
    "console/sign-out",
    "console/quotes/",
    "console/inquiries/",
    "console/support/",
    "console/cases/",
    "console/cases/<path:rest>",
}
"""Posted to by everybody who signs in or out; the search of a list, which no address should hold; and former addresses."""


@pytest.fixture
def world(site: Any, run_jobs: Any) -> dict[str, str]:
    assert send(visitor(), "/quote/", MARISOL).status_code == 303
    assert (
        send(visitor(), "/contact/", {"name": "Bob", "email": "bob@northgate.example", "note": "Hi?"}).status_code
        == 303
    )
    case = {"name": "Bob", "email": "bob@northgate.example", "product": "optipro-process", "note": "It stops."}
    assert send(visitor(), "/support/", case).status_code == 303
    assert (
        send(
            visitor(), "/privacy/requests/question/", {"name": "Bob", "email": "bob@northgate.example", "note": "Why?"}
        ).status_code
        == 303
    )
    run_jobs()
    PolicyUpdate.objects.create(id=ID, version=1, since=0, asks_since=0, pace=1, state=PolicyUpdate.Phase.SENT)
    return {
        "quotes": QuoteRequest.objects.get().number,
        "inquiries": Inquiry.objects.get().number,
        "work": Inquiry.objects.get().number,
        "support": Case.objects.get(purpose="support").number,
        "requests": Case.objects.get(purpose="rights").number,
    }


def place(route: str, world: dict[str, str]) -> str:
    number = next((number for room, number in world.items() if f"/{room}/" in route), "")
    known = {
        "<str:number>": number,
        "<int:job>": "4711",
        "<slug:lane>": "all",
        "<uuid:id>": ID,
        "<uuid:run>": ID,
        "<int:edition>": "1",
        "<int:version>": "1",
        "<int:place>": "1",
    }
    for part, value in known.items():
        route = route.replace(part, value)
    return f"/{route}"


def routes() -> set[str]:
    found = set()

    def walk(patterns: Any, before: str) -> None:
        for each in patterns:
            path = before + str(each.pattern)
            walk(each.url_patterns, path) if hasattr(each, "url_patterns") else found.add(path)

    walk(get_resolver().url_patterns, "")
    return {route for route in found if route.startswith("console/")}


def test_the_tables_name_every_route_that_acts_or_exports(world: dict[str, str]) -> None:
    client = signed_in("ada", role="admin")
    acting = routes() - NO_ACT  # one of which signs out: what comes after it would be asked to sign in
    takes_post = {route for route in acting if client.post(place(route, world), {}, **BROWSER).status_code != 405}
    assert takes_post - {"console/"} == {route for route, *_rest in POSTS}
    assert {route for route in routes() if route.endswith(".csv")} == {route for route, *_rest in EXPORTS}


@pytest.fixture
def clients(site: Any) -> dict[str, Client]:
    return {role: signed_in(f"one-{role}", role=role, name=f"One {role}") for role in Role.values}


def test_only_whom_the_policy_names_presses_a_button(world: dict[str, str], clients: dict[str, Client]) -> None:
    """All seven roles at every button: first those who may not, who change nothing, then one of those who may."""
    wrong = [
        (route, sent, role)
        for route, sent, roles, _status in POSTS
        for role in set(Role.values) - roles
        if not refused(clients[role].post(place(route, world), sent, **BROWSER))
    ]
    assert wrong == []
    assert (QuoteRequest.objects.get().stage, Inquiry.objects.get().stage) == ("routed", "open")
    for route, sent, roles, status in sorted(POSTS, key=lambda row: row[1].get("do") == "answer"):
        answer = clients[sorted(roles)[0]].post(place(route, world), sent, **BROWSER)
        assert answer.status_code == status, (route, sent)


def refused(answer: Any) -> bool:
    """A page that says no, or asks for a purpose that this role may read for; in no case a value. Or the way to one."""
    if "refused=" in answer.headers.get("Location", ""):
        return True
    return answer.status_code in (400, 403, 404) and MARISOL["note"] not in text(answer)


def test_only_whom_the_policy_names_exports_and_who_did_stands_in_the_log(
    world: dict[str, str], clients: dict[str, Client]
) -> None:
    for route, roles, name in EXPORTS:
        may = {role for role, client in clients.items() if client.get(place(route, world)).status_code == 200}
        assert may == roles, route
        recorded = Act.objects.filter(what="exported", about=name).values_list("who", flat=True)
        assert set(recorded) == {f"staff:one-{role}" for role in roles}
    told = text(clients["auditor"].get("/console/activity"))
    assert "One sales Exported the list of quote requests as CSV: 1 row" in told
    assert clients["sales"].get("/console/activity").status_code == 404


def test_the_button_stands_only_where_it_works(world: Any) -> None:
    page = f"/console/quotes/{world['quotes']}/"
    assert "Mark as answered" in text(signed_in("ines").get(page))
    for role in ("auditor", "marketing", "product", "support", "privacy", "admin"):
        shown = text(signed_in(f"one-{role}", role=role).get(page))
        assert "Mark as answered" not in shown
        assert "Export as CSV" not in shown
    work = {role: text(signed_in(f"one-{role}", role=role).get("/console/")) for role in ("admin", "privacy")}
    assert "Export as CSV: Privacy requests" in work["admin"], "Not of the other lists of this page."
    assert "Export as CSV:" not in work["privacy"]


def test_who_noted_the_answer_and_when_is_shown_to_staff_and_to_the_person(world: Any) -> None:
    quote = QuoteRequest.objects.get()
    client = signed_in("ines", name="Ines Moreau")
    client.post(f"/console/quotes/{quote.number}/", {"do": "answer", "sure": "yes"}, **BROWSER)
    quote.refresh_from_db()
    assert quote.answered_by == "staff:ines"
    newest = ledger.history(quote.person_id)[0]
    assert (newest.kind, newest.who, newest.purpose) == ("answered", "staff:ines", "quotes")
    assert "Marked as answered by Ines Moreau" in text(client.get(f"/console/quotes/{quote.number}/"))
    receipt = text(visitor().get(address(Link.objects.get(power="masked", request=quote.pk), "receipt")))
    assert "Your request was answered" in receipt
    assert "Ines Moreau marked it as answered on" in receipt
    assert f"{quote.recipient_name} has answered" not in receipt
    full = visitor().post(address(Link.objects.get(power="full", request=quote.pk)), **BROWSER)
    assert f"Ines Moreau marked your request {quote.number} as answered." in text(full)


def test_an_inquiry_says_so_too_and_a_second_press_changes_nothing(world: Any) -> None:
    inquiry = Inquiry.objects.get()
    page = f"/console/inquiries/{inquiry.number}/"
    signed_in("yusuf", role="support", name="Yusuf Adeyemi").post(page, {"do": "answer", "sure": "yes"}, **BROWSER)
    signed_in("ines", name="Ines Moreau").post(page, {"do": "answer", "sure": "yes"}, **BROWSER)
    inquiry.refresh_from_db()
    assert inquiry.answered_by == "staff:yusuf"
    assert [entry.who for entry in ledger.history(inquiry.person_id) if entry.kind == "answered"] == ["staff:yusuf"]
    receipt = text(visitor().get(address(Link.objects.get(power="masked", request=inquiry.pk), "receipt")))
    assert "Your message was answered" in receipt
    assert "Yusuf Adeyemi marked it as answered on" in receipt
    assert "is with" not in receipt
