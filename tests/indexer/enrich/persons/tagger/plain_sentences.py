"""Sentences in plain steps, word by word: what the compiled loops are compared with."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from indexer import languages

STOPS = (".", "!", "?", "..", "...")
CLOSING = tuple("\"'”’)]»")
LONGEST = 200

_LETTERS = r"[^\W\d_]+(?:[\u0300-\u036f]+[^\W\d_]*)*"
_UPPER = "A-ZÀ-ÖØ-Þ"
_APOSTROPHE = "['’ʼ]"


@cache
def token_pattern() -> re.Pattern[str]:
    """Matches a word, a punctuation mark or a blank line; there is only white space between two matches."""
    words = languages.default().table("words").items()
    particles = languages.default().listed("after-initial")
    abbreviations = "|".join(re.escape(word) for word, kinds in words if "abbreviation" in kinds)
    return re.compile(
        r"\n[^\S\n]*\n\s*"
        rf"|(?:[{_UPPER}]\.){{2,}}|[{_UPPER}]\.(?=\s*(?:[{_UPPER}]|(?:{'|'.join(particles)})\s))"
        rf"|\b(?=\w+\.)(?:{abbreviations})\."
        rf"|{_APOSTROPHE}[sS](?![^\W_])"
        rf"|{_LETTERS}(?:(?:{_APOSTROPHE}(?![sS](?![^\W_]))|[-‐‑])?{_LETTERS})*"
        r"|\d[\d.,:/-]*(?<![.,:/-])\w*"
        r"|\.\.+|[^\w\s]|_"
    )


def sentences(text: str) -> Iterator[tuple[list[str], list[int]]]:
    """The words of each sentence of a text, and where they begin."""
    words, starts = list[str](), list[int]()
    for match in token_pattern().finditer(text):
        words.append("\n" if len(match[0]) > LONGEST else match[0])
        starts.append(match.start())
    first = 0
    for place, word in enumerate(words):
        if place < first or not (word in STOPS or word[0] == "\n"):
            continue
        end = place
        if word in STOPS:
            end += 1
            while end < len(words) and words[end] in CLOSING:
                end += 1
            if end < len(words) and words[end][0].islower():
                continue
        yield from cut(words, starts, first, end)
        first = end + (end < len(words) and words[end][0] == "\n")
    yield from cut(words, starts, first, len(words))


def cut(words: list[str], starts: list[int], first: int, end: int) -> Iterator[tuple[list[str], list[int]]]:
    for at in range(first, end, LONGEST):
        yield words[at : min(at + LONGEST, end)], starts[at : min(at + LONGEST, end)]


def headline_like(words: Sequence[str]) -> bool:
    """True if words are in title case or capitals."""
    ended = words[-1] in STOPS
    if ended and sum(word.islower() for word in words) >= 0.4 * len(words):
        return False
    letters = [word for word in words if word[0].isalpha()]
    if letters and not any(character.islower() for word in letters for character in word):
        return True
    if len(letters) < 4:
        return False
    if sum(word.isupper() and len(word) > 1 for word in letters) > 0.6 * len(letters):
        return True
    others = len(words) - len(letters)
    if ended or (others > 1 and others >= 0.25 * len(words)):
        return False
    long = [word for word in letters if len(word) > 3]
    return len(long) >= 4 and sum(word[0].isupper() for word in long) >= 0.85 * len(long)
