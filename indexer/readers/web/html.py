"""Web pages: one article a page.

Its text is what trafilatura takes for the article, paragraphs apart by a blank line, without the title that it repeats.
Title, date, byline, section, source and language are what the page's metadata and markup state; see `page`:
`titles`, `dates`, `metadata`. Not for pages whose text is only made by their scripts: they have none to read.

Cost: 10 to 100 ms a page. A page is refused before it could cost more than two seconds: one that is larger than
`MAX_BYTES`, or has more than `MAX_ELEMENTS` elements outside its scripts, or nests them deeper than `MAX_DEPTH`.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, BinaryIO

from lxml import etree
from lxml.etree import _Element
from lxml.html import HTMLParser, document_fromstring
from trafilatura import bare_extraction

from indexer.readers.shared.markup import MAX_HTML
from indexer.readers.shared.markup import html as whole_text
from indexer.readers.shared.record import Item, Origin, Rescued, article
from indexer.readers.web.page import dates, json_ld, metadata, titles
from indexer.readers.web.page.encoding import decode
from indexer.readers.web.page.json_ld import plain
from indexer.readers.web.page.metadata import Page
from indexer.safe.faults import EXTRA, InternalError, fault
from search.article import Article
from search.errors import BadRecord, NoArticle
from search.text import fold

MAX_BYTES = 12 * 1024 * 1024
MAX_SAVED = 64 * 1024 * 1024
"""Bytes of a page with its pictures in it, as some programs save it."""
MAX_ELEMENTS = 25_000
MAX_TEXT = 2_000_000
"""Characters of text outside scripts."""
MAX_DEPTH = 250
_USUAL_DEPTH = 50
"""How deep the elements of a large page may be on the average."""
MAX_ATTRIBUTE = 500
"""Characters of an attribute that is kept for the search for the text; longer ones are pictures and styles."""

_BEFORE_ROOT = re.compile(
    r"(?>\ufeff|\s+|<\?xml[^>]{0,200}\?>|<!--.{0,4000}?-->)*+<(?:!doctype\s+html\b|html\b|head\b|body\b)",
    re.DOTALL | re.IGNORECASE,
)
_WINDOW = re.compile(r"<title[^>]{0,200}>([^<]{1,1000})", re.IGNORECASE)
_ANY_MARKUP = re.compile(r"<(?:html|head|body|title|meta|article|main|div|p|h1)\b", re.IGNORECASE)
_UNREAD = ("script", "style", "svg", "template", "iframe", "object", "canvas", "noframes", "datalist", "math")
MAX_ATTRIBUTES = 400
_MAX_DESCRIBED = 50
"""Blocks of JSON-LD that are looked at for a text."""
_EMBEDDED = re.compile(rb"data:[\w/+.-]{0,100}(?:;[\w=.-]{1,100}){0,4};base64,[A-Za-z0-9+/=]{1000,}")
_LONG_TAG = re.compile(r"<[A-Za-z][^>]{1500,}")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_NOT_XML = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_STATING = frozenset(("meta", "link", "time", "html", "a", "abbr"))
"""Elements whose attributes are read for what they say."""
_MIN_WORDS = 5
_MAX_KICKER = 4
"""Words of a line above the title, such as the section."""

for _library in ("trafilatura", "htmldate"):
    logging.getLogger(_library).setLevel(logging.CRITICAL)  # what they find odd in a page is in its reason


def looks_like(head: bytes, name: str) -> bool:
    """Whether a file is a web page: by its first element, or by its name if it has any of a page's elements."""
    try:
        text = decode(head)
    except BadRecord:
        return False
    if _BEFORE_ROOT.match(text):
        return True
    return name.lower().endswith((".html", ".htm", ".xhtml")) and _ANY_MARKUP.search(text) is not None


def read(file: BinaryIO, origin: Origin) -> Iterator[Item]:
    """The article of a page, or why it has none."""
    try:
        yield page(file.read(MAX_SAVED + 1), origin)
    except InternalError as problem:
        yield problem
    except BadRecord as problem:
        yield BadRecord(problem.reason)  # a file that breaks off has no text either


def page(
    data: bytes,
    origin: Origin,
    number: int | None = None,
    url: str | None = None,
    encoding: str | None = None,
    extra: Mapping[str, Any] | None = None,
) -> Article | Rescued:
    """The article of a page; where finding it fails, all that the page says, without its scripts.

    Args:
        number: which page of its file it is, from 1; None where the file is the page.
        url: where it was fetched from, which is then its URL.
        encoding: what the server said it is in.
        extra: what else is known of it.

    Raises:
        BadRecord: when it has none, or would take too long.
        InternalError: when there is no other way to its text.
    """
    try:
        return _page(data, origin, number, url, encoding, extra)
    except (BadRecord, OSError, MemoryError, RecursionError):
        raise
    except Exception as error:  # a fault of the program must not cost the page
        met = fault(error)
    try:
        return Rescued(_whole(data, origin, number, url, encoding, {**(extra or {}), EXTRA: [str(met)]}), met)
    except NoArticle:
        raise InternalError(met) from None


def _whole(
    data: bytes,
    origin: Origin,
    number: int | None,
    url: str | None,
    encoding: str | None,
    extra: Mapping[str, Any],
) -> Article:
    """The article that all the text of a page makes."""
    markup = _NOT_XML.sub("", decode(data, encoding))
    title = _WINDOW.search(markup)
    text = whole_text(markup[:MAX_HTML])
    return article(
        {"title": plain(title[1]) if title else "", "text": text, "url": url, "extra": extra}, origin, number
    )


def _page(
    data: bytes,
    origin: Origin,
    number: int | None,
    url: str | None,
    encoding: str | None,
    extra: Mapping[str, Any] | None,
) -> Article:
    """The article of a page, as trafilatura and its metadata give it."""
    if MAX_BYTES < len(data) <= MAX_SAVED:
        data = _EMBEDDED.sub(b"", data)
    if len(data) > MAX_BYTES:
        raise BadRecord(f"The page is larger than {MAX_BYTES // 2**20} MB.")
    markup = _NOT_XML.sub("", decode(data, encoding))
    if not markup.strip():
        raise BadRecord("It is empty.")
    tree = _parsed(markup)
    read_page = metadata.page(tree, url, markup[:4096])
    fields = metadata.facts(read_page)
    if url:
        fields["url"] = url
    title = titles.title(read_page)
    _without_unread(tree)
    date = dates.date(read_page, title)
    text = _text(read_page, title)
    if date is not None:
        fields["published"], fields["published_from"] = date
    fields["extra"] = {**fields.get("extra", {}), **(extra or {})}
    return article({**fields, "title": title, "text": text}, origin, number)


def _refuse_long_tags(markup: str) -> None:
    """Refuse a tag with a great many attributes, which libxml2 compares each with each."""
    for piece in _outside_scripts(markup):
        for tag in _LONG_TAG.finditer(piece):
            if len(_QUOTED.sub("", tag[0]).split()) > MAX_ATTRIBUTES:
                raise BadRecord(f"One of its tags has more than {MAX_ATTRIBUTES} attributes.")


def _outside_scripts(markup: str) -> Iterator[str]:
    folded = markup.lower() if len(markup.lower()) == len(markup) else markup
    at = 0
    while (start := folded.find("<script", at)) >= 0 and (end := folded.find("</script", start)) >= 0:
        yield markup[at:start]
        at = end
    yield markup[at:]


def _parsed(markup: str) -> _Element:
    _refuse_long_tags(markup)
    parser = HTMLParser(encoding="utf-8", huge_tree=False, remove_comments=True, remove_pis=True, no_network=True)
    try:
        tree = document_fromstring(markup.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        raise BadRecord("It is a web page without any content.") from None
    _refuse_large(tree)
    return tree


def _refuse_large(tree: _Element) -> None:
    """Refuse a page in which finding the text would take too long.

    Attributes that nothing reads are left out, and characters that markup cannot hold, which references may name.
    """
    depth = elements = steps = 0
    walk = etree.iterwalk(tree, events=("start", "end"))
    for event, element in walk:
        if event == "end":
            depth -= 1
            continue
        depth += 1
        if element.text and _NOT_XML.search(element.text):
            element.text = _NOT_XML.sub("", element.text)
        if element.tail and _NOT_XML.search(element.tail):
            element.tail = _NOT_XML.sub("", element.tail)
        if element.tag in _UNREAD:
            walk.skip_subtree()
            continue
        elements += 1
        steps += depth
        if depth > MAX_DEPTH:
            raise BadRecord(f"Its elements are nested more than {MAX_DEPTH} deep.")
        if steps > MAX_ELEMENTS * _USUAL_DEPTH:
            raise BadRecord(
                f"Its elements are too many for how deep they are nested, {steps // elements} on the average."
            )
        if elements > MAX_ELEMENTS:
            raise BadRecord(f"The page has more than the {MAX_ELEMENTS:,} elements that are read.")
        most = None if element.tag in _STATING else MAX_ATTRIBUTE
        left_out = [name for name, value in element.attrib.items() if _NOT_XML.search(value) or value[:most] != value]
        try:
            for name in left_out:
                del element.attrib[name]
        except ValueError:  # a name that lxml cannot take back
            element.attrib.clear()


def _without_unread(tree: _Element) -> None:
    """Take out what no reader reads, but for the JSON-LD; refuse what is too large then.

    Raises:
        BadRecord: when so much is left that finding the text would take too long.
    """
    described = 0
    for element in _outermost(tree, _UNREAD):
        described += json_ld.is_block(element)
        if not json_ld.is_block(element) or described > _MAX_DESCRIBED:
            element.text = None
            for child in list(element):
                element.remove(child)
            if element.tag != "iframe":
                element.drop_tree()
    size = sum(len(part) for part in tree.itertext())
    if size > MAX_TEXT:
        raise BadRecord(f"The page has {size:,} characters of text, more than the {MAX_TEXT:,} that are read.")


def _outermost(tree: _Element, tags: Collection[str]) -> list[_Element]:
    """The elements of these names that stand in no other of them, so that taking one out takes out no other."""
    found = []
    walk = etree.iterwalk(tree, events=("start",))
    for _, element in walk:
        if element is not tree and element.tag in tags:
            found.append(element)
            walk.skip_subtree()
    return found


def _text(page: Page, title: str) -> str:
    """The text of the article, without its title.

    Raises:
        BadRecord: when the page has none.
    """
    found = bare_extraction(page.tree, url=page.url, include_comments=False, with_metadata=False)
    text = (found.text or "") if found is not None and not isinstance(found, dict) else ""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    at = next((n for n, line in enumerate(lines[:3]) if title and fold(line) == fold(title)), None)
    if at is not None and all(len(line.split()) <= _MAX_KICKER for line in lines[:at]):
        del lines[: at + 1]
    if sum(len(line.split()) for line in lines) < _MIN_WORDS and not any(len(line) >= 2 * _MIN_WORDS for line in lines):
        body = json_ld.string(page.article.get("articleBody"))
        if not body:
            raise NoArticle(_reason(page))
        lines = [body]
    return "\n\n".join(lines)


def _reason(page: Page) -> str:
    """Why a page has no text."""
    if any("refresh" in (element.get("http-equiv") or "").lower() for element in page.tree.iter("meta")):
        return "It is a web page that only leads to another one."
    if next(page.tree.iter("frameset", "frame"), None) is not None:
        return "It is a web page made of frames, whose text is in other files."
    return "It is a web page without the text of an article: nothing in it is more than a menu or a caption."
