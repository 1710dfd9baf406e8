"""Answers that staff write again and again: kept once, in a language, with fields that are filled from the request."""

import re
from collections.abc import Mapping, Sequence

from django.http import HttpRequest
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from troth import in_force
from troth.cases.kinds import kind_of
from troth.cases.models import Case
from troth.desk import reading
from troth.desk.acts.panels import panel_of
from troth.desk.models import Snippet
from troth.desk.staff import user_of
from troth.queries import PreparedQuery
from troth.site import site
from troth.text import CannotRead, code, line, lines
from troth.wording import Words
from troth.words.values import last_day

FIELDS: Mapping[str, Words] = {
    "name": gettext_lazy("the person’s name"),
    "company": gettext_lazy("their company"),
    "number": gettext_lazy("number of the request"),
    "product": gettext_lazy("product"),
    "release": gettext_lazy("release in use"),
    "due": gettext_lazy("day by which we answer"),
    "staff": gettext_lazy("your name"),
    "us": gettext_lazy("our name"),
}
LANGUAGES: Sequence[tuple[str, str]] = (
    ("en", "English"),
    ("de", "Deutsch"),
    ("es", "Español"),
    ("fr", "Français"),
    ("it", "Italiano"),
    ("ja", "日本語"),
    ("nl", "Nederlands"),
    ("pl", "Polski"),
    ("pt", "Português"),
    ("zh", "中文"),
)
"""Languages of snippets: code and name."""
MOST_OF_NAME, MOST_OF_WORDS = 60, 4_000
_ALL = PreparedQuery(lambda: Snippet.objects.all())
_FIELD = re.compile(r"\{([^{}\s]{1,30})\}")


class SnippetProblem(Exception):
    """A snippet can't be saved; the sentence says why, and `field` beside which it is."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


def list_snippets() -> list[Snippet]:
    """All of them, those in the page's language first."""
    language = (get_language() or "en").partition("-")[0]
    return sorted(_ALL.list(), key=lambda each: (each.language != language, each.language, each.name))


def read_snippet(sent: Mapping[str, str]) -> dict[str, str]:
    """What was typed into the form of a snippet.   Raises  SnippetProblem."""
    name = _read(line, sent, "name", MOST_OF_NAME, _("Enter a name for this snippet, up to 60 characters."))
    words = _read(lines, sent, "words", MOST_OF_WORDS, _("Enter the text of this snippet, up to 4,000 characters."))
    language = code(sent.get("language", ""))
    if language not in dict(LANGUAGES):
        raise SnippetProblem("language", _("Choose a language from the list."))
    if unknown := sorted(set(_FIELD.findall(words)) - FIELDS.keys()):
        wrong = {"field": f"{{{unknown[0]}}}", "fields": ", ".join(f"{{{each}}}" for each in FIELDS)}
        raise SnippetProblem("words", _("There is no field %(field)s. Use one of these: %(fields)s.") % wrong)
    return {"name": name, "language": language, "words": words}


def fill(words: str, values: Mapping[str, str]) -> str:
    """The text with its fields filled. A field that the request has no value for stays, for its writer to fill in."""
    return _FIELD.sub(lambda found: values.get(found[1], "") or found[0], words)


def find_unfilled(words: str) -> str:
    """The first field in an answer that nobody filled in; "" for none."""
    return next((found[0] for found in _FIELD.finditer(words) if found[1] in FIELDS), "")


def find_values(request: HttpRequest, case: Case) -> Mapping[str, str]:
    """Field → value for this request; of the person, only what was read of it in this session."""
    own = panel_of(case).fields
    user = user_of(request)
    return {
        **reading.reread_values(request, case, purpose=case.purpose),
        "number": case.number,
        "due": last_day(case.due_utc) if kind_of(case).promise or case.law_utc else "",
        "staff": user.display_name or user.username,
        "us": in_force.policy().short_name or site().brand.name,
        **(own(case) if own else {}),
    }


def _read(read: object, sent: Mapping[str, str], field: str, most: int, sentence: str) -> str:
    assert callable(read)
    try:
        text = str(read(sent.get(field, ""), most=most))
    except CannotRead as problem:
        raise SnippetProblem(field, str(problem)) from problem
    if not text.strip():
        raise SnippetProblem(field, sentence)
    return text
