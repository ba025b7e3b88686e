"""`GET /article/{id}/event`: the articles that may belong to the event of one, day by day, with a timeline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from falcon import Request, Response

from search.analyses.event import DAYS, Event, Member, event
from search.text import dates
from search.values.article import Article
from search.values.query import Query
from service.formats.chart import Tick
from service.html.optional import OptionalParts
from service.html.templates import html
from service.html.view import PageState
from service.http.conditional import forbid_caching
from service.resource import Resource
from service.wording.messages import current

BAR = 10.0
"""The width of a day with its gap, in units; the drawing is stretched."""
HEIGHT = 60.0
WIDEST = 2 * DAYS + 1
"""The days that fill the width of the page."""
NARROWEST = 40.0
"""The least width of the drawing in percent of the page's: the labels of its first and last day fit on a phone."""
LABEL = 8.0
"""The room of a label between others in percent of the page's width, where that is not a phone's (`.plot text`)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An article of the thread; `words` and `person` are why it is there.

    Attributes:
        copies: the number of its other versions in the archive.
        own: True for the article that the thread is about.
    """

    title: str
    url: str
    published: str | None
    source: str | None
    language: str | None
    words: Sequence[str] = ()
    person: Sequence[str] = ()
    copies: int = 0
    own: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the timeline: its place and height in units, and its articles; none on a day between others."""

    day: str
    x: float
    height: float
    entries: Sequence[Entry]
    own: bool


def entry(member: Member, state: PageState) -> Entry:
    """A member, as listed."""
    return _entry(
        member.article,
        state,
        member.words,
        member.person,
        member.group.size - 1 if member.group else 0,
    )


def _entry(
    article: Article,
    state: PageState,
    words: Sequence[str] = (),
    person: Sequence[str] = (),
    copies: int = 0,
    own: bool = False,
) -> Entry:
    return Entry(
        article.heading,
        state.at(f"/article/{article.id}"),
        article.published,
        article.source,
        article.language,
        words,
        person,
        copies,
        own,
    )


def days(found: Event, state: PageState) -> list[Day]:
    """Every day from the first article to the last, the article itself among them; none if its day is not known."""
    if found.day is None or not found.members:
        return []
    entries: dict[date, list[Entry]] = {}
    for member in found.members:
        entries.setdefault(member.day, []).append(entry(member, state))
    own = entries.setdefault(found.day, [])
    own.append(_entry(found.article, state, own=True))
    own.sort(key=lambda one: (dates.instant_of(one.published), not one.own))
    most = max(map(len, entries.values()))
    return [
        Day(
            day.isoformat(),
            round(number * BAR, 2),
            round(len(entries.get(day, ())) / most * HEIGHT, 2),
            entries.get(day, ()),
            day == found.day,
        )
        for number, day in enumerate(_range(min(entries), max(entries)))
    ]


def width(thread: Sequence[Day]) -> float:
    """The width of a timeline in percent of the page's."""
    return round(max(NARROWEST, min(1.0, len(thread) / WIDEST) * 100), 2)


def ticks(thread: Sequence[Day]) -> list[Tick]:
    """The labels of the first and the last day, and of others with articles where there is room."""
    if len(thread) < 2:
        return []
    whole = width(thread)
    taken = [LABEL / 2, whole - LABEL / 2]
    found = [_tick(thread[0], 0.0, "start"), _tick(thread[-1], whole, "end")]
    places = [((number + 0.5) / len(thread) * whole, day) for number, day in enumerate(thread) if day.entries]
    for place, day in sorted(places, key=lambda one: (not one[1].own, one[0])):
        if all(abs(place - other) >= LABEL for other in taken):
            taken.append(place)
            found.append(_tick(day, round(place, 2), "middle"))
    return sorted(found, key=lambda tick: tick.place)


def _tick(day: Day, place: float, anchor: str) -> Tick:
    return Tick(current().day_of_year(date.fromisoformat(day.day)), place, anchor)


def _range(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(number)


class EventPage(Resource):
    """`GET /article/{id}/event`: the thread of an article."""

    def on_get(self, req: Request, resp: Response, article_id: str) -> None:
        """Show what may belong to the event of an article."""
        engine = self._archive.engine
        with engine.batch():
            found = event(engine, article_id)
        if found.incomplete:
            forbid_caching(req, resp)
        state = PageState(Query(), root=req.root_path)
        thread = days(found, state)
        html(
            req,
            resp,
            "event.html",
            site=self._settings.site_name,
            query=Query(),
            article=found.article,
            known=found.day is not None,
            within=DAYS,
            members=len(found.members),
            thread=thread,
            width=len(thread) * BAR,
            part=width(thread),
            ticks=ticks(thread),
            omitted=OptionalParts(found.incomplete).omitted,
            api=state.at(f"/api/articles/{found.article.id}/event"),
        )
