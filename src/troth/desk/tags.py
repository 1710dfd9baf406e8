"""The tags of the console: `{% load console %}`.

{% desk_entries as entries %}             the menu, as far as the signed-in user may see it
{% may "work" as works %}                 whether who is signed in may do this; the same answer that the views give
{{ case.regime|in_words }}                a code of a request in words
"""

from django import template
from django.template import Context

from troth.desk import index, staff
from troth.desk.room import DeskEntry
from troth.security.models import User
from troth.words import codes, values

register = template.Library()
register.filter("in_words", codes.in_words)
register.filter("last_day", values.last_day)
register.filter("last_moment", values.last_moment)


@register.simple_tag(takes_context=True)
def may(context: Context, act: str, purpose: str = staff.RIGHTS) -> bool:
    """False for anyone who is not signed in as staff."""
    user = _member(context)
    return user is not None and staff.may(user, act, purpose)


@register.simple_tag(takes_context=True)
def desk_entries(context: Context) -> list[DeskEntry]:
    """Nothing for anyone who is not signed in as staff."""
    user = _member(context)
    return [entry for entry in index.desk_entries() if entry.shown(user)] if user else []


def _member(context: Context) -> User | None:
    user = getattr(context.get("request"), "user", None)
    return user if isinstance(user, User) and user.is_staff else None
