"""Dates of publication at the head of a text, and dates that a text names."""

from __future__ import annotations

import gzip
import json
from datetime import datetime
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from indexer.enrich import dates
from indexer.enrich.authors import bylines
from indexer.enrich.shared import heading
from search import Article
from search.values.article import Evidence
from tests.cases import cases

BODY = " The minister said on Monday that the government would spend more."


@cases("text, known, published", [
    ("WASHINGTON, June 18, 2023 (Reuters) -", None, "2023-06-18"),
    ("WASHINGTON, June 18 (Reuters) -", None, None),
    ("WASHINGTON, June 18 (Reuters) -", "2023", "2023-06-18"),
    ("WASHINGTON, June 18 (Reuters) -", "2023-06", "2023-06-18"),
    ("WASHINGTON, June 18 (Reuters) -", "2023-07", "2023-07"),
    ("WASHINGTON, June 18 (Reuters) -", "2023-06-20", "2023-06-20"),
    ("SAN FRANCISCO, Calif., Sept. 3 --", "1998", "1998-09-03"),
    ("Paris, 18 June 1998 (AFP) –", None, "1998-06-18"),
    ("NEW YORK, Feb 30 -", "1998", "1998"),
    ("LONDON (Reuters) - On June 3, 1998", None, None),
    ("On June 3, 1998 it rained.", None, None),
    ("Sunday, June 18, 2023 2:05 p.m. EDT\n\nFoo.", None, "2023-06-18T14:05-04:00"),
    ("Published: 18 June 2023 14:05 BST\nFoo.", None, "2023-06-18T14:05+01:00"),
    ("June 18, 2023 14:05 CST\nFoo.", None, "2023-06-18"),
    ("Updated 3 May 2020\nPosted 2 May 2020\nFoo.", None, "2020-05-02"),
    ("2020-05-02\nFoo.", None, "2020-05-02"),
    ("Tue 27 Aug 2019 21.38 BST\nFoo.", None, "2019-08-27T21:38+01:00"),
    ("Last modified on Tue 27 Aug 2019 21.38 BST\nFoo.", None, None),
    ("Last modified on\nTue 27 Aug 2019 21.38 BST\nFoo.", None, None),
    ("A standfirst.\nBy Jane Doe, 27 August 2019\nUpdated 28 August 2019", None, "2019-08-27"),
    ("Tuesday 27 August\nFoo.", "2019", "2019-08-27"),
    ("Tuesday 27 August\nFoo.", None, None),
    ("27 August 2019 – 29 August 2019\nFoo.", None, None),
    ("03/04/2019\nFoo.", None, None),
    ("27/08/2019 21:38\nFoo.", None, "2019-08-27T21:38"),
])  # fmt: skip
def test_a_date_at_the_head_is_the_date_of_publication(text: str, known: str | None, published: str | None) -> None:
    article = Article("x", text + BODY, published=known, published_from="metadata" if known else None)

    assert dates.published.enrich(article).published == published


@cases("language, text, published", [
    ("de", "Dienstag, 27. August 2019, 21.38 Uhr\nDer Minister", "2019-08-27T21:38"),
    ("de", "BERLIN (dpa), 27. August 2019 – Der Minister", "2019-08-27"),
    ("fr", "PARIS, 27 août 2019 (AFP) - Le ministre", "2019-08-27"),
    ("fr", "Mis à jour le 28 août 2019\nLe ministre", None),
    ("es", "03/04/2019\nEl ministro", "2019-04-03"),
    ("hr", "Objavljeno: 27. listopada 2019.\nMinistar", "2019-10-27"),
    ("fr", "Le 27 août 2019, le ministre a dit que", None),
])  # fmt: skip
def test_a_date_at_the_head_is_read_in_the_language_of_the_article(
    language: str, text: str, published: str | None
) -> None:
    assert dates.published.enrich(Article("x", text, language=language)).published == published


@given(st.datetimes(datetime(1999, 1, 1), datetime(2025, 12, 31)))
def test_an_address_and_a_line_of_a_newspaper_give_the_day_and_the_time(moment: datetime) -> None:
    day = f"{moment:%d}".lstrip("0")
    url = (
        f"https://www.example.com/world/{moment.year}/{f'{moment:%b}'.lower()}/{moment:%d}/some-words-of-{moment.year}"
    )
    text = f"{moment:%a} {day} {moment:%b} {moment:%Y} {moment:%H.%M} GMT\n\nFoo.{BODY}"

    by_url = dates.published.enrich(Article("x", BODY, url=url))
    by_text = dates.published.enrich(Article("x", text))
    by_both = dates.published.enrich(Article("x", text, url=url))

    assert (by_url.published, by_url.published_from) == (f"{moment:%Y-%m-%d}", "url")
    assert (by_text.published, by_text.published_from) == (f"{moment:%Y-%m-%dT%H:%M}Z", "header")
    assert (by_both.published, by_both.published_from) == (f"{moment:%Y-%m-%dT%H:%M}Z", "header")


@cases("source_id, day", [
    ("world/2019/aug/31/x", "2019-08-31"), ("https://e.org/a/20190831", "2019-08-31"), ("20190831", None), (None, None),
])  # fmt: skip
def test_an_id_that_is_a_path_gives_the_day(source_id: str | None, day: str | None) -> None:
    assert dates.published.enrich(Article("x", BODY, source_id=source_id)).published == day


def test_an_address_is_evidence_of_a_date() -> None:
    found = dates.published.enrich(Article("x", BODY, url="https://e.org/2019/aug/31/x"))

    assert found.evidence["published"] == (Evidence("2019-08-31", None, None, "/2019/aug/31", "url", 0.97),)


def test_a_line_of_another_day_does_not_change_that_of_the_address() -> None:
    found = dates.published.enrich(Article("x", f"28 Aug 2019 9.02 GMT\n{BODY}", url="https://e.org/2019/08/27/x"))

    assert (found.published, found.published_from) == ("2019-08-27", "url")


def test_the_site_decides_which_number_is_the_month() -> None:
    urls = ["https://e.co.uk/x", "https://e.gov/x", "https://e.org/x", "https://[e"]

    found = [dates.published.enrich(Article("x", f"03/04/2019\n{BODY}", url=url)).published for url in urls]

    assert found == ["2019-04-03", "2019-03-04", None, None]


def test_a_dateline_without_a_year_is_kept_as_evidence_with_the_year_left_open() -> None:
    found = dates.published.enrich(Article("x", f"WASHINGTON, June 18 (Reuters) -{BODY}"))

    assert found.published is None
    assert [(e.value, e.rule) for e in found.evidence["published"]] == [("--06-18", "dateline")]


@cases("language, line, day", [
    ("de", "BERLIN, 9. November 1989 –", "1989-11-09"),
    ("de", "Berlin, 9. November 1989 (dpa) –", "1989-11-09"),
    ("de", "Frankfurt am Main (dpa) 9.11.1989 –", "1989-11-09"),
    ("de", "Berlin, 9. November 1989 –", None),  # a history may begin so
    ("es", "MADRID, 9 de noviembre de 1989 (EFE).-", "1989-11-09"),
    ("es", "Madrid, 9 nov 1989 (EFE).-", "1989-11-09"),
    ("it", "Roma, 9 novembre 1989 (ANSA) –", "1989-11-09"),
    ("nl", "Den Haag, 9 november 1989 (ANP) –", "1989-11-09"),
])  # fmt: skip
def test_a_dateline_may_have_a_year_and_its_place_small_letters(language: str, line: str, day: str | None) -> None:
    assert dates.published.enrich(Article("x", f"{line} {BODY}", language=language)).published == day


@cases("text, published_from", [
    ("ROME, June 18, 2023 -", "dateline"), ("June 18, 2023\n\nROME -", "header"), ("Rome.", None),
])  # fmt: skip
def test_published_from_says_where_it_stood(text: str, published_from: str | None) -> None:
    assert dates.published.enrich(Article("x", text + BODY)).published_from == published_from


def test_a_month_in_the_path_of_a_url_is_made_a_day_by_the_dateline() -> None:
    found = dates.published.enrich(Article("x", f"ROME, June 18 -{BODY}", url="https://example.org/2023/06/talks/"))

    assert (found.published, found.published_from) == ("2023-06-18", "dateline")


@cases("text, named", [
    ("It began on May 3, 1999.", ("1999-05-03",)),
    ("It began on 3 May 1999 and ended on the 4th of June 1999.", ("1999-05-03", "1999-06-04")),
    ("In March 2001 he left; since 1998 she stayed.", ("2001-03", "1998")),
    ("From 1990 to 1995, and in early 2000.", ("1990", "1995", "2000")),
    ("There were 1999 cases, $1,998 and 2000 people in 2001 houses-to-be.", ("2001",)),
    ("In 2000 people died. On 2020-02-30 nobody did.", ()),
    ("On 4 July and on 28 December.", ("2023-07-04", "2022-12-28")),
    ("He may 5 times. Mr March 3", ("2023-03-03",)),
    ("ROME, June 18 - It began on June 17.", ("2023-06-17",)),
    ("Posted 18 June 2023\nLast modified on 19 June 2023\nIt began on June 17.", ("2023-06-17",)),
    ("March 2001. March 2001 again.", ("2001-03",)),
    ("", ()),
])  # fmt: skip
def test_dates_that_a_text_names(text: str, named: tuple[str, ...]) -> None:
    found = dates.mentioned.enrich(Article("x", text, published="2023-06-18"))

    assert found.mentioned == named
    assert found.published == "2023-06-18"


def test_a_day_without_a_year_is_left_open_where_none_is_near() -> None:
    assert dates.mentioned.enrich(Article("x", "It began on 4 July.")).mentioned == ("--07-04",)


def test_other_languages_give_only_dates_in_numbers() -> None:
    found = dates.mentioned.enrich(Article("x", "Am 3. May 1999 und am 2001-05-06.", language="de"))

    assert found.mentioned == ("2001-05-06",)


def test_stated_dates_stay() -> None:
    article = Article("x", "In March 2001.", mentioned=("1999",))

    assert dates.mentioned.enrich(article) is article


@cases("text, byline", [
    ("By Jane Doe and John Roe\n\nROME - He came.", "Jane Doe and John Roe"),
    ("A title\nBy Jane Doe, Staff Writer\nHe came.", "Jane Doe, Staff Writer"),
    ("By the time he came it was late.\nFoo", None),
    ("By Friday he had gone. It rained.", None),
    ("He came.\n" * 9 + "By Jane Doe\n", None),
    ("A title\nby Jane Doe\n\nHe came.", "Jane Doe"),
    ("by Jane van der Doe in Rome\nHe came.", "Jane van der Doe in Rome"),
    ("The court dismissed an appeal\nby Smelters Ltd and\nruled that it must pay.", None),
    ("He was disappointed by the tariffs announced\nby President Reagan in retaliation\nfor it.", None),
    ("By April 15, most of the area had been sown\nHe said.", None),
    ("By Friday, President Smith and Prime Minister\nhad agreed.", None),
    ("THE BANK WAS TOLD OF IT\nBY PRESIDENT SMITH ON FRIDAY AND\nSAID NOTHING.", None),
    ("He said so.\nThe tariffs were announced\nBy Jane Doe\nHe came.", None),
    ("By Jane Doe staff writer\n\nHe came.", "Jane Doe staff writer"),
    ("A title\nBy Jane Doe | 3 June 2020\nHe came.", "Jane Doe"),
    ("100,000 AT 38-1/2, UNCH, ALL BUYSIDE\nBY FIRST STREET", None),
])  # fmt: skip
def test_a_byline_at_the_head_is_kept(text: str, byline: str | None) -> None:
    assert bylines.enrich(Article("x", text)).byline == byline


def test_a_stated_byline_stays() -> None:
    assert bylines.enrich(Article("x", "By Jane Doe\n\nHe came.", byline="X")).byline == "X"


def test_datelines_of_a_newswire_give_its_days(shared: Path) -> None:
    right = known = 0
    with gzip.open(shared / "data" / "reuters21578.jsonl.gz", "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            line = row["dateline"]
            found = heading.dateline(f"{line.strip()} {row['body']}") if line and row["body"] and row["date"] else None
            if found:
                known += 1
                day = (int(row["date"][5:7]), int(row["date"][8:10]))
                right += (found.month, found.day) == day

    assert known > 15_000
    assert right / known > 0.95
