"""A small new site to break, and the reference site to route in."""

from datetime import date
from pathlib import Path

import pytest

from troth import catalog

REFERENCE = Path(__file__).parent.parent.parent / "examples" / "optiproerp"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of a new site, as `troth new` makes it and its author completes it."""
    site = tmp_path / "site"
    catalog.new(site, organization="Acme Pumps, Inc.", today=date(2026, 11, 1))
    for file in (site / "policy.md", site / "brand.yaml"):
        text = file.read_text()
        for words in catalog.placeholders(text):
            text = text.replace(words, "Ours")
        file.write_text(text)
    return site


@pytest.fixture(scope="session")
def reference() -> catalog.SiteFolder:
    """The reference site."""
    loaded = catalog.load(REFERENCE)
    assert loaded.site is not None, loaded.findings
    return loaded.site


@pytest.fixture(scope="session")
def routing(reference: catalog.SiteFolder) -> catalog.Routing:
    return reference.routing
