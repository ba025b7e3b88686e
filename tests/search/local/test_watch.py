from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from search.local import watch
from search.local.watch import Watch
from tests import waiting
from tests.cases import cases


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine may stop a test for longer than the time after which a look is due."""
    monkeypatch.setattr(watch, "CHECK_EVERY_S", waiting.HANG_S)


def settled(folder: Path) -> Watch:
    """A watch of a directory at which somebody has just looked."""
    made = Watch(folder)
    made.checked(made.events())
    return made


def test_nothing_happens_in_a_quiet_directory(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"1")
    watched = settled(tmp_path)
    (tmp_path / "a").read_bytes()

    assert watched.quiet(watched.events())


def overwrite(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(b"2")


@cases(
    "name, happens",
    [
        ("written", overwrite),
        ("cut", lambda path: os.truncate(path, 0)),
        ("removed", lambda path: path.unlink()),
        ("renamed", lambda path: path.rename(path.with_name("b"))),
        ("made", lambda path: path.with_name("b").write_bytes(b"")),
        ("moved", lambda path: path.parent.rename(path.parent.with_name("elsewhere"))),
    ],
)
def test_what_happens_is_noticed_until_somebody_has_looked(
    tmp_path: Path, name: str, happens: Callable[[Path], object]
) -> None:
    folder = tmp_path / name
    folder.mkdir()
    (folder / "a").write_bytes(b"1")
    watched = settled(folder)
    happens(folder / "a")
    events = watched.events()

    assert not watched.quiet(events)
    assert not watched.quiet(watched.events())
    watched.checked(events)
    assert watched.quiet(watched.events())


def test_what_happens_while_somebody_looks_is_not_taken_for_seen(tmp_path: Path) -> None:
    watched = Watch(tmp_path)
    events = watched.events()
    (tmp_path / "a").write_bytes(b"1")
    watched.checked(events)

    assert not watched.quiet(watched.events())


def test_a_look_is_due_again_after_a_while(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    watched = settled(tmp_path)
    monkeypatch.setattr(watch, "CHECK_EVERY_S", 0.0)
    watched.checked(watched.events())

    assert not watched.quiet(watched.events())


FORKED = f"""
import os, sys
from pathlib import Path
from search.local import watch

watch.CHECK_EVERY_S = {waiting.HANG_S}
folder = Path(sys.argv[1])
watched = watch.Watch(folder)
watched.checked(watched.events())
child = os.fork()
if not child:
    due = not watched.quiet(watched.events())
    watched.checked(watched.events())
    quiet = watched.quiet(watched.events())
    (folder / "a").write_bytes(b"1")
    os._exit(0 if due and quiet and not watched.quiet(watched.events()) else 1)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
assert not watched.quiet(watched.events())
"""


def test_a_fork_watches_for_itself(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", FORKED, str(tmp_path)], timeout=waiting.HANG_S)

    assert done.returncode == 0


def test_where_there_is_no_queue_every_look_is_due(tmp_path: Path) -> None:
    watched = Watch(tmp_path / "nowhere")
    watched.checked(watched.events())

    assert not watched.quiet(watched.events())
