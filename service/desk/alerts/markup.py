"""Messages as HTML: their templates, which escape every value."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from service.desk.alerts.message import Message
from service.wording.directions import isolated

_templates = Environment(
    loader=PackageLoader("service"),
    autoescape=select_autoescape(default=True),
    undefined=StrictUndefined,
    auto_reload=False,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters["isolated"] = isolated


def as_page(message: Message) -> str:
    """A message as a page of its own."""
    return _templates.get_template("alert_message.html").render(message=message)


def as_part(message: Message) -> str:
    """The same as a part of a page."""
    return _templates.get_template("alert_told.html").render(message=message)
