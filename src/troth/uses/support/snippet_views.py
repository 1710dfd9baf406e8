"""The console's page of snippets: all of them, each with its form, and a form for a new one."""

from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from troth import in_force
from troth.cases.kinds import kinds
from troth.desk import notices
from troth.desk.acts import WAS, snippets
from troth.desk.acts.snippets import FIELDS, LANGUAGES, SnippetProblem
from troth.desk.done import DoneKind, DoneNotice, PerformedAct
from troth.desk.models import Snippet
from troth.desk.staff import ANSWER, READ, may, staff_name, staff_only, user_of
from troth.desk.turns import in_turn
from troth.security.actors import find_username
from troth.security.models import User
from troth.text import code
from troth.words.values import moment

SAVED, DELETED = "support/snippet saved", "support/snippet deleted"


def may_write(user: User) -> bool:
    """Whether the user answers requests of a kind that is talked about, or writes to many about topics."""
    to_many = [each.id for each in in_force.policy().purposes.values() if each.topics or each.topics_of]
    answers = any(may(user, ANSWER, kind.purpose) for kind in kinds().values() if kind.talks)
    return answers or any(may(user, READ, purpose) for purpose in to_many)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def snippets_page(request: HttpRequest) -> HttpResponse:
    if not may_write(user_of(request)):
        raise Http404("Snippets are written by those who answer requests.")
    if request.method != "POST":
        return _show(request)
    with in_turn(f"snippet {code(request.POST.get('id', ''))}"):
        return _change(request)


def _change(request: HttpRequest) -> HttpResponse:
    """Saves or deletes the one that was sent."""
    id = code(request.POST.get("id", ""))
    snippet = Snippet.objects.filter(pk=int(id) if id.isdecimal() and len(id) < 19 else 0).first() if id else None
    try:
        _compare(request, snippet, asked=id)
        if request.POST.get("do") == "delete" and snippet is not None:
            snippet.delete()
            return _lead_on(request, DELETED, snippet)
        saved = _save(request, snippet)
    except SnippetProblem as problem:
        return _show(request, snippet, problem, status=400)
    return _lead_on(request, SAVED, saved)


def _compare(request: HttpRequest, snippet: Snippet | None, *, asked: str) -> None:
    """Raises  SnippetProblem: it isn't any more as the page showed it, so a colleague's text would be lost unseen."""
    if asked and snippet is None:
        raise SnippetProblem("name", _("A colleague deleted this snippet meanwhile. Save it to add it as a new one."))
    was = code(request.POST.get(f"{WAS}saved", ""))
    if snippet is None or was in ("", snippet.saved_utc.isoformat()):
        return
    said = {"who": staff_name(find_username(snippet.saved_by)), "at": moment(snippet.saved_utc)}
    said["words"] = snippet.words
    changed = _("%(who)s changed this snippet meanwhile, %(at)s. It’s now “%(words)s”. Send it again to do it anyway.")
    raise SnippetProblem("words", changed % said)


def _lead_on(request: HttpRequest, act: str, snippet: Snippet) -> HttpResponse:
    return notices.lead_on(request, PerformedAct(act, (snippet.name,), timezone.now(), request.path))


def _tell_saved(request: HttpRequest, act: PerformedAct) -> DoneNotice:
    return DoneNotice(sentences=(_("You saved the snippet “%(name)s”.") % {"name": act.facts[0]},))


def _tell_deleted(request: HttpRequest, act: PerformedAct) -> DoneNotice:
    return DoneNotice(sentences=(_("You deleted the snippet “%(name)s”.") % {"name": act.facts[0]},))


# Undoing a deletion would need the text, which is too long for an address: its fold says what deleting does.
DONE: Mapping[str, DoneKind] = {SAVED: DoneKind(_tell_saved), DELETED: DoneKind(_tell_deleted)}


def _save(request: HttpRequest, snippet: Snippet | None) -> Snippet:
    """Raises  SnippetProblem."""
    saved = snippet or Snippet()
    for field, text in snippets.read_snippet(request.POST).items():
        setattr(saved, field, text)
    saved.saved_by, saved.saved_utc = user_of(request).who, timezone.now()
    try:
        with transaction.atomic():
            saved.save()
    except IntegrityError as error:
        raise SnippetProblem("name", _("There is a snippet of this name already. Choose another name.")) from error
    return saved


def _show(
    request: HttpRequest, wrong: Snippet | None = None, problem: SnippetProblem | None = None, status: int = 200
) -> HttpResponse:
    typed: Mapping[str, str] = request.POST
    if wrong is not None and "words" not in typed:  # it was to be deleted
        typed = {"name": wrong.name, "language": wrong.language, "words": wrong.words}
    context = {
        "snippets": snippets.list_snippets(),
        "languages": LANGUAGES,
        "fields": FIELDS.items(),
        "problem": problem,
        "wrong": wrong.pk if wrong else 0,
        "typed": typed,
        "most_name": snippets.MOST_OF_NAME,
        "most_words": snippets.MOST_OF_WORDS,
    }
    return render(request, "support/snippets.html", context, status=status)
