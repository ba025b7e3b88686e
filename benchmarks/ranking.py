"""Ranking on the TIME collection: the words of a query joined by OR, compared with tantivy on the same text.

    python -m benchmarks.ranking [--data ../shared/data]

The words of every query are joined with OR, as for a reader who wants the best match of anything. MAP is over all that
each engine finds, nDCG over its first ten, relevance is binary. The paired test is a permutation test: how often
swapping the two engines at random gives a difference of means at least as large. Both stem by Snowball; neither has
stop words. For AND, the default, it reports how many queries find nothing, for how many of these a query that finds
something is suggested (`did_you_mean`), and the MAP; then the same by what `Query.match` requires, in both orders of
`Query.rank`, whose paired test is the same. That an order does not lose what is sought by its title is shown by titles
of Reuters-21578 as questions: the mean reciprocal rank of the article among its first hundred.

Needs `tantivy` in addition to the project's own packages, and the evaluation data.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import tantivy

import search
from benchmarks import results
from benchmarks.corpus import cases, corpus
from benchmarks.paired import chance
from search import Article, Query
from search.engine import Engine
from search.syntax import write
from search.syntax.nodes import Or, Word
from search.text.tokens import tokens
from search.values.query import MATCHES, RANKS, Match, Rank

DATA = Path(__file__).parent.parent.parent / "shared" / "data"
PAGE = 100
TITLES = 1000
COSTED = 200
NOWHERE = "zzyzx"
"""A word that no article has, so that none has all."""
MADE_UP = 100_000
SHORT = 200
"""Characters of a text of Reuters that is more than a headline."""

Ranking = list[str]


def main() -> None:
    """Index, search, evaluate."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA)
    results.option(parser)
    options = parser.parse_args()
    sheet = results.Sheet("ranking")
    data: Path = options.data
    articles, typed = judged(data)
    with tempfile.TemporaryDirectory() as folder:
        with search.writer(Path(folder) / "time.idx") as writer:
            for one in articles:
                writer.add(one)
        with search.open(Path(folder) / "time.idx") as engine:
            beside = _tantivy(articles)
            ours = [everything(engine, any_of(text)) for text, _ in typed]
            theirs = [beside(words(text)) for text, _ in typed]
            wanted = [relevant for _, relevant in typed]
            print(f"{len(articles)} articles, {len(typed)} judged queries, words joined by OR")
            _compare(sheet, "MAP", ours, theirs, wanted, average_precision)
            _compare(sheet, "nDCG@10", ours, theirs, wanted, ndcg)
            _offers(sheet, engine, typed)
            _required(sheet, engine, typed)
    _known(sheet, data)
    _made_up(sheet)
    sheet.keep(options.keep)


def judged(data: Path) -> tuple[list[Article], list[tuple[str, set[str]]]]:
    """The articles of TIME, and its judged queries with the ids of what is relevant to each."""
    with gzip.open(data / "time_docs.jsonl.gz", "rt", encoding="utf-8") as lines:
        articles = [Article(row["id"], row["body"], row["title"], language="en") for row in map(json.loads, lines)]
    rows = map(json.loads, (data / "time_queries_dev.jsonl").read_text("utf-8").splitlines())
    queries = {row["id"]: row["text"] for row in rows}
    relevant: dict[str, set[str]] = {}
    for line in (data / "time_qrels_dev.tsv").read_text("utf-8").splitlines()[1:]:
        query, article, _ = line.split("\t")
        relevant.setdefault(query, set()).add(article)
    return articles, [(text, relevant[number]) for number, text in queries.items() if number in relevant]


def words(text: str) -> list[str]:
    """The different words of a query."""
    return list(dict.fromkeys(token.word for token in tokens(text)))


def any_of(text: str) -> str:
    """The words joined by OR."""
    return write(Or(tuple(Word(word) for word in words(text))))


def everything(engine: Engine, text: str, match: Match = "all", rank: Rank = "best") -> Ranking:
    """All matches of a query, in order."""
    found: Ranking = []
    page = 1
    while True:
        hits = engine.search(Query(text, match=match, rank=rank, size=PAGE, page=page, facets=(), fields=("id",))).hits
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
    p = chance(mine, other)
    sheet.row("figures", figure=name, dateline=sum(mine) / len(mine), tantivy=sum(other) / len(other), p=p)
    print(
        f"{name:8} dateline {sum(mine) / len(mine):.4f}   tantivy {sum(other) / len(other):.4f}   "
        f"{turns(mine, other)}, p = {p:.3f}"
    )


def turns(mine: Sequence[float], other: Sequence[float]) -> str:
    """In how many the first is better, and in how many worse."""
    better = sum(a > b for a, b in zip(mine, other, strict=True))
    return f"better in {better}, worse in {sum(a < b for a, b in zip(mine, other, strict=True))}"


def _offers(sheet: results.Sheet, engine: Engine, typed: list[tuple[str, set[str]]]) -> None:
    empty = offered = 0
    precision = 0.0
    for text, relevant in typed:
        asked = " ".join(words(text))
        answer = engine.search(Query(asked, size=0, facets=()))
        if not answer.total:
            empty += 1
            offered += answer.did_you_mean is not None
        final = answer.did_you_mean if not answer.total and answer.did_you_mean else asked
        precision += average_precision(everything(engine, final), relevant)
    sheet.row("offers", queries=len(typed), empty=empty, offered=offered, map=precision / len(typed))
    print(
        f"AND      {empty} of {len(typed)} find nothing, {offered} of them are offered what does; "
        f"MAP with what is offered {precision / len(typed):.4f}"
    )


def _required(sheet: results.Sheet, engine: Engine, typed: list[tuple[str, set[str]]]) -> None:
    """The queries as they stand, by what is required of their words, in both orders."""
    for match in MATCHES:
        by_words: list[float] = []
        for rank in reversed(RANKS):
            found = [everything(engine, text, match, rank) for text, _ in typed]
            precision = [average_precision(some, wanted) for some, (_, wanted) in zip(found, typed, strict=True)]
            by_words = by_words or precision
            figures = {
                "empty": sum(not some for some in found),
                "found": sum(map(len, found)) / len(found),
                "map": sum(precision) / len(found),
                "p": chance(precision, by_words),
            }
            sheet.row("required", match=match, rank=rank, **figures)
            print(
                f"{match:5}{rank:6} {figures['empty']} find nothing, {figures['found']:.1f} found, "
                f"MAP {figures['map']:.4f}, {turns(precision, by_words)}, p = {figures['p']:.3f}"
            )


def _known(sheet: results.Sheet, data: Path) -> None:
    """Titles as questions: whether the article comes first, in both orders, with and without titles in the index."""
    with gzip.open(data / "reuters21578.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if row["title"] and len(row["body"]) > SHORT]
    asked = random.Random(21578).sample(rows, TITLES)
    for indexed in ("title and text", "text"):
        with tempfile.TemporaryDirectory() as folder:
            with search.writer(Path(folder) / "reuters.idx") as writer:
                for row in rows:
                    title = row["title"] if indexed == "title and text" else ""
                    writer.add(Article(str(row["id"]), row["body"], title, language="en"))
            with search.open(Path(folder) / "reuters.idx") as engine:
                if indexed == "title and text":
                    titles = [" ".join((*words(row["title"]), NOWHERE)) for row in asked[:COSTED]]
                    _cost(sheet, engine, "Reuters-21578", titles)
                for match in ("most", "any"):
                    ranks = {rank: [_reciprocal(engine, row, match, rank) for row in asked] for rank in RANKS}
                    p = chance(ranks["best"], ranks["words"])
                    mean = {rank: sum(some) / len(some) for rank, some in ranks.items()}
                    sheet.row("known", indexed=indexed, match=match, words=mean["words"], best=mean["best"], p=p)
                    print(
                        f"titles as questions, {indexed} indexed, {match}: MRR {mean['words']:.4f} by words, "
                        f"{mean['best']:.4f} best, {turns(ranks['best'], ranks['words'])}, p = {p:.3f}"
                    )


def _made_up(sheet: results.Sheet) -> None:
    """The cost in a large archive, of questions that nearly all of its articles have a word of."""
    dice = random.Random(1815)
    known = [word for kind in ("term high", "term medium") for case in cases(50)[kind] for word in case.words]
    questions = [" ".join((*dice.sample(known, 6), NOWHERE)) for _ in range(COSTED // 2)]
    with tempfile.TemporaryDirectory() as folder:
        with search.writer(Path(folder) / "made-up.idx") as writer:
            for row in corpus(MADE_UP):
                writer.add(Article(row["id"], row["text"], language="en"))
        with search.open(Path(folder) / "made-up.idx") as engine:
            _cost(sheet, engine, "made up", questions)


def _cost(sheet: results.Sheet, engine: Engine, archive: str, texts: Sequence[str]) -> None:
    """The CPU time of a page of ten, without facets, in both orders."""
    for match in ("most", "any"):
        took: dict[Rank, float] = {}
        for rank in (*RANKS, *RANKS):  # the first time, everything is read from the disk
            began = time.process_time()
            for text in texts:
                engine.search(Query(text, match=match, rank=rank, facets=()))
            took[rank] = (time.process_time() - began) / len(texts) * 1000
        found = sum(engine.search(Query(text, match=match, size=0, facets=())).total for text in texts) / len(texts)
        figures = {"found": found, "words_ms": took["words"], "best_ms": took["best"]}
        sheet.row("cost", archive=archive, articles=engine.stats().articles, match=match, **figures)
        print(
            f"a page of ten of {engine.stats().articles:,} articles ({archive}), {match}: {found:.0f} found, "
            f"{took['words']:.2f} ms of CPU by words, {took['best']:.2f} best"
        )


def _reciprocal(engine: Engine, row: dict[str, str], match: Match, rank: Rank) -> float:
    text = " ".join(words(row["title"]))
    hits = engine.search(Query(text, match=match, rank=rank, size=PAGE, facets=(), fields=("id",))).hits
    return next((1 / place for place, hit in enumerate(hits, 1) if hit.article.id == str(row["id"])), 0.0)


if __name__ == "__main__":
    main()
