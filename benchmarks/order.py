"""Does it pay to put like articles side by side? The same articles, indexed in different orders.

    python -m benchmarks.order [--data ../shared/data] [--rounds 15]

The articles are newswire of Reuters, AG's corpus of news, TIME and Wikinews. The orders: `mixed`, at random; `as read`,
one collection after the other, by day within each; `by likeness`, by recursive graph bisection, which moves articles
between the halves of a list until those with the same words are in the same half, and so on in each half. Bytes are
those of the index; times are CPU milliseconds of `search.open`, the least of the rounds, in turns, and their geometric
mean over the queries of a kind; of everything, only counts are asked for.

Source of the bisection: L. Dhulipala and others, Compressing Graphs and Indexes with Recursive Graph Bisection (2016).
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import search
from benchmarks import results
from search import Article, Query
from search.engine import Engine
from search.text.tokens import term, tokens

DATA = Path(__file__).parent.parent.parent / "shared" / "data"
SMALLEST = 32
"""Halves of fewer articles are left as they are."""
PASSES = 10
"""Exchanges between two halves, at most."""
FEW, MANY = 4, 0.1
"""Words of fewer articles, and of a greater share of them, are no likeness."""
KINDS = {
    "word": "oil president bank police minister",
    "AND": "oil price|trade talks|prime minister|stock market|united states",
    "OR": "oil OR gas OR coal|bank OR loan OR debt|war OR peace OR army|rain OR storm OR flood",
    "phrase": '"interest rates"|"united states"|"prime minister"|"last year"',
}
PARTS = ("pst", "pos", "sto")
"""The files of postings, positions and stored articles (docs/engine.md)."""
Ints = NDArray[np.int64]


def main() -> None:
    """Index in each order, search, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--rounds", type=int, default=15)
    results.option(parser)
    options = parser.parse_args()
    sheet = results.Sheet("order")
    articles = list(read(options.data))
    began = time.process_time()
    orders = {
        "mixed": random.Random(1).sample(range(len(articles)), len(articles)),
        "as read": list(range(len(articles))),
        "by likeness": bisected(articles),
    }
    print(f"{len(articles):,} articles; by likeness in {time.process_time() - began:.1f} s")
    with tempfile.TemporaryDirectory() as folder:
        places = {name: Path(folder) / f"{number}.idx" for number, name in enumerate(orders)}
        built = {}
        for name, order in orders.items():
            began = time.process_time()
            with search.writer(places[name]) as writer:
                for number in order:
                    writer.add(articles[number])
            built[name] = time.process_time() - began
        engines = {name: search.open(place) for name, place in places.items()}
        times = measured(engines, options.rounds)
        for name, engine in engines.items():
            row = {kind: times[name, kind] for kind in (*KINDS, "everything")}
            parts = {part: sum(p.stat().st_size for p in places[name].glob(f"*.{part}")) for part in PARTS}
            sheet.row("orders", order=name, bytes=engine.stats().bytes, building=built[name], **parts, **row)
            said = ", ".join(f"{kind} {value:.3f}" for kind, value in row.items())
            print(f"{name:12} {engine.stats().bytes / 1e6:.2f} MB, built in {built[name]:.1f} s; ms: {said}")
            engine.close()
    sheet.keep(options.keep)


def read(data: Path) -> Iterator[Article]:
    """The articles, one collection after the other, by day within each."""
    for collection in ("reuters21578", "agnews_test", "time_docs", "wikinews_2019_2020"):
        with gzip.open(data / f"{collection}.jsonl.gz", "rt", encoding="utf-8") as lines:
            rows = [row for row in map(json.loads, lines) if row.get("body")]
        rows.sort(key=lambda row: str(row.get("date") or ""))
        for number, row in enumerate(rows):
            day = str(row.get("date") or "")[:10] or None
            yield Article(f"{collection}-{number}", row["body"], row.get("title") or "", day, collection=collection)


def measured(engines: dict[str, Engine], rounds: int) -> dict[tuple[str, str], float]:
    """CPU milliseconds of each engine for each kind of query."""
    kinds = {kind: texts.split("|") if "|" in texts else texts.split() for kind, texts in KINDS.items()}
    asked = {kind: [Query(text) for text in texts] for kind, texts in kinds.items()} | {"everything": [Query(size=0)]}
    least: dict[tuple[str, str, int], float] = {}
    for _ in range(rounds):
        for kind, queries in asked.items():
            for number, query in enumerate(queries):
                for name, engine in engines.items():
                    began = time.process_time()
                    engine.search(query)
                    key, taken = (name, kind, number), time.process_time() - began
                    least[key] = min(taken, least.get(key, taken))
    return {
        (name, kind): 1000 * statistics.geometric_mean(least[name, kind, number] for number in range(len(queries)))
        for name in engines
        for kind, queries in asked.items()
    }


def bisected(articles: Sequence[Article]) -> list[int]:
    """The articles by likeness."""
    words, starts = _words(articles)
    order = np.arange(len(articles))
    waiting = [(0, len(articles))]
    while waiting:
        first, end = waiting.pop()
        if end - first > SMALLEST:
            middle = (first + end) // 2
            order[first:end] = _exchanged(order[first:end], middle - first, words, starts)
            waiting += [(first, middle), (middle, end)]
    return [int(number) for number in order]


def _words(articles: Sequence[Article]) -> tuple[Ints, Ints]:
    """The numbers of the words of each article, and where those of each begin."""
    found = [{term(token.word, "en") for token in tokens(f"{one.title}\n{one.text}")} for one in articles]
    having = Counter(word for some in found for word in some)
    kept = [word for word, count in having.items() if FEW <= count <= MANY * len(articles)]
    number = {word: place for place, word in enumerate(kept)}
    rows = [sorted(number[word] for word in some if word in number) for some in found]
    starts = np.concatenate([[0], np.cumsum([len(row) for row in rows])])
    return np.array([word for row in rows for word in row], np.int64), starts


def _exchanged(order: Ints, middle: int, words: Ints, starts: Ints) -> Ints:
    """The articles of a list, exchanged between its halves as long as that brings like ones together."""
    sizes = starts[order + 1] - starts[order]
    places = np.concatenate([np.arange(starts[one], starts[one + 1]) for one in order])
    local, inside = np.unique(words[places], return_inverse=True)
    owner = np.repeat(np.arange(len(order)), sizes)
    half = np.arange(len(order)) >= middle
    for _ in range(PASSES):
        right = half[owner]
        left_degree = np.bincount(inside[~right], minlength=len(local))
        right_degree = np.bincount(inside[right], minlength=len(local))
        cost = _cost(left_degree, middle) + _cost(right_degree, len(order) - middle)
        to_right = cost - _cost(left_degree - 1, middle) - _cost(right_degree + 1, len(order) - middle)
        to_left = cost - _cost(left_degree + 1, middle) - _cost(right_degree - 1, len(order) - middle)
        gain = np.bincount(owner, np.where(right, to_left[inside], to_right[inside]), len(order))
        leaving = [
            side[np.argsort(-gain[side], kind="stable")] for side in (np.flatnonzero(~half), np.flatnonzero(half))
        ]
        pairs = min(map(len, leaving))
        better = gain[leaving[0][:pairs]] + gain[leaving[1][:pairs]] > 0
        if not better.any():
            break
        for side in leaving:
            half[side[:pairs][better]] ^= True
    return np.concatenate([order[~half], order[half]])


def _cost(degree: Ints, articles: int) -> NDArray[np.float64]:
    """Bits of the gaps between the articles of a word, if they are spread evenly."""
    there = np.maximum(degree, 0)
    bits: NDArray[np.float64] = there * np.log2(articles / (there + 1))
    return bits


if __name__ == "__main__":
    main()
