"""Further occurrences of persons known by their full names, in full or in part.

`known_from` collects an article's full names, `matches` finds them and their surnames in a sentence, `found_again`
finds those that the tagger missed in a text, and `sharing` gives the first of two brothers the surname that follows the
second. Not for deciding whose surname it is: see `identity`.

Cost: about a fifth of a microsecond a capitalised word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from indexer.enrich.persons import cues, names, trait
from indexer.enrich.persons.mentions import Mention, Others, name_at, taken_by
from indexer.enrich.persons.tagger.sentences import Sentence, Text


@dataclass(slots=True)
class Ending:
    """A common end of full names: the highest confidence of any of them, and the longer ends by the word before it."""

    confidence: float = 0.0
    longer: dict[str, Ending] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Known:
    """The full names of an article: a trie of their words from the last; their folded surnames with confidence."""

    ends: Ending
    surnames: dict[str, float]


def known_from(mentions: Iterable[Mention]) -> Known:
    """The full names among some mentions."""
    surest: dict[tuple[str, ...], Mention] = {}
    for mention in mentions:
        name = mention.name
        if len(name.words) > 1 and name.full:
            before = surest.get(name.words)
            if before is None or before.confidence < mention.confidence:
                surest[name.words] = mention
    ends = Ending()
    surnames: dict[str, float] = {}
    for words, mention in surest.items():
        end, family, confidence = ends, mention.name.family, mention.confidence
        for word in reversed(words):
            longer = end.longer.get(word)
            if longer is None:
                longer = end.longer[word] = Ending()
            end = longer
            if end.confidence < confidence:
                end.confidence = confidence
        if surnames.get(family, 0.0) <= confidence:
            surnames[family] = confidence
    return Known(ends, surnames)


def found_again(body: Sequence[Sentence], others: Others, found: Sequence[Mention], known: Known) -> Iterator[Mention]:
    """Known full names and surnames that the model did not label as persons."""
    if not known.surnames:
        return
    taken = taken_by(found)
    for number, first, last, confidence in matches(body, known):
        here = taken.get(number, {})
        if here and not here.keys().isdisjoint(range(first, last)):
            continue
        other = others.get((number, first)) if last - first == 1 else None
        if other is not None and other.last - other.first > 1:
            continue
        yield Mention(number, first, last, name_at(body[number], first, last), "surname", confidence)


def matches(text: Sequence[Sentence], known: Known) -> Iterator[tuple[int, int, int, float]]:
    """The known names in some sentences: number of the sentence, first word, last word (exclusive), confidence.

    In a sentence in title case or capitals, a capital next to a surname shows nothing.
    """
    ends, surnames, key_of = known.ends.longer, known.surnames, names.key
    whole = Text.of(text)
    spelt = names.spelt(whole.table)
    sought = {number for key in (*surnames, *map(key_of, ends)) for number in spelt.get(key, ())}
    capitals = iter(whole.capitals)
    for number, sentence in enumerate(whole):
        words, loose = sentence.words, sentence.headline_like
        for at, capital in zip(sentence.capitals, capitals, strict=False):
            if capital not in sought:
                continue
            word = words[at]
            if word in ends:
                size, confidence = _longest(known.ends, words, at)
                if size > 1:
                    yield number, at + 1 - size, at + 1, confidence
                    continue
            if (key := key_of(word)) not in surnames:
                continue
            if len(key) < 2 or (word.isupper() and not loose and len(word) > 1):
                continue
            inside = sentence.traits[at] & trait.PLACE or (not loose and inside_name(sentence.traits, at))
            if not inside or _titled(sentence, at):
                yield number, at, at + 1, surnames[key]


def _titled(sentence: Sentence, at: int) -> bool:
    """True if there is a title before a word."""
    before = sentence.words[max(at - 4, 0) : at]
    return sentence.traits[at - 1] & trait.TITLE_ENDS > 0 and bool(
        names.title_at_end(" ".join(before), sentence.language)
    )


def _longest(ends: Ending, words: Sequence[str], at: int) -> tuple[int, float]:
    """The number of words before a position that end some full name, and the confidence of one they end."""
    size, end = 0, ends
    while size <= at and (longer := end.longer.get(words[at - size])) is not None:
        size, end = size + 1, longer
    return size, end.confidence


def inside_name(traits: Sequence[int], at: int) -> bool:
    """True if a capitalised neighbour makes a word part of some longer name."""
    neighbours = (traits[at + 1], traits[at - 1] if at > 1 else 0)
    return any(each & (trait.UPPER | trait.TITLE) == trait.UPPER for each in neighbours)


def sharing(body: Sequence[Sentence], found: Sequence[Mention], surnames: frozenset[str]) -> list[Mention]:
    """Given names that share the surname of the full name after them: `Ethan` of `Ethan and Joel Coen`."""
    shared = []
    for mention in found:
        if len(mention.name.words) != 2 or mention.first < 2:
            continue
        at, sentence = mention.first - 2, body[mention.sentence]
        words, traits, language = sentence.words, sentence.traits, sentence.language
        both = language.words("and")
        if (
            words[at + 1] not in both
            or not traits[at] & trait.GIVEN
            or not cues.is_given(mention.name.words[0], language)
        ):
            continue
        if at and (traits[at - 1] & trait.UPPER or words[at - 1] in both):
            continue
        known = (
            (traits[at] & trait.FAMILY and words[at] not in language.table("nicknames"))
            or traits[at] & trait.PLACE
            or names.key(words[at]) in surnames
        )
        if not known:
            name = names.parse(f"{words[at]} {mention.name.words[-1]}", language)
            shared.append(Mention(mention.sentence, at, at + 1, name, "shared", mention.confidence))
    if not shared:
        return []
    taken = taken_by(mention for mention in found if len(mention.name.words) > 1)
    return [mention for mention in shared if mention.first not in taken.get(mention.sentence, ())]
