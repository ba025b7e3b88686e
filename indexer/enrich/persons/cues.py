"""What the words around a name show: that it names a person, or a place, a ship, a firm.

Each function looks at the words of one sentence and the position of a name in it, not at the article: `verdict` adds up
the evidence of all occurrences of a name.
"""

from __future__ import annotations

from collections.abc import Sequence

from indexer.enrich.persons import names, trait
from indexer.enrich.persons.tagger.sentences import Sentence
from indexer.languages import Language
from search.text.tokens import fold

_SHORT_APPOSITIVE = 7
"""The number of words searched for the head of an appositive."""


def is_role(word: str, language: Language) -> bool:
    """True if a word denotes a person: an office, a profession, a relation."""
    return trait.of(word, language) & trait.ROLE > 0


def is_given(word: str, language: Language) -> bool:
    """True if a word is a given name, possibly a double one: Karl-Heinz."""
    return trait.of(word, language) & trait.GIVEN > 0


def vouched(sentence: Sentence, first: int, last: int) -> bool:
    """True if the words around a name, apart from its title, show that it is a person's."""
    words, traits = sentence.words, sentence.traits
    before = traits[first - 1]
    if before & trait.ROLE and (before & trait.LOWER_FIRST or first == 1):
        return not traits[first - 2] & (trait.THING | trait.BEARER)
    if traits[last] & trait.WHO:
        return True
    if last + 2 >= len(words) or words[last] != ",":
        return False
    after = words[last + 1]
    if traits[last + 1] & trait.WHO or (after.isdigit() and len(after) == 2 and words[last + 2] in (",", ".", ";")):
        return True
    return traits[_head(sentence, last + 1)] & trait.ROLE > 0


def _head(sentence: Sentence, start: int) -> int:
    """The head noun of an appositive that starts at a word: `minister` in `the first minister of Wales`; -1 if none."""
    words, head, ends = sentence.words, start, sentence.language.words("appositive-end")
    for at in range(start, min(start + _SHORT_APPOSITIVE, len(words))):
        if words[at] in ends or not sentence.traits[at] & trait.ALNUM:
            return head
        head = at
    return -1


def is_relation(sentence: Sentence, first: int) -> bool:
    """True if a name is one of those after a relation: `his wife X`, `two sons, X and Y`, `their daughter, X`."""
    words, listed = sentence.words, sentence.language.words("listed")
    at, least = first - 1, max(first - _LONGEST_LIST, 0)
    while at > least and (words[at] in listed or sentence.traits[at] & trait.IN_GIVEN):
        at -= 1
    kin = sentence.language.words("kin")
    return at >= 0 and any(
        fold(words[at]).removesuffix(end) in kin for end in ("", *sentence.language.listed("plural"))
    )


def speaks(sentence: Sentence, first: int, last: int) -> bool:
    """True if a name is next to a verb of saying or the like: it may be a person's or a firm's."""
    return (sentence.traits[last] | sentence.traits[first - 1]) & trait.SAYING > 0


def denied(sentence: Sentence, first: int, last: int, title: str, ends: set[int]) -> bool:
    """True if the words around a name show that it is a place's or a thing's.

    Args:
        first, last: the name, without its title.
        title: the title, which is among the words before the name.
        ends: where other names of persons end in the sentence.
    """
    words, traits, language = sentence.words, sentence.traits, sentence.language
    lone = last - first == 1
    if title:
        if names.title_kind(title, language) != "military":
            return False
        start = first - len(title.split())
        before = traits[start - 1] if start > 0 else 0
        return before & (trait.THING | trait.BEARER) > 0 or (
            lone and start > 0 and fold(words[start - 1]) in language.words("the")
        )
    after = words[last : last + 2]
    if traits[last] & trait.DENIES_AFTER and (
        _is_thing_before(after, lone and first > 0, language)
        or _is_played(words, last, language)
        or _is_listed(words, last, language)
        or _is_explained(sentence, last)
    ):
        return True
    listed = first > 0 and sentence.any_traits & trait.UNREAL
    if listed and (_is_character(words, first, language) or (lone and _is_storm(words, first, language))):
        return True
    if not traits[first - 1] & trait.DENIES_BEFORE:
        return False
    earlier = tuple(map(fold, words[max(first - 2, 0) : first]))
    if earlier[-1] in language.words("instance"):
        whose = not lone and traits[first] & trait.GIVEN
        return not whose and _is_instance(words, first - 1, language)
    if earlier[-1] in language.words("of") and len(earlier) > 1:
        return first - 1 in ends or _is_place_of(earlier[0], not lone and traits[first] & trait.GIVEN > 0, language)
    if traits[first - 1] & (trait.THING | trait.BEARER) and (lone or not is_role(earlier[-1], language)):
        return True
    return _is_thing_after(earlier, words[first:last], after, language)


def _is_thing_before(after: Sequence[str], lone: bool, language: Language) -> bool:
    """True if the following words make a name a place or thing: `X prefecture`, `X's shareholders`, `X 2`."""
    return (
        fold(after[0]) in language.words("generic")
        or (after[0] in language.words("owns") and len(after) > 1 and after[1] in language.words("owned"))
        or (lone and after[0].isdigit() and len(after[0]) < 3)
    )


def _is_explained(sentence: Sentence, last: int) -> bool:
    """True if an appositive after a name says that it is a thing's: `X, the investment bank,`."""
    words = sentence.words
    if words[last] != "," or last + 2 >= len(words) or words[last + 1] not in sentence.language.words("article"):
        return False
    head = _head(sentence, last + 2)
    return sentence.traits[head] & (trait.THING | trait.ROLE | trait.LOWER) == trait.THING | trait.LOWER and words[
        min(head + 1, len(words) - 1)
    ] not in sentence.language.words("owns")


def _is_played(words: Sequence[str], last: int, language: Language) -> bool:
    """True if the words after a name say who plays it: `X, played by`, `X (voiced by`."""
    return (
        words[last] in (",", "(")
        and last + 2 < len(words)
        and (words[last + 1] in language.words("played") and words[last + 2] in language.words("by"))
    )


def _is_character(words: Sequence[str], first: int, language: Language) -> bool:
    """True if a name follows a word such as `character`, or is in a list that does."""
    at, listing = first - 1, language.words("listing")
    while at > 0 and first - at < _LONGEST_LIST and (words[at] in listing or words[at][0].isupper()):
        at -= 1
    return fold(words[at]) in language.words("character") and (at == first - 1 or words[at + 1] in listing)


def _is_storm(words: Sequence[str], first: int, language: Language) -> bool:
    """True if a name is in a list after storms: `hurricanes Harvey, Irma and Maria`."""
    at, listed = first - 1, language.words("listed")
    while at > 0 and first - at < _LONGEST_LIST and (words[at] in listed or words[at][0].isupper()):
        at -= 1
    return fold(words[at]) in language.words("storm")


def _is_listed(words: Sequence[str], last: int, language: Language) -> bool:
    """True if a name is in a list of things: `X, Y and Z borders`."""
    at, listed = last, language.words("listed")
    while at < len(words) and at - last < _LONGEST_LIST and (words[at] in listed or words[at][0].isupper()):
        at += 1
    return (
        at - last > 1
        and words[last] in listed
        and words[at - 1][0].isupper()
        and at < len(words)
        and words[at].endswith(language.listed("plural"))
        and words[at] in language.words("generic")
    )


_LONGEST_LIST = 20
"""The number of words searched for the head of a list."""


def _is_instance(words: Sequence[str], at: int, language: Language) -> bool:
    """True if the word there makes a name an instance of some things: `clubs, including X`, `bands such as X`."""
    at -= words[at - 1] in language.words("such")
    at -= words[at - 1] in language.words("between")
    noun = fold(words[at - 1]) if at > 0 else ""
    return noun.endswith(language.listed("plural")) and noun in language.words("generic")


def _is_place_of(noun: str, given: bool, language: Language) -> bool:
    """True if a noun and `of` make the following name a place or body: `city of X`, `leader of X`; not `wife of X`."""
    if noun in language.words("generic"):
        return True
    return (
        not given
        and noun not in language.words("head-of")
        and is_role(noun, language)
        and noun not in language.words("kin")
    )


def _is_thing_after(before: Sequence[str], name: Sequence[str], after: Sequence[str], language: Language) -> bool:
    """True if the words before a name make it a place's or a thing's: `at X`, `the X`, `the tanker X`."""
    word, earlier = before[-1], before[-2] if len(before) > 1 else ""
    lone, given, words = len(name) == 1, is_given(name[0], language), language.words
    whole = not lone and given and name[-1] in language.table("surname")
    next_word = after[0] if after else "."
    if word in words("off"):
        return lone or not given
    if word in words("for"):
        return lone and earlier in words("standing")
    if word in words("placed") and not (whole and word in words("in")):
        return next_word not in words("owns") and earlier not in words("towards")
    if word in words("to-or-from") and not lone and _is_landmark(name[-1], language):
        return True
    if word in words("the"):
        return not (next_word in words("of-person") if lone else whole and next_word[0].islower())
    if lone and (word in words("versus") or (word in words("called") and not (earlier and is_role(earlier, language)))):
        return True
    stated = names.title_kind(earlier, language) or (earlier.isdigit() and len(earlier) == 4)
    return lone and word in words("owns") and bool(stated)


def _is_landmark(word: str, language: Language) -> bool:
    return fold(word) in language.words("landmark") and word not in language.table("surname")
