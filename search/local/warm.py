"""Compile every kernel, once for a machine: by doing a little of everything on an index that is thrown away.

Kernels are compiled for the types they meet, so nothing compiles them better than use. Takes some six seconds the
first time, and a fraction of one when what was compiled is found where it was kept.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from search.article import Article
from search.local.engine import LocalEngine
from search.local.merge import WIDTH
from search.local.writer import LocalWriter
from search.query import Filter, Listing, Query

_TEXTS = ("oil price oil", "price rose", "oil prices rise", "talks on oil price")
_MANY = tuple(f"Person {number}" for number in range(40))
"""Facets of few and of many values are counted by different kernels; persons are many."""
_QUERIES = (
    Query(),
    Query("oil"),
    Query("oil price OR rose"),
    Query("oil -rose"),
    Query('"oil price"'),
    Query('"oil price oil"'),
    Query("title:pri*"),
    Query("pri*", sort="newest"),
    Query("oil", sort="oldest", size=2),
    Query("oil", filters={"person": Filter(any=("Ann",), all=("Bo",), none=("Cy",), missing=True)}),
    Query("oil", date_from="1990", date_missing=True),
    Query("oil rose", group="story"),
    Query(group="story", filters={"person": Filter(any=("Ann",))}),
    Query("oli price"),
    Query("oil OR price", date_from="1995"),
    Query("rare OR gem"),
    Query("rar*"),
    Query("rare fil*"),
)
"""The last ones are about few of many articles, which other kernels look up."""
_FILLERS = 60


def warm(progress: Callable[[int, int], None] = lambda _done, _all: None) -> None:
    """Compile and keep every kernel.

    Args:
        progress: told how many steps are done, and of how many.
    """
    steps = WIDTH + 1 + len(_QUERIES)
    with tempfile.TemporaryDirectory(prefix="dateline-") as folder:
        place = Path(folder) / "warm.idx"
        for number in range(WIDTH + 1):
            with closing(LocalWriter(place)) as writer:
                writer.add(_article(number))
                writer.delete(f"a{number - 3}")
                writer.commit()
            progress(number + 1, steps)
        with closing(LocalWriter(place)) as writer:
            for number in range(_FILLERS):
                writer.add(_filler(number))
            writer.delete("a0")
            writer.commit()
        with closing(LocalWriter(place)) as writer:
            writer.delete("f0")
            writer.commit()
        with closing(LocalEngine(place)) as engine:
            for number, query in enumerate(_QUERIES, WIDTH + 2):
                cursor = engine.search(query).cursor
                if cursor is not None:
                    engine.search(replace(query, cursor=cursor))
                list(engine.export(query))
                engine.facet(query, "person", Listing(prefix="a"))
                engine.trend(query, "filters")
                progress(number, steps)


def _filler(number: int) -> Article:
    text = "rare rarer gems" if number == 1 else "filler filling"
    return Article(f"f{number}", text, language="en", person=(f"Person {number}", f"Other {number}"))


def _article(number: int) -> Article:
    return Article(
        f"a{number}",
        _TEXTS[number % len(_TEXTS)],
        "Oil price" if number % 2 else "",
        published=f"199{number % 10}-01-01" if number % 3 else None,
        language="en",
        person=("Ann", "Bo", "Cy", *_MANY)[: None if number % 2 else number % 4],
        country=("FR", "DE")[: number % 3],
        group="copies" if number > WIDTH - 3 else None,
    )
