"""The two pieces of work that may be done anywhere: reading files into batches, and enriching articles.

Each is a plain function of plain values, so that one process calls them and several are sent them, with the same
result.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Literal

from indexer.archive.opening import Ended, Opened
from indexer.archive.walk import SourceFile
from indexer.copies.dedupe import Sketch, sketch
from indexer.digest import digest, version_of
from indexer.enrich import enrich
from indexer.enrich.shared import limit
from indexer.readers.shared.record import Embargoed, Item, Origin, Rescued, Whole, Withdrawal
from indexer.report import MOST_REASONS, MOST_SKIPPED, OTHER, kind_of
from indexer.safe.faults import Fault, InternalError
from indexer.safe.limits import Passing, watch
from search.article import Article
from search.engine import Prepare
from search.errors import BadRecord, NoArticle

BATCH = 64
"""Records handed over at once."""
BATCH_CHARACTERS = 1_000_000
BATCH_SECONDS = 1.0
MOST_NAMED = MOST_SKIPPED
"""Records of a file that are set aside each by itself, its place and its reason; of the others each kind is counted."""

ENRICH_SECONDS = 60.0
"""Of the processor, for one article: ten times what the longest text that is read takes on a slow machine."""

Kind = Literal["article", "embargoed", "withdrawal", "whole", "problem", "none", "end"]


@dataclass(frozen=True, slots=True)
class Unit:
    """Files to read, one after another, each with its number in the run, and what their archive calls the fields."""

    files: tuple[tuple[int, SourceFile], ...]
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that a file says.

    Attributes:
        file: the number of its file in the run.
        kind: what it is; `whole` says what the next articles are parts of, `problem` could not be read, `none` was read
            and is no article, `end` is the end of the file.
        id, digest, version: of an article; a withdrawal and a whole have an id and a version.
        article: the article, of `article` and `embargoed`.
        until: when an embargo ends.
        path, line, reason: of a problem or none, where and what; a withdrawal has a reason.
        passing: whether a problem may be gone another time.
        times: how many problems, or nones, of one kind it stands for.
        place: how many bytes of the file had been read.
        asked: at the end, the files beside it that it leaned on, and how they were.
        parts: of a whole, the ids of its articles.
        fault: of the program, which lost a record, or for which an article was read a simpler way.
    """

    file: int
    kind: Kind
    id: str = ""
    digest: str = ""
    version: int | None = None
    article: Article | None = None
    until: str = ""
    path: str = ""
    line: int | None = None
    reason: str = ""
    passing: bool = False
    times: int = 1
    place: int = 0
    asked: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    parts: tuple[str, ...] = ()
    fault: Fault | None = None


Batch = list[Found]


@dataclass(frozen=True, slots=True)
class Told:
    """What a run must know of an article to decide what becomes of it.

    Attributes:
        sketch: what tells its copies.
        limit: what was left out when it was enriched, and why; "" where nothing was.
        faults: of the program, for which facts are missing.
    """

    id: str
    digest: str
    characters: int
    sketch: Sketch
    limit: str = ""
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Enriched:
    """Some articles with their facts.

    Attributes:
        told: of each.
        articles: the articles, where they are not prepared.
        prepared: the articles as their writer takes them (`search.engine.Writer.add_prepared`).
    """

    told: tuple[Told, ...]
    articles: tuple[Article, ...] = ()
    prepared: Any = None


Mark = Callable[[int, int, int], None]
"""Told before each step which file, which file in it and which record of that is read next."""
Deaths = Mapping[tuple[int, int], Ended]
"""(file, file in it) → what reading it has done to processes."""


def read(
    unit: Unit, fatal: bool = False, mark: Mark = lambda *_: None, deaths: Deaths | None = None
) -> Iterator[Batch]:
    """What the files of a unit say, in batches, in order.

    Args:
        fatal: end the process when code that cannot be interrupted takes too long.
        deaths: of processes that read it before.
    """
    batch: Batch = []
    characters, began = 0, time.monotonic()
    for found in _found(unit, fatal, mark, deaths or {}):
        if found is not None:
            batch.append(found)
            characters += len(found.article.text) if found.article is not None else 100
        if len(batch) >= BATCH or characters > BATCH_CHARACTERS or time.monotonic() - began > BATCH_SECONDS:
            yield batch
            batch, characters, began = [], 0, time.monotonic()
    yield batch


def _found(unit: Unit, fatal: bool, mark: Mark, deaths: Deaths) -> Iterator[Found | None]:
    """What the files of a unit say, one after another; None is a record that is only counted."""
    for number, file in unit.files:
        here = {inner: ended for (of, inner), ended in deaths.items() if of == number}
        opened = Opened(file, unit.names, fatal, partial(mark, number), here)
        others = _Others(number, file.origin.path)
        for origin, item in opened.items():
            yield (
                None
                if isinstance(item, BadRecord) and not isinstance(item, InternalError) and others.takes(item)
                else _said(number, origin, item, opened.place)
            )
        yield from others.found()
        yield Found(number, "end", asked=dict(opened.asked))


class _Others:
    """The records of a file that are set aside beyond those that are named, counted by kind."""

    def __init__(self, file: int, path: str) -> None:
        self._file = file
        self._path = path
        self._named = 0
        self._counts: dict[tuple[Kind, bool, str], int] = {}

    def takes(self, problem: BadRecord) -> bool:
        """Whether a record is one of them; it is counted then."""
        self._named += 1
        if self._named <= MOST_NAMED:
            return False
        known: tuple[Kind, bool] = (_kind(problem), isinstance(problem, Passing))
        key = (*known, kind_of(problem.reason))
        if key not in self._counts and len(self._counts) >= MOST_REASONS:
            key = (*known, OTHER)
        self._counts[key] = self._counts.get(key, 0) + 1
        return True

    def found(self) -> Iterator[Found]:
        """One thing found for each kind."""
        for (kind, passing, reason), times in self._counts.items():
            yield Found(self._file, kind, path=self._path, reason=reason, passing=passing, times=times)


def _kind(problem: BadRecord) -> Kind:
    return "none" if isinstance(problem, NoArticle) else "problem"


def _said(file: int, origin: Origin, item: Item, place: int) -> Found:
    if isinstance(item, BadRecord):
        met = item.fault if isinstance(item, InternalError) else None
        found = Found(file, _kind(item), path=origin.path, line=item.line, reason=item.reason, fault=met)
        return replace(found, passing=isinstance(item, Passing), place=place)
    if isinstance(item, Withdrawal):
        return Found(file, "withdrawal", item.id, version=item.version, reason=item.reason, place=place)
    if isinstance(item, Whole):
        return Found(file, "whole", item.id, version=item.version, parts=item.parts, place=place)
    article = item.article if isinstance(item, Embargoed | Rescued) else item
    rescued = item.fault if isinstance(item, Rescued) else None
    known = digest(article)
    article = replace(article, digest=known)
    until = item.until if isinstance(item, Embargoed) else ""
    kind: Kind = "embargoed" if until else "article"
    found = Found(file, kind, article.id, known, version_of(known), article, until, origin.path, fault=rescued)
    return replace(found, passing=rescued is not None, place=place)


def enriched(
    articles: Sequence[Article],
    mark: Mark = lambda *_: None,
    prepare: Prepare | None = None,
    fatal: bool = False,
) -> Enriched:
    """Articles with their facts.

    Args:
        prepare: what makes them ready for their writer.
        fatal: as in `read`.
    """
    done, told = [], []
    with watch(fatal) as allow:
        for number, article in enumerate(articles):
            mark(number, 0, 0)
            met: list[Fault] = []
            allow(ENRICH_SECONDS)
            done.append(enrich(article, met=met))
            allow(0)
            told.append(replace(tell(done[-1]), faults=tuple(met)))
    return Enriched(tuple(told), tuple(done)) if prepare is None else Enriched(tuple(told), prepared=prepare(done))


def tell(article: Article) -> Told:
    """What a run must know of an article."""
    return Told(article.id, article.digest, len(article.text), sketch(article), limit.met(article))
