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

from indexer.dedupe import Sketch, sketch
from indexer.digest import digest, version_of
from indexer.enrich import enrich
from indexer.limits import Passing
from indexer.opening import Opened
from indexer.readers.record import Embargoed, Item, Origin, Whole, Withdrawal
from indexer.walk import SourceFile
from search.article import Article
from search.engine import Prepare
from search.errors import BadRecord, NoArticle

BATCH = 64
"""Records handed over at once."""
BATCH_CHARACTERS = 1_000_000
BATCH_SECONDS = 1.0

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
        place: how many bytes of the file had been read.
        asked: at the end, the files beside it that it leaned on, and how they were.
        parts: of a whole, the ids of its articles.
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
    place: int = 0
    asked: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    parts: tuple[str, ...] = ()


Batch = list[Found]


@dataclass(frozen=True, slots=True)
class Told:
    """What a run must know of an article to decide what becomes of it; `sketch` tells its copies."""

    id: str
    digest: str
    characters: int
    sketch: Sketch


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
Refused = Mapping[tuple[int, int], tuple[int, str]]
"""(file, file in it) → how many of its records can be read, and why no more."""


def read(
    unit: Unit, fatal: bool = False, mark: Mark = lambda *_: None, refused: Refused | None = None
) -> Iterator[Batch]:
    """What the files of a unit say, in batches, in order.

    Args:
        fatal: end the process when code that cannot be interrupted takes too long.
        refused: what ended a process that read it.
    """
    batch: Batch = []
    characters, began = 0, time.monotonic()
    for found in _found(unit, fatal, mark, refused or {}):
        batch.append(found)
        characters += len(found.article.text) if found.article is not None else 100
        if len(batch) >= BATCH or characters > BATCH_CHARACTERS or time.monotonic() - began > BATCH_SECONDS:
            yield batch
            batch, characters, began = [], 0, time.monotonic()
    yield batch


def _found(unit: Unit, fatal: bool, mark: Mark, refused: Refused) -> Iterator[Found]:
    for number, file in unit.files:
        here = {inner: why for (of, inner), why in refused.items() if of == number}
        opened = Opened(file, unit.names, fatal, partial(mark, number), here)
        for origin, item in opened.items():
            yield _said(number, origin, item, opened.place)
        yield Found(number, "end", asked=dict(opened.asked))


def _said(file: int, origin: Origin, item: Item, place: int) -> Found:
    if isinstance(item, BadRecord):
        passing = isinstance(item, Passing)
        kind: Kind = "none" if isinstance(item, NoArticle) else "problem"
        found = Found(file, kind, path=origin.path, line=item.line, reason=item.reason)
        return replace(found, passing=passing, place=place)
    if isinstance(item, Withdrawal):
        return Found(file, "withdrawal", item.id, version=item.version, reason=item.reason, place=place)
    if isinstance(item, Whole):
        return Found(file, "whole", item.id, version=item.version, parts=item.parts, place=place)
    article = item.article if isinstance(item, Embargoed) else item
    known = digest(article)
    article = replace(article, digest=known)
    until = item.until if isinstance(item, Embargoed) else ""
    kind = "embargoed" if until else "article"
    return Found(file, kind, article.id, known, version_of(known), article, until, origin.path, place=place)


def enriched(articles: Sequence[Article], mark: Mark = lambda *_: None, prepare: Prepare | None = None) -> Enriched:
    """Articles with their facts.

    Args:
        prepare: what makes them ready for their writer.
    """
    done = []
    for number, article in enumerate(articles):
        mark(number, 0, 0)
        done.append(enrich(article))
    told = tuple(map(tell, done))
    return Enriched(told, tuple(done)) if prepare is None else Enriched(told, prepared=prepare(done))


def tell(article: Article) -> Told:
    """What a run must know of an article."""
    return Told(article.id, article.digest, len(article.text), sketch(article.text))
