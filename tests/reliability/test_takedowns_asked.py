"""What is asked to be taken down while another process writes is taken down by its next commit."""

from __future__ import annotations

import errno
import shutil
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from click.testing import Result

import search
from indexer import pipeline
from indexer.ledger import Ledger
from indexer.pipeline import Options
from indexer.run.commit import Transaction
from search import Article, ArticleMissing, IndexProblem
from search.files import takedowns
from search.local.format import blocked
from search.local.safe.verify import verify
from tests import waiting
from tests.reliability.faulty import fail_at
from tests.reliability.running import ids, run


@pytest.fixture
def place(tmp_path: Path) -> Path:
    with search.writer(tmp_path / "news.idx") as writer:
        for name in ("a", "b", "c"):
            writer.add(Article(name, f"Talks {name}."))
    return tmp_path / "news.idx"


def test_what_is_asked_for_is_done_by_the_next_commit(place: Path) -> None:
    with search.writer(place) as writer:
        writer.add(Article("b", "Talks again."))
        writer.add(Article("d", "Trade."))
        request = takedowns.ask(place, ["a", "b", "d", "nothing"])
        assert writer.has_takedowns()
        writer.add(Article("d", "Trade again."))  # it has been read before the request
        writer.commit()
        assert not writer.has_takedowns()
        assert not request.exists()
        assert ids(place) == {"c"}
        writer.add(Article("a", "Talks, read before the request."))

    assert ids(place) == {"c"}
    assert blocked.read(place) == {"a", "b", "d", "nothing"}
    assert verify(place).whole


def test_a_commit_without_anything_else_does_what_is_asked_for(place: Path) -> None:
    with search.writer(place) as writer:
        takedowns.ask(place, ["a"])
        takedowns.ask(place, ["nothing"])
        writer.commit()
        takedowns.ask(place, ["nothing"])
        writer.commit()

    assert ids(place) == {"b", "c"}
    assert takedowns.waiting(place) == []


def test_what_a_writer_has_left_does_not_undo_an_unblocking(place: Path) -> None:
    takedowns.ask(place, ["a"])

    assert run("delete", place, "a", "--unblock").exit_code == 0
    assert blocked.read(place) == frozenset()
    assert takedowns.waiting(place) == []


def test_what_is_rolled_back_is_still_asked_for(place: Path) -> None:
    with search.writer(place) as writer:
        takedowns.ask(place, ["a"])
        writer.rollback()
        assert writer.has_takedowns()

    assert "a" not in ids(place)


@pytest.mark.parametrize("on", [False, True])
def test_a_request_outlives_any_fault_of_its_commit(
    place: Path, tmp_path: Path, on: bool, amount: Callable[..., int]
) -> None:
    """It is done, or still asked for, whatever fails first."""
    for number in range(1, 1000, amount(11, few=41)):
        here = tmp_path / f"{number}.idx"
        shutil.copytree(place, here)
        takedowns.ask(here, ["a"])
        with pytest.MonkeyPatch.context() as patched, suppress(IndexProblem):
            calls = fail_at(patched, number, errno.ENOSPC, on)
            with search.writer(here) as writer:
                writer.add(Article("d", "Trade."))
                writer.commit()
        assert "a" not in ids(here) or takedowns.waiting(here)
        with search.writer(here) as writer:
            writer.commit()
        assert ids(here) - {"d"} == {"b", "c"}
        assert blocked.read(here) == {"a"}
        if calls() < number:
            break
    else:
        raise AssertionError


def test_the_command_waits_for_the_next_commit_of_another_process(place: Path) -> None:
    done: list[Result] = []
    with search.writer(place) as writer:
        command = threading.Thread(target=lambda: done.append(run("delete", place, "a", "--block")))
        command.start()
        waiting.until(writer.has_takedowns, "it is asked for")
        assert "a" in ids(place)
        writer.commit()
        assert "a" not in ids(place)
        waiting.until(lambda: not command.is_alive(), "the command has ended")

    assert done[0].exit_code == 0
    assert "removes and blocks them with its next commit" in done[0].output
    assert "Blocked from now on: a." in done[0].output


def test_the_command_does_it_itself_if_the_other_process_ends(place: Path) -> None:
    done: list[Result] = []
    writer = search.writer(place)
    command = threading.Thread(target=lambda: done.append(run("delete", place, "a", "--block")))
    command.start()
    waiting.until(writer.has_takedowns, "it is asked for")
    writer.rollback()
    writer.close()
    waiting.until(lambda: not command.is_alive(), "the command has ended")

    assert done[0].exit_code == 0
    assert ids(place) == {"b", "c"}


def test_what_waits_for_its_time_is_removed_whoever_commits(place: Path, tmp_path: Path) -> None:
    (tmp_path / "b.jsonl").write_text('{"id": "held", "text": "Talks.", "embargo": "2990-01-01T00:00:00Z"}\n')
    assert run("index", place, tmp_path / "b.jsonl").exit_code == 0
    done: list[Result] = []
    with search.writer(place) as writer:
        command = threading.Thread(target=lambda: done.append(run("delete", place, "held", "--block")))
        command.start()
        waiting.until(writer.has_takedowns, "it is asked for")
        writer.commit()
        waiting.until(lambda: not command.is_alive(), "the command has ended")

    assert done[0].exit_code == 0
    with Ledger(place) as ledger:
        assert not ledger.execute("SELECT 1 FROM embargoed").fetchone()


def test_the_next_run_removes_what_an_interrupted_one_has_left(place: Path, tmp_path: Path) -> None:
    (tmp_path / "b.jsonl").write_text('{"id": "held", "text": "Talks.", "embargo": "2990-01-01T00:00:00Z"}\n')
    run("index", place, tmp_path / "b.jsonl")
    takedowns.ask(place, ["held"])
    with search.writer(place) as writer:
        writer.commit()
    with Ledger(place) as ledger:
        assert ledger.execute("SELECT 1 FROM embargoed").fetchone()

    run("index", place, tmp_path / "b.jsonl")

    with Ledger(place) as ledger:
        assert not ledger.execute("SELECT 1 FROM embargoed").fetchone()


def test_ctrl_c_tells_that_it_is_still_asked_for(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_seconds: float) -> None:
        raise KeyboardInterrupt

    waiting.put_clocks(monkeypatch, "service.commands.takedown", sleep=interrupted)
    with search.writer(place):
        done = run("delete", place, "a", "--block")

    assert done.exit_code == 2
    assert "They will be removed and blocked all the same" in done.output
    assert "a" not in ids(place)


def test_a_run_goes_on_when_articles_are_blocked_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before they are read, and after; those that are there already; and those that wait for their time."""
    place = tmp_path / "news.idx"
    lines = [f'{{"id": "a{n}", "text": "Talks number {n}."}}\n' for n in range(30)]
    lines.insert(2, '{"id": "held", "text": "Talks.", "embargo": "2990-01-01T00:00:00Z"}\n')
    (tmp_path / "a.jsonl").write_text("".join(lines))
    with search.writer(place) as writer:
        writer.add(Article("a3", "Talks."))
    monkeypatch.setattr("indexer.run.commit.COMMIT_ARTICLES", 4)
    monkeypatch.setattr("indexer.workers.work.BATCH", 2)
    commit, late = Transaction.commit, iter(("a1", "a3", "a28", "a29", "held"))

    def committed(transaction: Transaction) -> None:
        if (one := next(late, None)) is not None:
            takedowns.ask(place, [one])
        commit(transaction)

    monkeypatch.setattr(Transaction, "commit", committed)
    with search.writer(place) as writer:
        report = pipeline.index(writer, [tmp_path / "a.jsonl"], Options(place=place))

    assert ids(place) == {f"a{n}" for n in range(30)} - {"a1", "a3", "a28", "a29"}
    assert report.warnings
    assert all("was blocked while it was indexed" in each.reason for each in report.warnings)
    with Ledger(place) as ledger:
        assert not ledger.execute("SELECT 1 FROM embargoed").fetchone()
        assert not ledger.among("sketches", "id", ["a1", "a3", "a28", "a29"])


def test_a_run_with_nothing_to_add_does_what_is_asked_for(place: Path) -> None:
    with search.writer(place) as writer:
        takedowns.ask(place, ["a"])
        pipeline.release(writer, place)

        with search.open(place) as engine, pytest.raises(ArticleMissing):
            engine.article("a")
