"""The shapes of countries for the page's map: `service/static/world.svg`, a symbol for each country.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python -m training.world package

`world-atlas` (ISC) is TopoJSON made of Natural Earth, which is in the public domain. Shapes are those of 1:110 million;
a country that is too small for it is a dot in the middle of its shape of 1:50 million. A state of the past is the
outline of the countries that are on its ground today, or a dashed dot where it was. The projection is Equal Earth
(Šavrič, Patterson and Jenny, 2018), in which areas are to scale. Takes a second; the same input gives the same bytes.
"""

from __future__ import annotations

import json
import math
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from search.names.vocabulary import vocabulary

OUTPUT = Path(__file__).parent.parent / "service" / "static" / "world.svg"
SCALE = 370
"""Units of the picture for a unit of the projection."""
NORTH, SOUTH = 84, -56
"""The least and the greatest latitude that are drawn; Antarctica is left out."""
DOT = 6
_DASHED = ' fill="none" stroke-dasharray="7 5" pointer-events="stroke"'
NAMES = {
    "Bosnia and Herz.": "BA", "Central African Rep.": "CF", "Dem. Rep. Congo": "CD", "Congo": "CG",
    "Côte d'Ivoire": "CI", "Czechia": "CZ", "Dominican Rep.": "DO", "Eq. Guinea": "GQ", "eSwatini": "SZ",
    "Falkland Is.": "FK", "Fr. S. Antarctic Lands": "TF", "Macedonia": "MK", "N. Cyprus": "CY", "S. Sudan": "SS",
    "Solomon Is.": "SB",
    "Somaliland": "SO", "W. Sahara": "EH", "United States of America": "US", "Kosovo": "XK", "Timor-Leste": "TL",
    "Antigua and Barb.": "AG", "St. Kitts and Nevis": "KN", "St. Vin. and Gren.": "VC", "Cook Is.": "CK",
    "Marshall Is.": "MH", "Micronesia": "FM", "N. Mariana Is.": "MP", "Pitcairn Is.": "PN", "Fr. Polynesia": "PF",
    "Wallis and Futuna Is.": "WF", "Cayman Is.": "KY", "Turks and Caicos Is.": "TC", "British Virgin Is.": "VG",
    "U.S. Virgin Is.": "VI", "Faeroe Is.": "FO", "Åland": "AX", "São Tomé and Principe": "ST", "Cabo Verde": "CV",
    "St. Pierre and Miquelon": "PM", "S. Geo. and the Is.": "GS", "Br. Indian Ocean Ter.": "IO",
    "Heard I. and McDonald Is.": "HM", "St-Martin": "MF", "St-Barthélemy": "BL", "Vatican": "VA", "Macao": "MO",
    "Hong Kong": "HK",
}  # fmt: skip
"""Names of Natural Earth that the vocabulary of countries does not know."""
PAST: dict[str, str] = {
    "SUHH": "RU UA BY EE LV LT MD GE AM AZ KZ UZ TM KG TJ",
    "YUCS": "SI HR BA RS ME MK XK",
    "CSXX": "RS ME XK",
    "CSHH": "CZ SK",
    "BUMM": "MM", "BYAA": "BY", "DYBJ": "BJ", "HVBF": "BF", "FXFR": "FR", "NHVU": "VU", "RHZW": "ZW", "TPTL": "TL",
    "ZRCD": "CD", "AIDJ": "DJ",
}  # fmt: skip
"""States of the past → the countries of today on their ground."""
WHERE = {
    "DDDE": (12.9, 52.2), "VDVN": (105.4, 21.6), "YDYE": (48.5, 15.2), "SKIN": (88.5, 27.5), "PZPA": (-79.7, 9.1),
    "NTHH": (45.5, 29.1), "GEHH": (173.0, 1.4), "PCHH": (158.2, 6.9), "ANHH": (-68.9, 12.2), "GI": (-5.35, 36.14),
    "GP": (-61.5, 16.2), "MQ": (-61.0, 14.6), "RE": (55.5, -21.1), "YT": (45.2, -12.8),
    "SJ": (16.0, 78.4), "BQ": (-68.3, 12.2), "TV": (179.2, -8.5), "TK": (-171.8, -9.2), "BV": (3.4, -54.4),
    "CC": (96.8, -12.2), "CX": (105.6, -10.5), "UM": (-160.0, -0.4), "WKUM": (166.6, 19.3), "MIUM": (-177.4, 28.2),
    "JTUM": (-169.5, 16.7), "CTKI": (-171.7, -2.8),
}  # fmt: skip
"""Longitude and latitude of those without a shape of their own."""

Point = tuple[int, int]
Ring = list[Point]


def projected(longitude: float, latitude: float) -> tuple[float, float]:
    """A place in the picture, x to the east and y to the south."""
    a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
    theta = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(latitude)))
    x = 2 * math.sqrt(3) * math.radians(longitude) * math.cos(theta)
    x /= 3 * (9 * a4 * theta**8 + 7 * a3 * theta**6 + 3 * a2 * theta**2 + a1)
    return x * SCALE, -(a4 * theta**9 + a3 * theta**7 + a2 * theta**3 + a1 * theta) * SCALE


EAST, TOP = round(projected(180, 0)[0]), round(projected(0, NORTH)[1])
WIDTH, HEIGHT = 2 * EAST, round(projected(0, SOUTH)[1]) - TOP


def placed(longitude: float, latitude: float) -> Point:
    """A place in whole units from the upper left corner."""
    x, y = projected(longitude, latitude)
    return round(x) + EAST, round(y) - TOP


def arcs_of(topology: dict[str, Any]) -> list[list[tuple[float, float]]]:
    """The arcs of a topology as longitudes and latitudes."""
    (scale_x, scale_y), (left, bottom) = topology["transform"]["scale"], topology["transform"]["translate"]
    found = []
    for arc in topology["arcs"]:
        x = y = 0
        line = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            line.append((x * scale_x + left, y * scale_y + bottom))
        found.append(line)
    return found


def code_of(name: str) -> str | None:
    """The code of a country by its name in Natural Earth; None if it is none of ours."""
    return NAMES.get(name) or vocabulary("country").find(name)


def rings_of(shape: dict[str, Any]) -> Iterator[list[int]]:
    """The rings of a shape as numbers of arcs; `~n` is arc n backwards."""
    polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
    for polygon in polygons:
        yield from polygon


def joined(numbers: Sequence[int], arcs: Sequence[Sequence[tuple[float, float]]]) -> list[tuple[float, float]]:
    """The points of arcs in a row. A line across the 180th meridian goes on beyond it, in the east."""
    line: list[tuple[float, float]] = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else list(reversed(arcs[~number]))
        line += arc[1:] if line else arc
    turned = [line[0]]
    for x, y in line[1:]:
        turned.append((x - 360 * round((x - turned[-1][0]) / 360), y))
    last = max(x for x, _ in turned)
    far_east = last < -168.9 and min(y for _, y in turned) > 61  # Chukotka, which is nearer to Alaska
    return [(x + 360, y) for x, y in turned] if min(x for x, _ in turned) < -180 or far_east else turned


def path(lines: Iterable[Sequence[tuple[float, float]]], closed: bool) -> str:
    """Lines as the data of a path, in whole units; rings without an area are left out."""
    parts = []
    for line in lines:
        points = [placed(*point) for point in line]
        kept = [point for number, point in enumerate(points) if not number or point != points[number - 1]]
        if closed and kept and kept[0] == kept[-1]:
            kept.pop()
        if len(kept) < (3 if closed else 2):
            continue
        steps = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(kept)]
        drawn = "".join(f"{x}{'' if y < 0 else ' '}{y}" if not n or x < 0 else f" {x}{'' if y < 0 else ' '}{y}"
                        for n, (x, y) in enumerate(steps))  # fmt: skip
        parts.append(f"M{kept[0][0]} {kept[0][1]}l{drawn}{'Z' if closed else ''}")
    return "".join(parts)


def middle(shape: dict[str, Any], arcs: Sequence[Sequence[tuple[float, float]]]) -> Point:
    """The middle of the largest ring of a shape."""
    rings = [joined(ring, arcs) for ring in rings_of(shape)]
    largest = max(rings, key=lambda ring: abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))))
    return placed(sum(p[0] for p in largest) / len(largest), sum(p[1] for p in largest) / len(largest))


def symbols(folder: Path) -> Iterator[tuple[str, str]]:
    """The code and the shape of each country and state of the past; first those that are land together."""
    coarse, fine = (json.loads((folder / f"countries-{scale}.json").read_text("utf-8")) for scale in ("110m", "50m"))
    arcs, fine_arcs = arcs_of(coarse), arcs_of(fine)
    shapes: dict[str, list[list[int]]] = {}
    for shape in coarse["objects"]["countries"]["geometries"]:
        code = code_of(shape["properties"]["name"])
        if code and code != "AQ":
            for ring in rings_of(shape):
                in_guiana = code == "FR" and max(x for x, _ in joined(ring, arcs)) < -50
                shapes.setdefault("GF" if in_guiana else code, []).append(ring)
    for code, rings in sorted(shapes.items()):
        yield code, f'<path d="{path((joined(ring, arcs) for ring in rings), closed=True)}"/>'
    dots = {code: placed(*at) for code, at in WHERE.items()}
    for shape in fine["objects"]["countries"]["geometries"]:
        code = code_of(shape["properties"]["name"])
        if code and code not in ("AQ", *shapes, *dots):
            dots[code] = middle(shape, fine_arcs)
    for code, (x, y) in sorted(dots.items(), key=lambda dot: (len(dot[0]), dot[0])):
        past = len(code) > 2
        yield code, f'<circle{_DASHED if past else ""} cx="{x}" cy="{y}" r="{DOT + 3 if past else DOT}"/>'
    for code, names in sorted(PAST.items()):
        rings = [ring for name in names.split() for ring in shapes.get(name, ())]
        if not rings and names in dots:
            yield code, f'<circle{_DASHED} cx="{dots[names][0]}" cy="{dots[names][1]}" r="{DOT + 3}"/>'
            continue
        used = Counter(number if number >= 0 else ~number for ring in rings for number in ring)
        outer = path((joined([number], arcs) for number in sorted(used) if used[number] == 1), closed=False)
        yield code, f'<path{_DASHED} d="{outer}"/>'


def main() -> None:
    """Write the file."""
    drawn = [(code, f'<g id="{code}">{shape}</g>') for code, shape in symbols(Path(sys.argv[1]))]
    last = next(number for number, (_, shape) in enumerate(drawn) if "<circle" in shape)
    land, others = ("\n".join(shape for _, shape in some) for some in (drawn[:last], drawn[last:]))
    parts = f'<g id="land">\n{land}\n</g>\n{others}'
    OUTPUT.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">\n'
        "<!-- Made with Natural Earth (public domain) through world-atlas 2.0.2 (ISC) by training/world.py. -->\n"
        f"{parts}\n</svg>\n",
        "utf-8",
    )


if __name__ == "__main__":
    main()
