"""The words of the languages, `lexicon.npz`: `python -m training.lexicons`.

They are those of the package `spacy-lookups-data` 1.0.5 (MIT, © ExplosionAI GmbH) and of the tables of the language:
forms and lemmas of its tables of lemmas, and, of the languages of which it has frequencies, the words above `RARE`. For
French and Portuguese, of which it lacks common words and today's spelling, so are those that stand `TWICE` in half of
the text of their taggers; `benchmarks.legibility` reads the other half. A word is written as a checksum of 32 bits of
its folded letters; accents and case are lost.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from indexer import languages
from indexer.enrich.legibility import FILE, checksum, words_of
from indexer.languages import Language
from training.persons.sets import FOLDER

RARE = -17.5
"""The logarithm of the frequency below which a word is omitted."""
TABLES = ("given", "surname", "places", "ordinary", "titles", "words", "brands")
"""The tables whose first column has words."""
TEXTS = {"fr": "fr_winer", "pt": "pt_bosque"}
"""Language → the text whose words are added, of `../shared/data/languages`."""
TWICE = 2


def main() -> None:
    """Write the lexicon of each language."""
    package = find_spec("spacy_lookups_data")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("There is no package spacy-lookups-data: install it in addition to the project.")
    data = Path(package.origin).parent / "data"
    for language in languages.installed():
        found = sorted({checksum(word) for entry in _entries(language, data) for word in words_of(entry)})
        path = language.folder / FILE
        with path.open("wb") as file:
            np.savez_compressed(file, steps=np.diff(np.array(found, np.uint32), prepend=np.uint32(0)))
        size, digest = path.stat().st_size, sha256(path.read_bytes()).hexdigest()
        print(f"{path}: {len(found):,} words, {size:,} bytes, SHA-256 {digest[:16]}", file=sys.stderr)


def _entries(language: Language, data: Path) -> Iterator[str]:
    for table in TABLES:
        yield from language.table(table)
    frequencies = data / f"{language.code}_lexeme_prob.json.gz"
    if frequencies.exists():
        yield from (word for word, often in _read(frequencies).items() if often > RARE and word.isalpha())
    if language.code in TEXTS:
        read = Counter(word for text in halves(FOLDER / f"{TEXTS[language.code]}.jsonl.gz", 0) for word in text)
        yield from (word for word, often in read.items() if often >= TWICE)
    if language.code == languages.DEFAULT:
        return
    for word, lemmas in _read(data / f"{language.code}_lemma_lookup.json.gz").items():
        yield from (word, *([lemmas] if isinstance(lemmas, str) else lemmas))
    index = data / f"{language.code}_lemma_index.json.gz"
    if index.exists():
        for words in _read(index).values():
            yield from words


def halves(path: Path, half: int) -> Iterator[list[str]]:
    """The words of each sentence of a half of a text: of every second block of a hundred lines."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number // 100 % 2 == half:
                row = json.loads(line)
                yield from (sentence["tokens"] for sentence in row.get("sentences", [row]))


def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(gzip.decompress(path.read_bytes()))
    return found


if __name__ == "__main__":
    main()
