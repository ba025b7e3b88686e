"""Classes of words that are used alike in much text: in German, that of surnames has 70,000, whatever tables know.

`clusters.npz` of a language has a class for each word that was met often enough there, by the checksum of the word as
it is written: one in 6,000 words that it does not have gets the class of another one. The classes are the leaves of a
binary tree (Brown et al. 1992); what two of them have in common is the path from its root. A language without the file
has none.

Cost: half a microsecond a word, once for each of a table.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from indexer.enrich.shared.derived import Arrays
from indexer.languages import Language

FILE = "clusters.npz"

SHORT = (4, 6, 8, 10)
"""The lengths of the beginnings of a path that are features of their own, in steps from the root of the tree."""

MARK = "k"
"""Begins the features."""

NONE: Arrays = {"checksums": np.zeros(0, np.uint32), "classes": np.zeros(0, np.uint16)}
"""Of a language without the file."""


@cache
def load(language: Language) -> Arrays:
    """The checksums of words, ascending, and the class of each: its path, the first step in the lowest bit."""
    if not language.has(FILE):
        return NONE
    with np.load(language.folder / FILE, allow_pickle=False) as arrays:
        return {"checksums": np.cumsum(arrays["steps"], dtype=np.uint32), "classes": arrays["classes"]}


def checksum(word: str) -> int:
    """What a word is found by."""
    return crc32(word.encode("utf-8", "surrogatepass"))


def classes(words: Sequence[str], known: Arrays) -> NDArray[np.uint16]:
    """The class of each of some words; 0 for one that has none."""
    checksums, of = known["checksums"], known["classes"]
    if not len(checksums):
        return np.zeros(len(words), np.uint16)
    sought = np.array(list(map(checksum, words)), np.uint32)
    places = np.minimum(np.searchsorted(checksums, sought), len(checksums) - 1)
    return np.where(checksums[places] == sought, of[places], np.uint16(0))


def features(path: int) -> tuple[str, ...]:
    """The features of a class; none of 0."""
    short = (f"{MARK}{size}={path & (1 << size) - 1}" for size in SHORT)
    return (f"{MARK}={path}", *short) if path else ()


@lru_cache(maxsize=1 << 14)
def features_of(word: str, language: Language) -> tuple[str, ...]:
    """The features of the class of a word, for training."""
    return features(int(classes([word], load(language))[0]))
