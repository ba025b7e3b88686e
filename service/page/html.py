"""Templates: the only place where text becomes markup; always escaped."""

from __future__ import annotations

from falcon import Request, Response
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

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


_templates.filters["counted"] = counted
_templates.filters["stories"] = stories


def html(req: Request, resp: Response, template: str, **values: object) -> None:
    """Answer with a page, whose template has these values and `root`, the path at which this service is mounted."""
    resp.content_type = "text/html; charset=utf-8"
    resp.text = _templates.get_template(template).render(values, root=req.root_path)
