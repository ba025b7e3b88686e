"""Extracts text from markup: a blank line between blocks, without scripts and page furniture.

`paragraphs` is for XML elements, `html` for fragments of HTML, `plain` for text without tags, `undeclared` for text
that may be either. Not for web pages, whose article has to be found first. Cost: linear; HTML is parsed without a tree,
however deeply it is nested.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from html import escape, unescape

from lxml import etree

from indexer.readers.shared import tags
from indexer.readers.shared.element import Element
from indexer.readers.shared.xml import local
from search.errors import BadRecord
from search.said import said

MAX_HTML = 2_000_000
"""Characters of a fragment of HTML."""
WIDTH = 120
"""Characters in a line; a text with longer ones has one paragraph per line."""

_BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "body", "bq", "block", "caption", "center", "dd", "details"),
        *("dialog", "div", "dl", "dt", "fieldset", "fig", "figure", "form", "h1", "h2", "h3", "h4", "h5"),
        *("h6", "hl1", "hl2", "hr", "html", "li", "list", "main", "note", "ol", "option", "p", "pre"),
        *("section", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul"),
    )
)
_BLOCK = (
    r"p|br|div|h[1-6]|ul|ol|li|table|blockquote|figure|body|html|section|article|aside|main|pre|hr|t[dhr]|d[dlt]|center"
)
_NAMES = (
    rf"{_BLOCK}|span|a|b|i|u|s|q|em|strong|small|mark|code|cite|sub|sup|img|iframe|script|style|thead|tbody|del|ins|"
    "font|picture|video|audio|figcaption"
)
_TAG = re.compile(
    rf"</(?i:{_NAMES})\s*>|<(?:(?i:{_NAMES})(?:\s[^<>=]*=[^<>]*|\s*/)|(?:{_NAMES}))>"
    r"|(?:\A|(?<=[.!?\"”\n])|(?<=[.!?\"”\n] ))<(?:P|BR)>"
)
"""A tag: one that closes, has an attribute or is in lower case, or a paragraph's between sentences; `<DD>` and `<P>`
after a name are what a company is called at an exchange."""
_BLOCK_TAG = re.compile(rf"</?(?:{_BLOCK})(?:\s[^<>]*)?/?>", re.IGNORECASE)
_LINE_END = re.compile(r"\r\n?|\n")
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_CELLS = frozenset(("td", "th"))
_SPACES = re.compile(r"[ \t\r\n\f\v]+")
_BLANK_LINE = re.compile(r"\n\s*\n")


def paragraphs(element: Element | None, dropped: Collection[str] = ()) -> str:
    """The text of an element and everything inside it, with a blank line between blocks.

    Args:
        dropped: names of further elements to skip.
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


def inside(element: Element) -> str:
    """The content of an element, as HTML."""
    inner = (etree.tostring(one, encoding="unicode", method="html") for one in element)
    return escape(element.text or "") + "".join(inner)


def html(fragment: str) -> str:
    """The text of a fragment of HTML, also of one without tags, whose paragraphs are separated by a blank line."""
    if "<" not in fragment:
        blocks = (" ".join(block.split()) for block in _BLANK_LINE.split(unescape(fragment)))
        return "\n\n".join(block for block in blocks if block)
    return _read(_tagged(fragment))


def _tagged(fragment: str) -> str:
    """HTML as `tags` has it. Raises BadRecord if it is too long."""
    if len(fragment) > MAX_HTML:
        raise BadRecord(said("Its text is longer than {most} characters of HTML.", most=MAX_HTML))
    return tags.only(fragment.replace("\0", ""))


def _read(fragment: str) -> str:
    """The text of HTML as `tags` has it."""
    parser = etree.HTMLParser(
        target=_Paragraphs(), encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    text = fragment.encode("utf-8", "replace")
    return str(etree.fromstring(b"<div>" + text + b"</div>", parser))


def is_marked_up(text: str) -> bool:
    """True if text that is declared as plain, or not declared, is HTML."""
    return "<" in text and _TAG.search(text) is not None


def undeclared(text: str) -> str:
    """A text that may be HTML, without tags and character references.

    Without tags every line stays as it is. HTML whose tags are written as references is read as well, and where it has
    no tag of a block, its line ends are those of the text. Raises BadRecord if it is HTML that is too long.
    """
    return unmarked(unescaped(text))


def unescaped(text: str) -> str:
    """A text that may be HTML, whose character references are read unless it has tags."""
    if "&" in text and not is_marked_up(text):
        return _REFERENCE.sub(lambda found: unescape(found[0]), text)
    return text


def unmarked(text: str) -> str:
    """A text that may be HTML, without its tags if it has some. Raises BadRecord if it is HTML that is too long."""
    if is_marked_up(text):
        tagged = _tagged(text)
        return _read(tagged if _BLOCK_TAG.search(tagged) else _LINE_END.sub("<br>\n", tagged))
    return text


def undeclared_line(text: str) -> str:
    """A title that may be HTML, without tags and character references, on one line."""
    return " ".join(undeclared(text).split()) if "<" in text or "&" in text else text


def plain(text: str) -> str:
    """Plain text with its line breaks but without indents; lines too long to be wrapped become paragraphs."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    wrapped = "" in [line for line in lines[1:-1]] or all(len(line) <= WIDTH for line in lines)
    return ("\n" if wrapped else "\n\n").join(lines).strip()


class _Paragraphs:
    """Collects text from the start, data and end of elements."""

    def __init__(self, dropped: Iterable[str] = ()) -> None:
        self._dropped = tags.DROPPED | frozenset(dropped)
        self._blocks: list[str] = []
        self._run: list[str] = []
        self._hidden = ""
        self._depth = 0
        self._verbatim = 0

    def start(self, tag: str, attributes: object = None) -> None:
        """Handle the start of an element."""
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
        """Handle the end of an element."""
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
        """Handle text between tags."""
        if text and not self._hidden:
            self._run.append(text if self._verbatim else _SPACES.sub(" ", text))

    def close(self) -> str:
        """The text collected so far."""
        self._break()
        return "\n\n".join(self._blocks)

    def _break(self) -> None:
        if self._run:
            block = "\n".join(" ".join(line.split()) for line in "".join(self._run).split("\n")).strip()
            if block:
                self._blocks.append(block)
            self._run = []


def without_title(text: str, title: str) -> str:
    """A text without its first paragraph if that repeats the title; unchanged if nothing would be left."""
    first, _, rest = text.partition("\n")
    return rest.lstrip("\n") if title and rest.strip() and " ".join(first.split()) == title else text
