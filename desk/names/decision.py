"""A decision about a name, made on a page or over HTTP: to merge it, to split or block it, to undo an earlier one.

`search.names.authority` defines what it means. A decision is made about the authority file as it is then; it is applied
a little later, by the process that writes to the index, to the file as it is by then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from desk.replaced import check_replaced
from search.errors import BadAuthority
from search.names import authority as authorities
from search.names.authority import KINDS, Authority, Entry
from search.said import said
from search.text.tokens import fold

Action = Literal["merge", "split", "block", "unblock", "item", "undo"]
ACTIONS: tuple[Action, ...] = get_args(Action)
MOST_ALIASES = 100
LONGEST = 300
"""Characters of a name."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision.

    Attributes:
        action: `merge` lists the aliases under the name; `split` makes the name one of its own; `block` hides it,
            `unblock` shows it again; `item` sets its Wikidata item, none if that is ""; `undo` undoes a change.
        wikidata: of the name, in a merge too.
        before: the item that is to be replaced; None for any.
        change: the number of the change to undo, from 1; `made` is its time, if that is to be the change of that time.
    """

    action: Action
    kind: str = "person"
    name: str = ""
    aliases: tuple[str, ...] = ()
    wikidata: str = ""
    change: int = 0
    made: str = ""
    before: str | None = None


def read(values: Mapping[str, Any]) -> Decision:
    """A decision of JSON values. Raises BadAuthority, naming what is wrong."""
    action, kind = values.get("action"), values.get("kind", "person")
    if action is None:
        raise BadAuthority(f"There is no action. Give “action”: {', '.join(ACTIONS)}.")
    if action not in ACTIONS:
        raise BadAuthority(f"“{str(action)[:80]}” is not an action. Choose from {', '.join(ACTIONS)}.")
    if kind not in KINDS:
        raise BadAuthority(f"There is no authority file for “{str(kind)[:80]}”. Choose from {', '.join(KINDS)}.")
    name, wikidata, aliases = values.get("name", ""), values.get("wikidata", ""), values.get("aliases", [])
    if not isinstance(aliases, list | tuple) or len(aliases) > MOST_ALIASES:
        raise BadAuthority(f"“aliases” is a list of at most {MOST_ALIASES} names.")
    made, before = values.get("made", ""), values.get("before")
    texts = [
        ("name", name),
        ("wikidata", wikidata),
        ("made", made),
        ("before", before or ""),
        *(("aliases", alias) for alias in aliases),
    ]
    for field, value in texts:
        if not isinstance(value, str) or len(value) > LONGEST or not value.isprintable():
            raise BadAuthority(f"A name is text of at most {LONGEST} printable characters; “{field}” is not.")
    change = values.get("change", 0)
    if not isinstance(change, int) or isinstance(change, bool):
        raise BadAuthority("“change” is the number of a change.")
    if action == "undo":
        if "change" not in values:
            raise BadAuthority("There is no change to undo. Give “change”, its number in the journal.")
        return Decision("undo", change=change, made=made)
    if not name.strip():
        raise BadAuthority(f"There is no name to {action}. Give “name”.")
    others = tuple(alias for alias in aliases if alias.strip())
    if action == "merge" and not others:
        raise BadAuthority(f"There is nothing to merge into “{name}”. Give “aliases”.")
    return Decision(action, kind, name, others, wikidata.upper(), before=None if before is None else before.upper())


def applied(decision: Decision, authority: Authority, at: str, by: str) -> Authority:
    """The authority after a decision.

    Raises:
        BadAuthority: if it is not valid, or contradicts what is in force.
        ChangedMeanwhile: if the name has another item than the one that is to be replaced.
    """
    d = decision
    match d.action:
        case "merge":
            return authorities.merge(authority, d.kind, d.name, d.aliases, d.wikidata, at, by)
        case "split":
            return authorities.split(authority, d.kind, d.name, at, by)
        case "block":
            return authorities.block(authority, d.kind, d.name, at, by)
        case "undo":
            if d.made and d.made not in [change.at for change in authority.journal[d.change - 1 : d.change]]:
                raise BadAuthority("The journal has changed since this was shown. Look at it again.")
            return authorities.take_back(authority, d.change, at, by)
        case "unblock":
            gone = _blocks(authority, d)
            return authorities.changed(authority, (), gone, at, f"unblock {d.kind} {gone[0].name}", by)
        case "item":
            now = authority.names(d.kind).items.get(fold(d.name), "")
            check_replaced(said("Wikidata item of “{name}”", name=d.name), now, d.before, d.wikidata)
            merges = [e for e in _about(authority, d) if e.action == "merge" and e.name]
            named = [Entry(e.kind, e.name, e.alias, d.wikidata, "merge") for e in merges]
            added = named or [Entry(d.kind, d.name, "", d.wikidata, "merge")]
            what = f"Wikidata item of {d.kind} {d.name}: {d.wikidata or 'none'}"
            return authorities.changed(authority, added, merges, at, what, by)


def _blocks(authority: Authority, decision: Decision) -> list[Entry]:
    """The entries that block a name. Raises BadAuthority if there is none."""
    (wanted,) = authorities.checked([Entry(decision.kind, decision.name, action="block")])
    blocks = [
        e for e in authority.entries if e.action == "block" and authorities.subject(e) == authorities.subject(wanted)
    ]
    if not blocks:
        hiding = authority.names(decision.kind).blocked_as(decision.name)
        but = f", but hidden: “{hiding}” is blocked. Unblock that." if hiding is not None else "."
        raise BadAuthority(f"“{decision.name}” is not blocked{but}")
    return blocks


def _about(authority: Authority, decision: Decision) -> list[Entry]:
    return [e for e in authority.entries if e.kind == decision.kind and fold(e.name) == fold(decision.name)]
