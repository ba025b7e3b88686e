"""Does a model of meaning, or the nearness of words, pay? The order of `rank=best` without and with each.

    make minilm
    python -m benchmarks.meaning [--data ../shared/data] [--model FILE]

The judged questions of TIME are asked as they stand, with `rank=best`. What is found stays; its order becomes that of
(1 − weight) × the score + weight × another measure, both as z-scores over all that is found. The measures:

- the cosine of question and article by all-MiniLM-L6-v2 (`benchmarks.minilm`): of the article's first 126 word pieces,
  of its first 254, or of the most similar of its first four passages of 126;
- nearness: how often two words of the question are near each other in the article, in either order, by BM25, each pair
  by its own rarity, function words left out; words that follow one another in the question, within 8, or any two, 30.

The weight of a question, of 0, .1 … .9, is the one that is best for the mean average precision (MAP) of the *others*;
the MAP with the one weight that is best for all, which nobody could have known, is printed beside it. p is that of
`benchmarks.paired`, against `rank=best`.

Then titles of Reuters-21578 as questions, with only texts in the index: the mean reciprocal rank of the article, if the
first ten are ordered anew with the weight that was best for TIME, by the most similar passage. Costs are CPU
milliseconds on one core.

Needs `tantivy` and `onnxruntime` (`dateline[bench]`), and the evaluation data.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import search
from benchmarks import results
from benchmarks.minilm import DIMENSIONS, FILE, MiniLM, Vectors
from benchmarks.paired import chance
from benchmarks.ranking import DATA, PAGE, SHORT, average_precision, judged, turns, words
from search import Article, Query
from search.engine import Engine
from search.query import Match, Rank
from search.scoring import idfs
from search.syntax.function_words import FUNCTION_WORDS
from search.text import index_terms, tokens

PASSAGE, PASSAGES = 126, 4
LONG = 254
WEIGHTS = tuple(number / 10 for number in range(10))
MATCHES: tuple[Match, ...] = ("most", "any")
TITLES = 200
REORDERED = 10

Scores = NDArray[np.float64]
Found = dict[str, float]
"""Article → score, in order."""
Measure = Callable[[str], Mapping[str, float]]
"""Question → article → how near it is."""


def main() -> None:
    """Index, search, order anew, evaluate."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--model", type=Path, default=FILE)
    results.option(parser)
    options = parser.parse_args()
    sheet = results.Sheet("meaning")
    model = MiniLM(options.model)
    articles, questions = judged(options.data)
    measures = measured(sheet, model, articles, [text for text, _ in questions])
    with tempfile.TemporaryDirectory() as folder:
        with search.writer(Path(folder) / "time.idx") as writer:
            for one in articles:
                writer.add(one)
        with search.open(Path(folder) / "time.idx") as engine:
            best = [_orders(sheet, engine, questions, match, measures) for match in MATCHES]
    _known(sheet, model, options.data, max(best))
    sheet.keep(options.keep)


def measured(
    sheet: results.Sheet, model: MiniLM, articles: Sequence[Article], questions: Sequence[str]
) -> dict[str, Measure]:
    """Name → measure; what the vectors cost is put on the sheet."""
    ids = [one.id for one in articles]
    made: dict[str, Callable[[str], Scores]] = {}
    began = time.process_time()
    asked = dict(zip(questions, [model.vectors([model.pieces(text, PASSAGE)])[0] for text in questions], strict=True))
    question_ms = (time.process_time() - began) / len(questions) * 1000
    for name, length, most in (
        (f"MiniLM, first {PASSAGE} word pieces", PASSAGE, 1),
        (f"MiniLM, first {LONG} word pieces", LONG, 1),
        (f"MiniLM, nearest of {PASSAGES} passages of {PASSAGE}", PASSAGE, PASSAGES),
    ):
        began = time.process_time()
        vectors, starts = passages(model, [f"{one.title} {one.text}" for one in articles], length, most)
        article_ms = (time.process_time() - began) / len(articles) * 1000
        size = DIMENSIONS * len(vectors) / len(articles)
        sheet.row("cost", measure=name, article_ms=article_ms, article_bytes=size, question_ms=question_ms)
        print(f"{name}: {article_ms:.0f} ms and {size:.0f} bytes an article, {question_ms:.1f} ms a question")
        made[name] = lambda text, v=vectors, s=starts: nearest(v, s, asked[text])  # type: ignore[misc]
    near = Nearness(articles)
    made["nearness of words that follow one another"] = lambda text: near.scores(text, pairwise, 8)
    made["nearness of any two words"] = lambda text: near.scores(text, lambda terms: combinations(terms, 2), 30)
    known = {name: {text: dict(zip(ids, of(text).tolist(), strict=True)) for text in questions}
             for name, of in made.items()}  # fmt: skip
    return {name: by.__getitem__ for name, by in known.items()}


def passages(model: MiniLM, texts: Sequence[str], length: int, most: int) -> tuple[Vectors, NDArray[np.int64]]:
    """The vectors of the first passages of texts, and where those of each text begin."""
    cut: list[list[int]] = []
    starts: list[int] = []
    for text in texts:
        pieces = model.pieces(text, length * most)
        starts.append(len(cut))
        cut += [pieces[begin : begin + length] for begin in range(0, len(pieces) or 1, length)]
    return model.vectors(cut), np.array(starts, np.int64)


def nearest(vectors: Vectors, starts: NDArray[np.int64], question: Vectors) -> Scores:
    """The greatest cosine of a passage of each text with a question."""
    found: Scores = np.maximum.reduceat(vectors @ question, starts).astype(np.float64)
    return found


class Nearness:
    """Where the words of some English articles stand."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self._places: list[dict[str, NDArray[np.int64]]] = []
        lengths: list[int] = []
        for one in articles:
            terms = np.array(index_terms([token.word for token in tokens(f"{one.title}\n{one.text}")], "en"), np.str_)
            found, inverse = np.unique(terms, return_inverse=True)
            bounds = np.cumsum(np.bincount(inverse, minlength=len(found)))[:-1]
            each = np.split(np.argsort(inverse, kind="stable"), bounds)
            self._places.append(dict(zip(found.tolist(), each, strict=True)))
            lengths.append(len(terms))
        self._norms = 1.2 * (0.25 + 0.75 * np.array(lengths) / np.mean(lengths))

    def scores(self, text: str, pairs: Callable[[list[str]], object], distance: int) -> Scores:
        """How near the words of a question are in each article: BM25 of its pairs that are at most a distance apart."""
        sought = [word for word in words(text) if word not in FUNCTION_WORDS["en"]]
        terms = list(dict.fromkeys(index_terms(sought, "en")))
        total = np.zeros(len(self._places))
        for a, b in pairs(terms):  # type: ignore[attr-defined]
            counts = np.array([_together(some.get(a), some.get(b), distance) for some in self._places], np.float64)
            rarity = idfs(np.array([np.count_nonzero(counts)]), len(counts))[0]
            total += rarity * counts * 2.2 / (counts + self._norms)
        return total


def _together(a: NDArray[np.int64] | None, b: NDArray[np.int64] | None, distance: int) -> int:
    """How many places of the rarer of two words have the other near them."""
    if a is None or b is None:
        return 0
    few, many = (a, b) if len(a) <= len(b) else (b, a)
    first = np.searchsorted(many, few - distance)
    return int(np.count_nonzero(np.searchsorted(many, few + distance, side="right") > first))


def found(engine: Engine, text: str, match: Match, most: int | None = None, rank: Rank = "best") -> Found:
    """What a question finds; all of it, or the first."""
    scores: Found = {}
    page = 1
    while True:
        query = Query(text, match=match, rank=rank, size=most or PAGE, page=page, facets=(), fields=("id",))
        hits = engine.search(query).hits
        scores |= {hit.article.id: hit.score or 0.0 for hit in hits}
        if most or len(hits) < PAGE:
            return scores
        page += 1


def reordered(scores: Found, other: Mapping[str, float], weight: float) -> list[str]:
    """What was found, by a weighted sum of its scores and others, both as z-scores; ties as they were."""
    ids = list(scores)
    mixed = (1 - weight) * _z(list(scores.values())) + weight * _z([other[one] for one in ids])
    return [ids[place] for place in np.argsort(-mixed, kind="stable").tolist()]


def _z(values: Sequence[float]) -> Scores:
    some = np.array(values, np.float64)
    spread = float(some.std()) if len(some) else 0.0
    return (some - some.mean()) / spread if spread else np.zeros(len(some))


def _orders(
    sheet: results.Sheet, engine: Engine, questions: Sequence[tuple[str, set[str]]], match: Match,
    measures: Mapping[str, Measure],
) -> tuple[float, float]:  # fmt: skip
    """Print each measure beside `rank=best`. Returns the best MAP by the model's passages, and its weight."""
    lists = [found(engine, text, match) for text, _ in questions]
    best = (0.0, 0.0)
    for name, near in measures.items():
        precision = np.array([
            [average_precision(reordered(scores, near(text), weight), wanted) for weight in WEIGHTS]
            for scores, (text, wanted) in zip(lists, questions, strict=True)
        ])  # fmt: skip
        means = precision.mean(axis=0)
        chosen = np.argmax(precision.sum(axis=0) - precision, axis=1)
        by_others = precision[np.arange(len(precision)), chosen].tolist()
        plain = precision[:, 0].tolist()
        at = int(np.argmax(means))
        figures = {
            "plain": float(means[0]),
            "map": sum(by_others) / len(by_others),
            "p": chance(by_others, plain),
            "most": float(means[at]),
            "weight": WEIGHTS[at],
            "most_p": chance(precision[:, at].tolist(), plain),
        }
        sheet.row("orders", match=match, measure=name, **figures)
        print(
            f"{match:5}{name}: MAP {figures['map']:.4f}, {figures['plain']:.4f} by rank=best, "
            f"{turns(by_others, plain)}, p = {figures['p']:.3f}; "
            f"at most {figures['most']:.4f}, with {figures['weight']}, p = {figures['most_p']:.3f}"
        )
        if "passages" in name:
            best = (figures["most"], figures["weight"])
    return best


def _known(sheet: results.Sheet, model: MiniLM, data: Path, best: tuple[float, float]) -> None:
    """Titles as questions: whether the article comes first, if only its text is in the index."""
    with gzip.open(data / "reuters21578.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = {str(row["id"]): row for row in map(json.loads, lines) if row["title"] and len(row["body"]) > SHORT}
    asked = random.Random(21578).sample(list(rows), TITLES)
    titles = [" ".join(words(rows[one]["title"])) for one in asked]
    with tempfile.TemporaryDirectory() as folder:
        with search.writer(Path(folder) / "reuters.idx") as writer:
            for one, row in rows.items():
                writer.add(Article(one, row["body"], language="en"))
        with search.open(Path(folder) / "reuters.idx") as engine:
            lists = {match: [found(engine, title, match, REORDERED) for title in titles] for match in MATCHES}
            plain = {match: [found(engine, title, match, REORDERED, "words") for title in titles] for match in MATCHES}
    ids = sorted({one for some in lists.values() for scores in some for one in scores})
    vectors, starts = passages(model, [rows[one]["body"] for one in ids], PASSAGE, PASSAGES)
    questions = model.vectors([model.pieces(rows[one]["title"], PASSAGE) for one in asked])
    for match, some in lists.items():
        by_words = [_reciprocal(list(scores), one) for scores, one in zip(plain[match], asked, strict=True)]
        before = [_reciprocal(list(scores), one) for scores, one in zip(some, asked, strict=True)]
        after = [
            _reciprocal(reordered(scores, dict(zip(ids, nearest(vectors, starts, question).tolist(), strict=True)),
                                  best[1]), one)
            for scores, one, question in zip(some, asked, questions, strict=True)
        ]  # fmt: skip
        means = {"words": sum(by_words) / TITLES, "best": sum(before) / TITLES, "meaning": sum(after) / TITLES}
        figures = means | {"p": chance(after, before), "words_p": chance(after, by_words)}
        sheet.row("known", match=match, articles=len(rows), titles=TITLES, weight=best[1], **figures)
        print(
            f"titles as questions, {match}: MRR {figures['words']:.4f} by words, {figures['best']:.4f} best, "
            f"{figures['meaning']:.4f} with the model, {turns(after, before)}, p = {figures['p']:.3f}, "
            f"{figures['words_p']:.3f} against words"
        )


def _reciprocal(order: Sequence[str], wanted: str) -> float:
    return 1 / (order.index(wanted) + 1) if wanted in order else 0.0


if __name__ == "__main__":
    main()
