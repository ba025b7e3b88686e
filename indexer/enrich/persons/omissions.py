"""Full names that the tagger missed: capitalised words that the article shows to be a person's name.

A title, a role, an age, a list of persons, or a surname known from elsewhere is evidence for a run of capitalised
words; another label of the model is evidence against it. Not for surnames alone: see `surnames`. Not for sentences in
title case, which are skipped.

Cost: about a tenth of a microsecond a word, more for a run of capitalised words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from indexer.enrich.persons import cues, names, trait
from indexer.enrich.persons.impostors import CERTAIN, SAINT, is_person
from indexer.enrich.persons.mentions import FIRST_CONFIDENCE, Mention, Others, Taken, name_at
from indexer.enrich.persons.tagger.sentences import Sentence, Text
from indexer.enrich.persons.tagger.word_features import Context
from indexer.languages import Language


def overlooked(
    body: Sequence[Sentence],
    others: Others,
    found: Sequence[Mention],
    taken: Taken,
    around: Context,
    firms: frozenset[tuple[str, ...]],
) -> Iterator[Mention]:
    """Full names that the model did not label as persons, but that their context or a known surname shows to be."""
    surnames, once = set[str](), set[str]()
    for mention in found:
        if len(mention.name.words) == 1:
            key = mention.name.keys[0]
            if mention.name.title or (key in once and mention.confidence >= FIRST_CONFIDENCE):
                surnames.add(key)
            if mention.confidence >= FIRST_CONFIDENCE:
                once.add(key)
        elif body[mention.sentence].traits[mention.first] & trait.INITIALS:
            surnames.add(mention.name.family)  # a team list has brothers
    yield from sorted(
        (
            *(each for each in _first_of_lines(body) if is_person(body, each, around, firms)),
            *(
                mention
                for mention, doubt in _in_runs(body, others, taken)
                if _speaks_for_itself(body[mention.sentence], mention, doubt, taken.get(mention.sentence, {}), surnames)
                and is_person(body, mention, around, firms)
            ),
        ),
        key=lambda mention: mention.sentence,
    )


def _first_of_lines(body: Sequence[Sentence]) -> Iterator[Mention]:
    for number, sentence in enumerate(body):
        if sentence.headline_like and (listed := _first_of_line(number, sentence)):
            yield listed


def _in_runs(body: Sequence[Sentence], others: Others, taken: Taken) -> Iterator[tuple[Mention, float]]:
    """The runs of capitalised words that may be full names, and the confidence of the model in another label."""
    for number, start, end in Text.of(body).runs:
        here = taken.get(number, _NOTHING)
        if end - 1 in here:
            continue
        sentence = body[number]
        if sentence.headline_like:
            continue
        first, last = _without_title(sentence, start, end), end
        if not 1 < last - first < _LONGEST_NAME:
            continue
        if not _is_known(sentence, first, last) and _is_no_name(sentence, first, last):
            continue
        if here and not here.keys().isdisjoint(range(first, last)):
            continue
        span = others.get((number, first))
        doubt = span.confidence * _DOUBT.get(span.label, 1.0) if span else 0.0
        if span and span.last > last and sentence.words[last] not in sentence.language.words("of"):
            doubt = _SOME_DOUBT if doubt < _GUESSED else 1.0
        yield Mention(number, first, last, name_at(sentence, first, last), "context", 0.7), doubt


_NOTHING: Mapping[int, Mention] = {}


def _first_of_line(number: int, sentence: Sentence) -> Mention | None:
    """A usual name before a comma at the beginning of a line in title case: `Jane Doe, Director of Engineering`."""
    words = sentence.words
    first = sentence.capitals[0] if sentence.capitals else len(words)
    if words[first + 2 : first + 3] != [","] or any(word[0].isalnum() for word in words[:first]):
        return None
    given, family = sentence.traits[first : first + 2]
    if not given & trait.IN_GIVEN or not family & trait.FAMILY or (given | family) & trait.PLACE:
        return None
    if any(word.isupper() for word in words[first : first + 2]) or any(word.isdigit() for word in words):
        return None
    return Mention(number, first, first + 2, name_at(sentence, first, first + 2), "forename", 0.7)


def _without_title(sentence: Sentence, first: int, last: int) -> int:
    """The first word of a run of capitalised words after what is no part of a name: small words, a title."""
    words, traits, language = sentence.words, sentence.traits, sentence.language
    while first < last - 1 and traits[first] & trait.SMALL:
        first += 1
    while first < last - 2 and traits[first] & trait.SAYS_WHENCE and traits[first + 1] & trait.GIVEN:
        first += 1
    for title in range(last - 2, first - 1, -1):
        if traits[title] & _TITLE_OR_GIVEN == trait.TITLE and names.title_size(words[title:last], language):
            first = title + 1
            break
    if traits[first] & trait.TITLE_BEGINS:
        first += names.title_size(words[first:last], language)
    return first


_LONGEST_NAME = 5


def _speaks_for_itself(
    sentence: Sentence, mention: Mention, doubt: float, here: Mapping[int, Mention], surnames: set[str]
) -> bool:
    """True if a run of capitalised words is a person's full name; `doubt` is the confidence in another label."""
    first, last, name, language = mention.first, mention.last, mention.name, sentence.language
    words, inside, traits = sentence.words, sentence.words[first:last], sentence.traits[first:last]
    head, tail = traits[0], traits[-1]
    quoted = first > 0 and last < len(words) and words[first - 1] in _QUOTES and words[last] in _QUOTES
    if quoted or (name.title and language.pattern(SAINT).fullmatch(name.title)):
        return False
    if any(
        hyphen and end in language.words("made-of-place") for _, hyphen, end in (word.partition("-") for word in inside)
    ):
        return False
    after = sentence.traits[last]
    if after & trait.LOWER and after & trait.ROLE:
        return False  # the office of an institution: `deputy White House counsel`
    initials = head & _INITIALS == trait.INITIALS and not tail & trait.ORDINARY and len(inside) == 2
    given = head & (trait.GIVEN | trait.INITIAL) > 0 or (initials and tail & _FAMILY == trait.FAMILY)
    titled = name.title and (name.title[0].isupper() or cues.is_role(name.title.split()[-1], language))
    at = first - len(name.title.split()) - 1
    whole = at < 0 or words[at][0].islower() or bool(sentence.traits[at] & trait.TITLE)
    if titled and (given or tail & trait.FAMILY or (whole and names.title_kind(name.title, language) in CERTAIN)):
        return True
    if tail & trait.SMALL_SURNAME:
        return True
    dated = head & trait.CALENDAR > 0
    if name.family in surnames and len(inside) == 2 and not dated:
        return given or (first > 0 and not head & trait.ORDINARY)
    if doubt == 1.0:
        return False
    if doubt < _CERTAIN_DOUBT and _is_known(sentence, first, last):
        return True
    if cues.vouched(sentence, first, last) or _is_listed(words, first, last, here, language):
        if given or head & trait.STANDS_FIRST:
            return True
        return doubt < _FIRM_DOUBT and not (after | sentence.traits[last + 1]) & trait.WHO
    if (
        doubt < _FIRM_DOUBT
        and not dated
        and (given or initials or tail & _FAMILY == trait.FAMILY)
        and _is_coordinated(words, first, last, here, language)
    ):
        return True
    if not given or dated or not all(each & _IN_MIDDLE for each in traits[1:-1]):
        return False
    if tail & trait.FAMILY:
        return doubt < _SOME_DOUBT
    past = after & trait.LOWER and words[last].endswith(language.listed("past"))
    ended = not after & trait.ALNUM or words[last] in language.words("after-name") or past
    return "-" in inside[0] or (doubt < _LITTLE_DOUBT and (ended or any(each & trait.INITIAL for each in traits[1:-1])))


def _is_known(sentence: Sentence, first: int, last: int) -> bool:
    """True if words are the full name of somebody in the table of known people."""
    return " ".join(sentence.words[first:last]) in sentence.language.table("known")


def _is_no_name(sentence: Sentence, first: int, last: int) -> bool:
    """True if a run of capitalised words is none of a full name, whatever is around it."""
    traits = sentence.traits
    head = cased = traits[first]
    if head & _INITIALS == trait.INITIALS:
        cased |= trait.CASED
    if (head | traits[last - 1]) & trait.PLACE or head & (trait.SMALL | trait.BEARER):
        return True
    for each in traits[first + 1 : last]:
        if each & _SMALL_OR_DAY or each & _TITLE_OR_GIVEN == trait.TITLE:
            return True
        cased &= each
    if not cased & trait.CASED:
        return True
    return " ".join(sentence.words[first:last]) in sentence.language.table("places")


_INITIALS = trait.INITIALS | trait.LEADS_NOTHING | trait.TITLE | trait.SMALL
"""Of these letters without full stops have the first alone: `PG Doe`, not `UK Doe`."""
_FAMILY = trait.FAMILY | trait.ORDINARY | trait.PLACE

_TITLE_OR_GIVEN = trait.TITLE | trait.IN_GIVEN
"""Of these a title has the first alone: `Dean` may be a given name."""
_SMALL_OR_DAY = trait.SMALL | trait.CALENDAR
_IN_MIDDLE = trait.GIVEN | trait.INITIAL | trait.FAMILY
"""What a word between the first and the last of a name is."""

_DOUBT = {"MISC": 0.6, "LOC": 0.7}
"""The weight of the model's confidence that a name is something else, if less than 1."""

_QUOTES = frozenset("\"'“”‘’«»")
_CERTAIN_DOUBT = 0.95
_GUESSED = 0.3
"""Below it the model only guesses where a longer name of another kind ends."""
_LITTLE_DOUBT = 0.5
_SOME_DOUBT = 0.6
_FIRM_DOUBT = 0.85


def _is_coordinated(
    words: Sequence[str], first: int, last: int, here: Mapping[int, Mention], language: Language
) -> bool:
    """True if a person's full name is joined to words by `and`."""
    both = language.words("and")

    def full(at: int) -> bool:
        mention = here.get(at)
        return mention is not None and len(mention.name.words) > 1

    return (last + 1 < len(words) and words[last] in both and full(last + 1)) or (
        first > 1 and words[first - 1] in both and full(first - 2)
    )


def _is_listed(words: Sequence[str], first: int, last: int, here: Mapping[int, Mention], language: Language) -> bool:
    """True if full names of persons are on both sides in a list, or two before."""
    between = language.words("and") | {","}

    def full(at: int) -> Mention | None:
        mention = here.get(at)
        return mention if mention and len(mention.name.words) > 1 else None

    def before(at: int) -> Mention | None:
        while at and words[at - 1] in between:
            at -= 1
        return full(at - 1) if at < len(words) and at and words[at] in between else None

    left = before(first)
    if not left:
        return False
    after = last
    while after < len(words) and words[after] in between:
        after += 1
    return bool((after > last and full(after)) or before(left.first))
