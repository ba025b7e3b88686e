"""The headline and the text of a ninjs item, from the best of its bodies.

Bodies are properties (`body_html`, ninjs 1) or a list (since 2), in several forms. Names of properties are passed in
lower case.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from html import unescape

from indexer.readers.shared import markup, xml
from indexer.readers.wire import nitf
from search.errors import BadRecord, NoArticle
from search.said import said

_WHOLE = 0.8
"""A plain text shorter than this share of the HTML is an excerpt."""
_NITF, _PLAIN, _HTML, _OTHER_XML = range(4)
_WORD = re.compile(r"\w")


def text_of(properties: Mapping[str, object], kind: str) -> tuple[str, str | None]:
    """The text of an item, and its source if that is not a body.

    Args:
        kind: its type; a text may be read from its description.

    Raises:
        BadRecord: if it has none, with the reason.
    """
    text = body_of(properties)
    if text:
        if not _WORD.search(text):
            raise NoArticle(said("Its text has no words: “{text}”.", text=text[:40]))
        return text, None
    if "eventdetails" in properties:
        raise NoArticle(said("It is an event (it has ninjs “eventDetails” and no body), not an article."))
    if kind == "text":
        description = _best(_named(properties, "description", ("creditline", "writer", "caption")))
        if description:
            return description, "description"
        raise NoArticle(said("It has no text: neither a body nor a description."))
    if kind:
        raise NoArticle(said("It has no text of its own (ninjs type “{name}”).", name=kind))
    raise NoArticle(said("It has no text of its own (no ninjs type)."))


def title_of(properties: Mapping[str, object]) -> str:
    """The main headline, or else the first one, or else the title, on one line."""
    headlines = [entry for entry in _listed(properties, "headlines", "headline") if isinstance(entry, dict)]
    main = [entry for entry in headlines if string(entry.get("role") or entry.get("name")).lower() == "main"]
    found = [string(entry.get("value")) for entry in main + headlines]
    found += [string(properties.get(name)) for name in ("headline", "headline_main", "title")]
    title = next((value for value in found if value), "")
    return " ".join((markup.html(title) if markup.is_marked_up(title) else unescape(title)).split())


def body_of(properties: Mapping[str, object]) -> str:
    """The text of the best body; "" if there is none."""
    return _best(_named(properties, "body", ()))


def _named(properties: Mapping[str, object], what: str, apart: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """The (content type or role, value) of bodies or descriptions: `body_html` in ninjs 1, a list since 2."""
    plural = "bodies" if what == "body" else f"{what}s"
    for entry in _listed(properties, plural, what):
        if isinstance(entry, dict):
            lower = {name.lower(): value for name, value in entry.items()}
            role = string(lower.get("role") or lower.get("name")).lower()
            if role not in apart:
                yield string(lower.get("contenttype")).lower() or role, string(lower.get("value"))
    for name, value in properties.items():
        if name == what or name.startswith(f"{what}_"):
            role = name.removeprefix(what).lstrip("_")
            if not role.startswith(tuple(apart) or ("\0",)):
                yield role, string(value)


def _listed(properties: Mapping[str, object], *names: str) -> list[object]:
    """The first of these properties that is a list: its plural, or the singular as in drafts of ninjs 2."""
    return next((value for name in names if isinstance(value := properties.get(name), list)), [])


def _best(values: Iterator[tuple[str, str]]) -> str:
    """The text of the best value; "" if there is none. One without words is used only if all are."""
    texts: dict[int, str] = {}
    for kind, value in values:
        rank = _rank(kind, value)
        if value and not _WORD.search(texts.get(rank, "")):
            texts[rank] = _plain(rank, value)
    if _PLAIN in texts and len(texts[_PLAIN]) < _WHOLE * len(texts.get(_HTML, "")):
        del texts[_PLAIN]
    ranked = [text for _, text in sorted(texts.items()) if text]
    return next((text for text in ranked if _WORD.search(text)), ranked[0] if ranked else "")


def _rank(kind: str, value: str) -> int:
    start = value[:400].lstrip()
    if "<nitf" in start:
        return _NITF
    if "html" in kind:
        return _HTML
    if "xml" in kind or start.startswith("<?xml"):
        return _OTHER_XML
    return _PLAIN if kind == "text/plain" or not markup.is_marked_up(value) else _HTML


def _plain(rank: int, value: str) -> str:
    if rank == _NITF:
        try:
            return nitf.text_of(xml.document(io.BytesIO(value.encode("utf-8", "replace"))))
        except BadRecord:  # truncated by the agency; its words are still usable
            return markup.html(value)
    return markup.plain(value) if rank == _PLAIN else markup.html(value)


def string(value: object) -> str:
    """A string without surrounding spaces; "" for any other value."""
    return value.strip() if isinstance(value, str) else ""
