"""Your California Privacy Rights: what they are, the form, and the answer."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from troth import in_force
from troth.california import answering
from troth.california.answering import DisclosureAnswer, ThirdParty
from troth.california.years import year_of
from troth.cases import actions as cases
from troth.cases.models import Case
from troth.cases.rights import show_form
from troth.collection import forms
from troth.headers import make_private, save_as
from troth.paper import paper
from troth.paper.blocks import TextBlock, heading, paragraph, table
from troth.security import hops
from troth.security.links import Link
from troth.security.models import User
from troth.site import site

PLACE, PROMISE = "form.privacy", "california.disclosures"


@require_safe
def rights(request: HttpRequest) -> HttpResponse:
    """Who may request, what they get, and the three ways to request."""
    if PROMISE not in in_force.policy().promises:
        raise Http404("The policy states no answer under § 1798.83.")
    context = {
        "year": year_of(timezone.now(), site().brand.zone),
        "asks": PLACE in in_force.policy().collects,
        "kind": answering.DISCLOSURES,
        "customer": getattr(request.user, "person_id", None) is not None,
    }
    return render(request, "california/rights.html", context)


# Exempt from Django's check, which needs a session: the form's own nonce and the browser's Origin replace it.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """The form."""
    return show_form(
        request, answering.DISCLOSURES, place=PLACE, template="california/ask.html", button=_("Request disclosures")
    )


# As above; the link is the secret.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@hops.by_link("case")
def answer(request: HttpRequest, link: Link) -> HttpResponse:
    """The answer behind the mailed link; its button proves the address first."""
    case = answering.DISCLOSURES.rows().filter(pk=link.request).first() if link.request else None
    if case is None:
        return hops.show_gone(request)
    if request.method == "POST" and request.POST.get("do") == "verify" and forms.from_our_page(request):
        case = cases.verify(case.id, at_utc=timezone.now(), way="mailed link")
    return _show(request, case)


@require_safe
def own_answer(request: HttpRequest, number: str) -> HttpResponse:
    """The answer when signed in; other people's requests are not found."""
    user = request.user
    found = answering.DISCLOSURES.rows().filter(number=number).first() if isinstance(user, User) else None
    if found is None or found.account is None or found.account != user.pk:
        raise Http404("There is no such request of yours.")
    return _show(request, found, own=True)


def _show(request: HttpRequest, case: Case, *, own: bool = False) -> HttpResponse:
    told = answering.answer_of(case) if case.state == Case.ANSWERED else None
    if told is not None and "pdf" in (request.GET.get("as"), request.POST.get("as")):
        file = HttpResponse(_as_pdf(told), content_type="application/pdf")
        return make_private(save_as(file, f"disclosures-{told.year}.pdf"))
    context = {
        "case": case,
        "answer": told,
        "action": hops.address(request),
        "unverified": case.state == Case.UNVERIFIED,
        "own": own,
    }
    return make_private(render(request, "california/answer.html", context))


def _as_pdf(told: DisclosureAnswer) -> bytes:
    policy = in_force.policy()
    title = _("Disclosures for direct marketing in %(year)d") % {"year": told.year}
    sender = paragraph(", ".join(policy.letterhead))
    return paper(title, [sender, *_blocks(told)])


def _blocks(told: DisclosureAnswer) -> list[TextBlock]:
    header = [_("Third party"), _("Address"), _("As"), _("Categories")]
    none = _("None: in %(year)d we disclosed nothing about you to third parties for their direct marketing.")
    marketing = (
        table(header, map(_row, told.for_marketing)) if told.for_marketing else paragraph(none % {"year": told.year})
    )
    voluntary = [
        paragraph(_("The statute covers personal, family or household relationships. This answer is voluntary."))
    ]
    return [
        *(voluntary if told.voluntary else []),
        marketing,
        heading(_("Other third parties, not for their marketing")),
        table(header, map(_row, told.others)),
    ]


def _row(party: ThirdParty) -> list[str]:
    return [party.name, party.address, party.as_what, ", ".join(party.categories)]
