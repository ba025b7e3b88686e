"""`open("news.idx")`: all that is done with an index as a whole, by its place: a directory or an address in a cluster.

Each engine is imported when it is first needed: that of directories loads Numba, which takes most of a second.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

from search.engine import CURSOR_SECONDS, Engine, Writer
from search.errors import IndexMissing, IndexProblem
from search.files.reconciling import Reconcile
from search.opensearch import address
from search.system import collector
from search.values.lists import Lists, no_lists
from search.values.outdated import Outdated

if TYPE_CHECKING:
    from search.local.safe.restoring import Replaced
    from search.local.safe.verify import Verified
    from search.opensearch.former_desk import FormerDesk


def is_address(place: str | Path) -> bool:
    """True if this is the address of an index in a cluster, not a directory."""
    return address.is_address(place)


def folder(place: str | Path) -> Path | None:
    """The directory of an index; None for one in a cluster, which has no files here."""
    return None if address.is_address(place) else Path(place)


def exists(place: str | Path) -> bool:
    """True if there is an index, or anything else, at this place.

    Raises:
        ClusterUnavailable: if the cluster cannot be reached.
    """
    if not address.is_address(place):
        return Path(place).exists()
    try:
        open(place).close()
    except IndexMissing:
        return False
    return True


def identity(place: str | Path) -> Hashable | None:
    """What tells the index at a place from any other that is or was there; None if there is none.

    An index that has been moved away, removed, or replaced by another has another identity, even if it is made again.

    Raises:
        IndexProblem: if a cluster does not answer.
    """
    if not address.is_address(place):
        try:
            found = Path(place).stat()
        except FileNotFoundError:
            return None
        return found.st_dev, found.st_ino
    at = address.read(str(place))
    with _with_client():
        from search.opensearch.cluster import Cluster
    with Cluster(at, address.access(os.environ)) as cluster:
        return cluster.identity()


def open(place: str | Path, cursor_seconds: float = CURSOR_SECONDS, lists: Lists = no_lists) -> Engine:
    """An engine for an index.

    Args:
        place: the index's directory, or its address in a cluster: `opensearch+http://host:9200/name`.
        cursor_seconds: how long a generation is retained after a cursor of it was returned or used.
        lists: finds the articles on a list; by default there is none.

    Raises:
        IndexMissing, NotAnIndex, IndexDamaged: if there is no usable index.
        ClusterUnavailable: if the cluster cannot be reached.
    """
    if not address.is_address(place):
        with collector.paused():
            from search.local.engine import LocalEngine

        return LocalEngine(Path(place), cursor_seconds, lists)
    at = address.read(str(place))
    with _with_client():
        from search.opensearch.engine import ClusterEngine
    return ClusterEngine(at, address.access(os.environ), cursor_seconds, lists)


def writer(place: str | Path) -> Writer:
    """A writer for an index, which is created if there is none.

    Raises:
        IndexLocked, NotAnIndex, IndexProblem: if it cannot be written.
    """
    if not address.is_address(place):
        with collector.paused():
            from search.local.writer import LocalWriter

        return LocalWriter(Path(place))
    at = address.read(str(place))
    with _with_client():
        from search.opensearch.writer import ClusterWriter
    return ClusterWriter(at, address.access(os.environ))


def outdated(place: str | Path) -> Outdated | None:
    """What `upgrade` would convert of an index that an earlier version wrote; None if there is nothing.

    Raises:
        NotAnIndex, IndexProblem: if there is no index that can be read.
    """
    if address.is_address(place):
        with _with_client():
            from search.opensearch import rebuild
        return rebuild.outdated(address.read(str(place)), address.access(os.environ))
    from search.local.safe.catalog import Catalog

    return Catalog(_directory(place)).outdated()


def upgrade(place: str | Path, progress: Callable[[int, int], None] = lambda _done, _all: None) -> None:
    """Convert an index that an earlier version wrote, while it is read; what is done stays if this is stopped.

    Args:
        progress: called with the articles that have been converted, and their total.

    Raises:
        NotAnIndex, IndexLocked, IndexProblem: if there is no index that can be written.
    """
    if address.is_address(place):
        with _with_client():
            from search.opensearch import rebuild
        return rebuild.upgrade(address.read(str(place)), address.access(os.environ), progress)
    outdated(place)  # a writer would make an index where there is none
    with collector.paused():
        from search.local.writer import LocalWriter

    with LocalWriter(_directory(place)) as writer:
        writer.upgrade(progress)


def former_desk(place: str) -> FormerDesk:
    """What the cluster of an index has of its desk, or knows of it. Raises ClusterUnavailable if it does not answer."""
    at = address.read(place)
    with _with_client():
        from search.opensearch.cluster import Cluster
        from search.opensearch.former_desk import FormerDesk
    return FormerDesk(Cluster(at, address.access(os.environ)))


def replacement(place: str | Path) -> AbstractContextManager[Writer]:
    """A writer for an index in a cluster that replaces the one at this address when the block ends.

    Until then queries are answered from the old one; if the block ends with an error, it stays.

    Raises:
        IndexMissing, NotAnIndex: if there is no index to replace.
        IndexProblem: for a directory, which `restore` replaces.
    """
    if not address.is_address(place):
        if not Path(place).exists():
            raise IndexMissing(f"There is no index at “{place}” that could be replaced. Copy to it without --replace.")
        raise IndexProblem(
            f"“{place}” is not in a cluster, so a copy does not replace it. Copy to a new directory, then: "
            f"dateline restore NEW {quote(str(place))} --replace."
        )
    at = address.read(str(place))
    with _with_client():
        from search.opensearch.rebuild import replacing
    return replacing(at, address.access(os.environ))


def verify(place: str | Path, more: Iterable[tuple[str, str]] = ()) -> Verified:
    """Read every byte of an index, and check that its contents agree.

    Args:
        more: errors in what is stored elsewhere, each with a name.

    Raises:
        NotAnIndex, IndexProblem: if there is no index to verify, or it is in a cluster.
    """
    from search.local.safe import verify

    found = verify.verify(_directory(place))
    return replace(found, faults=(*found.faults, *(verify.Defect(name, problem) for name, problem in more)))


def snapshot(
    place: str | Path, to: Path, copied: bool = False, more: Callable[[Path], None] = lambda _partial: None
) -> int:
    """Make a backup of an index while it is in use (see `search.local.safe.backup`). Returns its generation."""
    from search.local.safe import backup

    return backup.create(_directory(place), to, copied, more)


def restore(
    source: Path,
    place: str | Path,
    rules: Mapping[str, Reconcile] | None = None,
    forget: Callable[[Path, frozenset[str]], int] = lambda _copy, _ids: 0,
) -> Replaced:
    """Restore a backup, if every byte of it is intact.

    Args:
        rules: replace the index that is there, and what happens to the files next to it; None for a new directory.
        forget: erases articles that the index blocks from a copy of the backup; returns how many it had.
    """
    from search.local.safe import backup, restoring

    at = _directory(place)
    if rules is not None and at.is_dir():
        return restoring.replace(source, at, rules, forget)
    return restoring.Replaced(backup.restore(source, at), (), 0)


def _directory(place: str | Path) -> Path:
    """The directory of an index. Raises IndexProblem for one in a cluster."""
    found = folder(place)
    if found is None:
        name = address.read(str(place)).name
        raise IndexProblem(
            f"“{place}” is in a cluster, which has tools of its own for this. Its indexes are “{name}-…” and "
            f"“{name}.state”: back them up, with the desk, and restore them together."
        )
    return found


def warm(
    progress: Callable[[int, int], None] = lambda _done, _all: None, backwards: bool = False, wide: bool = False
) -> None:
    """Compile the kernels, once per machine; otherwise this happens at first use.

    Args:
        progress: called with the number of steps done and their total.
        backwards: compile the last first: for one of two processes that share the work.
        wide: compile those for the numbers of large indexes, too.
    """
    from search.local import warm as kernels

    kernels.warm(progress, backwards, wide)


@contextmanager
def _with_client() -> Iterator[None]:
    """Imports what needs the client of a cluster, which is optional. Raises IndexProblem without it."""
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "opensearchpy":
            raise
        raise IndexProblem(
            "An index in a cluster needs the OpenSearch client. Install it: pip install 'dateline[opensearch]'."
        ) from None
