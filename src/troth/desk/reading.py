"""Reading someone's data in the console: for a purpose and with a reason, which their history shows."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from troth import gate, in_force
from troth.cases.kinds import kind_of
from troth.cases.models import Case, by_id
from troth.cases.thread import CaseMessage
from troth.cases.thread.reading import KINDS, LeftOut, ShownMessage, load
from troth.collection.forms.types import TYPES, kinds_of
from troth.collection.forms.types.texts import COMPANY, NAME
from troth.desk.conversing import ConversationReader, ReadConversation
from troth.desk.staff import user_of
from troth.files import Attached
from troth.records import profile
from troth.site import site
from troth.text import CannotRead, paragraph
from troth.words.values import in_words, refusal_in_words

SHORTEST_REASON, LONGEST_REASON = 10, 200
MESSAGES, ALL = "messages", "all"
"""In the address of a request with a long conversation: that all of it is shown."""
_READ, _MOST_READ = "read", 50


@dataclass(frozen=True)
class Contact:
    """The result of reading: titles and values, or the sentence that refused it.

    name, company  of the person; `address`: to which an answer goes
    left_out       of a long conversation: what its page doesn't show until it is asked for"""

    values: tuple[tuple[str, str], ...]
    refused: str
    files: tuple[Attached, ...] = ()
    messages: tuple[ShownMessage, ...] = ()
    name: str = ""
    company: str = ""
    address: str = ""
    left_out: LeftOut | None = None

    def file(self, id: str) -> Attached | None:
        every = (*self.files, *(file for message in self.messages for file in message.files))
        return next((file for file in every if file.id == id), None)


OWNED = ("product", "installation", "license", "edition")
_MOST_PRODUCTS, _MOST_PEOPLE = 12, 20


@dataclass(frozen=True)
class OwnProduct:
    """What a customer has, as they or our records said at that time."""

    product: str
    details: str
    at_utc: datetime

    @classmethod
    def of(cls, row: Mapping[str, str]) -> "OwnProduct":
        kinds, named = in_force.policy().kinds, site().name_product(row["product"]) or row["product"]
        read = [in_words(kinds[kind], row[kind]) for kind in OWNED[1:] if row.get(kind)]
        # An installation names its product, too.
        details = [text.removeprefix(named).strip() for text in read]
        return cls(named, ", ".join(filter(None, details)), datetime.fromisoformat(row["at"]))


class NoReason(Exception):
    """The reason for reading someone's data is missing or can't be stored."""


def reason_in(sent: Mapping[str, str]) -> str:
    """The typed reason as one line. Raises NoReason with what to do, because the person will read it."""
    try:
        reason = paragraph(sent.get("reason", ""), most=LONGEST_REASON)
    except CannotRead as problem:
        raise NoReason(str(problem)) from problem
    if len(reason) < SHORTEST_REASON:
        raise NoReason(_("Give a reason of at least 10 characters. The person sees it in their history."))
    return reason


def read_contact(http: HttpRequest, *, person: UUID, purpose: str, cause: UUID | None, reason: str) -> Contact:
    """The person's data for this request, through a grant that their history shows with the reader's name and reason.

    Reloading the page is the same reading as long as its grant is open: nothing is written twice."""
    kinds = in_force.policy().purposes[purpose].may_use
    given = _look(http, person=person, purpose=purpose, kinds=kinds, cause=cause, reason=reason)
    if isinstance(given, gate.Refused):
        return Contact((), refusal_in_words(given.decision.code))
    return _describe(http, given, by_id(Case).first(id=cause) if cause else None, reason=reason)


def reread_contact(
    http: HttpRequest, case: Case, *, purpose: str, found: Sequence[CaseMessage] | None = None
) -> Contact | None:
    """What was read of this request a moment ago, while that reading is open: its page is loaded again.

    None where it was not read in this session, or too long ago. Nothing is written.

    Takes   found: its messages, where they are loaded"""
    given = _look_again(http, case, purpose)
    return _describe(http, given, case, found=found) if given else None


def reread_values(http: HttpRequest, case: Case, *, purpose: str) -> Mapping[str, str]:
    """Kind → value of what was read of it a moment ago; nothing where it was not."""
    given = _look_again(http, case, purpose)
    return {kind: str(value) for kind, value in given.values.items()} if given else {}


def list_products(http: HttpRequest, case: Case) -> list[OwnProduct]:
    """What the customer has of us, newest first, by grants for the request's purpose; once its contact was read."""
    name = _read_before(http).get(str(case.pk))
    may_use = in_force.policy().purposes[case.purpose].may_use
    kinds = [kind for kind in OWNED if kind in may_use]
    if name is None or case.person_id is None or not kinds or _look_again(http, case, case.purpose) is None:
        return []
    found = [each for person in _list_same_customer(case.person_id) for each in _list_owned(http, case, person, kinds)]
    # One that was named several times is one line, with the last time.
    latest = {(each.product, each.details): each for each in sorted(found, key=lambda each: each.at_utc)}
    return sorted(latest.values(), key=lambda each: each.at_utc, reverse=True)[:_MOST_PRODUCTS]


def _list_same_customer(person: UUID) -> Sequence[UUID]:
    """The person, then who else has the address to which an answer goes, the newest first."""
    first, *others = profile.people_of(person)
    return [first, *sorted(others, reverse=True)[: _MOST_PEOPLE - 1]]


def _list_owned(http: HttpRequest, case: Case, person: UUID, kinds: Sequence[str]) -> list[OwnProduct]:
    data = {each.id: each for each in profile.list_data(person, kinds=kinds)}
    if not data:
        return []
    opened = gate.look_at_data(
        place=gate.SessionLook(http.session, f"{_read_before(http)[str(case.pk)]} products {person}"),
        person=person,
        purpose=case.purpose,
        kinds=kinds,
        data=list(data),
        who=user_of(http).who,
        reason=_("to help with %(number)s") % {"number": case.number},
    )
    rows: dict[UUID | None, dict[str, str]] = {}
    for id, datum in data.items():
        rows.setdefault(datum.cause, {"at": datum.collected_utc.isoformat()})[datum.kind] = opened.get(id, "")
    return [OwnProduct.of(row) for row in rows.values() if row.get("product")]


def _look_again(http: HttpRequest, case: Case, purpose: str) -> gate.Given | None:
    """What the last reading opens, asked once for each page."""
    name = _read_before(http).get(str(case.pk))
    if name is None or case.person_id is None:
        return None
    opened: dict[tuple[UUID, str, str], gate.Given] = vars(http).setdefault("_opened_readings", {})
    if (case.pk, purpose, name) not in opened:
        kinds = in_force.policy().purposes[purpose].may_use
        place = gate.SessionLook(http.session, name)
        given = gate.look_again(place=place, person=case.person_id, purpose=purpose, kinds=kinds, cause=case.pk)
        if given is None:
            return None
        opened[case.pk, purpose, name] = given
    return opened[case.pk, purpose, name]


def _describe(
    http: HttpRequest,
    given: gate.Given,
    case: Case | None,
    *,
    reason: str = "",
    found: Sequence[CaseMessage] | None = None,
) -> Contact:
    """The values, and the messages of a request that is talked about: their words are not shown twice."""
    policy, values = in_force.policy(), given.values
    name, company = (_first_of(given, *kinds_of(policy, each)) for each in (NAME, COMPANY))
    conversation = ReadConversation()
    if case is not None and kind_of(case).talks:
        place = gate.SessionLook(http.session, _read_before(http).get(str(case.pk), ""))
        reason = reason or _("to keep reading %(number)s") % {"number": case.number}
        reader, whole = ConversationReader(place, user_of(http).who, reason), http.GET.get(MESSAGES) == ALL
        conversation = reader.read(case, load(case) if found is None else found, given, name, whole=whole)
    if conversation.messages:
        values = {kind: value for kind, value in values.items() if kind not in KINDS}
    return Contact(
        tuple(
            (policy.kinds[kind].title, in_words(policy.kinds[kind], values[kind]))
            for kind in policy.kinds
            if kind in values
        ),
        "",
        tuple(file for kind in values for file in TYPES[policy.kinds[kind].type].files(values[kind])),
        conversation.messages,
        name,
        company,
        conversation.address,
        conversation.left_out,
    )


def _first_of(given: gate.Given, *kinds: str) -> str:
    return next((str(given.values[kind]) for kind in kinds if given.values.get(kind)), "")


def read_who(http: HttpRequest, case: Case, *, purpose: str) -> str:
    """Name and company of the person who asked, as far as the purpose may use them, read through a grant."""
    reason = _("to confirm an action on %(number)s") % {"number": case.number}
    policy = in_force.policy()
    kinds = [kind for kind in kinds_of(policy, NAME, COMPANY) if kind in policy.purposes[purpose].may_use]
    if case.person_id is None or not kinds:
        return ""
    values = _look(http, person=case.person_id, purpose=purpose, kinds=kinds, cause=case.pk, reason=reason)
    return (
        ""
        if isinstance(values, gate.Refused)
        else ", ".join(str(values.values[kind]) for kind in kinds if kind in values.values)
    )


def _look(
    http: HttpRequest, *, person: UUID, purpose: str, kinds: Sequence[str], cause: UUID | None, reason: str
) -> gate.Given | gate.Refused:
    # A digest, because the reason is free text about a person and a session lasts longer than a look.
    digest = hashlib.sha256(f"{purpose} {person} {cause} {reason}".encode()).hexdigest()
    name = f"contact {digest}"
    if cause is not None:
        http.session[_READ] = dict([*_read_before(http).items(), (str(cause), name)][-_MOST_READ:])
    return gate.look(
        place=gate.SessionLook(http.session, name),
        person=person,
        purpose=purpose,
        kinds=kinds,
        who=user_of(http).who,
        reason=reason,
        cause=cause,
    )


def _read_before(http: HttpRequest) -> dict[str, str]:
    """Request → the name of its last reading in this session."""
    found: dict[str, str] = http.session.get(_READ, {})
    return found
