"""Regions by which a choice may differ. A person's region is decided by the country and state that are held of them.

The database computes it (`regions_held`): that of the country, in the United States that of the state. Where someone
gave no country, or two, it isn't known, and is "".
"""

from collections.abc import Mapping

ELSE = "else"
UNITED_STATES = "US"
EEA = frozenset(
    (
        *("AT", "BE", "BG", "HR", "CY", "CZ", "DK", "EE", "FI", "FR", "DE", "GR", "HU", "IE", "IT", "LV", "LT", "LU"),
        *("MT", "NL", "PL", "PT", "RO", "SK", "SI", "ES", "SE", "IS", "LI", "NO"),
    )
)
STATES = (
    *("US-AL", "US-AK", "US-AZ", "US-AR", "US-CA", "US-CO", "US-CT", "US-DE", "US-DC", "US-FL", "US-GA", "US-HI"),
    *("US-ID", "US-IL", "US-IN", "US-IA", "US-KS", "US-KY", "US-LA", "US-ME", "US-MD", "US-MA", "US-MI", "US-MN"),
    *("US-MS", "US-MO", "US-MT", "US-NE", "US-NV", "US-NH", "US-NJ", "US-NM", "US-NY", "US-NC", "US-ND", "US-OH"),
    *("US-OK", "US-OR", "US-PA", "US-RI", "US-SC", "US-SD", "US-TN", "US-TX", "US-UT", "US-VT", "US-VA", "US-WA"),
    *("US-WV", "US-WI", "US-WY"),
)
REGIONS = ("EEA", "UK", "CH", "CA", UNITED_STATES, *STATES, ELSE)
"""What a policy may name: CA is Canada, US-CA is California."""


def list_sought(region: str, named: Mapping[str, object]) -> list[str]:
    """The entries that people of a region fall under: one, or each that may be theirs while it is unknown.

    A state that isn't named falls under the United States, and those under `else` where they aren't named either."""
    if region in named and region != UNITED_STATES:
        return [region]
    rest = UNITED_STATES if UNITED_STATES in named else ELSE
    if region in STATES:
        return [rest]
    if region == UNITED_STATES:
        return [*(each for each in named if each in STATES), rest]
    return [ELSE] if region in REGIONS else list(named)
