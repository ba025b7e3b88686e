"""The text of an article that is stored as blocks: paragraphs, headings and lists, with pictures between them.

Content systems and their editors store a text so, as JSON: Arc (ANS), Contentful, Draft.js, Editor.js, Lexical,
Portable Text, ProseMirror, Slate, Strapi. A block names its kind, and has its words in one of a few properties. Only
kinds that are known to be text are read, so that no caption, script or advertisement is. Cost: linear, however deep
blocks are in others.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from indexer.readers.shared import markup

_KIND = ("type", "nodeType", "_type")
"""Properties with the kind of a block."""
_PARAGRAPHS = frozenset(
    (
        *("p", "paragraph", "block", "unstyled", "quote", "blockquote", "header", "subheader", "heading", "subheading"),
        *(f"{name}{level}" for name in ("h", "heading") for level in range(1, 7)),
        *(
            f"{name}{level}"
            for name in ("header", "heading")
            for level in ("one", "two", "three", "four", "five", "six")
        ),
        *("list", "ul", "ol", "unorderedlist", "orderedlist", "bulletlist", "bulletedlist", "numberedlist"),
        *("li", "lic", "listitem", "listitemchild", "olistitem", "orderedlistitem", "unorderedlistitem"),
        *("doc", "document", "root"),
    )
)
"""Kinds of which each is a paragraph, or has some in it; in lower case, without punctuation."""
_INLINE = frozenset(
    (
        *(
            "text",
            "span",
            "link",
            "hyperlink",
            "entryhyperlink",
            "assethyperlink",
            "autolink",
            "a",
            "mark",
            "underline",
        ),
        *("strong", "bold", "b", "emphasis", "em", "italic", "i", "u", "inlinecode"),
    )
)
"""Kinds that are part of a paragraph, or one by themselves as the element of a list of blocks."""
_BREAKS = frozenset(("br", "break", "hardbreak", "softbreak", "linebreak"))
_AROUND = ("blocks", "root", "json")
"""Properties of an object around all blocks."""
_WORDS = ("text", "content", "value", "children", "content_elements", "data")
"""Properties of which the first that is not empty has the words of a block."""
_ITEMS = "items"
"""What a list has besides."""
_SEPARATE = frozenset(("content_elements", _ITEMS))
"""Properties that are lists of blocks; others are lists of parts of a paragraph, or of blocks that say so."""
_OTHER = re.compile(r"[\W_]+")


class Blocks(NamedTuple):
    """A text that was stored as blocks.

    Attributes:
        text: with a blank line between paragraphs.
        others: the blocks that are not in it.
    """

    text: str
    others: list[object]


class _End:
    """Stands where a paragraph begins or ends."""


_END = _End()


def read(value: object) -> Blocks | None:
    """The text of a list of blocks, or of an object with all of them in it; None if it is not that, or has no text."""
    each = outermost(value)
    if not any(map(is_text, each)) or not all(one is None or isinstance(one, str) or _kind(one) for one in each):
        return None
    reading = _Reading()
    reading.all_of(each)
    text = "\n\n".join(reading.paragraphs)
    return Blocks(text, reading.others) if text else None


def outermost(value: object) -> list[object]:
    """The blocks of a text that are in no other."""
    if isinstance(value, dict) and not _kind(value):
        value = next((value[name] for name in _AROUND if name in value), None)
    return value if isinstance(value, list) else [value]


def is_text(value: object) -> bool:
    """True if a value is a block of a kind that is text."""
    return _kind(value) in _PARAGRAPHS | _INLINE


def _kind(value: object) -> str:
    """The kind of a block, in lower case and without punctuation; "" if a value is none."""
    if not isinstance(value, dict):
        return ""
    stated = next((value[name] for name in _KIND if isinstance(value.get(name), str)), "")
    return _OTHER.sub("", stated.lower())


class _Reading:
    """Collects paragraphs, and the blocks that are none."""

    def __init__(self) -> None:
        self.paragraphs: list[str] = []
        self.others: list[object] = []
        self._run: list[str] = []

    def all_of(self, blocks: list[object]) -> None:
        """Read blocks, and those in them."""
        left = _separated(blocks)
        while left:
            one = left.pop()
            if isinstance(one, _End):
                self._end()
            elif isinstance(one, str):
                self._run.append(one)
            elif isinstance(one, list):
                left.extend(reversed(one))
            elif isinstance(one, dict):
                left.extend(self._within(one))
        self._end()

    def _within(self, block: dict[str, object]) -> list[object]:
        """What a block consists of, the last first."""
        kind = _kind(block)
        if kind in _BREAKS:
            return ["\n"]
        if kind and kind not in _PARAGRAPHS and kind not in _INLINE:
            self.others.append(block)
            return []
        parts = _separated(block[_ITEMS]) if block.get(_ITEMS) else []
        if words := next((name for name in _WORDS if block.get(name)), None):
            parts += _separated(block[words]) if words in _SEPARATE else [block[words]]
        return [_END, *parts, _END] if kind in _PARAGRAPHS else parts

    def _end(self) -> None:
        text, self._run = "".join(self._run), []
        is_html = markup.is_marked_up(text) if "<" in text else "&" in text
        if is_html and len(text) > markup.MAX_HTML:
            self.others.append(text)
        elif text := (markup.html(text) if is_html else text).strip():
            self.paragraphs.append(text)


def _separated(value: object) -> list[object]:
    """Values that are a paragraph each, the last first."""
    parts: list[object] = [_END]
    for one in reversed(value if isinstance(value, list) else [value]):
        parts += (one, _END)
    return parts
