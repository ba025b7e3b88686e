"""Names in running text: a linear-chain CRF over word features, summed once per distinct word, decoded by a kernel.

`Tagger.tag` finds the names of persons (`PER`), places (`LOC`), organisations (`ORG`) and others (`MISC`); only the
first are used, the others exist to be distinguished from them. For printed news in English, in sentence case. Not for
headlines in title case or capitals: see `Sentence.headline_like`.

Cost: somewhat more than a microsecond a word on one core, without `sentences`, and 25 MB of memory for model and
tables; the sums of words are cached.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from indexer.enrich.kernels import decoding, reading
from indexer.enrich.persons.tagger import word_features
from indexer.enrich.persons.tagger.sentences import Sentence
from indexer.enrich.persons.tagger.word_features import Context
from indexer.enrich.shared.words import LETTERS, Columns, Numbers, Table

_MARKS = (word_features.SMALL, word_features.SMALL_FIRST, word_features.NAMED, word_features.ORGANISED)


@dataclass(frozen=True, slots=True)
class Span:
    """A name found by the tagger: words `first` to `last` (exclusive) of a sentence.

    Attributes:
        confidence: the lowest probability the model gives to the label of any of its words.
    """

    sentence: int
    first: int
    last: int
    label: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Model:
    """A trained model.

    Attributes:
        labels: `O` first, then `B-PER`, `I-PER`, ….
        rows: feature → its row.
        weights: float32, (rows + 1, labels); the last row is zero.
        steps: float64, (labels, labels); the weight of each transition.
    """

    labels: tuple[str, ...]
    rows: dict[bytes, int]
    weights: NDArray[np.float32]
    steps: NDArray[np.float64]

    def sums(self, groups: Iterable[Iterable[bytes]]) -> NDArray[np.float32]:
        """The sums of the weights of some groups of features: (groups, labels)."""
        rows, starts = list[int](), list[int]()
        for features in groups:
            starts.append(len(rows))
            rows.append(-1)  # a zero, so that no group is empty
            rows += [row for feature in features if (row := self.rows.get(feature)) is not None]
        found: NDArray[np.float32] = np.add.reduceat(self.weights[rows], starts, dtype=np.float64).astype(np.float32)
        return found


class _Rows:
    """Sums by row, in an array that grows; row 0 is zero."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.size = 1
        self.values: NDArray[np.float32] = np.zeros((1024, *shape), np.float32)

    def add(self, sums: NDArray[np.float32]) -> int:
        """The row of the first of some sums, which stand one after the other."""
        first, self.size = self.size, self.size + len(sums)
        if self.size > len(self.values):
            larger = np.zeros((2 * self.size, *self.values.shape[1:]), np.float32)
            larger[:first] = self.values[:first]
            self.values = larger
        self.values[first : self.size] = sums
        return first


class _Sums:
    """The sums of the words of one table, and of kinds of three neighbouring words, computed once each."""

    def __init__(self, model: Model, table: Table) -> None:
        self.table = table
        self.words = _Rows((5, len(model.labels)))
        self.rows = Columns((np.int32,), self._learned)
        self.joins = _Rows((len(model.labels),))
        self._join_rows: dict[int, int] = {}
        self._model = model

    def _learned(self, _table: Table, words: Sequence[str]) -> tuple[Numbers]:
        groups: list[Iterable[bytes]] = []
        for word in words:
            to_next, to_last, second_next, second_last = word_features.beside(word)
            groups += (word_features.own(word), to_next, to_last, (second_next,), (second_last,))
        sums = self._model.sums(groups).reshape(len(words), 5, -1)
        return (self.words.add(sums) + np.arange(len(words), dtype=np.int32),)

    def joined(self, keys: NDArray[np.int64]) -> list[int]:
        """The rows in `joins` of some words, by keys for their kinds and those of their neighbours."""
        return [self._join_rows.get(key) or self._joined(key) for key in keys.tolist()]

    def _joined(self, key: int) -> int:
        kinds = (word_features.KINDS[number] for number in key_parts(key))
        row = self._join_rows[key] = self.joins.add(self._model.sums([word_features.joined(*kinds)]))
        return row


class Tagger:
    """A trained model, ready for use; threads take turns."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._ends = model.sums([feature] for feature in (word_features.FIRST, word_features.LAST, *_MARKS))
        self._sums: _Sums | None = None
        self._lock = Lock()

    def tag(self, text: Sequence[Sentence], around: Context) -> list[Span]:
        """The names in an article's sentences, in order; sentences that are `headline_like` are skipped."""
        numbers = [n for n, sentence in enumerate(text) if sentence.words and not sentence.headline_like]
        return self._tag([text[number] for number in numbers], numbers, around)

    def _tag(self, text: Sequence[Sentence], numbers: Sequence[int], around: Context) -> list[Span]:
        with self._lock:
            ends, labels, sure = self._labels(text, around)
        names, found = self._model.labels, []
        firsts = np.flatnonzero(labels).tolist()
        place, sentence = 0, 0
        while place < len(firsts):
            first = firsts[place]
            while ends[sentence + 1] <= first:
                sentence += 1
            kind = names[labels[first]][2:]
            last = first + 1
            while last < ends[sentence + 1] and names[labels[last]] == f"I-{kind}":
                last += 1
            start = ends[sentence]
            confidence = round(float(sure[first:last].min()), 3)
            found.append(Span(numbers[sentence], first - start, last - start, kind, confidence))
            place += last - first
        return found

    def _labels(
        self, text: Sequence[Sentence], around: Context
    ) -> tuple[list[int], NDArray[np.int8], NDArray[np.float64]]:
        """The ends of the sentences, and the label of each word with its probability."""
        if not text:
            return [0], np.zeros(0, np.int8), np.zeros(0)
        table = text[0].table
        sums = self._sums
        if sums is None or sums.table is not table:
            sums = self._sums = _Sums(self._model, table)
        numbers, ends = word_features.joined_up(text)
        bits, _ = LETTERS.of(table, numbers)
        kinds, _, small = word_features.NEIGHBOURS.of(table, numbers)
        (rows,) = sums.rows.of(table, numbers)
        size = len(numbers)
        joins, places, marks = np.zeros(size, np.int32), np.empty(size, np.int32), np.zeros(size, np.uint8)
        keys, used = np.empty(size, np.int64), around.of(table)
        found = reading.mark_capitals(numbers, ends, bits, small, kinds, used, marks, places, keys)
        joins[places[:found]] = sums.joined(keys[:found])
        labels, sure = np.zeros(size, np.int8), np.zeros(size)
        given, joined = sums.words.values, sums.joins.values
        decoding.decode(ends, rows[numbers], joins, marks, given, joined, self._ends, self._model.steps, labels, sure)
        return [0, *ends.tolist()], labels, sure


def key_parts(key: int) -> tuple[int, int, int]:
    """The three kinds of a key; see `reading.mark_capitals`."""
    mask = (1 << reading.KIND_BITS) - 1
    return key >> 2 * reading.KIND_BITS, key >> reading.KIND_BITS & mask, key & mask


@cache
def tagger() -> Tagger:
    """The tagger with the model of the package."""
    return Tagger(load())


def load() -> Model:
    """Load the model of the package."""
    path = resources.files("indexer.enrich") / "models" / "persons.npz"
    with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
        features = arrays["features"].tobytes().split(b"\n")
        labels = tuple(arrays["labels"].tobytes().decode().split("\n"))
        weights = np.zeros((len(features) + 1, len(labels)), np.float32)
        weights[np.repeat(np.arange(len(features)), arrays["sizes"]), arrays["columns"]] = arrays["weights"]
        return Model(labels, {feature: row for row, feature in enumerate(features)}, weights, arrays["steps"])
