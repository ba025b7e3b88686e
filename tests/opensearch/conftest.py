"""A real node, from the first test here that asks for it to the end of the folder, and a fresh index for each test.

`make opensearch` fetches and compiles what a node is made of. Where it cannot be had the tests are left out
(`tests.parts`). `DATELINE_TEST_CLUSTER=host:port,…` names a cluster that runs already; tests that kill nodes start
their own.
"""

from __future__ import annotations

import itertools
import os
import urllib.request
from collections.abc import Callable, Collection, Iterator, Mapping

import pytest

import search
from search import Article, Query
from search.engine import CURSOR_SECONDS, Engine, Writer
from search.opensearch import address
from search.opensearch.engine import ClusterEngine
from tests import waiting
from tests.opensearch.cluster import QUICK, running

NAMES = f"test{os.getpid()}"
_numbers = itertools.count(1)


@pytest.fixture(scope="package")
def hosts() -> Iterator[str]:
    """The nodes of a running cluster, as an address names them."""
    if already := os.environ.get("DATELINE_TEST_CLUSTER"):
        yield already
        return
    with running(1, QUICK) as cluster:
        yield cluster.hosts


class Remote:
    """An index in the cluster, as the engines' contract test asks for one."""

    def __init__(self, hosts: str) -> None:
        self.name = f"{NAMES}-{next(_numbers)}"
        self.place = f"opensearch+http://{hosts}/{self.name}"

    def writer(self) -> Writer:
        return search.writer(self.place)

    def add(self, *articles: Article) -> None:
        """Commit some articles."""
        with self.writer() as writer:
            for article in articles:
                writer.add(article)

    def ids(self) -> set[str]:
        """Those of all articles."""
        with self.engine() as engine:
            return {article.id for article in engine.export(Query())}

    def engine(self, lists: Mapping[str, Collection[str]] | None = None) -> Engine:
        if lists is None:
            return search.open(self.place)
        at = address.read(self.place)
        return ClusterEngine(at, address.access(os.environ), CURSOR_SECONDS, lists.__getitem__)


@pytest.fixture(scope="module")
def make_remote(hosts: str) -> Iterator[Callable[[], Remote]]:
    """Makes indexes that are not there yet, of two shards; those of a module are removed together."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATELINE_OPENSEARCH_SHARDS", "2")
        patch.setenv("DATELINE_OPENSEARCH_REPLICAS", "0")
        patch.setenv("DATELINE_OPENSEARCH_TIMEOUT_S", f"{waiting.HANG_S:.0f}")
        yield lambda: Remote(hosts)
    request = urllib.request.Request(f"http://{hosts.split(',')[0]}/{NAMES}-*", method="DELETE")
    urllib.request.urlopen(request, timeout=waiting.HANG_S).close()


@pytest.fixture
def remote(make_remote: Callable[[], Remote]) -> Remote:
    """An index that is not there yet."""
    return make_remote()
