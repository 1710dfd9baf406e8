from django.utils.translation import gettext_lazy as _

from troth.desk.choices import AheadQuestions
from troth.desk.room import DeskEntry, Part, Room
from troth.outbox.emails import Email, EmailKind, at_once
from troth.policy.lengths import Duration
from troth.policy.terms import EmailRule
from troth.updates import (
    abouts,
    adopting,
    answering,
    asking,
    demo,
    desk,
    desk_views,
    holding,
    mailing,
    notice,
    sending,
    translating,
    waiting,
    wording,
)
from troth.updates.effects import NOTICES, PURPOSE

ROOM = Room(
    name="updates",
    purposes=(PURPOSE,),
    urls="troth.updates.urls",
    parts=(
        Part("policy draft", "updates/parts/draft.html", desk.find_link),
        Part("policy notice", "updates/parts/notice.html", notice.find),
        Part("console work", "updates/parts/work.html", waiting.tell_waiting),
    ),
    beside_user={notice.ASKED: notice.read_asked},
    emails=(
        Email(
            "version",
            _("new version of our privacy policy"),
            PURPOSE,
            EmailKind.NOTICE,
            at_once("version adopted"),
            facts=mailing.UpdateFacts,
            content=wording.content_of,
            revise=asking.revise,
            stopped=sending.note_stopped,
            ended=sending.note_ended,
        ),
        Email(
            "notice",
            _("notice about our privacy policy"),
            NOTICES,
            facts=mailing.UpdateFacts,
            content=wording.content_of,
            revise=asking.revise,
            stopped=sending.note_stopped,
            ended=sending.note_ended,
        ),
        Email(
            "reminder",
            _("reminder of a question about your data"),
            PURPOSE,
            EmailKind.NOTICE,
            EmailRule(name="", after=Duration(14, "day"), before=(), of=("question asked",), at="", to=""),
            facts=mailing.UpdateFacts,
            content=wording.content_of,
            revise=asking.revise,
        ),
    ),
    abouts=abouts.list_abouts,
    ahead=AheadQuestions(answering.list_early, answering.answer_early),
    held=holding.HELD,
    tables=("policy_update_reader",),
    desk_urls="troth.updates.desk_urls",
    desk=(DeskEntry("/console/updates/", _("Policy updates"), desk.may_update, more=True),),
    exports={desk_views.EXPORT: _("Answers to a policy update")},
    acts={
        adopting.PROPOSED: _("proposed version %(number)s of the policy"),
        adopting.APPROVED: _("approved version %(number)s of the policy"),
        adopting.WITHDRAWN: _("withdrew version %(number)s of the policy"),
        desk.STOPPED: _("stopped emails about version %(number)s of the policy"),
        desk.RESUMED: _("resumed emails about version %(number)s of the policy"),
        translating.PROPOSED: _("proposed a translation of the policy"),
        translating.APPROVED: _("approved a translation of the policy"),
        translating.WITHDRAWN: _("withdrew a translation of the policy"),
    },
    demo_sends=demo.send,
    erase=("policy_update_reader",),
)
