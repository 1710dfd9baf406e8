from django.utils.translation import gettext_lazy as _

from troth.access.requests import actions, demo, desk, holding, mail, telling, views
from troth.access.requests.entries import ENTRIES
from troth.access.requests.kinds import ACCESS, COPY, ERASURE, KINDS
from troth.cases import duties
from troth.cases.actions import PURPOSE
from troth.cases.emails import SECURITY_PURPOSE, RequestFacts, conversation_emails
from troth.desk.portal import RequestView
from troth.desk.room import DeskEntry, MenuEntry, Part, Room
from troth.desk.staff import LOG, may
from troth.outbox.emails import Email, EmailKind, at_once, before
from troth.policy.lengths import Duration
from troth.security.entrances import Entrance
from troth.security.models import User

_ABOUT = _("privacy request update")


_VIEW = RequestView(
    called=_("Privacy request"),
    state=telling.tell_state,
    template="requests/part.html",
    context=views.describe,
    acts={"verify": views.confirm_own},
)


def _reads_the_log_alone(user: User) -> bool:
    """Staff who work on requests come to the log by their list."""
    return may(user, LOG) and not desk.WORK.is_for(user)


ROOM = Room(
    name="requests",
    formerly=("cases",),
    purposes=(PURPOSE,),
    places=("form.privacy", "staff.entry"),
    files=("form.privacy",),
    takes_mail=mail.take_mail,
    urls="troth.access.requests.urls",
    pages=(MenuEntry("requests", "/privacy/requests/", _("Privacy requests"), place="form.privacy", footer=True),),
    entrances={Entrance.RIGHT: "/privacy/requests/{kind}/"},
    parts=(
        Part("choices", "requests/parts/choices.html"),
        Part("link ended", "requests/parts/gone.html"),
        Part("account", "requests/parts/account.html"),
        Part("history", "requests/parts/history.html"),
    ),
    receipt=actions.receipt,
    emails=(
        *(
            Email(name, _ABOUT, PURPOSE, EmailKind.CASE, at_once(f"request {name}"), facts=RequestFacts)
            for name in ("received", "extended", "answered", "denied")
        ),
        Email(
            "notice", _ABOUT, PURPOSE, EmailKind.CASE, before(Duration(5, "day"), of="request due"), facts=RequestFacts
        ),
        Email("announced", _ABOUT, SECURITY_PURPOSE, EmailKind.CASE, at_once("deletion asked"), facts=RequestFacts),
        *conversation_emails(PURPOSE, _("an answer to your request")),
        Email(
            "erasing",
            _("confirmation that your data was deleted"),
            PURPOSE,
            EmailKind.CASE,
            at_once("data deleted"),
            facts=RequestFacts,
        ),
    ),
    entries=ENTRIES,
    cases=KINDS,
    shown={kind.id: _VIEW for kind in KINDS},
    panels={
        ERASURE.id: desk.ERASURE_PANEL,
        ACCESS.id: desk.COPY_PANEL,
        COPY.id: desk.COPY_PANEL,
    },
    work=(desk.WORK,),
    desk_urls="troth.access.requests.desk_urls",
    desk=(DeskEntry("/console/requests/log/", _("Request log"), _reads_the_log_alone),),
    exports={
        "privacy-work-list": _("the list of privacy requests"),
        "privacy-requests": _("the log of privacy requests"),
        "privacy-statistics": _("the statistics of privacy requests"),
    },
    demo=demo.seed,
    held=holding.HELD,
    tables=("request_case", "case_message"),
    apart={
        "case_event": "what happened with a request is in the person's history and on its page",
        "case_approval": "which members of staff agreed is in the person's history",
        "message_copy": "who else got an email is shown beside it among the messages",
        "reply_draft": "what staff have not sent yet; once sent, it is among the messages",
        "word_mark": "keyed marks of the words of messages, which the copy gives in full",
    },
    erase=("request_case", "prepared_file", "case_message", "message_copy", "reply_draft", "word_mark"),
    stays={
        "case_event": "what staff did with a request, without values; it leaves with the request",
        "case_approval": "who agreed to a deletion or a disclosure, which stays on record",
    },
    retention=(duties.tidy,),
)
