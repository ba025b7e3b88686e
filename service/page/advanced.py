"""`GET /advanced`: a search in the fields of a form. Sent, they become a query line, whose result is the answer.

The filters of the search it was opened from stay as they are; `match` is a field, and a parameter as before. Dates go
where they came from: into the line if it had them, or else into the range of the search, which the timeline shows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from falcon import HTTP_303, Request, Response

from search.engine import Engine
from search.errors import BadQuery, BadValue
from search.syntax import Parsed, askable, forgiving, form, parse, spelled
from search.syntax.nodes import MAX_DISTANCE
from search.text.numbers import whole_number
from search.values.bad_values import MAX_TEXT
from search.values.query import Listing, Query
from search.values.results import ValueFacet
from service import params
from service.html import view
from service.html.mending import READ, Unread, readable
from service.html.parts.chips import chips
from service.html.parts.partly import IN_WORDS
from service.html.templates import html
from service.html.view import PageState
from service.http import problems
from service.params.parameter import Pairs
from service.resource import Resource
from service.wording.messages import gettext, ngettext

T = TypeVar("T")
FIELDS = ("words", "phrase", "any", "none", "title", "near", "within", "misread", "by", "in", "from", "to", "and")
"""The fields. `by` and `in` are an author and a source: those names are filters, which stay. `misread` is "true" for a
line that forgives what scanners misread."""
OWN = (*FIELDS, "was", "line", "write")
"""The parameters of the form: `was` is the line it was opened with, `line` says that its dates are from there."""
OFFERED = 100
"""The authors and sources that are offered, the most frequent first."""
DISTANCES = (0, 1, 2, 5, 10, 25, 50, 100)


@dataclass(frozen=True, slots=True)
class Typed:
    """The form as it was typed: the text of each field, and where its dates go."""

    text: Mapping[str, str]
    in_line: bool = False


class AdvancedPage(Resource):
    """`GET /advanced`: the form, or if it was sent, on to the result."""

    def on_get(self, req: Request, resp: Response) -> None:
        """Show the form of a search, or answer it when it is sent."""
        pairs = params.split(req.query_string)
        given = {name: value for name, value in pairs if name in OWN}
        if "write" not in given:
            state, unread = readable(partial(view.read, root=req.root_path), pairs, {*view.NAMES, *OWN})
            form_ = opened(state.query)
            dated = {name: unread.typed(name, form_.text[name]) for name in ("from", "to")}
            self._show(req, resp, state, replace(form_, text={**form_.text, **dated}), unread)
            return
        typed = Typed({name: given.get(name, "").strip() for name in FIELDS}, given.get("line") == "true")
        others = [pair for pair in pairs if pair[0] not in (*OWN, "q", "page", "cursor")]
        try:
            asked = written(typed, given.get("was", ""))
            state = view.read([*others, *asked], req.root_path)
        except BadQuery as problem:
            errors = params.invalid_parameters(problem)
            state, _ = readable(partial(view.read, root=req.root_path), others)
            shown = replace(state, query=replace(state.query, text=given.get("was", "")[:2000]))
            self._show(req, resp, shown, typed, Unread(errors, status=problems.status_of(problem)))
            return
        resp.status, resp.location = HTTP_303, state.to(state.query)
        resp.content_type, resp.text = "text/plain; charset=utf-8", f"Go on to {resp.location}\n"

    def _show(self, req: Request, resp: Response, state: PageState, typed: Typed, unread: Unread = READ) -> None:
        engine, query = self._archive.engine, state.query
        dated = replace(query, date_from=None, date_to=None, match="all")
        hidden = [pair for pair in view.write(replace(state, query=replace(dated, text=""))) if pair[0] != "page"]
        html(
            req,
            resp,
            "advanced.html",
            unread=unread,
            site=self._settings.site_name,
            query=query,
            typed=typed,
            withins=_withins(typed.text.get("within", "")),
            matches=[("all", gettext("all search terms")), *((name, gettext(text)) for name, text in IN_WORDS.items())],
            names=[(field, _most(engine, name)) for field, name in (("by", "author"), ("in", "source"))],
            chips=[
                (chip.joint or chip.kind, chip.text)
                for chip in chips(replace(state, query=dated), engine.authority().names)
            ],
            hidden=[
                *hidden,
                *([("was", query.text)] if query.text else []),
                *([("line", "true")] if typed.in_line else []),
            ],
            back=state.to(query),
        )


def opened(query: Query) -> Typed:
    """The form of a query."""
    forgiven = forgiving.is_whole(query.text)
    found = form.read(parse(forgiving.unforgiving(query.text) if forgiven else query.text).tree)
    in_line = bool(found.first or found.last)
    if in_line and (query.date_from or query.date_to):
        # The range of the search is in the fields of the dates; that of the line is one more condition.
        rest = form.all_of([form.days(found.first, found.last), found.rest])
        found, in_line = replace(found, first="", last="", rest=rest), False
    return Typed(
        {
            "words": found.all,
            "phrase": found.phrase,
            "any": found.any,
            "none": found.none,
            "title": found.title,
            "near": found.near,
            "within": str(found.within),
            "misread": "true" if forgiven else "",
            "by": found.author,
            "in": found.source,
            "from": (found.first if in_line else query.date_from) or "",
            "to": (found.last if in_line else query.date_to) or "",
            "and": spelled(found.rest),
        },
        in_line,
    )


def written(typed: Typed, was: str = "") -> Pairs:
    """The words and dates of a search, as its parameters.

    Args:
        was: the line the form was opened with, which stays as it was typed if the form still says the same.

    Raises:
        BadQuery: if a date or the rest cannot be read, or the line is too long.
    """
    text = typed.text
    errors: list[BadValue] = []
    _tried(lambda: Query(date_from=text.get("from") or None, date_to=text.get("to") or None), Query(), errors)
    rest = _tried(lambda: _rest(text.get("and", "")), parse(""), errors)
    if errors:
        raise BadQuery(errors)
    asked = form.Form(
        text.get("words", ""),
        text.get("phrase", ""),
        text.get("any", ""),
        text.get("none", ""),
        text.get("title", ""),
        text.get("near", ""),
        _within(text.get("within", "")),
        text.get("by", ""),
        text.get("in", ""),
        text.get("from", "") if typed.in_line else "",
        text.get("to", "") if typed.in_line else "",
        rest.tree,
    )
    tree = form.tree(asked)
    forgiven = len(was) <= MAX_TEXT and askable(was) and forgiving.is_whole(was)
    plain = forgiving.unforgiving(was) if forgiven else was
    same = len(was) <= MAX_TEXT and askable(was) and form.tree(form.read(parse(plain).tree)) == tree
    line = plain if same else _with_notes(asked, text.get("and", "")) if rest.notes else spelled(tree)
    if text.get("misread") == "true":
        line = was if same and forgiven else forgiving.forgiving(line) or line
    parse(line)
    range_ = [] if typed.in_line else [("from", text.get("from", "")), ("to", text.get("to", ""))]
    return [("q", line), *range_]


def _with_notes(asked: form.Form, rest: str) -> str:
    """The line of a form whose rest has notes: with the rest as typed, so that the answer has the notes too."""
    tree = form.tree(asked)
    others = spelled(form.tree(replace(asked, rest=form.EVERY)))
    line = f"{others} AND ({rest})" if others else rest
    return line if askable(line) and parse(line).tree == tree else spelled(tree)


def _tried(make: Callable[[], T], instead: T, errors: list[BadValue]) -> T:
    """What is made, or something instead, with the errors added to those there are."""
    try:
        return make()
    except BadQuery as problem:
        errors += problem.errors
        return instead


def _rest(text: str) -> Parsed:
    """What is in no other field. Raises BadQuery if it would have to be repaired."""
    try:
        Query(text=text)
        parsed = parse(text)
    except BadQuery as problem:
        raise BadQuery([replace(error, name="and") for error in problem.errors]) from None
    if parsed.repairs:
        raise BadQuery([BadValue("and", text[:80], note, "") for note in parsed.repairs])
    return parsed


def _within(text: str) -> form.Within:
    """How near: `s`, `p`, or a number of words."""
    if text in ("s", "p"):
        return text  # type: ignore[return-value]
    number = whole_number(text)
    return form.DISTANCE if number is None else min(number, MAX_DISTANCE)


def _withins(chosen: str) -> list[tuple[str, str, bool]]:
    """The choices of how near words are: value, text, True for the chosen one."""
    now = _within(chosen)
    numbers = sorted({*DISTANCES, now} if isinstance(now, int) else DISTANCES)
    texts = [
        gettext("next to each other")
        if number == 0
        else ngettext("with at most {count} word between", "with at most {count} words between", number).format(
            count=number
        )
        for number in numbers
    ]
    choices: list[tuple[form.Within, str]] = [("s", gettext("in one sentence")), ("p", gettext("in one paragraph"))]
    choices += zip(numbers, texts, strict=True)
    return [(str(value), text, value == now) for value, text in choices]


def _most(engine: Engine, name: str) -> Sequence[str]:
    """The most frequent values of a facet."""
    found = engine.facet(Query(), name, Listing(limit=OFFERED))
    return [entry.value for entry in found.values] if isinstance(found, ValueFacet) else []
