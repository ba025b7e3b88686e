"""Concordances: every occurrence of a query's words, each with what stands before and after it (keyword in context).

An occurrence is what a search would mark: a word in any inflection, a phrase, an exact form, in the title or the text
of an article that the query finds. So the number of occurrences of one word is the sum of its frequencies in these
articles. The words that stand near it in more articles than both words' frequencies explain are its collocates.

A page is the rows that follow a position in an order, which may be a row that is no longer there: a list is continued
across commits, and no row is given twice. It is composed of answers of an `Engine`, so it is the same for all of them.

Cost: the title and text of each article that matches are read, for each page; of rows only those of the page are held.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from heapq import nsmallest
from itertools import islice
from math import log2
from typing import Literal, NamedTuple, get_args

from msgspec import Struct

from search import cursor as cursors
from search.engine import Engine
from search.errors import BadQuery, BadValue
from search.said import said
from search.syntax import askable, parse, write
from search.syntax.function_words import FUNCTION_WORDS
from search.syntax.nodes import Word, leaves
from search.system.budget import current
from search.text.dates import instant_of
from search.text.tokens import DEFAULT_LANGUAGE, fold, term, tokens
from search.values.article import Article
from search.values.bad_values import choice, within
from search.values.query import Query
from search.values.results import Count, Mark

Order = Literal["date", "left", "right"]
ORDERS: tuple[Order, ...] = get_args(Order)
MAX_WIDTH = 200
MAX_ROWS = 1_000
MAX_COLLOCATES = 200
WHOLE = 200_000
"""The rows of which a whole list may consist."""
SPAN = 5
"""The words before an occurrence, and after it, that are near."""
FEWEST = 2
"""The articles in which a collocate is near, at least."""
_SORTED = 80
"""The characters next to an occurrence by which rows are sorted, before ties are broken."""
_NEAR = 120
"""The characters in which the nearest `SPAN` words are looked for."""
_BATCH = 200
"""The articles that are looked through together."""
_COUNTED = 4
"""The candidates that are counted exactly, as a multiple of the collocates that are wanted."""


@dataclass(frozen=True, slots=True)
class Window:
    """Which rows of a concordance are listed, and how.

    Attributes:
        sort: by `date`, oldest first, undated last; by the words to the `left`, the nearest first, or to the `right`.
        width: the characters before an occurrence, and after it, at most; a word is not cut.
        limit: the rows of a page; None for all, at most `WHOLE`.
        cursor: from `Concordance.cursor` of the page before.
        collocates: how many words that stand near are listed.

    Raises:
        BadQuery: on construction, naming every invalid value.
    """

    sort: Order = "date"
    width: int = 60
    limit: int | None = 100
    cursor: str | None = None
    collocates: int = 0

    def __post_init__(self) -> None:
        errors = [
            *choice("sort", self.sort, ORDERS),
            *within("width", self.width, 1, MAX_WIDTH),
            *(within("limit", self.limit, 0, MAX_ROWS) if self.limit is not None else ()),
            *within("collocates", self.collocates, 0, MAX_COLLOCATES),
        ]
        if errors:
            raise BadQuery(errors)


class Row(Struct, frozen=True):
    """An occurrence.

    Attributes:
        id, title, published, source: of its article.
        within: `title` or `text`.
        start, end: where it is there, in code points, end exclusive.
        left, right: what stands before and after it, on one line.
        match: as written.
    """

    id: str
    title: str
    published: str | None
    source: str | None
    within: Literal["title", "text"]
    start: int
    end: int
    left: str
    match: str
    right: str


class Collocate(Struct, frozen=True):
    """A word that stands near the occurrences.

    Attributes:
        word: in its most frequent form there; it represents all its forms.
        count: the articles in which it stands near one.
        of: the articles that pass the query's filters and have it anywhere.
        strength: logDice (P. Rychlý, “A lexicographer-friendly association score”, 2008), counted in articles: 14 if
            neither is ever found without the other near, one less for each halving.
    """

    word: str
    count: Count
    of: Count
    strength: float


@dataclass(frozen=True, slots=True)
class Concordance:
    """A page of occurrences.

    Attributes:
        total: all occurrences.
        articles: those that have one.
        cursor: continues the list; None at its end.
    """

    total: int
    articles: int
    generation: int
    rows: tuple[Row, ...]
    cursor: str | None = None
    collocates: tuple[Collocate, ...] = ()


Key = tuple[str, bool, int, str, bool, int]
"""What a row is sorted by: the words next to it, undated, the date, the id, in the text, the place."""


class _Found(NamedTuple):
    """An occurrence in an article."""

    article: Article
    in_text: bool
    mark: Mark

    @property
    def field(self) -> str:
        return self.article.text if self.in_text else self.article.title


class _Position(NamedTuple):
    """The contents of a cursor: the list, and the key of the last row."""

    list: str
    key: Key
    generation: int = 0


def concordance(engine: Engine, query: Query, window: Window) -> Concordance:
    """A page of the occurrences of a query's words.

    Raises:
        BadQuery: if the query has no words, the whole list is too long, or the cursor is of another one.
    """
    tree = parse(query.text).tree
    if not any(leaves(tree)):
        reason = said("A concordance is of words, and the query has none.")
        raise BadQuery([BadValue("text", query.text, reason, said("Type a word."))])
    name = cursors.named(replace(query, cursor=None, page=1), tree, window.sort, ())
    after = cursors.read(window.cursor, _position, name).key if window.cursor else None
    asked = replace(query, sort="newest", page=1, cursor=None, facets=())
    while True:
        generation = engine.generation
        seen = _Seen(window.collocates > 0)
        rows = _first(seen.through(_occurrences(engine, asked)), window, after)
        if engine.generation == generation:
            break
    has_more = window.limit is not None and len(rows) > window.limit
    shown = rows[: window.limit]
    following = cursors.write([name, *shown[-1][0]]) if has_more and shown else None
    return Concordance(
        seen.total,
        seen.articles,
        generation,
        tuple(_row(found, window.width) for _, found in shown),
        following,
        tuple(_collocates(engine, asked, seen, window.collocates)),
    )


def _position(values: Sequence[object]) -> _Position | None:
    match values:
        case [str(name), str(words), bool(undated), int(instant), str(of), bool(in_text), int(start)]:
            return _Position(name, (words, undated, instant, of, in_text, start))
    return None


def _first(found: Iterator[_Found], window: Window, after: Key | None) -> list[tuple[Key, _Found]]:
    """The rows of a page in order, and one more if there is one."""
    keyed = ((_key(one, window.sort), one) for one in found)
    left = (pair for pair in keyed if after is None or pair[0] > after)
    if window.limit is not None:
        return nsmallest(window.limit + 1, left, key=lambda pair: pair[0])
    rows = list(islice(left, WHOLE + 1))
    if len(rows) > WHOLE:
        reason = said("This concordance has more than {limit} rows.", limit=f"{WHOLE:,}")
        raise BadQuery([BadValue("limit", "", reason, said("Narrow it by dates or filters, or list it in pages."))])
    return sorted(rows, key=lambda pair: pair[0])


def _occurrences(engine: Engine, query: Query) -> Iterator[_Found]:
    """All occurrences, the newest article's first."""
    articles = engine.export(query)
    while some := list(islice(articles, _BATCH)):
        current().check()
        for article, marks in zip(some, engine.marked(some, query.text), strict=True):
            for mark in marks.title:
                yield _Found(article, False, mark)
            for mark in marks.text:
                yield _Found(article, True, mark)


def _key(found: _Found, sort: Order) -> Key:
    article, (start, end) = found.article, found.mark
    words = ""
    if sort == "right":
        words = " ".join(token.word for token in tokens(found.field[end : end + _SORTED]))
    elif sort == "left":
        words = " ".join(reversed([token.word for token in tokens(found.field[max(0, start - _SORTED) : start])]))
    instant = instant_of(article.published)
    return words, not instant, instant, article.id, found.in_text, start


def _row(found: _Found, width: int) -> Row:
    article, text, (start, end) = found.article, found.field, found.mark
    return Row(
        article.id,
        article.heading,
        article.published,
        article.source,
        "text" if found.in_text else "title",
        start,
        end,
        _line(text[_begin(text, start, width) : start], before=True),
        _line(text[start:end]),
        _line(text[end : _end(text, end, width)], after=True),
    )


def _begin(text: str, start: int, width: int) -> int:
    """Where the context before an occurrence begins: within a width, and not inside a word."""
    first = max(0, start - width)
    while 0 < first < start and text[first].isalnum() and text[first - 1].isalnum():
        first += 1
    return first


def _end(text: str, end: int, width: int) -> int:
    last = min(len(text), end + width)
    while end < last < len(text) and text[last].isalnum() and text[last - 1].isalnum():
        last -= 1
    return last


_SPACES = re.compile(r"\s+")


def _line(text: str, before: bool = False, after: bool = False) -> str:
    """A text on one line, with the space only that parts it from the match."""
    line = _SPACES.sub(" ", text)
    return line.lstrip() if before else line.rstrip() if after else line


class _Seen:
    """Counts what passes: occurrences, their articles, and the words near them."""

    def __init__(self, near: bool) -> None:
        self.total = 0
        self.articles = 0
        self.near: Counter[tuple[str, str | None]] = Counter()
        """In how many articles each term is near, by its language."""
        self.forms: dict[tuple[str, str | None], Counter[str]] = {}
        self._near = near
        self._last = ""
        self._terms: set[tuple[str, str | None]] = set()

    def through(self, found: Iterator[_Found]) -> Iterator[_Found]:
        """The same occurrences, counted; those of one article follow each other."""
        for one in found:
            self.total += 1
            if one.article.id != self._last or not self.articles:
                self._last = one.article.id
                self.articles += 1
                self._terms = set()
            if self._near:
                self._look(one)
            yield one

    def _look(self, found: _Found) -> None:
        language = found.article.language
        ignored = FUNCTION_WORDS.get(language or DEFAULT_LANGUAGE, frozenset())
        for word in _near(found.field, found.mark):
            if word in ignored or len(word) < 2 or word.isdigit():
                continue
            one = term(word, language), language
            self.forms.setdefault(one, Counter())[word] += 1
            if one not in self._terms:
                self._terms.add(one)
                self.near[one] += 1


def _near(text: str, mark: Mark) -> list[str]:
    """The words near an occurrence, folded."""
    start, end = mark
    first, last = _begin(text, start, _NEAR), _end(text, end, _NEAR)
    before = [token.word for token in tokens(text[first:start])][-SPAN:]
    return before + [token.word for token in islice(tokens(text[end:last]), SPAN)]


def _collocates(engine: Engine, query: Query, seen: _Seen, most: int) -> Iterator[Collocate]:
    """The words that stand near, the strongest first."""
    own = {leaf.word for leaf in leaves(parse(query.text).tree) if isinstance(leaf, Word)}
    forms: Counter[str] = Counter()  # by word, in all languages
    for (known, language), count in seen.near.items():
        if known not in {term(word, language) for word in own}:
            forms[max(seen.forms[known, language].items(), key=lambda item: (item[1], item[0]))[0]] += count
    asked = [
        (word, count, text) for word, count in forms.items() if count >= FEWEST and askable(text := write(Word(word)))
    ]
    having = engine.frequencies([word for word, _, _ in asked]) if asked and most else ()
    ranked = sorted(zip(asked, having, strict=True), key=lambda pair: _order(pair[0], seen.articles, pair[1]))
    chosen = [one for one, _ in ranked[: _COUNTED * most]]
    counts = engine.totals([replace(query, text=text) for _, _, text in chosen])
    found = [
        Collocate(word, count, of, round(_strength(count, seen.articles, max(of, count)), 2))
        for (word, count, _), of in zip(chosen, counts, strict=True)
    ]
    yield from sorted(found, key=lambda one: (-one.strength, -one.count, one.word))[:most]


def _order(one: tuple[str, int, str], articles: int, having: int) -> tuple[float, int, str]:
    word, count, _ = one
    return -_strength(count, articles, max(count, having)), -count, fold(word)


def _strength(both: int, one: int, other: int) -> float:
    return 14 + log2(2 * both / (one + other))
