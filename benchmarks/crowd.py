"""Many people at once: two hundred connections, fifty pages a second, some of them signed in with rules.

    python -m benchmarks.crowd [--articles 100000] [--people 200] [--signed-in 20] [--pages 50] [--seconds 30]

The index and the queries are those of `benchmarks.http`, a real server answers. Pages are asked for at their times,
evenly spread, each by the next of the connections, whether earlier ones have been answered or not; the time of a page
is from when it was to be asked for until its last byte. Those who signed in have a key each, in one of two groups; a
rule hides the earlier years from one group, and the texts of the later ones from the other. `CPU ms` is the processor
time of all processes of the server for a page. The load is made by threads of this program, on the same
cores.
"""

from __future__ import annotations

import argparse
import http.client
import os
import socket
import statistics
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

import search
from benchmarks import results
from benchmarks.http import build, queries_in_turn, serve, serving
from desk.people import keys
from desk.rights import rule
from desk.rights.store import KEY, Rights
from search import Query

GROUPS = ("one", "other")
WARM_S = 5.0
TICKS = os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Index, make rules and keys, and ask."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--signed-in", type=int, default=20)
    parser.add_argument("--pages", type=int, default=50, help="asked for in a second")
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--index", type=Path, help="created if it does not exist")
    results.option(parser)
    options = parser.parse_args()
    sheet = results.Sheet("crowd")
    with tempfile.TemporaryDirectory() as folder:
        place = options.index or Path(folder) / "news.idx"
        if not place.exists():
            build(place, options.articles)
        secrets = _people(place, options.signed_in)
        with search.open(place) as engine:
            count = engine.stats().articles
        with serving(serve(place, options.workers)) as (port, pid):
            crowd = Crowd(port, options.people, secrets)
            crowd.ask(options.pages, WARM_S)
            load, before = os.getloadavg()[0], _ticks(pid)
            crowd.ask(options.pages, options.seconds)
            cpu = 1000 * (_ticks(pid) - before) / TICKS / max(1, sum(map(len, crowd.times.values())))
    for who, times in crowd.times.items():
        if not times:
            continue
        times.sort()
        row = {"pages": len(times), "p50": statistics.median(times), "p99": times[int(0.99 * (len(times) - 1))]}
        sheet.row(
            "crowd", who=who, articles=count, people=options.people, rate=options.pages, cpu=cpu, load=load, **row
        )
        print(
            f"{who:10} {row['pages']:5} pages, p50 {row['p50']:.0f} ms, p99 {row['p99']:.0f} ms, "
            f"{cpu:.1f} CPU ms a page, load {load:.1f}, {dict(crowd.statuses)}"
        )
    sheet.keep(options.keep)


def _people(place: Path, count: int) -> list[str]:
    """Make rules, and keys of readers whom they are for. Returns the secrets."""
    with search.open(place) as engine:
        (outline,) = engine.outlines([Query()])
        assert outline.first is not None
        assert outline.last is not None
        first, last = (int(str(one.published)[:4]) for one in (outline.first, outline.last))
    middle = (first + last) // 2
    made = [keys.add(str(place), ["read"], f"reader {number}") for number in range(count)]
    rules = [
        {"who": f"group:{GROUPS[0]}", "what": {"to": str(middle)}, "tier": "none"},
        {"who": f"group:{GROUPS[1]}", "what": {"from": str(middle)}, "tier": "metadata"},
    ]
    with Rights(place) as rights:
        rights.set(rule.read(rules), "benchmark", "2026-01-01T00:00:00Z")
        for number, (key, _) in enumerate(made):
            rights.put(KEY + key.id, [GROUPS[number % 2]])
    return [secret for _, secret in made]


class Crowd:
    """Connections, of which some show a key.

    Attributes:
        times: milliseconds of pages, of those who signed in and of the others.
        statuses: how many answers had each status; 0 is none.
    """

    def __init__(self, port: int, people: int, secrets: list[str]) -> None:
        self._port, self._people, self._secrets = port, people, secrets
        self._paths = [f"/?{query}" for query in queries_in_turn()]
        self._lock = threading.Lock()
        self.times: dict[str, list[float]] = {}
        self.statuses: Counter[int] = Counter()

    def ask(self, rate: int, seconds: float) -> None:
        """Ask for pages at a rate, and forget what was measured before."""
        self.times, self.statuses = {"signed in": [], "others": []}, Counter()
        count, begin = round(rate * seconds), time.perf_counter() + 1.0

        def work(person: int) -> None:
            connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
            connection.connect()
            assert connection.sock is not None
            connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            knows = person < len(self._secrets)
            shown = {"Authorization": f"Bearer {self._secrets[person]}"} if knows else {}
            for number in range(person, count, self._people):
                due = begin + number / rate
                time.sleep(max(0.0, due - time.perf_counter()))
                try:
                    connection.request("GET", self._paths[number % len(self._paths)], headers=shown)
                    answer = connection.getresponse()
                    answer.read()
                    status = answer.status
                except (OSError, http.client.HTTPException):
                    connection.close()
                    status = 0
                with self._lock:
                    self.statuses[status] += 1
                    self.times["signed in" if knows else "others"].append(1000 * (time.perf_counter() - due))
            connection.close()

        threads = [threading.Thread(target=work, args=(person,)) for person in range(self._people)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()


def _ticks(master: int) -> int:
    """Processor time that a server and the processes that it started have used."""
    total = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            told = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if str(master) in (stat.parent.name, told[1]):
            total += int(told[11]) + int(told[12])
    return total


if __name__ == "__main__":
    main()
