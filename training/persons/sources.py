"""Where the training text is, and which part of it is reserved for evaluation."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
TABLES = ROOT / "indexer" / "languages" / "en"
MODEL = TABLES / "persons.npz"
LABELLED = ("wikinews_2019_2020", "geo_geovirus", "gum_wikinews")
"""The text that the teachers label; CC BY."""
WEB = "ner_uner_ewt"
"""Sentences of the web labelled by hand (Universal NER, English Web Treebank); CC BY-SA 4.0."""
GOLD = "ner_wikigold"
"""Sentences labelled by hand; CC BY. Documents selected by `held_out` are reserved for evaluation."""


def read(path: Path) -> list[dict[str, Any]]:
    """The rows of a gzipped JSON Lines file."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def held_out(document: str) -> bool:
    """True if a Wikigold document is reserved for evaluation: one in five."""
    return int(document) % 5 == 4
