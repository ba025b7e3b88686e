"""Parts of a page that are omitted, and named on it: if there is no time for them (see `search.system.budget`), or if
their file is damaged.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from search.errors import IndexDamaged, OutOfTime
from search.fields import FACET_NAMES
from search.system import budget
from service.http import log
from service.wording import labels
from service.wording.messages import gettext, mark

T = TypeVar("T")

NAMES = {
    "hits.snippets": mark("excerpts"),
    "did_you_mean": mark("other spellings"),
    "query.forms": mark("readings of scans"),
    "facets.date": mark("timeline"),
    "epithets": mark("names"),
    "first": mark("first article"),
    "last": mark("last article"),
    "persons": mark("persons"),
    "countries": mark("countries"),
    "topics": mark("topics"),
    "dates": mark("dates"),
    "earlier": mark("earlier stories"),
    "periods": mark("periods"),
}
"""Entries of `incomplete` → their names on the page; facets have their labels."""
_PARTS = (
    mark("neighbours"), mark("similar articles"), mark("pages of the issue"), mark("articles of the event"),
    mark("corrections"), mark("lists"), mark("names"), mark("scans"), mark("legible articles"), mark("questions"),
    mark("wider queries"), mark("exact form"), mark("distinctive words"), mark("concordance"), mark("map"),
    mark("people mentioned together"), mark("values over time"),
)  # fmt: skip
"""Further names of parts."""


def _said(name: str) -> str:
    """The name of a part in the language of the page; a facet has the label of its field."""
    return labels.within(name) if name in FACET_NAMES else gettext(name)


class OptionalParts:
    """Makes parts of a page.

    Attributes:
        omitted: the names of those for which there was no time.
        damaged: the names of those that could not be read; the log says why.
    """

    def __init__(self, incomplete: Sequence[str] = ()) -> None:
        self.damaged: list[str] = []
        self.omitted: list[str] = []
        self.without(incomplete)

    def without(self, incomplete: Sequence[str]) -> None:
        """Omit what an answer names as incomplete."""
        self.omitted += [
            gettext(NAMES[entry]) if entry in NAMES else labels.within(entry.partition(".")[2]) for entry in incomplete
        ]

    def offer(self, name: str, make: Callable[[], T]) -> T | None:
        """Make a part within the time for suggestions; None if that does not suffice."""
        with budget.offering():
            return self.part(name, make)

    def part(self, name: str, make: Callable[[], T]) -> T | None:
        """Make a part within the time budget; None if that does not suffice."""
        try:
            return make()
        except OutOfTime:
            if _said(name) not in self.omitted:
                self.omitted.append(_said(name))
            return None

    def stored(self, name: str, read: Callable[[], T], otherwise: T) -> T:
        """Read what people have decided, from a file next to the index; if it is damaged, the page goes without."""
        try:
            return read()
        except IndexDamaged as error:
            log.say(str(error))
            if _said(name) not in self.damaged:
                self.damaged.append(_said(name))
            return otherwise
