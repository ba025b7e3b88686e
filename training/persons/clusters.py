"""Classes of words of a language, from the package `spacy-lookups-data` (MIT, © ExplosionAI GmbH)."""

from __future__ import annotations

import gzip
import json
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from indexer.enrich.persons.tagger.clusters import FILE, checksum
from indexer.languages import Language

RARE = -17.5
"""The logarithm of the frequency below which a word without a capital is omitted."""


def make_clusters(language: Language) -> None:
    """Write the classes of words that begin with a letter: all with a capital, others if they are frequent."""
    package = find_spec("spacy_lookups_data")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("There is no package spacy-lookups-data: install it in addition to the project.")
    paths, often = (
        json.loads(gzip.decompress(path.read_bytes()))
        for kind in ("cluster", "prob")
        if (path := Path(package.origin).parent / "data" / f"{language.code}_lexeme_{kind}.json.gz")
    )
    found = {
        checksum(word): path
        for word, path in sorted(paths.items())
        if path and word[0].isalpha() and (word[0].isupper() or often.get(word, RARE) > RARE)
    }
    order = sorted(found)
    path = language.folder / FILE
    with path.open("wb") as file:
        np.savez_compressed(
            file,
            steps=np.diff(np.array(order, np.uint32), prepend=np.uint32(0)),
            classes=np.array([found[each] for each in order], np.uint16),
        )
    print(f"{path}: {len(order):,} words, {path.stat().st_size:,} bytes", file=sys.stderr)
