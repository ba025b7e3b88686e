"""Some processes read while one writes: every count is that of a generation.

A question that is asked a second after a commit, or later, is answered from that generation or a later one.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

import search
from search.local.safe.verify import verify
from tests import waiting
from tests.reliability import model

READER = """
import json, os, sys, time
import search
engine = search.open(sys.argv[1])
told = os.open(sys.argv[3], os.O_WRONLY | os.O_CREAT)
print("ready", flush=True)
seen, asked = {}, 0
parent = os.getppid()
while engine.generation < int(sys.argv[2]) and os.getppid() == parent:
    asking = time.time()
    results = engine.search(search.Query("trade", size=1, facets=("country",)))
    everything = engine.search(search.Query(size=0))
    asked += 2
    os.pwrite(told, b"%9d" % asked, 0)
    for one, key in ((results, "trade"), (everything, "all")):
        count = seen.setdefault(f"{one.generation} {key}", [one.total, asking])
        assert count[0] == one.total
        count[1] = asking
print(json.dumps([asked, seen]))
"""


@contextmanager
def reading(command: list[str], told: list[Path]) -> Iterator[list[subprocess.Popen[str]]]:
    """Processes that read, each with a file for how much it has asked; they end with the block, if not before."""
    with ExitStack() as stack:
        readers = []
        for file in told:
            started = subprocess.Popen([*command, file], stdout=subprocess.PIPE, text=True)
            readers.append(stack.enter_context(started))
            stack.callback(started.kill)
        for reader in readers:
            assert reader.stdout is not None
            assert reader.stdout.readline() == "ready\n"
        yield readers


def write_and_read(place: Path, commits: int, several: int = 4) -> tuple[int, float]:
    """So many commits under the eyes of several; how many questions were asked, and how late one was not yet seen."""
    search.writer(place).close()
    command = [sys.executable, "-W", "error", "-c", READER, str(place), str(commits)]
    told = [place.with_suffix(f".{number}") for number in range(several)]
    counts: dict[str, int] = {"0 all": 0, "0 trade": 0}
    committed: dict[int, float] = {}
    with reading(command, told) as readers:
        with search.writer(place) as writer:
            for number in range(commits):
                state = model.after(number + 1) if number % 10 == 0 or number == commits - 1 else None
                model.step(writer, number)
                generation = writer.commit()
                committed[generation] = datetime.now(UTC).timestamp()
                waiting.until(
                    lambda: sum(int(file.read_text() or 0) for file in told) > len(committed), "all was asked of"
                )
                if state is not None:
                    counts[f"{generation} all"] = counts[f"{generation} trade"] = len(state)
        said = [reader.communicate(timeout=waiting.HANG_S)[0] for reader in readers]
        assert {reader.returncode for reader in readers} == {0}
    asked, longest = 0, 0.0
    for questions, seen in map(json.loads, said):
        asked += questions
        for key, (total, _) in seen.items():
            assert seen.get(key.replace("trade", "all"), [total])[0] == total
            assert counts.get(key, total) == total
        for key, (_, asked_last) in seen.items():
            following = committed.get(int(key.split()[0]) + 1)
            if following is not None:
                longest = max(longest, asked_last - following)
    assert verify(place).whole
    return asked, longest


def test_every_count_is_that_of_a_generation_and_seen_within_a_second(
    tmp_path: Path, amount: Callable[..., int]
) -> None:
    commits = amount(40, few=12)
    asked, longest = write_and_read(tmp_path / "news.idx", commits, amount(4, few=2))

    assert asked > commits
    assert longest < 1.0


@pytest.mark.soak
def test_five_hundred_commits_under_four_readers(tmp_path: Path) -> None:
    asked, longest = write_and_read(tmp_path / "news.idx", 500)

    assert longest < 1.0
    print(f"{asked} questions, the last that did not see a commit {longest:.2f} s after it")
