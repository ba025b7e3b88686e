"""Refines the topics model on texts that were written for it: from `topics_base.npz` to the model that is used.

    python -m training.topics_refined [DATA] [--out indexer/languages/en/topics.npz]

The base (`training.topics`) knows what words mean; it does not know which desk takes a report on two subjects: a
minister on asylum, a singer in court, the sales of a game. `topic_texts.tsv` has short texts like headlines and leads,
each under the topic that an editor would file it under first. The weights are fitted to these texts, to the phrases of
`topic_phrases.tsv` and to the labelled Wikinews articles of `topic_labels.tsv`. So that nothing is lost, they are also
fitted to what the base says of every passage of its training text, and drawn to their former values.

The calibration is five-fold: the articles of a fold are left out of the fit. The base has seen the openings of all of
them, so the model may be a little too sure. Needs `scipy` and `scikit-learn`; no encoder. Takes two minutes on a core.
Nothing is random except the folds, whose seed is fixed.
"""

from __future__ import annotations

import argparse
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer import languages
from indexer.enrich import topics
from indexer.enrich.topics import words as topic_words
from training.topics import (
    BASE,
    DATA,
    PHRASES,
    ROOT,
    News,
    calibrated,
    passages_of,
    read_news,
    read_others,
    table,
    write,
)

ENGLISH = languages.default()

MODEL = ENGLISH.folder / topics.FILE
TEXTS = ROOT / "training" / "topic_texts.tsv"

WRITTEN_WEIGHT = 20.0
"""The weight of a text or phrase; that of a passage is 1."""

LABELLED_WEIGHT = 1.0
"""The weight of a labelled article."""

MAIN = 2.0
"""How much more a labelled article's main topic counts than its others."""

PENALTY = 1e-6
"""Penalty on the squared change of a weight."""

BIAS_PENALTY = 5.0
"""How much stronger the penalty is on the bias, which applies to every text."""

ROUNDS = 2000
"""More than convergence needs."""

Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Lessons:
    """The word vectors of everything that is fitted to, sparse, and the answers as shares of 1.

    Attributes:
        passages, passage_answers: of the base's training text; `owner`: the article of each, −1 for none.
        written, written_answers: of the texts and phrases.
        articles: the labelled articles; `labelled`: their vectors; `labelled_answers`.
    """

    passages: Any
    passage_answers: Array
    owner: NDArray[np.intp]
    written: Any
    written_answers: Array
    articles: Sequence[int]
    labelled: Any
    labelled_answers: Array


class Pupil:
    """The base model, and the fitting of its weights."""

    def __init__(self, base: topics.Model) -> None:
        """Unpack the weights."""
        self.base = base
        self.weights = base.weights.astype(np.float32) * base.scale[:, None]

    def matrix(self, texts: Sequence[tuple[str, str]], damping: float = 0.0) -> Any:
        """The word vectors of (title, text) pairs, sparse; shape (texts, stems)."""
        columns, values, ends = [], [], [0]
        for title, text in texts:
            rows, counts = topic_words.count(
                topic_words.read(title, ENGLISH), topic_words.read(text, ENGLISH), self.base.stems
            )
            columns.append(rows)
            values.append(topics.weigh(counts.astype(np.float32), self.base.rarity[rows], damping))
            ends.append(ends[-1] + len(rows))
        shape = (len(texts), len(self.weights))
        sparse = import_module("scipy.sparse")
        return sparse.csr_matrix((np.concatenate(values), np.concatenate(columns), ends), shape=shape)

    def fit(self, lessons: Lessons, without: Collection[int] = ()) -> tuple[Array, Array]:
        """Weights, shape (stems, topics), and bias, shape (topics,), fitted to all but the excluded articles."""
        left = ~np.isin(lessons.owner, list(without))
        articles = ~np.isin(lessons.articles, list(without))
        vectors = import_module("scipy.sparse").vstack(
            [lessons.passages[left], lessons.written, lessons.labelled[articles]]
        )
        answers = np.vstack(
            [lessons.passage_answers[left], lessons.written_answers, lessons.labelled_answers[articles]]
        )
        sizes = (left.sum(), lessons.written.shape[0], articles.sum())
        weights = np.repeat([1.0, WRITTEN_WEIGHT, LABELLED_WEIGHT], sizes)
        return fit_change(vectors.tocsr(), answers, weights / weights.sum(), self.weights, self.base.bias)


def fit_change(vectors: Any, answers: Array, weights: Any, start: Array, bias: Array) -> tuple[Array, Array]:
    """Softmax regression whose weights and bias are regularized towards `start` and `bias`, by L-BFGS.

    Args:
        vectors: sparse, shape (texts, stems).
        answers: shape (texts, topics); shares of 1.
        weights: shape (texts,); sum 1.
        start: shape (stems, topics); rows of stems that occur in no text are not changed.
        bias: shape (topics,).
    """
    met = np.unique(vectors.indices)
    drawn, inside = vectors @ start + bias, vectors[:, met]
    across, count = inside.T.tocsr(), answers.shape[1]

    def loss(point: Any) -> tuple[float, Any]:
        shift, change = point[:count], point[count:].reshape(len(met), count)
        sums = drawn + shift + inside @ change
        sums -= sums.max(axis=1, keepdims=True)
        logs = sums - np.log(np.exp(sums).sum(axis=1, keepdims=True))
        slope = weights[:, None] * (np.exp(logs) - answers)
        penalty = PENALTY / 2 * ((change**2).sum() + BIAS_PENALTY * (shift**2).sum())
        value = -(weights[:, None] * answers * logs).sum() + penalty
        back = across @ slope + PENALTY * change
        return value, np.concatenate([slope.sum(axis=0) + PENALTY * BIAS_PENALTY * shift, back.ravel()])

    options = {"maxiter": ROUNDS, "maxfun": 2 * ROUNDS, "maxcor": 20, "ftol": 1e-10, "gtol": 1e-7}
    begin = np.zeros(count + len(met) * count)
    found = import_module("scipy.optimize").minimize(loss, begin, jac=True, method="L-BFGS-B", options=options)
    if not found.success:
        raise RuntimeError(f"The fit did not converge in {ROUNDS} rounds: {found.message}")
    refined = start.astype(np.float64)
    refined[met] += found.x[count:].reshape(len(met), count)
    return refined.astype(np.float32), (bias + found.x[:count]).astype(np.float32)


def prepare(data: Path, pupil: Pupil) -> tuple[Sequence[News], Lessons]:
    """Read everything, and ask the base about the passages."""
    news, others = read_news(data), read_others(data)
    cut, owner = passages_of(news)
    passages = pupil.matrix([("", text) for text in [*cut, *others]])
    sums = passages @ pupil.weights + pupil.base.bias
    risen = np.exp(sums - sums.max(axis=1, keepdims=True))
    rows = [*table(TEXTS), *table(PHRASES)]
    articles = [number for number, article in enumerate(news) if article.labels]
    shares = np.zeros((len(articles), len(topics.CODES)), np.float32)
    for row, number in enumerate(articles):
        main, *further = news[number].labels
        shares[row, main] = MAIN
        shares[row, further] = 1
    return news, Lessons(
        passages=passages,
        passage_answers=np.asarray(risen / risen.sum(axis=1, keepdims=True), np.float32),
        owner=np.concatenate([owner, np.full(len(others), -1)]),
        written=pupil.matrix([("", text) for _, text in rows]),
        written_answers=np.eye(len(topics.CODES), dtype=np.float32)[[topics.CODES.index(code) for code, _ in rows]],
        articles=articles,
        labelled=pupil.matrix([(news[number].title, "\n\n".join(news[number].passages)) for number in articles]),
        labelled_answers=shares / shares.sum(axis=1, keepdims=True),
    )


def main() -> None:
    """Refine and write the model."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("data", nargs="?", type=Path, default=DATA, help="folder of the training text")
    parser.add_argument("--out", type=Path, default=MODEL)
    arguments = parser.parse_args()
    pupil = Pupil(topics.read_model(BASE.read_bytes(), ENGLISH))
    news, lessons = prepare(arguments.data, pupil)
    calibration = calibrated(news, pupil.matrix, lambda _, inside: pupil.fit(lessons, inside))
    write(arguments.out, pupil.base.words, pupil.base.rarity, pupil.fit(lessons), calibration)


if __name__ == "__main__":
    main()
