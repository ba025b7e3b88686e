"""Applies `policy` to the records of an archive, in order.

`Run.decide` decides about a batch of records and returns the articles to enrich; `Run.take` is called with the enriched
articles of the same batches in the same order, and passes them to `commit`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import assert_never

from desk.corrections.overlay import carrying
from desk.corrections.store import Store
from indexer.archive.walk import SourceFile
from indexer.copies import dedupe
from indexer.copies.near import Near
from indexer.ledger import FileStamp, Ledger, Remembered
from indexer.readers.shared.problems import indexed, warnings
from indexer.report import MOST_WARNINGS, Rejections, Report
from indexer.run import policy
from indexer.run.commit import FinishedFile, Plan, Present, Transaction, count_fault
from indexer.run.entered import Entered, Note
from indexer.run.files import ReadFile, rejected
from indexer.run.missing import Missing
from indexer.run.policy import Holding, Outcome, Standing
from indexer.run.reading import by_these_rules
from indexer.withheld import embargo, pictures, withdrawn
from indexer.withheld.withdrawn import Withdrawn
from indexer.workers.found import (
    ArticleRead,
    Batch,
    EmbargoedRead,
    FileEnd,
    NotAnArticle,
    PartsRead,
    Unreadable,
    WithdrawalRead,
)
from indexer.workers.work import BATCH, Enriched, enriched
from search.engine import Writer
from search.said import said
from search.text import dates
from search.values.article import Article, changed
from search.values.versions import older, version_of

_REJECTED = ("problem", "none", "clash")
"""Kinds of stored records that are reported in each run."""
_FOR_EVER = "9999-01-01T00:00:00Z"


class Run:
    """One run of the indexer: applies decisions to the writer and the ledger.

    Attributes:
        report: the results so far.
        now: the current time, which decides about embargoes.

    Args:
        writer: of the index; None, for a dry run, is an empty index.
        reading: identifies the way of reading files (`reading_of`).
        dry: count only.
        keep_present: record the ids in the archive, for `delete_missing`.
        earlier: the articles of earlier runs, if the ledger does not have them.
        copies_hours: the greatest time between the publication of near-duplicates.
        corrections: of the index; None if it has none.
        note: takes note of what is entered.
        sees: False for an article that nothing may tell of.
    """

    def __init__(
        self,
        writer: Writer | None,
        ledger: Ledger,
        reading: str,
        *,
        now: datetime,
        dry: bool,
        keep_present: bool,
        earlier: Callable[[], Iterable[Article]] | None = None,
        copies_hours: float = dedupe.WINDOW_HOURS,
        corrections: Store | None = None,
        note: Note | None = None,
        sees: Callable[[Article], bool] = lambda _: True,
    ) -> None:
        self.report = Report()
        self.now = now
        self._writer = writer
        self._ledger = ledger
        self._reading = reading
        self._rejections = Rejections()
        self._present = Present(writer, ledger)
        self._transaction: Transaction | None = None
        if writer is not None and not dry:
            near = Near(ledger, self._present.among, writer.stored, earlier, copies_hours)
            self._transaction = Transaction(writer, ledger, near, self._present, self.report, self._rejections, note)
        self._blocked = writer.blocked() if writer is not None else frozenset()
        self._plans: deque[Plan] = deque()
        self._files: dict[int, ReadFile] = {}
        self._missing = Missing(ledger, keep_present)
        self._withdrawn: set[str] = set()  # of the ids of a batch, those that may be withdrawn, or under embargo
        self._embargoed: set[str] = set()
        self._passed = 0
        self._noted: set[str] = set()
        self._sees = sees
        self._corrections = corrections
        self._corrected = corrections.articles() if corrections is not None else frozenset[str]()

    @property
    def durable(self) -> int:
        """The number of articles counted as read that are safely in the index."""
        return self._passed + (self._transaction.durable if self._transaction is not None else 0)

    # unchanged files

    def skip_unchanged(
        self, number: int, source: SourceFile, unchanged_neighbour: Callable[[str, tuple[int, int]], bool]
    ) -> bool:
        """Count a file that is unchanged, and whose articles are in the index.

        Returns:
            False if the file must be read.
        """
        if source.problem is not None:
            return False
        known = self._ledger.unchanged_file(
            source.origin.collection, source.origin.name, self._stamp(source), unchanged_neighbour, by_these_rules
        )
        if known is None:
            return False
        articles = embargoed = place = 0
        problems: list[tuple[str, int | None, str, int]] = []
        damaged = here = False
        while records := self._ledger.records(known, place, 5000):
            place += len(records)
            committed = self._present.committed([r.id for r in records if r.kind in ("article", "embargoed", "clash")])
            for record in records:
                if record.kind == "clash" and not self._present.digest(record.id, committed):
                    return False
                if record.kind in _REJECTED:
                    damaged |= record.kind == "problem"
                    problems.append((record.path, record.line, record.reason, record.times))
                elif record.kind == "withdrawal":
                    continue
                elif refusal := policy.refusal(self._standing(record.id, committed), None):
                    problems.append((record.path or source.origin.path, None, refusal, 1))
                elif record.id in committed or self._present.digest(record.id, {}):
                    articles += 1
                elif record.kind == "embargoed" and (ends := embargo.ends(self._ledger, record.id)) is not None:
                    here = True
                    embargoed += policy.embargoed(ends, self.now)  # otherwise it is counted when it is released
                else:
                    return False
        self._missing.found_unchanged(source.origin.collection, known, articles > 0 or here)
        if damaged:
            self._missing.damaged.add(source.origin.collection)
        self.report.read += articles
        self.report.unchanged += articles
        if self._ledger.reading(known) != self._reading:
            self.report.outdated += articles
        self._passed += articles
        self.report.embargoed += embargoed
        for problem in problems:
            self._rejections.add(number, *problem)
        return True

    def begin(self, number: int, source: SourceFile) -> None:
        """Prepare for a file that is to be read."""
        known = self._ledger.number(source.origin.collection, source.origin.name)
        self._files[number] = ReadFile(source, known, withdrawn.by_file(self._ledger, known))

    def _stamp(self, source: SourceFile) -> FileStamp:
        return FileStamp(source.size, source.changed_ns, source.inode, self._reading)

    # records, in the order of the archive

    def decide(self, batch: Batch) -> list[list[Article]]:
        """Decide about a batch, and return its articles to enrich."""
        plan = Plan()
        before_it = self.report.read
        named = (ArticleRead, EmbargoedRead, WithdrawalRead, PartsRead)
        ids = [found.id for found in batch if isinstance(found, named)]
        committed = self._present.committed(ids)
        self._withdrawn = self._ledger.among("withdrawn", "id", ids)
        self._embargoed = self._ledger.among("embargoed", "id", ids)
        for found in batch:
            file = self._files[found.file]
            match found:
                case ArticleRead() | EmbargoedRead() if clashing := self._present.clashing(found.article, committed):
                    file.note(Remembered("clash", found.id, b"", found.path, None, clashing), self._ledger, plan)
                    self._rejections.add(found.file, found.path, None, clashing)
                case ArticleRead() | EmbargoedRead():
                    repeated = file.note(file.article(found), self._ledger, plan)
                    if self._may_be_back(found.id, file):
                        file.back.append(found)
                    else:
                        self._accept(found, repeated, plan, committed)
                case WithdrawalRead():
                    file.note(Remembered("withdrawal", found.id, b""), self._ledger, plan)
                    self._withdraw(found, file, plan, committed)
                case PartsRead():
                    self._consists(found, file, plan)
                case Unreadable() | NotAnArticle():
                    file.note(rejected(found), self._ledger, plan)
                    self._refuse(found, file)
                case FileEnd():
                    self._end(found, file, plan)
                case _:
                    assert_never(found)
        plan.read = self.report.read - before_it
        self._plans.append(plan)
        return plan.wanted if self._transaction is not None else []

    def _accept(
        self, found: ArticleRead | EmbargoedRead, repeated: bool, plan: Plan, committed: Mapping[str, str]
    ) -> None:
        """Index an article, store it under embargo, or reject it."""
        self._missing.found(self._files[found.file].source.origin.collection, found.id)
        held = isinstance(found, EmbargoedRead) and policy.embargoed(self._ends(found), self.now)
        standing = self._standing(found.id, committed, found.id in self._withdrawn)
        if refusal := policy.refusal(standing, found.version):
            self._rejections.add(found.file, found.path, None, refusal)
        elif isinstance(found, EmbargoedRead) and held:
            self._store_embargoed(found, repeated, standing.digest)
        else:
            self._index(found, repeated, standing.digest, plan)

    def _ends(self, found: EmbargoedRead) -> datetime | None:
        """The end of an embargo; None if it cannot be read, which is reported."""
        try:
            return embargo.moment(found.until)
        except (ValueError, OverflowError):
            why = f"Its embargo ends at “{found.until}”, which is not a time: it is not shown."
            self._rejections.add(found.file, found.path, None, why)
            return None

    def _index(self, found: ArticleRead | EmbargoedRead, repeated: bool, known: str, plan: Plan) -> None:
        article = found.article
        if isinstance(found, ArticleRead) and found.fault is not None:
            done = said("“{id}” is indexed with all the text of its page.", id=article.id)
            count_fault(self.report, self._rejections, found.file, found.path, found.fault, done)
            self._files[found.file].transient = True
        if article.id in self._embargoed and (not repeated or known == policy.GONE):
            embargo.supersede(self._ledger, article.id, found.version)
        outcome = policy.outcome(known, article.digest, repeated)
        self._count(outcome)
        if self._files[found.file].repeats(found) and outcome is Outcome.UPDATED:
            again = said("Its id is in this file more than once: the last article with it replaces the others.")
            self.report.warn(found.path, None, indexed(article.id, again))
        for note in dict.fromkeys(page.note for page in article.scan if page.note):
            self._warn_once(found.path, note)
        if outcome is Outcome.UNCHANGED:
            if article.scan and self._transaction is not None:
                pictures.show(self._ledger, article.id, pictures.names_of(article))
            return
        for warning in warnings(article):
            self.report.warn(found.path, None, indexed(article.id, warning))
        self._present.decide(article)
        plan.add(self._dated(article, known), found.path)

    def _warn_once(self, path: str, note: str) -> None:
        """Warn about the picture of a page, once for all articles on it."""
        if note not in self._noted and len(self._noted) < MOST_WARNINGS:
            self._noted.add(note)
            self.report.warn(path, None, note)

    def _count(self, outcome: Outcome) -> None:
        self.report.read += 1
        match outcome:
            case Outcome.ADDED:
                self.report.added += 1
            case Outcome.UPDATED:
                self.report.updated += 1
            case Outcome.UNCHANGED:
                self.report.unchanged += 1
            case _:
                assert_never(outcome)

    def _dated(self, article: Article, known: str) -> Article:
        """An article as it is to be enriched and written: with its dates, and with its corrections."""
        found = self._present.stored(article.id) if known != policy.GONE else None
        corrections = self._corrections.of(article.id) if self._corrections and article.id in self._corrected else ()
        if found is not None and (found.title, found.text) == (article.title, article.text):
            article = changed(article, meaning=found.meaning)  # it means what it meant
        before = found if found is None or self._sees(found) else None
        return carrying(policy.dated(article, before, dates.now()), corrections)

    def _store_embargoed(self, found: EmbargoedRead, repeated: bool, known: str) -> None:
        self._embargoed.add(found.id)
        earlier = embargo.held(self._ledger, found.id)
        holding = policy.holding(known, found.article.digest, earlier.digest if earlier else None, repeated)
        match holding:
            case Holding.RELEASED:
                self._count(Outcome.UNCHANGED)
            case Holding.EARLIER:
                self.report.embargoed += 1
            case Holding.HELD:
                self.report.embargoed += 1
                if self._transaction is not None:
                    self._transaction.hold(found.article)
                try:
                    embargo.hold(self._ledger, found.article, found.until)
                except (ValueError, OverflowError):
                    embargo.hold(self._ledger, found.article, _FOR_EVER)
            case _:
                assert_never(holding)

    def _may_be_back(self, article_id: str, file: ReadFile) -> bool:
        """True if a file withdrew an article for good and now contains it."""
        if article_id not in file.withdrew:
            return False
        taken = withdrawn.of(self._ledger, article_id)
        return taken is not None and taken.version is None

    def _end(self, found: FileEnd, file: ReadFile, plan: Plan) -> None:
        """Add articles that a file withdrew and now contains, unless it also still withdraws them."""
        for one in file.back:
            if one.id not in file.withdraws:
                withdrawn.forget(self._ledger, one.id)
            self._withdrawn.add(one.id)
            self._embargoed.add(one.id)
            self._accept(one, False, plan, self._present.committed([one.id]))
        if not file.transient:
            plan.ended.append(FinishedFile(file.number, self._stamp(file.source), found.asked, file.records))
        del self._files[found.file]

    def _withdraw(self, found: WithdrawalRead, file: ReadFile, plan: Plan, committed: Mapping[str, str]) -> None:
        parts = withdrawn.parts(self._ledger, found.id)
        file.withdraws.update((found.id, *parts))
        known = {**committed, **self._present.committed(parts)}
        for article_id in (found.id, *parts):
            self._withdraw_one(article_id, Withdrawn(found.version, found.reason), plan, known)

    def _consists(self, found: PartsRead, file: ReadFile, plan: Plan) -> None:
        """Withdraw the parts that an item no longer has, and if the item is withdrawn, those that it has."""
        if found.id in file.withdrew:
            file.withdrew.update(found.parts)
        for article_id, why in withdrawn.consists(self._ledger, found.id, found.parts, found.version):
            self._withdraw_one(article_id, why, plan, self._present.committed([article_id]))

    def _withdraw_one(self, article_id: str, withdrawal: Withdrawn, plan: Plan, committed: Mapping[str, str]) -> None:
        self._withdrawn.add(article_id)
        version = withdrawn.withdraw(self._ledger, article_id, withdrawal)
        embargo.supersede(self._ledger, article_id, version)
        if policy.removes(self._present.digest(article_id, committed), version):
            self._present.decide_gone(article_id)
            self.report.removed += 1
            plan.remove(article_id)

    def _refuse(self, found: Unreadable | NotAnArticle, file: ReadFile) -> None:
        met = found.fault if isinstance(found, Unreadable) else None
        self._rejections.add(found.file, found.path, found.line, found.reason, found.times, met)
        if isinstance(found, Unreadable):
            self.report.internal_errors += met is not None
            self._missing.damaged.add(file.source.origin.collection)
            file.transient |= found.transient

    # results

    def take(self, done: Sequence[Enriched]) -> None:
        """Apply the decisions about the next batch, whose enriched articles these are."""
        plan = self._plans.popleft()
        if self._transaction is not None:
            self._transaction.take(plan, done)

    def release(self, articles: Iterable[Article]) -> None:
        """Add articles whose embargo has ended, after all files have been read."""
        for article in articles:
            known = self._present.look_up(article.id)
            refused = policy.refusal(self._standing(article.id, {}), version_of(article.digest))
            ready = None
            if not refused and not (known and older(article.digest, known)):
                self._count(policy.outcome(known, article.digest))
                self._present.decide(article)
                ready = self._dated(article, known)
            if self._transaction is not None:
                self._transaction.release(article.id, enriched([ready]) if ready is not None else None)

    def delete_missing(self, collections: Iterable[str]) -> None:
        """Remove the articles missing in these collections, except in one that could not be read whole."""
        if self._writer is None:
            return
        for collection, missing, why in self._missing.of(self._writer, collections):
            if missing and why:
                self.report.skip(
                    collection, None, f"{len(missing)} articles are missing in it, but {why}: none was removed."
                )
                continue
            for article_id in missing:
                self.report.removed += 1
                if self._transaction is not None:
                    embargo.drop(self._ledger, article_id)
                    self._transaction.remove(article_id)

    def undo(self, entered: Iterable[Entered]) -> None:
        """Remove what an earlier run has entered, and put back what that replaced, with one commit.

        What is another article by now is left, and so is what is gone. An article that is blocked or withdrawn by now
        is not put back.

        Args:
            entered: one for each id (`entered.together`), with the article before as it was read.
        """
        assert self._transaction is not None
        rest, ids = iter(entered), list[str]()
        while some := list(islice(rest, BATCH)):
            committed = self._present.committed([one.id for one in some])
            back: list[Article] = []
            ids += [one.id for one in some]
            for one in some:
                held = embargo.held(self._ledger, one.id)
                if held is not None and held.digest == one.digest:
                    self.report.removed += embargo.drop(self._ledger, one.id)
                known = committed.get(one.id)
                if known != one.digest:
                    self.report.left += known is not None
                elif one.before is None or self._is_refused(one.before):
                    self._present.decide_gone(one.id)
                    self._transaction.remove(one.id)
                    self.report.removed += 1
                else:
                    self._present.decide(one.before)
                    back.append(changed(self._dated(one.before, known), added=one.before.added or dates.now()))
                    self._count(Outcome.UPDATED)
            if back:
                self._transaction.add(enriched(back), {})
        self._ledger.forget_digests(ids)  # its files, read again, are news

    def _is_refused(self, article: Article) -> bool:
        return bool(policy.refusal(self._standing(article.id, {}), version_of(article.digest)))

    def finish(self) -> None:
        """Commit the rest, and report the rejected records in the order of the archive."""
        if self._transaction is not None:
            self._transaction.commit()
        self._rejections.put_into(self.report)

    # lookups

    def _standing(self, article_id: str, committed: Mapping[str, str], maybe_withdrawn: bool = True) -> Standing:
        blocked = article_id in self._blocked
        taken = None if blocked or not maybe_withdrawn else withdrawn.of(self._ledger, article_id)
        return Standing(article_id, self._present.digest(article_id, committed), blocked, taken)
