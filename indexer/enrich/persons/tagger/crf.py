"""Names in running text: a linear-chain CRF over word features, summed once per distinct word, decoded by a kernel.

`Tagger.tag` finds the names of persons (`PER`), places (`LOC`), organisations (`ORG`) and others (`MISC`); only the
first are used, the others exist to be distinguished from them. For printed news in English, in sentence case. Not for
headlines in title case or capitals: see `sentences.headline_like`.

Cost: somewhat more than a microsecond a word on one core, without `sentences`, and 25 MB of memory for model and
tables; the sums of words are cached.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.enrich.persons.tagger import decoding, word_features
from indexer.enrich.persons.tagger.sentences import Sentence, headline_like
from indexer.enrich.persons.tagger.word_features import Context

MOST_WORDS = 1 << 16
"""The size of the cache in words; it is cleared when full."""

_MARKS = (word_features.SMALL, word_features.SMALL_FIRST, word_features.NAMED, word_features.ORGANISED)
_SMALL, _SMALL_FIRST, _NAMED, _ORGANISED = 1, 2, 4, 8


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
    """Cached sums by key, in a growing array; a row number is valid until the cache is cleared."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.numbers: dict[Any, int] = {}
        self.values: NDArray[np.float32] = np.zeros((1024, *shape), np.float32)

    def add(self, key: Any, value: NDArray[np.float32]) -> int:
        number = self.numbers[key] = len(self.numbers) + 1
        if number == len(self.values):
            self.values = np.concatenate([self.values, np.zeros_like(self.values)])
        self.values[number] = value
        return number


class Tagger:
    """A trained model, ready for use; threads take turns."""

    def __init__(self, model: Model) -> None:
        self._model = model
        size = len(model.labels)
        self._words = _Rows((5, size))
        self._joins = _Rows((size,))
        self._kinds: dict[str, str] = {}
        features = (word_features.FIRST, word_features.LAST, *_MARKS)
        self._ends = model.sums([feature] for feature in features)
        self._lock = Lock()

    def tag(self, text: Sequence[Sentence], around: Context) -> list[Span]:
        """The names in an article's sentences, in order; sentences that are `headline_like` are skipped."""
        numbers = [n for n, sentence in enumerate(text) if sentence.words and not headline_like(sentence)]
        return self._tag([text[number] for number in numbers], numbers, around)

    def tag_sentence(self, number: int, sentence: Sentence, around: Context) -> list[Span]:
        """The names in one sentence, whatever its case."""
        return self._tag([sentence], [number], around)

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
        if len(self._words.numbers) > MOST_WORDS:
            self._words.numbers.clear()
            self._kinds.clear()
        if len(self._joins.numbers) > MOST_WORDS:
            self._joins.numbers.clear()
        known, kinds, pairs = self._words.numbers, self._kinds, self._joins.numbers
        ends, words = [0], list[int]()
        capitals, joins, marks = list[int](), list[int](), list[int]()
        for sentence in text:
            here, start, last = sentence.words, len(words), len(sentence.words) - 1
            try:
                words += [known[word] for word in here]
            except KeyError:
                words += [known.get(word) or self._word(word) for word in here]
            ends.append(len(words))
            for at in sentence.capitals:
                word = here[at]
                key = (kinds[here[at - 1]] if at else "^", kinds[word], kinds[here[at + 1]] if at < last else "$")
                capitals.append(start + at)
                joins.append(pairs.get(key) or self._joins.add(key, self._model.sums([word_features.joined(*key)])[0]))
                mark = 0
                if word.lower() in around.small:
                    mark = _SMALL if at else _SMALL_FIRST
                if word in around.named:
                    mark |= _NAMED
                if word in around.organised:
                    mark |= _ORGANISED
                marks.append(mark)
        joined, marked = np.zeros(len(words), np.int32), np.zeros(len(words), np.uint8)
        joined[capitals], marked[capitals] = joins, marks
        labels, sure = np.zeros(len(words), np.int8), np.zeros(len(words))
        decoding.decode(
            np.array(ends, np.int64),
            np.array(words, np.int32),
            joined,
            marked,
            self._words.values,
            self._joins.values,
            self._ends,
            self._model.steps,
            labels,
            sure,
        )
        return ends, labels, sure

    def _word(self, word: str) -> int:
        """Cache the sums of a word's features. Returns their row."""
        self._kinds[word] = word_features.kind(word)
        to_next, to_last, second_next, second_last = word_features.beside(word)
        given = (word_features.own(word), to_next, to_last, [second_next], [second_last])
        return self._words.add(word, self._model.sums(given))


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
