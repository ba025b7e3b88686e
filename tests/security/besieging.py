"""Many who ask a real server for as much as they may."""

from __future__ import annotations

import http.client
import select
import threading
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from urllib.parse import quote

from tests import waiting
from tests.service.serving import Served

NEAR = " ".join(f'"the of a and"~{85 + n}' for n in range(16))
LONG = " ".join('"' + " ".join(["the", "of"] * n + ["in", "to"] * (17 - n)) + '"' for n in range(16))
LIKE = " ".join(f"title:x{n}~2" for n in range(1000, 1130))
PREFIXES = "abc* " * 250
WORST = (NEAR, LONG, LIKE, PREFIXES, '"the of"~2 ' * 16 + "nowhere")
PLAIN = "/api/search?q=president+berlin&size=10"
CLIENTS = 16


@contextmanager
def besieged(served: Served) -> Iterator[list[int]]:
    """While `CLIENTS` clients ask for the worst, each again and again; the statuses of what they got."""
    over = threading.Event()
    asking: set[int] = set()
    statuses: list[int] = []

    def ask(number: int) -> None:
        while not over.is_set():
            connection = connected(served)
            try:
                path = ("/?q=", "/api/search?q=")[number % 2] + quote(WORST[number % len(WORST)])
                connection.request("GET", path, headers=of(number))
                asking.add(number)
                with connection.getresponse() as answer:
                    answer.read()
                statuses.append(answer.status)
            except OSError:
                if not over.is_set():
                    raise
            finally:
                connection.close()

    clients = [threading.Thread(target=ask, args=(number,), daemon=True) for number in range(CLIENTS)]
    for client in clients:
        client.start()
    waiting.until(lambda: len(asking) == CLIENTS and statuses, "all ask, and one has been answered")
    try:
        yield statuses
    finally:
        over.set()
        for client in clients:
            client.join(waiting.HANG_S)


def plain(served: Served) -> None:
    assert served.ask("GET", PLAIN).status == 200


def overtaken(served: Served, statuses: list[int], times: int) -> list[int]:
    """How many of the worst were answered while each of some plain questions waited, in order."""
    counts = []
    for _ in range(times):
        before = len(statuses)
        plain(served)
        counts.append(len(statuses) - before)
    return sorted(counts)


def connected(served: Served) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(served.address.removeprefix("http://"), timeout=waiting.HANG_S)


def asking(served: Served, callers: Iterable[int], path: str = "/api/search") -> list[http.client.HTTPConnection]:
    """Connections on each of which a caller has asked an expensive question."""
    connections = []
    for caller in callers:
        connections.append(connected(served))
        connections[-1].request("GET", f"{path}?q={quote(NEAR)}", headers=of(caller))
    return connections


def of(caller: int) -> dict[str, str]:
    """The address of a caller, as a proxy writes it: of this machine, which has no rate."""
    return {"X-Forwarded-For": f"127.0.1.{caller}:{4711 + caller}"}


def status(connection: http.client.HTTPConnection) -> int:
    with closing(connection), connection.getresponse() as answer:
        answer.read()
        return answer.status


def refused(connections: list[http.client.HTTPConnection]) -> http.client.HTTPResponse:
    """The first answer that is no 200, on whichever connection it comes: they are taken in no order."""
    waiting_for = {connection.sock: connection for connection in connections}
    while waiting_for:
        ready, _, _ = select.select(list(waiting_for), [], [], waiting.HANG_S)
        assert ready, "nothing is answered"
        for sock in ready:
            answer = waiting_for.pop(sock).getresponse()
            if answer.status != 200:
                return answer
            answer.read()
    raise AssertionError(f"all {len(connections)} were answered")


def close(served: Served, connections: Iterable[http.client.HTTPConnection]) -> None:
    for connection in connections:
        connection.close()  # what nobody waits for is not begun
    waiting.until(lambda: status(asking(served, [99])[0]) == 200, "the lane is free")
