"""What fields and their values are called on pages, in the language of the request."""

from __future__ import annotations

from search.fields import BY_NAME
from search.names.authority import NO_RULES, NameRules
from search.names.completion import label as label_of
from search.names.vocabulary import vocabulary
from service.wording.messages import SOURCE, current, gettext, mark, pgettext

_PLURALS = {
    "published": mark("Dates"), "person": mark("Persons"), "country": mark("Countries"), "topic": mark("Topics"),
    "source": mark("Sources"), "section": mark("Sections"), "author": mark("Authors"), "language": mark("Languages"),
}  # fmt: skip
_NONE = {
    "person": mark("no person"), "country": mark("no country"), "topic": mark("no topic"), "source": mark("no source"),
    "section": mark("no section"), "author": mark("no author"), "language": mark("no language"),
}  # fmt: skip
_WITHIN = {
    "person": mark("person"), "country": mark("country"), "topic": mark("topic"), "source": mark("source"),
    "section": mark("section"), "author": mark("author"), "language": mark("language"), "date": mark("date"),
    "title": mark("title"), "published": mark("date"), "line": mark("line"),
}  # fmt: skip
_INTERVALS = {
    "day": mark("day"), "week": mark("week"), "month": mark("month"), "quarter": mark("quarter"), "year": mark("year"),
    "decade": mark("decade"), "auto": mark("auto"),
}  # fmt: skip
_HEADS = {
    "day": mark("Day"), "week": mark("Week"), "month": mark("Month"), "quarter": mark("Quarter"), "year": mark("Year"),
    "decade": mark("Decade"),
}  # fmt: skip


class InEnglish(str):
    """A label that is English on a page in another language."""

    __slots__ = ()


def stored(sentence: str) -> str:
    """A sentence that the index has stored, in the language of the page; `InEnglish` if there are no words for it."""
    known = current()
    told = known.recalled(sentence)
    return InEnglish(sentence) if known.messages and told is sentence else told


def field(name: str) -> str:
    """The label of a field: `Country`."""
    return gettext(BY_NAME[name].label)


def fields(name: str) -> str:
    """The same in the plural: `Countries`."""
    return gettext(_PLURALS[name]) if name in _PLURALS else field(name)


def none(name: str) -> str:
    """The label of the absence of a value: `no country`."""
    return gettext(_NONE[name]) if name in _NONE else pgettext("filter", "none")


def within(name: str) -> str:
    """The name of a field within a sentence: `country`."""
    return gettext(_WITHIN[name]) if name in _WITHIN else field(name)


def interval(name: str) -> str:
    """The name of an interval: `month`."""
    return gettext(_INTERVALS[name])


def interval_head(name: str) -> str:
    """The same at the head of a column: `Month`."""
    return gettext(_HEADS[name])


def value(name: str, code: str, label: str) -> str:
    """The label of a value, whose English label is known: that of a vocabulary in the language of the page.

    A label that the archive has chosen itself stays; one for which there are no words is `InEnglish`.
    """
    words = current()
    known = BY_NAME[name].vocabulary
    if words.language == SOURCE or known is None or label != vocabulary(known).label(code):
        return label
    found = words.messages.get((known, label))
    return found[0] if found else InEnglish(label)


def named(name: str, code: str, rules: NameRules = NO_RULES) -> str:
    """The label of a value."""
    return value(name, code, label_of(name, code, rules))
