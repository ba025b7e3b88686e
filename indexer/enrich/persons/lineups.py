"""Names in line-ups and score cards: `G Marlow (Sale); S Pell (Bath)`, `Marlow, Pell, Barden, Dell`;
`de heeren Bos en Van Ek`.

There nothing but the list shows that a word is a surname. A run of initials with surnames is one of persons; in a run
of single words, those that the tagger found make persons of the others, unless too many are names of another kind. Not
for lists of full names: see `omissions`.

Cost: next to nothing, more in a list.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence

from indexer.enrich.persons import trait
from indexer.enrich.persons.mentions import Mention, Others, Taken, name_at
from indexer.enrich.persons.tagger.crf import Span
from indexer.enrich.persons.tagger.sentences import MOST_PARTICLES, Sentence, Text
from indexer.enrich.shared.lexicon import flags
from indexer.languages import Language

LEAST = 3
"""The fewest names with initials that make a line-up."""

LEAST_ALONE = 5
"""The fewest single words that do."""

_CONFIDENCE = 0.7
_SURE = 0.8
"""The confidence of the tagger from which a word of a line-up is a place."""

_BEFORE = frozenset((",", ";", ":", "(", ")", "."))
_OTHER = frozenset("pdoc")
"""Flags of words that are places, peoples, organisations and days."""


def lined_up(body: Sequence[Sentence], others: Others, taken: Taken) -> Iterator[Mention]:
    """The names of line-ups that are not among the mentions found."""
    listings = Text.of(body).listing
    gentlemen = body[0].language.words(GENTLEMEN) if body else frozenset[str]()
    for number, sentence in enumerate(body):
        here = taken.get(number, {})
        if gentlemen and not gentlemen.isdisjoint(sentence.words):
            for first, last in _addressed(sentence, gentlemen):
                named = not any(at in here or _is_place(others.get((number, at))) for at in range(first, last))
                if named:
                    yield Mention(number, first, last, name_at(sentence, first, last), "context", _CONFIDENCE)
        if len(sentence.capitals) < LEAST_ALONE:
            continue
        listing = listings[number] >= LEAST_ALONE - 1
        if not listing and not sentence.any_traits & trait.INITIALS:
            continue
        here = taken.get(number, {})
        placed = [at for at in sentence.capitals if _is_place(others.get((number, at)))] if listing else []
        for first, last in (*_with_initials(sentence), *(_alone(sentence, here, placed) if listing else ())):
            if not any(at in here for at in range(first, last)):
                yield Mention(number, first, last, name_at(sentence, first, last), "context", _CONFIDENCE)


GENTLEMEN = "gentlemen"
"""The kind of the words that stand before the surnames of several persons."""


def _addressed(sentence: Sentence, gentlemen: Container[str]) -> Iterator[tuple[int, int]]:
    """The surnames, with particles and initials, of a list that a word for several persons begins."""
    words, traits, between = sentence.words, sentence.traits, sentence.language.words("between")
    particles = sentence.language.words("after-initial")
    for at, word in enumerate(words):
        if word not in gentlemen:
            continue
        first = at + 1
        while first < len(words) and words[first] in _COLON:
            first += 1
        while first < len(words):
            last = first
            while last < len(words) and (traits[last] & trait.UPPER or words[last] in particles):
                last += 1
            if last == first or not traits[last - 1] & trait.SURNAME or traits[last - 1] & _NO_SURNAME:
                break
            yield first, last
            first = last + 1 if last < len(words) and words[last] in between else len(words)


_COLON = frozenset(".:")
_NO_SURNAME = trait.TITLE | trait.ROLE | trait.ORGANISATION | trait.ORDINARY | trait.PLACE


def _is_place(span: Span | None) -> bool:
    return span is not None and span.label == "LOC" and span.confidence >= _SURE


def _with_initials(sentence: Sentence) -> list[tuple[int, int]]:
    """Initials before a surname, if the sentence has enough of them."""
    words, traits, before, found = sentence.words, sentence.traits, _BEFORE | sentence.language.words("and"), []
    for at in sentence.capitals:
        if not traits[at] & trait.INITIALS or (at and words[at - 1] not in before):
            continue
        last = at + 1
        while last - at <= MOST_PARTICLES and traits[last] & trait.SMALL_PARTICLE:
            last += 1
        if traits[last] & trait.SURNAME:
            found.append((at, last + 1))
    return found if len(found) >= LEAST else []


def _alone(sentence: Sentence, here: Container[int], placed: Container[int]) -> Iterator[tuple[int, int]]:
    """Single words in a list of enough of them, half of which are persons."""
    words, traits, language = sentence.words, sentence.traits, sentence.language
    run: list[int] = []
    for at in (*sentence.capitals, len(words)):
        if run and (at == len(words) or not _follows(words, run[-1] + 1, at, language)):
            if len(run) >= LEAST_ALONE:
                persons = sum(place in here or words[place].startswith(("O'", "O’", "Mc")) for place in run)
                against = sum(place in placed or not _OTHER.isdisjoint(flags(words[place], language)) for place in run)
                if persons * 2 >= len(run) and against * 4 <= len(run):
                    yield from ((p, p + 1) for p in run if p not in placed and not traits[p] & trait.BRAND)
            run = []
        if traits[at] & trait.SURNAME:
            run.append(at)


def _follows(words: Sequence[str], start: int, end: int, language: Language) -> bool:
    """True if only a comma or `and`, and perhaps something short in brackets, is between two words of a list."""
    between = words[start:end]
    if between and between[0] == "(" and ")" in between and len(between) < _LONGEST_BRACKET:
        between = between[between.index(")") + 1 :]
    return 0 < len(between) < 3 and language.words("between").issuperset(between)


_LONGEST_BRACKET = 8
