"""The articles of a job as a file to read, for those who index, purge or preview them."""

from __future__ import annotations

from pathlib import Path

from indexer.archive.walk import SourceFile
from indexer.readers.shared.record import Origin
from service.jobs import Job


def source(job: Job, body: Path) -> SourceFile:
    """The file with the articles of a job. One that was sent without a name has that of the job."""
    name, about = job.upload.name, body.stat()
    origin = Origin(job.collection, name or f"job {job.id}", name or f"{job.id}.{job.form}")
    return SourceFile(body, origin, about.st_size, about.st_mtime_ns, about.st_ino, alone=True)
