"""What an author of a next version reads before adopting it."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.policy.texts import changed

from troth.cli import troth

DOCS = Path(__file__).parent.parent.parent / "docs"
V2 = ("version: 1", "version: 2")
LATER = ("effective: 2026-10-01", "effective: 2026-11-01")


def compared(folder: Path, old: str, new: str, *, fails: bool = False) -> str:
    former, next_ = folder / "former.md", folder / "next.md"
    former.write_text(old, encoding="utf-8")
    next_.write_text(new, encoding="utf-8")
    said = CliRunner().invoke(troth, ["policy", "diff", str(former), str(next_)])
    assert said.exit_code == fails
    return said.output


def test_diff_says_what_keeps_the_new_version_from_following(base: str, tmp_path: Path) -> None:
    said = compared(tmp_path, changed(base), changed(base, V2), fails=True)
    assert "Can't be adopted after the previous version:" in said
    assert "effective-not-later" in said
    assert "version-not-next" not in said


def test_diff_says_nothing_of_that_where_the_new_version_may_follow(base: str, tmp_path: Path) -> None:
    assert "Cannot be adopted" not in compared(tmp_path, changed(base), changed(base, V2, LATER))


def test_check_lists_at_once_what_is_wrong_and_what_is_missing_and_each_is_documented(
    base: str, tmp_path: Path
) -> None:
    document = tmp_path / "policy.md"
    document.write_text(base.replace("form.quote", "form.fair").replace("version: 1", "version: one"), encoding="utf-8")
    said = CliRunner().invoke(troth, ["policy", "check", str(document)]).output
    found = set(re.findall(r"\[([a-z-]+)\]$", said, re.MULTILINE))
    assert found >= {"bad-version", "not-offered", "email-held-back"}
    pages = [(DOCS / name).read_text(encoding="utf-8") for name in ("findings.md", "site-findings.md")]
    assert all(f"\n## {id}\n" in "".join(pages) for id in found)
    assert "(site-findings.md)" in pages[0]


@pytest.mark.django_db(transaction=True)
def test_adopting_shows_first_what_will_be_refused(base: str, tmp_path: Path) -> None:
    document = tmp_path / "policy.md"
    document.write_text(changed(base), encoding="utf-8")
    adopt = ["policy", "adopt", str(document)]
    assert CliRunner().invoke(troth, [*adopt, "--yes"]).exit_code == 0
    document.write_text(changed(base, V2), encoding="utf-8")
    said = CliRunner().invoke(troth, adopt, input="n\n")
    assert (said.exit_code, "effective-not-later" in said.output) == (1, True)
    assert "Put version 2 in force?" not in said.output


@pytest.mark.django_db(transaction=True)
def test_adopting_warns_of_a_day_that_is_past_and_goes_on(base: str, tmp_path: Path, time_machine) -> None:
    time_machine.move_to("2026-10-15T12:00:00+00:00")
    document = tmp_path / "policy.md"
    document.write_text(changed(base), encoding="utf-8")
    adopt = ["policy", "adopt", str(document)]
    said = CliRunner().invoke(troth, adopt, input="y\n")
    preview, asked, after = said.output.partition("Put version 1 in force?")
    assert "effective from 2026-10-01, which is before the day of adoption, 2026-10-15" in preview
    assert asked
    assert "Version 1 is in force." in after
    document.write_text(changed(base, V2, LATER), encoding="utf-8")
    assert "Warning" not in CliRunner().invoke(troth, adopt, input="y\n").output


@pytest.mark.django_db(transaction=True)
def test_adopting_compares_with_all_earlier_versions_for_their_data_is_still_held(base: str, tmp_path: Path) -> None:
    document = tmp_path / "policy.md"
    again = (
        "may use: [name]\ncollected by: [form.news]",
        "may use: [name, phone]\ncollected by: [form.news, form.quote]",
    )
    for text in (changed(base), changed(base, V2, LATER, ("phone: optional, ", ""))):
        document.write_text(text, encoding="utf-8")
        assert CliRunner().invoke(troth, ["policy", "adopt", str(document), "--yes"]).exit_code == 0
    third = changed(base, ("version: 1", "version: 3"), ("effective: 2026-10-01", "effective: 2026-12-01"), again)
    document.write_text(third, encoding="utf-8")
    preview = CliRunner().invoke(troth, ["policy", "adopt", str(document)], input="n\n").output
    assert "Newsletter would also use E-mail, Name and Phone that we already hold." in preview


def test_a_draft_keeps_the_version_before_it_and_raises_number_and_date(
    base: str, tmp_path: Path, time_machine
) -> None:
    time_machine.move_to("2026-10-15T12:00:00+00:00")
    document = tmp_path / "policy.md"
    text = changed(base, ("cookie switch: none", "cookie switch: none\nchanges: {U4: wording}"))
    document.write_text(text, encoding="utf-8")
    said = CliRunner().invoke(troth, ["policy", "draft", str(document)])
    assert "the draft of version 2, effective 2026-10-15" in said.output
    assert (tmp_path / "versions" / "1.md").read_text(encoding="utf-8") == text
    assert document.read_text(encoding="utf-8") == changed(base, V2, ("2026-10-01", "2026-10-15"))
    assert "version 2" in CliRunner().invoke(troth, ["policy", "check", str(document)]).output


def test_confirming_shows_prose_beside_rules_and_what_changed_and_asks(base: str, tmp_path: Path) -> None:
    document, versions = tmp_path / "policy.md", tmp_path / "versions"
    versions.mkdir()
    (versions / "1.md").write_text(base, encoding="utf-8")
    draft = base.replace(*V2).replace(*LATER).replace("It may carry offers.", "It can carry offers.")
    draft = draft.replace("We make tools, and this page", "We make tools. This page")
    document.write_text(draft, encoding="utf-8")
    confirm = ["policy", "confirm", str(document)]
    refused = CliRunner().invoke(troth, confirm, input="n\nlater\n")
    assert "0 paragraphs confirmed." in refused.output
    assert document.read_text(encoding="utf-8") == draft
    said = (
        CliRunner().invoke(troth, confirm, input="y\n").output
    )  # and then ends it, before the next question is answered
    assert "1 paragraph confirmed." in said
    assert document.read_text(encoding="utf-8") != draft, "what was confirmed is kept"
    document.write_text(draft, encoding="utf-8")
    said = CliRunner().invoke(troth, confirm, input="y\nmaterial\n").output
    assert "It [-may-] {+can+} carry offers." in said
    assert "    | purpose: newsletter" in said
    assert "#U4 We reworded “Newsletter”." in said
    assert "- It may carry offers." in said
    assert "1 paragraph confirmed." in said
    assert said.endswith("1 change of text declared.\n")
    assert "changes: {U4: material}" in document.read_text(encoding="utf-8")
    assert "change-undeclared" not in CliRunner().invoke(troth, ["policy", "check", str(document)]).output


def test_checking_says_what_adopting_would_refuse(base: str, tmp_path: Path) -> None:
    (tmp_path / "versions").mkdir()
    (tmp_path / "versions" / "1.md").write_text(base, encoding="utf-8")
    (tmp_path / "policy.md").write_text(changed(base, V2), encoding="utf-8")
    said = CliRunner().invoke(troth, ["policy", "check", str(tmp_path / "policy.md")])
    assert (said.exit_code, "effective-not-later" in said.output) == (1, True)
