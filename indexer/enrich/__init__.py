"""Enrichment: one fact a module, each `enrich(article) -> Article`, chained in the order in which they need each other.

The language decides which models apply; persons come before countries, because "Jordan Henderson" is not a country.
Facts that the input states are not changed. An enricher reads the article and its own tables and models, never a file
of the archive, and derives the same facts from the same article in any process and any order.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import product

from indexer import languages
from indexer.enrich import authors, countries, dates, language, legibility, persons, stated, topics
from indexer.enrich.persons.tagger import recogniser
from indexer.enrich.shared import limit
from indexer.safe.faults import EXTRA, Fault, fault
from indexer.safe.limits import TooMuch
from search.meaning import model
from search.said import said
from search.system import collector
from search.values.article import Article, changed

VERSION = "28"
"""Part of an article's digest (see `version`): raised when a model or a rule changes, so that articles are enriched
again. A number.
"""

COPIES = "copies"
"""The room of near-duplicates, `indexer.copies`, as it is named in `CHANGED`."""
CHANGED: Mapping[int, frozenset[str]] = {
    18: frozenset({COPIES}),
    **dict.fromkeys((19, 20, 22), frozenset({"persons"})),
    21: frozenset({"dates"}),
    **dict.fromkeys((23, 24), frozenset({"persons", "countries"})),
    25: frozenset({"dates", "persons", "countries"}),
    27: frozenset({"legibility"}),
    28: frozenset({"persons", "countries", "topics", "legibility"}),
}
"""Version → the rooms whose facts may be others than in the version before; without an entry, all rooms of enrichment.
By it `since` says what has to be found again in articles that were enriched by an earlier version. For `COPIES` files
are read again, since the groups of articles depend on their order.
"""

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
    legibility.enrich,
)
"""The steps, in their order. What one sets, `indexer.renewing.as_read` takes off again, by a list of its own."""


MEANING = "meaning"
"""What `version` has if there is a model of meaning."""


def version() -> str:
    """The version of the rules and models in use: `VERSION`, the languages besides the default one, the recogniser of
    persons if it is not the default, and whether there is a model of meaning.
    """
    name, others = recogniser.chosen(), [each.code for each in languages.installed() if each.code != languages.DEFAULT]
    return " ".join([VERSION, *others, *[name] * (name != "crf"), *[MEANING] * model.is_chosen()])


_USED_BY: Mapping[str, frozenset[str]] = {
    "language": frozenset({"dates", "authors", "persons", "topics", "countries", "legibility"}),
    "dates": frozenset({"persons", "countries"}),
    "persons": frozenset({"countries"}),
}
"""Room → those that need its facts, directly or not."""


ADDED = ("fr", "de", "pt", "es", "nl", "it")
"""The languages besides the default one, as they were added: an earlier version has the first ones."""


def versions() -> Iterator[str]:
    """The versions by which articles may have been enriched, those of this program first: `version`, earlier ones with
    the same models and languages, and all of them with others of the models that can be chosen, and with the languages
    that there were before others were added. Some hundreds.
    """
    numbers = [str(number) for number in range(int(VERSION), 0, -1)]
    others = [each.code for each in languages.installed() if each.code != languages.DEFAULT]
    others.sort(key=lambda code: ADDED.index(code) if code in ADDED else len(ADDED))
    fewer = [" ".join(sorted(others[:count])) for count in range(len(others), -1, -1)]
    names = ["", *(name for name in recogniser.MADE if name != "crf")]
    chosen = version().partition(" ")[2]
    suffixes = dict.fromkeys([chosen, *(" ".join(filter(None, each)) for each in product(fewer, names, ("", MEANING)))])
    for suffix in suffixes:
        yield from (f"{number} {suffix}" if suffix else number for number in numbers)


def since(before: str) -> frozenset[str]:
    """The rooms whose facts may be others by `version` than by another version of the rules.

    Facts of other rooms that are found with theirs are among them.
    """
    changed = _changed(before) - {COPIES}
    return changed.union(*(_USED_BY.get(room, frozenset()) for room in changed))


def groups_since(before: str) -> bool:
    """True if near-duplicates may be others by `version` than by another version of the rules."""
    return COPIES in _changed(before)


def _changed(before: str) -> frozenset[str]:
    now = version()
    if before == now:
        return frozenset()
    (first, _, others), (last, _, ours) = before.partition(" "), now.partition(" ")
    if not first.isdecimal() or int(first) > int(last):
        return ROOMS
    later = (CHANGED.get(each, ROOMS) for each in range(int(first) + 1, int(last) + 1))
    return frozenset().union(*later, *([ROOMS] if others != ours else []))


def models(version: str) -> frozenset[str]:
    """The models of a version that somebody has chosen: languages come with Dateline."""
    return frozenset(version.split()) & {*recogniser.MADE, MEANING}


def _room(step: Callable[[Article], Article]) -> str:
    return step.__module__.split(".")[2]


ROOMS = frozenset(_room(step) for step in CHAIN) - {"stated"}
"""The rooms of the chain that find facts."""


LEARNING: Mapping[Callable[[Article], Article], Callable[[Sequence[Article]], None]] = {
    persons.enrich: persons.learn,
    topics.enrich: topics.learn,
    legibility.enrich: legibility.learn,
}
"""The steps before which a `Reading` pauses, and what finds out what they need to know of the words of articles."""


class Reading:
    """An article while it is enriched, in parts: several articles are enriched faster part by part, since what a part
    of the chain needs is then in the processor's cache for all of them, and `learn` finds it for all of them at once.

    Args:
        characters: the number of characters of the text to read.
        met: receives the internal errors of steps, whose facts are then missing; None raises them.
        rooms: those whose facts are looked for, the article has those of the others; None for all.

    Attributes:
        done: True when the whole chain has read the article.
    """

    def __init__(
        self,
        article: Article,
        characters: int = limit.CHARACTERS,
        met: list[Fault] | None = None,
        rooms: Collection[str] | None = None,
    ) -> None:
        self._given, self._met = article, met
        self._read = limit.beginning(article, characters)
        self._chain = CHAIN if rooms is None else [step for step in CHAIN if _room(step) in {*rooms, "stated"}]
        self._next, self._stopped = 0, ""
        self.done = False

    def go_on(self) -> None:
        """Read the article by the next part of the chain."""
        while not self.done:
            self._take(self._chain[self._next])
            self._next += 1
            self.done = self.done or self._next == len(self._chain)
            if self.step in LEARNING:
                return

    @property
    def step(self) -> Callable[[Article], Article] | None:
        """What is done next; None if it is done."""
        return None if self.done else self._chain[self._next]

    @property
    def so_far(self) -> Article:
        """What is read of the article, with the facts found so far."""
        return self._read

    def _take(self, step: Callable[[Article], Article]) -> None:
        try:
            self._read = step(self._read)
        except TooMuch as reason:
            left = dict.fromkeys(map(_room, self._chain[self._next :]))
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
