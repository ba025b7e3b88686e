from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from desk.traces import ids_in, tells, values_in
from search.text.addresses import key
from tests import waiting
from tests.cases import cases

ID = "case-4711"


@cases(
    "text, told",
    [
        (f"id:{ID}", True), (f"oil id:({ID} OR plain1)", True), (f'id:"{ID}"', True), (f"-id:{ID}", True),
        (f"NOT (oil id:{ID.upper()})", True), (f"id:{ID}0", False), (f"{ID}", False),
        ("oil -gas", False), ("", False), (f"(oil OR id:{ID}) harbour", True),
    ],
)  # fmt: skip
def test_an_id_is_found_however_the_question_is_written(text: str, told: bool) -> None:
    question = urlencode({"q": text, "country": "FR"})

    assert (ID in ids_in(question)) == told
    assert tells(question, {ID}, ()) == told


@cases(
    "question, told",
    [
        ({"source": "Quillpost Gazette"}, True), ({"source.not": "QUILLPOST gazette"}, True),
        ({"q": 'oil source:"quillpost gazette"'}, True), ({"q": "oil", "source": "Wire"}, False),
        ({"person": "Quillpost Gazette"}, False), ({"q": "quillpost gazette"}, False),
    ],
)  # fmt: skip
def test_a_value_is_found_in_filters_and_in_the_text(question: dict[str, str], told: bool) -> None:
    assert tells(urlencode(question), (), {("source", "quillpost gazette")}) == told


@cases(
    "text, told",
    [
        ('"quasimodo belfryman"', True), ('="Quasimodo Belfryman"', True), ('"belfryman quasimodo"~3', False),
        ('"quasimodo belfryman"~3', True), ('"informant Quasimodo Belfryman"', True), ('"quasimodo"', False),
        ("url:qpost.example/a/Story-77", True), ("url:www.qpost.example/a/Story-7", True),
        ("url:qpost.example/a/", False), ("url:qpost.example", False),
    ],
)  # fmt: skip
def test_a_name_or_an_address_is_found_however_it_is_asked_for(text: str, told: bool) -> None:
    values = {("person", "quasimodo belfryman"), ("url", key("https://www.Qpost.example/a/Story-77?x=1"))}

    assert tells(urlencode({"q": text}), (), values) == told


def test_a_question_that_cannot_be_read_tells_what_it_mentions() -> None:
    deep = urlencode({"q": "(" * 60 + f"id:{ID}" + ")" * 60})

    assert tells(deep, {ID}, ())
    assert not tells(deep, {"other"}, ())
    assert values_in("q=oil&country=FR") == {("q", "oil"), ("country", "fr")}


def test_time_grows_as_the_names_do() -> None:
    question = urlencode({"q": " OR ".join(f'"word{number} and another"' for number in range(40))})

    def telling(size: int) -> Callable[[], object]:
        values = [("person", f"name{number} of somebody") for number in range(size)]
        return lambda: tells(question, (), values)

    assert waiting.grows_less(20, telling, 1_000, 8_000)
