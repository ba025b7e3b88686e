"""Converts articles to arrays of numbers: the half of indexing that needs no index, so that any process can do it.

A `Numberer` numbers words and values in order of first occurrence. Numbers of another process have no meaning here, so
its `Preparer` sends its new words and values along, and a `Translation` maps its numbers to ours.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import chain, groupby
from operator import attrgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from search.fields import LISTS
from search.kernels import inversion
from search.kernels.runs import grown
from search.local.format.layout import INSTANTS, LANDMARK, NUMBERED, OWN_NAMES, UNKNOWN_DAY
from search.local.format.string_arrays import Strings
from search.local.write import heap
from search.local.write.growing_strings import StringList
from search.local.write.landmarks import Landmarks, Pieces, landmarks, mentions
from search.local.write.tokenise import Stream
from search.local.write.word_numbers import StringNumbers, Words
from search.meaning.passages import checked
from search.names.vocabulary import vocabulary
from search.text import addresses
from search.text.dates import day_of, instant_of
from search.values import record
from search.values.article import Article

MANY_ELSEWHERE = 150_000
"""Words after which a preparing process starts over: there are several such, and it costs them a third of a second."""
_NONE = np.empty(0, np.uint32)
_language = attrgetter("language")
_instants = attrgetter(*INSTANTS)


@dataclass(frozen=True, slots=True)
class Values:
    """A column of names: uint32; each article's number of values, and the numbers of the values, one after another."""

    counts: NDArray[np.uint32]
    numbers: NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Numbered:
    """Some articles, as numbers.

    Attributes:
        ids, digests, written, meanings, records: of each article; `written` is its title; `meanings` are its vectors;
            see `search.values.record`.
        days: int32, see `day_number`.
        instants: int64, articles × `INSTANTS`; see `search.text.dates.instant_of`.
        words: uint32, those of all articles one after another, each article's title first.
        titles, texts: uint32, the number of words of each title and each text.
        landmarks: see `landmarks`.
        values: by column.
    """

    ids: list[bytes]
    digests: list[bytes]
    written: list[bytes]
    meanings: list[bytes]
    records: list[bytes]
    days: NDArray[np.int32]
    instants: NDArray[np.int64]
    words: NDArray[np.uint32]
    titles: NDArray[np.uint32]
    texts: NDArray[np.uint32]
    landmarks: Landmarks
    values: Mapping[str, Values]

    def __len__(self) -> int:
        return len(self.ids)


class StoredFields(NamedTuple):
    """The stored parts of an article other than its words: see `Numbered`."""

    id: bytes
    digest: bytes
    title: bytes
    meaning: bytes
    record: bytes
    day: int
    instants: tuple[int, ...]


def stored_fields(article: Article) -> StoredFields:
    """The stored parts of an article. Raises an error here if they cannot be stored."""
    return StoredFields(
        article.id.encode(),
        article.digest.encode(),
        article.title.encode(),
        checked(article.meaning),
        record.encode(article),
        day_number(day_of(article.published)),
        tuple(map(instant_of, _instants(article))),
    )


def values_of(articles: Iterable[Article], name: str) -> list[tuple[str, ...]]:
    """The values of a column that count each article: its own, topics with their ancestors, each once."""
    found = map(attrgetter(name), articles)
    if name == "topic":
        return [codes and _with_ancestors(codes) for codes in found]
    if name == "url":
        return [(key,) if url and (key := addresses.key(url)) else () for url in found]
    if name in LISTS:
        return [values and tuple(dict.fromkeys(filter(None, values))) for values in found]
    return [(value,) if value else () for value in found]


@lru_cache(maxsize=1 << 14)
def _with_ancestors(codes: tuple[str, ...]) -> tuple[str, ...]:
    topics = vocabulary("topic")
    return tuple(dict.fromkeys(code for value in codes for code in (value, *topics.ancestors(value))))


def day_number(day: date | None) -> int:
    """A day as an integer that sorts: 1 is 1 January of year 1; `UNKNOWN_DAY` for none."""
    return UNKNOWN_DAY if day is None else day.toordinal()


class Numberer:
    """All words and values so far.

    Args:
        many: the number from which on it is `full`.

    Attributes:
        words: the words.
        names: the values, by column, and the landmarks.
    """

    def __init__(self, many: int) -> None:
        self._many = many
        self.words = Words(many)
        self.names = {name: StringNumbers() for name in NUMBERED}

    @property
    def full(self) -> bool:
        """True if it is time to start over."""
        return self.words.full or sum(map(len, self.names.values())) > self._many

    def __call__(self, articles: Sequence[Article], stored: Sequence[StoredFields]) -> Numbered:
        """Number some articles with these stored parts."""
        pieces = Pieces(articles)
        mentioned = mentions(articles, pieces, self.names[LANDMARK])
        stream = Stream()
        words, first, last = np.empty(len(pieces.ends), np.int64), *np.empty((2, len(mentioned.articles)), np.int64)
        begun = 0
        for language, same in groupby(articles, _language):
            tokenise, before = self.words.tokeniser(language), stream.size
            ended = begun + sum(1 for _ in same)
            bytes_of, some = pieces.of(begun, ended)
            data = pieces.data[bytes_of]
            words[some] = tokenise(data, pieces.ends[some] - bytes_of.start, stream)
            own = mentioned.of(begun, ended)
            found = tokenise.among(data, mentioned.begins[own] - bytes_of.start, mentioned.ends[own] - bytes_of.start)
            first[own], last[own] = found[0] + before, found[1] + before
            begun = ended
        titles, texts = pieces.sizes(words)
        return Numbered(
            ids=[one.id for one in stored],
            digests=[one.digest for one in stored],
            written=[one.title for one in stored],
            meanings=[one.meaning for one in stored],
            records=[one.record for one in stored],
            days=np.array([one.day for one in stored], np.int32),
            instants=np.array([one.instants for one in stored], np.int64).reshape(-1, len(INSTANTS)),
            words=stream.data[: stream.size].copy(),
            titles=titles.astype(np.uint32),
            texts=texts.astype(np.uint32),
            landmarks=landmarks(pieces, words, mentioned, first, last, self.names[LANDMARK]),
            values={name: self._values(name, values_of(articles, name)) for name in OWN_NAMES},
        )

    def _values(self, name: str, rows: Sequence[Sequence[str]]) -> Values:
        counts = np.fromiter(map(len, rows), np.uint32, len(rows))
        if not counts.any():  # most columns of most batches
            return Values(counts, _NONE)
        return Values(counts, self.names[name].numbers(chain.from_iterable(rows)))


@dataclass(frozen=True, slots=True)
class Prepared:
    """Articles as numbers of a process other than the writer's.

    Attributes:
        source: identifies the process's numbering.
        turn: the number of batches it has sent since it began that numbering.
        articles: the articles.
        stems, forms, names: the words, and by column the values, and the landmarks, that are new since its last batch,
            in order of their numbers; no column without new ones.
    """

    source: str
    turn: int
    articles: Numbered
    stems: Strings
    forms: Strings
    names: Mapping[str, Strings]

    def __len__(self) -> int:
        return len(self.articles)


class Preparer:
    """Prepares articles for a writer in another process, to which all its results must be sent, in order."""

    def __init__(self) -> None:
        self._source = uuid.uuid4().hex
        self._begin()

    def _begin(self) -> None:
        self._turn = 0
        self._whole = True
        self._numberer = Numberer(MANY_ELSEWHERE)
        self._sent = {name: 0 for name in NUMBERED}
        self._words_told = 0

    def __call__(self, articles: Sequence[Article]) -> Prepared:
        """Number some articles, and include what is new."""
        if self._numberer.full or not self._whole:
            self._begin()
            heap.trim()
        stored = list(map(stored_fields, articles))
        self._whole = False  # until the end: after an exception, some of what is new would never reach the writer
        numbered = self._numberer(articles, stored)
        stems, forms = self._numberer.words.since(self._words_told)
        known = self._numberer.names
        names = {name: known[name].all.since(sent) for name, sent in self._sent.items() if len(known[name]) > sent}
        self._words_told += len(stems)
        self._sent |= {name: len(known[name]) for name in names}
        self._turn += 1
        self._whole = True
        return Prepared(self._source, self._turn - 1, numbered, stems, forms, names)


class Translation:
    """Maps the numbers of another process to those of a numberer, which looks words up on first use."""

    def __init__(self) -> None:
        self._stems = StringList()
        self._forms = StringList()
        self._names = {name: StringList() for name in NUMBERED}
        self._turns = 0
        self.begin()

    def begin(self) -> None:
        """Start over, for another numberer."""
        self._words = _Table()
        self._values = {name: _Table() for name in NUMBERED}

    def __call__(self, prepared: Prepared, numberer: Numberer) -> Numbered:
        """Prepared articles, in a numberer's numbers.

        Args:
            prepared: the next batch of the process.

        Raises:
            ValueError: if an earlier batch is missing.
        """
        if prepared.turn != self._turns:
            raise ValueError(f"Batch {prepared.turn} of articles arrived when batch {self._turns} was expected.")
        self._turns += 1
        self._stems.append(prepared.stems)
        self._forms.append(prepared.forms)
        for name, new in prepared.names.items():
            self._names[name].append(new)

        def our_words(numbers: NDArray[np.int64]) -> NDArray[np.uint32]:
            return numberer.words.numbers(self._stems.all.some(numbers), self._forms.all.some(numbers))

        def our_numbers(name: str, numbers: NDArray[np.uint32]) -> NDArray[np.uint32]:
            known, ours = self._names[name], numberer.names[name]
            if not len(numbers):
                return numbers
            table = self._values[name]
            table.reach(len(known))
            return table(numbers, lambda new: ours.number(known.all.some(new)))

        self._words.reach(len(self._stems))
        theirs = prepared.articles
        return replace(
            theirs,
            words=self._words(theirs.words, our_words),
            landmarks=replace(theirs.landmarks, numbers=our_numbers(LANDMARK, theirs.landmarks.numbers)),
            values={
                name: replace(column, numbers=our_numbers(name, column.numbers))
                for name, column in theirs.values.items()
            },
        )


class _Table:
    """A lazy mapping of numbers to numbers."""

    def __init__(self) -> None:
        self._to = np.empty(0, np.uint32)
        self._size = 0

    def reach(self, size: int) -> None:
        """Make room for this many numbers."""
        if size <= self._size:
            return
        if size > len(self._to):
            self._to = grown(self._to, size)
        self._to[self._size : size] = inversion.UNKNOWN
        self._size = size

    def __call__(
        self, numbers: NDArray[np.uint32], look_up: Callable[[NDArray[np.int64]], NDArray[np.uint32]]
    ) -> NDArray[np.uint32]:
        """Map numbers; `look_up` maps those that are new."""
        out = np.empty_like(numbers)
        if not inversion.translate(numbers, self._to, out):
            new = np.unique(numbers[out == inversion.UNKNOWN]).astype(np.int64)
            self._to[new] = look_up(new)
            inversion.translate(numbers, self._to, out)
        return out
