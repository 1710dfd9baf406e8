"""Emails about a request: those of its kind, the last one before erasing, and what account owners hear of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID, uuid5

from django.conf import settings
from django.db import transaction
from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth import gate, in_force, outbox
from troth.cases import events
from troth.cases.actions import ANSWERS, PROGRAM, PURPOSE, note_answer, subjects
from troth.cases.kinds import kind_of
from troth.cases.models import Case
from troth.cases.rights import describe_carried
from troth.cases.thread import CaseMessage, copies, drafts, writing
from troth.outbox import returns
from troth.outbox.emails import Email, EmailKind, at_once, template_of
from troth.records.models import AccountPerson
from troth.security import links
from troth.security.crew import names_of
from troth.security.entrances import Entrance, address_of
from troth.security.models import User
from troth.site import site
from troth.words.promises import find_promise
from troth.words.values import last_day

SECURITY_PURPOSE = "security"
ANNOUNCEMENT, LAST = events.ANNOUNCED, "erasing"
"""The email that tells an account's owner what others want of it, and the last one, after a deletion."""
CONVERSATION = "conversation"
"""The page of a mailed link that has the messages of a request."""
REPLY, COPY = "reply", "copy"
NO_EMAIL = "no letter possible"  # as events of former releases say it
NOT_CLOSED = "not closed"
_WRITABLE = "_writable"


@dataclass(frozen=True, kw_only=True)
class RequestFacts(outbox.EmailFacts):
    """The facts of an email about a request. `url`: its page for signed-in people; `kept`: kinds and laws.

    promised   whether the policy or a law says by when it is answered
    carried    what was done without staff, once it is
    left_out   why attachments of the email that made it were not taken"""

    number: str
    kind: str
    state: str
    due: str
    received: str
    promised: str = ""
    carried: str = ""
    why: str = ""
    nature: str = ""
    basis: str = ""
    url: str = ""
    kept: tuple[tuple[str, str], ...] = ()
    held: bool = False
    left_out: str = ""


@dataclass(frozen=True, kw_only=True)
class AnswerFacts(outbox.EmailFacts):
    """What the email with an answer says beside its words.

    staff   who wrote it; `url`: as in `RequestFacts`; `files`: whether something is attached to it, on its page
    closed  whether the request ends with it"""

    number: str
    kind: str
    staff: str
    url: str = ""
    files: bool = False
    closed: bool = False


def conversation_emails(purpose: str, answer: Promise) -> tuple[Email, Email]:
    """The emails of a room whose requests have messages: the `answer`, and the same to people in copy.

    Their templates extend `cases/reply` and `cases/copy`."""
    to_copy, when = gettext_lazy("an answer to someone in copy"), at_once("answer written")
    return (
        Email(REPLY, answer, purpose, EmailKind.CASE, when, facts=AnswerFacts),
        Email(COPY, to_copy, purpose, EmailKind.CASE, when, to=copies.RECIPIENT, facts=AnswerFacts),
    )


def can_write(case: Case) -> bool:
    """Whether an email to the person could leave now: there is an address, and its use is allowed.

    Cost  1 query, once for each case that is loaded: several acts on its page say what they email"""
    known = vars(case)
    if _WRITABLE not in known:
        known[_WRITABLE] = case.person_id is not None and outbox.can_email(case.person_id, case.purpose)
    return bool(known[_WRITABLE])


def ask_writable(cases: Iterable[Case]) -> None:
    """Asks that for many at once.   Cost  1 query for each purpose"""
    named = sorted((each for each in cases if each.person_id is not None), key=_purpose_of)
    for purpose, group in groupby(named, key=_purpose_of):
        those = [*group]
        decided = gate.decide_many([each.asker for each in those], purpose, "email")
        for each in those:
            vars(each)[_WRITABLE] = decided[each.asker].allowed


def _purpose_of(case: Case) -> str:
    return case.purpose


def can_reach(case: Case) -> bool:
    """Whether the person can read an answer at all: in an email, or in an account.   Cost  1 query, or 2"""
    return can_write(case) or AccountPerson.objects.filter(person=case.person_id).exists()


def write(case: UUID, email: str, *, at_utc: datetime, time: int = 0) -> None:
    """Queues the email, once for each time that the case was opened.

    Adds an event instead if the policy or a missing address prevents it."""
    found = Case.objects.get(pk=case)
    if email == ANNOUNCEMENT:
        _announce(found, at_utc=at_utc)
    if found.person_id is None or email == ANNOUNCEMENT:
        return
    if not outbox.can_email(found.person_id, found.purpose):
        events.add(found, NO_EMAIL, who=PROGRAM, at_utc=at_utc, words=email)
        return
    with transaction.atomic():
        facts = replace(_facts(found), **_way(found, at_utc=at_utc))
        _post(
            found.person_id,
            email,
            found.purpose,
            facts=facts,
            cause=events.cause_at(found.id, time),
            reply_to=find_reply_address(found),
        )


def write_answer(message: UUID, *, at_utc: datetime, closes: bool = False) -> None:
    """What staff answered, emailed once it has left their hands; nothing for one that was undone.

    Takes   closes: the request ends with it, if nothing was added since"""
    found = CaseMessage.objects.select_related("case").filter(pk=message).first()
    if found is None:
        return
    case = found.case
    drafts.drop_sent(case.pk, found.who, at_utc=found.at_utc)
    if not outbox.can_email(case.asker, case.purpose):
        events.add(case, NO_EMAIL, who=PROGRAM, at_utc=at_utc, words=REPLY)
        return
    with transaction.atomic():
        facts = AnswerFacts(
            number=case.number,
            kind=str(kind_of(case).title),
            staff=names_of([found.who]).get(found.who) or in_force.policy().short_name,
            files=found.files is not None,
            closed=closes and _close(found, at_utc=at_utc),
            **_way(case, at_utc=at_utc, page=CONVERSATION),
        )
        outbox.post(
            person=case.asker,
            purpose=case.purpose,
            email=template_of(case.purpose, REPLY),
            kinds=["name", "message"],
            facts=facts,
            cause=found.pk,
            reply_to=find_reply_address(case),
        )
    for one in copies.read_answered(found):
        _write_copy(found, one, replace(facts, link=None, url="", page="", files=False))


def _close(message: CaseMessage, *, at_utc: datetime) -> bool:
    """Closes the request of the message, unless something came after it: then someone has to look.

    Gives   whether it is closed now, as it also is when this runs again"""
    case = message.case
    if case.state not in Case.LIVING:
        return True
    if writing.find_last(case) == message.pk:
        return note_answer(case, who=ANSWERS, at_utc=at_utc, email=False)
    if not case.events.filter(what=NOT_CLOSED, words=str(message.pk)).exists():
        events.add(case, NOT_CLOSED, who=PROGRAM, at_utc=at_utc, words=str(message.pk))
    return False


def _write_copy(message: CaseMessage, to: copies.PersonInCopy, facts: AnswerFacts) -> None:
    """The answer to someone in copy whom staff chose: a disclosure of what it says, and nothing else."""
    case, name = message.case, to.name or to.address
    grant = gate.grant(
        person=case.asker,
        purpose=case.purpose,
        kinds=["message"],
        who=PROGRAM,
        reason=_("to send our answer to %(number)s to someone in copy") % {"number": case.number},
        cause=message.pk,
    )
    given = gate.read(grant) if isinstance(grant, gate.Grant) else None
    if given is None or "message" not in given.values:
        return
    with transaction.atomic():
        disclosure = gate.disclose(
            given,
            recipient_class=copies.RECIPIENT,
            recipient=str(to.id),
            recipient_name=name,
            kinds=["message"],
            who=PROGRAM,
            reason=_("%(staff)s chose them for this answer") % {"staff": facts.staff},
        )
        outbox.post_disclosed(
            disclosure=disclosure,
            to=outbox.EmailRecipient(key=str(to.id), name=name, address=to.address),
            email=template_of(case.purpose, COPY),
            cause=message.pk,
            facts=facts,
            reply_to=find_reply_address(case),
        )


def read(case: Case) -> gate.Given | None:
    """Name and address of the person who asked, for the last email; None if it can't be sent."""
    if case.person_id is None:
        return None
    grant = gate.grant(
        person=case.person_id,
        purpose=PURPOSE,
        kinds=["name", "email"],
        who=PROGRAM,
        reason=_("to email you about your request %(number)s") % {"number": case.number},
        cause=case.id,
    )
    given = gate.read(grant) if isinstance(grant, gate.Grant) else None
    return given if given and "email" in given.values else None


def write_last(
    case: Case, given: gate.Given | None, *, at_utc: datetime, kept: Sequence[tuple[str, str]], held: bool
) -> None:
    """Writes the last email in the caller's transaction, because nobody is left to read the address from later.

    Takes   held: a legal hold makes part of the deletion wait."""
    if given is None:
        events.add(case, NO_EMAIL, who=PROGRAM, at_utc=at_utc, words=LAST)
        return
    facts = replace(_facts(case), kept=tuple(kept), held=held)
    outbox.post_finished(permit=given, email=template_of(PURPOSE, LAST), facts=facts, kinds=["name"], cause=case.id)


def is_announced(case: Case) -> bool:
    """Whether each owner of an account that the deletion affects was notified: sent, or given up with a reason."""
    owners = _owners(case)
    if {str(owner.pk) for owner in owners} - _list_told(case):
        return False
    about = [_announcement(case, owner) for owner in owners]
    told = outbox.QueuedEmail.objects.filter(request__in=about, batch=None)
    return not told.filter(state__in=outbox.QueuedEmail.ON_ITS_WAY).exists()


def _list_told(case: Case) -> set[str]:
    """Accounts whose owners were notified or can't be. An account created later isn't among them."""
    return set(case.events.filter(what=ANNOUNCEMENT).values_list("words", flat=True))


def _announce(case: Case, *, at_utc: datetime) -> None:
    """Emails the owner of each affected account who didn't ask for the deletion by signing in."""
    told = _list_told(case)
    for owner in _owners(case):
        if str(owner.pk) in told:
            continue
        with transaction.atomic():
            if owner.person_id is not None and outbox.can_email(owner.person_id, SECURITY_PURPOSE):
                cause = _announcement(case, owner)
                _post(owner.person_id, ANNOUNCEMENT, SECURITY_PURPOSE, facts=_facts(case), cause=cause)
            events.add(case, ANNOUNCEMENT, who=PROGRAM, at_utc=at_utc, words=str(owner.pk))


def _is_promised(case: Case) -> bool:
    """Whether a law or the policy says by when it is answered."""
    promise = kind_of(case).promise
    return not promise or find_promise(promise) is not None


def _owners(case: Case) -> list[User]:
    """Owners of accounts with people of the case, except the account that asked."""
    accounts = AccountPerson.objects.filter(person__in=subjects(case)).exclude(user=case.account)
    return list(User.objects.filter(pk__in=accounts.values("user"), person__isnull=False))


def _announcement(case: Case, owner: User) -> UUID:
    return uuid5(case.id, f"announced {owner.pk}")


def post_receipt(case: Case, facts: outbox.EmailFacts, *, who: str, at_utc: datetime) -> None:
    """The receipt of a request that staff or partners answer, with the private link to what happens with it.

    An event says where no email can be sent."""
    if not outbox.can_email(case.asker, case.purpose):
        events.add(case, NO_EMAIL, who=who, at_utc=at_utc, words="receipt")
        return
    link = links.make(link=gate.new_id(), person=case.asker, power=links.Link.FULL, cause=case.id, at_utc=at_utc)
    facts = replace(facts, link=link.id)
    _post(case.asker, "receipt", case.purpose, facts=facts, cause=case.id, reply_to=find_reply_address(case))


def describe_due(case: Case) -> str:
    """By when it is answered, to the minute, where the vendor is."""
    return formats.date_format(timezone.localtime(case.due_utc, site().brand.zone), "D, M j, Y, g:i A T")


def find_reply_address(case: Case) -> str:
    """Where a reply is added to the request; none where no mail comes in, or the policy keeps no such reply."""
    takes = kind_of(case).talks and returns.has_mailbox() and writing.takes(case, writing.BY_EMAIL)
    return returns.reply_address(case.pk) if takes else ""


def _post(person: UUID, email: str, purpose: str, *, facts: outbox.EmailFacts, cause: UUID, reply_to: str = "") -> None:
    outbox.post(
        person=person,
        purpose=purpose,
        email=template_of(purpose, email),
        kinds=["name"],
        facts=facts,
        cause=cause,
        reply_to=reply_to,
    )


def find_email(case: Case, email: str) -> outbox.Mailed | None:
    """The status of one email of the case; None if it was never queued."""
    found = outbox.of_request(case.id, you=_("you"))
    return next((mailed for mailed in found if mailed.template == template_of(PURPOSE, email)), None)


def _way(case: Case, *, at_utc: datetime, page: str = "") -> dict[str, Any]:
    """The link to the case: one that verifies the address, or the page for people who signed in.

    An address that someone signed in typed is not proven, so no link to their data goes there."""
    if case.account is not None:
        return {"url": f"{settings.TROTH_BASE_URL}{address_of(Entrance.REQUEST, number=case.number)}"}
    return {"link": _link(case, at_utc=at_utc).id, "page": page or kind_of(case).page}


def _link(case: Case, *, at_utc: datetime) -> links.Link:
    """The case's one link: the person who reads mail at the address opens it."""
    assert case.person_id is not None
    id = uuid5(case.id, links.Link.CASE)
    found = links.Link.objects.filter(pk=id).first()
    return found or links.make(link=id, person=case.person_id, power=links.Link.CASE, cause=case.id, at_utc=at_utc)


def _facts(case: Case) -> RequestFacts:
    """The facts of an email: number, kind, and dates in the vendor's time zone."""
    return RequestFacts(
        number=case.number,
        kind=str(kind_of(case).title),
        state=case.state,
        due=last_day(case.due_utc),
        promised="yes" if _is_promised(case) else "",
        received=last_day(case.received_utc),
        why=case.extended_why,
        nature=case.nature,
        basis=case.basis,
        carried=describe_carried(case),
        left_out=events.explain_left_out(case),
    )
