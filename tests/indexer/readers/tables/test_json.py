from __future__ import annotations

import io
import json as json_module
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from indexer import readers
from indexer.readers.shared.record import Item, Origin
from indexer.readers.tables import csv, json
from indexer.safe import json_values
from search import Article, BadRecord
from tests import waiting
from tests.cases import cases

ORIGIN = Origin("news", "archive/a.jsonl", "a.jsonl")


def read(data: str, **names: str) -> list[Item]:
    return list(json.read(io.BytesIO(data.encode()), ORIGIN, names))


def problems(data: str) -> list[tuple[int | None, str]]:
    return [(found.line, found.reason) for found in read(data) if isinstance(found, BadRecord)]


def articles(data: str, **names: str) -> list[Article]:
    return [found for found in read(data, **names) if isinstance(found, Article)]


def test_lines_list_and_object_are_read_alike() -> None:
    one, two = '{"id": "a", "text": "x"}', '{"id": "b", "text": "y"}'

    assert articles(f"{one}\n{two}\n") == articles(f"[{one},\n{two}]") == articles(f"{one}\n\n{two}")
    assert [a.id for a in articles('{\n "id": "a",\n "text": "x"\n}')] == ["a"]


@cases("data", ['{"text": "One."}', '["no article"]', "{", ""])
def test_a_file_in_utf_16_remains_open_for_its_owner(data: str) -> None:
    file = io.BytesIO(data.encode("utf-16"))
    list(json.read(file, ORIGIN))
    next(json.read(file, ORIGIN))

    assert not file.closed


def test_a_broken_line_is_set_aside_and_the_rest_read() -> None:
    data = '{"id": "a", "text": "x"}\n{broken\n[1]\n{"id": "b"}\n{"id": "c", "text": 3}\n{"id": "d", "text": "y"}'

    assert [a.id for a in articles(data)] == ["a", "d"]
    assert [line for line, _ in problems(data)] == [2, 3, 4, 5]
    assert problems(data)[3][1] == "Its text is a number, not a string."


def test_a_broken_first_line_does_not_hide_the_others() -> None:
    data = '{"id": "a", "text": x}\n{"id": "b", "text": "y"}\n'

    assert [a.id for a in articles(data)] == ["b"]
    assert [line for line, _ in problems(data)] == [1]


@cases("first", ["\ufeff", "\n", "garbage\n", "[]\n", "null\n", "\n\ngarbage\n{broken\n"])
def test_an_odd_first_line_does_not_hide_the_others(first: str) -> None:
    data = first + '{"id": "a", "text": "x"}\n{"id": "b", "text": "y"}\n'

    assert [a.id for a in articles(data)] == ["a", "b"]
    assert all(data.splitlines()[(line or 0) - 1].strip() for line, _ in problems(data))


def test_what_a_name_displaces_is_kept() -> None:
    (found,) = articles('{"title": "T", "headline": "H", "text": "x", "extra": "odd"}', title="headline")

    assert found.title == "H"
    assert found.extra == {"extra": "odd", "title": "T"}


def test_values_that_map_to_nothing_are_not_given() -> None:
    (found,) = articles('{"text": "x", "topic": ["nonsense"], "country": []}')

    assert found.given == {"country"}
    assert found.extra == {"topic": ["nonsense"]}


def test_a_list_that_is_cut_off_is_read_as_far_as_it_goes() -> None:
    data = '[{"id": "a", "text": "x"}, {"id": "b", "text": "y"}, {"id": "c", "te'

    *found, end = json.read(io.BytesIO(data.encode()), Origin("news", "archive/a.json", "a.json"))

    assert [article.id for article in found if isinstance(article, Article)] == ["a", "b"]
    assert isinstance(end, BadRecord)
    assert end.reason.endswith("The file is read up to there.")


def test_half_a_character_does_not_cost_the_article() -> None:
    assert articles(r'{"text": "x \ud800 y"}')[0].text == "x \ufffd y"


API = """{"status": "ok", "totalResults": 2, "articles": [
{"source": {"id": "e", "name": "E News"}, "title": "A", "publishedAt": "2024-05-01T10:00:00Z", "content": "x"},
{"source": {"id": null, "name": "F"}, "title": "B", "content": "y"}]}"""


@cases("outer", ["{}", '{{"response": {}}}', "{0}\n{0}"])
def test_the_answer_of_a_news_service_is_its_articles(outer: str) -> None:
    found = articles(outer.format(" ".join(API.split())))

    assert [(a.title, a.text, a.source) for a in found[:2]] == [("A", "x", "E News"), ("B", "y", "F")]
    assert found[0].extra["source"] == {"id": "e", "name": "E News"}
    assert len({article.id for article in found}) == len(found) == (4 if "0" in outer else 2)


def test_an_object_without_a_list_of_objects_is_no_answer() -> None:
    ((_, said),) = problems('{"a": ["text"]}')

    assert said.endswith("It has: a.")


@cases("data, texts", [
    ('[{"text": "x"}, {"text": "y"}]', ["x", "y"]),
    ('[\n  {\n "text": "x"\n }\n]', ["x"]),
    ("[Picture: a street]\n\nIt rained.", ["It rained."]),
])  # fmt: skip
def test_content_goes_before_the_suffix(tmp_path: Path, data: str, texts: list[str]) -> None:
    (tmp_path / "a.txt").write_text(data)

    found = [item for item in readers.read(tmp_path / "a.txt", Origin("news", "a.txt", "a.txt"))]

    assert [item.text for item in found if isinstance(item, Article)] == texts


def test_an_article_may_have_a_list_of_objects() -> None:
    (found,) = articles('{"text": "x", "pictures": [{"text": "y"}]}')

    assert (found.text, found.extra) == ("x", {"pictures": [{"text": "y"}]})


def test_control_characters_are_left_out() -> None:
    (found,) = articles(r'{"text": "a\u0000b \u001b[2Jc\u000cd", "title": "x\u0007y"}')

    assert (found.text, found.title) == ("ab [2Jc\nd", "xy")


@cases("data, reason", [
    ("", "empty"), ("[", "not JSON"),
    ("[1]", "Record 1: It is not a JSON object: it is a number, “1”."),
    ("[[1, 2]]", "Record 1: It is not a JSON object: it is a list."),
    ("[]", "It has no records."), ("null", "It is null."), ("[null]", "Record 1: It is null."),
    ("[" * 200_000, "not JSON"),
    ('"text"', "not a JSON object: it is a string, “text”."),
    ('{"text": "  "}', "no text"),
    ('{"head": "A", "main": "B"}', "--map text=NAME. It has: head, main."),
    ('{"body": {"html": "B"}}', "--map text=NAME. It has: body."),
    ('{"body": "A", "content": "B"}', "--map text=NAME. It has: body, content."),
    ('{"text": "x", "person": "a", "id": {}}', "id is an object"),
    ('{"text": "x", "person": {"a": 1}}', "person is an object"),
    ('{"text": "x", "published": [1]}', "published is a list"),
])  # fmt: skip
def test_what_is_no_record_says_why(data: str, reason: str) -> None:
    ((_, said),) = problems(data)

    assert reason in said


def test_a_given_id_with_other_characters_becomes_a_slug_and_is_kept() -> None:
    (found,) = articles('{"id": "tag:x,2020/Ä b", "text": "x"}')

    assert found.source_id == "tag:x,2020/Ä b"
    assert found.id.startswith("tag:x-2020-a-b-")
    assert len(found.id) == len("tag:x-2020-a-b-") + 8


def test_id_comes_from_the_url_or_the_record_number() -> None:
    with_url, without = articles('{"url": "https://e.org/a", "text": "x"}\n{"text": "y"}')

    assert with_url.id.startswith("https:-e.org-a-")
    assert without.id.startswith("news-a.jsonl-2-")


@cases("name", ["published", "date"])
def test_what_a_date_cannot_be_is_kept_aside_and_told(name: str) -> None:
    (found,) = articles(f'{{"text": "x", "{name}": "sometime in May"}}')

    assert found.published is None
    assert found.extra["published"] == "sometime in May"
    assert "published_problem" in found.extra


@cases("date", ["1998", "1998-05", "1998-05-17", "1998-05-17T10:00:00+02:00", "1998-05-17T10:00Z"])
def test_dates_are_kept_as_printed(date: str) -> None:
    (found,) = articles(f'{{"text": "x", "published": "{date}"}}')

    assert (found.published, found.published_from) == (date, "metadata")


def test_fields_that_are_called_otherwise_are_mapped() -> None:
    (found,) = articles('{"headline": "H", "title": "T", "body": "B"}', title="headline", text="body")

    assert (found.title, found.text) == ("H", "B")


def test_an_empty_list_is_given_and_absence_is_not() -> None:
    empty, absent = articles('{"text": "x", "person": []}\n{"text": "x"}')

    assert (empty.given, absent.given) == (frozenset({"person"}), frozenset())


def test_unknown_fields_are_kept() -> None:
    (found,) = articles('{"text": "x", "bureau": {"name": "foreign"}, "pages": [1, 2]}')

    assert found.extra == {"bureau": {"name": "foreign"}, "pages": [1, 2]}


@cases("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_encodings(encoding: str) -> None:
    lines = '{"id": "a", "text": "Grüße aus Köln"}\n{"id": "b", "text": "Ålesund"}\n'.encode(encoding)
    value = '[{"id": "a", "text": "Grüße aus Köln"},\n{"id": "b", "text": "Ålesund"}]'.encode(encoding)

    for data in (lines, value):
        found = list(json.read(io.BytesIO(data), ORIGIN))
        assert [item.text for item in found if isinstance(item, Article)] == ["Grüße aus Köln", "Ålesund"]


def test_a_line_in_another_encoding_is_read_as_it_is() -> None:
    data = '{"id": "a", "text": "Grüße"}\n'.encode() + '{"id": "b", "text": "Grüße"}\n'.encode("cp1252")

    assert [one.text for one in json.read(io.BytesIO(data), ORIGIN) if isinstance(one, Article)] == ["Grüße", "Grüße"]


def test_what_is_nested_too_deep_is_refused_and_the_next_record_read() -> None:
    deep = "[" * 300 + "]" * 300
    lines = f'{{"id": "a", "text": "x", "notes": {deep}}}\n{{"id": "b", "text": "y"}}'

    assert [article.id for article in articles(lines)] == ["b"]
    assert problems(lines) == [(1, "It is nested more than 100 levels deep.")]


def test_fields_that_are_usually_called_otherwise_are_known() -> None:
    data = (
        '{"headline": "H", "body": "B", "date": "May 3, 1998", "authors": ["Ann Lee", {"name": "Bo Li"}], '
        '"newspaper": "P", "articleUrl": "https://e.org/1", "people": "A B; C D", "Rubric": "World", "other": 1}'
    )
    (found,) = articles(data)

    assert (found.title, found.text, found.published, found.byline) == ("H", "B", "1998-05-03", "Ann Lee, Bo Li")
    assert (found.source, found.section, found.person) == ("P", "World", ("A B", "C D"))
    assert found.url == "https://e.org/1"
    assert found.extra == {"other": 1}


def test_json_is_read_as_a_table_with_the_same_headings_is() -> None:
    record = {"Headline": "H", "body": "B", "pub_date": "3 May 1998", "author": "Ann Lee", "topics": "e", "x": "y"}
    (in_json,) = articles(json_module.dumps(record))
    rows = ",".join(record) + "\n" + ",".join(record.values()) + "\n"
    (in_table,) = list(csv.read(io.BytesIO(rows.encode()), ORIGIN))

    assert isinstance(in_table, Article)
    assert replace(in_json, id="") == replace(in_table, id="")


@cases("data, text, extra", [
    ('{"text": "T", "body": "B"}', "T", {"body": "B"}),
    ('{"text": null, "body": "B"}', "B", {}),
    ('{"body": "B", "content": null}', "B", {"content": None}),
    ('{"body": "B", "content": {"html": "C"}}', "B", {"content": {"html": "C"}}),
    ('{"body": "B", "full_text": "B"}', "B", {}),
    ('{"Text": "T", "body": "B"}', "T", {"body": "B"}),
    ('{"text": "T", "date": {"day": 1}}', "T", {"date": {"day": 1}}),
    ('{"text": "T", "authors": [1]}', "T", {"authors": [1]}),
    ('{"text": "T", "link": [1], "people": {}}', "T", {"link": [1], "people": {}}),
])  # fmt: skip
def test_a_field_by_its_own_name_wins_and_what_cannot_be_one_is_none(
    data: str, text: str, extra: dict[str, object]
) -> None:
    (found,) = articles(data)

    assert (found.text, found.extra) == (text, extra)


def test_fields_of_a_line_are_found_in_time_linear_in_their_number(amount: Callable[..., int]) -> None:
    def reading(count: int) -> Callable[[], object]:
        line = json_module.dumps({"body": "B", **{f"field {n}": n for n in range(count)}})
        assert len(articles(line)) == 1
        return lambda: articles(line)

    few = amount(10_000, few=800)
    assert waiting.grows_less(10, reading, few, 4 * few)


@cases("said, byline, author, given", [
    ('"author": ["Ann Lee", "Bo Li"]', "Ann Lee, Bo Li", ("Ann Lee", "Bo Li"), True),
    ('"author": ["Lee, Ann", "Bo Li"], "byline": "By AP"', "By AP", ("Lee, Ann", "Bo Li"), True),
    ('"author": [], "byline": "By Ann Lee"', "By Ann Lee", (), True),
    ('"author": "By Ann Lee, AP"', "By Ann Lee, AP", (), False),
    ('"author": {"name": "Ann Lee"}', "Ann Lee", (), False),
    ('"author": [{"name": "Ann Lee"}, {"name": "Bo Li"}]', "Ann Lee, Bo Li", (), False),
    ('"author": [{"name": "Lee, Ann"}, {"name": "Bo Li"}]', "Lee, Ann; Bo Li", (), False),
    ('"author": "Ann Lee; Bo Li", "byline": "By AP"', "By AP", ("Ann Lee", "Bo Li"), True),
    ('"Author": "By Ann Lee"', "By Ann Lee", (), False),
    ('"author": null, "by": "Ann Lee"', "Ann Lee", (), False),
])  # fmt: skip
def test_a_list_of_authors_is_stated_and_a_string_is_a_byline(
    said: str, byline: str, author: tuple[str, ...], given: bool
) -> None:
    (article,) = articles(f'{{"text": "T", {said}}}')

    assert (article.byline, article.author, "author" in article.given) == (byline, author, given)
    assert article.extra == {}


def test_an_author_that_is_none_is_kept_aside() -> None:
    (article,) = articles('{"text": "T", "author": [1]}')

    assert (article.byline, article.author, article.extra) == (None, (), {"author": [1]})


@cases("outer", ["{}", '{{"response": {}}}'])
def test_an_answer_that_is_cut_off_is_read_up_to_there(outer: str) -> None:
    whole = outer.format(API)

    data = whole[: whole.index('"y"')].encode()
    *found, end = json.read(io.BytesIO(data), Origin("news", "archive/a.json", "a.json"))

    assert [(a.title, a.text) for a in found if isinstance(a, Article)] == [("A", "x")]
    assert isinstance(end, BadRecord)
    assert end.reason.endswith("The file is read up to there.")
    assert (end.line or 0) == 3


def test_an_answer_that_is_cut_off_may_begin_with_an_article_without_a_text() -> None:
    cut = '{"articles": [{"title": "A", "content": null}, {"title": "B", "content": "y"}, {"title": "C", "cont'

    assert [article.title for article in articles(cut)] == ["B"]
    assert "no text" in problems(cut)[0][1]


def test_an_answer_of_any_size_is_read() -> None:
    record = json_module.dumps({"title": "T", "content": "Zebras. " * 1_000, "media": [{"url": "u"}]})
    data = f'{{"status": "ok", "tags": [{{"name": "n"}}], "articles": [{",".join([record] * 4_400)}], "pages": 1}}'

    found = read(data)

    assert all(isinstance(one, Article) for one in found)
    assert len(found) == len({one.id for one in found if isinstance(one, Article)}) == 4_400


def test_a_large_answer_whose_texts_have_another_name_says_which_there_are(
    amount: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is 3.5 or 35 MB, more than a value may have."""
    count = amount(4_400, few=440)
    monkeypatch.setattr(json_values, "MAX_CHARACTERS", json_values.MAX_CHARACTERS * count // 4_400)
    record = json_module.dumps({"otsikko": "K", "teksti": "Zebras. " * 1_000})
    data = f'{{"articles": [{",".join([record] * count)}]}}'

    assert len(articles(data, text="teksti")) == count
    assert problems(data)[count - 1][1].startswith(
        f"Record {count}: It has no text. Say which field is: --map text=NAME."
    )


@cases("cut", [
    '{"title": "T", "media": [{"url": "u"}, {"url": "v"}], "content": "Zeb',
    '{"title": "T", "media": [{"text": "u"}, {"text": "v"}], "content": "Zeb',
    '{"text": "T", "media": [{"text": "u"}, {"te',
])  # fmt: skip
def test_an_article_that_is_cut_off_is_no_answer(cut: str) -> None:
    assert len(problems(cut)) == len(read(cut)) == 1
    assert [len(problems(f'{{"text": "a"}}\n{cut}')), len(articles(f'{{"text": "a"}}\n{cut}'))] == [1, 1]


@pytest.mark.parametrize("name", ["a.json", "a.csv", "a.txt", "a"])
@cases("encoding", ["utf-16-le", "utf-16-be"])
def test_chinese_in_utf_16_without_a_mark_is_read(tmp_path: Path, encoding: str, name: str) -> None:
    text = "新华社北京电，中国经济运行总体平稳。"
    forms = {"a.json": f'{{"title": "中国", "text": "{text}"}}', "a.csv": f"title,text\n中国,{text}\n"}
    (tmp_path / name).write_bytes(forms.get(name, f"中国\n\n{text}").encode(encoding))

    (found,) = readers.read(tmp_path / name, Origin("news", name, name))

    assert isinstance(found, Article)
    assert (found.title, found.text) == ("中国", text)


PARAGRAPHS = [{"type": "p", "text": "One."}, {"type": "image", "text": "caption"}, {"type": "p", "text": "Two."}]


@cases("name", ["text", "body", "content", "content_elements"])
def test_a_text_in_blocks_is_read_and_what_is_no_text_kept(name: str) -> None:
    (found,) = articles(json_module.dumps({"headline": "H", "date": "2024-05-01", name: PARAGRAPHS}))

    assert (found.title, found.published, found.text) == ("H", "2024-05-01", "One.\n\nTwo.")
    assert found.extra == {name: PARAGRAPHS[1:2]}


def test_the_articles_of_an_answer_may_be_in_blocks() -> None:
    story = {"headline": "H", "body": PARAGRAPHS[:1]}

    assert [found.text for found in articles(json_module.dumps({"results": [story, story]}))] == ["One.", "One."]
    assert not articles(json_module.dumps(story)[:-12])


@cases("state", ["title", "headline", "date", "published_at"])
def test_records_with_a_kind_are_no_blocks(state: str) -> None:
    records = [{"type": "text", state: "2024", "text": "x"}, {"type": "text", state: "2024", "text": "y"}]

    assert [found.text for found in articles(json_module.dumps({"content": records}))] == ["x", "y"]


@cases("body", [
    [{"type": "p", "content": "A b"}],
    [{"_id": "1", "type": "text", "content": "A b"}],
    {"nodeType": "document", "content": [{"nodeType": "paragraph", "content": "A b"}]},
    {"time": 1, "blocks": [{"type": "paragraph", "data": {"content": "A b"}}]},
])  # fmt: skip
@cases("more", [{}, {"uri": "u"}, {"byline": "By A"}])
def test_a_body_in_blocks_is_no_ninjs(body: object, more: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json_module.dumps({"headline": "H", "body": body, "date": "2024-05-01", **more}))

    (found,) = readers.read(tmp_path / "a.json", Origin("news", "a.json", "a.json"))

    assert isinstance(found, Article)
    assert (found.title, found.text, found.published) == ("H", "A b", "2024-05-01")


@cases("outer", ["{}", "[{}]", '{{"articles": [{}]}}', '{{"results": [{0}, {0}]}}'])
def test_json_with_a_headline_and_a_byline_is_no_ninjs(outer: str, tmp_path: Path) -> None:
    record = {"headline": "H", "byline": "B", "body": "x", "date": "2024-05-01", "description": "d"}
    (tmp_path / "a.json").write_text(outer.format(json_module.dumps(record)))

    for found in readers.read(tmp_path / "a.json", Origin("news", "a.json", "a.json")):
        assert isinstance(found, Article)
        assert (found.title, found.byline, found.text, found.published) == ("H", "B", "x", "2024-05-01")


@cases("name, stated, title, extra", [
    ("headlines", {"basic": "H", "mobile": "h"}, "H", {"headlines": {"basic": "H", "mobile": "h"}}),
    ("headline", {"main": "H"}, "H", {}),
    ("title", {"rendered": "H"}, "H", {}),
    ("title", {"rendered": "H", "raw": "h"}, "H", {"title": {"rendered": "H", "raw": "h"}}),
    ("headline", {"other": "h"}, "", {"headline": {"other": "h"}}),
])  # fmt: skip
def test_a_title_in_an_object_is_the_main_one(name: str, stated: object, title: str, extra: object) -> None:
    (found,) = articles(json_module.dumps({"text": "x", name: stated}))

    assert (found.title, found.extra) == (title, extra)


def test_an_export_is_read_as_it_is() -> None:
    line = {"text": "The tag <b>b</b> &amp; more.", "title": "<i>i</i>"}
    origins = {"query": "", "generation": 1, "exported": "2024-05-01"}

    plain, again = articles(f"{json_module.dumps(line)}\n{json_module.dumps(line | {'export': origins})}")

    assert (plain.title, plain.text) == ("i", "The tag b & more.")
    assert (again.title, again.text) == (line["title"], line["text"])


def test_html_that_is_too_long_is_refused() -> None:
    ((_, said),) = problems(json_module.dumps({"text": f"<p>{'a' * 2_000_000}"}))

    assert said == "Its text is longer than 2,000,000 characters of HTML."
