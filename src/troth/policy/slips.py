"""Finds what slips into a policy that was copied or left unfinished: placeholders, foreign addresses, dead anchors."""

import re
from collections.abc import Iterator

from .findings import At, Report, SourcePlace
from .front import FrontMatter
from .grammar import Document, Written
from .lexicon import Lexicon, Pattern
from .markup import is_lettered, list_notes, list_pictures, list_signs
from .reading import Terms
from .sentences import list_sentences
from .stated import find_contradictions

_PLACEHOLDER = Pattern(
    re.compile(
        r"(?=[\[{<_TFXNL])(?:(?<!\])\[(?:(?-i:[A-Z][A-Z0-9 _/&’'-]{2,})|(?:insert|your|company|add|date|name|enter"
        r"|phone|e-?mail|address|number|website|url)\b[^\]\n]*)\](?![(\[:])"
        r"|\{\{[^}\n]*\}\}|<(?:insert|your|company|date)\b[^>\n]*>"
        r"|\b(?:TODO|TBD|FIXME|XXX+|XX[/.-]XX|(?-i:XX|NN)(?=\s+(?:hours|days|weeks|months|years)\b))\b"
        r"|\blorem ipsum\b|_{4,})",
        re.IGNORECASE,
    ),
    hints=("[", "{{", "<", "__", "todo", "tbd", "fixme", "xx", "nn", "lorem"),
)
_SHOUTED = re.compile(r"\b(?:todo|tbd|fixme|xxx+)\b")
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_ABOUT_PRIVACY = re.compile(r"privacy|dataprotection|data-protection|datenschutz|gdpr|ccpa|^dpo$", re.IGNORECASE)
_OFFICER = re.compile(r"\b(?:(?:data\s+protection|privacy)\s+officer|DPO|datenschutzbeauftragte\w*)\b", re.IGNORECASE)
_UNDECIDED = re.compile(r"^<!-- undecided: ([^\n]*?) -->$", re.MULTILINE)
_DECIDED = re.compile(r"^(?:<!--|```|#|\{)", re.MULTILINE)
"""What ends an undecided paragraph and the lists that it leads in."""
_INNER_LINK = re.compile(r"\]\(\s*<?#([^)\s>]*)|^\[[^\]\n]+\]:\s*<?#(\S+?)>?\s*$", re.MULTILINE)

_NAME = r"(?:`[\w.-]{2,60}\*?`|[“”„\"']?\b(?:[a-zA-Z0-9]+_|_[a-zA-Z0-9])\w+\b[“”\"']?)"
_NAMES = rf"({_NAME}(?:(?:,\s*|\s+)(?:(?:and|or|und|oder)\s+)?{_NAME})*)"
_COOKIES = re.compile(
    rf"\bcookies?\s+(?:(?:named|called|namens)\s+|\()?{_NAMES}|{_NAMES}[\s-]cookies?\b",
    re.IGNORECASE,
)
_COOKIE = re.compile(r"[\w.-]{2,}")
_JOINING = frozenset({"and", "or", "und", "oder"})


def check_slips(document: Document, front: FrontMatter, terms: Terms, lexicon: Lexicon | None, report: Report) -> None:
    """Reports each of them; a change notice that takes going on as a yes is one, too."""
    for text, place in (*_list_prose(document), *_list_words(terms, report)):
        for found in _PLACEHOLDER.finditer(text):
            if not _SHOUTED.fullmatch(found[0]):
                report.add("placeholder", place, found=found[0])
    _check_markup(document, report)
    _check_addresses(document, front, report)
    _check_anchors(document, report)
    _check_cookies(document, terms, lexicon, report)
    for text, place in _list_prose(document) if lexicon else ():
        assert lexicon is not None
        for sentence in list_sentences(text):
            if lexicon.continuing.search(sentence):
                report.add("agreeing-by-use", place, sentence=sentence)
        for time in find_contradictions(text, lexicon):
            report.add("two-times-in-one", place, time=time)


def check_undecided(text: str, report: Report) -> None:
    """Reports each paragraph that `troth policy start` left to its author."""
    for found in _UNDECIDED.finditer(text) if "<!--" in text else ():
        line = text.count("\n", 0, found.start()) + 1
        report.add("paragraph-undecided", At(line), why=found[1])
        below = _DECIDED.search(text, found.end())
        for other in range(line + 1, text.count("\n", 0, below.start() if below else len(text)) + 2):
            report.drop("promise-without-rule", At(other))


def _check_cookies(document: Document, terms: Terms, lexicon: Lexicon | None, report: Report) -> None:
    """A cookie that prose names, in code marks or with an underscore, has a rule, unless it is said not to be set."""
    known = {id.lower() for id in terms.cookies}
    for text, place in _list_prose(document):
        for found in _COOKIES.finditer(text) if "ookie" in text else ():
            before = re.split(r"[.;!?]\s", text[: found.start()])[-1]
            if lexicon and lexicon.negation.search(before):
                continue
            for name in _COOKIE.findall(found[1] or found[2]):
                starts = name.endswith("_") and any(id.startswith(name.lower()) for id in known)
                if name.lower() not in known | _JOINING and not starts:
                    report.add("cookie-unruled", place, name=name)


def _check_markup(document: Document, report: Report) -> None:
    """What would be on the page as a raw sign, or not at all."""
    parts = [part for heading in document.headings for part in heading.parts if isinstance(part, Written)]
    defined = {label for part in parts for label in list_notes(part.text)[1]}
    for heading in document.headings:
        for sign in list_signs(heading.title, document.links, heading=True):
            report.add("raw-sign", heading, sign=sign)
    for part in parts:
        for sign in list_signs(part.text, document.links):
            report.add("raw-sign", part, sign=sign)
        for text in list_pictures(part.text):
            report.add("picture-as-text" if text.strip() else "picture-without-text", part, text=text)
        for label in set(list_notes(part.text)[0]) - defined:
            report.add("footnote-missing", part, label=label)
        if is_lettered(part.text):
            report.add("lettered-lines", part)


def _list_prose(document: Document) -> Iterator[tuple[str, SourcePlace]]:
    for heading in document.headings:
        yield heading.title, heading
        yield from ((part.text, part) for part in heading.parts if isinstance(part, Written))
    if document.front is not None:
        for _, value in document.front.pairs or ():
            yield from ((node.text, node) for node in (value, *(value.items or ())) if node.text)


def _list_words(terms: Terms, report: Report) -> Iterator[tuple[str, SourcePlace]]:
    """The words that people read of rules: titles, reasons, duties."""
    places = terms.gathered.places
    for collect in terms.collects.values():
        for ask in collect.asks:
            yield ask.why, places.get(("collect", collect.id, "why")) or report.first
    for promise in terms.promises.values():
        yield promise.duty, places.get(("promise", promise.id, "duty")) or report.first
    for type, named in (("kind", terms.kinds), ("purpose", terms.purposes), ("recipient", terms.recipients)):
        for id, term in named.items():
            yield term.title, places.get((type, id, "title")) or report.first


def _check_addresses(document: Document, front: FrontMatter, report: Report) -> None:
    """Mail to another privacy address than that of the front matter would find nobody who answers.

    A data protection officer has an address apart (GDPR Art. 37 (7) and 38 (4))."""
    for text, place in _list_prose(document):
        before = 0
        for found in _ADDRESS.finditer(text) if "@" in text else ():
            address, officer = found[0].rstrip("."), _OFFICER.search(text, before, found.start())
            before = found.end()
            other = address.lower() not in ("", front.privacy_email.lower()) and not officer
            if other and front.privacy_email and _ABOUT_PRIVACY.search(address.partition("@")[0]):
                report.add("other-privacy-address", place, address=address, known=front.privacy_email)


def _check_anchors(document: Document, report: Report) -> None:
    known = {anchor for heading in document.headings for anchor in (heading.anchor, heading.written)}
    for text, place in _list_prose(document):
        for found in _INNER_LINK.finditer(text) if "#" in text else ():
            anchor = found[1] or found[2] or ""
            if anchor not in known:
                report.add("dead-anchor", place, anchor=anchor)
