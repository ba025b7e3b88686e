"""Names in running text: a linear-chain CRF over word features, summed once per distinct word, decoded by a kernel.

`Tagger.tag` finds the names of persons (`PER`), places (`LOC`), organisations (`ORG`) and others (`MISC`); only the
first are used, the others exist to be distinguished from them. For printed news in English, in sentence case. Not for
headlines in title case or capitals: see `Sentence.headline_like`.

Cost: somewhat more than a microsecond a word on one core, without `sentences`, and 25 MB of memory for model and
tables; the sums of words are cached.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from threading import Lock
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.enrich.kernels import decoding
from indexer.enrich.persons.tagger import word_features
from indexer.enrich.persons.tagger.sentences import Sentence, Text
from indexer.enrich.persons.tagger.word_features import Context
from indexer.enrich.shared.lexicon import FLAGS
from indexer.enrich.shared.words import LOOKS, Columns, Numbers, Table

_MARKS = (word_features.SMALL, word_features.SMALL_FIRST, word_features.NAMED, word_features.ORGANISED)


class Span(NamedTuple):
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


class _Pieces:
    """The features of words in a model, each once for all the words that it contributes to.

    Attributes:
        rows: feature → its row; row 0 is zero.
        weights: float32, (rows, 5, labels); what it contributes, by `decoding.OWN`, ….
    """

    def __init__(self, model: Model) -> None:
        places: dict[str, dict[int, int]] = {"": {}}
        for feature, row in model.rows.items():
            written = feature.decode()
            side = _SIDES.get(written[:2], decoding.OWN)
            piece = written[2:] if side else written
            if piece.startswith(word_features.OF_WORDS):
                places.setdefault(piece, {})[side] = row
        for flag in FLAGS:
            beside = {side: row for side, row in places.get(f"f={flag}", {}).items() if side != decoding.OWN}
            places[word_features.BESIDE + flag] = beside
        self.rows = {piece: row for row, piece in enumerate(places)}
        self.weights = np.zeros((len(places), 5, len(model.labels)), np.float32)
        for number, sides in enumerate(places.values()):
            for side, row in sides.items():
                self.weights[number, side] = model.weights[row]

    def sums(self, groups: Iterable[Iterable[str]]) -> NDArray[np.float32]:
        """The sums of the weights of some groups of features: (groups, 5, labels)."""
        rows, starts = list[int](), list[int]()
        for pieces in groups:
            starts.append(len(rows))
            rows.append(0)  # so that no group is empty
            rows += [row for row in map(self.rows.get, pieces) if row]
        found: NDArray[np.float32] = np.add.reduceat(self.weights[rows], starts, dtype=np.float64).astype(np.float32)
        return found


_SIDES = {"-1": decoding.BEFORE, "+1": decoding.AFTER, "-2": decoding.SECOND_BEFORE, "+2": decoding.SECOND_AFTER}


class _Joins:
    """The features of kinds of neighbouring words in a model, for `decoding.join`.

    Attributes:
        kinds: kind → its number; others are `decoding.OTHER`.
        table: the keys and their weights.
    """

    def __init__(self, model: Model) -> None:
        self.kinds: dict[str, int] = {"^": decoding.FIRST, "$": decoding.LAST}
        rows = {
            self._key(*kinds): row
            for feature, row in model.rows.items()
            if feature[:3] in (b"-c=", b"+c=", b"3c=")
            for kinds in _kinds(feature.decode())
        }
        size = 1 << (2 * len(rows)).bit_length()
        keys, weights = np.zeros(size, np.int64), np.zeros((size, len(model.labels)), np.float32)
        self.table = keys, weights
        for key, row in rows.items():
            slot = decoding.join_slot(key, size)
            while keys[slot]:
                slot = (slot + 1) % size
            keys[slot], weights[slot] = key, model.weights[row]

    def _key(self, *kinds: str) -> int:
        key = 0
        for kind in kinds:
            number = self.kinds.setdefault(kind, len(self.kinds) + 2) if kind else decoding.ANY
            key = key << decoding.KIND_BITS | number
        return key


def _kinds(feature: str) -> Iterator[tuple[str, str, str]]:
    """The kinds before, here and after that have a feature; "" for any. A kind can be the sign between them."""
    here = feature[3:]
    for at in _bars(here):
        if feature[0] == "-":
            yield here[:at], here[at + 1 :], ""
        elif feature[0] == "+":
            yield "", here[:at], here[at + 1 :]
        else:
            yield from ((here[:at], here[at + 1 : end], here[end + 1 :]) for end in _bars(here, at + 1))


def _bars(written: str, first: int = 0) -> Iterator[int]:
    """Where a `|` stands between two kinds."""
    return (at for at in range(first + 1, len(written) - 1) if written[at] == "|")


class _Sums:
    """The sums of the words of one table, computed once each; row 0 is none of them."""

    def __init__(self, pieces: _Pieces, kinds: Mapping[str, int], table: Table) -> None:
        self.table = table
        self.values: NDArray[np.float32] = np.zeros((1024, *pieces.weights.shape[1:]), np.float32)
        self.columns = Columns((np.int32, np.uint16), self._learned)
        self._size = 1
        self._pieces, self._kinds = pieces, kinds

    def _learned(self, _table: Table, words: Sequence[str]) -> tuple[Numbers, list[int]]:
        described = [word_features.described(word) for word in words]
        sums = self._pieces.sums(pieces for _, pieces in described)
        first, self._size = self._size, self._size + len(sums)
        if self._size > len(self.values):
            larger = np.zeros((2 * self._size, *self.values.shape[1:]), np.float32)
            larger[:first] = self.values[:first]
            self.values = larger
        self.values[first : self._size] = sums
        kinds = [self._kinds.get(kind, decoding.OTHER) for kind, _ in described]
        return np.arange(first, self._size, dtype=np.int32), kinds


class Tagger:
    """A trained model, ready for use; threads take turns."""

    def __init__(self, model: Model) -> None:
        if len(model.labels) != decoding.LABELS:
            raise ValueError(f"The model has {len(model.labels)} labels, not {decoding.LABELS}.")
        self._kinds = [label[2:] for label in model.labels]
        self._inside = np.array([model.labels.index(f"I-{kind}") if kind else 0 for kind in self._kinds], np.int8)
        self._steps = model.steps
        self._ends = model.sums([feature] for feature in (word_features.FIRST, word_features.LAST, *_MARKS))
        self._pieces, self._joins = _Pieces(model), _Joins(model)
        self._sums: _Sums | None = None
        self._lock = Lock()

    def tag(self, text: Sequence[Sentence], around: Context) -> list[Span]:
        """The names in an article's sentences, in order; sentences that are `headline_like` are skipped."""
        whole = Text.of(text)
        numbers, table = whole.numbers, whole.table
        size = len(numbers)
        skipped = np.array([sentence.headline_like for sentence in whole], np.bool_)
        labelled = np.zeros(size, np.int8), np.empty(size)
        places, chances = np.empty((size, 4), np.int32), np.empty(size)
        with self._lock:
            sums = self._sums
            if sums is None or sums.table is not table:
                sums = self._sums = _Sums(self._pieces, self._joins.kinds, table)
            bits, _, small = LOOKS.of(table, numbers)
            words = (bits, small, *sums.columns.of(table, numbers), around.of(table))
            count = decoding.decode(
                (numbers, whole.ends, skipped), words, sums.values, self._joins.table, self._ends, self._steps,
                self._inside, labelled, (places, chances)
            )  # fmt: skip
        found = zip(places[:count].tolist(), chances[:count].tolist(), strict=True)
        kinds = self._kinds
        return [Span(at, first, last, kinds[label], round(chance, 3)) for (at, first, last, label), chance in found]


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
