"""people.yaml: invented organizations in real places, on domains where no email can reach anybody."""

from pathlib import Path

import pytest
from tests.catalog.conftest import REFERENCE

from troth import policy
from troth.catalog import Cast, load_cast

SMALL = """
staff: [{username: ines, name: Ines Moreau, role: sales}]
organizations:
  - {name: Halden Valve Works, industry: Valves and fittings, city: Fresno,
     state: CA, zip: 93721, country: US, domain: halden.example}
first names: [Marisol]
last names: [Vance]
"""


@pytest.fixture(scope="module")
def cast() -> Cast:
    loaded = load_cast(REFERENCE)
    assert loaded.cast is not None, loaded.findings
    return loaded.cast


def test_the_reference_cast_is_large_enough_for_200_people(cast: Cast) -> None:
    assert len(cast.organizations) == 60
    assert len({one.domain for one in cast.organizations}) == 60
    assert len(set(cast.first_names)) * len(set(cast.last_names)) >= 200


def test_each_industry_is_one_that_the_policy_asks_for(cast: Cast) -> None:
    compiled = policy.compile((REFERENCE / "policy.md").read_bytes()).policy
    assert compiled is not None

    assert {one.industry for one in cast.organizations} <= set(compiled.kinds["industry"].values)


def test_every_staff_role_can_be_tried(cast: Cast) -> None:
    assert {one.role for one in cast.staff} == {
        "sales",
        "support",
        "product",
        "marketing",
        "privacy",
        "admin",
        "auditor",
    }


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ("halden.example", "halden.com", "bad-domain"),
        ("state: CA", "state: NV", "unknown-place"),
        ("role: sales", "role: boss", "bad-role"),
        ("first names", "names", "unknown-key"),
    ],
)
def test_a_bad_cast_earns_its_finding(tmp_path: Path, old: str, new: str, finding: str) -> None:
    (tmp_path / "people.yaml").write_text(SMALL.replace(old, new))

    loaded = load_cast(tmp_path)

    assert loaded.cast is None
    assert finding in {one.id for one in loaded.findings}


def test_a_site_without_people_says_so(tmp_path: Path) -> None:
    assert [one.id for one in load_cast(tmp_path).findings] == ["missing-file"]
