"""The authority file: what it takes, what it refuses, and the command that keeps it."""

from __future__ import annotations

import csv
import io
import json
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

import search
from desk.names import authority_csv, decision
from search import Article
from search.errors import BadAuthority
from search.names.authority import Authority, Entry, checked, undo
from service.commands.cli import main
from service.desk.names.command import authority
from tests import waiting
from tests.cases import cases

ENTRIES = (
    Entry("country", "DE", "", "Q183", "block"),
    Entry("person", "", "Baker", "", "split"),
    Entry("person", 'Name "quoted", with comma', "Ålias"),
)


def test_a_file_reads_as_it_was_written() -> None:
    assert checked(authority_csv.read(authority_csv.write(ENTRIES).encode())) == ENTRIES


@cases("separator", [";", "\t"])
def test_a_spreadsheet_may_put_another_sign_between_cells(separator: str) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator).writerows(csv.reader(authority_csv.write(ENTRIES).splitlines()))

    assert checked(authority_csv.read(out.getvalue().encode())) == ENTRIES


@cases("first", ["sep=;", "SEP=;", '"sep=;"', "\ufeffsep=;"])
@cases("end", ["\n", "\r\n", "\r"])
def test_a_first_line_may_name_the_sign_between_cells(first: str, end: str) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";", lineterminator=end).writerows(csv.reader(authority_csv.write(ENTRIES).splitlines()))
    data = f"{first}{end}{out.getvalue()}"

    assert checked(authority_csv.read(data.encode())) == ENTRIES
    with pytest.raises(BadAuthority, match=f"Line {len(ENTRIES) + 3} has more cells than columns"):
        authority_csv.read(f"{data}a;b;c;d;e;f{end}".encode())


def test_any_sign_may_be_named_as_the_one_between_cells() -> None:
    with pytest.raises(BadAuthority, match=r"Line 3 has more cells than columns\. Quote cells that have a “~”"):
        authority_csv.read(b"sep=~\nkind~name\nperson~A~B\n")


def test_an_import_of_a_name_that_is_too_long_is_refused() -> None:
    with pytest.raises(BadAuthority, match=r"has 1,001 characters\. A name has at most 1,000: shorten it"):
        authority_csv.imported(Authority(), [Entry("person", "Ann Lee", "x" * 1_001)], "a.csv")
    known = Authority((Entry("person", "Ann Lee", "x" * 1_001),))
    assert authority_csv.imported(known, known.entries, "a.csv").entries == known.entries


def unrelated(size: int) -> list[Entry]:
    return [Entry("person", f"Name {n}", f"Alias {n}") for n in range(size)]


def chained(size: int) -> list[Entry]:
    return [Entry("person", f"Name {n + 1}", f"Name {n}") for n in range(size)]


@cases("entries_of", [unrelated, chained])
def test_a_file_takes_time_in_proportion_to_its_entries(entries_of: Callable[[int], list[Entry]]) -> None:
    def imported(size: int) -> Callable[[], object]:
        before = Authority(checked(Entry("person", f"Former {n}", f"Alias {n}") for n in range(size)))

        def task() -> None:
            after = authority_csv.imported(before, entries_of(size), "a.csv")
            after.names("person")
            undo(after, "2026-11-26T10:00:00Z")

        return task

    assert waiting.grows_less(8, imported, 1_000, 4_000)


def test_a_chain_of_merges_leads_to_its_end() -> None:
    listed = Authority(checked(chained(5))).names("person").listed

    assert set(listed.values()) == {"Name 5"}
    assert len(listed) == 6


def test_an_import_replaces_what_was_there() -> None:
    before = authority_csv.imported(Authority(), ENTRIES, "a.csv")
    after = authority_csv.imported(before, ENTRIES[1:], "b.csv")

    assert after.entries == ENTRIES[1:]
    assert after.journal[-1].removed == ENTRIES[:1]


@cases("content, message", [
    (b"", "no column “kind”"),
    (b"name,alias\nA,B\n", "no column “kind”"),
    (b"kind,name,nmae\n", "“nmae” is not a column"),
    (b"kind,name\nperson,A,B\n", "Line 2 has more cells"),
    (b'kind,name\nperson,"A\n', "Line 2 is not CSV"),
    (b'kind,name\nperson,A\nperson,"B"C\n', "Line 3 is not CSV"),
    (b'kind,name\nperson,A\nperson,"B\nC,D\nperson,E', "Line 3 is not CSV"),
    (b'"kind,name\nperson,A\n', "Line 1 is not CSV"),
    (b'kind,name\nperson,"A\nB"\n\nperson,"C"D\n', "Line 5 is not CSV"),
    (b'sep=;\nkind;name\nperson;"A"B\n', "Line 3 is not CSV"),
    (b'kind,name\nperson,"A\nB",C\n', "Line 2 has more cells"),
    (b"kind,name\nperson,\xff\n", "not UTF-8 at byte 17"),
])  # fmt: skip
def test_a_line_that_cannot_be_is_named(content: bytes, message: str) -> None:
    with pytest.raises(BadAuthority, match=message):
        authority_csv.read(content)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    with search.writer(tmp_path / "news.idx") as writer:
        writer.add(Article("a", "X.", person=("Qadhafi", "Bo Ek")))
    return tmp_path / "news.idx"


def run(place: Path, *words: str, given: str | None = None) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, ["authority", str(place), *words], input=given)
    return result.exit_code, result.stdout, result.stderr


def test_a_merge_says_how_many_articles_it_moves(place: Path) -> None:
    code, _, said = run(place, "merge", "person", "Muammar Gaddafi", "Qadhafi")

    assert (code, said) == (0, "person “Qadhafi” is listed as “Muammar Gaddafi”: 1 article.\n")


@pytest.mark.parametrize(("blocked", "said"), [
    ("Qadhafi", ("merge", "person", "Muammar Gaddafi", "Qadhafi")),
    ("Muammar Gaddafi", ("merge", "person", "Muammar Gaddafi", "Qadhafi")),
    ("Qadhafi", ("split", "person", "Qadhafi")),
])  # fmt: skip
def test_a_decision_about_a_blocked_name_says_how_to_show_it(place: Path, blocked: str, said: tuple[str, ...]) -> None:
    run(place, "block", "person", blocked)
    told = run(place, *said)[2]

    command = f"dateline authority {place} unblock person {shlex.quote(blocked)}"
    assert told.endswith(f", but not shown: “{blocked}” is blocked. To show it: {command}\n")
    assert "0 articles" not in told
    assert run(place, *shlex.split(command)[3:]) == (0, "", f"Removed: block person “{blocked}”.\n")
    with search.open(place) as engine:
        assert not engine.authority().names("person").blocked


def test_each_decision_that_a_page_offers_has_a_command() -> None:
    assert set(decision.ACTIONS) - set(authority.commands) == set()


def test_a_name_is_shown_again_and_the_history_kept(place: Path) -> None:
    run(place, "block", "person", "Bo Ek")
    assert run(place, "unblock", "person", "bo ek") == (0, "", "Removed: block person “Bo Ek”.\n")

    history = [json.loads(line) for line in run(place, "export", "--journal")[1].splitlines()]
    assert [each["what"] for each in history] == ["block person Bo Ek", "unblock person Bo Ek"]
    assert run(place, "unblock", "person", "Bo Ek") == (2, "", "Error: “Bo Ek” is not blocked.\n")
    assert run(place, "undo")[2].startswith("person “Bo Ek” is not shown")


@cases("kind, name", [("country", "Germany"), ("country", "de"), ("topic", "football")])
def test_a_value_of_a_fixed_list_is_shown_again_under_each_of_its_names(place: Path, kind: str, name: str) -> None:
    run(place, "block", kind, name)

    assert run(place, "unblock", kind, name)[0] == 0
    with search.open(place) as engine:
        assert engine.authority().entries == ()


def test_showing_a_name_that_another_hides_names_that(place: Path) -> None:
    run(place, "merge", "person", "Muammar Gaddafi", "Qadhafi")
    run(place, "block", "person", "Muammar Gaddafi")

    code, _, said = run(place, "unblock", "person", "Qadhafi")
    assert (code, said) == (
        2,
        "Error: “Qadhafi” is not blocked, but hidden: “Muammar Gaddafi” is blocked. Unblock that.\n",
    )


def test_any_change_is_undone_by_its_number(place: Path) -> None:
    run(place, "block", "person", "Bo Ek")
    run(place, "split", "person", "Qadhafi")

    assert run(place, "undo", "1") == (0, "", "Removed: block person “Bo Ek”.\n")
    assert run(place, "undo", "1") == (2, "", "Error: Nothing of change 1 is in force any more.\n")
    assert run(place, "undo", "9") == (2, "", "Error: There is no change 9.\n")


def test_an_item_is_given_and_taken_away(place: Path) -> None:
    run(place, "merge", "person", "Muammar Gaddafi", "Qadhafi")

    assert run(place, "item", "person", "Muammar Gaddafi", "q19878")[::2] == (
        0,
        "person “Muammar Gaddafi” has the Wikidata item Q19878.\n",
    )
    assert "person,Muammar Gaddafi,Qadhafi,Q19878,merge" in run(place, "export")[1]
    assert run(place, "item", "person", "Muammar Gaddafi")[::2] == (
        0,
        "person “Muammar Gaddafi” has no Wikidata item.\n",
    )
    assert "person,Muammar Gaddafi,Qadhafi,,merge" in run(place, "export")[1]


def test_export_then_import_changes_nothing(place: Path) -> None:
    run(place, "block", "person", "Bo Ek")
    file = run(place, "export")[1]

    said = "Nothing has changed: all of it is in force already.\n"
    assert run(place, "import", "-", given=file) == (0, "", said)
    assert run(place, "block", "person", "Bo Ek") == (0, "", said)
    assert run(place, "export")[1] == file


def test_undo_takes_back_one_change_after_the_other(place: Path) -> None:
    run(place, "block", "person", "Bo Ek")
    run(place, "split", "person", "Qadhafi")

    assert run(place, "undo")[2] == "Removed: split person “Qadhafi”.\n"
    assert run(place, "undo")[2] == "Removed: block person “Bo Ek”.\n"
    assert run(place, "undo")[0] == 2


def test_the_journal_has_a_line_of_json_for_each_change_oldest_first(place: Path) -> None:
    assert run(place, "export", "--journal") == (0, "", "")
    run(place, "block", "person", "Bo Ek")
    run(place, "split", "person", "Qadhafi")

    code, out, _ = run(place, "export", "--journal")
    first, second = map(json.loads, out.splitlines())

    assert (code, out[-1]) == (0, "\n")
    assert [(change["added"], change["removed"]) for change in (first, second)] == [
        ([{"kind": "person", "name": "Bo Ek", "alias": "", "wikidata": "", "action": "block"}], []),
        ([{"kind": "person", "name": "", "alias": "Qadhafi", "wikidata": "", "action": "split"}], []),
    ]
    assert first["at"] <= second["at"]
    assert first["at"].endswith("Z")


def test_the_authority_outlives_a_new_index_of_its_articles(place: Path) -> None:
    run(place, "block", "person", "Bo Ek")
    with search.writer(place) as writer:
        writer.add(Article("b", "X.", person=("Bo Ek",)))
    engine = search.open(place)

    assert engine.article("b").person == ()
    engine.close()


def test_an_index_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    code, _, said = run(tmp_path / "none.idx", "block", "person", "Bo Ek")

    assert code == 2
    assert "There is no index" in said
    assert not (tmp_path / "none.idx").exists()


def test_an_import_that_leaves_entries_out_shows_them_and_asks(place: Path) -> None:
    run(place, "merge", "person", "Muammar Gaddafi", "Qadhafi", "--wikidata", "Q19878")
    held = run(place, "export")[1]
    one_line = "kind,name,alias\nperson,Bo Eek,Bo Ek\n"

    code, _, said = run(place, "import", "-", given=one_line)
    assert code == 2
    assert "+ person,Bo Eek,Bo Ek,,merge" in said
    assert "- person,Muammar Gaddafi,Qadhafi,Q19878,merge" in said
    assert "1 existing entry" in said
    assert run(place, "export")[1] == held

    assert run(place, "import", "-", "--replace", given=one_line)[0] == 0
    assert run(place, "export")[1].splitlines()[1:] == ["person,Bo Eek,Bo Ek,,merge"]


def test_an_import_that_adds_or_says_otherwise_asks_nothing(place: Path) -> None:
    run(place, "merge", "person", "Muammar Gaddafi", "Qadhafi")
    file = "kind,name,alias,wikidata\nperson,Moammar Gadhafi,Qadhafi,q19878\nperson,Bo Eek,Bo Ek\n"

    assert run(place, "import", "-", given=file)[0] == 0
    assert "person,Moammar Gadhafi,Qadhafi,Q19878,merge" in run(place, "export")[1]


@cases("item", ["19878", "Q", "Q0", "Q12x", "P31", "https://www.wikidata.org/wiki/Q1", "Q١"])
def test_what_is_no_wikidata_id_is_refused(place: Path, item: str) -> None:
    code, _, said = run(place, "merge", "person", "Muammar Gaddafi", "Qadhafi", "--wikidata", item)

    assert (code, "is not a Wikidata id" in said) == (2, True)
    assert run(place, "import", "-", given=f"kind,name,wikidata\nperson,Bo Ek,{item}\n")[0] == 2
    assert run(place, "export")[1].splitlines() == ["kind,name,alias,wikidata,action"]


def test_an_offer_has_the_known_people_of_the_index_and_can_be_imported(place: Path) -> None:
    with search.writer(place) as writer:
        writer.add(Article("b", "X.", person=("Gary Kasparov", "Margaret Thatcher", "Ann Nobody")))
    assert run(place, "merge", "person", "Bo Ek", "Qadhafi")[0] == 0

    code, offer, _ = run(place, "offer")

    assert code == 0
    entries = authority_csv.read(offer.encode())
    assert Entry("person", "Bo Ek", "Qadhafi") in entries
    assert Entry("person", "Garry Kasparov", "Gary Kasparov") in entries
    assert Entry("person", "Margaret Thatcher", "", "Q7416") in entries
    assert len(entries) == 3
    assert run(place, "import", "-", given=offer)[0] == 0
