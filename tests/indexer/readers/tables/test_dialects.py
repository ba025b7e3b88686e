"""Tables in every dialect that is read are read back: a table follows one rule for quotes, which its rows show."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.readers.shared import columns
from indexer.readers.shared.record import Item, Origin
from indexer.readers.tables import csv
from search import Article, BadRecord
from tests import waiting
from tests.cases import cases
from tests.indexer.readers import web_gold
from tests.tiers import examples

ORIGIN = Origin("news", "archive/a.tsv", "a.tsv")
OPEN = "It opens a quote and does not close it."
LARGE = "It opens a quote that is not closed within 4 MB, and is left out up to where that is."
HEADER = ["text", "note", "more"]
Values = tuple[str, ...]
Write = Callable[[str, str], str]


def read(data: str) -> list[Item]:
    return web_gold.within_limits(csv.read(io.BytesIO(data.encode()), ORIGIN, {}))


def values(found: list[Item]) -> list[Values]:
    return [
        (one.text, *(str((one.extra or {}).get(name, "")) for name in HEADER[1:]))
        for one in found
        if isinstance(one, Article)
    ]


def problems(found: list[Item]) -> list[tuple[int | None, str]]:
    return [(one.line, one.reason) for one in found if isinstance(one, BadRecord)]


def as_read(rows: list[Values]) -> list[Values]:
    """The same rows as any other format gives them."""
    fields = columns.fields_of(HEADER, {})
    return values([columns.row(list(row), HEADER, fields, ORIGIN, 1) for row in rows])


def doubled(value: str, mark: str) -> str:
    return '"' + value.replace('"', '""') + '"'


def doubled_where_needed(value: str, mark: str) -> str:
    return doubled(value, mark) if any(sign in value for sign in f'"\n{mark}') else value


def by_backslash(value: str, mark: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def mysql(value: str, mark: str) -> str:
    return "".join("\\" + sign if sign in f"{mark}\n\\" else sign for sign in value)


def postgres(value: str, mark: str) -> str:
    letters = {"\n": "\\n", "\t": "\\t", "\\": "\\\\"}
    return "".join(letters.get(sign, sign) for sign in value) or "\\N"


def plain(value: str, mark: str) -> str:
    return value


def table(rows: list[Values], write: Write, mark: str) -> str:
    return "".join(mark.join(row) + "\n" for row in [HEADER, *([write(value, mark) for value in row] for row in rows)])


def drawn(signs: str) -> st.SearchStrategy[list[Values]]:
    """Rows of values without spaces around a line, which are taken off."""
    value = st.text(signs, min_size=1, max_size=12).map(
        lambda text: "\n".join(line.strip() or "x" for line in text.split("\n")).replace("\\N", "x")
    )
    return st.lists(st.tuples(value, value, value), max_size=5)


@examples(100, few=25)
@given(st.data(), st.sampled_from([doubled, doubled_where_needed, by_backslash]), st.sampled_from(",;\t|"))
def test_rows_with_quotes_around_values_are_read_back(data: st.DataObject, write: Write, mark: str) -> None:
    rows: list[Values] = data.draw(drawn(f'""\\an \n{mark}'))
    shown = (f"x{mark}y", "one\n\ntwo", 'say "no" twice')

    for order in ([shown, *rows], [*rows, shown]):
        assert values(read(table(order, write, mark))) == as_read(order)


@examples(100, few=25)
@given(drawn('""\\an \n\t|'), st.sampled_from(["\t|", "\t", "|"]))
def test_rows_with_escapes_of_mysql_are_read_back(rows: list[Values], marks: str) -> None:
    shown: list[Values] = [("a\n\tb|c", '"Yes" he said', "C:\\data"), ("x", '"', "y"), ("x", '"no', "y")]

    for order in ([*shown, *rows], [*rows, *shown]):
        assert values(read(table(order, mysql, marks[-1]))) == as_read(order)


@examples(100, few=25)
@given(drawn('""\\an \n\t'))
def test_rows_with_escapes_of_postgres_are_read_back(rows: list[Values]) -> None:
    shown: list[Values] = [("a", '"Yes" he said', ""), ("x", '"no', "y")] * (len(rows) + 1)

    for order in ([*shown, *rows], [*rows, *shown]):
        assert values(read(table(order, postgres, "\t"))) == as_read(order)


@examples(100, few=25)
@given(drawn('""an '), st.sampled_from("\t|"))
def test_rows_without_quotes_around_values_are_read_back(rows: list[Values], mark: str) -> None:
    stray = [("x", '"Yes" he said', '"No" she')] * (len(rows) + 1)

    for order in ([*stray, *rows], [*rows, *stray]):
        assert values(read(table(order, plain, mark))) == as_read(order)


@cases("rows, expected", [
    (['a|"he said \\""x\\"""|b', 'c|"say ""no""|"|d'], [("a", 'he said \\"x\\"', "b"), ("c", 'say "no"|', "d")]),
    (['a|"|\\""\n|"|b', 'c|"say ""no""|"|d'], [("a", '|\\"\n|', "b"), ("c", 'say "no"|', "d")]),
    (['"x\\"y|c|d\nz|c|\\"q"|"c"|"d"', '"\\"a\\""|"b"|"c"'], [('x"y|c|d\nz|c|"q', "c", "d"), ('"a"', "b", "c")]),
])  # fmt: skip
def test_a_row_between_bars_follows_the_rule_of_its_table(rows: list[str], expected: list[Values]) -> None:
    for lines in (rows, rows[::-1]):
        found = read("\n".join(["|".join(HEADER), *lines]))

        assert sorted(values(found)) == sorted(as_read(expected))
        assert not problems(found)


@cases("mark", ["\t", "|"])
@cases("others", [
    'c|"d|e"|f',
    'c|"d\ne"|f',
    '"c"|"d"|"e"\n"f"|"g"|"h"',
    'c|"d"|1\ne|"f"|2',
    'c|"say ""no"""|f\nd|"""No"""|g',
])  # fmt: skip
def test_a_quote_that_is_not_closed_where_values_are_quoted_costs_its_own_row(others: str, mark: str) -> None:
    data = f'text|note|more\n"x"|"y"|"z\n{others}\n'.replace("|", mark)

    found = read(data)

    assert problems(found) == [(2, OPEN)]
    assert not any('"' in value.replace('say "no"', "").replace('"No"', "") for row in values(found) for value in row)


def test_a_value_with_more_after_its_closing_quote_is_as_it_is_written() -> None:
    data = 'text|note|more\n"Yes" he said|"b"|"c"\n"a|b"|"Yes" he said|"c"\nd|"e\nf"|g\n'

    assert values(read(data)) == [
        ('"Yes" he said', "b", "c"),
        ("a|b", '"Yes" he said', "c"),
        ("d", "e\nf", "g"),
    ]


@cases("mark", ["\t", "|"])
@cases("other", [
    '"No" she said|b|c',
    'a|"b|c',
    'a|"b\\\nc|d',
    "didn\\'t|b|\\N",
    "a|b|\\N",
])  # fmt: skip
def test_a_value_in_quotes_keeps_them_in_a_table_that_does_not_quote(other: str, mark: str) -> None:
    whole = '"Yes"|x|y'

    for rows in ([whole, "p|q|r", other], [other, "p|q|r", whole]):
        data = "\n".join(["|".join(HEADER), *rows, ""]).replace("|", mark)

        assert ('"Yes"', "x", "y") in values(read(data))
        assert len(values(read(data))) == 3


def test_names_of_columns_in_quotes_show_that_values_are_quoted() -> None:
    data = '"text"\t"note"\t"more"\nC:\\news\t"x" y\tz\n"One\nTwo"\t\\N\tC:\\new\n"a\tb\tc\n'

    assert values(read(data)) == [("C:\\news", '"x" y', "z"), ("One\nTwo", "", "C:\\new")]
    assert problems(read(data)) == [(5, OPEN)]


def test_later_rows_show_what_quotes_are_if_the_first_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.readers.tables.rows.SHOWING", 10)
    first, open_at_end = "text|note\nplain row|x\n", '"c|d\n'

    assert values(read(f'{first}"Yes" he said|x\n"a"|b\n'))[1:] == [('"Yes" he said', "x", ""), ('"a"', "b", "")]
    assert values(read(f'{first}"a|b"|x\n"a"|b\n'))[1:] == [("a|b", "x", ""), ("a", "b", "")]
    assert problems(read(f'{first}"a|b"|x\n{open_at_end}')) == [(4, OPEN)]


@cases("mark", [",", "\t"])
def test_a_row_in_quotes_that_is_too_large_is_one_row(mark: str) -> None:
    text = ("words " * 10_000 + "\n") * 90 + f'"" and{mark}\n'
    data = f'title{mark}text\n"{text}"{mark}a\nb{mark}c\nd{mark}"{text}"\ne{mark}f\n'

    found = read(data)

    assert [one.text for one in found if isinstance(one, Article)] == ["c", "f"]
    assert problems(found) == [(2, LARGE), (95, LARGE)]


def test_rows_after_a_quote_that_is_not_closed_for_long_are_read() -> None:
    rows = "".join(f"{n},{'words ' * 10_000}\n" for n in range(90))

    found = read(f'title,text\na,"b\n{rows}')

    assert len(values(found)) == 90
    assert problems(found) == [(2, "It opens a quote that is not closed within 4 MB.")]


def test_a_row_that_is_too_large_ends_at_a_line_that_is_too_long() -> None:
    found = read('title,text\n"' + ("words " * 10_000 + "\n") * 90 + "x" * 17_000_000 + "\nb,c\n")

    assert [one.text for one in found if isinstance(one, Article)] == ["c"]
    assert problems(found) == [(2, LARGE), (92, "The line is longer than 16 MB.")]


@cases("row", ["words\n", '""\n', "\\\n"])
@cases("mark", [",", "|"])
def test_rows_that_are_too_large_take_time_linear_in_their_size(
    row: str, mark: str, amount: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("quoted", "escaped"):
        monkeypatch.setattr(f"indexer.readers.tables.{module}.MAX_ROW", 1_000)

    def reading(count: int) -> Callable[[], object]:
        data = f'title{mark}text\n"{row * count}"{mark}a\nb{mark}c\n'
        return lambda: read(data)

    few = amount(10_000, few=600) * (5 if mark == "," else 1)  # between commas a row takes half a microsecond

    assert waiting.grows_less(8, reading, few, 4 * few)


@cases("row", [
    '"a|b"|c|d\n', 'a|"b|c\n', '"a" b|"c"|d\n', '"a|\nb|\n', '"a\\|b|c"|d|e\n', '"|\\"\n"|b|c\n', 'a\\\n"b\\\n',
])  # fmt: skip
def test_deciding_what_quotes_are_takes_time_linear_in_the_rows(row: str, amount: Callable[..., int]) -> None:
    def reading(count: int) -> Callable[[], object]:
        data = "text|note|more\n" + row * count
        return lambda: read(data)

    few = amount(2_000, few=100)
    assert waiting.grows_less(8, reading, few, 4 * few)
