"""Proof of what an upgrade or new rules have changed: saved searches, alerts, lists and citations are asked before it
and again after it, and what differs is told with its reason.

    before = proof.begin(place, engine, read, "enrich")    # an interrupted run finds what it has remembered
    …                                                      # however often that is interrupted
    told = proof.differences(place, engine, read, before, why)
    proof.end(place)                                       # once all of them are told

`engine` is that of `desk.open`, of the index as it was and as it is then. `read` makes the query of a stored question
on a day, which is that of the beginning, so that “the last week” is the same week: stored questions are parameters of
URLs, which only the service reads (`service.formats.question.on`). `why` gives the reason for one difference.

What was found is remembered in `FILE`, where the desk of the index is by default: numbers and hashes only, so that
nothing that is purged is in it. Of results up to `LISTED` articles it can be said which articles came, and how many
went. Cost: each question is asked twice, and the articles of each cited result are read twice.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Literal, NamedTuple

import orjson

from desk.alerts.store import Alerts
from desk.citations.result import entry, hash_of, ordered
from desk.citations.store import Store as Citations
from desk.lists.store import Lists
from desk.searches.store import Searches
from desk.store import where
from search.engine import Engine, present_among
from search.errors import BadQuery
from search.names.completion import label
from search.names.vocabulary import vocabulary
from search.syntax import parse
from search.syntax.nodes import Value, nodes
from search.system import disk
from search.text import dates
from search.text.tokens import fold
from search.values.query import VALUE_LISTS, Query

FILE = "proof.json"
LISTED = 10_000
"""The greatest result of which each article is remembered, in eight bytes."""
MOST = 100_000
"""The greatest result whose articles are read; of a larger one only the number is remembered."""
_VERSION = 1
_ID_BYTES = 8

Kind = Literal["search", "alert", "list", "citation"]
Read = Callable[[str, date], Query]
"""Makes the query of a stored question, as asked on a day. Raises BadQuery."""
Progress = Callable[[int, int], None]
"""Called with the number of questions that were asked, and of all."""


class Question(NamedTuple):
    """What is asked.

    Attributes:
        key: identifies it among those of its kind, whatever its name.
        text: its parameters as a query string; of a list, its name.
    """

    kind: Kind
    key: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question has found, without a word of it.

    Attributes:
        kind, key: those of the question; `asked`: the hash of its text.
        total: the number of articles, or of stories; None if it cannot be asked.
        found: the hash of the result; "" if it has more than `MOST` articles.
        ids: the hashes of the ids of its articles, ascending, in Base64; "" if it has more than `LISTED`.
    """

    kind: Kind
    key: str
    asked: str
    total: int | None
    found: str = ""
    ids: str = ""


@dataclass(frozen=True, slots=True)
class Before:
    """What was found before.

    Attributes:
        what: what is about to change the index: `upgrade`, `enrich`.
        version: to what it changes it, in its own words.
        began: the time in UTC; `day`: the day on which the questions are asked, then and later.
    """

    what: str
    version: str
    began: str
    day: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A question that finds something else than before.

    Attributes:
        name, question: of the search, alert or list; of a citation its id and its question.
        then, now: the number of articles; None if it could not be asked, or cannot be.
        came: the ids of articles that are new in it; `went`: the number of those that are not in it any more. Both as
            far as they are known.
        why: the reason, in a sentence.
    """

    kind: Kind
    name: str
    question: str
    then: int | None
    now: int | None
    came: tuple[str, ...]
    went: int
    why: str


Why = Callable[[Query | None, Collection[str]], str]
"""Gives the reason why a question, None for a list, finds something else; called with the ids of what came."""


def begin(
    place: str | Path,
    engine: Engine,
    read: Read,
    what: str,
    version: str = "",
    progress: Progress = lambda _done, _all: None,
) -> Before:
    """Ask everything, and remember the answers, durably.

    Returns:
        Those, or what an interrupted run of the same has remembered.

    Raises:
        CannotWrite: if it cannot be stored.
    """
    known = remembered(place)
    if known is not None and (known.what, known.version) == (what, version):
        return known
    today = date.today()
    before = Before(
        what, version, dates.now(), today.isoformat(), tuple(_answers(place, engine, read, today, progress))
    )
    path = _path(place)
    disk.make_folder(path.parent)
    disk.put(path, orjson.dumps({"version": _VERSION, "before": asdict(before)}))
    disk.sync_folder(path.parent)
    return before


def remembered(place: str | Path) -> Before | None:
    """What was remembered and not ended; None if there is nothing, or if it cannot be read: then it is asked again."""
    try:
        record = orjson.loads(_path(place).read_bytes())
        if record["version"] != _VERSION:
            return None
        before = record["before"]
        return Before(**before | {"answers": tuple(Answer(**each) for each in before["answers"])})
    except (OSError, ValueError, KeyError, TypeError):
        return None


def differences(
    place: str | Path,
    engine: Engine,
    read: Read,
    before: Before,
    why: Why,
    progress: Progress = lambda _done, _all: None,
) -> Iterator[Difference]:
    """Ask everything again, and yield what differs. What people have made, changed or deleted since does not."""
    then = {(each.kind, each.key, each.asked): each for each in before.answers}
    day = date.fromisoformat(before.day)
    for question, now, ids in _asked(place, engine, read, day, progress):
        earlier = then.get((question.kind, question.key, now.asked))
        if earlier is None or (earlier.total, earlier.found) == (now.total, now.found):
            continue
        came, went = _moved(earlier, now, ids)
        query = None if question.kind == "list" or now.total is None else read(question.text, day)
        yield Difference(
            question.kind, question.name, question.text, earlier.total, now.total, came, went, why(query, came)
        )


def end(place: str | Path) -> None:
    """Forget what was remembered: all differences have been told."""
    disk.remove(_path(place))


def named_in(query: Query) -> frozenset[tuple[str, str]]:
    """The values that a query names, each with its facet: in its filters and in its words."""
    listed = {
        (name, value)
        for name, wanted in query.filters.items()
        for which in VALUE_LISTS
        for value in getattr(wanted, which)
    }
    written = {(node.facet, node.value) for node in nodes(parse(query.text).tree) if isinstance(node, Value)}
    return frozenset(listed | written)


Moved = Mapping[str, Mapping[str, tuple[int, int]]]
"""Facet → value → the number of articles that have it now and had it not, and of those that had it and have it not."""


class Touched(NamedTuple):
    """A value that a question names, and that articles have got or lost."""

    facet: str
    value: str
    came: int
    went: int


def touched(engine: Engine, query: Query, moved: Moved) -> tuple[Touched, ...]:
    """The values that a query names and that have moved, in order: under all their names; a topic with those below."""
    found = []
    for facet, value in sorted(named_in(query)):
        names = {fold(value), *(fold(each.name) for each in engine.names(facet, value))}
        above = vocabulary("topic").ancestors if facet == "topic" else None
        counts = [
            each
            for name, each in moved.get(facet, {}).items()
            if fold(name) in names or (above is not None and value in above(name))
        ]
        if counts:
            found.append(Touched(facet, value, sum(came for came, _ in counts), sum(went for _, went in counts)))
    return tuple(found)


def all_touched(place: str | Path, engine: Engine, read: Read, moved: Moved) -> Iterator[tuple[Question, Touched]]:
    """The saved searches and alerts that name a value that has moved, each with all of these."""
    for question in _questions(place):
        if question.kind in ("search", "alert"):
            try:
                query = read(question.text, date.today())
            except BadQuery:
                continue
            for one in touched(engine, query, moved):
                yield question, one


def by_moves(engine: Engine, before: Before, moved: Moved, dated: int = 0) -> Why:
    """Gives the reason for a difference after the facts of articles were renewed by new rules.

    Args:
        dated: the number of articles with another date or byline, which citations quote.
    """

    def why(query: Query | None, came: Collection[str]) -> str:
        if query is not None and (values := touched(engine, query, moved)):
            return f"By new rules: {', '.join(map(told, values))}."
        new = sum(1 for each in came if (engine.article(each).added or "") >= before.began)
        if new:
            return f"Since it was asked before, {new:,} of its articles came into the archive."
        if query is not None and dated:
            return "By new rules articles have another date or byline."
        return "By new rules in a part that was interrupted, or by what others have written meanwhile."

    def told(one: Touched) -> str:
        return f"{one.facet} “{label(one.facet, one.value, engine.authority().names(one.facet))}” {signed(one)}"

    return why


def signed(one: Touched) -> str:
    """How a value has moved: `+3 −1`."""
    return " ".join([f"+{one.came:,}"] * bool(one.came) + [f"−{one.went:,}"] * bool(one.went))


def _path(place: str | Path) -> Path:
    return where.by_default(place, FILE)


def _questions(place: str | Path) -> list[Question]:
    """All that is asked."""
    if not where.there(place):
        return []
    with Searches(place) as searches, Alerts(place) as alerts, Lists(place) as lists, Citations(place) as citations:
        return [
            *(Question("search", str(one.number), one.name, one.question) for one in searches.listed("")),
            *(Question("alert", str(one.number), one.name, one.question) for one in alerts.listed()),
            *(Question("list", str(lists.stamp(one.name)[0]), one.name, one.name) for one in lists.listed()),
            *(Question("citation", one.id, one.id, one.question) for one in citations.listed()),
        ]


def _answers(place: str | Path, engine: Engine, read: Read, day: date, progress: Progress) -> Iterator[Answer]:
    return (answer for _, answer, _ in _asked(place, engine, read, day, progress))


def _asked(
    place: str | Path, engine: Engine, read: Read, day: date, progress: Progress
) -> Iterator[tuple[Question, Answer, frozenset[str]]]:
    """Ask everything: each question with its answer, and the ids that it finds if they are at most `MOST`."""
    questions = _questions(place)
    for number, question in enumerate(questions):
        progress(number, len(questions))
        answer, ids = _ask(place, engine, read, question, day)
        yield question, answer, ids
    progress(len(questions), len(questions))


def _ask(place: str | Path, engine: Engine, read: Read, question: Question, day: date) -> tuple[Answer, frozenset[str]]:
    asked = sha256(question.text.encode("utf-8", "surrogatepass")).hexdigest()
    ids = frozenset[str]()
    content = ""
    try:
        if question.kind == "list":
            with Lists(place) as lists:
                ids = present_among(engine, lists.ids(question.name))
            total = len(ids)
        else:
            query = read(question.text, day)
            (total,) = engine.totals([query])
            if total <= MOST:
                if question.kind == "citation":
                    entries = ordered(map(entry, islice(engine.export(query), MOST + 1)))
                    content, ids = hash_of(entries), frozenset(each.id for each in entries)
                else:
                    (ids,) = engine.matching([query])
    except BadQuery:  # such as a list that is gone
        return Answer(question.kind, question.key, asked, None), ids
    if total > MOST or len(ids) > MOST:  # of stories, there are more articles
        return Answer(question.kind, question.key, asked, total), frozenset()
    hashed = sorted(map(_hashed, ids))
    found = content or sha256(b"".join(hashed)).hexdigest()
    listed = b64encode(b"".join(hashed)).decode() if len(hashed) <= LISTED else ""
    return Answer(question.kind, question.key, asked, total, found, listed), ids


def _hashed(article_id: str) -> bytes:
    return sha256(article_id.encode()).digest()[:_ID_BYTES]


def _moved(then: Answer, now: Answer, ids: Collection[str]) -> tuple[tuple[str, ...], int]:
    """The ids that came, in order, and the number of those that went, if both results are listed."""
    if (then.total and not then.ids) or (now.total and not now.ids):
        return (), 0
    before = _listed(then.ids)
    came = tuple(sorted(one for one in ids if _hashed(one) not in before))
    return came, len(before) - (len(ids) - len(came))


def _listed(ids: str) -> frozenset[bytes]:
    data = b64decode(ids)
    return frozenset(data[at : at + _ID_BYTES] for at in range(0, len(data), _ID_BYTES))


def in_words(differences: Sequence[Difference]) -> Iterator[str]:
    """Each difference as a line for people."""
    for one in differences:
        counts = f"{_number(one.then)} → {_number(one.now)}"
        moved = [f"{number} {word}" for number, word in ((len(one.came), "came"), (one.went, "went")) if number]
        told = f" ({', '.join(moved)})" if moved else ""
        yield f"{one.kind} “{one.name}”: {counts}{told}. {one.why}"


def _number(total: int | None) -> str:
    return "cannot be asked" if total is None else f"{total:,}"
