"""Where a request comes from: ZIP code, state and country combined, or the reason why they contradict each other."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pycountry
import zipcodes

from .reasons import RoutingReason

_countries: Any = pycountry.countries
_subdivisions: Any = pycountry.subdivisions
_zips: Any = zipcodes
_ZIP = re.compile(r"(\d{5})(?:-?\d{4})?", re.ASCII)  # other digits make `zipcodes` panic
_POSTAL_CODE = re.compile(r"([ABCEGHJ-NPR-TVXY])\d[A-Z] ?\d[A-Z]\d", re.ASCII)
TERRITORIES = frozenset({"AS", "GU", "MP", "PR", "UM", "VI"})
"""Of the United States: people there choose a country of its own, or a state of theirs.   Source  ISO 3166"""
_PROVINCES = {
    "A": "NL",
    "B": "NS",
    "C": "PE",
    "E": "NB",
    "G": "QC",
    "H": "QC",
    "J": "QC",
    "K": "ON",
    "L": "ON",
    "M": "ON",
    "N": "ON",
    "P": "ON",
    "R": "MB",
    "S": "SK",
    "T": "AB",
    "V": "BC",
    "X": "NT NU",
    "Y": "YT",
}

MILITARY = {
    "US-AA": "Armed Forces Americas",
    "US-AE": "Armed Forces Europe",
    "US-AP": "Armed Forces Pacific",
}
"""The states of the US military, which ISO 3166-2 leaves out."""


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """A place as far as it is known. `state` is "US-CA" or ""; `trouble` says why it can't be used."""

    country: str
    state: str = ""
    zip: str = ""
    trouble: RoutingReason | None = None

    @property
    def known(self) -> bool:
        return self.trouble is None


def locate(zip_code: str, state: str, country: str) -> KnownPlace:
    """The place with this ZIP or postal code, state and country.

    Takes   state as "CA" or "US-CA", country as two letters; all but the country may be empty.
    Gives   a Place; one with `trouble` if the parts are unknown or contradict each other.
    """
    country = country.strip().upper()
    if not is_country(country):
        trouble = RoutingReason("unknown-country", {"country": country}) if country else RoutingReason("no-country")
        return KnownPlace(country, trouble=trouble)
    given = f"US-{country}" if country in TERRITORIES else _state(state, country)
    if state.strip() and country in ("US", "CA") and not given:
        return KnownPlace(country, trouble=RoutingReason("unknown-state", {"state": state.strip()}))
    if country == "US":
        return _in_us(zip_code.strip(), given)
    return _in_canada(zip_code.strip().upper(), given) if country == "CA" else KnownPlace(country, given)


@lru_cache(maxsize=2048)  # bounded: the text comes from forms
def is_country(code: str) -> bool:
    """True for a two-letter code of ISO 3166-1."""
    return len(code) == 2 and _countries.get(alpha_2=code) is not None


def country_name(code: str) -> str:
    """The English name of a country's two-letter code; the code itself where there is no such country."""
    found = _countries.get(alpha_2=code)
    return found.name if found else code


@lru_cache(maxsize=2048)  # bounded: the text comes from forms
def place_name(code: str) -> str:
    """The English name of a country or a state of one, as "California" of "US-CA"; the code where it has no name."""
    if "-" not in code:
        return country_name(code)
    found = _subdivisions.get(code=code)
    return found.name if found else MILITARY.get(code, code)


def find_places(name: str) -> list[str]:
    """Codes of the countries and states that are called so in English, as "DE" or "US-CA"."""
    called = name.casefold()
    states = [each.code for each in _subdivisions if each.name.casefold() == called]
    return [each.alpha_2 for each in _countries if called in _names(each)] + states


def _names(country: Any) -> set[str]:
    return {getattr(country, kind, "").casefold() for kind in ("name", "common_name", "official_name", "alpha_3")}


@lru_cache(maxsize=2048)  # bounded: the text comes from forms
def is_state(code: str) -> bool:
    """True for a code of ISO 3166-2, such as "US-CA", and for a state of the US military."""
    return code in MILITARY or _subdivisions.get(code=code) is not None


@lru_cache(maxsize=65536)
def state_of_zip(zip_code: str) -> str:
    """The state of a five-digit ZIP code as "US-CA"; "" if there is no such code."""
    if not _ZIP.fullmatch(zip_code):
        return ""
    found = _zips.matching(zip_code)
    return f"US-{found[0]['state']}" if found else ""


def _state(state: str, country: str) -> str:
    code = state.strip().upper()
    code = code if code.startswith(f"{country}-") else f"{country}-{code}"
    return code if is_state(code) else ""


def _in_us(zip_code: str, given: str) -> KnownPlace:
    if not zip_code:
        return KnownPlace("US", given)
    match = _ZIP.fullmatch(zip_code)
    found = state_of_zip(match[1]) if match else ""
    if not match or not found:
        return KnownPlace("US", given, zip_code, RoutingReason("unknown-zip", {"zip": zip_code}))
    if given and given != found:
        names = {"zip": match[1], "found": found[3:], "state": given[3:]}
        return KnownPlace("US", given, match[1], RoutingReason("zip-elsewhere", names))
    return KnownPlace("US", found, match[1])


def _in_canada(postal_code: str, given: str) -> KnownPlace:
    if not postal_code:
        return KnownPlace("CA", given)
    match = _POSTAL_CODE.fullmatch(postal_code)
    if not match:
        return KnownPlace("CA", given, postal_code, RoutingReason("unknown-postal-code", {"zip": postal_code}))
    provinces = [f"CA-{province}" for province in _PROVINCES[match[1]].split()]
    if given and given not in provinces:
        names = {"zip": postal_code, "state": given[3:]}
        return KnownPlace("CA", given, postal_code, RoutingReason("postal-code-elsewhere", names))
    return KnownPlace("CA", given or provinces[0], postal_code)


def zip_exists(first: str, last: str) -> bool:
    """True if the Post Office uses any ZIP code from first to last.

    Asked by the first three digits: a list of all codes would take a second and 300 MB in each process."""
    areas = (f"{area:03}" for area in range(int(first[:3]), int(last[:3]) + 1))
    return any(first <= found["zip_code"] <= last for area in areas for found in _zips.similar_to(area))
