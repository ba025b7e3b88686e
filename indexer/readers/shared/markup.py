"""The text of what is marked up: blocks apart by a blank line, scripts and page furniture left out.

`paragraphs` is for elements of XML, `html` for fragments of HTML, `plain` for text without a mark. Not for web pages,
whose article has to be found first. Cost: linear, without a tree for HTML, however deeply it is nested.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from html import escape, unescape
from typing import Any

from lxml import etree

from indexer.readers.shared.xml import local
from search.errors import BadRecord

MAX_HTML = 2_000_000
"""Characters of a fragment of HTML."""
WIDTH = 120
"""Characters in a line; what has longer ones has a paragraph a line."""

_BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "body", "bq", "block", "caption", "center", "dd", "details"),
        *("dialog", "div", "dl", "dt", "fieldset", "fig", "figure", "form", "h1", "h2", "h3", "h4", "h5"),
        *("h6", "hl1", "hl2", "hr", "html", "li", "list", "main", "note", "ol", "option", "p", "pre"),
        *("section", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul"),
    )
)
_DROPPED = frozenset(
    (
        *("script", "style", "head", "title", "template", "noscript", "iframe", "svg", "math", "object", "video"),
        *("audio", "media", "figcaption", "select", "button", "header", "footer", "nav"),
    )
)
_TAG = re.compile(
    r"</?(?:p|br|div|span|a|b|i|em|strong|h[1-6]|ul|ol|li|table|body|html)(?:\s[^<>]*)?/?>", re.IGNORECASE
)
_CELLS = frozenset(("td", "th"))
_SPACES = re.compile(r"[ \t\r\n\f\v]+")
_BLANK_LINE = re.compile(r"\n\s*\n")


def paragraphs(element: Any, dropped: Collection[str] = ()) -> str:
    """The text of an element and of all inside it, blocks apart by a blank line.

    Args:
        dropped: names of further elements to leave out.
    """
    target = _Paragraphs(dropped)
    if element is None:
        return ""
    for event, inner in etree.iterwalk(element, events=("start", "end")):
        name = local(inner)
        if event == "start":
            target.start(name)
            target.data(inner.text or "")
        else:
            target.end(name)
            if inner is not element:
                target.data(inner.tail or "")
    return target.close()


def inside(element: Any) -> str:
    """What is inside an element, as HTML."""
    inner = (etree.tostring(one, encoding="unicode", method="html") for one in element)
    return escape(element.text or "") + "".join(inner)


def html(fragment: str) -> str:
    """The text of a fragment of HTML, also of one without a tag, where a blank line parts paragraphs."""
    if "<" not in fragment:
        blocks = (" ".join(block.split()) for block in _BLANK_LINE.split(unescape(fragment)))
        return "\n\n".join(block for block in blocks if block)
    if len(fragment) > MAX_HTML:
        raise BadRecord(f"Its text is longer than {MAX_HTML:,} characters of HTML.")
    parser = etree.HTMLParser(
        target=_Paragraphs(), encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    text = fragment.encode("utf-8", "replace").replace(b"\0", b"")
    return str(etree.fromstring(b"<div>" + text + b"</div>", parser))


def is_marked_up(text: str) -> bool:
    """Whether text that says it is plain, or says nothing, is HTML."""
    return _TAG.search(text) is not None


def plain(text: str) -> str:
    """Plain text with its lines kept and their indents taken off; lines too long to be wrapped ones are paragraphs."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    wrapped = "" in [line for line in lines[1:-1]] or all(len(line) <= WIDTH for line in lines)
    return ("\n" if wrapped else "\n\n").join(lines).strip()


class _Paragraphs:
    """Takes start, data and end of elements, gives text."""

    def __init__(self, dropped: Iterable[str] = ()) -> None:
        self._dropped = _DROPPED | frozenset(dropped)
        self._blocks: list[str] = []
        self._run: list[str] = []
        self._hidden = ""
        self._depth = 0
        self._verbatim = 0

    def start(self, tag: str, attributes: object = None) -> None:
        """An element begins."""
        name = tag.lower().rpartition("}")[2].rpartition(":")[2]
        if self._hidden:
            self._depth += name == self._hidden
            return
        if name in _BLOCKS or name in self._dropped:
            self._break()
        if name in self._dropped:
            self._hidden, self._depth = name, 1
        elif name == "br":
            self._run.append("\n")
        elif name == "pre":
            self._verbatim += 1

    def end(self, tag: str) -> None:
        """An element ends."""
        name = tag.lower().rpartition("}")[2].rpartition(":")[2]
        if self._hidden:
            self._depth -= name == self._hidden
            if not self._depth:
                self._hidden = ""
            return
        if name in _BLOCKS:
            self._break()
        elif name in _CELLS:
            self._run.append(" ")
        if name == "pre":
            self._verbatim = max(0, self._verbatim - 1)

    def data(self, text: str) -> None:
        """Text between the elements."""
        if text and not self._hidden:
            self._run.append(text if self._verbatim else _SPACES.sub(" ", text))

    def close(self) -> str:
        """The text of it all."""
        self._break()
        return "\n\n".join(self._blocks)

    def _break(self) -> None:
        if self._run:
            block = "\n".join(" ".join(line.split()) for line in "".join(self._run).split("\n")).strip()
            if block:
                self._blocks.append(block)
            self._run = []


def without_title(text: str, title: str) -> str:
    """A text whose first paragraph repeats the title, without it; as it is where nothing would be left."""
    first, _, rest = text.partition("\n")
    return rest.lstrip("\n") if title and rest.strip() and " ".join(first.split()) == title else text
