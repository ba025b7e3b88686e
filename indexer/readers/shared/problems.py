"""What is wrong with a record that is read all the same: `extra` keeps it, and the report warns of it.

Cost: linear in the record.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from indexer.readers.shared.record import Embargoed, Item, too_long
from indexer.safe import json_objects
from indexer.safe.stray_bytes import Strays, advice, foreign, lost_in
from search.errors import BadRecord
from search.said import Said, said
from search.values.article import Article

FIELD = "reading_problems"
"""The field of `extra` with them, as sentences."""


def marked(item: Item, strays: Strays, record: object = None) -> Item:
    """What was read of a record, with its problems if it is an article.

    Args:
        strays: the bytes of the file that are not UTF-8.
        record: the record, if it is JSON, whose objects may state a name twice.
    """
    if isinstance(item, Embargoed):
        return replace(item, article=marked_article(item.article, strays, record))
    return marked_article(item, strays, record) if isinstance(item, Article) else item


def of_strays(problem: BadRecord, strays: Strays) -> BadRecord:
    """A problem of a record, with the encoding of the file if that may be the cause."""
    return problem.with_reason(f"{problem.reason} {advice(strays.word)}", problem.line) if strays.word else problem


def marked_article(article: Article, strays: Strays, record: object = None) -> Article:
    """An article with the problems of its record, as `marked`."""
    found = [*_repeated(record), *_of_encoding(article, strays)]
    if not found:
        return article
    earlier = json_objects.earlier(record) if isinstance(record, dict) else {}
    return replace(article, extra={**earlier, **article.extra, FIELD: found})


def _repeated(record: object) -> Iterator[str]:
    """Of the names that an object states twice."""
    left = [record]
    while left:
        one = left.pop()
        if isinstance(one, dict):
            for name in json_objects.repeated(one):
                yield said(
                    "It states “{name}” more than once: the last value counts, and “extra” has the others.",
                    name=name[:60],
                )
            left.extend(one.values())
        elif isinstance(one, list):
            left.extend(one)


def _of_encoding(article: Article, strays: Strays) -> Iterator[str]:
    """Of an encoding that is not known, as title and text show."""
    if not strays.are_there:
        return
    text = f"{article.title} {article.text}"
    if word := foreign(text):
        yield advice(word)
    elif lost := lost_in(text):
        yield said(
            "Its file has bytes that are not of its encoding, as in “{lost}”. Convert the file: iconv -f ENCODING -t"
            " UTF-8.",
            lost=lost,
        )


def indexed(article_id: str, why: str) -> Said:
    """A warning about an article that is indexed all the same."""
    return said("“{id}” is indexed. {why}", id=article_id, why=why)


def warnings(article: Article) -> Iterator[str]:
    """What the report says of an article that is indexed."""
    if problem := article.extra.get("published_problem"):
        yield said("Its date of publication was ignored: {problem}", problem=str(problem))
    listed = article.extra.get(FIELD)
    yield from (one for one in listed if isinstance(one, str)) if isinstance(listed, list | tuple) else ()
    for name, size in too_long(article):
        yield said("Its {name} of {size} characters is no name, and is in its “extra”.", name=name, size=size)
