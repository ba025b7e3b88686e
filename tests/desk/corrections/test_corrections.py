"""Corrections: checked, applied, taken off again, kept, and read back from files."""

from __future__ import annotations

import csv
import io
import itertools
import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import search
from desk.corrections import exchange
from desk.corrections.application import settle
from desk.corrections.correction import FIELDS, Correction, checked
from desk.corrections.exchange import BadCorrections
from desk.corrections.lines import places
from desk.corrections.overlay import CARRIED, FOUND, applied, as_found, carrying, corrected
from desk.corrections.store import CorrectionMissing, Store
from desk.store.where import FILE
from indexer import pipeline
from indexer.enrich import enrich
from indexer.pipeline import Options
from search import Article, Query
from search.errors import BadQuery
from search.local.safe import backup, restoring
from search.local.safe import verify as checking
from search.values.article import Evidence
from search.values.printed import Printed, pack, unpack
from search.values.scan import ScanPage
from service.commands import side_files
from tests import waiting
from tests.cases import cases

AT = "2026-11-26T21:04:11Z"
TEXT = "Angela Merkel met Barack Obama in Berlin on Monday, the government of Germany said. They spoke about trade."


def correction(field: str, action: str, value: str, article: str = "a") -> Correction:
    return checked(article, field, action, value, "night desk", AT)


@cases("field, action, value, stored", [
    ("person", "add", "  Angela\n Merkel\t", "Angela Merkel"),
    ("person", "add", "می\u200cخواهم", "می\u200cخواهم"),
    ("country", "add", "germany", "DE"),
    ("country", "add", "Russia", "RU"),
    ("country", "remove", "ussr", "SUHH"),
    ("topic", "add", "football", "medtop:20001065"),
    ("topic", "add", "murders", "medtop:20000099"),
    ("topic", "remove", "politics", "medtop:11000000"),
    ("date", "set", "1998-05", "1998-05"),
    ("date", "set", "17 May 2004", "2004-05-17"),
    ("date", "set", "17.5.2004", "2004-05-17"),
    ("date", "set", "März 1987", "1987-03"),
    ("date", "set", "1998-05-17 10:00", "1998-05-17T10:00"),
    ("date", "set", "yesterday", "2026-11-25"),
    ("date", "set", "last month", "2026-10"),
    ("title", "set", "A title", "A title"),
])  # fmt: skip
def test_a_value_is_stored_as_facts_are(field: str, action: str, value: str, stored: str) -> None:
    assert correction(field, action, value).value == stored


@cases("field, action, value, said", [
    ("colour", "set", "red", "“colour” cannot be corrected. There are: person"),
    ("person", "set", "A", "A person has no action “set”. It is add or remove for a person."),
    ("date", "add", "1998", "A date has no action “add”."),
    ("person", "add", " \t", "There is no value. Give a person."),
    ("person", "add", "Ann\u200b Lee", "Character 4 of the value is U+200B, which cannot be seen. Remove it."),
    ("title", "set", "New\x07", "Character 4 of the value is U+0007, which cannot be seen. Remove it."),
    ("title", "set", "\u202eNew", "Character 1 of the value is U+202E"),
    ("country", "add", "Atlantis", "No country “Atlantis”. Give the code or the name of a country."),
    ("person", "add", "x" * 1001, "The value has 1,001 characters. It has at most 1,000."),
    ("country", "add", "Germny", "No country “Germny”. Did you mean Germany?"),
    ("date", "set", "17/13/1998", "“17/13/1998” is not in the calendar. Give a day 1998-05-17"),
    ("date", "set", "5/6/1998", "“5/6/1998” can be 1998-06-05 or 1998-05-06. Give one of them"),
    ("date", "set", "last week", "“last week” is several days. Give a day 1998-05-17"),
    ("date", "set", "2999-01-01", "is in the future"),
])  # fmt: skip
def test_a_bad_correction_is_refused_with_the_way_out(field: str, action: str, value: str, said: str) -> None:
    with pytest.raises(BadQuery) as refused:
        correction(field, action, value)

    assert said in str(refused.value)


def test_a_note_is_stored_as_it_is_or_refused() -> None:
    with pytest.raises(BadQuery, match=r"Character 2 of the note is U\+0000"):
        checked("a", "title", "set", "New", "x", AT, "a\0b")
    assert checked("a", "title", "set", "New", "x", AT, " two\nlines ").note == "two lines"


def test_a_value_that_is_removed_takes_its_evidence_along() -> None:
    article = enrich(Article("a", TEXT))
    after = applied(article, [correction("person", "remove", "angela merkel")])

    assert (article.person, after.person) == (("Angela Merkel", "Barack Obama"), ("Barack Obama",))
    assert {entry.value for entry in after.evidence["person"]} == {"Barack Obama"}


def test_a_topic_takes_the_narrower_ones_along() -> None:
    article = Article("a", TEXT, topic=("medtop:15000000", "medtop:20000822", "medtop:11000000"))

    assert applied(article, [correction("topic", "remove", "medtop:15000000")]).topic == ("medtop:11000000",)


def test_a_value_that_is_added_says_by_whom_and_when() -> None:
    after = applied(enrich(Article("a", TEXT)), [correction("country", "add", "France")])

    said = Evidence("FR", None, None, "corrected by night desk on 2026-11-26", "corrected", 1.0, "text", True)
    assert (after.country[-1], after.evidence["country"][-1]) == ("FR", said)


def test_a_date_and_a_title_are_replaced() -> None:
    article = Article("a", TEXT, "Old", published="1990-01-01", published_from="metadata")
    after = applied(article, [correction("date", "set", "1998-05-17"), correction("title", "set", "New")])

    assert (after.title, after.published, after.published_from) == ("New", "1998-05-17", "corrected")
    assert as_found(after) == article


def test_a_line_is_found_as_it_was_read_and_as_it_is_right(tmp_path: Path) -> None:
    place = tmp_path / "news.idx"
    with search.writer(place) as writer:
        writer.add(Article("a", "Ships left the harbonr. Mr Gladstcne spoke."))
        writer.commit()
        with Store(place) as store:
            made = store.add([correction("line", "add", "the harbonr -> the harbour")])
        settle(writer, place)

        def found(text: str) -> int:
            with search.open(place) as engine:
                return engine.search(Query(text)).total

        assert made[0].value == "the harbonr → the harbour"
        assert [found('"left the harbour"'), found('"the harbonr"'), found('"the harbour Mr Gladstcne"')] == [1, 1, 1]
        with Store(place) as store:
            store.undo(1, "night desk", AT)
        settle(writer, place)
        assert [found("harbonr"), found("harbour")] == [1, 0]


@cases("right, boxes", [
    ("near Berlin", [(320, 20), (360, 20)]),  # each where its own was read
    ("nearBerlin", [(320, 60)]),
    ("near to Berlin", [(320, 60)] * 3),
])  # fmt: skip
def test_the_right_words_are_where_the_wrong_ones_are_printed(right: str, boxes: list[tuple[int, int]]) -> None:
    read = "in Berlin"
    at = TEXT.index(read)
    page = replace(SCAN, text=pack([Printed(at, at + 2, 320, 5, 20, 9), Printed(at + 3, at + 9, 360, 5, 20, 9)]))
    after = applied(Article("a", TEXT, scan=(page,)), [correction("line", "add", f"{read} → {right}")])

    new = unpack(after.scan[0].text)
    assert [after.text[word.start : word.end] for word in new] == right.split()
    assert [(word.x, word.width) for word in new] == boxes
    assert after.text == f"{TEXT.replace(read, right)}\n\n{read}"


def test_the_latest_of_corrections_that_overlap_counts() -> None:
    made = [correction("line", "add", one) for one in ("in Berlin → near Berlin", "Obama in → Obama of", "on M → at M")]

    assert applied(Article("a", TEXT), made).text == f"{TEXT.replace('Obama in', 'Obama of')}\n\nObama in"


def test_evidence_stays_with_its_words() -> None:
    at = TEXT.index("Germany")
    found = {
        "country": (Evidence("DE", at, at + 7, "Germany", "name", 1.0), Evidence("DE", 33, 39, "Berlin", "city", 1.0))
    }
    after = applied(
        Article("a", TEXT, country=("DE",), evidence=found), [correction("line", "add", "in Berlin → at Bonn")]
    )

    moved, gone = after.evidence["country"]
    assert after.text[moved.start : moved.end] == "Germany"
    assert (gone.start, gone.end, gone.text) == (None, None, "Berlin")


@given(st.text("ab .é½_", max_size=30), st.lists(st.text("ab .é½_", max_size=4), max_size=6))
def test_lines_are_where_they_are_whole_words_once(text: str, reads: list[str]) -> None:
    def whole(at: int, read: str) -> bool:
        around = ((at, at - 1), (at + len(read) - 1, at + len(read)))
        return text.startswith(read, at) and not any(
            0 <= out < len(text) and text[inside].isalnum() and text[out].isalnum() for inside, out in around
        )

    each = {read: [at for at in range(len(text)) if whole(at, read)] for read in reads if read}
    assert places(text, reads) == {read: found[0] for read, found in each.items() if len(found) == 1}


@pytest.mark.check
def test_many_lines_of_a_long_text_take_as_long_as_they_are() -> None:
    def work(count: int) -> Callable[[], object]:
        text = " ".join(f"the harbonr {n}" for n in range(count))
        made = [correction("line", "add", f"harbonr {n} → harbour {n}") for n in range(count)]
        return lambda: applied(Article("a", text), made)

    assert waiting.grows_less(8, work, 3_000, 12_000)


@cases("value", ["the harbour", "the harbour → ", "a → b → c", "same → same"])
def test_a_line_says_what_was_read_and_what_is_right(value: str) -> None:
    with pytest.raises(BadQuery, match="what was read"):
        correction("line", "add", value)


SCAN = ScanPage(width=900, height=90, text=pack([Printed(at, at + 2, 10 * at, 5, 20, 9) for at in range(0, 80, 4)]))
values = {
    "person": st.sampled_from(["Angela Merkel", "ANGELA MERKEL", "Ann Lee"]),
    "country": st.sampled_from(["DE", "FR", "US"]),
    "topic": st.sampled_from(["medtop:15000000", "medtop:20000822", "medtop:11000000"]),
    "date": st.sampled_from(["1998", "1998-05-17"]),
    "title": st.sampled_from(["New", "Newer"]),
    "line": st.sampled_from(["in Berlin → near Berlin", "spoke about -> spoke of"]),
}
actions = {"date": ["set"], "title": ["set"], "line": ["add"]}
changes = st.sampled_from(FIELDS).flatmap(
    lambda field: st.builds(
        correction,
        st.just(field),
        st.sampled_from(actions.get(field, ["add", "remove"])),
        values[field],
    )
)
articles = st.builds(
    Article,
    st.just("a"),
    st.just(TEXT),
    st.sampled_from(["", "Old"]),
    published=st.sampled_from([None, "1990-01-01"]),
    person=st.sampled_from([(), ("Angela Merkel",), ("Barack Obama", "Angela Merkel")]),
    country=st.sampled_from([(), ("DE", "FR")]),
    topic=st.sampled_from([(), ("medtop:15000000", "medtop:20000822")]),
    extra=st.sampled_from([{}, {"found": "in a drawer"}]),
    evidence=st.sampled_from([{}, {"person": (Evidence("Angela Merkel", 0, 13, "Angela Merkel", "crf", 0.9),)}]),
    scan=st.sampled_from([(), (SCAN,)]),
)


@given(articles, st.lists(changes, max_size=5))
def test_corrections_can_always_be_taken_off_again(article: Article, made: list[Correction]) -> None:
    after = applied(article, made)

    assert as_found(after) == article
    assert applied(as_found(after), made) == after
    assert corrected(carrying(article, made)) == after


def test_what_an_article_carries_comes_from_the_index_alone() -> None:
    made = [["a", "title", "set", "Forged", "x", AT, "", []]]
    forged = Article("a", TEXT, extra={CARRIED: made, FOUND: {"title": "Forged", "evidence": {}}, "other": 1})

    assert carrying(forged, ()).extra == {"other": 1}
    assert carrying(forged, [correction("title", "set", "New")]).extra.keys() == {"other", CARRIED}


NOT_FOUND = dict(zip("abcdefghijkl", [
    1, [], "x", {}, {"evidence": 1}, {"evidence": {"person": [{"x": 1}]}, "person": []},
    {"person": ["A", 1], "evidence": {}},
    {"id": "other", "evidence": {}}, {"title": 1, "evidence": {}}, {"evidence": {"language": []}},
    {"text": "Forged", "evidence": {}}, {"person": None, "evidence": {}},
], strict=True))  # fmt: skip
"""What an article may not have been found to be, by its id."""


def test_what_another_program_wrote_as_found_is_passed_over(place: Path) -> None:
    lines = []
    for name, found in NOT_FOUND.items():
        article = Article(name, TEXT, extra={FOUND: found})
        assert as_found(article) == article
        told = {"id": name, "text": f"{TEXT} Again.", "dateline.found": found, "dateline.corrections": found}
        lines.append(json.dumps(told))
    (place.parent / "archive" / "a.jsonl").write_text("\n".join(lines), "utf-8")
    index(place, place.parent / "archive")
    index(place, place.parent / "archive")
    correct(place, *(correction("person", "add", "Zoe Xu", article=name) for name in NOT_FOUND))

    expected = ("Angela Merkel", "Barack Obama", "Zoe Xu")
    assert {name: persons(place, name) for name in NOT_FOUND} == dict.fromkeys(NOT_FOUND, expected)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    folder = tmp_path / "archive"
    folder.mkdir()
    rows = [{"id": name, "title": "Old", "text": TEXT, "published": "1990-01-01"} for name in "ab"]
    (folder / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    index(tmp_path / "idx", folder)
    return tmp_path / "idx"


def index(place: Path, folder: Path, workers: int = 1) -> None:
    with search.writer(place) as writer:
        pipeline.index(writer, [folder], Options(place=place, workers=workers, collection="c"))


def correct(place: Path, *made: Correction) -> list[int]:
    with Store(place) as store:
        numbers = [each.number for each in store.add(made)]
    with search.writer(place) as writer:
        settle(writer, place)
    return numbers


def persons(place: Path, article_id: str = "a") -> tuple[str, ...]:
    with search.open(place) as engine:
        return engine.article(article_id).person


def changed(place: Path) -> str:
    with search.open(place) as engine:
        return engine.article("a").changed or ""


def test_a_correction_is_found_at_once(place: Path) -> None:
    correct(place, correction("person", "add", "Zoe Xu"), correction("title", "set", "Quixotic"))

    with search.open(place) as engine:
        assert engine.search(Query("quixotic")).total == 1
        assert engine.search(Query('person:"Zoe Xu"')).total == 1
        assert engine.search(Query("merkel")).total == 2


def test_a_correction_outlives_a_new_version_of_the_article(place: Path, amount: Callable[..., int]) -> None:
    workers = amount(2, few=1)
    correct(place, correction("person", "remove", "Angela Merkel"))
    lines = "".join(json.dumps({"id": n, "title": "New", "text": f"{TEXT} More."}) + "\n" for n in ("a", "b"))
    (place.parent / "archive" / "a.jsonl").write_text(lines + " " * (300_000 if workers > 1 else 0), "utf-8")
    index(place, place.parent / "archive", workers)

    with search.open(place) as engine:
        found = engine.article("a"), engine.article("b")
    assert [each.text for each in found] == [f"{TEXT} More."] * 2
    assert [each.person for each in found] == [("Barack Obama",), ("Angela Merkel", "Barack Obama")]


def test_a_correction_outlives_the_deletion_of_its_article(place: Path) -> None:
    correct(place, correction("person", "remove", "Angela Merkel"))
    with search.writer(place) as writer:
        writer.delete("a")
    index(place, place.parent / "archive")

    assert persons(place) == ("Barack Obama",)


def test_a_title_is_changed_when_it_is_corrected_and_not_when_it_is_read_again(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = iter(f"2999-01-0{day}T00:00:00Z" for day in range(1, 9))
    monkeypatch.setattr("search.text.dates.now", lambda: next(times))
    correct(place, correction("person", "add", "Zoe Xu"))
    before = changed(place)
    correct(place, correction("title", "set", "New"))
    after = changed(place)
    with search.writer(place) as writer:
        stored = writer.stored("a")
        assert stored is not None
        writer.add(replace(stored, digest="of another version"))
    (place / "ingest.sqlite").unlink()
    index(place, place.parent / "archive")

    assert before < "2999" < after == changed(place)
    with search.open(place) as engine:
        assert (engine.article("a").title, engine.article("a").digest != "of another version") == ("New", True)


def test_a_correction_is_undone_singly(place: Path) -> None:
    first, _ = correct(place, correction("person", "remove", "Angela Merkel"), correction("person", "add", "Zoe Xu"))
    assert persons(place) == ("Barack Obama", "Zoe Xu")
    with Store(place) as store:
        store.undo(first, "somebody", AT)
        with pytest.raises(CorrectionMissing, match=f"No correction {first} is in force"):
            store.undo(first, "somebody", AT)
    with search.writer(place) as writer:
        assert settle(writer, place) == 1

    assert persons(place) == ("Angela Merkel", "Barack Obama", "Zoe Xu")


def test_a_correction_of_an_article_to_come_waits_for_it(place: Path) -> None:
    correct(place, correction("person", "add", "Zoe Xu", article="new"))
    (place.parent / "archive" / "b.jsonl").write_text(json.dumps({"id": "new", "text": TEXT}), "utf-8")
    index(place, place.parent / "archive")

    assert persons(place, "new")[-1] == "Zoe Xu"


def test_a_snapshot_has_the_corrections_and_both_are_whole(place: Path, tmp_path: Path) -> None:
    correct(place, correction("person", "add", "Zoe Xu"))
    backup.create(place, tmp_path / "backup")

    assert checking.verify(place).whole
    assert checking.verify(tmp_path / "backup").whole
    with Store(tmp_path / "backup") as store:
        assert [each.value for each in store.listed()] == ["Zoe Xu"]
    data = bytearray((place / FILE).read_bytes())
    data[data.index(b"Zoe Xu")] ^= 1
    (place / FILE).write_bytes(data)
    assert [fault.file for fault in checking.verify(place).faults] == [FILE]


def test_a_restore_keeps_newer_corrections_and_those_of_the_backup(place: Path, tmp_path: Path) -> None:
    old, gone = correct(place, correction("person", "add", "Old One"), correction("person", "add", "Gone One"))
    backup.create(place, tmp_path / "backup")
    with Store(place) as store:
        store.undo(gone, "somebody", AT)
    correct(place, correction("person", "add", "New One"))
    done = restoring.replace(tmp_path / "backup", place, side_files.RULES)

    assert "1 newer correction" in done.retained
    with Store(place) as store:
        assert [each.value for each in store.of("a")] == ["Old One", "New One"]
        assert old == store.of("a")[0].number


def test_corrections_that_only_a_backup_has_are_added(place: Path, tmp_path: Path) -> None:
    _, number = correct(place, correction("person", "add", "Old One"), correction("person", "add", "Gone One"))
    with Store(place) as store:
        store.undo(number, "somebody", AT)
    backup.create(place, tmp_path / "backup")
    for path in place.glob(f"{FILE}*"):
        path.unlink()
    correct(place, correction("person", "add", "New One"))
    restoring.replace(tmp_path / "backup", place, side_files.RULES)

    with Store(place) as store:
        assert [(each.value, each.undone) for each in store.listed()] == [
            ("New One", None), ("Old One", None), ("Gone One", AT),
        ]  # fmt: skip


MADE = (
    replace(correction("person", "remove", 'Ann "Jo" Lee, Jr.'), note="a ship", names=("Jo", "J. Lee"), number=1),
    replace(correction("date", "set", "1998-05-17"), number=2, undone=AT, undone_by="somebody"),
    replace(correction("country", "add", "FR"), number=3),
    replace(correction("title", "set", "=cmd()"), note="-1", number=4),
    replace(correction("title", "set", "'=cmd()"), number=5),
    replace(correction("title", "set", "'tis"), number=6),
)


@cases("form", [exchange.csv_lines, exchange.json_lines])
def test_a_file_of_corrections_is_read_back(form: object) -> None:
    content = b"".join(form(MADE))  # type: ignore[operator]

    assert exchange.read(content, "x", "y") == [replace(each, number=0) for each in MADE if each.undone is None]


@cases("separator", [";", "\t", ","])
def test_a_spreadsheet_may_put_another_sign_between_cells(separator: str) -> None:
    out = io.StringIO(newline="")
    lines = [line.decode() for line in exchange.csv_lines(MADE)]
    csv.writer(out, delimiter=separator).writerows(csv.reader(lines))

    assert exchange.read(out.getvalue().encode("utf-8-sig"), "x", "y") == [
        replace(each, number=0) for each in MADE if each.undone is None
    ]


def test_a_json_has_the_value_and_its_label() -> None:
    told = exchange.as_json(correction("country", "add", "FR"))

    assert (told["value"], told["label"]) == ("FR", "France")
    assert b"label" not in next(exchange.csv_lines(MADE))


def test_what_was_found_names_its_evidence_as_an_article_does() -> None:
    evidence = {"person": (Evidence("Ann", 0, 3, "Ann", "crf", 0.9, "title"),)}
    after = applied(
        Article("a", TEXT, "Ann", person=("Ann",), evidence=evidence), [correction("person", "remove", "Ann")]
    )

    (entry,) = after.extra[FOUND]["evidence"]["person"]
    assert entry["in"] == "title"
    assert "within" not in entry


def test_no_cell_of_a_file_is_a_formula() -> None:
    cells = next(csv.reader([line.decode() for line in exchange.csv_lines(MADE)][4:]))

    assert (cells[4], cells[8]) == ("'=cmd()", "'-1")


@cases("content, said", [
    (b"\xff", "is not UTF-8 at byte 0"),
    (b"article,field,value\n", "no column “action”"),
    (b"article,field,action,value,colour\n", "“colour” is not a column"),
    (b"article,field,action,value\na,person,add,A,B,C\n", "Line 2 has more cells than columns. Quote .* a comma"),
    (b"article;field;action;value\na;person;add;A;B\n", "Line 2 has more cells than columns. Quote .* a semicolon"),
    (b"article,field,action,value\na,country,add,Germny\n", "Line 2: No country “Germny”"),
    (b'article,field,action,value\na,"person,add', "Line 2 is not CSV"),
    (b'article,field,action,value\na,person,add,"A\nB"\na,country,add,Germny\n', "Line 4: No country “Germny”"),
    (b'{"article": "a"', "Line 1 is not JSON"),
    (b'{"article": 1, "field": "person", "action": "add", "value": "A"}', "are text"),
])  # fmt: skip
def test_a_bad_file_is_refused_with_its_line(content: bytes, said: str) -> None:
    with pytest.raises(BadCorrections, match=said):
        exchange.read(content, "x", AT)


def many(count: int) -> list[Correction]:
    """Persons that are added and removed by turns."""
    return [
        Correction("a", "person", "remove" if n % 3 == 2 else "add", f"Person {n - n % 3 // 2}", "x", AT, number=n)
        for n in range(count)
    ]


@pytest.mark.parametrize("many_names", [False, True])
def test_many_corrections_are_stored_in_time_in_proportion(many_names: bool, tmp_path: Path) -> None:
    def storing(count: int) -> Callable[[], object]:
        names = count // 2 if many_names else 1
        made = [correction("person", "add" if n % 2 else "remove", f"Person {n % names}") for n in range(count)]
        folder = tmp_path / str(next(numbers))
        folder.mkdir()

        def task() -> None:
            with Store(folder) as store:
                store.add(made)
                store.merged("a", store.listed())

        return task

    numbers = itertools.count()
    assert waiting.grows_less(8, storing, 250, 1_000)


def at(hour: int, made: Correction) -> Correction:
    return replace(made, at=f"2026-11-28T{hour:02}:00:00Z")


def test_of_two_stores_the_later_correction_counts_on_both_sides(tmp_path: Path) -> None:
    early, late = at(8, correction("date", "set", "1961-08-14")), at(9, correction("date", "set", "1961-08-15"))
    for folder in "xy":
        (tmp_path / folder).mkdir()
    with Store(tmp_path / "x") as x, Store(tmp_path / "y") as y:
        x.add([late])
        y.add([early])
        for one, other in ((x, y), (y, x), (x, y)):
            assert [c.value for c in one.merged("a", other.listed("a"))] == ["1961-08-14", "1961-08-15"]
            one.merge(other.listed())
            assert [c.value for c in one.of("a")] == ["1961-08-14", "1961-08-15"]
        assert x.add([at(9, correction("date", "set", "1961-08-15"))])[0].number == 1


def test_what_is_undone_in_one_store_is_undone_in_the_other(tmp_path: Path) -> None:
    for folder in "xy":
        (tmp_path / folder).mkdir()
    with Store(tmp_path / "x") as x, Store(tmp_path / "y") as y:
        x.add([correction("title", "set", "Wrong")])
        y.merge(x.listed())
        x.undo(1, "Ann", AT)

        assert y.merged("a", x.listed("a")) == x.merged("a", y.listed("a")) == ()
        x.merge(y.listed())
        assert x.of("a") == ()
        y.merge(x.listed())
        assert [(c.undone, c.undone_by) for c in y.listed()] == [(AT, "Ann")]


def test_a_correction_counts_although_an_earlier_one_came_from_a_clock_that_is_ahead(place: Path) -> None:
    with Store(place) as store:
        store.merge([at(12, correction("title", "set", "From elsewhere"))])
        (own,) = store.add([at(11, correction("title", "set", "Mine"))])

        assert store.of("a")[-1] == own
        assert own.at == "2026-11-28T12:00:00Z"


@cases("work", [
    lambda made: lambda: as_found(applied(Article("a", TEXT), made)),
    lambda made: lambda: list(exchange.gold(made)),
    lambda made: partial(exchange.read, b"".join(exchange.csv_lines(made)), "x", AT),
])  # fmt: skip
def test_many_corrections_of_one_article_take_as_long_as_they_are(work: Callable[[list[Correction]], Any]) -> None:
    assert waiting.grows_less(8, lambda count: work(many(count)), 1_000, 4_000)


def test_gold_is_what_is_right_and_wrong_in_the_end() -> None:
    made = (
        correction("person", "remove", "Ann Lee"), correction("person", "add", "Ann Lee"),
        correction("person", "remove", "Bob"), correction("date", "set", "1998"), correction("date", "set", "1999"),
        replace(correction("country", "add", "FR"), undone=AT),
    )  # fmt: skip

    (line,) = exchange.gold(replace(each, micros=micros) for micros, each in enumerate(made))
    assert json.loads(line) == {
        "id": "a", "person": {"right": ["Ann Lee"], "wrong": ["Bob"]}, "date": {"right": ["1999"], "wrong": []},
    }  # fmt: skip


def test_gold_is_what_was_said_last_wherever_it_came_from() -> None:
    (line,) = exchange.gold([at(9, correction("date", "set", "1999")), at(8, correction("date", "set", "1998"))])

    assert json.loads(line)["date"]["right"] == ["1999"]
