"""A second writer, a directory that may not be written, a disk that is full: a sentence, and no harm."""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import falcon.testing
import orjson
import pytest

import search
from desk.corrections.correction import checked
from desk.corrections.store import Store
from desk.people import keys
from search.engine import article_count
from search.local.safe.lock import FILE as LOCK
from search.local.safe.lock import HOLDER
from search.local.safe.verify import verify
from service.archive import Archive
from service.server.app import create_app
from service.server.indexing import Indexing
from service.settings import Settings
from tests import waiting
from tests.conftest import SEEDS
from tests.desk import former
from tests.reliability import model
from tests.reliability.running import run
from tests.reliability.unwritable import folder, unwritable

TITLE = checked("a", "title", "set", "Wall opens", "night desk", "2026-11-26T21:04:11Z")


def dateline(*arguments: object, **more: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", "-m", "service", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=waiting.HANG_S, check=False, **more)  # type: ignore[call-overload,no-any-return]


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "wall.txt"
    path.write_text("Berlin wall opens\n\n" + "The wall in Berlin opened on Thursday. " * 20, "utf-8")
    return path


def test_a_second_writer_is_told_who_the_first_is(place: Path, report: Path) -> None:
    with search.writer(place):
        refused = dateline("index", place, report)

    assert refused.returncode == 2
    assert f": {os.getpid()} on " in refused.stderr
    assert run("index", place, report).exit_code == 0


def test_a_lock_of_a_process_that_is_gone_holds_nobody_up(place: Path) -> None:
    (place / LOCK / HOLDER).write_text('{"pid": 999999, "host": "elsewhere", "since": "2020-01-01T00:00:00+00:00"}')

    with search.writer(place) as writer:
        assert writer.commit() > 0


@pytest.fixture
def read_only() -> Iterator[Path]:
    """An index that may be read but not written, by whoever runs the tests."""
    with folder() as above:
        place = above / "news.idx"
        model.make(place, 2)
        former.make_corrections(place, [TITLE])
        model.found(place)  # loads modules and kernels, while this user may read the tree and write its caches
        with unwritable(place):
            yield place


def test_a_directory_that_may_not_be_written_is_a_sentence_and_is_read(read_only: Path) -> None:
    with pytest.raises(search.IndexProblem, match="cannot be written: Permission denied"):
        search.writer(read_only)

    assert model.found(read_only) == model.after(2)


def test_corrections_of_an_earlier_version_are_read_where_they_may_not_be_written(read_only: Path) -> None:
    path = read_only / "corrections.sqlite"
    before = path.read_bytes()
    for _ in range(2):
        with Store(read_only) as store:
            assert store.of(TITLE.article) == (replace(TITLE, number=1),)
            with store.snapshot():
                assert store.pending()[0] == [TITLE.article]
            for change in (lambda: store.add([TITLE, replace(TITLE, value="Talks")]), store.vacuum):
                with pytest.raises(search.IndexProblem, match="cannot be written"):
                    change()

    assert path.read_bytes() == before
    assert {each.name for each in read_only.glob("*.sqlite*")} == {path.name, f"{path.name}.sum"}


def limited() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))


def test_a_disk_that_is_full_is_a_sentence_and_the_next_run_works(place: Path, report: Path) -> None:
    before = model.found(place)
    stopped = dateline("index", place, report, preexec_fn=limited)

    assert stopped.returncode == 2
    assert "cannot be written" in stopped.stderr
    assert stopped.stderr.count("\n") == 1
    assert model.found(place) == before
    assert run("index", place, report).exit_code == 0
    assert len(model.found(place)) == len(before) + 1
    assert verify(place).left_over == ()


def fill(place: Path) -> int:
    """Commit until the disk is full; how many commits there was room for."""
    committed = 0

    def commit_for_ever() -> None:
        nonlocal committed
        with search.writer(place) as writer:
            while True:
                model.step(writer, committed)
                writer.add(search.Article(f"large{committed}", os.urandom(20_000).hex(), "Large"))
                writer.commit()
                committed += 1

    with pytest.raises(search.IndexProblem, match="No space left"):
        commit_for_ever()
    return committed


@contextmanager
def small_disk(folder: Path, kilobytes: int) -> Iterator[Path]:
    """A disk of its own, which `enlarge` makes larger; the test is passed over where none can be mounted."""
    disk = folder / "disk"
    disk.mkdir(exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(disk)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("no right to mount a small disk here")  # a full disk is also tested with faults in `disk.system`
    try:
        yield disk
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)  # an engine may have it mapped still


def enlarge(disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,size=50m", str(disk)], check=True)


@pytest.mark.soak
def test_a_run_on_a_disk_of_any_size_ends_with_a_sentence_and_goes_on(tmp_path: Path) -> None:
    stopped = 0
    for kilobytes in range(20, 1600, 60):
        with small_disk(tmp_path, kilobytes) as disk:
            done = dateline("index", disk / "news.idx", SEEDS, "--workers", "1")
            assert done.returncode in (0, 2)
            if done.returncode == 2:
                stopped += 1
                assert re.search(r"^Error: “.*” cannot be written: .*full|No space left", done.stderr, re.MULTILINE)
                assert "Traceback" not in done.stderr
                enlarge(disk)
                done = dateline("index", disk / "news.idx", SEEDS, "--workers", "1")
                assert done.returncode == 0, done.stderr
            with search.open(disk / "news.idx") as engine:
                assert article_count(engine) == 143
            found = verify(disk / "news.idx")
            assert (found.faults, found.left_over) == ((), ())
    print(f"stopped by {stopped} sizes")
    assert stopped > 10


@pytest.mark.soak
def test_what_was_accepted_before_the_disk_was_full_is_indexed_when_it_is_not(tmp_path: Path) -> None:
    with small_disk(tmp_path, 600) as disk:
        place = disk / "news.idx"
        search.writer(place).close()
        headers = {"Authorization": f"Bearer {keys.add(str(place), ['index'])[1]}", "Content-Type": "application/json"}
        accepted, statuses = [], []
        indexing = Indexing(str(place), 1, lambda: False)
        with Archive(str(place)) as opened:
            client = falcon.testing.TestClient(create_app(opened, Settings()))
            for number in range(40):
                body = orjson.dumps({"id": f"a{number}", "text": f"The zebra {number}. " + os.urandom(9000).hex()})
                answer = client.simulate_post("/api/articles", body=body, headers=headers)
                statuses.append(answer.status_code)
                if answer.status_code == 202:
                    accepted.append(f"a{number}")
                else:
                    assert answer.json["detail"].startswith("The server's disk is full.")
        indexing._pause = lambda seconds: None  # type: ignore[method-assign]
        with suppress(search.CannotWrite):
            for _ in range(30):
                indexing.once()
        enlarge(disk)
        while indexing.once():
            pass

        assert set(statuses) == {202, 507}
        assert model.found(place).keys() == set(accepted)


@pytest.mark.soak
def test_a_small_disk_is_filled_to_the_brim(tmp_path: Path) -> None:
    with small_disk(tmp_path, 900) as disk:
        place = disk / "news.idx"
        steps = fill(place)
        state = model.found(place)
        assert len(state) >= len(model.after(steps))
        assert verify(place).whole
        assert verify(place).left_over == ()
        with search.writer(place) as writer:
            for number in range(steps):
                writer.delete(f"large{number}")
        assert len(model.found(place)) == len(state) - steps
