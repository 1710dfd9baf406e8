"""Asking for support."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from troth.collection import forms
from troth.site import site
from troth.text import code
from troth.uses.support import actions
from troth.words import promises


# Exempt from Django's check, which needs a session: the form's own nonce and the browser's Origin are in its place.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@forms.takes_files
def ask(request: HttpRequest) -> HttpResponse:
    """The form for a support case."""
    products = site().offer_products()
    asked = code(request.GET.get("product", ""))
    page = forms.FormPage(
        place="form.support",
        template="support/ask.html",
        record=actions.record,
        lists={"product": products},
        initial={"product": asked} if asked else {},
        context={"lead": _lead()},
    )
    return forms.answer(request, page)


def _lead() -> str:
    within = promises.find_promise(actions.PROMISE)
    if within is None:
        return _("Tell us what happened. Someone on our support team reads it and answers.")
    return _("Tell us what happened. Someone on our support team answers within %(time)s.") % {
        "time": promises.in_words(within)
    }
