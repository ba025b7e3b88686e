"""The topics of an article: which of the seventeen IPTC Media Topics an editor would file it under.

A linear model over stems (`training/topics.py`, `training/topics_refined.py`, with a card next to it): every word adds
to or subtracts from the score of each topic, and the sum is converted to a probability. Of two topics that are nearly
as likely, the one that more of the text's passages are about is the first. `subtopics` finds narrower
topics, `sections` those that the article's section or URL states. The words are read in the languages that have a
model; for articles in others there are the sections.

Cost: some 0.12 to 0.2 milliseconds an article on one core; the model is loaded once, in 30 ms, and takes 7 MB.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO

import numpy as np
from numpy.typing import NDArray

from indexer.enrich.kernels import counting
from indexer.enrich.language import by_language, language_of
from indexer.enrich.topics import sections, subtopics
from indexer.enrich.topics.words import Stems, Words, add_up, count, joined, read
from indexer.languages import Language
from search.values.article import Article, Evidence, changed

Floats = NDArray[np.float32]

CODES = tuple(f"medtop:{number:02d}000000" for number in range(1, 18))
"""The top levels of the IPTC Media Topics, in the order of the model's columns."""

FILE = "topics.npz"
"""The model of a language."""

DAMPING = 20.0
"""The length of a word vector that has 0.7 of the weight of a long one: a few words decide little."""

FIRST = 0.35
"""The least probability of the most likely topic."""

FURTHER = 0.5
"""The least probability of a further topic: more likely than not."""

MOST = 3
"""The greatest number of topics of an article."""


NEAR = 1.0
"""The greatest difference of two sums, on a scale of log odds, at which the passages of a text decide."""

PASSAGE = 80
"""The number of words of a passage, as in training."""


@dataclass(frozen=True, slots=True)
class Model:
    """The weights of stems for topics.

    Attributes:
        words: stem → row.
        rarity: float32, shape (rows,); logarithm of how few passages contain the stem, at least 0.
        weights: int8, shape (rows, topics); times `scale`, the contribution of the stem to each topic.
        scale: float32, shape (rows,).
        bias: float32, shape (topics,); times the length of the text's vector, added to each sum.
        calibration: slope and offset that convert the log odds of a topic to those of an editor's choice.
        language: of the words.
        stems: the rows of words as written.
    """

    words: Mapping[str, int]
    rarity: Floats
    weights: NDArray[np.int8]
    scale: Floats
    bias: Floats
    calibration: tuple[float, float]
    language: Language
    stems: Stems = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "stems", Stems(self.words, self.language.code))


@cache
def load(language: Language) -> Model:
    """Load the model of a language."""
    return read_model((language.folder / FILE).read_bytes(), language)


def read_model(content: bytes, language: Language) -> Model:
    """The model that is the content of a file."""
    with np.load(BytesIO(content), allow_pickle=False) as arrays:
        words = arrays["words"].tobytes().decode("utf-8").split("\n")
        slope, offset = arrays["calibration"].tolist()
        return Model(
            words={word: row for row, word in enumerate(words)},
            rarity=arrays["rarity"].astype(np.float32),
            weights=arrays["weights"],
            scale=arrays["scale"].astype(np.float32),
            bias=arrays["bias"].astype(np.float32),
            calibration=(slope, offset),
            language=language,
        )


def enrich(article: Article) -> Article:
    """Return the article with its topics, the most likely first, then narrower ones, and the evidence.

    Unchanged if the input stated topics, or no topic is likely enough.
    """
    if "topic" in article.given:
        return article
    stated, language = sections.find(article), language_of(article, FILE)
    words = None if language is None else (read(article.title, language), read(article.text, language))
    reasons = None if words is None else _weighed(*words)
    if not stated and reasons is None:
        return article
    chances = reasons.chances if reasons else np.zeros(len(CODES), np.float32)
    chosen = choose(either(chances, stated))
    if reasons and chosen and not stated:
        first = foremost(reasons.sums, reasons.text, reasons.model)
        if chances[first] >= FIRST:
            chosen = list(dict.fromkeys((first, *chosen)))[:MOST]
    evidence = []
    for topic in chosen:
        evidence += [mark for mark in stated if mark.value == CODES[topic]]
        if reasons and (chances[topic] >= FIRST or not evidence or evidence[-1].value != CODES[topic]):
            evidence.append(reasons.word(topic))
    if words and language:
        evidence += subtopics.find(*words, [CODES[topic] for topic in chosen], _rarity(language))
    if not evidence:
        return article
    return changed(
        article,
        topic=tuple(dict.fromkeys(entry.value for entry in evidence)),
        evidence={**article.evidence, "topic": tuple(evidence)},
    )


def learn(articles: Sequence[Article]) -> None:
    """Find out what is to be known of the words of some articles."""
    for language, some in by_language([each for each in articles if "topic" not in each.given], FILE):
        whole = joined([text for article in some for text in (article.title, article.text)], language)
        load(language).stems.rows(whole)
        subtopics.learn(whole)


def either(chances: Floats, stated: Sequence[Evidence]) -> Floats:
    """The probability of each topic if the words of the text or the section are right about it."""
    wrong = 1 - chances
    for mark in stated:
        wrong[CODES.index(mark.value)] *= 1 - mark.confidence
    return np.asarray(1 - wrong, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class _Reasons:
    """What an article's words contribute to its topics by a model.

    Attributes:
        rows: the rows of its stems; `said`: their contributions, shape (stems, topics).
        sums: the sum of the contributions to each topic.
        chances: the probability of each topic.
    """

    model: Model
    title: Words
    text: Words
    rows: NDArray[np.int32]
    said: Floats
    sums: Floats
    chances: Floats

    def word(self, topic: int) -> Evidence:
        """The word that contributes most to a topic, compared with all topics."""
        mean = np.add.reduce(self.said, axis=1) / np.float32(self.said.shape[1])
        row = int(self.rows[np.argmax(self.said[:, topic] - mean)])
        stems = self.model.stems
        in_text = stems.place(self.text, row)
        passage, at = (self.text, in_text) if in_text is not None else (self.title, stems.place(self.title, row) or 0)
        (start, end), sure = passage.span(at), round(float(self.chances[topic]), 3)
        word = passage.passage[start:end]
        return Evidence(CODES[topic], start, end, word, "model", sure, "text" if in_text is not None else "title")


def _weighed(title: Words, text: Words) -> _Reasons | None:
    """The contributions of the words of an article; None if the model of their language knows none."""
    if not len(title.numbers) and not len(text.numbers):
        return None
    model = load(text.table.language)
    rows, counts = count(title, text, model.stems)
    if not len(rows):
        return None
    said, sums = _contributions(rows, counts, model)
    return _Reasons(model, title, text, rows, said, sums, probabilities(sums, model.calibration))


def _contributions(rows: NDArray[np.int32], counts: NDArray[np.int32], model: Model) -> tuple[Floats, Floats]:
    """The contributions of some stems, at least one, shape (stems, topics), and the sums with the bias."""
    vector = weigh(counts.astype(np.float32), model.rarity.take(rows))
    said, sums = np.empty((len(rows), len(CODES)), np.float32), np.zeros(len(CODES), np.float32)
    counting.contribute(rows, model.weights, vector * model.scale.take(rows), said, sums)
    return said, sums + model.bias * np.sqrt(vector @ vector)


def foremost(sums: Floats, text: Words, model: Model) -> int:
    """The column of the first topic: the likeliest, unless another is nearly as likely and more passages are about it.

    Words that recur in one part of a text, such as those of a trial, otherwise outweigh what it is about throughout.

    Args:
        sums: of the whole article.
        text: its words.
    """
    second, first = np.sort(sums)[-2:]
    size = len(text.numbers)
    if first - second >= NEAR or size <= PASSAGE:
        return int(np.argmax(sums))
    stems = model.stems.rows(text)
    counted = [add_up((text.numbers[at : at + PASSAGE], stems)) for at in range(0, size, PASSAGE)]
    about = [_contributions(rows, counts, model)[1] for rows, counts in counted if len(rows)]
    return int(np.argmax(_shares(sums) * _shares(np.array(about)).mean(axis=0) if about else sums))


def _shares(sums: Floats) -> Floats:
    """The probability of each topic if exactly one is right; shape as `sums`."""
    risen = np.exp(sums - np.maximum.reduce(sums, axis=-1, keepdims=True))
    return np.asarray(risen / np.add.reduce(risen, axis=-1, keepdims=True), dtype=np.float32)


@cache
def _rarity(language: Language) -> Mapping[str, float]:
    """The rarity of each stem of the model of a language."""
    model = load(language)
    return dict(zip(model.words, model.rarity.tolist(), strict=True))


def weigh(counts: Floats, rarity: Floats, damping: float = DAMPING) -> Floats:
    """The word vector of a text: logarithm of the count times rarity, scaled to a length below 1.

    Args:
        counts: shape (n,); at least 1 each.
        rarity: shape (n,); of the same stems.
        damping: see `DAMPING`; 0 scales every text to length 1.
    """
    values = (1 + np.log(counts)) * rarity
    return np.asarray(values / max(float(np.sqrt(values @ values + damping**2)), 1e-6), dtype=np.float32)


def probabilities(sums: Floats, calibration: tuple[float, float]) -> Floats:
    """For each topic the probability that an editor would choose it, from the sums of the contributions.

    The topics compete (softmax), yet the results need not add up to 1: a report may have two topics or none.

    Args:
        sums: shape (…, topics).
        calibration: slope and offset on the log odds.
    """
    slope, offset = calibration
    return np.asarray(1 / (1 + np.exp(-(slope * log_odds(sums) + offset))), dtype=np.float32)


def log_odds(sums: Floats) -> Floats:
    """The log odds of each topic against all others; shape as `sums`."""
    shares = np.minimum(np.maximum(_shares(sums), 1e-6), 1 - 1e-6)
    return np.asarray(np.log(shares / (1 - shares)), dtype=np.float32)


def choose(chances: Floats) -> list[int]:
    """The columns of the chosen topics, the most likely first, at most `MOST`."""
    order = np.argsort(-chances, kind="stable")[:MOST].tolist()
    return [topic for rank, topic in enumerate(order) if chances[topic] >= (FURTHER if rank else FIRST)]
