"""The trained model of the tagger: weights of features for labels, and of transitions between labels."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.languages import Language


@dataclass(frozen=True, slots=True)
class Model:
    """A trained model.

    Attributes:
        labels: `O` first, then `B-PER`, `I-PER`, ….
        rows: feature → its row.
        weights: float32, (rows + 1, labels); the last row is zero.
        steps: float64, (labels, labels); the weight of each transition.
        language: whose words it reads; None if it is of no language, and knows no classes of words.
    """

    labels: tuple[str, ...]
    rows: dict[bytes, int]
    weights: NDArray[np.float32]
    steps: NDArray[np.float64]
    language: Language | None = None

    def sums(self, groups: Iterable[Iterable[bytes]]) -> NDArray[np.float32]:
        """The sums of the weights of some groups of features: (groups, labels)."""
        rows, starts = list[int](), list[int]()
        for features in groups:
            starts.append(len(rows))
            rows.append(-1)  # a zero, so that no group is empty
            rows += [row for feature in features if (row := self.rows.get(feature)) is not None]
        found: NDArray[np.float32] = np.add.reduceat(self.weights[rows], starts, dtype=np.float64).astype(np.float32)
        return found


FILE = "persons.npz"


def load(language: Language) -> Model:
    """Load the model of a language."""
    with np.load(language.folder / FILE, allow_pickle=False) as arrays:
        features = arrays["features"].tobytes().split(b"\n")
        labels = tuple(arrays["labels"].tobytes().decode().split("\n"))
        weights = np.zeros((len(features) + 1, len(labels)), np.float32)
        weights[np.repeat(np.arange(len(features)), arrays["sizes"]), arrays["columns"]] = arrays["weights"]
        return Model(labels, {feature: row for row, feature in enumerate(features)}, weights, arrays["steps"], language)
