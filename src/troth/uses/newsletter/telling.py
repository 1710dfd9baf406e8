"""What people who choose among topics read of each: its last issue, what waits for them, or their product."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from troth.collection.forms.types.figures import day_or_moment
from troth.desk.topics import TopicNote
from troth.queries import PreparedQuery, Slot
from troth.uses.newsletter import actions, installations
from troth.uses.newsletter.models import Installation, Issue, SignUp
from troth.uses.newsletter.topics import PURPOSE
from troth.words.story import LineAbout

_LATEST: "PreparedQuery[tuple[str, datetime]]" = PreparedQuery(
    lambda: (
        Issue.objects.filter(purpose=PURPOSE, state=Issue.Stage.SENT)
        .values_list("topic")
        .annotate(latest=Max("ended_utc"))
    )
)
_ISSUES = PreparedQuery(lambda: Issue.objects.filter(pk__any=Slot("batches")).defer("text"))
_SIGN_UPS = PreparedQuery(
    lambda: SignUp.objects.filter(person__any=Slot("people"), purpose=PURPOSE, mailed=True).order_by("asked_utc")
)
_INSTALLATIONS = PreparedQuery(
    lambda: Installation.objects.filter(person__any=Slot("people"), removed_utc=None).order_by("registered_utc")
)


def list_abouts(batches: Collection[UUID]) -> Mapping[UUID, LineAbout]:
    """Issue → its subject, and its page in the archive.   Cost  1 query"""
    return {each.pk: LineAbout(each.subject, _find_page(each)) for each in _ISSUES.list(batches=[*batches])}


def _find_page(issue: Issue) -> str:
    listed = issue.purpose == PURPOSE and issue.state == Issue.Stage.SENT
    return f"/newsletters/{issue.slug}/" if listed else ""


def tell_newsletters(people: Sequence[UUID]) -> Mapping[str, TopicNote]:
    """Topic → when its last issue went out, or which email waits to be confirmed."""
    notes = {topic: TopicNote(_("Last issue %(day)s.") % {"day": _say_day(at)}) for topic, at in _LATEST.list()}
    for each in _SIGN_UPS.list(people=[*people]):
        if each.confirmed_utc is None and actions.find_end(each.asked_utc) > timezone.now():
            words = _("We emailed you a link on %(day)s. Open it and confirm.")
            notes[each.topic] = TopicNote(words % {"day": _say_day(each.asked_utc)}, waiting=True)
        elif each.topic in notes and notes[each.topic].waiting:
            notes.pop(each.topic)
    return notes


def tell_products(people: Sequence[UUID]) -> Mapping[str, TopicNote]:
    """Product → what they registered of it."""
    found = _INSTALLATIONS.list(people=[*people])
    return {
        each.product: TopicNote(_("You registered %(what)s.") % {"what": installations.name(each)}) for each in found
    }


def _say_day(at_utc: datetime) -> str:
    return day_or_moment(timezone.localtime(at_utc).date().isoformat())
