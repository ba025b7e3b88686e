"""Alerts: a look of many at many new articles.

    python -m benchmarks.alerts [--articles 100000] [--new 1000] [--alerts 1000]

The corpus is that of the engine's benchmark, and so are the words of the questions: a rare one, two of middling
frequency, a phrase, one with a person, in turn. What is new is the end of the corpus. Next to a look stands a search
for each question with the new articles as the only condition more (`added.from`), as somebody would make them who has
no alerts.
"""

from __future__ import annotations

import argparse
import itertools
import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import search
from benchmarks import results
from benchmarks.corpus import articles_of, cases, corpus, lines_of
from desk.alerts.alert import Alert
from desk.alerts.store import Alerts
from desk.store.where import FILE
from search.text import dates
from search.values.query import Filter, Query
from service import params
from service.archive import Archive
from service.desk.alerts import looking
from service.formats import question


def main() -> None:
    """Build, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--new", type=int, default=1_000)
    parser.add_argument("--alerts", type=int, default=1_000)
    results.option(parser)
    options = parser.parse_args()
    sheet = results.Sheet("alerts")
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "alerts.idx"
        old, new = Path(folder) / "old.jsonl", Path(folder) / "new.jsonl"
        rows = corpus(options.articles + options.new)
        for path, size in ((old, options.articles), (new, options.new)):
            with path.open("w", encoding="utf-8") as file:
                file.writelines(json.dumps(row) + "\n" for row in itertools.islice(rows, size))
        load(place, old)
        for name, value in measured(place, new, options.alerts).items():
            sheet.row("look", articles=options.articles, new=options.new, alerts=options.alerts, what=name, value=value)
            print(f"{name:42} {value:10.2f}")
    sheet.keep(options.keep)


def load(place: Path, source: Path) -> None:
    """Add the articles of a file to an index."""
    with search.writer(place) as writer:
        search.load(writer, lines_of(source), articles_of, 2)


def measured(place: Path, new: Path, count: int) -> dict[str, float]:
    """What is measured → seconds, or a number."""
    found: dict[str, float] = {}
    with Archive(str(place)) as archive, Alerts(place) as alerts:
        at = dates.now()
        began = time.perf_counter()
        for number, query in enumerate(itertools.islice(questions(), count)):
            asked = params.joined(question.pairs(query))
            alert = Alert(0, f"alert {number}", asked, "at once", "UTC", "feed", "", "benchmark", at, at, 0, at)
            looking.begin(archive, alerts, alert)
        found["making the alerts, s"] = time.perf_counter() - began
        load(place, new)
        clock, cpu = time.perf_counter(), time.process_time()
        found["deliveries"] = looking.look(archive, alerts, dates.now(), lambda _alert, at: at)
        found["a look, s"], found["a look, s CPU"] = time.perf_counter() - clock, time.process_time() - cpu
        listed = alerts.listed()
        clock = time.perf_counter()
        looking.look(archive, alerts, dates.now(), lambda _alert, at: at)
        found["a look with nothing new, s"] = time.perf_counter() - clock
        clock = time.perf_counter()
        for alert in listed:
            query = question.read(f"{alert.question}&added.from={at}")
            archive.engine.search(query)
        found["a search for each, s"] = time.perf_counter() - clock
        found["bytes of the desk"] = (place / FILE).stat().st_size
    return found


def questions() -> Iterator[Query]:
    """Words, two words, phrases, and words with a person, in turn."""
    drawn = cases(2_000)
    rare, common = ([case.words[0] for case in drawn[kind]] for kind in ("term low", "term medium"))
    for number, case in enumerate(drawn["person + term"]):
        yield Query(rare[number])
        yield Query(f"{common[number]} {common[-number]}")
        yield Query(f'"{common[number]} {rare[number]}"')
        yield Query(common[number], {"person": Filter(all=(case.person,))})


if __name__ == "__main__":
    main()
