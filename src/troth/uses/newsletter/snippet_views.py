"""The console's page of snippets: each by name and language, and the form that adds or changes one."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from troth.composing import Composed, compose
from troth.desk.staff import staff_only, user_of
from troth.outbox.emails import EmailKind
from troth.text import CannotRead, code, line, lines
from troth.uses.newsletter import desk, wording
from troth.uses.newsletter.models import Snippet

_MOST = 200


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def snippets(request: HttpRequest) -> HttpResponse:
    """All snippets, and the form. A name and language that exist are changed."""
    if not desk.may_write(user_of(request)):
        raise Http404("Snippets are for the staff who write newsletters or notices.")
    if request.method != "POST":
        return _show(request, _open(code(request.GET.get("language", "")), request.GET), {})
    typed, errors = read_typed(request.POST)
    if errors:
        return _show(request, typed, errors, status=400)
    wording.keep_snippet(**typed, who=f"staff:{user_of(request).username}", at_utc=timezone.now())
    return HttpResponseRedirect(request.path, status=303)


def read_typed(sent: QueryDict) -> tuple[dict[str, str], dict[str, str]]:
    """Name, language and text, and what is wrong beside which. A snippet holds no offer: notices use it, too."""
    typed, errors = {"name": "", "language": code(sent.get("language", "")), "text": ""}, dict[str, str]()
    for name, read in (("name", line), ("text", lines)):
        try:
            typed[name] = read(sent.get(name, ""))
        except CannotRead as problem:
            errors[name] = str(problem)
    if typed["language"] not in dict(desk.list_languages()):
        errors["language"] = _("Choose a language from the list.")
    if not typed["name"]:
        errors["name"] = _("Enter a name.")
    composed = compose(_("Snippet"), typed["text"], kind=EmailKind.SERVICE)
    if not isinstance(composed, Composed):
        errors["text"] = composed[0].sentence
    return typed, errors


def _open(language: str, asked: QueryDict) -> dict[str, str]:
    """The snippet that a link of the list names, to be changed."""
    name = line(asked.get("name", "")) if asked.get("name", "").isprintable() else ""
    found = Snippet.objects.filter(name=name, language=language).first()
    return {"name": found.name, "language": found.language, "text": found.text} if found else {"language": language}


def _show(request: HttpRequest, typed: dict[str, str], errors: dict[str, str], *, status: int = 200) -> HttpResponse:
    languages = desk.list_languages()
    names = dict(languages)
    rows = [(each, names.get(each.language, each.language)) for each in Snippet.objects.order_by("name")[:_MOST]]
    context = {"rows": rows, "typed": typed, "errors": errors, "languages": languages}
    return render(request, "newsletter/snippets.html", context, status=status)
