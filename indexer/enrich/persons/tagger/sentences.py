"""Splits a text into sentences, and these into words with offsets.

For names in English news: an abbreviation or an initial does not end a sentence, and a sentence in title case or
capitals is recognised, because its capitals show nothing. Not for searching, which uses the words of
`search.text`.

Cost: about a microsecond a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np

from indexer.enrich.kernels import reading
from indexer.enrich.shared import lexicon
from indexer.enrich.shared.words import LONGEST, LOOKS, Numbers, Table, current

_LETTERS = r"[^\W\d_]+(?:[\u0300-\u036f]+[^\W\d_]*)*"
_UPPER = "A-ZÀ-ÖØ-Þ"
_APOSTROPHE = "['’ʼ]"

LONGEST_SENTENCE = 200
"""The greatest length of a sentence in words; tables and lists without a full stop are cut."""


class Sentence:
    """Words and punctuation marks of one sentence, with their offsets in the text, in code points.

    Attributes:
        words: as they are written; `numbers`: in the `table` of all words.
        starts: the offset of each.
        capitals: the indexes of the words that begin with a capital letter.
        headline_like: True if it is in title case or capitals, so that a capital does not indicate a name; see
            `kernels.reading.like_headline`.
    """

    __slots__ = ("capitals", "headline_like", "numbers", "starts", "table", "words")

    def __init__(
        self,
        words: Sequence[str],
        starts: Sequence[int],
        capitals: Sequence[int],
        headline_like: bool,
        numbers: Numbers,
        table: Table,
    ) -> None:
        self.words, self.starts, self.capitals, self.headline_like = words, starts, capitals, headline_like
        self.numbers, self.table = numbers, table

    @classmethod
    def of(cls, words: Sequence[str], starts: Sequence[int] = ()) -> Sentence:
        """Some words as one sentence."""
        table = current()
        numbers = table.numbers(words)
        capitals = [at for at, word in enumerate(words) if word[0].isupper()]
        alike = bool(words) and reading.like_headline(numbers, 0, len(words), LOOKS.of(table, numbers)[0])
        return cls(words, starts or range(len(words)), capitals, alike, numbers, table)

    def span(self, first: int, last: int) -> tuple[int, int]:
        """The offsets in the text of the words from `first` to `last`, exclusive."""
        return self.starts[first], self.starts[last - 1] + len(self.words[last - 1])


@cache
def token_pattern() -> re.Pattern[str]:
    """Matches a word, a punctuation mark or a blank line; there is only white space between two matches."""
    abbreviations = "|".join(
        re.escape(word) for word, kinds in lexicon.table("words").items() if "abbreviation" in kinds
    )
    return re.compile(
        r"[A-Za-z]++(?=[ ,\n])"  # fast path: most words
        r"|\n[^\S\n]*\n\s*"
        rf"|(?:[{_UPPER}]\.){{2,}}|[{_UPPER}]\.(?=\s*(?:[{_UPPER}]|(?:de|van|von|der|den|du|da|del|di|la|le|ter)\s))|\b(?=\w+\.)(?:{abbreviations})\."
        rf"|{_APOSTROPHE}[sS](?![^\W_])"
        rf"|{_LETTERS}(?:(?:{_APOSTROPHE}(?![sS](?![^\W_]))|[-‐‑])?{_LETTERS})*"
        r"|\d[\d.,:/-]*(?<![.,:/-])\w*"
        r"|\.\.+|[^\w\s]|_"
    )


def sentences(text: str, table: Table | None = None) -> list[Sentence]:
    """The sentences of a text; a blank line ends one, a full stop of an abbreviation or initial does not.

    Args:
        table: of numbers of words; the current one by default.
    """
    words = token_pattern().findall(text)
    if not words:
        return []
    table = table or current()
    numbers = table.numbers(words)
    bits, lengths, _ = LOOKS.of(table, numbers)
    if max(map(len, words)) > LONGEST:
        starts = np.fromiter(_placed(text, words), np.int32, len(words))
    else:
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        starts = np.zeros(len(words), np.int32)
        reading.locate(codes, numbers, lengths, starts)
    return _split(words, starts, numbers, table, bits)


def _placed(text: str, words: Sequence[str]) -> Iterator[int]:
    at = 0
    for word in words:  # nothing between two of them could begin one
        at = text.index(word, at)
        yield at
        at += len(word)


def _split(words: Sequence[str], starts: Numbers, numbers: Numbers, table: Table, bits: reading.U32) -> list[Sentence]:
    """Words as sentences."""
    size = len(words)
    firsts, ends, capital_ends, capitals = (np.empty(size, np.int32) for _ in range(4))
    loud = np.empty(size, np.bool_)
    count = reading.split(numbers, bits, LONGEST_SENTENCE, (firsts, ends, capital_ends, loud), capitals)
    places, listed = starts.tolist(), capitals[: capital_ends[count - 1] if count else 0].tolist()
    found, used = list[Sentence](), 0
    each = (part[:count].tolist() for part in (firsts, ends, capital_ends, loud))
    for first, end, capital_end, alike in zip(*each, strict=True):
        capital = listed[used:capital_end]
        used = capital_end
        found.append(Sentence(words[first:end], places[first:end], capital, alike, numbers[first:end], table))
    return found
