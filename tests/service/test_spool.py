"""The states of a job, and what each call does to them."""

from __future__ import annotations

from pathlib import Path

import pytest

import search
from search.errors import IndexProblem
from service.jobs import JobRequest, OtherBody, SpoolFull
from service.server.job_queue import JobQueue

DELETION = JobRequest("delete", "key", "digest", "block", target="a", idempotency="once")


@pytest.fixture
def spool(tmp_path: Path) -> JobQueue:
    search.writer(tmp_path / "news.idx").close()
    return JobQueue(str(tmp_path / "news.idx"))


def test_the_same_request_of_the_same_sender_is_the_earlier_job(spool: JobQueue) -> None:
    first = spool.put("j1", DELETION, 0, 1)
    other = JobRequest("delete", "other key", "digest 2", "block", target="a", idempotency="once")

    assert spool.put("j2", DELETION, 0, 1) == first
    assert spool.put("j3", other, 0, 1).id == "j3"
    with pytest.raises(OtherBody):
        spool.put("j4", JobRequest("delete", "key", "digest 2", "block", target="a", idempotency="once"), 0, 1)
    assert spool.counts() == {"queued": 2}


@pytest.mark.parametrize(("size", "fits"), [(5, True), (6, False)])
def test_what_waits_together_has_a_limit(spool: JobQueue, size: int, fits: bool) -> None:
    spool.put("j1", JobRequest("articles", "key", "d1", "json"), 5, 10)

    if fits:
        assert spool.put("j2", JobRequest("articles", "key", "d2", "json"), size, 10).size == size
    else:
        with pytest.raises(SpoolFull, match="5 bytes"):
            spool.put("j2", JobRequest("articles", "key", "d2", "json"), size, 10)


def test_one_that_is_larger_than_the_limit_is_accepted_if_none_waits(spool: JobQueue) -> None:
    assert spool.put("j1", JobRequest("articles", "key", "d1", "json"), 11, 10).size == 11


def test_jobs_are_taken_in_the_order_in_which_they_came(spool: JobQueue) -> None:
    for name in ("b", "c", "a"):
        spool.put(name, JobRequest("delete", "key", name, target=name), 0, 1)

    taken = [job.id for job in (spool.take(), spool.take(), spool.take()) if job]

    assert taken == ["b", "c", "a"]
    assert spool.take() is None


@pytest.mark.parametrize(("said", "attempts"), [({}, 2), ({"counted": True}, 2), ({"counted": False}, 1)])
def test_an_attempt_counts_unless_it_is_said_not_to(spool: JobQueue, said: dict[str, bool], attempts: int) -> None:
    spool.put("j1", DELETION, 0, 1)
    taken = spool.take()
    assert taken is not None
    assert (taken.state, taken.attempts) == ("running", 1)
    spool.requeue(taken, "The disk is full.", **said)
    waiting = spool.job("j1")
    assert waiting is not None
    assert (waiting.state, waiting.problem) == ("queued", "The disk is full.")

    again = spool.take()

    assert again is not None
    assert again.attempts == attempts


def test_a_job_ends_with_a_report_or_a_problem(spool: JobQueue) -> None:
    done, failed = (spool.put(name, JobRequest("delete", "key", name, target=name), 0, 1) for name in ("a", "b"))
    spool.finish(done, {"removed": 1})
    spool.fail(failed, "It failed.")

    states = [(job.state, job.report, job.problem) for job in map(spool.job, ("a", "b")) if job]

    assert states == [("done", {"removed": 1}, None), ("failed", None, "It failed.")]
    assert spool.counts() == {"done": 1, "failed": 1}


def test_a_report_says_nothing_of_what_was_erased(spool: JobQueue) -> None:
    told = [{"reason": "“p4” has no date: “noon”."}, {"reason": "“p5” has none."}]
    spool.finish(spool.put("a", DELETION, 0, 1), {"added": 1, "skipped": told, "warnings": told})

    spool.erase({"p4"}, lambda _job, _path: False)

    ended = spool.job("a")
    assert ended is not None
    assert ended.report == {"added": 1, "skipped": told[1:], "warnings": told[1:]}


def test_a_running_job_is_queued_again_after_a_crash(spool: JobQueue) -> None:
    spool.put("j1", DELETION, 0, 1)
    spool.take()

    spool.recover()

    assert spool.counts() == {"queued": 1}


def test_jobs_that_were_lost_are_an_error_and_no_empty_list(spool: JobQueue) -> None:
    job = spool.put("j1", DELETION, 0, 1)
    (spool.folder / "spool.sqlite").unlink()

    with pytest.raises(IndexProblem):
        spool.fail(job, "It failed.")
    assert not (spool.folder / "spool.sqlite").exists()
