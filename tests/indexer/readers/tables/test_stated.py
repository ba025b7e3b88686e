"""What a record of JSON states: also in an object of it, and in summary."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from indexer.readers.tables.stated import Reading
from tests import waiting
from tests.cases import cases

READING = Reading({})
WHOLE = {"title": "T", "url": "https://e.org/a"}


@cases("record, fields", [
    ({"id": "1", "attributes": {"headline": "T", "body": "x"}}, {"id": "1", "title": "T", "text": "x"}),
    ({"title": "A", "fields": {"title": "B", "text": "x"}}, {"title": "A", "text": "x", "fields": {"title": "B"}}),
    ({"fields": {"a": 1}, "node": {"text": "x"}}, {"text": "x", "fields": {"a": 1}}),
    ({"text": "x", "fields": {"title": "T"}}, {"text": "x", "fields": {"title": "T"}}),
    ({"text": "x", "_embedded": {"author": [{"name": "A"}]}}, {"text": "x", "byline": "A"}),
    ({"text": "x", "_embedded": {"wp:term": [1]}}, {"text": "x", "_embedded": {"wp:term": [1]}}),
    ({"media": {"text": "caption"}, "title": "T"}, {"media": {"text": "caption"}, "title": "T"}),
    ({"fields": [{"text": "x"}]}, {"fields": [{"text": "x"}]}),
])  # fmt: skip
def test_fields_in_an_object_of_a_record_are_its_own(record: dict[str, object], fields: dict[str, object]) -> None:
    assert READING.stated(record).fields == fields


def test_a_name_that_is_given_counts_in_an_object_too() -> None:
    fields = Reading({"text": "teksti"}).stated({"fields": {"teksti": "x"}}).fields

    assert fields == {"text": "x"}


def test_an_embargo_in_an_object_is_one_of_the_record() -> None:
    inner = {"text": "x", "embargoUntil": "2090-01-01"}

    fields = READING.stated({"fields": inner, "embargoUntil": "2080-01-01"}).fields

    assert [fields[name] for name in fields if name.startswith("embargo")] == ["2080-01-01", "2090-01-01"]
    assert READING.stated({"fields": inner}).fields["embargoUntil"] == "2090-01-01"


@cases("record, text_from", [
    (WHOLE | {"description": "A b."}, "description"),
    (WHOLE | {"abstract": "A b.", "lead_paragraph": "A b c."}, "lead_paragraph"),
    (WHOLE | {"excerpt": {"rendered": "<p>A b.</p>"}}, "excerpt"),
    (WHOLE | {"content": None, "summary": "A b."}, "summary"),
    (WHOLE | {"fields": {"trailText": "A b."}}, "trailText"),
    ({"title": "T", "date": "2024-05-01", "summary": "A b."}, "summary"),
    (WHOLE | {"summary": "A b.", "teksti": "A b"}, "summary"),
    (WHOLE | {"summary": "A b.", "image": f"https://e.org/{'a' * 99}"}, "summary"),
    (WHOLE | {"summary": "A b.", "teksti": "A longer text."}, None),
    (WHOLE | {"summary": "A b.", "data": {"teksti": "A longer text."}}, None),
    (WHOLE | {"summary": "A b.", "text": "x"}, None),
    (WHOLE | {"summary": "A b.", "content": {"rendered": ""}}, None),
    (WHOLE | {"summary": " "}, None), (WHOLE | {"caption": "A b."}, None), ({"title": "T", "summary": "A b."}, None),
    ({"url": "https://e.org/a", "summary": "A b."}, None),
])  # fmt: skip
def test_the_longest_summary_is_the_text_if_nothing_else_may_be(record: dict[str, Any], text_from: str | None) -> None:
    stated = READING.stated(record)

    assert stated.text_from == text_from
    if text_from:
        assert stated.fields["extra"] == {"text_from": text_from}
        assert text_from not in stated.fields


@cases("shape", ["fields", "summaries", "others", "embargoes"])
def test_a_record_is_read_in_linear_time(shape: str, amount: Callable[..., int]) -> None:
    def reading(count: int) -> Callable[[], object]:
        records: dict[str, dict[str, Any]] = {
            "fields": {"fields": {"body": "x", **{f"n{n}": n for n in range(count)}}},
            "summaries": WHOLE | {"Summary" + "_" * n: "A b." for n in range(count // 100)},
            "others": WHOLE | {"summary": "A b c.", **{f"n{n}": "A b." for n in range(count)}},
            "embargoes": {"fields": {"body": "x", **{f"embargo{n}": "" for n in range(count)}}},
        }
        return lambda: READING.stated(records[shape])

    few = amount(5_000, few=1_500)
    assert waiting.grows_less(8, reading, few, 4 * few)
