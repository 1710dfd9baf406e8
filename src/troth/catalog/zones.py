"""The time zone of a place, for a new site.

zone_of("US-CA")    America/Los_Angeles, of the state's capital
zone_of("DE")       Europe/Berlin: all of the country's zones show the same time
zone_of("AU")       "": they don't

Source  the us package; zone.tab of the time zone database
"""

import zoneinfo
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import us

_HALVES = (datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC))


def zone_of(place: str) -> str:
    """Its name in the IANA database; empty where the country, or state of one, has several, or none is known."""
    country, _dash, state = place.partition("-")
    known = us.states.lookup(state) if country == "US" and state else None
    if known is not None:
        return str(known.capital_tz or "")
    zones = _list_zones(country)
    times = {tuple(half.astimezone(ZoneInfo(each)).utcoffset() for half in _HALVES) for each in zones}
    return zones[0] if len(times) == 1 else ""


def _list_zones(country: str) -> list[str]:
    tables = [table for each in zoneinfo.TZPATH if (table := Path(each) / "zone.tab").is_file()]
    lines = tables[0].read_text(encoding="utf-8").splitlines() if tables else []
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return [zone for code, _at, zone, *_note in rows if code == country]
