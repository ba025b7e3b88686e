"""Persons, countries and topics of the reports in `seeds/`, compared with annotations by a person.

    python -m benchmarks.seeds [--errors]

Prints precision, recall and F1 of persons and countries over all pairs of report and value, and for topics how often
the first topic is one of the right ones, and how often every topic found is. Reports in languages without a model and
values stated by the input are skipped. Tests compare `scores` with the floors.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from indexer import readers
from indexer.archive.walk import walk
from indexer.enrich import enrich
from search import Article
from search.system.json import Json
from search.text.tokens import fold

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"
GOLD = ROOT / "tests" / "gold"


@dataclass(frozen=True, slots=True)
class Score:
    """Precision, recall and their harmonic mean, each 0 to 1."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def pairs() -> Iterator[tuple[Article, Json]]:
    """Each report as the program enriches it, with its annotations."""
    gold: dict[tuple[str, str | None], Json] = {}
    for file in sorted(GOLD.glob("seeds-[12]*.jsonl")):
        for line in file.read_text("utf-8").splitlines():
            entry = json.loads(line)
            gold[entry["file"], entry["id"]] = entry
    for source in walk([SEEDS], "seeds"):
        path = source.path.relative_to(ROOT).as_posix()
        for found in readers.read(source.path, source.origin):
            if isinstance(found, Article):
                entry = gold.get((path, found.id)) or gold.get((path, None))
                if entry is not None:
                    yield enrich(found), entry


def score(field: str, found: list[tuple[Article, Json]], errors: bool = False) -> Score:
    """Precision and recall of one field over all pairs of report and value."""
    right = given = wanted = 0
    for article, entry in found:
        if field in article.given or article.language != "en":
            continue
        mine = {fold(value): value for value in getattr(article, field)}
        theirs = {fold(value): value for value in entry[field]}
        right += len(mine.keys() & theirs.keys())
        given += len(mine)
        wanted += len(theirs)
        if errors and mine.keys() != theirs.keys():
            wrong = [mine[key] for key in mine if key not in theirs]
            missed = [theirs[key] for key in theirs if key not in mine]
            print(f"  {article.id}: wrong {wrong}, missed {missed}")
    return Score(right / max(given, 1), right / max(wanted, 1))


def first_topics(found: list[tuple[Article, Json]], errors: bool) -> tuple[float, float]:
    """How often the first topic is the report's main one, and how often it is any of its topics."""
    asked = [(a, e) for a, e in found if "topic" not in a.given and a.language == "en"]
    main = sum(a.topic[:1] == tuple(e["topic"][:1]) for a, e in asked)
    some = sum(bool(a.topic) and a.topic[0] in e["topic"] for a, e in asked)
    if errors:
        for article, entry in asked:
            if not article.topic or article.topic[0] not in entry["topic"]:
                print(f"  {article.id}: {article.topic}, should be {entry['topic']}")
    return main / len(asked), some / len(asked)


def scores(errors: bool = False) -> dict[str, float]:
    """Every figure by name, 0 to 1."""
    found = list(pairs())
    persons = score("person", found, errors)
    countries = score("country", found, errors)
    main_topic, any_topic = first_topics(found, errors)
    return {
        "reports": len(found),
        "person.precision": persons.precision,
        "person.recall": persons.recall,
        "person.f1": persons.f1,
        "country.precision": countries.precision,
        "country.recall": countries.recall,
        "country.f1": countries.f1,
        "topic.first is main": main_topic,
        "topic.first is right": any_topic,
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--errors", action="store_true", help="list errors by report")
    for name, value in scores(parser.parse_args().errors).items():
        print(f"{name:22} {value:.3f}" if isinstance(value, float) else f"{name:22} {value}")
