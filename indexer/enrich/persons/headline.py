"""Persons in a headline, matched against those of the text below it.

A headline is short and often in title case, so the text decides which names are persons and which are not. Not for a
headline without a text, in which little is found.

Cost: some 25 microseconds a headline, more if it is in sentence case and the tagger reads it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from indexer.enrich.persons import trait
from indexer.enrich.persons.impostors import is_person
from indexer.enrich.persons.mentions import Mention, from_span, name_at
from indexer.enrich.persons.partners import in_firm
from indexer.enrich.persons.surnames import known_from, matches
from indexer.enrich.persons.tagger.recogniser import Recogniser
from indexer.enrich.persons.tagger.sentences import Sentence
from indexer.enrich.persons.tagger.word_features import Context, context

TITLE_CONFIDENCE = 0.9
"""The least confidence of the model for a person that only the headline has."""


def find_in_headline(
    headline: Sequence[Sentence],
    in_text: Sequence[Mention],
    nobody: frozenset[tuple[str, ...]],
    around: Context,
    model: Recogniser,
) -> list[Mention]:
    """The mentions of persons in a headline: those of the text, and others if they are certain.

    In title case, another name is certain only if it is a known given name before a known family name, and the text
    does not have these words in lower case.
    """
    known = known_from(in_text)
    for mention in in_text:
        if len(mention.name.words) == 1:
            known.surnames.setdefault(mention.name.keys[0], mention.confidence)
    spans = model.tag(headline, context(headline))
    named = filter(None, (from_span(headline, span) for span in spans if span.label == "PER"))
    seen: list[list[Mention]] = [[] for _ in headline]
    found: list[list[Mention]] = [[] for _ in headline]
    for mention in named:
        if mention.confidence >= TITLE_CONFIDENCE:
            seen[mention.sentence].append(mention)
    for number, first, last, confidence in matches(headline, known):
        sentence = headline[number]
        if not in_firm(sentence, first, last):
            name = name_at(sentence, first, last)
            found[number].append(Mention(number, first, last, name, "surname", confidence))
    for number, sentence in enumerate(headline):
        here = found[number]
        for mention in (*_first_and_last(number, sentence, around), *seen[number]):
            if mention.name.words in nobody:
                continue
            if is_person(headline, mention, around, frozenset()) and not _overlaps(mention, here):
                here.append(mention)
    return [mention for here in found for mention in sorted(here, key=lambda mention: mention.first)]


def _first_and_last(number: int, sentence: Sentence, around: Context) -> Iterator[Mention]:
    """A known given name before a known family name, neither of them a place or a common word."""
    words, traits = sentence.words, sentence.traits
    for at in sentence.capitals:
        if not traits[at] & trait.IN_GIVEN or not traits[at + 1] & trait.FAMILY or words[at].isupper():
            continue
        if (traits[at] | traits[at + 1]) & trait.PLACE or any(
            around.has_small(sentence, each) for each in (at, at + 1)
        ):
            continue
        yield Mention(number, at, at + 2, name_at(sentence, at, at + 2), "forename", 0.7)


def _overlaps(mention: Mention, others: Sequence[Mention]) -> bool:
    return any(mention.first < other.last and other.first < mention.last for other in others)
