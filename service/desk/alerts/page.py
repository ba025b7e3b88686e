"""`/alerts`: alerts with what each has told, and the forms that make, change and delete them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from falcon import Request, Response

from desk.alerts import schedule
from desk.alerts.schedule import AT_ONCE, DAYS, Schedule
from desk.named import MAX_NAME
from search.errors import BadQuery
from search.values.query import Query
from service import params, seeing
from service.desk.alerts.channels import TARGETED, WAYS
from service.desk.alerts.keeping import FIELDS, Making, Told, delete, listed, question_of
from service.desk.alerts.message import summary
from service.desk.alerts.resource import HIDDEN, feed_address, is_own
from service.formats import question
from service.html import form, sending, view
from service.html.parts.chips import filters_in_words
from service.html.templates import html
from service.html.view import PageState
from service.http.session import who
from service.wording.messages import gettext, mark

HERE = "/alerts"
_WHEN = {
    AT_ONCE: mark("at once"), "hourly": mark("hourly"), "daily": mark("daily"), "weekly": mark("weekly"),
    "Mon": mark("Mon"), "Tue": mark("Tue"), "Wed": mark("Wed"), "Thu": mark("Thu"), "Fri": mark("Fri"),
    "Sat": mark("Sat"), "Sun": mark("Sun"), 
}  # fmt: skip
"""Words of the forms that say when."""
EVERY = (AT_ONCE, "hourly", "daily", "weekly")


@dataclass(frozen=True, slots=True)
class Row:
    """An alert as it is shown.

    Attributes:
        text, filters, url: the words and filters of its question, and its result; "" if it cannot be asked.
        schedule, when: when it is told, and in words.
        last: the numbers of its last delivery; "" if there is none.
        waits: why a delivery has not arrived; "" if all have, or none was tried yet.
    """

    told: Told
    text: str
    filters: Sequence[str]
    url: str
    feed: str
    schedule: Schedule
    when: str
    last: str
    waits: str


class AlertsPage(sending.FormPage):
    """`GET /alerts`: the alerts; `POST /alerts`: a form changes them."""

    AT = HERE

    def on_get(self, req: Request, resp: Response) -> None:
        """Show the alerts, and a form for another: of the search in the address, or of a saved one (`search`)."""
        given = params.split(req.query_string)
        state = PageState(Query(), root=req.root_path)
        saved = next((value for name, value in given if name == "search"), None)
        asked = self._asked(given, saved)
        text = params.joined(question.pairs(asked)) if asked is not None else None
        html(
            req,
            resp,
            "alerts.html",
            site=self._settings.site_name,
            takes={*view.NAMES, "search"},
            query=asked or Query(),
            rows=[self._row(one, state, seeing.asker().edits) for one in listed(self._archive)],
            asked=text,
            here=req.relative_uri.removeprefix(req.root_path),
            name=(saved or (asked.text if asked is not None else ""))[:MAX_NAME],
            text=asked.text if asked is not None else "",
            filters=filters_in_words(asked, self._archive.engine.authority().names) if asked is not None else [],
            back=state.at(params.url("/", asked)) if asked is not None else None,
            shares=seeing.asker().edits,
            channels=Making(self._archive, self._settings).channels,
            every=EVERY,
            days=DAYS,
            zones=schedule.zones(),
            new=Schedule(AT_ONCE),
            max_name=MAX_NAME,
            words_of={value: gettext(text) for value, text in (_WHEN | {way: WAYS[way].WORD for way in WAYS}).items()},
            targeted=TARGETED,
            is_own=is_own,
        )
        resp.set_header("Cache-Control", "no-store")

    def _do(self, req: Request, fields: dict[str, str]) -> str:
        do = fields.get("do", "")
        if do == "make":
            making = Making(self._archive, self._settings)
            making.make(
                {"name": fields.get("name", ""), **_chosen(fields)}, fields.get("question", ""), who(req),
                "shared" in fields,
            )  # fmt: skip
            return "alert-made"
        if do == "change":
            making = Making(self._archive, self._settings)
            before = {name: fields[f"before-{name}"] for name in FIELDS if f"before-{name}" in fields}
            making.change(fields.get("name", ""), {"name": fields.get("new", ""), **_chosen(fields)}, before)
            return "stored"
        if do in ("share", "withdraw"):
            Making(self._archive, self._settings).change(fields.get("name", ""), {}, {}, do == "share")
            return "stored"
        if do == "delete":
            delete(self._archive, fields.get("name", ""))
            return "deleted"
        raise form.unknown(do)

    def _asked(self, given: Sequence[tuple[str, str]], saved: str | None) -> Query | None:
        """The question of another alert, if there is one."""
        if saved is not None:
            return question.read(question_of(self._archive, saved))
        return question.within(given)

    def _row(self, told: Told, state: PageState, editor: bool) -> Row:
        alert, waiting = told.alert, told.waiting
        problem = waiting.problem if waiting is not None else ""
        last, when = told.deliveries[0] if told.deliveries else None, schedule.read(alert.schedule)
        try:
            query = question.read(told.asked)
        except BadQuery:
            text, filters, url = told.asked, list[str](), ""
        else:
            text, filters, url = (
                query.text,
                filters_in_words(query, self._archive.engine.authority().names),
                state.at(params.url("/", query)),
            )
        return Row(
            told, text, filters, url, feed_address(alert.name, state.root), when, _in_words(when),
            summary(last) if last is not None else "", problem if editor or not problem else HIDDEN,
        )  # fmt: skip


def _in_words(when: Schedule) -> str:
    named = {"day": gettext(_WHEN[DAYS[when.day]]), "time": f"{when.at:%H:%M}"}
    if when.every == "daily":
        return gettext("daily {time}").format_map(named)
    if when.every == "weekly":
        return gettext("weekly {day} {time}").format_map(named)
    return gettext(_WHEN[when.every])


def _chosen(fields: Mapping[str, str]) -> dict[str, str]:
    """When and how a form wants an alert to be told."""
    every, at = fields.get("every", ""), fields.get("at", "")
    channel = fields.get("channel", "")
    when = {"daily": f"daily {at}", "weekly": f"weekly {fields.get('day', '')} {at}"}
    return {
        "schedule": when.get(every, every),
        "zone": fields.get("zone", ""),
        "channel": channel,
        "target": fields.get("target", "") if channel in TARGETED else "",
    }
