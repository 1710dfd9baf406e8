"""The quote page. Its receipt is shown by `access`, which asks every room."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from troth.collection import forms
from troth.site import site
from troth.text import code
from troth.uses.quotes import actions


# Exempt from Django's check, which needs a session: the form's own nonce and the browser's Origin are in its place.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@forms.takes_files
def ask(request: HttpRequest) -> HttpResponse:
    """The form for a quote or service; ?product= and ?need= fill it in."""
    asked = {name: code(request.GET.get(name, "")) for name in ("product", "edition", "need")}
    page = forms.FormPage(
        place="form.quote",
        template="quotes/ask.html",
        record=actions.record,
        lists=site().offer_lists(),
        initial={name: value for name, value in asked.items() if value},
        check=_check_edition,
        context={"product": site().products.get(asked["product"])},
    )
    return forms.answer(request, page)


def _check_edition(form: forms.PolicyForm) -> None:
    """An edition needs its product, and not every product has every edition."""
    product = site().products.get(form.values.get("product", ""))
    edition = form.values.get("edition", "")
    if edition and (product is None or product.edition(edition) is None):
        named = product.name if product else _("no product")
        form.add_error(
            "edition",
            _("%(product)s isn’t available in this edition. Choose another, or leave it blank.") % {"product": named},
        )
