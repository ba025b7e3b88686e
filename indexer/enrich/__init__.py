"""Enrichment: one fact a module, each `enrich(article) -> Article`, chained in the order in which they need each other.

The language decides which models apply; persons come before countries, because "Jordan Henderson" is not a country.
Facts that the input states are not changed. An enricher reads the article and its own tables and models, never a file
of the archive, and derives the same facts from the same article in any process and any order.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from indexer import languages
from indexer.enrich import authors, countries, dates, language, persons, stated, topics
from indexer.enrich.persons.tagger import recogniser
from indexer.enrich.shared import limit
from indexer.safe.faults import EXTRA, Fault, fault
from indexer.safe.limits import TooMuch
from search.meaning import model
from search.said import said
from search.system import collector
from search.values.article import Article, changed

VERSION = "19"
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
    """The version of the rules and models in use: `VERSION`, the languages besides the default one, the recogniser of
    persons if it is not the default, and whether there is a model of meaning.
    """
    name, others = recogniser.chosen(), [each.code for each in languages.installed() if each.code != languages.DEFAULT]
    return " ".join([VERSION, *others, *[name] * (name != "crf"), *["meaning"] * model.is_chosen()])


LEARNING: Mapping[Callable[[Article], Article], Callable[[Sequence[Article]], None]] = {
    persons.enrich: persons.learn,
    topics.enrich: topics.learn,
}
"""The steps before which a `Reading` pauses, and what finds out what they need to know of the words of articles."""


class Reading:
    """An article while it is enriched, in parts: several articles are enriched faster part by part, since what a part
    of the chain needs is then in the processor's cache for all of them, and `learn` finds it for all of them at once.

    Args:
        characters: the number of characters of the text to read.
        met: receives the internal errors of steps, whose facts are then missing; None raises them.

    Attributes:
        done: True when the whole chain has read the article.
    """

    def __init__(self, article: Article, characters: int = limit.CHARACTERS, met: list[Fault] | None = None) -> None:
        self._given, self._met = article, met
        self._read = limit.beginning(article, characters)
        self._next, self._stopped = 0, ""
        self.done = False

    def go_on(self) -> None:
        """Read the article by the next part of the chain."""
        while not self.done:
            self._take(CHAIN[self._next])
            self._next += 1
            self.done = self.done or self._next == len(CHAIN)
            if self.step in LEARNING:
                return

    @property
    def step(self) -> Callable[[Article], Article] | None:
        """What is done next; None if it is done."""
        return None if self.done else CHAIN[self._next]

    @property
    def so_far(self) -> Article:
        """What is read of the article, with the facts found so far."""
        return self._read

    def _take(self, step: Callable[[Article], Article]) -> None:
        try:
            self._read = step(self._read)
        except TooMuch as reason:
            left = dict.fromkeys(each.__module__.split(".")[2] for each in CHAIN[self._next :])
            told = said("{reason} Not looked for: {names}.", reason=reason.reason, names=", ".join(left))
            self._stopped, self.done = str(told), True
        except Exception as error:  # an internal error must not cost the article
            if self._met is None:
                raise
            self._met.append(fault(error))
            listed = [*_listed(self._read.extra.get(EXTRA)), str(self._met[-1])]
            self._read = changed(self._read, extra={**self._read.extra, EXTRA: listed})

    @property
    def article(self) -> Article:
        """The article with the facts found so far."""
        whole = limit.whole(self._read, self._given)
        return limit.stopped(whole, self._stopped) if self._stopped else whole


def enrich(article: Article, characters: int = limit.CHARACTERS, met: list[Fault] | None = None) -> Article:
    """Return the article with the facts found in its text, as far as that is read (see `limit`).

    Args:
        characters, met: see `Reading`.
    """
    reading = Reading(article, characters, met)
    with collector.paused():
        while not reading.done:
            reading.go_on()
    return reading.article


def learn(readings: Collection[Reading]) -> None:
    """Find out what the next part of the chain needs to know of the words of some articles, which takes less time than
    to do so for one article after another.
    """
    for step, learning in LEARNING.items():
        if articles := [reading.so_far for reading in readings if reading.step is step]:
            learning(articles)


SAMPLE = "President Ann Lee met the press in Rome on Monday for the second time.\n" * 9
"""A text by which every step is tried, long enough to tell its language."""


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else [] if value is None else [value]


def warm() -> None:
    """Compile the kernels, once for a machine, and load the tables and models."""
    for code in ("en", None):
        enrich(Article("warm", SAMPLE, language=code))
