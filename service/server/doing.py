"""A job while it is done: how far it is, what it enters into the index, and if it is to stop."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from indexer.report import Report
from indexer.run import entered
from indexer.run.entered import Entered
from service.jobs import Job
from service.server.job_queue import JobQueue

LOOKS_EVERY_S = 0.25
TELLS_EVERY_S = 1.0


class Doing:
    """One attempt at a job.

    Attributes:
        stopped: True once it was told to stop.
    """

    def __init__(self, spool: JobQueue, job: Job, stop: Callable[[], bool]) -> None:
        self.stopped = False
        self._spool = spool
        self._job = job
        self._stop = stop
        self._looked = self._told = time.monotonic()
        self._earlier = {one.id: one for one in self.entered(spool, job.id)} if job.attempts > 1 else {}

    @staticmethod
    def entered(spool: JobQueue, job_id: str) -> list[Entered]:
        """What a job has entered so far, or was about to."""
        path = spool.entered(job_id)
        return list(entered.read(path.read_bytes().splitlines())) if path.exists() else []

    def stop(self) -> bool:
        """True if the work is to end here: the server stops, or somebody has paused the job."""
        if not self.stopped and time.monotonic() - self._looked > LOOKS_EVERY_S:
            self.stopped = self._spool.is_halted(self._job)
            self._looked = time.monotonic()
        return self.stopped or self._stop()

    def note(self, some: Sequence[Entered]) -> None:
        """Have it on disk what is about to be entered."""
        self._spool.note(self._job, map(entered.line, some))
        for one in some:
            self._earlier.pop(one.id, None)

    def progress(self, done: int, whole: int, read: int, _committed: int) -> None:
        """Tell how far it is."""
        if time.monotonic() - self._told > TELLS_EVERY_S:
            self._spool.progress(self._job, {"progress": {"done": done, "size": whole, "read": read}})
            self._told = time.monotonic()

    def count_earlier(self, report: Report) -> None:
        """Count what earlier attempts have entered as that, rather than as found unchanged."""
        replaced = sum(one.before is not None for one in self._earlier.values())
        report.updated += replaced
        report.added += len(self._earlier) - replaced
        report.unchanged = max(0, report.unchanged - len(self._earlier))
