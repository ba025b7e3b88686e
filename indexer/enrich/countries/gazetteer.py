"""The gazetteer of countries: some 25,000 phrases, what each may mean, and where they occur in a text.

`find` looks all phrases up in one pass, by their letters; at each place the longest wins. What a phrase means in an
article is not decided here: see `senses`.

The words are in the tables of a language: `country_demonyms`, `country_subdivisions`, `country_metonyms`,
`country_institutions`, `country_cities`, `country_city_names`, `country_towns`, `country_regions`,
`country_namesakes`; exceptions are in `country_phrases` and `country_wary`; states of the past in `eras`; the names of
countries are those of `search.names.vocabulary`, or the `native_names` of other languages.

Only for languages that have these tables. Not for coordinates, nor for places within a country. Cost: derived once for
an installation, in a tenth of a second and 10 MB; then some 30 to 60 microseconds for an article of 440 words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, field
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
import orjson
from numpy.typing import NDArray

from indexer import languages
from indexer.enrich.countries import around
from indexer.enrich.countries.native_names import names_in
from indexer.enrich.kernels import phrases as kernels
from indexer.enrich.kernels.around import AFTER_COMMA, ANY, NAMESAKE
from indexer.enrich.shared import derived, phrases
from indexer.enrich.shared.characters import bits_for
from indexer.enrich.shared.derived import Arrays
from indexer.enrich.shared.words import codes_of
from indexer.languages import Language
from search.names.vocabulary import vocabulary
from search.text import tables
from search.text.tokens import fold

FILE = "country_demonyms.tsv"
"""The table without which a language has no gazetteer."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a phrase means if one of the words of `context` occurs in the article; () always applies."""

    context: tuple[str, ...]
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A phrase of the gazetteer; there is one object for all that mean the same.

    Attributes:
        readings: the first whose context applies is meant.
        wary: of `given`, `surname`, `weak`: see country_wary.tsv; `comma`: counts only after a comma; `hint`: see
            country_institutions.tsv.
        only: its reading if it has one that always applies.
        doubtful: True if not every mention is worth what its kind is.
    """

    kind: str
    readings: tuple[Meaning, ...]
    wary: frozenset[str] = frozenset()
    only: Meaning | None = field(init=False)
    doubtful: bool = field(init=False)

    def __post_init__(self) -> None:
        alone = self.readings[0] if len(self.readings) == 1 and not self.readings[0].context else None
        object.__setattr__(self, "only", alone)
        object.__setattr__(self, "doubtful", bool(self.wary) or self.kind == TOWN)


class Mention(NamedTuple):
    """A phrase found in a text, in code points; `near` are the bits of what may be around it (`kernels.around`)."""

    start: int
    end: int
    place: Place
    near: int = ANY


@dataclass(frozen=True, slots=True)
class Era:
    """The years in which places of today's countries belonged to a state of the past."""

    code: str
    first: int
    last: int
    today: frozenset[str]


_FLAT = {"\n": " ", "\t": " ", "\r": " ", "\xa0": " ", "’": "'", "‑": "-"}
"""Characters replaced by others of the same length, so that offsets do not change."""


@lru_cache(maxsize=8)
def flat(text: str) -> str:
    """The text in one line, with plain apostrophes; offsets do not change."""
    for written, meant in _FLAT.items():  # six passes in C, thirty times as quick as one that looks at each character
        text = text.replace(written, meant)
    return text


def find(text: str, language: Language) -> list[Mention]:
    """The phrases that occur in the text as whole words, the longest at each place, without overlaps."""
    if not text:
        return []
    codes, known = codes_of(flat(text)), _phrases(language)
    out = starts, ends, found, near = np.empty((4, len(codes)), np.int32)
    words = around.known(language)
    count = kernels.find_written(codes, bits_for(codes), known.tree, known.begun, known.marks, words, *out)
    meant = map(known.places.__getitem__, known.meant[found[:count]].tolist())
    return list(map(Mention, starts[:count].tolist(), ends[:count].tolist(), meant, near[:count].tolist()))


_LOUD = 4
"""The length from which a phrase is also found in capitals; shorter ones are as often initials."""


INSTITUTION = "institution"
"""The kind of courts, offices, leagues and the like by which news tells where it is at home."""

TOWN = "town"
"""The kind of smaller towns, which say less than cities."""

HINT = "hint"
"""The mark of an institution that says little by itself."""

_TABLES = {
    "demonyms": "demonym",
    "subdivisions": "subdivision",
    "metonyms": "metonym",
    "institutions": INSTITUTION,
}
"""Table → the kind of its words, in order of precedence."""


@dataclass(frozen=True, slots=True)
class _Phrases:
    """All phrases by their letters, how they begin, the marks of each, and the number of the place that it is."""

    tree: kernels.Tree
    begun: NDArray[np.bool_]
    marks: NDArray[np.int32]
    meant: NDArray[np.int32]
    places: Sequence[Place]


@cache
def _phrases(language: Language) -> _Phrases:
    found = derived.arrays(f"gazetteer_{language.code}", derived.version(language), lambda: _planted(language))
    return _Phrases(
        (found["steps"], found["nodes"], found["known"]),
        found["begun"].view(np.bool_),
        found["marks"],
        found["meant"],
        [_place(*row) for row in orjson.loads(found["places"].tobytes())],
    )


def _planted(language: Language) -> Arrays:
    """The phrases as arrays, and the places as JSON."""
    loud = {
        phrase.upper(): place
        for phrase, place in places(language).items()
        if len(phrase) >= _LOUD and place.kind != TOWN and not place.wary & {"weak", "comma"}
    }
    known = {**loud, **places(language)}
    codes, sizes = codes_of("".join(known)), np.fromiter(map(len, known), np.int32, len(known))
    ends, begun = np.cumsum(sizes, dtype=np.int32), np.zeros(kernels.BEGINNINGS, np.bool_)
    steps, nodes, ended = phrases.planted(codes.astype(np.int32), ends)
    kernels.begin(codes, ends, begun)
    shared = shared_names(language)
    marks = [
        AFTER_COMMA * ("comma" in place.wary) | NAMESAKE * (phrase.lower() in shared) for phrase, place in known.items()
    ]
    numbers = {place: number for number, place in enumerate(dict.fromkeys(known.values()))}
    rows = [(place.kind, [astuple(reading) for reading in place.readings], sorted(place.wary)) for place in numbers]
    return {
        "steps": steps,
        "nodes": nodes,
        "known": ended,
        "begun": begun.view(np.uint8),
        "marks": np.array(marks, np.int32),
        "meant": np.array([numbers[place] for place in known.values()], np.int32),
        "places": np.frombuffer(orjson.dumps(rows), np.uint8).copy(),
    }


def _place(kind: str, readings: Sequence[tuple[Sequence[str], Sequence[str]]], wary: Sequence[str]) -> Place:
    """A place as it was before it became JSON."""
    return Place(kind, tuple(Meaning(tuple(context), tuple(codes)) for context, codes in readings), frozenset(wary))


@cache
def places(language: Language) -> dict[str, Place]:
    """Every phrase in the cases it is written in, except all capitals; the first table with a phrase wins."""
    wary = {row["word"]: frozenset(row["wary"].split("|")) for row in rows("wary", language)}
    readings: dict[str, list[Meaning]] = {}
    for row in rows("phrases", language):
        context = tuple(row["context"].split("|")) if row["context"] else ()
        meant = tuple(row["codes"].split("|")) if row["codes"] else ()
        readings.setdefault(row["phrase"], []).append(Meaning(context, meant))
    kinds: dict[str, str] = {}
    found: dict[str, Place] = {}
    alike: dict[tuple[str, str, frozenset[str]], Place] = {}  # one object for all towns of a country
    for phrase, codes, kind, weak in _words(language):
        if phrase not in kinds:
            kinds[phrase] = kind
            key = (kind, codes, wary.get(phrase, frozenset()) | weak)
            if key not in alike:
                alike[key] = Place(kind, (Meaning((), tuple(codes.split("|"))),), key[2])
            _add(found, phrase, alike[key])
    for phrase, choices in readings.items():
        place = Place(kinds.get(phrase, "phrase"), tuple(choices), wary.get(phrase, frozenset()))
        _add(found, phrase, place, dict.__setitem__)
    return found


def _add(
    places: dict[str, Place],
    phrase: str,
    place: Place,
    put: Callable[[dict[str, Place], str, Place], object] = dict.setdefault,
) -> None:
    """Add a phrase as written, without its accents, and capitalised as in a headline."""
    put(places, phrase, place)
    for other in (_plain(phrase), _titled(phrase)):
        if other != phrase:
            put(places, other, place)


def _words(language: Language) -> Iterator[tuple[str, str, str, frozenset[str]]]:
    """(phrase, codes, kind, marks) of every word of the tables, the more specific kinds first."""
    none: frozenset[str] = frozenset()
    for name, code, kind in _names(language):
        yield name, code, kind, none
    for table, kind in _TABLES.items():
        for row in rows(table, language):
            for word in filter(None, row.get("words", row.get("names", "")).split("|")):
                yield word, row["code"], kind, none
    for row in rows("institutions", language):
        for word in filter(None, row["hints"].split("|")):
            yield word, row["code"], INSTITUTION, frozenset({HINT})
    for row in rows("subdivisions", language):
        for word in filter(None, row.get("abbreviations", "").split("|")):
            yield word, row["code"], "subdivision", frozenset({"comma"})
    cities = list(rows("cities", language))
    for row in cities:
        if row["kind"] == "capital" and not row["weak"]:
            yield row["name"], row["code"], "capital", none
    for row in rows("city_names", language):
        for word in row["names"].split("|"):
            yield word, row["code"], "city", none
    for row in cities:
        yield row["name"], row["code"], row["kind"], frozenset({"weak"}) if row["weak"] else none
    owners = _owners()
    for row in rows("towns", language):
        for word in row["names"].split("|"):
            if owners.get(_plain(word), row["code"]) == row["code"]:
                yield word, row["code"], TOWN, frozenset({"surname"})


@cache
def _owners() -> Mapping[str, str]:
    """The names of countries in all languages, without accents → their codes: they are no towns of other countries.

    For a language is often guessed from a few words: *Nederland* in a text that is taken for English is not in Texas.
    """
    named = (names_in(language.code) for language in languages.installed())
    return {_plain(flat(name)): code for names in named for name, code in names.items()}


def _names(language: Language) -> Iterator[tuple[str, str, str]]:
    """(name, code, kind) of every name of a country: those of the vocabulary, or of another language."""
    if language is not languages.default():
        yield from ((flat(name), code, "name") for name, code in names_in(language.code).items())
        return
    for entry in vocabulary("country").entries.values():
        kind = "past" if len(entry.code) == 4 else "name"
        for name in (entry.label.partition(" (")[0], *entry.aliases):
            initials = name.isupper() and name.isalpha()
            if (name in language.words("initials") or not initials) and not name.lower().startswith("the "):
                yield name, entry.code, kind
    yield "US", "US", "name"


@cache
def shared_names(language: Language) -> Mapping[str, frozenset[str]]:
    """Name of places in several countries, in lower case → the regions that have one."""
    return {row["name"].lower(): frozenset(row["regions"].split("|")) for row in rows("namesakes", language)}


@cache
def eras() -> tuple[Era, ...]:
    """The former states that a place may have belonged to."""
    return tuple(
        Era(row["code"], int(row["from"]), int(row["to"]), frozenset(row["today"].split("|")))
        for row in tables.rows("indexer.enrich", "data", "eras.tsv")
    )


@cache
def ground(place: Place) -> frozenset[str]:
    """All countries that a phrase may mean, and today's in the territory of a former state among them."""
    codes = frozenset(code for reading in place.readings for code in reading.codes)
    return codes.union(*(era.today for era in eras() if era.code in codes))


def rows(name: str, language: Language) -> Iterable[Mapping[str, str]]:
    """The rows of a table `country_….tsv` of a language, each {column: value}; none if it has no such table."""
    file = f"country_{name}.tsv"
    return tables.named((language.folder / file).read_text(encoding="utf-8") if language.has(file) else "")


def _plain(phrase: str) -> str:
    """A phrase without accents, as English keyboards write it."""
    if phrase.isascii():  # fast path
        return phrase
    folded = fold(phrase)
    if len(folded) != len(phrase):
        return phrase
    return "".join(
        plain.upper() if original.isupper() else plain for plain, original in zip(folded, phrase, strict=True)
    )


def _titled(phrase: str) -> str:
    if " " not in phrase:  # fast path
        return phrase[:1].upper() + phrase[1:]
    return " ".join(word[:1].upper() + word[1:] for word in phrase.split(" "))
