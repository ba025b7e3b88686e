"""Templates: the only place where text becomes markup; always escaped.

A page has more than a thousand values, most of them numbers, or words without a sign that markup needs. These are
written as they are, which takes a fifth of the time of making each of them `Markup`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any
from urllib.parse import quote

from falcon import Request, Response
from jinja2 import Environment, PackageLoader, StrictUndefined, nodes, select_autoescape
from markupsafe import Markup, escape

from search.authority import KINDS
from search.query import Query
from service import chart, session
from service.directions import TURNING, isolated, isolated_text
from service.feed import is_web_url
from service.page.mending import READ, Unread

_has_sign = re.compile("[&<>\"']").search
"""If there is something to escape."""


def escaped(value: object) -> str:
    """What stands in a page for a value: its text, escaped unless it is `Markup`."""
    kind = type(value)
    if kind is int or kind is float:
        return str(value)
    if type(value) is not str:
        return escape(value)
    if _has_sign(value):
        value = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return value.replace("'", "&#39;").replace('"', "&#34;")
    return value


class _Templates(Environment):
    """Templates that write their values by `escaped`."""

    def _generate(self, source: nodes.Template, *names: Any, **more: Any) -> str:
        """The program of a template; Jinja calls it. Its first line imports what the rest calls `escape`."""
        imports, rest = super()._generate(source, *names, **more).split("\n", 1)
        assert "escape" in imports
        return f"{imports}; from {__name__} import escaped as escape\n{rest}"


_templates = _Templates(
    loader=PackageLoader("service"),
    autoescape=select_autoescape(default=True),
    undefined=StrictUndefined,
    auto_reload=False,
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


PAGE_LANGUAGE = "en"
"""The language of what a page says itself."""


def spoken(language: str | None, text: object) -> str:
    """The attributes of an element with text of an article, a string or pieces: its language, if it is not the page's,
    and its direction, if it may be from right to left.
    """
    parts = [] if not language or language.partition("-")[0] == PAGE_LANGUAGE else [f'lang="{escaped(language)}"']
    if isinstance(text, str) or not isinstance(text, Iterable):
        text = (text,)
    if any(TURNING.search(getattr(piece, "text", None) or str(piece or "")) for piece in text):
        parts.append('dir="auto"')
    return Markup("".join(f" {part}" for part in parts))


def titled(title: str, language: str | None) -> str:
    """The title of an article within other text, with its language and its direction."""
    attributes = spoken(language, "")
    return Markup("<bdi{}>{}</bdi>").format(attributes, title) if attributes else isolated(title)


def bars(drawn: Iterable[chart.Bar], query: Query) -> Markup:
    """The bars of a timeline, which may be hundreds, as SVG."""
    parts = []
    for bar in drawn:
        if bar.count:
            of = f" of {bar.of:,}, {chart.percent(bar.share)}" if bar.of else ""
            kind = ' class="part"' if bar.part else "" if bar.chosen else ' class="out"'
            parts.append(
                f'<a href="{escaped(bar.url)}" tabindex="-1">'
                f"<title>{escaped(bar.label)}: {stories(bar.count, query)}{of}</title>"
                f'<rect x="{bar.x}"/><rect{kind} x="{bar.x}" '
                f'y="{bar.y:g}" height="{bar.height:g}"/></a>'
            )
    return Markup("".join(parts))


def rows(drawn: Iterable[chart.Bar]) -> Markup:
    """The same as rows of a table, without the end tags that HTML lets a page omit."""
    parts = []
    for bar in drawn:
        if bar.count:
            of = "" if bar.of is None else f"<td>{bar.of:,}<td>{chart.percent(bar.share)}"
            parts.append(f'<tr><th><a href="{escaped(bar.url)}">{escaped(bar.label)}</a><td>{bar.count:,}{of}')
    return Markup("".join(parts))


_templates.filters["isolated"] = isolated
_templates.filters["isolated_text"] = isolated_text
_templates.filters["spoken"] = spoken
_templates.filters["titled"] = titled
_templates.filters["is_web_url"] = is_web_url
_templates.filters["bars"] = bars
_templates.filters["rows"] = rows
_templates.globals["names_of"] = KINDS
_templates.filters["counted"] = counted
_templates.filters["stories"] = stories


def _address(req: Request) -> str:
    """The URL of a request, with the public URL if there is one, to be typed again from a print."""
    query = f"?{req.query_string}" if req.query_string else ""
    return f"{req.context.get('base') or req.prefix}{quote(req.path, safe='/:@,')}{query}"


def html(req: Request, resp: Response, template: str, unread: Unread = READ, **values: object) -> None:
    """Answer with a page, whose template has these values and those of every page.

    Those are `root`, the path at which this service is mounted; `session`, of who has signed in, or None; `editor`, the
    same of somebody who may edit; `identified`, whether it is known who has signed in; `unread`, what could not be read
    of the request, which decides the status; and `address` and `today` for prints.
    """
    common = {
        "root": req.root_path,
        "unread": unread,
        "address": _address(req),
        "today": chart.in_words(date.today().isoformat()),
        "session": req.context.get("session"),
        "editor": session.of_editor(req),
        "identified": "session" in req.context,
    }
    resp.content_type = "text/html; charset=utf-8"
    if unread:
        resp.status = unread.status.value
    resp.text = _templates.get_template(template).render(values, **common)
