"""An article in Dublin Core, as OAI-PMH has its metadata."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree as ET

from search.fields import ENRICHED
from search.names.completion import label
from search.values.article import Article
from service.formats.feed import clean
from service.formats.references import authors

DC = "http://purl.org/dc/elements/1.1/"
OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
BEGINNING = 500
"""Characters of the text that describe an article."""

for _prefix, _space in (("dc", DC), ("oai_dc", OAI_DC), ("xsi", XSI)):
    ET.register_namespace(_prefix, _space)


def describe(metadata: ET.Element, article: Article, here: str) -> None:
    """Add an article to an element.

    Args:
        here: the URL of the service.
    """
    where = {f"{{{XSI}}}schemaLocation": f"{OAI_DC} http://www.openarchives.org/OAI/2.0/oai_dc.xsd"}
    within = ET.SubElement(metadata, f"{{{OAI_DC}}}dc", where)
    for name, value in _elements(article):
        ET.SubElement(within, f"{{{DC}}}{name}").text = clean(value)
    ET.SubElement(within, f"{{{DC}}}identifier").text = clean(f"{here}/article/{article.id}")
    if article.url:
        ET.SubElement(within, f"{{{DC}}}source").text = clean(article.url)


def _elements(article: Article) -> Iterator[tuple[str, str]]:
    """The elements of an article, but for its addresses."""
    yield "title", article.heading
    for author in authors(article):
        yield "creator", author
    for field in ENRICHED:
        for value in getattr(article, field):
            yield "coverage" if field == "country" else "subject", label(field, value)
    text = " ".join(article.text[: BEGINNING + 1].split())
    if text:
        yield "description", text if len(article.text) <= BEGINNING else f"{text[:BEGINNING].rpartition(' ')[0]}…"
    if article.source:
        yield "publisher", article.source
    if article.published:
        yield "date", article.published
    yield "type", "Text"
    if article.language:
        yield "language", article.language
