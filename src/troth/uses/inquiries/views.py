"""The contact form and the form to register an interest."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from troth.collection import forms
from troth.site import site
from troth.text import code
from troth.uses.inquiries import actions
from troth.words import promises


# Exempt from Django's check, which needs a session: the form's own nonce and the browser's Origin are in its place.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@forms.takes_files
def contact(request: HttpRequest) -> HttpResponse:
    """The form for writing to us."""
    words = {
        "title": _("Contact us"),
        "lead": _lead(),
        "button": _("Send message"),
    }
    return forms.answer(request, _page(request, "form.contact", words))


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@forms.takes_files
def register(request: HttpRequest) -> HttpResponse:
    """The form for registering an interest."""
    words = {
        "title": _("Register your interest"),
        "lead": _("Tell us what you want to know more about, and we’ll send you information about it."),
        "button": _("Register interest"),
    }
    return forms.answer(request, _page(request, "form.register", words))


def _lead() -> str:
    within = promises.find_promise(actions.PROMISE)
    if within is None:
        return _("A person reads your message and answers it.")
    return _("A person reads your message and answers within %(time)s.") % {"time": promises.in_words(within)}


def _page(request: HttpRequest, place: str, words: dict[str, str]) -> forms.FormPage:
    products = site().offer_products()
    asked = code(request.GET.get("product", ""))
    return forms.FormPage(
        place=place,
        template="inquiries/ask.html",
        record=actions.record,
        lists={"product": products},
        initial={"product": asked} if asked else {},
        context={
            **words,
            "promise": _("Next, you get a receipt that shows who has your message and how we used your data."),
        },
    )
