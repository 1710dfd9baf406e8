"""brand.yaml: the vendor's name, time zone and colors; color pairs with too little contrast are refused."""

import re
from collections.abc import Mapping
from datetime import UTC, tzinfo
from types import MappingProxyType
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from troth.policy.fields import Fields

from .calendar import Calendar, UnknownPlace, calendar_of
from .reading import domains, email
from .terms import Brand, Color

LEAST_CONTRAST = 4.5
HOME = "US"
# What pages are made of where a brand says nothing: the tokens of the house's own style sheet.
HOUSE_COLORS: Mapping[str, Color] = MappingProxyType(
    {
        "accent": Color("#0a5b6b", "#72c7d6"),
        "accent-deep": Color("#06434f", "#9bdae5"),
        "accent-wash": Color("#e5f0f1", "#12292e"),
        "on-accent": Color("#ffffff", "#06242b"),
    }
)
_PAGE = {
    "paper": Color("#fdfdfb", "#0f1415"),
    "wash": Color("#f3f5f2", "#171e20"),
    "ink": Color("#16201e", "#e3e9e7"),
}
_MEETINGS = (
    ("accent", "paper"),
    ("accent", "wash"),
    ("accent", "accent-wash"),
    ("accent-deep", "paper"),
    ("on-accent", "accent"),
    ("on-accent", "accent-deep"),
    ("ink", "accent-wash"),
)
_COLOR = re.compile(r"#[0-9a-fA-F]{6}")


def read_brand(fields: Fields) -> Brand:
    """The brand that a file describes; colors that it doesn't name are the defaults."""
    fields.only(("name", "headline", "lead", "support email", "staff domains", "time zone", "holidays", "colors"))
    return Brand(
        name=fields.text("name"),
        headline=fields.text("headline"),
        lead=fields.text("lead"),
        support_email=email(fields, "support email"),
        staff_domains=domains(fields, "staff domains"),
        zone=_read_zone(fields),
        calendar=_read_calendar(fields),
        colors=_read_colors(fields.mapping("colors")),
    )


def _read_zone(fields: Fields) -> tzinfo:
    """The vendor's time zone; the default is UTC, which needs no zone data, so it works everywhere."""
    name = fields.text("time zone", default="UTC")
    if name in ("UTC", ""):
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # none, not a zone's name, or a folder such as America
        fields.report.add("unknown-time-zone", fields.place("time zone"), zone=name)
        return UTC


def _read_calendar(fields: Fields) -> Calendar:
    """The vendor's holidays; by default those of the United States, whose law most deadlines follow."""
    place = fields.text("holidays", default=HOME)
    try:
        return calendar_of(place)
    except UnknownPlace:
        fields.report.add("unknown-holidays", fields.place("holidays"), place=place)
        return Calendar(HOME)


def _read_colors(fields: Fields) -> Mapping[str, Color]:
    fields.only(HOUSE_COLORS)
    own = {name: _read_color(fields, name) for name in HOUSE_COLORS if fields.has(name)}
    colors = {**HOUSE_COLORS, **own}
    for front, back in _MEETINGS:
        _compare(fields, {**_PAGE, **colors}, front, back)
    return MappingProxyType(colors)


def _read_color(fields: Fields, name: str) -> Color:
    pair = fields.mapping(name)
    pair.only(("light", "dark"))
    return Color(_hex(pair, "light"), _hex(pair, "dark"))


def _hex(pair: Fields, mode: str) -> str:
    text = pair.text(mode)
    if text and not _COLOR.fullmatch(text):
        pair.report.add("bad-color", pair.place(mode), color=text)
    return text.lower() if _COLOR.fullmatch(text) else ""


def _compare(fields: Fields, colors: Mapping[str, Color], front: str, back: str) -> None:
    for mode in ("light", "dark"):
        one, other = getattr(colors[front], mode), getattr(colors[back], mode)
        if one and other and contrast(one, other) < LEAST_CONTRAST:
            named = front if fields.has(front) else back
            fields.report.add(
                "low-contrast",
                fields.place(named),
                front=front,
                back=back,
                mode=mode,
                ratio=f"{contrast(one, other):.1f}",
            )


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colors, from 1 to 21.  Source  WCAG 2.2, "contrast ratio"."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: str) -> float:
    red, green, blue = (_linear(int(color[start : start + 2], 16) / 255) for start in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
