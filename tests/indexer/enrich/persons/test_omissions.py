"""Names that the tagger leaves out."""

from __future__ import annotations

from indexer.enrich.persons import enrich
from search import Article
from tests.cases import cases


@cases("line, persons", [
    ("James Smith, Chief of Staff", ("James Smith",)), ("JAMES Smith, Chief of Staff", ()),
    ("James Smith and Chief of Staff", ()),
])  # fmt: skip
def test_a_usual_name_before_a_comma_begins_a_line_of_titles(line: str, persons: tuple[str, ...]) -> None:
    text = f"{line}\n\nMary Johnson, Vice President for Research"

    found = enrich(Article("a", text, language="en")).person
    assert [name for name in found if name == "James Smith"] == list(persons)
