"""Passages of articles with all that is needed to check them: the id, the offsets, the words, the address."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any, Literal, NotRequired, TypedDict

from service.formats.fragment import fragment

_HIDDEN_USED = "\u00ad\u200c\u200d\ufeff"
"""Signs that no one sees and that texts have a use for."""
_MARKS = "\"“”„‟«»‹›‘’‚'"
"""Quotation marks."""

UNREAD = "Its text may not be read here, or it has none: nothing can be said of a quotation. Ask the administrator."


class Passage(TypedDict):
    """A passage of an article's text.

    Attributes:
        start, end: in code points of the text.
        quoted: the words there, written by others.
        citation: what `verify_citation` takes.
        address: of the page, at this passage.
    """

    quoted: str
    citation: dict[str, Any]
    address: str


class Verdict(TypedDict):
    """What became of a quotation.

    Attributes:
        found: `there`, `elsewhere` in the same text, in the `title`, which has no offsets, `nowhere`, or `unread` if
            there is no text that may be read.
        citation: as it would be right; None if it is nowhere, or unread.
        article: which one it is about; None if none was named and none has it.
        problem: of what is unread, why.
    """

    verified: bool
    found: Literal["there", "elsewhere", "title", "nowhere", "unread"]
    citation: dict[str, Any] | None
    article: dict[str, Any] | None
    problem: NotRequired[str]


NOWHERE: Verdict = {"verified": False, "found": "nowhere", "citation": None, "article": None}
"""Of a quotation that no article has."""


def passage(article: Mapping[str, Any], start: int, end: int, base: str) -> Passage:
    """A span of an article's text."""
    text = article["text"]
    quoted = text[start:end]
    line = quoted.split("\n\n")[0]
    return {
        "quoted": quoted,
        "citation": {"id": article["id"], "start": start, "end": end, "quote": quoted},
        "address": f"{base}/article/{article['id']}{fragment(line[:200].rpartition(' ')[0] or line[:200])}",
    }


def located(article: Mapping[str, Any], snippet: str, base: str) -> Passage | None:
    """The passage that a snippet of a hit is of; None if it is not of the text, as that of a title."""
    wanted = snippet.removeprefix("… ").removesuffix(" …")
    start = article["text"].replace("\n", " ").find(wanted)  # as many signs, so that offsets are the same
    return passage(article, start, start + len(wanted), base) if start >= 0 and wanted else None


def verdict(article: Mapping[str, Any], quote: str, start: int | None, end: int | None) -> Verdict:
    """Whether an article has a quotation, there or elsewhere; white space between words may differ, and quotation marks
    around it do not count.
    """
    text, brief = article["text"], {name: article.get(name) for name in ("id", "title", "published", "source")}
    if text and start is not None and end is not None and text[start:end] == quote:
        return {"verified": True, "found": "there", "citation": _citation(article, start, end), "article": brief}
    expected = start is None and end is None
    for words in dict.fromkeys((quote, quote.strip().strip(_MARKS))):
        if (place := _find(text or "", words)) is not None:
            return {
                "verified": expected,
                "found": "there" if expected else "elsewhere",
                "citation": _citation(article, *place),
                "article": brief,
            }
        title = article.get("title") or ""
        if (place := _find(title, words)) is not None:
            cited = {"id": article["id"], "quote": title[slice(*place)]}
            return {"verified": expected, "found": "title", "citation": cited, "article": brief}
    if not text:
        return {"verified": False, "found": "unread", "citation": None, "article": brief, "problem": UNREAD}
    return {"verified": False, "found": "nowhere", "citation": None, "article": brief}


def _citation(article: Mapping[str, Any], start: int, end: int) -> dict[str, Any]:
    return {"id": article["id"], "start": start, "end": end, "quote": article["text"][start:end]}


def _find(text: str, quote: str) -> tuple[int, int] | None:
    """Where a quotation is, with any white space between its words."""
    words = quote.split()
    if not words:
        return None
    start = text.find(words[0])
    while start >= 0:
        at = start + len(words[0])
        for word in words[1:]:
            begun = at
            while at < len(text) and text[at].isspace():
                at += 1
            if at == begun or not text.startswith(word, at):
                break
            at += len(word)
        else:
            return start, at
        start = text.find(words[0], start + 1)
    return None


def hidden(text: str) -> int:
    """How many signs of a text are not seen by people, but read by programs, such as tags of Unicode."""
    return sum(unicodedata.category(sign) == "Cf" and sign not in _HIDDEN_USED for sign in text)
