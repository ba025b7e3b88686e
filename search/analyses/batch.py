"""Many names or questions at once: of each, how many articles it finds, and the first and the last of them.

A line is a query, as it is typed in a search box, or a name, which is found as these words next to each other. A line
that cannot be asked says why, and the others are answered. It is composed of answers of an `Engine`; all lines that are
answered together are of one generation.

Cost: what the totals of the queries cost; two articles of each line are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, islice
from typing import Literal, get_args

from search.engine import Engine
from search.errors import BadQuery
from search.said import said
from search.snippets import passages
from search.syntax import write
from search.syntax.nodes import Exact
from search.system import collector
from search.text.tokens import tokens
from search.values.article import Article
from search.values.query import Query
from search.values.results import Answer, Mention, Outline

Reads = Literal["query", "name"]
READS: tuple[Reads, ...] = get_args(Reads)
MAX_CHARACTERS = 2_000
"""Of a line."""
TOGETHER = 2_000
"""The lines that share what they read."""
CUT = 100
"""The lines whose passages are cut together."""


def answers(
    engine: Engine, lines: Iterable[str], narrowed: Query, reads: Reads = "query", begin: int = 1
) -> Iterator[Answer]:
    """The answers to lines, in their order; blank ones have none.

    Args:
        narrowed: a query without text, whose filters apply to all lines.
        begin: the number of the first line.
    """
    numbered = ((number, one.strip()) for number, one in enumerate(lines, begin))
    asked = (one for one in numbered if one[1])
    narrowed = narrowed.counting
    while some := list(islice(asked, TOGETHER)):
        yield from _answered(engine, some, narrowed, reads)


def _answered(engine: Engine, lines: Sequence[tuple[int, str]], narrowed: Query, reads: Reads) -> list[Answer]:
    read = [_read(text, narrowed, reads) for _, text in lines]
    queries = {one.text: one for one in read if isinstance(one, Query)}
    with collector.paused(), engine.batch():
        found = _outlines(engine, queries)
        outlines = [one if isinstance(one, str) else found[one.text] for one in read]
        asked = [*zip(lines, read, outlines, strict=True)]
        return [answer for begin in range(0, len(asked), CUT) for answer in _cut(engine, asked[begin : begin + CUT])]


def _cut(engine: Engine, asked: Sequence[tuple[tuple[int, str], Query | str, Outline | str]]) -> Iterator[Answer]:
    """The answers to lines, whose passages are cut together."""
    ends = [_ends(outline) for _, _, outline in asked]
    marked = [engine.marked(some, _text(read)) if some else [] for some, (_, read, _) in zip(ends, asked, strict=True)]
    found = [*zip(chain(*ends), chain(*marked), strict=True)]
    shown = [(article, marks.text[0]) for article, marks in found if marks.text]
    texts, languages = [article.text for article, _ in shown], [article.language for article, _ in shown]
    cut = iter(passages.each_around(texts, [span for _, span in shown], languages))
    mentions = iter([_mention(article, next(cut).text if marks.text else "") for article, marks in found])
    for ((number, line), read, outline), some in zip(asked, ends, strict=True):
        listed: list[Mention | None] = [*islice(mentions, len(some))] or [None]
        if isinstance(outline, str):
            yield Answer(number, line, "", outline, 0, None, None)
        else:
            yield Answer(number, line, _text(read), None, outline.total, listed[0], listed[-1])


def _text(read: Query | str) -> str:
    return "" if isinstance(read, str) else read.text


def _outlines(engine: Engine, queries: Mapping[str, Query]) -> Mapping[str, Outline | str]:
    """What each query finds, or why it is refused, by its text."""
    try:
        return dict(zip(queries, engine.outlines([*queries.values()]), strict=True))
    except BadQuery as problem:
        if len(queries) == 1:
            return dict.fromkeys(queries, _why(problem))
    found: dict[str, Outline | str] = {}
    for text, query in queries.items():
        found.update(_outlines(engine, {text: query}))
    return found


def _why(problem: BadQuery) -> str:
    return " ".join(map(str, problem.errors))


def _read(text: str, narrowed: Query, reads: Reads) -> Query | str:
    """The query of a line, or why there is none."""
    if len(text) > MAX_CHARACTERS:
        return said("It has more than {limit} characters.", limit=f"{MAX_CHARACTERS:,}")
    if reads == "name":
        words = tuple(token.word for token in tokens(text))
        if not words:
            return said("It has no words.")
        text = write(Exact(words))
    try:
        return replace(narrowed, text=text)
    except BadQuery as problem:
        return _why(problem)


def _ends(outline: Outline | str) -> tuple[Article, ...]:
    """The first and the last article; one if they are the same."""
    if isinstance(outline, str) or outline.first is None or outline.last is None:
        return ()
    return (outline.first,) if outline.first.id == outline.last.id else (outline.first, outline.last)


def _mention(article: Article, passage: str) -> Mention:
    return Mention(article.id, article.heading, article.published or "", passage)
