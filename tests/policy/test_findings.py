"""Every kind of finding has a bad example that it finds, and the page that documents them is current."""

import gc
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.policy.texts import changed, sound

from troth.policy import Finding, Policy, compile, compile_translation, diff, publish, registry, succession
from troth.policy.documenting import document

HERE = Path(__file__).parent
DOCUMENTED = HERE.parent.parent / "docs" / "findings.md"
Case = dict[str, Any]


def cases() -> list[tuple[str, Case]]:
    found = []
    for path in sorted((HERE / "cases").glob("*.yaml")):
        for case in yaml.safe_load(path.read_text(encoding="utf-8")):
            found.append((path.stem, case))
    return found


def named(case: tuple[str, Case]) -> str:
    return f"{case[0]}-{case[1]['finding']}"


@pytest.mark.parametrize("case", cases(), ids=named)
def test_bad_example_is_found_where_it_stands(case: tuple[str, Case], base: str, calder: Policy) -> None:
    table, wanted = case
    source = bad(wanted, (HERE / "base.de.md").read_text(encoding="utf-8") if table == "translations" else base)
    before = sound(changed(base, *wanted["before"].items())) if "before" in wanted else calder
    announced = date.fromisoformat(wanted["announced"]) if "announced" in wanted else None
    findings = found_in(table, source, before, announced)

    same = [finding for finding in findings if finding.id == wanted["finding"]]
    assert same, f"found only {[str(finding) for finding in findings]}"
    assert any(
        wanted.get("excerpt", "") in finding.excerpt
        and wanted.get("message", "") in finding.message
        and wanted.get("hint", "") in finding.hint
        and wanted.get("line", finding.line) == finding.line
        for finding in same
    ), same
    for finding in findings:
        stands(finding, source)


def test_a_check_leaves_nothing_that_waits_for_a_look_for_garbage(base: str) -> None:
    gc.disable()
    try:
        gc.collect(0)
        assert compile(base).policy is not None
        assert gc.collect(0) == 0
    finally:
        gc.enable()


def bad(case: Case, text: str) -> str | bytes:
    """The bad text of a case."""
    if "whole" in case:
        return str(case["whole"])
    if "repeated" in case:
        (swap, times) = case["repeated"]
        ((old, new),) = swap.items()
        return text.replace(old, new * times)
    if "stripped" in case:
        return re.sub(case["stripped"], "", text)
    swaps = list(case.get("swap", {}).items())
    if case.get("unconfirmed"):
        for old, new in swaps:
            assert old in text
            text = text.replace(old, new, 1)
    elif swaps:
        text = changed(text, *swaps)
    if "line_ends" in case:
        text = text.replace("\n", case["line_ends"])
    return text.encode(case["encoding"]) if "encoding" in case else text


def found_in(table: str, source: str | bytes, calder: Policy, announced: date | None = None) -> tuple[Finding, ...]:
    if table == "translations":
        return compile_translation(calder, source).findings
    if table == "versions":
        assert isinstance(source, str)
        return succession(calder, sound(source), announced=announced)
    return compile(source).findings


def stands(finding: Finding, source: str | bytes) -> None:
    """The finding is complete, and its place exists."""
    assert finding.message
    assert finding.hint
    assert not re.search(r"\{\w+\}", finding.message)
    lines = source.count("\n" if isinstance(source, str) else b"\n") + 2  # type: ignore[arg-type]
    assert 1 <= finding.line <= lines
    assert finding.column >= 1
    assert finding.severity == registry()[finding.id].severity


@pytest.mark.parametrize(
    "sentence",
    [
        "We sell meters, not data.",
        "We sell software that stores data.",
        "We sell data loggers, and our dealers sell them.",
        "You may tell us not to sell your data.",
        "Do we sell your data?",
        "We make software with machine learning for factories.",
        "Each new employee is trained before they see your data.",
        "Nobody else can sign in with your account.",
        "Nobody else receives it, except the provider that delivers our email.",
        "The log is not kept forever.",
        "Distributors do not receive your billing details.",
        "We will never mail you offers.",
        "We will tell you if we close for 3 days.",
        "We do not store your card number.",
        "It is deleted immediately when you ask.",
        "The cookie `asked` lasts for 30 days.",
        "We never set `_ga` cookies.",
        "Your use of our services is not by itself treated as consent.",
        "We do not regard mere use of the site as consent.",
        "Your use of the site means that we see which pages you request.",
        "Our data protection officer is at dpo@calder.example.",
        "We do not store card numbers; we keep your name.",
        "We don't record your IP address.",
        "Effective October 1, 2026, this policy replaces ours of May 2, 2020.",
    ],
)
def test_a_sentence_that_claims_nothing_else_draws_no_finding(sentence: str, base: str) -> None:
    assert compile(changed(base, ("It may carry offers.", f"It may carry offers. {sentence}"))).findings == ()


def test_courses_are_no_training_of_models(base: str) -> None:
    said = ("It may carry offers.", "It may carry offers. We never use your messages to train models.")
    assert compile(changed(base, said, ("title: Newsletter", "title: Newsletter and training courses"))).findings == ()


def test_a_sale_with_consent_alone_is_denied_without_consent_and_not_at_all(base: str) -> None:
    sold = (
        ("recipients: [provider.mail]", "recipients: [distributor, provider.mail]"),
        ("recipients: [distributor, provider.mail]\nletters", "recipients: [provider.mail]\nletters"),
        ("They may not use it for marketing of their own.", "They may not call you."),
        ('keeps: ["They may not use it for marketing of their own"]', 'keeps: ["They may not call you"]'),
        ("third party: yes\nown marketing: no", "third party: yes\nown marketing: yes"),
    )
    for sentence, denied in (("without your consent", False), ("to anyone", True)):
        text = changed(
            base, ("It may carry offers.", f"It may carry offers. We do not sell your data {sentence}."), *sold
        )
        assert ("sale-denied" in {each.id for each in compile(text).findings}) == denied


@pytest.mark.parametrize(
    ("said", "choice", "found"),
    [
        ("If you opt out, we do not share your data with third parties.", "opt out", set()),
        ("We do not share your data with third parties if you opt out.", "none", {"sharing-denied"}),
        ("If you opt out, we never sell your data.", "opt out", set()),
        ("If you opt out, we never sell your data.", "none", {"sale-denied"}),
        ("We never sell your data, and if you opt out, we stop writing.", "opt out", {"sale-denied"}),
        ("If you opt out, we stop writing; we never sell your data.", "opt out", {"sale-denied"}),
    ],
)
def test_what_holds_for_those_who_refused_is_denied_where_nobody_can(
    said: str, choice: str, found: set[str], base: str
) -> None:
    text = changed(
        base,
        ("It may carry offers.", f"It may carry offers. {said}"),
        ("They may not use it for marketing of their own.", "They may not call you."),
        ('keeps: ["They may not use it for marketing of their own"]', 'keeps: ["They may not call you"]'),
        ("third party: yes\nown marketing: no", "third party: yes\nown marketing: yes"),
        ("choice: none\nmarketing: never", f"choice: {choice}\nmarketing: never"),
    )
    assert {each.id for each in compile(text).findings} & {"sale-denied", "sharing-denied"} == found


def test_no_kind_of_finding_lacks_a_bad_example() -> None:
    assert {case["finding"] for _, case in cases()} == set(registry())


def test_there_are_at_least_25_kinds_and_each_is_explained() -> None:
    assert len(registry()) >= 25
    for kind in registry().values():
        assert kind.what.endswith(".")
        assert kind.why.endswith(".")
        assert kind.mend.endswith(".")
        assert kind.bad
        assert kind.severity in ("error", "warning")


def test_the_page_of_findings_is_current() -> None:
    assert DOCUMENTED.read_text(encoding="utf-8") == document(), (
        "run: python -m troth.policy.documenting > docs/findings.md"
    )


def test_all_findings_come_at_once(base: str) -> None:
    text = changed(base, ("version: 1", "version: one"), ("choice: sign up", "choice: perhaps"), ("[US, CA]", "[USA]"))
    assert {"bad-version", "unknown-value", "bad-country"} <= {finding.id for finding in compile(text).findings}


def test_an_error_keeps_the_policy_back_and_a_warning_does_not(base: str) -> None:
    wrong = compile(changed(base, ("version: 1", "version: one")))
    assert wrong.policy is None
    assert wrong.draft is not None
    warned = compile(changed(base, ("needs: [email]", "needs: [email, email]")))
    assert warned.policy is not None
    assert [finding.id for finding in warned.findings] == ["named-twice"]


def test_the_reference_policy_has_no_finding(reference: str) -> None:
    compiled = compile(reference)
    assert compiled.findings == ()
    assert compiled.policy is not None


def test_a_policy_that_says_all_that_the_gdpr_wants_has_no_finding(base: str) -> None:
    text = changed(
        base,
        ("effective: 2026-10-01", "effective: 2026-10-01\nlaws: [california, gdpr]\ncountry: DE"),
        ("choice: sign up\n", "choice: sign up\nbasis: consent\n"),
        ("choice: none\n", "choice: none\nbasis: contract\n"),
        ("is: partner\n", "is: partner\nrole: third party\ncountry: [DE, CH]\n"),
        ("is: provider\n", "is: provider\nrole: processor\ncountry: [US]\nsafeguard: standard contractual clauses\n"),
        ("essential: no", "essential: Without it you would have to ask twice."),
        ("law: [review process]", "law: [review process, data rights, complaint, withdrawal]"),
    )
    policy = sound(text)
    assert compile(text).findings == ()
    assert [
        line for section in publish(policy).sections for part in section.parts for line in getattr(part, "bases", ())
    ] == [
        "your consent",
        "a contract with you, or steps before one",
    ]
    told = [change.sentence for change in diff(sound(base), policy)]
    assert (
        "These laws apply now: California’s privacy laws and the GDPR of the European Union. Before: California’s privacy laws."
        in told
    )
    assert "Distributors: where data is received is now: Germany and Switzerland. It was: not stated." in told
    assert "Quotes: the legal basis is now: a contract with you, or steps before one. It was: not stated." in told
