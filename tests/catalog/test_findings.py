"""Everything that can be wrong with a site folder is found, all at once, at its place."""

import os
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from troth import catalog
from troth.catalog import findings
from troth.catalog.document import document

HERE = Path(__file__).parent
CASES: list[dict[str, Any]] = yaml.safe_load((HERE / "cases.yaml").read_text(encoding="utf-8"))
# People are no part of the site itself: test_cast has the cases of people.yaml. What the program lacks is its own.
OF_THE_CAST = {
    "bad-role",
    "bad-domain",
    "unknown-place",
    "not-offered",
    "email-held-back",
    "email-not-timed",
    "no-files-here",
}


def spoil(folder: Path, case: dict[str, Any]) -> None:
    file = folder / case["file"]
    text = (folder / case.get("copy", case["file"])).read_text(encoding="utf-8")
    if case.get("remove") or case.get("folder"):
        file.unlink()
    if case.get("folder"):
        file.mkdir()
    if case.get("remove") or case.get("folder"):
        return
    for old, new in case.get("swap", {}).items():
        assert old in text, f"the new site no longer says {old!r}"
        text = text.replace(old, new)
    file.write_text(case.get("write", text), encoding="utf-8")


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['finding']}-{case['file']}")
def test_a_bad_site_earns_its_finding(folder: Path, case: dict[str, Any]) -> None:
    spoil(folder, case)

    loaded = catalog.load(folder)

    found = [one for one in loaded.findings if one.id == case["finding"]]
    assert found, [str(one) for one in loaded.findings]
    assert found[0].file == case.get("in", case["file"])
    assert found[0].line == case.get("line", found[0].line)
    assert case.get("excerpt", "") in found[0].excerpt
    assert case.get("hint", "") in found[0].hint
    assert (loaded.site is not None) == case.get("warning", False)


def test_every_kind_of_finding_has_a_case() -> None:
    assert set(findings.registry()) - OF_THE_CAST <= {case["finding"] for case in CASES}


def test_findings_of_all_files_come_at_once(folder: Path) -> None:
    for file in ("brand.yaml", "routing.yaml", "catalog/first-product.yaml"):
        path = folder / file
        path.write_text(path.read_text(encoding="utf-8") + "surprise: yes\n", encoding="utf-8")

    found = catalog.load(folder).findings

    assert {(one.file, one.id) for one in found} == {
        (file, "unknown-key") for file in ("brand.yaml", "routing.yaml", "catalog/first-product.yaml")
    }


def test_a_finding_reads_like_a_compilers(folder: Path) -> None:
    (folder / "brand.yaml").unlink()

    assert str(catalog.load(folder).findings[0]) == "brand.yaml:1:1: error: The site has no brand.yaml. [missing-file]"


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_odd_encodings_are_findings(folder: Path, encoding: str) -> None:
    (folder / "brand.yaml").write_bytes("name: Société Générale de Pompes\n".encode(encoding))

    assert [one.id for one in catalog.load(folder).findings] == ["not-utf-8"]


def test_windows_line_ends_and_a_byte_order_mark_change_no_meaning(folder: Path) -> None:
    path = folder / "brand.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))

    loaded = catalog.load(folder)

    assert loaded.site is not None
    assert loaded.site.brand.name == "Acme Pumps, Inc."


def test_a_huge_file_is_a_finding(folder: Path) -> None:
    (folder / "brand.yaml").write_bytes(b"name: " + b"x" * 5_000_000)

    assert [one.id for one in catalog.load(folder).findings] == ["too-large"]


def test_a_pipe_in_a_files_place_is_a_finding_and_not_a_wait(folder: Path) -> None:
    (folder / "brand.yaml").unlink()
    os.mkfifo(folder / "brand.yaml")

    assert [one.id for one in catalog.load(folder).findings] == ["unreadable-file"]


def test_an_editors_hidden_files_are_left_alone(folder: Path) -> None:
    (folder / "catalog" / ".#first-product.yaml").symlink_to("nowhere")
    (folder / "catalog" / "notes.txt").write_text("call the printer")

    assert catalog.load(folder).findings == ()


def test_a_folder_that_is_not_there_is_a_finding(tmp_path: Path) -> None:
    loaded = catalog.load(tmp_path / "nowhere")

    assert loaded.site is None
    assert {one.file for one in loaded.findings} == {"brand.yaml", "routing.yaml", "catalog"}


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    file=st.sampled_from(["brand.yaml", "routing.yaml", "catalog/first-product.yaml", "catalog/services.yaml"]),
    raw=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))),
    at=st.integers(0, 400),
)
def test_no_bytes_make_loading_raise(folder: Path, file: str, raw: bytes, at: int) -> None:
    path = folder / file
    sound = path.read_bytes()
    path.write_bytes(sound[:at] + raw + sound[at:])

    catalog.load(folder)

    path.write_bytes(sound)


def test_the_documentation_is_current() -> None:
    written = (HERE.parent.parent / "docs" / "site-findings.md").read_text(encoding="utf-8")

    assert written == document()
