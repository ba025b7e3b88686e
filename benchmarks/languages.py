"""Quality in other languages than English: `python -m benchmarks.languages [LANGUAGE …] [--data FOLDER]`.

First pairs of names in several languages (`spellings.tsv`): how many are known to be of one person, how many rightly.

Persons: of the documents of `../shared/data/languages` that training holds out (one in four), the sets of the last
words of persons' names that a reader labelled and that the whole chain finds; a language's model has not seen them.
Where the source names no documents, 20 sentences in a row are one. Then the ten reports of `tests/gold/languages`,
written for this project: persons by their whole names, countries, main countries, the first topic. Topics of held-out
documents by titles, if these are labelled (`languages_topics.tsv`: the first one, and any that an editor may choose),
and their main countries (`languages_countries.tsv`).
Last the processor time of a text, compared with an English one of its length (Wikinews).
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from benchmarks.persons import scores
from indexer import languages
from indexer.enrich import enrich, persons, topics
from search.names import agreement
from search.names.known_spellings import usual
from search.text.tokens import fold
from search.values.article import Article
from training.persons import sets
from training.persons.sources import DATA, read

HERE = Path(__file__).resolve().parent
REPORTS = HERE.parent / "tests" / "gold" / "languages"
SPELLINGS = REPORTS / "spellings.tsv"
TOPICS = HERE / "languages_topics.tsv"
COUNTRIES = HERE / "languages_countries.tsv"
SIZE = 1_500
"""Characters of a text whose time is measured."""


def last(names: Collection[str]) -> set[str]:
    """The last words of names, folded."""
    return {fold(words[-1]).strip(".,;") for name in names if (words := name.split())}


def held_out(code: str, folder: Path) -> Iterator[tuple[str, list[sets.Document]]]:
    """The held-out documents of each set of a language."""
    for name, kind in sets.SETS.get(code, {}).items():
        yield f"{name}, {kind}", [document for document in sets.documents(name, folder) if document.held_out]


def report_persons(name: str, code: str, documents: Sequence[sets.Document]) -> None:
    """Print the scores of a set."""
    pairs = []
    for number, document in enumerate(documents):
        article = persons.enrich(Article(str(number), document.text, language=code))
        wanted = last([document.text[start:end] for start, end in document.persons])
        pairs.append((wanted, {word for name in article.person for word in _written(name, article, wanted)}))
    print(f"{code}  {name:22} persons {_figures(scores(iter(pairs)))}  {len(pairs)} documents")


def _written(name: str, article: Article, wanted: set[str]) -> set[str]:
    """The last words of a person found, as in the text if these are wanted: `Merkels`, `Lula` of Lula da Silva."""
    texts = [entry.text for entry in article.evidence["person"] if entry.value == name and entry.text]
    return last(texts) & wanted or last([name])


def report_spellings() -> None:
    """Print how many pairs of names are known to be one person's, and how many of these are."""
    rows = [line.split("\t") for line in SPELLINGS.read_text(encoding="utf-8").splitlines() if line[0] != "#"][1:]
    joined = Counter(same for one, other, same in rows if _tight(one) == _tight(other))
    right = joined["1"] + joined["2"]
    print(f"spellings of one person: P {right / joined.total():.3f}", end="")
    for same, which in (("1", "looked at"), ("2", "for the figure alone")):
        print(f", R {joined[same] / sum(row[2] == same for row in rows):.3f} of those {which}", end="")
    print()


def _tight(name: str) -> str:
    return agreement.parts(usual(fold(name))).tight


def report_reports(code: str) -> None:
    """Print the scores of a language's own reports."""
    path = REPORTS / f"{code}.jsonl"
    if not path.exists():
        return
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    found = [enrich(Article(row["id"], row["text"], title=row["title"], published=row["published"])) for row in rows]
    gold = [row["gold"] for row in rows]
    both = list(zip(gold, found, strict=True))
    names = [({*map(fold, each["person"])}, {*map(fold, article.person)}) for each, article in both]
    named = [(set(each["country"]), set(article.country)) for each, article in both]
    main = [(set(each["country"][: each["main"]]), _main(article)) for each, article in both]
    first = [each["topic"][0] == article.topic[0][7:9] for each, article in both if article.topic]
    for what, pairs in (("persons", names), ("countries", named), ("main countries", main)):
        print(f"{code}  {'reports':22} {what} {_figures(scores(iter(pairs)))}")
    print(f"{code}  {'reports':22} first topic {sum(first)} of {len(rows)}")
    assert all(article.language == code for article in found), [article.language for article in found]


def _main(article: Article) -> set[str]:
    """The main countries of an article."""
    return {entry.value for entry in article.evidence.get("country", ()) if entry.main}


def report_countries(code: str, folder: Path) -> None:
    """Print the scores of main countries in held-out documents, which begin with a title in French alone."""
    rows = [line.split("\t") for line in COUNTRIES.read_text(encoding="utf-8").splitlines() if line[0] != "#"]
    labels = {number: (half, codes) for language, number, half, codes in rows if language == code}
    pairs: dict[str, list[tuple[set[str], set[str]]]] = {"1": [], "2": []}
    for document in sets.documents(next(iter(sets.SETS[code])), folder, "\n") if labels else ():
        if document.name in labels:
            title, _, text = document.text.partition("\n") if code == "fr" else ("", "", document.text)
            half, codes = labels[document.name]
            found = enrich(Article("a", text, title=title, language=code))
            pairs[half].append((set(codes.split("/")) - {"-"}, _main(found)))
    for half, which in (("1", "looked at"), ("2", "for the figure alone")):
        if pairs[half]:
            print(f"{code}  main countries {_figures(scores(iter(pairs[half])))}  {len(pairs[half])} {which}")


def report_topics(code: str, folder: Path) -> None:
    """Print how often the first topic is right, by titles of held-out documents."""
    rows = [line.split("\t") for line in TOPICS.read_text(encoding="utf-8").splitlines() if line[0] != "#"]
    labels = {number: codes.split("/") for language, number, codes in rows if language == code}
    if not labels:
        return
    first = among = 0
    for document in sets.documents(next(iter(sets.SETS[code])), folder, "\n"):
        if document.name in labels:
            title, _, text = document.text.partition("\n")
            topic = topics.enrich(Article("a", text, title=title, language=code)).topic
            found, wanted = topic[0][7:9] if topic else "", labels[document.name]
            first, among = first + (found == wanted[0]), among + (found in wanted)
    print(f"{code}  first topic {first / len(labels):.3f}, one of those that would do {among / len(labels):.3f}")


def speed(code: str, folder: Path) -> None:
    """Print the processor time of texts of `SIZE` characters, in a set of the language, or else its own reports, over
    that of English ones.
    """

    def cost(texts: Sequence[str]) -> float:
        articles = [Article(str(number), text) for number, text in enumerate(texts)]
        best = float("inf")
        for _ in range(9):
            start = time.process_time()
            for article in articles:
                enrich(article)
            best = min(best, time.process_time() - start)
        return best

    english = [row["body"] for row in read(DATA / "wikinews_2019_2020.jsonl.gz")]
    own = [json.loads(line)["text"] for line in (REPORTS / f"{code}.jsonl").read_text(encoding="utf-8").splitlines()]
    labelled = [text.text for name in sets.SETS.get(code, {}) for text in sets.documents(name, folder, "\n\n")]
    others = labelled or ["\n\n".join((*own[at:], *own[:at])) for at in range(len(own))] * 4
    first, second = ([text[:SIZE] for text in texts if len(text) >= SIZE][:40] for texts in (others, english))
    print(f"{code}  time of a text, English is 1: {cost(first) / cost(second):.2f}")


def _figures(figures: tuple[float, float, float]) -> str:
    precision, recall, f1 = figures
    return f"P {precision:.3f} R {recall:.3f} F1 {f1:.3f}"


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    others = [language.code for language in languages.installed() if language.code != languages.DEFAULT]
    parser.add_argument("language", nargs="*", default=others)
    parser.add_argument("--data", type=Path, default=sets.FOLDER)
    options = parser.parse_args()
    report_spellings()
    for code in options.language:
        for name, documents in held_out(code, options.data):
            report_persons(name, code, documents)
        report_topics(code, options.data)
        report_countries(code, options.data)
        report_reports(code)
        speed(code, options.data)


if __name__ == "__main__":
    main()
