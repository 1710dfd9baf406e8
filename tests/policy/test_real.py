"""Three public policies and what their vendors changed, in our own words: each change has the class a lawyer would give."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.policy.texts import changed, sound

from troth.policy import Policy, compile, confirm, diff, succession

HERE = Path(__file__).parent / "real"
VENDORS = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(HERE.glob("*.yaml"))}
CASES = [(vendor, change) for vendor, found in VENDORS.items() for change in found["changes"]]


def text_of(vendor: str) -> str:
    return str(VENDORS[vendor]["policy"]) + (HERE / "tail.md").read_text(encoding="utf-8")


def next_of(vendor: str, swaps: dict[str, str]) -> Policy:
    later = {"version: 1\n": "version: 2\n", "effective: 2025-01-01": "effective: 2025-07-01"}
    return sound(changed(text_of(vendor), *later.items(), *swaps.items()))


@pytest.mark.parametrize("vendor", VENDORS)
def test_the_policy_as_it_was_has_no_finding(vendor: str) -> None:
    assert compile(changed(text_of(vendor))).findings == ()
    assert len(VENDORS[vendor]["changes"]) >= 5


@pytest.mark.parametrize(("vendor", "change"), CASES, ids=[f"{vendor}: {each['what']}" for vendor, each in CASES])
def test_a_change_has_the_class_that_its_reason_gives(vendor: str, change: dict[str, Any]) -> None:
    before, after = sound(changed(text_of(vendor))), next_of(vendor, change["swap"])
    found = diff(before, after)
    same = [each for each in found if each.class_ == change["class"] and change["sentence"] in each.sentence]
    assert same, [f"{each.class_}: {each.sentence}" for each in found]
    if change["class"] in ("narrows", "wording"):
        assert {each.class_ for each in found} <= {"narrows", "wording", "notify"}
        assert "ask" not in {each.class_ for each in found}
    if "finding" in change:
        assert change["finding"] in {finding.id for finding in succession(before, after)}
    assert re.search(r"[.]$", change["why"])


@pytest.mark.parametrize("vendor", VENDORS)
def test_each_change_of_a_year_is_found_among_all_of_them(vendor: str) -> None:
    """Vendors publish many changes at once."""
    taken: set[str] = set()
    swaps: dict[str, str] = {}
    chosen = []
    for change in VENDORS[vendor]["changes"]:
        if (
            change["class"] != "refused"
            and taken.isdisjoint(change["swap"])
            and _apply(vendor, {**swaps, **change["swap"]})
        ):
            taken |= change["swap"].keys()
            swaps |= change["swap"]
            chosen.append(change)
    assert len(chosen) >= 4
    sentences = {(each.class_, each.sentence) for each in diff(sound(changed(text_of(vendor))), next_of(vendor, swaps))}
    for change in chosen:
        assert (change["class"], change["sentence"]) in sentences, sentences


def _apply(vendor: str, swaps: dict[str, str]) -> bool:
    """Whether the changes can all be made to one text: one may take away what another needs."""
    text = text_of(vendor)
    for old, new in swaps.items():
        if old not in text:
            return False
        text = text.replace(old, new, 1)
    return compile(confirm(text)).policy is not None
