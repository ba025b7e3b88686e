"""Articles that are to be erased, from the index and its snapshots and from what was posted."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

import search
from indexer import readers
from indexer.readers.shared.record import Embargoed, Origin
from indexer.withheld import purge
from indexer.withheld.purge import Erased, Holder
from search.article import Article
from search.engine import Writer
from service.spool import Job, Spool


def erase(writer: Writer, place: str | Path, ids: Collection[str]) -> Erased:
    """Erase articles; what still has something of them is named.

    Raises:
        IndexProblem: when they are removed, and not all of it could be erased.
    """
    erased = purge.purge(writer, place, ids)
    if search.is_address(place):
        return erased
    wanted = frozenset(ids)
    waiting = Spool(str(place)).erase(wanted, lambda job, body: _has(job, body, wanted))
    jobs = tuple(Holder(f"job {job.id}", "Its articles wait to be indexed, or cannot be read.") for job in waiting)
    return replace(erased, held=erased.held + jobs)


def _has(job: Job, body: Path, ids: frozenset[str]) -> bool:
    """Whether a job has one of these articles, as far as what it was sent can be read."""
    origin = Origin(job.collection, f"job {job.id}", f"{job.id}.{job.form}")
    for item in readers.read(body, origin):
        article = item.article if isinstance(item, Embargoed) else item
        if isinstance(article, Article) and article.id in ids:
            return True
    return False
