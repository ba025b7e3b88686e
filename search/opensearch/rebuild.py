"""Fills a second index and then replaces the first with it; until then queries are answered from the first.

    with rebuild.begun(address, access) as writer:
        for article in articles:
            writer.add(article)

When the block ends, the name refers to the new index, and the old one is removed; if it ends with an error, the new one
is.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from secrets import token_hex

from search.errors import IndexProblem
from search.opensearch import mapping
from search.opensearch.address import Access, Address
from search.opensearch.cluster import Cluster
from search.opensearch.engine import check
from search.opensearch.shown import touched
from search.opensearch.state import State
from search.opensearch.writer import ClusterWriter


@contextmanager
def replacing(address: Address, access: Access) -> Iterator[ClusterWriter]:
    """A writer for the new index. Raises IndexMissing, NotAnIndex if there is no index to replace."""
    with Cluster(address, access) as cluster:
        check(cluster)
        old = list(cluster.send("GET", f"/_alias/{address.name}"))
        last = max(int(name.rpartition("-")[2]) for name in old)
        new = f"{address.name}-{last + 1:06}"
        _create(cluster, new)
        state = State(cluster)
        try:
            with ClusterWriter(address, access, new) as writer:
                yield writer
                blocked = state.blocked() | writer.blocked()
        except BaseException:  # also an interrupt: no half-filled index is left
            cluster.with_retries("DELETE", f"/{new}")
            raise
        swap = [{"add": {"index": new, "alias": address.name}}, *({"remove_index": {"index": name}} for name in old)]
        by = token_hex(8)
        last = state.generation()
        state.change_touched(lambda log: touched.begun(log, by, None, time.time(), last))
        state.show(by)
        cluster.with_retries("POST", "/_aliases", {"actions": swap})
        generation = state.bump(by)
        state.change_touched(lambda log: touched.ended(log, by, generation))
        if late := state.blocked() - blocked:  # until now they were removed from the old index
            with ClusterWriter(address, access) as writer:
                for article_id in late:
                    writer.block(article_id)


def _create(cluster: Cluster, name: str) -> None:
    """Create an index. Raises IndexProblem if it exists, as an interrupted process leaves one."""
    try:
        cluster.send("PUT", f"/{name}", mapping.index(cluster.access))
    except IndexProblem:
        if not cluster.exists(f"/{name}"):
            raise
        host, port = cluster.address.hosts[0]
        url = f"http{'s' if cluster.address.tls else ''}://{host}:{port}/{name}"
        raise IndexProblem(
            f"“{name}” is there already: “{cluster.address.name}” is being replaced by another process, or one was "
            f"interrupted. If none runs, remove what it has left: curl -X DELETE {url}"
        ) from None
