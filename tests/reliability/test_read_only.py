"""Commands and addresses that only read an index do so where nobody may write it, with every store or with none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import falcon.testing
import pytest
from click.testing import Result

import search
from search import Article
from search.files import backup_list
from service.archive import Archive
from service.commands.cli import main
from service.server.app import create_app
from tests.conftest import PATIENT
from tests.reliability.running import run
from tests.reliability.unwritable import folder, unwritable
from tests.service.routes import READABLE

READING = {
    "search": ("search", "{}", "oil"),
    "search --list": ("search", "{}", "oil", "--list", "Own"),
    "show": ("show", "{}", "a"),
    "similar": ("similar", "{}", "a"),
    "event": ("event", "{}", "a"),
    "draft": ("draft", "{}", "{news}"),
    "export": ("export", "{}", "oil"),
    "count": ("count", "{}", "oil", "--by", "source"),
    "stats": ("stats", "{}"),
    "authority export": ("authority", "{}", "export"),
    "authority offer": ("authority", "{}", "offer"),
    "corrections list": ("corrections", "{}", "list"),
    "corrections export": ("corrections", "{}", "export"),
    "lists list": ("lists", "{}", "list"),
    "lists export": ("lists", "{}", "export", "Own"),
    "searches list": ("searches", "{}", "list"),
    "alerts list": ("alerts", "{}", "list"),
    "rights show": ("rights", "{}", "show"),
    "rights people": ("rights", "{}", "people"),
    "rights as": ("rights", "{}", "as", "everyone"),
    "keys list": ("keys", "{}", "list"),
    "keys sessions": ("keys", "{}", "sessions"),
    "special": ("special", "{}", "oil"),
    "concordance": ("concordance", "{}", "oil"),
    "batch": ("batch", "{}", "{news}"),
    "upgrade --check": ("upgrade", "{}", "--check"),
    "enrich --dry-run": ("enrich", "{}", "--dry-run", "1"),
    "verify": ("verify", "{}"),
    "snapshot": ("snapshot", "{}", "{out}"),
    "snapshot --copy": ("snapshot", "{}", "{out}", "--copy"),
    "restore": ("restore", "{}", "{out}"),
    "copy": ("copy", "{}", "{out}"),
    "audit": ("audit", "{}"),
}
"""Every command that needs to write nothing into the index that it is given first."""
WRITING = {
    "index", "watch", "delete", "authority block", "authority import", "authority merge", "authority split",
    "authority unblock", "authority item", "authority undo", "corrections add", "corrections import",
    "corrections undo", "lists add", "lists remove", "lists share", "lists take", "searches add", "searches remove",
    "searches seen", "searches share",
    "alerts add", "alerts remove", "alerts run", "keys add", "keys close", "keys revoke", "rights group", "rights set",
}  # fmt: skip
OF_NO_STORE = {
    "corrections undo": ("corrections", "{}", "undo", "1"),
    "lists export": ("lists", "{}", "export", "Own"),
    "lists take": ("lists", "{}", "take", "Own", "a"),
    "lists remove": ("lists", "{}", "remove", "Own"),
    "lists share": ("lists", "{}", "share", "Own"),
    "searches remove": ("searches", "{}", "remove", "Own"),
    "searches share": ("searches", "{}", "share", "Own"),
    "searches seen": ("searches", "{}", "seen", "Own"),
    "alerts remove": ("alerts", "{}", "remove", "Own"),
    "keys revoke": ("keys", "{}", "revoke", "3f2a91c0"),
    "keys close": ("keys", "{}", "close", "3f2a91c0"),
}
"""Commands about one thing that people have made."""
NO_INDEX = {"serve", "mcp", "fetch", "ocr", "warm", "completion", "verify-citation"}
"""Those of no index, and one that the addresses below are about."""


def commands(group: click.Group, *before: str) -> Iterator[str]:
    """The names of all commands, those of groups included."""
    context = click.Context(group)
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        if isinstance(found, click.Group):
            yield from commands(found, *before, name)
        else:
            yield " ".join((*before, name))


def make(place: Path) -> None:
    with search.writer(place) as writer:
        writer.add(Article("a", "Oil falls again.", "Oil", person=("Bo Ek",), published="2024-05-01"))
        writer.add(Article("b", "Oil rises again.", "Oil", person=("Bo Ek",), published="2024-05-02"))


def fill(place: Path) -> None:
    """Give an index one of everything that people make."""
    for arguments in (
        ("lists", place, "add", "Own", "a"), ("searches", place, "add", "Oil", "q=oil"),
        ("alerts", place, "add", "Oil", "q=oil"), ("corrections", place, "add", "a", "title", "set", "Oil!"),
        ("keys", place, "add", "--scope", "read"), ("authority", place, "merge", "person", "Bo Ek", "B. Ek"),
    ):  # fmt: skip
        assert run(*arguments).exit_code == 0


def bare(place: Path) -> None:
    """Give an index nothing."""


@pytest.fixture(params=[fill, bare], ids=["every store", "no store"])
def place(request: pytest.FixtureRequest) -> Iterator[Path]:
    with folder() as above:
        make(above / "news.idx")
        request.param(above / "news.idx")
        (above / "news.txt").write_text("Oil falls\n\nOil falls again, says Bo Ek.", "utf-8")
        (above / "out").mkdir()
        (above / "out").chmod(0o777)
        yield above / "news.idx"


def answers(place: Path, which: dict[str, tuple[str, ...]], out: str) -> dict[str, Result]:
    values = {"": place, "{}": place, "{news}": place.parent / "news.txt"}
    found = {}
    for name, arguments in which.items():
        values["{out}"] = place.parent / "out" / f"{out} {name}"
        found[name] = run(*(values.get(each, each) for each in arguments))
    return found


def test_each_command_is_known_to_read_or_to_write() -> None:
    reading = {name.partition(" --")[0] for name in READING}

    assert set(commands(main)) == reading | WRITING | NO_INDEX


def test_every_command_that_reads_does_so_where_nobody_may_write(place: Path) -> None:
    before = answers(place, READING, "before")
    (place / backup_list.NAME).unlink()
    with unwritable(place):
        found = answers(place, READING, "since")

    codes = {name: answer.exit_code for name, answer in before.items()}
    assert {name: answer.exit_code for name, answer in found.items()} == codes
    refused = {name for name, answer in found.items() if "cannot be written" in answer.stderr}
    assert refused == {"snapshot", "snapshot --copy"}


def test_a_snapshot_that_cannot_be_listed_is_whole_and_says_so(place: Path) -> None:
    to = place.parent / "out" / "monday"
    with unwritable(place):
        made = run("snapshot", place, to)

    assert made.exit_code == 0
    assert f"is at {to}.\nIt is not listed in {place}, so" in made.stderr
    assert run("verify", to).exit_code == 0
    assert backup_list.read(place) == ()


def test_what_is_not_there_is_missing_where_nobody_may_write() -> None:
    with folder() as above:
        place = above / "news.idx"
        make(place)
        answers(place, OF_NO_STORE, "before")
        assert not list(place.glob("*.sqlite"))  # nothing is made to say that something is missing
        with unwritable(place):
            found = answers(place, OF_NO_STORE, "since")

    assert {name: answer.exit_code for name, answer in found.items()} == dict.fromkeys(OF_NO_STORE, 2)
    assert {name for name, answer in found.items() if "cannot be written" in answer.stderr} == set()


def test_every_address_answers_where_nobody_may_write(place: Path) -> None:
    with Archive(str(place)) as archive:
        client = falcon.testing.TestClient(create_app(archive, PATIENT))

        def statuses() -> dict[str, int]:
            every = [route.filled(article_id="a", other="b", value="Bo%20Ek", name="Own") for route in READABLE]
            return {address: client.simulate_get(address).status_code for address in every}

        before = statuses()
        with unwritable(place):
            found = statuses()

    assert found == before
    assert max(found.values()) < 500
