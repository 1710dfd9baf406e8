"""From Markdown to blocks. What an email of a class may not contain has no place here: it is refused with its line."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import parse_qsl, unquote, urlsplit

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.token import Token

from troth.outbox import pictures
from troth.outbox.emails import EmailKind
from troth.site import site
from troth.text import CannotRead
from troth.text.signs import refuse_controls

LONGEST = 40_000
FENCE = re.compile(r"^:::\s*(?P<what>[a-z]*)\s*(?P<rest>.*)$")
_CAMPAIGN = re.compile(r"^(utm_|mc_|pk_|hsa_|fbclid|gclid|msclkid|trk|campaign|promo|coupon|voucher|discount)", re.I)
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0e\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""What Unicode calls ignorable, and blanks that are letters. U+FE0F is left: it makes a sign a picture."""


@dataclass(frozen=True)
class Text:
    """A run of words. `address`: where it leads, if it is a link."""

    words: str
    strong: bool = False
    emphasis: bool = False
    address: str = ""


@dataclass(frozen=True)
class EmailBlock:
    """One block. `what`: heading, text, item, picture, product, event, offer or divider; `line`: where it begins."""

    what: str
    line: int
    texts: tuple[Text, ...] = ()
    address: str = ""
    on: date | None = None

    @property
    def words(self) -> str:
        return "".join(text.words for text in self.texts)


@dataclass(frozen=True)
class Problem:
    """What is wrong in which line, and what to write instead."""

    line: int
    sentence: str


@dataclass(frozen=True)
class Composed:
    """An email's content that was read whole."""

    subject: str
    kind: EmailKind
    blocks: tuple[EmailBlock, ...]


def compose(subject: str, text: str, *, kind: EmailKind, saved: bool = False) -> Composed | list[Problem]:
    """The content, or all that is wrong with it. Line 0 is the subject.

    Takes   saved: it was read before, and is read again though a picture may be gone by now."""
    problems = [*_check_subject(subject), *_check_signs(text)]
    blocks: list[EmailBlock] = []
    for line, what, rest, body in _list_parts(text):
        found = _read_fence(line, what, rest, body, kind) if what is not None else _read_markdown(body, line)
        for each in found:
            (problems if isinstance(each, Problem) else blocks).append(each)  # type: ignore[arg-type]
    for block in blocks:
        problems += _check_links(block, kind)
        problems += [] if saved else _check_picture(block)
    if not blocks and not any(each.line for each in problems):
        problems.append(Problem(1, _("Write something.")))
    return sorted(problems, key=lambda each: each.line) or Composed(subject.strip(), kind, tuple(blocks))


def _check_subject(subject: str) -> Iterator[Problem]:
    if not 3 <= len(subject.strip()) <= 120 or "\n" in subject:
        yield Problem(0, _("Write a subject of 3 to 120 characters."))
    if _INVISIBLE.search(subject):
        yield Problem(0, _("The subject has characters that nobody sees. Type it again."))


def _check_signs(text: str) -> Iterator[Problem]:
    if len(text) > LONGEST:
        yield Problem(1, _("This is too long for an email. Put the rest on a page and link to it."))
    for number, line in enumerate(text.splitlines(), 1):
        if _INVISIBLE.search(line):
            yield Problem(number, _("This line has characters that nobody sees. Type it again."))
        try:
            refuse_controls(line, many_lines=False)
        except CannotRead as problem:
            yield Problem(number, str(problem))


def _list_parts(text: str) -> Iterator[tuple[int, str | None, str, str]]:
    """(line, block's name or None, what is on its line, text) of each part, in order."""
    lines = text.replace("\r\n", "\n").split("\n")
    start, plain = 1, []
    number = 0
    while number < len(lines):
        fence = FENCE.match(lines[number])
        if not fence:
            plain.append(lines[number])
            number += 1
            continue
        yield start, None, "", "\n".join(plain)
        body, after = _take_body(lines, number, fence["what"])
        yield number + 1, fence["what"], fence["rest"].strip(), body
        number, plain, start = after, [], after + 1
    yield start, None, "", "\n".join(plain)


def _take_body(lines: Sequence[str], number: int, what: str) -> tuple[str, int]:
    """The text up to the closing fence, and the line after it; a product has none."""
    if what == "product":
        return "", number + 1
    for end in range(number + 1, len(lines)):
        fence = FENCE.match(lines[end])
        if fence:
            return "\n".join(lines[number + 1 : end]), end if fence["what"] else end + 1
    return "\n".join(lines[number + 1 :]), len(lines)


def _read_fence(line: int, what: str, rest: str, body: str, kind: EmailKind) -> Iterator[EmailBlock | Problem]:
    inside = list(_read_markdown(body, line + 1))
    texts = tuple(text for block in inside if isinstance(block, EmailBlock) for text in block.texts)
    yield from (each for each in inside if isinstance(each, Problem))
    if what == "offer" and kind is not EmailKind.MARKETING:
        yield Problem(line, _("Only marketing emails can contain an offer. Leave it out."))
    elif what == "offer":
        yield EmailBlock("offer", line, texts)
    elif what == "product" and rest in site().products:
        product = site().products[rest]
        yield EmailBlock("product", line, (Text(product.name),), address=f"/products/{rest}/")
    elif what == "product":
        yield Problem(
            line, _("There is no product “%(name)s”. Write the last part of its page’s address.") % {"name": rest}
        )
    elif what == "event":
        yield _read_event(line, rest, texts)
    else:
        yield Problem(line, _("There is no block “%(name)s”. Blocks are offer, event and product.") % {"name": what})


def _read_event(line: int, rest: str, texts: tuple[Text, ...]) -> EmailBlock | Problem:
    day, _space, title = rest.partition(" ")
    try:
        on = parse_date(day)
    except ValueError:
        on = None
    if on is None or not title.strip():
        return Problem(line, _("Write the event’s date and title, such as ::: event 2026-12-09 Lot recall in practice"))
    return EmailBlock("event", line, (Text(title.strip(), strong=True), Text("\n"), *texts), on=on)


_PARSER = MarkdownIt("zero").enable(["heading", "hr", "list", "emphasis", "link", "image", "newline", "escape"])


def _read_markdown(text: str, start: int) -> Iterator[EmailBlock | Problem]:
    open_item = False
    kind = "text"
    for token in _PARSER.parse(text):
        line = start + (token.map[0] if token.map else 0)
        if token.type == "heading_open":
            kind = "heading"
        elif token.type == "list_item_open":
            open_item = True
        elif token.type == "list_item_close":
            open_item = False
        elif token.type == "hr":
            yield EmailBlock("divider", line)
        elif token.type == "inline":
            yield from _read_inline(token, line, "item" if open_item else kind)
            kind = "text"


def _read_inline(token: Token, line: int, what: str) -> Iterator[EmailBlock | Problem]:
    texts: list[Text] = []
    address, strong, emphasis = "", False, False
    for each in token.children or ():
        match each.type:
            case "strong_open" | "strong_close":
                strong = each.type == "strong_open"
            case "em_open" | "em_close":
                emphasis = each.type == "em_open"
            case "link_open":
                address = str(each.attrGet("href") or "")
            case "link_close":
                address = ""
            case "image":
                yield _read_picture(each, line)
            case "softbreak" | "hardbreak":
                texts.append(Text(" "))
            case _:
                texts.append(Text(each.content, strong, emphasis, address))
    if any(text.words.strip() for text in texts):
        yield EmailBlock(what, line, tuple(texts))


def _read_picture(token: Token, line: int) -> EmailBlock | Problem:
    address, alt = str(token.attrGet("src") or ""), token.content.strip()
    if not pictures.is_name(address):
        wanted = _("Write the name of a file in the site folder’s %(folder)s, such as recall.png.")
        return Problem(line, wanted % {"folder": pictures.FOLDER})
    if not alt:
        return Problem(line, _("Describe the picture in brackets, for people who don’t see it."))
    return EmailBlock("picture", line, (Text(alt),), address=address)


def _check_picture(block: EmailBlock) -> Iterator[Problem]:
    try:
        if block.what == "picture":
            pictures.read_picture(block.address)
    except pictures.PictureProblem as problem:
        yield Problem(block.line, str(problem))


def _check_links(block: EmailBlock, kind: EmailKind) -> Iterator[Problem]:
    if "](" in block.words:
        yield Problem(block.line, _("This link can’t be read. Links begin with https://, mailto: or a slash."))
    for text in block.texts:
        if not text.address:
            continue
        parts = urlsplit(text.address)
        if parts.scheme not in ("", "https", "mailto") or unquote(text.address).replace("\\", "/").startswith("//"):
            yield Problem(block.line, _("Links begin with https://, mailto: or a slash."))
        campaign = [name for name, _value in parse_qsl(parts.query, keep_blank_values=True) if _CAMPAIGN.match(name)]
        if campaign and kind is not EmailKind.MARKETING:
            yield Problem(
                block.line,
                _("Only marketing emails can have campaign links. Leave out “%(name)s”.") % {"name": campaign[0]},
            )
        shown = re.search(r"\b(?:https?://)?([a-z0-9-]+(?:\.[a-z0-9-]+)+)", text.words, re.I)
        if shown and parts.netloc and not parts.netloc.lower().endswith(shown[1].lower().removeprefix("www.")):
            yield Problem(block.line, _("This link’s words name another site than it leads to."))
