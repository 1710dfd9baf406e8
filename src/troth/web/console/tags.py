"""The tags of the console: `{% load console %}`.

{% may "work" as works %}                 whether who is signed in may do this; the same answer that the views give
"""

from django import template
from django.template import Context

from troth.security.models import User
from troth.web.console import staff

register = template.Library()


@register.simple_tag(takes_context=True)
def may(context: Context, act: str, purpose: str = staff.RIGHTS) -> bool:
    """False for whoever is not signed in as staff."""
    user = getattr(context.get("request"), "user", None)
    return isinstance(user, User) and user.is_staff and staff.may(user, act, purpose)
