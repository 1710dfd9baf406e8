"""What people read is plain American English: phrases of our old dialect do not come back.

The tests read the message catalog (every page, form, email and error), text in templates outside of it, the findings of
the compilers, the help of the command line, the policies that we ship, the docs and the change
log. docs/glossary.md has the words to use instead.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import yaml

from troth.cli import troth

ROOT = Path(__file__).parent.parent.parent
SRC = ROOT / "src" / "troth"
BANNED = (
    r"e-mail",
    r"\b(?<!with )(?:a|an|the|this|that|these|our|your|each|every|one|no|any|last|latest|newer|old) letters?\b(?! or )",
    r"\bletters? (?:is|are|was|were|that|with|about|to|go|goes|come|leaves?)\b",
    r"\bseal(?:ed|s|ing)?\b",
    r"\brooms?\b",
    r"\b(?:our|own|quote|privacy) desk\b",
    r"\bmend(?:ed|s|ing)?\b",
    r"\bthe program\b",
    r"\bour privacy people\b",
    r"\bdrawer\b",
    r"\bI have them\b",
    r"\blook into your mail\b",
    r"\bhow it opens\b",
    r"\bpresent password\b",
    r"\bmake an account\b|\bmake one\b(?! of)|\bmake the account\b",
    r"\bend the one of\b",
    r"\bone more step\b|\bnot done\b|\bgo on\b|\bnote it\b",
    r"\byou belong to\b|\blet you in\b|\btook you out\b",
    r"\bleafed\b|\bby a part of it\b",
    r"\bproven\b|\bproves? it\b",
    r"\b(?:is|are|was|were|be|been)(?:n[’']t| not)? told\b",
    r"\bdata (?:are|were|stay|stand)\b",
    r"\bstands? (?:in|on|here|there|below|above|again|for good|beside)\b",
    r"\bdo not belong together\b",
    r"\btak(?:e|en) (?:it )?back\b",
    r"\bcounts at once\b|\bfrom the moment you press\b",
    r"\btime (?:is|was) over\b",
    r"\bheed",
    r"\bby post\b|\bor post\b",
    r"\bsomebody\b|\banybody\b|\beverybody\b",
    r"\bwhoever\b|\bwhomever\b",
    r"\bwhat (?:became|happened) (?:of|with) (?:it|your data)\b",
    r"\bplease (?:type|fill|choose|tick|shorten|leave)\b",
    r"\byou (?:typed|type)\b|\bstill here: send\b",
    r"\bsign (?:that|in this|in it) (?:no|stands)\b",
    r"\banother page than\b",
    r"\bsaid (?:yes|no) to (?!this)",
    r"\bsecond factors?\b",
    r"\bworking days?\b",
    r"\bwho(?:m|ever) (?:they|it|we) (?:may|tell)\b",
    r"\bits clock runs\b|\bwaits for you\b",
    r"\b\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* \d{4}\b",
)
"""Each with a better word in docs/glossary.md or a plainer sentence beside its use."""
IN_DOCS = (
    r"e-mail",
    r"\b(?:a|an|the|each|every|one|no|last|mailed|our) letters?\b(?! (?:or|newer|beyond)\b|\.)",
    r"\bwhoever\b|\bwhomever\b",
    r"\bsomebody\b|\banybody\b|\beverybody\b",
    r"\b(?:is|are|was|were) told\b",
    r"\b(?:she|hers?|herself)\b",
    r"\bdata (?:are|were|stand)\b",
    r"\bmend(?:ed|s|ing)?\b",
    r"\bleafed\b|\breckon(?:ed|s|ing)?\b",
    r"\blet (?:him|them|her) in\b|\blets? go of\b",
    r"\blook into your mail\b|\bin the house\b|\bof ours\b",
    r"\bin clear\b|\banew\b|\bin silence\b",
    r"\bstands? (?:in|on|here|there|below|above|again|for good|beside|at|as)\b",
    r"\btak(?:e|en|es) back\b|\btakes? away\b",
    r"\bworking days?\b|\bby post\b",
    r"\bdrawer\b|\bpresent (?:password|one|address)\b",
    r"\bwhat became of\b|\bgoes? on as\b",
)
"""Docs may name what the interface may not (a room, a seal, a second factor); these they say in plain words too."""
_BANNED = re.compile("|".join(f"(?:{each})" for each in BANNED), re.IGNORECASE)
_BANNED_IN_DOCS = re.compile("|".join(f"(?:{each})" for each in IN_DOCS), re.IGNORECASE)
_ENTRY = re.compile(r'^msgid(?:_plural)? ((?:".*"\n)+)', re.MULTILINE)
WRITTEN_BY_TOOLS = {"findings.md", "site-findings.md", "map.md", "asvs.md", "figures.md", "glossary.md"}
_CODE = re.compile(
    r"\{#.*?#\}|\{% *comment.*?endcomment *%\}|<style.*?</style>|\{%.*?%\}|\{\{.*?\}\}|<[^>]*>", re.DOTALL
)


def messages() -> Iterator[str]:
    catalog = (SRC / "locale/en/LC_MESSAGES/django.po").read_text(encoding="utf-8")
    for found in _ENTRY.findall(catalog):
        yield "".join(line[1:-1] for line in found.splitlines()).replace('\\"', '"').replace("\\n", " ")


def templates() -> Iterator[str]:
    """Text that stands in a template itself; what is translated is in the catalog."""
    for path in SRC.glob("**/templates/**/*.*"):
        if path.suffix in (".html", ".txt"):
            yield " ".join(_CODE.sub(" ", path.read_text(encoding="utf-8")).split())


def findings() -> Iterator[str]:
    for name in ("policy/findings.yaml", "catalog/findings.yaml"):
        for kind in yaml.safe_load((SRC / name).read_text(encoding="utf-8")).values():
            yield from (kind[field] for field in ("message", "mend"))


def policies() -> Iterator[str]:
    """What people read of the policies that we ship: prose, titles, and the reasons next to fields."""
    for path in (ROOT / "examples/optiproerp/policy.md", SRC / "catalog/template/policy.md"):
        text = path.read_text(encoding="utf-8")
        yield from re.sub(r"```rule.*?```", "", text, flags=re.DOTALL).split("\n\n")
        yield from re.findall(r"^(?:title|duty|essential|longer|evidence|  \w+): (.+)$", text, re.MULTILINE)


def docs() -> Iterator[str]:
    """By paragraph, without code and without quotations of older text. What tools write is tested where it comes from."""
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
    for path in (page for page in pages if page.name not in WRITTEN_BY_TOOLS):
        text = re.sub(
            r"```.*?```|`[^`]*`|“[^”]*”|^    .*?$", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE
        )
        yield from (f"{path.name}: {' '.join(paragraph.split())}" for paragraph in text.split("\n\n"))


def helps(command: click.Command, context: click.Context) -> Iterator[str]:
    yield command.help or ""
    yield from (getattr(option, "help", None) or "" for option in command.params)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            if below := command.get_command(context, name):
                yield from helps(below, context)


def commands() -> Iterator[str]:
    return helps(troth, click.Context(troth))


def dialect(text: str, banned: re.Pattern[str] = _BANNED) -> list[str]:
    """The banned phrases in a text, as they are written there."""
    return [found.group() for found in banned.finditer(text)]


@pytest.mark.parametrize("read", [messages, templates, findings, commands, policies], ids=lambda read: read.__name__)
def test_no_banned_phrase_is_read_by_people(read) -> None:
    texts = list(read())
    assert len(texts) > 20
    found = {text[:120]: phrases for text in texts if (phrases := dialect(text))}
    assert found == {}, "Say it in plain words: docs/glossary.md"


def test_the_docs_are_in_plain_words() -> None:
    texts = list(docs())
    assert len(texts) > 400
    found = {text[:120]: phrases for text in texts if (phrases := dialect(text, _BANNED_IN_DOCS))}
    assert found == {}, "Say it in plain words: docs/glossary.md"


@pytest.mark.parametrize(
    "planted", ["Whoever asks is told so.", "It lies in her history.", "A letter to half a million people", "made anew"]
)
def test_a_planted_phrase_in_the_docs_is_found(planted: str) -> None:
    assert dialect(planted, _BANNED_IN_DOCS)


@pytest.mark.parametrize(
    "planted",
    [
        "Look into your mail",
        "Codes for the drawer",
        "Stop these letters",
        "A letter is on its way to the address.",
        "The program read your name to write a letter.",
        "Your data are deleted",
        "Your e-mail address",
        "Your request is with our own desk",
        "Your address is proven.",
        "name and message: sealed",
        "How it opens",
        "It stands in the person’s history.",
        "Somebody signed in.",
        "In force since 20 Nov 2026",
        "The old one is told.",
        "Mend them first.",
        "Please type a number.",
        "answer due in 2 working days",
    ],
)
def test_a_planted_phrase_is_found(planted: str) -> None:
    assert dialect(planted)


@pytest.mark.parametrize(
    "plain",
    [
        "We used your name and email to send you the receipt.",
        "Check your email",
        "A missing letter",
        "your address written with different capital letters",
        "Sign out of this device",
        "Nov 20, 2026, 2:02 PM PST",
    ],
)
def test_plain_words_are_not(plain: str) -> None:
    assert dialect(plain) == []
