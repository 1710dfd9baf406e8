"""A confirmation page for an act that can't be undone: whom it affects, and how."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from troth.desk import reading
from troth.desk.acts import DeskAct
from troth.desk.staff import READ, may, user_of


def ask_once(request: HttpRequest, asked: Any, act: DeskAct, *, purpose: str) -> HttpResponse:
    """The confirmation page. Nothing is done yet; the form's values are in it and sent again with the answer."""
    values = act.read(request.POST, asked).values
    reads = asked.person_id is not None and may(user_of(request), READ, purpose)
    context = {
        "opened": asked,
        "act": act,
        "button": act.title(asked),
        "effect": act.effect(asked, values) if act.effect else "",
        "values": values.items(),
        "person": reading.read_who(request, asked, purpose=purpose) if reads else "",
    }
    return render(request, "console/confirm.html", context)
