"""References as RIS and BibTeX, line by line."""

from __future__ import annotations

from datetime import date

from search import Article
from service.formats import references as citations
from tests.cases import cases

FULL = Article(
    "a", "Text.", "Oil & gas", published="1998-05-17T10:00:00Z", source="The Wire", section="World", language="en",
    url="https://e.org/a", byline="By Ann Lee and Bo Ek", author=("Ann Lee", "Bo Ek"), person=("Cy Dee",),
    country=("DE",), topic=("medtop:11000000",),
)  # fmt: skip


def test_every_field_of_a_ris_record_has_its_tag() -> None:
    assert citations.ris(FULL, "Note").split("\r\n") == [
        "TY  - NEWS", "ID  - a", "TI  - Oil & gas", "AU  - Ann Lee", "AU  - Bo Ek", "T2  - The Wire", "SE  - World",
        "PY  - 1998", "DA  - 1998/05/17", "LA  - en", "UR  - https://e.org/a", "KW  - Cy Dee", "KW  - Germany",
        f"KW  - {citations.keywords(FULL)[2]}", "DP  - Dateline", "N1  - Note", "ER  - ", "", "",
    ]  # fmt: skip


def test_an_empty_field_has_no_line() -> None:
    assert citations.ris(Article("a", "x"), "").split("\r\n") == [
        "TY  - NEWS", "ID  - a", "TI  - x", "DP  - Dateline", "ER  - ", "", "",
    ]  # fmt: skip
    assert citations.bibtex(Article("a", "x")) == "@article{a,\n  title = {{x}}\n}\n\n"


@cases("published, date, parts", [
    ("1998", "1998//", ["year = {1998}"]),
    ("1998-05", "1998/05/", ["year = {1998}", "month = {5}"]),
    ("1998-05-07", "1998/05/07", ["year = {1998}", "month = {5}", "day = {7}"]),
    ("1998-12-31T23:59Z", "1998/12/31", ["year = {1998}", "month = {12}", "day = {31}"]),
])  # fmt: skip
def test_a_date_has_the_parts_that_are_known(published: str, date: str, parts: list[str]) -> None:
    article = Article("a", "x", published=published)

    assert f"\r\nDA  - {date}\r\n" in citations.ris(article, "")
    assert citations.bibtex(article).splitlines()[1:-2] == [
        "  title = {{x}},",
        *(f"  {p}," for p in parts[:-1]),
        f"  {parts[-1]}",
    ]


def test_every_field_of_a_bibtex_entry_has_its_name() -> None:
    assert citations.bibtex(FULL).splitlines() == [
        "@article{a,", "  title = {{Oil \\& gas}},", "  author = {{Ann Lee} and {Bo Ek}},", "  journal = {The Wire},",
        "  year = {1998},", "  month = {5},", "  day = {17},", "  language = {en},", "  url = {https://e.org/a},",
        f"  keywords = {{Cy Dee, Germany, {citations.keywords(FULL)[2]}}}", "}", "",
    ]  # fmt: skip


@cases("character, written", [
    ("\\", r"\textbackslash{}"), ("{", r"\{"), ("}", r"\}"), ("$", r"\$"), ("&", r"\&"), ("#", r"\#"), ("%", r"\%"),
    ("_", r"\_"), ("^", r"\textasciicircum{}"), ("~", r"\textasciitilde{}"), ("é", "é"), ("\n", " "),
])  # fmt: skip
def test_what_tex_takes_for_a_command_is_escaped(character: str, written: str) -> None:
    article = Article(
        "a", "x", f"A{character}B", source=f"C{character}D", byline=f"E{character}F", person=(f"G{character}H",)
    )
    found = citations.bibtex(article)

    assert f"title = {{{{A{written}B}}}}" in found
    assert f"journal = {{C{written}D}}" in found
    assert f"author = {{{{E{written}F}}}}" in found
    assert f"keywords = {{G{written}H}}" in found


@cases("address, written", [
    ("https://e.org/a?b=c&d=%20#e~f_g", "https://e.org/a?b=c&d=%20#e~f_g"),
    ("https://e.org/{a}\\^", "https://e.org/%7Ba%7D%5C%5E"),
    ("https://e.org/é", "https://e.org/%C3%A9"),
    ("https://e.org/\ud800", "https://e.org/%3F"),
])  # fmt: skip
def test_an_address_is_percent_encoded_where_tex_would_read_it(address: str, written: str) -> None:
    assert f"url = {{{written}}}" in citations.bibtex(Article("a", "x", url=address))


def test_no_value_ends_a_record_or_begins_another() -> None:
    for control in ("\r\n", "\n", "\x00", "\x1f", "\x7f", "\x85", "\x9f", "\u2028", "\u2029", " \t "):
        assert "\r\nTI  - A ER -\r\n" in citations.ris(Article("a", "x", f"A{control}ER  - "), "")
    assert citations.comment("a {b} @c\nd") == "@comment{a (b) (at)c d}\n\n"


def test_keys_stay_distinct() -> None:
    def key(article_id: str) -> str:
        return citations.bibtex(Article(article_id, "x")).partition("{")[2].partition(",")[0]

    assert key("urn:a.B_c-1+2") == "urn:a.B_c-1+2"
    assert key("a b").startswith("a-b-")
    assert len({key(name) for name in ("a b", "a,b", "a-b", "a\u00e9b")}) == 4
    assert len(key("a b")) == len("a-b-") + 4


def test_a_byline_that_names_nobody_is_the_author() -> None:
    assert citations.authors(Article("a", "x", byline="Our staff")) == ("Our staff",)
    assert "author = {{Reuters and AP}}" in citations.bibtex(Article("a", "x", byline="Reuters and AP"))
    assert citations.authors(Article("a", "x")) == ()


def test_a_remark_says_where_a_reference_is_from() -> None:
    said = "Exported by Dateline at NOW from generation 7: "

    assert citations.remark("oil", 7, "NOW") == f"{said}the search oil"
    assert citations.remark("", 7, "NOW") == f"{said}the whole archive"


def test_a_record_says_when_it_was_read() -> None:
    day = date(2026, 11, 27)

    assert "\r\nUR  - https://e.org/a\r\nY2  - 2026/11/27\r\n" in citations.ris(FULL, "", day)
    assert "  url = {https://e.org/a},\n  urldate = {2026-11-27},\n" in citations.bibtex(FULL, day)
    assert "urldate" not in citations.bibtex(Article("a", "x"), day)


def test_an_item_of_csl_has_what_is_known() -> None:
    assert citations.csl(FULL, "Archive", date(2026, 11, 27)) == {
        "id": "a", "type": "article-newspaper", "title": "Oil & gas", "container-title": "The Wire", "section": "World",
        "author": [{"family": "Lee", "given": "Ann"}, {"family": "Ek", "given": "Bo"}],
        "issued": {"date-parts": [[1998, 5, 17]]}, "accessed": {"date-parts": [[2026, 11, 27]]}, "language": "en",
        "URL": "https://e.org/a", "archive": "Archive", "archive_location": "a",
    }  # fmt: skip
    bare = citations.csl(Article("a", "x", byline="Reuters", published="1998-05"), "Archive", date(2026, 11, 27))
    assert (bare["author"], bare["issued"]) == ([{"literal": "Reuters"}], {"date-parts": [[1998, 5]]})
    assert "URL" not in bare
