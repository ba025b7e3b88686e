"""Where known names stand in a sentence."""

from __future__ import annotations

from indexer import languages
from indexer.enrich.persons.mentions import Mention
from indexer.enrich.persons.names import parse
from indexer.enrich.persons.surnames import known_from, matches
from indexer.enrich.persons.tagger.sentences import sentences
from tests.cases import cases

ENGLISH = languages.default()

KNOWN = known_from(
    Mention(0, 0, 2, parse(name, ENGLISH), "model", confidence)
    for name, confidence in [("Angela Merkel", 0.9), ("Anna Merkel", 0.7), ("John von Neumann", 0.8)]
)


def found(text: str) -> list[tuple[str, float]]:
    """The names found in a sentence, and how sure they are."""
    (sentence,) = sentences(text, ENGLISH)
    return [
        (" ".join(sentence.words[first:last]), confidence) for _, first, last, confidence in matches([sentence], KNOWN)
    ]


@cases("text, names", [
    ("Merkel spoke to them in the morning.", ["Merkel"]),
    ("Yesterday Merkel spoke to them.", ["Merkel"]),  # the capital of a first word says nothing
    ("On Yesterday Merkel spoke to them.", []),
    ("They met Merkel in the morning.", ["Merkel"]),
    ("They met Merkel", ["Merkel"]),
    ("They met Bishop Merkel in the morning.", ["Bishop Merkel"]),
    ("They met Klaus Merkel in the morning.", []),
    ("They met Merkel Holdings in the morning.", []),
    ("Merkel Holdings met them in the morning.", []),
    ("They met Angela Merkel in the morning.", ["Angela Merkel"]),
    ("Angela Merkel met them in the morning.", ["Angela Merkel"]),
    ("They met MERKEL in the morning.", []),
    ("They met merkel in the morning.", []),
    ("Then John von Neumann met Neumann again.", ["John von Neumann", "Neumann"]),
])  # fmt: skip
def test_a_surname_is_a_person_unless_it_is_part_of_a_longer_name(text: str, names: list[str]) -> None:
    assert [name.removeprefix("Bishop ") for name, _ in found(text)] == [name.removeprefix("Bishop ") for name in names]


def test_a_surname_is_as_sure_as_the_surest_who_has_it() -> None:
    assert found("They met Merkel.") == [("Merkel", 0.9)]
    assert found("They met Anna Merkel.") == [("Anna Merkel", 0.7)]
