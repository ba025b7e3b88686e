"""Here is an article of an index, give me what was read of it: the facts that enrichment has found are taken off again.

A stored article does not say of a language, a byline or a date if it was stated or found. But its digest is that of
what was read (`digest`). So of the few articles that it may have been, the digest tells which one it was, and by which
version of the rules its facts were found. Nothing is guessed: if no digest agrees, there is no answer, and only the
archive has it.

Cost: for articles that are alike one digest for each, for the first of another kind some ten. For the first ones that
were enriched by another version of the rules, and for the first ones without an answer, some thousands.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any, NamedTuple

from indexer.digest import content, with_version
from indexer.enrich import language, version, versions
from indexer.enrich.shared import limit
from indexer.readers.shared.record import DATED_BY
from indexer.safe.faults import EXTRA
from search.fields import ENRICHED, STATED
from search.values.article import Article, changed

_PARTS = (4, 7, 10)
"""Characters of a year, a month and a day, to which a dateline may have added the rest."""
_FOUND_BY = frozenset(("url", "header", "dateline"))
"""The origins of a date that enrichment finds; a reader may state them, too."""


MOST_VAIN = 50
"""Articles without an answer, after which no other versions of the rules are tried than those that were met."""


class AsRead(NamedTuple):
    """What was read of an article.

    Attributes:
        article: as it was read, with its digest, and with what is stored of it besides facts: its group, when it was
            added and changed, its vectors.
        version: of the rules by which the facts of the stored one were found.
        whole: False if its enrichment was not finished, by a limit or an internal error.
    """

    article: Article
    version: str
    whole: bool


class Undoing:
    """Takes found facts off articles; it remembers of what kind the last one was, and by which versions of the rules
    they were found, since most are alike.
    """

    def __init__(self) -> None:
        self._known = [version()]
        self._others = [each for each in versions() if each not in self._known]
        self._before: tuple[int, ...] = ()
        self._vain = 0

    def __call__(self, article: Article, known: str) -> AsRead | None:
        """What was read of a stored article without corrections; None if it cannot be told.

        Args:
            known: its digest, or one by later rules that have found the same facts.
        """
        found = self._among(self._known, article, known)
        if found is None and self._vain < MOST_VAIN:
            found = self._among(self._others, article, known)
            if found is None:
                self._vain += 1
            else:
                self._known.append(found.version)
                self._others.remove(found.version)
        return found

    def _among(self, versions: Sequence[str], article: Article, known: str) -> AsRead | None:
        """What was read of an article, if its facts were found by one of some versions of the rules."""
        options = _options(article)
        bare = _bare(article)
        for chosen in self._orders([len(each) for each in options]):
            fields = {name: value for each, at in zip(options, chosen, strict=True) for name, value in each[at].items()}
            read = changed(bare, **fields)
            data = content(read)
            for each in versions:
                if with_version(data, each) == known:
                    self._before = chosen
                    return AsRead(changed(_with_evidence(read, article), digest=known), each, not _stopped(article))
        return None

    def _orders(self, sizes: list[int]) -> Iterator[tuple[int, ...]]:
        """Which option to try of each, that of the last article first."""
        before = self._before
        if len(before) == len(sizes) and all(at < size for at, size in zip(before, sizes, strict=True)):
            yield before
        yield from (each for each in product(*map(range, sizes)) if each != before)


Fields = dict[str, Any]


def _options(article: Article) -> list[list[Fields]]:
    """What may have been read of each fact that does not say if it was stated, the likeliest first."""
    return [
        _different([{"language": each} for each in _languages(article)]),
        _different([{"byline": None}, {"byline": article.byline}]),
        _different([{"mentioned": ()}, {"mentioned": article.mentioned}]),
        _different(list(_dates(article))),
    ]


def _different(options: list[Fields]) -> list[Fields]:
    return [option for number, option in enumerate(options) if option not in options[:number]]


def _languages(article: Article) -> Iterator[str | None]:
    for entry in article.evidence.get("language", ()):
        if entry.rule == language.RULE:
            yield entry.text
    yield article.language
    yield None


def _dates(article: Article) -> Iterator[Fields]:
    """What may have been read of the date; a part of it, if it was completed."""
    value, origin = article.published, article.published_from
    as_is: Fields = {"published": value, "published_from": origin}
    none: Fields = {"published": None, "published_from": None}
    if value is None or origin not in _FOUND_BY or "published" not in article.evidence:
        yield as_is
    else:
        yield none
        for part, found_in in product(_PARTS, sorted(DATED_BY - {"corrected"})):
            yield {"published": value[:part], "published_from": found_in}
        yield as_is


def _bare(article: Article) -> Article:
    """An article without the facts that were not stated, as far as that is known, and without their evidence."""
    found = [name for name in STATED if name not in article.given]
    dropped = {"language", "text", "published", *(name for name in ENRICHED if name in found)}
    evidence = {name: article.evidence[name] for name in article.evidence if name not in dropped}  # read on demand
    extra = {name: value for name, value in article.extra.items() if name != EXTRA}
    fields: Fields = {**dict.fromkeys(found, ()), "known": None}
    return changed(article, **fields, evidence=evidence, extra=extra)


def _with_evidence(read: Article, stored: Article) -> Article:
    """An article as read with the evidence for its date, if no other date is looked for: an export has some."""
    day = read.published
    if "published" not in stored.evidence or day is None or len(day) < _PARTS[-1] or read.published_from == "filename":
        return read
    return changed(read, evidence={**read.evidence, "published": stored.evidence["published"]})


def _stopped(article: Article) -> bool:
    """True if a limit or an internal error has left facts unfound."""
    return bool(limit.met(article)) or EXTRA in article.extra
