"""Erases articles: from the index, from the ledger, and from the backups.

A backup made by hard links retains the bytes that the index deletes, and a copied one has its own; so the backups that
the index knows of are purged too, and anything else that still has the bytes is reported.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from shlex import quote
from typing import NamedTuple

import search
from desk.alerts.store import Alerts
from desk.audit.store import Audit
from desk.citations import store as citations
from desk.corrections.store import Store
from desk.lists.store import Lists
from desk.searches.store import Searches
from desk.store import erasing, where
from desk.traces import Values
from indexer.copies import near
from indexer.ledger import Ledger
from indexer.withheld import embargo, pictures
from search import backends
from search.engine import Purged, Writer
from search.errors import DatelineError, IndexProblem
from search.files import backup_list
from search.files import pictures as stored
from search.files.erasing import Watched
from search.names.authority import Authority, Change, Entry
from search.text.addresses import key as addresses_key
from search.text.tokens import fold
from search.values.article import Article

TELLING = ("person", "source", "section", "author")
"""Facets whose values may be of one article alone, and tell of it."""


class Holder(NamedTuple):
    """Something that still has data of a purged article: a backup, a job, files under other names; with the reason."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Erased:
    """The result of a purge.

    Attributes:
        found: the ids that had data.
        backups: the backups in which they were erased too.
        held: what still has data of them.
        note: what is not erased yet and will be.
    """

    found: frozenset[str]
    backups: tuple[Path, ...]
    held: tuple[Holder, ...]
    note: str


def purge(writer: Writer, place: str | Path, ids: Collection[str], articles: Collection[Article] = ()) -> Erased:
    """Erase articles from an index and from its backups; the blocks of the index are added to them too.

    Args:
        articles: those of them that were just removed, as they were.

    Raises:
        IndexProblem: if not all of the index could be rewritten; the articles are removed, and not erased.
    """
    wanted = frozenset(ids)
    watched: list[Watched] = []
    blocked = wanted & writer.blocked()
    try:
        done = [writer.purge(wanted)]
        values = _values_of_no_other(place, (*articles, *done[0].articles))
        _forget_names(writer, values)
        folder = backends.folder(place)
        if folder is None:
            _forget_decisions(place, wanted, values)
            writer.purge(())  # what was decided about names lay in documents of the cluster too
            return Erased(done[0].found, (), (), done[0].note)
        found = done[0].found | _forget(folder, wanted, values, done[0].renamed, blocked, writer, watched)
    except IndexProblem as problem:
        raise IndexProblem(f"The removed articles are not erased yet: {problem} Then purge them again.") from problem
    erased, held = [], []
    backup_list.add(folder)
    for backup in backup_list.read(folder):
        try:
            if there := _purge_backup(backup, wanted, values, blocked, done, watched):
                erased.append(backup)
                found |= there
        except DatelineError as problem:
            held.append(Holder(str(backup), f"{problem} Then: dateline delete {quote(str(backup))} ID --purge."))
    left = frozenset[object]().union(*(one.left() for one in done), *(one.left() for one in watched))
    if left and not held:
        why = "They have other names on this disk, such as those of a copy by hard links unknown to the index."
        held.append(Holder(f"{len(left)} file{'' if len(left) == 1 else 's'}", why))
    return Erased(found, tuple(erased), tuple(held), "")


def forget(copy: Path, ids: frozenset[str]) -> int:
    """Erase articles from a copy of a backup that is to be restored, where nobody may have purged them yet.

    Pictures, which others may be on, are left to `indexer.withheld.restored`.

    Returns:
        How many of them it had.
    """
    with search.writer(copy) as writer:
        count = len(writer.digests(ids))
        purged = writer.purge(ids)
        values = _values_of_no_other(copy, purged.articles)
        _forget_names(writer, values)
    if Ledger.is_in(copy):
        with Ledger(copy) as ledger:
            _forget_records(ledger, ids, purged.renamed, ids)
            ledger.commit()
            ledger.vacuum()
    _forget_decisions(copy, ids, values, copy / where.FILE)
    return count


def _purge_backup(
    backup: Path,
    ids: frozenset[str],
    values: Values,
    blocked: frozenset[str],
    done: list[Purged],
    watched: list[Watched],
) -> frozenset[str]:
    search.open(backup).close()  # do not create an index
    with search.writer(backup) as writer:
        for name in blocked:
            writer.block(name)
        purged = writer.purge(ids)
        done.append(purged)
        own = _values_of_no_other(backup, purged.articles) | frozenset(values)
        _forget_names(writer, own)
        return purged.found | _forget(backup, ids, own, purged.renamed, blocked, writer, watched, backup / where.FILE)


def _values_of_no_other(place: str | Path, erased: Collection[Article]) -> frozenset[tuple[str, str]]:
    """The facets and the folded values of articles that no article in an index has any more."""
    found = {(facet, fold(value)) for article in erased for facet in TELLING for value in _of(article, facet)}
    with search.open(place) as engine:
        names = engine.authority()
        for facet in TELLING:
            for alias, listed in names.names(facet).listed.items():
                if not found.isdisjoint(both := {(facet, alias), (facet, fold(listed))}):
                    found |= both
        gone = {(facet, value) for facet, value in found if not engine.listing(facet, (value,))}
    addresses = {("url", addresses_key(article.url)) for article in erased if article.url}
    return frozenset(gone | addresses)


def _of(article: Article, facet: str) -> tuple[str, ...]:
    value = getattr(article, facet)
    return (value,) if isinstance(value, str) else value or ()


def _forget_names(writer: Writer, values: Values) -> None:
    """Erase what people have decided about names that no article has any more, from the journal too.

    A change stays, so that others keep their numbers, with what else it has done. What is blocked stays blocked.
    """
    before = writer.authority()
    names = {name for _, name in values}

    def is_gone(entry: Entry) -> bool:
        said = ((entry.kind, fold(name)) for name in (entry.name, entry.alias) if name)
        return entry.action != "block" and any(one in values for one in said)

    def without(change: Change) -> Change:
        added, removed = ([one for one in some if not is_gone(one)] for some in (change.added, change.removed))
        if len(added) + len(removed) == len(change.added) + len(change.removed):
            return change
        tells = not (added or removed) or any(name in fold(change.what) for name in names)
        return replace(change, what="" if tells else change.what, added=tuple(added), removed=tuple(removed))

    journal = tuple(map(without, before.journal))
    after = Authority(tuple(entry for entry in before.entries if not is_gone(entry)), journal)
    if after != before:
        writer.set_authority(after)
        writer.commit()


def _forget(
    folder: Path,
    ids: frozenset[str],
    values: Values,
    renamed: Mapping[str, str],
    blocked: frozenset[str],
    writer: Writer,
    watched: list[Watched],
    at: Path | None = None,
) -> frozenset[str]:
    """Erase all data about some articles from the ledger of an index, and their ids from what people have decided.

    A file that contained one of them is read again by the next run. A withdrawal by the publisher is remembered only as
    its id, and only if that is not blocked.

    Args:
        watched: the erased pictures are added to it.
        at: the file with the desk, of a backup.

    Returns:
        The ids that had an article under embargo.
    """
    _forget_decisions(folder, ids, values, at)
    if not Ledger.is_in(folder):
        stored.remove(folder, stored.names(folder))  # which of them it is on is not known; the next run stores them
        return frozenset()
    with Ledger(folder) as ledger:
        known = _forget_records(ledger, ids, renamed, blocked)
        watched.append(pictures.erase(ledger, folder, ids, blocked))
        ledger.commit()
        pictures.tidy(ledger, folder, writer.stored)
        ledger.vacuum()
    return known


def _forget_records(
    ledger: Ledger, ids: Collection[str], renamed: Mapping[str, str], blocked: Collection[str]
) -> frozenset[str]:
    """Erase some articles from a ledger. Returns the ids that had an article under embargo."""
    known = frozenset([name for name in ids if embargo.drop(ledger, name)])
    files = set()
    for name in ids:
        near.forget(ledger, name)
        ledger.execute("UPDATE sketches SET team = ? WHERE team = ?", (renamed.get(name), name))
        ledger.execute("DELETE FROM parts WHERE id = ?", (name,))
        if name in blocked:
            ledger.execute("DELETE FROM withdrawn WHERE id = ?", (name,))
        else:
            ledger.execute("UPDATE withdrawn SET reason = '' WHERE id = ?", (name,))
    for number, name in ledger.execute("SELECT file, id FROM records WHERE id != ''"):
        if name in ids:
            files.add(number)
    ledger.execute_many("DELETE FROM records WHERE file = ?", [(number,) for number in files])
    ledger.execute_many("DELETE FROM files WHERE number = ?", [(number,) for number in files])
    return known


def _forget_decisions(place: str | Path, ids: frozenset[str], values: Values, at: Path | None = None) -> None:
    """Erase some articles, and values that were theirs alone, from what people have decided."""
    if not (where.there(place) if at is None else where.is_file(at) or where.former(place)):
        return
    with Store(place, at) as store:
        store.erase(ids)
    with Lists(place, at) as lists:
        lists.erase(ids)
    for kind in (citations.Store, Searches, Alerts):
        with kind(place, at) as told:
            told.erase(ids, values)
    with Audit(place, at) as log:
        log.erase(ids)
    erasing.erase(place, at)
