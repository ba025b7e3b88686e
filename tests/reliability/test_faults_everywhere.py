"""Any call of `search.system.disk` may fail, in `indexer` and `service` too, once or from then on: a sentence, nothing
lost.

Scenarios are whole: texts are indexed with an embargo and a withdrawal, articles and keys come over HTTP. Each is done
again and again, with the next call failing each time, and then once more on a disk that is well.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Callable, Collection
from contextlib import suppress
from functools import partial
from itertools import count, cycle
from pathlib import Path

import falcon.testing
import pytest

import search
from desk.people import keys
from indexer import pipeline
from indexer.ledger import Ledger
from search import CannotWrite, IndexDamaged
from search.local.safe import backup
from search.local.safe.verify import verify
from search.system import disk
from service.archive import Archive
from service.server.app import create_app
from service.server.indexing import Indexing
from service.server.job_queue import JobQueue
from service.settings import Settings
from tests.reliability.faulty import fail_at
from tests.reliability.running import ids

ERRORS = {
    errno.ENOSPC: 507, errno.EDQUOT: 507, errno.EROFS: 503, errno.EIO: 503, errno.EACCES: 503, errno.EPERM: 503,
    errno.EFBIG: 503, errno.EMFILE: 503,
}  # fmt: skip
"""What the system may say, and the status it becomes where no database is between."""
HELD_NINJS = {
    "uri": "held", "type": "text", "version": "1", "headline": "Held", "body_text": "Nobody is to read this yet.",
    "embargoed": "2999-01-01T00:00:00Z",
}  # fmt: skip
WANTED = {"one", "two", "three"}


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = tmp_path / "archive"
    folder.mkdir()
    for name in sorted(WANTED):
        (folder / f"{name}.json").write_text(json.dumps({"id": name, "text": f"The zebra {name} ran away."}), "utf-8")
    (folder / "held.ninjs.json").write_text(json.dumps(HELD_NINJS), "utf-8")
    return folder


def indexed(place: Path, archive: Path) -> None:
    with search.writer(place) as writer:
        pipeline.index(writer, [archive], pipeline.Options(collection="wire", place=place))


def each(
    tmp_path: Path, errors: Collection[int], every: int, work: Callable[[Path], None], after: Callable[[Path], None],
    before: Callable[[Path], None] = lambda _place: None, on: bool = False,
) -> int:  # fmt: skip
    """Let one call after another of some work fail, with these errors in turn; how many calls there were."""
    made = tmp_path / "before.idx"
    before(made)
    for number, error in zip(count((every + 1) // 2, every), cycle(errors), strict=False):
        place = tmp_path / "news.idx"
        if made.exists():
            shutil.copytree(made, place)
        with pytest.MonkeyPatch.context() as patched:
            calls = fail_at(patched, number, error, on)
            work(place)
        after(place)
        shutil.rmtree(place)
        if calls() < number:
            return calls()
    raise AssertionError("unreachable")


def stopped(archive: Path, place: Path) -> None:
    with suppress(CannotWrite):
        indexed(place, archive)


def whole_again(archive: Path, place: Path) -> None:
    indexed(place, archive)
    assert ids(place) == WANTED
    with Ledger(place) as ledger:
        assert ledger.execute("SELECT id FROM embargoed").fetchall() == [("held",)]
    found = verify(place)
    assert (found.faults, found.left_over) == ((), ())


@pytest.mark.check
def test_a_run_that_is_stopped_by_the_disk_goes_on_when_it_may(archive: Path, tmp_path: Path) -> None:
    assert each(tmp_path, ERRORS, 11, partial(stopped, archive), partial(whole_again, archive)) > 50


@pytest.mark.soak
@pytest.mark.parametrize("on", [False, True], ids=["once", "on"])
@pytest.mark.parametrize("error", ERRORS, ids=errno.errorcode.get)
def test_every_call_of_a_run_may_fail(archive: Path, tmp_path: Path, error: int, on: bool) -> None:
    calls = each(tmp_path, [error], 1, partial(stopped, archive), partial(whole_again, archive), on=on)

    assert calls > 100
    print(f"{calls} calls, each failed once")


class Posting:
    """Articles and keys that come while the disk fails; what was acknowledged is kept in mind."""

    def __init__(self, on: bool = False) -> None:
        self._on = on
        self.statuses: set[int] = set()

    def before(self, place: Path) -> None:
        with search.writer(place) as writer:
            writer.add(search.Article("old", "An old zebra."))
        self._secret = keys.add(str(place), ["index"])[1]
        self._gone = keys.add(str(place), ["index"])[0].id

    def work(self, place: Path) -> None:
        self._accepted: list[tuple[str, str]] = []
        self._added: list[str] = []
        self._revoked = False
        headers = {"Authorization": f"Bearer {self._secret}", "Content-Type": "application/json"}
        with Archive(str(place)) as opened:
            client = falcon.testing.TestClient(create_app(opened, Settings()))
            for name in ("a", "b"):
                body = json.dumps({"id": name, "text": f"The zebra {name}."})
                answer = client.simulate_post("/api/articles", body=body, headers=headers)
                self.statuses.add(answer.status_code)
                if answer.status_code == 202:
                    self._accepted.append((name, answer.json["job"]))
                else:
                    assert answer.status_code in (503, 507), answer.text
                    assert answer.headers["content-type"] == "application/problem+json"
                    assert "retry-after" in answer.headers
                    assert str(place) not in answer.text
        with suppress(CannotWrite):
            self._added.append(keys.add(str(place), ["read"])[1])
        with suppress(CannotWrite):
            self._revoked = keys.revoke(str(place), self._gone) is not None
        indexing = Indexing(str(place), 1, lambda: False)
        indexing._pause = lambda seconds: None  # type: ignore[method-assign]
        with suppress(CannotWrite):
            indexing.once()

    def after(self, place: Path) -> None:
        spool = JobQueue(str(place))
        if self._on:  # nothing could be removed either: what was left is, by the first recovery an hour later
            for path in place.rglob(f"*{disk.TEMPORARY_SUFFIX}"):
                os.utime(path, (0, 0))
        spool.recover()
        indexing = Indexing(str(place), 1, lambda: False)
        while indexing.once():
            pass
        assert ids(place) >= {"old", *(name for name, _ in self._accepted)}
        for _, job_id in self._accepted:
            job = spool.job(job_id)
            assert job is not None
            assert (job.state, job.problem) == ("done", None)
            assert job.attempts <= 2
        found = keys.Keys(str(place))
        assert all(found.find(secret) for secret in (self._secret, *self._added))
        assert not self._revoked or self._gone not in {key.id for key in keys.listed(str(place))}
        keys.add(str(place), ["read"])  # which replaces what a change before it left
        assert {path.name for path in place.rglob("*.new")} | {
            path.name for path in place.rglob("keys.json.*")
        } == set()


def test_nothing_that_was_accepted_is_lost_on_a_disk_that_fails(tmp_path: Path, amount: Callable[..., int]) -> None:
    desk = Posting()

    assert each(tmp_path, ERRORS, amount(29, few=241), desk.work, desk.after, desk.before) > 50
    assert {202, 507} <= desk.statuses


@pytest.mark.soak
@pytest.mark.parametrize("on", [False, True], ids=["once", "on"])
@pytest.mark.parametrize("error", ERRORS, ids=errno.errorcode.get)
def test_every_call_of_the_service_may_fail(tmp_path: Path, error: int, on: bool) -> None:
    desk = Posting(on)
    calls = each(tmp_path, [error], 1, desk.work, desk.after, desk.before, on)

    print(f"{calls} calls, each failed once")
    assert calls > 100
    assert {202, ERRORS[error]} <= desk.statuses


def test_a_snapshot_and_a_restore_leave_all_or_nothing(
    archive: Path, tmp_path: Path, amount: Callable[..., int]
) -> None:
    to, back = tmp_path / "monday", tmp_path / "back.idx"

    def work(place: Path) -> None:
        with suppress(CannotWrite, IndexDamaged):  # a snapshot that cannot be read is not put back
            backup.create(place, to)
            backup.restore(to, back)

    def after(place: Path) -> None:
        assert ids(place) == WANTED
        for folder in (to, back):
            if folder.exists():
                assert ids(folder) == WANTED
                shutil.rmtree(folder)
        assert [path.name for path in tmp_path.iterdir() if backup.PARTIAL in path.name] == []

    every = amount(5, few=19)
    assert each(tmp_path, [errno.ENOSPC], every, work, after, lambda place: indexed(place, archive)) > 20
