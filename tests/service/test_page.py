from __future__ import annotations

import html
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import falcon.testing
import pytest

import search
from search import Article

Client = falcon.testing.TestClient


def page(client: Client, path: str, status: int = 200) -> str:
    answer = client.simulate_get(path)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return answer.text


def links(text: str) -> list[str]:
    return [html.unescape(found) for found in re.findall(r'href="(/[^"]*)"', text)]


def test_the_page_shows_what_the_api_answers(client: Client) -> None:
    text = page(client, "/?q=berlin+wall")
    answer = client.simulate_get("/api/search?q=berlin+wall").json

    assert re.search(rf"<strong>{answer['total']} articles?</strong>", text)
    for hit in answer["hits"]:
        assert f"/article/{hit['id']}?q=berlin+wall" in text
    for entry in answer["facets"]["country"]["values"]:
        assert html.escape(entry["label"]) in text


def test_every_link_of_the_page_leads_somewhere(client: Client) -> None:
    for start in ("/", "/?q=berlin&country=DE&from=1961", "/article/1961-08-berlin-wall?q=berlin", "/?q=zebra"):
        for link in dict.fromkeys(links(page(client, start))):
            assert client.simulate_get(link).status_code == 200, link


def test_state_is_in_the_url(client: Client) -> None:
    text = page(client, "/?q=berlin&country=DE&person.missing=true&from=1961&topic.not=sport")

    assert 'value="berlin"' in text
    assert re.search(r'name="country" value="DE" checked', text)
    assert re.search(r'name="person.missing" value="true" checked', text)
    assert 'name="from" value="1961"' in text
    assert 'name="topic.not" value="medtop:15000000"' in text


def test_a_chip_takes_its_filter_away(client: Client) -> None:
    text = page(client, "/?q=berlin&country=DE&country=US")
    found = re.search(r'<li><a href="([^"]*)" aria-label="Remove Country: Germany"', text)

    assert found is not None
    assert dict(parse_qsl(urlsplit(html.unescape(found[1])).query)) == {"q": "berlin", "country": "US"}


def test_strangers_in_the_url_are_ignored(client: Client) -> None:
    assert "article" in page(client, "/?utm_source=mail&fbclid=1")


def test_a_bad_value_is_a_page_with_a_sentence(client: Client) -> None:
    text = page(client, "/?q=talks&country=Chima", 400)

    assert "Nearest: China." in text
    assert 'value="talks"' in text


def test_an_error_keeps_the_filters_that_were_right(client: Client) -> None:
    text = page(client, "/?q=talks&country=US&from=bad", 400)

    assert '<input type="hidden" name="country" value="US">' in text
    assert 'name="from"' not in text


def test_a_missing_article_is_a_page_with_a_sentence(client: Client) -> None:
    assert "nowhere" in page(client, "/article/nowhere", 404)


def test_an_empty_result_says_which_word_emptied_it(client: Client) -> None:
    text = page(client, "/?q=berlin+zebrafish")

    assert "No article matches" in text
    assert re.search(r'term zero">zebrafish', text)


def test_repairs_of_the_query_are_shown(client: Client) -> None:
    assert "Unclosed quote" in page(client, '/?q="berlin')


HOSTILE = "\"><script>alert(1)</script>&' onload=alert(1) {{ 7*7 }}"


def test_text_is_escaped_wherever_it_stands(tmp_path: Path, serve: Callable[[Path], Client]) -> None:
    with search.writer(tmp_path / "idx") as writer:
        writer.add(
            Article("x", HOSTILE, HOSTILE, source=HOSTILE, byline=HOSTILE, url="javascript:alert(1)", person=(HOSTILE,))
        )
    client = serve(tmp_path / "idx")
    for path, status in (
        ("/", 200),
        ("/article/x", 200),
        (f"/?q={'%22%3E%3Cscript%3Ealert(1)%3C/script%3E'}", 200),
        ("/?country=%3Cscript%3Ealert(1)%3C/script%3E", 400),
        ("/article/%3Cscript%3Ealert(1)", 404),
    ):
        text = page(client, path, status)
        assert "<script>alert" not in text
        assert "{{" not in text.replace("{{ 7*7 }}", "")
        assert 'href="javascript:' not in text


@pytest.mark.parametrize("path", ["/", "/?q=the+OR+of&size=100&facet_size=50", "/article/1961-08-berlin-wall"])
def test_pages_ask_nothing_of_other_hosts(client: Client, path: str) -> None:
    text = page(client, path)

    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', text)
    assert " style=" not in text


def test_the_front_page_is_light(client: Client) -> None:
    weight = sum(
        len(client.simulate_get(path).content) for path in ("/", "/static/dateline.css", "/static/dateline.js")
    )

    assert weight < 100_000
