"""Templates: the only place where text becomes markup; always escaped."""

from __future__ import annotations

import re

from falcon import Request, Response
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from search.query import Query
from service import chart

_templates = Environment(
    loader=PackageLoader("service"),
    autoescape=select_autoescape(default=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters["in_words"] = chart.in_words
_templates.filters["percent"] = chart.percent
_templates.filters["thousands"] = "{:,}".format


def counted(number: int, noun: str, many: str | None = None) -> str:
    """A number of things in words: `1 article`, `1,234 articles`."""
    return f"{number:,} {noun if number == 1 else many or noun + 's'}"


def stories(number: int, query: Query) -> str:
    """The number of things that a query counts: articles, or stories if they are grouped."""
    return counted(number, "story", "stories") if query.group else counted(number, "article")


def isolated(text: str) -> str:
    """A name as markup; if it may be written from right to left, in a `bdi`, so that what follows keeps its place."""
    return Markup("<bdi>{}</bdi>").format(text) if _TURNING.search(text) else text


def isolated_text(text: str) -> str:
    """The same as plain text, for attributes and titles, by the isolates of Unicode."""
    return f"{_FIRST_STRONG_ISOLATE}{text}{_POP_ISOLATE}" if _TURNING.search(text) else text


_TURNING = re.compile(
    "[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
"""Letters that are written from right to left, and signs that change the direction."""
_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"

_templates.filters["isolated"] = isolated
_templates.filters["isolated_text"] = isolated_text
_templates.filters["counted"] = counted
_templates.filters["stories"] = stories


def html(req: Request, resp: Response, template: str, **values: object) -> None:
    """Answer with a page, whose template has these values and `root`, the path at which this service is mounted."""
    resp.content_type = "text/html; charset=utf-8"
    resp.text = _templates.get_template(template).render(values, root=req.root_path)
