"""Applies decisions to the index: adds and removes articles, and commits from time to time.

The ledger is written after the index (see `Transaction.commit`), so that after a crash it never lists an article as
indexed that is not.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from desk.corrections.overlay import as_found
from indexer.copies.near import Near
from indexer.ledger import FileStamp, Ledger, Remembered
from indexer.readers.shared.problems import indexed
from indexer.report import Rejections, Report
from indexer.run.clash import Face, face, problem
from indexer.run.entered import Entered, Note
from indexer.run.policy import GONE
from indexer.safe.faults import Fault
from indexer.withheld import embargo, pictures
from indexer.workers.work import Enriched
from search.engine import Writer
from search.said import said
from search.values.article import Article, changed
from search.values.versions import version_of

COMMIT_ARTICLES = 20_000
COMMIT_SECONDS = 10.0
COMMIT_CHARACTERS = 64 * 1024 * 1024
LEDGER_RECORDS = 20_000
"""Records that wait to be stored; unchanged ones are no reason to commit."""


class FinishedFile(NamedTuple):
    """A file that was read to its end: its number in the ledger, and its stamp."""

    number: int
    stamp: FileStamp
    asked: Mapping[str, tuple[int, int]]
    records: int


@dataclass(frozen=True, slots=True)
class Addition:
    """Articles to enrich and add, without a removal between them."""

    articles: list[Article]


@dataclass(frozen=True, slots=True)
class Removal:
    """An id that was withdrawn, at its place among the articles of a batch."""

    id: str


@dataclass(slots=True)
class Plan:
    """The decisions about a batch.

    Attributes:
        steps: articles to add (enriched) and ids to remove, in order.
        notes: records for the ledger: the number of a file, the number in it, the record.
        paths: id → where the article is from.
        read: the number of articles of the batch that are counted as read.
    """

    steps: list[Addition | Removal] = field(default_factory=list)
    notes: list[tuple[int, int, Remembered]] = field(default_factory=list)
    paths: dict[str, str] = field(default_factory=dict)
    ended: list[FinishedFile] = field(default_factory=list)
    read: int = 0

    def add(self, article: Article, path: str) -> None:
        """Enrich and add an article, after all before."""
        self.paths[article.id] = path
        if self.steps and isinstance(last := self.steps[-1], Addition):
            last.articles.append(article)
        else:
            self.steps.append(Addition([article]))

    def remove(self, article_id: str) -> None:
        """Remove an article, after all before."""
        self.steps.append(Removal(article_id))

    @property
    def wanted(self) -> list[list[Article]]:
        """The articles to enrich, grouped so that there is no removal within a group."""
        return [step.articles for step in self.steps if isinstance(step, Addition)]


class Present:
    """The digests of articles in the index: as committed, and as decided since by this run.

    An article that has by newer rules the facts that it had, is stored with another digest than it has by these, which
    the ledger knows.

    Args:
        writer: None is an empty index.
    """

    def __init__(self, writer: Writer | None, ledger: Ledger) -> None:
        self._writer = writer
        self._ledger = ledger
        self._decided: dict[str, str] = {}
        self._faces: dict[str, Face] = {}
        self._stored: tuple[str, Article | None] = ("", None)

    def committed(self, ids: Sequence[str]) -> Mapping[str, str]:
        """The digests of ids as of the last commit."""
        if self._writer is None:
            return {}
        stored = self._writer.digests(ids)
        renewed = self._ledger.renewed(stored.values())
        return {name: renewed.get(digest, digest) for name, digest in stored.items()} if renewed else stored

    def digest(self, article_id: str, committed: Mapping[str, str]) -> str:
        """The digest of an id, decided or else committed; `GONE` if there is none."""
        return self._decided.get(article_id, committed.get(article_id, GONE))

    def look_up(self, article_id: str) -> str:
        """The digest of one id, as returned by `digest`."""
        return self.digest(article_id, {} if article_id in self._decided else self.committed([article_id]))

    def decide(self, article: Article) -> None:
        """Set the article that an id will have in the index."""
        self._decided[article.id] = article.digest
        self._faces[article.id] = face(article)

    def decide_gone(self, article_id: str) -> None:
        """Take note that an id will not be in the index."""
        self._decided[article_id] = GONE
        self._faces.pop(article_id, None)

    def stored(self, article_id: str) -> Article | None:
        """The committed article of an id, without its corrections; the last one is remembered."""
        if self._stored[0] != article_id:
            found = self._writer.stored(article_id) if self._writer is not None else None
            self._stored = article_id, as_found(found) if found is not None else None
        return self._stored[1]

    def clashing(self, article: Article, committed: Mapping[str, str]) -> str:
        """Why an article must not replace the one with its id, which is another one; "" if it may."""
        known = self.digest(article.id, committed)
        if known in (GONE, article.digest) or version_of(article.digest) is not None:
            return ""
        before = self._face(article.id)
        return problem(article.id, before, face(article)) if before is not None else ""

    def _face(self, article_id: str) -> Face | None:
        """What the article of an id is recognized by, decided or else committed; None if there is none."""
        if article_id in self._decided:
            return self._faces.get(article_id)
        found = self.stored(article_id)
        return face(found) if found is not None else None

    def among(self, ids: Sequence[str]) -> frozenset[str]:
        """Those of some ids that are in the index or about to be."""
        committed = self.committed([article_id for article_id in ids if article_id not in self._decided])
        return frozenset([article_id for article_id in ids if self.digest(article_id, committed) != GONE])

    def settle(self, added: Mapping[str, str]) -> None:
        """Remove the decisions about articles that are committed now, unless they were changed since."""
        self._stored = "", None
        for article_id, digest in added.items():
            if self._decided.get(article_id) == digest:
                del self._decided[article_id]
                self._faces.pop(article_id, None)


class Transaction:
    """Changes that wait to be committed.

    Attributes:
        durable: the number of articles counted as read that are safely in the index.

    Args:
        note: takes note of what is entered.
    """

    def __init__(
        self,
        writer: Writer,
        ledger: Ledger,
        near: Near,
        present: Present,
        report: Report,
        rejections: Rejections,
        note: Note | None = None,
    ) -> None:
        self.durable = 0
        self._note = note
        self._held: dict[str, str] = {}
        self._writer = writer
        self._ledger = ledger
        self._near = near
        self._before = writer.blocked()
        self._unsettled = self._before
        self._present = present
        self._report = report
        self._rejections = rejections
        self._read = 0
        self._added: dict[str, str] = {}
        self._characters = 0
        self._removed = 0
        self._notes: list[tuple[int, int, Remembered]] = []
        self._ended: list[FinishedFile] = []
        self._released: list[str] = []
        self._committed = time.monotonic()

    def take(self, plan: Plan, done: Sequence[Enriched]) -> None:
        """Apply the decisions about a batch.

        Args:
            done: the articles that the plan wanted, with their facts, in order.
        """
        self._read += plan.read
        ready = iter(done)
        for step in plan.steps:
            if isinstance(step, Removal):
                self.remove(step.id, taken_down=True)
                continue
            missing = len(step.articles)
            while missing:
                some = next(ready)
                self.add(some, plan.paths)
                missing -= len(some.summaries)
        self._notes += plan.notes
        self._ended += plan.ended
        if self._is_due:
            self.commit()

    @property
    def _is_due(self) -> bool:
        is_time = time.monotonic() - self._committed > COMMIT_SECONDS
        return bool(
            (is_time and (self._added or self._removed or self._notes or self._writer.has_takedowns()))
            or len(self._added) >= COMMIT_ARTICLES
            or self._characters > COMMIT_CHARACTERS
            or len(self._notes) >= LEDGER_RECORDS
        )

    def add(self, enriched: Enriched, paths: Mapping[str, str]) -> None:
        """Add articles, each with its near-duplicate group; an article that becomes first in one is updated too."""
        groups: list[str | None] = []
        numbers: dict[str, int] = {}
        places = self._near.place_all([(summary.id, summary.sketch) for summary in enriched.summaries])
        for number, (summary, place) in enumerate(zip(enriched.summaries, places, strict=True)):
            if place.first is not None and place.first != summary.id and place.group is not None:
                # it is of this batch itself, and has not been given to the writer
                if place.first in numbers:
                    groups[numbers[place.first]] = place.group
                else:
                    self._writer.regroup(place.first, place.group)
            groups.append(place.group)
            numbers[summary.id] = number
            self._added[summary.id] = summary.digest
            self._characters += summary.characters
            pictures.show(self._ledger, summary.id, summary.pictures)
            path = paths.get(summary.id, "")
            if summary.limit:
                self._report.warn(path, None, indexed(summary.id, summary.limit))
            for met in summary.faults:
                count_fault(
                    self._report, self._rejections, sys.maxsize, path, met,
                    said("“{id}” is indexed without the facts of that step.", id=summary.id),
                )  # fmt: skip
        if enriched.prepared is not None:
            self._writer.add_prepared(enriched.prepared, groups)
        for article, group in zip(enriched.articles, groups, strict=False):
            self._writer.add(article if article.group == group else changed(article, group=group))

    def remove(self, article_id: str, taken_down: bool = False) -> None:
        """Remove an article; one that is taken down is removed from lists begun earlier, too."""
        (self._writer.take_down if taken_down else self._writer.delete)(article_id)
        self._near.forget(article_id)
        pictures.hide(self._ledger, article_id)
        self._added.pop(article_id, None)
        self._removed += 1

    def release(self, article_id: str, enriched: Enriched | None) -> None:
        """End the embargo of an article with the next commit. Adds the article, unless `enriched` is None."""
        if enriched is not None:
            self._read += 1
            self.add(enriched, {})
        self._released.append(article_id)

    def hold(self, article: Article) -> None:
        """Take note of an article that was stored under embargo."""
        self._held[article.id] = article.digest

    def commit(self) -> None:
        """Make changes durable: sketches and articles under embargo, then the index, then the records read.

        In this order, the ledger never lists an article as indexed after a crash that is not.
        """
        self._near.settle()
        if self._note is not None and (entered := self._entered()):
            self._note(entered)
        if self._added or self._removed or self._writer.has_takedowns():
            self._ledger.commit()
            self._writer.commit()
        self._forget_blocked()
        self._ledger.remember(self._notes)
        for ended in self._ended:
            self._ledger.stamp(ended.number, ended.stamp, dict(ended.asked), ended.records)
        for article_id in self._released:
            embargo.drop(self._ledger, article_id)
        self._ledger.commit()
        self._near.committed()
        self._present.settle(self._added)
        self._added, self._characters, self._removed = {}, 0, 0
        self._notes, self._ended, self._released, self._held = [], [], [], {}
        self.durable += self._read
        self._read = 0
        self._committed = time.monotonic()

    def _entered(self) -> list[Entered]:
        """What the next commit enters of the files that are read, but not what others have stored under embargo."""
        released = set(self._released)
        ids = [article_id for article_id in self._added if article_id not in released]
        committed = self._present.committed(ids)
        return [
            *(
                Entered(each, self._added[each], self._present.stored(each) if each in committed else None)
                for each in ids
            ),
            *(Entered(each, digest, None) for each, digest in self._held.items()),
        ]

    def _forget_blocked(self) -> None:
        """Forget what another process has blocked since this run began, which the commit has removed; and once what was
        blocked before, by a process that could not write to the ledger.
        """
        blocked = sorted((self._writer.blocked() - self._before) | self._unsettled)
        self._unsettled = frozenset()
        if not blocked:
            return
        here = [self._ledger.among(table, "id", blocked) for table in ("sketches", "pictures", "embargoed")]
        for article_id in frozenset().union(*here, self._added.keys() & blocked):
            self._near.forget(article_id)
            pictures.hide(self._ledger, article_id)
            embargo.drop(self._ledger, article_id)
            if self._added.pop(article_id, None) is not None:
                self._report.removed += 1
                told = f"“{article_id}” was blocked while it was indexed: it is not in the index."
                self._report.warn("", None, told)


def count_fault(report: Report, rejections: Rejections, file: int, path: str, met: Fault, outcome: str) -> None:
    """Count an internal error that did not cost an article.

    Args:
        file: the number of the file in the run.
        outcome: what was done with the article.
    """
    report.internal_errors += 1
    rejections.add(file, path, None, f"Dateline failed on it: {met}. {outcome} Please report it.", met=met)
