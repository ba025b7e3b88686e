"""What an article as a whole shows about its names: a person's, or a place's, a ship's, a firm's.

`judge` adds up the `cues` of all occurrences of a name. Not for what the name's own words show: see `impostors`.

Cost: a few microseconds a mention.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from indexer.enrich.persons import cues, names, trait
from indexer.enrich.persons.mentions import FULL_CONFIDENCE, LONE_CONFIDENCE, Mention, begins
from indexer.enrich.persons.partners import has_ticker, in_firm
from indexer.enrich.persons.tagger.sentences import Sentence
from indexer.languages import Language

UNSUPPORTED_CONFIDENCE = 0.95
"""The least confidence of the model for a single word at the beginning of a sentence that occurs nowhere else and has
no cue for a person."""

_OFTEN = 1
"""A given name alone, without other evidence, is a person if it occurs more often than this."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The evidence of an article for its names: how often each occurs, and how often as a person's or not as one.

    Keyed by the words of the name; `vouched` by the surname, as compared.
    """

    counts: Mapping[tuple[str, ...], int]
    vouched: Mapping[str, int]
    denied: Mapping[tuple[str, ...], int]

    def against(self, mention: Mention) -> bool:
        """True if a name is a place's or a thing's."""
        words = mention.name.words
        against = self.denied.get(words, 0)
        if not against:
            return False
        often = self.counts[words]
        most = (
            against * 2 > often
            if len(words) > 1 and cues.is_given(words[0], mention.name.language)
            else against * 3 >= often
        )
        return most and mention.name.family not in self.vouched

    def surer(self, mention: Mention) -> Mention:
        """A mention of a full name; evidence other than the model's makes it certain enough."""
        if mention.confidence >= FULL_CONFIDENCE or len(mention.name.words) < 2:
            return mention
        if mention.name.family not in self.vouched:
            return mention
        return mention._replace(confidence=FULL_CONFIDENCE)

    def supports(self, body: Sequence[Sentence], mention: Mention) -> bool:
        """True if there is evidence for a single word besides the model: title, role, verb of saying, a second one."""
        name = mention.name
        if name.title or name.family in self.vouched:
            return True
        of = trait.of(name.words[0], name.language)
        if of & trait.COMMON:
            return False
        sentence = body[mention.sentence]
        words = sentence.words
        if _is_quoted(words, mention.first, mention.last):
            return False
        if cues.speaks(sentence, mention.first, mention.last) or (
            of & trait.FAMILY and not mention.first and words[mention.last : mention.last + 1] == [","]
        ):
            return True
        if mention.confidence >= _sure_alone(name.language):
            return True
        if of & (trait.IN_GIVEN | trait.FAMILY) == trait.IN_GIVEN:
            return self.counts[name.words] > _OFTEN or cues.is_relation(sentence, mention.first)
        sure = UNSUPPORTED_CONFIDENCE if begins(words, mention.first) else LONE_CONFIDENCE
        return self.counts[name.words] > 1 or mention.confidence >= sure


def _is_quoted(words: Sequence[str], first: int, last: int) -> bool:
    """True if a name alone is between quotation marks: a title or a nickname."""
    return first > 0 and last < len(words) and (words[first - 1], words[last][0]) in _QUOTES


def _sure_alone(language: Language) -> float:
    """The least confidence of the model for a single word that needs no other evidence: above 1, so none, unless its
    text was labelled by hand, which tells persons from others among names alone.
    """
    return LONE_CONFIDENCE if language.by_hand else _NONE


_NONE = 2.0

_QUOTES = frozenset((("“", "”"), ("‘", "’"), ('"', '"'), ("'", "'"), ("«", "»"), ("„", "“")))


_SHOWS_BEFORE = trait.LINK | trait.AMPERSAND | trait.HELD | trait.DENIES_BEFORE | trait.ROLE
_SHOWS_AFTER = trait.LINK | trait.AMPERSAND | trait.BRACKET | trait.FIRM_AFTER | trait.DENIES_AFTER | trait.WHO
"""Traits of the words next to a name of which one is there if they show anything, unless a quotation mark is."""


def judge(body: Sequence[Sentence], headline: Sequence[Sentence], candidates: Sequence[Mention]) -> Verdict:
    """The candidates of an article that are persons; the headline is evidence against names, never for them."""
    counts: dict[tuple[str, ...], int] = {}
    vouched: dict[str, int] = {}
    denied: dict[tuple[str, ...], int] = {}
    ends: dict[int, set[int]] = {}
    for mention in candidates:
        sentence, first, last, name = body[mention.sentence], mention.first, mention.last, mention.name
        counts[name.words] = counts.get(name.words, 0) + 1
        before, after = sentence.traits[first - 1], sentence.traits[last]
        if not (
            name.title
            or before & _SHOWS_BEFORE
            or after & _SHOWS_AFTER
            or not before & trait.ALNUM
            or sentence.any_traits & trait.UNREAL
        ):
            continue
        if not ends:
            for each in candidates:
                ends.setdefault(each.sentence, set()).add(each.last)
        partner = (before | after) & trait.AMPERSAND
        if (
            ((not name.title or name.title.islower()) and in_firm(sentence, first, last))
            or (len(name.words) > 1 and (partner or _is_quoted(sentence.words, first, last)))
            or cues.denied(sentence, first, last, name.title, ends[mention.sentence])
        ):
            denied[name.words] = denied.get(name.words, 0) + 1
        elif name.title or (cues.vouched(sentence, first, last) and (len(name.words) > 1 or not before & trait.KIN)):
            vouched[name.family] = vouched.get(name.family, 0) + 1
    listed = {
        names.key(word)
        for sentence in headline
        if sentence.any_traits & trait.BRACKET
        for at, word in enumerate(sentence.words)
        if has_ticker(sentence.words, at + 1)
    }
    for words_of_name in counts if listed else ():
        if len(words_of_name) == 1 and names.key(words_of_name[0]) in listed:
            denied[words_of_name] = denied.get(words_of_name, 0) + counts[words_of_name]
    lone = {words_of_name[0] for words_of_name in counts if len(words_of_name) == 1}
    for sentence in (*headline, *body) if lone else ():
        if not sentence.any_traits & trait.BEARER:
            continue
        words, traits = sentence.words, sentence.traits
        for at in sentence.capitals:
            if words[at] in lone and traits[at - 1] & trait.BEARER:
                alone = (words[at],)
                denied[alone] = denied.get(alone, 0) + counts[alone]
    return Verdict(counts, vouched, denied)
