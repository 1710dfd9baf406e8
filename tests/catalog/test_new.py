"""`troth new`: a site that is sound from its first minute, and never a file overwritten."""

import errno
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from troth import catalog, policy
from troth.desk import index

TODAY = date(2026, 11, 23)
LEFT = ["brand.yaml:2", "policy.md:5", "policy.md:5"]
"""Where a new site has what only its author can say."""


def list_left(loaded: catalog.Loaded) -> list[str]:
    assert {finding.id for finding in loaded.findings} == {"left-to-replace"}
    return [f"{finding.file}:{finding.line}" for finding in loaded.findings]


def test_a_new_site_has_no_findings_but_what_is_left_to_replace(tmp_path: Path) -> None:
    catalog.new(tmp_path, organization="Acme", today=TODAY)
    assert list_left(catalog.load(tmp_path)) == LEFT


def test_a_new_site_whose_author_replaced_it_has_none(folder: Path) -> None:
    loaded = catalog.load(folder)
    compiled = policy.compile((folder / "policy.md").read_bytes())

    assert loaded.findings == ()
    assert compiled.findings == ()
    assert compiled.policy is not None
    assert (*catalog.silent(compiled.policy, index.offer()), *catalog.not_offered(compiled.policy, index.offer())) == ()
    assert loaded.site is not None
    assert list(loaded.site.products) == ["first-product"]


def test_a_new_sites_policy_takes_effect_on_the_day_it_is_made(tmp_path: Path) -> None:
    catalog.new(tmp_path, organization="Acme", today=TODAY)

    compiled = policy.compile((tmp_path / "policy.md").read_bytes()).policy
    assert compiled is not None
    assert (compiled.version, compiled.effective, compiled.organization) == (1, TODAY, "Acme")


def test_a_new_site_routes_a_request_and_has_a_fallback(folder: Path) -> None:
    site = catalog.load(folder).site
    assert site is not None

    at_home = catalog.LeadFacts(catalog.locate("92618", "CA", "US"))
    abroad = catalog.LeadFacts(catalog.locate("", "", "FR"))

    assert catalog.choose(site.routing, at_home, owners={}, load={}).recipient.key == "first-salesperson"
    assert catalog.choose(site.routing, abroad, owners={}, load={}).alarm


def test_a_folder_with_anything_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")

    with pytest.raises(catalog.FolderNotEmpty, match="already holds files"):
        catalog.new(tmp_path, organization="Acme", today=TODAY)

    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_file_in_the_folders_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "site").write_text("a file")

    with pytest.raises(catalog.FolderNotEmpty):
        catalog.new(tmp_path / "site", organization="Acme", today=TODAY)


def test_a_site_that_cannot_be_written_as_a_whole_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fills_the_disk(file: Path, text: str, **how: str) -> int:
        return file.write_bytes(text[:10].encode()) if file.name != "routing.yaml" else _refuse(file)

    monkeypatch.setattr(Path, "write_text", fills_the_disk)
    with pytest.raises(OSError, match="full"):
        catalog.new(tmp_path / "a" / "site", organization="Acme", today=TODAY)
    assert list(tmp_path.rglob("*")) == [tmp_path / "a"]


def _refuse(file: Path) -> int:
    file.touch()
    raise OSError(errno.ENOSPC, "full")


_ZONES = {
    "US-CA": "America/Los_Angeles",
    **dict.fromkeys(("DE", "DE-BY"), "Europe/Berlin"),
    "FR": "Europe/Paris",
    "GB": "Europe/London",
    "JP": "Asia/Tokyo",
}


_LAWS = {"DE": "gdpr", "DE-BY": "gdpr", "FR": "gdpr", "GB": "uk gdpr"}


@pytest.mark.parametrize("place", ["US", "US-CA", "DE", "DE-BY", "GB", "CA-QC", "FR", "JP", "BR"])
def test_a_site_of_any_place_has_no_findings_and_routes_its_own_country(tmp_path: Path, place: str) -> None:
    catalog.new(tmp_path / "site", organization="Acme", today=TODAY, domain="acme.example", place=place)
    loaded = catalog.load(tmp_path / "site")
    compiled = policy.compile((tmp_path / "site/policy.md").read_bytes())
    assert compiled.findings == ()
    assert compiled.policy is not None
    protected = place in _LAWS
    assert compiled.policy.laws == (("california", _LAWS[place]) if protected else ("california",))
    assert len(list_left(loaded)) == len(LEFT) + protected, "where the email provider is, its author alone can say"
    assert loaded.site is not None
    assert loaded.site.brand.calendar.place == place
    assert str(loaded.site.brand.zone) == _ZONES.get(place, "UTC"), "where all of it has one time"
    at_home = catalog.LeadFacts(catalog.locate("", "", place[:2]))
    assert catalog.choose(loaded.site.routing, at_home, owners={}, load={}).recipient.key == "first-salesperson"


@pytest.mark.parametrize("domain", ["acme", "acme..example", "-a.example", "a b.example", "acme.example:80", "", "1.2"])
def test_what_is_no_domain_is_told(domain: str) -> None:
    assert not catalog.is_domain(domain)
    assert catalog.is_domain("portal.acme.example")


@settings(max_examples=40)
@given(name=st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"]), min_size=1, max_size=60))
def test_any_organizations_name_makes_a_sound_site(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    folder = tmp_path_factory.mktemp("site")

    catalog.new(folder, organization=name, today=TODAY)

    assert list_left(catalog.load(folder)) == LEFT
    assert policy.compile((folder / "policy.md").read_bytes()).findings == ()
