"""The lines of a web page in order: those around its heading, and those with a date of publication.

The heading is the one that is the title of the article, at any level; many sites use the first level for their own
name. Lines next to it belong to the article, lines further away may belong to another one. Cost: one walk over the
elements of the body, and one pass over the few lines with digits.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from lxml.etree import XPath, _Element

from indexer.dates import labels
from indexer.readers.web.page.same_title import squeezed

PLACED = frozenset(("nav", "footer", "aside", "form", "script", "style", "noscript"))
"""Elements whose text is not of the article."""
_OUTSIDE = PLACED - {"form"}
"""Elements without the article's heading; a form may be the whole page."""
BEFORE, AFTER = 8, 24
"""Lines around the heading that are examined."""
ADJACENT = 4
"""Lines from the heading, up or down, that can only be about it."""
MAX_LINE = 100
_MAX_NAMED = 60
"""Characters of a line within which such a word must be."""
MAX_BARE = 60
"""Characters of a line not marked as having a date; a longer one, or one with a full stop, is a sentence."""

_MARKED = re.compile(
    r"(?:^|[\s_-])(?:date|datum|dateline|pubdate|published|publish|posted|timestamp|datetime|time|entry-date|fecha|data"
    r"|meta|postmetadata|byline|info|infoline)(?=$|[\s_-])|publish|pubdate|date|post-?meta|entry-?meta|byline|timestamp",
    re.IGNORECASE,
)
_OF_SITE = re.compile(
    r"today|current-?date|masthead|weather|top-?bar|top-?links|nav-?bar|site-?header|box_date_header", re.IGNORECASE
)
_OF_OTHERS = re.compile(
    r"teaser|related|sidebar|comment|widget|recommend|popular|most-?read|latest|ticker|more-?news", re.IGNORECASE
)
_BEGINS = re.compile(
    r"\W*(?:(?:on|at|am|vom|le|il|el|em|op|den|der|om|på|dnia|dne)\W+)?(?:[^\W\d]{2,14}[.,]*\W+)?"
    r"(?:\d|[^\W\d]{3,12}\.? \d)"
)
"""The beginning of a date after such a word, perhaps with the day of the week."""
_ABOUT = re.compile(
    r"post-?meta|entry-?meta|article-?meta|post-?info|article-?info|byline|(?:^|[\s_-])(?:date|datum|published|pubdate|timestamp)"
    r"(?=$|[\s_-])",
    re.IGNORECASE,
)
"""Classes of elements with the author and the date of an article."""
_MAX_ALONE = 45
_PARTS = re.compile(r"\s*[|•·]\s*")
"""Separators between the date of publication and that of a change."""
_HEADINGS = ("h1", "h2", "h3", "h4")
_MAX_HEADINGS = 400
_MAX_TITLE = 300
_LEAST = 12
"""Letters that a title must have to be looked for in a longer heading."""
_SENTENCE_ENDS = (".", "!", "?", ":", ",")
_PIECE = 400
_TEXTS = XPath(".//text()[normalize-space()]")
_NAMED_ELEMENTS = XPath(
    ".//*[self::p or self::div or self::span or self::small or self::ul or self::td][@class or @id]"
)
_DIGIT = re.compile(r"\d")
_MOST_KINDS = 4096
"""Names of elements that are remembered: those of a page, and of its site, are few."""

Lines = list[tuple[_Element, str]]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page.

    Attributes:
        text: with single spaces.
        element: that it is in.
        adjacent: True if it is within a few lines of the heading.
        below: True if it comes after the heading.
        marked: True if its element is marked as having a date.
        foreign: True if it is in the head of the site, or among other articles.
    """

    text: str
    element: _Element
    adjacent: bool
    below: bool
    marked: bool
    foreign: bool


def heading(tree: _Element, title: str) -> _Element | None:
    """The element that shows the title, or else the first heading of the first level."""
    wanted = squeezed(title[:_MAX_TITLE])
    first = None
    for element in islice(tree.iter(*_HEADINGS), _MAX_HEADINGS):
        if {above.tag for above in element.iterancestors()} & _OUTSIDE:
            continue
        shown = squeezed(" ".join(islice(element.itertext(), 40))[: 4 * _MAX_TITLE])
        if wanted and (shown == wanted or (len(wanted) >= _LEAST and wanted in shown)):
            return element
        if first is None and element.tag == "h1":
            first = element
    return first


def lines(tree: _Element) -> Lines:
    """The texts of the page in order, with the element that each is in."""
    found: Lines = []
    for said in _TEXTS(next(tree.iter("body"), tree)):
        element = said.getparent()
        if said.is_tail:
            element = element.getparent()
        if element.tag not in PLACED:
            found.append((element, " ".join(said[:_PIECE].split())))
    return found


def around(found: Lines, head: _Element | None) -> list[Line]:
    """The lines around the heading, those below it first; the first lines of a page without a heading."""
    inside = set(head.iter()) if head is not None else set()
    within = [n for n, (element, _) in enumerate(found) if element in inside]
    first, last = (within[0], within[-1]) if within else (0, -1)
    below = [_line(found[n], n - last <= ADJACENT, True) for n in range(last + 1, min(last + 1 + AFTER, len(found)))]
    above = [_line(found[n], first - n <= ADJACENT, False) for n in range(first - 1, max(-1, first - 1 - BEFORE), -1)]
    return [*_inside(found, within), *below, *above]


def _inside(found: Lines, within: Sequence[int]) -> list[Line]:
    """The lines of the heading itself, which may have one for the date."""
    return [_line(found[n], True, True) for n in within] if len(within) > 1 else []


def _line(found: tuple[_Element, str], adjacent: bool, below: bool) -> Line:
    element, text = found
    chain = [element, *islice(element.iterancestors(), 6)]
    marked = any(_is_marked(kind(each)) for each in chain[:3])
    foreign = _is_foreign(element) or (not below and _is_of_site(element))
    return Line(text, element, adjacent, below, marked, foreign)


def _is_foreign(element: _Element) -> bool:
    """True if it is among other articles or readers' comments."""
    return any(_is_of_others(kind(each)) for each in (element, *islice(element.iterancestors(), 5)))


@lru_cache(_MOST_KINDS)
def _is_marked(names: str) -> bool:
    return _MARKED.search(names) is not None


@lru_cache(_MOST_KINDS)
def _is_of_others(names: str) -> bool:
    return _OF_OTHERS.search(names) is not None


def pieces(line: Line) -> list[str]:
    """The parts of a line that may be only a date."""
    return [
        part
        for part in _PARTS.split(line.text)
        if len(part) <= MAX_LINE and (line.marked or (len(part) <= MAX_BARE and not part.endswith(_SENTENCE_ENDS)))
    ]


def is_changed(line: Line, piece: str) -> bool:
    """True if a date is that of a change, by its line or by the class or id of its element."""
    return labels.CHANGED.search(f"{kind(line.element)} {piece}".lower()) is not None


def named(found: Lines) -> list[str]:
    """The texts after a word that introduces the date of publication, in its line or in the next."""
    values: list[str] = []
    for number, (element, text) in enumerate(found):
        following = found[number + 1][1] if number + 1 < len(found) else ""
        if not _DIGIT.search(text, 0, 2 * MAX_LINE) and (
            len(text) > _MAX_NAMED or not _DIGIT.search(following, 0, MAX_LINE)
        ):
            continue
        if (match := labels.PUBLISHED.search(text[:_MAX_NAMED])) is None:
            continue
        rest = text[match.end() :]
        if len(rest) <= 3:
            rest = following
        if _BEGINS.match(rest) and not _is_foreign(element):
            values.append(rest[:MAX_LINE])
    return values


def blocks(tree: _Element) -> list[str]:
    """The texts of the small elements whose class shows that they are about the article, such as its date."""
    found: list[str] = []
    for element in _NAMED_ELEMENTS(tree):
        if not len(element) or not _ABOUT.search(kind(element)) or _is_foreign(element):
            continue
        text = " ".join(" ".join(islice(element.itertext(), 20)).split())
        if text and len(text) <= 4 * MAX_LINE:
            found.append(text)
    return found


def bare(found: Lines) -> list[str]:
    """The lines that may be only a date, anywhere except among other articles."""
    return [
        text
        for element, text in found
        if len(text) <= _MAX_ALONE
        and _DIGIT.search(text)
        and text[:1] not in "("
        and text[-1:] not in ")"
        and _BEGINS.match(text)
        and not _is_foreign(element)
        and not _is_of_site(element)
    ]


def _is_of_site(element: _Element) -> bool:
    """True if it is in the head of the site, not of the article."""
    chain = [element, *element.iterancestors()]
    tags = {each.tag for each in chain}
    return (
        ("header" in tags and not tags & {"article", "main"})
        or any(_OF_SITE.search(kind(each)) for each in chain[:3])
        or bool(tags & PLACED - {"form"})
    )


def kind(element: _Element) -> str:
    """The names of an element: its classes, its id, its microdata property."""
    return f"{element.get('class') or ''} {element.get('id') or ''} {element.get('itemprop') or ''}"
