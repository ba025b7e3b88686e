"""Sentences written for this project, with made-up names in their slots."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from indexer import languages
from indexer.enrich.shared.lexicon import flags
from training.persons.documents import Taught, from_teacher
from training.persons.tables import own_names

ENGLISH = languages.default()

SENTENCES = Path(__file__).resolve().parent.parent / "persons_sentences.txt"
_SLOT = re.compile(r"\{([A-Z])(\d+)([^}]*)\}")
_SYLLABLES = (
    "al", "ar", "be", "bo", "ca", "co", "da", "de", "do", "en", "er", "fa", "fi", "ga", "gen", "ha", "in", "is", "jo",
    "ka", "ki", "la", "lo", "lu", "ma", "mi", "na", "no", "o", "pa", "pe", "qua", "ra", "ri", "sa", "so", "ta", "ter",
    "ti", "u", "va", "ve", "vi", "xa", "yo", "za", "zen",
)  # fmt: skip
_FIRM_ENDS = ("", "", "", "", " Group", " Energy", " Media", " Foods", " Bank", " Systems", " Mining", " Resources")
_TEAM_ENDS = ("United", "City", "Rovers", "Town", "Athletic", "Wanderers", "County", "Utd")
_PLACE_ENDS = ("Hill", "Creek", "Well", "Ridge", "Basin", "Bore", "River", "Deep", "North", "Lake")
_EVENT_ENDS = ("Festival", "Prize", "Award", "Open", "Cup", "Awards", "Fest", "Marathon")


class Pool:
    """Names of each kind of slot, drawn by chance."""

    def __init__(self, chance: random.Random, given: Sequence[str], family: Sequence[str]) -> None:
        self._chance = chance
        self._given, self._family = given, family
        self._world = {kind: [name for name, _ in own_names(kind)] for kind in ("mf", "s")}
        self._brands: dict[str, list[str]] = defaultdict(list)
        for name, kinds in sorted(ENGLISH.table("brands").items()):
            for kind in kinds:
                self._brands[kind].append(name)
        cities = [name for name, kinds in sorted(ENGLISH.table("places").items()) if "city" in kinds and name.isascii()]
        self._places = {
            "C": [name for name in cities if "g" not in flags(name, ENGLISH)],
            "N": [
                name for name, kinds in sorted(ENGLISH.table("places").items()) if "country" in kinds and name.isalpha()
            ],
        }
        self._teams = sorted(
            word for word, kinds in ENGLISH.table("words").items() if "head" in kinds and word.endswith("s")
        )

    def first(self) -> str:
        """A given name."""
        return self._one("mf", self._given)

    def last(self) -> str:
        """A family name, now and then of two words or with an apostrophe."""
        name = self._one("s", self._family)
        kind = self._chance.random()
        if kind < 0.03:
            return f"{self._chance.choice(('van', 'de', 'du', 'von', 'al', 'van der', 'De', 'Van'))} {name}"
        if kind < 0.05:
            return f"O'{name.capitalize()}" if name.isalpha() else name
        return f"{name}-{self._one('s', self._family)}" if kind < 0.07 and "-" not in name else name

    def _one(self, kind: str, names: Sequence[str]) -> str:
        if self._chance.random() < 0.35:
            return self._chance.choice(self._world[kind])
        return names[min(int(self._chance.expovariate(4 / len(names))), len(names) - 1)]

    def _coined(self) -> str:
        return "".join(self._chance.choices(_SYLLABLES, k=self._chance.choice((2, 2, 3)))).capitalize()

    def _surname(self) -> str:
        return self._family[min(int(self._chance.expovariate(4 / len(self._family))), len(self._family) - 1)]

    def thing(self, slot: str) -> tuple[str, str]:
        """A name that is not a person's, and its label."""
        chance, kind = self._chance, self._chance.random()
        if slot in "QZ":
            return (f"{self.first()} {self._surname()}" if slot == "Q" else self._surname()), "ORG"
        if slot == "Y":
            return self.first(), "EVENT"
        if slot in self._places:
            return chance.choice(self._places[slot]), "GPE"
        if slot == "F":
            if kind < 0.45:
                return chance.choice(self._brands["firm"]), "ORG"
            name = self._surname() if kind < 0.8 else self._coined()
            return name + chance.choice(_FIRM_ENDS), "ORG"
        if slot == "B":
            return (chance.choice(self._brands["product"]) if kind < 0.6 else self._coined()), "PRODUCT"
        if slot == "T":
            if kind < 0.4:
                return chance.choice(self._brands["team"]), "ORG"
            end = chance.choice(_TEAM_ENDS if kind < 0.6 else self._teams)
            return (end if end in self._teams and kind > 0.9 else f"{chance.choice(self._places['C'])} {end}"), "ORG"
        if slot == "W":
            words = (chance.choice(self._brands["work"]), f"The {self._surname()}s", f"{self.first()}'s War")
            return chance.choices(words, (4, 1, 1))[0], "WORK_OF_ART"
        if slot == "K":
            name = self._surname() if kind < 0.6 else self.first() if kind < 0.7 else self._coined()
            form = chance.random()
            return (
                name if form < 0.3 else f"Mt {name}" if form < 0.4 else f"{name} {chance.choice(_PLACE_ENDS)}"
            ), "LOC"
        if slot == "X":
            name = self._surname() if kind < 0.5 else f"{self.first()} {self._surname()}"
            return f"{name} {chance.choice(_EVENT_ENDS)}", "EVENT"
        if slot == "D":
            kinds = self._brands["character"] + self._brands["deity"]
            return (chance.choice(kinds) if kind < 0.6 else self.first()), "WORK_OF_ART"
        raise ValueError(f"No slot {slot}.")


def written(pool: Pool, copies: int) -> Iterator[Taught]:
    """The project's own sentences with names in their slots, some copies of each, without two of the same person."""
    for line in SENTENCES.read_text(encoding="utf-8").splitlines():
        for _ in range(0 if line.startswith("#") else copies):
            filled: dict[str, tuple[str, str]] = {}
            text, spans, before = "", [], 0
            for match in _SLOT.finditer(line):
                slot, number = match[1], match[2]
                if slot + number not in filled:
                    if slot in "PSG":
                        first, last = pool.first(), pool.last()
                        for key, name in (("P", f"{first} {last}"), ("S", last), ("G", first)):
                            filled[key + number] = name, "PERSON"
                    elif slot in "ILM":
                        name = pool.first() if slot == "M" else pool.last()
                        filled[slot + number] = (f"{pool.first()[0]} {name}" if slot == "I" else name), "PERSON"
                    else:
                        filled[slot + number] = pool.thing(slot)
                name, kind = filled[slot + number]
                name += match[3]
                text += line[before : match.start()]
                spans.append([len(text), len(text) + len(name), kind])
                text += name
                before = match.end()
            yield from_teacher({"text": text + line[before:], "spans": spans})
