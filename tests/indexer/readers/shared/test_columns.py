"""What a column or a field of a record is, by its name and its values."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from indexer.readers.shared import columns
from indexer.readers.shared.record import Origin, article
from search import Article, BadRecord
from search.errors import NoArticle
from search.fields import BY_NAME
from tests.cases import cases

ORIGIN = Origin("news", "archive/a.csv", "a.csv")
EXPORT = ["query", "generation", "exported"]
TABLES = (columns.ALIASES, columns.FURTHER)


def row(values: Sequence[object], header: list[str], fields: dict[int, str], origin: Origin, number: int) -> Article:
    found = columns.row(values, header, fields, origin, number)
    assert isinstance(found, Article), found
    return found


@cases("header, names, fields", [
    (["text"], {}, ["text"]), (["Body"], {}, ["text"]),
    (["bodyText", "HEAD-LINE", "pub.date"], {}, ["text", "title", "published"]),
    (["text", "full text"], {}, ["text", None]),
    (["body", "full text", "text"], {}, [None, None, "text"]),
    (["text", "date", "pubdate"], {}, ["text", None, None]),
    (["text", "body", "date", "published"], {}, ["text", None, None, "published"]),
    (["Ueberschrift", "Datum", "Zeitung", "Autor", "Text"], {}, ["title", "published", "source", "byline", "text"]),
    (["título", "texto", "fecha", "periódico"], {}, ["title", "text", "published", "source"]),
    (["text", "SOURCE_ID"], {}, ["text", "source_id"]),
    (["story", "text"], {"text": "story"}, ["text", None]),
    (["text", "body"], {"title": "BODY"}, ["text", "title"]),
    (["text", "title", "head"], {"title": "head"}, ["text", None, "title"]),
    (["body", "body text", "body_html"], {}, ["text", None, None]),
    (["content_text", "content_html"], {}, [None, "text"]),
    (["text", "news_desk", "section_name"], {}, ["text", None, "section"]),
    (["text", "group", "added", "changed"], {}, ["text", None, None, None]),
    (["text", "source id", "published-from"], {}, ["text", "source_id", "published_from"]),
    (["text", "author"], {}, ["text", "byline"]),
    (["text", "author", "byline"], {}, ["text", "author", "byline"]),
    (["text", "author", "by"], {}, ["text", "author", "byline"]),
    (["text", "writer"], {"author": "writer"}, ["text", "author"]),
    (["text", "evidence", "extra"], {}, ["text", None, "extra"]),
])  # fmt: skip
def test_a_column_is_the_field_that_its_name_says(
    header: list[str], names: dict[str, str], fields: list[str | None]
) -> None:
    found = columns.fields_of(header, names)

    assert [found.get(at) for at in range(len(header))] == fields


@cases("field", sorted(set(BY_NAME) - {"group", "added", "changed", "author"}))
def test_every_field_is_a_column_of_its_name(field: str) -> None:
    found = columns.fields_of(["text", field] if field != "text" else ["text"], {})

    assert field in found.values()


@cases("field, alias", [(f, a) for names in TABLES for f, aliases in names.items() for a in aliases])
def test_an_alias_is_folded_and_means_one_field(field: str, alias: str) -> None:
    assert columns.known([alias.upper().replace(" ", "_")]) == 1
    assert columns.value_of(field, "1998") is not None
    assert columns.is_called(field, alias.upper().replace(" ", "_"))
    assert [f for names in TABLES for f, aliases in names.items() if alias in aliases] == [field]


def test_the_columns_that_are_known_are_counted() -> None:
    assert columns.known(["title", "headLine", "nothing", "", "source_id", "evidence"]) == 3


@cases("header, names, reason", [
    (["title"], {}, "No column is the text. Say which is: --map text=COLUMN. It has: title."),
    (["body", "content"], {}, "No column is the text. Say which is: --map text=COLUMN. It has: body, content."),
    (["text", " a "], {"title": "b"}, "No column is called “b”. It has: text, a."),
    (["text", "Text"], {}, "Two columns are called “text”, and only one could be read. Rename one."),
    (["text", "a", "A"], {"title": "a"}, "Two columns are called “a”, and only one could be read. Rename one."),
    (["text", ""], {"title": "b"}, "No column is called “b”. It has: text, (no name)."),
    (["x" * 41], {"title": "b"}, f"No column is called “b”. It has: {'x' * 40}."),
])  # fmt: skip
def test_what_is_missing_is_said_of_the_first_line(header: list[str], names: dict[str, str], reason: str) -> None:
    with pytest.raises(BadRecord) as problem:
        columns.fields_of(header, names)

    assert (problem.value.reason, problem.value.line) == (reason, 1)


@cases("count, end", [(1, "c0"), (20, "c19"), (21, "c19 and 1 more"), (24, "c19 and 4 more")])
def test_twenty_names_are_listed(count: int, end: str) -> None:
    assert columns.listed([f"c{number}" for number in range(count)]).rpartition(", ")[2] == end


@cases("field, value, taken", [
    ("title", "A b", "A b"), ("title", "", None), ("title", " ", None), ("title", 7, "7"), ("title", 7.5, "7.5"),
    ("title", 0, "0"), ("title", True, None), ("title", None, None), ("title", ["A"], "A"),
    ("title", {"name": "A"}, None),
    ("title", {"rendered": "A", "raw": "B"}, "A"),
    ("text", {"rendered": "A b"}, "A b"),
    ("text", {"value": "A", "processed": "B"}, "B"),
    ("text", {"rendered": " "}, None), ("text", {"rendered": 7}, None), ("text", {"html": "A b"}, None),
    ("byline", {"original": "By A", "person": [1]}, "By A"),
    ("byline", {"original": None}, None), ("byline", [{"displayName": "A"}], "A"), ("source", {"name": "A"}, "A"),
    ("source", {"title": "A", "id": 1}, "A"), ("source", {"id": 1}, None),
    ("source", [{"name": "A"}, {"name": "B"}], "A"),
    ("section", [{"name": "A"}, 7], None),
    ("url", {"@id": "https://e.org/a"}, "https://e.org/a"),
    ("url", {"@id": "#a"}, None),
    ("url", [{"href": "https://e.org/a"}], "https://e.org/a"),
    ("language", {"alternateName": "en", "name": "English"}, "en"),
    ("published", {"$date": 925560000000}, "1999-05-01T12:00:00Z"),
    ("published", {"$date": "1999-05-01"}, "1999-05-01"),
    ("id", {"$oid": "5f"}, "5f"), ("person", "A; B |C;; ", ["A", "B", "C"]), ("person", "Lee, Ann", ["Lee, Ann"]),
    ("person", ["A", "B"], ["A", "B"]), ("person", ["A", 1], None), ("person", [], None), ("person", " ; ", None),
    ("person", 7, ["7"]), ("byline", 7, None), ("author", 7, None), ("source", 7, None), ("section", 7, None),
    ("byline", [7, 8], None), ("person", {"name": "A"}, None), ("byline", "By A", "By A"),
    ("byline", ["A", "B"], "A, B"),
    ("byline", [{"name": "A"}, " B ", {"name": ""}], "A, B"),
    ("byline", {"name": "A"}, "A"),
    ("byline", [{"name": "A"}, {"email": "b@example.org"}], None),
    ("byline", ["A", 7], None), ("byline", [], None), ("published", "17 May 1998", "1998-05-17"),
    ("published", "1998", "1998"), ("published", 1998, "1998"), ("published", "some day", "some day"),
    ("published", 925560000, "1999-05-01T12:00:00Z"),
    ("published", 925560000.5, "1999-05-01T12:00:00Z"),
    ("published", "925560000000", "1999-05-01T12:00:00Z"),
    ("published", 19990501, "1999-05-01"), ("section", "17 May 1998", "17 May 1998"),
])  # fmt: skip
def test_a_value_is_as_its_field_takes_it(field: str, value: object, taken: object) -> None:
    assert columns.value_of(field, value) == taken


@cases("record, fields", [
    ({"title": "A", "text": "x"}, {"title": "A", "text": "x"}),
    ({"headline": "A", "body": "x"}, {"title": "A", "text": "x"}),
    ({"title": "A", "headline": "B"}, {"title": "A", "headline": "B"}),
    ({"title": "", "headline": "B"}, {"title": "B"}),
    ({"title": None, "headline": "B"}, {"title": "B"}),
    ({"headline": ["A"]}, {"title": "A"}),
    ({"headline": "A", "head-line": "A"}, {"title": "A"}),
    ({"headline": "A", "head-line": "B"}, {"headline": "A", "head-line": "B"}),
    ({"headline": "A", "head-line": [1]}, {"title": "A", "head-line": [1]}),
    ({"sourceId": "s", "Source": "W", "newspaper": "V"}, {"source_id": "s", "source": "W", "newspaper": "V"}),
    ({"published": 925560000}, {"published": "1999-05-01T12:00:00Z"}),
    ({"published": "1 May 1999"}, {"published": "1999-05-01"}),
    ({"published": "1999"}, {"published": "1999"}),
    ({"published": 1999}, {"published": "1999"}),
    ({"published": "1999-05"}, {"published": "1999-05"}),
    ({"published": "some day"}, {"published": "some day"}),
    ({"published": ["1999", "2000"]}, {"published": ["1999", "2000"]}),
    ({"lang": "en", "other": 1}, {"language": "en", "other": 1}),
    ({"author": ["A", " B"]}, {"author": ["A", " B"], "byline": "A, B"}),
    ({"author": ["A"], "byline": "C"}, {"author": ["A"], "byline": "C"}),
    ({"author": ["A"], "byline": ""}, {"author": ["A"], "byline": "A"}),
    ({"author": []}, {"author": []}), ({"author": "A"}, {"byline": "A"}),
    ({"author": "A", "byline": None}, {"byline": "A"}),
    ({"author": "A; B", "byline": "C"}, {"byline": "C", "author": ["A", "B"]}),
    ({"author": {"name": "A"}}, {"byline": "A"}),
    ({"author": None, "title": "T"}, {"title": "T"}),
    ({"author": ""}, {}),
    ({"author": True}, {"extra": {"author": True}}),
    ({"author": True, "extra": {"a": 1}}, {"extra": {"a": 1, "author": True}}),
    ({"author": True, "extra": 5}, {"extra": {"extra": 5, "author": True}}),
])  # fmt: skip
def test_a_field_of_a_record_is_what_its_name_says(record: dict[str, object], fields: dict[str, object]) -> None:
    assert columns.as_fields(record) == fields


@cases("record, fields", [
    ({"body": "A b.", "bodyText": "A b"}, {"text": "A b.", "bodyText": "A b"}),
    ({"content_text": "A", "content_html": "<p>B"}, {"text": "<p>B", "content_text": "A"}),
    ({"content_text": "A", "content_html": None}, {"text": "A", "content_html": None}),
    ({"news_desk": "A", "sectionName": "B"}, {"section": "B", "news_desk": "A"}),
    ({"headline": "A", "webTitle": "B"}, {"title": "A", "webTitle": "B"}),
    ({"headline": "A", "head_line": "B", "webTitle": "C"}, {"title": "C", "headline": "A", "head_line": "B"}),
    ({"publisher": {"name": "A"}}, {"source": "A"}),
    ({"publisher": {"name": "A", "logo": 1}}, {"source": "A", "publisher": {"name": "A", "logo": 1}}),
    ({"content": {"rendered": "A", "protected": False}}, {"text": "A", "content": {"protected": False}}),
    ({"source": {"id": 1}}, {"extra": {"source": {"id": 1}}}),
    ({"source": 7, "newspaper": "A"}, {"source": "A", "extra": {"source": 7}}),
    ({"section": 7, "extra": {"a": 1}}, {"extra": {"a": 1, "section": 7}}),
    ({"title": {"x": "A"}, "headline": "B"}, {"title": "B", "extra": {"title": {"x": "A"}}}),
    ({"language": {}, "url": {"x": 1}}, {"extra": {"language": {}, "url": {"x": 1}}}),
    ({"text": {"x": "A"}}, {"text": {"x": "A"}}),
    ({"author": 3, "creator": "A"}, {"byline": "A", "extra": {"author": 3}}),
    ({"author": {"name": "A", "url": "u"}}, {"byline": "A", "extra": {"author": {"name": "A", "url": "u"}}}),
    ({"authors": [{"name": "A", "url": "u"}]}, {"byline": "A", "authors": [{"name": "A", "url": "u"}]}),
])  # fmt: skip
def test_a_value_in_an_object_is_read_and_what_is_not_taken_is_kept(
    record: dict[str, object], fields: dict[str, object]
) -> None:
    assert columns.as_fields(record) == fields


def test_a_row_of_html_is_read_without_its_tags() -> None:
    html = ["<p>One &amp; two.</p><p>Three.</p>", "<i>T</i> &amp; U"]
    header = ["text", "title"]

    read = row(html, header, {0: "text", 1: "title"}, ORIGIN, 1)
    again = row([*html, "", "1", "now"], [*header, *EXPORT], {0: "text", 1: "title"}, ORIGIN, 1)

    assert (read.text, read.title) == ("One & two.\n\nThree.", "T & U")
    assert (again.text, again.title) == tuple(html)


def test_a_cell_that_says_nothing_of_its_field_costs_no_row() -> None:
    header = ["text", "source", "section"]

    found = row(["x", {"id": 1}, 7], header, columns.fields_of(header, {}), ORIGIN, 1)

    assert (found.source, found.section, found.extra) == (None, None, {"source": {"id": 1}, "section": 7})


def test_a_field_that_is_not_looked_for_stays_under_its_other_name() -> None:
    assert columns.as_fields({"headline": "A", "body": "x"}, ("title",)) == {"headline": "A", "text": "x"}


def test_a_row_is_an_article_and_what_no_field_takes_is_extra() -> None:
    header = ["text", "title", "", "desk", "people", "n"]
    fields = {0: "text", 1: "title", 3: "section", 4: "person"}

    found = row(["x", "A", "u", [1], "B; C", 5], header, fields, ORIGIN, 3)

    assert (found.text, found.title, found.section, found.person) == ("x", "A", None, ("B", "C"))
    assert found.extra == {"column 3": "u", "desk": [1], "n": 5}


def test_empty_cells_are_no_values() -> None:
    found = row(["x", "", None], ["text", "a", "b"], {0: "text"}, ORIGIN, 3)

    assert found.extra == {}


@cases("text", ["", None, " "])
def test_a_row_without_a_text_is_no_article(text: str | None) -> None:
    with pytest.raises(NoArticle, match=r"^It has no text\.$"):
        columns.row([text, "A"], ["text", "title"], {0: "text", 1: "title"}, ORIGIN, 3)


def test_a_wrong_value_of_a_field_by_its_own_name_is_said() -> None:
    with pytest.raises(BadRecord, match="title"):
        columns.row(["x", [1]], ["text", "Title"], {0: "text", 1: "title"}, ORIGIN, 3)


@cases("stated, read, aside", [
    ({"byline": ["Ann Lee", "Bo Li"]}, {"byline": "Ann Lee, Bo Li"}, {}),
    ({"byline": ["Lee, Ann", " Bo Li"]}, {"byline": "Lee, Ann; Bo Li"}, {}),
    ({"byline": [{"name": "Ann Lee"}, "Bo Li"]}, {"byline": "Ann Lee, Bo Li"}, {}),
    ({"byline": {"name": "Ann Lee"}}, {"byline": "Ann Lee"}, {}),
    ({"byline": []}, {"byline": None}, {}),
    ({"byline": [], "author": ["Ann Lee"]}, {"byline": "Ann Lee", "author": ("Ann Lee",)}, {}),
    ({"title": ["T"], "url": ["https://e.org/a"]}, {"title": "T", "url": "https://e.org/a"}, {}),
    ({"title": [], "url": [], "source": [], "published": []}, {"title": "", "url": None, "published": None}, {}),
    ({"title": ["T", "Second"]}, {"title": "T"}, {"title": ["T", "Second"]}),
    ({"headline": ["T", "Second"]}, {"title": "T"}, {"headline": ["T", "Second"]}),
    ({"section": ["A", "B"], "extra": {"a": 1}}, {"section": "A"}, {"section": ["A", "B"], "a": 1}),
    ({"published": ["May 3, 1998"], "language": ["en"]}, {"published": "1998-05-03", "language": "en"}, {}),
    ({"date": ["1998-05-03"]}, {"published": "1998-05-03"}, {}),
    ({"text": ["One two.", "Three."]}, {"text": "One two.\n\nThree."}, {}),
    ({"text": [], "body": ["One two.", "Three."]}, {"text": "One two.\n\nThree."}, {}),
    ({"text": ["文" * 31, "字"]}, {"text": "文" * 31 + "\n\n字"}, {}),
    ({"source": ["A", "B"], "newspaper": "C"}, {"source": "A"}, {"source": ["A", "B"], "newspaper": "C"}),
])  # fmt: skip
def test_a_list_where_there_is_one_value_is_that_value(
    stated: dict[str, object], read: dict[str, object], aside: dict[str, object]
) -> None:
    found = article(columns.as_fields({"text": "x", **stated}), ORIGIN)

    assert {name: getattr(found, name) for name in read} == read
    assert found.extra == aside


@cases("stated, reason", [
    ({"text": ["The", "cat", "sat"]}, "Its text is a list, not a string."),
    ({"text": [["One two."]]}, "Its text is a list, not a string."),
    ({"title": [1, 2]}, "Its title is a list, not a string."),
    ({"published": ["1998", "1999"]}, "Its published is a list, not a date."),
    ({"language": ["en", "de"]}, "Its language is a list, not a string."),
    ({"byline": [["Ann Lee"]]}, "Its byline is a list, not a string."),
    ({"text": []}, "It has no text."),
])  # fmt: skip
def test_a_list_that_is_not_certainly_one_value_is_refused(stated: dict[str, object], reason: str) -> None:
    with pytest.raises(BadRecord) as problem:
        article(columns.as_fields({"text": "x", **stated}), ORIGIN)

    assert problem.value.reason == reason


def test_a_row_of_lists_is_read_as_a_record_is() -> None:
    header = ["text", "title", "byline", "section"]
    values = [["One two.", "Three."], ["T"], ["Ann Lee", "Bo Li"], ["World", "Asia"]]

    found = row(values, header, columns.fields_of(header, {}), ORIGIN, 1)

    assert (found.text, found.title, found.byline) == ("One two.\n\nThree.", "T", "Ann Lee, Bo Li")
    assert (found.section, found.extra) == ("World", {"section": ["World", "Asia"]})


def test_an_extra_column_is_kept_beside_those_that_are_no_fields() -> None:
    header = ["text", "extra", "bureau"]

    found = row(["x", {"kept": 1}, "B"], header, columns.fields_of(header, {}), Origin("c", "a", "a"), 1)

    assert found.extra == {"kept": 1, "bureau": "B"}
