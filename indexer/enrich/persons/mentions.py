"""A person named in a text: the span of the name, the name, and the confidence.

`from_span` turns a span of the tagger into a mention: it adds words that were cut off and removes the title. Not for
judging whether it is a person: see `impostors` and `verdict`.

Cost: some ten microseconds a mention.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indexer.enrich.persons import cues, names
from indexer.enrich.persons.tagger.crf import Span
from indexer.enrich.persons.tagger.sentences import Sentence
from indexer.enrich.shared.lexicon import flags, table, words_of
from search.text import fold

FULL_CONFIDENCE = 0.4
"""The least confidence of the model for a name of two words or more, or after a title."""

SURNAME_CONFIDENCE = 0.3
"""The same for a name of two words or more that ends with a known family name."""

ORDINARY_CONFIDENCE = 0.8
"""The same for a name of two words or more without a title that ends with an ordinary word: `Winter Outlook`."""

LONE_CONFIDENCE = 0.6
"""The same for a single word whose full name the article does not give."""

FIRST_CONFIDENCE = 0.8
"""The same for such a word at the beginning of a sentence, where its capital shows nothing."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in the text: words `first` to `last` (exclusive) of a sentence.

    Attributes:
        rule: `crf` if the model found it, `surname` if it was known from a full name, `forename` if it is a known
            given name and a known family name, `context` if the words around show it, `shared` if only the given name
            is there and the surname follows another's.
    """

    sentence: int
    first: int
    last: int
    name: names.Name
    rule: str
    confidence: float


def joined(spans: Sequence[Span], body: Sequence[Sentence]) -> list[Span]:
    """Join a family name that comes first with the name that the model saw right after it: Ri + Yong Ho."""
    found: list[Span] = []
    for span in spans:
        last = found[-1] if found else None
        if (
            last
            and (last.sentence, last.last, last.label, span.label) == (span.sentence, span.first, "PER", "PER")
            and last.last - last.first == 1
            and _stands_first(body[last.sentence].words[last.first])
        ):
            found[-1] = last._replace(last=span.last, confidence=max(last.confidence, span.confidence))
        else:
            found.append(span)
    return found


def _stands_first(word: str) -> bool:
    return "family-first" in table("words").get(word, ())


def is_usual(body: Sequence[Sentence], span: Span) -> bool:
    """True if a span is a known given name and a known family name."""
    words = body[span.sentence].words[span.first : span.last]
    return len(words) > 1 and "g" in flags(words[0]) and "f" in flags(words[-1])


def from_span(body: Sequence[Sentence], span: Span) -> Mention | None:
    """A span as a mention, complete, without title and punctuation at its ends; None if nothing is left."""
    words = body[span.sentence].words
    first, last = span.first, span.last
    while last > first and not words[last - 1][0].isalnum():
        last -= 1
    while first < last and not words[first][0].isalnum():
        first += 1
    if first == last:
        return None
    while first < last - 1 and (_leads_nothing(words[first]) or (not first and _begins_nothing(words, first))):
        first += 1
    while first < last - 2 and _says_who(words[first], words[first + 1]):
        first += 1
    last = _without_tail(words, first, last)
    first, last = _grown(words, first, last)
    if " ".join(words[first:last]) not in table("places"):
        first += names.title_size(words[first:last])
    if last < len(words) and names.is_suffix(words[last]):
        last += 1
    return Mention(span.sentence, first, last, name_at(words, first, last), "crf", span.confidence)


def name_at(words: Sequence[str], first: int, last: int) -> names.Name:
    """Some words as a name, with the title before them."""
    return names.parse(" ".join(words[first:last]), " ".join(words[max(first - 4, 0) : first]))


def begins(words: Sequence[str], first: int) -> bool:
    """True if a name is the first word of a sentence or of a quotation, where its capital shows nothing."""
    return not first or words[first - 1] in _OPENING


_OPENING = frozenset("“‘«„")


def _without_tail(words: Sequence[str], first: int, last: int) -> int:
    """Cut a name before an ordinary word with a capital: `Jane Doe Published on`."""
    if last - first > 2 and cues.is_given(words[first]):
        for at in range(first + 2, last):
            if words[at].lower() in table("ordinary") and fold(words[at - 1]) not in words_of("particle"):
                return at
    return last


def with_nicknames(body: Sequence[Sentence], found: Sequence[Mention]) -> list[Mention]:
    """The mentions; those that are parts of a name with a nickname inside (`Jane “Jay” Doe`) are one."""
    whole = [
        Mention(number, first, last, name, "context", NICKNAME_CONFIDENCE)
        for number, sentence in enumerate(body)
        for first, last, name in _nicknamed(sentence)
    ]
    if not whole:
        return list(found)
    taken = {(mention.sentence, at) for mention in whole for at in range(mention.first, mention.last)}
    return [m for m in found if all((m.sentence, at) not in taken for at in range(m.first, m.last))] + whole


NICKNAME_CONFIDENCE = 0.8


def _nicknamed(sentence: Sentence) -> Iterator[tuple[int, int, names.Name]]:
    """The names with a nickname inside: `Jane “Jay” Doe`; the first and last word (exclusive), and the name."""
    words = sentence.words
    if _OPENING_NICKNAME.isdisjoint(words):
        return
    for at in sentence.capitals:
        if at + 3 >= len(words) or words[at + 1] not in _NICKNAME or not cues.is_given(words[at]):
            continue
        closing = _NICKNAME[words[at + 1]]
        end = next((e for e in (at + 3, at + 4) if e < len(words) - 1 and words[e] == closing), 0)
        if end and all(word[0].isupper() for word in words[at + 2 : end]) and _is_last_name(words[end + 1]):
            first = at - 1 if at and cues.is_given(words[at - 1]) else at
            given = " ".join(words[first : at + 1])
            yield first, end + 2, names.parse(f"{given} {words[end + 1]}", " ".join(words[max(first - 4, 0) : first]))


_NICKNAME = {"“": "”", '"': '"', "‘": "’", "'": "'"}
_OPENING_NICKNAME = frozenset(_NICKNAME)


def _is_last_name(word: str) -> bool:
    return word[0].isupper() and any(map(str.islower, word)) and len(word) > 2 and not is_small(word)


def _grown(words: Sequence[str], first: int, last: int) -> tuple[int, int]:
    """Extend a name by what the model cut off: `Mary` of `Mary Ann Doe`, `al-Amin` or `van der Berg` at its end."""
    if first and last - first < 3 and _leads_name(words, first - 1):
        first -= 1
    if first > 1 and last - first > 1 and cues.is_given(words[first - 1]) and words[first] in table("given"):
        two = (words[first - 2], words[first - 1])
        if not two[0][0].isupper() and two[1] not in table("places") and not names.title_kind(two[1]):
            first -= 1
    if last - first == 2 and first and _stands_first(words[first - 1]) and _are_short(words[first:last]):
        first -= 1
    if last - first == 2 and last < len(words) and _stands_first(words[first]) and _is_syllable(words[last]):
        last += 1
    at = last
    while at < len(words) and at - last < MOST_PARTICLES and words[at].islower() and words[at] in words_of("particle"):
        at += 1
    if at > last and words[at - 1] not in _NOT_INSIDE and at < len(words) and words[at][0].isupper():
        last = at + 1
    elif last < len(words) and cues.is_small_surname(words[last]):
        while last < len(words) and cues.is_small_surname(words[last]):
            last += 1
        while last + 1 < len(words) and fold(words[last]) in _BEN and words[last + 1][0].isupper():
            last += 2
    return first, last


def _leads_name(words: Sequence[str], at: int) -> bool:
    """True if a word belongs to the name after it: initials (`DJ Doe`), or an unknown word after a role.

    `director Xan Doe`, but not `analyst Berlin Doe`.
    """
    word = words[at]
    if len(word) == 2 and word.isupper():
        return "J" in word
    if at == 0 or not words[at - 1].islower() or not word.istitle() or not word.isalpha() or len(word) < 3:
        return False
    other = not _OTHER.isdisjoint(flags(word)) or word.lower() in table("ordinary")
    return not (other or names.title_kind(word) or cues.is_role(word)) and cues.is_role(words[at - 1])


_OTHER = frozenset("pdocbht")
"""Flags of words that are places, peoples, organisations, days, brands and titles."""


def _is_syllable(word: str) -> bool:
    """True if a word may be the last part of an East Asian name: short, capitalised, and not a word of another kind."""
    return (
        word[:1].isupper()
        and word[1:].islower()
        and word.isalpha()
        and len(word) <= _LONGEST_SYLLABLE
        and not is_small(word)
        and not words_of("calendar") & {fold(word)}
        and word not in table("surname")
    )


def _are_short(words: Sequence[str]) -> bool:
    """True if two words may follow a family name that comes first: `Yong Ho` after `Ri`."""
    given, last = words
    short = all(len(word) <= _LONGEST_SYLLABLE and word.istitle() for word in words)
    return short and (_stands_first(last) or not (given in table("given") or last in table("surname")))


_LONGEST_SYLLABLE = 5

MOST_PARTICLES = 3
"""Particles that may follow each other inside a name."""

_BEN = frozenset(("ben", "bin", "ibn"))
_NOT_INSIDE = frozenset(("do", "e", "ten", "den", "y"))
"""Particles that are also common words."""


def _begins_nothing(words: Sequence[str], at: int) -> bool:
    """True if a word in a name is capitalised only as the first of the sentence: `Near`, `Musician`, `Given J. Doe`."""
    word, after = words[at], words[at + 1]
    if is_small(word) or (fold(word) in words_of("role") and word not in table("surname")):
        return True
    return word.lower() in table("ordinary") and (cues.is_given(after) or (len(after) == 2 and after[1] == "."))


def _says_who(word: str, after: str) -> bool:
    """True if a word in a name states a profession or an origin: `Engineer`, `Briton`, `Ohio`."""
    if word in table("given") or word in table("surname") or not word[0].isupper():
        return False
    return fold(word) in words_of("role") or (word in table("places") and cues.is_given(after))


def is_small(word: str) -> bool:
    """True if a word, in any case, is a function word such as `the` or `near`, and not a given name."""
    return fold(word) in words_of("function") and word not in table("given")


def _leads_nothing(word: str) -> bool:
    """True if a word before a name does not belong to it: a function word, an acronym."""
    if word[0].islower():
        return fold(word) not in words_of("particle")
    return word in _POSTS or (word.isupper() and word.isalpha() and len(word) > 2)


_POSTS = frozenset(
    (
        "AG",
        "CB",
        "DC",
        "DI",
        "DS",
        "EU",
        "GM",
        "GP",
        "MP",
        "NY",
        "PC",
        "PM",
        "QB",
        "RB",
        "TD",
        "TV",
        "UK",
        "UN",
        "US",
        "VP",
    )
)
"""Abbreviations of two letters before a name: ranks, offices, positions of players."""
