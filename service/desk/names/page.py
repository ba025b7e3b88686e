"""`/names`: the authority file as pages. Names that may be one, side by side; one name and all that is listed under it.

Anyone may read them; a key of scope `edit` merges, splits, blocks and undoes with one button each, next to which
stand the articles before and after. Every figure is that of a search (`Engine.listing`), so it is exact.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from falcon import Request, Response

from desk.names import decision
from search.analyses.entity import mentioned, shown_as
from search.analyses.proposals import (
    COMPARED,
    PEOPLE,
    SPORT,
    Proposal,
    Proposals,
    TwoFields,
    Years,
    on_sport,
    proposals,
)
from search.engine import Engine
from search.errors import BadAuthority
from search.fields import BY_NAME
from search.names.authority import KINDS, Authority, Change
from search.names.look_alikes import Reason, may_be_one, words_of
from search.said import said
from search.text.numbers import whole_number
from search.text.tokens import fold
from search.values.query import Filter, Listing, Query
from search.values.results import ValueFacet
from service import params
from service.archive import Archive
from service.desk.names.resource import Deciding
from service.html import form, sending
from service.html.mending import readable
from service.html.parts.passage import Passage, passage_of
from service.html.templates import html
from service.html.view import PageState
from service.http.session import of_editor
from service.params.entity_path import address as entity_address
from service.params.names import Names
from service.settings import Settings
from service.spool import Spool
from service.wording import labels
from service.wording.messages import gettext, mark

PAIRS = 10
"""Pairs on a page."""
CHANGES = 20
"""The changes of the journal that are shown."""
NAMESAKES = 12
_WAITS_S = 4.0
_PAIRED = tuple(kind for kind in KINDS if BY_NAME[kind].vocabulary is None)
"""The kinds whose names are compared; those of a vocabulary are what they are."""
REASONS: dict[Reason | Literal["name"], str] = {
    "spelling": mark("same letters"), "initials": mark("initials"), "letter": mark("one letter apart"),
    "misread": mark("letters that a scanner mixes up"),
    "given": mark("given names that agree"), "surname": mark("surname alone"), "name": mark("same last word"),
}  # fmt: skip
"""How the letters of two names are alike; a name on its own page is next to those of the same last word, too."""
NAMED = 3
"""The companions of two names that are named."""


@dataclass(frozen=True, slots=True)
class Side:
    """One name of a pair: its articles, their URL, the URL of its own page here, and where its newest one names it."""

    name: str
    count: int
    url: str
    page: str
    passage: Passage | None


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Two names that may be one, the articles that would be listed under either if they were merged, and the evidence
    (see `Proposal`).
    """

    one: Side
    other: Side
    reason: Reason | Literal["name"]
    together: int
    companions: Sequence[str] = ()
    years: tuple[Years | None, Years | None] = (None, None)


@dataclass(frozen=True, slots=True)
class Member:
    """A name that is listed under another: the articles that list it, and those of the rest if it is split off."""

    name: str
    count: int
    rest: int


@dataclass(frozen=True, slots=True)
class Subject:
    """One name: as it is shown, or, if it is hidden or unknown, as it was asked for.

    Attributes:
        fields: of a person who may be two; `sport` is the URL of the articles on it.
    """

    name: str
    label: str
    count: int
    url: str
    page: str | None
    blocked: bool
    wikidata: str
    members: Sequence[Member]
    fields: TwoFields | None = None
    sport: str = ""


class NamesPage(sending.FormPage):
    """`GET /names`: names that may be one, or one name; `POST /names`: a form decides about one.

    Args:
        tell_apart: gives the articles of a search another person of the same name; returns the id of the job.
    """

    AT = "/names"

    def __init__(
        self,
        archive: Archive,
        settings: Settings,
        spool: Spool,
        tell_apart: Callable[[Request, Mapping[str, str]], str],
    ) -> None:
        super().__init__(archive, settings, spool)
        self._deciding = Deciding(archive, spool, settings.spool_bytes)
        self._tell_apart = tell_apart
        self._lock = threading.Lock()
        self._known: dict[str, tuple[int, Proposals]] = {}

    def on_get(self, req: Request, resp: Response) -> None:
        """Show pairs of names, or one name."""
        asked, unread = readable(params.names.read, params.split(req.query_string), params.names.NAMES)
        kind, name, page = asked.kind, asked.name, asked.page
        engine = self._archive.engine
        editor = of_editor(req)
        pages = _Pages(engine, kind, PageState(Query(), root=req.root_path))
        with engine.batch():
            proposed = self._proposals(engine, kind)
            pairs, whole = proposed.found, proposed.whole
            subject = pages.subject(name) if name else None
            if subject is None:
                shown = [pages.side_by_side(pair) for pair in pairs[(page - 1) * PAIRS : page * PAIRS]]
            else:
                shown = list(pages.like(subject, pairs))
            html(
                req,
                resp,
                "names.html",
                unread=unread,
                site=self._settings.site_name,
                query=Query(),
                kind=kind,
                kinds=[(one, labels.field(one), pages.address(one)) for one in KINDS],
                compared=kind in _PAIRED,
                most=None if whole else COMPARED,
                subject=subject,
                pairs=shown,
                of=len(pairs),
                page=page,
                pages=-(-len(pairs) // PAIRS),
                at=lambda number: pages.address(kind, page=number),
                named=NAMED,
                reasons={reason: gettext(text) for reason, text in REASONS.items()},
                token=editor.token if editor is not None else None,
                here=pages.path(kind, name, page),
                sign_in=pages.sign_in(kind, name, page),
                journal=_journal(engine.authority()),
            )
        resp.set_header("Cache-Control", "no-store")

    def _next(self, fields: Mapping[str, str]) -> str:
        return form.local(fields.get("next", self.AT))

    def _do(self, req: Request, fields: dict[str, str]) -> str:
        """Decide, and wait until it is applied."""
        if fields.get("action") == "apart":
            self._waited(self._tell_apart(req, fields))
            return "applied"
        values = {
            name: value
            for name, value in fields.items()
            if name in ("action", "kind", "name", "wikidata", "made", "before")
        }
        change = fields.get("change", "")
        made = decision.read(
            values
            | {"aliases": [fields["alias"]] if fields.get("alias") else []}
            | {"change": whole_number(change, 9) or 0}
        )
        self._waited(self._deciding.put(made, req))
        return "applied"

    def _waited(self, job_id: str) -> None:
        """Wait until a job is done. Raises BadAuthority if it is refused."""
        job = self._spool.ended(job_id, _WAITS_S)
        if job is not None and job.state == "failed":
            raise BadAuthority(job.problem or said("It was not applied."))

    def _proposals(self, engine: Engine, kind: str) -> Proposals:
        """The pairs of names of a generation that nobody has decided about."""
        if kind not in _PAIRED:
            return Proposals((), True)
        with self._lock:
            known = self._known.get(kind)
            if known is None or known[0] != engine.generation:
                apart = engine.authority().names(kind).apart
                known = self._known[kind] = engine.generation, proposals(engine, kind, apart)
        return known[1]


class _Pages:
    """What pages show of names of one kind."""

    def __init__(self, engine: Engine, kind: str, state: PageState) -> None:
        self._engine = engine
        self._kind = kind
        self._state = state

    def address(self, kind: str, name: str = "", page: int = 1) -> str:
        """The URL of a page about names."""
        return self._state.at(self.path(kind, name, page))

    def path(self, kind: str, name: str = "", page: int = 1) -> str:
        """The same below the path where the service is mounted."""
        return f"/names?{params.joined(params.names.write(Names(kind, name, page)))}".removesuffix("?")

    def sign_in(self, kind: str, name: str, page: int) -> str:
        """The URL at which somebody signs in, and comes back."""
        return self._state.at(f"/sign-in?{params.joined([('next', self.path(kind, name, page))])}")

    def subject(self, name: str) -> Subject:
        """One name, as it is shown."""
        rules = self._engine.authority().names(self._kind)
        own = shown_as(self._engine, self._kind, name)
        shown = own.value if own is not None else name
        members = self._engine.names(self._kind, shown) if own is not None else ()
        listed = [one.name for one in members]
        named = {self._kind: Filter(any=(shown,))}
        return Subject(
            name=shown,
            label=labels.value(self._kind, own.value, own.label) if own is not None else name,
            count=own.count if own is not None else self._engine.listing(self._kind, [name]),
            url=self._articles(shown),
            page=entity_address(self._kind, shown, self._state.root) if own is not None else None,
            blocked=rules.hides(name),
            wikidata=rules.items.get(fold(shown), ""),
            members=[
                Member(one.name, one.count, self._engine.listing(self._kind, [n for n in listed if n != one.name]))
                for one in (members if len(members) > 1 else ())
            ],
            fields=on_sport(self._engine, shown) if own is not None and self._kind == "person" else None,
            sport=self._state.at(params.url("/", Query(filters={**named, "topic": Filter(any=(SPORT,))}))),
        )

    def like(self, subject: Subject, pairs: Sequence[Proposal]) -> Iterator[SideBySide]:
        """The names that may be the same as one: those like it, then those with the same last word, but of people those
        alone whose given names do not differ.
        """
        if subject.blocked or self._kind not in _PAIRED or not subject.count:
            return
        seen = {fold(subject.name)}
        for proposal in pairs:
            pair = proposal.pair
            if subject.name in (pair.name, pair.other):
                other = pair.other if pair.name == subject.name else pair.name
                seen.add(fold(other))
                yield self._pair(subject.name, subject.count, other, pair.reason, proposal, alone=True)
        last = (words_of(subject.name) or ("",))[-1]
        facet = self._engine.facet(Query(size=0), self._kind, Listing(prefix=last, limit=NAMESAKES)) if last else None
        for one in facet.values if isinstance(facet, ValueFacet) else ():
            is_like = fold(one.value) not in seen and words_of(one.value)[-1:] == (last,)
            if is_like and (self._kind not in PEOPLE or may_be_one(subject.name, one.value)):
                yield self._pair(subject.name, subject.count, one.value, "name", None, alone=True)

    def side_by_side(self, proposal: Proposal) -> SideBySide:
        """A pair of names."""
        pair = proposal.pair
        return self._pair(pair.name, pair.count, pair.other, pair.reason, proposal)

    def _pair(
        self,
        name: str,
        count: int,
        other: str,
        reason: Reason | Literal["name"],
        proposal: Proposal | None,
        alone: bool = False,
    ) -> SideBySide:
        """Two names; on the page of the first one alone, its passage is not repeated."""
        behind = [one.name for value in (name, other) for one in self._engine.names(self._kind, value)]
        found = shown_as(self._engine, self._kind, other)
        return SideBySide(
            self._side(name, count, passage=not alone),
            self._side(other, found.count if found is not None else 0),
            reason,
            self._engine.listing(self._kind, behind),
            proposal.companions if proposal is not None else (),
            _years(proposal, name) if proposal is not None else (None, None),
        )

    def _side(self, name: str, count: int, passage: bool = True) -> Side:
        found = mentioned(self._engine, self._kind, name) if passage else None
        return Side(name, count, self._articles(name), self.address(self._kind, name), passage_of(found, self._state))

    def _articles(self, name: str) -> str:
        return self._state.at(params.url("/", Query(filters={self._kind: Filter(any=(name,))})))


def _years(proposal: Proposal, first: str) -> tuple[Years | None, Years | None]:
    """The years of both names, the named one first."""
    one, other = proposal.years
    return (one, other) if first == proposal.pair.name else (other, one)


def _journal(authority: Authority) -> list[tuple[int, Change, bool]]:
    """The last changes with their numbers, and whether there is something to undo; the last one first."""
    first = max(0, len(authority.journal) - CHANGES)
    numbered = enumerate(authority.journal[first:], first + 1)
    return [(number, change, authority.has_effect(change)) for number, change in numbered][::-1]
