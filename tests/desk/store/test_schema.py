"""The tables are what the migrations make, and a search does not pay for them."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

import desk.store
from desk.lists.store import Lists
from desk.store import connecting, opening, where
from desk.store.tables import METADATA, VERSION
from search.errors import IndexProblem
from search.system import database
from tests.desk.store import postgresql


def test_migrations_make_the_tables_of_a_file() -> None:
    with closing(database.connect(None, any_thread=True)) as made:
        with connecting.over(made).connect() as db, opening.transaction(db, "BEGIN IMMEDIATE"):
            opening.upgrade(db)
        assert opening._schema(made) == opening._own_schema()


def test_migrations_make_the_tables_of_a_server(
    index: Path, server: postgresql.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(where.SETTING, server.new())
    with Lists(index) as lists:
        context = MigrationContext.configure(lists._db, opts={"compare_type": True})
        found = [each for each in compare_metadata(context, METADATA) if VERSION not in each]
    assert found == []


def test_migrations_are_in_order() -> None:
    scripts = ScriptDirectory(str(Path(desk.store.__file__).parent / "migrations"))

    assert tuple(each.revision for each in scripts.walk_revisions())[::-1] == opening.REVISIONS


def test_a_desk_of_a_later_version_is_refused(place: Path) -> None:
    with Lists(place) as lists, lists.transaction():
        lists._run(VERSION.update().values(version_num="9999"))
    opening._checked.clear()
    opening._opened_on.clear()
    with pytest.raises(IndexProblem, match="made by another version of Dateline"):
        Lists(place)


@pytest.mark.parametrize("what", ["import search", "import dateline", "import service.commands.query"])
def test_a_search_does_not_load_what_stores_the_desk(index: Path, what: str) -> None:
    program = f"import sys; {what}; sys.exit(bool({{'sqlalchemy', 'alembic', 'psycopg'}} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_a_search_from_the_command_line_does_not_load_it(index: Path) -> None:
    program = f"""if True:
        import sys
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
