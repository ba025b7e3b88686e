"""What do rights cost? The same pages of the same index, asked by readers of different rules, in turns.

    python -m benchmarks.rights [--data ../shared/data] [--times 4] [--rounds 15] [--exports]

The articles are newswire of Reuters, AG's corpus of news, TIME and Wikinews, each in as many copies as `--times` says.
Readers: `no rules`, the engine itself; `everything`, of rules that give all; `half`, of one rule that hides every other
article; `half of metadata`, whose text may not be read; `half by 50 rules`, the same articles as `half`, hidden by
fifty rules. A page is ten hits with snippets and all facets; times are CPU milliseconds, the least of the rounds, and
their geometric mean over the questions of a kind. `opened` is what the first question of a reader costs in addition.
With `--exports` the first articles of an export of everything are read instead, by the thousand.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

import search
from benchmarks import results
from benchmarks.order import DATA, read
from search import Article, Query
from search.engine import Engine, article_count
from search.fields import FACET_NAMES
from search.seen import seen
from search.values.rights import WHOLE, Extent, Sight

PARTS = 100
"""Collections that the articles are divided into; every other one is hidden."""
EXPORTED = 20_000
"""Articles that are read of an export."""
HIDDEN = tuple(f"part {number}" for number in range(0, PARTS, 2))
READERS = {
    "no rules": None,
    "everything": WHOLE,
    "half": Sight(((Extent(HIDDEN), "none"),)),
    "half of metadata": Sight(((Extent(HIDDEN), "metadata"),)),
    "half by 50 rules": Sight(tuple((Extent((name,)), "none") for name in HIDDEN)),
}
ASKED = {
    "everything": ("",),
    "word": ("oil", "president", "bank", "police", "minister"),
    "AND": ("oil price", "trade talks", "prime minister", "stock market", "united states"),
    "OR": ("oil OR gas OR coal", "bank OR loan OR debt", "war OR peace OR army"),
    "phrase": ('"interest rates"', '"united states"', '"prime minister"'),
}


def main() -> None:
    """Index, ask as each reader, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--times", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--exports", action="store_true")
    results.option(parser)
    options = parser.parse_args()
    sheet = results.Sheet("rights_exports", "rights") if options.exports else results.Sheet("rights")
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "news.idx"
        with search.writer(place) as writer:
            for article in copies(options.data, options.times):
                writer.add(article)
        with search.open(place) as engine:
            ask(engine)
            engines, opened = {}, {}
            for name, sight in READERS.items():
                began = time.process_time()
                engines[name] = engine if sight is None else seen(engine, sight)
                ask(engines[name])
                opened[name] = time.process_time() - began
            if options.exports:
                export = exported(engines, options.rounds)
                for name, spent in export.items():
                    sheet.row("readers", reader=name, articles=article_count(engines[name]), export=spent)
                    print(f"{name:18} ms per 1,000 articles: {spent:.1f} ({spent / export['no rules']:.2f})")
                sheet.keep(options.keep)
                return
            taken = measured(engines, options.rounds)
            for name, one in engines.items():
                row = {kind: taken[name, kind] for kind in ASKED}
                sheet.row("readers", reader=name, articles=article_count(one), opened=opened[name], **row)
                ratios = {kind: value / taken["no rules", kind] for kind, value in row.items()}
                said = ", ".join(f"{kind} {value:.2f} ({ratios[kind]:.2f})" for kind, value in row.items())
                print(f"{name:18} {article_count(one):,} articles, opened in {opened[name]:.2f} s; ms: {said}")
    sheet.keep(options.keep)


def copies(data: Path, times: int) -> Iterator[Article]:
    """The articles, several times, in parts."""
    for number, article in enumerate(read(data)):
        for copy in range(times):
            part = f"part {(number + copy) % PARTS}"
            yield replace(article, id=f"{article.id}-{copy}", source=f"Source {number % 37}", collection=part)


def ask(engine: Engine) -> None:
    """Ask each question once."""
    for texts in ASKED.values():
        for text in texts:
            engine.search(page(text))


def page(text: str) -> Query:
    """What a page asks."""
    return Query(text, facets=(*FACET_NAMES, "date"))


def measured(engines: dict[str, Engine], rounds: int) -> dict[tuple[str, str], float]:
    """CPU milliseconds of each engine for each kind of question."""
    least: dict[tuple[str, str, str], float] = {}
    for _ in range(rounds):
        for kind, texts in ASKED.items():
            for text in texts:
                for name, engine in engines.items():
                    began = time.process_time()
                    hits = engine.search(page(text)).hits
                    assert all(hit.article for hit in hits)
                    key, spent = (name, kind, text), time.process_time() - began
                    least[key] = min(spent, least.get(key, spent))
    return {
        (name, kind): 1000 * statistics.geometric_mean(least[name, kind, text] for text in texts)
        for name in engines
        for kind, texts in ASKED.items()
    }


def exported(engines: dict[str, Engine], rounds: int) -> dict[str, float]:
    """CPU milliseconds of each engine for a thousand articles of an export, the least of the rounds."""
    least: dict[str, float] = {}
    for _ in range(rounds):
        for name, engine in engines.items():
            began = time.process_time()
            found = sum(1 for _ in islice(engine.export(Query()), EXPORTED))
            spent = 1_000_000 * (time.process_time() - began) / found
            least[name] = min(spent, least.get(name, spent))
    return least


if __name__ == "__main__":
    main()
