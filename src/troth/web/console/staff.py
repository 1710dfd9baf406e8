"""Who may enter the console, and who may read for a purpose: the policy says which staff receive it."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from troth import gate
from troth.security.models import User

View = Callable[..., HttpResponse]


def staff_only(view: View) -> View:
    """The page for staff who are signed in; everybody else is sent to sign in first."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not (request.user.is_authenticated and request.user.is_active and request.user.is_staff):
            return HttpResponseRedirect(f"/console/sign-in?{urlencode({'next': request.get_full_path()})}")
        response = view(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store, private"
        return response

    return checked


def user_of(request: HttpRequest) -> User:
    """The member of staff behind a page that `staff_only` guards."""
    assert isinstance(request.user, User)
    return request.user


def may_assign(user: User) -> bool:
    """True for those who decide whose a request is."""
    return user.role in ("sales", "admin")


def may_read(user: User, purpose: str) -> bool:
    """True if the policy names the user's role as a recipient of the purpose."""
    stated = gate.policy().purposes.get(purpose)
    return stated is not None and f"staff.{user.role}" in stated.recipients
