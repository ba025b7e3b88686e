"""Real nodes of a cluster, one process each, so that one can be killed like a machine."""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Any

from tests import waiting
from tests.ports import reserved_port

ROOT = Path(__file__).parent.parent.parent
MADE = Path(sys.prefix) / "opensearch"
"""Where `make opensearch` puts the artifacts and the launcher."""
SERVER = ("-XX:+UseG1GC",)
BRIEF = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData")
"""Options of Java for a node that lives for minutes: what is compiled well and late would not be earned back."""
QUICK = "-Ddateline.forget=200ms"
"""For a node that is not to retain for half a minute what a purge is to erase: no test waits for it, but one."""
MEMORY = Path("/dev/shm")
ROOM = 2**30


class Node:
    """One node: its settings, and the process while it runs."""

    def __init__(self, home: Path, number: int, ports: list[tuple[int, int]], heap: str, java: Sequence[str]) -> None:
        self.port, transport = ports[number]
        self.url = f"http://127.0.0.1:{self.port}"
        self._home = home / f"node-{number}"
        self._home.mkdir(parents=True, exist_ok=True)
        command = [shutil.which("java") or "java"]
        self._java = (*([] if java else ["nice"]), *command, *(java or SERVER), f"-Xms{heap}", f"-Xmx{heap}")
        seeds = ",".join(f"127.0.0.1:{port}" for _, port in ports)
        self._settings = {
            "path.home": str(self._home),
            "cluster.name": f"dateline-{ports[0][0]}",
            "node.name": f"node-{number}",
            "network.host": "127.0.0.1",
            "http.port": str(self.port),
            "transport.port": str(transport),
            "discovery.seed_hosts": f"{seeds},",
            "cluster.initial_cluster_manager_nodes": ",".join(f"node-{n}" for n in range(len(ports))) + ",",
            "node.store.allow_mmap": "false",
            "indices.breaker.total.use_real_memory": str(not java).lower(),  # the serial collector leaves garbage
            "cluster.routing.allocation.disk.threshold_enabled": "false",
            "action.auto_create_index": "false",
            "cluster.fault_detection.leader_check.interval": "500ms",
            "cluster.fault_detection.follower_check.interval": "500ms",
            "transport.type": "netty4",
            "http.type": "netty4",
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the process; it is not up yet."""
        with (self._home / "out.txt").open("ab") as out:
            self.process = subprocess.Popen(
                [
                    *self._java, "-Dlog4j2.disable.jmx=true", "-cp", f"{MADE / 'classes'}:{MADE / 'jars'}/*", "Launch",
                    *(f"{name}={value}" for name, value in self._settings.items()),
                ],
                stdin=subprocess.PIPE, stdout=out, stderr=out,
            )  # fmt: skip

    def kill(self) -> None:
        """End the process as a power cut does."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            assert self.process.stdin is not None
            self.process.stdin.close()
            self.process = None

    def said(self) -> str:
        """The last of what it wrote."""
        return (self._home / "out.txt").read_text("utf-8", "replace")[-3000:]


class Cluster:
    """Several nodes that know each other."""

    def __init__(self, home: Path, size: int = 3, heap: str = "512m", java: Sequence[str] = ()) -> None:
        self._reserved = contextlib.ExitStack()
        ports = [self._reserved.enter_context(reserved_port()) for _ in range(2 * size)]
        pairs = list(zip(ports[::2], ports[1::2], strict=True))
        self.nodes = [Node(home, number, pairs, heap, java) for number in range(size)]
        self._size = size

    @property
    def hosts(self) -> str:
        """All nodes, as an address names them."""
        return ",".join(f"127.0.0.1:{node.port}" for node in self.nodes)

    def start(self) -> None:
        """Start all nodes and wait until they are one cluster."""
        try:
            for node in self.nodes:
                node.start()
            self.wait_for(f"wait_for_nodes={self._size}")
        except BaseException:  # also an interrupt: no node is left running
            self.stop()
            raise

    def wait_for(self, condition: str) -> dict[str, Any]:
        """Wait until a node that runs says the cluster's health is so."""
        return waiting.until(lambda: self._health(condition), condition) or {}

    def _health(self, condition: str) -> dict[str, Any] | None:
        """The cluster's health if it is so within a second, as a node that runs says.

        Otherwise copies of shards that could not be made are tried again, as an operator would: after five attempts,
        which a busy machine can use up, the cluster waits for that.
        """
        for node in self.nodes:
            if node.process is None:
                continue
            if node.process.poll() is not None:
                raise RuntimeError(f"A node has ended by itself:\n{node.said()}")
            try:
                health: dict[str, Any] = _asked(f"{node.url}/_cluster/health?timeout=1s&{condition}")
                return health
            except urllib.error.HTTPError as error:
                if error.code != HTTPStatus.REQUEST_TIMEOUT:
                    continue  # not up yet
            except (urllib.error.URLError, TimeoutError, ConnectionError):
                continue
            with contextlib.suppress(urllib.error.URLError, TimeoutError, ConnectionError):
                _asked(f"{node.url}/_cluster/reroute?retry_failed=true&metric=none", "POST")
        return None

    def stop(self) -> None:
        """End all nodes, and give their ports away."""
        for node in self.nodes:
            node.kill()
        self._reserved.close()


@contextlib.contextmanager
def running(size: int, *java: str) -> Iterator[Cluster]:
    """Nodes for tests; their files are in memory, since a small index mostly waits for a disk."""
    in_memory = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM
    with tempfile.TemporaryDirectory(prefix="dateline-nodes-", dir=MEMORY if in_memory else None) as home:
        cluster = Cluster(Path(home), size, java=(*BRIEF, *java))
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.stop()


def _asked(url: str, method: str = "GET") -> Any:
    with urllib.request.urlopen(urllib.request.Request(url, method=method), timeout=waiting.HANG_S) as answer:
        return json.load(answer)
