"""The record that all parts exchange."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from search import Article
from search.values.article import ID_PATTERN, changed, make_id
from tests.cases import cases


def test_a_changed_article_is_what_replace_makes() -> None:
    article = Article("a", "Text.", title="Title", person=("Ann Lee",), extra={"page": 3}, given=frozenset(("person",)))

    assert changed(article) == article
    for field in fields(Article):
        value = {field.name: object()}
        assert changed(article, **value) == replace(article, **value)  # type: ignore[arg-type]
    assert article.title == "Title"


def test_only_fields_of_an_article_are_changed() -> None:
    with pytest.raises(KeyError):
        changed(Article("a", "Text."), contry=("FR",))  # type: ignore[call-arg]


@cases("name", [".", ".."])
def test_an_id_is_never_another_address(name: str) -> None:
    assert not ID_PATTERN.fullmatch(name)
    assert ID_PATTERN.fullmatch(make_id(name))
    assert make_id(f"{name}.a") == f"{name}.a"


@cases(
    "title, text, heading",
    [
        ("Fire at the harbour", "A ship burned.", "Fire at the harbour"),
        ("", "A ship burned\n\nlast night.", "A ship burned last night."),
        ("", "word " * 40, "word " * 15 + "word…"),
        ("", "Nobody was hurt when the ship burned, which had come from Rotterdam on Friday with its cargo of oil.",
         "Nobody was hurt when the ship burned, which had come from Rotterdam on Friday…"),
        ("", "火" * 100, "火" * 80 + "…"),
        ("", "A ship that had come from Rotterdam burned at the harbour of Oslo in Norway. Nobody was hurt by it.",
         "A ship that had come from Rotterdam burned at the harbour of Oslo in Norway."),
        ("", "“Nobody at all was hurt when the ship burned,” he told us, “and nobody will be…” That was on Friday.",
         "“Nobody at all was hurt when the ship burned,” he told us, “and nobody will be…”"),
        ("", "", "1911-05"), ("\u2028 ", "", "1911-05"),
    ],
)  # fmt: skip
def test_an_article_without_a_title_is_called_by_its_first_words_or_its_id(title: str, text: str, heading: str) -> None:
    assert Article("1911-05", text, title).heading == heading
