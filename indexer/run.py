"""One run over an archive: what is decided about each record, and what becomes of it in the index.

`decide` looks at a batch of records, in the order of the archive, and says which articles are to be enriched; `take`
is given the same batches in the same order, with those articles. What happens is decided by id: an article is
unchanged when the index has it so, or when its file says what it said before; a lower version never replaces a higher
one; what was withdrawn stays out. The ledger is written after the index: see `commit`.
"""

from __future__ import annotations

import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import orjson

from indexer.archive.walk import SourceFile
from indexer.copies import dedupe
from indexer.copies.near import Near
from indexer.digest import version_of
from indexer.ledger import Ledger, Remembered, Stamp
from indexer.report import Aside, Report
from indexer.safe.faults import Fault
from indexer.withheld import embargo, withdrawn
from indexer.withheld.withdrawn import Withdrawn, newer
from indexer.workers.work import Batch, Enriched, Found, enriched
from search import dates
from search.article import Article
from search.engine import Writer
from search.errors import ArticleBlocked

COMMIT_ARTICLES = 5000
COMMIT_SECONDS = 10.0
COMMIT_CHARACTERS = 64 * 1024 * 1024
LEDGER_RECORDS = 20_000
"""Records that wait to be written down; unchanged ones are no reason to commit."""
_SET_ASIDE = ("problem", "none")
"""Kinds of records that are reported; what a problem hides is not known, what is no article hides nothing."""
_CONTENT = ("title", "text", "source", "section", "url", "byline")
"""The fields whose change is one of the article's content; others may be what enrichment makes of it."""
_GONE = ""
"""The digest of an article that was withdrawn in this run."""


@dataclass(slots=True)
class _File:
    """A file that is being read: its number in the ledger, and what has come of it.

    Attributes:
        withdrew: ids that it withdrew when it was last read.
        withdraws: ids that it withdraws now.
        back: what it gives again of those it withdrew for good, decided at its end, where it does not withdraw them.
    """

    source: SourceFile
    number: int
    withdrew: set[str] = field(default_factory=set)
    withdraws: set[str] = field(default_factory=set)
    back: list[Found] = field(default_factory=list)
    records: int = 0
    passing: bool = False
    before: list[Remembered] = field(default_factory=list)
    first: int = 0


@dataclass(frozen=True, slots=True)
class _Removal:
    """An id that was withdrawn, at its place among the articles of a batch."""

    id: str


@dataclass(slots=True)
class _Plan:
    """What is to be done about a batch: articles to add (enriched) and ids to remove, in order; what to write down.

    `paths` says where the articles are from.
    """

    steps: list[list[Article] | _Removal] = field(default_factory=list)
    notes: list[tuple[int, int, Remembered]] = field(default_factory=list)
    paths: dict[str, str] = field(default_factory=dict)
    ended: list[tuple[int, Stamp, Mapping[str, tuple[int, int]], int]] = field(default_factory=list)
    read: int = 0

    def add(self, article: Article) -> None:
        """Have an article enriched and added, after all before."""
        if not self.steps or isinstance(self.steps[-1], _Removal):
            self.steps.append([])
        self.steps[-1].append(article)  # type: ignore[union-attr]

    @property
    def wanted(self) -> list[list[Article]]:
        """The articles that are to be enriched, those together between which nothing is removed."""
        return [step for step in self.steps if not isinstance(step, _Removal)]


class Run:
    """One run.

    Attributes:
        report: what has come of it so far.
        kept: how many of the articles that it counts as read are in the index, whatever happens now.
        commits: how often it has committed.
        now: the time it is, which decides about embargoes.

    Args:
        writer: where it goes; None is an index that is empty, for a dry run.
        reading: what files are read with (`reading_of`).
        dry: count only.
        keep_present: remember which ids the archive has, for `delete_missing`.
        earlier: the articles of earlier runs, which the ledger does not know.
        copies_hours: copies of one text are published within this time of each other.
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
    ) -> None:
        self.report = Report()
        self.kept = 0
        self.commits = 0
        self._taken = 0
        self._writer = writer
        self._ledger = ledger
        self._reading = reading
        self._dry = dry
        self._near = Near(ledger, self._there, earlier, copies_hours)
        self.now = now
        self._blocked = writer.blocked() if writer is not None else frozenset()
        self._decided: dict[str, str] = {}
        self._added: dict[str, str] = {}
        self._characters = 0
        self._removed = 0
        self._plans: deque[_Plan] = deque()
        self._notes: list[tuple[int, int, Remembered]] = []
        self._ended: list[tuple[int, Stamp, Mapping[str, tuple[int, int]], int]] = []
        self._let_go: list[str] = []
        self._files: dict[int, _File] = {}
        self._damaged: set[str] = set()
        self._found: set[str] = set()
        self._aside = Aside()
        self._keep_present = keep_present
        self._committed = time.monotonic()
        if keep_present:
            ledger.execute("CREATE TEMP TABLE present (id TEXT PRIMARY KEY) WITHOUT ROWID")

    # what is there already

    def passed_over(self, number: int, source: SourceFile, beside: Callable[[str, tuple[int, int]], bool]) -> bool:
        """Count a file that is as it was, and whose articles the index has; whether it is such."""
        if source.problem is not None:
            return False
        known = self._ledger.as_it_was(source.origin.collection, source.origin.name, self._stamp(source), beside)
        if known is None:
            return False
        articles = embargoed = place = 0
        problems: list[tuple[str, int | None, str, int]] = []
        damaged = here = False
        while records := self._ledger.records(known, place, 5000):
            place += len(records)
            committed = self._committed_digests([r.id for r in records if r.kind in ("article", "embargoed")])
            for record in records:
                if record.kind in _SET_ASIDE:
                    damaged |= record.kind == "problem"
                    problems.append((record.path, record.line, record.reason, record.times))
                elif record.kind == "withdrawal":
                    continue
                elif refusal := self._refusal(record.id, None, committed):
                    problems.append((record.path or source.origin.path, None, refusal, 1))
                elif record.id in committed or self._decided.get(record.id):
                    articles += 1
                elif record.kind == "embargoed" and (ends := embargo.ends(self._ledger, record.id)) is not None:
                    here = True
                    embargoed += ends > self.now  # else it is counted when it is released
                else:
                    return False
        if self._keep_present:
            self._ledger.execute("INSERT OR IGNORE INTO present SELECT id FROM records WHERE file = ?", (known,))
        if articles or here:
            self._found.add(source.origin.collection)
        if damaged:
            self._damaged.add(source.origin.collection)
        self.report.read += articles
        self.report.unchanged += articles
        self.kept += articles
        self.report.embargoed += embargoed
        for problem in problems:
            self._aside.add(number, *problem)
        return True

    def begin(self, number: int, source: SourceFile) -> None:
        """Get ready for a file that is to be read."""
        known = self._ledger.number(source.origin.collection, source.origin.name)
        self._files[number] = _File(source, known, withdrawn.by_file(self._ledger, known))

    def _stamp(self, source: SourceFile) -> Stamp:
        return Stamp(source.size, source.changed_ns, source.inode, self._reading)

    # decisions, in the order of the archive

    def decide(self, batch: Batch) -> list[list[Article]]:
        """Which articles of a batch are to be enriched."""
        plan = _Plan()
        before_it = self.report.read
        committed = self._committed_digests([found.id for found in batch if found.id])
        for found in batch:
            file = self._files[found.file]
            if found.kind == "end":
                self._bring_back(file, plan)
                if not file.passing:
                    plan.ended.append((file.number, self._stamp(file.source), found.asked, file.records))
                del self._files[found.file]
                continue
            if found.kind == "whole":
                self._whole(found, file, plan)
                continue
            before = self._before(file)
            note = Remembered(found.kind, found.id, bytes.fromhex(found.digest.rpartition(":")[2][:16]))
            if found.path != file.source.origin.path or found.kind in _SET_ASIDE:
                note = note._replace(path=found.path)
            if found.kind in _SET_ASIDE:
                self._problem(found, file)
                note = note._replace(line=found.line, reason=found.reason, times=found.times)
            elif found.kind == "withdrawal":
                self._withdraw(found, file, plan, committed)
            elif self._may_be_back(found.id, file):
                file.back.append(found)
            else:
                self._bring(found, before == note, plan, committed)
            plan.notes.append((file.number, file.records, note))
            file.records += 1
        plan.read = self.report.read - before_it
        self._plans.append(plan)
        return [] if self._dry else plan.wanted

    def _before(self, file: _File) -> Remembered | None:
        """What stood at this place of the file when it was last read."""
        if file.records >= file.first + len(file.before):
            file.first, file.before = file.records, self._ledger.records(file.number, file.records, 1000)
        place = file.records - file.first
        return file.before[place] if place < len(file.before) else None

    def _bring(self, found: Found, said_before: bool, plan: _Plan, committed: Mapping[str, str]) -> None:
        """Let an article in, or keep it aside."""
        if found.kind == "embargoed" and self._still_embargoed(found):
            self._hold(found, said_before, committed)
        else:
            self._article(found, said_before, plan, committed)

    def _article(self, found: Found, said_before: bool, plan: _Plan, committed: Mapping[str, str]) -> None:
        assert found.article is not None
        self._present(found)
        if refusal := self._refusal(found.id, found.version, committed):
            self._aside.add(found.file, found.path, None, refusal)
            return
        if found.fault is not None:
            self._fault(found.file, found.path, found.fault, f"“{found.id}” is kept with all the text of its page.")
            self._files[found.file].passing = True
        known = self._decided.get(found.id, committed.get(found.id))
        if not said_before or not known:
            self._supersede(found.id, found.version)
        self.report.read += 1
        if known and (said_before or known == found.digest or _older(found.version, known)):
            self.report.unchanged += 1
            return
        if known:
            self.report.updated += 1
        else:
            self.report.added += 1
        if problem := found.article.extra.get("published_problem"):
            said = f"“{found.id}” is kept. Its date of publication was not taken: {problem}"
            self.report.warn(found.path, found.line, said)
        self._decided[found.id] = found.digest
        plan.add(self._stamped(found.article, bool(known)))
        plan.paths[found.id] = found.path

    def _stamped(self, article: Article, known: bool) -> Article:
        """The article with when it came in, and when its content last changed, here or where it was exported."""
        before = self._writer.stored(article.id) if known and self._writer is not None else None
        moment = dates.now()
        if before is None:
            return replace(article, added=article.added or moment, changed=article.changed or moment)
        same = all(getattr(before, name) == getattr(article, name) for name in _CONTENT)
        kept = before.changed if same else None  # else it is only read or enriched anew
        return replace(article, added=before.added or article.added or moment, changed=kept or moment)

    def _refusal(self, article_id: str, version: int | None, committed: Mapping[str, str]) -> str:
        """Why an article may not be in the index; "" where it may."""
        if article_id in self._blocked:
            return str(ArticleBlocked(article_id))
        taken = withdrawn.of(self._ledger, article_id)
        if taken is None:
            return ""
        if taken.version is not None:
            known = self._decided.get(article_id, committed.get(article_id, _GONE))
            if version > taken.version if version is not None else known != _GONE:
                return ""
        return f"“{article_id}” was withdrawn{f': {taken.reason}' if taken.reason else ''}."

    def _still_embargoed(self, found: Found) -> bool:
        try:
            return embargo.moment(found.until) > self.now
        except (ValueError, OverflowError):
            why = f"Its embargo ends at “{found.until}”, which is no time: it is kept aside."
            self._aside.add(found.file, found.path, None, why)
            return True

    def _hold(self, found: Found, said_before: bool, committed: Mapping[str, str]) -> None:
        assert found.article is not None
        self._present(found)
        if refusal := self._refusal(found.id, found.version, committed):
            self._aside.add(found.file, found.path, None, refusal)
            return
        earlier = embargo.held(self._ledger, found.id)
        if earlier is None and said_before and self._decided.get(found.id, committed.get(found.id)):
            self.report.read += 1
            self.report.unchanged += 1
            return
        self.report.embargoed += 1
        if earlier is not None and _older(found.version, earlier.digest):
            return
        try:
            embargo.hold(self._ledger, found.article, found.until)
        except (ValueError, OverflowError):
            embargo.hold(self._ledger, found.article, "9999-01-01T00:00:00Z")

    def _supersede(self, article_id: str, version: int | None) -> None:
        """Keep an article aside no more, unless what is kept is of a higher version."""
        kept = embargo.held(self._ledger, article_id)
        if kept is not None and not newer(kept.digest, version):
            embargo.drop(self._ledger, article_id)

    def _may_be_back(self, article_id: str, file: _File) -> bool:
        """Whether a file says something else of an article that it withdrew for good."""
        if article_id not in file.withdrew:
            return False
        taken = withdrawn.of(self._ledger, article_id)
        return taken is not None and taken.version is None

    def _bring_back(self, file: _File, plan: _Plan) -> None:
        """Let in what a file withdrew and now gives, unless it also withdraws it still."""
        for found in file.back:
            if found.id not in file.withdraws:
                withdrawn.forget(self._ledger, found.id)
            self._bring(found, False, plan, self._committed_digests([found.id]))

    def _withdraw(self, found: Found, file: _File, plan: _Plan, committed: Mapping[str, str]) -> None:
        parts = withdrawn.parts(self._ledger, found.id)
        file.withdraws.update((found.id, *parts))
        known = {**committed, **self._committed_digests(parts)}
        for article_id in (found.id, *parts):
            self._take_back(article_id, Withdrawn(found.version, found.reason), plan, known)

    def _whole(self, found: Found, file: _File, plan: _Plan) -> None:
        """Take back what an item no longer has, and keep out with it what it has where it is withdrawn."""
        if found.id in file.withdrew:
            file.withdrew.update(found.parts)
        for article_id, why in withdrawn.consists(self._ledger, found.id, found.parts, found.version):
            self._take_back(article_id, why, plan, self._committed_digests([article_id]))

    def _take_back(self, article_id: str, said: Withdrawn, plan: _Plan, committed: Mapping[str, str]) -> None:
        version = withdrawn.withdraw(self._ledger, article_id, said)
        self._supersede(article_id, version)
        known = self._decided.get(article_id, committed.get(article_id, _GONE))
        if known != _GONE and not newer(known, version):
            self._decided[article_id] = _GONE
            self.report.removed += 1
            plan.steps.append(_Removal(article_id))

    def _fault(self, file: int, path: str, met: Fault, kept: str) -> None:
        """Count a fault that cost no article."""
        self.report.internal_errors += 1
        self._aside.add(file, path, None, f"Dateline failed on it: {met}. {kept} Please report it.", met=met)

    def _problem(self, found: Found, file: _File) -> None:
        self._aside.add(found.file, found.path, found.line, found.reason, found.times, found.fault)
        self.report.internal_errors += found.fault is not None
        if found.kind == "problem":
            self._damaged.add(file.source.origin.collection)
        file.passing |= found.passing

    # what is done

    def take(self, done: Sequence[Enriched]) -> None:
        """Do what was decided about the next batch, whose articles these are."""
        plan = self._plans.popleft()
        if self._dry:
            return
        self._taken += plan.read
        ready = iter(done)
        for step in plan.steps:
            if isinstance(step, _Removal):
                self._remove(step.id, taken_down=True)
                continue
            missing = len(step)
            while missing:
                some = next(ready)
                self._add(some, plan.paths)
                missing -= len(some.told)
        self._notes += plan.notes
        self._ended += plan.ended
        waits = time.monotonic() - self._committed > COMMIT_SECONDS and (self._added or self._removed or self._notes)
        if (
            waits
            or len(self._added) >= COMMIT_ARTICLES
            or self._characters > COMMIT_CHARACTERS
            or len(self._notes) >= LEDGER_RECORDS
        ):
            self.commit()

    def _add(self, some: Enriched, paths: Mapping[str, str]) -> None:
        """Add articles, each in the group of its copies; what becomes the first of a group is put in it too."""
        assert self._writer is not None
        groups: list[str | None] = []
        numbers: dict[str, int] = {}
        for number, told in enumerate(some.told):
            place = self._near.place(told.id, told.sketch)
            if place.first is not None and place.first != told.id and place.group is not None:
                if place.first in numbers:
                    groups[numbers[place.first]] = place.group
                else:
                    self._writer.regroup(place.first, place.group)
            groups.append(place.group)
            numbers[told.id] = number
            self._added[told.id] = told.digest
            self._characters += told.characters
            if told.limit:
                self.report.warn(paths.get(told.id, ""), None, f"“{told.id}” is kept. {told.limit}")
            for met in told.faults:
                self._fault(
                    sys.maxsize, paths.get(told.id, ""), met, f"“{told.id}” is kept without what it looked for."
                )
        if some.prepared is not None:
            self._writer.add_prepared(some.prepared, groups)
        for article, group in zip(some.articles, groups, strict=False):
            self._writer.add(replace(article, group=group))

    def _remove(self, article_id: str, taken_down: bool = False) -> None:
        assert self._writer is not None
        (self._writer.take_down if taken_down else self._writer.delete)(article_id)
        self._near.forget(article_id)
        self._added.pop(article_id, None)
        self._removed += 1

    def release(self, articles: Iterable[Article]) -> None:
        """Bring in articles whose embargo has ended, when all files have said what they now say of them."""
        before = self.report.read
        for article in articles:
            known = self._decided.get(article.id, self._committed_digests([article.id]).get(article.id))
            version = version_of(article.digest)
            if not self._refusal(article.id, version, {}) and not (known and _older(version, known)):
                self.report.read += 1
                if known == article.digest:
                    self.report.unchanged += 1
                elif known:
                    self.report.updated += 1
                else:
                    self.report.added += 1
                self._decided[article.id] = article.digest
                self._add(enriched([self._stamped(article, bool(known))]), {})
            self._let_go.append(article.id)
        self._taken += self.report.read - before

    def commit(self) -> None:
        """Make what was done durable: sketches and what is kept aside, then the index, then what was read.

        In this order a crash leaves nothing that is taken for indexed and is not.
        """
        if self._writer is None or self._dry:
            return
        if self._added or self._removed:
            self._ledger.commit()
            self._writer.commit()
        self._ledger.remember(self._notes)
        for ended_number, stamp, asked, records in self._ended:
            self._ledger.stamp(ended_number, stamp, dict(asked), records)
        for article_id in self._let_go:
            embargo.drop(self._ledger, article_id)
        self._ledger.commit()
        for article_id in self._added:
            if self._decided.get(article_id) == self._added[article_id]:
                del self._decided[article_id]
        self._added, self._characters, self._removed = {}, 0, 0
        self._notes, self._ended, self._let_go = [], [], []
        self.kept += self._taken
        self._taken = 0
        self.commits += 1
        self._committed = time.monotonic()

    def delete_missing(self, collections: Iterable[str]) -> None:
        """Remove what these collections no longer have; not from one that could not be read whole."""
        if self._writer is None:
            return
        for collection in sorted(collections):
            held = embargo.of(self._ledger, collection)
            here = dict.fromkeys((*self._writer.ids(collection), *held))
            missing = [article_id for article_id in here if not self._is_present(article_id)]
            if missing and (collection in self._damaged or collection not in self._found):
                why = "not all of it could be read" if collection in self._damaged else "nothing at all was found in it"
                self.report.skip(
                    collection, None, f"{len(missing)} articles are not in it, but {why}: none was removed."
                )
                continue
            for article_id in missing:
                self.report.removed += 1
                if not self._dry:
                    embargo.drop(self._ledger, article_id)
                    self._remove(article_id)

    def finish(self) -> None:
        """Commit what is left, and put what was set aside in the order of the archive."""
        self.commit()
        self._aside.put_into(self.report)

    # small questions

    def _present(self, found: Found) -> None:
        self._found.add(self._files[found.file].source.origin.collection)
        if self._keep_present:
            self._ledger.execute("INSERT OR IGNORE INTO present VALUES (?)", (found.id,))

    def _is_present(self, article_id: str) -> bool:
        return self._ledger.execute("SELECT 1 FROM present WHERE id = ?", (article_id,)).fetchone() is not None

    def _committed_digests(self, ids: Sequence[str]) -> Mapping[str, str]:
        return self._writer.digests(ids) if self._writer is not None else {}

    def _there(self, article_id: str) -> bool:
        if article_id in self._decided:
            return self._decided[article_id] != _GONE
        return bool(self._committed_digests([article_id]))


def reading_of(names: Mapping[str, str], *versions: str) -> str:
    """What files are read with, as one string: versions, and the names an archive has for fields."""
    return " ".join((*versions, orjson.dumps(dict(names), option=orjson.OPT_SORT_KEYS).decode()))


def _older(version: int | None, known: str) -> bool:
    """Whether a version is lower than that of a digest."""
    other = version_of(known)
    return version is not None and other is not None and version < other
