"""A word has the traits that plain definitions give it, whatever tables and shortcuts find them."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from functools import cache

from indexer import languages
from indexer.enrich.persons import known_rows, names, trait
from indexer.enrich.persons.tagger.sentences import Sentence, sentences
from indexer.enrich.shared.lexicon import flags
from search.text.tokens import fold
from tests.cases import cases

ENGLISH = languages.default()

ODD = "ªº´ʼ漢ßĀİıﬁAa.1-’'é\u0301ǅⅣ"


@cache
def words() -> list[str]:
    """Words of the tables, and others made of them by chance."""
    lists = [
        [word for key in ENGLISH.table(name) for word in key.split()]
        for name in ("places", "brands", "titles", "known")
    ]
    kinds = sorted({kind for of in ENGLISH.table("words").values() for kind in of})
    rng = random.Random(4)
    some = [word for each in lists for word in rng.sample(each, 200)]
    some += [
        word for kind in kinds for key in sorted(ENGLISH.words(kind))[:9] for word in (key, key.title(), key.upper())
    ]
    some += [
        "(",
        "“",
        ",",
        ".",
        "&",
        "and",
        "<",
        "’s",
        "'S",
        "who",
        "of",
        "v.",
        "off",
        "hurricanes",
        "DJ",
        "J.",
        "1994",
    ]
    some += ["UndoUndo", "South-East", "Street", "DeVito", "MPs", "al-Amin", "d'Orsay", "deVries", "Karl-Heinz"]
    some += ["state-owned", "Al-Jr", "said"]
    found = set(some)
    for word in some:
        at, other = rng.randrange(len(word) + 1), rng.choice(some)
        found |= {word.upper(), word.lower(), f"{word}.", f"{word}-{other}", f"{word[:at]}{rng.choice(ODD)}{word[at:]}"}
    return sorted(word for word in found if word.split() == [word])


def of_kind(*kinds: str) -> Callable[[str], bool]:
    return lambda word: any(fold(word) in ENGLISH.words(kind) for kind in kinds)


def bare_of_kind(*kinds: str) -> Callable[[str], bool]:
    return lambda word: any(fold(word).rstrip(".") in ENGLISH.words(kind) for kind in kinds)


def listed(name: str) -> Callable[[str], bool]:
    return lambda word: word in ENGLISH.table(name)


def either(*rules: Callable[[str], bool]) -> Callable[[str], bool]:
    return lambda word: any(rule(word) for rule in rules)


def capital(word: str) -> bool:
    return word[0].isupper()


def initial(word: str) -> bool:
    return len(word) == 2 and word[1] == "."


def given(word: str) -> bool:
    first, hyphen, second = word.partition("-")
    double = bool(hyphen) and first in ENGLISH.table("given") and second in ENGLISH.table("given")
    return word in ENGLISH.table("given") or word in ENGLISH.table("nicknames") or double


def small(word: str) -> bool:
    return fold(word) in ENGLISH.words("function") and word not in ENGLISH.table("given")


def ordinary(word: str) -> bool:
    return word.lower() in ENGLISH.table("ordinary")


def titled(word: str) -> bool:
    return bool(names.title_kind(word, ENGLISH))


def role(word: str) -> bool:
    if word.islower() and fold(word) in ENGLISH.words("no-role"):
        return False
    return of_kind("role", "kin")(word) or titled(word)


def stands_first(word: str) -> bool:
    return "family-first" in ENGLISH.table("words").get(word, ())


def small_surname(word: str) -> bool:
    at = next((at for at, letter in enumerate(word) if letter.isupper()), 0)
    return (
        word[0].islower()
        and at > 0
        and word[at + 1 :].islower()
        and fold(word[:at].rstrip("-‐‑'’ʼ")) in ENGLISH.words("joined")
    )


def leads_nothing(word: str) -> bool:
    if word[0].islower():
        return fold(word) not in ENGLISH.words("particle")
    return word in ENGLISH.words("post") or (word.isupper() and word.isalpha() and len(word) > 2)


def surname(word: str) -> bool:
    lower = any(letter.islower() for letter in word)
    return len(word) > 1 and capital(word) and lower and not of_kind("calendar", "function")(word)


def syllable(word: str) -> bool:
    shaped = capital(word) and word[1:].islower() and word.isalpha() and len(word) <= 5
    return shaped and not small(word) and not of_kind("calendar")(word) and word not in ENGLISH.table("surname")


def may_lead(word: str) -> bool:
    other = bool(set("pdocbht") & set(flags(word, ENGLISH))) or ordinary(word) or role(word)
    return word.istitle() and word.isalpha() and len(word) > 2 and not other


def glued(word: str) -> bool:
    def begins(part: str) -> str:
        at = next((at for at in range(1, len(part)) if part[at - 1].islower() and part[at].isupper()), 0)
        return part[:at]

    parts = map(begins, re.split("[-‐‑'’ʼ]", word))
    return any(
        len(p) > 3 and p not in {"Fitz", "Vande", "Vander", "Della", "Delle"} and p not in ENGLISH.table("given")
        for p in parts
    )


def no_name(word: str) -> bool:
    return (
        any(letter.isdigit() for letter in word)
        or (word.islower() and fold(word) not in ENGLISH.words("particle"))
        or (word[0].isalpha() and word.upper() == word.lower())
        or (word.isupper() and word.isalpha() and len(word) > 2 and not names.is_suffix(word, ENGLISH))
        or glued(word)
        or re.fullmatch("[A-Z]{2,}s", word) is not None
    )


def organisation(word: str) -> bool:
    loud = word.isupper() or "." in word or word.upper() not in ENGLISH.table("words")
    return bare_of_kind("organisation")(word) and loud


def stated(trait_of: Callable[[str], bool]) -> Callable[[str], bool]:
    named = either(listed("given"), listed("surname"))
    return lambda word: capital(word) and not named(word) and trait_of(word)


@cache
def place_parts() -> set[str]:
    return {word for name in ENGLISH.table("places") if " " in name for word in name.split(" ")}


@cache
def firm_seconds() -> set[str]:
    firms = [name.split(" ") for name, kinds in ENGLISH.table("brands").items() if "firm" in kinds]
    return {parts[1] for parts in firms if len(parts) == 2}


def known_alone(word: str) -> bool:
    other = of_kind("common", "calendar", "function", "organisation")(word) or titled(fold(word))
    return (
        capital(word)
        and word in known_rows.rows(ENGLISH)
        and not (word in ENGLISH.table("places") or word in ENGLISH.table("brands") or other)
    )


def part_of_title(at: int) -> Callable[[str], bool]:
    parts = {fold(title).replace(".", "").split(" ")[at] for title in ENGLISH.table("titles")}
    return lambda word: fold(word).replace(".", "") in parts


OWNS = {"'s", "’s", "'", "’"}
BEFORE = ENGLISH.words("placed") | ENGLISH.words("called") | OWNS | {
    "of", "off", "to", "from", "the", "v.", "for", "including", "like", "as",
}  # fmt: skip

PLAIN: dict[str, Callable[[str], bool]] = {
    "UPPER": capital,
    "LOWER_FIRST": lambda word: word[0].islower(),
    "LOWER": str.islower,
    "ALNUM": lambda word: word[0].isalnum(),
    "INITIAL": initial,
    "INITIALS": lambda word: len(word) < 3 and word.isupper() and word.isalpha(),
    "CASED": either(initial, lambda word: any(letter.islower() for letter in word)),
    "GIVEN": given,
    "IN_GIVEN": listed("given"),
    "FAMILY": listed("surname"),
    "STANDS_FIRST": stands_first,
    "SMALL_SURNAME": small_surname,
    "PARTICLE": of_kind("particle"),
    "SMALL_PARTICLE": lambda word: word in ENGLISH.words("particle"),
    "SUFFIX": lambda word: names.is_suffix(word, ENGLISH),
    "SYLLABLE": syllable,
    "SURNAME": surname,
    "TITLE": titled,
    "ROLE": role,
    "KIN": of_kind("kin"),
    "WHO": lambda word: word in {"who", "whose", "whom"},
    "SAYING": lambda word: word in ENGLISH.words("saying"),
    "LEADS_NOTHING": leads_nothing,
    "BEGINS_NOTHING": lambda word: (
        small(word) or (fold(word) in ENGLISH.words("role") and word not in ENGLISH.table("surname"))
    ),
    "SAYS_WHO": stated(of_kind("role")),
    "SAYS_WHENCE": stated(listed("places")),
    "JOCKEY": lambda word: len(word) == 2 and word.isupper() and "J" in word,
    "MAY_LEAD": may_lead,
    "SMALL": small,
    "ORDINARY": ordinary,
    "COMMON": of_kind("common"),
    "CALENDAR": of_kind("calendar"),
    "PLACE": listed("places"),
    "PLACE_PART": lambda word: word in place_parts(),
    "PLACE_PART_BEGINS": lambda word: word in place_parts() or word.partition("-")[0] in place_parts(),
    "BRAND": listed("brands"),
    "PEOPLE": of_kind("people"),
    "LANDMARK": of_kind("landmark"),
    "NO_NAME": no_name,
    "NO_NAME_LAST": lambda word: fold(word) in ENGLISH.words("namesake") - ENGLISH.words("landmark"),
    "ORGANISATION": organisation,
    "BEARER": of_kind("bearer"),
    "HEAD": of_kind("head"),
    "NAMESAKE": bare_of_kind("namesake"),
    "TAIL": bare_of_kind("head", "namesake", "organisation"),
    "THING": of_kind("thing"),
    "STREET_OR_SIDE": lambda word: (
        fold(word) in ENGLISH.words("street") or fold(word).split("-")[0] in ENGLISH.words("side")
    ),
    "FIRM_ENDS": bare_of_kind("firm"),
    "FIRM_SECOND": lambda word: capital(word) and word in firm_seconds(),
    "LINK": lambda word: word in {"and", "&"},
    "AMPERSAND": lambda word: word == "&",
    "BRACKET": lambda word: word == "<",
    "DENIES_BEFORE": lambda word: fold(word) in BEFORE or of_kind("thing", "bearer")(word),
    "DENIES_AFTER": lambda word: of_kind("generic")(word) or word in OWNS | {",", "(", "and", "&"} or word[0].isdigit(),
    "FIRM_AFTER": lambda word: word in {"'s", "’s", "'S", "’S", ",", "<", "and", "&"},
    "HELD": lambda word: re.search("-(owned|held|listed|quoted|traded)$", word) is not None,
    "UNREAL": lambda word: of_kind("character")(word) or fold(word) in ENGLISH.words("storm"),
    "KNOWN_ALONE": known_alone,
    "OPENS_QUOTATION": lambda word: word in {"“", "‘", '"', "'"},
}
MORE = {"TITLE_BEGINS": part_of_title(0), "TITLE_ENDS": part_of_title(-1)}
"""Words that have such a trait; a few that do not may have it too, so that a rule looks closer."""


def test_each_trait_has_its_plain_twin() -> None:
    bits = {name for name, value in vars(trait).items() if name.isupper() and isinstance(value, int)}
    assert {name for name in bits if not name.startswith("_")} - {"LONGEST_SYLLABLE"} == PLAIN.keys() | MORE.keys() | {
        "SAID"
    }


@cases("name, plain", PLAIN.items())
def test_a_word_has_the_traits_of_the_plain_definition(name: str, plain: Callable[[str], bool]) -> None:
    bit = getattr(trait, name)
    assert [word for word in words() if (trait.of(word, ENGLISH) & bit > 0) != plain(word)] == []
    assert any(map(plain, words()))


@cases("name, plain", MORE.items())
def test_a_part_of_a_title_is_never_missed(name: str, plain: Callable[[str], bool]) -> None:
    bit = getattr(trait, name)
    assert [word for word in words() if plain(word) and not trait.of(word, ENGLISH) & bit] == []
    assert [word for word in words() if word.isascii() and not plain(word) and trait.of(word, ENGLISH) & bit] == []


def test_a_word_of_the_table_of_the_known_is_never_missed() -> None:
    said = {
        word + end
        for rows in known_rows.rows(ENGLISH).values()
        for row in rows
        for word in row.words
        for end in ENGLISH.listed(known_rows.ENDINGS)
    }
    first = {word.split(" ")[0] for word in said}
    assert [word for word in words() if fold(word) in first and not trait.of(word, ENGLISH) & trait.SAID] == []


def test_a_sentence_has_the_traits_of_its_words_and_none_beyond() -> None:
    for sentence in (
        *sentences("President Ann Lee met the press.\n\nIn Rome!", ENGLISH),
        Sentence.of(["Ann", "Lee"], ENGLISH),
    ):
        assert sentence.traits == [trait.of(word, ENGLISH) for word in sentence.words] + trait.BEYOND
        assert all(sentence.any_traits & each == each for each in sentence.traits)
        assert not sentence.traits[-1] | sentence.traits[len(sentence.words)]


def test_numbers_have_the_traits_of_any_word() -> None:
    numbers = [f"{at:0{size}}" for at in range(2100) for size in (1, 3)] + ["000", "0000", "123456", "٣٤٥", "½"]
    assert [each for each in numbers if trait._of(each, ENGLISH) != trait._of_any(each, ENGLISH)] == []
