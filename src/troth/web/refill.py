"""One of our pages with a form filled in again: the same fields, as they were entered."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from urllib.parse import urlsplit

Typed = Mapping[str, Sequence[str]]
Attributes = dict[str, str | None]
_FRESH = frozenset({"csrfmiddlewaretoken", "nonce", "was", "new"})
"""Hidden fields with a new value on each page."""
_NEVER = frozenset({"hidden", "password", "file", "submit", "button", "image", "reset"})
_WAS = "was"
"""Hidden fields that say which boxes were ticked when the page was made."""


@dataclass
class _Tag:
    """One start tag of the page, and where its text is. `inside` is the text of a textarea: from, to."""

    name: str
    attributes: Attributes
    at: int
    end: int
    inside: tuple[int, int] = (0, 0)
    select: str = ""

    @property
    def field(self) -> str:
        return self.attributes.get("name") or ""


@dataclass
class _Form:
    tag: _Tag
    folds: list[_Tag]
    tags: list[_Tag] = field(default_factory=list)

    def list_hidden(self) -> dict[str, str]:
        found = {each.field: each.attributes.get("value") or "" for each in self.tags if _type(each) == "hidden"}
        return {name: value for name, value in found.items() if name not in _FRESH}

    def is_pressed(self, typed: Typed) -> bool:
        """Whether it has the button that was pressed, where its buttons have values."""
        named = [each for each in self.tags if each.name == "button" and each.field]
        return not named or any((each.attributes.get("value") or "") in typed.get(each.field, ()) for each in named)


@dataclass(frozen=True)
class RefilledPage:
    """The page; the fields that its form has, and those among them that people can see.

    at       where in the text the form begins; 0 if the page has none
    secrets  whether the form asks for what is never kept: a password, a code or a file"""

    text: str
    fields: frozenset[str] = frozenset()
    seen: frozenset[str] = frozenset()
    at: int = 0
    secrets: bool = False


def refill(page: str, *, action: str, here: str, typed: Typed) -> RefilledPage:
    """The page with its form of this action filled in; as it was if it has no such form.

    Takes  here: the address of the page, where forms without an action go"""
    reader = _Reader(page)
    fitting = [form for form in reader.forms if _fits(form, action=action, here=here, typed=typed)]
    if not fitting:
        return RefilledPage(page)
    best = max(fitting, key=lambda form: sum(each.field in typed for each in form.tags))
    filled = [each for each in best.tags if each.field in typed]
    seen = frozenset(each.field for each in filled if each.name != "button" and _type(each) not in _NEVER)
    edits = list(_edit(best, typed))
    at = best.tag.at + sum(len(new) - (end - start) for start, end, new in edits if start < best.tag.at)
    names = frozenset(each.field for each in filled)
    return RefilledPage(_apply(page, edits), names, seen, at=at, secrets=any(map(_is_secret, best.tags)))


def _fits(form: _Form, *, action: str, here: str, typed: Typed) -> bool:
    goes_to = urlsplit(form.tag.attributes.get("action") or here).path
    same = all(value in typed.get(name, ()) for name, value in form.list_hidden().items() if name in typed)
    return goes_to == action and same and form.is_pressed(typed)


def _edit(form: _Form, typed: Typed) -> Iterator[tuple[int, int, str]]:
    """From, to, and what replaces it."""
    for fold in form.folds:
        yield fold.at, fold.end, _write(fold.name, {**fold.attributes, "open": None})
    for each in form.tags:
        if each.name == "textarea" and each.field in typed:
            yield *each.inside, "\n" + escape(typed[each.field][0])  # the first line break of a textarea isn't its own
        elif each.name == "option" and each.select in typed:
            yield each.at, each.end, _mark(each, "selected", yes=_value(each) in typed[each.select])
        elif each.name == "input" and each.field and _type(each) not in _NEVER and not _was_left(form, each, typed):
            yield from _fill(each, typed)


def _was_left(form: _Form, each: _Tag, typed: Typed) -> bool:
    """Whether it is a box that the person left as it was: it stays as it is by now, if it was changed elsewhere."""
    if _type(each) != "checkbox" or not (_WAS in typed or any(tag.field == _WAS for tag in form.tags)):
        return False
    value = each.attributes.get("value") or "on"
    return (value in typed.get(_WAS, ())) is (value in typed.get(each.field, ()))


def _fill(each: _Tag, typed: Typed) -> Iterator[tuple[int, int, str]]:
    if _type(each) in ("checkbox", "radio"):
        # What isn't checked isn't sent: in the form that was sent, no value means no.
        yes = (each.attributes.get("value") or "on") in typed.get(each.field, ())
        yield each.at, each.end, _mark(each, "checked", yes=yes)
    elif each.field in typed:
        yield each.at, each.end, _write(each.name, {**each.attributes, "value": typed[each.field][0]})


def _apply(page: str, edits: list[tuple[int, int, str]]) -> str:
    for start, end, instead in sorted(edits, reverse=True):
        page = page[:start] + instead + page[end:]
    return page


def _mark(tag: _Tag, mark: str, *, yes: bool) -> str:
    others = {name: value for name, value in tag.attributes.items() if name != mark}
    return _write(tag.name, {**others, mark: None} if yes else others)


def _write(name: str, attributes: Attributes) -> str:
    said = (key if value is None else f'{key}="{escape(value)}"' for key, value in attributes.items())
    return f"<{' '.join((name, *said))}>"


def _type(tag: _Tag) -> str:
    return (tag.attributes.get("type") or "text").lower() if tag.name == "input" else ""


def _is_secret(tag: _Tag) -> bool:
    return _type(tag) in ("password", "file") or tag.attributes.get("autocomplete") == "one-time-code"


def _value(option: _Tag) -> str:
    return option.attributes.get("value") or ""


class _Reader(HTMLParser):
    """The page's forms, with where each of their fields is."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[_Form] = []
        self._lines = [0]
        for line in page.split("\n"):
            self._lines.append(self._lines[-1] + len(line) + 1)
        self._form: _Form | None = None
        self._folds: list[_Tag] = []
        self._select = ""
        self._area: _Tag | None = None
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = self._here()
        found = _Tag(tag, dict(attrs), at, at + len(self.get_starttag_text() or ""), select=self._select)
        # A form inside a fold is opened when it comes back, so that its errors are seen.
        if tag == "details":
            self._folds.append(found)
        elif tag == "form":
            self._form = _Form(found, list(self._folds))
            self.forms.append(self._form)
        elif self._form is not None and tag in ("input", "textarea", "select", "option", "button"):
            self._form.tags.append(found)
        if tag == "select":
            self._select = found.field
        elif tag == "textarea":
            self._area = found

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""
        elif tag == "details" and self._folds:
            self._folds.pop()
        elif tag == "textarea" and self._area is not None:
            self._area.inside, self._area = (self._area.end, self._here()), None

    def _here(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column
