"""How much of a text can be read: the share of its words that are words of its language.

A scanner's errors make words that no language has; so do tables and lists of names, which are rare. A word is known if
the lexicon of the language has it (`lexicon.npz`), or has it as it is spelled today (`former.tsv`: “Thür”, “geheele”,
“étoit”), or, in a language with the kind `joint`, has both parts of a compound. Case and accents do not count, nor do
numbers and single letters. The text alone is read, of whatever origin: a plain file may be a scanner's as well.

A text of which nobody says the language, and in which none is found, has no share: the shreds of a page that could not
be read are often short words of any language by chance.

Cost: some ten microseconds a text; some microseconds for a word that is new, or some ten if it is not known.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from indexer.enrich.language import by_language, language_of
from indexer.enrich.shared.lexicon import folded_word
from indexer.enrich.shared.runs import Parts, Runs, cut
from indexer.languages import Language
from search.values.article import Article, changed

FILE = "lexicon.npz"
FORMER, JOINT = "former", "joint"
"""The table of former spellings: a pattern, and what is written in place of it today, applied in their order. The kind
of letters between the parts of a compound."""
LEAST_WORDS = 20
"""The number of words that a text must have."""
PART, LONGEST = 4, 40
"""The least number of letters in a part of a compound, and the greatest in a compound."""
_WORD = re.compile(r"[^\W\d_]{2,}")

Flags = NDArray[np.bool_]


def enrich(article: Article) -> Article:
    """Return the article with the share of its words that are known, if it is in a language with a lexicon."""
    language = language_of(article, FILE) if article.language is not None else None
    if language is None:
        return article
    known = cut(article.text, language).spelled(KNOWN)
    if len(known) < LEAST_WORDS:
        return article
    return changed(article, known=round(float(np.count_nonzero(known)) / len(known), 2))


def learn(articles: Sequence[Article]) -> None:
    """Find out which words of some articles are known."""
    for language, some in by_language([article for article in articles if article.language is not None], FILE):
        for table in {each.table for each in [cut(article.text, language) for article in some]}:
            KNOWN.known(table)


def words_of(text: str) -> list[str]:
    """The words of a text that count, folded."""
    return [folded_word(word) for word in _WORD.findall(text)]


class Lexicon:
    """The words of a language.

    Args:
        language: one that has the file.
    """

    def __init__(self, language: Language) -> None:
        with np.load(language.folder / FILE, allow_pickle=False) as arrays:
            self._checksums: NDArray[np.uint32] = np.cumsum(arrays["steps"], dtype=np.uint32)
        self._former = [(re.compile(old, re.M), new) for old, (new,) in language.table(FORMER).items()]
        self._joints = language.listed(JOINT)

    def known(self, words: Sequence[str]) -> Flags:
        """True for each word, folded, that is known."""
        found = self._has(words)
        if len(rest := np.flatnonzero(~found)):
            unknown = [words[at] for at in rest.tolist()]
            today = self._today(unknown)
            found[rest] = self._has(today) | self._are_compounds(unknown) | self._are_compounds(today)
        return found

    def _has(self, words: Sequence[str]) -> Flags:
        sought = np.fromiter(map(checksum, words), np.uint32, len(words))
        places = np.minimum(np.searchsorted(self._checksums, sought), len(self._checksums) - 1)
        return np.asarray(self._checksums[places] == sought)

    def _today(self, words: Sequence[str]) -> Sequence[str]:
        """Words as they may be spelled today; a line each, so that a pattern is looked for once."""
        lines = "\n".join(words)
        for old, new in self._former:
            lines = old.sub(new, lines)
        return lines.split("\n")

    def _are_compounds(self, words: Sequence[str]) -> Flags:
        found = np.zeros(len(words), np.bool_)
        if not self._joints:
            return found
        heads, tails, of = [], [], []
        for number, word in enumerate(words):
            if 2 * PART <= len(word) <= LONGEST:
                for at in range(PART, len(word) - PART + 1):
                    for joint in ("", *self._joints):
                        if word.endswith(joint, PART, at):
                            heads.append(word[: at - len(joint)])
                            tails.append(word[at:])
                            of.append(number)
        if of:
            found[np.array(of)[self._has(tails) & self._has(heads)]] = True
        return found


def checksum(word: str) -> int:
    """What a word is found by."""
    return crc32(word.encode("utf-8", "surrogatepass"))


@cache
def lexicon(language: Language) -> Lexicon:
    """The words of a language."""
    return Lexicon(language)


def _parts(table: Runs, written: Sequence[str]) -> tuple[list[int], list[Flags]]:
    """The words of some runs: the number in each, and 1 for each that is known."""
    found = [[run.lower()] if run.isascii() and run.isalpha() and len(run) > 1 else words_of(run) for run in written]
    return [len(each) for each in found], [lexicon(table.words.language).known([w for each in found for w in each])]


KNOWN = Parts((np.int32,), _parts)
"""The words that count: 1 for one that is known, else 0."""
