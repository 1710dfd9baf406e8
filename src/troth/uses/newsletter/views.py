"""Signing up and confirming. Only a pressed button acts: mail programs open links, and no page sends itself."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from troth.collection import forms
from troth.security import hops, proofs
from troth.security.mailed import ERASED, USE
from troth.text import code
from troth.uses.newsletter import actions, topics
from troth.uses.newsletter.models import SignUp

PLACE = "form.news"


# Exempt from Django's check, which needs a session: the form's own nonce and the browser's Origin are in its place.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    """The form for signing up; ?topic= chooses what the visitor came from."""
    asked = code(request.GET.get("topic", ""))
    page = forms.FormPage(
        place=PLACE,
        template="newsletter/sign_up.html",
        record=actions.record,
        initial={"news": topics.title_of(asked)} if asked else {},
    )
    return forms.answer(request, page)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@hops.by_proof(proofs.NEWSLETTER)
def confirm(request: HttpRequest, proof: proofs.Proof) -> HttpResponse:
    """The question with its button; after the button, what begins now."""
    found = SignUp.objects.filter(pk=proof.pk).first()
    if found is None:
        return hops.show_gone(request, ERASED)
    context = {
        "topic": topics.title_of(found.topic),
        "consent": topics.word_consent(found.topic).partition("\n")[0],
        "quotation": topics.word_consent(found.topic).partition("\n")[2],
        "all_off": actions.has_opted_out(found.person_id),
    }
    if request.method != "POST" or "do" not in request.POST:
        return render(request, "newsletter/confirm.html", context)
    if not forms.from_our_page(request):
        return render(request, "newsletter/confirm.html", context | {"error": True}, status=403)
    if actions.confirm(proof, at_utc=timezone.now()) is None:
        return hops.show_gone(request, USE)
    return render(request, "newsletter/confirmed.html", context)
