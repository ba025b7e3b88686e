"""The tables are what the migrations make, and a search does not pay for them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, Table

import desk.store
from desk.asker import Asker
from desk.lists.store import Lists
from desk.searches.store import Searches
from desk.store import connecting, opening, where
from desk.store.described import columns
from desk.store.tables import METADATA, VERSION
from search.errors import IndexDamaged, IndexProblem
from search.files import databases, row_sums
from search.system import database
from service.http import problems
from tests.desk.store import postgresql

BEFORE = {
    "lists": "folded name about made_by made changed_by changed revision:int",
    "searches": "folded name question made_by made",
}


def test_migrations_make_the_tables_of_a_file() -> None:
    with closing(database.connect(None, any_thread=True)) as made:
        with connecting.over(made).connect() as db, opening.transaction(db, "BEGIN IMMEDIATE"):
            opening.upgrade(db)
        assert opening._schema(made) == opening._own_schema()


CATALOGUE = (
    "SELECT table_name, column_name, data_type, is_nullable, column_default, collation_name, is_identity"
    " FROM information_schema.columns WHERE table_schema = 'public'",
    "SELECT conrelid::regclass::text, contype::text, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid > 0",
    "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "SELECT sequence_name FROM information_schema.sequences",
)


def test_migrations_make_the_tables_of_a_server(server: postgresql.Server) -> None:
    made = []
    for make in (opening._create, opening.upgrade):
        with connecting.to(server.new()).connect() as db:
            with opening.transaction(db, "BEGIN"):
                make(db)
            context = MigrationContext.configure(db, opts={"compare_type": True})
            assert [each for each in compare_metadata(context, METADATA) if VERSION not in each] == []
            made.append([sorted(map(repr, db.exec_driver_sql(asked))) for asked in CATALOGUE])

    assert made[0] == made[1]
    assert all(made[0][:3])


def test_migrations_are_in_order() -> None:
    scripts = ScriptDirectory(str(Path(desk.store.__file__).parent / "migrations"))

    assert tuple(each.revision for each in scripts.walk_revisions())[::-1] == opening.REVISIONS


def test_a_desk_that_somebody_makes_at_the_same_moment_is_opened(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make = opening._make

    def first_another(of: Path, home: Path, is_backup: bool) -> None:
        make(of, home, is_backup)  # after this process has seen that there is none
        make(of, home, is_backup)

    monkeypatch.setattr(opening, "_make", first_another)
    with Searches(place) as searches:
        assert not searches.some


def test_a_desk_of_a_later_version_is_refused(place: Path) -> None:
    with Lists(place) as lists, lists.transaction():
        lists._run(VERSION.update().values(version_num="9999"))
    opening._checked.clear()
    opening._opened_on.clear()
    with pytest.raises(IndexProblem, match="brought up to date by a newer version of Dateline") as raised:
        Lists(place)
    assert problems.sentence(raised.value) == (
        "The index is of a newer version of Dateline: this service has to be restarted with that."
    )


def test_a_search_does_not_load_what_stores_the_desk(index: Path) -> None:
    program = f"""if True:
        import sys
        import search, dateline, service.commands.query
        from service.commands.cli import main
        main(["search", {str(index)!r}, "oil"], standalone_mode=False)
        sys.exit(bool({{"sqlalchemy", "alembic", "psycopg"}} & set(sys.modules)))
    """
    assert subprocess.run([sys.executable, "-c", program], check=False, stdout=subprocess.DEVNULL).returncode == 0


def test_a_database_of_another_program_is_refused(
    index: Path, server: postgresql.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = server.new()
    server.run(f"desk{server.made}", "CREATE TABLE keys (a int)")
    monkeypatch.setenv(where.SETTING, address)

    with pytest.raises(IndexProblem, match="has tables that are not of Dateline, such as “keys”"):
        Lists(index)


def test_what_had_no_owner_is_nobodys_and_asks_for_lists_by_number(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it was written before, also what is damaged."""
    before, asked = (Table(name, MetaData(), *columns("number:int", each)) for name, each in BEFORE.items())
    names = [column.name for column in before.columns]
    values = {name: "1" for name in names} | {"number": 7, "revision": 1, "name": "Wall", "folded": "wall"}
    whole = row_sums.summed([values[name] for name in names[:-1]])
    questions = [f"q=oil&{name}" for name in ("list=WALL", "list=Oil", "q=list%3DWall")]
    searches = [row_sums.summed([n, f"s{n}", f"S{n}", one, "Ann", "2026"]) for n, one in enumerate(questions, 1)]
    with (
        closing(database.connect(place / where.FILE, any_thread=True)) as made,
        connecting.over(made).connect() as db,
        opening.transaction(db, "BEGIN IMMEDIATE"),
    ):
        monkeypatch.setattr(command, "upgrade", partial(_to, upgrade=command.upgrade, revision="0006"))
        opening.upgrade(db)
        db.execute(before.insert(), [dict(zip(names, whole, strict=True))])
        db.execute(before.insert(), [{**dict.fromkeys(names, "2"), "number": 8, "revision": 1, "sum": 3}])
        db.execute(asked.insert(), [dict(zip(asked.columns.keys(), row, strict=True)) for row in searches])
    databases.seal(place / where.FILE)
    monkeypatch.undo()

    with Searches(place) as found:
        assert [one.question for one in found.listed("")] == ["q=oil&list=%2F7", *questions[1:]]
    with Lists(place) as lists, Lists(place, asker=Asker("key:a", edits=True)) as theirs:
        assert lists.stamp("wall") == (7, 1)
        assert theirs._of_name("wall") is None
        with pytest.raises(IndexDamaged, match="not as written"):
            lists.listed()


def _to(config: Config, _head: str, upgrade: Callable[[Config, str], None], revision: str) -> None:
    upgrade(config, revision)
