from __future__ import annotations

import pytest
from msgspec import to_builtins

from indexer.readers.shared.record import Origin, article, too_long
from search import Article, BadRecord
from search.fields import LONGEST_VALUE
from search.values.article import Evidence
from search.values.record import decode, encode
from service.formats import render
from tests.cases import cases

ORIGIN = Origin("news", "archive/a.jsonl", "a.jsonl")


def test_signs_that_nobody_sees_are_not_in_words() -> None:
    said = {
        "title": "Bundes\u00adregierung",
        "text": "Dampf\u00adschiff\u2060\x00fahrt",
        "person": "Ann\u00ad Lee",
    }
    found = article(said, ORIGIN)

    assert (found.title, found.text, found.person) == ("Bundesregierung", "Dampfschifffahrt", ("Ann Lee",))


@cases("stated, quality, further", [
    (0.875, 0.88, {}), ("0.7", 0.7, {}), (1, 1.0, {}), (None, None, {}), ("", None, {}),
    (70, None, {"quality": 70}), ("good", None, {"quality": "good"}), (True, None, {"quality": True}),
])  # fmt: skip
def test_a_quality_is_a_number_from_0_to_1(stated: object, quality: float | None, further: dict[str, object]) -> None:
    found = article({"text": "x", "quality": stated}, ORIGIN)
    assert (found.quality, found.extra) == (quality, further)


def test_the_share_of_known_words_is_found_again_in_what_was_exported() -> None:
    found = article({"text": "x", "known": 0.9}, ORIGIN)
    assert (found.known, found.extra) == (None, {})


@cases("published, problem", [
    ("0001-01-01", "before 1450"),
    ("9999-12-31", "in the future"),
    ("1899-02-30", "not in the calendar"),
    ("last week", "not a date"),
])  # fmt: skip
def test_a_date_that_cannot_be_is_set_aside_with_the_reason(published: str, problem: str) -> None:
    found = article({"text": "x", "published": published, "published_from": "html"}, ORIGIN)

    assert (found.published, found.published_from) == (None, None)
    assert found.extra["published"] == published
    assert problem in found.extra["published_problem"]


@cases("said, found_in, kept", [
    *((name, name, {}) for name in ("metadata", "html", "url", "header", "dateline", "filename", "file")),
    ("", "metadata", {}),
    ("CMS", "metadata", {"published_from": "CMS"}),
])  # fmt: skip
def test_where_a_date_was_found_is_a_word_that_is_known(said: str, found_in: str, kept: dict[str, str]) -> None:
    found = article({"text": "x", "published": "1998-05", "published_from": said}, ORIGIN)

    assert (found.published_from, found.extra) == (found_in, kept)


@cases("published, stored", [(None, None), ("", None), (1998, "1998"), ("1998-05-17", "1998-05-17")])
def test_a_date_may_be_empty_or_the_number_of_a_year(published: object, stored: str | None) -> None:
    found = article({"text": "x", "published": published}, ORIGIN)

    assert (found.published, found.extra) == (stored, {})


def test_an_old_newspaper_has_its_date() -> None:
    assert article({"text": "x", "published": "1605-07"}, ORIGIN).published == "1605-07"


GOOD = {"value": "FR", "start": 0, "end": 5, "text": "Paris", "rule": "capital", "confidence": 0.9}


@cases("entry", [
    {**GOOD, "start": -1}, {**GOOD, "end": 1000}, {**GOOD, "start": True}, {**GOOD, "end": None}, {**GOOD, "value": 7},
    {**GOOD, "confidence": "high"}, {**GOOD, "in": "byline"}, {**GOOD, "in": ["title"]}, {**GOOD, "in": "title"},
    {**GOOD, "main": "yes"}, {"value": "FR"}, "FR",
])  # fmt: skip
def test_evidence_in_another_shape_is_left_out(entry: object) -> None:
    found = article({"text": "Paris.", "country": ["FR"], "evidence": {"country": [GOOD, entry]}}, ORIGIN)

    assert [each.text for each in found.evidence["country"]] == ["Paris"]


def test_exported_evidence_comes_back() -> None:
    exported = Article(
        "a",
        "Paris votes.",
        "France votes",
        evidence={
            "country": (
                Evidence("FR", 0, 6, "France", "name", 0.9, "title"),
                Evidence("FR", 0, 5, "Paris", "capital", 0.8, main=True),
                Evidence("CH", 0, 5, "Paris", "capital", 0.8, main=False),
                Evidence("DE", None, None, "", "input", 1.0),
            )
        },
    )

    found = article(to_builtins(render.record(exported)), ORIGIN)

    assert found.evidence == exported.evidence
    assert decode(encode(found)) == found


def test_halves_of_characters_and_numbers_beyond_64_bits_can_be_stored() -> None:
    found = article({"text": "a\ud835b", "title": "\udc00", "weight": 1 << 70, "notes": {1: ["\ud800"]}}, ORIGIN)

    assert (found.text, found.title) == ("a\ufffdb", "\ufffd")
    assert found.extra == {"weight": str(1 << 70), "notes": {"1": ["\ufffd"]}}
    assert decode(encode(found)) == found


def test_a_name_that_is_too_long_for_one_is_set_aside() -> None:
    long, name = "A" * (LONGEST_VALUE + 1), "B" * LONGEST_VALUE
    stated = {"person": [long, name], "author": [name], "source": long, "section": name, "byline": long}
    found = article({"text": "x", **stated}, ORIGIN)

    assert (found.person, found.author, found.section) == ((name,), (name,), name)
    assert found.source is found.byline is None
    assert found.extra == {"person": [long], "source": long, "byline": long}
    assert dict(too_long(found)) == dict.fromkeys(("person", "source", "byline"), len(long))
    assert decode(encode(found)) == found


def test_a_name_that_is_too_long_for_one_has_no_evidence() -> None:
    entries = [
        {"value": name, "start": None, "end": None, "text": "", "rule": "input", "confidence": 1.0}
        for name in ("A" * (LONGEST_VALUE + 1), "Ann Lee")
    ]
    found = article({"text": "x", "person": [e["value"] for e in entries], "evidence": {"person": entries}}, ORIGIN)

    assert [entry.value for entry in found.evidence["person"]] == ["Ann Lee"]


@cases("value, kind", [(None, "null"), (["x"], "a list"), (7, "a number")])
def test_a_list_with_something_else_in_it_is_refused_for_that(value: object, kind: str) -> None:
    with pytest.raises(BadRecord, match=f"^Its person is a list with {kind} in it, not one of strings.$"):
        article({"text": "x", "person": ["Ann Lee", value]}, ORIGIN)


def test_what_can_be_no_value_is_refused() -> None:
    with pytest.raises(BadRecord, match="cannot be stored: <object"):
        article({"text": "x", "what": object()}, ORIGIN)


def test_a_text_of_more_words_than_can_be_told_apart_is_refused() -> None:
    with pytest.raises(BadRecord, match="more than 16,000,000 characters"):
        article({"text": "\u5b57" * 16_000_001}, ORIGIN)
