"""The views of the desk, next to plain searches of the same queries in the same run.

    python -m benchmarks.desk [--articles 100000] [--rounds 7]

The corpus is that of the engine's benchmark. Times are CPU milliseconds of `search.open`, of the draft check those of
an HTTP request in the process; each the least of the rounds, for the median query of `QUERIES`. A comparison is of five
queries, and stands next to five searches with the same facets and dates, and next to those with the trend that gives
its timeline the number of all articles. What people keep is measured by HTTP requests in the process, as somebody with
a key of scope `edit` makes them: a search within a list stands next to the same search without it, a citation next to
the export of the same articles.
"""

from __future__ import annotations

import argparse
import itertools
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import falcon.testing

import search
from benchmarks import results
from benchmarks.corpus import articles_of, cases, corpus, lines_of
from desk.people import keys
from search.analyses.entity import entity
from search.measures.comparison import Comparing
from search.measures.cooccurrence import Pairing
from search.measures.keyness import Contrast
from search.values.query import Query
from service.archive import Archive
from service.server.app import create_app
from service.settings import Settings

QUERIES = 5
DRAFT_WORDS = 300
LISTED = 10_000
"""Articles of a list, as many as one may have."""
SAVED = 20
FACETS = ("person", "country", "topic", "source", "date")


def least(task: Callable[[], object], rounds: int) -> float:
    """CPU milliseconds of a task, the least of some rounds."""
    task()
    times = []
    for _ in range(rounds):
        began = time.process_time()
        task()
        times.append(time.process_time() - began)
    return 1000 * min(times)


def median(tasks: Sequence[Callable[[], object]], rounds: int) -> float:
    """CPU milliseconds of the median of some tasks."""
    return statistics.median(least(task, rounds) for task in tasks)


def main() -> None:
    """Build, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=7)
    results.option(parser)
    options = parser.parse_args()
    sheet = results.Sheet("desk")
    with tempfile.TemporaryDirectory() as folder:
        source, place = Path(folder) / "corpus.jsonl", Path(folder) / "desk.idx"
        with source.open("w", encoding="utf-8") as file:
            for row in itertools.islice(corpus(options.articles), options.articles):
                file.write(json.dumps(row) + "\n")
        with search.writer(place) as writer:
            search.load(writer, lines_of(source), articles_of, 2)
        with search.open(place) as engine, Archive(str(place)) as archive:
            for view, taken in measured(engine, archive, options.rounds).items():
                sheet.row("views", articles=options.articles, view=view, ms=taken)
                print(f"{view:42} {taken:8.2f} ms")
    sheet.keep(options.keep)


def measured(engine: search.Engine, archive: Archive, rounds: int) -> dict[str, float]:
    """View → CPU milliseconds."""
    found: dict[str, float] = {}
    drawn = cases(QUERIES)
    single = [Query(case.words[0]) for case in drawn["term high"]]
    either = [Query(" OR ".join(case.words)) for case in drawn["OR of two"]]
    for name, five in (("of one word", single), ("of two words with OR", either)):
        found[f"five searches {name}"] = least(partial(searched, engine, five), rounds)
        found[f"five searches {name}, with trend"] = least(partial(searched, engine, five, True), rounds)
        found[f"compare five {name}"] = least(partial(engine.compare, five, Comparing()), rounds)
    for field in ("person", "words"):
        found[f"special: {field}"] = median([partial(engine.special, q, Contrast(field)) for q in single], rounds)
    for fields in (("person", "person"), ("person", "country")):
        name = f"pairs: {' and '.join(fields)}"
        found[name] = median([partial(engine.pairs, query, Pairing(fields)) for query in single], rounds)
    for field in ("person", "country", "topic"):
        found[f"entity: the most frequent {field}"] = least(portrait(engine, field), rounds)
    for name, form in (("phrase", '"{} {}"'), ("/s", "{} /s {}"), ("/5", "{} /5 {}")):
        asked = [Query(form.format(*case.words), facets=()) for case in drawn["phrase"]]
        found[f"two words: {name}"] = median([partial(engine.search, query) for query in asked], rounds)
    found[f"draft of {DRAFT_WORDS} words"] = least(draft(engine, archive, single[0]), rounds)
    return found | kept(engine, archive, single, rounds)


def kept(engine: search.Engine, archive: Archive, queries: Sequence[Query], rounds: int) -> dict[str, float]:
    """What people keep → CPU milliseconds."""
    _, secret = keys.add(archive.place, ["edit"], "benchmark")
    client = falcon.testing.TestClient(create_app(archive, Settings()), headers={"Authorization": f"Bearer {secret}"})
    found: dict[str, float] = {}

    def ask(path: str, method: str = "GET", **sent: object) -> Any:
        answer = client.simulate_request(method, path, json=sent) if sent else client.simulate_request(method, path)
        assert answer.status_code < 300, answer.text
        return answer

    words = queries[0].text
    ids = [article.id for article in itertools.islice(engine.export(Query(sort="newest")), LISTED)]
    ask("/api/lists", "POST", name="Long", articles=ids)
    found["a search"] = least(partial(ask, f"/api/search?q={words}"), rounds)
    found[f"the same within a list of {len(ids):,}"] = least(partial(ask, f"/api/search?q={words}&list=Long"), rounds)
    for number in range(SAVED):
        ask("/api/searches", "POST", name=f"Search {number}", question=f"q={queries[number % len(queries)].text}")
    found[f"{SAVED} saved searches, with what is new"] = least(partial(ask, "/api/searches"), rounds)
    found["names that may be one: a page"] = least(partial(ask, "/names"), rounds)
    within = f"q={words}&list=Long"
    total = ask(f"/api/search?{within}").json["total"]
    found[f"export of {total:,} articles"] = least(partial(ask, f"/api/export?{within}"), 3)
    cite = partial(ask, f"/api/citations?{within}", "POST")
    found[f"cite {total:,} articles"] = least(cite, 3)
    found[f"open a citation of {total:,}"] = least(partial(ask, f"/api/citations/{cite().json['id']}"), 3)
    return found


def portrait(engine: search.Engine, field: str) -> Callable[[], object]:
    """The page of the most frequent value of a field, as a task."""
    counted = engine.search(Query(facets=(field,), size=0))
    return partial(entity, engine, field, counted.values(field).values[0].value)


def draft(engine: search.Engine, archive: Archive, query: Query) -> Callable[[], object]:
    """The check of a draft of words that the newest article of a query has, as a task: a request in the process."""
    text = " ".join(next(iter(engine.export(query))).text.split()[:DRAFT_WORDS])
    client = falcon.testing.TestClient(create_app(archive, Settings()))
    body = f"President Ann Lee met Bo Miller in Berlin on 9 November 1989. {text}"
    return partial(client.simulate_post, "/api/draft", body=body)


def searched(engine: search.Engine, queries: Sequence[Query], trend: bool = False) -> None:
    """Search for each query alone, with the facets and dates of a comparison."""
    for query in queries:
        engine.search(replace(query, facets=FACETS, size=0))
        if trend:
            engine.trend(query, "filters")


if __name__ == "__main__":
    main()
