"""What it costs to convert an index that an earlier version wrote, and what those who search it notice.

    python -m benchmarks.upgrade [COMMIT] [--articles 100000] [--sample 2000] [--rate 50] [--kills 20] [--seed 1]
                                [--index PATH] [--cluster]

The command of this version reads, enriches and indexes `--sample` reports of some 300 words (`benchmarks.archive`):
what that takes, less its start, is what reading the archive again costs. The program of COMMIT, by default the last
that wrote format 13, does it too, and copies of its articles under other ids are added with its library, in commits of
5,000, until there are `--articles`; then `DECISIONS` are made on its desk, and nothing replaced is left in its
segments, by which scores would differ. That index is converted by `dateline upgrade`, alone; *space* is the most that
its directory has meanwhile, over what it had before.

Then a server of this version answers while another copy is converted, and a client asks it `--rate` questions a second
over HTTP, each at its time whether or not the one before has been answered. The answers have to be those of before:
total, hits with their scores and snippets, facets, timeline; and the desk has every decision afterwards. At last a
third copy is converted while it is asked, by processes of which `--kills` are killed (`kill -9`) at random times within
a fifth of what the first took, and another.

`--cluster` does all that in a cluster of one node, which the earlier program fills three times, with a fifth of the
questions; CPU time is that of the commands and of the node. Needs `make opensearch`.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import search
from benchmarks import archive, ingest, results
from benchmarks.http import serve, serving
from desk.corrections.store import Store
from desk.lists.store import Lists
from desk.searches.store import Searches
from search import backends
from search.system.json import Json
from tests.opensearch.cluster import Cluster

BEFORE = "6bec6f67~1"
QUESTIONS = 100
CLIENTS = 32
LOOK_S = 0.1
NODE = "1g"
"""The heap of the node of `--cluster`."""
FEWER = 5
"""Questions to a directory for one to that node, which shares its cores with the client and the server."""
Place = str | Path
COPY = """
import sys
from dataclasses import replace
from pathlib import Path
import search
source, to, wanted = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
with search.open(source) as engine:
    articles = list(engine.export(search.Query(), as_added=True))
with search.writer(to) as writer:
    for number in range(wanted):
        turn, one = divmod(number, len(articles))
        article = articles[one]
        writer.add(replace(article, id=f"{article.id}.{turn}", group=None, url=None))
        if number % 5000 == 4999:
            writer.commit()
"""


DECISIONS = 1000
DECIDE = """
import sys
from itertools import islice
import search
from desk.corrections import application
from desk.corrections.correction import Correction
from desk.corrections.store import Store
from desk.lists.store import Lists
from desk.searches.store import Searches
place, wanted, at = sys.argv[1], int(sys.argv[2]), "2026-11-01T00:00:00Z"
with search.open(place) as engine:
    articles = list(islice(engine.export(search.Query()), 100))
ids = [article.id for article in articles]
words = sorted({word for article in articles for word in article.text.split()[:40] if word.isalpha()})
with Lists(place) as lists, Searches(place) as searches, Store(place) as corrections:
    for number in range(wanted):
        article, word = ids[number % len(ids)], words[number % len(words)]
        if number % 3 == 0:
            lists.put(f"List {number // 60}", {article: f"Note {number}"}, "desk", at, make=True)
        elif number % 3 == 1:
            searches.save(f"Search {number}", f"q={word}+{words[-number % len(words)]}", "desk", at)
        else:
            corrections.add([Correction(article, "person", "add", f"Person {number}", "desk", at)])
with search.writer(place) as writer:
    application.settle(writer, place)
    writer.compact(sys.maxsize)
"""


def main() -> None:
    """Make the index, convert it, ask meanwhile."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("commit", nargs="?", default=BEFORE, help="of the earlier version")
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--sample", type=int, default=2_000)
    parser.add_argument("--rate", type=int, default=50)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--index", type=Path, help="that of the earlier version, created if it does not exist")
    parser.add_argument("--cluster", action="store_true", help="in a cluster of one node")
    results.option(parser)
    options = parser.parse_args()
    sheet = results.Sheet("upgrade_cluster" if options.cluster else "upgrade", "upgrade")
    with tempfile.TemporaryDirectory() as folder:
        run(Path(folder), options, sheet)
    sheet.keep(options.keep)


def run(folder: Path, options: argparse.Namespace, sheet: results.Sheet) -> None:
    """Measure, in a folder."""
    archive.write(folder / "jsonl", "jsonl", list(archive.reports(options.sample)))
    (folder / "warm").mkdir()
    archive.write(folder / "warm", "jsonl", list(archive.reports(2)))
    ingest.run(folder / "warm.idx", folder / "warm", 1)  # compiles
    if not options.cluster:
        return _convert(_Directory(folder, options), folder, options, sheet)
    cluster = Cluster(folder / "node", 1, NODE)
    cluster.start()
    try:
        _convert(_Node(folder, options, cluster), folder, options, sheet)
    finally:
        cluster.stop()


def _convert(made: _Directory | _Node, folder: Path, options: argparse.Namespace, sheet: results.Sheet) -> None:
    """Convert what the earlier version made: alone, asked, and killed."""

    def row(table: str, **cells: str | float | None) -> None:
        _say(f"{table}: {json.dumps(cells)}")
        sheet.row(table, **cells)

    _say(f"{options.sample:,} articles, this version…")
    took: list[tuple[float, float]] = []
    for archived in ("warm", "jsonl"):
        cpu = made.cpu_seconds()
        timing = ingest.run(made.place(f"again-{archived}"), folder / archived, 1)
        took.append((timing.seconds, made.cpu_seconds() - cpu))
    scale = options.articles / options.sample
    again, again_cpu = (start + (whole - start) * scale for start, whole in zip(*took, strict=True))

    place = made.earlier("alone")
    found = backends.outdated(place)
    assert found is not None
    assert found.articles == options.articles
    decisions = _decisions(place)
    assert len(decisions) == DECISIONS
    size, segments, began, cpu = made.bytes(place), _segments(place), time.monotonic(), made.cpu_seconds()
    most = _converted(place, made.bytes)
    alone, cpu = time.monotonic() - began, made.cpu_seconds() - cpu
    row(
        "converted", articles=options.articles, segments=segments, format=found.format, current=found.current,
        seconds=alone, cpu=cpu, reading=again, reading_cpu=again_cpu, space=most / size, bytes=size,
    )  # fmt: skip
    made.remove(place)

    place = made.earlier("asked")
    with asking(place, made.rate) as asked:
        began = time.monotonic()
        _converted(place, made.bytes)
        seconds = time.monotonic() - began
    assert _decisions(place) == decisions
    row("asked", rate=made.rate, seconds=seconds, articles=made.whole(place), decisions=len(decisions), **asked())
    made.remove(place)

    place = made.earlier("killed")
    dice = random.Random(options.seed)
    with asking(place, made.rate) as asked:
        ended = sum(_killed(place, dice.uniform(0, alone / 5)) for _ in range(options.kills))
        _converted(place, made.bytes)
    remembered = len(set(decisions) & set(_decisions(place)))
    row("killed", kills=options.kills, ended=ended, articles=made.whole(place), decisions=remembered, **asked())
    made.remove(place)


class _Directory:
    """Copies of an index that the earlier version made in a directory."""

    def __init__(self, folder: Path, options: argparse.Namespace) -> None:
        self._folder = folder
        self._old: Path = options.index or folder / "old.idx"
        self._options = options
        self.rate: int = options.rate

    def place(self, name: str) -> Path:
        return self._folder / f"{name}.idx"

    def earlier(self, name: str) -> Path:
        if not self._old.exists():
            _make(self._folder, self._old.absolute(), self._options)
        place = self.place(name)
        shutil.copytree(self._old, place)
        return place

    def bytes(self, place: Place) -> int:
        total = 0
        for path in Path(place).iterdir():
            try:
                total += path.stat().st_size
            except FileNotFoundError:  # a commit has removed it
                continue
        return total

    def whole(self, place: Place) -> int:
        """The articles of an index of which every byte has been verified."""
        found = backends.verify(place)
        assert found.whole
        assert backends.outdated(place) is None
        return found.articles

    def remove(self, place: Place) -> None:
        shutil.rmtree(place)

    def cpu_seconds(self) -> float:
        return results.cpu_seconds()


class _Node:
    """Indexes that the earlier version made in a cluster of one node."""

    def __init__(self, folder: Path, options: argparse.Namespace, cluster: Cluster) -> None:
        self._folder = folder
        self._options = options
        self._cluster = cluster
        self.rate: int = options.rate // FEWER
        os.environ["DATELINE_OPENSEARCH_REPLICAS"] = "0"

    def place(self, name: str) -> str:
        return f"opensearch+http://{self._cluster.hosts}/{name}"

    def earlier(self, name: str) -> str:
        place = self.place(name)
        _make(self._folder, place, self._options)
        while True:  # until nothing replaced is left, as in a directory: a node retains it for a while
            for what in ("_flush?force", "_forcemerge?max_num_segments=1", "_refresh"):
                self._node(f"/{name}/{what}", "POST")
            (found,) = self._node(f"/{name}/_stats/docs")["indices"].values()
            if found["total"]["docs"]["deleted"] == 0:
                return place
            time.sleep(1)

    def bytes(self, place: Place) -> int:
        names = f"{str(place).rpartition('/')[2]}*"
        size: int = self._node(f"/{names}/_stats/store")["_all"]["total"]["store"]["size_in_bytes"]
        return size

    def whole(self, place: Place) -> int:
        assert backends.outdated(place) is None
        with search.open(place) as engine:
            return sum(1 for _ in engine.export(search.Query()))

    def remove(self, place: Place) -> None:
        """Nothing: its name is not used again, and the node ends with its files."""

    def cpu_seconds(self) -> float:
        (node,) = self._node("/_nodes/_local/stats/process")["nodes"].values()
        return results.cpu_seconds() + float(node["process"]["cpu"]["total_in_millis"]) / 1000

    def _node(self, path: str, method: str = "GET") -> Json:
        (node,) = self._cluster.nodes
        with urlopen(Request(f"{node.url}{path}", method=method)) as answer:
            told: Json = json.load(answer)
        return told


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def _make(folder: Path, old: Place, options: argparse.Namespace) -> None:
    """Make an index, with the earlier version."""
    _say(f"{options.articles:,} articles, the earlier version…")
    before, sample = folder / "before", folder / "sample.idx"
    if not before.exists():
        before.mkdir()
        packed = subprocess.run(
            ["git", "archive", options.commit], check=True, stdout=subprocess.PIPE, cwd=archive.ROOT
        )
        subprocess.run(["tar", "-x", "-C", before], check=True, input=packed.stdout)
        ingest.run(sample, folder / "jsonl", 1, before)
    environment = os.environ | {"PYTHONPATH": str(before)}
    for program, *given in ((COPY, sample, old, options.articles), (DECIDE, old, DECISIONS)):
        subprocess.run([sys.executable, "-c", program, *map(str, given)], check=True, env=environment, cwd=folder)


def _decisions(place: Place) -> list[tuple[str, ...]]:
    """What the desk of an index has."""
    with Lists(place) as lists, Searches(place) as searches, Store(place) as corrections:
        listed = [(one.name, entry.article, entry.note) for one in lists.listed() for entry in lists.entries(one.name)]
        saved = [(one.name, one.question, one.made_by) for one in searches.listed("desk")]
        corrected = [(one.article, one.field, one.action, one.value, one.at) for one in corrections.listed()]
    return sorted([*listed, *saved, *corrected])


def _upgrade(place: Place) -> list[str]:
    return [sys.executable, "-m", "service", "upgrade", str(place)]


def _converted(place: Place, bytes_of: Callable[[Place], int]) -> int:
    """Convert an index. Returns the most bytes that it had."""
    most = 0
    with tempfile.TemporaryFile() as said, subprocess.Popen(_upgrade(place), stderr=said) as process:
        while process.poll() is None:
            most = max(most, bytes_of(place))
            time.sleep(LOOK_S)
        said.seek(0)
        assert process.returncode == 0, said.read()[-1000:]
    return most


def _killed(place: Place, after: float) -> bool:
    """Kill a process that converts an index. Returns True if it had ended before."""
    with subprocess.Popen(_upgrade(place), stderr=subprocess.DEVNULL) as process:
        time.sleep(after)
        ended = process.poll() is not None
        process.kill()
    return ended


def _segments(place: Place) -> int:
    with search.open(place) as engine:
        return engine.stats().segments


def _questions() -> list[str]:
    """Paths of the API: one word, two words, a phrase, filters."""
    draw = random.Random(3)
    words = sorted({word for report in archive.reports(50) for word in report.text.split() if word.isalpha()})
    made: list[Json] = []
    for number in range(QUESTIONS):
        one, other = draw.sample(words, 2)
        made.append(
            ({"q": one}, {"q": f"{one} {other}"}, {"q": f"{one} OR {other}"}, {"q": one, "from": "1990"})[number % 4]
        )
    return [f"/api/search?{urlencode(question)}" for question in made]


def _answer(port: int, path: str) -> Json:
    """What is the same before and after; the status if it is not 200."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            return {"status": answer.status}
        found: Json = json.loads(body)
        return {name: found[name] for name in ("total", "exact", "hits", "facets", "did_you_mean")}
    finally:
        connection.close()


@contextmanager
def asking(place: Place, rate: int) -> Iterator[Callable[[], dict[str, float]]]:
    """Ask a server while the block runs. What is yielded gives the numbers once it has ended."""
    paths = _questions()
    times: list[float] = []
    failed = differing = late = 0
    lock, stop = threading.Lock(), threading.Event()
    with serving(serve(place, 2)) as (port, _):
        expected = {path: _answer(port, path) for path in paths}
        assert all("total" in answer for answer in expected.values())

        def ask(path: str, due: float) -> None:
            nonlocal failed, differing, late
            begun = time.monotonic()
            try:
                answer = _answer(port, path)
            except OSError:
                answer = {"status": 0}
            taken = time.monotonic() - begun
            with lock:
                times.append(taken)
                failed += "status" in answer
                differing += "status" not in answer and answer != expected[path]
                late += begun - due > 1

        def client() -> None:
            with ThreadPoolExecutor(CLIENTS) as pool:
                number, began = 0, time.monotonic()
                while not stop.is_set():
                    due = began + number / rate
                    time.sleep(max(0.0, due - time.monotonic()))
                    pool.submit(ask, paths[number % len(paths)], due)
                    number += 1

        asker = threading.Thread(target=client)
        asker.start()
        try:
            yield lambda: {
                "questions": len(times), "failed": failed, "differing": differing, "late": late,
                "p50": 1000 * statistics.median(times), "p99": 1000 * statistics.quantiles(times, n=100)[98],
                "longest": 1000 * max(times),
            }  # fmt: skip
        finally:
            stop.set()
            asker.join()


if __name__ == "__main__":
    main()
