"""Rules about who may see what of which articles, and what follows from them for one reader.

Rules are read from the top: the first that is for a reader and fits an article decides. If none does, the article may
be seen and exported. So most archives need few rules: those that keep something back, and before them the exceptions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from search.errors import BadQuery, BadValue
from search.names.vocabulary import vocabulary
from search.said import said
from search.system.json import Json
from search.text import dates
from search.values.rights import TIERS, Extent, Narrowing, Sight, Tier, sight

EVERYONE, SIGNED_IN, GROUP = "everyone", "signed-in", "group:"
MOST = 100
"""Rules of an index."""
MOST_VALUES = 200
"""Values of each kind in a rule."""
LONGEST = 200
"""Characters of the name of a group, or of a value."""
LISTS = ("collection", "source", "language")
ENDS = ("from", "to")
_FIELDS = ("who", "what", "tier")
_EXAMPLE = '{"rules": [{"who": …}, …]}'
_GROUP = re.compile(r"[^\s,][^,\x00-\x1f\x7f]*")


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who reads.

    Attributes:
        name: of the key; "" for somebody who has shown none.
        groups: those that he is in.
        is_known: True if he has shown a key, or is signed in.
        sees_all: True for an administrator, whom no rule restricts.
    """

    name: str = ""
    groups: frozenset[str] = frozenset()
    is_known: bool = False
    sees_all: bool = False


STRANGER = Reader()


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule.

    Attributes:
        who: `everyone`, `signed-in`, or `group:NAME`.
        what: the articles, as they were stated: `collection`, `source` and `language` (codes or names) are lists,
            `from` and `to` dates in ISO 8601. What is missing restricts nothing.
        tier: what may be seen of them.
    """

    who: str
    what: Mapping[str, Sequence[str] | str]
    tier: Tier

    @property
    def extent(self) -> Extent:
        """The articles."""
        collection, source, languages = (tuple(self.what.get(name, ())) for name in LISTS)
        language = tuple(vocabulary("language").meant(one) or one for one in languages)
        first, last = _day(self.what.get("from")), _day(self.what.get("to"), at_end=True)
        return Extent(collection, source, language, first, last)

    def is_for(self, reader: Reader) -> bool:
        """True if it is for somebody."""
        if self.who == EVERYONE:
            return True
        return reader.is_known if self.who == SIGNED_IN else self.who.removeprefix(GROUP) in reader.groups

    @property
    def without(self) -> Narrowing:
        """All articles but those that it fits, and those that it would fit on some day, which is unknown."""
        return Narrowing(((self.extent, False),))

    def as_json(self) -> Json:
        """The rule as it was stated."""
        return {"who": self.who, "what": dict(self.what), "tier": self.tier}


def sight_of(rules: Iterable[Rule], reader: Reader) -> Sight:
    """What a reader may see."""
    return Sight() if reader.sees_all else sight((rule.extent, rule.tier) for rule in rules if rule.is_for(reader))


def read(sent: object, is_new: bool = True) -> tuple[Rule, ...]:
    """The rules of a JSON value: `[{"who": …, "what": {…}, "tier": …}]`.

    Args:
        is_new: False for rules that were stored, perhaps before a language had to be one that is known.

    Raises:
        BadQuery: naming all that is wrong.
    """
    if not isinstance(sent, list):
        raise BadQuery(
            [BadValue("rules", "", said("The rules are no list."), said("Send {example}.", example=_EXAMPLE))]
        )
    if len(sent) > MOST:
        raise BadQuery(
            [
                BadValue(
                    "rules",
                    str(len(sent)),
                    said("There are up to {most} rules.", most=MOST),
                    said("Join some of them."),
                )
            ]
        )
    problems: list[BadValue] = []
    found = [_rule(one, f"rules[{number}]", is_new, problems) for number, one in enumerate(sent)]
    if problems:
        raise BadQuery(problems[:20])
    return tuple(found)


def _rule(sent: object, where: str, is_new: bool, problems: list[BadValue]) -> Rule:
    """A rule, if there are no problems with it."""

    def wrong(name: str, value: object, reason: str, hint: str) -> None:
        problems.append(BadValue(f"{where}.{name}" if name else where, str(value)[:80], reason, hint))

    if not isinstance(sent, dict):
        wrong("", "", said("A rule is an object."), _choices(_FIELDS))
        return Rule(EVERYONE, {}, "none")
    for name in sent:
        if name not in _FIELDS:
            wrong(str(name)[:40], "", said("No field “{value}”.", value=str(name)[:40]), _choices(_FIELDS))
    who, tier = sent.get("who"), sent.get("tier")
    if not (isinstance(who, str) and (who in (EVERYONE, SIGNED_IN) or _is_group(who))):
        wrong(
            "who",
            who,
            said("The rule is for nobody."),
            said(
                "Name a group of up to {most} characters, without commas; or: {choices}.",
                most=LONGEST,
                choices=f"{EVERYONE}, {SIGNED_IN}",
            ),
        )
    reached: Tier = next((one for one in TIERS if one == tier), "none")
    if reached != tier:
        wrong("tier", tier, said("There is no such tier."), _choices(TIERS))
    what = sent.get("what", {})
    if not isinstance(what, dict):
        wrong("what", what, said("The articles are an object."), _choices((*LISTS, *ENDS)))
        what = {}
    settled: dict[str, str] = {}
    for name, value in what.items():
        if name in LISTS:
            if not _is_list(value):
                hint = said("Give 1 to {most}, of up to {longest} characters.", most=MOST_VALUES, longest=LONGEST)
                wrong(f"what.{name}", value, said("It is no list of values."), hint)
            elif name == "language" and is_new:
                for one in value:
                    if vocabulary(name).meant(one) is None:
                        wrong(f"what.{name}", one, said("No language is called “{value}”.", value=one[:80]), _like(one))
        elif name in ENDS:
            try:
                settled[name] = dates.written(value if isinstance(value, str) else "", date.today())
                dates.parse(settled[name])  # one that is relative would be frozen, and hide other days than it says
            except ValueError as error:
                reason = said("“{value}” in “{field}” is no date.", value=str(value)[:80], field=name)
                is_clear = not isinstance(error, dates.AmbiguousDate)
                advice = said("Give a day, a month or a year: 1950-01-31, 1950.") if is_clear else dates.hint(error)
                wrong(f"what.{name}", value, reason, advice)
        else:
            wrong(
                f"what.{str(name)[:40]}",
                "",
                said("No field “{value}”.", value=str(name)[:40]),
                _choices((*LISTS, *ENDS)),
            )
    if problems:
        return Rule(EVERYONE, {}, "none")
    made = Rule(str(who), {**what, **settled}, reached)
    extent = made.extent
    if extent.first and extent.last and extent.first > extent.last:
        wrong("what.to", what["to"], said("The last day is before the first."), said("Exchange them."))
    return made


def _choices(names: Sequence[str]) -> str:
    """What a name may be."""
    return said("There are: {choices}.", choices=", ".join(names))


def _like(language: str) -> str:
    """What to write instead of the name of no language."""
    near = vocabulary("language").nearest(language)
    return said("Did you mean {near}?", near=near) if near else said("Give its name or its code: French, fr.")


def _is_group(who: str) -> bool:
    return who.startswith(GROUP) and is_name(who.removeprefix(GROUP))


def is_name(name: str) -> bool:
    """True if a group may have this name: of up to `LONGEST` characters, without commas and control characters."""
    return len(name) <= LONGEST and name == name.strip() and _GROUP.fullmatch(name) is not None


def _is_list(value: object) -> bool:
    if not isinstance(value, list) or not 0 < len(value) <= MOST_VALUES:
        return False
    return all(isinstance(one, str) and len(one) <= LONGEST for one in value)


def _day(text: object, at_end: bool = False) -> date | None:
    if not isinstance(text, str):
        return None
    days = dates.parse(text)
    return days.last if at_end else days.first
