"""Templates: the only place where text becomes markup; always escaped."""

from __future__ import annotations

from falcon import Request, Response
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

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


def html(req: Request, resp: Response, template: str, **values: object) -> None:
    """Answer with a page, whose template has these values and `root`, the path at which this service is mounted."""
    resp.content_type = "text/html; charset=utf-8"
    resp.text = _templates.get_template(template).render(values, root=req.root_path)
