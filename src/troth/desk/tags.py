"""The tags of the console: `{% load console %}`.

{% desk_entries as entries %}             the menu, as far as the signed-in user may see it
{% may "work" as works %}                 whether who is signed in may do this; the same answer that the views give
{% work_list lines _("Late") here=number pick=many query=query companies=companies %}   a list: troth.desk.lists.rows
{% message_head message contact policy message.at_utc|moment %}   who wrote it, when, and how it came
{% message_choices messages policy %}     a box for each message, to choose some of them
{{ case.regime|in_words }}                a code of a request in words
"""

from collections.abc import Sequence

from django import template
from django.template import Context
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from troth.cases.thread.reading import ShownMessage
from troth.desk import index, staff
from troth.desk.lists.lines import WorkLine
from troth.desk.lists.neighbors import list_picked
from troth.desk.lists.rows import RowLook, write_list
from troth.desk.reading import Contact
from troth.markup import format_html, format_html_join
from troth.policy.terms import Policy
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


@register.simple_tag
def message_head(message: ShownMessage, contact: Contact, policy: Policy, when: SafeString) -> SafeString:
    """In Python, for a conversation has many.   Takes  contact: who asked, whose company is named beside them"""
    known = message.name and not message.by_staff
    company = contact.company if known and message.name == contact.name else ""
    return format_html(
        '<p class="meta"><strong>{}</strong>{}{} {}, {}{}</p>',
        _name_author(message, policy),
        f" · {message.role_title} ·" if message.role else "",
        f"{f', {company}' if company else ''} · {_('Customer')} ·" if known else "",
        when,
        codes.in_words(message.way),
        f", {_('from %(number)s') % {'number': message.first}}" if message.first else "",
    )


@register.simple_tag
def message_choices(messages: Sequence[ShownMessage], policy: Policy) -> SafeString:
    box = '<label><input type="checkbox" name="parts" value="{}"> <span><strong>{}</strong>, {}: {}</span></label>'
    return format_html_join(
        "", box, ((each.id, _name_author(each, policy), values.moment(each.at_utc), each.start) for each in messages)
    )


def _name_author(message: ShownMessage, policy: Policy) -> str:
    """A member of staff or the vendor, the writer of an email that was added, or the customer."""
    if message.by_staff:
        return message.name or str(policy.short_name)
    return message.writer.title if message.writer else message.name or _("Customer")


def _member(context: Context) -> User | None:
    user = getattr(context.get("request"), "user", None)
    return user if isinstance(user, User) and user.is_staff else None
