"""Whether two articles are copies of one text: how much they share, and whether what differs was exchanged.

Copies add text or leave it out; a form that is filled in anew exchanges facts in place. So a text is seen twice: as its
*shingles*, all runs of three words, and as its *facts*, the words that a form leaves blank (numbers, months and
weekdays, names, words of direction such as `rises`). Of each, the smallest hashes are kept as a sketch (Broder 1997,
bottom-k sketches). Of two sketches, `contained` is the share of the shorter text's shingles that stand in the longer,
and `swapped` how many facts each of the two has that the other has not, the lesser of both, for a hundred words.

Two articles are copies when most of the shorter one is in the longer and hardly a fact was swapped. Under one headline,
within hours, or where one says that it corrects or repeats, more may differ: that is how a desk sends a story again.
What stands in several other stories as well (letterheads, disclaimers, the printed part of a form) counts for nothing.

Cost: linear in the words of a text, up to `MAX_WORDS`; a comparison takes some twenty microseconds.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from struct import Struct
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from search.article import Article
from search.dates import day_of

Hashes = NDArray[np.uint32]
"""Ascending, without repetition."""

SHINGLE = 3
SIZE = 96
"""Shingles kept of a text, and facts."""
KEYS = 12
"""How many of a sketch's shingles, the smallest, lead to it."""
LEAST = 8
"""Texts of fewer words are in no group."""
MAX_WORDS = 20_000
WINDOW_HOURS = 96.0
"""Copies are published within this time of each other, unless another is asked for."""

CONTAINED = 0.7
SWAPPED = 2.0
CONTAINED_AGAIN = 0.4
AGAIN_HOURS = 12.0
SWAPPED_AT_ONCE = 0.25
"""Sent again at once, under one headline: the share of the facts that may be swapped."""
AT_ONCE_HOURS = 3.0
CONTAINED_CORRECTED = 0.5
SWAPPED_CORRECTED = 0.25
LEAST_RATIO = 0.15
"""A text that stands in one more than so many times its length is quoted there, as in a digest."""
STORIES = 4
"""What stands in so many other stories is no part of any."""

_MONTHS = "january february march april may june july august september october november december"
_DAYS = "monday tuesday wednesday thursday friday saturday sunday"
_NUMBERS = """
    one two three four five six seven eight nine ten eleven twelve hundred thousand million billion
    first second third fourth
"""
_DIRECTIONS = """
    up down more less above below open opens opening close closes closing noon higher lower profit loss
    rise rises rose risen fall falls fell fallen raise raises raised cut cuts gain gains gained drop drops dropped
    increase increases increased decrease decreased decline declines declined buy buys bought sell sells sold
"""
FACTS = frozenset(f"{_MONTHS} {_DAYS} {_NUMBERS} {_DIRECTIONS}".split())
"""English words that a form leaves blank, beside numbers and names."""
_MARKERS = """
    corrected correction corrects corr rpt repeat repeats repeated repeating resend resending refile refiles
    update updates updated amended amends berichtigung korrektur wiederholung rectificatif corrige
"""
MARKERS = frozenset(_MARKERS.split())
"""Words of a headline which say that it was sent before."""

_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|\d(?:[\d.,/:-]*\d)?|[^\W\d_]+")
"""A word or a number; of Chinese and Japanese, which have no spaces, a character."""
_ODD = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F), np.uint64(0x165667B19E3779F9))
_ALL = 1 << 32
_HEAD = Struct("<5Id")
_CAPITALS = 0.6
"""A text with more words in capitals than this has no names that capitals would tell."""


class Sketch(NamedTuple):
    """What is kept of an article to tell its copies.

    Attributes:
        shingles: the smallest hashes of its runs of three words; none where it is too short to have copies.
        facts: the smallest hashes of its facts, of one that stands there several times each by itself.
        headline: the hashes of the words of its headline, markers left out.
        words: how many words it has.
        hours: when it was published, in hours since the year 1; 0 where nobody knows the day.
        whole_day: whether only the day is known.
        again: whether its headline says that it corrects or repeats.
    """

    shingles: Hashes
    facts: Hashes
    headline: Hashes
    words: int
    hours: float
    whole_day: bool
    again: bool

    @property
    def day(self) -> int:
        """The day of publication since the year 1; 0 unknown."""
        return int(self.hours // 24)

    def encode(self) -> bytes:
        """The sketch as bytes, for `decode`."""
        sizes = (len(self.shingles), len(self.facts), len(self.headline), self.words)
        head = _HEAD.pack(*sizes, self.whole_day | self.again << 1, self.hours)
        return b"".join((head, self.shingles.tobytes(), self.facts.tobytes(), self.headline.tobytes()))


NONE = np.empty(0, np.uint32)


def decode(data: bytes) -> Sketch:
    """What `Sketch.encode` was given."""
    shingles, facts, headline, words, flags, hours = _HEAD.unpack_from(data)
    hashes = np.frombuffer(data, np.uint32, offset=_HEAD.size)
    ends = np.cumsum((shingles, facts, headline))
    parts = hashes[: ends[0]], hashes[ends[0] : ends[1]], hashes[ends[1] : ends[2]]
    return Sketch(*parts, words, hours, bool(flags & 1), bool(flags & 2))


def sketch(article: Article) -> Sketch:
    """The sketch of an article."""
    written = _WORD.findall(article.text)[:MAX_WORDS]
    hours, whole_day = _hours(article.published)
    title = [word.casefold() for word in _WORD.findall(article.title)]
    headline = _mixed([_numbers_of([word for word in title if word not in MARKERS])])
    again = any(word in MARKERS for word in title)
    if len(written) < LEAST:
        return Sketch(NONE, NONE, headline, len(written), hours, whole_day, again)
    words = [word.casefold() for word in written]
    numbers = _numbers_of(words)
    count = len(numbers) - SHINGLE + 1
    shingles = _mixed([numbers[place : place + count] for place in range(SHINGLE)])[:SIZE]
    return Sketch(shingles, _facts(written, words)[:SIZE], headline, len(words), hours, whole_day, again)


def keys(of: Sketch) -> list[int]:
    """The hashes under which a sketch is found again."""
    return [int(value) for value in of.shingles[:KEYS]]


def common(stories: Sequence[Sketch]) -> Hashes:
    """The shingles that stand in `STORIES` of some stories or more, of which each is another one."""
    if len(stories) < STORIES:
        return NONE
    hashes, counts = np.unique(np.concatenate([story.shingles for story in stories]), return_counts=True)
    return hashes[counts >= STORIES]


def apart(one: Sketch, other: Sketch) -> tuple[float, float]:
    """The hours between two articles, at least and at most; any number where the day of one is unknown."""
    if not one.hours or not other.hours:
        return 0.0, float("inf")
    between = abs(one.hours - other.hours)
    if one.whole_day or other.whole_day:
        days = abs(one.day - other.day)
        return max(0.0, 24.0 * (days - 1)) if days else 0.0, 24.0 * days
    return between, between


def likeness(one: Sketch, other: Sketch, window_hours: float = WINDOW_HOURS, without: Hashes = NONE) -> float:
    """How much of the shorter of two copies stands in the longer, above 0 and up to 1; 0 where they are none.

    Args:
        without: shingles that count for nothing.
    """
    if not len(one.shingles) or not len(other.shingles):
        return 0.0
    least, most = apart(one, other)
    if least > window_hours or min(one.words, other.words) < LEAST_RATIO * max(one.words, other.words):
        return 0.0
    contained = _contained(one.shingles, other.shingles, without)
    if contained < CONTAINED_AGAIN:
        return 0.0
    swapped, share = _swapped(one, other)
    stays = 100 * swapped <= SWAPPED * min(one.words, other.words)
    is_copy = contained >= CONTAINED and stays
    if not is_copy and _one_headline(one, other):
        is_copy = (most <= AGAIN_HOURS and stays) or (most <= AT_ONCE_HOURS and share <= SWAPPED_AT_ONCE)
    if not is_copy and (one.again or other.again):
        is_copy = contained >= CONTAINED_CORRECTED and share <= SWAPPED_CORRECTED and _headlines_differ(one, other) <= 1
    return contained if is_copy else 0.0


def _sampled(one: Hashes, other: Hashes, without: Hashes = NONE) -> tuple[int, int, int, float]:
    """How many hashes of a common sample each of two sketches has, how many both, and how much was sampled."""
    bound = min(int(hashes[-1]) + 1 if len(hashes) == SIZE else _ALL for hashes in (one, other))
    a, b = one[: np.searchsorted(one, bound)], other[: np.searchsorted(other, bound)]
    if len(without):
        a, b = (part[~np.isin(part, without, assume_unique=True)] for part in (a, b))
    return len(a), len(b), len(np.intersect1d(a, b, assume_unique=True)), bound / _ALL


def _contained(one: Hashes, other: Hashes, without: Hashes) -> float:
    """The share of the fewer hashes that are among the others."""
    a, b, both, _ = _sampled(one, other, without)
    return both / min(a, b) if a and b else 0.0


def _swapped(one: Sketch, other: Sketch) -> tuple[float, float]:
    """How many facts were swapped, about; and their share of the facts of what has fewer."""
    if not len(one.facts) or not len(other.facts):
        return 0.0, 0.0
    a, b, both, sampled = _sampled(one.facts, other.facts)
    exchanged = min(a, b) - both
    return exchanged / sampled, exchanged / max(1, min(a, b))


def _one_headline(one: Sketch, other: Sketch) -> bool:
    """Whether two headlines are the same, but for words that one of them has more."""
    return bool(len(one.headline) and len(other.headline)) and _headlines_differ(one, other) == 0


def _headlines_differ(one: Sketch, other: Sketch) -> int:
    """How many words were exchanged between two headlines."""
    both = len(np.intersect1d(one.headline, other.headline, assume_unique=True))
    return min(len(one.headline), len(other.headline)) - both


def _facts(written: Sequence[str], words: Sequence[str]) -> Hashes:
    """The hashes of the facts of a text: a word that comes again is another one."""
    names = sum(word[0].isupper() for word in written) <= _CAPITALS * len(written)
    seen: Counter[str] = Counter()
    facts: list[str] = []
    times: list[int] = []
    for shown, word in zip(written, words, strict=True):
        if word in FACTS or shown[0].isdigit() or (names and shown[0].isupper()):
            seen[word] += 1
            facts.append(word)
            times.append(seen[word])
    return _mixed([_numbers_of(facts), np.array(times, np.uint64)])


def _mixed(parts: Sequence[NDArray[np.uint64]]) -> Hashes:
    """The hashes of rows of numbers, given by column."""
    mixed = np.zeros(len(parts[0]), np.uint64)
    for part, odd in zip(parts, _ODD, strict=False):
        mixed = (mixed ^ part) * odd
        mixed ^= mixed >> np.uint64(29)
    return np.unique((mixed >> np.uint64(32)).astype(np.uint32))


def _numbers_of(words: Sequence[str]) -> NDArray[np.uint64]:
    return np.fromiter(map(_number, words), np.uint64, len(words))


def _hours(published: str | None) -> tuple[float, bool]:
    """When an article was published, in hours since the year 1, and whether only its day is known; 0 for no day."""
    day = day_of(published)
    if published is None or day is None or len(published) < len("1987-03-01"):
        return 0.0, True
    hours = 24.0 * day.toordinal()
    if len(published) > len("1987-03-01"):
        try:
            moment = datetime.fromisoformat(published)
        except ValueError:  # a form of ISO 8601 that Python does not read: the day is known all the same
            return hours, True
        return hours + moment.hour + moment.minute / 60, False
    return hours, True


def _number(word: str) -> int:
    """A number for a word, the same in every process."""
    known = _numbers.get(word)
    if known is None:
        known = _fnv(word)
        if len(word) <= _LONGEST_KEPT:
            if len(_numbers) > _MOST_NUMBERS:
                _numbers.clear()
            _numbers[word] = known
    return known


_MOST_NUMBERS = 200_000
_LONGEST_KEPT = 64
"""Letters of a word whose number is cached; longer ones are rarely met again."""
_numbers: dict[str, int] = {}


def _fnv(word: str) -> int:
    """FNV-1a of 64 bits."""
    value = 0xCBF29CE484222325
    for byte in word.encode("utf-8", "surrogatepass"):
        value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return value
