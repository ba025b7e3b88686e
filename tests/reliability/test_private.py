"""What is made belongs to its owner alone, 0600 and 0700, whatever the umask, and what was open before is closed."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import falcon.testing
import pytest

import search
from desk.people import keys
from indexer import pipeline
from indexer.ledger import Ledger
from search.local.safe import backup
from search.system import disk, temporary
from service.archive import Archive
from service.commands.cli import main
from service.server.app import create_app
from service.server.indexing import Indexing
from service.settings import Settings
from tests.reliability import model

HELD = '{"id": "held", "title": "Later", "text": "Nobody is to read this yet.", "embargoed": "2999-01-01T00:00:00Z"}'


@pytest.fixture(params=[0o000, 0o022, 0o277], ids=["open", "usual", "odd"])
def umask(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[None]:
    assert tmp_path.is_dir()  # made before, so that the test itself may write there
    before = os.umask(request.param)
    yield
    os.umask(before)


def open_to_others(folder: Path) -> list[str]:
    """What in a directory others than its owner may use, or its owner may not; the directory too."""
    found = []
    for path in (folder, *folder.rglob("*")):
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode != (disk.FOLDER_MODE if path.is_dir() else disk.FILE_MODE):
            found.append(f"{path.relative_to(folder)}: {mode:o}")
    return found


def index(place: Path, archive: Path) -> None:
    with search.writer(place) as writer:
        pipeline.index(writer, [archive], pipeline.Options(place=place))


def archive(folder: Path) -> Path:
    made = folder / "archive"
    made.mkdir(mode=0o777)
    made.chmod(0o777)
    (made / "wall.txt").write_text("Berlin wall opens\n\n" + "The wall in Berlin opened on Thursday. " * 20, "utf-8")
    (made / "held.json").write_text(HELD, "utf-8")
    return made


@pytest.mark.usefixtures("umask")
def test_all_that_is_made_is_its_owner_s_alone(tmp_path: Path) -> None:
    place, texts = tmp_path / "a" / "news.idx", archive(tmp_path)
    index(place, texts)
    _, secret = keys.add(str(place), ["index"])
    with Archive(str(place)) as opened:
        client = falcon.testing.TestClient(create_app(opened, Settings()))
        headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
        sent = client.simulate_post("/api/articles", body='{"id": "new", "text": "A zebra."}', headers=headers)
        assert sent.status_code == 202
        assert open_to_others(place) == []
        Indexing(str(place), 1, lambda: False).once()
        client.simulate_post("/api/articles", body='{"id": "newer", "text": "A zebra."}', headers=headers)
    with search.writer(place) as writer:
        writer.block("nobody")
        writer.delete("new")
    backup.create(place, tmp_path / "b" / "linked")
    backup.create(place, tmp_path / "copied", copied=True)
    backup.restore(tmp_path / "copied", tmp_path / "back.idx")
    assert main(["restore", str(tmp_path / "b" / "linked"), str(place), "--replace"], standalone_mode=False) is None
    main(["copy", str(place), str(tmp_path / "copy.idx")], standalone_mode=False)

    assert (place / "ingest.sqlite").exists()
    for folder in ("a", "b", "copied", "back.idx", "copy.idx"):
        assert open_to_others(tmp_path / folder) == [], folder


def test_a_journal_is_as_private_as_its_database(tmp_path: Path) -> None:
    place = tmp_path / "news.idx"
    before = os.umask(0)
    try:
        index(place, archive(tmp_path))
        for mode, endings in (("DELETE", ("journal",)), ("WAL", ("wal", "shm"))):
            with Ledger(place) as ledger:
                ledger.execute("COMMIT")
                ledger.execute(f"PRAGMA journal_mode = {mode}")
                ledger.execute("BEGIN")
                ledger.execute("INSERT INTO withdrawn VALUES (?, 1, '')", (mode,))
                names = {path.name for path in place.glob("ingest.sqlite-*")}
                assert names == {f"ingest.sqlite-{ending}" for ending in endings}
                assert open_to_others(place) == []
    finally:
        os.umask(before)


def test_an_index_of_before_is_closed_when_a_writer_opens_it(tmp_path: Path) -> None:
    place = tmp_path / "news.idx"
    model.make(place, 2)
    (place / "spool").mkdir(mode=0o755)
    (place / "spool" / "x.body").write_text("embargoed")
    for path in (place, *place.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    backup.create(place, tmp_path / "monday")
    assert open_to_others(tmp_path / "monday") == []

    search.writer(place).close()
    assert open_to_others(place) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only the superuser can be somebody else")
def test_another_user_reads_nothing() -> None:
    with temporary.folder("dateline-") as folder:
        folder.chmod(0o755)
        place = folder / "news.idx"
        index(place, archive(folder))
        os.seteuid(65534)
        try:
            with pytest.raises(search.IndexProblem, match="Permission denied"):
                search.open(place)
            with pytest.raises(search.IndexProblem, match=r"news\.idx” cannot be read: .* the user who owns it"):
                search.writer(place)
            with pytest.raises(PermissionError):
                (place / "ingest.sqlite").read_bytes()
        finally:
            os.seteuid(0)
