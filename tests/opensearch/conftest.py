"""A cluster of three real nodes, once for all tests here, and a fresh index in it for each.

`make opensearch` fetches and compiles what a node is made of. Where Java is missing the tests are skipped, and fail in
CI. `DATELINE_TEST_CLUSTER=host:port,…` names a cluster that runs already; tests that kill nodes start their own.
"""

from __future__ import annotations

import itertools
import os
import shutil
import urllib.request
from collections.abc import Callable, Collection, Iterator, Mapping

import pytest

import search
from search.engine import CURSOR_SECONDS, Engine, Writer
from search.opensearch import address
from search.opensearch.engine import ClusterEngine
from tests import waiting
from tests.opensearch.cluster import MADE, Cluster

NAMES = f"test{os.getpid()}"
_numbers = itertools.count(1)


def needs_java() -> None:
    """Skip a test where no node can be started; `pytest_runtest_makereport` makes a failure of that in CI."""
    if shutil.which("java") is None or not (MADE / "classes").is_dir():
        pytest.skip("no node of OpenSearch to start: make opensearch")


@pytest.fixture(scope="session")
def hosts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The nodes of a running cluster, as an address names them."""
    running = os.environ.get("DATELINE_TEST_CLUSTER")
    if running:
        yield running
        return
    needs_java()
    cluster = Cluster(tmp_path_factory.mktemp("nodes"))
    cluster.start()
    try:
        yield cluster.hosts
    finally:
        cluster.stop()


class Remote:
    """An index in the cluster, as the engines' contract test asks for one."""

    def __init__(self, hosts: str) -> None:
        self.name = f"{NAMES}-{next(_numbers)}"
        self.place = f"opensearch+http://{hosts}/{self.name}"

    def writer(self) -> Writer:
        return search.writer(self.place)

    def engine(self, lists: Mapping[str, Collection[str]] | None = None) -> Engine:
        if lists is None:
            return search.open(self.place)
        at = address.read(self.place)
        return ClusterEngine(at, address.access(os.environ), CURSOR_SECONDS, lists.__getitem__)


@pytest.fixture(scope="session")
def make_remote(hosts: str) -> Iterator[Callable[[], Remote]]:
    """Makes indexes that are not there yet, of two shards with a replica each."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATELINE_OPENSEARCH_SHARDS", "2")
        yield lambda: Remote(hosts)
    request = urllib.request.Request(f"http://{hosts.split(',')[0]}/{NAMES}-*", method="DELETE")
    urllib.request.urlopen(request, timeout=waiting.HANG_S).close()


@pytest.fixture
def remote(make_remote: Callable[[], Remote]) -> Remote:
    """An index that is not there yet."""
    return make_remote()
