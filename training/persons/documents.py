"""Training documents: from labels, from sentences labelled by hand, and with other names."""

from __future__ import annotations

import gzip
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer import languages
from indexer.enrich.persons.tagger.sentences import Sentence, sentences
from indexer.enrich.shared.lexicon import flags
from indexer.languages import Language

ENGLISH = languages.default()

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


@dataclass(frozen=True, slots=True)
class Taught:
    """A training document: sentences, and a label for each word of each."""

    text: list[Sentence]
    labels: list[list[str]]


def from_teacher(row: dict[str, Any], language: Language = ENGLISH) -> Taught:
    """An article labelled by the teachers, without titles and possessives in names, and with its errors corrected.

    If a word is the last of a person's full name in the article, the word alone is that person too: the teacher often
    labels it as an organisation or misses it.
    """
    text = list(sentences(row["text"], language))
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
            outside = (
                outside or (kind == "PER" and word[0] in "'’") or (word in language.words("the") and number != before)
            )
            outside = outside or (
                kind == "PER" and number != before and "t" in flags(word, language) and "g" not in flags(word, language)
            )
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
                word = sentence.words[at]
                if word[0].isupper() and len(word) > 2 and "p" not in flags(word, sentence.language):
                    found.add(word)
    return found


def mend(sentence: Sentence, labels: list[str], surnames: set[str]) -> list[str]:
    """Labels in which a lone surname from the article is a person."""
    mended = list(labels)
    for at, word in enumerate(sentence.words):
        alone = at + 1 == len(labels) or not (labels[at + 1].startswith("I-"))
        neighbours = (*sentence.words[max(at - 1, 0) : at], *sentence.words[at + 1 : at + 2])
        if word in surnames and alone and (labels[at] == "O" or labels[at].startswith("B-")):
            if labels[at] == "O" and any(w[0].isupper() and "t" not in flags(w, sentence.language) for w in neighbours):
                continue
            mended[at] = "B-PER"
    return mended


def from_gold(rows: list[dict[str, Any]]) -> list[Taught]:
    """Wikigold's documents, with words joined by spaces."""
    documents: dict[str, Taught] = {}
    for row in rows:
        words = [word if word[0] != "`" else '"' for word in row["tokens"]]
        document = documents.setdefault(str(row["doc"]), Taught([], []))
        document.text.append(Sentence.of(words, ENGLISH))
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
            documents[-1].text.append(Sentence.of([row[1] for row in rows], ENGLISH))
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
        text.append(Sentence.of(words, sentence.language, sentence.starts))
    return Taught(text, document.labels)
