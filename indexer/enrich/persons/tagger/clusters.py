"""Classes of words that are used alike in much text: in German, that of surnames has 70,000, whatever tables know.

`clusters.npz` of a language has a class for each word that was met often enough there, by the checksum of the word as
it is written: one in 6,000 words that it does not have gets the class of another one. The classes are the leaves of a
binary tree (Brown et al. 1992); what two of them have in common is the path from its root. A language without the file
has none, or those of a relative, whose text has its surnames too: Portuguese those of Spanish.

Cost: half a microsecond a word, once for each of a table.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from indexer import languages
from indexer.enrich.shared.derived import Arrays
from indexer.languages import RELATIVE, Language

FILE = "clusters.npz"

SHORT = (4, 6, 8, 10)
"""The lengths of the beginnings of a path that are features of their own, in steps from the root of the tree."""

MARKS = WRITTEN, SMALL, HEAD = "k", "l", "t"
"""Begin the features of the class of a word as it is written; in lower case, if it has a capital; and of the end of a
word that has no class, as of a compound."""

LEAST_HEAD, LEAST_FIRST, LONGEST = 4, 3, 40
"""The fewest letters of an end that is looked up, and of what is before it; how much of a longer word is looked at."""

NONE: Arrays = {"checksums": np.zeros(0, np.uint32), "classes": np.zeros(0, np.uint16)}
"""Of a language without the file."""


@cache
def load(language: Language) -> Arrays:
    """The checksums of words, ascending, and the class of each: its path, the first step in the lowest bit."""
    of = next(filter(None, map(languages.named, language.listed(RELATIVE))), language)
    if not of.has(FILE):
        return NONE
    with np.load(of.folder / FILE, allow_pickle=False) as arrays:
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


def of(words: Sequence[str], known: Arrays) -> NDArray[np.uint16]:
    """The classes of some words by each of the `MARKS`, (marks, words); 0 where a word has none."""
    found = np.zeros((len(MARKS), len(words)), np.uint16)
    if not len(known["checksums"]):
        return found
    found[0] = classes(words, known)
    upper = [at for at, word in enumerate(words) if word[0].isupper()]
    found[1, upper] = classes([words[at].lower() for at in upper], known)
    owners, ends = list[int](), list[str]()
    for at in upper:
        if not found[0, at]:
            some = _ends(words[at])
            owners += [at] * len(some)
            ends += some
    for at, path in zip(reversed(owners), reversed(classes(ends, known).tolist()), strict=True):
        if path:
            found[2, at] = path  # the longest is the last to be written
    return found


def _ends(word: str) -> list[str]:
    """The ends of a word that may be a word themselves, with a capital, the longest first."""
    word = word[-LONGEST:]
    return [word[at:].capitalize() for at in range(LEAST_FIRST, len(word) - LEAST_HEAD + 1) if word[at].isalpha()]


def features(path: int, mark: str = WRITTEN) -> tuple[str, ...]:
    """The features of a class; none of 0."""
    short = (f"{mark}{size}={path & (1 << size) - 1}" for size in SHORT)
    return (f"{mark}={path}", *short) if path else ()


@lru_cache(maxsize=1 << 14)
def classed(word: str, language: Language) -> tuple[tuple[str, ...], ...]:
    """The features of the classes of a word by each of the `MARKS`, for training."""
    paths = of([word], load(language))[:, 0].tolist()
    return tuple(features(path, mark) for path, mark in zip(paths, MARKS, strict=True))
