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


def as_shown(engine: Engine, correction: Correction, before: Iterable[Correction]) -> Correction:
    """A removal with all the names that an index shows under its value, of which the article may have any.

    Args:
        before: the corrections of the article that are in force, applied or not.

    Raises:
        ArticleMissing: if the article is not in the index.
        BadQuery: if the article does not have the value, or will not when those before are applied; or if the words of
            a line are not in its text just once.
    """
    article = engine.article(correction.article)
    if correction.field == "line" and _unfit(article, [correction]):
        raise _unlike_text(correction)
    if correction.action != "remove":
        return correction
    has: tuple[str, ...] = getattr(applied(as_found(article), before), correction.field)
    names = [each.name for each in engine.names(correction.field, correction.value)]
    same = {fold(correction.value), *map(fold, names)}
    there = [value for value in has if fold(value) in same]
    if not there:
        rules = engine.authority().names(correction.field)
        hint = said("It has: {value}.", value=", ".join(label(correction.field, each, rules) for each in has) or "none")
        reason = said(
            "“{article}” has no {field} “{label}”.",
            article=correction.article,
            field=correction.field,
            label=correction.label[:80],
        )
        raise BadQuery([BadValue("value", correction.value, reason, hint)])
    others = [name for name in (*there, *names) if name != there[0]]
    return replace(correction, value=there[0], names=tuple(dict.fromkeys(others)))


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
            unfit.update(_unfit(engine.article(name), some))
    for correction in listed:
        if correction in unfit:
            refuse(f"“{correction.article}”: {_unlike_text(correction)}")
        else:
            yield correction


def _unfit(article: Article, of_lines: Iterable[Correction]) -> list[Correction]:
    """Those corrections of lines whose words are not in the text of an article just once."""
    read = {one: lines.parted(one.value) or ("", "") for one in of_lines}
    where = lines.places(as_found(article).text, {words for words, _ in read.values()})
    return [one for one, (words, _) in read.items() if words not in where]


def _unlike_text(correction: Correction) -> BadQuery:
    read, _ = lines.parted(correction.value) or ("", "")
    reason = said("“{words}” is not in its text, or more than once.", words=read[:80])
    hint = said("Copy the words from it, with the ones around them.")
    return BadQuery([BadValue("value", correction.value[:80], reason, hint)])


def stated(article: Article, corrections: Iterable[Correction]) -> Mapping[Field, str]:
    """The title and the date of an article when its corrections are applied; "" for none.

    Args:
        corrections: those in force, applied or not.
    """
    now = applied(as_found(article), corrections)
    return {"title": now.title, "date": now.published or ""}
