"""Countries found compared with annotated ones, and the speed.

    python benchmarks/countries.py [DATA] [--errors SET]

DATA is the folder of evaluation sets, by default `../shared/data` next to the project. Persons are found first, as
in the program. Figures are micro-averaged over pairs of article and country. If the annotation uses the
modern code of a former state, so does the score.

The sets differ in what is annotated, and so in the evidence that is compared:
- reuters: the `places` of a newswire of 1987, without the United States, which nearly every article has; all kinds.
  Since they say what a report is about, they are compared with the main countries. Articles that have any place, with
  their datelines. reuters-all: every article, also those without places, which
  may be unannotated, and without datelines, so that a country named only there cannot be found.
- aida: entities that are countries or their national teams; compared with names and demonyms, since cities are
  annotated separately. aida-strict: only countries, so that a team written as "ENGLAND" counts as wrong.
- trnews: the countries of all toponyms; all kinds.
- geovirus: toponyms that are countries; compared with names, since peoples are not annotated there.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from indexer.enrich import countries, persons
from search.names.vocabulary import vocabulary
from search.system.json import Json
from search.values.article import Article

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"

TODAY = {"SUHH": "RU", "DDDE": "DE", "YUCS": "YU", "CSXX": "RS", "CSHH": "CZ", "ZRCD": "CD", "YDYE": "YE",
         "BUMM": "MM", "VDVN": "VN", "RHZW": "ZW", "HVBF": "BF", "DYBJ": "BJ"}  # fmt: skip
"""Former state → the code that the annotations use for it."""

NAMES = {"name", "past", "phrase"}
PEOPLES = NAMES | {"demonym"}
EVERYTHING: set[str] = set()

_TEAM = re.compile(r" (?:(?:men's |women's |national )+.*team|cricket team|(?:Davis|Fed) Cup team)$")


class Case(NamedTuple):
    """An article and its annotated countries."""

    article: Article
    gold: set[str]


class Score(NamedTuple):
    """Precision, recall and F1, from 0 to 1; true, false and missed pairs."""

    precision: float
    recall: float
    f1: float


def reuters(data: Path, everything: bool = False) -> Iterator[Case]:
    """Newswire of 1987: annotated articles with datelines, or every article by its body alone."""
    with (data / "reuters_places_iso.tsv").open(encoding="utf-8") as table:
        iso = {row["place"]: row["iso2"] for row in csv.DictReader(table, delimiter="\t")}
    for row in _rows(data / "reuters21578.jsonl.gz"):
        gold = {iso[place] for place in row["places"] if iso.get(place)} - {"US"}
        dateline = "" if everything else row["dateline"] or ""
        if row["places"] or everything:
            text = f"{dateline} {row['body'] or ''}".strip()
            yield Case(Article(row["id"], text, row["title"] or "", published=row["date"]), gold)


def aida(data: Path, teams: bool = True) -> Iterator[Case]:
    """Newswire of 1996 with linked entities: those whose name is a country's, or its national team's."""
    for row in _rows(data / "el_aida_conll_dev.jsonl.gz"):
        names = (_TEAM.sub("", label["name"]) if teams else label["name"] for label in row["labels"])
        yield Case(Article(str(row["id"]), row["text"]), {code for code in map(_code, names) if code})


def trnews(data: Path) -> Iterator[Case]:
    """News of 2016 and later, toponyms with their countries."""
    for row in _rows(data / "geo_trnews.jsonl.gz"):
        gold = {_code(toponym["country"]) for toponym in row["toponyms"] if toponym.get("country")}
        yield Case(Article(row["id"], row["body"], row["title"] or ""), {code for code in gold if code})


def geovirus(data: Path) -> Iterator[Case]:
    """News on epidemics, toponyms with their Wikipedia pages; a toponym is a country if its page is that of one."""
    for row in _rows(data / "geo_geovirus.jsonl.gz"):
        pages = (unquote(toponym["page"].rpartition("/")[2]).replace("_", " ") for toponym in row["toponyms"])
        gold = {_code(page) for page in pages}
        yield Case(Article(row["id"], row["body"]), {code for code in gold if code})


SETS: dict[str, tuple[Callable[[Path], Iterable[Case]], set[str]]] = {
    "reuters": (reuters, EVERYTHING),
    "reuters-all": (partial(reuters, everything=True), EVERYTHING),
    "aida": (aida, PEOPLES),
    "aida-strict": (partial(aida, teams=False), PEOPLES),
    "trnews": (trnews, EVERYTHING),
    "geovirus": (geovirus, NAMES),
}
"""Set → its cases, and the kinds of evidence that are compared (empty for all)."""


def enrich(article: Article) -> Article:
    """The article with its countries, as the chain finds them."""
    return countries.enrich(persons.enrich(article))


def score(
    cases: list[Case], kinds: set[str], without: str = "", main: bool = False, errors: Counter[str] | None = None
) -> Score:
    """Precision and recall of the countries.

    Args:
        kinds: the kinds of evidence to compare; empty for all.
        without: a country to leave out.
        main: compare the main countries only.
        errors: receives the wrong and missed pairs by code and phrase.
    """
    right = wrong = missed = 0
    for article, gold in cases:
        found: dict[str, str] = {}
        enriched = enrich(article)
        for evidence in enriched.evidence["country"]:
            rule = evidence.rule
            code = TODAY.get(evidence.value, evidence.value)
            if (not kinds or rule in kinds) and code != without and (evidence.main or not main):
                found.setdefault(code, f"{rule} {evidence.text}")
        gold = {TODAY.get(code, code) for code in gold}
        right += len(found.keys() & gold)
        wrong += len(found.keys() - gold)
        missed += len(gold - found.keys())
        if errors is not None:
            errors.update(f"+ {code} {found[code]!r}" for code in found.keys() - gold)
            errors.update(f"- {code}" for code in gold - found.keys())
    precision, recall = right / max(1, right + wrong), right / max(1, right + missed)
    return Score(precision, recall, 2 * right / max(1, 2 * right + wrong + missed))


def speed(cases: list[Case], rounds: int = 3) -> float:
    """Articles a second for countries alone, the best of several rounds."""
    best = float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        for case in cases:
            countries.enrich(case.article)
        best = min(best, time.perf_counter() - start)
    return len(cases) / best


def _code(name: str) -> str | None:
    return vocabulary("country").find(name.removesuffix(" (country)"))


def _rows(path: Path) -> Iterator[Json]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def main() -> None:
    """Print the table; with --errors the most frequent wrong (+) and missed (-) countries of one set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="?", type=Path, default=DATA)
    parser.add_argument("--errors", choices=SETS)
    options = parser.parse_args()
    print(f"{'set':11} {'articles':>8} {'precision':>9} {'recall':>7} {'F1':>6}")
    for name, (read, kinds) in SETS.items():
        cases = list(read(options.data))
        errors: Counter[str] | None = Counter() if options.errors == name else None
        coded = name.startswith("reuters")
        result = score(cases, kinds, "US" if coded else "", coded, errors)
        print(f"{name:11} {len(cases):8} {result.precision:9.3f} {result.recall:7.3f} {result.f1:6.3f}")
        if name == "reuters":
            print(f"{'speed':11} {speed(cases):8.0f} articles/s")
        for error, count in (errors or Counter()).most_common(60):
            print(f"{count:10} {error}")


if __name__ == "__main__":
    main()
