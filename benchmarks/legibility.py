"""How well the share of known words separates text from misread text, and what it costs.

    python -m benchmarks.legibility [--data ../shared/data]

Texts of 150 words: of today, and of newspapers from before 1950 as OCR gave them, in former spellings. Each is read as
it is, and with the noise of `benchmarks.ocr`. The separation is the AUC: how often a text as it is has a greater share
than one with noise, both drawn at random; of two sets that are the same it is .5. Old newspapers are compared with
noise in themselves, and with noise in today's text of the language: the second is low if a former spelling looks like
noise. Their own errors, some 10 % of their words and more, are in both sides.

Needs the evaluation data.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from benchmarks import results
from benchmarks.ocr import confusions, noisy
from benchmarks.reuters import DATA, mapped
from indexer import languages
from indexer.enrich import enrich, legibility
from indexer.languages import Language
from search.values.article import Article
from training.lexicons import halves

SETS = (
    ("en", "today", "reuters"), ("fr", "today", "fr_winer"), ("fr", "old", "fr_europeana"),
    ("de", "today", "de_germeval"), ("de", "old", "de_europeana"), ("nl", "old", "nl_europeana"),
    ("pt", "today", "pt_bosque"), ("es", "today", "es_cess"),
)  # fmt: skip
"""Language, age and name of the sets; no open text of today in Dutch or Italian is among the data."""
TEXTS, WORDS = 500, 150
RATES = (0.02, 0.06)
"""How likely what can be confused is."""
LEGIBLE = 0.8
"""The share from which the page calls an article legible."""


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA)
    results.option(parser)
    options = parser.parse_args()
    sheet = results.Sheet("legibility")
    chance, pairs = random.Random(49), confusions()
    today: dict[tuple[str, float], Sequence[float]] = {}
    for code, age, name in SETS:
        language = languages.named(code)
        assert language is not None
        read = list(texts(options.data, name))
        clean = shares(read, language)
        print(f"{code} {age:5} {len(clean)} texts: {statistics.mean(clean):.3f}, {over(clean):.1%} legible", end="")
        for rate in RATES:
            misread = [noisy(Article("a", text), pairs, rate, chance).text for text in read]
            noise = shares(misread, language)
            today.setdefault((code, rate), noise)
            own, other = auc(clean, noise), auc(clean, today[code, rate])
            print(f"; noise {rate}: {statistics.mean(noise):.3f}, AUC {own:.3f}, to today's {other:.3f}", end="")
            sheet.row(
                "figures", language=code, age=age, texts=len(clean), known=statistics.mean(clean), legible=over(clean),
                rate=rate, noise=statistics.mean(noise), auc=own, today=other,
            )  # fmt: skip
        print()
    spent = cost(options.data)
    sheet.row("cost", share=spent)
    print(f"of the processor time of enrichment: {spent:.1%}")
    sheet.keep(options.keep)


def texts(data: Path, name: str) -> Iterator[str]:
    """The texts of a set, at most `TEXTS`."""
    words: list[str] = []
    count = 0
    for sentence in _sentences(data, name):
        words += sentence
        if len(words) >= WORDS and count < TEXTS:
            count += 1
            yield " ".join(words)
            words = []


def _sentences(data: Path, name: str) -> Iterator[list[str]]:
    if name == "reuters":
        yield from (row["text"].split()[:WORDS] for row in mapped(data) if len(row["text"].split()) > WORDS)
        return
    yield from halves(data / "languages" / f"{name}.jsonl.gz", 1)  # words of the other are in some lexicons


def shares(read: Sequence[str], language: Language) -> list[float]:
    """The share of known words of each text."""
    known = legibility.lexicon(language)
    return [float(np.mean(known.known(legibility.words_of(text)))) for text in read]


def over(found: Sequence[float]) -> float:
    """The share of texts that are legible."""
    return sum(share >= LEGIBLE for share in found) / len(found)


def auc(clean: Sequence[float], noise: Sequence[float]) -> float:
    """How often one of the first is greater than one of the second; equal ones count half."""
    below = sorted(noise)
    wins = sum(bisect_left(below, share) + bisect_right(below, share) for share in clean)
    return wins / (2 * len(clean) * len(noise))


def cost(data: Path) -> float:
    """The share of enrichment's processor time, for English articles whose words are known to the tables."""
    articles = [Article(str(at), text) for at, text in enumerate(texts(data, "reuters"))]
    for article in articles:
        enrich(article)
    whole = own = 0.0
    for article in articles:
        began = time.process_time()
        found = enrich(article)
        read = time.process_time()
        legibility.enrich(found)  # again, of the same text, as after the step before
        whole, own = whole + read - began, own + time.process_time() - read
    return own / whole


if __name__ == "__main__":
    main()
