"""Words: tokens, folding and stems, defined once for indexing, querying and highlighting.

A token is a run of letters, digits and combining marks, with apostrophes inside it; a Han, Hiragana or Katakana
character is a token by itself, since such text has no spaces. A token is folded (case, accents, width, `contractions`),
then stemmed by the Snowball algorithm of the article's language. The index contains *terms*: a stem and the language it
belongs to, so that a word of a query finds French articles by its French stem, and no others.

Not for sentence splitting (see `snippets`) or names (see `indexer.enrich`). Cost: about a microsecond a token
for words seen before; stems are cached.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, islice
from typing import NamedTuple

import Stemmer

from search.text.contractions import word_of
from search.text.plurals import SINGULARS

SNOWBALL = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "es": "spanish", "et": "estonian", "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish",
    "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian",
    "nb": "norwegian", "ne": "nepali", "nl": "dutch", "nn": "norwegian", "no": "norwegian", "pt": "portuguese",
    "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish", "ta": "tamil", "tr": "turkish",
    "yi": "yiddish",
}  # fmt: skip
"""ISO 639-1 code → Snowball algorithm, for the languages whose words are stemmed; others are only folded."""

SUFFIX_STEMMERS = frozenset(
    ("ca", "da", "de", "en", "es", "fi", "fr", "hu", "it", "lt", "nb", "nn", "no", "pt", "ro", "sv")
)
"""Languages whose stemmer only cuts or changes endings."""

DEFAULT_LANGUAGE = "en"
"""The language of an article that states none."""

OF = "|"
"""Separates a stem from its language in a term; no folded word contains it."""

_FIRST = {algorithm: code for code, algorithm in reversed(SNOWBALL.items())}
"""Snowball algorithm → the first of the languages that it stems."""


def _ranges(characters: str) -> str:
    """Characters in order, none of ASCII, as a class of a regular expression, which is then compiled in no time."""
    ranges: list[str] = []
    for character in characters:
        if ranges and ord(character) == ord(ranges[-1][-1]) + 1:
            ranges[-1] = f"{ranges[-1][0]}-{character}"
        else:
            ranges.append(character)
    return "".join(ranges)


_MARK_BLOCKS = chain(range(0x300, 0x3400), range(0xA000, 0xAC00), range(0xFB00, 0xFE30))
"""Where marks are: all but ideographs, Hangul syllables, surrogates and private use, which make up most code points."""
_MARK_SET = "".join([c for c in map(chr, _MARK_BLOCKS) if unicodedata.category(c) in ("Mn", "Mc")])
MARKS = _ranges(_MARK_SET)
"""Combining marks, as the inside of a character class."""
IDEOGRAPHS = (
    "\u3038-\u303a\u3040-\u30ff\u3192-\u319f\u3220-\u3229\u3280-\u3289\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
"""Signs that are words by themselves, in the same form."""
APOSTROPHES = "'’ʼ＇"
_LETTER = rf"(?![{IDEOGRAPHS}{APOSTROPHES}])[^\W_]"
_TOKEN = re.compile(
    r"[A-Za-z]++(?=[ ,.\n])|"  # fast path for most words
    rf"[{IDEOGRAPHS}][{MARKS}]*|{_LETTER}(?:{_LETTER}|[{MARKS}])*(?:[{APOSTROPHES}]{_LETTER}(?:{_LETTER}|[{MARKS}])*)*"
)
_SHORT = 20
"""Characters for each word that is asked for, up to which finding all words is faster than finding them one by one."""
MAX_WORD = 64
"""Letters of a word that are indexed; the rest is ignored, in articles and in queries alike."""

_ACCENTS = re.compile("[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u064b-\u0652\u0670]")
"""Marks that a writer may omit: Latin, Greek and Cyrillic accents, Hebrew points, Arabic vowel signs."""
_IDEOGRAPH = re.compile(f"[{IDEOGRAPHS}]")
_NO_LETTER = re.compile(rf"[^\w{MARKS}]|_")
_PLAIN_APOSTROPHES = str.maketrans(dict.fromkeys(APOSTROPHES, "'"))
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "AE", "Ö": "OE", "Ü": "UE"})
_STROKES = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ħ": "h"})


class Token(NamedTuple):
    """A word of a text: folded, with its position in code points (end exclusive)."""

    word: str
    start: int
    end: int


def runs(text: str) -> Iterator[re.Match[str]]:
    """The words of a text as they are written, in order."""
    return _TOKEN.finditer(text)


def words(text: str) -> list[str]:
    """The same without their positions, in an eighth of the time."""
    found: list[str] = _TOKEN.findall(text)
    return found


def beginning(text: str, most: int) -> Counter[str]:
    """The folded words among the first `most` words of a text, and how often each is there."""
    found: Counter[str] = Counter()
    first = words(text)[:most] if len(text) <= most * _SHORT else [match[0] for match in islice(runs(text), most)]
    for word, count in Counter(first).items():
        if folded := fold_word(word):
            found[folded] += count
    return found


def tokens(text: str) -> Iterator[Token]:
    """The words of a text in order, folded but not stemmed; a run that folds to nothing is skipped."""
    for match in runs(text):
        word = fold_word(match[0])
        if word:
            yield Token(word, match.start(), match.end())


def fold_word(word: str) -> str:
    """A token in folded form: lower case, without accents, possessive and apostrophes; of a contraction its word."""
    if word.isascii() and word.isalnum():  # fast path
        return word[:MAX_WORD].lower()
    return _fold_word(word[: 2 * MAX_WORD])


@lru_cache(maxsize=1 << 18)
def _fold_word(word: str) -> str:
    word = word_of(_casefold(word).translate(_PLAIN_APOSTROPHES))
    word = _NO_LETTER.sub("", word).lstrip(_MARK_SET)[:MAX_WORD]
    return word if len(word) < 2 or not _IDEOGRAPH.match(word) else word[0]


def as_typed(part: str, text: str) -> str:
    """A part of a canonical query, its words as they are in the text that was typed: `prasident` as `Präsident`."""
    typed = _typed(text)
    return _TOKEN.sub(lambda word: typed.get(word[0], word[0]), part)


@lru_cache(maxsize=16)  # a query has hundreds of parts, which are shown one by one
def _typed(text: str) -> dict[str, str]:
    """Folded word → the word as it is in a text."""
    return {fold_word(match[0]): match[0] for match in runs(text)}


def is_letter(word: str) -> bool:
    """True for a folded word of one character, such as an initial, in a script in which that is no word."""
    return len(word) == 1 and not _IDEOGRAPH.match(word)


@lru_cache(maxsize=1 << 16)
def fold(value: str) -> str:
    """A name in folded form: lower case, without accents, spaces collapsed. `fold("Élysée  ") == "elysee"`.

    A name of nothing but accents is not folded.
    """
    return " ".join(_casefold(value).split()) or " ".join(value.split())


def plain_spellings(value: str) -> tuple[str, ...]:
    """A name as it is typed without accents, folded, each once: without its umlauts, and with ae, oe, ue for them.

    `plain_spellings("Österreich") == ("osterreich", "oesterreich")`.
    """
    return tuple(dict.fromkeys((fold(value), fold(unicodedata.normalize("NFC", value).translate(_UMLAUTS)))))


def spelling_order(value: str) -> tuple[bool, int, str]:
    """A sort key that puts the better of two equally frequent spellings first: mixed case, then accents.

    `Günter` before `Gunter` before `GUNTER`.
    """
    return value.isupper() or value.islower(), -sum(not c.isascii() for c in value), value


def _casefold(value: str) -> str:
    if value.isascii():
        return value.lower()
    decomposed = unicodedata.normalize("NFKD", value).casefold().translate(_STROKES)
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFKD", decomposed)))


_stemmers = threading.local()


@lru_cache(maxsize=1 << 18)
def stem(word: str, language: str | None) -> str:
    """The stem of a folded word in a language; the word itself if the language has no stemmer.

    Source: the Snowball algorithms, https://snowballstem.org.
    """
    return stems((word,), language)[0]


def stems(words: Sequence[str], language: str | None) -> Sequence[str]:
    """The stems of many words, computed without the cache."""
    algorithm = SNOWBALL.get(language or DEFAULT_LANGUAGE)
    if algorithm is None:
        return words
    stemmer = getattr(_stemmers, algorithm, None)
    if stemmer is None:
        stemmer = Stemmer.Stemmer(algorithm)
        stemmer.maxCacheSize = 0  # its own cache costs more than stemming; that of `stem` does not
        setattr(_stemmers, algorithm, stemmer)
    stemmed: Sequence[str] = stemmer.stemWords(words)
    return stemmed


@lru_cache(maxsize=1 << 18)
def term(word: str, language: str | None) -> str:
    """The term for a folded word of an article in a language. `cheval` in French: `cheval|fr`.

    It is the stem (for an irregular plural that of its singular), then `OF` and the language whose stemmer made it; all
    languages without a stemmer share "". For English, the default, `OF` and the language are omitted.
    """
    return index_terms((word,), language)[0]


def index_terms(words: Sequence[str], language: str | None) -> Sequence[str]:
    """The terms of many words, computed without the cache."""
    language = language or DEFAULT_LANGUAGE
    if language == DEFAULT_LANGUAGE:
        return stems(list(map(SINGULARS.get, words, words)), language)
    of = f"{OF}{_FIRST.get(SNOWBALL.get(language, ''), '')}"
    return [stem + of for stem in stems(words, language)]


def terms_in(word: str, languages: Iterable[str | None]) -> list[str]:
    """The terms for a folded word of a query in an archive of these languages, each once, sorted."""
    return sorted({term(word, language) for language in languages})


def rows_in(words: Sequence[str], languages: Iterable[str | None]) -> list[tuple[str, ...]]:
    """The same for words that must occur together: one row per stemmer, each with the terms of one language."""
    return sorted({tuple(term(word, language) for word in words) for language in languages})


def terms(text: str, language: str | None) -> list[str]:
    """The terms of a text in order, as indexed."""
    return [term(token.word, language) for token in tokens(text)]
