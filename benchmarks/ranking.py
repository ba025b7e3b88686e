"""Ranking on the TIME collection: the words of a query joined by OR, compared with tantivy on the same text.

    python -m benchmarks.ranking [--data ../shared/data]

The words of every query are joined with OR, as for a reader who wants the best match of anything. MAP is over all that
each engine finds, nDCG over its first ten, relevance is binary. The paired test is a permutation test: how often
swapping the two engines at random gives a difference of means at least as large. Both stem by Snowball; neither has
stop words. For AND, the default, it reports how many queries find nothing, for how many of these a query that finds
something is suggested (`did_you_mean`), and the MAP; then the same by what `Query.match` requires.

Needs `tantivy` in addition to the project's own packages, and the evaluation data.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import random
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import tantivy

import search
from benchmarks import results
from search import Article, Query
from search.engine import Engine
from search.query import MATCHES, Match
from search.syntax import write
from search.syntax.nodes import Or, Word
from search.text import tokens

DATA = Path(__file__).parent.parent.parent / "shared" / "data"
SWAPS = 20_000
PAGE = 100

Ranking = list[str]


def main() -> None:
    """Index, search, evaluate."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA)
    results.option(parser)
    options = parser.parse_args()
    sheet = results.Sheet("ranking")
    data: Path = options.data
    with gzip.open(data / "time_docs.jsonl.gz", "rt", encoding="utf-8") as lines:
        articles = [Article(row["id"], row["body"], row["title"], language="en") for row in map(json.loads, lines)]
    queries = {
        row["id"]: row["text"] for row in map(json.loads, (data / "time_queries_dev.jsonl").read_text().splitlines())
    }
    relevant: dict[str, set[str]] = {}
    for line in (data / "time_qrels_dev.tsv").read_text().splitlines()[1:]:
        query, article, _ = line.split("\t")
        relevant.setdefault(query, set()).add(article)
    judged = [number for number in queries if relevant.get(number)]
    with tempfile.TemporaryDirectory() as folder:
        with search.writer(Path(folder) / "time.idx") as writer:
            for one in articles:
                writer.add(one)
        with search.open(Path(folder) / "time.idx") as engine:
            beside = _tantivy(articles)
            ours = [everything(engine, any_of(queries[number])) for number in judged]
            theirs = [beside(words(queries[number])) for number in judged]
            print(f"{len(articles)} articles, {len(judged)} judged queries, words joined by OR")
            _compare(sheet, "MAP", ours, theirs, [relevant[number] for number in judged], average_precision)
            _compare(sheet, "nDCG@10", ours, theirs, [relevant[number] for number in judged], ndcg)
            typed = [(queries[number], relevant[number]) for number in judged]
            _offers(sheet, engine, typed)
            _required(sheet, engine, typed)
    sheet.keep(options.keep)


def words(text: str) -> list[str]:
    """The different words of a query."""
    return list(dict.fromkeys(token.word for token in tokens(text)))


def any_of(text: str) -> str:
    """The words joined by OR."""
    return write(Or(tuple(Word(word) for word in words(text))))


def everything(engine: Engine, text: str, match: Match = "all") -> Ranking:
    """All matches of a query, in order."""
    found: Ranking = []
    page = 1
    while True:
        hits = engine.search(Query(text, match=match, size=PAGE, page=page, facets=(), fields=("id",))).hits
        found += [hit.article.id for hit in hits]
        if len(hits) < PAGE:
            return found
        page += 1


def _tantivy(articles: Sequence[Article]) -> Callable[[Sequence[str]], Ranking]:
    """Index the same articles in tantivy. Returns a function that searches it."""
    schema = tantivy.SchemaBuilder()
    schema.add_text_field("id", stored=True, tokenizer_name="raw")
    schema.add_text_field("body", tokenizer_name="en_stem")
    index = tantivy.Index(schema.build())
    writer = index.writer(heap_size=50_000_000, num_threads=1)
    for article in articles:
        writer.add_document(tantivy.Document(id=article.id, body=f"{article.title}\n{article.text}"))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def ask(asked: Sequence[str]) -> Ranking:
        query = index.parse_query(" ".join(asked), ["body"])
        return [searcher.doc(place)["id"][0] for _, place in searcher.search(query, limit=len(articles)).hits]

    return ask


def average_precision(found: Ranking, relevant: set[str]) -> float:
    """The mean of the precisions at each relevant article; one that is not found counts as 0."""
    hits, total = 0, 0.0
    for rank, article in enumerate(found, 1):
        if article in relevant:
            hits += 1
            total += hits / rank
    return total / len(relevant)


def ndcg(found: Ranking, relevant: set[str]) -> float:
    """Normalised discounted cumulative gain of the first ten."""
    gain = sum(1 / math.log2(rank + 1) for rank, article in enumerate(found[:10], 1) if article in relevant)
    return gain / sum(1 / math.log2(rank + 1) for rank in range(1, min(10, len(relevant)) + 1))


def _compare(
    sheet: results.Sheet, name: str, ours: list[Ranking], theirs: list[Ranking], relevant: list[set[str]],
    measure: Callable[[Ranking, set[str]], float],
) -> None:  # fmt: skip
    mine = [measure(found, wanted) for found, wanted in zip(ours, relevant, strict=True)]
    other = [measure(found, wanted) for found, wanted in zip(theirs, relevant, strict=True)]
    differences = [a - b for a, b in zip(mine, other, strict=True)]
    chance = random.Random(1963)
    observed = abs(sum(differences))
    as_large = sum(abs(sum(d if chance.random() < 0.5 else -d for d in differences)) >= observed for _ in range(SWAPS))
    sheet.row(
        "figures", figure=name, dateline=sum(mine) / len(mine), tantivy=sum(other) / len(other), p=as_large / SWAPS
    )
    print(
        f"{name:8} dateline {sum(mine) / len(mine):.4f}   tantivy {sum(other) / len(other):.4f}   "
        f"better in {sum(d > 0 for d in differences)}, worse in {sum(d < 0 for d in differences)}, "
        f"p = {as_large / SWAPS:.3f}"
    )


def _offers(sheet: results.Sheet, engine: Engine, judged: list[tuple[str, set[str]]]) -> None:
    empty = offered = 0
    precision = 0.0
    for text, relevant in judged:
        asked = " ".join(words(text))
        answer = engine.search(Query(asked, size=0, facets=()))
        if not answer.total:
            empty += 1
            offered += answer.did_you_mean is not None
        final = answer.did_you_mean if not answer.total and answer.did_you_mean else asked
        precision += average_precision(everything(engine, final), relevant)
    sheet.row("offers", queries=len(judged), empty=empty, offered=offered, map=precision / len(judged))
    print(
        f"AND      {empty} of {len(judged)} find nothing, {offered} of them are offered what does; "
        f"MAP with what is offered {precision / len(judged):.4f}"
    )


def _required(sheet: results.Sheet, engine: Engine, judged: list[tuple[str, set[str]]]) -> None:
    """The queries as they stand, by what is required of their words."""
    for match in MATCHES:
        found = [everything(engine, text, match) for text, _ in judged]
        precision = sum(average_precision(some, wanted) for some, (_, wanted) in zip(found, judged, strict=True))
        figures = {
            "empty": sum(not some for some in found),
            "found": sum(map(len, found)) / len(found),
            "map": precision / len(found),
        }
        sheet.row("required", match=match, **figures)
        print(f"{match:8} {figures['empty']} find nothing, {figures['found']:.1f} found, MAP {figures['map']:.4f}")


if __name__ == "__main__":
    main()
