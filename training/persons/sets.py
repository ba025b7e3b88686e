"""Text of other languages than English, its persons and places labelled by hand: where it is, what is held out.

Lines of `../shared/data/languages`: sentences, or documents of these, as words with the spans of persons and places.
The words are joined to running text, so that it is cut as any text is; some sentences in a row are a document if the
source names none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

from training.persons.sources import DATA, ROOT, read

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
CARRIED: Mapping[str, Mapping[str, str]] = {
    "es": {"pt_bosque": "carried_pt_es.tsv"},
    "it": {"pt_bosque": "carried_pt_it.tsv"},
    "nl": {"fr_winer": "carried_fr_nl.tsv"},
}
"""Language without modern text that a model may have seen → a file of another one, and the table by which its words are
made those of this language, but for names."""
MEASURED_ONLY = frozenset(("es_cess",))
"""States no open licence: no model may have seen it."""

SENTENCES = 20
"""How many sentences in a row are a document where the source names none."""
PARTS = 4
"""The parts of the documents of a file, of which one is held out."""
WHICH: Mapping[str, int] = {"de": 1}
"""Language → which of these parts that is, if not the first: the German one that was first has been looked at."""

Spans = list[tuple[int, int]]


class Document(NamedTuple):
    """A text with the offsets of persons and places in it.

    Attributes:
        held_out: no tagger has seen it.
        part: which of the parts of its file it is in; None if it is carried over from another language.
    """

    name: str
    text: str
    persons: Spans
    places: Spans
    held_out: bool
    part: int | None


def documents(name: str, folder: Path = FOLDER, between: str = " ", carried: str = "") -> Iterator[Document]:
    """The documents of a file.

    Args:
        between: what joins their sentences.
        carried: the table by which their words are made those of another language; such documents are not held out.
    """
    rows = read(folder / f"{name}.jsonl.gz")
    whole: Iterator[tuple[str, Sequence[Mapping[str, Any]]]]
    if "sentences" in rows[0]:
        whole = ((str(row["doc"]), row["sentences"]) for row in rows)
    else:
        whole = ((str(at), rows[at : at + SENTENCES]) for at in range(0, len(rows), SENTENCES))
    lines = (ROOT / "training" / carried).read_text(encoding="utf-8").splitlines() if carried else []
    table = dict(line.split("\t") for line in lines if line[0] != "#")
    for number, sentences in whole:
        part = None if carried else crc32(f"{name} {number}".encode()) % PARTS
        held_out = part == WHICH.get(name[:2], 0)
        said = [_carried(sentence, table) for sentence in sentences] if carried else sentences
        yield Document(number, *_joined(said, between), held_out, part)


def shippable(language: str) -> list[Callable[[Path, str], Iterator[Document]]]:
    """What reads each file of a language that a model may have seen, and what is carried over to it."""
    own = [partial(documents, name) for name in SETS.get(language, {}) if name not in MEASURED_ONLY]
    return [*own, *(partial(documents, name, carried=table) for name, table in CARRIED.get(language, {}).items())]


def _carried(sentence: Mapping[str, Any], table: Mapping[str, str]) -> dict[str, Any]:
    """A sentence with words of another language; one that only there has a capital goes before the word it follows."""
    words: Sequence[str] = sentence["tokens"]
    tokens = list[str]()
    begins = list[int]()
    named = {at for first, last in (*sentence["per"], *sentence["loc"]) for at in range(first, last)}
    for at, word in enumerate(words):
        begins.append(len(tokens))
        stays = at in named and not word.islower()  # particles of names are words
        said = [word] if stays else list(filter(None, _in_other_words(word, table).split(" ")))
        if at and said and word[0].islower() and said[0][0].isupper() and not named & {at - 1, at}:
            tokens[begins[at - 1] : begins[at - 1]] = said
        else:
            tokens += said
    begins.append(len(tokens))
    spans = {kind: [(begins[first], begins[last]) for first, last in sentence[kind]] for kind in ("per", "loc")}
    return {"tokens": tokens, **spans}


def _in_other_words(word: str, table: Mapping[str, str]) -> str:
    """A word in another language, as far as the table has it or its end."""
    small = word.lower()
    found = table.get(small)
    if found is None:
        ends = (size for size in range(min(len(small) - 2, 6), 0, -1) if f"-{small[-size:]}" in table)
        size = next(ends, 0)
        found = small[: len(small) - size] + table[f"-{small[-size:]}"] if size else small
    if word.isupper() and len(word) > 1:
        return found.upper()
    return found[:1].upper() + found[1:] if word[0].isupper() else found


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
            found += [_bare(text, starts[first], ends[last - 1]) for first, last in spans]
    return text, _with_initials(text, persons), places


def _with_initials(text: str, persons: Spans) -> Spans:
    """The persons; initials that a source has apart, even in sentences of their own, belong to the name after them:
    `J. P. Coen`. Those without a name are none.
    """
    found, begun = Spans(), -1
    for number, (start, end) in enumerate(persons):
        initial = end - start == 1 and text.startswith(".", end)
        after = persons[number + 1][0] if number + 1 < len(persons) else -1
        first = start if begun < 0 else begun
        begun = first if initial and text[end + 1 : after] in _AFTER_INITIAL and after > end else -1
        if not initial:
            found.append((first, end))
    return found


_AFTER_INITIAL = ("", " ")


def _bare(text: str, start: int, end: int) -> tuple[int, int]:
    """A span without the punctuation marks at its ends, which some sources have in names; full stops stay."""
    name = text[start:end]
    start += len(name) - len(name.lstrip(_NO_PART))
    return start, max(start + 1, start + len(text[start:end].rstrip(_NO_PART)))


_NO_PART = ",;:!?\"'’“”„«»()[] "


_NO_SPACE_BEFORE = frozenset((".", ",", ")", "]", "…", "%", "“", "”"))
_NO_SPACE_AFTER = frozenset(("(", "[", "„"))
_APOSTROPHES = "'’"
