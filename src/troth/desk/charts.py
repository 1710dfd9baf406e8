"""Charts drawn on the server: SVG without style attributes, colored by the style sheet for light and dark."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from hashlib import sha256

from django.utils.safestring import SafeString

from troth.markup import format_html, format_html_join, join_html

WIDTH, HEIGHT = 360, 196
_BASE, _TOP, _GAP, _WIDEST = 160, 34, 16, 72
_CHARACTER_WIDTH = 7
"""How wide one is, about."""
_Draw = Callable[[float, float, float, float], SafeString]
_KEY, _KEY_HEIGHT = 12, 20
"""The square beside the name of a series, and what their line adds above the bars."""


@dataclass(frozen=True)
class Bar:
    """One bar. `second`: what a second series adds on top, hollow; its figure is the sum.

    late  past the limit: striped as well as red; of a bar with a second series only that"""

    label: str
    value: int
    second: int = 0
    late: bool = False

    @property
    def total(self) -> int:
        return self.value + self.second


@dataclass(frozen=True)
class Figures:
    """One chart with its total. Its table has the same labels and values."""

    bars: Sequence[Bar]

    @property
    def total(self) -> int:
        return sum(bar.value for bar in self.bars)


def chart(
    bars: Sequence[Bar],
    *,
    title: str,
    description: str,
    series: Sequence[str] = (),
    defs: bool = True,
) -> SafeString:
    """Bars, each with its figure.

    Takes   series: what the two series are called, where bars have a second one; defs: whether the stripes are drawn
            here; a second chart on a page takes those of the first."""
    return _write_chart(tuple(bars), title, description, tuple(series), defs)


# Pages of the console load themselves again each minute, mostly with the same figures.
@lru_cache(maxsize=128)
def _write_chart(
    bars: tuple[Bar, ...], title: str, description: str, series: tuple[str, ...], defs: bool
) -> SafeString:
    key = sha256(title.encode()).hexdigest()[:8]
    return format_html(
        '<svg class="chart" viewBox="0 0 {width} {height}" role="img" aria-labelledby="chart-{key}-t chart-{key}-d">'
        '<title id="chart-{key}-t">{title}</title><desc id="chart-{key}-d">{description}</desc>'
        '{stripes}{bars}<path class="axis" d="M0 {axis}H{width}"/>{names}</svg>',
        width=WIDTH,
        height=HEIGHT,
        key=key,
        title=title,
        description=description,
        stripes=_stripes(5) if defs else "",
        bars=_write_bars(bars, height=_BASE - _TOP - (_KEY_HEIGHT if series else 0)),
        axis=_BASE + 0.5,
        names=_name_series(series),
    )


def _stripes(width: int) -> SafeString:
    return format_html(
        '<defs><pattern id="late" width="{0}" height="{0}" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<path class="late-ink" d="M0 0V{0}" stroke-width="4"/></pattern></defs>',
        width,
    )


def _write_bars(bars: Sequence[Bar], *, height: int) -> SafeString:
    highest = max((bar.total for bar in bars), default=0) or 1
    step = _step(bars)
    return format_html_join(
        "",
        "{}",
        (
            (_write_bar(bar, left=_GAP // 2 + step * at, width=step, tall=height / highest),)
            for at, bar in enumerate(bars)
        ),
    )


def _write_bar(bar: Bar, *, left: int, width: int, tall: float) -> SafeString:
    """One bar in its place. `tall`: of one."""
    first, second = round(tall * bar.value), round(tall * bar.second)
    top = _BASE - first - second
    above = (
        _rectangle("late", left, top, width - _GAP, second) if bar.late else _hollow(left, top, width - _GAP, second)
    )
    middle = left + (width - _GAP) // 2
    return format_html(
        '{}{}<text class="value" x="{}" y="{}" text-anchor="middle">{}</text>'
        '<text x="{}" y="{}" text-anchor="middle">{}</text>',
        _rectangle("late" if bar.late and not second else "bar", left, _BASE - first, width - _GAP, first),
        above if second else "",
        middle,
        top - 6,
        bar.total,
        middle,
        _BASE + 18,
        _label(bar.label, at=middle, width=width),
    )


def _rectangle(name: str, x: float, y: float, width: float, height: float) -> SafeString:
    return format_html('<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>', name, x, y, width, height)


def _hollow(x: float, y: float, width: float, height: float) -> SafeString:
    """Its line is inside, apart from what is below."""
    return _rectangle("second", x + 0.75, y + 0.75, width - 1.5, max(0, height - 2.5))


def _name_series(names: Sequence[str]) -> SafeString:
    """Each with a square that looks like its bars, at the right."""
    draws: tuple[_Draw, _Draw] = (partial(_rectangle, "bar"), _hollow)
    parts, right = [], float(WIDTH)
    for name, draw in reversed([*zip(names, draws, strict=False)]):
        right -= len(name) * _CHARACTER_WIDTH
        words = format_html('<text x="{}" y="24">{}</text>', right, name)
        right -= _KEY + 6
        parts.append(format_html("{}{}", draw(right, 14, _KEY, _KEY), words))
        right -= _GAP
    return join_html(reversed(parts))


def _label(words: str, *, at: int, width: int) -> SafeString | str:
    """One that is wider than its bar's place is in two lines."""
    first, _, rest = words.partition(" ")
    if not rest or len(words) * _CHARACTER_WIDTH < width:
        return words
    return format_html('{}<tspan x="{}" dy="14">{}</tspan>', first, at, rest)


def _step(bars: Sequence[Bar]) -> int:
    return min(WIDTH // max(len(bars), 1), _WIDEST)  # one bar alone is no wall
