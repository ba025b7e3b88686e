from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import falcon.testing
from lxml import etree
from lxml.html import document_fromstring

import search
from search import Article
from search.values.scan import ScanPage
from service.archive import Archive
from service.page.search import numbers
from service.server.app import create_app
from tests.cases import cases
from tests.conftest import PATIENT

Client = falcon.testing.TestClient


def page(client: Client, path: str, status: int = 200) -> str:
    answer = client.simulate_get(path)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return answer.text


def links(text: str) -> list[str]:
    return [html.unescape(found) for found in re.findall(r'href="(/[^"]*)"', text)]


def test_articles_with_most_of_the_words_are_offered_where_few_have_all(client: Client) -> None:
    text = page(client, "/?q=berlin+wall+east+Z%C3%A9bra")
    most = client.simulate_get("/api/search?q=berlin+wall+east+zebra&match=most&size=100").json

    assert "No article has all 4 search terms." in text
    assert most["total"] > 0
    shown = re.findall(r'/article/([^?"]+)\?q=berlin\+wall\+east\+Z%C3%A9bra&amp;match=most', text)
    assert shown
    assert shown == [hit["id"] for hit in most["hits"][: len(shown)]]
    assert re.search("Not in it:.*<s>Zébra</s>", text)
    assert f"Show all {most['total']} article" in text


def test_every_page_of_a_long_result_can_be_reached(tmp_path: Path, serve: Callable[[Path], Client]) -> None:
    with search.writer(tmp_path / "news.idx") as writer:
        for number in range(105):
            writer.add(Article(f"a{number}", "Talks."))
    client, path, pages = serve(tmp_path / "news.idx"), "/?size=1", 1
    while following := re.search(r'rel="next" href="([^"]*)"', page(client, path)):
        path, pages = html.unescape(following[1]), pages + 1

    assert pages == 105


FOUR = "q=berlin+wall+east+zebra"
SAYS: dict[str, tuple[str, list[str], list[str]]] = {
    "what is kept does not depend on the archive": (
        f"/?{FOUR}&match=auto",
        [f'href="/searches?{FOUR}&match=most"', f'href="/cite?{FOUR}&match=most"'],
        [],
    ),
    "what is required is said and can be removed": (
        f"/?{FOUR}&match=most",
        ["No article has all 4 search terms.", "most search terms", f'href="/?{FOUR}"'],
        ['class="wider"'],
    ),
    "a sentence of unrelated words": (
        "/?q=berlin+quokka+zebra+xylophone&match=auto",
        ['class="wider"', " have at least 1.", 'href="/?q=berlin+quokka+zebra+xylophone&match=any"'],
        [],
    ),
    "a sentence of words without an article in common, as typed": (
        "/?q=belgium+archbishop+gagarin+carolina",
        ['class="wider"', " have at least 1.", "&match=any"],
        ['class="relaxations"'],
    ),
    "a sentence of words of no article": ("/?q=quokka+zebra+xylophone&match=auto", [], ['class="wider"']),
    "all words are in some article": ("/?q=berlin+wall", [], ['class="wider"']),
    "most of one word is that word": ("/?q=berlin", [], ['class="wider"']),
    "two words without an article in common": (
        "/?q=belgium+gagarin&match=auto",
        ['class="wider"', " have at least 1.", 'href="/?q=belgium+gagarin&match=any"'],
        [],
    ),
    "two words without an article in common, as typed": (
        "/?q=belgium+gagarin",
        ['class="wider"', " have at least 1.", "&match=any", 'class="relaxations"'],
        [],
    ),
    "most of two words are both": ("/?q=berlin+zebra", [], ['class="wider"']),
    "a chip takes its filter away": (
        "/?q=berlin&country=DE&country=US",
        ['href="/?q=berlin&country=US" aria-label="Remove Country Germany"'],
        [],
    ),
    "a chip turns into its opposite": (
        "/?country=DE",
        ['href="/?country.not=DE" aria-label="Exclude Germany instead"'],
        [],
    ),
    "a range of days of indexing has a chip": (
        "/?q=president&added.from=2020&added.to=2021&country=US",
        ['href="/?q=president&country=US" aria-label="Remove Added 2020 – 2021"'],
        [],
    ),
    "one of two persons may be both": (
        "/?person=Richard+Nixon&person=Al+Gore",
        ['href="/?person.all=Richard+Nixon&person.all=Al+Gore" title="Match all of them instead">or</a>'],
        [],
    ),
    "both of two persons may be one of them": (
        "/?person.all=Richard+Nixon&person.all=Al+Gore",
        ['href="/?person=Richard+Nixon&person=Al+Gore" title="Match any of them instead">and</a>'],
        [],
    ),
    "an empty result says which word emptied it": (
        "/?q=berlin+zebrafish",
        ["No articles found", 'class="term zero">zebrafish'],
        [],
    ),
    "an empty result offers to drop all that the archive does not have": (
        "/?q=berlin+zebrafish+quokka&country=DE",
        ['<a href="/?q=berlin&country=DE"><b>zebrafish and quokka</b></a>'],
        [],
    ),
    "an excluded word is not what emptied the result": (
        "/?q=berlin+-berlin+-zebra",
        ['<span class="term">without zebra <span class="count">0'],
        ['class="term zero"'],
    ),
    "repairs of the query are shown": ('/?q="berlin', ["Unclosed quote"], []),
    "a query nearly right is mended with one click": (
        "/?q=berlinn&country=DE",
        ['Did you mean <a href="/?q=berlin&country=DE"><b>berlin</b></a>'],
        [],
    ),
    "a name in the box is offered as a filter": (
        "/?q=nixon&country=US",
        ['href="/?person=Richard+Nixon&country=US"><span class="kind">person</span> Richard Nixon'],
        [],
    ),
    "the first page leads on": ("/?size=50", ['<a rel="next" href="/?size=50&page=2">'], ['<a rel="prev"']),
    "the second page leads back": ("/?size=50&page=2", ['<a rel="prev" href="/?size=50">'], []),
}


@cases("fact", SAYS)
def test_a_page_says_what_is_so(client: Client, fact: str) -> None:
    path, said, not_said = SAYS[fact]
    text = html.unescape(page(client, path))

    assert [part for part in said if part not in text] == []
    assert [part for part in not_said if part in text] == []


def test_words_that_moved_a_hit_are_named_and_can_be_left_out(client: Client) -> None:
    asked = "/?q=berlin+wall+east+zebra&match=any"
    best, by_words = page(client, asked), page(client, f"{asked}&rank=words")

    assert "Also because of:" in best
    assert f"{asked}&rank=words" in links(best)
    assert "Also because of:" not in by_words
    assert asked in links(by_words)


def test_a_question_is_offered_as_a_query_that_finds_as_many_as_it_says(client: Client) -> None:
    text = page(client, "/?q=Berlin+in+August+1961+but+not+football")
    found = re.search(
        r'<p class="note" id="question">.*?<a href="(.+?)"><b>(.+?)</b></a> <span class="count">(\d+) ', text
    )

    assert found
    assert found[2] == "Berlin NOT football · August 1961"
    asked = html.unescape(found[1]).replace("/?", "/api/search?")
    assert client.simulate_get(asked).json["total"] == int(found[3]) > 0
    assert 'id="question"' not in page(client, "/?q=berlin+wall")


def test_the_page_shows_what_the_api_answers(client: Client) -> None:
    text = page(client, "/?q=berlin+wall")
    answer = client.simulate_get("/api/search?q=berlin+wall&facet_size=5").json

    assert re.search(rf"<strong>{answer['total']} articles?</strong>", text)
    for hit in answer["hits"]:
        assert f"/article/{hit['id']}?q=berlin+wall" in text
    for entry in answer["facets"]["country"]["values"]:
        assert html.escape(entry["label"]) in text


STARTS = (
    "/?q=zebra", f"/?{FOUR}", "/article/1961-08-berlin-wall?q=berlin&mark=country",
    "/compare?q=president&q=moon+OR+space&q=country:US&source.not=Meridian+Wire&from=1950&scale=filters&interval=decade",
    "/?view=over-time&q=president&field=country&interval=decade&group=story&from=1950",
    "/?q=berlin&country=DE&from=1961", "/?more=person&find=k",
    "/?view=special&q=president&field=person&against=filters&country=US",
    "/?view=people&q=president&pair=person,country&measure=npmi&min=1",
    "/?q=president&person=Richard+Nixon&person=John+F.+Kennedy&scale=filters&page=2",
    "/", "/?view=map&q=president", "/?view=map&q=president&draw=tiles", "/?view=people&q=president",
    "/?view=special&q=president", "/?view=over-time&q=president", "/?view=concordance&q=president&context=left",
)  # fmt: skip


NAMELESS = {"bdi", "div", "em", "i", "p", "pre", "s", "span", "strong", "time"}
"""Elements that no reader of a screen names, unless they have a role."""


def test_what_is_named_has_a_role_and_a_time_states_one(client: Client, amount: Callable[..., int]) -> None:
    for start in STARTS[: amount(len(STARTS), few=4)]:
        for element in document_fromstring(page(client, start)).iter():
            if element.tag in NAMELESS and element.get("aria-label"):
                assert element.get("role"), etree.tostring(element)
            if element.tag == "time":
                assert element.get("datetime"), etree.tostring(element)


def test_every_link_of_the_page_leads_somewhere(client: Client, amount: Callable[..., int]) -> None:
    kinds: dict[tuple[str, ...], list[str]] = {}
    for start in STARTS[: amount(len(STARTS), few=4)]:
        for link in sorted({link.partition("#")[0] for link in links(page(client, start))}):
            address = urlsplit(link)
            kind = address.path.split("/")[1], *dict(parse_qsl(address.query))
            kinds.setdefault(kind, []).append(link)
    for link in {link for alike in kinds.values() for link in alike[: amount(len(alike), few=1)]}:
        answer = client.simulate_get(link)
        assert answer.status_code == 200, link
        assert 'id="unread"' not in answer.text, link


@cases(
    "text",
    [
        "zzzzz " + " ".join(f"-a{n:04}" for n in range(240)),
        "zzzzz qqqqq " + " ".join(f"-a{n:04}" for n in range(240)),
        f"berlin zzzzz -({'(' * 31}aaa bbb OR ccc{') ddd) OR eee' * 15}) ddd)",
    ],
)
def test_the_page_answers_what_the_api_answers(client: Client, text: str) -> None:
    for path in ("/api/search", "/"):
        answer = client.simulate_get(path, params={"q": text, "country": "FR"})
        assert answer.status_code == 200, path


def test_state_is_in_the_url(client: Client) -> None:
    text = page(client, "/?q=berlin&country=DE&person.missing=true&from=1961&topic.not=sport&view=map&scale=archive")

    assert 'value="berlin"' in text
    assert re.search(r'name="country" value="DE" checked', text)
    assert re.search(r'name="person.missing" value="true" checked', text)
    assert 'name="from" value="1961"' in text
    assert 'name="topic.not" value="medtop:15000000"' in text
    assert 'name="view" value="map"' in text
    assert 'name="scale" value="archive"' in text


def test_a_bad_value_is_told_beside_its_field_and_the_rest_is_searched(client: Client) -> None:
    text = page(client, "/?q=president&country=US&country=Chima&from=neulich&sort=best", 400)

    assert "<title>Error: president" in text
    assert 'id="unread" role="alert"' in text
    assert re.search(r'href="#facet-country">No country “Chima”.</a> Nearest: China.', text)
    assert re.search(r'id="wrong-facet-country">No country “Chima”. Nearest: China.<', text)
    assert re.search(r'name="from" value="neulich" aria-invalid="true" aria-describedby="wrong-from"', text)
    assert "sort cannot be “best”. Nearest: oldest." in text
    total = client.simulate_get("/api/search?q=president&country=US").json["total"]
    assert f"of <strong>{total} articles" in text
    assert 'name="country" value="US" checked' in text


@cases(
    "bad",
    [
        "from=31/31/1998",
        "to=x",
        "from=2000&to=1990",
        "country.not=Chima",
        "topic.all=zz",
        "page=x",
        "page=0",
        "page=5000",
        "size=900",
        "cursor=x",
        "cursor=x&page=2",
        "list=none",
        "interval=hour",
        "date.missing=maybe",
        "group=pair",
        "added.from=x",
        "from=1990&from=1991",
        "view=globe",
        "scale=log",
        "more=weather",
        "min=x",
        f"more=person&find={'a' * 101}",
        f"list={'a' * 400}",
        f"q={'a' * 2100}",
        "&".join(f"country=x{n}" for n in range(900)),
    ],
)
def test_no_bad_value_costs_the_page(client: Client, bad: str) -> None:
    text = page(client, f"/?{bad}&person=Richard+Nixon", 400)

    assert 'id="unread" role="alert"' in text
    assert 'name="person" value="Richard Nixon" checked' in text


def test_a_page_that_a_result_does_not_have_says_which_is_its_last(client: Client) -> None:
    text = page(client, "/?q=president&page=5000", 400)
    total = client.simulate_get("/api/search?q=president").json["total"]

    assert f"This result has no page 5000. The last is {-(-total // 10)}." in text


@cases(
    "path, status, said",
    [(f"/?{'a=b&' * 1001}", 400, "More than 1000 parameters"), ("/article/nowhere", 404, "nowhere")],
)
def test_what_is_not_there_is_a_page_with_a_sentence(client: Client, path: str, status: int, said: str) -> None:
    assert said in page(client, path, status)


@cases("path", ["/article/1961-08-berlin-wall", "/compare", "/names"])
def test_a_bad_value_costs_no_page_of_another_kind(client: Client, path: str) -> None:
    text = page(client, f"{path}?q=berlin&from=neulich" if path != "/names" else "/names?kind=wind", 400)

    assert 'id="unread" role="alert"' in text
    assert "<h1" in text


def test_an_empty_result_says_what_to_drop(client: Client) -> None:
    text = page(client, "/?q=berlin+zebrafish&country.not=SE")
    found = re.search(r'<a href="([^"]*)"><b>zebrafish</b></a> <span class="count">(\d+) article', text)

    assert found is not None
    total = client.simulate_get("/api/search?" + urlsplit(html.unescape(found[1])).query).json["total"]
    assert int(found[2]) == total > 0


def test_an_export_link_gives_what_the_page_counts(client: Client) -> None:
    text = page(client, "/?q=president&country.not=US&page=2&sort=oldest&group=story&size=25")
    found = next(link for link in links(text) if link.startswith("/api/export") and "jsonl" in link)
    lines = client.simulate_get(found).text.splitlines()

    assert len(lines) == client.simulate_get("/api/search?q=president&country.not=US").json["total"]


def test_an_export_link_has_every_filter(client: Client) -> None:
    asked = {
        "q": "president",
        "country.not": "US",
        "from": "1950",
        "to": "2000",
        "added.from": "2020",
        "added.to": "9998",
    }
    found = next(link for link in links(page(client, f"/?{urlencode(asked)}")) if link.startswith("/api/export"))

    assert asked.items() <= dict(parse_qsl(urlsplit(found).query)).items()


def test_a_page_past_the_end_leads_to_the_last(client: Client) -> None:
    text = page(client, "/?q=president&page=50")
    found = re.search(r'There is no page 50. <a href="([^"]+)">Go to the last, page (\d+)</a>', text)

    assert found is not None
    assert 'class="hits"' in page(client, html.unescape(found[1]))


@cases(
    "at, last, offered",
    [
        (1, 1, []),
        (1, 2, [1, 2]),
        (1, 9, [1, 2, 3, 0, 9]),
        (5, 9, [1, 2, 3, 4, 5, 6, 7, 8, 9]),
        (6, 12, [1, 0, 4, 5, 6, 7, 8, 0, 12]),
        (12, 12, [1, 0, 10, 11, 12]),
        (13, 12, []),
    ],
)
def test_pages_around_one_are_offered(at: int, last: int, offered: list[int]) -> None:
    assert numbers(at, last) == offered


def test_copies_are_counted_beside_their_article(tmp_path: Path, serve: Callable[[Path], Client]) -> None:
    with search.writer(tmp_path / "idx") as writer:
        for name in ("a", "b", "c"):
            writer.add(Article(name, "The same report.", f"Report {name}", group="g"))
        writer.add(Article("d", "Another report.", "Report d"))
    client = serve(tmp_path / "idx")

    together = page(client, "/?q=report")
    assert together.count("+2 copies</a>") == 1
    assert "<strong>4 articles</strong>" in together
    below = together.partition('class="copies"')[2].partition("</ul>")[0]
    assert re.findall(r'href="([^"]+)"', below) == ["/article/b?q=report", "/article/c?q=report"]
    assert "<strong>2 stories</strong>" in page(client, "/?q=report&group=story")
    copies = page(client, "/article/a").partition('id="copies"')[2].partition("</section>")[0]
    assert re.findall(r'<li><a href="([^"]+)"', copies) == ["/article/b", "/article/c"]


@cases(
    "path",
    [
        "/", "/?q=the+OR+of&size=100&facet_size=50", "/?view=map", "/?view=people", "/?view=special&q=president",
        "/article/1961-08-berlin-wall?mark=person",
    ],
)  # fmt: skip
def test_pages_ask_nothing_of_other_hosts_and_carry_no_style_or_script(client: Client, path: str) -> None:
    text = page(client, path)

    assert not re.search(r'(?:src|action)="(?:https?:)?//', text)
    loaded = re.sub(r'<link rel="(?:canonical|schema\.\w+)" href="[^"]*">', "", text)  # names, which nothing loads
    assert not re.search(r'<(?:link|a|form)[^>]* (?:href|action)="(?:https?:)?//', loaded)
    assert " style=" not in text
    assert "<style" not in text
    assert not re.search(r"<script(?! src=| type=\"application/ld)", text)
    assert not re.search(r" on[a-z]+=", text)


@cases(
    "path",
    [
        "/", "/?q=president&interval=year", "/?view=map", "/?view=people", "/?view=special",
        "/?more=person&order=name", "/article/1961-08-berlin-wall",
    ],
)  # fmt: skip
def test_a_page_is_light(client: Client, path: str) -> None:
    page = client.simulate_get(path)
    styles = re.findall(r'<link rel="stylesheet" href="([^"]+)">', page.text)
    scripts = [f"/static/{name}.js" for name in ("dateline", "visit", "complete", "timeline", "keys", "menus")]
    weight = sum(len(client.simulate_get(file).content) for file in (*styles, *scripts))

    assert "/static/dateline.css" in styles
    assert len(page.content) + weight < 103_800
    assert len(page.content) < 72_000


def test_a_phrase_shows_how_many_have_it_as_written(tmp_path: Path, serve: Callable[[Path], Client]) -> None:
    with search.writer(tmp_path / "i") as writer:
        writer.add(Article("a", "Oil prices fell."))
        writer.add(Article("b", "Oil pricing was discussed."))
        writer.add(Article("c", "Gas prices fell, and gas prices rose."))
    client = serve(tmp_path / "i")

    shown = re.search(r'<p id="exact">.*</p>', page(client, "/?q=%22oil+prices%22"))
    assert shown
    (link,) = links(shown[0])
    assert parse_qsl(urlsplit(link).query) == [("q", '="oil prices"')]
    assert "1 article<" in shown[0]
    assert re.search("<strong>1 article</strong>", page(client, link))
    for text in (link, "/?q=%22gas+prices%22", "/?q=oil+prices", "/?q=-%22oil+prices%22", "/?q=%22no+such%22"):
        assert 'id="exact"' not in page(client, text)


def test_a_question_with_function_words_is_answered_and_said(client: Client) -> None:
    text = page(client, "/?q=what+is+the+wall+of+berlin")

    assert "Omitted as too common, at 1 and after: what, is, the, of." in text
    assert "<mark>the</mark>" not in text.lower()
    assert re.search(r"<strong>[1-9]\d* articles?</strong>", text)


@cases("rest", ["", "&country=FR", "&from=1980", "&group=story", "&country=FR&country.main=true"])
def test_a_name_offered_for_the_words_has_the_count_of_its_search(client: Client, rest: str) -> None:
    text = page(client, f"/?q=politics{rest}")
    offers = re.findall(r'<a href="([^"]+)"><span class="kind">\w+</span> [^<]+ <span class="count">([\d,]+)<', text)

    assert offers
    for url, count in offers:
        total = re.search(r'id="total"[^>]*>(?:Results [^<]*)?<strong>([\d,]+)', page(client, html.unescape(url)))
        assert total is not None
        assert total[1] == count


def test_the_demonstration_says_how_to_index_a_folder_of_ones_own(seeds_index: Path, client: Client) -> None:
    command = ".venv/bin/dateline index my.idx FOLDER &amp;&amp; .venv/bin/dateline serve my.idx"
    with Archive(str(seeds_index)) as archive:
        demo = falcon.testing.TestClient(create_app(archive, replace(PATIENT, demo=True)))
        assert command in page(demo, "/")
        assert command not in page(demo, "/?q=berlin")
    assert command not in page(client, "/")
    assert "DATELINE_DEMO=true" in (Path(__file__).parents[3] / "Makefile").read_text("utf-8")


def test_an_article_without_a_title_is_called_by_its_first_words(
    tmp_path: Path, serve: Callable[[Path], Client]
) -> None:
    with search.writer(tmp_path / "news.idx") as writer:
        for number in range(2):
            writer.add(Article(f"a{number}", "A ship burned.", published=f"1911-05-0{number + 1}"))
    client = serve(tmp_path / "news.idx")

    for path, tag in (("/?q=ship", "h2"), ("/article/a1?q=ship", "h1"), ("/article/a1/versions/a0", "h2")):
        shown = document_fromstring(page(client, path)).xpath(f"//{tag}")
        assert "A ship burned." in [" ".join(each.text_content().split()) for each in shown], path
    feed = etree.fromstring(client.simulate_get("/feed.atom?q=ship").content)
    assert feed.findtext("{*}entry/{*}title") == "A ship burned."
    assert client.simulate_get("/api/articles/a1").json["title"] == ""


def test_misreadings_are_shown_with_what_each_adds_and_are_taken_out_by_a_click(tmp_path: Path) -> None:
    texts = ["The harbour."] * 15 + ["The harbonr."] * 2 + ["The har bour."] + ["A barbour."] * 4
    with search.writer(tmp_path / "a.idx") as writer:
        for number, text in enumerate(texts):
            writer.add(Article(f"a{number}", text, scan=(ScanPage("1", picture=f"{'a' * 64}.jpg"),)))
    with Archive(str(tmp_path / "a.idx")) as archive:
        client = falcon.testing.TestClient(create_app(archive, PATIENT))
        forgiven = next(link for link in links(page(client, "/?q=harbour")) if "%7Eocr" in link or "~ocr" in link)
        shown = document_fromstring(page(client, forgiven))
        forms = [" ".join(one.text_content().split()) for one in shown.xpath("//*[@id='forms']//li")]
        first, _, more = [one.get("href") for one in shown.xpath("//*[@id='forms']//a[@class='x']")]
        fewer = page(client, first)

        assert forms == [
            "harbonr for harbour 2 articles ×", "har bour for harbour 1 article ×", "barbour for harbour 4 articles +"
        ]  # fmt: skip
        assert dict(parse_qsl(urlsplit(more).query))["q"] == "(harbour)~ocr=barbour"
        assert "barbour for harbour 4 articles ×" in " ".join(
            document_fromstring(page(client, more)).text_content().split()
        )
        assert dict(parse_qsl(urlsplit(first).query))["q"] == "(harbour)~ocr-harbonr"
        assert "Without harbonr." in document_fromstring(fewer).text_content()
        assert forgiven in links(fewer)
        assert "/?q=harbour" in links(fewer)
        told = client.simulate_get("/api/search?q=(harbour)~ocr").json["query"]["forms"]
        assert told[0] == {"word": "harbour", "form": "harbonr", "articles": 2}
        assert told[2] == {"word": "harbour", "form": "barbour", "articles": 4, "own": True}
