"""Forms that their view gives back: nothing was done, and the page has what was entered.

A form of the policy's fields shows it by itself. The page of any other form is filled in by `troth.web.retyping`.
"""

from django.http import HttpRequest

_RETURNED = "troth.returned"


def give_back(request: HttpRequest) -> None:
    """Asks for the form on this request's page to be filled in with what was sent. It must come from our own page."""
    request.META[_RETURNED] = True


def is_returned(request: HttpRequest) -> bool:
    """Whether a view gave the form back."""
    return bool(request.META.get(_RETURNED))
