"""Planning, replanning and canceling, each in the transaction that changes the cause."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from uuid import UUID, uuid4, uuid5

from troth.due.models import Due
from troth.queries import PreparedQuery, Slot

_PLANNED = PreparedQuery(lambda: Due.objects.filter(about=Slot("about"), what__any=Slot("what")).values_list("pk"))


def plan(what: str, *, about: UUID, steps: Mapping[str, datetime], group: UUID | None = None) -> None:
    """Replaces the plan by these steps. A step whose time has passed is due at once.

    Takes   steps: name → when, the most urgent last; group: with what else they compete, else with each other."""
    cancel(what, about=about)
    Due.objects.bulk_create(_make_steps(what, about, steps, group))


def plan_all(plans: Mapping[str, Mapping[str, datetime]], *, about: UUID, planned: bool) -> None:
    """As `plan` for several, what → steps.   Cost  at most 3 queries, none where nothing is or becomes planned.

    Takes   planned: whether anything about it is planned by now."""
    if planned:
        cancel(*plans, about=about)
    Due.objects.bulk_create(each for what, steps in plans.items() for each in _make_steps(what, about, steps, None))


def cancel(*what: str, about: UUID) -> None:
    """Cancels all steps. A job that was already queued finds nothing to do."""
    found = [id for (id,) in _PLANNED.list(about=about, what=list(what))]
    if found:  # most often there is none, and asking takes a third of the time of deleting
        Due.objects.filter(pk__in=found).delete()


def _make_steps(what: str, about: UUID, steps: Mapping[str, datetime], group: UUID | None) -> Iterator[Due]:
    for urgency, (step, at_utc) in enumerate(steps.items()):
        yield Due(
            id=uuid4(),
            what=what,
            about=about,
            step=step,
            at_utc=at_utc,
            urgency=urgency,
            group=group or uuid5(about, what),
        )
