"""What each word contributes to the scores of labels around it: the sums of the weights of its features.

They are computed once for each word of a table (`kernels.features`), from the features of a model, which are
indexed by their letters. The features of three neighbouring words, which depend on their kinds alone, are a hash table.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from indexer.enrich.kernels import decoding, features, numbering
from indexer.enrich.persons.tagger import clusters
from indexer.enrich.persons.tagger.model import Model
from indexer.enrich.shared import characters
from indexer.enrich.shared.derived import Arrays
from indexer.enrich.shared.lexicon import FLAGS, folded_word
from indexer.enrich.shared.words import LOOKS, Codes, Columns, Index, Numbers, Table, codes_of

_OF_WORDS = ("w=", "c=", "s=", "n=", "f=", "<", ">")
"""Begin the features of words."""

_SIDES = {"-1": decoding.BEFORE, "+1": decoding.AFTER, "-2": decoding.SECOND_BEFORE, "+2": decoding.SECOND_AFTER}
"""Begin those of their neighbours."""

_FLAGS = codes_of(FLAGS)


def tables(model: Model) -> Arrays:
    """What the features of a model contribute, as arrays: `Sums` reads those of words, `joins` those of their kinds."""
    return {**_pieces(model), **_joins(model), **_clusters(model)}


def _clusters(model: Model) -> Arrays:
    """The classes of words of a model, and float32, (marks, classes, 5, labels), what each adds; see `clusters`."""
    known = clusters.load(model.language) if model.language else clusters.NONE
    paths = np.unique(np.append(known["classes"], np.uint16(0)))  # the first is that of words that have none
    weights = np.zeros((len(clusters.MARKS), len(paths), 5, len(model.labels)), np.float32)
    for kind, mark in enumerate(clusters.MARKS):
        for before, side in (("", decoding.OWN), *_SIDES.items()):
            groups = [[f"{before}{each}".encode() for each in clusters.features(path, mark)] for path in paths.tolist()]
            weights[kind, :, side] = model.sums(groups)
    return {**known, "paths": paths, "path_weights": weights.ravel()}


def _pieces(model: Model) -> Arrays:
    """The features of words in a model, each once for all the words that it contributes to: an index of them, as they
    are for the word itself, and float32, (features + 1, 5, labels), what each contributes, by `decoding.OWN`, ….
    """
    places: dict[str, dict[int, int]] = {}
    for feature, row in model.rows.items():
        written = feature.decode()
        side = _SIDES.get(written[:2], decoding.OWN)
        piece = written[2:] if side else written
        if piece.startswith(_OF_WORDS):
            places.setdefault(piece, {})[side] = row
    weights = np.zeros((len(places) + 1, 5, len(model.labels)), np.float32)
    for number, sides in enumerate(places.values(), 1):
        for side, row in sides.items():
            weights[number, side] = model.weights[row]
    return {**_of_index("pieces", Index(list(places))), "weights": weights.ravel()}


def _joins(model: Model) -> Arrays:
    """The features of kinds of neighbouring words in a model: an index of the kinds, keys of three of them, and their
    weights; see `decoding.decode`.
    """
    numbers = {"^": decoding.FIRST, "$": decoding.LAST}
    rows: dict[int, int] = {}
    for feature, row in model.rows.items():
        if feature[:3] in (b"-c=", b"+c=", b"3c="):
            for kinds in kinds_of(feature.decode()):
                key = 0
                for kind in kinds:
                    number = numbers.setdefault(kind, decoding.FIRST + len(numbers)) if kind else decoding.ANY
                    key = key << decoding.KIND_BITS | number
                rows[key] = row
    keys = np.zeros(1 << (2 * len(rows)).bit_length(), np.int64)
    slots = np.empty(len(rows), np.int64)
    decoding.place(np.array(list(rows), np.int64), keys, slots)
    weights = np.zeros((len(keys), len(model.labels)), np.float32)
    weights[slots] = model.weights[list(rows.values())]
    return {**_of_index("kinds", Index(list(numbers))), "keys": keys, "joins": weights.ravel()}


def joins(tables: Arrays) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """A hash table of keys of three kinds, and the weights of each; see `decoding.decode`."""
    return tables["keys"], tables["joins"].reshape(-1, decoding.LABELS)


def _of_index(name: str, index: Index) -> Arrays:
    slots, pool, begins, seed = index.arrays
    return {
        f"{name}_slots": slots,
        f"{name}_pool": pool,
        f"{name}_begins": begins,
        f"{name}_seed": np.array([seed], np.uint64),
    }


def _index(name: str, tables: Arrays) -> numbering.Index:
    slots, pool, begins, seed = (tables[f"{name}_{part}"] for part in ("slots", "pool", "begins", "seed"))
    return slots, pool, begins, np.uint64(seed[0])


def kinds_of(feature: str) -> Iterator[tuple[str, str, str]]:
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


_SHAPE = (5, decoding.LABELS)


class Sums:
    """The sums of words by a model.

    Args:
        tables: of the model.

    Attributes:
        columns: of each word of a table its kind, and float32, (5, labels), what it contributes, by `decoding.OWN`, ….
    """

    def __init__(self, tables: Arrays) -> None:
        self._pieces, self._kinds = _index("pieces", tables), _index("kinds", tables)
        self._weights = tables["weights"].reshape(-1, *_SHAPE)
        self._known, self._paths = tables, tables["paths"]
        self._path_weights = tables["path_weights"].reshape(len(clusters.MARKS), -1, *_SHAPE)
        self.columns = Columns((np.uint16, (np.float32, _SHAPE)), self._of)

    def _of(
        self, table: Table, words: Sequence[str], numbers: Numbers
    ) -> tuple[NDArray[np.uint16], NDArray[np.float32]]:
        bits, *_ = LOOKS.of(table, numbers)
        written, folded = _joined(words), _joined(list(map(folded_word, words)))
        kinds = np.empty(len(words), np.uint16)
        sums = np.empty((len(words), *_SHAPE), np.float32)
        features.add_up(
            bits[numbers], written, folded, characters.bits_for(written[0]), _FLAGS, self._pieces, self._weights,
            self._kinds, sums, kinds
        )  # fmt: skip
        if len(self._known["checksums"]):
            for weights, paths in zip(self._path_weights, clusters.of(words, self._known), strict=True):
                sums += weights[np.searchsorted(self._paths, paths)]
        return kinds, sums


def _joined(words: Sequence[str]) -> tuple[Codes, Numbers]:
    """The letters of some words, one after the other, and where each ends."""
    return codes_of("".join(words)), np.array(list(accumulate(map(len, words))), np.int32)
