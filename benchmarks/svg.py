"""Plots as SVG, written as plain text: bars for comparisons, lines for growth.

Both draw positive numbers on logarithmic scales, since the values here differ by powers of ten. Each value is printed
next to its bar or point; colours only repeat the words of the legend.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from xml.sax.saxutils import escape

COLOURS = ("#0b5e8a", "#c2570c", "#5b6472", "#7a4b9a")
WIDTH = 760
LEFT = 150
RIGHT = 70
BAR = 13
GAP = 12
HEAD = 58
FOOT = 26
HEIGHT = 380
"""The height of a line plot."""

Points = Sequence[tuple[float, float]]


def bars(title: str, groups: Mapping[str, Mapping[str, float]]) -> str:
    """A group of horizontal bars for each label, with one bar for each series."""
    names = list(dict.fromkeys(name for group in groups.values() for name in group))
    low, high = _span((value for group in groups.values() for value in group.values()), 0.05)
    parts: list[str] = []
    top = HEAD
    begin = top
    for label, group in groups.items():
        parts.append(_text(LEFT - 8, top + len(group) * BAR / 2 + 4, label, "end"))
        for name, value in group.items():
            length = _place(value, low, high, 0, WIDTH - LEFT - RIGHT)
            colour = COLOURS[names.index(name)]
            parts.append(f'<rect x="{LEFT}" y="{top}" width="{length:.1f}" height="{BAR - 2}" fill="{colour}"/>')
            parts.append(_text(LEFT + length + 4, top + BAR - 4, number(value), "start", 10))
            top += BAR
        top += GAP
    grid = [
        f'<line x1="{x:.1f}" y1="{begin - 6}" x2="{x:.1f}" y2="{top}" stroke="#d5d9de"/>'
        + _text(x, top + 14, number(tick), "middle", 10)
        for tick in _ticks(low, high)
        for x in [_place(tick, low, high, LEFT, WIDTH - RIGHT)]
    ]
    return _drawing(title, names, [*grid, *parts], top + FOOT)


def lines(title: str, across: str, series: Mapping[str, Points]) -> str:
    """A line for each series.

    Args:
        across: the meaning of the first number of each point.
    """
    names = list(series)
    left, bottom = 64, HEIGHT - 48
    x_low, x_high = _span(x for points in series.values() for x, _ in points)
    y_low, y_high = _span(y for points in series.values() for _, y in points)
    parts: list[str] = []
    for tick in _ticks(y_low, y_high):
        y = _place(tick, y_low, y_high, bottom, HEAD)
        parts.append(f'<line x1="{left}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}" stroke="#d5d9de"/>')
        parts.append(_text(left - 6, y + 4, number(tick), "end", 10))
    for tick in _ticks(x_low, x_high):
        x = _place(tick, x_low, x_high, left, WIDTH - RIGHT)
        parts.append(f'<line x1="{x:.1f}" y1="{HEAD}" x2="{x:.1f}" y2="{bottom}" stroke="#d5d9de"/>')
        parts.append(_text(x, bottom + 16, number(tick), "middle", 10))
    parts.append(_text((left + WIDTH - RIGHT) / 2, bottom + 36, across, "middle"))
    for name, points in series.items():
        colour = COLOURS[names.index(name)]
        placed = [
            (_place(x, x_low, x_high, left, WIDTH - RIGHT), _place(y, y_low, y_high, bottom, HEAD)) for x, y in points
        ]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in placed)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        for (x, y), (_, value) in zip(placed, points, strict=True):
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>')
            parts.append(_text(x + 5, y - 6, number(value), "start", 10))
    return _drawing(title, names, parts, HEIGHT)


def number(value: float) -> str:
    """A number with three significant digits, without trailing zeros."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def _span(values: Iterable[float], room: float = 0.0) -> tuple[float, float]:
    """The range of powers of ten around all values, as exponents, with some room at the lower end."""
    known = list(values)
    low, high = 10.0 ** math.floor(math.log10(min(known)) - room), 10.0 ** math.ceil(math.log10(max(known)))
    return low, high if high > low else low * 10


def _ticks(low: float, high: float) -> list[float]:
    return [10.0**power for power in range(round(math.log10(low)), round(math.log10(high)) + 1)]


def _place(value: float, low: float, high: float, begin: float, end: float) -> float:
    return begin + (end - begin) * (math.log10(value) - math.log10(low)) / (math.log10(high) - math.log10(low))


def _text(x: float, y: float, text: str, anchor: str, size: int = 12) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}">{escape(text)}</text>'


def _drawing(title: str, names: Sequence[str], parts: Sequence[str], height: float) -> str:
    legend, x = [], 16.0
    for colour, name in zip(COLOURS, names, strict=False):
        legend.append(f'<rect x="{x:.1f}" y="32" width="11" height="11" fill="{colour}"/>')
        legend.append(_text(x + 16, 42, name, "start"))
        x += 34 + 7 * len(name)
    shown = "\n".join([_text(16, 20, title, "start", 14), *legend, *parts])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" width="{WIDTH}" '
        f'height="{height:.0f}" role="img" font-family="system-ui, sans-serif" fill="#1c2127">\n'
        f"<title>{escape(title)}</title>\n"
        f'<rect width="100%" height="100%" fill="#ffffff"/>\n{shown}\n</svg>\n'
    )
