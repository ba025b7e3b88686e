"""The model of languages: the probability of each, from the byte sequences in a text.

Model and method are those of py3langid (naive Bayes over features that an automaton finds), with loops of our own
(`kernels.letters`). The library packs its model tightly: unpacking it takes half a second. So the arrays are stored
once, unpacked, in the directory of the compiled kernels (some 70 MB), and mapped into memory by every process.

Cost: a few milliseconds to load; then some 30 microseconds for a text of 800 characters, 60 if its words are of no
language, so that all of the model is looked up.
"""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass
from functools import cache
from hashlib import sha256

import numpy as np
from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier

from indexer.enrich.kernels import letters
from indexer.enrich.shared import derived
from indexer.enrich.shared.derived import Arrays
from indexer.languages import DEFAULT

PARTS = {"wuu": "zh", "yue": "zh", "ary": "ar", "arz": "ar"}
"""Languages of the model that are written like another one, whose code represents both."""


@dataclass(frozen=True, slots=True)
class Guess:
    """The likeliest language of a text, its probability, and that of `languages.DEFAULT`."""

    language: str
    probability: float
    default: float


class Model:
    """The automaton, and the weights of its features.

    Args:
        arrays: `moves`, `rows` and `features` of the automaton (see `letters.Automaton`); `weights`, int16, and
            `priors` of the classes; `unit`, by which to divide sums of weights; `classes`, their languages in UTF-8, a
            line each, of which some stand more than once.
    """

    def __init__(self, arrays: Arrays) -> None:
        self.automaton = arrays["moves"], arrays["rows"], arrays["features"]
        classes = [PARTS.get(code, code) for code in arrays["classes"].tobytes().decode().split("\n")]
        self.languages = list(dict.fromkeys(classes))
        numbers = np.array([self.languages.index(code) for code in classes])
        self.weights = arrays["weights"], arrays["priors"], numbers, float(arrays["unit"][0])
        self._default = self.languages.index(DEFAULT)

    def guess(self, text: str) -> Guess:
        """The language of a text; if the model knows nothing in it, all are equally likely."""
        chances = np.zeros(len(self.languages))
        first = letters.chances(np.frombuffer(_encoded(text), np.uint8), self.automaton, self.weights, chances)
        return Guess(self.languages[first], float(chances[first]), float(chances[self._default]))


def _encoded(text: str) -> bytes:
    """A text as the model reads it: capitals are read in lower case if there is nothing else."""
    return unicodedata.normalize("NFC", text.lower() if text.isupper() else text).encode("utf-8", "surrogatepass")


@cache
def load() -> Model:
    """The model of the library, from the stored arrays."""
    return Model(derived.arrays("languages", sha256((MODEL_DIR / MODEL_FILE).read_bytes()).hexdigest()[:16], unpacked))


def unpacked() -> Arrays:
    """The arrays of the model as the library has it."""
    model = LanguageIdentifier.from_model_file(MODEL_FILE)
    weights = np.asarray(model.nb_ptc, np.float32)
    unit = 2.0 ** math.floor(math.log2(np.iinfo(np.int16).max / float(np.abs(weights).max())))
    return {
        "moves": np.array(model.tk_nextmove, np.uint32),
        "rows": np.array(model.tk_row, np.uint16),
        "features": np.array(model.tk_output, np.int32),
        "weights": np.rint(weights * unit).astype(np.int16).ravel(),
        "priors": np.asarray(model.nb_pc, np.float32),
        "unit": np.array([unit], np.float32),
        "classes": np.frombuffer("\n".join(model.nb_classes).encode(), np.uint8),
    }
