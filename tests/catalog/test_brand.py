"""Colors that meet on pages can be read, or the brand is refused."""

from datetime import date
from pathlib import Path

import pytest

from troth import catalog
from troth.catalog.brand import HOUSE_COLORS, contrast, read_brand
from troth.catalog.calendar import Calendar
from troth.catalog.reading import read_file


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#777777", "#ffffff", 4.48),
        ("#0a5b6b", "#ffffff", 7.72),
    ],
)
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == contrast(other, one)
    assert contrast(one, other) == pytest.approx(ratio, abs=0.01)


def test_a_brand_without_colors_wears_the_houses(reference: catalog.SiteFolder) -> None:
    assert reference.brand.colors == HOUSE_COLORS


@pytest.mark.parametrize(("said", "zone"), [("", "UTC"), ("time zone: Europe/Berlin\n", "Europe/Berlin")])
def test_a_brand_has_the_vendors_clock_or_utc(tmp_path: Path, said: str, zone: str) -> None:
    (tmp_path / "brand.yaml").write_text(f"name: Acme\nheadline: A.\nlead: B.\nsupport email: a@acme.example\n{said}")
    fields, report = read_file(tmp_path, "brand.yaml")
    assert fields is not None
    assert str(read_brand(fields).zone) == zone
    assert not report.site_findings()


@pytest.mark.parametrize(
    ("said", "place"), [("", "US"), ("holidays: DE-BY\n", "DE-BY"), ("holidays: US-CA\n", "US-CA")]
)
def test_a_brand_keeps_the_holidays_of_its_place(tmp_path: Path, said: str, place: str) -> None:
    (tmp_path / "brand.yaml").write_text(f"name: Acme\nheadline: A.\nlead: B.\nsupport email: a@acme.example\n{said}")
    fields, _report = read_file(tmp_path, "brand.yaml")
    assert fields
    calendar = read_brand(fields).calendar
    assert calendar.place == place
    assert not calendar.is_business_day(date(2026, 12, 25))
    assert calendar.is_business_day(date(2027, 1, 6)) == (place != "DE-BY")  # Epiphany


@pytest.mark.parametrize(
    ("place", "works", "free"),
    [
        ("IL", "2026-11-15", "2026-11-13"),  # a Sunday, a Friday
        ("EG", "2026-11-15", "2026-11-13"),
        ("AE", "2026-11-13", "2026-11-15"),
        ("CN", "2026-02-28", "2026-02-23"),  # the Saturday for which a Monday of the new year is free
        ("US", "2027-12-30", "2027-12-31"),  # New Year on a Saturday
        ("", "2026-12-25", "2026-12-26"),
    ],
)
def test_a_week_is_the_one_of_its_place(place: str, works: str, free: str) -> None:
    calendar = Calendar(place)
    assert calendar.is_business_day(date.fromisoformat(works))
    assert not calendar.is_business_day(date.fromisoformat(free))
