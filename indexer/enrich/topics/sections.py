"""Topics stated by an article's section or URL: `Business`, `/sport/football/2019/`.

The names of sections in the main languages are in `sections.tsv`. A name counts if all of its words are known
there, as a topic or as words without one (`Business news`), so that the words of a headline in a URL do not. The words
of the article are not read, so this applies to every language. Not for sections that are about places (`World`) or that
are a form (`Opinion`).

Cost: a few microseconds an article; sections and directories recur and are cached.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from itertools import islice

from search.text import tables
from search.text.tokens import fold
from search.values.article import Article, Evidence

SECTION, URL = 0.9, 0.8
"""How often an article is about the topic of its section, and about that of a directory of its URL."""

DIVIDED = 0.5
"""The factor if a section names two topics (`Science & Environment`): the text decides between them."""

LONGEST = 80
"""The number of characters of a name; a longer one is not a section."""

_PARTS = 8
"""The number of parts of a section or URL that are read."""

_WORDS = 4
"""The number of words of the longest name in the table."""

_BETWEEN = re.compile(r"[\s!-/:-@\[-`{-~·•»–—’“”„]+")
_ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.-]{0,20}:)?//([^/?#]{1,255})([^?#]{0,500})", re.IGNORECASE)


def find(article: Article) -> list[Evidence]:
    """Evidence for each topic that the section states; if it states none, for those of the URL."""
    for listed, rule, confidence in ((_section(article), "section", SECTION), (_url(article), "url", URL)):
        for name in listed:
            codes = topics_of(name) if len(name) <= LONGEST else ()
            if 0 < len(codes) <= 2:
                sure = confidence if len(codes) == 1 else confidence * DIVIDED
                return [Evidence(code, None, None, name, rule, sure) for code in codes]
    return []


@lru_cache(maxsize=1 << 14)
def topics_of(name: str) -> tuple[str, ...]:
    """The codes of the topics that a section's name states, in its order; none if a word of it is unknown.

    Args:
        name: at most `LONGEST` characters.
    """
    words = _BETWEEN.sub(" ", fold(name)).split()
    found: dict[str, None] = {}
    at = 0
    while at < len(words):
        for length in range(min(_WORDS, len(words) - at), 0, -1):
            code = names().get(" ".join(words[at : at + length]))
            if code is not None:
                break
        else:
            return ()
        if code:
            found[code] = None
        at += length
    return tuple(found)


def _section(article: Article) -> Iterator[str]:
    """The section, then its parts: `News > Sport`."""
    section = (article.section or "")[: 4 * LONGEST]
    yield section
    parts = re.split(r"[>/|:;»]", section)[:_PARTS]
    yield from (part.strip() for part in parts if part != section)


def _url(article: Article) -> Iterator[str]:
    """The directories of the URL, a last part with a number (`business-123`), then the first label of its host."""
    match = _ADDRESS.match(article.url or "")
    if match is None:
        return
    *directories, last = match[2].rstrip("/").split("/")
    yield from islice(filter(None, directories), _PARTS)
    numbered = re.fullmatch(r"(\D{2,60})[-_]\d+", last)
    if numbered:
        yield numbered[1]
    host = match[1].split(".")
    if len(host) > 2:
        yield host[0]


@cache
def names() -> Mapping[str, str]:
    """Name of a section, its words folded → code of its topic, or "" if it has none."""
    codes = {}
    for row in tables.rows("indexer.enrich", "data", "sections.tsv"):
        for name in row["names"].split("|"):
            codes[" ".join(_BETWEEN.sub(" ", fold(name)).split())] = row["code"].replace("-", "")
    return codes
