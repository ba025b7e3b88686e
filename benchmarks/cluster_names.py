"""What the names of an archive cost a process that answers from a cluster, by their number.

    python -m benchmarks.cluster_names [--most 1000000] [--heap 2g]

One node, and short articles with `EACH` persons, all different: full names of `GIVEN` first and `FAMILY` last names, so
that many share one. At each size a new process of the engine answers its first page, for which it reads all names; then
`COMMITS` commits of `ADDED` articles follow each other, which have names that the archive knows and others, and after
each the page is asked for again. Times are in milliseconds: *page* without a commit in between, *after a commit* the
median of the commits, *new process* what the same page costs where all names are read.

Needs `make opensearch`.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import search
from benchmarks import results
from benchmarks.cluster import fill
from search import Article, Query
from search.engine import Engine
from tests.opensearch.cluster import Cluster

STEPS = (10_000, 100_000, 1_000_000)
EACH = 5
GIVEN, FAMILY = 3000, 40_000
COMMITS, ADDED = 5, 100
PAGE = Query("oil", facets=("person", "country", "date"))


def persons(size: int) -> Iterator[str]:
    """Different names."""
    chance = random.Random(11)
    seen: set[int] = set()
    while len(seen) < size:
        number = chance.randrange(GIVEN * FAMILY)
        if number not in seen:
            seen.add(number)
            yield f"Given{number % GIVEN} Family{number // GIVEN}"


def articles(names: Iterator[str], first: int) -> Iterator[Article]:
    """Articles with some persons each."""
    for number in itertools.count(first):
        some = tuple(itertools.islice(names, EACH))
        if not some:
            return
        yield Article(f"a{number}", "oil", "Oil", published="1989-11-09", person=some)


def asked(engine: Engine) -> float:
    """Milliseconds of a page."""
    began = time.perf_counter()
    engine.search(PAGE)
    return 1000 * (time.perf_counter() - began)


def measured(place: str, size: int) -> dict[str, float]:
    """The times of an archive of some names."""
    chance = random.Random(size)
    with search.open(place) as engine:
        new = asked(engine)
        page = statistics.median(asked(engine) for _ in range(COMMITS))
        after = []
        for commit in range(COMMITS):
            with search.writer(place) as writer:
                for number in range(ADDED):
                    family = f"Family{chance.randrange(FAMILY)}"
                    person = (f"Given{chance.randrange(GIVEN)} {family}", family)
                    writer.add(Article(f"n{size}-{commit}-{number}", "oil", "Oil", person=person))
            after.append(asked(engine))
    return {"names": size, "page": page, "after": statistics.median(after), "new": new}


def main() -> None:
    """Grow an archive with many names, and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--most", type=int, default=STEPS[-1])
    parser.add_argument("--heap", default="2g")
    results.option(parser)
    options = parser.parse_args()
    sheet = results.Sheet("cluster_names")
    os.environ |= {"DATELINE_OPENSEARCH_REPLICAS": "0", "DATELINE_OPENSEARCH_TIMEOUT_S": "300"}
    with tempfile.TemporaryDirectory() as folder:
        cluster = Cluster(Path(folder) / "node", 1, options.heap)
        cluster.start()
        try:
            place = f"opensearch+http://{cluster.hosts}/names"
            names = persons(STEPS[-1])
            size = 0
            for step in (step for step in STEPS if step <= options.most):
                fill(place, articles(itertools.islice(names, step - size), size))
                size = step
                row = measured(place, step)
                sheet.row("steps", **row)
                print(", ".join(f"{name} {value:,.0f}" for name, value in row.items()), flush=True)
        finally:
            cluster.stop()
    sheet.keep(options.keep)


if __name__ == "__main__":
    main()
