"""Adopting: only what checks, only the next, only by the owner; and an adopted text cannot be changed unseen."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from tests.worlds import policy_text

from troth import in_force, prepare
from troth.gate import owner as owners
from troth.policy import snapshot
from troth.records.law import versions

pytestmark = pytest.mark.django_db(transaction=True)


def test_nothing_adopted_says_what_to_run() -> None:
    with pytest.raises(in_force.NothingAdopted, match="troth policy adopt"):
        in_force.policy()


def test_an_adopted_version_is_in_force_and_in_the_ledger(owner: Any) -> None:
    adopted = owners.adopt(policy_text(1, purposes={}), by="staff:ines")

    assert in_force.policy().sha256 == adopted.sha256
    assert owner.execute("select kind, version, who, payload ->> 'sha256' from entry").fetchall() == [
        ("adopted", 1, "staff:ines", adopted.sha256)
    ]
    in_force.verify_adopted()


def test_a_text_with_findings_is_not_adopted_and_the_old_version_stays(owner: Any) -> None:
    first = owners.adopt(policy_text(1, purposes={}), by="staff:ines")

    with pytest.raises(owners.CannotAdopt) as refusal:
        owners.adopt(policy_text(2, purposes={"quotes": {"needs": ["shoe size"]}}), by="staff:ines")

    assert any("shoe size" in str(finding) for finding in refusal.value.findings)
    assert in_force.policy().sha256 == first.sha256


def test_only_the_next_version_can_be_adopted(owner: Any) -> None:
    owners.adopt(policy_text(1, purposes={}), by="staff:ines")

    with pytest.raises(owners.CannotAdopt, match=r"The version is 3; after 1 comes the next number"):
        owners.adopt(policy_text(3, purposes={}), by="staff:ines")
    with pytest.raises(owners.CannotAdopt, match="version-not-next"):
        owners.adopt(policy_text(1, purposes={}), by="staff:ines")


def test_a_new_site_adopts_its_earlier_versions_and_then_its_policy(tmp_path: Path, owner: Any) -> None:
    (tmp_path / "versions").mkdir()
    (tmp_path / "versions" / "1.md").write_text(policy_text(1, purposes={}), encoding="utf-8")
    (tmp_path / "policy.md").write_text(policy_text(2, purposes={}), encoding="utf-8")

    assert [adopted.version for adopted in prepare.adopt_site(tmp_path, by="staff:ines")] == [1, 2]
    assert (in_force.policy().version, in_force.policy_at(1).version) == (2, 1)


@pytest.mark.parametrize(("name", "number"), [("1.md", 3), ("draft.md", 2)])
def test_a_new_site_adopts_all_of_its_versions_or_none(tmp_path: Path, name: str, number: int) -> None:
    (tmp_path / "versions").mkdir()
    (tmp_path / "versions" / name).write_text(policy_text(1, purposes={}), encoding="utf-8")
    (tmp_path / "policy.md").write_text(policy_text(number, purposes={}), encoding="utf-8")

    with pytest.raises(prepare.NotReady, match=r"after 1 comes the next number|must be the number of a policy version"):
        prepare.adopt_site(tmp_path, by="staff:ines")
    with pytest.raises(in_force.NothingAdopted):
        in_force.policy()


def test_a_second_version_without_the_first_is_refused(tmp_path: Path) -> None:
    (tmp_path / "policy.md").write_text(policy_text(2, purposes={}), encoding="utf-8")

    with pytest.raises(prepare.NotReady, match="The next version is 1, not 2"):
        prepare.adopt_site(tmp_path, by="staff:ines")


def test_a_purpose_cannot_turn_to_advertising_under_its_old_name(owner: Any) -> None:
    offers = {"needs": ["email"], "collected by": ["form.quote"], "choice": "opt out"}
    owners.adopt(policy_text(1, purposes={"offers": {**offers, "marketing": "never"}}), by="staff:ines")

    with pytest.raises(owners.CannotAdopt, match="offers"):
        owners.adopt(policy_text(2, purposes={"offers": {**offers, "marketing": "may"}}), by="staff:ines")

    assert in_force.policy().version == 1


def test_the_application_cannot_adopt(owner: Any) -> None:
    from django.db.utils import ProgrammingError

    with pytest.raises(ProgrammingError, match="permission denied"):
        versions.adopt(policy_text(1, purposes={}), by="web", using=connections["default"])


@pytest.mark.parametrize(
    "tampering",
    [
        "update policy_version set text = replace(text, 'Halden', 'Hidden')",
        "update policy_version set text = 'x', sha256 = encode(sha256('x'), 'hex')",
    ],
)
def test_an_adopted_text_that_was_changed_stops_the_start(owner: Any, tampering: str) -> None:
    owners.adopt(policy_text(1, purposes={}), by="staff:ines")
    owner.execute(tampering)

    with pytest.raises(in_force.AdoptedTextChanged, match="Version 1 of the policy was changed"):
        in_force.verify_adopted()


def test_a_compiled_form_that_is_not_of_its_text_stops_the_start(owner: Any) -> None:
    owners.adopt(policy_text(1, purposes={}), by="staff:ines")
    owner.execute("update policy_version set compiled = replace(compiled, 'Halden', 'Hidden')")

    with pytest.raises(in_force.AdoptedTextChanged, match="compiled of version 1 of the policy is not what its text"):
        in_force.verify_adopted()


def test_what_another_release_compiled_is_compiled_again(owner: Any) -> None:
    adopted = owners.adopt(policy_text(1, purposes={}), by="staff:ines")
    owner.execute("update policy_version set compiler = 'another', compiled = '[]'")

    owners.apply_functions()

    assert [version.compiled for version in versions.list_adopted()] == [snapshot.save(adopted)]
