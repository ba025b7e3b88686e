"""The title of a web page's article, chosen from the candidates on the page.

A page names its article up to five times: in JSON-LD, for social networks (og:title, twitter:title), in its heading, in
the title of the window. They differ: the window's contains the name of the site, the one for social networks may be
another headline, the heading may be the name of the paper. The visible heading is used if something else on the page
confirms it; otherwise the most frequent title.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import islice

from lxml.etree import _Element

from indexer.readers.web.page import json_ld
from indexer.readers.web.page.json_ld import plain
from indexer.readers.web.page.metadata import Page, first, source
from indexer.readers.web.page.same_title import agree, squeezed
from search.text.tokens import fold

MAX_TITLE = 500
_SEPARATOR = re.compile(r"\s+[|\-–—·•»«:~/⁄>]{1,2}\s+|\s*[|»｜：]\s*|:\s+")
_SITE_WORDS = frozenset(
    ("", "the", "com", "news", "online", "website", "tv", "magazine", "digital", "newspaper", "www")
)
"""Words around the name of a site that are still its name."""
_SOCIAL = (
    "twitter:title", "dc.title", "dcterms.title", "parsely-title", "sailthru.title", "citation_title", "headline",
    "title",
)  # fmt: skip
_OUTSIDE = frozenset(("nav", "footer", "aside"))
_HEADLINE = re.compile(r"headline|(?:^|[\s_-])title(?=$|[\s_-])", re.IGNORECASE)
_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_MIN_TITLE = 8
"""Characters of a title that is complete without the parts split off."""
_LONGEST_WORD = 50
"""Characters that are given up for a title that is cut to end after a word."""
_MAX_ELEMENTS = 5_000
_MAX_SHOWN = 20
_MAX_PARTS = 40
"""Pieces of text in a heading that are examined."""
_CUT = ("…", "...")
_MOST = 0.6
"""The share of a heading that the title must have for the rest to be ignored."""


def title(page: Page) -> str:
    """The title; "" if the page has none. Of one with more than 500 characters the beginning, with “…” at its end."""
    whole = _whole(page)
    if len(whole) <= MAX_TITLE:
        return whole
    space = whole.rfind(" ", MAX_TITLE - _LONGEST_WORD, MAX_TITLE)
    return whole[: space if space > 0 else MAX_TITLE - 1].rstrip(" ,;:") + "…"


def _whole(page: Page) -> str:
    sites = _sites(page)
    headline = json_ld.string(page.article.get("headline"))[: 4 * MAX_TITLE]
    social = first(page.meta, ["og:title"])
    other = first(page.meta, _SOCIAL)
    window = _window(page.tree)
    heads = headings(page.tree)
    stated = [text for text in (headline, social, other, window) if text]
    shown = _shown(page.tree)
    bare = [
        stripped for text in stated if (stripped := without_site(text, sites, [*stated, *heads, *_long(shown, text)]))
    ]
    bare = [text for text in bare if not _is_site(text, sites)]
    for heading in heads:
        if not _is_site(heading, sites) and any(agree(heading, text) for text in stated):
            if any(squeezed(heading) == squeezed(text) for text in (headline, social, other)):
                return heading
            return _within(heading, bare) or heading
    if len(heads) == 1 and not _is_site(heads[0], sites) and len(heads[0].split()) > 2 and (not bare or not headline):
        return heads[0]
    best = max(bare, key=lambda text: sum(agree(text, each) for each in stated), default="")
    whole = next((text for text in bare if best.endswith(_CUT) and agree(best, text) and len(text) > len(best)), best)
    return _without_section(whole) or (heads[0] if heads else "")


def _within(heading: str, bare: Sequence[str]) -> str | None:
    """The title in a heading that has more (the name of a column, of a series), if two other sources agree on it."""
    whole, least = squeezed(heading), _MOST * len(squeezed(heading))
    inside = [text for text in bare if squeezed(text) in whole and least <= len(squeezed(text)) < len(whole)]
    return next((text for text in inside if sum(squeezed(text) == squeezed(each) for each in bare) > 1), None)


def headings(tree: _Element) -> list[str]:
    """The headings of the first level, those marked as headlines first, then those inside an article."""
    found: list[tuple[int, int, str]] = []
    for number, element in enumerate(tree.iter("h1")):
        text = _text(element)
        above = {ancestor.tag for ancestor in element.iterancestors()}
        if not text or above & _OUTSIDE or number > 50:
            continue
        marked = "headline" in (element.get("itemprop") or "") or "headline" in (element.get("class") or "").lower()
        found.append((0 if marked else 1 if above & {"article", "main"} else 2, number, text))
    return list(dict.fromkeys(text for _, _, text in sorted(found)))


def without_site(text: str, sites: Iterable[str], stated: Sequence[str]) -> str:
    """A title without the site's name before or after it, if that can be recognised.

    It can if the name is known, or if something else on the page is the title without it.
    """
    for _ in range(3):
        cuts = list(_SEPARATOR.finditer(text))[:20]
        ends = [(text[: cut.start()].strip(), text[cut.end() :].strip()) for cut in reversed(cuts)]
        starts = [(text[cut.end() :].strip(), text[: cut.start()].strip()) for cut in cuts]
        shorter = next((rest for rest, name in (*ends, *starts) if rest and _is_site(name, sites)), None)
        if shorter is None:
            shorter = next(
                (rest for rest, _ in (*ends, *starts) if any(fold(rest) == fold(each) for each in stated)), None
            )
        if shorter is None:
            break
        text = shorter
    return text


def _sites(page: Page) -> list[str]:
    """The names of the site, from its metadata and the words of its host."""
    names = [source(page), *(json_ld.string(thing.get("name")) for thing in page.things if _publishes(thing))]
    names += [handle.lstrip("@") for handle in page.meta.get("twitter:site", ())]
    host = re.match(r"https?://(?:www\d?\.)?([^/:]+)", page.url or "")
    if host:
        names += [host[1], *(label for label in host[1].split(".")[:-1] if len(label) > 2)]
    return [name for name in names if name]


def _publishes(thing: json_ld.Thing) -> bool:
    return str(thing.get("@type", "")).endswith(("Organization", "WebSite", "['Organization']"))


def _is_site(text: str, sites: Iterable[str]) -> bool:
    """True if a text is only the name of the site."""
    words = squeezed(text)
    if not words:
        return True
    rest = words
    for site in sites:
        name = squeezed(site)
        if len(words) > 3 and name.startswith(words):  # its first words
            return True
        if name and (name == f"the{words}" or (name in words and words.replace(name, "", 1) in _SITE_WORDS)):
            return True
        if "." in site and " " not in site and words == squeezed(site.rsplit(".", 1)[0]):
            return True
        if len(name) > 3:
            rest = rest.replace(name, "", 1)
    return rest in _SITE_WORDS  # the names of the site's sections, one after another


def _text(element: _Element) -> str:
    """The text of an element, with a space for a line break."""
    for line_end in element.iter("br"):
        line_end.tail = f" {line_end.tail or ''}"
    return plain("".join(islice(element.itertext(), _MAX_PARTS))[: 4 * MAX_TITLE])


def _shown(tree: _Element) -> list[str]:
    """The headlines that the page shows below the first level, or marks as such."""
    marked = (
        element
        for element in islice(tree.iter("h2", "div", "p", "span"), _MAX_ELEMENTS)
        if element.tag == "h2" or _HEADLINE.search(element.get("class") or "")
    )
    return [text for element in islice(marked, _MAX_SHOWN) if (text := _text(element)) and len(text) <= MAX_TITLE]


def _long(texts: Sequence[str], title: str) -> list[str]:
    """Those that are the larger part of a title, not the name of a section before it."""
    return [text for text in texts if 2 * len(squeezed(text)) >= len(squeezed(title))]


def _without_section(text: str) -> str:
    """A title without the trailing names of sections and sites, if that is all they can be."""
    first_part, bar, rest = text.partition(" | ")
    if not bar:
        first_part, bar, rest = text.partition("_") if _CJK.search(text) else (text, "", "")
    parts = re.split(r"[|_]", rest)
    if (
        bar
        and len(first_part) >= _MIN_TITLE
        and all(len(part.split()) <= 3 and len(part) < len(first_part) for part in parts)
    ):
        return first_part
    return text


def _window(tree: _Element) -> str:
    element = next(tree.iter("title"), None)
    return _text(element) if element is not None else ""
