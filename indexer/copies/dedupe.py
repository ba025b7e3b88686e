"""Decides if two articles are near-duplicates: by how much they share, and how many facts were exchanged.

A copy adds text, omits it or words it differently; a form that is filled in again has other facts in the same places:
numbers, dates, names. So a text is represented twice: by its *shingles*, all runs of three words, of which the smallest
hashes are stored (Broder 1997, bottom-k sketches), and by the *sequence* of its first words, short hashes that tell if
a word is a fact. Of two sketches, `contained` is the share of the shorter text's shingles that are in the longer.
Sequences are aligned, and the passages that were replaced are counted: those of facts in both texts were exchanged, any
other is a rewording.

Two articles are near-duplicates if most of the shorter one is in the longer and a fact at most was exchanged, or a few
in a text that was reworded as well. Under the same headline, within hours, or if one is marked as a correction or
repeat, more may differ: that is how a desk sends a story again. Text that is in several other stories as well
(letterheads, disclaimers, the printed part of a form) does not count.

Cost: linear in the words of a text, up to `MAX_WORDS`, some thirty microseconds for 400; a comparison takes two, and
some tens if sequences are aligned, of `LENGTH` words at most.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from struct import Struct
from threading import Lock
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.copies.kernels import sketching
from indexer.languages import CAPITAL_NOUNS
from search.text.dates import day_of
from search.values.article import Article

Hashes = NDArray[np.uint32]
"""Ascending, without duplicates."""
Words = NDArray[np.uint16]
"""Words in their order, as `sketching.sketch` writes them."""

SIZE = 96
"""The number of shingles in a sketch."""
LENGTH = 512
"""The number of words in a sequence."""
KEYS = 12
"""The number of a sketch's shingles, the smallest, that are its keys."""
LEAST = 8
"""Texts of fewer words are in no group."""
MAX_WORDS = 20_000
WINDOW_HOURS = 96.0
"""The default for the greatest time between the publication of near-duplicates."""

CONTAINED = 0.7
CONTAINED_AGAIN = 0.4
AGAIN_HOURS = 24.0
AT_ONCE_HOURS = 3.0
CONTAINED_CORRECTED = 0.5
EXCHANGED_WORDS = 50
"""In a text of fewer words no fact may be exchanged."""
REWORDED = 4
"""The number of rewordings for each of which one more fact may be exchanged."""
RESTATED = 4
"""Facts that may be exchanged, one of them a name, in what is sent again at once under the same headline; of each
`WORDS_OF_A_FACT` words at most one."""
WORDS_OF_A_FACT = 8
CONTAINED_RETOLD = 0.5
"""The share of a text that was told in other words under a headline of which half the words stayed: nothing may be
exchanged, and half of the first `LEAD` words of each are in the other."""
CORRECTED = 1
"""The number of facts that may be exchanged besides, if one text is marked as a correction or repeat."""
LEAST_RATIO = 0.15
"""A text contained in one longer than this factor is a quotation, as in a digest."""
STORIES = 4
"""Text in this number of other stories does not count."""

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
"""English words that a form leaves blank, in addition to numbers and names."""
_MARKERS = """
    corrected correction corrects corr rpt repeat repeats repeated repeating resend resending refile refiles
    update updates updated amended amends berichtigung korrektur wiederholung rectificatif corrige
"""
MARKERS = frozenset(_MARKERS.split())
"""Words of a headline that mark a correction or repeat."""

_ALONE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
"""A character that is a word: Chinese and Japanese have no spaces."""
_IN_NUMBERS = ".,/:-"
"""Signs that may stand between the digits of a number."""
_HEAD = Struct("<5Id")
FORMAT = 3
"""The version of a sketch as bytes: those of different versions cannot be compared."""
_CAPITALS = 0.6
"""In a text with a larger share of words in capitals, capitals do not mark names."""


class Sketch(NamedTuple):
    """The data about an article from which near-duplicates are found.

    Attributes:
        shingles: the smallest hashes of its runs of three words; empty if the text is too short.
        sequence: its first words; none in a `brief` one.
        headline: the hashes of the words of its headline, without markers.
        words: its number of words.
        hours: the time of publication, in hours since the year 1; 0 if the day is unknown.
        whole_day: True if only the day is known.
        again: True if its headline marks it as a correction or repeat.
    """

    shingles: Hashes
    sequence: Words
    headline: Hashes
    words: int
    hours: float
    whole_day: bool
    again: bool

    def __reduce__(self) -> tuple[Callable[[bytes], Sketch], tuple[bytes]]:
        """For pickle, between processes."""
        return decode, (self.encode(),)

    @property
    def day(self) -> int:
        """The day of publication since the year 1; 0 if unknown."""
        return int(self.hours // 24)

    @property
    def brief(self) -> Sketch:
        """The sketch without what only `similarity` needs, two thirds of its bytes."""
        return self._replace(sequence=_NO_WORDS)

    def encode(self) -> bytes:
        """The sketch as bytes, for `decode`."""
        sizes = (len(self.shingles), len(self.sequence), len(self.headline), self.words)
        head = _HEAD.pack(*sizes, self.whole_day | self.again << 1 | FORMAT << 8, self.hours)
        return b"".join((head, self.shingles.tobytes(), self.headline.tobytes(), self.sequence.tobytes()))


NONE = np.empty(0, np.uint32)
_NO_WORDS = np.empty(0, np.uint16)
EMPTY = Sketch(NONE, _NO_WORDS, NONE, 0, 0.0, whole_day=False, again=False)
"""That of an article which is compared with no other."""


def is_current(data: bytes) -> bool:
    """True if a sketch as bytes is in the current format."""
    flags: int = _HEAD.unpack_from(data)[4]
    return flags >> 8 == FORMAT


def decode(data: bytes) -> Sketch:
    """Decode bytes from `Sketch.encode`."""
    shingles, sequence, headline, words, flags, hours = _HEAD.unpack_from(data)
    copied = bytearray(data)  # writable, as those of `sketch` are
    hashes = np.frombuffer(copied, np.uint32, shingles + headline, _HEAD.size)
    ordered = np.frombuffer(copied, np.uint16, sequence, _HEAD.size + hashes.nbytes)
    return Sketch(hashes[:shingles], ordered, hashes[shingles:], words, hours, bool(flags & 1), bool(flags & 2))


def sketch(article: Article) -> Sketch:
    """The sketch of an article."""
    hours, whole_day = _hours(article.published)
    titled, kinds = _words(article.title, len(article.title))
    room = np.empty(len(titled), np.uint32)
    size, again = sketching.headline(titled, kinds, room)
    headline = np.array(sorted(set(room[:size].tolist())), np.uint32)
    hashes, kinds = _words(article.text, MAX_WORDS)
    words = len(hashes)
    if words < LEAST:
        return Sketch(NONE, _NO_WORDS, headline, words, hours, whole_day, again)
    shingles, sequence = np.empty(SIZE, np.uint32), np.empty(min(words, LENGTH), np.uint16)
    nouns = (article.language or "").partition("-")[0] in CAPITAL_NOUNS
    found, _ = sketching.sketch(hashes, kinds, _CAPITALS, nouns, shingles, sequence)
    return Sketch(shingles[:found], sequence, headline, words, hours, whole_day, again)


def _words(text: str, most: int) -> tuple[NDArray[np.uint64], NDArray[np.uint8]]:
    """The hashes and the kinds of the words of a text, `most` at most."""
    data = np.frombuffer(text.encode("utf-8", "surrogatepass"), np.uint8)
    most = min(most, len(data))
    hashes, kinds = np.empty(most, np.uint64), np.empty(most, np.uint8)
    # a kernel cannot call Python: it names the page that it lacks, and begins again
    while (found := sketching.words(data, _pages.arrays, _special(), hashes, kinds)) < 0:
        _pages.add(-1 - found)
    return hashes[:found], kinds[:found]


class _Pages:
    """The characters met so far, with those next to them in Unicode; a page is described in some milliseconds.

    Attributes:
        arrays: what kernels know about them.
    """

    def __init__(self) -> None:
        self.arrays: sketching.Characters = (
            np.full(0x110000 // sketching.PAGE, -1, np.int64),
            np.empty(0, np.uint8),
            np.zeros(1, np.int64),
            np.empty(0, np.uint8),
        )

    def add(self, page: int) -> None:
        """Describe the characters of a page."""
        with _lock:
            numbers, traits, ends, blob = self.arrays
            if numbers[page] >= 0:
                return
            characters = list(map(chr, range(page * sketching.PAGE, (page + 1) * sketching.PAGE)))
            folded = [character.casefold().encode("utf-8", "surrogatepass") for character in characters]
            # kernels read the arrays without the lock: they are replaced together, and never changed
            numbers = numbers.copy()
            numbers[page] = len(traits) // sketching.PAGE
            self.arrays = (
                numbers,
                np.append(traits, np.array(list(map(_traits, characters)), np.uint8)),
                np.append(ends, ends[-1] + np.cumsum(list(map(len, folded)), dtype=np.int64)),
                np.append(blob, np.frombuffer(b"".join(folded), np.uint8)),
            )


def _traits(character: str) -> int:
    """What the kernels know about a character: a letter of a word, a digit, a sign within numbers."""
    number = character.isdecimal()
    return (
        sketching.LETTER * (character.isalnum() and not number)
        | sketching.DIGIT * number
        | sketching.JOINT * (character in _IN_NUMBERS)
        | sketching.ALONE * (_ALONE.match(character) is not None)
        | sketching.FACT * character.isdigit()
        | sketching.CAPITAL * character.isupper()
    )


@cache
def _special() -> sketching.Special:
    """The words of `FACTS` and `MARKERS`."""
    words = sorted(FACTS | MARKERS)
    encoded = [word.encode() for word in words]
    hashes = np.empty(len(words), np.uint64)
    ends = np.cumsum([len(each) for each in encoded], dtype=np.int64)
    sketching.number(np.frombuffer(b"".join(encoded), np.uint8), ends, hashes)
    keys, kinds = np.zeros(1 << 10, np.uint64), np.zeros(1 << 10, np.uint8)
    for word, value in zip(words, hashes.tolist(), strict=True):
        # an open hash table, which a kernel can read; a Python set it cannot
        slot = value % len(keys)
        while keys[slot]:
            slot = (slot + 1) % len(keys)
        keys[slot] = value
        kinds[slot] = sketching.FACT * (word in FACTS) | sketching.MARKER * (word in MARKERS)
    return keys, kinds


_lock = Lock()
_pages = _Pages()


def keys(of: Sketch) -> list[int]:
    """The hashes by which a sketch is looked up."""
    return of.shingles[:KEYS].tolist()  # type: ignore[no-any-return]


def common(stories: Sequence[Sketch]) -> Hashes:
    """The shingles that are in at least `STORIES` of the given stories, which are all different."""
    if len(stories) < STORIES:
        return NONE
    hashes, counts = np.unique(np.concatenate([story.shingles for story in stories]), return_counts=True)
    return hashes[counts >= STORIES]


def apart(one: Sketch, other: Sketch) -> tuple[float, float]:
    """The least and the greatest number of hours between two articles; any number if the day of one is unknown."""
    if not one.hours or not other.hours:
        return 0.0, float("inf")
    between = abs(one.hours - other.hours)
    if one.whole_day or other.whole_day:
        days = abs(one.day - other.day)
        return 24.0 * max(0, days - 1), 24.0 * (days + 1)
    return between, between


def shared(one: Sketch, other: Sketch, window_hours: float = WINDOW_HOURS, without: Hashes = NONE) -> float:
    """The share of the shorter of two articles that is in the longer, up to 1; 0 if they are not near-duplicates for
    sure. Both may be brief.

    Args:
        without: shingles that do not count.
    """
    if not len(one.shingles) or not len(other.shingles):
        return 0.0
    least, _ = apart(one, other)
    if least > window_hours or min(one.words, other.words) < LEAST_RATIO * max(one.words, other.words):
        return 0.0
    contained = _contained(one.shingles, other.shingles, without)
    return contained if contained >= CONTAINED_AGAIN else 0.0


def similarity(one: Sketch, other: Sketch, window_hours: float = WINDOW_HOURS, without: Hashes = NONE) -> float:
    """The share of the shorter of two near-duplicates that is in the longer, above 0 and up to 1; 0 for other articles.

    Args:
        without: shingles that do not count.
    """
    contained = shared(one, other, window_hours, without)
    return contained if contained and _is_copy(one, other, contained) else 0.0


def _is_copy(one: Sketch, other: Sketch, contained: float) -> bool:
    """True if two articles of which one contains so much of the other are near-duplicates."""
    _, most = apart(one, other)
    facts, named, rewordings, added, lead = _exchanged(one, other)
    shorter = min(one.words, other.words)
    again = _one_headline(one, other)
    is_edited = rewordings or added or (named and again)  # not filled in again, at least not with one fact only
    most_facts = bool(is_edited and shorter >= EXCHANGED_WORDS) + rewordings // REWORDED
    stays = facts <= most_facts
    is_copy = contained >= CONTAINED and stays
    if not is_copy and again:
        restated = named <= 1 and facts <= min(RESTATED, shorter // WORDS_OF_A_FACT)
        is_copy = (most <= AGAIN_HOURS and stays) or (most <= AT_ONCE_HOURS and restated)
    if not is_copy and not facts and most <= AGAIN_HOURS and shorter >= EXCHANGED_WORDS:
        is_copy = contained >= CONTAINED_RETOLD and 2 * lead >= sketching.LEAD and _half_a_headline(one, other)
    if not is_copy and (one.again or other.again):
        likely = contained >= CONTAINED_CORRECTED and _headlines_differ(one, other) <= 1
        is_copy = likely and facts <= most_facts + CORRECTED
    return is_copy


def _contained(one: Hashes, other: Hashes, without: Hashes) -> float:
    """The share of the smaller set of hashes that is in the other."""
    a, b, both, _ = sketching.compare(one, other, without, SIZE)
    return both / min(a, b) if a and b else 0.0


def _exchanged(one: Sketch, other: Sketch) -> tuple[int, int, int, int, int]:
    """What `sketching.exchanged` counts, whichever of the two is named first."""
    # of several longest alignments, which is found depends on the side; the similarity must not
    first, second = sorted((one, other), key=lambda sketch: (len(sketch.sequence), sketch.sequence.tobytes()))
    return sketching.exchanged(first.sequence, second.sequence, first.headline, second.headline)


def _one_headline(one: Sketch, other: Sketch) -> bool:
    """True if two headlines are the same, except for words that one of them has in addition."""
    return bool(len(one.headline) and len(other.headline)) and _headlines_differ(one, other) == 0


def _half_a_headline(one: Sketch, other: Sketch) -> bool:
    """True if half the words of the shorter headline are in the longer one."""
    words = min(len(one.headline), len(other.headline))
    return words > 0 and 2 * _headlines_differ(one, other) <= words


def _headlines_differ(one: Sketch, other: Sketch) -> int:
    """The number of words exchanged between two headlines."""
    a, b, both, _ = sketching.compare(one.headline, other.headline, NONE, -1)
    return min(a, b) - both


def _hours(published: str | None) -> tuple[float, bool]:
    """The time of publication in hours since the year 1, and True if only the day is known; 0 without a day."""
    day = day_of(published)
    if published is None or day is None or len(published) < len("1987-03-01"):
        return 0.0, True
    hours = 24.0 * day.toordinal()
    if len(published) > len("1987-03-01"):
        try:
            moment = datetime.fromisoformat(published)
        except ValueError:  # a form of ISO 8601 that Python does not parse: the day is known all the same
            return hours, True
        return hours + moment.hour + moment.minute / 60, False
    return hours, True
