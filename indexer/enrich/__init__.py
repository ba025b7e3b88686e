"""Enrichment: one fact a module, each `enrich(article) -> Article`, chained in the order in which they need each other.

The language decides which models apply; persons come before countries, because "Jordan Henderson" is not a country.
Facts that the input states are not changed. An enricher reads the article and its own tables and models, never a file
of the archive, and derives the same facts from the same article in any process and any order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from indexer.enrich import authors, countries, dates, language, persons, stated, topics
from indexer.enrich.persons.tagger import recogniser
from indexer.enrich.shared import limit
from indexer.safe.faults import EXTRA, Fault, fault
from indexer.safe.limits import TooMuch
from search import collector
from search.article import Article

VERSION = "10"
"""Part of an article's digest (see `version`): when a model or a rule changes, articles are enriched again."""

CHAIN: tuple[Callable[[Article], Article], ...] = (
    stated.enrich,
    language.enrich,
    dates.published.enrich,
    dates.mentioned.enrich,
    authors.bylines.enrich,
    authors.names.enrich,
    persons.enrich,
    topics.enrich,
    countries.enrich,
)


def version() -> str:
    """The version of the rules and models in use: `VERSION`, and the recogniser of persons if it is not the default."""
    name = recogniser.chosen()
    return VERSION if name == "crf" else f"{VERSION} {name}"


def enrich(article: Article, characters: int = limit.CHARACTERS, met: list[Fault] | None = None) -> Article:
    """Return the article with the facts found in its text, as far as that is read (see `limit`).

    Args:
        characters: the number of characters of the text to read.
        met: receives the internal errors of steps, whose facts are then missing; None raises them.
    """
    with collector.paused():
        return _chained(article, characters, met)


def _chained(article: Article, characters: int, met: list[Fault] | None) -> Article:
    read = limit.beginning(article, characters)
    for number, step in enumerate(CHAIN):
        try:
            read = step(read)
        except TooMuch as reason:
            left = dict.fromkeys(step.__module__.split(".")[2] for step in CHAIN[number:])
            return limit.stopped(limit.whole(read, article), f"{reason.reason} Not looked for: {', '.join(left)}.")
        except Exception as error:  # an internal error must not cost the article
            if met is None:
                raise
            met.append(fault(error))
            said = [*_listed(read.extra.get(EXTRA)), str(met[-1])]
            read = replace(read, extra={**read.extra, EXTRA: said})
    return limit.whole(read, article)


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else [] if value is None else [value]


def warm() -> None:
    """Compile the kernels, once for a machine, and load the tables and models."""
    text = "President Ann Lee met the press in Rome on Monday for the second time.\n" * 9  # enough to tell the language
    for code in ("en", None):
        enrich(Article("warm", text, language=code))
