"""The service as its users meet it: requests a second and latency of whole answers, and what it adds to the engine.

    python -m benchmarks.http [--articles 100000] [--seconds 10] [--index PATH] [--workers 2] [--soak 600]

The corpus is that of `benchmarks.engine`. A real server (gunicorn, as `dateline serve` starts it) answers a mix of
queries at 1, 8, 32 and 128 connections: the page of hits with snippets, facets and timeline, as HTML and as JSON. The
load comes from wrk where it is installed, else from threads of this program, which take their time from the same cores.

What the service adds is, of each answer of the API to one request at a time, the time of the whole less the `took_ms`
of the engine that it tells: routing, reading parameters, JSON, HTTP and the way there and back.

`--soak` asks for so many seconds on 8 connections and says, a dozen times, how much memory of their own (`RssAnon`) the
processes of the server have.
"""

from __future__ import annotations

import argparse
import http.client
import io
import json
import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import search
from benchmarks import results
from benchmarks.engine import cases, corpus
from indexer.readers.shared.record import Origin
from indexer.readers.tables import json as json_reader

CONNECTIONS = (1, 8, 32, 128)
SOAKING = 8
LOOKS = 12
SCRIPT = """
local paths = {PATHS}
local at = 0
request = function() at = at % #paths + 1; return wrk.format("GET", paths[at]) end
done = function(summary, latency)
  local e = summary.errors
  io.write(string.format("RESULT %d %d %f %f %d\\n", summary.requests, summary.duration, latency:percentile(50),
    latency:percentile(99), e.connect + e.read + e.write + e.status + e.timeout))
end
"""


def main() -> None:
    """Index, serve, ask."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--soak", type=int, default=0, help="seconds to look at the memory")
    parser.add_argument("--index", type=Path, help="made where it is not there")
    results.option(parser)
    options = parser.parse_args()
    sheet = results.Sheet("http")
    queries = _queries()
    with tempfile.TemporaryDirectory() as folder:
        place = options.index or Path(folder) / "news.idx"
        if not place.exists():
            _build(place, options.articles)
        with search.open(place) as engine:
            count = engine.articles
            print(f"{count:,} articles, {options.workers} workers, {len(queries)} queries in turn")
        source = "wrk" if shutil.which("wrk") else "threads"
        sheet.row("served", articles=count, workers=options.workers, load=source)
        with _server(place, options.workers) as (port, server):
            _overhead(port, queries, sheet)
            for path in ("/api/search", "/"):
                for connections in CONNECTIONS:
                    paths = [f"{path}?{query}" for query in queries]
                    load = _wrk if shutil.which("wrk") else _threads
                    rate, median, worst, errors = load(port, paths, connections, options.seconds, Path(folder))
                    sheet.row(
                        "load", path=path, connections=connections, rate=rate, p50=median, p99=worst, errors=errors
                    )
                    print(
                        f"{path:12} {connections:3} connections  {rate:7.0f} a second   p50 {median:7.1f} ms   "
                        f"p99 {worst:7.1f} ms   {errors} errors"
                    )
            if options.soak:
                _soak(port, server, [f"/api/search?{query}" for query in queries], options.soak, Path(folder))
    sheet.keep(options.keep)


def _queries() -> list[str]:
    """The query strings of all classes of `benchmarks.engine`, shuffled."""
    found: list[str] = []
    for some in cases(10).values():
        for case in some:
            text = " OR ".join(case.words) if case.kind == "or" else " ".join(case.words)
            text = {"phrase": f'"{text}"', "prefix": f"{text}*"}.get(case.kind, text)
            asked = {"q": f"{text} -{case.without}" if case.without else text, "person": case.person}
            asked |= {"country": case.country}
            if case.years:
                asked |= {"from": str(case.years[0]), "to": str(case.years[1])}
            found.append(urlencode({name: value for name, value in asked.items() if value}))
    random.Random(7).shuffle(found)
    return found


def _build(place: Path, articles: int) -> None:
    with search.writer(place) as writer:
        origin = Origin("made-up", "a.json", "a.json")
        for row in corpus(articles):
            for article in json_reader.read(io.BytesIO(json.dumps(row).encode()), origin):
                assert isinstance(article, search.Article)
                writer.add(article)


def _overhead(port: int, queries: Sequence[str], sheet: results.Sheet) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    whole, over = [], []
    for query in queries:
        rounds = []
        for _ in range(6):
            began = time.perf_counter()
            connection.request("GET", f"/api/search?{query}")
            answer = connection.getresponse()
            body = answer.read()
            taken = 1000 * (time.perf_counter() - began)
            assert answer.status == 200
            rounds.append((taken - json.loads(body)["took_ms"], taken))
        whole.append(min(taken for _, taken in rounds))
        over.append(statistics.median(extra for extra, _ in rounds[1:]))
    connection.close()
    sheet.row("alone", whole=statistics.median(whole), service=statistics.median(over))
    print(
        f"one request at a time: p50 {statistics.median(whole):.2f} ms (the least of six), of which the service "
        f"{statistics.median(over):.2f} ms (the median)"
    )


def _soak(port: int, server: int, paths: list[str], seconds: int, folder: Path) -> None:
    """Ask for a long time, and look at the memory."""
    load = _wrk if shutil.which("wrk") else _threads
    asked = errors = 0
    for look in range(LOOKS):
        rate, _, _, wrong = load(port, paths, SOAKING, seconds / LOOKS, folder)
        asked, errors = asked + int(rate * seconds / LOOKS), errors + wrong
        after = (look + 1) * seconds // LOOKS
        print(f"after {after:4} s: {_memory_mb(server):,.0f} MB, {asked:,} asked, {errors} errors", flush=True)


def _memory_mb(server: int) -> float:
    """Memory that the processes of a server have for themselves, without files that are mapped."""
    total = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            told = dict(line.split(":", 1) for line in status.read_text().splitlines())
        except (FileNotFoundError, ProcessLookupError):
            continue
        if str(server) in (told["Pid"].strip(), told["PPid"].strip()) and "RssAnon" in told:
            total += int(told["RssAnon"].split()[0])
    return total / 1024


@contextmanager
def _server(place: Path, workers: int) -> Iterator[tuple[int, int]]:
    """A server: its port, and the number of its process."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "service", "serve", str(place), "--port", str(port), "--workers", str(workers)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as server:
        try:
            for _ in range(3000):
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
                try:
                    connection.request("GET", "/readyz")
                    if connection.getresponse().status == 200:
                        break
                except OSError:
                    time.sleep(0.1)
                finally:
                    connection.close()
            for _ in range(10):  # every worker opens the index once
                _threads(port, ["/"], 8, 0.2, place)
            yield port, server.pid
        finally:
            server.terminate()


def _wrk(
    port: int, paths: list[str], connections: int, seconds: float, folder: Path
) -> tuple[float, float, float, int]:
    """Requests a second, median and 99th percentile in milliseconds, errors."""
    script = folder / "mix.lua"
    script.write_text(SCRIPT.replace("{PATHS}", "{" + ",".join(map(json.dumps, paths)) + "}"))
    command = [
        "wrk",
        "-t1",
        f"-c{connections}",
        f"-d{max(1, round(seconds))}s",
        "--timeout",
        "30s",
        "-s",
        str(script),
        f"http://127.0.0.1:{port}",
    ]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    line = next(line for line in output.splitlines() if line.startswith("RESULT")).split()
    return int(line[1]) / int(line[2]) * 1e6, float(line[3]) / 1000, float(line[4]) / 1000, int(line[5])


def _threads(
    port: int, paths: list[str], connections: int, seconds: float, _folder: Path
) -> tuple[float, float, float, int]:
    """The same, by threads of this program."""
    times: list[float] = []
    errors = [0]
    until = time.monotonic() + seconds

    def ask(first: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        at = first
        while time.monotonic() < until:
            began = time.perf_counter()
            connection.request("GET", paths[at % len(paths)])
            answer = connection.getresponse()
            answer.read()
            errors[0] += answer.status != 200
            times.append(1000 * (time.perf_counter() - began))
            at += 1
        connection.close()

    began = time.perf_counter()
    threads = [threading.Thread(target=ask, args=(n * 7,)) for n in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    times.sort()
    rate = len(times) / (time.perf_counter() - began)
    return rate, statistics.median(times), times[int(0.99 * (len(times) - 1))], errors[0]


if __name__ == "__main__":
    main()
