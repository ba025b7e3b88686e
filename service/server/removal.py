"""Removing articles from an index: delete, block, or erase them wherever parts of them are known to be."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from indexer.archive.opening import Opened
from indexer.ledger import Ledger
from indexer.readers.shared.record import Embargoed
from indexer.withheld import embargo, pictures, purge, withdrawn
from indexer.withheld.purge import Erased, Holder
from search.engine import Writer
from search.files import pictures as stored
from search.values.article import Article
from service.batches import Batches
from service.jobs import Job
from service.server.job_queue import JobQueue
from service.server.sources import source


class Deleted(NamedTuple):
    """The articles that were in the index, and those that were under embargo."""

    indexed: frozenset[str]
    embargoed: frozenset[str]


def delete(writer: Writer, place: str | Path, ids: Collection[str], block: bool = False) -> Deleted:
    """Remove articles; the writer commits.

    Args:
        block: keep them from being indexed again.
    """
    indexed = frozenset([article_id for article_id in ids if writer.delete(article_id)])
    embargoed = forget(place, ids)
    if block:
        for article_id in ids:
            writer.block(article_id)
    return Deleted(indexed, embargoed)


def readmit(writer: Writer, place: str | Path, ids: Collection[str]) -> Deleted:
    """Allow articles to be indexed again; the writer commits.

    Returns:
        Those that were blocked, and those that were withdrawn.
    """
    unblocked = frozenset([article_id for article_id in ids if writer.unblock(article_id)])
    apart = withdrawn.readmit(Path(place), ids)
    stored.forgive(Path(place), ids)
    return Deleted(unblocked, apart)


def forget(place: str | Path, ids: Collection[str]) -> frozenset[str]:
    """Remove articles under embargo, and release the pictures of others. Returns the ids that were under embargo.

    Raises:
        IndexLocked: if a run is writing to the ledger.
    """
    embargoed = embargo.remove(Path(place), ids)
    Ledger.change(Path(place), ids, pictures.hide)
    return embargoed


def erase(writer: Writer, place: str | Path, ids: Collection[str], articles: Collection[Article] = ()) -> Erased:
    """Erase articles from the index, its backups and the spool. The result names anything that still holds them.

    Args:
        articles: those of them that were just removed, as they were.

    Raises:
        IndexProblem: if they were removed but could not be erased completely.
    """
    erased = purge.purge(writer, place, ids, articles)
    wanted = frozenset(ids)
    waiting = JobQueue(str(place)).erase(wanted, lambda job, body: _has(job, body, wanted))
    Batches(str(place)).erase(wanted)
    jobs = tuple(Holder(f"job {job.id}", "Its articles wait to be indexed, or cannot be read.") for job in waiting)
    return replace(erased, held=erased.held + jobs)


def _has(job: Job, body: Path, ids: frozenset[str]) -> bool:
    """True if a job has one of these articles, as far as its body can be read."""
    if job.kind != "articles":
        return False
    for _, item in Opened(source(job, body), job.upload.names).items():
        article = item.article if isinstance(item, Embargoed) else item
        if isinstance(article, Article) and article.id in ids:
            return True
    return False
