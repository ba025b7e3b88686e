"""What is true of a word by itself, as far as the rules for persons ask: a bit for each trait, found once a word.

A rule reads the traits of a name's words and of those next to it, and most rules are done with that: what they look for
is not there. So each sentence has the traits of its words, followed by zeros for what is beyond its ends, and those
that any of its words has. Not for names of several words, nor for what depends on the article.

Cost: some five microseconds a word that is new.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from itertools import chain

import numpy as np

from indexer.enrich.persons import known_rows, names
from indexer.enrich.shared.lexicon import (
    FLAGS,
    flag_bits,
    flag_bits_of,
    flag_letters,
    folded_word,
    known_flags,
)
from indexer.enrich.shared.words import Columns, Numbers, Table
from indexer.languages import CAPITAL_NOUNS, Language
from search.text.tokens import fold

BEYOND = [0] * 4
"""The traits of what is before the first word of a sentence and after the last; index -1 is before the first."""

_FOUND = 1

# How it is written
UPPER = 1 << 1  # begins with a capital
LOWER_FIRST = 1 << 2  # begins in lower case
LOWER = 1 << 3  # in lower case as a whole
ALNUM = 1 << 4  # begins with a letter or a digit
INITIAL = 1 << 5  # `J.`
INITIALS = 1 << 6  # `JB`
CASED = 1 << 7  # has a letter in lower case, or is an initial

# What it is in a name
GIVEN = 1 << 8  # a given name, possibly a double one or a nickname
IN_GIVEN = 1 << 9  # in the table of given names
FAMILY = 1 << 10  # a family name
STANDS_FIRST = 1 << 11  # a family name that comes first
SMALL_SURNAME = 1 << 12  # a family name that begins in lower case: `al-Amin`
PARTICLE = 1 << 13  # `van`
SMALL_PARTICLE = 1 << 14  # the same in lower case only
SUFFIX = 1 << 15  # `Jr`
SYLLABLE = 1 << 16  # may be the last part of an East Asian name
SURNAME = 1 << 17  # written like a surname, and no month or small word

# What it is next to a name
TITLE = 1 << 18  # a title
TITLE_BEGINS = 1 << 19  # the first word of one
TITLE_ENDS = 1 << 20  # the last word of one
ROLE = 1 << 21  # denotes a person: an office, a profession, a relation
KIN = 1 << 22  # a relation
WHO = 1 << 23  # `who`
SAYING = 1 << 24  # a verb of saying
LEADS_NOTHING = 1 << 25  # before a name, no part of it: a function word, an acronym
BEGINS_NOTHING = 1 << 26  # the same as the first of a sentence
SAYS_WHO = 1 << 27  # states a profession
SAYS_WHENCE = 1 << 28  # states an origin
JOCKEY = 1 << 29  # `DJ`
MAY_LEAD = 1 << 30  # after a role, part of the name after it

# What else it is
SMALL = 1 << 31  # a function word, in any case
ORDINARY = 1 << 32  # none of a name's: `Meanwhile`
COMMON = 1 << 33  # alone, above all a word of another kind
CALENDAR = 1 << 34  # a day, a month
PLACE = 1 << 35  # a place
PLACE_PART = 1 << 36  # a word of a place's name of several words
PLACE_PART_BEGINS = 1 << 37  # the same, or before a hyphen
BRAND = 1 << 38  # a firm, a team, a work
PEOPLE = 1 << 39  # a faith, a party, a people
LANDMARK = 1 << 40  # `Castle`
NO_NAME = 1 << 41  # not written like a word of a person's name
NO_NAME_LAST = 1 << 42  # the last word of a street, a prize
ORGANISATION = 1 << 43  # a word of the names of organisations
BEARER = 1 << 44  # before the name of a ship, a storm
HEAD = 1 << 45  # the last word of the names of things
NAMESAKE = 1 << 46  # after the name of a building, a prize
TAIL = 1 << 47  # one of the last two, or of an organisation
THING = 1 << 48  # before the name of a thing
STREET_OR_SIDE = 1 << 49  # `Street`, `North`, `South-East`
FIRM_ENDS = 1 << 50  # `Inc`
FIRM_SECOND = 1 << 51  # the second word of a firm's name of two

# What brings about a rule
LINK = 1 << 52  # `and`, `&`
AMPERSAND = 1 << 53  # `&`
BRACKET = 1 << 54  # `<`
DENIES_BEFORE = 1 << 55  # a name after it may be a thing's
DENIES_AFTER = 1 << 56  # a name before it may be a thing's
FIRM_AFTER = 1 << 57  # a name before it may be a firm's
HELD = 1 << 58  # `state-owned`
UNREAL = 1 << 59  # `heroine`, `hurricanes`: names in a list after it are no persons'
KNOWN_ALONE = 1 << 60  # the name by which somebody is known
OPENS_QUOTATION = 1 << 62  # `“`
SAID = 1 << 61  # begins a word of the table of these

NICKNAMES = {"“": "”", '"': '"', "‘": "’", "'": "'"}
"""What opens a nickname inside a name → what closes it."""


@lru_cache(maxsize=1 << 14)
def of(word: str, language: Language) -> int:
    """The traits of a word."""
    return _of(word, language)


def _of(word: str, language: Language) -> int:
    """The same, for a word that is met once: it is not cached."""
    usual = word.isascii() and word.isalpha() and len(word) > 2
    if usual and (word.islower() or word[1:].islower()):
        found = _of_usual(word, language)
    elif word.isdecimal() and word.isascii() and word not in _known_numbers(language):
        return _of_number(min(len(word), 3), language)
    else:
        found = _of_any(word, language)
    return found | _of_compound(word, found, language) if found & UPPER and language.code in CAPITAL_NOUNS else found


_LEAST_END, _LEAST_FIRST = 5, 4
"""The fewest letters of the parts of a compound, its last word and what is before that."""
_LONGEST_COMPOUND = 40
"""Only the end of a longer word is looked at, so that its length costs nothing."""


def _of_compound(word: str, found: int, language: Language) -> int:
    """The traits that a word, with some of its own, has by its end, in a language that writes nouns with a capital and
    as one word: `Fernsehfilme`, `Nordea-Prognose` are ordinary, after `Investmentbank` stands what is no person's.
    """
    if found & (IN_GIVEN | FAMILY | PLACE):
        return 0
    ordinary, things = language.table("ordinary"), _ends_of_things(language)
    end, more = word.lower()[-_LONGEST_COMPOUND:], 0
    for at in range(_LEAST_FIRST, len(end) - _LEAST_END + 1):
        more |= ORDINARY * (end[at:] in ordinary) | (THING | DENIES_BEFORE) * (end[at:] in things)
    return more


GENITIVE = "genitive"
"""The kind of the endings by which a name owns something, written without an apostrophe: `Merkels Rede`."""


@cache
def _ends_of_things(language: Language) -> frozenset[str]:
    """The words before the name of a thing that compounds end with, in the genitive too."""
    words = [word.lower() for word, kinds in language.table("words").items() if "thing" in kinds]
    return frozenset(f"{word}{end}" for word in words for end in ("", *language.listed(GENITIVE)))


@cache
def _of_number(size: int, language: Language) -> int:
    """The traits of a number of so many digits, or more if they are three, which no table has."""
    known = _known_numbers(language)
    return _of_any(next(word for at in range(1000) if (word := f"{at:0{size}}") not in known), language)


@cache
def _known_numbers(language: Language) -> frozenset[str]:
    """The numbers that are in some table."""
    small = chain.from_iterable(table(language) for table in (_exact, _plain, _small, _written))
    words = chain(small, known_flags(language), known_rows.first_words(language))
    return frozenset(word for word in words if word.isdecimal())


def _of_usual(word: str, language: Language) -> int:
    """The same traits, found quicker: of a word of three ASCII letters or more, in lower case but for the first."""
    written, folded = _written(language).get(word, 0), word.lower()
    found = _small(language).get(folded, 0) | written & ~_IF_CAPITAL | _FOUND | ALNUM | CASED
    if known_rows.begins(folded, language):
        found |= SAID
    if folded == word:
        found |= LOWER_FIRST | LOWER
        if not found & PARTICLE:
            found |= NO_NAME | LEADS_NOTHING
        if found & _IN_NO_ROLE:
            found &= ~ROLE
    else:
        small, flags = found, flag_bits(word, language)
        found |= UPPER | _FROM_FLAGS[flags]
        if found & IN_GIVEN:
            found = (found | GIVEN) & ~SMALL
        found |= written & (GIVEN | FIRM_SECOND)
        if found & _IN_SUFFIX:
            found |= SUFFIX
        if not found & (IN_GIVEN | FAMILY):
            found |= SAYS_WHO * (found & _IN_ROLE > 0) | SAYS_WHENCE * (found & PLACE > 0)
        if not found & CALENDAR:
            found |= SURNAME * (not small & SMALL)
            if len(word) <= LONGEST_SYLLABLE and not found & (SMALL | FAMILY):
                found |= SYLLABLE
        if written & _IN_KNOWN and not small & (SMALL | ORGANISATION):
            found |= KNOWN_ALONE * (not found & (PLACE | BRAND | COMMON | CALENDAR | TITLE))
        if not found & (ORDINARY | ROLE) and not flags & _OTHER:
            found |= MAY_LEAD
    if found & ORGANISATION and word.upper() in language.table("words"):
        found &= ~ORGANISATION
    if found & SMALL or (found & _IN_ROLE and not found & FAMILY):
        found |= BEGINS_NOTHING
    return found & _ALL


_IN_ROLE, _IN_NO_ROLE, _IN_SUFFIX, _IN_KNOWN = (1 << bit for bit in range(63, 67))
"""What only `_of_usual` asks for."""
_ALL = (1 << 63) - 1
_IF_CAPITAL = GIVEN | FIRM_SECOND | _IN_KNOWN


@cache
def _written(language: Language) -> dict[str, int]:
    """What `_of_usual` asks of a word as it is written."""
    return _by_word(
        *(((word,), bits) for word, bits in _exact(language).items()),
        (_place_parts(language), PLACE_PART | PLACE_PART_BEGINS),
        (language.table("nicknames"), GIVEN),
        (_second_words(language), FIRM_SECOND),
        (known_rows.rows(language), _IN_KNOWN),
    )


@cache
def _small(language: Language) -> dict[str, int]:
    """What it asks of the word in lower case."""
    return _by_word(
        *(((word,), bits) for word, bits in _plain(language).items()),
        (language.table("ordinary"), ORDINARY),
        (language.words("role"), _IN_ROLE),
        (language.words("no-role"), _IN_NO_ROLE),
        (language.words("suffix"), _IN_SUFFIX),
    )


def _of_any(word: str, language: Language) -> int:
    """The traits of any word."""
    folded = folded_word(word)
    found = _FOUND | _exact(language).get(word, 0) | _by_fold(folded, language)
    found |= ORDINARY * (word.lower() in language.table("ordinary"))
    found |= SAID * known_rows.begins(folded, language) | _at_edges(word, folded, language)
    if word.islower():
        found |= LOWER | CASED | (NO_NAME | LEADS_NOTHING * (found & LOWER_FIRST > 0)) * (not found & PARTICLE)
        if folded in language.words("no-role"):
            found &= ~ROLE
    else:
        flags = flag_bits(word, language)
        found |= _FROM_FLAGS[flags] | CASED * (word[1:].islower() or any(map(str.islower, word)))
        if found & IN_GIVEN:
            found = (found | GIVEN) & ~SMALL
        if found & UPPER:
            found |= _as_capitalised(word, folded, found, language)
        found |= _as_mixed(word, flags, found, language)
    if found & ORGANISATION and not (word.isupper() or "." in word) and word.upper() in language.table("words"):
        found &= ~ORGANISATION  # an abbreviation only in capitals: `FA`, but not `Fa`
    if found & SMALL or (folded in language.words("role") and not found & FAMILY):
        found |= BEGINS_NOTHING
    return found


def _by_fold(folded: str, language: Language) -> int:
    """The traits that the small tables give to a folded word."""
    if "." not in folded:
        return _plain(language).get(folded, 0)
    bare, plain = folded.rstrip("."), folded.replace(".", "")
    return _folded(language).get(folded, 0) | _bare(language).get(bare, 0) | _titles(language).get(plain, 0)


def _at_edges(word: str, folded: str, language: Language) -> int:
    """The traits of the ends of a word, of marks inside it, and of a short one."""
    first = word[0]
    found = LOWER_FIRST if first.islower() else UPPER * first.isupper()
    if word.isalpha():
        found |= ALNUM
    else:
        found |= ALNUM * first.isalnum() | DENIES_AFTER * first.isdigit()
        found |= NO_NAME * any(map(str.isdigit, word)) | HELD * word.endswith(language.listed("held"))
    if len(word) < 3:
        initial, loud = word[1:] == ".", word.isupper()
        found |= (INITIAL | CASED) * initial | INITIALS * (loud and word.isalpha())
        found |= JOCKEY * (loud and len(word) > 1 and "J" in word)
    if "-" in folded and folded.partition("-")[0] in language.words("side"):
        found |= STREET_OR_SIDE
    if not word.isascii():
        found |= NO_NAME * (first.isalpha() and word.upper() == word.lower())
        if fold(f"a {word}") != f"a {folded}":  # it may vanish next to others
            found |= TITLE_BEGINS | TITLE_ENDS
    if word in _place_parts(language):
        return found | PLACE_PART | PLACE_PART_BEGINS
    return found | PLACE_PART_BEGINS * ("-" in word and word.partition("-")[0] in _place_parts(language))


def _as_mixed(word: str, flags: int, found: int, language: Language) -> int:
    """Further traits of a word that is not in lower case as a whole."""
    more = 0
    if word in language.words("post"):
        more |= LEADS_NOTHING
    if len(word) > 2 and word.isalpha():
        if word.isupper():
            more |= _in_capitals(word, found, language)
        if word.istitle() and not found & (ORDINARY | ROLE) and not flags & _OTHER:
            more |= MAY_LEAD
    if not word[1:].islower():
        if word != word.lower():
            more |= NO_NAME * (_is_glued(word, language) or _PLURAL.fullmatch(word) is not None)
        first, hyphen, second = word.partition("-")
        given = language.table("given")
        if hyphen and first in given and second in given:
            more |= GIVEN
    if found & LOWER_FIRST:
        more |= LEADS_NOTHING * (not found & PARTICLE) | SMALL_SURNAME * _is_small_surname(word, language)
    return more


def _in_capitals(word: str, found: int, language: Language) -> int:
    """Further traits of a word in capitals: an abbreviation or a place; or perhaps a name, where the model was trained
    on text labelled by hand, and tells: `GERRIT BOS`, `FHC`.
    """
    if not language.by_hand:
        return LEADS_NOTHING | NO_NAME * (not found & SUFFIX)
    usual = word.capitalize()
    of = _FROM_FLAGS[flag_bits(usual, language)] | PLACE * (usual in _place_parts(language))
    if of & IN_GIVEN:
        return 0
    place = of & (PLACE | FAMILY) == PLACE
    return NO_NAME * place | LEADS_NOTHING * (place or len(word) <= _LONGEST_ABBREVIATION)


_LONGEST_ABBREVIATION = 4


def _as_capitalised(word: str, folded: str, found: int, language: Language) -> int:
    """Further traits of a word that begins with a capital."""
    key = folded if word.isalpha() else names.key(word)
    more = SUFFIX * (len(word) > 1 and key in language.words("suffix"))
    more |= GIVEN * (word in language.table("nicknames")) | FIRM_SECOND * (word in _second_words(language))
    if not found & (IN_GIVEN | FAMILY):
        more |= SAYS_WHO * (folded in language.words("role")) | SAYS_WHENCE * (found & PLACE > 0)
    function = folded in language.words("function")
    if not found & CALENDAR:
        more |= SURNAME * (found & (CASED | INITIAL) == CASED and not function)
        if len(word) <= LONGEST_SYLLABLE and not found & (SMALL | FAMILY) and word[1:].islower():
            more |= SYLLABLE * word.isalpha()
    if word in known_rows.rows(language) and not (function or folded in language.words("organisation")):
        more |= KNOWN_ALONE * (not found & (PLACE | BRAND | COMMON | CALENDAR | TITLE))
    return more


def _is_small_surname(word: str, language: Language) -> bool:
    """True if a word is a particle joined to a name: `al-Amin`, `d'Orsay`, `deVries`."""
    at = next((at for at, letter in enumerate(word) if letter.isupper()), 0)
    return at > 0 and word[at + 1 :].islower() and fold(word[:at].rstrip("-‐‑'’ʼ")) in language.words("joined")


def _is_glued(word: str, language: Language) -> bool:
    """True if a word is two words run together, as a page's buttons are: `UndoUndo`, `ShareTweet`; not `DeVito`."""
    if word[1:].islower() or word.isupper():
        return False
    for part in _PARTS.split(word):
        at = next((at for at in range(1, len(part)) if part[at].isupper() and part[at - 1].islower()), 0)
        if at > _LONGEST_PREFIX and part[:at] not in _PREFIXES and part[:at] not in language.table("given"):
            return True
    return False


_PARTS = re.compile(r"[-‐‑'’ʼ]")
_LONGEST_PREFIX = 3
_PREFIXES = frozenset(("Fitz", "Vande", "Vander", "Della", "Delle"))
"""What a capital may follow within a surname, if longer than Mac and Van."""

_PLURAL = re.compile("[A-Z]{2,}s")
"""Several of what an abbreviation means: `MPs`."""

_OTHER = flag_bits_of("pdocbht")
"""Flags of words that are places, peoples, organisations, days, brands and titles."""

LONGEST_SYLLABLE = 5

_FLAGS = {"g": IN_GIVEN, "f": FAMILY, "e": STANDS_FIRST, "p": PLACE, "d": PLACE, "b": BRAND}
_FROM_FLAGS = [sum({_FLAGS.get(flag, 0) for flag in flag_letters(bits)}) for bits in range(1 << len(FLAGS))]
"""Flags of a word, as bits → traits."""


def _by_word(*traits: tuple[Iterable[str], int]) -> dict[str, int]:
    found: dict[str, int] = {}
    for words, trait in traits:
        for word in words:
            found[word] = found.get(word, 0) | trait
    return found


@cache
def _exact(language: Language) -> dict[str, int]:
    """The traits of words as they are written."""
    words, links = language.words, language.listed("link")
    return _by_word(
        (links, LINK),
        ("&", AMPERSAND),
        ("<", BRACKET),
        (NICKNAMES, OPENS_QUOTATION),
        ((*links, *words("possessive"), ",", "<"), FIRM_AFTER),
        ((*links, *words("owns"), ",", "("), DENIES_AFTER),
        (words("who"), WHO),
        (words("saying"), SAYING),
        ([place for place in language.table("places") if not place[0].isupper()], PLACE),
        ([brand for brand in language.table("brands") if not brand[0].isupper()], BRAND),
        (words("particle"), SMALL_PARTICLE),
    )


@cache
def _plain(language: Language) -> dict[str, int]:
    """The traits of folded words that have no full stop."""
    tables = (table(language) for table in (_folded, _bare, _titles))
    return _by_word(*(((word,), bits) for each in tables for word, bits in each.items()))


@cache
def _folded(language: Language) -> dict[str, int]:
    """The traits of folded words."""
    words = language.words
    return _by_word(
        (words("particle"), PARTICLE),
        (words("role") | words("kin"), ROLE),
        (words("kin"), KIN),
        (words("function"), SMALL),
        (words("common"), COMMON),
        (words("calendar"), CALENDAR),
        (words("people"), PEOPLE),
        (words("landmark"), LANDMARK),
        (words("namesake") - words("landmark"), NO_NAME_LAST),
        (words("bearer"), BEARER | DENIES_BEFORE),
        (words("head"), HEAD),
        (words("thing"), THING | DENIES_BEFORE),
        (words("generic"), DENIES_AFTER),
        (words("street") | words("side"), STREET_OR_SIDE),
        (words("character") | words("storm"), UNREAL),
        (words("placed") | words("called") | words("owns") | words("denying"), DENIES_BEFORE),
    )


@cache
def _bare(language: Language) -> dict[str, int]:
    """The traits of folded words without a full stop at the end."""
    words = language.words
    return _by_word(
        (words("organisation"), ORGANISATION | TAIL),
        (words("head"), TAIL),
        (words("namesake"), NAMESAKE | TAIL),
        (words("firm"), FIRM_ENDS),
    )


@cache
def _titles(language: Language) -> dict[str, int]:
    """The traits of folded words without full stops, as parts of titles."""
    parts = [title.split(" ") for title in names.title_kinds(language)]
    return _by_word(
        ([title[0] for title in parts], TITLE_BEGINS),
        ([title[-1] for title in parts], TITLE_ENDS),
        ([title[0] for title in parts if len(title) == 1], TITLE | ROLE),
    )


@cache
def _place_parts(language: Language) -> frozenset[str]:
    """The words of place names of several words, also in capitals where a person's name may be."""
    parts = {word for name in language.table("places") if " " in name for word in name.split(" ")}
    return frozenset(parts | set(map(str.upper, parts)) if language.by_hand else parts)


@cache
def _second_words(language: Language) -> frozenset[str]:
    """The last words of firms' names of two words."""
    brands = language.table("brands").items()
    return frozenset(name.split()[1] for name, kinds in brands if "firm" in kinds and name.count(" ") == 1)


def _learned(table: Table, words: Sequence[str], numbers: Numbers) -> tuple[list[int]]:
    """The traits of words of a table; those that begin words of rows are noted, and capitalised ones by their keys."""
    language, sayers, spelt = table.language, known_rows.sayers(table), names.spelt(table)
    found = [_of(word, language) for word in words]
    for each, word, number in zip(found, words, numbers.tolist(), strict=True):
        if each & SAID:
            sayers.add(word, number, language)
        if each & UPPER:
            spelt.setdefault(names.key(word), []).append(number)
    return (found,)


TRAITS = Columns((np.int64,), _learned)
"""Of each word its traits."""
