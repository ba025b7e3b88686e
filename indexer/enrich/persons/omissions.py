"""Full names that the tagger missed: capitalised words that the article shows to be a person's name.

A title, a role, an age, a list of persons, or a surname known from elsewhere is evidence for a run of capitalised
words; another label of the model is evidence against it. Not for surnames alone: see `surnames`. Not for sentences in
title case, which are skipped.

Cost: somewhat less than a microsecond a word.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from indexer.enrich.persons import cues, names
from indexer.enrich.persons.impostors import CERTAIN, SAINT, is_person
from indexer.enrich.persons.mentions import FIRST_CONFIDENCE, MOST_PARTICLES, Mention, is_small, name_at
from indexer.enrich.persons.tagger.crf import Span
from indexer.enrich.persons.tagger.sentences import Sentence
from indexer.enrich.persons.tagger.word_features import Context
from indexer.enrich.shared.lexicon import flags, table, words_of
from search.text import fold


def overlooked(
    body: Sequence[Sentence],
    spans: Sequence[Span],
    found: Sequence[Mention],
    around: Context,
    firms: frozenset[tuple[str, ...]],
) -> Iterator[Mention]:
    """Full names that the model did not label as persons, but that their context or a known surname shows to be."""
    taken: dict[int, dict[int, Mention]] = {}
    for mention in found:
        taken.setdefault(mention.sentence, {}).update(dict.fromkeys(range(mention.first, mention.last), mention))
    other: dict[tuple[int, int], Span] = {
        (span.sentence, at): span for span in spans if span.label != "PER" for at in range(span.first, span.last)
    }
    lone = [mention for mention in found if len(mention.name.words) == 1]
    often = Counter(mention.name.keys[0] for mention in lone if mention.confidence >= FIRST_CONFIDENCE)
    surnames = {mention.name.keys[0] for mention in lone if mention.name.title} | {
        key for key in often if often[key] > 1
    }
    for number, sentence in enumerate(body):
        if sentence.headline_like:
            listed = _first_of_line(number, sentence)
            if listed and is_person(body, listed, around, firms):
                yield listed
            continue
        words = sentence.words
        here = taken.get(number, {})
        for first, last in _runs(sentence):
            if any(at in here for at in range(first, last)):
                continue
            span = other.get((number, first))
            longer = span is not None and span.last > last and words[last] != "of"
            doubt = 1.0 if longer else span.confidence * _DOUBT.get(span.label, 1.0) if span else 0.0
            mention = Mention(number, first, last, name_at(words, first, last), "context", 0.7)
            if _speaks_for_itself(words, mention, doubt, here, surnames) and is_person(body, mention, around, firms):
                yield mention


def _first_of_line(number: int, sentence: Sentence) -> Mention | None:
    """A usual name before a comma at the beginning of a line in title case: `Jane Doe, Director of Engineering`."""
    words = sentence.words
    first = sentence.capitals[0] if sentence.capitals else len(words)
    if words[first + 2 : first + 3] != [","] or any(word[0].isalnum() for word in words[:first]):
        return None
    given, family = words[first : first + 2]
    if "g" not in flags(given) or "f" not in flags(family) or given.isupper() or family.isupper():
        return None
    if not {given, family}.isdisjoint(table("places")) or any(word.isdigit() for word in words):
        return None
    return Mention(number, first, first + 2, name_at(words, first, first + 2), "forename", 0.7)


def _runs(sentence: Sentence) -> Iterator[tuple[int, int]]:
    """Runs of two to four capitalised words, with particles between them, without titles before them."""
    words = sentence.words
    at, size = 0, len(words)
    for first in sentence.capitals:
        if first < at:
            continue
        at = first + 1
        while at < size:
            if words[at][0].isupper() or (not words[at].islower() and cues.is_small_surname(words[at])):
                at += 1
                continue
            ahead = at
            while ahead < size and ahead - at < MOST_PARTICLES and words[ahead] in _INSIDE:
                ahead += 1
            if ahead in (at, size) or not words[ahead][0].isupper():
                break
            at = ahead + 1
        last = at
        if last - first < 2:
            continue
        while first < last - 1 and is_small(words[first]):
            first += 1
        for title in range(last - 2, first - 1, -1):
            if (
                names.title_kind(words[title])
                and names.title_size(words[title:last])
                and words[title] not in table("given")
            ):
                first = title + 1
                break
        first += names.title_size(words[first:last])
        if 1 < last - first < _LONGEST_NAME and all(
            any(map(str.islower, w)) or _is_initial(w) for w in words[first:last]
        ):
            yield first, last


_LONGEST_NAME = 5
_INSIDE = frozenset(("van", "von", "der", "den", "de", "del", "della", "di", "da", "dos", "bin", "ibn", "ter", "arap"))


def _speaks_for_itself(
    words: Sequence[str], mention: Mention, doubt: float, here: Mapping[int, Mention], surnames: set[str]
) -> bool:
    """True if a run of capitalised words is a person's full name; `doubt` is the confidence in another label."""
    first, last, name = mention.first, mention.last, mention.name
    inside = words[first:last]
    if inside[0] in table("places") or inside[-1] in table("places") or " ".join(inside) in table("places"):
        return False
    if any(is_small(word) or (names.title_kind(word) and word not in table("given")) for word in inside[1:]):
        return False
    quoted = first > 0 and last < len(words) and words[first - 1] in _QUOTES and words[last] in _QUOTES
    if is_small(inside[0]) or quoted or SAINT.fullmatch(name.title):
        return False
    if fold(inside[0]) in words_of("bearer") or any(fold(word) in words_of("calendar") for word in inside[1:]):
        return False
    if any(hyphen and tail in _MADE_OF_PLACE for _, hyphen, tail in (word.partition("-") for word in inside)):
        return False
    if last < len(words) and words[last].islower() and cues.is_role(words[last]):
        return False  # the office of an institution: `deputy White House counsel`
    given = cues.is_given(inside[0]) or _is_initial(inside[0])
    titled = name.title and (name.title[0].isupper() or cues.is_role(name.title.split()[-1]))
    at = first - len(name.title.split()) - 1
    whole = at < 0 or words[at][0].islower() or bool(names.title_kind(words[at]))
    if titled and (given or "f" in flags(inside[-1]) or (whole and names.title_kind(name.title) in CERTAIN)):
        return True
    if cues.is_small_surname(inside[-1]):
        return True
    dated = fold(inside[0]) in words_of("calendar")
    if name.family in surnames and len(inside) == 2 and not dated:
        return given or (first > 0 and inside[0].lower() not in table("ordinary"))
    if doubt == 1.0:
        return False
    if cues.vouched(words, first, last) or _is_listed(words, first, last, here):
        return given or "e" in flags(inside[0]) or (doubt < _FIRM_DOUBT and cues.WHO.isdisjoint(words[last : last + 2]))
    if (
        not given
        or dated
        or not all(cues.is_given(word) or _is_initial(word) or "f" in flags(word) for word in inside[1:-1])
    ):
        return False
    if "f" in flags(inside[-1]):
        return doubt < _SOME_DOUBT
    after = words[last] if last < len(words) else "."
    ended = not after[0].isalnum() or after in _AFTER_NAMES or (after.islower() and after.endswith("ed"))
    return "-" in inside[0] or (doubt < _LITTLE_DOUBT and (ended or any(map(_is_initial, inside[1:-1]))))


_MADE_OF_PLACE = frozenset(("based", "listed", "born", "style", "led", "backed", "owned", "registered", "area", "made"))
_AFTER_NAMES = frozenset(("and", "was", "is", "has", "had", "will", "would", "who", "among"))
_DOUBT = {"MISC": 0.6, "LOC": 0.7}
"""The weight of the model's confidence that a name is something else, if less than 1."""

_QUOTES = frozenset("\"'“”‘’«»")
_LITTLE_DOUBT = 0.5
_SOME_DOUBT = 0.6
_FIRM_DOUBT = 0.85


def _is_initial(word: str) -> bool:
    return len(word) == 2 and word[1] == "."


def _is_listed(words: Sequence[str], first: int, last: int, here: Mapping[int, Mention]) -> bool:
    """True if full names of persons are on both sides in a list, or two before."""

    def full(at: int) -> Mention | None:
        mention = here.get(at)
        return mention if mention and len(mention.name.words) > 1 else None

    def before(at: int) -> Mention | None:
        while at and words[at - 1] in (",", "and"):
            at -= 1
        return full(at - 1) if at < len(words) and at and words[at] in (",", "and") else None

    left = before(first)
    if not left:
        return False
    after = last
    while after < len(words) and words[after] in (",", "and"):
        after += 1
    return bool((after > last and full(after)) or before(left.first))
