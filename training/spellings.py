"""Writes the table of known spellings of persons' names, `search/data/spellings.tsv`, and that of usual given names,
`search/data/given_names.tsv`: `python -m training.spellings`.

A person has a row of `known.tsv` or of `spellings_own.tsv`. Other spellings of words of these names are those of the
latter, and for people of some lands the ways in which newspapers of other languages write the letters (`WRITTEN`).
Words that are spellings of each other, directly or not, are one class. A spelling of a whole name that would be that of
two persons is left out.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from indexer import languages
from search.names.agreement import parts
from search.names.given_names import GIVEN_NAMES, SHORT
from search.names.known_spellings import ALONE, FAMILY, GIVEN, NAME, TABLE, words_of
from search.text.tokens import fold

ROOT = Path(__file__).resolve().parent.parent
OWN = ROOT / "training" / "spellings_own.tsv"
OUT = ROOT / "search" / "data" / TABLE

LANDS = {
    "slavic": re.compile(
        r"russia|soviet|kremlin|ukrain|belarus|bulgaria|kazakh|uzbek|georgia|azerb|armenia|chechen|chess|cosmonaut"
    ),
    "arabic": re.compile(
        r"iran|iraq|syria|leban|egypt|libya|palestin|hamas|hezbollah|qaeda|saudi|jordan|yemen|kuwait|qatar|bahrain"
        r"|sudan|emirat|afghan|taliban|pakist|islamic state|algeri|morocc|tunisia|israel|ayatollah"
    ),
}
"""Script → words of the rows of people whose names newspapers write by the letters of that script."""

WRITTEN: Mapping[str, Sequence[Sequence[tuple[str, str]]]] = {
    "slavic": (
        (
            ("shch", "chtch"), ("sh", "#"), ("zh", "j"), ("ch", "tch"), ("#", "ch"), ("^yu", "iou"), ("yu", "iou"),
            ("^ye", "e"), ("ya", "ia"), ("(?<![aeiou])u", "ou"), ("sky$", "ski"), ("y$", "i"), ("in$", "ine"),
            ("(?<=[aeiou])s(?=[aeiouy])", "ss"), ("g(?=[eiy])", "gu"), ("ye", "ie"),
        ),
        (
            ("v", "w"), ("shch", "#t#"), ("zh", "#"), ("sh", "#"), ("kh", "%"), ("ch", "t#"),
            ("(?<=[aeiou])s(?=[aeiouy])", "ss"), ("ts", "&"), ("z", "s"), ("&", "z"), ("#ew$", "#ow"), ("yu", "ju"),
            ("ya", "ja"), ("ye", "je"), ("(?<=i)ew", "jew"), ("(?<=a)ew$", "jew"), ("sky$", "ski"), ("[ae]i$", "ej"),
            ("y$", "i"), ("#", "sch"), ("%", "ch"), ("ou", "u"),
        ),
        (
            ("kh", "j"), ("sky$", "ski"), ("y$", "i"), ("y(?=[^aeiou])", "i"), ("chev$", "chov"), ("g(?=[ei])", "gu"),
            ("ss", "s"),
        ),
        (
            ("shch", "tch"), ("sh", "#"), ("zh", "j"), ("ch", "tch"), ("#", "ch"), ("sky$", "ski"), ("y", "i"),
            ("g(?=[ei])", "gu"),
        ),
        (
            ("shch", "sc"), ("sh", "s"), ("zh", "z"), ("kh", "#"), ("ch", "ci"), ("cie", "ce"), ("ci(?=[^aou]|$)", "c"),
            ("#", "ch"), ("sky$", "skij"), ("[ae]i$", "ej"), ("y$", "ij"), ("y(?=[aeu])", "j"),
        ),
        (
            ("shch", "sjtsj"), ("sh", "sj"), ("zh", "zj"), ("kh", "#"), ("ch", "tsj"), ("#", "ch"), ("y(?=[aeu])", "j"),
            ("u", "oe"), ("tsjev$", "tsjov"), ("sky$", "ski"), ("y$", "i"),
        ),
    ),
    "arabic": (
        (
            ("sh", "#"), ("(?<!h)j", "dj"), ("#", "ch"), ("w", "ou"), ("(?<!o)u", "ou"), ("q", "k"), ("ae", "ai"),
            ("(?<=[aeiou])s(?=[aeiou])", "ss"),
        ),
        (
            ("sh", "#"), ("(?<!h)j", "dj"), ("#", "ch"), ("w", "ou"), ("(?<!o)u", "ou"), ("an$", "ane"),
            ("(?<=[aeiou])s(?=[aeiou])", "ss"),
        ),
        (
            ("sh", "#"), ("ch", "t#"), ("kh", "%"), ("j", "d#"), ("ou", "u"), ("z", "s"), ("y(?=[aeou])", "j"),
            ("y$", "i"), ("#", "sch"), ("%", "ch"), ("q", "k"),
        ),
        (("sh", "#"), ("kh", "%"), ("j", "d#"), ("ou", "u"), ("#", "sch"), ("%", "ch"), ("v", "w")),
        (("kh", "j"), ("ou", "u"), ("ss", "s"), ("ll", "l"), ("q", "k"), ("w", "u"), ("h$", "")),
        (("kh", "ch"), ("ou", "oe"), ("sh", "sj"), ("u", "oe")),
    ),
}  # fmt: skip
"""Script → what of an English spelling is written otherwise in French, German, Spanish, Portuguese, Italian and Dutch
(Slavic); in French, twice, German, twice, Spanish and Dutch (Arabic). `#`, `%` and `&` are done with."""


def written(word: str, script: str) -> Iterator[str]:
    """A folded word of a name as English writes it, in other languages."""
    for changes in WRITTEN[script]:
        spelled = word
        for of, into in changes:
            spelled = re.sub(of, into, spelled)
        if spelled != word:
            yield spelled


class Classes:
    """Words that are spellings of each other."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def join(self, one: str, other: str) -> None:
        """Make two words one class, named by that of the first."""
        self._above[self.of(other)] = self.of(one)

    def of(self, word: str) -> str:
        """The word by which a class is named."""
        self._above.setdefault(word, word)
        while (above := self._above[word]) != word:
            word = above
        return word

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._above))

    def __contains__(self, word: str) -> bool:
        return word in self._above

    def rows(self, used: Collection[str]) -> Iterator[tuple[str, list[str]]]:
        """The classes of some words with their other words, in order."""
        found: dict[str, list[str]] = defaultdict(list)
        for word in sorted(self._above):
            found[self.of(word)].append(word)
        for word, several in sorted(found.items()):
            if word in used and len(several) > 1:
                yield word, [each for each in several if each != word]


def make() -> None:
    """Write the table."""
    own = [line.split("\t") for line in OWN.read_text(encoding="utf-8").splitlines() if line[0] != "#"][1:]
    known = languages.default().table("known")
    classes = {GIVEN: Classes(), FAMILY: Classes()}
    persons, foreign = Classes(), set[str]()
    names = {" ".join(words_of(fold(name))): fold(name) for name in known if " " in name}
    for kind, name, spellings in own:
        words = [fold(word) for word in spellings.split("|") if word]
        if kind == NAME:
            here = " ".join(words_of(fold(name)))
            names.setdefault(here, fold(name))
            for word in words:
                persons.join(here, " ".join(words_of(word)))
        else:
            for word in words:
                classes[kind].join(fold(name), words_of(word)[-1])
    for name, columns in known.items():
        *given, family = words_of(fold(name))
        for script, lands in LANDS.items():
            if given and len(columns) > 1 and lands.search(columns[1]):
                foreign.add(" ".join([*given, family]))
                for kind, words in ((GIVEN, given), (FAMILY, [family])):
                    for word in words:
                        for spelled in written(word, script):
                            classes[kind].join(word, spelled)
    whole = foreign.union(persons)
    spelt: dict[str, set[str]] = defaultdict(set)
    for here in [*names, *persons]:
        *given, family = here.split(" ")
        spelt[here].add(persons.of(here))
        if here in foreign or (here in names and family in classes[FAMILY]):
            spelt[" ".join([*map(classes[GIVEN].of, given), classes[FAMILY].of(family)])].add(persons.of(here))
    one = {form: names[next(iter(whose))] for form, whose in spelt.items() if len(whose) == 1}
    print("Of several persons:", *sorted(form for form, whose in spelt.items() if len(whose) > 1), sep="\n  ")
    forms: dict[str, list[str]] = defaultdict(list)
    for form, name in sorted(one.items()):
        forms[name].append(form)
    several = {name: [form for form in some if form != " ".join(words_of(name))] for name, some in forms.items()}
    listed = {name: some for name, some in several.items() if some or " ".join(words_of(name)) in whole}
    used = {word for name, some in listed.items() for form in (name, *some) for word in form.split(" ")}
    bearers = Counter(here.split(" ")[-1] for here in names)
    borne = {*bearers, *map(fold, languages.default().table("surname"))}
    rows = []
    for kind in classes:
        for word, others in classes[kind].rows(used):
            bearing = sum(each in borne for each in (word, *others))
            rows.append(f"{ALONE if kind == FAMILY and bearing < 2 else kind}\t{word}\t{'|'.join(others)}")
    rows += [f"{NAME}\t{name}\t{'|'.join(some)}" for name, some in sorted(listed.items())]
    OUT.write_text("\n".join([HEAD, *rows, ""]), encoding="utf-8")
    firsts = Counter(word for name in known for word in parts(fold(name)).given[:1] if len(word) > 1)
    shares = [(word, round(count / len(known) * 10_000)) for word, count in sorted(firsts.items())]
    usual = {word: str(share) for word, share in shares if share >= LEAST}
    pet = {fold(short): [*map(fold, of)] for short, of in languages.default().table("nicknames").items()}
    formal = {short: "|".join(of) for short, of in pet.items() if len({name[:SHORT] for name in of}) == 1}
    given = [f"{word}\t{usual.get(word, '0')}\t{formal.get(word, '')}".rstrip() for word in sorted({*usual, *formal})]
    (OUT.parent / GIVEN_NAMES).write_text("\n".join([GIVEN_HEAD, *given, ""]), encoding="utf-8")


HEAD = (
    "# Spellings of known persons' names in the languages of Europe: kind, name or word, its other spellings. Made by\n"
    "# `python -m training.spellings` from own tables."
)

LEAST = 10
"""Of 10,000 known people, who have a given name that is in the table."""
GIVEN_HEAD = (
    "# Given names: name, how many of 10,000 known people have it, the names of which it is the short or pet form, if\n"
    "# they begin alike. Made by `python -m training.spellings` from the own tables known.tsv and nicknames.tsv of\n"
    "# indexer/languages/en."
)


if __name__ == "__main__":
    make()
