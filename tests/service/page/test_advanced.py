"""The advanced form: it writes a query line, and a search is read back into it."""

from __future__ import annotations

import html
import re
from urllib.parse import parse_qsl, urlencode, urlsplit

import falcon.testing
from hypothesis import example, given
from hypothesis import strategies as st

from search.errors import BadQuery
from search.syntax import parse, spelled
from search.syntax.nodes import And
from search.values.bad_values import MAX_TEXT
from search.values.query import Query
from service.page.advanced import FIELDS, Typed, opened, written
from tests.cases import cases
from tests.search.syntax.test_form import TEXT
from tests.search.syntax.test_parser import ANY
from tests.service.page.test_search import page
from tests.tiers import examples

Client = falcon.testing.TestClient
Pairs = list[tuple[str, str]]


def sent(client: Client, **fields: str) -> Pairs:
    """The parameters of the search that the form leads to."""
    answer = client.simulate_get("/advanced", params={"write": "true", **fields})
    assert answer.status_code == 303, answer.text
    assert urlsplit(answer.headers["location"]).path == "/"
    return parse_qsl(urlsplit(answer.headers["location"]).query)


def fields(text: str) -> dict[str, str]:
    """What is in the fields of a form, but for the hidden ones."""
    found = re.findall(r'<input id="(\w+)" name="\w+" value="([^"]*)"', text.split('class="advanced"')[1])
    chosen = re.findall(r'<option value="(\w+)" selected>', text)
    return {name: html.unescape(value) for name, value in [*found, ("within", chosen[0]), ("match", chosen[1])]}


def test_every_field_is_written_into_the_line(client: Client) -> None:
    asked = {
        "words": "Öl price", "phrase": "Saudi Arabia", "any": "crisis 石油", "none": "gas north-sea",
        "title": "opec", "near": "barrel dollar", "within": "s", "by": "Ann Lee", "in": '«A» "B"',
        "from": "March 1987", "to": "1988", "and": "country:IR OR topic:sport",
    }  # fmt: skip
    line = (
        'Öl AND price AND "Saudi Arabia" AND (crisis OR 石油) AND barrel /s dollar AND title:opec AND NOT gas AND '
        'NOT north-sea AND author:"Ann Lee" AND source:"«A» \\"B\\"" AND '
        "(country:IR OR topic:sport)"
    )
    assert sent(client, **asked) == [("q", line), ("from", "March 1987"), ("to", "1988")]
    dated = sent(client, line="true", words="oil", **{"from": "March 1987", "to": "-7d"})
    assert dated == [("q", 'oil AND published:"March 1987..-7d"')]


def test_common_words_in_the_last_field_are_noted_as_in_the_search_box(client: Client) -> None:
    asked = sent(client, words="price", **{"and": "the oil or gas"})
    assert asked == [("q", "price AND (the oil or gas)")]
    noted = page(client, f"/?{urlencode(asked)}")
    assert "“or” at 20 was ignored as a common word" in noted
    assert sent(client, **{"and": "the oil"}) == [("q", "the oil")]


def test_a_form_shows_what_was_typed(client: Client) -> None:
    asked = {"words": "Öl", "phrase": "袭击", "any": "Été U.S.", "near": "WHO Geneva", "in": '«A» "B"', "from": "1960"}
    line = dict(sent(client, **asked, line="true"))["q"]
    shown = fields(page(client, f"/advanced?{urlencode({'q': line})}"))
    assert shown | asked == shown


def test_the_filters_of_a_search_stay(client: Client) -> None:
    asked = "q=oil&country=DE&person.not=Richard+Nixon&sort=oldest&view=map&from=1960&page=2&date.missing=true"
    text = page(client, f"/advanced?{asked}")
    hidden = re.findall(r'<input type="hidden" name="([\w.]+)" value="([^"]*)"', text.split('class="advanced"')[1])

    assert fields(text) | {"words": "oil", "from": "1960"} == fields(text)
    stay = [
        ("country", "DE"), ("person.not", "Richard Nixon"), ("date.missing", "true"), ("sort", "oldest"),
        ("view", "map"),
    ]  # fmt: skip
    assert sorted(hidden) == sorted([("write", "true"), *stay, ("was", "oil")])
    assert "not</span> Richard Nixon" in text
    found = sent(client, words="moon", **{"from": "1960"}, **dict(stay))
    assert sorted(found) == sorted([("q", "moon"), ("from", "1960"), *stay])


def test_how_many_words_are_required_is_a_field(client: Client) -> None:
    text = page(client, "/advanced?q=oil+gas+price&match=most&country=DE")
    assert fields(text)["match"] == "most"
    assert 'type="hidden" name="match"' not in text
    assert "most search terms</li>" not in text

    asked = {"words": "oil gas price", "country": "DE"}
    assert ("match", "any") in sent(client, **asked, match="any")
    assert "match" not in dict(sent(client, **asked, match="all"))
    refused = page(client, "/advanced?write=true&words=oil&match=any&from=31/31/1998", 400)
    assert fields(refused)["match"] == "any"
    assert "some" in page(client, "/advanced?write=true&words=oil&match=some", 400)


@cases(
    "asked",
    ["q=Oil+prices", "q=oil+gas+price&match=most", "q=-gas+%28oil+OR+price%29&from=1960", "q=published%3A1960+oil", ""],
)
def test_an_untouched_form_leads_back_to_its_search(client: Client, asked: str) -> None:
    text = page(client, f"/advanced?{asked}")
    hidden = re.findall(r'<input type="hidden" name="([\w.]+)" value="([^"]*)"', text.split('class="advanced"')[1])

    assert sent(client, **fields(text), **{name: html.unescape(value) for name, value in hidden}) == parse_qsl(asked)


def is_backwards(typed: Typed) -> bool:
    """Whether a form has a range that it refuses, as it does what ends before it begins; a search only notes that."""
    try:
        written(Typed({name: typed.text[name] for name in ("from", "to")}))
    except BadQuery:
        return True
    return False


@examples(100, few=30)
@example("published:-7d..1989", None)
@given(ANY, st.sampled_from([None, "1960"]))
def test_a_form_says_what_its_search_says(text: str, first: str | None) -> None:
    typed = opened(Query(text, date_from=first))
    before = parse(text)
    if is_backwards(typed):
        assert "ends before it begins" in " ".join(before.notes)
        return
    tree = parse(dict(written(typed))["q"]).tree

    parts = [sorted(map(repr, one.parts if isinstance(one, And) else (one,))) for one in (tree, before.tree)]
    assert parts[0] == parts[1]
    assert dict(written(typed)).get("from", "") == (first or "")
    assert dict(written(typed, text))["q"] == text


@examples(100, few=30)
@given(TEXT)
def test_no_field_but_the_last_has_syntax(text: str) -> None:
    for name in FIELDS[:-1]:
        if name in ("from", "to", "within"):
            continue
        line = dict(written(Typed({name: text})))["q"]
        parsed = parse(line)
        assert spelled(parsed.tree) == line
        assert parsed.notes == ()


@cases("text", ["x " * 5000, "x" * 10000, '"' * 10000, "(" * 10000, "\u200f" * 10000])
@cases("name", ["words", "phrase", "any", "none", "title", "near", "by", "in", "from", "and"])
def test_a_long_value_is_searched_for_or_refused_with_a_sentence(client: Client, name: str, text: str) -> None:
    answer = client.simulate_get("/advanced", params={"write": "true", name: text})
    if answer.status_code == 303:
        assert len(dict(parse_qsl(urlsplit(answer.headers["location"]).query)).get("q", "")) <= MAX_TEXT
        return
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert html.escape(text.strip(), quote=False).replace('"', "&#34;") in answer.text


def test_a_bad_date_stays_in_its_field_with_the_sentence_beside_it(client: Client) -> None:
    text = page(client, "/advanced?write=true&words=oil&from=31/31/1998&and=gas+OR&country=DE&was=oil", 400)

    assert fields(text)["from"] == "31/31/1998"
    assert 'id="wrong-from">“31/31/1998” is not in the calendar' in text
    assert 'id="wrong-and">OR at 5 has nothing on one side: ignored.' in text
    assert (fields(text)["words"], fields(text)["and"]) == ("oil", "gas OR")
    assert 'name="country" value="DE"' in text


def test_a_form_opened_from_a_search_with_a_bad_date_shows_it(client: Client) -> None:
    text = page(client, "/advanced?q=oil&from=31/31/1998&country=DE", 400)

    assert fields(text)["from"] == "31/31/1998"
    assert 'id="wrong-from">' in text
    assert 'name="country" value="DE"' in text


def test_the_page_is_linked_beside_the_search_field(client: Client) -> None:
    assert 'href="/advanced?q=oil&amp;country=DE">Advanced search</a>' in page(client, "/?q=oil&country=DE&page=1")


def test_what_is_typed_is_text_on_the_page(client: Client) -> None:
    text = page(
        client, "/advanced?write=true&words=%22%3E%3Cscript%3E&from=x&was=%22%3E%3Cscript%3E&country=%3Cscript%3E", 400
    )

    assert "<script>" not in text.replace('<script src="', "")


def test_what_scanners_misread_is_forgiven_by_a_tick(client: Client) -> None:
    forgiven = dict(sent(client, words="oil price", misread="true"))
    assert forgiven == {"q": "(oil AND price)~ocr"}
    assert opened(Query("(oil price)~ocr-oi1")).text["misread"] == "true"
    assert written(opened(Query("(oil price)~ocr-oi1")), "(oil price)~ocr-oi1")[0] == ("q", "(oil price)~ocr-oi1")
    assert sent(client, words="oil price", was="(oil price)~ocr") == [("q", "oil price")]
    assert opened(Query("oil~ocr price")).text["misread"] == ""
