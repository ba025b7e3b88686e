"""The authority of an index: which names are one, which stand apart, which are not shown, by the word of its owner.

An `Authority` is a list of entries and the journal of what was changed in it. `names` gives what it says of one field.
It goes before whatever the archive's own evidence says (see `search.spellings`), and changes no article: an index
applies it when it is opened. Not for finding names in text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

from search.errors import BadAuthority
from search.fields import BY_NAME
from search.text import fold
from search.vocabulary import vocabulary

Action = Literal["merge", "split", "block"]
ACTIONS: tuple[Action, ...] = get_args(Action)
KINDS = ("person", "country", "source", "section", "author", "topic")
"""The fields that names are kept of. Languages are a list, which nobody else decides about. Topics are a tree; a merge
says what one of them is called: `topic,Football,soccer` labels soccer so."""


WIKIDATA = re.compile(r"Q[1-9][0-9]{0,14}")
"""An item of Wikidata; the authority of before may have other strings, which are not shown."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line.

    Attributes:
        name: the canonical name, spelled as it is to be shown; for a country its code. May be "" in a split.
        alias: another spelling, any case; "" in a block, and in a merge that only says how a name is spelled.
        wikidata: the name's item there, `Q35236`, or "".
        action: `merge`: articles with the alias are listed under the name. `split`: the alias stands by itself,
            whatever else would merge it. `block`: the name is not shown, nor what is merged into it.
    """

    kind: str
    name: str
    alias: str = ""
    wikidata: str = ""
    action: Action = "merge"


@dataclass(frozen=True, slots=True)
class Change:
    """What was done at a time (ISO 8601, UTC): a sentence, and the entries that came and went."""

    at: str
    what: str
    added: tuple[Entry, ...] = ()
    removed: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Names:
    """What the authority says of one field; all keys are folded.

    Attributes:
        listed: names and aliases → the name they are listed under, as it is shown.
        apart: what stands by itself.
        blocked: what is not shown.
        labels: values → what they are called, instead of what their vocabulary says.
        items: names under which others are listed, or that stand for themselves → their item in Wikidata.
    """

    listed: Mapping[str, str] = field(default_factory=dict)
    apart: frozenset[str] = frozenset()
    blocked: frozenset[str] = frozenset()
    items: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.listed or self.apart or self.blocked or self.labels)


@dataclass(frozen=True, slots=True)
class Authority:
    """The entries in force, sorted, and the journal, oldest change first."""

    entries: tuple[Entry, ...] = ()
    journal: tuple[Change, ...] = ()

    def names(self, kind: str) -> Names:
        """What it says of one field."""
        own = [entry for entry in self.entries if entry.kind == kind]
        if not own:
            return NOTHING
        if kind == "topic":
            return Names(
                blocked=frozenset(fold(entry.name) for entry in own if entry.action == "block"),
                items={fold(e.alias): e.wikidata for e in own if WIKIDATA.fullmatch(e.wikidata) and e.alias},
                labels={fold(entry.alias): entry.name for entry in own if entry.action == "merge"},
            )
        spelled = {fold(entry.name): entry.name for entry in own if entry.name}
        into = {fold(e.alias): fold(e.name) for e in own if e.action == "merge" and fold(e.alias) != fold(e.name)}
        into.pop("", None)
        return Names(
            {key: spelled[_end(key, into)] for key in {*spelled, *into}},
            frozenset(fold(entry.alias) for entry in own if entry.action == "split"),
            frozenset(fold(entry.name) for entry in own if entry.action == "block"),
            {fold(e.name): e.wikidata for e in own if e.action == "merge" and WIKIDATA.fullmatch(e.wikidata)},
        )


NOTHING = Names()


def _end(key: str, into: Mapping[str, str]) -> str:
    while key in into:
        key = into[key]
    return key


def checked(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The entries sorted, without doubles, countries by their codes.

    Raises:
        BadAuthority: when one cannot be, or two contradict each other.
    """
    found = sorted({_checked(entry) for entry in entries}, key=_order)
    into: dict[tuple[str, str], Entry] = {}
    for entry in found:
        key = (entry.kind, fold(entry.alias))
        if entry.action == "block" or not entry.alias or (entry.action == "merge" and key[1] == fold(entry.name)):
            continue
        other = into.setdefault(key, entry)
        if other.action != entry.action:
            raise BadAuthority(f"“{entry.alias}” is both merged and split. Keep one of the two lines.")
        if entry.action == "merge" and fold(other.name) != fold(entry.name):
            raise BadAuthority(
                f"“{entry.alias}” is merged into both “{other.name}” and “{entry.name}”. Keep one of the two lines."
            )
    for key, entry in into.items():
        seen = {key}
        while entry.action == "merge" and (key[0], fold(entry.name)) in into:
            step = (key[0], fold(entry.name))
            if step in seen:
                raise BadAuthority(f"“{entry.alias}” and “{entry.name}” are merged into each other. Keep one line.")
            seen.add(step)
            entry = into[step]
            if entry.action == "split":
                break
    return tuple(found)


def _order(entry: Entry) -> tuple[str, str, str, str, str, str]:
    return entry.kind, fold(entry.name), entry.action, fold(entry.alias), entry.alias, entry.name


def _checked(entry: Entry) -> Entry:
    if entry.kind not in KINDS:
        known = ", ".join(KINDS)
        hint = f"“{entry.kind}” is a list of its own." if entry.kind in BY_NAME else f"There is no “{entry.kind}”."
        raise BadAuthority(f"{hint} Names are kept of {known}.")
    if entry.action not in ACTIONS:
        raise BadAuthority(f"“{entry.action}” is no action. There are {', '.join(ACTIONS)}.")
    name, alias = " ".join(entry.name.split()), " ".join(entry.alias.split())
    if entry.kind == "topic" and entry.action == "split":
        raise BadAuthority(f"Topic “{alias}” stands by itself: topics are a tree, of which only labels are changed.")
    if entry.kind == "country" or (entry.kind == "topic" and entry.action == "block"):
        name, alias = name and _code(entry.kind, name), alias and _code(entry.kind, alias)
    elif entry.kind == "topic" and name:
        alias = _code(entry.kind, alias or name)
    if not name and entry.action != "split":
        raise BadAuthority(f"A {entry.action} of “{alias}” names nothing to {entry.action}. Give a name.")
    if not alias and entry.action == "split":
        raise BadAuthority(f"A split of “{name}” does not say what is split off. Give an alias.")
    if alias and entry.action == "block":
        raise BadAuthority(f"A block of “{name}” has the alias “{alias}”. Block a name, or each of them in a line.")
    return Entry(entry.kind, name, alias, entry.wikidata.strip(), entry.action)


def identified(entry: Entry) -> Entry:
    """An entry that is to be taken in, its Wikidata id as Wikidata writes it. Raises BadAuthority where it is none."""
    given = entry.wikidata.strip()
    if given and not WIKIDATA.fullmatch(given.upper()):
        about = f" of {entry.kind} “{entry.name}”" if entry.name else ""
        raise BadAuthority(
            f"“{given}”{about} is no Wikidata id. It is Q and digits, such as Q19878; or leave it empty."
        )
    return replace(entry, wikidata=given.upper())


def _code(kind: str, value: str) -> str:
    code = vocabulary(kind).meant(value)
    if code is None:
        nearest = vocabulary(kind).nearest(value)
        raise BadAuthority(f"“{value}” is no {kind}." + (f" Nearest: {nearest}." if nearest else " Give its code."))
    return code


def changed(authority: Authority, added: Iterable[Entry], removed: Iterable[Entry], at: str, what: str) -> Authority:
    """The authority after a change, which its journal keeps."""
    gone = set(removed)
    taken = map(identified, added)
    entries = checked([*(entry for entry in authority.entries if entry not in gone), *taken])
    new = tuple(entry for entry in entries if entry not in authority.entries)
    old = tuple(entry for entry in authority.entries if entry not in entries)
    return Authority(entries, (*authority.journal, Change(at, what, new, old)))


def merge(authority: Authority, kind: str, name: str, aliases: Iterable[str], wikidata: str, at: str) -> Authority:
    """List aliases under a name; what was said of them before no longer holds."""
    added = [_checked(Entry(kind, name, alias, wikidata)) for alias in aliases] or [
        _checked(Entry(kind, name, "", wikidata))
    ]
    keys = {fold(entry.alias) for entry in added if entry.alias}
    what = f"merge {kind} {added[0].name}: {', '.join(entry.alias for entry in added)}"
    return changed(authority, added, _about(authority, kind, keys), at, what)


def split(authority: Authority, kind: str, alias: str, at: str) -> Authority:
    """Let an alias stand by itself."""
    entry = _checked(Entry(kind, "", alias, action="split"))
    return changed(authority, [entry], _about(authority, kind, {fold(entry.alias)}), at, f"split {kind} {entry.alias}")


def block(authority: Authority, kind: str, name: str, at: str) -> Authority:
    """Do not show a name."""
    entry = _checked(Entry(kind, name, action="block"))
    return changed(authority, [entry], (), at, f"block {kind} {entry.name}")


def undo(authority: Authority) -> tuple[Authority, Change]:
    """The authority before its last change, and that change. Raises BadAuthority where there is none."""
    if not authority.journal:
        raise BadAuthority("Nothing has been changed, so there is nothing to undo.")
    last = authority.journal[-1]
    kept = [entry for entry in authority.entries if entry not in last.added]
    return Authority(checked([*kept, *last.removed]), authority.journal[:-1]), last


def _about(authority: Authority, kind: str, keys: set[str]) -> Iterator[Entry]:
    """The entries that say where some aliases belong."""
    return (entry for entry in authority.entries if entry.kind == kind and entry.alias and fold(entry.alias) in keys)
