"""What is wrong with a record that is read all the same is kept, and told by the report."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer import readers
from indexer.readers.shared import problems
from indexer.readers.shared.record import Origin
from indexer.safe.stray_bytes import Strays
from search import Article, BadRecord
from tests import waiting
from tests.cases import cases

RUSSIAN = "Привет, мир: новости дня"
JAPANESE = "港が開いた。日本の新聞、こんにちは"
CHINESE = "今天的新闻报道了港口的开放"
FRENCH = "« Été » – “Öl” ……… 100 € à l’Élysée"


def read(folder: Path, data: bytes, name: str) -> list[Article]:
    (folder / name).write_bytes(data)
    return [one for one in readers.read(folder / name, Origin("news", name, name)) if isinstance(one, Article)]


def written(text: str, name: str) -> str:
    if name.endswith(".json"):
        return json.dumps([{"title": text, "text": text}], ensure_ascii=False)
    return f"title\ttext\n{text}\t{text}\n" if name.endswith(".tsv") else f"{text}\n\n{text}"


@pytest.mark.parametrize("name", ["a.json", "a.tsv", "a.txt"])
@cases("text, encoding", [
    (RUSSIAN, "cp1251"),
    (RUSSIAN, "koi8-r"),
    (JAPANESE, "euc-jp"),
    (CHINESE, "gb18030"),
    ("Καλημέρα", "cp1253"),
])  # fmt: skip
def test_an_encoding_that_is_not_known_is_told(text: str, encoding: str, name: str, tmp_path: Path) -> None:
    for found in read(tmp_path, written(text, name).encode(encoding), name):
        (told,) = problems.warnings(found)
        assert told.startswith("Its file is not in UTF-8, and in Windows-1252 it has “")
        assert told.endswith("Convert the file: iconv -f ENCODING -t UTF-8.")


@pytest.mark.parametrize("name", ["a.json", "a.tsv", "a.txt"])
@cases("text, encoding", [(RUSSIAN, "utf-8"), (JAPANESE, "utf-16"), (FRENCH, "cp1252"), ("É", "cp1252")])
def test_an_encoding_that_is_known_is_not_told(text: str, encoding: str, name: str, tmp_path: Path) -> None:
    (found,) = read(tmp_path, written(text, name).encode(encoding), name)

    assert list(problems.warnings(found)) == []
    assert found.text.endswith(text)


def test_only_the_lines_in_another_encoding_are_told(tmp_path: Path) -> None:
    lines = [json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in (RUSSIAN, JAPANESE)]
    found = read(tmp_path, lines[0].encode("cp1251") + lines[1].encode(), "a.jsonl")

    assert [len(list(problems.warnings(one))) for one in found] == [1, 0]


def test_json_that_its_encoding_breaks_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(json.dumps({"text": f"{JAPANESE}ソ"}, ensure_ascii=False).encode("cp932"))

    (found,) = readers.read(tmp_path / "a.json", Origin("news", "a.json", "a.json"))

    assert isinstance(found, BadRecord)
    assert "Its file is not in UTF-8" in found.reason


@cases("data, extra", [
    ('{"text": "x", "title": "A", "title": "B", "title": "C"}', {"title (earlier)": "A", "title (earlier 2)": "B"}),
    ('{"text": "x", "title": "C", "fields": {"title": 1, "title": 2}}', {"fields": {"title": 2, "title (earlier)": 1}}),
    ('{"text": "w", "text": "x", "title": "C"}', {"text (earlier)": "w"}),
])  # fmt: skip
def test_of_a_name_that_is_stated_twice_both_values_are_kept(
    data: str, extra: dict[str, object], tmp_path: Path
) -> None:
    (found,) = read(tmp_path, data.encode(), "a.json")
    (told,) = problems.warnings(found)

    assert (found.title, found.text) == ("C", "x")
    assert found.extra == {**extra, problems.FIELD: [told]}
    assert told.startswith("It states “t")


def test_a_value_that_is_stated_twice_is_not_told(tmp_path: Path) -> None:
    (found,) = read(tmp_path, b'{"text": "x", "n": 1, "n": 1, "a (earlier)": 2}', "a.json")

    assert found.extra == {"n": 1, "a (earlier)": 2}


def test_what_an_archive_calls_problems_is_only_read_as_such_if_it_can_be(tmp_path: Path) -> None:
    (found,) = read(tmp_path, b'{"text": "x", "reading_problems": [1, "It is odd."]}', "a.json")

    assert list(problems.warnings(found)) == ["It is odd."]


def test_an_item_of_ninjs_that_states_a_name_twice_keeps_both_values(tmp_path: Path) -> None:
    item = '{"uri": "u", "versioncreated": "2024-05-01", "headline": "A", "headline": "B", "body_text": "x"}'
    (lone,) = read(tmp_path, item.encode(), "a.json")
    (inner,) = read(tmp_path, b'{"_items": [' + item.encode() + b"]}", "a.json")

    for found in (lone, inner):
        assert (found.title, found.extra["headline (earlier)"], len(list(problems.warnings(found)))) == ("B", "A", 1)


def test_names_that_are_stated_twice_are_found_anywhere_in_linear_time() -> None:
    article = Article(id="a", text="x")

    def reading(count: int) -> Callable[[], object]:
        record = {"a": [{"b": {"c": n}} for n in range(count)] + [{"c": 1, "c (earlier)": 2}]}
        assert isinstance(found := problems.marked(article, Strays(), record), Article)
        assert len(list(problems.warnings(found))) == 1
        return lambda: problems.marked(article, Strays(), record)

    assert waiting.grows_less(8, reading, 2_500, 10_000)
