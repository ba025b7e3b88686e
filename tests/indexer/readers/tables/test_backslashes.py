from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.readers.shared.record import Item, Origin
from indexer.readers.tables import csv, rows
from search import Article, BadRecord
from tests import waiting
from tests.cases import cases
from tests.indexer.readers import web_gold
from tests.tiers import examples

ORIGIN = Origin("news", "archive/a.tsv", "a.tsv")
LETTERS = {"\n": "n", "\t": "t", "\r": "r", "\b": "b", "\f": "f", "\v": "v"}
UNCLEAR = "may be an escape or text, and no row shows which; export the table with quotes around its values."


def read(data: str) -> list[Item]:
    return web_gold.within_limits(csv.read(io.BytesIO(data.encode()), ORIGIN, {}))


def problems(data: str) -> list[tuple[int | None, str]]:
    return [(found.line, found.reason) for found in read(data) if isinstance(found, BadRecord)]


def mysql(value: str | None, mark: str = "\t") -> str:
    if value is None:
        return "\\N"
    return "".join("\\" + sign if sign in f"{mark}\n\\" else sign for sign in value)


def postgres(value: str | None, mark: str = "\t") -> str:
    if value is None:
        return "\\N"
    return "".join("\\" + LETTERS.get(sign, sign) if sign in f"{mark}\\" or sign in LETTERS else sign for sign in value)


def as_it_is(value: str | None, mark: str = "\t") -> str:
    return value or ""


def table(shown: list[tuple[str, str | None]], write: Callable[[str | None, str], str], mark: str = "\t") -> str:
    return f"text{mark}note\n" + "".join(f"{write(text, mark)}{mark}{write(note, mark)}\n" for text, note in shown)


def values(found: list[Item]) -> list[tuple[str, object]]:
    return [(one.text, (one.extra or {}).get("note")) for one in found if isinstance(one, Article)]


def as_read(shown: list[tuple[str, str | None]]) -> list[tuple[str, object]]:
    """The same rows as any other format gives them."""
    data = "text,note\n" + "".join(
        ",".join('"' + (value or "").replace('"', '""') + '"' for value in row) + "\n" for row in shown
    )
    return values(read(data))


WORDS = st.text("\\\n\tntNd\"' a.", min_size=1, max_size=10).map(lambda text: f"x{text}")
ROWS = st.lists(st.tuples(WORDS, WORDS), max_size=4)
ONE_LINE = st.text('\\ntrbfvN0d"a .', min_size=1, max_size=10).map(lambda text: f"x{text}")


@examples(100, few=25)
@given(ROWS, st.sampled_from("\t|"))
@example([('x\n"N"', "xN")] * 2, "\t")
def test_text_of_mysql_is_read_back(drawn: list[tuple[str, str]], mark: str) -> None:
    shown: list[tuple[str, str | None]] = [(f"One.\n\nTwo{mark}x\\", "C:\\new"), *drawn, ("x", None)]

    assert values(read(table(shown, mysql, mark))) == as_read(shown)


@examples(100, few=25)
@given(ROWS)
def test_text_of_postgres_is_read_back(drawn: list[tuple[str, str]]) -> None:
    shown: list[tuple[str, str | None]] = [("One.\n\nTwo\tx\\", "C:\\new"), *drawn, ("x", None)]

    assert values(read(table(shown, postgres))) == as_read(shown)


@examples(100, few=25)
@given(st.lists(st.tuples(ONE_LINE, ONE_LINE), min_size=1, max_size=5), st.sampled_from("\t|"))
def test_backslashes_that_escape_nothing_are_read_as_they_are_or_not_at_all(
    shown: list[tuple[str, str | None]], mark: str
) -> None:
    found = read(table(shown, as_it_is, mark))

    expected = iter(as_read(shown))
    assert all(one in expected for one in values(found))
    assert all(one.reason.endswith(UNCLEAR) for one in found if isinstance(one, BadRecord))
    assert len(found) == len(shown) or any(row[1].endswith("\\") for row in shown if row[1])


@examples(100, few=25)
@given(st.lists(st.tuples(ONE_LINE, ONE_LINE), min_size=1, max_size=5))
def test_backslashes_are_text_once_a_row_has_one_that_escapes_nothing(shown: list[tuple[str, str | None]]) -> None:
    shown = [*shown, ("x", "C:\\data")]

    assert values(read(table(shown, as_it_is))) == as_read(shown)


@cases("row", ["C:\\news\tx\n", "One.\\nTwo.\tx\n"])
def test_a_row_that_may_have_escapes_is_rejected_if_no_row_shows_it(row: str) -> None:
    data = f"text\tnote\n{row}better\tone\n"

    assert values(read(data)) == [("better", "one")]
    assert problems(data) == [(2, f"“\\n” {UNCLEAR}")]


@cases("row", ["the boys\\' club\tx", 'say \\"no\\"\tx', "\\\\server\tx", "x\tC:\\data"])
def test_a_row_that_differs_in_backslashes_only_is_read_as_it_is(row: str) -> None:
    assert values(read(f"text\tnote\n{row}\n")) == [tuple(row.split("\t"))]


def test_a_table_that_quotes_its_values_has_no_escapes() -> None:
    data = 'text\tnote\n"One\\\nTwo"\tx\n"a\tb"\t"C:\\data"\n"x"\t\\N\n'

    assert values(read(data)) == [("One\\\nTwo", "x"), ("a\tb", "C:\\data"), ("x", None)]


@cases("quoting", [
    '"a\tb"\tx',
    '"a\tb"\t',
    '"One.\n\nTwo."\tx',
    'x\t"One.\n\nTwo."',
    'x\t"C:\\new\n\nTwo."',
])  # fmt: skip
@cases("hint", ["x\t\\N", "didn\\'t\tx"])
def test_a_table_with_a_row_that_is_one_only_with_quotes_has_no_escapes(quoting: str, hint: str) -> None:
    for rows_of_it in ([quoting, "C:\\news\tlast", hint], [hint, "C:\\news\tlast", quoting]):
        found = values(read("text\tnote\n" + "\n".join(rows_of_it) + "\n"))

        assert found[1] == ("C:\\news", "last")
        assert len(found) == len(rows_of_it)


def test_doubled_quotes_in_quotes_speak_against_escapes() -> None:
    data = 'text\tnote\n"He said ""no""."\tx\nC:\\news\ty\nx\t\\N\n'

    assert values(read(data)) == [('He said "no".', "x"), ("x", None)]
    assert problems(data) == [(3, f"“\\n” {UNCLEAR}")]


@cases("hint", ["didn\\'t", "l\\'été"])
def test_an_apostrophe_with_a_backslash_between_letters_speaks_for_escapes(hint: str) -> None:
    data = f"text\tnote\nOne.\\n\\nTwo.\tx\n{hint}\ty\n"

    assert values(read(data)) == [("One.\n\nTwo.", "x"), (hint.replace("\\", ""), "y")]
    assert values(read(f"{data}C:\\data\tz\n"))[-2:] == [(hint, "y"), ("C:\\data", "z")]


def test_a_backslash_that_is_no_escape_where_others_are_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "SHOWING", 1_000)
    data = "text\tnote\nOne\\\ntwo\tx\nC:\\data\ty\nlast\tz\n"
    data += "more\\\nlines\tx\n"

    assert [text for text, _ in values(read(data))] == ["One\ntwo", "C:\\data", "last", "more\nlines"]
    known = "text\tnote\n" + "One\\\ntwo\tx\n" * (rows.SHOWING // 8) + "C:\\data\ty\n"
    assert problems(known) == [
        (rows.SHOWING // 8 * 2 + 2, "It has “\\d”, which is no escape; a backslash is written as “\\\\”.")
    ]


def test_a_carriage_return_before_an_escaped_line_end_is_in_the_value() -> None:
    data = "text\tnote\r\nOne.\r\\\nTwo.\tx\nThree.\ty\n".replace("\r\n", "\n", 1)

    assert values(read(data)) == as_read([("One.\r\nTwo.", "x"), ("Three.", "y")])


def test_a_table_that_is_cut_off_after_a_backslash_says_so() -> None:
    assert problems("text\tnote\nOne\\\ntwo\tx\nThree\ty\\\n") == [
        (4, "It ends with a backslash before the last line end, as if it were cut off.")
    ]


def test_a_value_of_a_backslash_and_n_is_not_none() -> None:
    assert values(read("text\tnote\nOne\\\ntwo\t\\\\N\n")) == [("One\ntwo", "\\N")]


def test_a_row_of_too_many_lines_is_rejected_as_a_whole() -> None:
    found = read("text\tnote\nOne\\\ntwo\tx\n" + f"{'words ' * 16}\\\n" * 46_000 + "end\ty\nlast\tz\n")

    assert [text for text, _ in values(found)] == ["One\ntwo", "last"]
    assert [(one.line, one.reason) for one in found if isinstance(one, BadRecord)] == [
        (4, "Backslashes before its line ends make it longer than 4 MB.")
    ]


def test_an_open_quote_that_is_seen_ahead_leaves_the_rows_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.readers.tables.rows.SHOWING", 1)
    data = 'text\tnote\na\tb\\\n"c\\\nd"\te\\\nf\t"g\\\nh\ti\n'

    assert values(read(data)) == [("a", "b\\"), ("c\\\nd", "e\\"), ("f", '"g\\'), ("h", "i")]


@cases("row", [
    "words\\\n", "didn\\'t\tb\n", '"a\tdidn\\\'t"\tb\n', "a\tb\\\n", "a\\\nb\tc\n", "a\tC:\\new\n", "a\r\\\n",
])  # fmt: skip
def test_backslashes_take_time_linear_in_their_number(row: str, amount: Callable[..., int]) -> None:
    def reading(count: int) -> Callable[[], object]:
        data = "text\tnote\n" + row * count
        return lambda: read(data)

    few = amount(3_000, few=200)
    assert waiting.grows_less(8, reading, few, 4 * few)
