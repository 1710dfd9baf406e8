"""Signing up and confirming. Only a pressed button acts: mail programs open links, and no page sends itself."""

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from troth import in_force
from troth.collection import forms
from troth.policy.meaning import MARKETING
from troth.security import hops, proofs
from troth.security.mailed import ERASED, USE
from troth.site import site
from troth.text import code
from troth.uses.newsletter import actions, issues, topics
from troth.uses.newsletter.models import Issue, SignUp

PLACE, NOTICES_PLACE = topics.SIGNED_UP


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
        lists={"product": site().offer_products()},
        initial={"news": topics.title_of(asked)} if asked else {},
        first="news",
    )
    return forms.answer(request, page)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up_for_notices(request: HttpRequest) -> HttpResponse:
    """The form for notices about the policy, which needs no account. 404 where the policy confirms none."""
    if topics.CONFIRMED not in in_force.policy().promises:
        raise Http404("The policy states no confirmed notices about it.")
    page = forms.FormPage(place=NOTICES_PLACE, template="newsletter/notices.html", record=actions.record)
    return forms.answer(request, page)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@hops.by_proof(proofs.NEWSLETTER)
def confirm(request: HttpRequest, proof: proofs.Proof) -> HttpResponse:
    """The question with its button; after the button, what begins now."""
    found = SignUp.objects.filter(pk=proof.pk).first()
    if found is None:
        return hops.show_gone(request, ERASED)
    paused = actions.find_pause(found)
    consent, _break, quotation = topics.word_consent(found.purpose, found.topic).partition("\n")
    context = {
        "topic": topics.title_of(found.topic, found.purpose),
        "consent": consent,
        "quotation": quotation,
        "section": in_force.policy().purposes[found.purpose].section,
        "welcome": actions.starts_with_welcome(found),
        "paused": paused,
        "all_off": actions.has_opted_out(found.person_id, found.purpose)
        and not (paused and MARKETING in paused.questions),
    }
    if request.method != "POST" or "do" not in request.POST:
        return render(request, "newsletter/confirm.html", context)
    if not forms.from_our_page(request):
        return render(request, "newsletter/confirm.html", context | {"error": True}, status=403)
    if actions.confirm(proof, at_utc=timezone.now()) is None:
        return hops.show_gone(request, USE)
    return render(request, "newsletter/confirmed.html", context)


@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    """Every issue that was sent, for everyone, with what each topic is about."""
    found = _list_topics_with_issues()
    return render(request, "newsletter/archive.html", {"found": found})


@require_safe
def issue(request: HttpRequest, slug: str) -> HttpResponse:
    """One issue as it was sent, without anyone's name."""
    found = get_object_or_404(_list_sent(), slug=slug)
    others = _list_sent().filter(topic=found.topic)
    context = {
        "issue": found,
        "page": issues.read_page(found),
        "topic": topics.title_of(found.topic),
        "earlier": others.filter(ended_utc__lt=found.ended_utc).first(),
        "later": others.filter(ended_utc__gt=found.ended_utc).last(),
    }
    return render(request, "newsletter/archived.html", context)


@require_safe
def wording(request: HttpRequest, digest: str) -> HttpResponse:
    """The words that a proof names by their SHA-256: as a page, or with ?format=text the very bytes."""
    found = topics.find_wording(digest)
    if found is None:
        raise Http404("No words of ours have this SHA-256.")
    version, words = found
    if code(request.GET.get("format", "")) == "text":
        return HttpResponse(words, content_type="text/plain; charset=utf-8")
    asked, _break, quotation = words.partition("\n")
    context = {"digest": digest, "version": version, "asked": asked, "quotation": quotation}
    return render(request, "newsletter/wording.html", context)


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """The latest issues as an Atom feed; ?topic= names one topic.   Source  RFC 4287"""
    base, topic = settings.TROTH_BASE_URL, code(request.GET.get("topic", ""))
    if topic and topic not in [id for id, _title, _issues in _list_topics_with_issues()]:
        raise Http404("The policy states no such topic.")
    title = topics.title_of(topic) if topic else _("Newsletters of %(name)s") % {"name": in_force.policy().short_name}
    made = Atom1Feed(
        title=title,
        link=f"{base}/newsletters/",
        description="",
        feed_url=f"{base}/newsletters/feed.atom" + (f"?topic={topic}" if topic else ""),
        language=in_force.policy().language,
    )
    for found in (_list_sent().filter(topic=topic) if topic else _list_sent())[:20]:
        _add_to_feed(made, found, base)
    return HttpResponse(made.writeString("utf-8"), content_type=Atom1Feed.content_type)


def _add_to_feed(made: Atom1Feed, found: Issue, base: str) -> None:
    made.add_item(
        title=found.subject,
        link=f"{base}/newsletters/{found.slug}/",
        description=str(issues.read_page(found)),
        unique_id=f"urn:uuid:{found.pk}",
        pubdate=found.ended_utc,
        updateddate=found.ended_utc,
        categories=[topics.title_of(found.topic)],
    )


def _list_sent() -> "QuerySet[Issue]":
    return Issue.objects.filter(purpose=topics.PURPOSE, state=Issue.Stage.SENT).order_by("-ended_utc")


def _list_topics_with_issues() -> list[tuple[str, str, list[Issue]]]:
    """(id, title, issues) of each topic of the policy in force; 404 where it has none."""
    purpose = in_force.policy().purposes.get(topics.PURPOSE)
    if purpose is None or not purpose.topics:
        raise Http404("The policy states no topics of newsletters.")
    sent = list(_list_sent()[:200])
    return [(each.id, each.title, [one for one in sent if one.topic == each.id]) for each in purpose.topics]
