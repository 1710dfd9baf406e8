"""Translations: one set of rules, each section confirmed beside its text, and the German reference policy."""

import ast
import re
from pathlib import Path

from click.testing import CliRunner
from tests.policy.conftest import REFERENCE
from tests.policy.texts import changed, sound

from troth.cli.policy import policy_commands
from troth.policy import (
    Policy,
    Rules,
    compile_translation,
    confirm_translation,
    find_say,
    list_unconfirmed,
    phrases,
    publish,
    translate,
)
from troth.policy.translation import list_words

GERMAN = REFERENCE.with_name("policy.de.md")


def test_the_german_reference_policy_has_no_finding_and_words_for_every_rule(reference: str) -> None:
    policy = sound(reference)
    found = compile_translation(policy, GERMAN.read_bytes())
    assert found.findings == ()
    assert found.translation is not None
    assert found.translation.terms.keys() == list_words(policy).keys()


def test_its_rules_are_those_of_the_policy(reference: str) -> None:
    policy = sound(reference)
    found = compile_translation(policy, GERMAN.read_bytes()).translation
    assert found is not None
    german = translate(policy, found)
    for own, other in zip(policy.sections, german.sections, strict=True):
        assert [part for part in own.parts if isinstance(part, Rules)] == [
            part for part in other.parts if isinstance(part, Rules)
        ]
        assert (own.anchor, own.level) == (other.anchor, other.level)
    assert german.purposes["quotes"].title == "Angebote"
    assert german.purposes["quotes"].may_use == policy.purposes["quotes"].may_use
    assert german.purposes["newsletter"].topics[1].title == "Prozessfertigung"
    page = publish(german, say=find_say("de"))
    assert "Frist 30 Tage, gerechnet ab: Eingang" in str(page)
    assert "E-Mail-Adresse, Name, Telefonnummer" in str(page), "nouns keep their capitals"


def test_a_confirmed_section_is_stale_once_its_text_changes(calder: Policy, base: str, german: str) -> None:
    assert len(list_unconfirmed(calder, german)) == 8
    confirmed = confirm_translation(calder, german)
    assert list_unconfirmed(calder, confirmed) == ()
    later = sound(changed(base, ("We answer within 30 days.", "We always answer within 30 days.")))
    found = compile_translation(later, confirmed)
    assert found.translation is None
    assert [(finding.id, finding.excerpt) for finding in found.findings if finding.severity == "error"] == [
        ("translation-stale", "## Auskunft")
    ]
    (pair,) = list_unconfirmed(later, confirmed)
    assert (pair.anchor, "always" in pair.stated, "Wir antworten binnen 30 Tagen." in pair.translated) == (
        "A1",
        True,
        True,
    )


def test_sections_are_confirmed_one_by_one(calder: Policy, german: str) -> None:
    some = confirm_translation(calder, german, only=["U4"])
    assert "translates:\n  U4: " in some
    assert "U4" not in {pair.anchor for pair in list_unconfirmed(calder, some)}
    assert len(list_unconfirmed(calder, some)) == 7


def test_every_phrase_is_in_the_german_phrasebook_with_the_same_names() -> None:
    tree = ast.parse(Path(phrases.__file__).read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    texts = {ast.literal_eval(node.args[0]) for node in calls if getattr(node.func, "id", "") == "gettext_noop"}
    same = {text for text in texts if find_say("de")(text) == text}
    assert same == {"%(time)s", "Version"}
    names = re.compile(r"%\(\w+\)s")
    assert not [text for text in texts if set(names.findall(text)) != set(names.findall(find_say("de")(text)))]


def test_at_the_terminal_a_translation_is_checked_confirmed_kept_and_published(
    tmp_path: Path, base: str, german: str
) -> None:
    (tmp_path / "policy.md").write_text(base, encoding="utf-8")
    file = tmp_path / "policy.de.md"
    file.write_text(german, encoding="utf-8")
    run = CliRunner().invoke
    checked = run(policy_commands, ["check", str(file)])
    assert "Nobody has confirmed 8 sections" in checked.output
    assert "8 sections confirmed." in run(policy_commands, ["confirm", str(file)], input="y\n" * 8).output
    assert "Nobody has confirmed" not in run(policy_commands, ["check", str(file)]).output
    published = run(policy_commands, ["publish", str(tmp_path / "policy.md"), "--to", str(tmp_path / "out")])
    assert "Translations: de." in published.output
    page = (tmp_path / "out" / "index.de.html").read_text(encoding="utf-8")
    assert '<html lang="de" dir="ltr">' in page
    assert "Aufbewahrung" in page
    run(policy_commands, ["draft", str(tmp_path / "policy.md")])
    assert (tmp_path / "versions" / "1.de.md").is_file()
    stale = run(policy_commands, ["check", str(tmp_path / "policy.md")])
    assert stale.exit_code == 1
    assert "The translation is of version 1; the policy is version 2." in stale.output
    assert "A translation with errors is left out at adoption." in stale.output
    file.unlink()
    missing = run(policy_commands, ["check", str(tmp_path / "policy.md")])
    assert "policy.de.md: warning: earlier versions have this translation, and this version lacks it." in missing.output
