"""Further occurrences of persons known by their full names, in full or in part.

`known_from` collects an article's full names, `matches` finds them and their surnames in a sentence, `found_again`
finds those that the tagger missed in a text, and `sharing` gives the first of two brothers the surname that follows the
second. Not for deciding whose surname it is: see `identity`.

Cost: about a fifth of a microsecond a word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from indexer.enrich.persons import cues, names
from indexer.enrich.persons.mentions import Mention, name_at
from indexer.enrich.persons.tagger.crf import Span
from indexer.enrich.persons.tagger.sentences import Sentence
from indexer.enrich.shared.lexicon import table


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
    ends = Ending()
    surnames: dict[str, float] = {}
    for mention in mentions:
        name = mention.name
        if name.full and len(name.words) > 1:
            end = ends
            for word in reversed(name.words):
                end = end.longer.setdefault(word, Ending())
                end.confidence = max(end.confidence, mention.confidence)
            key = name.family
            surnames[key] = max(surnames.get(key, 0.0), mention.confidence)
    return Known(ends, surnames)


def found_again(
    body: Sequence[Sentence], spans: Sequence[Span], found: Sequence[Mention], known: Known
) -> Iterator[Mention]:
    """Known full names and surnames that the model did not label as persons."""
    if not known.surnames:
        return
    taken: dict[int, set[int]] = {}
    other: dict[int, set[int]] = {}
    for mention in found:
        taken.setdefault(mention.sentence, set()).update(range(mention.first, mention.last))
    for span in spans:
        if span.label != "PER" and span.last - span.first > 1:
            other.setdefault(span.sentence, set()).update(range(span.first, span.last))
    for number, sentence in enumerate(body):
        for first, last, confidence in matches(sentence, known, sentence.headline_like):
            here = taken.get(number, set()) | (other.get(number, set()) if last - first == 1 else set())
            if here.isdisjoint(range(first, last)):
                yield Mention(number, first, last, name_at(sentence.words, first, last), "surname", confidence)


def matches(sentence: Sentence, known: Known, loose: bool) -> Iterator[tuple[int, int, float]]:
    """The known names in a sentence: first word, last word (exclusive), confidence.

    `loose` is for a sentence in title case or capitals, where a capital next to a surname shows nothing.
    """
    words = sentence.words
    for at in sentence.capitals:
        word = words[at]
        if word in known.ends.longer:
            size, confidence = _longest(known.ends, words, at)
            if size > 1:
                yield at + 1 - size, at + 1, confidence
                continue
        key = names.key(word)
        if key not in known.surnames or len(key) < 2 or (word.isupper() and not loose and len(word) > 1):
            continue
        titled = bool(at and names.title_at_end(" ".join(words[max(at - 4, 0) : at])))
        if not titled and (word in table("places") or (not loose and inside_name(words, at))):
            continue
        yield at, at + 1, known.surnames[key]


def _longest(ends: Ending, words: Sequence[str], at: int) -> tuple[int, float]:
    """The number of words before a position that end some full name, and the confidence of one they end."""
    size, end = 0, ends
    while size <= at and (longer := end.longer.get(words[at - size])) is not None:
        size, end = size + 1, longer
    return size, end.confidence


def inside_name(words: Sequence[str], at: int) -> bool:
    """True if a capitalised neighbour makes a word part of some longer name."""
    after = words[at + 1] if at + 1 < len(words) else ""
    before = words[at - 1] if at > 1 else ""
    return any(word and word[0].isupper() and not names.title_kind(word) for word in (after, before))


def sharing(body: Sequence[Sentence], found: Sequence[Mention], surnames: frozenset[str]) -> list[Mention]:
    """Given names that share the surname of the full name after them: `Ethan` of `Ethan and Joel Coen`."""
    taken = {
        (mention.sentence, at)
        for mention in found
        if len(mention.name.words) > 1
        for at in range(mention.first, mention.last)
    }
    shared = []
    for mention in found:
        at, words = mention.first - 2, body[mention.sentence].words
        if at < 0 or words[at + 1] != "and" or len(mention.name.words) != 2 or not cues.is_given(words[at]):
            continue
        alone = not at or not (words[at - 1][0].isupper() or words[at - 1] == "and")
        known = (
            (words[at] in table("surname") and words[at] not in table("nicknames"))
            or names.key(words[at]) in surnames
            or words[at] in table("places")
        )
        if alone and not known and cues.is_given(mention.name.words[0]) and (mention.sentence, at) not in taken:
            name = names.parse(f"{words[at]} {mention.name.words[-1]}")
            shared.append(Mention(mention.sentence, at, at + 1, name, "shared", mention.confidence))
    return shared
