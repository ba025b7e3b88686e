"""`/rights`: people and rights, for administrators: the rules, what somebody sees, keys with their groups, sessions."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from falcon import Request, Response

from desk.people.sessions import SessionMissing
from desk.rights import rule
from desk.rights.rule import ENDS, EVERYONE, GROUP, LISTS, SIGNED_IN, STRANGER, Reader, Rule, sight_of
from desk.rights.store import KEY, USER, Rights
from search.errors import BadQuery, BadValue
from search.said import said
from search.seen import tiers
from search.system.json import Json
from search.text import dates
from search.text.numbers import whole_number
from search.values.query import Query
from search.values.rights import TIERS
from service import params
from service.archive import Archive
from service.desk.rights.people import Member, members, put
from service.desk.rights.resource import rules_of
from service.desk.rights.sentences import TIER_NAMES, idle, sentence
from service.html import form, sending
from service.html.templates import html
from service.http.session import Sessions, who
from service.settings import Settings
from service.spool import Spool
from service.wording.messages import gettext

HERE = "/rights"
KIND, NAME = "kind", "name"
"""Parameters: the kind of somebody, and the name of a key or group."""
_KINDS = (EVERYONE, SIGNED_IN, GROUP, KEY, USER)


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody sees: the rules for him, and the articles of each tier."""

    rules: list[str]
    tiers: list[tuple[str, int]]


class RightsPage(sending.FormPage):
    """`GET /rights`: rules, people and what they see; `POST /rights`: a form changes them."""

    AT = HERE

    def __init__(self, archive: Archive, settings: Settings, spool: Spool) -> None:
        super().__init__(archive, settings, spool)
        self._sessions = Sessions(archive.place, settings)

    def on_get(self, req: Request, resp: Response) -> None:
        """Show the rules, keys and sessions, and what somebody sees if that is asked."""
        given = dict(params.split(req.query_string))
        rules, known = rules_of(self._archive), members(self._archive.place, self._settings)
        kind, name = given.get(KIND, ""), given.get(NAME, "").strip()
        warnings = idle(self._archive.engine, rules)
        html(
            req,
            resp,
            "rights.html",
            site=self._settings.site_name,
            takes=(KIND, NAME),
            query=Query(),
            rules=[(number, sentence(one), warnings.get(number + 1, "")) for number, one in enumerate(rules)],
            tier_names=[(tier, gettext(TIER_NAMES[tier])) for tier in TIERS],
            members=[(one, ", ".join(sorted(one.groups)), ", ".join(sorted(one.told))) for one in known],
            scopes=self._settings.group_scopes,
            sessions=[(one, holder, _day(one.began), _day(one.ends)) for one, holder in self._sessions.listed()],
            kind=kind,
            name=name,
            seen=self._seen(rules, self._reader(kind, name, known)) if kind in _KINDS else None,
        )  # fmt: skip
        resp.set_header("Cache-Control", "no-store")

    def _do(self, req: Request, fields: dict[str, str]) -> str:
        do = fields.get("do", "")
        if do in ("add", "up", "down", "delete"):
            with Rights(self._archive.place) as store:
                store.change(lambda before: _changed(list(before), do, fields), who(req), dates.now())
            return "deleted" if do == "delete" else "stored"
        if do == "groups":
            names = [one.strip() for one in fields.get("groups", "").split(",") if one.strip()]
            member = fields.get("member") or USER + fields.get("person", "").strip()
            put(self._archive.place, member, names, self._settings)
            return "stored"
        if do == "close":
            with suppress(SessionMissing):  # it has ended meanwhile
                self._sessions.close(fields.get("session", ""))
            return "deleted"
        raise form.unknown(do)

    def _reader(self, kind: str, name: str, known: list[Member]) -> Reader:
        """Somebody by kind and name. Raises BadQuery if there is no such key."""
        if kind == EVERYONE:
            return STRANGER
        if kind in (KEY, USER):
            of_kind = (one for one in known if one.id.startswith(kind))
            found = next((one for one in of_kind if name in (one.name, one.id.removeprefix(kind))), None)
            if found is None and kind == KEY:
                raise _no_key(name)
            return found.reader if found is not None else Reader(name, is_known=True)
        return replace(STRANGER, is_known=True, groups=frozenset((name,)) if kind == GROUP else frozenset())

    def _seen(self, rules: tuple[Rule, ...], reader: Reader) -> Seen:
        found = tiers(self._archive.engine, sight_of(rules, reader))
        return Seen(
            [sentence(one) for one in rules if one.is_for(reader) and not reader.sees_all],
            [(gettext(TIER_NAMES[tier]), found[tier]) for tier in TIERS],
        )


def _changed(rules: list[Rule], do: str, fields: dict[str, str]) -> tuple[Rule, ...]:
    """The rules, after a form has added one, or moved or removed the one that it names, as it has seen it."""
    if do == "add":
        place = 0 if fields.get("place") == "first" else len(rules)
        made = [one.as_json() for one in (*rules[:place], *_new(fields), *rules[place:])]
        return rule.read(made, is_new=False)
    number = whole_number(fields.get("number", ""))
    if number is None or number >= len(rules) or sentence(rules[number]) != fields.get("rule"):
        reason = said("The rules have changed meanwhile.")
        raise BadQuery([BadValue("rule", fields.get("rule", "")[:80], reason, said("Look at them, and try again."))])
    moved = rules.pop(number)
    if do != "delete":
        rules.insert(max(0, number + (-1 if do == "up" else 1)), moved)
    return tuple(rules)


def _new(fields: dict[str, str]) -> tuple[Rule, ...]:
    """The rule that a form states. Raises BadQuery."""
    kind, name = fields.get(KIND, ""), fields.get(NAME, "").strip()
    what: Json = {}
    for field in LISTS:
        if values := [one.strip() for one in fields.get(field, "").split(";") if one.strip()]:
            what[field] = values
    for field in ENDS:
        if day := fields.get(field, "").strip():
            what[field] = day
    return rule.read([{"who": f"{GROUP}{name}" if kind == GROUP else kind, "what": what, "tier": fields.get("tier")}])


def _no_key(name: str) -> BadQuery:
    return BadQuery([BadValue(NAME, name[:80], said("No key has this name."), said("The table below has all keys."))])


def _day(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()
