"""Whether single letters act in the console's lists: each member of staff has them on or off."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from troth.desk.models import DeskSetting
from troth.desk.staff import user_of
from troth.headers import see_other
from troth.text import code


def change(request: HttpRequest) -> HttpResponse | None:
    """The list again, where the form of its letter keys was sent."""
    if not (keys := code(request.POST.get("keys", ""))):
        return None
    DeskSetting.objects.update_or_create(user=user_of(request), defaults={"letter_keys": keys != "off"})
    return see_other(request.get_full_path())


def describe(request: HttpRequest, *, address: str) -> dict[str, Any]:
    """What the template of the keys needs on a list that has no views, with its address.   Cost  1 query"""
    off = DeskSetting.objects.filter(user=user_of(request), letter_keys=False).exists()
    return {"letter_keys": not off, "work": {"address": address}}
