"""Epithets: what is said next to a name, such as *Secretary of State* or *the opposition leader*.

Three constructions are read: a title directly before the name, all of whose words are capitalized except function words
(*Foreign Minister*, *Secretary of State*); in other languages than English, which write titles small, what an article
begins there (*le ministre de l'Intérieur*, *der frühere Kanzler*); and an apposition after the name, between commas
and with an article (*, the opposition leader,*). None needs a table of titles, so new offices are found too; what is
no title (*On Monday*) seldom recurs next to the same name.

Cost: some microseconds a mention; at most `REACH` characters on each side of it are read.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from search.syntax.function_words import FUNCTION_WORDS
from search.text import date_words
from search.text.tokens import fold, fold_word

REACH = 80
"""The number of characters read before a mention, and after it."""
WORDS = 5
"""The greatest number of words of an epithet."""
LEAST = 2
"""The minimum number of texts that have an epithet."""
SHARE = 0.6
"""A part of a longer epithet is not listed if at least this share of its texts have the longer one."""

_WORD = r"[^\W\d_]+(?:[-'’][^\W\d_]+)*"
_BEFORE = re.compile(rf"(?:\b(?:{_WORD})[^\S\n]+){{1,{WORDS}}}\Z")
_AFTER = re.compile(rf",[^\S\n]+((?:{_WORD})(?:[^\S\n]+{_WORD}){{1,{WORDS}}})[,.;]")
_ARTICLES = frozenset(
    (
        "the", "a", "an", "le", "la", "les", "un", "une", "el", "los", "las", "una", "der", "die", "das", "ein",
        "eine", "il", "lo", "gli", "o", "os", "as", "um", "uma", "de", "het", "een",
    )
)  # fmt: skip
_ROMANCE = frozenset(("le", "la", "el", "il", "lo", "o", "os"))
_BEGINS_TITLE = _ROMANCE | {"der", "die", "das", "den", "dem", "het", "een"}
"""Articles that are no words of English."""
_DUTCH = "de"
"""An article, unless there is one of the languages in which it is a preposition: *el jefe de gobierno*."""
_WITH_PREPOSITION = frozenset(("du", "au", "del", "al", "des", "vom", "zum", "ao", "do", "da", "pelo", "pela", "dal"))
"""Articles in one word with a preposition, which are in titles, too: *presidente del Gobierno*."""
_PREPOSITIONS = frozenset(("de", "à", "di", "von"))
_ELIDED = re.compile("[ld]['’]")
"""An article or preposition that is in one word with what follows."""
_FORMS_OF_ADDRESS = 3
"""A title of a single word is at least one letter longer than this: *Mr*, *Mrs* and *Dr* are of no interest."""

Mention = tuple[str, int, int]
"""A text, and where a name is in it: start and end, in code points."""


def epithets(texts: Iterable[Sequence[Mention]], most: int) -> list[str]:
    """The epithets that most texts have, the most frequent first, ties by the longer one.

    Args:
        texts: the mentions of one name, by text.
        most: the maximum number returned.
    """
    having: Counter[str] = Counter()
    written: dict[str, Counter[str]] = {}
    for mentions in texts:
        for key, phrase in {fold(phrase): phrase for mention in mentions for phrase in _next_to(*mention)}.items():
            having[key] += 1
            written.setdefault(key, Counter())[phrase] += 1
    ranked = sorted(
        (key for key, count in having.items() if count >= LEAST),
        key=lambda key: (-having[key], -len(key), key),
    )
    chosen: list[str] = []
    for key in ranked:
        longer = (having[other] for other in ranked if other != key and f" {key} " in f" {other} ")
        if not any(count >= SHARE * having[key] for count in longer):
            chosen.append(key)
        if len(chosen) == most:
            break
    return [min(written[key], key=lambda phrase: (-written[key][phrase], phrase)) for key in chosen]


def _next_to(text: str, start: int, end: int) -> Iterable[str]:
    """The possible epithets at a mention."""
    before = _BEFORE.search(text[max(0, start - REACH) : start])
    words = before.group().split() if before else []
    for first in range(len(words)):
        if _is_title(words[first:]):
            yield " ".join(words[first:])
    if title := _after_article(words):
        yield title
    after = _AFTER.match(text[end : end + REACH])
    words = after.group(1).split() if after else []
    if len(words) > 1 and words[0].lower() in _ARTICLES and not _is_function_word(words[-1]):
        yield " ".join(words[1:])


def _after_article(words: Sequence[str]) -> str:
    """What the last article before a name begins, if it has a word in small letters; not one within it, as in *ministre
    de la Justice*.
    """
    for at in range(len(words) - 1, -1, -1):
        small = words[at].lower()
        elided = _ELIDED.match(small)
        if small == _DUTCH:
            if not _ROMANCE.isdisjoint(word.lower() for word in words[:at]):
                continue
        elif not elided and small not in _BEGINS_TITLE and small not in _WITH_PREPOSITION:
            continue
        title = [words[at][2:], *words[at + 1 :]] if elided else words[at + 1 :]
        if not title:
            return ""
        of = at > 0 and words[at - 1].lower() in _PREPOSITIONS
        if at and title[0][0].isupper() and (of or elided or small in _WITH_PREPOSITION):
            continue
        whole = not any(_is_function_word(word) or _is_of_date(word) for word in (title[0], title[-1]))
        return " ".join(title) if whole and any(word.islower() for word in title) else ""
    return ""


def _is_title(words: Sequence[str]) -> bool:
    """True if all words are capitalized except function words in between, and none is part of a date."""
    first, last = words[0], words[-1]
    if len(words) == 1 and len(first) <= _FORMS_OF_ADDRESS:
        return False
    return (
        not _is_function_word(first)
        and last[0].isupper()
        and all((word[0].isupper() and not _is_of_date(word)) or _is_function_word(word) for word in words)
    )


def _is_function_word(word: str) -> bool:
    folded = fold_word(word)
    return any(folded in table for table in FUNCTION_WORDS.values())


def _is_of_date(word: str) -> bool:
    known, key = date_words.words(), date_words.key(word)
    return key in known.months or key in known.weekdays
