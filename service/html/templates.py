"""Templates: the only place where text becomes markup; always escaped.

Rows of which a page has hundreds, such as bars of a timeline, are written here (`bars`, `rows`, `narrowing`), with
their texts escaped many at a time: a page with a timeline takes a tenth less than if each were made `Markup`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from functools import cache, partial
from http import HTTPStatus
from importlib.resources import files
from itertools import takewhile
from urllib.parse import quote

from falcon import Request, Response
from jinja2 import Environment, FunctionLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from search.names.authority import KINDS
from search.said import Said
from search.text.tokens import as_typed
from search.values.query import Query
from service import params, seeing
from service.formats import author_names, chart
from service.formats.feed import is_web_url
from service.html import code, sending
from service.html.marking import Piece
from service.html.mending import Unread, unknown
from service.html.translating import FORM, Translation
from service.http import session
from service.wording import labels
from service.wording.directions import isolated, isolated_text, turns
from service.wording.messages import counted, current, gettext, mark, words

_has_sign = re.compile("[&<>\"']").search
"""If there is something to escape."""


def escaped(value: object) -> str:
    """How a value appears in a page: its text, escaped unless it is `Markup`."""
    kind = type(value)
    if kind is int or kind is float:
        return str(value)
    if type(value) is not str:
        return escape(value)
    if _has_sign(value):
        value = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return value.replace("'", "&#39;").replace('"', "&#34;")
    return value


_BETWEEN = "\0"
"""What no text has, as a rule."""


def _each(texts: Sequence[str]) -> Sequence[str]:
    """`escaped` of each of some texts, in one step for all of them."""
    together = _BETWEEN.join(texts)
    if not _has_sign(together):
        return texts
    if together.count(_BETWEEN) >= len(texts):
        return [escaped(text) for text in texts]
    return escaped(together).split(_BETWEEN)


SCRIPTS = (
    mark("Copy"), mark("Copy {what}"), mark("{what} copied."), mark("{what} is selected: copy it with your keyboard."),
    mark("not {type}"), mark("everything"), mark("person"), mark("country"), mark("topic"), mark("source"),
    mark("author"), mark("section"), mark("language"),
)  # fmt: skip
"""The messages of scripts; those of a template's language are in the page."""


_SOURCES = {file.name: (file.read_text("utf-8"), str(file)) for file in (files("service") / "templates").iterdir()}
"""Name of a template → its text and its file. All are read at once: those of another version may be installed later."""


def _source(name: str) -> tuple[str, str, None] | None:
    """The text of a template, and its file for tracebacks; None if there is none of this name."""
    found = _SOURCES.get(name)
    return (*found, None) if found is not None else None


@cache
def _templates(language: str) -> Environment:
    """The templates in a language; each is compiled at its first use."""
    known = words(language)
    made = Environment(
        loader=FunctionLoader(_source),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=[Translation],
    )
    made.extend(known=known)
    made.policies["ext.i18n.trimmed"] = True
    made.filters |= _FILTERS | {"in_words": known.in_words, "percent": known.percent, "thousands": known.thousands}
    made.globals |= {"names_of": KINDS, "words": known, FORM: known.plural}
    made.globals["script_words"] = json.dumps({text: known.gettext(text) for text in SCRIPTS}, ensure_ascii=False)
    made.globals |= {"_": known.gettext, "pgettext": known.pgettext}
    return made


def articles(number: int) -> str:
    """A number of articles: `1 article`, `1,234 articles`."""
    return counted("{count} article", "{count} articles", number)


def stories(number: int, query: Query) -> str:
    """The number of things that a query counts: articles, or stories if they are grouped."""
    return counted("{count} story", "{count} stories", number) if query.group else articles(number)


def spoken(language: str | None, text: object) -> str:
    """The attributes of an element with text of an article, a string or pieces: its language, if it is not the page's,
    and its direction, if it may be from right to left.
    """
    parts = (
        []
        if not language or language.partition("-")[0] == current().language.partition("-")[0]
        else [f'lang="{escaped(language)}"']
    )
    if isinstance(text, str) or not isinstance(text, Iterable):
        text = (text,)
    if any(turns(getattr(piece, "text", None) or str(piece or "")) for piece in text):
        parts.append('dir="auto"')
    return Markup("".join(f" {part}" for part in parts))


def titled(title: str, language: str | None) -> str:
    """The title of an article within other text, with its language and its direction."""
    attributes = spoken(language, "")
    return Markup("<bdi{}>{}</bdi>").format(attributes, title) if attributes else isolated(title)


def said(sentence: str) -> str:
    """A sentence of the program, also one stored as text, in the language of the page, or marked as English."""
    return current().said(sentence) if isinstance(sentence, Said) else named(labels.stored(sentence))


def marked(pieces: Iterable[Piece]) -> Markup:
    """A text in pieces, with what matches the query and what is evidence marked."""
    parts = []
    for text, hit, kind, number in pieces:
        shown = f"<mark>{escaped(text)}</mark>" if hit else escaped(text)
        if kind and number:
            about = escaped(gettext("Why? Evidence {number}").format(number=number))
            reference = f'<a class="ref" href="#why-{number}" aria-label="{about}">{number}</a>'
            parts.append(f'<span class="ev {kind}" id="at-{number}">{shown}{reference}</span>')
        else:
            parts.append(f'<span class="ev {kind}">{shown}</span>' if kind else shown)
    return Markup("".join(parts))


NEAR, FAR = 40, 150
"""Characters before the first match of an excerpt that a narrow page has room for, and that any has."""


def led(pieces: Iterable[Piece]) -> Markup:
    """An excerpt as `marked`, without what a page has no room for before its first match."""
    rest = list(pieces)
    before = "".join(piece.text for piece in takewhile(lambda piece: not piece.hit, rest))
    cut = before.find(" ", len(before) - NEAR) + 1 if NEAR < len(before) < sum(len(one.text) for one in rest) else 0
    early = []
    while cut > 0:
        piece = rest.pop(0)
        early.append(piece if len(piece.text) <= cut else piece._replace(text=piece.text[:cut], number=None))
        if len(piece.text) > cut:
            rest.insert(0, piece._replace(text=piece.text[cut:]))
        cut -= len(piece.text)
    if not early:
        return marked(rest)
    if len(before) > FAR:
        return Markup("… ") + marked(rest)
    return Markup('<span class="early"><span>{}</span></span>{}').format(marked(early), marked(rest))


_ENGLISH = Markup('<span lang="en">{}</span>')


def named(text: str) -> str:
    """A name as markup: `isolated`, and marked if it is English on a page in another language."""
    return _ENGLISH.format(text) if isinstance(text, labels.InEnglish) else isolated(text)


def bars(drawn: Iterable[chart.Bar], query: Query) -> Markup:
    """The bars of a timeline, which may be hundreds, as SVG."""
    parts, counted = [], cache(partial(stories, query=query))
    for bar, url, label in _shown(drawn):
        said = _of_whole(counted(bar.count), bar) if bar.of else counted(bar.count)
        if bar.legible is not None:
            said = f"{said} · {_legible(bar)}"
        kind = ' class="part"' if bar.part else "" if bar.chosen else ' class="out"'
        parts.append(
            f'<a href="{url}" tabindex="-1">'
            f"<title>{label}: {said}</title>"
            f'<rect x="{bar.x}"/><rect{kind} x="{bar.x}" '
            f'y="{chart.HEIGHT - bar.height:g}" height="{bar.height:g}"/></a>'
        )
    return Markup("".join(parts))


def _shown(drawn: Iterable[chart.Bar]) -> Iterator[tuple[chart.Bar, str, str]]:
    """The bars that are not empty, each with its URL and its label, escaped."""
    bars = [bar for bar in drawn if bar.count]
    return zip(bars, _each([bar.url for bar in bars]), _each([bar.label for bar in bars]), strict=True)


def _legible(bar: chart.Bar) -> str:
    """The legible articles of a bar, in words."""
    assert bar.legible is not None
    count = current().thousands(bar.legible.count)
    if bar.of is None:
        return gettext("legible: {count}").format(count=count)
    whole = {"of": current().thousands(bar.legible.of), "share": chart.percent(bar.legible.share)}
    return gettext("legible: {count} of {of}, {share}").format(count=count, **whole)


def _of_whole(said: str, bar: chart.Bar) -> str:
    """A bar that is a share of others, in words."""
    whole = {"of": current().thousands(bar.of or 0), "share": chart.percent(bar.share)}
    return gettext("{count} of {of}, {share}").format(count=said, **whole)


def rows(drawn: Iterable[chart.Bar]) -> Markup:
    """The same as rows of a table, without the end tags that HTML lets a page omit."""
    parts, thousands = [], current().thousands
    for bar, url, label in _shown(drawn):
        of = "" if bar.of is None else f"<td>{thousands(bar.of)}<td>{chart.percent(bar.share)}"
        if (among := bar.legible) is not None:
            of += f"<td>{thousands(among.count)}"
            of += "" if bar.of is None else f"<td>{thousands(among.of)}<td>{chart.percent(among.share)}"
        parts.append(f'<tr><th><a href="{url}">{label}</a><td>{thousands(bar.count)}{of}')
    return Markup("".join(parts))


def narrowing(names: Iterable[tuple[str, str, str, str | None]]) -> Markup:
    """The names of a hit as links to the articles that have them, with a button for those that have not.

    Args:
        names: of each its label, its URL, its field, and the value that the button leaves out; None for no button.
    """
    shown = list(names)
    titles = [isolated_text(label) for label, *_ in shown]
    only, without = gettext("Only articles with {name}").format, gettext("exclude {name}").format
    urls = _each([url for _, url, _, _ in shown])
    abouts = _each([only(name=title) for title in titles])
    others = _each([other or "" for *_, other in shown])
    buttons = _each([without(name=title) for title in titles])
    parts = []
    for (label, _, field, has), url, about, other, button in zip(shown, urls, abouts, others, buttons, strict=True):
        excluding = (
            ""
            if has is None
            else f'<button tabindex="-1" name="{field}.not" value="{other}" aria-label="{button}">−</button>'
        )
        parts.append(f'<span><a href="{url}" title="{about}">{escaped(named(label))}</a>{excluding}</span> ')
    return Markup("".join(parts))


_FILTERS = {
    "as_typed": as_typed,
    "byline": author_names.by,
    "led": led,
    "marked": marked,
    "narrowing": narrowing,
    "isolated": named,
    "isolated_text": isolated_text,
    "spoken": spoken,
    "titled": titled,
    "is_web_url": is_web_url,
    "bars": bars,
    "rows": rows,
    "articles": articles,
    "interval": labels.interval,
    "within": labels.within,
    "interval_head": labels.interval_head,
    "said": said,
    "advanced": lambda query: params.url("/advanced", params.first_page(query)),
    "stories": stories,
}


def _address(req: Request) -> str:
    """The URL of a request, with the public URL if there is one, to be typed again from a print."""
    query = f"?{req.query_string}" if req.query_string else ""
    return f"{req.context.get('base') or req.prefix}{quote(req.path, safe='/:@,')}{query}"


def _code(req: Request, api: object) -> list[code.Code]:
    if not isinstance(api, str):
        return []
    return code.code(api.removeprefix(req.root_path), str(req.context.get("base") or req.prefix))


def html(
    req: Request,
    resp: Response,
    template: str,
    unread: Unread | None = None,
    takes: Collection[str] = (),
    **values: object,
) -> None:
    """Answer with a page, whose template has these values and those of every page.

    Those are `root`, the path at which this service is mounted; `session`, of who has signed in, or None; `editor`, the
    same of somebody who may edit; `has_limits`, whether what he may see has limits; `identified`, whether it is known
    who has signed in; `unread`, what could not be read of the request, which decides the status; `done` and `refused`,
    what became of a form (`sending`); `page_path`, the page; `code`, its question as code, if `api` is the
    address that asks it; and `address` and `today` for prints.

    Args:
        unread: as `mending.readable` returns it; without it, the page tells the parameters of its URL that it does not
            know.
        takes: the names of those that it knows.
    """
    if unread is None:
        unread = unknown(params.split(req.query_string), takes)
    common = {
        "root": req.root_path,
        "unread": unread,
        "address": _address(req),
        "page_path": req.path,
        "today": chart.in_words(date.today().isoformat()),
        "session": req.context.get("session"),
        "editor": session.of_editor(req),
        "has_limits": seeing.has_limits(),
        "identified": "session" in req.context,
        "done": sending.done(req, resp),
        "refused": req.context.get("refused"),
        "code": _code(req, values.get("api")),
    }
    resp.content_type = "text/html; charset=utf-8"
    if unread.status != HTTPStatus.OK:
        resp.status = unread.status.value
    resp.text = _templates(current().language).get_template(template).render(values, **common)
