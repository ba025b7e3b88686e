"""A few articles in other languages beside many in English."""

from __future__ import annotations

import gzip
import json
from itertools import islice
from pathlib import Path

import search
from search import Article, Query
from tests.search.indexes import written

FOREIGN = (
    Article("fr1", "La nouvelle politique du plan de paix, et les nouvelles de la police.", "Plan", language="fr"),
    Article("fr2", "Le gouvernement prévoit un plan.", "Nouvelles", language="fr"),
    Article("de1", "Die Polizei plant neue Pläne für die Frauen.", "Plan", language="de"),
    Article("es1", "El plan nuevo de la policía.", "Plan", language="es"),
    Article("fr3", "Les planes nouvelles des usines.", "Planes", language="fr"),
)
ASKED = ("plane", "news", "policies", "women", "oil prices", '"interest rate"')


def totals(place: Path, articles: list[Article]) -> dict[str, int]:
    written(place, *articles)
    with search.open(place) as engine:
        english = {"language": search.Filter(any=("en",))}
        return {text: engine.search(Query(text, filters=english, facets=())).total for text in ASKED}


def test_five_foreign_articles_change_nothing_in_english(shared: Path, tmp_path: Path) -> None:
    with gzip.open(shared / "data" / "reuters21578.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in islice(lines, 4000)]
    reuters = [Article(r["id"], r["body"] or "-", r["title"] or "", language="en") for r in rows]

    alone = totals(tmp_path / "alone", reuters)
    assert totals(tmp_path / "beside", [*reuters, *FOREIGN]) == alone
    assert all(alone.values())
