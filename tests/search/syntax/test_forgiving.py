from __future__ import annotations

from hypothesis import given

from search.syntax import parse
from search.syntax.forgiving import adding, excluded, excluding, forgiving, including, is_forgiving, unforgiving
from search.syntax.nodes import misread
from tests.cases import cases
from tests.search.syntax.test_parser import ANY


@cases("text, forgiven", [
    ("oil price", "(oil price)~ocr"),
    ("the oil OR gas", "(the oil OR gas)~ocr"),
    ('"oil price" -gas', '("oil price" -gas)~ocr'),
    ("oil)", "(oil)~ocr"),
    ('"oil', "(oil)~ocr"),
    ("", None),
    ("oi", None),
    ("country:FR =oil", None),
])  # fmt: skip
def test_a_query_is_forgiven_and_is_again_what_it_was(text: str, forgiven: str | None) -> None:
    assert forgiving(text) == forgiven
    if forgiven:
        assert is_forgiving(forgiven)
        assert parse(unforgiving(forgiven)).tree == parse(text).tree


@cases("text, form, less, again", [
    ("(oil price)~ocr", "oi1", "(oil price)~ocr-oi1", "(oil price)~ocr"),
    ("(oil price)~ocr-oi1", "pr+ice", "(oil price)~ocr-oi1-pr+ice", "(oil price)~ocr"),
    ("Oil~ocr price~ocr", "oi1", "Oil~ocr-oi1 AND price~ocr", "Oil~ocr AND price~ocr"),
    ('"oil price"~ocr (a OR b)', "oi1", '"oil price"~ocr-oi1 AND (a OR b)', '"oil price"~ocr AND (a OR b)'),
    ("(oil)~ocr (gas)~ocr", "oi1", "oil~ocr-oi1 AND gas~ocr", "oil~ocr AND gas~ocr"),
    ("(oil gas)~ocr=oit", "oi1", "(oil gas)~ocr-oi1=oit", "(oil gas)~ocr=oit"),
    ('"gas oil"~ocr', "oi1", '"gas oil"~ocr-oi1', '"gas oil"~ocr'),
])  # fmt: skip
def test_a_form_is_excluded_and_included_again(text: str, form: str, less: str, again: str) -> None:
    assert excluding(text, "oil", form) == less
    assert form.replace("+", " ") in excluded(less)
    assert including(less) == again


@cases("text, with_it", [
    ("(oil price)~ocr-oi1", "(oil price)~ocr-oi1=oit"),
    ("oil~ocr price~ocr", "oil~ocr=oit AND price~ocr"),
    ('"gas oil"~ocr', '"gas oil"~ocr=oit'),
])  # fmt: skip
def test_a_word_of_its_own_is_added_and_taken_out_again(text: str, with_it: str) -> None:
    assert adding(text, "oil", "oit") == with_it
    assert parse(excluding(with_it, "oil", "oit") or "").tree == parse(text).tree


@given(ANY)
def test_any_query_is_forgiven_or_none(text: str) -> None:
    forgiven = forgiving(text)
    assert forgiven is None or misread(parse(forgiven).tree)
    assert not is_forgiving(unforgiving(forgiven or text))
