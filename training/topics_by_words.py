"""Trains the topics model of another language than English, from words that were written for it.

    python -m training.topics_by_words LANGUAGE [DATA]

1. The lessons: `topic_words_LANGUAGE.tsv`, groups of words of the news under each topic, each group a text and each
   of its words one; and the labels of the IPTC Media Topics with their definitions, under their top level.
2. The words: those of the lessons, and those that are in several texts of the news of the language and in no name
   (`training.persons.sets`, but for the part that is labelled). How rare they are there is their rarity.
3. The fit: a linear model.
4. The calibration: on every second document of `benchmarks/languages_topics.tsv`; that of French if no document of the
   language is labelled. It changes no order of topics.

Nothing is random. Takes ten seconds. Articles under the topics that the model gives them were tried as further lessons:
they changed nothing in French, and made everything economy in German, whose news here mostly is.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer import languages
from indexer.enrich import topics
from indexer.languages import Language
from search.text.tokens import stem, tokens
from training.persons import sets
from training.persons.sources import ROOT, read
from training.topics import table, write

Array = NDArray[np.float32]
GOLD = ROOT / "benchmarks" / "languages_topics.tsv"

LABELLED = 0
"""The part of the documents that are labelled, of which topics learn nothing; that of persons may be another."""
GROUP, WORD, LABEL = 1.0, 0.5, 0.3
"""The weights of a group of words, of one of its words, of a label or a definition."""
BALANCE = 0.7
"""The power by which topics that have more lessons than others are less worth for it."""
STEPS = 150
PENALTY = 5e-5
LEAST = 4
"""The number of texts that have a word of the news, at least."""
RAREST = 7.0
CALIBRATED = "fr"
"""The language whose calibration one has that no document is labelled in."""
SMALL = 0.05
"""A word whose weights are all below is left out."""


class Vocabulary:
    """The words of a model, and the vectors of texts.

    Args:
        news: the words of each text of the news.
        words: those of the lessons.
        without: words that are names.
    """

    def __init__(self, news: Sequence[Counter[str]], words: set[str], without: set[str]) -> None:
        often: Counter[str] = Counter()
        for each in news:
            often.update(each.keys())
        words |= {word for word, count in often.items() if count >= LEAST and word not in without}
        self.words = sorted(word for word in words if len(word) > 1 and not word.isdigit())
        self.row = {word: row for row, word in enumerate(self.words)}
        rarity = np.log([len(news) / (1 + often[word]) for word in self.words])
        self.rarity: Array = rarity.clip(0, RAREST).astype(np.float32)

    def vectors(self, texts: Sequence[Counter[str]]) -> Array:
        """A row for each text, of length 1."""
        found = np.zeros((len(texts), len(self.words)), np.float32)
        for text, vector in zip(texts, found, strict=True):
            rows = [self.row[word] for word in text if word in self.row]
            if rows:
                counts = np.array([text[self.words[row]] for row in rows], np.float32)
                vector[rows] = topics.weigh(counts, self.rarity[rows], 0)
        return found


def stems_of(text: str, language: Language) -> Counter[str]:
    """The stems of a text, and how often each is in it."""
    return Counter(stem(token.word, language.code) for token in tokens(text))


def rows_of(path: Path) -> list[list[str]]:
    """The rows of a table without its comment."""
    return [row for row in table(path) if not row[0].startswith("#")]


def function_words(language: Language) -> set[str]:
    """The stems of words that say nothing of a topic."""
    kinds = ("function", "telling", "frequent", "frequent-too")
    return {stem(word, language.code) for kind in kinds for word in language.words(kind)}


def lessons(language: Language, folder: Path) -> list[tuple[Counter[str], int, float]]:
    """Words, the column of their topic, and the weight of the lesson."""
    found = []
    for code, words in rows_of(ROOT / "training" / f"topic_words_{language.code}.tsv"):
        column = topics.CODES.index(code)
        found.append((stems_of(words, language), column, GROUP))
        found += [(stems_of(word, language), column, WORD) for word in words.split(",")]
    rows = read(folder / "iptc_labels.jsonl.gz")
    parents = {row["code"]: row["parent"] for row in rows}
    for row in rows:
        if row["lang"] != language.code or row["retired"]:
            continue
        top = row["code"]
        while parents.get(top):
            top = parents[top]
        for text in filter(None, (row["label"], row.get("definition"))):
            found.append((stems_of(text, language), topics.CODES.index(top), LABEL))
    return found


def shares(sums: Array) -> Array:
    """The probability of each topic if exactly one is right."""
    risen = np.exp(sums - sums.max(1, keepdims=True))
    return np.asarray(risen / risen.sum(1, keepdims=True), np.float32)


def fit(vectors: Array, answers: Array, worth: Array) -> tuple[Array, Array]:
    """The weights and the bias that give the answers, by Adam."""
    shape = vectors.shape[1] + 1, answers.shape[1]
    whole: Any = np.zeros(shape)
    mean, square = np.zeros((2, *shape))
    for step in range(1, STEPS + 1):
        sums = vectors @ whole[:-1].astype(np.float32) + whole[-1].astype(np.float32)
        error = (shares(sums) - answers) * worth[:, None]
        slope = np.vstack([vectors.T @ error, error.sum(0)]) / worth.sum()
        slope[:-1] += PENALTY * whole[:-1]
        mean, square = 0.9 * mean + 0.1 * slope, 0.99 * square + 0.01 * slope**2
        rate = 0.3 * 0.985**step
        whole = whole - rate * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
    return whole[:-1].astype(np.float32), whole[-1].astype(np.float32)


def calibration(sums: Array, truth: NDArray[np.bool_]) -> tuple[float, float]:
    """Slope and offset that convert log odds to those of an editor's choice."""
    odds, right = topics.log_odds(sums).ravel(), truth.ravel()
    slope, offset = 1.0, 0.0
    for _ in range(3_000):
        error = 1 / (1 + np.exp(-(slope * odds + offset))) - right
        slope, offset = slope - 0.25 * float((error * odds).mean()), offset - 0.25 * float(error.mean())
    return slope, offset


def train(language: Language, folder: Path, out: Path) -> None:
    """Write the model of a language."""
    learnt, empty = lessons(language, folder), function_words(language)
    news: list[Counter[str]] = []
    labelled: dict[str, Counter[str]] = {}
    names: set[str] = set()
    for number, documents in enumerate(sets.shippable(language.code)):
        for document in documents(folder, "\n"):
            words = stems_of(document.text, language)
            for start, end in (*document.persons, *document.places):
                names |= stems_of(document.text[start:end], language).keys()
            words.update(2 * list(stems_of(document.text.partition("\n")[0], language)))
            if document.part == LABELLED:
                labelled |= {} if number else {document.name: words}
                continue
            news.append(words)
    known = Vocabulary(news, {word for words, _, _ in learnt for word in words} - empty, names | empty)
    vectors = known.vectors([words for words, _, _ in learnt])
    answers = np.eye(len(topics.CODES), dtype=np.float32)[[column for _, column, _ in learnt]]
    worth = np.array([weight for _, _, weight in learnt], np.float32)
    total = worth @ answers
    worth *= ((total.mean() / total) ** BALANCE)[answers.argmax(1)]
    weights, bias = fit(vectors, answers, worth)
    rows = [row for row in rows_of(GOLD) if row[0] == language.code and row[1] in labelled][::2]
    if rows:
        truth = np.array([[code[7:9] in row[2].split("/") for code in topics.CODES] for row in rows])
        fitted = calibration(known.vectors([labelled[row[1]] for row in rows]) @ weights + bias, truth)
    else:
        with np.load(language.folder.parent / CALIBRATED / topics.FILE) as arrays:
            fitted = tuple(arrays["calibration"].tolist())
    kept = np.flatnonzero(np.abs(weights).max(1) > SMALL)
    write(out, [known.words[row] for row in kept], known.rarity[kept], (weights[kept], bias), fitted)


def main() -> None:
    """Train."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("language")
    parser.add_argument("data", type=Path, nargs="?", default=sets.FOLDER)
    options = parser.parse_args()
    language = languages.named(options.language)
    if language is None:
        parser.error(f"There is no folder of “{options.language}” in indexer/languages.")
    train(language, options.data, language.folder / topics.FILE)


if __name__ == "__main__":
    main()
