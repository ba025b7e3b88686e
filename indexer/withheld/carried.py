"""What an index withholds, carried into one that its articles are copied to.

What a publisher has withdrawn from either index is in neither, unless it is of a later version; articles under embargo
wait in the other, too. All is in the ledger, which only a directory has: an index in a cluster remembers none of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from indexer.copies import near
from indexer.ledger import NAME, Ledger
from indexer.withheld import embargo, pictures, withdrawn
from indexer.withheld.withdrawn import Withdrawn, newer
from search import backends
from search.files import databases
from search.system import database
from search.values.article import Article
from search.values.query import Query
from search.values.versions import older, version_of

Part = tuple[str, str, int | None]
"""A part of an item: the item, the part, and the last version with it."""


class Withheld(NamedTuple):
    """What the ledger of an index withholds.

    Attributes:
        withdrawn: id → its withdrawal.
        embargoed: the rows of articles under embargo: id, the end, and the article.
        parts: the parts of items.
    """

    withdrawn: Mapping[str, Withdrawn]
    embargoed: list[tuple[str, str, bytes]]
    parts: list[Part]


class Carried(NamedTuple):
    """What was carried.

    Attributes:
        removed: the ids of articles that the publisher has withdrawn, and that were in the other index.
        embargoed: the number of articles that wait there for the end of their embargo.
        lost: the number of those that cannot wait there, since it is in a cluster.
    """

    removed: tuple[str, ...] = ()
    embargoed: int = 0
    lost: int = 0


class Carrying:
    """What two indexes withhold, while articles are copied from one to the other.

    Raises:
        IndexProblem: if a ledger cannot be read.
    """

    def __init__(self, source: str, place: str) -> None:
        self._place = place
        self._theirs = _withheld(source)
        ours = _withheld(place)
        parts = [(whole, part) for whole, part, _ in (*self._theirs.parts, *ours.parts) if part != whole]
        self._taken = _with_parts(self._theirs.withdrawn, parts)
        self._withdrawn = _together(_together(ours.withdrawn, self._taken), _dropped(ours.parts, self._theirs.parts))
        self._held = {name for name, _, _ in ours.embargoed}
        self._came: dict[str, str] = {}

    def keeps_out(self, article: Article, known: str) -> bool:
        """True if an article is not copied: it is withdrawn, or of a lower version than the one with a digest."""
        out = self._refuses(article, known)
        if not out and article.id in self._held:
            self._came[article.id] = article.digest
        return out

    def _refuses(self, article: Article, known: str) -> bool:
        taken = self._withdrawn.get(article.id)
        return older(article.digest, known) or (taken is not None and not newer(article.digest, taken.version))

    def finish(self) -> Carried:
        """Remove and remember what is withheld, when the articles have been copied."""
        folder = backends.folder(self._place)
        if folder is None:
            return Carried(self._take_down(self._taken), lost=len(self._theirs.embargoed))
        if not (self._withdrawn or self._theirs.embargoed or self._theirs.parts or Ledger.is_in(folder)):
            return Carried()
        with Ledger(folder) as ledger:
            removed = self._take_down({**self._taken, **self._remember(ledger)})
            with backends.open(self._place) as engine:
                embargoed = self._hold(ledger, engine.removals().blocked)
                near.renew(ledger, engine.export(Query()))
                pictures.rebuild(ledger, folder, lambda: engine.export(Query()))
            ledger.commit()
        return Carried(removed, embargoed)

    def _remember(self, ledger: Ledger) -> dict[str, Withdrawn]:
        """Store withdrawals and parts. Returns the parts that an item does not have in the last version of either."""
        withdrawn.remember_parts(ledger, self._theirs.parts)
        gone: dict[str, Withdrawn] = {}
        for whole in dict.fromkeys(whole for whole, _, _ in self._theirs.parts):
            gone.update(withdrawn.consists(ledger, whole, (), None))
        for name, taken in _together(self._withdrawn, gone).items():
            upto = withdrawn.withdraw(ledger, name, taken)
            embargo.supersede(ledger, name, upto)
        for name, digest in self._came.items():
            embargo.supersede(ledger, name, version_of(digest))
        return gone

    def _take_down(self, taken: Mapping[str, Withdrawn]) -> tuple[str, ...]:
        """Remove the withdrawn articles from the index. Returns their ids, in order."""
        if not taken:
            return ()
        with backends.writer(self._place) as writer:
            found = writer.digests(taken)
            removed = sorted(name for name in found if not newer(found[name], taken[name].version))
            for name in removed:
                writer.take_down(name)
        return tuple(removed)

    def _hold(self, ledger: Ledger, blocked: Collection[str]) -> int:
        """Store articles under embargo, unless the index has a later version; until the later of two ends.

        Returns:
            The number of those that were not stored before.
        """
        for name in blocked:
            embargo.drop(ledger, name)
        with backends.writer(self._place) as writer:
            known = writer.digests(name for name, _, _ in self._theirs.embargoed)
        count = 0
        for name, until, data in self._theirs.embargoed:
            article = embargo.decoded(data)
            earlier, ends = embargo.held(ledger, name), embargo.ends(ledger, name)
            digest = earlier.digest if earlier is not None else known.get(name, "")
            released = earlier is None and digest == article.digest
            if name not in blocked and not released and not self._refuses(article, digest):
                embargo.hold(ledger, article, max(until, ends.isoformat() if ends is not None else ""))
                count += earlier is None
        return count


def _together(one: Mapping[str, Withdrawn], other: Mapping[str, Withdrawn]) -> dict[str, Withdrawn]:
    """The withdrawals of both."""
    both = {name: withdrawn.both(one[name], other[name]) for name in one.keys() & other.keys()}
    return {**one, **other, **both}


def _with_parts(taken: Mapping[str, Withdrawn], parts: Iterable[tuple[str, str]]) -> Mapping[str, Withdrawn]:
    """Withdrawals, and those of an item for each of its parts."""
    return _together(taken, {part: taken[whole] for whole, part in parts if whole in taken})


def _dropped(ours: Iterable[Part], theirs: Sequence[Part]) -> dict[str, Withdrawn]:
    """The parts that an item of theirs does not have in the last version that either knows."""
    last = {whole: dict[str, int | None]() for whole, _, _ in theirs}
    for whole, part, version in chain(ours, theirs):
        if whole in last:
            seen = last[whole]
            seen[part] = withdrawn.last_with(seen[part], version) if part in seen else version
    return dict(chain.from_iterable(withdrawn.dropped(whole, seen) for whole, seen in last.items()))


def _withheld(place: str) -> Withheld:
    """What an index withholds; nothing if it has no ledger."""
    if not Ledger.is_in(Path(place)):
        return Withheld({}, [], [])
    with closing(database.connect(Path(place) / NAME, make=False)) as ledger:
        databases.refuse_foreign(ledger)
        (has_parts,) = ledger.execute("SELECT count(*) FROM sqlite_master WHERE name = 'parts'").fetchone()
        return Withheld(
            {name: Withdrawn(*taken) for name, *taken in ledger.execute("SELECT id, version, reason FROM withdrawn")},
            ledger.execute("SELECT id, until, article FROM embargoed").fetchall(),
            ledger.execute("SELECT whole, id, version FROM parts").fetchall() if has_parts else [],
        )
