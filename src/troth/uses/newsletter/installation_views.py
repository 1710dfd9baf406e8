"""Registering an installation: the visitor's form."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from troth import in_force
from troth.collection import forms
from troth.text import code
from troth.uses.newsletter import installations
from troth.uses.newsletter.registering import list_choices
from troth.uses.newsletter.topics import UPDATES


# Exempt from Django's check, which needs a session: the form's own nonce and the browser's Origin are in its place.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """The form; ?product= chooses what the visitor came from. 404 where the policy states no notices about products."""
    if UPDATES not in in_force.policy().purposes:
        raise Http404("The policy states no notices about products.")
    asked = code(request.GET.get("product", ""))
    page = forms.FormPage(
        place=installations.PLACE,
        template="newsletter/register.html",
        record=installations.record,
        lists=list_choices(),
        initial={"product": asked} if asked else {},
    )
    return forms.answer(request, page)
