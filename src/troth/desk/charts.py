"""Charts drawn on the server: SVG without style attributes, colored by the style sheet for light and dark."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

from django.utils.safestring import SafeString

from troth.markup import format_html, format_html_join

WIDTH, HEIGHT = 360, 196
_BASE, _TOP, _GAP, _WIDEST = 160, 34, 16, 72
_CHARACTER_WIDTH = 7
"""How wide one is, about."""


@dataclass(frozen=True)
class Bar:
    label: str
    value: int
    late: bool = False  # past the limit: striped as well as red


@dataclass(frozen=True)
class Figures:
    """One chart with its total. Its table has the same labels and values."""

    bars: Sequence[Bar]

    @property
    def total(self) -> int:
        return sum(bar.value for bar in self.bars)


def chart(bars: Sequence[Bar], *, title: str, description: str, limit: str = "", defs: bool = True) -> SafeString:
    """Bars of one series, each with its figure; `limit` names the line in front of the first late one.

    Takes   defs: whether the stripes are drawn here; a second chart on a page takes those of the first."""
    return _draw(tuple(bars), title, description, limit, defs)


# Pages of the console load themselves again each minute, mostly with the same figures.
@lru_cache(maxsize=128)
def _draw(bars: tuple[Bar, ...], title: str, description: str, limit: str, defs: bool) -> SafeString:
    key = sha256(title.encode()).hexdigest()[:8]
    return format_html(
        '<svg class="chart" viewBox="0 0 {width} {height}" role="img" aria-labelledby="chart-{key}-t chart-{key}-d">'
        '<title id="chart-{key}-t">{title}</title><desc id="chart-{key}-d">{description}</desc>'
        '{stripes}{bars}<path class="axis" d="M0 {axis}H{width}"/>{limit}</svg>',
        width=WIDTH,
        height=HEIGHT,
        key=key,
        title=title,
        description=description,
        stripes=_stripes(5) if defs else "",
        bars=_write_bars(bars),
        axis=_BASE + 0.5,
        limit=_line(bars, limit) if limit else "",
    )


def _stripes(width: int) -> SafeString:
    return format_html(
        '<defs><pattern id="late" width="{0}" height="{0}" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<path class="late-ink" d="M0 0V{0}" stroke-width="4"/></pattern></defs>',
        width,
    )


def _write_bars(bars: Sequence[Bar]) -> SafeString:
    highest = max((bar.value for bar in bars), default=0) or 1
    width = _step(bars) - _GAP
    return format_html_join(
        "",
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>'
        '<text class="value" x="{}" y="{}" text-anchor="middle">{}</text>'
        '<text x="{}" y="{}" text-anchor="middle">{}</text>',
        (
            (
                "late" if bar.late else "bar",
                _GAP // 2 + _step(bars) * at,
                _BASE - _tall(bar, highest),
                width,
                _tall(bar, highest),
                _GAP // 2 + _step(bars) * at + width // 2,
                _BASE - _tall(bar, highest) - 6,
                bar.value,
                _GAP // 2 + _step(bars) * at + width // 2,
                _BASE + 18,
                _label(bar.label, at=_GAP // 2 + _step(bars) * at + width // 2, width=_step(bars)),
            )
            for at, bar in enumerate(bars)
        ),
    )


def _label(words: str, *, at: int, width: int) -> SafeString | str:
    """One that is wider than its bar's place is in two lines."""
    first, _, rest = words.partition(" ")
    if not rest or len(words) * _CHARACTER_WIDTH < width:
        return words
    return format_html('{}<tspan x="{}" dy="14">{}</tspan>', first, at, rest)


def _line(bars: Sequence[Bar], words: str) -> SafeString:
    first_late = next((at for at, bar in enumerate(bars) if bar.late), None)
    if first_late is None:
        return SafeString("")
    at = _step(bars) * first_late
    # In the right half the words are before the line, so that they stay inside the picture.
    before = at > WIDTH // 2
    return format_html(
        '<path class="limit" d="M{} 8V{}"/><text x="{}" y="18"{}>{}</text>',
        at,
        _BASE,
        at - 8 if before else at + 8,
        SafeString(' text-anchor="end"') if before else "",
        words,
    )


def _step(bars: Sequence[Bar]) -> int:
    return min(WIDTH // max(len(bars), 1), _WIDEST)  # one bar alone is no wall


def _tall(bar: Bar, highest: int) -> int:
    return round((_BASE - _TOP) * bar.value / highest)
