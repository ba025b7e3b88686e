"""The text of an article in blocks, in the forms in which content systems store it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from indexer.readers.shared import blocks, markup
from tests import waiting
from tests.cases import cases

TWO = "One bold word.\n\nTwo & three."

ANS = [
    {"_id": "1", "type": "text", "content": "One <b>bold</b> word.", "additional_properties": {"x": "no"}},
    {"type": "image", "url": "u", "caption": "no", "content": "no"},
    {"type": "raw_html", "content": "<script>no()</script>"},
    {"type": "text", "content": "Two &amp; three."},
]
CONTENTFUL = {
    "nodeType": "document", "data": {},
    "content": [
        {
            "nodeType": "paragraph", "data": {},
            "content": [
                {"nodeType": "text", "value": "One ", "marks": [], "data": {}},
                {"nodeType": "text", "value": "bold", "marks": [{"type": "bold"}], "data": {}},
                {"nodeType": "hyperlink", "data": {"uri": "no"}, "content": [{"nodeType": "text", "value": " word."}]},
            ],
        },
        {"nodeType": "embedded-asset-block", "data": {"target": {"title": "no"}}, "content": []},
        {"nodeType": "paragraph", "content": [{"nodeType": "text", "value": "Two & three."}]},
    ],
}  # fmt: skip
EDITOR_JS = {
    "time": 1,
    "blocks": [
        {"id": "a", "type": "paragraph", "data": {"text": "One <b>bold</b> word."}},
        {"id": "b", "type": "image", "data": {"caption": "no", "file": {"url": "no"}}},
        {"id": "c", "type": "quote", "data": {"text": "Two &amp; three.", "caption": "no", "alignment": "left"}},
    ],
    "version": "2",
}
PORTABLE = [
    {
        "_type": "block", "style": "normal",
        "children": [{"_type": "span", "text": "One "}, {"_type": "span", "text": "bold word."}],
    },
    {"_type": "image", "alt": "no"},
    {"_type": "block", "style": "h2", "children": [{"_type": "span", "text": "Two & three."}]},
]  # fmt: skip
PROSE_MIRROR = {
    "type": "doc",
    "content": [
        {
            "type": "paragraph", "attrs": {"x": "no"},
            "content": [{"type": "text", "text": "One "}, {"type": "text", "text": "bold word.", "marks": []}],
        },
        {
            "type": "blockquote",
            "content": [{"type": "paragraph", "content": [{"type": "text", "text": "Two & three."}]}],
        },
        {"type": "codeBlock", "content": [{"type": "text", "text": "no"}]},
    ],
}  # fmt: skip
SLATE = [
    {"type": "paragraph", "children": [{"text": "One "}, {"text": "bold", "bold": True}, {"text": " word."}]},
    {"type": "block-quote", "children": [{"text": "Two "}, {"text": "& three."}]},
]
LEXICAL = {"root": {"type": "root", "children": [*SLATE]}}
DRAFT = {"blocks": [{"type": "unstyled", "text": "One bold word."}, {"type": "header-two", "text": "Two & three."}]}
MIXED = ["One bold word.", None, {"type": "ad", "text": "no"}, {"type": "P", "text": "Two & three."}]


@cases("stored", [ANS, CONTENTFUL, EDITOR_JS, PORTABLE, PROSE_MIRROR, SLATE, LEXICAL, DRAFT, MIXED])
def test_blocks_are_the_paragraphs_of_a_text(stored: object) -> None:
    found = blocks.read(stored)

    assert found is not None
    assert found.text == TWO


AB = [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]


@cases("block, text", [
    ({"type": "list", "items": AB}, "a\n\nb"),
    ({"type": "list", "data": {"items": ["a", "b"]}}, "a\n\nb"),
    ({"type": "list", "data": {"items": [{"content": "a", "items": [{"content": "b"}]}]}}, "a\n\nb"),
    ({"type": "ul", "children": [{"type": "li", "children": AB[:1]}, {"type": "li", "text": "b"}]}, "a\n\nb"),
    ({"type": "quote", "content_elements": AB}, "a\n\nb"),
    ({"type": "quote", "children": AB}, "ab"),
    ({"type": "p", "children": [{"text": "a"}, {"type": "hardBreak"}, {"text": "b"}]}, "a\nb"),
    ({"type": "p", "content": [{"type": "strong", "content": "a"}, {"type": "emoji", "text": "no"}, "b"]}, "ab"),
])  # fmt: skip
def test_lists_and_quotes_are_paragraphs(block: object, text: str) -> None:
    found = blocks.read([block])

    assert found is not None
    assert found.text == text


@cases("content, text", [
    ("a <script>no()</script>b", "a\n\nb"),
    ("a<sub>2</sub> <mark class='m'>b</mark>", "a2 b"),
    ("R&amp;D&nbsp;a", "R&D a"),
    ("1 < 2 & 3", "1 < 2 & 3"),
    ("<p>a</p><figure><figcaption>no</figcaption></figure><p>b</p>", "a\n\nb"),
])  # fmt: skip
def test_tags_are_no_words(content: str, text: str) -> None:
    found = blocks.read([{"type": "text", "content": content}])

    assert found is not None
    assert found.text == text


def test_what_is_no_text_is_kept_aside() -> None:
    found = blocks.read(ANS)

    assert found is not None
    assert found.others == ANS[1:3]


def test_html_that_is_too_long_is_kept_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markup, "MAX_HTML", 10)

    assert blocks.read([{"type": "p", "text": "<b>" + "a" * 10}, {"type": "p", "text": "b"}]) == (
        "b",
        ["<b>aaaaaaaaaa"],
    )


@cases("value", [
    [], {}, "text", None, [1, {"type": "p", "text": "a"}], ["a b"], [{"type": "image", "text": "a"}], [{"text": "a"}],
    [{"type": "p", "text": "a"}, {"text": "b"}],
    [{"type": "p", "text": " "}], [{"type": ["p"], "text": "a"}], {"type": "article", "text": "a"}, {"blocks": 1},
])  # fmt: skip
def test_what_is_no_list_of_blocks_is_none(value: object) -> None:
    assert blocks.read(value) is None


@cases("shape", ["wide", "deep", "items", "inline"])
def test_blocks_are_read_in_linear_time(shape: str, amount: Callable[..., int]) -> None:
    def reading(count: int) -> Callable[[], object]:
        deep: Any = "a"
        for _ in range(count):
            deep = {"type": "list", "children": [deep]}
        parts: dict[str, list[object]] = {
            "wide": [{"type": "p", "text": "a <b>c</b>"}] * (count // 4),
            "deep": [deep],
            "items": [{"type": "list", "items": ["a"] * count}],
            "inline": [{"type": "p", "children": [{"type": "text", "text": "a"}] * count}],
        }
        assert blocks.read(parts[shape])
        return lambda: blocks.read(parts[shape])

    few = amount(4_000, few=1_200)
    assert waiting.grows_less(8, reading, few, 4 * few)
