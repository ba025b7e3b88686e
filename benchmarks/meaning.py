"""What a model of meaning gains and costs: the same questions, asked with and without `DATELINE_MEANING`.

    make minilm
    python -m benchmarks.meaning [--data ../shared/data] [--model FILE] [--articles 4000] [--made-up 100000]
    python -m benchmarks.meaning --only cost --made-up 1000000

The judged questions of TIME are asked as they stand, by words, by `rank=best` without a model, and with one: the mean
average precision (MAP) over all that is found, p by `benchmarks.paired` against each of the others. Then titles of
Reuters-21578 as questions, with only texts in the index: the mean reciprocal rank (MRR) of the article among its first
hundred. Costs are milliseconds of CPU: of an article, of the vector of a question that was not asked before, and of a
page of ten without facets from made-up articles with made-up vectors, without and with the model, in turns.

Needs `onnxruntime` (`dateline[meaning]`), `tantivy` (`dateline[bench]`), and the evaluation data.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np

import search
from benchmarks import results
from benchmarks.corpus import cases, corpus
from benchmarks.minilm import FILE
from benchmarks.paired import chance
from benchmarks.ranking import DATA, NOWHERE, PAGE, SHORT, average_precision, everything, judged, turns, words
from search import Article, Query
from search.engine import Engine
from search.meaning import minilm, model, passages
from search.values.query import Match, Rank

MATCHES: tuple[Match, ...] = ("most", "any")
TITLES = 1000
COSTED = 100
PARTS = ("judged", "known", "cost")
ORDERS = ("words", "best", "meaning")


def main() -> None:
    """Index, search, evaluate."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--model", type=Path, default=FILE)
    parser.add_argument("--articles", type=int, default=4000, help="articles of Reuters")
    parser.add_argument("--made-up", type=int, default=100_000, help="made-up articles")
    parser.add_argument("--only", choices=PARTS, help="only this part")
    results.option(parser)
    options = parser.parse_args()
    sheet = results.Sheet("meaning")
    read = minilm.MiniLM(options.model)
    wanted = (options.only,) if options.only else PARTS
    if "judged" in wanted:
        _judged(sheet, read, options.model, options.data)
    if "known" in wanted:
        _known(sheet, read, options.model, options.data, options.articles)
    if "cost" in wanted:
        _made_up(sheet, options.model, options.made_up)
    sheet.keep(options.keep)


@contextmanager
def indexed(articles: Iterable[Article]) -> Iterator[Engine]:
    """An index of articles, opened."""
    with tempfile.TemporaryDirectory() as folder:
        with search.writer(Path(folder) / "news.idx") as writer:
            for one in articles:
                writer.add(one)
        with search.open(Path(folder) / "news.idx") as engine:
            yield engine


@contextmanager
def chosen(file: Path | None) -> Iterator[None]:
    """Have this process use a model, or none."""
    os.environ.pop(model.VARIABLE, None)
    if file is not None:
        os.environ[model.VARIABLE] = str(file)
    try:
        yield
    finally:
        os.environ.pop(model.VARIABLE, None)


def with_meaning(read: minilm.MiniLM, articles: Sequence[Article]) -> list[Article]:
    """The articles with their vectors."""
    return [replace(one, meaning=passages.encoded(read, one.title, one.text)) for one in articles]


def _judged(sheet: results.Sheet, read: minilm.MiniLM, file: Path, data: Path) -> None:
    articles, questions = judged(data)
    began = time.process_time()
    read_by = with_meaning(read, articles)
    article_ms = (time.process_time() - began) / len(articles) * 1000
    began = time.process_time()
    for text, _ in questions:
        read.vectors([read.pieces(text, passages.PASSAGE)])
    question_ms = (time.process_time() - began) / len(questions) * 1000
    size = sum(len(one.meaning) for one in read_by) / len(read_by)
    sheet.row("vectors", articles=len(articles), article_ms=article_ms, bytes=size, question_ms=question_ms)
    print(f"vectors: {article_ms:.0f} ms and {size:.0f} bytes an article, {question_ms:.1f} ms a question")
    with indexed(read_by) as engine:
        for match in MATCHES:
            precision: dict[str, list[float]] = {}
            for order in ORDERS:
                with chosen(file if order == "meaning" else None):
                    found = [
                        everything(engine, text, match, "words" if order == "words" else "best")
                        for text, _ in questions
                    ]
                precision[order] = [
                    average_precision(some, wanted) for some, (_, wanted) in zip(found, questions, strict=True)
                ]
            _compare(sheet, "judged", match, precision)


def _known(sheet: results.Sheet, read: minilm.MiniLM, file: Path, data: Path, size: int) -> None:
    with gzip.open(data / "reuters21578.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if row["title"] and len(row["body"]) > SHORT]
    dice = random.Random(21578)
    rows = dice.sample(rows, min(size, len(rows)))
    asked = dice.sample(rows, min(TITLES, len(rows)))
    with indexed(with_meaning(read, [Article(str(row["id"]), row["body"], language="en") for row in rows])) as engine:
        for match in MATCHES:
            ranks: dict[str, list[float]] = {}
            for order in ORDERS:
                with chosen(file if order == "meaning" else None):
                    ranks[order] = [_reciprocal(engine, row, match, order) for row in asked]
            _compare(sheet, "known", match, ranks)


def _compare(sheet: results.Sheet, table: str, match: Match, figures: dict[str, list[float]]) -> None:
    """Means of a figure of each question in each order."""
    means = {order: sum(some) / len(some) for order, some in figures.items()}
    p = {order: chance(figures["meaning"], figures[order]) for order in ("words", "best")}
    sheet.row(table, match=match, questions=len(figures["words"]), **means, p_words=p["words"], p_best=p["best"])
    print(
        f"{table:7}{match:5}" + ", ".join(f"{order} {mean:.4f}" for order, mean in means.items())
        + f"; {turns(figures['meaning'], figures['best'])} than best, p = {p['best']:.4f}; than words {p['words']:.4f}"
    )  # fmt: skip


def _reciprocal(engine: Engine, row: dict[str, str], match: Match, order: str) -> float:
    text = " ".join(words(row["title"]))
    rank: Rank = "words" if order == "words" else "best"
    hits = engine.search(Query(text, match=match, rank=rank, size=PAGE, facets=(), fields=("id",))).hits
    return next((1 / place for place, hit in enumerate(hits, 1) if hit.article.id == str(row["id"])), 0.0)


def _made_up(sheet: results.Sheet, file: Path, size: int) -> None:
    """The cost in a large archive, of questions that nearly all of its articles have a word of."""
    dice = random.Random(1815)
    known = [word for kind in ("term high", "term medium") for case in cases(50)[kind] for word in case.words]
    questions = [" ".join((*dice.sample(known, 6), NOWHERE)) for _ in range(COSTED)]
    numbers = np.random.default_rng(1815)
    shape = (2, minilm.DIMENSIONS)
    made = (
        Article(row["id"], row["text"], language="en", meaning=numbers.integers(-127, 128, shape, np.int8).tobytes())
        for row in corpus(size)
    )
    with indexed(made) as engine:
        for match in MATCHES:
            took: dict[str, list[float]] = {order: [] for order in ORDERS}
            for text in questions if match == "most" else reversed_words(questions):  # the vectors of others are known
                for order in ORDERS:
                    with chosen(file if order == "meaning" else None):
                        took[order].append(_page_ms(engine, text, match, order))
            means = {order: float(np.median(some)) for order, some in took.items()}
            sheet.row("cost", articles=size, match=match, **{f"{order}_ms": mean for order, mean in means.items()})
            print(f"a page of {size:,}, {match}: " + ", ".join(f"{o} {mean:.1f} ms" for o, mean in means.items()))


def reversed_words(questions: Iterable[str]) -> list[str]:
    """Questions with their words in the other order."""
    return [" ".join(reversed(text.split())) for text in questions]


def _page_ms(engine: Engine, text: str, match: Match, order: str) -> float:
    began = time.process_time()
    engine.search(Query(text, match=match, rank="words" if order == "words" else "best", facets=()))
    return (time.process_time() - began) * 1000


if __name__ == "__main__":
    main()
