"""The oracle's half of `search.names.spellings` and `search.names.authority`: which name each value is shown under."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from search.names.agreement import Agreement, Parts, agree, begins, parts
from search.names.authority import NameRules
from search.names.given_names import beginning, share_of
from search.names.spellings import CHANCE, ENOUGH, FEW, MANY, MOST, RARELY, SHARE, SHARE_FIRST, SURE, YEARS
from search.text.tokens import fold

Named = Sequence[tuple[date | None, Sequence[str]]]
"""The day of each article, and its folded values, once for each of their spellings."""


def shown_under(articles: Named, spelled: Mapping[str, str], persons: bool, rules: NameRules) -> dict[str, str | None]:
    """Folded value → the folded value it is shown under, or None.

    Args:
        spelled: the spelling of each.
    """
    counts = Counter(key for _, keys in articles for key in keys)
    found: dict[str, str | None] = {key: key for key in counts}
    if persons:
        free = {key for key in counts if key not in rules.apart}
        heads = _people([(day, keys) for day, keys in articles], free, spelled)
        found |= {key: head for key, head in heads.items() if key not in rules.listed}
    for key in {*counts, *rules.listed, *map(fold, rules.listed.values())}:
        head = found.get(key) or key
        name = fold(rules.listed.get(head, head))
        found[key] = None if {key, head, name} & rules.blocked else name
    return found


@dataclass
class _Person:
    """All names that are spelled like one: what articles have them, and with whom."""

    key: str
    parts: Parts
    rank: tuple[int, str] = (0, "")
    names: set[str] = field(default_factory=set)
    articles: int = 0
    days: set[date | None] = field(default_factory=set)
    companions: set[str] = field(default_factory=set)


def _people(articles: Named, free: set[str], spelled: Mapping[str, str]) -> dict[str, str]:
    counts = Counter(key for _, keys in articles for key in keys)
    alike: dict[str, list[str]] = defaultdict(list)
    for key in free:
        alike[parts(key).tight].append(key)
    people: list[_Person] = []
    for group in alike.values():
        key = min(group, key=lambda k: (-counts[k], spelled[k]))
        person = _Person(key, parts(key), names=set(group), articles=sum(counts[k] for k in group))
        person.rank = -person.articles, spelled[key]
        for day, keys in articles:
            if person.names & {*keys}:
                person.days.add(day)
                person.companions |= {*keys}
        people.append(person)
    into = {person.key: head.key for person in people if (head := _head(person, people)) is not None}
    found: dict[str, str] = {}
    for person in people:
        key = person.key
        while key in into:
            key = into[key]
        found |= dict.fromkeys(person.names, key)
    return found


def _dated(one: _Person) -> list[date]:
    return sorted(day for day in one.days if day is not None)


_AROUND = timedelta(days=YEARS * 365)


def _within(one: _Person, other: _Person) -> bool:
    """True if the articles with one are from the years of the other."""
    ours, theirs = _dated(one), _dated(other)
    if None in one.days and None not in other.days:
        return False
    if not ours:
        return True
    return bool(theirs) and ours[-1] - theirs[-1] <= _AROUND and theirs[0] - ours[0] <= _AROUND


def _meet(one: _Person, other: _Person) -> bool:
    """True if there are articles with both from the same years."""
    ours, theirs = _dated(one), _dated(other)
    if None in one.days and None in other.days:
        return True
    return bool(ours and theirs) and ours[0] - theirs[-1] <= _AROUND and theirs[0] - ours[-1] <= _AROUND


def _family(one: _Person, people: list[_Person], word: str, first: bool = False) -> list[_Person]:
    def has(other: _Person) -> bool:
        own = other.parts
        return other.parts.full and word == ((own.given or (own.surname,))[0] if first else own.surname)

    most = sorted(filter(has, people), key=lambda other: other.rank)[:MOST]
    return [other for other in most if other is not one]


def _head(one: _Person, people: list[_Person]) -> _Person | None:
    """The person that one is, of whom there may be a fuller name."""
    own = one.parts
    family = _family(one, people, own.surname)
    rivals = [other for other in family if _meet(one, other) or _within(one, other)]
    if own.full:
        return _fuller(one, rivals, people)
    fitting = [other for other in rivals if begins(own, other.parts)]
    best = next((other for other in fitting if _within(one, other)), None)
    if best is not None:
        like = [other for other in fitting if other is best or agree(other.parts, best.parts)]
        if all(agree(a.parts, b.parts) for a in like for b in like if a is not b) and _share(like, fitting, SHARE):
            return (
                best
                if best.articles >= SURE or _known(one, best, sum(other.articles for other in like) >= ENOUGH)
                else None
            )
    if own.given:
        return _met(one, fitting)
    firsts = _family(one, people, own.surname, first=True)
    beginning = [other for other in firsts if _meet(one, other) or _within(one, other)]
    best = next((other for other in beginning if _within(one, other)), None)
    among = {other.key: other for other in (*beginning, *rivals)}.values()
    if best is None or best.articles < ENOUGH or not _share([best], among, SHARE_FIRST):
        return _met(one, fitting)
    if any(other is not best and _bucket(other) == _bucket(best) for other in people if other.parts.full):
        return _met(one, fitting)
    return best if _known(one, best, enough=True) else None


def _met(one: _Person, fitting: list[_Person]) -> _Person | None:
    """The only one of a few persons with whom a surname shares companions."""
    heads: list[_Person] = []
    for other in fitting:
        if not any(agree(other.parts, head.parts) for head in heads):
            heads.append(other)
    if one.articles > MANY or len(heads) > FEW or not all(_within(one, head) for head in heads):
        return None
    shared = [head for head in heads if _companions(one, head) & head.companions]
    if len(shared) != 1 or (not one.parts.given and one.articles > shared[0].articles):
        return None
    return shared[0]


def _bucket(one: _Person) -> tuple[str, str]:
    own = one.parts
    return (own.surname, beginning(own.given[0])) if own.given else ("", "")


def _fuller(one: _Person, rivals: list[_Person], people: list[_Person]) -> _Person | None:
    own = one.parts
    agreeing = [other for other in rivals if agree(own, other.parts)]
    best = next((other for other in agreeing if _within(one, other)), None)
    if best is None or best.rank >= one.rank:
        return None
    like = [other for other in rivals if other is best or agree(other.parts, best.parts)]
    if not all(other is best or agree(other.parts, best.parts) for other in agreeing):
        return None
    if not all(agree(own, other.parts) for other in like):
        return None
    how = agree(own, best.parts)
    others = sum(other.parts.full and other.parts.surname == own.surname for other in people) - len(like) - 1
    rare = others * share_of(own.given[0]) < CHANCE
    if (how is not Agreement.LETTER and _share(like, rivals, SHARE)) or (how is Agreement.INITIALS and rare):
        return best
    return best if one.articles <= MANY and _companions(one, best) & best.companions else None


def _share(some: Iterable[_Person], among: Iterable[_Person], share: float) -> bool:
    return sum(one.articles for one in some) >= share * sum(one.articles for one in among)


def _companions(one: _Person, other: _Person) -> set[str]:
    return one.companions - one.names - other.names


def _known(one: _Person, other: _Person, enough: bool) -> bool:
    """True if companions show that a short name is a full one's, or nothing speaks against it."""
    if one.articles > MANY:
        return enough and other.articles * RARELY >= one.articles
    mine = _companions(one, other)
    return bool(mine & other.companions) or (enough and not mine)
