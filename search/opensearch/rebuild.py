"""Fills a second index and then replaces the first with it; until then queries are answered from the first.

    with rebuild.begun(address, access) as writer:
        for article in articles:
            writer.add(article)

When the block ends, the name refers to the new index, and the old one is removed; if it ends with an error, the new one
is.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from search.opensearch import mapping
from search.opensearch.address import Access, Address
from search.opensearch.cluster import Cluster
from search.opensearch.engine import check
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
        cluster.send("PUT", f"/{new}", mapping.index(access))
        try:
            with ClusterWriter(address, access, new) as writer:
                yield writer
        except BaseException:  # also an interrupt: no half-filled index is left
            cluster.with_retries("DELETE", f"/{new}")
            raise
        swap = [{"add": {"index": new, "alias": address.name}}, *({"remove_index": {"index": name}} for name in old)]
        cluster.with_retries("POST", "/_aliases", {"actions": swap})
        State(cluster).bump()
