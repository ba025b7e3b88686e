"""Trains the tagger, and converts a crfsuite model to the project's format."""

from __future__ import annotations

import gzip
import json
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pycrfsuite

from indexer.enrich.persons.tagger import word_features
from indexer.languages import Language
from training.persons.documents import KINDS, Taught, from_gold, from_teacher, from_web, renamed
from training.persons.made_up import Pool, written
from training.persons.sets import shippable
from training.persons.sources import GOLD, ROOT, WEB, held_out, read
from training.persons.tables import LOCALES, census, given_names, locale_names

BIAS: Mapping[str, float] = {"de": 0.5, "nl": 1.0, "pt": 0.5}
"""Language → what is added to the weight of the first word of a person's name: a model remembers the training text word
by word, and is too doubtful of words that it does not have. Set on documents that were held out before."""

SETTINGS: Mapping[str, tuple[int, int]] = {"de": (70, 1)}
"""Language → for how many rounds its model is trained, and how many copies with other names it reads."""
USUAL = (100, 2)
"""The same of other languages."""

NEVER = -50.0
"""The weight of a label that the training text does not have."""


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
        lessons = [from_teacher(json.loads(line)) for line in file]
    lessons += from_gold([row for row in read(data / f"{GOLD}.jsonl.gz") if not held_out(str(row["doc"]))])
    lessons += from_web(data / f"{WEB}.iob2.gz")
    chance = random.Random(1815)
    given = sorted(given_names())
    chance.shuffle(given)
    given = census("male.first")[:400] + census("female.first")[:200] + given
    family = census("all.last")[:30_000]
    for locale in LOCALES:
        for name in sorted(locale_names(locale, ("last_names",))):
            family.insert(chance.randrange(len(family)), name)
    corpus = [*written(Pool(random.Random(1816), given, family), copies), *lessons]
    for _ in range(stand_ins):
        corpus += [renamed(document, chance, given, family) for document in lessons]
    fit(corpus, out, rounds, c1, c2)


OWN = 1_400
"""How many articles of the project's own are in the training text of another language than English, each several times
with other names."""


PARTICLED = 4
"""One family name in so many has particles, in a language whose names have them."""


def _is_particled(name: str, language: Language) -> bool:
    """True if a family name begins with particles: `van den Berg`, `De Smet`."""
    *before, last = name.split()
    particles = language.words("particle")
    return bool(before) and last.isalpha() and last[0].isupper() and all(word.lower() in particles for word in before)


def own_articles(
    language: Language, names: Sequence[Sequence[str]], particled: Sequence[str], chance: random.Random
) -> Iterator[Taught]:
    """The project's own articles of a language with names in their slots.

    Args:
        names: given names and family names, the usual ones first.
        particled: family names with particles, one in `PARTICLED` of all if there are any.
    """
    path = ROOT / "training" / f"persons_sentences_{language.code}.txt"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    cities = sorted(name for name, kinds in language.table("places").items() if "city" in kinds and name.isalpha())

    def some(of: Sequence[str]) -> str:
        return of[min(int(chance.expovariate(4 / len(of))), len(of) - 1)]

    def some_family() -> str:
        return chance.choice(particled) if particled and not chance.randrange(PARTICLED) else some(names[1])

    lines = [line for line in lines if line[0] != "#"]
    for line in lines * (OWN // max(len(lines), 1)):
        persons: dict[str, tuple[str, str]] = {}
        text, spans = "", list[tuple[int, int, str]]()
        for part in line.split("{"):
            slot, closing, after = part.partition("}")
            if not closing:
                text += part
                continue
            kind = "GPE" if slot == "L" else "ORG" if slot == "O" else "PERSON"
            if kind == "GPE":
                word = chance.choice(cities)
            elif kind == "ORG":
                word = f"{some(names[1])} {chance.choice(FIRMS[language.code])}"
            else:
                given, family = persons.setdefault(slot[:1], (some(names[0]), some_family()))
                genitive = family if family[-1] in "sxzß" else f"{family}s"
                alone = f"{family[0].upper()}{family[1:]}"  # `Jan de Vries`, but `De Vries`
                word = {"F": alone, "G": given, "S": genitive}.get(slot[1:], f"{given} {family}")
            spans.append((len(text), len(text) + len(word), kind))
            text += word + after
        yield from_teacher({"text": text, "spans": [span for span in spans if span[2] != "ORG"]}, language)


FIRMS: Mapping[str, tuple[str, ...]] = {
    "de": ("AG", "GmbH", "KG", "& Co", "Holding", "Group", "Bau", "Werke"),
    "it": ("Spa", "Srl", "Group", "Holding", "Costruzioni", "& Figli", "Assicurazioni", "Editore"),
    "nl": ("NV", "BV", "Groep", "& Zonen", "Holding", "Bank", "Bouw", "International"),
}
"""Language → the ends of firms' names in the project's own articles."""


def train_language(language: Language, folder: Path, out: Path, c1: float, c2: float) -> None:
    """Train on the labelled text of another language than English that is not held out, and write the model.

    A language without such text, or without modern one, reads that of another one in its words (see `sets.CARRIED`).

    The project's own articles (`persons_sentences_LANGUAGE.txt`, if there are any) come first, several times with other
    names. Each document is read once as it is, and then in copies with other persons' names, first with a sentence a
    paragraph.
    """
    chance = random.Random(1817)
    rounds, copies = SETTINGS.get(language.code, USUAL)
    with gzip.open(folder / f"names_{language.code}.json.gz", "rt", encoding="utf-8") as file:
        lists = json.load(file)
    names = []
    for table, key in (("given", "given"), ("surname", "family")):
        own = [name for name in lists[key] if name[0].isupper() and " " not in name]
        shared = sorted(language.table(table))
        chance.shuffle(shared)
        chance.shuffle(own)
        names.append([*own, *shared])
    particled = [name for name in lists["family"] if _is_particled(name, language)]
    corpus = list(own_articles(language, names, particled, chance))
    for documents in shippable(language.code):
        for number, between in zip(range(copies + 1), (" ", "\n\n", *" " * copies), strict=False):
            for document in documents(folder, between):
                if not document.held_out:
                    spans = [(*span, "PERSON") for span in document.persons]
                    spans += [(*span, "LOC") for span in document.places]
                    lesson = from_teacher({"text": document.text, "spans": spans}, language)
                    corpus.append(renamed(lesson, chance, *names) if number else lesson)
    fit(corpus, out, rounds, c1, c2, BIAS.get(language.code, 0.0))


def fit(corpus: Iterable[Taught], out: Path, rounds: int, c1: float, c2: float, bias: float = 0.0) -> None:
    """Train on some documents, in order, and write the model; `bias` is added to the weight of persons' first words."""
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
        convert(Path(folder) / "model", out, bias)


def convert(model: Path, out: Path, bias: float = 0.0) -> None:
    """Write a crfsuite model as the arrays that the tagger (`model.load`) reads: the same weights, to six digits."""
    tagger = pycrfsuite.Tagger()
    tagger.open(str(model))
    info = tagger.info()
    labels = ["O", *(f"{at}-{kind}" for at in "BI" for kind in sorted(set(KINDS.values())))]
    unseen = sorted(set(labels) - set(info.labels))
    place = {label: number for number, label in enumerate(labels)}
    said: dict[str, dict[int, float]] = defaultdict(dict)
    for (feature, label), weight in info.state_features.items():
        said[feature][place[label]] = weight
    steps = np.zeros((len(labels), len(labels)))
    for (before, after), weight in info.transitions.items():
        steps[place[before], place[after]] = weight
    for label in unseen:  # a text that tells no firms from other words has none
        said[word_features.FIRST.decode()][place[label]] = steps[:, place[label]] = NEVER
    first = said[word_features.FIRST.decode()]
    first[place["B-PER"]] = first.get(place["B-PER"], 0.0) + bias
    steps[[at for label, at in place.items() if not label.endswith("-PER")], place["B-PER"]] += bias
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
