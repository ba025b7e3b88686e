"""Words typed correctly, in texts that a scanner misread: what is found as typed, and with `~ocr`.

    python -m benchmarks.ocr [--data ../shared/data]

There is no set of scanned pages next to their corrected text in the evaluation data, so that the noise is made:
articles of Reuters-21578 are indexed as they are, and again with letters exchanged at random by the pairs of `ocr.tsv`,
in either direction, a word in a hundred broken, and a space in a hundred lost. The pairs are those that Tesseract's
developers published for English (letters of ASCII in small type), not the ones of `search.text.misreadings`. Asked for
are words of titles, four letters or more, without function words; right is what the word finds in the articles as they
are. Recall and precision are over all answers together. Real pages have more kinds of noise than these: the figures
compare, and promise nothing of an archive.

Needs the evaluation data.
"""

from __future__ import annotations

import argparse
import random
import re
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import search
from benchmarks import results
from benchmarks.reuters import DATA, mapped
from search import Article, Query
from search.engine import Engine
from search.syntax.function_words import EVERY
from search.text.tokens import tokens

ARTICLES = 5000
WORDS = 500
RATES = (0.01, 0.02, 0.04, 0.06)
"""How likely what can be confused is."""
SPACES = 0.01
"""How likely a word is broken, and a space lost."""
LETTERS = 4


def main() -> None:
    """Make noise, index, ask."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA)
    results.option(parser)
    options = parser.parse_args()
    sheet = results.Sheet("ocr")
    chance = random.Random(49)
    rows = [row for row in mapped(options.data) if len(row["text"]) > 300][:ARTICLES]
    articles = [Article(row["id"], row["text"], row["title"] or "", language="en") for row in rows]
    asked = typed(articles, chance)
    pairs = confusions()
    with tempfile.TemporaryDirectory() as folder:
        right = answers(Path(folder) / "right.idx", articles, asked)[0]
        for rate in RATES:
            read = [noisy(article, pairs, rate, chance) for article in articles]
            plain, plain_s, forgiven, forgiven_s = (
                *answers(Path(folder) / f"{rate}.idx", read, asked),
                *answers(Path(folder) / f"{rate}.idx", (), [f"{word}~ocr" for word in asked]),
            )
            wrong = misread(articles, read)
            for name, found, seconds in (("as typed", plain, plain_s), ("~ocr", forgiven, forgiven_s)):
                recall, precision = measured(right, found)
                print(
                    f"{wrong:6.1%} of words wrong, {name:8}: recall {recall:.3f}, precision {precision:.3f}, ", end=""
                )
                print(f"{1000 * seconds / len(asked):.2f} ms a word")
                sheet.row(
                    "figures", wrong=wrong, search=name, recall=recall, precision=precision,
                    ms=1000 * seconds / len(asked), articles=len(articles), words=len(asked),
                )  # fmt: skip
    sheet.keep(options.keep)


def confusions() -> Mapping[str, Sequence[str]]:
    """Letters → what may be read in their place."""
    found: dict[str, list[str]] = {}
    for line in Path(__file__).with_name("ocr.tsv").read_text("utf-8").splitlines():
        one, other = line.split("\t")
        found.setdefault(one, []).append(other)
        found.setdefault(other, []).append(one)
    return found


def typed(articles: Sequence[Article], chance: random.Random) -> list[str]:
    """Words of titles."""
    every = {token.word for article in articles for token in tokens(article.title)}
    chosen = sorted(word for word in every if len(word) >= LETTERS and word.isalpha() and word not in EVERY)
    return sorted(chance.sample(chosen, min(WORDS, len(chosen))))


def noisy(article: Article, pairs: Mapping[str, Sequence[str]], rate: float, chance: random.Random) -> Article:
    """An article as a scanner may have read it."""
    letters = re.compile("|".join(sorted(map(re.escape, pairs), key=len, reverse=True)))

    def exchanged(text: str) -> str:
        text = letters.sub(lambda met: chance.choice(pairs[met[0]]) if chance.random() < rate else met[0], text)
        parts = []
        for part in re.split("( )", text):
            if part == " ":
                parts.append("" if chance.random() < SPACES else part)
            elif len(part) >= LETTERS and chance.random() < SPACES:
                at = chance.randrange(1, len(part))
                parts += [part[:at], " ", part[at:]]
            else:
                parts.append(part)
        return "".join(parts)

    return Article(article.id, exchanged(article.text), exchanged(article.title), language="en")


def misread(articles: Sequence[Article], read: Sequence[Article]) -> float:
    """The share of the words that are no longer there."""
    lost = total = 0
    for one, other in zip(articles, read, strict=True):
        before, after = (Counter(token.word for token in tokens(f"{a.title} {a.text}")) for a in (one, other))
        lost, total = lost + (before - after).total(), total + before.total()
    return lost / total


def answers(place: Path, articles: Sequence[Article], asked: Sequence[str]) -> tuple[list[frozenset[str]], float]:
    """The ids of the articles that each word finds, and the seconds of processor time for all.

    Args:
        articles: to index; none if they are.
    """
    if articles:
        with search.writer(place) as writer:
            for article in articles:
                writer.add(article)
    with search.open(place) as engine:
        _ = found(engine, asked[:1])
        began = time.process_time()
        every = found(engine, asked)
        return every, time.process_time() - began


def found(engine: Engine, asked: Sequence[str]) -> list[frozenset[str]]:
    """The ids of the articles that each word finds."""
    return [engine.matching((Query(word),))[0] for word in asked]


def measured(right: Sequence[frozenset[str]], answered: Sequence[frozenset[str]]) -> tuple[float, float]:
    """Recall and precision over all answers."""
    both = sum(len(one & other) for one, other in zip(right, answered, strict=True))
    return both / sum(map(len, right)), both / sum(map(len, answered))


if __name__ == "__main__":
    main()
