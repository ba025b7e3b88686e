"""What is wrong with a record that is read all the same: `extra` keeps it, and the report warns of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from indexer.readers.shared.mapped import extra_of
from indexer.readers.shared.record import too_long
from indexer.safe.stray_bytes import Strays, advice, foreign
from search.article import Article

FIELD = "reading_problems"
"""The field of `extra` with them, as sentences."""


def noted(record: Mapping[str, object], problems: Iterable[str]) -> Mapping[str, object]:
    """A record with its problems."""
    listed = list(problems)
    return {**record, "extra": {**extra_of(record), FIELD: listed}} if listed else record


def of_encoding(record: Mapping[str, object], strays: Strays) -> Iterator[str]:
    """The problem of a record whose file is in an encoding that is not known, as its title and text show."""
    if strays.are_there and (word := foreign(f"{record.get('title', '')} {record.get('text', '')}")):
        yield advice(word)


def warnings(article: Article) -> Iterator[str]:
    """What the report says of an article that is indexed."""
    if problem := article.extra.get("published_problem"):
        yield f"Its date of publication was ignored: {problem}"
    listed = article.extra.get(FIELD)
    yield from (one for one in listed if isinstance(one, str)) if isinstance(listed, list | tuple) else ()
    for name, size in too_long(article):
        yield f"Its {name} of {size:,} characters is no name, and is in its “extra”."
