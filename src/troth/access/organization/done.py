"""What an act on an organization did, and what undoes it. Names are read again for the page, as a colleague's."""

from collections.abc import Callable, Mapping
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth.access.account.guards import user_of
from troth.access.organization import actions, showing
from troth.access.organization.entries import role_in_words
from troth.desk.done import DoneKind, DoneNotice, PerformedAct, say_always
from troth.gate import Refusal
from troth.records import organizations as records
from troth.records.membership import ADMIN, Invitation, SharedFact

HERE = "/organization/"
CREATED, ASKED, WITHDRAWN = "organization/created", "organization/asked", "organization/withdrawn"
JOINED, DECLINED, LEFT = "organization/joined", "organization/declined", "organization/left"
ACCEPTED, REFUSED, REMOVED = "organization/accepted", "organization/refused", "organization/removed"
INVITED, UNINVITED, ROLE = "organization/invited", "organization/uninvited", "organization/role"
SHARED, NOT_SHARED = "organization/shared", "organization/not shared"


def perform(id: str, *facts: object, page: str = HERE) -> PerformedAct:
    return PerformedAct(id, [str(fact) for fact in facts], timezone.now(), page)


def _tell_created(request: HttpRequest, act: PerformedAct) -> DoneNotice:
    mine = actions.mine_of(user_of(request))
    name = mine.name if mine else _("the organization")
    return DoneNotice(
        sentences=(_("You created %(name)s. You’re its administrator.") % {"name": name},),
        address=f"{HERE}#invite" if mine else "",
        button=_("Invite a colleague"),
        undoable=mine is not None,
    )


def _undo_created(request: HttpRequest, act: PerformedAct) -> PerformedAct | None:
    """Left again, while nobody else is in it."""
    user = user_of(request)
    mine, person = actions.mine_of(user), actions.person_of(user)
    if mine is None or str(mine.organization) != act.facts[0] or len(records.members(person)) > 1:
        return None
    actions.leave(user, person)
    return perform(LEFT, mine.name)


def _tell_asked(request: HttpRequest, act: PerformedAct) -> DoneNotice:
    then = [_("Its administrators have your name and email.")]
    if actions.can_tell(actions.person_of(user_of(request))):
        then.append(_("We email you when they decide."))
    return DoneNotice(sentences=(_("You asked to join %(name)s.") % {"name": act.facts[1]},), then=" ".join(then))


def _undo_asked(request: HttpRequest, act: PerformedAct) -> PerformedAct:
    records.withdraw(actions.person_of(user_of(request)), UUID(act.facts[0]))
    return perform(WITHDRAWN)


def _tell_joined(request: HttpRequest, act: PerformedAct) -> DoneNotice:
    return DoneNotice(
        sentences=(_("You’re now a member of %(name)s.") % {"name": act.facts[0]},),
        then=_("Your colleagues see your name and email. They see none of your requests unless you share them."),
        address="/account/requests/",
        button=_("Choose what to share"),
    )


def _tell_left(request: HttpRequest, act: PerformedAct) -> DoneNotice:
    then = _("Your colleagues no longer see what you shared.")
    return DoneNotice(sentences=(_("You left %(name)s.") % {"name": act.facts[0]},), then=then)


def _tell_accepted(request: HttpRequest, act: PerformedAct) -> DoneNotice:
    return DoneNotice(
        sentences=(_("%(name)s is now in your organization.") % {"name": _name(request, act.facts[0])},),
        then=_tell_emailed(act.facts[0]),
        address="#members",
        button=_("Change their role or remove them"),
    )


def _tell_refused(request: HttpRequest, act: PerformedAct) -> DoneNotice:
    return _lead_to_inviting(_("You declined the request to join."), act, _("You can invite them instead."))


def _tell_removed(request: HttpRequest, act: PerformedAct) -> DoneNotice:
    then = _("What they shared is private to them again. To let them back in, invite them.")
    return _lead_to_inviting(_("You removed a member from the organization."), act, then)


def _lead_to_inviting(sentence: str, act: PerformedAct, then: str) -> DoneNotice:
    told = [_tell_emailed(person) for person in act.facts]  # none in the address of a page from before an upgrade
    return DoneNotice(
        sentences=(sentence,), then=" ".join([*told, then]), address="#invite", button=_("Invite a colleague")
    )


def _tell_emailed(person: str) -> str:
    """Whether the member of this id gets an email about what was done."""
    if actions.can_tell(UUID(person)):
        return _("We’re emailing them.")
    return _("We can’t email them about it: they don’t let us use their address for this, or we hold none.")


def _tell_invited(request: HttpRequest, act: PerformedAct) -> DoneNotice | None:
    found = Invitation.objects.filter(pk=act.facts[0], state="open").first()
    if found is None:
        return None
    named = {"address": _name(request, found.person_id)}
    told = _("We’re emailing an invitation to %(address)s.") % named
    if not actions.can_tell(found.person_id):
        told = _("You invited %(address)s, but we aren’t allowed to email them. Tell them about it yourself.") % named
    return DoneNotice(sentences=(told,), then=_("If you undo this, the invitation no longer works."))


def _undo_invited(request: HttpRequest, act: PerformedAct) -> PerformedAct:
    actions.uninvite(user_of(request), UUID(act.facts[0]))
    return perform(UNINVITED)


def _tell_role(request: HttpRequest, act: PerformedAct) -> DoneNotice:
    person, before, now = act.facts
    role = role_in_words(now)
    if before == now:
        return DoneNotice(sentences=(_("Nothing was changed. This was already their role."),), undoable=False)
    if person == str(user_of(request).person_id):
        then = _("Only another administrator can change it back.") if now != ADMIN else ""
        return DoneNotice(sentences=(_("Your role is now: %(role)s.") % {"role": role},), then=then, undoable=False)
    told = _("%(name)s’s role is now: %(role)s.") % {"name": _name(request, person), "role": role}
    return DoneNotice(sentences=(told,), then=_tell_emailed(person))


def _undo_role(request: HttpRequest, act: PerformedAct) -> PerformedAct | None:
    """Only what it was changed to: a role that was given since stays."""
    user, (person, before, now) = user_of(request), act.facts
    held = {str(each.person): each.role for each in records.members(actions.person_of(user))}
    if held.get(person) != now:
        return None
    actions.set_role(user, UUID(person), before)
    return perform(ROLE, person, now, before, page=act.page)


def _tell_shared(request: HttpRequest, act: PerformedAct) -> DoneNotice:
    return DoneNotice(
        sentences=(_("Your colleagues now see this."),), then=_("They see what it’s about and your name.")
    )


def _tell_not_shared(request: HttpRequest, act: PerformedAct) -> DoneNotice:
    return DoneNotice(sentences=(_("You stopped sharing."),), then=_("Your colleagues no longer see it."))


def _undo_sharing(yes: bool) -> Callable[[HttpRequest, PerformedAct], PerformedAct | None]:
    def undo(request: HttpRequest, act: PerformedAct) -> PerformedAct | None:
        fact = UUID(act.facts[0])
        if SharedFact.objects.filter(person=fact, shared=True).exists() == yes:
            return None
        records.share(actions.person_of(user_of(request)), fact, yes=yes)
        return perform(SHARED if yes else NOT_SHARED, fact, page=act.page)

    return undo


def _name(request: HttpRequest, person: object) -> str:
    """The name or address of a person whom the page may name."""
    try:
        return showing.name_colleague(request, UUID(str(person)))
    except Refusal:
        return _("Someone")


DONE: Mapping[str, DoneKind] = {
    CREATED: DoneKind(_tell_created, _undo_created),
    ASKED: DoneKind(_tell_asked, _undo_asked),
    WITHDRAWN: say_always(
        gettext_lazy("You withdrew your request to join."), gettext_lazy("You can ask again at any time.")
    ),
    JOINED: DoneKind(_tell_joined),
    DECLINED: say_always(gettext_lazy("You declined the invitation."), gettext_lazy("We deleted it.")),
    LEFT: DoneKind(_tell_left),
    ACCEPTED: DoneKind(_tell_accepted),
    REFUSED: DoneKind(_tell_refused),
    REMOVED: DoneKind(_tell_removed),
    INVITED: DoneKind(_tell_invited, _undo_invited),
    UNINVITED: say_always(
        gettext_lazy("You canceled the invitation."),
        gettext_lazy("It no longer works, and we deleted the address."),
        "#invite",
        gettext_lazy("Invite a colleague"),
    ),
    ROLE: DoneKind(_tell_role, _undo_role),
    SHARED: DoneKind(_tell_shared, _undo_sharing(yes=False)),
    NOT_SHARED: DoneKind(_tell_not_shared, _undo_sharing(yes=True)),
}
