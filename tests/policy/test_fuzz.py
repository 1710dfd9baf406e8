"""Whatever a file holds, the compiler answers with findings; it never raises and never takes long.

`make prove` tries 1,500 texts of each sort instead of 60.
"""

import os
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from mdit_py_plugins.attrs import attrs_block_plugin

from troth.policy import compile, compile_translation, confirm, diff, markup, publish, read_policy, registry, snapshot
from troth.policy.lettered import read_lettered
from troth.policy.terms import Policy

EXAMPLES = int(os.environ.get("TROTH_EXAMPLES", "60"))
QUIET = settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture])
FRAGMENTS = st.sampled_from(
    [
        "---\n",
        "```rule\n",
        "```\n",
        "~~~rule\n",
        "# a\n",
        "{#U6}\n",
        "{.information}\n",
        "{",
        "}",
        "[",
        "]",
        "&a ",
        "*a ",
        "- ",
        "> ",
        "\t",
        "\n\n",
        "? ",
        ": ",
        "<<: *a\n",
        "\u2028",
        "\x85",
        "\ud800",
        "\x00",
        "%YAML 1.1\n",
        "purpose: quotes\n",
        "kind: email\n",
        "cookie: x\n",
        "keeps: [",
        "words: 0\n",
        "!!python/object:os.system ",
        "| a |\n|---|\n",
        "kept: {for: 1 day}\n",
        "asks: {email: required}\n",
        "only in: {country: [US]}\n",
        "letters: {a: {before: [1 day]}}\n",
    ]
)


MARKUP = st.sampled_from(
    [
        *"*_~[]()<>=:&{}$\\`|!#^-+.1ax ",
        "\n",
        "\n\n",
        "    ",
        "\t",
        "- ",
        "> ",
        "1. ",
        ": a",
        ":::",
        "&amp;",
        "==a",
        "{#a}",
        "[x] ",
    ]
)


@QUIET
@given(st.lists(MARKUP, max_size=30).map("".join))
def test_a_text_that_is_not_parsed_has_no_sign(text: str) -> None:
    assert markup.list_signs(text) == markup._parse_signs(text)


BLOCKS = st.sampled_from(
    [
        *(
            "a",
            "é",
            "1",
            " ",
            "  ",
            "    ",
            "\t",
            "\n",
            "\n",
            "\n\n",
            "- ",
            "> ",
            "1. ",
            "# ",
            "==",
            "--",
            "***",
            "```",
        ),
        *("{#a}\n", "[a]: b", "| a |\n|---|", "a\n===", "b\n---", "a | b", "\u00a0", "\u2028", "<p>"),
    ]
)


@QUIET
@given(st.lists(BLOCKS, max_size=30).map("".join))
def test_a_paragraph_of_letters_is_read_as_by_the_other_rules(text: str) -> None:
    usual, quick = (MarkdownIt("commonmark").enable("table").use(attrs_block_plugin) for _ in range(2))
    quick.block.ruler.before("table", "lettered", read_lettered)
    assert quick.disable("inline").parse(text) == usual.disable("inline").parse(text)


@QUIET
@given(st.text(max_size=400))
def test_any_text_compiles_to_findings(text: str) -> None:
    answers(text)


@QUIET
@given(st.binary(max_size=400))
def test_any_bytes_compile_to_findings(data: bytes) -> None:
    answers(data)


@QUIET
@given(st.lists(FRAGMENTS, max_size=40).map("".join))
def test_any_pieces_of_the_language_compile_to_findings(text: str) -> None:
    answers(text)
    answers("---\n" + text)
    assert isinstance(confirm(text), str)


@QUIET
@given(st.data())
def test_a_policy_cut_and_mended_anywhere_compiles_to_findings(base: str, calder: Policy, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(base)))
    end = data.draw(st.integers(start, min(len(base), start + 200)))
    text = base[:start] + data.draw(st.one_of(FRAGMENTS, st.text(max_size=20))) + base[end:]
    compiled = answers(text)
    assert not compile_translation(calder, text).translation
    if compiled is not None:
        publish(compiled, calder)
        diff(calder, compiled)
    assert confirm(confirm(text)) == confirm(text)


def answers(source: str | bytes) -> Policy | None:
    """The draft of a text, after looking at its findings."""
    compiled = compile(source)
    for finding in compiled.findings:
        assert finding.id in registry()
        assert finding.line >= 1
        assert finding.column >= 1
    errors = any(finding.severity == "error" for finding in compiled.findings)
    assert (compiled.policy is None) == errors
    assert read_policy(source) == compiled.draft
    if compiled.draft is not None:
        text = compiled.draft.text
        assert snapshot.restore(snapshot.save(compiled.draft), text=text) == compiled.draft
    return compiled.draft


BOMB = "a: &a [x, x]\n" + "".join(
    f"{new}: &{new} [*{old}, *{old}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)
RULE = "---\nversion: 1\n---\n{#A}\n# A\nb\n\n```rule\n"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(RULE + BOMB + "```", id="aliases that double"),
        pytest.param(RULE + "kind: &a [*a]\n```", id="alias to itself"),
        pytest.param(RULE + "kind: " + "[" * 5000 + "```", id="deep brackets"),
        pytest.param(RULE + "kind: " + "{a: " * 5000 + "```", id="deep mappings"),
        pytest.param("---\n" + "[" * 100_000, id="deep front matter, open"),
        pytest.param("---\n" + "- " * 50_000 + "\n---\n", id="deep list in front matter"),
        pytest.param("> " * 50_000, id="deep quotations"),
        pytest.param("- " * 20_000, id="deep lists"),
        pytest.param("[" * 50_000, id="open links"),
        pytest.param("[](" * 20_000, id="open addresses of links"),
        pytest.param("<!--" * 20_000, id="open comments"),
        pytest.param("*a " * 30_000, id="open emphasis"),
        pytest.param("|" * 50_000 + "\n" + "|-" * 25_000, id="wide table"),
        pytest.param("{" * 100_000, id="open marks"),
        pytest.param(RULE + "\n".join(f"k{number}: v" for number in range(20_000)) + "\n```", id="many fields"),
        pytest.param("x" * 5_000_001, id="five megabytes"),
        pytest.param(b"\xff" * 5_000_001, id="five megabytes of bytes"),
        pytest.param("a\n\n" * 60_000, id="many paragraphs"),
    ],
)
def test_hostile_text_is_answered_soon(text: str | bytes) -> None:
    start = time.process_time()
    assert compile(text).findings
    assert time.process_time() - start < 20
