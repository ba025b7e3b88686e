from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from pathlib import Path

import falcon.testing

import search
from search import Article
from search.engine import Engine
from search.values.article import Evidence
from search.values.query import Query
from service.html.marking import Passage, paragraphs
from service.html.view import PageState
from service.page.neighbours import neighbours

Client = falcon.testing.TestClient
WALL = "/article/1961-08-berlin-wall"


def test_the_words_of_the_question_are_marked(client: Client) -> None:
    text = client.simulate_get(f"{WALL}?q=berlin").text

    assert text.count("<mark>Berlin") > 2
    assert "<mark>" not in client.simulate_get(WALL).text


def test_evidence_is_marked_only_when_asked_for(client: Client, engine: Engine) -> None:
    article = engine.article("1961-08-berlin-wall")
    plain, marked = client.simulate_get(WALL).text, client.simulate_get(f"{WALL}?mark=person").text

    assert 'id="at-' not in plain
    assert marked.count('id="at-') == sum(entry.start is not None for entry in article.evidence["person"])
    assert "ev country" not in marked[: marked.index("</article>")]


def test_each_value_says_why_it_is_here(client: Client, engine: Engine) -> None:
    article = engine.article("1961-08-berlin-wall")
    text = client.simulate_get(f"{WALL}?mark=country").text
    listed = text[text.index("Why these labels?") :]

    assert listed.count('<li id="why-') == sum(map(len, article.evidence.values()))
    for number in re.findall(r'id="at-(\d+)"', text):
        assert f'href="#at-{number}"' in listed


def test_a_date_that_was_not_taken_is_said(tmp_path: Path, serve: Callable[[Path], Client]) -> None:
    problem = "“2999-01-01” is in the future."
    with search.writer(tmp_path / "idx") as writer:
        writer.add(Article("a", "Text.", extra={"published": "2999-01-01", "published_problem": problem}))
    page = serve(tmp_path / "idx").simulate_get("/article/a").text

    assert f"Its date of publication was ignored: {problem}" in page


def test_evidence_is_marked_in_the_title(tmp_path: Path, serve: Callable[[Path], Client]) -> None:
    entries = (Evidence("FR", 0, 6, "France", "name", 0.9, "title"), Evidence("FR", 0, 5, "Paris", "capital", 0.8))
    stated = (Evidence("Ann Lee", None, None, "", "input", 1.0),)
    with search.writer(tmp_path / "idx") as writer:
        writer.add(Article("a", "Paris votes.", "France votes", evidence={"country": entries, "person": stated}))
    page = serve(tmp_path / "idx").simulate_get("/article/a?mark=country").text

    assert '<h1><span class="ev country" id="at-1">France' in page
    assert '<span class="ev country" id="at-2">Paris' in page
    assert '“France”, in the headline: its name <span class="count">90 % sure</span>' in page
    assert "stated by the archive</li>" in page
    assert 'value="person"' not in page, "nothing of it can be marked"


def test_overlapping_marks_and_evidence_keep_every_letter() -> None:
    text = "West Berlin\n\nand Bonn"
    passages = [Passage(0, 11, "country", 1), Passage(5, 11, "person", 2), Passage(17, 21, "country", 3)]

    cut = [paragraph.pieces for paragraph in paragraphs(text, [(5, 11)], passages)]

    assert ["".join(piece.text for piece in paragraph) for paragraph in cut] == ["West Berlin", "and Bonn"]
    assert [(p.text, p.hit, p.kind, p.number) for p in cut[0]] == [
        ("West ", False, "country", None),
        ("Berlin", True, "country", 1),
    ]


def test_wrapped_lines_flow_and_those_of_a_poem_stay() -> None:
    wrapped = (
        "The dry period means the temporao will be late\nthis year although levels of humidity have not\nbeen restored."
    )
    poem = "Roses are red,\nViolets are blue,\nSugar is sweet."

    found = list(paragraphs(f"{wrapped}\n    {poem}\n\nOne line.", []))

    assert [paragraph.verse for paragraph in found] == [False, True, False]
    assert found[1].pieces[0].text == poem


def test_neighbours_are_those_of_the_result(engine: Engine) -> None:
    query = Query(text="president", size=10)
    ids = [hit.article.id for page in (1, 2) for hit in engine.search(Query(text="president", page=page)).hits]

    before, after = neighbours(engine, PageState(query), ids[4])
    assert before is not None
    assert after is not None
    assert (before.url, after.url) == (f"/article/{ids[3]}?q=president", f"/article/{ids[5]}?q=president")


def test_neighbours_go_from_page_to_page(engine: Engine) -> None:
    ids = [hit.article.id for page in (1, 2) for hit in engine.search(Query(text="president", page=page)).hits]

    asked = PageState(Query(text="president"))
    before, after = neighbours(engine, asked, ids[0])[0], neighbours(engine, asked, ids[9])[1]
    assert before is None
    assert after is not None
    assert after.url == f"/article/{ids[10]}?q=president&page=2"
    back = neighbours(engine, PageState(Query(text="president", page=2)), ids[10])[0]
    assert back is not None
    assert back.url == f"/article/{ids[9]}?q=president"


def test_an_article_that_the_question_does_not_find_has_no_neighbours(engine: Engine) -> None:
    assert neighbours(engine, PageState(Query(text="zebrafish")), "1961-08-berlin-wall") == (None, None)


def test_an_article_is_read_also_where_the_way_to_it_is_gone(tmp_path: Path, serve: Callable[[Path], Client]) -> None:
    client = serve(tmp_path / "idx")
    with search.writer(tmp_path / "idx") as writer:
        for name in "abc":
            writer.add(Article(name, "oil"))
    with search.open(tmp_path / "idx") as engine:
        asked = {"q": "oil", "cursor": engine.search(Query("oil", size=1)).cursor}
    assert 'rel="next"' in client.simulate_get("/article/b", params=asked).text
    with search.writer(tmp_path / "idx") as writer:
        writer.block("d")
    page = client.simulate_get("/article/b", params=asked)

    assert page.status_code == 200
    assert "<mark>oil</mark>" in page.text
    assert 'rel="next"' not in page.text


def test_the_way_back_keeps_the_view(client: Client) -> None:
    text = client.simulate_get(f"{WALL}?q=berlin&page=1&view=map&mark=person").text

    assert '<a href="/?q=berlin&amp;view=map">← Back to the results</a>' in text


def test_similar_articles_are_other_ones(client: Client) -> None:
    text = client.simulate_get(WALL).text
    similar = re.findall(r'<li><a href="/article/([^"]+)">', text[text.index('id="similar"') :])

    assert len(similar) == 5
    assert "1961-08-berlin-wall" not in similar


def test_an_article_can_be_cited_for_programs_and_in_three_styles(client: Client) -> None:
    text = html.unescape(client.simulate_get(WALL).text)

    assert "TY  - NEWS" in text
    assert "@article{1961-08-berlin-wall" in text
    assert '"id": "1961-08-berlin-wall",\n    "type": "article-newspaper"' in text
    for name in ("Chicago", "APA", "MLA"):
        assert re.search(rf'data-copy="{name}">[^<]*<', text)


def test_the_page_describes_the_article_to_machines(client: Client, engine: Engine) -> None:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', client.simulate_get(WALL).text)
    assert found is not None
    described = json.loads(found[1])

    assert described["@type"] == "NewsArticle"
    assert described["headline"] == engine.article("1961-08-berlin-wall").title
    assert described["datePublished"] == "1961-08-13"


def test_no_text_ends_the_description(tmp_path: Path, serve: Callable[[Path], Client]) -> None:
    title = "</script><script>alert(1)</script> <!-- & '"
    with search.writer(tmp_path / "idx") as writer:
        writer.add(Article("x", "text", title))
    found = re.search(
        r'<script type="application/ld\+json">(.*?)</script>', serve(tmp_path / "idx").simulate_get("/article/x").text
    )

    assert found is not None
    assert json.loads(found[1])["headline"] == title


def test_an_address_of_a_stranger_is_text_and_no_link(tmp_path: Path, serve: Callable[[Path], Client]) -> None:
    with search.writer(tmp_path / "idx") as writer:
        writer.add(Article("x", "text", "title", url="javascript:alert(1)"))
    text = serve(tmp_path / "idx").simulate_get("/article/x").text

    assert "javascript:alert(1)" in text
    assert 'href="javascript' not in text
