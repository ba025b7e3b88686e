"""The authority file of an index: the user's list of names that are merged, split, renamed or blocked.

An `Authority` is a list of entries and the journal of its changes; `names` returns the rules for one field. They take
precedence over the archive's own evidence (see `search.names.spellings`) and change no article: an index applies them
when it is opened. Not for finding names in text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, field, replace
from typing import Literal, get_args

from search.errors import BadAuthority
from search.fields import BY_NAME, LONGEST_VALUE
from search.names.vocabulary import vocabulary
from search.system.lazy import cached_property
from search.text import dates
from search.text.tokens import fold

Action = Literal["merge", "split", "block"]
ACTIONS: tuple[Action, ...] = get_args(Action)
KINDS = ("person", "country", "source", "section", "author", "topic")
"""The fields that can have entries. Languages are a fixed list. Topics are a tree; a merge only changes the label of
one: `topic,Football,soccer` labels soccer “Football”."""


WIKIDATA = re.compile(r"Q[1-9][0-9]{0,14}")
"""A Wikidata item id; older authority files may have other strings, which are not shown."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of an authority file.

    Attributes:
        name: the canonical name, spelled as shown; for a country its code. May be "" in a split.
        alias: another spelling, any case; "" in a block, and in a merge that only sets the spelling of a name.
        wikidata: the name's Wikidata item, `Q35236`, or "".
        action: `merge`: articles with the alias are listed under the name. `split`: the alias is a name of its own,
            whatever else would merge it. `block`: neither the name nor anything merged into it is shown.
    """

    kind: str
    name: str
    alias: str = ""
    wikidata: str = ""
    action: Action = "merge"


Time = tuple[str, int]
"""A time to the second, and microseconds."""
NEVER: Time = ("", 0)


@dataclass(frozen=True, slots=True)
class Change:
    """One change: the time (ISO 8601, UTC), a description, the entries added and removed, and who made it, if known.

    Attributes:
        at: to the second; given as `dates.exactly` writes it, it is taken apart.
        undoes: the number of the earlier change that it reverts; 0 for none.
        micros: the microseconds after `at`; more, to be later than a change of the same names before it.
    """

    at: str
    what: str
    added: tuple[Entry, ...] = ()
    removed: tuple[Entry, ...] = ()
    by: str = ""
    undoes: int = 0
    micros: int = 0

    def __post_init__(self) -> None:
        at, micros = dates.apart(self.at.replace("+00:00", "Z"))  # one form, since times are compared as text
        object.__setattr__(self, "at", at)
        object.__setattr__(self, "micros", self.micros or micros)

    @property
    def time(self) -> Time:
        """When it was made, for comparisons."""
        return self.at, self.micros


@dataclass(frozen=True, slots=True)
class NameRules:
    """The rules for one field; all keys are folded.

    Attributes:
        listed: names and aliases → the name they are listed under, as shown.
        apart: names that are never merged.
        blocked: names that are not shown.
        labels: values → their labels, in place of those of the vocabulary.
        items: canonical names → their Wikidata items.
    """

    listed: Mapping[str, str] = field(default_factory=dict)
    apart: frozenset[str] = frozenset()
    blocked: frozenset[str] = frozenset()
    items: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.listed or self.apart or self.blocked or self.labels)

    def among(self, there: Callable[[str], bool]) -> NameRules:
        """The rules as far as they are about some values, folded, and the names that these are listed under.

        Args:
            there: true of these; asked of what rules are about, so that the cost does not depend on their number.
        """
        listed = {key: name for key, name in self.listed.items() if there(key)}
        names = {fold(name): name for name in listed.values()}
        return NameRules(
            listed | names,
            frozenset(filter(there, self.apart)),
            frozenset(key for key in self.blocked if there(key) or key in names),
            {key: item for key, item in self.items.items() if there(key) or key in names},
            {key: label for key, label in self.labels.items() if there(key)},
        )

    def concern(self, keys: Iterable[str]) -> bool:
        """True if a rule is about any of some folded values."""
        return any(key in about for key in keys for about in (self.listed, self.apart, self.blocked, self.labels))

    def hides(self, value: str) -> bool:
        """True if a value is blocked, itself or under the name it is listed under."""
        return self.blocked_as(value) is not None

    def blocked_as(self, value: str) -> str | None:
        """The blocked name that hides a value: itself, or the name it is listed under; None if it is shown."""
        key = fold(value)
        if key in self.blocked:
            return value
        name = self.listed.get(key, value)
        return name if fold(name) in self.blocked else None


@dataclass(frozen=True)
class Authority:
    """The entries in force, sorted, and the journal, oldest change first."""

    entries: tuple[Entry, ...] = ()
    journal: tuple[Change, ...] = ()

    def beyond(self, other: Authority) -> tuple[Entry, ...]:
        """Its entries that another does not have, in order."""
        known = set(other.entries)
        return tuple(entry for entry in self.entries if entry not in known)

    def has_effect(self, change: Change) -> bool:
        """True if something of a change is in force."""
        return any(self.without(change))

    def without(self, change: Change) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
        """The entries to add and to remove, so that nothing of a change is in force; none if nothing is.

        What lists or hides a name is in force whatever Wikidata item the name has got since; the item is if it is that.
        """
        before, after = _by_effect(change.removed), _by_effect(change.added)
        added, removed = list[Entry](), list[Entry]()
        for effect in {**before, **after}:
            was, became, now = (entries.get(effect, []) for entries in (before, after, self._effects))
            if now == became if was and became else bool(now) == bool(became):
                added += was
                removed += now
        return tuple(added), tuple(removed)

    @cached_property
    def _effects(self) -> Mapping[Effect, list[Entry]]:
        return _by_effect(self.entries)

    def names(self, kind: str) -> NameRules:
        """The rules for the names of one field; found once, since a page asks for them for each facet."""
        return self._rules.get(kind, NO_RULES)

    def given_labels(self, kind: str) -> Mapping[str, str]:
        """The labels that people have given to values of a vocabulary, folded → their codes."""
        return self._labels.get(kind, {})

    @cached_property
    def _labels(self) -> Mapping[str, Mapping[str, str]]:
        return {
            kind: {fold(label.replace("’", "'")): code for code, label in rules.labels.items()}
            for kind, rules in self._rules.items()
        }

    @cached_property
    def _rules(self) -> Mapping[str, NameRules]:
        kinds = {entry.kind for entry in self.entries}
        return {kind: _rules(kind, [entry for entry in self.entries if entry.kind == kind]) for kind in kinds}


@dataclass(frozen=True)
class Part(Authority):
    """What is in force about some articles only; by whom and when it was decided is not known.

    Attributes:
        rules: by field.
    """

    rules: Mapping[str, NameRules] = field(default_factory=dict)

    @cached_property
    def _rules(self) -> Mapping[str, NameRules]:
        return self.rules


NO_RULES = NameRules()
Effect = tuple[str, str, str, str]
"""What an entry does: its field, action, name and alias, without its Wikidata item."""


def _by_effect(entries: Iterable[Entry]) -> dict[Effect, list[Entry]]:
    found: dict[Effect, list[Entry]] = {}
    for entry in entries:
        found.setdefault((entry.kind, entry.action, fold(entry.name), fold(entry.alias)), []).append(entry)
    return found


def _rules(kind: str, own: Sequence[Entry]) -> NameRules:
    """The rules of the entries for one field, of which there is at least one."""
    if kind == "topic":
        return NameRules(
            blocked=frozenset(fold(entry.name) for entry in own if entry.action == "block"),
            items={fold(e.alias): e.wikidata for e in own if WIKIDATA.fullmatch(e.wikidata) and e.alias},
            labels={fold(entry.alias): entry.name for entry in own if entry.action == "merge"},
        )
    spelled = {fold(entry.name): entry.name for entry in own if entry.name}
    into = {fold(e.alias): fold(e.name) for e in own if e.action == "merge" and fold(e.alias) != fold(e.name)}
    into.pop("", None)
    canonical = _canonical(into)
    return NameRules(
        {key: spelled[canonical.get(key, key)] for key in {*spelled, *into}},
        frozenset(fold(entry.alias) for entry in own if entry.action == "split"),
        frozenset(fold(entry.name) for entry in own if entry.action == "block"),
        {fold(e.name): e.wikidata for e in own if e.action == "merge" and WIKIDATA.fullmatch(e.wikidata)},
    )


def _canonical(into: Mapping[str, str]) -> dict[str, str]:
    """What each alias is merged into in the end."""
    found: dict[str, str] = {}
    for alias in into:
        passed, key = [], alias
        while key in into and key not in found:
            passed.append(key)
            key = into[key]
        found |= dict.fromkeys(passed, found.get(key, key))
    return found


def checked(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The entries, normalized, sorted and without duplicates; countries are given by code.

    Raises:
        BadAuthority: if an entry is invalid, or two contradict each other.
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
    ending: set[tuple[str, str]] = set()  # their merges come to an end
    for key, entry in into.items():
        seen = {key}
        while entry.action == "merge" and (step := (key[0], fold(entry.name))) in into and step not in ending:
            if step in seen:
                raise BadAuthority(f"“{entry.alias}” and “{entry.name}” are merged into each other. Keep one line.")
            seen.add(step)
            entry = into[step]
        ending |= seen
    return tuple(found)


def _order(entry: Entry) -> tuple[str, str, str, str, str, str]:
    return entry.kind, fold(entry.name), entry.action, fold(entry.alias), entry.alias, entry.name


def _checked(entry: Entry) -> Entry:
    if entry.kind not in KINDS:
        known = ", ".join(KINDS)
        hint = f"“{entry.kind}” is a fixed list." if entry.kind in BY_NAME else f"There is no field “{entry.kind}”."
        raise BadAuthority(f"{hint} An entry can be about {known}.")
    if entry.action not in ACTIONS:
        raise BadAuthority(f"“{entry.action}” is not an action. Choose from {', '.join(ACTIONS)}.")
    name, alias = " ".join(entry.name.split()), " ".join(entry.alias.split())
    if entry.kind == "topic" and entry.action == "split":
        raise BadAuthority(f"Topic “{alias}” cannot be split: topics are a tree, and only their labels can be changed.")
    if entry.kind == "country" or (entry.kind == "topic" and entry.action == "block"):
        name, alias = name and _code(entry.kind, name), alias and _code(entry.kind, alias)
    elif entry.kind == "topic" and name:
        alias = _code(entry.kind, alias or name)
    if not name and entry.action != "split":
        raise BadAuthority(f"A {entry.action} of “{alias}” has no name. Give a name.")
    if not alias and entry.action == "split":
        raise BadAuthority(f"A split of “{name}” does not say which name to split off. Give an alias.")
    if alias and entry.action == "block":
        raise BadAuthority(f"A block of “{name}” has the alias “{alias}”. Block each name on a line of its own.")
    return Entry(entry.kind, name, alias, entry.wikidata.strip(), entry.action)


def with_wikidata_id(entry: Entry) -> Entry:
    """An entry with its Wikidata id in upper case. Raises BadAuthority if it is not a valid id."""
    given = entry.wikidata.strip()
    if given and not WIKIDATA.fullmatch(given.upper()):
        about = f" of {entry.kind} “{entry.name}”" if entry.name else ""
        raise BadAuthority(
            f"“{given}”{about} is not a Wikidata id. Give Q and digits, such as Q19878, or leave it empty."
        )
    return replace(entry, wikidata=given.upper())


def _code(kind: str, value: str) -> str:
    code = vocabulary(kind).meant(value)
    if code is None:
        nearest = vocabulary(kind).nearest(value)
        raise BadAuthority(f"No {kind} “{value}”." + (f" Nearest: {nearest}." if nearest else " Give its code."))
    return code


def changed(
    authority: Authority,
    added: Iterable[Entry],
    removed: Iterable[Entry],
    at: str,
    what: str,
    by: str = "",
    undoes: int = 0,
) -> Authority:
    """The authority after a change, which is recorded in its journal.

    Raises:
        BadAuthority: if an entry is invalid, or has a new name of more than `LONGEST_VALUE` characters.
    """
    gone, known = set(removed), set(authority.entries)
    taken = [with_wikidata_id(entry) for entry in added]
    for each in (part for entry in taken if entry not in known for part in (entry.name, entry.alias)):
        if len(each) > LONGEST_VALUE:
            raise BadAuthority(
                f"“{each[:80]}…” has {len(each):,} characters. A name has at most {LONGEST_VALUE:,}: shorten it."
            )
    entries = checked([*(entry for entry in authority.entries if entry not in gone), *taken])
    after = Authority(entries, authority.journal)
    change = Change(at, what, after.beyond(authority), authority.beyond(after), by, undoes)
    decided = _decided(authority)
    last = max((decided.get(subject(entry), NEVER) for entry in (*change.added, *change.removed)), default=NEVER)
    if change.time <= last:  # made in the same second, or after one from a machine whose clock is ahead
        change = replace(change, at=last[0], micros=last[1] + 1)
    return replace(after, journal=(*authority.journal, change))


def joined(ours: Authority, theirs: Authority, at: str, what: str) -> Authority:
    """An authority with the decisions of another index; of two about one name, the later counts, undoing included.

    They are in its journal by the time of their own, so that an earlier one cannot pass for a later one afterwards.

    Args:
        at, what: the time and the description of what another index had decided before it had a journal.

    Raises:
        BadAuthority: if decisions about different names contradict each other.
    """
    if not ours.entries and not ours.journal:
        return theirs
    mine, other = _decided(ours), _decided(theirs)
    here, there = _about_each(ours), _about_each(theirs)
    later = {
        about for about, time in other.items()
        if about not in mine or (time, there.get(about, [])) > (mine[about], here.get(about, []))
    }  # fmt: skip
    gone = [entry for entry in ours.entries if subject(entry) in later]
    after = changed(ours, (entry for entry in theirs.entries if subject(entry) in later), gone, at, what)
    if after.entries == ours.entries:
        return ours
    known = {change.time: change for change in reversed(theirs.journal)}
    whole, parts = after.journal[-1], dict[Time, tuple[list[Entry], list[Entry]]]()
    for side, entries in enumerate((whole.added, whole.removed)):
        for entry in entries:
            time = other[subject(entry)]
            parts.setdefault(time if time != NEVER else Change(at, what).time, ([], []))[side].append(entry)
    journal = [
        replace(
            known.get(time, whole), at=time[0], micros=time[1], added=tuple(added), removed=tuple(removed), undoes=0
        )
        for time, (added, removed) in sorted(parts.items())
    ]
    return replace(after, journal=(*ours.journal, *journal))


def _decided(authority: Authority) -> dict[tuple[str, str], Time]:
    """When each name was last decided about; `NEVER` for entries from before there was a journal."""
    when = dict.fromkeys(map(subject, authority.entries), NEVER)
    for change in authority.journal:
        for entry in (*change.added, *change.removed):
            when[subject(entry)] = max(when.get(subject(entry), NEVER), change.time)
    return when


def _about_each(authority: Authority) -> dict[tuple[str, str], list[tuple[str, ...]]]:
    """The entries in force about each name, in an order that is the same in every index."""
    found: dict[tuple[str, str], list[tuple[str, ...]]] = {}
    for entry in authority.entries:  # which are sorted
        found.setdefault(subject(entry), []).append(astuple(entry))
    return found


def subject(entry: Entry) -> tuple[str, str]:
    """The field and the name that an entry is about."""
    return entry.kind, fold(entry.alias or entry.name)


def merge(
    authority: Authority, kind: str, name: str, aliases: Iterable[str], wikidata: str, at: str, by: str = ""
) -> Authority:
    """List aliases under a name; earlier entries about them are removed.

    Raises:
        BadAuthority: as `changed`, and if there is no alias but the name itself.
    """
    aliases = list(aliases)
    if aliases and all(alias == name for alias in aliases):
        raise BadAuthority(f"“{name}” is the name itself. Give another name that is to be listed under it.")
    added = [_checked(Entry(kind, name, alias, wikidata)) for alias in aliases] or [
        _checked(Entry(kind, name, "", wikidata))
    ]
    keys = {fold(entry.alias) for entry in added if entry.alias}
    what = f"merge {kind} {added[0].name}: {', '.join(entry.alias for entry in added)}"
    return changed(authority, added, _about(authority, kind, keys), at, what, by)


def split(authority: Authority, kind: str, alias: str, at: str, by: str = "") -> Authority:
    """Make an alias a name of its own."""
    entry = _checked(Entry(kind, "", alias, action="split"))
    before = _about(authority, kind, {fold(entry.alias)})
    return changed(authority, [entry], before, at, f"split {kind} {entry.alias}", by)


def block(authority: Authority, kind: str, name: str, at: str, by: str = "") -> Authority:
    """Do not show a name."""
    entry = _checked(Entry(kind, name, action="block"))
    return changed(authority, [entry], (), at, f"block {kind} {entry.name}", by)


def undo(authority: Authority, at: str, by: str = "") -> tuple[Authority, Change]:
    """The authority without its last change that is in force, and that change; repeated, without earlier ones.

    Raises:
        BadAuthority: if there is none.
    """
    taken_back = set[int]()
    for number in range(len(authority.journal), 0, -1):
        change = authority.journal[number - 1]
        if number in taken_back:
            continue
        if change.undoes:
            taken_back.add(change.undoes)
        elif authority.has_effect(change):
            return take_back(authority, number, at, by), change
    raise BadAuthority("Nothing has been changed, so there is nothing to undo.")


def take_back(authority: Authority, number: int, at: str, by: str = "") -> Authority:
    """The authority without the effect of an earlier change, which is a change itself.

    Args:
        number: the place of the change in the journal, from 1.

    Raises:
        BadAuthority: if there is none, if nothing of it is in force, or if it contradicts a later one.
    """
    if not 0 < number <= len(authority.journal):
        raise BadAuthority(f"There is no change {number}.")
    change = authority.journal[number - 1]
    added, removed = authority.without(change)
    if not (added or removed):
        raise BadAuthority(f"Nothing of change {number} is in force any more.")
    return changed(authority, added, removed, at, f"undo {number}: {change.what}", by, number)


def _about(authority: Authority, kind: str, keys: set[str]) -> Iterator[Entry]:
    """The entries that merge or split some aliases."""
    return (entry for entry in authority.entries if entry.kind == kind and entry.alias and fold(entry.alias) in keys)
