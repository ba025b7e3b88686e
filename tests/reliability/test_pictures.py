"""Pictures of articles: there as long as an article is on them, and gone with one that is purged."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import Result

import search
from indexer import ledger
from search.files import pictures
from search.local.safe.verify import verify
from tests import printed_page
from tests.reliability.running import run


def index(place: Path, archive: Path, *options: str) -> Result:
    done = run("index", place, archive, "--workers", "1", *options)
    assert done.exit_code in (0, 1), done.stderr
    return done


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An issue of one page, with two articles on it, and an index of it."""
    folder = tmp_path_factory.mktemp("made")
    printed_page.issue(folder / "archive")
    index(folder / "news.idx", folder / "archive")
    return folder


@pytest.fixture
def archive(made: Path, tmp_path: Path) -> Path:
    return shutil.copytree(made / "archive", tmp_path / "archive")


@pytest.fixture
def place(made: Path, archive: Path) -> Path:
    return shutil.copytree(made / "news.idx", archive.parent / "news.idx")


def picture_of(archive: Path) -> bytes:
    return (archive / "page1.png").read_bytes()


def holds(folder: Path, data: bytes) -> bool:
    """True if any file of a directory has these bytes."""
    return any(data in path.read_bytes() for path in folder.rglob("*") if path.is_file())


def shown(place: Path, article_id: str) -> str:
    with search.open(place) as engine:
        (page,) = engine.article(article_id).scan
    return page.picture


def rename(archive: Path) -> None:
    """Change the issue, so that it is read again."""
    mets = archive / "mets.xml"
    mets.write_text(mets.read_text("utf-8").replace("The Gazette", "The Evening Gazette"), "utf-8")


def test_a_picture_is_stored_once_for_all_articles_on_it(place: Path, archive: Path) -> None:
    (name,) = pictures.names(place)

    assert pictures.path_of(place, name).read_bytes() == picture_of(archive)
    assert shown(place, "ferry") == shown(place, "bridge") == name
    assert pictures.path_of(place, name).stat().st_mode & 0o077 == 0


def test_the_report_says_once_why_a_picture_is_not_shown(tmp_path: Path, archive: Path) -> None:
    done = index(tmp_path / "shown.idx", archive)
    assert "page1.png" not in done.stderr
    assert "rejected" not in done.stderr

    (archive / "page1.png").write_bytes(b"II*\0 a TIFF")
    done = index(tmp_path / "other.idx", archive)

    assert done.stderr.count("is a TIFF file, which browsers do not show") == 1
    assert done.exit_code == 0


def test_reading_again_changes_nothing(place: Path, archive: Path) -> None:
    (name,) = pictures.names(place)
    before = pictures.path_of(place, name).stat()
    rename(archive)
    index(place, archive)

    assert pictures.names(place) == [name]
    assert pictures.path_of(place, name).stat().st_ino == before.st_ino


def test_a_better_picture_replaces_the_one_before(place: Path, archive: Path) -> None:
    before = picture_of(archive)
    (archive / "page1.png").write_bytes(printed_page.png(printed_page.drawn("better")))
    index(place, archive)

    assert not holds(place, before)
    assert holds(place, picture_of(archive))
    assert shown(place, "ferry") in pictures.names(place)


def test_a_picture_that_comes_later_is_found(tmp_path: Path, archive: Path) -> None:
    picture = picture_of(archive)
    (archive / "page1.png").unlink()
    index(tmp_path / "late.idx", archive)
    assert shown(tmp_path / "late.idx", "ferry") == ""

    (archive / "page1.png").write_bytes(picture)
    index(tmp_path / "late.idx", archive)
    assert shown(tmp_path / "late.idx", "ferry") == pictures.names(tmp_path / "late.idx")[0]


def test_a_dry_run_stores_nothing_and_foresees_what_is_unchanged(tmp_path: Path, place: Path, archive: Path) -> None:
    assert "2 unchanged" in index(place, archive, "--dry-run").stderr
    rename(archive)
    (archive / "page1.png").write_bytes(printed_page.png(printed_page.drawn("other")))
    before = pictures.names(place)
    index(place, archive, "--dry-run")

    assert pictures.names(place) == before


def test_without_pictures_the_words_have_their_places(tmp_path: Path, archive: Path) -> None:
    place = tmp_path / "bare.idx"
    index(place, archive, "--no-pictures")

    assert pictures.names(place) == []
    with search.open(place) as engine:
        (page,) = engine.article("ferry").scan
    assert (page.picture, bool(page.text)) == ("", True)
    index(place, archive)
    assert len(pictures.names(place)) == 1


def test_a_page_without_articles_loses_its_picture_with_the_next_run(place: Path, archive: Path) -> None:
    assert run("delete", place, "ferry").exit_code == 0
    (archive.parent / "nothing").mkdir()
    index(place, archive.parent / "nothing")
    assert len(pictures.names(place)) == 1  # of the other article

    assert run("delete", place, "bridge").exit_code == 0
    index(place, archive.parent / "nothing")
    assert pictures.names(place) == []


def test_a_purge_of_what_was_deleted_before_takes_the_page_too(place: Path, archive: Path) -> None:
    run("delete", place, "ferry")
    run("delete", place, "ferry", "--purge")

    assert not holds(place, picture_of(archive))


def test_a_purge_takes_the_page_of_an_earlier_version(place: Path, archive: Path) -> None:
    before = picture_of(archive)
    (archive / "page1.png").write_bytes(printed_page.png(printed_page.drawn("better")))
    run("snapshot", place, archive.parent / "backup")
    index(place, archive)
    run("delete", place, "ferry", "--purge")

    assert not holds(place, before)
    assert not holds(archive.parent / "backup", before)


def test_a_purge_leaves_no_byte_of_the_page_in_backups_either(place: Path, archive: Path, tmp_path: Path) -> None:
    for name, options in (("linked", ()), ("copied", ("--copy",))):
        assert run("snapshot", place, tmp_path / name, *options).exit_code == 0
        assert holds(tmp_path / name, picture_of(archive))
    assert run("delete", place, "ferry", "--purge").exit_code == 0

    for folder in (place, tmp_path / "linked", tmp_path / "copied"):
        assert not holds(folder, picture_of(archive))
        assert verify(folder).whole


def test_a_purge_names_links_that_it_does_not_know(place: Path, tmp_path: Path) -> None:
    (name,) = pictures.names(place)
    (tmp_path / "elsewhere.png").hardlink_to(pictures.path_of(place, name))

    assert "1 file: They have other names on this disk" in run("delete", place, "ferry", "--purge").stderr


def test_a_page_with_a_blocked_article_does_not_come_back(place: Path, archive: Path) -> None:
    run("delete", place, "ferry", "--block", "--purge")
    rename(archive)
    index(place, archive)

    assert not holds(place, picture_of(archive))
    assert verify(place).whole
    assert run("show", place, "bridge").exit_code == 0


def test_an_unblocked_article_gets_its_page_back(place: Path, archive: Path) -> None:
    run("delete", place, "ferry", "--block", "--purge")
    run("delete", place, "ferry", "--unblock")
    index(place, archive)

    assert holds(place, picture_of(archive))


def test_a_purge_without_a_ledger_takes_every_picture(place: Path, archive: Path) -> None:
    for path in place.glob(f"{ledger.NAME}*"):
        path.unlink()
    run("delete", place, "ferry", "--purge")

    assert not holds(place, picture_of(archive))


def test_a_lost_ledger_costs_no_picture(place: Path, archive: Path) -> None:
    for path in place.glob(f"{ledger.NAME}*"):
        path.unlink()
    (archive.parent / "nothing").mkdir()
    index(place, archive.parent / "nothing")

    assert shown(place, "ferry") in pictures.names(place)


def test_an_interrupted_copy_is_cleared_away(place: Path, archive: Path) -> None:
    left = place / pictures.FOLDER / "0123456789abcdef.new"
    left.write_bytes(b"half of it")
    index(place, archive)

    assert not left.exists()


def test_a_backup_has_the_pictures_and_so_has_what_is_restored(place: Path, archive: Path, tmp_path: Path) -> None:
    run("snapshot", place, tmp_path / "backup")
    assert run("restore", tmp_path / "backup", tmp_path / "new.idx").exit_code == 0

    for folder in (tmp_path / "backup", tmp_path / "new.idx"):
        assert holds(folder, picture_of(archive))
        assert verify(folder).whole


def test_a_restored_backup_brings_its_pictures_and_not_the_erased_ones(
    place: Path, archive: Path, tmp_path: Path
) -> None:
    run("snapshot", place, tmp_path / "backup", "--copy")
    away = tmp_path / "away"
    (tmp_path / "backup").rename(away)  # no purge finds it
    run("delete", place, "ferry", "--block", "--purge")
    assert run("restore", away, place, "--replace").exit_code == 0

    assert not holds(place / pictures.FOLDER, picture_of(archive))
    assert verify(place).whole


def test_a_copy_has_the_pictures_and_keeps_them(place: Path, archive: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.idx"
    assert run("copy", place, other).exit_code == 0
    assert verify(other).whole
    index(other, archive)

    assert shown(other, "ferry") in pictures.names(other)


def test_a_copy_into_an_index_with_a_ledger_keeps_them_too(place: Path, tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "one.txt").write_text("One report about trade.", "utf-8")
    other = tmp_path / "other.idx"
    index(other, tmp_path / "texts")
    run("copy", place, other)
    (tmp_path / "texts" / "two.txt").write_text("Another report about trade.", "utf-8")
    index(other, tmp_path / "texts")

    assert shown(other, "ferry") in pictures.names(other)


@pytest.mark.parametrize("how", ["changed", "missing"])
def test_a_damaged_picture_is_noticed(place: Path, how: str) -> None:
    (name,) = pictures.names(place)
    path = pictures.path_of(place, name)
    path.write_bytes(path.read_bytes() + b" ") if how == "changed" else path.unlink()

    (fault,) = verify(place).faults
    assert fault.file == f"{pictures.FOLDER}/{name}"
