"""Names in line-ups and score cards: `G Marlow (Sale); S Pell (Bath)`, `Marlow, Pell, Barden, Dell`.

There nothing but the list shows that a word is a surname. A run of initials with surnames is one of persons; in a run
of single words, those that the tagger found make persons of the others, unless too many are names of another kind. Not
for lists of full names: see `omissions`.

Cost: less than a tenth of a microsecond a word, more in a list.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from indexer.enrich.persons.mentions import MOST_PARTICLES, Mention, name_at
from indexer.enrich.persons.tagger.crf import Span
from indexer.enrich.persons.tagger.sentences import Sentence
from indexer.enrich.shared.lexicon import flags, table, words_of
from search.text import fold

LEAST = 3
"""The fewest names with initials that make a line-up."""

LEAST_ALONE = 5
"""The fewest single words that do."""

_CONFIDENCE = 0.7
_SURE = 0.8
"""The confidence of the tagger from which a word of a line-up is a place."""

_BEFORE = frozenset((",", ";", ":", "(", ")", "and", "."))
_BETWEEN = frozenset((",", ";", "and", "&"))
_OTHER = frozenset("pdoc")
"""Flags of words that are places, peoples, organisations and days."""


def lined_up(body: Sequence[Sentence], spans: Sequence[Span], found: Sequence[Mention]) -> Iterator[Mention]:
    """The names of line-ups that are not among the mentions found."""
    taken: dict[int, set[int]] = {}
    for mention in found:
        taken.setdefault(mention.sentence, set()).update(range(mention.first, mention.last))
    others: dict[int, set[int]] = {}
    for span in spans:
        if span.label == "LOC" and span.confidence >= _SURE:
            others.setdefault(span.sentence, set()).update(range(span.first, span.last))
    for number, sentence in enumerate(body):
        if len(sentence.capitals) < LEAST_ALONE:
            continue
        here = taken.get(number, set())
        places = [*_with_initials(sentence), *_alone(sentence, here, others.get(number, set()))]
        for first, last in places:
            if here.isdisjoint(range(first, last)):
                yield Mention(number, first, last, name_at(sentence.words, first, last), "context", _CONFIDENCE)


def _with_initials(sentence: Sentence) -> list[tuple[int, int]]:
    """Initials before a surname, if the sentence has enough of them."""
    words, found = sentence.words, []
    for at in sentence.capitals:
        if not _is_initials(words[at]) or (at and words[at - 1] not in _BEFORE):
            continue
        last = at + 1
        while last < len(words) and last - at <= MOST_PARTICLES and words[last] in words_of("particle"):
            last += 1
        if last < len(words) and _is_surname(words[last]):
            found.append((at, last + 1))
    return found if len(found) >= LEAST else []


def _alone(sentence: Sentence, here: set[int], others: set[int]) -> Iterator[tuple[int, int]]:
    """Single words in a list of enough of them, half of which are persons."""
    words = sentence.words
    run: list[int] = []
    for at in (*sentence.capitals, len(words)):
        if run and (at == len(words) or not _follows(words, run[-1] + 1, at)):
            if len(run) >= LEAST_ALONE:
                persons = sum(place in here or words[place].startswith(("O'", "O’", "Mc")) for place in run)
                against = sum(place in others or not _OTHER.isdisjoint(flags(words[place])) for place in run)
                if persons * 2 >= len(run) and against * 4 <= len(run):
                    yield from ((p, p + 1) for p in run if p not in others and words[p] not in table("brands"))
            run = []
        if at < len(words) and _is_surname(words[at]):
            run.append(at)


def _follows(words: Sequence[str], start: int, end: int) -> bool:
    """True if only a comma or `and`, and perhaps something short in brackets, is between two words of a list."""
    between = words[start:end]
    if between and between[0] == "(" and ")" in between and len(between) < _LONGEST_BRACKET:
        between = between[between.index(")") + 1 :]
    return 0 < len(between) < 3 and all(word in _BETWEEN for word in between)


_LONGEST_BRACKET = 8


def _is_initials(word: str) -> bool:
    return len(word) < 3 and word.isupper() and word.isalpha()


@lru_cache(maxsize=1 << 16)
def _is_surname(word: str) -> bool:
    """True if a word is written like a surname and is no month or small word."""
    return (
        len(word) > 1
        and word[0].isupper()
        and any(map(str.islower, word))
        and fold(word) not in words_of("calendar")
        and fold(word) not in words_of("function")
    )
