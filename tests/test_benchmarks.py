"""Figures are kept as they were measured, and drawn as they were kept."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks import dated, events, facts, page, paired, results, svg
from search.meaning.word_piece import WordPiece
from search.values.article import Article
from tests.cases import cases


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(results, "FOLDER", tmp_path)
    monkeypatch.setattr("sys.argv", ["growth.py", "--most", "10000", "--keep"])
    return tmp_path


def test_a_sheet_comes_back_as_it_was_kept(folder: Path) -> None:
    sheet = results.Sheet("growth")
    sheet.row("steps", articles=10_000, p50=1.23456789)
    sheet.row("steps", articles=20_000, p50=2.0)
    sheet.keep()
    kept = results.Measurements("growth")

    assert kept.table("steps") == [{"articles": 10_000, "p50": 1.23457}, {"articles": 20_000, "p50": 2.0}]
    assert kept.table("none") == ()
    assert kept.origin.startswith("`python -m benchmarks.growth --most 10000`, on ")


def test_a_kept_command_names_no_folder_of_its_machine(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "sys.argv", ["growth.py", "../shared/data", "--index", "/home/me/a.idx", "--in=/tmp/b", "--keep"]
    )
    results.Sheet("growth").keep()

    assert results.Measurements("growth").origin.startswith(
        "`python -m benchmarks.growth ../shared/data --index a.idx --in=b`, on "
    )


def test_nothing_is_kept_unasked(folder: Path) -> None:
    results.Sheet("growth").keep(wanted=False)

    assert not results.Measurements("growth")


def test_a_benchmark_that_never_ran_says_how_to_run_it(folder: Path) -> None:
    assert page.section("growth") == "Not measured yet: `python -m benchmarks growth`.\n"


def test_a_document_without_a_place_is_refused() -> None:
    assert page.filled("<!-- a -->\nold\n<!-- /a -->", {"a": "new\n"}) == "<!-- a -->\nnew\n<!-- /a -->"
    with pytest.raises(ValueError, match="No place for “b”"):
        page.filled("text", {"b": "new"})


def test_a_longer_bar_is_a_greater_number() -> None:
    drawn = ElementTree.fromstring(svg.bars("<t>", {"a": {"x": 0.5, "y": 50.0}, "b": {"x": 5.0}}))
    bars = [e for e in drawn.iter("{http://www.w3.org/2000/svg}rect") if e.get("height") == str(svg.BAR - 2)]
    lengths = [float(bar.get("width", "0")) for bar in bars if bar.get("width") != "11"]

    assert lengths[0] < lengths[2] < lengths[1]
    assert lengths[2] - lengths[0] == pytest.approx(lengths[1] - lengths[2], abs=0.2)


def test_lines_go_through_their_points() -> None:
    drawn = ElementTree.fromstring(svg.lines("t", "articles", {"p50": [(10, 1), (100, 10), (1000, 100)]}))
    points = [
        (float(c.get("cx", "0")), float(c.get("cy", "0"))) for c in drawn.iter("{http://www.w3.org/2000/svg}circle")
    ]

    assert points[1][0] == pytest.approx((points[0][0] + points[2][0]) / 2, abs=0.1)
    assert points[0][1] > points[1][1] > points[2][1]


BLAIR = ("Tony Blair", "Mr Blair", "T. Blair", "Tony")


@cases("name", ["Tony Blair", "TONY BLAIR", "Blair", "Sir Tony Blair", "T Blair", "Tony"])
def test_a_form_of_a_persons_name_is_right(name: str) -> None:
    assert facts.same(name, BLAIR)


@cases("name", ["Cherie Blair", "M Blair", "Tony Brown", "Blair House", "Tony Cherie Blair"])
def test_another_name_is_wrong(name: str) -> None:
    assert not facts.same(name, BLAIR)


def test_accents_hyphens_and_apostrophes_do_not_matter() -> None:
    assert facts.same("Gordon D’Arcy", ("Gordon D'Arcy",))
    assert facts.same("Pelé", ("Pele",))
    assert facts.same("Kim Jong Un", ("Kim Jong-un",))


def test_any_given_name_is_right_for_a_lone_surname() -> None:
    assert facts.same("Margaret Thatcher", ("Thatcher", "Mrs Thatcher"))


def judged(*found: str) -> facts.Judged:
    known = (BLAIR, ("Jane Blair", "Jane"))
    case = facts.Case(Article("bbc/1", ""), "bbc", known, ("Ann Lee",), frozenset(), frozenset(), ())
    return facts.persons(case, found)


def test_each_person_is_found_once() -> None:
    assert judged("Blair", "Tony Blair", "T Blair") == (["Tony Blair", "Blair"], ["T Blair"], [])
    assert judged("Jane") == (["Jane"], [], ["Tony Blair"])


def test_an_author_is_neither_right_nor_wrong() -> None:
    assert judged("Ann Lee", "Kyle") == ([], ["Kyle"], ["Tony Blair", "Jane Blair"])


def test_generated_days_are_stated_by_their_articles() -> None:
    articles = list(dated.articles())

    assert {each.group for each in articles} == {"address", "id", "line", "language"}
    for each in articles:
        shown = f"{each.article.url} {each.article.source_id} {each.article.text}"
        assert not each.published or each.published[:4] in shown


def test_a_month_is_no_day() -> None:
    article = Article("1", dated.ENGLISH, url="https://example.com/2019/08/bridge", language="en")

    assert facts.days([(article, "2019-08-31")]).right == 0
    assert facts.days([(article, "2019-08-31")], months=True).right == 1
    assert facts.days([(article, None)]).wrong == ["https://example.com/2019/08/bridge: 2019-08 for none"]


def test_an_event_is_judged_once_and_has_no_article_twice() -> None:
    judged = list(events.judged(Itself()))

    assert len({one.article for one in judged}) == len(judged)
    assert Counter(one.split for one in judged if one.same) == {"dev": 30, "test": 31, "check": 10}
    for one in judged:
        assert not one.same & one.related
        assert not one.other & (one.same | one.related)
        assert one.article not in one.same | one.related | one.other
        assert bool(one.same) == bool(one.name)


def test_articles_of_the_same_words_are_near_in_latent_vectors() -> None:
    texts = ("oil tanker gulf", "gulf tanker oil", "wheat harvest rain", "rain wheat harvest")
    articles = {str(n): Article(str(n), texts[n % 4], language="en") for n in range(16)}
    vectors = events.latent(articles)

    assert vectors["0"] @ vectors["1"] == pytest.approx(1, abs=1e-3)
    assert abs(float(vectors["0"] @ vectors["2"])) < 0.1


def test_a_difference_by_chance_is_likely_and_a_constant_one_is_not() -> None:
    assert paired.chance([1.0, 0.0] * 10, [0.0, 1.0] * 10) > 0.5
    assert paired.chance([1.0] * 20, [0.5] * 20) < 0.001


class Itself(dict[str, str]):
    """Every article is a story by itself."""

    def __missing__(self, key: str) -> str:
        return key


def test_words_are_cut_into_the_longest_pieces_of_a_vocabulary() -> None:
    names = ["[UNK]", "arg", "##er", "u", "##ber", "東", "京", "$", "5", "€", "##3", ".", "s", "on", "##ion"]
    pieces = WordPiece({name: number for number, name in enumerate(names)})

    def cut(text: str, most: int = 100) -> list[str]:
        return [names[number] for number in pieces.pieces(text, most)]

    assert cut("Ärger  über") == ["arg", "##er", "u", "##ber"]
    assert cut("Arger\nU.S.") == ["arg", "##er", "u", ".", "s", "."]
    assert cut("東京 $5 €3") == ["東", "京", "$", "5", "€", "##3"]
    assert cut("on\u00adion \x00 \u200b") == ["on", "##ion"]
    assert cut("ononion " + "u" * 101) == ["[UNK]", "[UNK]"]
    assert cut("arger arger", 3) == ["arg", "##er", "arg"]
