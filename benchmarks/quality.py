"""Every quality figure of the enrichment in one table, with its floor.

    python -m benchmarks.quality [DATA]      # the table; exit status 1 if a figure is below its floor
    python -m benchmarks.quality --update    # raise the floors to the measured values; never lower one
    python -m benchmarks.quality --speed     # articles of 360 words a second, on one core and on all

DATA is the folder of evaluation sets, by default `../shared/data` next to the project. Floors are in
`tests/gold/floors.json` with a digest of the data they were measured on: other data, other floors. A figure may fall
`MARGIN` below its floor, since sums differ in the last digits between machines.

Persons are compared by position (`span`) and by the set of last words of each article (`article`); `b3` is the B³ F1 of
mentions of one person under one name, for persons that both sides find; `reuters full name` is how often a person named
by the editors, and found by surname, is shown by a full name across the archive. Countries and topics are those of
`benchmarks.countries` and `benchmarks.topics`; `dateline` is the share of printed days that are read correctly. The
other `dates`, `modern` and `bbc` are those of `benchmarks.facts`.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from hashlib import sha256
from pathlib import Path

import numpy as np

from benchmarks import countries, facts, persons, results, seeds, topics
from indexer.enrich import enrich
from indexer.enrich.persons import enrich as enrich_persons
from indexer.enrich.shared import heading
from search.names.company import Articles
from search.names.spellings import People
from search.system.json import Json
from search.text.dates import day_of
from search.text.tokens import fold
from search.values.article import Article

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data"
FLOORS = ROOT / "tests" / "gold" / "floors.json"
MARGIN = 0.002

USED = (
    "ner_conllpp_dev.jsonl.gz", "ner_wikigold.jsonl.gz", "el_aida_conll_dev.jsonl.gz", "reuters21578.jsonl.gz",
    "reuters_places_iso.tsv", "geo_trnews.jsonl.gz", "geo_geovirus.jsonl.gz", "agnews_test.jsonl.gz",
    *facts.USED,
)  # fmt: skip
"""The data files."""

EVERY = 4
"""Of the large sets one in this many articles is read."""

WORDS = 360
"""Length of the articles whose speed is measured, in words."""


def digest(data: Path) -> str:
    """Identifies the data that was measured on."""
    found = sha256()
    for name in USED:
        found.update((data / name).read_bytes())
    return found.hexdigest()


def figures(data: Path) -> dict[str, float]:
    """Every figure by name, 0 to 1."""
    found = dict((*_persons(data), *_countries(data), *_topics(data))) | {"dates: dateline": _datelines(data)}
    return {name: round(value, 4) for name, value in (found | facts.figures(data)).items()}


def _persons(data: Path) -> Iterator[tuple[str, float]]:
    sets = {
        "conll++": persons.tagged(data / "ner_conllpp_dev.jsonl.gz"),
        "wikigold held out": persons.tagged(data / "ner_wikigold.jsonl.gz", persons.held_out),
    }
    for name, documents in sets.items():
        found = [persons.chain(document.text) for document in documents]
        pairs = list(zip(documents, found, strict=True))
        yield f"persons: {name} span", persons.scores((d.persons, f) for d, f in pairs)[2]
        surnames = ((persons.surnames(d.text, d.persons), persons.surnames(d.text, f)) for d, f in pairs)
        yield f"persons: {name} article", persons.scores(surnames)[2]
    yield "persons: aida b3", _b_cubed(data)
    yield "persons: reuters full name", _full_names(data)


def _b_cubed(data: Path) -> float:
    """B³ F1 over mentions that both AIDA and this project have."""
    precision = recall = count = 0.0
    for row in persons.rows(data / "el_aida_conll_dev.jsonl.gz"):
        people = [each for each in row["labels"] if each["type"].startswith("Q215627")]
        gold = {tuple(each["span"]): each["name"] for each in people}
        evidence = enrich_persons(Article("benchmark", row["text"])).evidence["person"]
        mine = {(e.start, e.end): e.value for e in evidence if (e.start, e.end) in gold}
        for place, value in mine.items():
            same = {other for other in mine if mine[other] == value}
            wanted = {other for other in mine if gold[other] == gold[place]}
            precision += len(same & wanted) / len(same)
            recall += len(same & wanted) / len(wanted)
            count += 1
    precision, recall = precision / count, recall / count
    return 2 * precision * recall / (precision + recall)


def _full_names(data: Path) -> float:
    """How often a person named by Reuters' editors, if found at all, has a full name across these articles."""
    found: list[tuple[set[str], tuple[str, ...]]] = []
    days = []
    for row in _rows(data / "reuters21578.jsonl.gz"):
        if row["people"] and row["body"]:
            article = enrich_persons(Article(row["id"], row["body"], row["title"] or ""))
            found.append((set(row["people"]), article.person))
            days.append(day_of(row["date"]))
    often = Counter(slug for slugs, _ in found for slug in slugs)
    counts = Counter(fold(name) for _, names in found for name in names)
    people, keys = People(), list(counts)
    people.add(keys)
    number = {key: at for at, key in enumerate(keys)}
    company = Articles(
        (day, [number[fold(name)] for name in names]) for day, (_, names) in zip(days, found, strict=True)
    )
    having = np.array([counts[key] for key in keys], np.int64)
    heads = people.groups(having, keys, np.zeros(len(keys), np.bool_), company)
    shown = dict(zip(keys, [keys[head] for head in heads.tolist()], strict=True))
    full = known = 0
    for slugs, names in found:
        for slug in slugs:
            words = slug.split("-")
            mine = [shown[fold(name)] for name in names if words[-1] in fold(name).replace("'", "").split()]
            if often[slug] >= 10 and mine:
                known += 1
                full += any(name.split()[-1] == words[-1] and len(name.split()) > 1 for name in mine)
    return full / known


def _countries(data: Path) -> Iterator[tuple[str, float]]:
    for name in ("reuters", "aida", "trnews", "geovirus"):
        read, kinds = countries.SETS[name]
        cases = list(read(data))
        coded = name == "reuters"
        cases = cases[::EVERY] if coded else cases
        yield f"countries: {name}", countries.score(cases, kinds, "US" if coded else "", coded).f1


def _topics(data: Path) -> Iterator[tuple[str, float]]:
    for name, read in (("ag news", topics.ag_news), ("reuters", topics.reuters), ("leads", topics.leads)):
        cases = list(read(data))
        cases = cases if name == "leads" else cases[::EVERY]
        yield f"topics: {name} first", sum(topics.model(c.article)[:1] == c.gold[:1] for c in cases) / len(cases)


def _datelines(data: Path) -> float:
    """How often the day printed in a dateline is the day of publication, of all articles with a dateline."""
    right = printed = 0
    for row in _rows(data / "reuters21578.jsonl.gz"):
        if row["dateline"] and row["body"] and row["date"]:
            found = heading.dateline(f"{row['dateline'].strip()} {row['body']}")
            printed += 1
            right += found is not None and (found.month, found.day) == (int(row["date"][5:7]), int(row["date"][8:10]))
    return right / printed


def _rows(path: Path) -> Iterator[Json]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def speed(data: Path) -> None:
    """Print how many articles of `WORDS` words a second the whole chain processes, by CPU time and by
    wall-clock time.
    """
    articles = []
    for row in _rows(data / "wikinews_2019_2020.jsonl.gz"):
        words = row["body"].split(" ")
        pieces = [" ".join(words[at : at + WORDS]) for at in range(0, len(words) - WORDS + 1, WORDS)]
        articles += [Article(f"{row['id']}-{n}", piece, row["title"] or "") for n, piece in enumerate(pieces)]
    _enriched(articles)
    began, used = time.perf_counter(), time.process_time()
    _enriched(articles)
    print(f"one core, CPU time        {len(articles) / (time.process_time() - used):8.0f} articles/s")
    print(f"one core, wall-clock time {len(articles) / (time.perf_counter() - began):8.0f} articles/s")
    cores = len(os.sched_getaffinity(0))
    with ProcessPoolExecutor(cores) as pool:
        parts = [articles[n::cores] for n in range(cores)]
        list(pool.map(_enriched, parts))
        began = time.perf_counter()
        list(pool.map(_enriched, parts))
        print(f"{cores} processes             {len(articles) / (time.perf_counter() - began):8.0f} articles/s")


def _enriched(articles: Sequence[Article]) -> int:
    return sum(len(enrich(article).person) for article in articles)


def floors() -> Json:
    """The stored floors: `digest` of the data, floors of its `figures`, and those of `seeds`."""
    found: Json = json.loads(FLOORS.read_text("utf-8"))
    return found


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="?", type=Path, default=DATA)
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--speed", action="store_true")
    results.option(parser)
    options = parser.parse_args()
    sheet = results.Sheet("quality")
    if options.speed:
        speed(options.data)
        return
    pinned = floors()
    known = digest(options.data)
    held = pinned["figures"] if known == pinned["digest"] else {}
    if not held:
        print("This is not the data that the floors were measured on.", file=sys.stderr)
    low = False
    measured = figures(options.data)
    of_seeds = {f"seeds: {name}": value for name, value in seeds.scores().items() if name in pinned["seeds"]}
    all_floors = held | {f"seeds: {name}": value for name, value in pinned["seeds"].items()}
    print(f"{'figure':38} {'now':>7} {'floor':>7}")
    for name, value in (measured | of_seeds).items():
        floor = all_floors.get(name)
        below = floor is not None and value < floor - MARGIN
        low |= below
        sheet.row("figures", figure=name, now=value, floor=floor)
        print(f"{name:38} {value:7.4g} {'' if floor is None else format(floor, '7.4g')}{'  below' if below else ''}")
    sheet.keep(options.keep)
    if options.update:
        raised = {name: max(value, held.get(name, 0.0)) for name, value in measured.items()}
        FLOORS.write_text(json.dumps(pinned | {"digest": known, "figures": raised}, indent=2) + "\n", "utf-8")
    elif low:
        sys.exit(1)


if __name__ == "__main__":
    main()
