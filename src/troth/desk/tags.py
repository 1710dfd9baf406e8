"""The tags of the console: `{% load console %}`.

{% desk_entries as entries %}             the menu, as far as the signed-in user may see it
{% may "work" as works %}                 whether who is signed in may do this; the same answer that the views give
{% work_list lines _("Late") here=number pick=many query=query companies=companies %}   a list: troth.desk.lists.rows
{{ case.regime|in_words }}                a code of a request in words
"""

from collections.abc import Sequence

from django import template
from django.template import Context
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from troth.desk import index, staff
from troth.desk.lists.lines import WorkLine
from troth.desk.lists.neighbors import list_picked
from troth.desk.lists.rows import RowLook, write_list
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
def desk_entries(context: Context) -> tuple[tuple[str, str, bool], ...]:
    """Address and title of each, and whether it is under “More”; nothing for anyone who is not signed in as staff."""
    user = _member(context)
    if user is None:
        return ()
    rooms = [(each.address, str(each.title), each.more) for each in index.desk_entries() if each.shown(user)]
    log = [("/console/activity", _("Activity log"), True)] if staff.may(user, staff.LOG, staff.RIGHTS) else []
    return (*sorted(rooms, key=lambda each: each[2]), *log, ("/console/policy", _("Policy"), True))


@register.simple_tag(takes_context=True)
def work_list(
    context: Context,
    lines: Sequence[WorkLine],
    title: str,
    *,
    query: str = "",
    here: str = "",
    pick: object = None,
    companies: bool = False,
) -> SafeString:
    """As a table.   Takes  here: the number of the request that is opened beside it; pick: rows can be selected"""
    picked = list_picked(context["request"]) if pick else ()
    look = RowLook(query=query, here=here, pick=bool(pick), picked=frozenset(picked), companies=companies)
    return write_list(lines, title, look)


def _member(context: Context) -> User | None:
    user = getattr(context.get("request"), "user", None)
    return user if isinstance(user, User) and user.is_staff else None
