"""Compiles every kernel, once per machine, by using all features on a temporary index.

Kernels are compiled for the types they are called with, so nothing compiles them better than use. It takes some twenty
seconds the first time, and a fraction of one if they are in the cache.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from itertools import count, groupby
from operator import itemgetter

from search.engine import Engine, Writer
from search.local.ask.facts import rows
from search.local.engine import LocalEngine
from search.local.writer import LocalWriter
from search.measures.cooccurrence import Pairing
from search.measures.cross_table import Crossing
from search.measures.keyness import Contrast
from search.system import temporary
from search.values.article import Article
from search.values.query import Filter, Listing, Query

_TEXTS = ("oil price oil", "price rose", "oil prices rise", "talks on oil price")
_MANY = tuple(f"Person {number}" for number in range(40))
"""Facets of few and of many values are counted by different kernels; persons have many."""
_WORDS = " ".join(f"many{number}" for number in range(600))
"""Words with a common prefix: in two segments more than a prefix may expand to; four times over, more
than a table has.
"""
_QUERIES = (
    Query(),
    Query("oil"),
    Query("oil price OR rose"),
    Query("oil -rose"),
    Query("oil -(price OR rose)"),
    Query("(oil OR gas) (price OR rose)"),
    Query('"oil price"'),
    Query('"oil price oil"'),
    Query('"oil price"~5'),
    Query("oil /s price"),
    Query("oil /5 price"),
    Query('"oil price" /5 (rose OR title:pri*)'),
    Query("man* /p oil"),
    Query("title:pri*"),
    Query("pri*", sort="newest"),
    Query("man*"),
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
    Query("rare filler"),
    Query("rare -fuller"),
    Query('"rare filler"'),
    Query("rare /s filler"),
    Query("rare", date_from="1995"),
)
"""The last ones match few of many articles, which other kernels look up."""
_ARTICLES, _FILLERS = 9, 60


def warm(
    progress: Callable[[int, int], None] = lambda _done, _all: None, backwards: bool = False, wide: bool = False
) -> None:
    """Compile and cache every kernel.

    Args:
        progress: called with the number of steps done and their total.
        backwards: ask the last first. Of two processes, one does so, and each loads what the other compiled before.
        wide: compile those for the numbers of large indexes, too.
    """
    sizes = _NARROW_UP_TO if wide else _NARROW_UP_TO[:1]
    asked = [(size, ask, query) for size, asking in sizes for ask, queries in asking.items() for query in queries]
    done, steps = count(1), len(_WRITING) + len(asked)
    with temporary.folder("dateline-") as folder:
        place = folder / "warm.idx"
        with closing(LocalWriter(place)) as writer:
            for write in _WRITING:
                write(writer)
                writer.commit()
                progress(next(done), steps)
        for size, some in groupby(reversed(asked) if backwards else asked, itemgetter(0)):
            with rows.narrow_up_to(size), LocalEngine(place) as engine:
                for _, ask, query in some:
                    ask(engine, query)
                    progress(next(done), steps)


def _search(engine: Engine, query: Query) -> None:
    cursor = engine.search(query).cursor
    if cursor is not None:
        engine.search(replace(query, cursor=cursor))


def _export(engine: Engine, query: Query) -> None:
    list(engine.export(query))


def _count(engine: Engine, query: Query) -> None:
    engine.facet(query, "person", Listing(prefix="a"))
    engine.trend(query, "filters")


def _pair(engine: Engine, query: Query) -> None:
    for fields in (("person", "person"), ("person", "country"), ("country", "person"), ("country", "country")):
        engine.pairs(query, Pairing(fields))


def _cross(engine: Engine, query: Query) -> None:
    for by in (("person", "year"), ("country", "year"), ("year", "person"), ("person", "country")):
        engine.cross(query, Crossing(by))


def _compare(engine: Engine, query: Query) -> None:
    engine.compare([query, replace(query, text="news")])


def _contrast(engine: Engine, query: Query) -> None:
    for contrast in (Contrast(), Contrast("person", "filters", "under")):
        engine.special(query, contrast)


_BY_FIELDS = dict.fromkeys((_pair, _cross), _QUERIES[:2])
"""For what is counted between fields, the kernels depend on these, not on the query."""
_ASKING = dict.fromkeys((_search, _export, _count, _compare, _contrast), _QUERIES) | _BY_FIELDS
_NARROW_UP_TO = ((1 << 16, _ASKING), (0, _ASKING), (16, {_pair: _QUERIES[:2]}))
"""Up to which size numbers have two bytes, and what is asked then; in the last, countries have two, persons four."""


def _add_articles(writer: Writer) -> None:
    for number in range(_ARTICLES):
        writer.add(_article(number))


def _add_prepared(writer: Writer) -> None:
    with writer.preparing() as preparer:
        writer.add_prepared(preparer()([_article(number) for number in range(3)]), ())


def _merge(writer: Writer) -> None:
    writer.delete("a0")
    writer.compact(_ARTICLES)


def _add_fillers(writer: Writer) -> None:
    for number in range(_FILLERS):
        writer.add(_filler(number))


def _delete(writer: Writer) -> None:
    writer.digests(f"f{number}" for number in range(_FILLERS))  # few of them are looked up without a kernel
    writer.delete("f0")


_WRITING = (_add_articles, _add_prepared, _merge, _add_fillers, _delete)


def _filler(number: int) -> Article:
    """One of many articles; one is so old that the day column needs wider numbers than other columns."""
    text = "rare filler rarer gems" if number == 1 else f"filler fuller {_WORDS if number == 2 else ''}"
    return Article(
        f"f{number}",
        text,
        published="1700-01-01" if number == 3 else None,
        language="en",
        person=(f"Person {number}", f"PERSON {number}", f"Other {number}"),
    )


def _article(number: int) -> Article:
    return Article(
        f"a{number}",
        " ".join([_WORDS] * 4) if number == 1 else _TEXTS[number % len(_TEXTS)],
        "Oil price" if number % 2 else "",
        published=f"199{number % 10}-01-01" if number % 3 else None,
        language="en",
        person=("Ann", "Bo", "Cy", *_MANY)[: None if number % 2 else number % 4],
        country=("FR", "DE")[: number % 3],
        group="copies" if number > _ARTICLES - 4 else None,
    )
