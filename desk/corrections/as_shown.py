"""Relates a correction to what readers see: a removal removes all that the index shows under its value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace

from desk.corrections import lines
from desk.corrections.correction import Correction, Field
from desk.corrections.overlay import applied, as_found
from search.engine import Engine
from search.errors import ArticleMissing, BadQuery, BadValue
from search.names.completion import label
from search.said import said
from search.text.tokens import fold
from search.values.article import Article
from search.values.query import Query

MOST_FOUND = 1_000
"""Articles of a search that are corrected at once."""


def found_by(engine: Engine, query: Query) -> list[str]:
    """The ids of all articles that a query finds, newest first. Raises BadQuery if none are, or too many."""
    total = engine.totals([query])[0]
    if not 0 < total <= MOST_FOUND:
        reason = said("This search finds {total} articles.", total=f"{total:,}")
        hint = said("Articles are corrected at once if a search finds 1 to {most}.", most=f"{MOST_FOUND:,}")
        raise BadQuery([BadValue("query", query.text[:80], reason, hint)])
    return [article.id for article in engine.export(query)]


class Subject:
    """An article that gets corrections; it is read once, however many they are.

    Args:
        before: its corrections in force, applied or not, the latest last.
        new: those that it is to get.

    Raises:
        ArticleMissing: if it is not in the index.
    """

    def __init__(
        self, engine: Engine, article_id: str, before: Iterable[Correction], new: Iterable[Correction]
    ) -> None:
        found = as_found(engine.article(article_id))
        self._engine = engine
        self._fit = lines.fitting(found.text, [one.value for one in new if one.field == "line"])
        self._now = applied(found, [one for one in before if one.field != "line"])

    @property
    def stated(self) -> Mapping[Field, str]:
        """Its title and its date, as far as it is corrected."""
        return stated(self._now)

    def take(self, correction: Correction) -> Correction:
        """Correct it. Returns the correction; a removal with all the names that the index shows under its value, of
        which the article may have any.

        Raises:
            BadQuery: if the article does not have the value; or if the words of a line are not in its text just once.
        """
        if correction.field == "line":
            if correction.value not in self._fit:
                raise _unlike_text(correction)
            return correction
        taken = self._as_shown(correction) if correction.action == "remove" else correction
        self._now = applied(self._now, [taken])
        return taken

    def _as_shown(self, removal: Correction) -> Correction:
        field = removal.field
        has: tuple[str, ...] = getattr(self._now, field)
        names = [each.name for each in self._engine.names(field, removal.value)]
        same = {fold(removal.value), *map(fold, names)}
        there = [value for value in has if fold(value) in same]
        if not there:
            rules = self._engine.authority().names(field)
            hint = said("It has: {value}.", value=", ".join(label(field, each, rules) for each in has) or "none")
            reason = said(
                "“{article}” has no {field} “{label}”.", article=removal.article, field=field, label=removal.label[:80]
            )
            raise BadQuery([BadValue("value", removal.value, reason, hint)])
        others = [name for name in (*there, *names) if name != there[0]]
        return replace(removal, value=there[0], names=tuple(dict.fromkeys(others)))


def fitting(engine: Engine, corrections: Iterable[Correction], refuse: Callable[[str], None]) -> Iterator[Correction]:
    """Corrections without those of a line whose words are not in the text of its article just once.

    One of an article that is not in the index is there: it waits for the article.

    Args:
        refuse: is given a sentence about each that is omitted.
    """
    listed = list(corrections)
    of: dict[str, list[Correction]] = {}
    for correction in listed:
        if correction.field == "line":
            of.setdefault(correction.article, []).append(correction)
    unfit: set[Correction] = set()
    for name, some in of.items():
        with suppress(ArticleMissing):
            fit = lines.fitting(as_found(engine.article(name)).text, [one.value for one in some])
            unfit.update(one for one in some if one.value not in fit)
    for correction in listed:
        if correction in unfit:
            refuse(f"“{correction.article}”: {_unlike_text(correction)}")
        else:
            yield correction


def _unlike_text(correction: Correction) -> BadQuery:
    read, _ = lines.parted(correction.value) or ("", "")
    reason = said("“{words}” is not in its text, or more than once.", words=read[:80])
    hint = said("Copy the words from it, with the ones around them.")
    return BadQuery([BadValue("value", correction.value[:80], reason, hint)])


def stated(article: Article) -> Mapping[Field, str]:
    """The title and the date of an article; "" for none."""
    return {"title": article.title, "date": article.published or ""}
