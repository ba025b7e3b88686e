"""A person named in a text: the span of the name, the name, and the confidence.

`from_span` turns a span of the tagger into a mention: it adds words that were cut off and removes the title. Not for
judging whether it is a person: see `impostors` and `verdict`.

Cost: a few microseconds a mention.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from indexer.enrich.persons import names, trait
from indexer.enrich.persons.tagger.crf import Span
from indexer.enrich.persons.tagger.sentences import MOST_PARTICLES, Sentence
from search.text.tokens import fold

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


class Mention(NamedTuple):
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


Taken = Mapping[int, Mapping[int, Mention]]
"""Of each sentence, by its number, the words that are in mentions."""


def taken_by(mentions: Iterable[Mention]) -> dict[int, dict[int, Mention]]:
    """The words that are in some mentions; of a word in several, the last has it."""
    taken: dict[int, dict[int, Mention]] = {}
    for mention in mentions:
        here = taken.get(mention.sentence)
        if here is None:
            here = taken[mention.sentence] = {}
        for at in range(mention.first, mention.last):
            here[at] = mention
    return taken


Others = Mapping[tuple[int, int], Span]
"""By sentence and word, the spans that are no persons' for the model."""


def others_of(spans: Iterable[Span]) -> dict[tuple[int, int], Span]:
    """Those of some spans that have another label than `PER`, by the words in them."""
    return {(span.sentence, at): span for span in spans if span.label != "PER" for at in range(span.first, span.last)}


def joined(spans: Sequence[Span], body: Sequence[Sentence]) -> list[Span]:
    """Join a family name that comes first with the name that the model saw right after it: Ri + Yong Ho."""
    found: list[Span] = []
    for span in spans:
        last = found[-1] if found and span.label == "PER" else None
        if (
            last
            and (last.sentence, last.last, last.label, span.label) == (span.sentence, span.first, "PER", "PER")
            and last.last - last.first == 1
            and body[last.sentence].traits[last.first] & trait.STANDS_FIRST
        ):
            found[-1] = last._replace(last=span.last, confidence=max(last.confidence, span.confidence))
        else:
            found.append(span)
    return found


def is_usual(body: Sequence[Sentence], span: Span) -> bool:
    """True if a span is a known given name and a known family name."""
    traits = body[span.sentence].traits
    return span.last - span.first > 1 and bool(
        traits[span.first] & trait.IN_GIVEN and traits[span.last - 1] & trait.FAMILY
    )


def from_span(body: Sequence[Sentence], span: Span) -> Mention | None:
    """A span as a mention, complete, without title and punctuation at its ends; None if nothing is left."""
    sentence = body[span.sentence]
    traits, first, last = sentence.traits, span.first, span.last
    while last > first and not traits[last - 1] & trait.ALNUM:
        last -= 1
    while first < last and not traits[first] & trait.ALNUM:
        first += 1
    if first == last:
        return None
    while first < last - 1 and (traits[first] & trait.LEADS_NOTHING or (not first and _begins_nothing(traits))):
        first += 1
    first = _after_post(traits, first, last)
    while first < last - 2 and _says_who(traits[first], traits[first + 1]):
        first += 1
    last, language = _without_tail(sentence, first, last), sentence.language
    if last - first > 1 and traits[last - 1] & trait.SMALL_PARTICLE and traits[last] & trait.UPPER:
        last += 1
    first, last = _grown(sentence, first, last)
    if traits[first] & trait.TITLE_BEGINS and " ".join(sentence.words[first:last]) not in language.table("places"):
        first += names.title_size(sentence.words[first:last], language)
    if traits[last] & trait.SUFFIX:
        last += 1
    return Mention(span.sentence, first, last, name_at(sentence, first, last), "crf", span.confidence)


BELONGS = "belongs"
"""The kind of the particles that before anything but a family name say to what a person belongs."""
SURNAMES = "surnames"
"""The kind that says how many family names a person has, if not one."""


def without_genitives(found: Sequence[Mention], body: Sequence[Sentence]) -> list[Mention]:
    """The mentions, without the ending of a genitive if the name without it is in the article, or is known and next to
    a noun that it owns or goes with: `Trumps Reise`, `der Entwurf Gottfried Böhms`, but `Minister Klaus Mohrs kommt`.
    """
    endings = body[0].language.listed(trait.GENITIVE)
    if not endings:
        return list(found)
    here = {mention.name.words[-1] for mention in found}
    return [mention._replace(name=_bare(mention, body[mention.sentence], here, endings)) for mention in found]


def _bare(mention: Mention, sentence: Sentence, here: set[str], endings: Sequence[str]) -> names.Name:
    name = mention.name
    word = name.words[-1]
    given, family = name.language.table("given"), name.language.table("surname")

    def known(word: str) -> bool:
        return word in family or (word in given and len(name.words) == 1)

    for ending in endings:
        bare = word.removesuffix(ending)
        if bare == word or len(bare) <= 2:
            continue
        if bare in here or (known(bare) and not known(word) and _owns(sentence, mention)):
            return replace(name, words=(*name.words[:-1], bare), keys=(*name.keys[:-1], names.key(bare)))
    return name


def _owns(sentence: Sentence, mention: Mention) -> bool:
    """True if a noun is next to a name, which is not its title."""
    before, after = sentence.traits[mention.first - 1], sentence.traits[mention.last]
    if after & _NOUN == _NOUN:
        return True
    return not mention.name.title and before & _NOUN == _NOUN and not before & (trait.ROLE | trait.TITLE)


_NOUN = trait.UPPER | trait.ALNUM


def name_at(sentence: Sentence, first: int, last: int) -> names.Name:
    """Some words of a sentence as a name, with the title before them."""
    words = sentence.words
    before = " ".join(words[max(first - 4, 0) : first]) if sentence.traits[first - 1] & trait.TITLE_ENDS else ""
    return names.parse(names.written(words[first:last], sentence.language), sentence.language, before)


def begins(words: Sequence[str], first: int) -> bool:
    """True if a name is the first word of a sentence or of a quotation, where its capital shows nothing."""
    return not first or words[first - 1] in _OPENING


_OPENING = frozenset("“‘«„")


_POST = trait.UPPER | trait.LEADS_NOTHING


def _after_post(traits: Sequence[int], first: int, last: int) -> int:
    """The first word of a name after an abbreviation that the model took for a part of it: `Tory MP Jane Doe`."""
    for at in range(last - 3, first, -1):
        if traits[at] & _POST == _POST and traits[at + 1] & trait.CASED:
            return at + 1
    return first


def _without_tail(sentence: Sentence, first: int, last: int) -> int:
    """Cut a name before a day or an ordinary word with a capital: `Jane Doe Tue`, `Jane Doe Published on`; and after a
    family name before what the person belongs to, in a language where a particle follows a given name: `Jan Smit van
    Financiën`, but `Jan van Dam`; and after a word in capitals before one that is not: `STOLYPINE Petersburg`.
    """
    traits = sentence.traits
    belongs = sentence.language.words(BELONGS)
    for at in range(first + 1, last - 1) if belongs else ():
        if sentence.words[at] in belongs and _is_whole(traits, first, at):
            return at
    for at in range(first + 1, last) if sentence.language.by_hand else ():
        loud = traits[at - 1] & _LOUD == trait.UPPER and sentence.words[at - 1].isalpha()
        if loud and traits[at] & _LOUD == trait.UPPER | trait.CASED:
            return at
    while last - first > 2 and traits[last - 1] & (trait.CALENDAR | trait.FAMILY) == trait.CALENDAR:
        last -= 1
    if last - first > 2 and traits[first] & trait.GIVEN:
        for at in range(first + 2, last):
            if traits[at] & trait.ORDINARY and not traits[at - 1] & trait.PARTICLE:
                return at
    return last


_LOUD = trait.UPPER | trait.CASED | trait.PARTICLE | trait.SUFFIX | trait.INITIAL | trait.INITIALS
"""Traits by which a word in capitals, and one with only the first, are told from particles, numerals and initials."""


def _is_whole(traits: Sequence[int], first: int, at: int) -> bool:
    """True if the words of a name before a particle are a given name of the table and a family name, or the word after
    it is of no person: `Jan Smit van`, `Smit van Financiën`.
    """
    if traits[at + 1] & _NO_PERSON:
        return True
    return at - first > 1 and bool(traits[first] & trait.IN_GIVEN) and not traits[at - 1] & (trait.GIVEN | trait.TITLE)


_NO_PERSON = trait.ORGANISATION | trait.BRAND


def with_nicknames(body: Sequence[Sentence], found: Sequence[Mention]) -> list[Mention]:
    """The mentions; those that are parts of a name with a nickname inside (`Jane “Jay” Doe`) are one."""
    whole = [
        Mention(number, first, last, name, "context", NICKNAME_CONFIDENCE)
        for number, sentence in enumerate(body)
        if sentence.any_traits & trait.OPENS_QUOTATION
        for first, last, name in _nicknamed(sentence)
    ]
    if not whole:
        return list(found)
    taken = {(mention.sentence, at) for mention in whole for at in range(mention.first, mention.last)}
    return [m for m in found if all((m.sentence, at) not in taken for at in range(m.first, m.last))] + whole


NICKNAME_CONFIDENCE = 0.8


def _nicknamed(sentence: Sentence) -> Iterator[tuple[int, int, names.Name]]:
    """The names with a nickname inside: `Jane “Jay” Doe`; the first and last word (exclusive), and the name."""
    words, traits = sentence.words, sentence.traits
    for at in sentence.capitals:
        if at + 3 >= len(words) or not traits[at + 1] & trait.OPENS_QUOTATION or not traits[at] & trait.GIVEN:
            continue
        closing = trait.NICKNAMES[words[at + 1]]
        end = next((e for e in (at + 3, at + 4) if e < len(words) - 1 and words[e] == closing), 0)
        inside = bool(end) and all(each & trait.UPPER for each in traits[at + 2 : end])
        if inside and _is_last_name(words[end + 1], traits[end + 1]):
            first = at - 1 if at and traits[at - 1] & trait.GIVEN else at
            name = " ".join((*words[first : at + 1], words[end + 1]))
            yield first, end + 2, names.parse(name, sentence.language, " ".join(words[max(first - 4, 0) : first]))


def _is_last_name(word: str, traits: int) -> bool:
    return len(word) > 2 and traits & (trait.UPPER | trait.CASED | trait.SMALL) == trait.UPPER | trait.CASED


def _grown(sentence: Sentence, first: int, last: int) -> tuple[int, int]:
    """Extend a name by what the model cut off: `Mary` of `Mary Ann Doe`, `al-Amin` or `van der Berg` at its end."""
    words, traits = sentence.words, sentence.traits
    if last - first < 3 and _leads_name(traits, first - 1):
        first -= 1
    two_given = traits[first - 1] & trait.GIVEN and traits[first] & trait.IN_GIVEN
    if two_given and first > 1 and last - first > 1 and not traits[first - 2] & trait.UPPER:
        first -= not traits[first - 1] & (trait.PLACE | trait.TITLE)
    if last - first == 2:
        if traits[first - 1] & trait.STANDS_FIRST and _are_short(words[first:last], traits[first:last]):
            first -= 1
        elif (traits[first] & trait.STANDS_FIRST and traits[last] & trait.SYLLABLE) or (
            sentence.language.listed(SURNAMES) and _has_second(traits, first, last)
        ):
            last += 1
    at = last
    while at - last < MOST_PARTICLES and traits[at] & trait.SMALL_PARTICLE:
        at += 1
    if at > last and traits[at] & trait.UPPER and _is_inside(sentence, first, at):
        last = at + 1
    elif traits[last] & trait.SMALL_SURNAME:
        while traits[last] & trait.SMALL_SURNAME:
            last += 1
        while traits[last + 1] & trait.UPPER and fold(words[last]) in _BEN:
            last += 2
    return first, last


def _is_inside(sentence: Sentence, first: int, at: int) -> bool:
    """True if a name goes on after the particles before a word; after `von der` only that of somebody known."""
    words, language = sentence.words, sentence.language
    return words[at - 1] not in language.words("not-inside") or " ".join(words[first : at + 1]) in language.table(
        "known"
    )


def _has_second(traits: Sequence[int], first: int, last: int) -> bool:
    """True if the word after a given name and a family name is another family name: `Begoña Ibáñez Zubieta`."""
    known = traits[first] & trait.GIVEN and traits[last - 1] & trait.FAMILY
    return bool(known and traits[last] & _SECOND == trait.UPPER | trait.CASED)


_SECOND = (
    trait.UPPER | trait.CASED | trait.IN_GIVEN | trait.ORGANISATION | trait.PLACE | trait.CALENDAR | trait.ORDINARY
    | trait.TITLE | trait.ROLE | trait.BRAND | trait.HEAD
)  # fmt: skip


def _leads_name(traits: Sequence[int], at: int) -> bool:
    """True if a word belongs to the name after it: initials (`DJ Doe`), or an unknown word after a role.

    `director Xan Doe`, but not `analyst Berlin Doe`.
    """
    if traits[at] & trait.JOCKEY:
        return True
    return bool(traits[at] & trait.MAY_LEAD and traits[at - 1] & trait.LOWER and traits[at - 1] & trait.ROLE)


def _are_short(words: Sequence[str], traits: Sequence[int]) -> bool:
    """True if two words may follow a family name that comes first: `Yong Ho` after `Ri`."""
    short = all(len(word) <= trait.LONGEST_SYLLABLE and word.istitle() for word in words)
    return short and (
        traits[1] & trait.STANDS_FIRST > 0 or not (traits[0] & trait.IN_GIVEN or traits[1] & trait.FAMILY)
    )


_BEN = frozenset(("ben", "bin", "ibn"))


def _begins_nothing(traits: Sequence[int]) -> bool:
    """True if the first word of a sentence is not part of the name there: `Near`, `Musician`, `Given J. Doe`."""
    return bool(
        traits[0] & trait.BEGINS_NOTHING or (traits[0] & trait.ORDINARY and traits[1] & (trait.GIVEN | trait.INITIAL))
    )


def _says_who(traits: int, after: int) -> bool:
    """True if a word in a name states a profession or an origin: `Engineer`, `Briton`, `Ohio`."""
    return bool(traits & trait.SAYS_WHO or (traits & trait.SAYS_WHENCE and after & trait.GIVEN))
