from __future__ import annotations

import csv as csv_module
import io
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.readers.shared.record import Item, Origin
from indexer.readers.tables import csv
from indexer.readers.tables.lines import MAX_LINE, MAX_ROW
from indexer.report import Report
from indexer.safe import limits
from search import Article, BadRecord
from tests import waiting
from tests.cases import cases
from tests.indexer.readers import web_gold
from tests.tiers import examples

ORIGIN = Origin("news", "archive/a.csv", "a.csv")


def read(data: str | bytes, **names: str) -> list[Item]:
    raw = data.encode() if isinstance(data, str) else data
    return web_gold.within_limits(csv.read(io.BytesIO(raw), ORIGIN, names))


def articles(data: str | bytes, **names: str) -> list[Article]:
    return [found for found in read(data, **names) if isinstance(found, Article)]


def problems(data: str | bytes, **names: str) -> list[tuple[int | None, str]]:
    return [(found.line, found.reason) for found in read(data, **names) if isinstance(found, BadRecord)]


@cases("name", web_gold.files("seeds/formats/reports"))
def test_tables_are_as_a_person_reads_them(name: str) -> None:
    web_gold.assert_as_read(name, web_gold.read("tables.csv", web_gold.place(name)))


@cases("separator", [",", ";", "\t", "|"])
def test_any_separator_will_do(separator: str) -> None:
    (found,) = articles(f'title{separator}text\n"A{separator} b"{separator}"One ""two"".\n\nThree."\n')

    assert (found.title, found.text) == (" ".join(f"A{separator} b".split()), 'One "two".\n\nThree.')


@cases("first", ["sep=;", "SEP=;", '"sep=;"', "sep=; ", "\ufeffsep=;"])
def test_a_line_before_the_header_may_name_the_separator(first: str) -> None:
    data = f"{first}\r\ntitle;text\r\nOne;Talks, and more.\r\nbad\r\n"

    assert [(found.title, found.text) for found in articles(data)] == [("One", "Talks, and more.")]
    assert problems(data) == [(4, "It has too few columns, 1 instead of 2.")]
    assert csv.looks_like(data.encode(), "a.dat")


@cases("separator", [*",;\t|", "^", "~", "#"])
def test_any_sign_may_be_named_as_the_separator(separator: str) -> None:
    data = f'sep={separator}\ntext{separator}title\n"a{separator}b"{separator}c\n'

    assert [(found.text, found.title) for found in articles(data)] == [(f"a{separator}b", "c")]


def test_a_table_that_only_names_its_separator_is_empty() -> None:
    assert problems("sep=;\n") == [(None, "It is empty.")]


def test_usual_names_are_known_where_only_one_column_has_one() -> None:
    (found,) = articles("Headline,Body,Publication Date,author,publishedAt,Desk\nA,x,1998-05-17,B,2001,City\n")

    assert (found.title, found.byline, found.section) == ("A", "B", "City")
    assert found.published is None
    assert found.extra == {"Publication Date": "1998-05-17", "publishedAt": "2001"}


def test_columns_are_mapped() -> None:
    (found,) = articles("text,story,title\nx,y,z\n", text="story")

    assert (found.text, found.extra, found.title) == ("y", {"text": "x"}, "z")


def test_lists_are_separated_by_semicolons_or_bars() -> None:
    (found,) = articles(
        "text,person,country\nx,Willy Brandt; Martin Luther King, Jr.,DE\n".replace("King, Jr.", "King Jr.")
    )

    assert (found.person, found.country) == (("Willy Brandt", "Martin Luther King Jr."), ("DE",))
    assert articles("text,person\nx,A|B\n")[0].person == ("A", "B")


def test_an_empty_field_is_not_given() -> None:
    assert articles("text,person\nx,\n")[0].given == frozenset()


@cases("broken", [
    '"a,x', 'a,"x', '"a"",x', "a", "a,b,c", "a,",
])  # fmt: skip
def test_a_broken_line_is_set_aside_and_the_rest_read(broken: str) -> None:
    data = f"title,text\ngood,one\n{broken}\nbetter,two\nbest,three\n"

    assert [found.text for found in articles(data)] == ["one", "two", "three"]
    assert problems(data)[0][0] == 3


def test_rows_with_too_few_and_too_many_columns_are_counted_apart() -> None:
    report = Report()
    for line, reason in problems("text,title,note\na,b\na,b,c,d\na\na,b,c\na,b,c,d,e\n"):
        report.skip("a.csv", line, reason)

    assert report.reasons == {
        "It has too few columns, … instead of ….": 2,
        "It has too many columns, … instead of ….": 2,
    }


def test_a_quote_within_a_field_is_a_quote() -> None:
    assert articles('title\ttext\na 5" disk\tHe said "no" twice\n')[0].text == 'He said "no" twice'


@cases("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@cases("end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(encoding: str, end: str) -> None:
    data = end.join(["title,text", "Élysée,à Genève", 'x,"a', 'b"', ""]).encode(encoding)

    assert [(found.title, found.text) for found in articles(data)] == [("Élysée", "à Genève"), ("x", "a\nb")]


def test_a_line_in_another_encoding_is_read_by_itself() -> None:
    data = "title,text\nÉlysée,one\n".encode() + "Genève,à\n".encode("cp1252")

    assert [found.title for found in articles(data)] == ["Élysée", "Genève"]


@cases("data, reason", [
    ("", "empty"),
    ("title,text\n", "no rows"),
    ("a,b\n1,2\n", "--map text=COLUMN. It has: a, b."),
    ("title," + "x" * 10_000_000, "longer than 256 kB"),
    (",".join(["text"] + ["x"] * 2000), "columns"),
])  # fmt: skip
def test_what_is_no_table_says_why(data: str, reason: str) -> None:
    ((_, said),) = problems(data)

    assert reason in said


def test_a_column_that_is_not_there_is_named() -> None:
    assert problems("a,text\n1,2\n", title="headline") == [(1, "No column is called “headline”. It has: a, text.")]


@cases("hostile", [
    "x" * (MAX_LINE + 1_000_000) + ",y",
    '"x', '"' + "\n" * 200_000, "," * 1_000_000, '"x,\n' + '""""\n' * 30_000, "\0\0\0",
])  # fmt: skip
def test_hostile_lines_do_not_hide_the_others(hostile: str) -> None:
    found = articles(f"title,text\ngood,one\n{hostile}\nbetter,two\n")

    assert [item.text for item in found] == ["one", "two"]


@cases("end", ["\n", "\r\n", "\r", "\r\r\n"])
@cases("before", [0, 1, 2, 3])
def test_a_line_that_is_too_long_costs_only_itself_wherever_blocks_end(end: str, before: int) -> None:
    """Line ends stand where blocks end, before and after the long line."""
    block = 1 << 16
    first = "text,title" + end
    second = "a" * (block - len(first) - before - 2) + ",b"
    long = "x" * (block * 256 + block - len(end) - before) + ",y"
    data = end.join(["text,title", second, long, "c,d", "bad,row,1", "e,f", ""])
    assert (len(first) + len(second) + before) % block == 0

    found = read(data)

    assert [one.title for one in found if isinstance(one, Article)] == ["b", "d", "f"]
    assert [one.line for one in found if isinstance(one, BadRecord)] == [3, 5]


LARGEST: dict[str, Callable[[], str]] = {
    "line": lambda: "x" * (MAX_LINE - 10) + ",y",
    "quotes": lambda: '"' + '""' * (MAX_LINE // 2 - 10) + '",y',
    "row": lambda: '"' + ("x" * 99 + "\n") * (MAX_ROW // 100 - 1) + "y" * (MAX_LINE - 10) + '",y',
    "letters": lambda: '"' + ("中" * 99 + "\n") * (MAX_ROW // 100 - 1) + "😀" * (MAX_LINE // 4 - 10) + '",y',
}


def test_the_largest_row_needs_two_thirds_of_the_memory(
    amount: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MEMORY_BYTES", limits.MEMORY_BYTES * 2 // 3)
    for name, row in [*LARGEST.items()][: amount(4, few=1)]:
        found = read(f"text,title\na,b\n{row()}\nc,d\n")

        titles = [one.title for one in found if isinstance(one, Article)]
        assert (titles[0], titles[-1]) == ("b", "d"), name
        assert not any("takes more" in one.reason for one in found if isinstance(one, BadRecord)), name


@examples(100, few=30)
@given(st.lists(st.text('"",a b', max_size=8), min_size=1, max_size=4).map(",".join))
@example('"a"b",c')
@example('"",""""')
def test_rows_are_split_as_the_standard_library_does(row: str) -> None:
    expected = next(csv_module.reader([f"x,{row}"]))[1:]
    names = [f"column {n}" for n in range(len(expected))]

    (found,) = read(f"text,{','.join(names)}\nx,{row}\n")

    if isinstance(found, Article):
        assert found.extra == {name: value for name, value in zip(names, expected, strict=True) if value}
    else:
        assert isinstance(found, BadRecord)
        assert found.reason == "It opens a quote and does not close it."


@cases("mixed", ["\r", "\r\n", "\n"])
def test_after_a_line_that_is_too_long_the_next_end_of_any_kind_counts(mixed: str) -> None:
    rows = ["text,title", "a,b", "x" * (MAX_LINE + 1_000_000) + ",y", "c,d", "e,f"]

    assert [found.title for found in articles("\r".join([*rows, mixed.join(["g,h", "i,j", ""])]))] == [*"bdfhj"]


@cases("data", [b"\0" * 1_000, b"\xff\xfe" + b"\0" * 1_000, b"\0" * 200_000 + b"text,title\na,b\n"])
def test_zeros_are_no_lines(data: bytes) -> None:
    csv.looks_like(data, "a.dat")

    assert all(isinstance(found, Article | BadRecord) for found in read(data))


def test_half_a_character_at_the_end_is_not_left_out() -> None:
    assert articles("title,text\na,1998".encode("utf-16")[:-1])[0].text == "199\ufffd"


@cases("rows, end", [('{},"a","b is cut here\n', ""), ('{},a,"b is cut here\n', '9,a",ok\n')])
def test_quotes_that_are_cut_off_take_time_linear_in_their_number(
    rows: str, end: str, amount: Callable[..., int]
) -> None:
    def reading(count: int) -> Callable[[], object]:
        data = "id,title,text\n" + "".join(rows.format(n) for n in range(count)) + end
        return lambda: read(data)

    few = amount(4_000, few=600)
    assert waiting.grows_less(8, reading, few, 4 * few)


@cases("last", ['last;A;"It\'s closed."\n', 'last;A";"x"y;z\n'])
def test_quotes_that_a_later_row_closes_take_time_linear_in_their_number(last: str, amount: Callable[..., int]) -> None:
    def reading(count: int) -> Callable[[], object]:
        data = "id;title;text\n" + "".join(f'{n};a;"b is cut here\n' for n in range(count)) + last
        return lambda: read(data)

    few = amount(4_000, few=600)
    assert waiting.grows_less(8, reading, few, 4 * few)


OPEN = "It opens a quote and does not close it."


@cases("separator", [",", ";"])
def test_a_quote_that_is_not_closed_costs_only_its_own_row(separator: str) -> None:
    rows = ["id;title;text", '1;A;"One."', '2;B;"Two is cut', "3;C;Three.", '4;D;"Four."', "5;E;Five."]
    data = "\n".join(rows).replace(";", separator)

    assert [found.text for found in articles(data)] == ["One.", "Three.", "Four.", "Five."]
    assert problems(data) == [(3, OPEN)]


def test_a_file_that_was_cut_off_in_quotes_ends_before_the_one_joined_to_it() -> None:
    header, more = "id;title;text\n", '7;G;"Seven."\n8;H;"The ""eighth""."\n'
    joined = f'{header}2;B;"Two is cut\n{header}{more}'

    assert [found.text for found in articles(joined)] == ["Seven.", 'The "eighth".']
    assert problems(joined) == [(2, OPEN), (3, "It repeats the first line, which names the columns.")]
    assert problems(joined.replace(f"\n{header}7", f"{header}7")) == [(2, OPEN)]


def test_each_of_several_quotes_that_are_not_closed_costs_its_own_row() -> None:
    data = 'id;title;text\n1;A;"One\n2;B;"Two\n3;C;Three.\n4;D;"Four\n5;E;"Five.\n\nMore."\n6;F;"Six."\n'

    assert [found.text for found in articles(data)] == ["Three.", "Five.\n\nMore.", "Six."]
    assert problems(data) == [(2, OPEN), (3, OPEN), (5, OPEN)]


def test_a_row_with_text_after_its_closing_quote_is_read_if_no_line_of_it_is_another() -> None:
    assert [found.text for found in articles('title;text\nA;"One.\n\nTwo." More.\nB;Three.\n')] == [
        "One.\n\nTwo. More.",
        "Three.",
    ]


LIKE_ROWS = st.lists(st.sampled_from(["1;a;b", 'a";"b;"c', '"', '"";"";""', "text;note;more", "x", ""]), max_size=6)


@examples(100, few=30)
@given(st.lists(st.tuples(LIKE_ROWS, LIKE_ROWS), min_size=1, max_size=6), st.sampled_from(",;"))
def test_lines_of_values_in_quotes_are_no_rows(drawn: list[tuple[list[str], list[str]]], mark: str) -> None:
    rows = [["T", *("\n".join(["x", *lines, "y"]).replace(";", mark) for lines in row)] for row in drawn]
    data = "".join(mark.join(map(doubled, row)) + "\n" for row in [["text", "note", "more"], *rows])

    found = [found.extra for found in articles(data)]

    assert found == [{"note": note, "more": more} for _, note, more in rows]


def test_a_large_field_is_read() -> None:
    assert len(articles('text,title\n"' + "words and\n" * 200_000 + '",a\n')[0].text) > 1_500_000


def test_looks_like() -> None:
    assert csv.looks_like(b"anything", "a.csv")
    assert csv.looks_like(b"id;headline;body;date\n", "a.dat")
    assert not csv.looks_like(b"A story about text, title and date.\n\nMore.", "a")


def test_files_that_were_joined_are_read_as_one() -> None:
    part = b"\xef\xbb\xbftitle,text\r\n%b,Talks.\r\n"
    joined = b"\xef\xbb\xbf" + part % b"One" + part % b"Two"

    assert [found.title for found in articles(joined)] == ["One", "Two"]
    assert problems(joined) == [(3, "It repeats the first line, which names the columns.")]


def escaped(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def doubled(value: str) -> str:
    return '"' + value.replace('"', '""') + '"'


def texts(rows: list[tuple[str, str]], write: Callable[[str], str], separator: str) -> str:
    return f"title{separator}text\n" + "".join(f"{write(a)}{separator}{write(b)}\n" for a, b in rows)


@cases("row, title, text", [
    (r'"The \"end\"","x, y"', 'The "end"', "x, y"),
    (r'"\"No\"","x"', '"No"', "x"),
    (r'"a","He said: \"no, not yet\"."', "a", 'He said: "no, not yet".'),
    (r'"a","C:\\new \"b\""', "a", r'C:\new "b"'),
    (r'"C:\","x"', "C:\\", "x"), (r'"x","C:\"', "x", "C:\\"), (r'"C:\","D:\"', "C:\\", "D:\\"),
    (r'C:\,"say ""yes"""', "C:\\", 'say "yes"'),
    (r'"C:\new","say ""yes"""', r"C:\new", 'say "yes"'),
    (r"a 5\" disk,x", r"a 5\" disk", "x"),
    (r'"a","\\server\"', "a", r"\\server" + "\\"),
])  # fmt: skip
def test_a_row_decides_what_a_backslash_before_a_quote_is(row: str, title: str, text: str) -> None:
    (found,) = articles(f"title,text\n{row}\n")

    assert (found.title, found.text) == (title, text)


@cases("before, title", [(r'"\"x\"",y', '",'), (r'"C:\","D:\"', "\\")])
def test_a_row_that_may_be_read_either_way_is_read_as_those_before_it(before: str, title: str) -> None:
    either = '"\\",",a"\n'

    assert articles(f"title,text\n{before}\n{either}")[1].title == title
    assert problems(f"title,text\n{either}") == [
        (2, 'It has \\" in quotes, which may be a quote in a value or the end of one.')
    ]


def test_a_row_that_fits_neither_rule_is_rejected() -> None:
    data = 'title,text\n"a \\"b" c,d\nbetter,two\n'

    assert [found.text for found in articles(data)] == ["two"]
    assert problems(data) == [
        (2, 'It has \\" in quotes, which fits neither as a quote in a value nor as the end of one.')
    ]


def test_no_value_of_a_database_is_none() -> None:
    (found,) = articles('title,text,byline\n"a","b",\\N\n')

    assert (found.byline, found.extra) == (None, {})


@cases("row", ['"a \\"b", c\n', '"a\\",b\n', '"a \\"b\\""\n', '"\\\\"a\n', '"a""b\\"c\n', 'a\t"b\\"\n'])
@cases("separator", [",", "\t"])
def test_backslashes_before_quotes_take_time_linear_in_their_number(
    row: str, separator: str, amount: Callable[..., int]
) -> None:
    def reading(count: int) -> Callable[[], object]:
        data = f"title{separator}text\n" + row.replace(",", separator) * count
        return lambda: read(data)

    few = amount(3_000, few=100)
    assert waiting.grows_less(8, reading, few, 4 * few)


@cases("separator", ["\t", "|"])
@cases("rows, expected", [
    ('"Yes" says minister|x', [('"Yes" says minister', "x")]),
    ('"Yes, says minister|x\na|b', [('"Yes, says minister', "x"), ("a", "b")]),
    ('"Yes, says minister|x\na 5"|b\nc|d', [('"Yes, says minister', "x"), ('a 5"', "b"), ("c", "d")]),
    ('a|"Yes" he said\n"No" she said|"b"', [("a", '"Yes" he said'), ('"No" she said', '"b"')]),
    ('"Yes"|"say ""no"" twice"', [("Yes", 'say "no" twice')]),
    ('"a||b"|c', [("a||b", "c")]),
    ('a|"One.\n\nTwo."\nb|c', [("a", "One.\n\nTwo."), ("b", "c")]),
    ('"One\ntwo"|"a\nb"', [("One two", "a\nb")]),
    (r'"Yes \"no\""|b', [('Yes "no"', "b")]),
])  # fmt: skip
def test_a_quote_between_tabs_or_bars_is_text_unless_it_quotes(
    rows: str, expected: list[tuple[str, str]], separator: str
) -> None:
    found = read(f"title|text\n{rows}\n".replace("|", separator))

    assert [(a.title, a.text) for a in found if isinstance(a, Article)] == [
        (" ".join(title.replace("|", separator).split()), text) for title, text in expected
    ]
    assert len(found) == len(expected)


@cases("row", ['"{} he said\tx\n', 'a\t"{}" she said\n', '"{}\tb"\n'])
def test_quotes_between_tabs_take_time_linear_in_their_number(row: str, amount: Callable[..., int]) -> None:
    def reading(count: int) -> Callable[[], object]:
        data = "title\ttext\n" + "".join(row.format(n) for n in range(count))
        assert len(articles(data)) == count
        return lambda: read(data)

    few = amount(2_000, few=200)
    assert waiting.grows_less(8, reading, few, 4 * few)


def test_rows_before_the_one_that_shows_the_rule_are_read_by_it() -> None:
    rows = [("C:\\new\\", "D:\\"), ("x", "a\\\\b"), ("One", 'He said "no" twice.')]

    for write in (escaped, doubled):
        assert [(a.title, a.text) for a in articles(texts(rows, write, ","))] == rows


def test_a_row_that_goes_on_after_the_first_ones_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.readers.tables.rows.SHOWING", 10)
    rows = [("a\\", 'He said: "One.\n\nTwo." Twice\\'), ("b", "c")]

    assert [(a.title, a.text) for a in articles(texts(rows, doubled, ","))] == rows
