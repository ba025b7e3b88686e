"""Who may see which articles, as the API answers it and as it is sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, TypeAlias

from msgspec import UNSET, Struct, UnsetType, field

from desk.people.holder import SCOPES
from desk.rights import rule
from search.values.rights import TIERS
from service.values.shared_values import at_most, one_of

Value: TypeAlias = Annotated[str, at_most(rule.LONGEST)]
Values: TypeAlias = Annotated[Sequence[Value], at_most(rule.MOST_VALUES, "Items")]


class Extent(Struct, forbid_unknown_fields=True):
    """Articles, by what they state; what is missing restricts nothing.

    Attributes:
        collection: the names under which articles were read; "" for none.
        source: in any case, with or without accents, as articles state it.
        language: ISO 639-1 codes or names.
        first: the first day of publication, or a month or year.
        to: the last one.
    """

    collection: Values | UnsetType = UNSET
    source: Values | UnsetType = UNSET
    language: Values | UnsetType = UNSET
    first: str | UnsetType = field(name="from", default=UNSET)
    to: str | UnsetType = UNSET


class Rule(Struct, forbid_unknown_fields=True):
    """A rule.

    Attributes:
        who: `everyone`, `signed-in`, or `group:` and the name of a group.
        tier: `none`: nothing; `metadata`: that an article exists, and what it states; `text`: its text, too; `export`:
            also its scan, and that it may be exported.
    """

    who: str
    what: Extent
    tier: Annotated[str, one_of(TIERS)]


class Rights(Struct, forbid_unknown_fields=True):
    """The rules, read from the top: the first that is for a reader and fits an article decides; if none, `export`."""

    rules: Annotated[Sequence[Rule], at_most(rule.MOST, "Items")]


class InForce(Struct):
    """Rules that are in force now.

    Attributes:
        warnings: a sentence for each rule that no article fits now: perhaps a name in it is misspelled.
    """

    rules: Sequence[Rule]
    warnings: Sequence[str]


class Me(Struct):
    """Who asks.

    Attributes:
        name: of the key, or of who has signed in; "" for somebody unknown.
        groups: those that he is in, by name.
        scopes: what he may do.
    """

    name: str
    groups: Sequence[str]
    scopes: Sequence[Annotated[str, one_of(SCOPES)]]


Scopes: TypeAlias = Sequence[Annotated[str, one_of(SCOPES)]]


class Member(Struct):
    """A key or a person.

    Attributes:
        id: `key:` and the id of a key, or `user:` and the name of a person.
        scopes: what the key permits, or the person's groups do.
        groups: those that are stored here.
        told: those that the provider named when the person signed in last.
    """

    id: str
    name: str
    scopes: Scopes
    groups: Sequence[str]
    told: Sequence[str]


class People(Struct):
    """Keys and people."""

    people: Sequence[Member]


class Groups(Struct, forbid_unknown_fields=True):
    """Groups, by name."""

    groups: Annotated[Sequence[Value], at_most(rule.MOST_VALUES, "Items")]


class Session(Struct):
    """Somebody who is signed in.

    Attributes:
        id: closes it; it opens nothing.
        who: as in `/api/people`.
        name: of the key or the person.
        began, ends: times in UTC.
    """

    id: str
    who: str
    name: str
    began: str
    ends: str


class Sessions(Struct):
    """Who is signed in."""

    sessions: Sequence[Session]
