"""The JSON-LD of a web page: blocks of schema.org data for search engines.

Publishers write it by hand and by template, so a block may be invalid; fields that can be recognised in an invalid one
are still used. A page may describe other articles too, such as those it links to: `of_page` is the one it is about.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import urlsplit

from lxml.etree import _Element

from indexer.readers.web.page.same_title import agree

Thing = Mapping[str, object]

MAX_BLOCK = 1_000_000
"""Characters of a block; a longer one describes more than an article."""
MAX_THINGS = 2_000
_ARTICLES = frozenset(
    (
        "article", "newsarticle", "reportagenewsarticle", "analysisnewsarticle", "askpublicnewsarticle", "report",
        "backgroundnewsarticle", "opinionnewsarticle", "reviewnewsarticle", "advertisercontentarticle",
        "satiricalarticle", "scholarlyarticle", "techarticle", "socialmediaposting", "blogposting", "liveblogposting",
        "discussionforumposting", "review", "criticreview", "recipe", "podcastepisode", "videoobject",
    )
)  # fmt: skip
_ASIDE = frozenset(("review", "recipe", "podcastepisode", "videoobject", "discussionforumposting"))
"""Types that accompany an article as often as they are one: used if there is no other."""
_PAGES = frozenset(("webpage", "itempage", "collectionpage", "aboutpage"))
_INSIDE = ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item", "hasPart", "about")
_FIELD = re.compile(
    r'"(headline|datePublished|dateCreated|articleSection|inLanguage|name)"\s*:\s*"((?:[^"\\\n]|\\.){1,1000})"'
)
_SURROGATE = re.compile("[\ud800-\udfff]")


def is_block(element: _Element) -> bool:
    """True if an element is a block of JSON-LD."""
    return element.tag == "script" and "ld+json" in (element.get("type") or "").lower()


def things(tree: _Element) -> list[Thing]:
    """The objects that a page's blocks describe, in order."""
    found: list[Thing] = []
    for script in tree.iter("script"):
        if is_block(script) and script.text and len(script.text) <= MAX_BLOCK and len(found) < MAX_THINGS:
            found += _block(script.text)
    return found[:MAX_THINGS]


def of_page(found: Sequence[Thing], url: str | None, titles: Sequence[str] = ()) -> Thing:
    """The article that a page is about; empty if it describes none.

    It is the one with the page's address, or else the one with its title, or else the first that contradicts neither. A
    list of other articles to read does not count.

    Args:
        titles: other possible titles of the page.
    """
    articles = [thing for thing in found if _kinds(thing) & _ARTICLES]
    own = [thing for thing in articles if url and any(_same_page(url, at) for at in _urls(thing))]
    titled = [thing for thing in articles if any(agree(string(thing.get("headline")), title) for title in titles)]
    others = [thing for thing in articles if not (url and any(_path(at) for at in _urls(thing)))]
    for among in (own, titled, others):
        proper = [thing for thing in among if not _kinds(thing) & _ASIDE]
        for thing in proper or among:
            if thing.get("headline") or thing.get("datePublished"):
                return thing
    return {}


def of_frame(found: Sequence[Thing]) -> Thing:
    """The page around the article, which may have its date; empty if it is not described."""
    return next((thing for thing in found if _kinds(thing) & _PAGES and thing.get("datePublished")), {})


def string(value: object) -> str:
    """A value that should be one string; "" if there is none. The first of a list, the name of an object."""
    for _ in range(4):
        if isinstance(value, list):
            value = value[0] if value else None
        elif isinstance(value, Mapping):
            value = value.get("name") or value.get("@value") or value.get("headline")
        else:
            break
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return plain(value) if isinstance(value, str) else ""


def strings(value: object) -> list[str]:
    """A value that may be a list of names, without duplicates."""
    values = value if isinstance(value, list) else [value]
    return list(dict.fromkeys(name for each in values[:100] if (name := string(each))))


def named(value: object, found: Sequence[Thing]) -> object:
    """A value in which a mere reference (`{"@id": …}`) is replaced by the thing referred to."""
    if isinstance(value, list):
        return [named(each, found) for each in value[:100]]
    if isinstance(value, Mapping) and "name" not in value and isinstance(value.get("@id"), str):
        return next((thing for thing in found if thing.get("@id") == value["@id"] and "name" in thing), value)
    return value


def plain(value: str) -> str:
    """A string without escaped markup and lone surrogates."""
    if "&" in value:
        value = html.unescape(html.unescape(value))
    if "<" in value:
        value = re.sub(r"</?[a-zA-Z][^<>]{0,300}>", "", value)
    if _SURROGATE.search(value):
        value = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\ufffd", "")
    return " ".join(value.split())


def _kinds(thing: Thing) -> frozenset[str]:
    kind = thing.get("@type")
    kinds = kind if isinstance(kind, list) else [kind]
    return frozenset(each.rsplit("/", 1)[-1].rsplit(":", 1)[-1].lower() for each in kinds if isinstance(each, str))


def _urls(thing: Thing) -> Iterator[str]:
    for name in ("url", "mainEntityOfPage", "@id"):
        value = thing.get(name)
        value = value.get("@id") or value.get("url") if isinstance(value, Mapping) else value
        if isinstance(value, str):
            yield value


def _same_page(one: str, other: str) -> bool:
    return bool(_path(one)) and _path(one) == _path(other)


def _path(url: str) -> str:
    try:
        return urlsplit(url).path.rstrip("/")
    except ValueError:  # e.g. an unclosed bracket in the host
        return ""


def _block(text: str) -> list[Thing]:
    for start, end in (("<!--", "-->"), ("//", ""), ("<![CDATA[", "]]>"), ("/*<![CDATA[*/", "/*]]>*/"), ("", "//")):
        text = text.strip().removeprefix(start).removesuffix(end)
    text = text.strip().rstrip(";")
    if text.startswith(("&quot;", "{&quot;", "[{&quot;")):
        text = html.unescape(text)
    for attempt in (text, re.sub(r",(\s*[}\]])", r"\1", text)):
        try:
            return list(_objects(json.loads(attempt, strict=False)))
        except (ValueError, RecursionError):
            continue
    return _pieces(text)


def _objects(value: object) -> Iterator[Thing]:
    """The things in a block, outer ones first."""
    waiting = [value]
    for _ in range(MAX_THINGS):
        if not waiting:
            return
        value = waiting.pop(0)
        if isinstance(value, list):
            waiting[:0] = value[:MAX_THINGS]
        elif isinstance(value, dict):
            yield value
            waiting += [value[name] for name in _INSIDE if isinstance(value.get(name), dict | list)]


def _pieces(text: str) -> list[Thing]:
    """The fields that can be read in a block that is not valid JSON, if it describes an article."""
    if not any(f'"{kind}"' in text.lower() for kind in _ARTICLES - _ASIDE):
        return []
    found: dict[str, object] = {}
    for match in _FIELD.finditer(text):
        if match[1] == "name":
            before = text[max(0, match.start() - 200) : match.start()]
            owner = max(("author", "publisher"), key=lambda name: before.rfind(f'"{name}"'))
            if f'"{owner}"' in before:
                found.setdefault(owner, {"name": _unescaped(match[2])})
        else:
            found.setdefault(match[1], _unescaped(match[2]))
    return [{"@type": "Article", **found}] if found else []


def _unescaped(text: str) -> str:
    try:
        value = json.loads(f'"{text}"', strict=False)
    except ValueError:
        return text
    return value if isinstance(value, str) else text
