"""A record that says until when it may not be shown is held, whatever format it is in."""

from __future__ import annotations

import io
import json as json_module
from collections.abc import Callable
from datetime import date, datetime

import pyarrow.parquet

from indexer.readers.documents import text
from indexer.readers.shared.record import Embargoed, Item, Origin
from indexer.readers.tables import csv, json, parquet
from search import Article, BadRecord
from tests.cases import cases

ORIGIN = Origin("news", "a", "a")
Said = dict[str, str]


def in_json(said: Said) -> list[Item]:
    return list(json.read(io.BytesIO(json_module.dumps({"id": "a", "text": "T", **said}).encode()), ORIGIN))


def in_front_matter(said: Said) -> list[Item]:
    lines = "".join(f"{name}: {value}\n" for name, value in said.items())
    return list(text.read(io.BytesIO(f"---\nid: a\n{lines}---\nT".encode()), ORIGIN))


def beside(said: Said) -> list[Item]:
    return list(text.read(io.BytesIO(b"T"), ORIGIN, {"id": "a", **said}))


def in_table(said: Said) -> list[Item]:
    rows = ["id;text;" + ";".join(said), "a;T;" + ";".join(said.values())]
    return list(csv.read(io.BytesIO("\n".join(rows).encode()), ORIGIN))


def in_parquet(said: Said) -> list[Item]:
    out = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist([{"id": "a", "text": "T", **said}]), out)
    return list(parquet.read(out, ORIGIN))


FORMS = [in_json, in_front_matter, beside, in_table, in_parquet]


@cases("form", FORMS)
@cases("said, until", [
    ({"embargoed": "2099-01-01T00:00:00Z"}, "2099-01-01T00:00:00Z"),
    ({"embargo_until": "2099-01-01"}, "2099-01-01"),
    ({"EmbargoUntil": "2099-05"}, "2099-05"),
    ({"embargo": "yes", "embargo-end": "2099-01-01"}, "2099-01-01"),
    ({"embargo": "2098-01-01", "embargo_end": "2099-01-01T00:00:00+02:00"}, "2099-01-01T00:00:00+02:00"),
])  # fmt: skip
def test_it_is_held_until_it_says(form: Callable[[Said], list[Item]], said: Said, until: str) -> None:
    (found,) = form(said)

    assert isinstance(found, Embargoed)
    assert (found.article.id, found.until) == ("a", until)


@cases("form", FORMS)
@cases("value", ["yes", "until further notice", "2099-99-99", "May 3, 2099"])
def test_one_that_does_not_say_until_when_is_kept_out(form: Callable[[Said], list[Item]], value: str) -> None:
    (found,) = form({"embargoed": value})

    assert isinstance(found, BadRecord)
    assert found.reason.endswith(f"It is under embargo, and “embargoed” does not say until when: “{value}”.")


@cases("form", FORMS)
@cases("value", ["false", "no", ""])
def test_none_is_none(form: Callable[[Said], list[Item]], value: str) -> None:
    (found,) = form({"embargoed": value})

    assert isinstance(found, Article)


@cases("value, held", [(None, False), (False, False), (0, False), (True, True), (4e9, True)])
def test_what_json_says_without_words_counts_too(value: object, held: bool) -> None:
    (found,) = in_json({"embargoed": value})  # type: ignore[dict-item]

    assert isinstance(found, BadRecord if held else Article)


@cases("moment", [date(2099, 1, 1), datetime(2099, 1, 1, 12)])
def test_a_column_of_dates_says_it(moment: date) -> None:
    (found,) = in_parquet({"embargo": moment})  # type: ignore[dict-item]

    assert isinstance(found, Embargoed)
