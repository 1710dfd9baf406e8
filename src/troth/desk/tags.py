"""The tags of the console: `{% load console %}`.

{% work_lists as lists %}                 the work lists of all rooms
{% may "work" as works %}                 whether who is signed in may do this; the same answer that the views give
{% looks_up as looks_people_up %}         whether who is signed in may read somebody's data for any purpose
{{ case.regime|in_words }}                a code of a request in words
"""

from django import template
from django.template import Context

from troth.desk import index, staff
from troth.desk.worklist import WorkList
from troth.security.models import User
from troth.words import codes

register = template.Library()
register.filter("in_words", codes.in_words)


@register.simple_tag(takes_context=True)
def may(context: Context, act: str, purpose: str = staff.RIGHTS) -> bool:
    """False for whoever is not signed in as staff."""
    user = _member(context)
    return user is not None and staff.may(user, act, purpose)


@register.simple_tag(takes_context=True)
def looks_up(context: Context) -> bool:
    """False for whoever is not signed in as staff."""
    user = _member(context)
    return user is not None and bool(staff.readable(user))


def _member(context: Context) -> User | None:
    user = getattr(context.get("request"), "user", None)
    return user if isinstance(user, User) and user.is_staff else None


@register.simple_tag
def work_lists() -> tuple[WorkList, ...]:
    return index.work_lists()
