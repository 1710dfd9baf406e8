"""The form."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods
from tests.house.example import actions

from troth.collection import forms
from troth.site import site


# Exempt from Django's check, which needs a session: the form's own nonce and the browser's Origin stand in its place.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    products = [(product.slug, product.name) for product in site().products.values()]
    page = forms.FormPage(
        place="form.support", template="support/ask.html", record=actions.record, lists={"product": products}
    )
    return forms.answer(request, page)
