from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.safe import json_values, limits
from indexer.safe.json_values import Value
from search import BadRecord
from tests import waiting
from tests.cases import cases
from tests.tiers import examples

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.text(max_size=8),
    lambda of: st.lists(of, max_size=3) | st.dictionaries(st.text(max_size=4), of, max_size=3),
    max_leaves=8,
)
MANY = ["[[1]]", '{"a":1}', '"a1b2"', "[]", "{}", "1"]
OBJECTS = st.lists(st.dictionaries(st.text(max_size=4), JSON, min_size=1, max_size=3), min_size=1, max_size=6)


def read(data: str | bytes, name: str = "a.json") -> list[Value | BadRecord]:
    raw = data.encode() if isinstance(data, str) else data
    items = limits.bounded(lambda: json_values.values(io.BytesIO(raw), name), len(raw), retries=limits.Retries(0))
    return list(items)


def values(data: str | bytes, name: str = "a.json") -> list[Any]:
    return [found.value for found in read(data, name) if isinstance(found, Value)]


def problems(data: str | bytes, name: str = "a.json") -> list[tuple[int | None, str]]:
    return [(found.line, found.reason) for found in read(data, name) if isinstance(found, BadRecord)]


@examples(100, few=25)
@given(OBJECTS, st.sampled_from([None, 0, 2]), st.booleans(), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_any_values_are_read_in_any_form(objects: list[Any], indent: int | None, plain: bool, encoding: str) -> None:
    each = [json.dumps(one, indent=indent, ensure_ascii=plain) for one in objects]
    listed = json.dumps(objects, indent=indent, ensure_ascii=plain)

    for text in (listed, "\n".join(each), " ".join(each), "\r\n".join([*each, ""]), f"\n\n{listed}\n"):
        data = text.encode(encoding, "surrogatepass")
        assert values(data) == values(data, "a.jsonl") == objects


@cases("data, places", [
    ('{"a":1}\n\n{"a":2}', [(1, 1), (3, 3)]),
    ('[{"a":1},\n{"a":2}]', [(1, None), (2, None)]),
    ('{\n"a":1}', [(None, None)]),
    ('{\n"a":1}\n{"a":2}', [(1, None), (2, None)]),
    ('{"a":1} {"a":2}', [(1, None), (2, None)]),
    ('{"a":1}', [(1, 1)]),
])  # fmt: skip
def test_records_are_numbered_by_line_where_each_has_one(data: str, places: list[tuple[int, int]]) -> None:
    assert [(found.number, found.line) for found in read(data) if isinstance(found, Value)] == places


def test_a_list_of_any_size_is_read_record_by_record(
    amount: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list of 30 to 300 MB in some megabytes of memory."""
    size = amount(3_000, few=300)
    record = json.dumps({"text": "Zebras. " * 12_500})
    data = f"[{','.join([record] * size)}]".encode()
    monkeypatch.setattr(limits, "MEMORY_BYTES", 20 * 2**20)
    found = 0
    for item in limits.bounded(lambda: json_values.values(io.BytesIO(data), "a.json"), len(data)):
        assert isinstance(item, Value)
        found += 1

    assert found == size


@cases("cut", range(1, 44))
def test_a_value_is_whole_wherever_pieces_end(cut: int, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = [{"a": "\\ud83d\\ude00\r\n\t\u4e2d"}, {"b": [-1.5e3, None, True]}, {"c": 12}]
    monkeypatch.setattr(json_values, "_PIECE", cut)

    assert values("\r\n".join(json.dumps(one) for one in expected)) == expected
    assert values(json.dumps(expected, ensure_ascii=False)) == expected


@cases("data, found, said", [
    ('[{"a":1},\n{"a":2},\n{"a":', [1, 2], "line 3, column 6. The file is read up to there."),
    ('[{"a":1}, {"a":2} {"a":3}]', [1, 2], "Expecting ',' or ']' at line 1, column 19. The file is read up"),
    ('[\n{"a":1},\n{broken},\n{"a":3},\n{"a":4}\n]', [1, 3, 4], "It is not JSON: Expecting property name"),
    ('[{"a":1}\n,{broken}\n,{"a":3}]', [1, 3], "line 2, column 3"),
    ('{"a":1}\n{broken}\n{"a":3}', [1, 3], "at character 2"),
    ('{broken}\n{"a":2}', [2], "at character 2"),
    ('{\n"a":1}\n{\n"a" 2}\n{\n"a":3}', [1], 'Expecting \':\' delimiter at line 4, column 5. The file is read up'),
    ('{\n"a" 2}', [], "Expecting ':' delimiter at line 2, column 5."),
    ("[" * 200_000, [], "nested too deeply"),
    ("garbage", [], "Expecting value at character 1"),
])  # fmt: skip
def test_after_an_invalid_value_what_has_lines_is_read(data: str, found: list[int], said: str) -> None:
    assert [value["a"] for value in values(data)] == found
    ((_, reason),) = problems(data)
    assert said in reason


@cases("between", ["", "\n", " "])
def test_lists_one_after_another_are_read(between: str) -> None:
    lists = between.join(f'[{{"a":{n}}},{{"a":{n}}}]' for n in range(1_100))

    assert [value["a"] for value in values(lists)] == [n // 2 for n in range(2_200)]


def test_a_record_that_is_rejected_has_a_number_like_the_others() -> None:
    whole = '[\n{"a":1},\n{"a":2},\n{"a":3}\n]'

    assert [found.number for found in read(whole) if isinstance(found, Value)] == [1, 2, 3]
    assert [found.number for found in read(whole.replace("2", "x")) if isinstance(found, Value)] == [1, 3]


@cases("padding", ["\r", "\n", "\r\n", " "])
def test_padding_takes_no_memory(padding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MEMORY_BYTES", 20 * 2**20)

    assert values('{"a":1}\n' + padding * 30_000_000 + '{"a":2}') == [{"a": 1}, {"a": 2}]


def test_lines_that_end_with_a_carriage_return_take_linear_time(amount: Callable[..., int]) -> None:
    def reading(count: int) -> Callable[[], object]:
        data = '{"a":1}\r' * count
        return lambda: values(data)

    assert len(values('{"a":1}\r' * 10, "a.jsonl")) == 10
    few = amount(20_000, few=300)
    assert waiting.grows_less(8, reading, few, 4 * few)


def test_what_other_programs_write_where_there_is_no_value_is_null() -> None:
    assert values('{"a": NaN, "b": Infinity, "c": -Infinity}') == [{"a": None, "b": None, "c": None}]


def test_half_a_pair_of_surrogates_is_replaced() -> None:
    assert values(r'{"a\ud800": ["\ud83d\ude00", "\udc00b"]}') == [{"a\ufffd": ["😀", "\ufffdb"]}]
    assert values(r'[{"a": "\\ud800"}]') == [{"a": r"\ud800"}]


def test_a_number_of_any_length_is_kept() -> None:
    assert values(f'{{"a": {"9" * 5_000}, "b": {2**70}}}') == [{"a": "9" * 5_000, "b": 2**70}]


def check_that_it_costs_only_itself(value: str, count: int) -> None:
    """Read a list of so many values between two other records."""
    found = read('{"a":1}\n{"z":[' + ",".join([value] * count) + ']}\n{"a":2}\n')

    assert [one.value for one in found if isinstance(one, Value) and one.line != 2] == [{"a": 1}, {"a": 2}]
    assert [one.line for one in found] == [1, 2, 3]


@cases("value", MANY)
def test_a_value_with_half_a_million_others_costs_only_itself(value: str) -> None:
    check_that_it_costs_only_itself(value, 550_000)


@pytest.mark.check
@cases("value", MANY)
def test_a_value_with_millions_of_others_costs_only_itself(value: str) -> None:
    check_that_it_costs_only_itself(value, 5_000_000)


def test_the_largest_value_needs_two_thirds_of_the_memory(
    amount: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MEMORY_BYTES", limits.MEMORY_BYTES * 2 // 3)
    for text, count in [("中", 10_000_000), ("x", 31_000_000), (r"\u4e2d", 5_000_000), (r"\"", 15_000_000)][
        : amount(4, few=1)
    ]:
        value = f'{{"a":"{text * count}"}}'

        assert len(values(f"{value}\n{value}\n")) == len(values(f"[{value},{value}]")) == 2, text


@cases("name", ["a.json", "a.jsonl"])
def test_a_value_that_is_too_large_is_refused(name: str) -> None:
    found = read('{"a":1}\n{"a":"' + "x" * 34_000_000 + '"}\n{"a":2}', name)

    assert [one.value if isinstance(one, Value) else (one.line, one.reason) for one in found] == [
        {"a": 1},
        (2, "It is larger than 32 MB."),
        {"a": 2},
    ]


def test_a_value_of_a_list_that_is_too_large_is_refused() -> None:
    assert "larger than 32 MB" in problems('[{"a":"' + "x" * 70_000_000 + '"}]')[0][1]


def test_values_are_read_in_time_linear_in_their_size(amount: Callable[..., int]) -> None:
    def one(size: int) -> Callable[[], object]:
        data = '[{"a":"' + r"\n" * size + '"}' + ',{"a":[1]}' * (size // 100) + "]"
        return lambda: values(data)

    def broken(size: int) -> Callable[[], object]:
        data = '{"a":"' + "x\\" * size + "\n" * size + "{" * size
        return lambda: read(data)

    few = amount(1_000_000, few=20_000)
    assert waiting.grows_less(8, one, few, 4 * few)
    few = amount(1_000_000, few=80_000)
    assert waiting.grows_less(8, broken, few, 4 * few)


def test_bytes_that_are_not_utf_8_are_windows_1252() -> None:
    data = '{"a":"Grüße “x” 中'.encode() + "Köln “y”".encode("cp1252") + b'"}'

    assert values(data) == [{"a": "Grüße “x” 中Köln “y”"}]


def answers(data: str, name: str = "a.json") -> list[Value | BadRecord]:
    """What is read of a text if the list is chosen that has objects with `a` in it."""

    def choose(outline: dict[str, Any], ends: bool) -> list[object] | None:
        lists: list[Any] = [one for one in outline.values() if isinstance(one, list)]
        lists = [one for one in lists if one and isinstance(one[0], dict) and "a" in one[0]]
        inner = [choose(one, ends) for one in outline.values() if isinstance(one, dict)]
        found = [one for one in (*lists, *inner) if one is not None]
        return found[0] if len(found) == 1 else None

    raw = data.encode()
    return list(limits.bounded(lambda: json_values.values(io.BytesIO(raw), name, choose), len(raw)))


def inner(found: list[Value | BadRecord]) -> list[Any]:
    return [one.value["a"] for one in found if isinstance(one, Value) and one.is_inner and isinstance(one.value, dict)]


@cases("before", ["", '"n": 2, "s": "[{", ', '"of": [{"b": 1}, 2], "x": {"y": [[]]}, '])
@cases("outer", ["{}", '{{"r": {}, "z": 1}}'])
@cases("piece", [1, 7, 1 << 20])
def test_a_chosen_list_is_read_wherever_its_object_ends(
    before: str, outer: str, piece: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_values, "_PIECE", piece)
    whole = outer.format(f'{{{before}"list":\n[{{"a": 1, "c": [{{"a": 0}}]}}, {{"a": 2}}, {{"a": 3}}], "t": 5}}')
    places = [whole.index(f'"a": {n}') for n in (1, 2, 3)]

    for end in range(whole.index("[", whole.index('"list"')) + 1, len(whole)):
        found = answers(whole[:end])
        expected = [n for n, at in enumerate(places, 1) if whole.find("}", whole.find("]", at) if n == 1 else at) < end]
        assert inner(found) == expected, whole[:end]
        assert isinstance(found[-1], BadRecord)
        assert (found[-1].line or 0) <= 2
        assert not expected or found[-1].reason.endswith("The file is read up to there.")


def large_object(count: int) -> str:
    """With a list of so many records of 100 kB."""
    record = '{"a": 1, "text": "' + "Zebras. " * 12_500 + '"}'
    return f'{{"n": 1, "list": [{",".join([record] * count)}], "b": [{{"c": 1}}]}}'


def test_an_object_of_any_size_is_read_as_its_list(amount: Callable[..., int], monkeypatch: pytest.MonkeyPatch) -> None:
    """Objects of 35 to 100 MB, one after another."""
    monkeypatch.setattr(limits, "MEMORY_BYTES", limits.MEMORY_BYTES * 2 // 3)
    count = amount(1_000, few=350)
    data = large_object(count)

    found = answers(f"{data}\n{data}\n")

    assert [one.number for one in found if isinstance(one, Value)] == list(range(1, 2 * count + 1))
    assert not [one for one in found if isinstance(one, BadRecord)]


def test_objects_of_any_size_in_a_list_are_read_as_their_lists(
    amount: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two objects of 4 to 40 MB, more than a value may have, in one list, between others."""
    count = amount(400, few=40)
    monkeypatch.setattr(json_values, "MAX_CHARACTERS", json_values.MAX_CHARACTERS * count // 400)
    monkeypatch.setattr(limits, "MEMORY_BYTES", limits.MEMORY_BYTES * 2 // 3)
    large = large_object(count)

    found = answers(f'[{{"a": 0}}, {large}, {{"a": 2}}, {large}]')

    assert [one.number for one in found if isinstance(one, Value)] == list(range(1, 2 * count + 3))
    assert [one.value for one in found if isinstance(one, Value) and not one.is_inner] == [{"a": 0}, {"a": 2}]
    assert not [one for one in found if isinstance(one, BadRecord)]


@cases("end", range(1, 30))
def test_an_object_in_a_list_that_is_cut_off_is_read_up_to_there(end: int) -> None:
    whole = '[{"n": 1},\n{"list": [{"a": 1}, {"a": 2}, {"a": 3}], "t": {}}, {"n": 2}]'

    found = answers(whole[: whole.index("}, {", 20) + end])

    assert inner(found) == [n for n in (1, 2, 3) if f'"a": {n}}}' in whole[: whole.index("}, {", 20) + end]]
    assert isinstance(found[-1], BadRecord)
    assert found[-1].line == 2
    assert found[-1].reason.endswith("The file is read up to there.")


@pytest.mark.check
def test_an_object_of_any_letters_is_read_as_its_list(monkeypatch: pytest.MonkeyPatch) -> None:
    for letter, memory in [("😀", limits.MEMORY_BYTES), ("中", limits.MEMORY_BYTES * 2 // 3)]:
        monkeypatch.setattr(limits, "MEMORY_BYTES", memory)
        record = f'{{"a": "{letter * 20_000}"}}'

        assert len(answers(f'{{"list": [{",".join([record] * 4_000)}]}}')) == 4_000, letter


def test_what_comes_after_a_chosen_list_and_could_be_meant_is_named() -> None:
    many = ",".join([json.dumps({"a": 1, "b": [1] * 30_000})] * 100)

    *found, last = answers(f'{{"list": [{many}], "other": [{{"a": 2}}]}}')

    assert inner(found) == [1] * 100
    assert isinstance(last, BadRecord)
    assert last.reason == "“other” is not read, since it comes after a list of records."


@cases("end", ["\n]}", "]}", '], "n": 1}', '\n], "n": 1,\n"m": {"z": 1}}', '\n],\n"n": 1\n}\n'])
def test_after_a_broken_record_of_a_chosen_list_those_in_lines_are_read(end: str) -> None:
    found = answers('{"n": 1, "list": [\n{"a": 1},\n{broken},\n{"a": 3},\n{"a": 4}' + end)

    assert [dict(one.value)["a"] for one in found if isinstance(one, Value)] == [1, 3, 4]  # type: ignore[call-overload]
    assert [one.line for one in found if isinstance(one, BadRecord)] == [3]


def test_a_line_that_is_cut_off_is_read_up_to_there() -> None:
    found = answers('{"list": [{"a": 1}]}\n{"list": [{"a": 2}, {"a": 3}, {"a')

    assert inner(found) == [2, 3]
    assert [one.line for one in found if isinstance(one, BadRecord)] == [2]


@cases("part", ['{"a": 1},', '[[], "[", {"b": 1}],', '{"b": {"c": [1]}},', "[" * 5 + "]" * 5 + ","])
def test_what_is_chosen_is_found_in_linear_time(part: str, amount: Callable[..., int]) -> None:
    def reading(count: int) -> Callable[[], object]:
        data = '{"list": [' + part * count
        return lambda: answers(data)

    few = amount(20_000, few=400 if part == '{"a": 1},' else 2_000)
    assert waiting.grows_less(8, reading, few, 4 * few)


def test_objects_with_chosen_lists_take_linear_time(amount: Callable[..., int]) -> None:
    def reading(count: int) -> Callable[[], object]:
        data = '{"list": [{"a": 1},' * count
        lines = '{"list": [{"a": 1},\n' * count
        listed = f"[{lines}"
        return lambda: (answers(data), answers(lines), answers('{"b": 1}\n' + lines), answers(listed))

    few = amount(2_000, few=100)
    assert waiting.grows_less(8, reading, few, 4 * few)


@cases("part", ['"a": {n}, ', '"b{n}": 1, "b{n}": 2, '])
def test_names_that_are_stated_again_take_linear_time(part: str) -> None:
    def reading(count: int) -> Callable[[], object]:
        data = "{" + "".join(part.format(n=n) for n in range(count)) + '"c": 1}'
        assert len(values(data)[0]) > count
        return lambda: read(data)

    assert waiting.grows_less(8, reading, 3_000, 12_000)


def test_lists_of_a_name_that_is_stated_again_are_all_chosen_from() -> None:
    seen: list[dict[str, object]] = []

    def choose(outline: dict[str, object], ends: bool) -> None:
        seen.append(outline)

    list(json_values.values(io.BytesIO(b'{"a": [1], "a": [2], "b": "cut off'), "a.json", choose))

    assert (seen[0]["a (earlier)"], seen[0]["a"]) == ([1], [2])
