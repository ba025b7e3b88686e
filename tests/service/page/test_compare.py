"""Queries side by side."""

from __future__ import annotations

import re
from typing import Any

import falcon.testing

from search.engine import Engine
from search.measures.comparison import Comparing
from search.measures.keyness import Contrast
from search.values.query import Filter, Query
from service.formats import chart
from service.html.view import PageState
from service.page import compare, contrast
from service.params.compare import CompareRequest
from tests.cases import cases
from tests.service.links import asked_at

Client = falcon.testing.TestClient

COMPARED = ("president", "minister OR moon", "country:US -war")


@cases(
    "common",
    [
        {},
        {"date_from": "1950-06", "date_to": "1999-03", "date_missing": True, "group": "story"},
        {"filters": {"country": Filter(any=("US", "GB"), none=("FR",))}, "country_main": True},
    ],
)
def test_each_count_of_a_comparison_opens_its_articles(engine: Engine, common: dict[str, Any]) -> None:
    request = CompareRequest(Query(facets=(), size=0, **common), Comparing("decade", limit=4), COMPARED)
    drawn = compare.draw(engine, request, PageState(request.query))
    rows = [*drawn.over, *(row for _, values in drawn.differences for row in values)]
    figures = [
        *(line.total for line in drawn.lines), *(figure for row in rows for figure in row.figures),
        *(figure for part in drawn.parts for figure in (part.count, part.only)),
        *(figure for line in drawn.lines for _, figure, _ in line.dots),
    ]  # fmt: skip

    assert len(drawn.parts) == 7
    assert len(drawn.differences) == 4
    for figure in figures:
        assert (figure.url is None) == (figure.count == 0)
        assert figure.url is None or engine.search(asked_at(figure.url)).total == figure.count


@cases("texts", [
    ('published:1950..1969', 'published:1970..1999'), ("country:US", "country:GB moon", "minister"),
])  # fmt: skip
def test_the_words_of_a_query_are_counted_against_what_only_the_others_find(
    engine: Engine, texts: tuple[str, ...]
) -> None:
    queries = [Query(text) for text in texts]
    listed = contrast.contrast(engine, queries, PageState(Query()))

    assert sum(map(len, listed)) > 5
    for number, words in enumerate(listed):
        others = contrast.than(queries, number)
        found = engine.special(queries[number], Contrast("words", limit=60, than=others)).values
        for word in words:
            one = next(each for each in found if each.value == word.word)
            rest = engine.search(Query(f"({others}) ={word.word} NOT ({texts[number]})")).total
            assert word.url is not None
            assert engine.search(asked_at(word.url)).total == word.count == one.count == one.of - rest


def test_what_is_compared_is_written_with_names(client: Client) -> None:
    shown = client.simulate_get("/compare?q=country:US+topic:15000000&q=country:SUHH").text

    assert "<code>country:&#34;United States&#34; topic:sport</code>" in shown.replace(" AND ", " ")
    assert "<code>country:&#34;Soviet Union" in shown
    assert 'name="q" type="search" value="country:US topic:15000000"' in shown  # as it was typed


def test_gaps_of_the_archive_are_hatched(client: Client) -> None:
    shown = client.simulate_get("/compare?q=president&q=minister&interval=year").text

    assert re.search(
        r'<rect class="gap" x="[\d.]+%" width="[\d.]+%" y="14" height="160" fill="url\(#hatched\)"/>', shown
    )
    assert "Years without a single article, whatever the query" in shown
    assert 'class="gap"' in client.simulate_get("/?view=over-time&q=president&interval=year").text
    assert 'class="gap"' in client.simulate_get("/entity/person/Richard%20Nixon").text


def test_an_interval_that_cannot_be_drawn_keeps_the_rest(client: Client) -> None:
    for interval, said in (("day", "By day, there are too many points to draw"), ("fortnight", "fortnight")):
        shown = client.simulate_get(f"/compare?q=president&q=minister&country=US&from=1950&interval={interval}").text

        assert said in shown
        assert all(f'value="{typed}"' in shown for typed in ("president", "minister", "US", "1950"))
        assert 'class="line q2"' in shown


def test_lines_are_as_high_as_their_counts_or_shares(engine: Engine) -> None:
    request = CompareRequest(Query(facets=(), size=0), Comparing("decade"), COMPARED)
    counts, shares = (compare.draw(engine, request, PageState(request.query), share) for share in (False, True))

    assert counts.top == str(max(figure.count for row in counts.over for figure in row.figures))
    highest = max(share for row in shares.over for share in row.shares if share)
    assert shares.top == chart.percent(highest)
    for drawn in (counts, shares):
        heights = [float(y) for line in drawn.lines for y in re.findall(r"[ML][\d.]+ ([\d.]+)", line.path)]
        assert min(heights) == 0
        assert max(heights) <= chart.HEIGHT


def test_the_page_compares_and_keeps_what_was_typed(client: Client) -> None:
    empty = client.simulate_get("/compare").text
    page = client.simulate_get("/compare?q=president&q=moon+(&country=US&from=1960&scale=archive&utm_source=x").text

    assert empty.count('name="q"') == 3
    assert 'class="lines"' in page
    assert 'class="plot' not in page  # which the keys of the timeline move along
    assert "Type two to five queries" in empty
    assert page.count('name="q"') == 4
    assert 'value="moon ("' in page
    assert '<input type="hidden" name="country" value="US">' in page
    assert "B: Unclosed parenthesis" in page or '<p class="note">B: ' in page
    assert "as a share of all articles of the archive in the same" in page
    assert (
        'href="/compare?q=president&amp;q=moon+%28&amp;from=1960&amp;scale=archive" aria-label="Remove Country' in page
    )
    assert 'href="/api/compare?q=president&amp;q=moon+%28&amp;country=US&amp;from=1960&amp;denominator=archive"' in page
    assert client.simulate_get("/compare?q=a&q=b&q=c&q=d&q=e").text.count('name="q"') == 6
    for bad in ("q=a&q=b&q=c&q=d&q=e&q=f", "q=a&from=x", "q=a&country=xx"):
        refused = client.simulate_get(f"/compare?{bad}")
        assert refused.status_code == 400
        assert 'id="unread" role="alert"' in refused.text


@cases(
    "query, url",
    [
        (Query(), "/compare"),
        (Query("oil", sort="newest", page=2), "/compare?q=oil"),
        (
            Query("oil OR gas", {"country": Filter(any=("US", "FR")), "source": Filter(none=("a",))}),
            "/compare?q=%28oil+OR+gas%29+AND+country%3A%22United+States%22&q=%28oil+OR+gas%29+AND+country%3AFrance&source.not=a",
        ),
        (
            Query("oil", {"country": Filter(any=("US", "FR"))}, country_main=True),
            "/compare?q=oil&country=US&country=FR&country.main=true",
        ),
        (Query("", {"person": Filter(any=("A", "B"), missing=True)}), "/compare?person=A&person=B&person.missing=true"),
        (Query("", {"section": Filter(any=("A", "B"))}), "/compare?q=section%3AA&q=section%3AB"),
    ],
)
def test_ticked_values_become_queries(query: Query, url: str) -> None:
    assert compare.starting(PageState(query)) == url


@cases(
    "ends, placed", [([100, 100, 50], [100, 92, 50]), ([0, 100], [0, 100]), ([95, 100, 100], [84, 100, 92]), ([], [])]
)
def test_letters_at_the_ends_of_lines_do_not_overlap(ends: list[float], placed: list[float]) -> None:
    assert compare.apart(ends) == placed


def test_intervals_that_are_offered_are_drawn(client: Client) -> None:
    """A finer one than can be drawn is not offered: it would be answered with a wider one."""
    for asked in ("", "&from=1961-08&to=1961-09"):
        text = client.simulate_get(f"/compare?q=president&q=wall{asked}").text
        offered = re.findall(
            r'<a href="([^"]*interval=(\w+)[^"]*)">', text.partition('<p class="by">')[2].partition("</p>")[0]
        )

        assert offered
        for url, name in offered:
            drawn = (
                client.simulate_get(url.replace("&amp;", "&")).text.partition('<p class="by">')[2].partition("</p>")[0]
            )
            assert f'<b aria-current="true">{name}</b>' in drawn
