"""Names in running text: a linear-chain CRF over word features, summed once per distinct word, decoded by a kernel.

`Tagger.tag` finds the names of persons (`PER`), places (`LOC`), organisations (`ORG`) and others (`MISC`); only the
first are used, the others exist to be distinguished from them. For printed news in sentence case. Not for
headlines in title case or capitals: see `Sentence.headline_like`.

Cost: half a microsecond a word on one core, without `sentences`, and 25 MB of memory for model and tables; what words
contribute is stored with the table of words (see `sums`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np

from indexer.enrich.kernels import decoding
from indexer.enrich.persons.tagger import word_features
from indexer.enrich.persons.tagger.model import Model, load
from indexer.enrich.persons.tagger.sentences import Sentence, Text
from indexer.enrich.persons.tagger.sums import Sums, joins, tables
from indexer.enrich.persons.tagger.word_features import Context
from indexer.enrich.shared import derived
from indexer.enrich.shared.derived import Arrays
from indexer.enrich.shared.words import Numbers, Table
from indexer.languages import Language

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


def derived_from(model: Model) -> Arrays:
    """What a `Tagger` needs of a model. Raises ValueError if it has other labels than ours."""
    if len(model.labels) != decoding.LABELS:
        raise ValueError(f"The model has {len(model.labels)} labels, not {decoding.LABELS}.")
    ends = model.sums([feature] for feature in (word_features.FIRST, word_features.LAST, *_MARKS))
    labels = np.frombuffer("\n".join(model.labels).encode(), np.uint8).copy()
    return {**tables(model), "labels": labels, "steps": model.steps.ravel(), "ends": ends.ravel()}


class Tagger:
    """A trained model, ready for use, by several threads.

    Args:
        model: as `derived_from` it.
    """

    def __init__(self, model: Arrays) -> None:
        labels = model["labels"].tobytes().decode().split("\n")
        self._kinds = [label[2:] for label in labels]
        self._inside = np.array([labels.index(f"I-{kind}") if kind else 0 for kind in self._kinds], np.int8)
        self._steps, self._ends = (model[name].reshape(-1, decoding.LABELS) for name in ("steps", "ends"))
        self._joins = joins(model)
        self._sums = Sums(model)

    def learn(self, numbers: Numbers, table: Table) -> None:
        """Sum what some words contribute."""
        self._sums.columns.of(table, numbers)

    def tag(self, text: Sequence[Sentence], around: Context) -> list[Span]:
        """The names in an article's sentences, in order; sentences that are `headline_like` are skipped."""
        whole = Text.of(text)
        numbers, table = whole.numbers, whole.table
        size = len(numbers)
        skipped = np.array([sentence.headline_like for sentence in whole], np.bool_)
        labelled = np.zeros(size, np.int8), np.empty(size)
        places, chances = np.empty((size, 4), np.int32), np.empty(size)
        bits, _, small = whole.looks
        words = (bits, small, *self._sums.columns.of(table, numbers), around.of(table))
        count = decoding.decode(
            (numbers, whole.ends, skipped), words, self._joins, self._ends, self._steps,
            self._inside, labelled, (places, chances)
        )  # fmt: skip
        found = zip(places[:count].tolist(), chances[:count].tolist(), strict=True)
        kinds = self._kinds
        return [Span(at, first, last, kinds[label], round(chance, 3)) for (at, first, last, label), chance in found]


@cache
def tagger(language: Language) -> Tagger:
    """The tagger with the model of a language."""
    name, key = f"tagger_{language.code}", derived.version(language)
    return Tagger(derived.arrays(name, key, lambda: derived_from(load(language))))
