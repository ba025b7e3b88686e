"""A file that is being read, and its records as the ledger has them."""

from __future__ import annotations

from dataclasses import dataclass, field

from indexer.archive.walk import SourceFile
from indexer.ledger import Ledger, Remembered
from indexer.run.commit import Plan
from indexer.workers.found import ArticleRead, EmbargoedRead, NotAnArticle, Unreadable

_AHEAD = 1000
"""Records read from the ledger at once."""
_RECENT = 50_000
"""Articles of a file whose ids are remembered while it is read."""


@dataclass(slots=True)
class ReadFile:
    """A file: its number in the ledger, and the state of reading it.

    Attributes:
        withdrew: ids that it withdrew when it was last read.
        withdraws: ids that it withdraws now.
        back: its articles that it once withdrew for good, decided at its end, if it no longer withdraws them.
        records: the number of records so far.
        transient: True if something in it may be readable later.
        before: its records when it was last read, from the number `first` on.
        last: True if it had none after these.
        recent: the ids of its last articles → the path of each, which differs in an archive of files.
    """

    source: SourceFile
    number: int
    withdrew: set[str] = field(default_factory=set)
    withdraws: set[str] = field(default_factory=set)
    back: list[ArticleRead | EmbargoedRead] = field(default_factory=list)
    records: int = 0
    transient: bool = False
    before: list[Remembered] = field(default_factory=list)
    first: int = 0
    last: bool = False
    recent: dict[str, str] = field(default_factory=dict)

    def repeats(self, found: ArticleRead | EmbargoedRead) -> bool:
        """True if one of its last `_RECENT` articles, in the same part of it, had this id."""
        before = self.recent.pop(found.id, None)
        self.recent[found.id] = found.path
        if len(self.recent) > _RECENT:
            del self.recent[next(iter(self.recent))]
        return before == found.path

    def note(self, found: Remembered, ledger: Ledger, plan: Plan) -> bool:
        """Note a record for the ledger. Returns True if it is the same as at this place when the file was last read."""
        if self.records >= self.first + len(self.before) and not self.last:
            self.first, self.before = self.records, ledger.records(self.number, self.records, _AHEAD)
            self.last = len(self.before) < _AHEAD
        place = self.records - self.first
        plan.notes.append((self.number, self.records, found))
        self.records += 1
        return place < len(self.before) and self.before[place] == found

    def article(self, found: ArticleRead | EmbargoedRead) -> Remembered:
        """An article, as it is noted."""
        kind = "article" if isinstance(found, ArticleRead) else "embargoed"
        digest = bytes.fromhex(found.article.digest.rpartition(":")[2][:16])
        return Remembered(kind, found.id, digest, found.path if found.path != self.source.origin.path else "")


def rejected(found: Unreadable | NotAnArticle) -> Remembered:
    """A rejected record, as it is noted."""
    kind = "problem" if isinstance(found, Unreadable) else "none"
    return Remembered(kind, "", b"", found.path, found.line, found.reason, found.times)
