"""Keeps what people typed when their session ended meanwhile.

    a form arrives without its session   the sign-in page, with what was typed sealed in a hidden field
    signed in, by however many steps     "Return to your form", which takes the field to the page where the form is
    the page                             as always, with the form filled in; nothing has been sent

A form that its view gives back, because its page is too old, is filled in by the same way and at once.

What was typed stays in the person's own page, encrypted, for half an hour. The server keeps nothing of it. Only who
opened the form gets it back: its secret names the account. Passwords, codes and files are never kept.
"""

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from troth.collection.forms import from_our_page, known, read_referrer, returning
from troth.collection.forms.form import ENTER
from troth.headers import see_other
from troth.seal import CannotOpen, vault
from troth.security import crew, form_owner, hops
from troth.security.entrances import SIGNED_OUT, Entrance, address_of
from troth.text import CannotRead, read_json
from troth.web.refill import RefilledPage, refill

FIELD = "sealed_form"
LASTING = timedelta(minutes=30)
NEVER_KEPT = frozenset({"password", "present", "code", "csrfmiddlewaretoken", hops.FIELD, FIELD, ENTER})
"""Names of fields that are gone with the request: secrets of people, and of our forms."""
RENEWED = "troth.renewed"
"""In a request's META: the form is the user's own, from an earlier session."""
_MOST_BYTES = 400_000
_USE = "typed before signing in"
_MAIN = '<main id="main" class="frame">'

Answer = Callable[[HttpRequest], HttpResponseBase]


@dataclass(frozen=True)
class TypedForm:
    """What was sent: from which page, where to, and the fields. `secret` names whose form it is, `session` which.

    `files`: whether files were chosen, which are not kept"""

    page: str
    action: str
    fields: Mapping[str, list[str]]
    secret: str
    session: str
    at: float
    files: bool = False


def keep_typed(answer: Answer) -> Answer:
    """Within sessions and users, around the views."""

    def keeping(request: HttpRequest) -> HttpResponseBase:
        if request.method != "POST":
            return answer(request)
        sealed = find_sealed(request)
        if sealed and request.path not in _entrances():
            return _return_to_form(request, sealed, answer)
        typed = None if sealed or request.path in _entrances() else _read(request)
        if ENTER in request.POST and (there := lead_to_sign_in(request)):
            return _show_entrance(request, see_other(there), seal(typed) if typed else "", answer)
        response = answer(request)
        if sealed:
            return _lead_on(request, response, sealed, answer)
        if returning.is_returned(request) or (request.META.get(hops.GONE) and from_our_page(request)):
            return _fill_again(request, response)
        return _ask_first(request, response, typed, answer) if typed else response

    return keeping


def find_sealed(request: HttpRequest) -> str:
    """What the page of an entrance carries along; empty where nothing was typed before it."""
    return str(request.META.get(FIELD) or request.POST.get(FIELD, ""))


def lead_to_sign_in(request: HttpRequest) -> str:
    """Where a form goes whose session ended; empty for one that is not of our pages."""
    if not from_our_page(request) or request.user.is_authenticated:
        return ""
    staff = request.path.startswith("/console/") or crew.has_opened(request)
    entrance = Entrance.STAFF if staff else Entrance.SIGN_IN
    if request.path in (address_of(Entrance.SIGN_OUT), address_of(Entrance.STAFF_OUT)):
        return f"{address_of(entrance)}?{SIGNED_OUT}"  # it was to end, and it has
    return f"{address_of(entrance)}?{urlencode({'next': _page_of(request)})}"


def _entrances() -> tuple[str, ...]:
    """The pages that people pass before they come back; a code is asked for below the first."""
    sign_in = address_of(Entrance.SIGN_IN)
    steps = (sign_in, f"{sign_in}code/", f"{sign_in}passkey", f"{sign_in}passkey/options")
    return *steps, address_of(Entrance.STAFF), address_of(Entrance.AGAIN)


def _read(request: HttpRequest) -> TypedForm | None:
    """What was sent by one of our forms that says whose it is; read before the view may end the session."""
    secret = form_owner.read_secret(request)
    navigates = request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
    if not (secret and navigates and from_our_page(request)):
        return None
    fields = _list_fields(request)
    bound = known.bind_to_session(request)
    now, files = timezone.now().timestamp(), any(request.FILES.values())
    return TypedForm(_page_of(request), request.path, fields, secret, bound, now, files)


def _list_fields(request: HttpRequest) -> dict[str, list[str]]:
    return {name: list(values) for name, values in request.POST.lists() if name not in NEVER_KEPT}


def _page_of(request: HttpRequest) -> str:
    """The page with the form."""
    came = read_referrer(request)
    if came.netloc != request.get_host() or came.path in ("", *_entrances()):
        return request.get_full_path()
    return came.path + (f"?{came.query}" if came.query else "")


def _ask_first(request: HttpRequest, response: HttpResponseBase, typed: TypedForm, answer: Answer) -> HttpResponseBase:
    """The page of the entrance that the view leads to, instead of a way there on which everything is lost."""
    if request.META.pop(RENEWED, False):
        return _offer(request, response, seal(typed), typed)
    there = urlsplit(response.headers.get("Location", ""))
    if there.path not in _entrances() or "next" not in parse_qs(there.query):
        return response
    return _show_entrance(request, response, seal(typed), answer)


def _show_entrance(request: HttpRequest, response: HttpResponseBase, sealed: str, answer: Answer) -> HttpResponseBase:
    _turn(request, response.headers["Location"])
    request.META[FIELD] = sealed
    page = answer(request)
    page.status_code = 403 if page.status_code == 200 else page.status_code
    return _with_cookies(page, response)


def _lead_on(request: HttpRequest, response: HttpResponseBase, sealed: str, answer: Answer) -> HttpResponseBase:
    """After a step of signing in: the next step, or the way back to the form for its owner."""
    if response.status_code not in (302, 303):
        return response  # the page again, with what is wrong
    if not request.user.is_authenticated:
        _turn(request, response.headers["Location"])
        request.META[FIELD] = sealed
        return _with_cookies(answer(request), response)
    typed = open_sealed(request.user, sealed, at_utc=timezone.now())
    return _offer(request, response, sealed, typed) if typed else response


def _offer(request: HttpRequest, response: HttpResponseBase, sealed: str, typed: TypedForm) -> HttpResponseBase:
    page = render(request, "web/return.html", {"page": typed.page, "sealed": sealed})
    page.headers["Cache-Control"] = "no-store, private"
    return _with_cookies(page, response)


def _return_to_form(request: HttpRequest, sealed: str, answer: Answer) -> HttpResponseBase:
    """The page with its form filled in; for whom it isn't from, the page."""
    typed = open_sealed(request.user, sealed, at_utc=timezone.now())
    if typed is None:
        _turn(request, request.get_full_path())
        return answer(request)
    if request.path != urlsplit(typed.page).path:
        return _offer(request, HttpResponse(), sealed, typed)
    told = _is_shown_again(request, typed)
    if told:
        _turn(request, typed.action, fields=typed.fields)
    else:
        _turn(request, typed.page)
    response = answer(request)
    if urlsplit(response.headers.get("Location", "")).path in _entrances():
        return _show_entrance(request, response, sealed, answer)
    return _fill(request, response, typed, told=told)


def _is_shown_again(request: HttpRequest, typed: TypedForm) -> bool:
    """Whether its view shows what was sent, does nothing and says so: the form's nonce names a session that ended."""
    try:
        view = resolve(typed.action).func
    except Resolver404:
        return False
    ended = typed.session != known.bind_to_session(request)
    return ended and bool(typed.fields.get("nonce")) and bool(getattr(view, "csrf_exempt", False))


def _fill(request: HttpRequest, response: HttpResponseBase, typed: TypedForm, *, told: bool) -> HttpResponseBase:
    """The page with its form filled in.   Takes  told: whether its view says already that nothing was sent"""
    if not isinstance(response, HttpResponse) or "text/html" not in response.headers.get("Content-Type", ""):
        return response
    text = response.content.decode()
    page = refill(text, action=typed.action, here=urlsplit(typed.page).path, typed=typed.fields)
    left = _list_left(typed.fields, page)
    if told and not left and not typed.files:
        notice = ""
    else:
        context = {"told": told, "left": left, "page": page, "files": typed.files}
        notice = render_to_string("web/parts/returned.html", context, request)
    response.content = _insert(page, notice)
    return response


def _fill_again(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """The page of a view that did nothing and says so, with its form filled in; without the form, what was in it."""
    if not isinstance(response, HttpResponse):
        return response
    gone, typed = request.META.get(hops.GONE), _list_fields(request)
    here = request.path if gone else hops.address(request)  # the page of a secret may have no address without it
    page = refill(response.content.decode(), action=here, here=here, typed=typed)
    left = [] if page.fields else _list_left(typed, page)
    notice = render_to_string("web/parts/returned.html", {"told": True, "lost": True, "left": left}, request)
    response.content = _insert(page, notice if left else "")
    return response


def _list_left(typed: Mapping[str, list[str]], page: RefilledPage) -> list[str]:
    """What a person typed into fields that the page's form doesn't have."""
    others = (values for name, values in typed.items() if name not in page.fields)
    return [value for values in others for value in values if _is_text(value)]


def _insert(page: RefilledPage, notice: str) -> str:
    """Where it is seen: before the form, or first of all."""
    at = page.at or page.text.find(_MAIN) + len(_MAIN)
    return page.text[:at] + notice + page.text[at:]


def _is_text(value: str) -> bool:
    """Whether a person typed it, and no button or hidden field from us."""
    return any(sign.isspace() or sign == "@" for sign in value)


def _turn(request: HttpRequest, address: str, *, fields: Mapping[str, list[str]] | None = None) -> None:
    """The request as if this page was asked for, or these fields were sent there."""
    there, sent = urlsplit(address), QueryDict(mutable=True)
    for name, values in (fields or {}).items():
        sent.setlist(name, values)
    request.method = "GET" if fields is None else "POST"
    request.META.update(REQUEST_METHOD=request.method, QUERY_STRING=there.query, PATH_INFO=there.path)
    request.path = request.path_info = there.path
    request.GET = QueryDict(there.query)
    request._post, request._files = sent, MultiValueDict()  # type: ignore[attr-defined]


def _with_cookies(page: HttpResponseBase, former: HttpResponseBase) -> HttpResponseBase:
    for name, cookie in former.cookies.items():
        page.cookies.setdefault(name, cookie)
    return page


def seal(typed: TypedForm) -> str:
    """Empty for what is too long to be carried along."""
    plain = json.dumps(asdict(typed)).encode()
    return base64.urlsafe_b64encode(vault().hide(_USE, plain)).decode() if len(plain) <= _MOST_BYTES else ""


def open_sealed(user: object, sealed: str, *, at_utc: datetime) -> TypedForm | None:
    """What was typed, for the person who typed it; None for others, and after half an hour."""
    try:
        typed = TypedForm(**read_json(vault().show(_USE, base64.urlsafe_b64decode(sealed)), most=_MOST_BYTES))
    except (CannotOpen, CannotRead, binascii.Error, ValueError):
        return None
    recent = at_utc.timestamp() - typed.at <= LASTING.total_seconds()
    return typed if recent and form_owner.is_owner(user, typed.secret) else None
