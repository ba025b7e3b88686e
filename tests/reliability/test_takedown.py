"""What was taken down stays down when a snapshot from before takes the index's place."""

from __future__ import annotations

import errno
import random
import shutil
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import orjson
import pytest

import search
from desk.alerts.store import Alerts
from desk.citations import store as citations
from desk.corrections.correction import checked
from desk.corrections.store import Store
from desk.lists.store import Lists
from desk.people import keys
from desk.searches.store import Searches
from desk.store import where
from desk.store.where import FILE as DESK
from indexer import ledger, pipeline
from indexer.ledger import Ledger
from indexer.withheld import embargo, withdrawn
from indexer.withheld.purge import forget
from indexer.withheld.withdrawn import Withdrawn
from search import Article, ArticleMissing, IndexProblem
from search.engine import removed_since
from search.files import reconciling
from search.files.changes import Changes
from search.local.format import blocked
from search.local.safe import backup, lock, restoring
from search.local.safe.verify import verify
from search.text import dates
from search.values import tombstones
from service.commands.side_files import RULES
from service.jobs import JobRequest
from service.spool import FOLDER as SPOOL
from service.spool import Spool
from tests.reliability import model
from tests.reliability.faulty import Power, fail_at
from tests.reliability.running import run

LATER = (datetime.now(UTC) + timedelta(days=30)).isoformat()


def written(folder: Path, name: str, **record: object) -> None:
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.json").write_bytes(orjson.dumps({"id": name, "text": f"Talks about {name} went on.", **record}))


def ninjs(folder: Path, name: str, **more: object) -> None:
    folder.mkdir(exist_ok=True)
    record = {"uri": name, "type": "text", "body_text": f"Talks about {name} went on.", "version": "1", **more}
    (folder / f"{name}.json").write_bytes(orjson.dumps(record))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of six articles."""
    made = tmp_path_factory.mktemp("made") / "news.idx"
    archive = made.parent / "archive"
    for name in ("kept", "blocked", "dropped"):
        written(archive, name)
    for name in ("withdrawn", "held", "waiting"):
        ninjs(archive, name, **({"embargoed": LATER} if name == "waiting" else {}))
    assert run("index", made, archive).exit_code == 0
    return made


@pytest.fixture
def place(made: Path, tmp_path: Path) -> Path:
    """A copy of it, beside one of its archive."""
    shutil.copytree(made.parent, tmp_path, dirs_exist_ok=True)
    return tmp_path / made.name


def ids(place: Path) -> set[str]:
    with search.open(place) as engine:
        found = {article.id.rpartition(":")[2] for article in engine.export(search.Query())}
    return found


def test_what_was_taken_down_stays_down(place: Path, tmp_path: Path) -> None:
    old, secret = keys.add(str(place), ["read"], "old")
    stays, still = keys.add(str(place), ["read"], "stays")
    assert run("snapshot", place, tmp_path / "monday").exit_code == 0
    assert {"kept", "blocked", "dropped", "withdrawn", "held"} == ids(place)
    assert run("keys", place, "revoke", old.id).exit_code == 0
    new, newest = keys.add(str(place), ["admin"], "new")
    assert run("delete", place, "blocked", "waiting", "--block").exit_code == 0
    ninjs(tmp_path / "archive", "withdrawn", pubstatus="canceled", version="2")
    ninjs(tmp_path / "archive", "held", embargoed=LATER, version="2")
    assert run("index", place, tmp_path / "archive").exit_code == 0
    assert run("delete", place, "dropped").exit_code == 0
    assert ids(place) == {"kept", "held"}
    spooled = Spool(str(place)).put("job", JobRequest("delete", "", "digest", target="x"), 0, 1)

    done = run("restore", tmp_path / "monday", place, "--replace")

    assert done.exit_code == 0, done.output
    said = "2 blocked ids, 1 withdrawal, 1 embargo, 1 revoked key, 1 newer key retained. 2 articles omitted."
    assert said in done.output
    assert ids(place) == {"kept", "dropped", "held"}
    found = keys.Keys(str(place))
    assert found.find(secret) is None
    assert found.find(still) == stays
    assert found.find(newest) == new
    with search.writer(place) as writer:
        assert writer.blocked() == {"blocked", "waiting"}
    assert verify(place).whole
    assert not verify(place).left_over
    assert Spool(str(place)).job(spooled.id) == spooled
    assert run("index", place, tmp_path / "archive").exit_code == 0
    assert "blocked" not in ids(place)
    assert "withdrawn" not in ids(place)
    with Ledger(place) as remembered:
        assert [row[0] for row in remembered.execute("SELECT id FROM embargoed")] == ["held"]


def test_what_is_blocked_now_is_not_remembered_from_the_snapshot(place: Path, tmp_path: Path) -> None:
    for name in ("kept", "blocked"):
        written(tmp_path / "archive", name, text=f"In {name}, " + " ".join(f"word{n}" for n in range(80)))
    assert run("index", place, tmp_path / "archive").exit_code == 0
    sketched, held = "SELECT id FROM sketches WHERE sketch IS NOT NULL", "SELECT id FROM embargoed"
    with Ledger(place) as before:
        assert {("kept",), ("blocked",)} <= set(before.execute(sketched).fetchall())
        assert before.execute(held).fetchall() == [("waiting",)]
    assert run("snapshot", place, tmp_path / "monday").exit_code == 0
    assert run("delete", place, "blocked", "waiting", "--block").exit_code == 0

    assert run("restore", tmp_path / "monday", place, "--replace").exit_code == 0

    with Ledger(place) as after:
        assert ("kept",) in after.execute(sketched).fetchall()
        assert ("blocked",) not in after.execute(sketched).fetchall()
        assert after.execute(held).fetchall() == []


def test_a_restore_that_keeps_nothing_says_nothing_of_it(place: Path, tmp_path: Path) -> None:
    run("snapshot", place, tmp_path / "monday")

    done = run("restore", tmp_path / "monday", place, "--replace")

    assert done.exit_code == 0
    assert "retained" not in done.output
    assert ids(place) == {"kept", "blocked", "dropped", "withdrawn", "held"}


def test_an_index_that_has_lost_everything_but_its_decisions_is_replaced(place: Path, tmp_path: Path) -> None:
    run("snapshot", place, tmp_path / "monday", "--copy")
    run("delete", place, "blocked", "--block")
    for path in place.iterdir():
        if path.suffix in (".sto", ".lex") or path.name.startswith("generation_"):
            path.unlink()

    assert run("restore", tmp_path / "monday", place, "--replace").exit_code == 0
    assert "blocked" not in ids(place)
    assert "kept" in ids(place)
    assert verify(place).whole


@pytest.mark.parametrize("name", [blocked.NAME, ledger.NAME, DESK])
def test_decisions_that_cannot_be_read_are_not_passed_over(place: Path, tmp_path: Path, name: str) -> None:
    keys.add(str(place), ["read"])
    run("snapshot", place, tmp_path / "monday")
    run("delete", place, "blocked", "--block")
    (place / name).write_bytes(b"damaged" * 1000)
    before = ids(place)

    done = run("restore", tmp_path / "monday", place, "--replace")

    assert done.exit_code == 2
    assert name in done.output
    assert "emove" in done.output
    assert ids(place) == before
    for path in place.glob(f"{name}*"):
        path.unlink()
    assert run("restore", tmp_path / "monday", place, "--replace").exit_code == 0
    assert verify(place).whole


def test_a_copy_leaves_out_what_its_target_blocks(place: Path, tmp_path: Path) -> None:
    with search.writer(tmp_path / "other.idx") as writer:
        writer.block("blocked")

    assert run("copy", place, tmp_path / "other.idx").exit_code == 0
    assert "blocked" not in ids(tmp_path / "other.idx")
    assert "kept" in ids(tmp_path / "other.idx")


def test_a_copy_says_what_it_takes_down(place: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.idx"
    run("copy", place, other)
    run("delete", place, "blocked", "--block")

    done = run("copy", place, other)

    assert "blocked" not in ids(other)
    assert f"Blocked in {place}, and so from now on in {other}, too: blocked." in done.output
    assert "Blocked" not in run("copy", place, other).output


def test_a_copy_does_without_what_publishers_have_withdrawn_from_either(place: Path, tmp_path: Path) -> None:
    here, other = tmp_path / "archive", tmp_path / "other.idx"
    run("copy", place, other)
    ninjs(tmp_path / "canceled", "withdrawn", version="2", pubstatus="canceled")
    ninjs(tmp_path / "canceled2", "held", version="2", pubstatus="canceled")
    run("index", place, tmp_path / "canceled")
    run("index", other, tmp_path / "canceled2")

    done = run("copy", place, other)

    assert done.exit_code == 0, done.output
    assert ids(other) == {"kept", "blocked", "dropped"}
    assert "Withdrawn by their publishers, and so removed from" in done.output
    assert "withdrawn" in run("index", other, here / "withdrawn.json").output
    assert ids(other) == {"kept", "blocked", "dropped"}
    ninjs(tmp_path / "again", "withdrawn", version="3")
    run("index", place, tmp_path / "again")
    run("copy", place, other)
    assert "withdrawn" in ids(other)


def test_a_copy_replaces_no_version_by_an_earlier_one(place: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.idx"
    ninjs(tmp_path / "later", "held", version="2", headline="Later")
    run("index", other, tmp_path / "later")
    run("copy", place, other)

    with search.open(other) as engine:
        assert [a.title for a in engine.export(search.Query()) if a.id.endswith("held")] == ["Later"]


def test_what_waits_for_its_time_waits_in_a_copy_too(place: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.idx"
    done = run("copy", place, other)
    assert "1 article under embargo will be added to" in done.output
    assert "under embargo" not in run("copy", place, other).output

    with search.writer(other) as writer:
        report = pipeline.release(writer, other, datetime.now(UTC) + timedelta(days=60))
    assert report.added == 1
    assert "waiting" in ids(other)
    assert "under embargo" not in run("copy", place, other).output


def test_what_waits_in_a_copy_gives_way_to_what_is_copied(place: Path, tmp_path: Path) -> None:
    """An article that was released and corrected, and one that waits longer there."""
    other = tmp_path / "other.idx"
    longer = (datetime.now(UTC) + timedelta(days=300)).isoformat()
    written(tmp_path / "b", "kept", embargo=LATER)
    ninjs(tmp_path / "b", "waiting", embargoed=longer)
    run("index", other, tmp_path / "b")
    run("copy", place, other)

    with search.writer(other) as writer:
        pipeline.release(writer, other, datetime.now(UTC) + timedelta(days=60))
    assert "kept" in ids(other)
    assert "waiting" not in ids(other)
    with search.open(other) as engine:
        assert engine.article("kept").collection == "archive"
    with Ledger(other) as ledger:
        assert {name for (name,) in ledger.execute("SELECT id FROM embargoed")} == {"waiting"}


def test_parts_of_a_withdrawn_item_go_from_a_copy_too(place: Path, tmp_path: Path) -> None:
    """Parts that only the copy knows, and those that a later version does not have."""
    other = tmp_path / "other.idx"
    run("copy", place, other)
    with Ledger(other) as ledger:
        withdrawn.remember_parts(ledger, [("held", "held", 1), ("held", "kept", 1), ("whole", "dropped", 1)])
        ledger.commit()
    with Ledger(place) as ledger:
        withdrawn.withdraw(ledger, "held", Withdrawn(None, "It is wrong."))
        withdrawn.remember_parts(ledger, [("whole", "blocked", 2)])
        ledger.commit()

    done = run("copy", place, other)

    assert done.exit_code == 0, done.output
    assert ids(other) == {"blocked", "withdrawn"}
    assert "2 articles copied" in done.output


def test_near_duplicates_of_copied_articles_are_found(tmp_path: Path) -> None:
    words = [f"word{n}" for n in range(200)]
    for name, folder in (("quickly", "a"), ("slowly", "b"), ("gladly", "c")):
        (tmp_path / folder).mkdir()
        text = " ".join([*words, name]) + "."
        (tmp_path / folder / f"{name}.json").write_bytes(orjson.dumps({"id": name, "text": text}))
    run("index", tmp_path / "a.idx", tmp_path / "a")
    written(tmp_path / "d", "something")
    run("index", tmp_path / "b.idx", tmp_path / "d")
    run("copy", tmp_path / "a.idx", tmp_path / "b.idx")
    run("index", tmp_path / "b.idx", tmp_path / "b")

    with search.open(tmp_path / "b.idx") as engine:
        assert len({engine.article(name).group for name in ("quickly", "slowly")} - {None}) == 1


def test_a_copy_brings_back_nothing_about_an_article_that_was_erased(place: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.idx"
    assert run("copy", place, other).exit_code == 0
    assert run("delete", other, "kept", "--block", "--purge").exit_code == 0
    for said in (
        ("corrections", place, "add", "kept", "person", "add", "Secret Victim"),
        ("corrections", place, "add", "blocked", "person", "add", "Ann Lee"),
        ("lists", place, "add", "mine", "kept", "--note", "secretnote"),
        ("lists", place, "add", "mine", "blocked"),
        ("searches", place, "add", "secretsearch", "q=id:kept"),
    ):
        assert run(*said).exit_code == 0, said
    assert run("copy", place, other).exit_code == 0

    everything = b"".join(path.read_bytes() for path in other.iterdir() if path.is_file())
    assert b"Ann Lee" in everything
    for secret in (b"Secret Victim", b"secretnote", b"secretsearch"):
        assert secret not in everything
    with Lists(other) as lists:
        assert lists.ids("mine") == ("blocked",)


def test_every_file_beside_an_index_has_a_rule(place: Path, tmp_path: Path) -> None:
    """A new one is to be named in `service.commands.side_files`, or here when it comes from the snapshot whole."""
    keys.add(str(place), ["read"])
    with search.writer(place) as writer:
        writer.block("nobody")
        writer.delete("dropped")
        writer.set_authority(model.NAMES)
    run("snapshot", place, tmp_path / "monday")
    Spool(str(place)).make()
    with Store(place) as store:
        store.add([checked("kept", "title", "set", "New", "somebody", dates.now())])
    for kind in (Lists, Searches, citations.Store, Alerts, Changes):
        kind(place).close()
    of_the_index = {
        path.name for path in place.iterdir() if not path.name.startswith(("_MAIN", "MAIN_", "generation_", "segment_"))
    }

    former = where.FORMER[where.FILE]
    assert {name for name in of_the_index if not name.endswith(".sum")} - {SPOOL} == {*RULES, *restoring.OWN} - {
        *former,
        reconciling.DESK,  # where the desk is elsewhere
    }
    assert (place / lock.FILE).exists()


def test_an_index_is_replaced_while_it_is_asked(place: Path, tmp_path: Path) -> None:
    run("snapshot", place, tmp_path / "monday")
    engine = search.open(place)
    run("delete", place, "blocked", "--block")
    run("delete", place, "kept")
    before = engine.generation

    run("restore", tmp_path / "monday", place, "--replace")

    assert engine.generation > before
    assert engine.article("kept").id == "kept"
    with pytest.raises(ArticleMissing):
        engine.article("blocked")
    assert [one.id for one in removed_since(engine, tombstones.since())] == ["blocked"]


@pytest.fixture(scope="module")
def taken_down(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A snapshot, and the index some steps later, with an article blocked that the snapshot has."""
    folder = tmp_path_factory.mktemp("taken_down")
    model.make(folder / "news.idx", 3)
    with Ledger(folder / "news.idx") as remembered:
        embargo.hold(remembered, Article("later", "Not yet."), LATER)
        remembered.commit()
    backup.create(folder / "news.idx", folder / "monday")
    with search.writer(folder / "news.idx") as writer:
        model.step(writer, 3)
        writer.block("a1")
    return folder / "monday", folder / "news.idx"


def states() -> tuple[model.State, model.State]:
    old, new = model.after(4), model.after(3)
    assert "a1" in new
    return {k: v for k, v in old.items() if k != "a1"}, {k: v for k, v in new.items() if k != "a1"}


def replace_failing(taken_down: tuple[Path, Path], folder: Path, every: int, error: int) -> int:
    """Let one call after another fail while a snapshot is put back; how many calls there were."""
    snapshot, index = taken_down
    old, new = states()
    for number in count(1, every):
        place = folder / "news.idx"
        shutil.copytree(index, place)
        with pytest.MonkeyPatch.context() as patched:
            calls = fail_at(patched, number, error)
            with suppress(IndexProblem):
                restoring.replace(snapshot, place, RULES, forget)
        assert model.found(place) in (old, new), number
        with search.writer(place) as writer:
            assert "a1" in writer.blocked()
        unsealed = {fault.file for fault in verify(place).faults}
        assert unsealed <= {ledger.NAME}, number  # its checksum, until it is opened
        Ledger(place).close()
        assert verify(place).faults == (), number
        assert verify(place).left_over == (), number
        restoring.replace(snapshot, place, RULES, forget)
        assert model.found(place) == new
        assert verify(place).faults == ()
        shutil.rmtree(place)
        if calls() < number:
            return calls()
    raise AssertionError("unreachable")


def test_a_restore_that_fails_leaves_the_old_articles_or_the_new(
    taken_down: tuple[Path, Path], tmp_path: Path, amount: Callable[..., int]
) -> None:
    assert replace_failing(taken_down, tmp_path, amount(37, few=127), errno.ENOSPC) > 30


@pytest.mark.soak
@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO], ids=["full", "broken"])
def test_every_call_of_a_restore_may_fail(taken_down: tuple[Path, Path], tmp_path: Path, error: int) -> None:
    calls = replace_failing(taken_down, tmp_path, 1, error)

    assert calls > 50
    print(f"{calls} calls, each failed once")


def replace_without_power(taken_down: tuple[Path, Path], folder: Path, every: int) -> int:
    snapshot, index = taken_down
    place = folder / "news.idx"
    shutil.copytree(index, place)
    power = Power(place)
    with pytest.MonkeyPatch.context() as patched:
        power.watch(patched)
        rules = {name: rule for name, rule in RULES.items() if name != ledger.NAME}
        restoring.replace(snapshot, place, rules, forget)
    power.mark()
    old, new = states()
    dice = random.Random(5)
    looked, seen = 0, []
    moments = [*power.moments[:-1:every], power.moments[-1]]
    for moment in moments:
        for after in moment.restored(dice, folder / "after.idx"):
            state = model.found(after)
            assert state in (old, new)
            seen.append(state == new)
            with search.writer(after) as writer:
                assert "a1" in writer.blocked()
            looked += 1
    assert not seen[0]
    assert all(seen[-4:])
    return looked


@pytest.mark.check
def test_the_power_fails_during_a_restore(taken_down: tuple[Path, Path], tmp_path: Path) -> None:
    assert replace_without_power(taken_down, tmp_path, 9) > 10


@pytest.mark.soak
def test_the_power_fails_at_every_moment_of_a_restore(taken_down: tuple[Path, Path], tmp_path: Path) -> None:
    looked = replace_without_power(taken_down, tmp_path, 1)

    assert looked > 100
    print(f"{looked} directories looked at")
