"""Dates in URLs and in names of files."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from indexer.dates import addresses
from search.text import date_words
from tests.cases import cases
from tests.tiers import examples

DAYS = st.dates(date(1900, 1, 1), date(2025, 12, 31))
SHORT = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
FORMS = (
    "/world/{y}/{b}/{d:02}/some-words", "/{y}/{m:02}/{d:02}/some-words", "/{y}/{m}/{d}/some-words", "/{y}/{B}/{d}/x",
    "/{y}/{m:02}{d:02}/c1004-31324514.html", "/{y}-{m:02}/{d:02}/c_1124947.htm", "/{y}{m:02}/{d:02}/x",
    "/news/{y}{m:02}{d:02}/x", "/some-words-{y}{m:02}{d:02}.html", "/news/{y}{m:02}{d:02}123000", "/{y}{m:02}{d:02}",
    "/t{y}{m:02}{d:02}_5213.htm", "/news/{y}-{m:02}-{d:02}", "/{y}-{m:02}-{d:02}-some-words",
    "/x_{y}_{m:02}_{d:02}.html",
    "/{y}-{b}-{d:02}/x", "/some-words-{d}-{B}-{y}", "/some-words-{B}-{d}-{y}.html", "/{d}-{B}-{y}/x",
    "/{d}-{b}-{y}-words",
    "/news/{d:02}.{m:02}.{y}/x", "/news-{d:02}.{m:02}.{y}.html", "/{d}/{b}/{y}/x", "/{B}/{d}/{y}/x",
    "/press-release/{d}-{B}-{y}", "/web/20240102123456/http://f.org/{y}/{m:02}/{d:02}/x",
)  # fmt: skip
NOT_DATES = [
    line
    for line in (Path(__file__).parent / "not_dates.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]


@examples(100, few=40)
@given(DAYS, st.sampled_from(FORMS))
def test_a_day_in_every_form_of_address_is_found(day: date, form: str) -> None:
    name = SHORT[day.month - 1]
    url = "https://e.org" + form.format(y=day.year, m=day.month, d=day.day, b=name, B=f"{day:%B}".lower())

    found = addresses.in_url(url)

    assert found is not None
    assert found.value == day.isoformat()


@cases("url, language, day", [
    ("https://e.org/2019/août/31/x", "fr", "2019-08-31"),
    ("https://e.org/2019/ao%C3%BBt/31/x", None, "2019-08-31"),
    ("https://e.org/31-de-agosto-de-2019/x", "es", "2019-08-31"),
    ("https://e.org/2019/авг/31/x", "ru", "2019-08-31"),
    ("https://e.org/vesti-31-listopada-2019", "hr", "2019-10-31"),
    ("https://e.org/wiesci-30-listopada-2019", "pl", "2019-11-30"),
    ("https://e.org/x-30-listopada-2019", None, None),
    ("https://e.org/2019/ekim/31/x", "tr", "2019-10-31"),
])  # fmt: skip
def test_months_are_named_in_the_language_of_the_article(url: str, language: str | None, day: str | None) -> None:
    found = addresses.in_url(url, None, language)

    assert (found.value if found else None) == day


@cases("url, month", [
    ("https://e.org/2019/08/some-words", "2019-08"),
    ("https://e.org/2019/aug/some-words", "2019-08"),
    ("https://e.org/2019/08/12345-some-words", "2019-08"),
    ("https://e.org/2019-08/some-words", "2019-08"),
    ("https://e.org/2023/10/3-questions", "2023-10"),
    ("https://e.org/2010-11/table", None), ("https://e.org/2019/8/some-words", None),
    ("https://e.org/2023/13/18/x", None), ("https://e.org/a?on=2023-06-18", None),
    ("https://e.org/id/920230618123", None),
])  # fmt: skip
def test_a_month_is_found_if_there_is_no_day(url: str, month: str | None) -> None:
    found = addresses.in_url(url)

    assert (found.value if found else None) == month


def test_the_passage_of_an_address_is_what_gives_the_date() -> None:
    found = addresses.in_url("https://e.org/World/2019/Aug/31/x")

    assert found == addresses.Address("2019-08-31", "/2019/aug/31")


def test_numbers_in_addresses_are_not_dates() -> None:
    wrong = [url for url in NOT_DATES if addresses.in_url(url)]

    assert len(NOT_DATES) > 300
    assert len(wrong) / len(NOT_DATES) < 0.01, wrong


@cases("form", ["/article/{:08}", "/some-words-{:08}.html", "/a/{:010}", "/a-{:012}", "/{:014}", "/p/1-{:07}"])
def test_random_ids_are_not_dates(form: str) -> None:
    chance = random.Random(1)
    digits = int(form.partition(":0")[2].partition("}")[0])
    ids = [chance.randrange(10 ** (digits - 1), 10**digits) for _ in range(4000)]

    assert sum(addresses.in_url(f"https://e.org{form.format(each)}") is not None for each in ids) < 0.005 * len(ids)


def test_an_order_is_used_if_it_is_known() -> None:
    found = [addresses.in_url("https://e.org/news-04-03-2019", first) for first in (None, True, False)]

    assert [each.value if each else None for each in found] == [None, "2019-03-04", "2019-04-03"]


@examples(100, few=40)
@given(DAYS, st.sampled_from(["x {}.txt", "{}-x.pdf", "x_{}.xml", "{}.html", "a 12 {}.txt"]))
def test_a_day_in_a_name_is_found(day: date, name: str) -> None:
    for form in ("%Y-%m-%d", "%Y%m%d", "%Y_%m_%d", "%d.%m.%Y", "%d %B %Y", "%B-%d-%Y"):
        assert addresses.in_name(f"1999/{name.format(day.strftime(form))}") == day.isoformat()


@cases("name", [
    "03-04-1961.txt", "1961.txt", "1961-08-13_1961-08-14.txt", "12345678901234.xml", "18551322.xml", "a.txt",
])  # fmt: skip
def test_a_name_without_one_clear_day_has_none(name: str) -> None:
    assert addresses.in_name(name) is None
    assert addresses.in_name("0002244_18550922_0001.xml") == "1855-09-22"


def test_a_name_of_many_parts_costs_time_in_proportion() -> None:
    assert addresses.in_url("https://e.org/" + "1-2/" * 100_000) is None
    assert date_words.words("xx").own == date_words.words().own
