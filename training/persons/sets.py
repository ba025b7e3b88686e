"""Text of other languages than English, its persons and places labelled by hand: where it is, what is held out.

Lines of `../shared/data/languages`: sentences, or documents of these, as words with the spans of persons and places.
The words are joined to running text, so that it is cut as any text is; some sentences in a row are a document if the
source names none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

from training.persons.sources import DATA, read

FOLDER = DATA / "languages"
MODERN, OLD = "modern", "old"
SETS: Mapping[str, Mapping[str, str]] = {
    "de": {"de_smartdata": MODERN, "de_germeval": MODERN, "de_europeana": OLD},
    "es": {"es_cess": MODERN},
    "fr": {"fr_winer": MODERN, "fr_europeana": OLD},
    "nl": {"nl_europeana": OLD},
    "pt": {"pt_bosque": MODERN},
}
"""Language → the files that have it, and what text they are."""
MEASURED_ONLY = frozenset(("es_cess",))
"""States no open licence: no model may have seen it."""

SENTENCES = 20
"""How many sentences in a row are a document where the source names none."""
HELD_OUT = 4
"""One document in so many is held out."""

Spans = list[tuple[int, int]]


class Document(NamedTuple):
    """A text with the offsets of persons and places in it."""

    name: str
    text: str
    persons: Spans
    places: Spans
    held_out: bool


def documents(name: str, folder: Path = FOLDER, between: str = " ") -> Iterator[Document]:
    """The documents of a file.

    Args:
        between: what joins their sentences.
    """
    rows = read(folder / f"{name}.jsonl.gz")
    whole: Iterator[tuple[str, Sequence[Mapping[str, Any]]]]
    if "sentences" in rows[0]:
        whole = ((str(row["doc"]), row["sentences"]) for row in rows)
    else:
        whole = ((str(at), rows[at : at + SENTENCES]) for at in range(0, len(rows), SENTENCES))
    for number, sentences in whole:
        held_out = crc32(f"{name} {number}".encode()) % HELD_OUT == 0
        yield Document(number, *_joined(sentences, between), held_out)


def _joined(sentences: Sequence[Mapping[str, Any]], between: str) -> tuple[str, Spans, Spans]:
    """Sentences as a text, with the offsets of persons and places in it."""
    text, persons, places = "", Spans(), Spans()
    for sentence in sentences:
        starts, ends = list[int](), list[int]()
        text += between * bool(text)
        glue = True
        for word in sentence["tokens"]:
            text += "" if glue or word in _NO_SPACE_BEFORE else " "
            starts.append(len(text))
            text += word
            ends.append(len(text))
            glue = word in _NO_SPACE_AFTER or (word[-1] in _APOSTROPHES and len(word) > 1)
        for found, spans in ((persons, sentence["per"]), (places, sentence["loc"])):
            found += [(starts[first], ends[last - 1]) for first, last in spans]
    return text, persons, places


_NO_SPACE_BEFORE = frozenset((".", ",", ")", "]", "…", "%", "“", "”"))
_NO_SPACE_AFTER = frozenset(("(", "[", "„"))
_APOSTROPHES = "'’"
