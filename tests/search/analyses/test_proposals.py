"""Names that may be one are proposed with the evidence of their articles, and not against it."""

from __future__ import annotations

from search import Article
from search.analyses.proposals import SPORT, Proposal, TwoFields, Years, on_sport, proposals
from tests.cases import cases
from tests.plain_engine import PlainEngine

Row = tuple[str, tuple[str, ...]]


def proposed(*rows: Row) -> list[Proposal]:
    """The proposals for articles of some years with some persons."""
    articles = [
        Article(f"a{number}", "Text.", published=year or None, person=names)
        for number, (year, names) in enumerate(rows)
    ]
    return list(proposals(PlainEngine(articles), "person").found)


def named(found: list[Proposal]) -> list[tuple[str, str]]:
    return [(one.pair.name, one.pair.other) for one in found]


def test_a_proposal_says_who_is_named_with_both_and_when() -> None:
    (found,) = proposed(
        *[("2003", ("Muqtada al-Sabri", "Paul Bremer"))] * 2, ("2004", ("Moqtada al-Sabri", "Paul Bremer"))
    )
    assert found.companions == ("Paul Bremer",)
    assert found.years == (Years(2003, 2003), Years(2004, 2004))


@cases(
    "sport, others, found",
    [
        ([("Ann", "Bo")], [("Cy", "Di")], TwoFields(1, 1)),
        ([("Ann", "Bo")], [("Cy", "Di"), ("Cy", "Ann")], None),
        ([("Ann", "Bo")], [("Cy",)], None),
        ([("Ann", "Bo")], [], None),
    ],
)
def test_one_name_may_be_two_people_if_sport_shares_no_companion_with_other_news(
    sport: list[tuple[str, ...]], others: list[tuple[str, ...]], found: TwoFields | None
) -> None:
    rows = [(names, (SPORT,)) for names in sport] + [(names, ()) for names in others]
    articles = [
        Article(f"a{number}", "Text.", person=("John Smith", *names), topic=topic)
        for number, (names, topic) in enumerate(rows)
    ]
    assert on_sport(PlainEngine(articles), "john smith") == found


def test_names_with_companions_come_before_names_in_more_articles() -> None:
    rows = [("2004", ("Ann-Marie Leeford", "Cy Dee"))] * 9 + [("2004", ("Ann-Maria Leefort",))] * 5
    rows += [("2004", ("Robert Mugabi", "Bo Ek"))] * 2 + [("2004", ("Robert Mugabe", "Bo Ek"))]
    rows += [("2004", ("Robert Magebi",))]
    found = proposed(*rows)
    assert named(found)[0] == ("Robert Mugabi", "Robert Mugabe")


def test_given_names_that_differ_are_never_proposed() -> None:
    assert proposed(("2004", ("Mark Davies", "Bo Ek")), ("2004", ("Mary Davies", "Bo Ek"))) == []


def test_names_of_other_decades_are_not_proposed() -> None:
    assert proposed(("1987", ("Moqtada al-Sabri",)), ("2004", ("Muqtada al-Sabri",))) == []


def test_a_surname_is_proposed_for_a_full_name_with_the_same_companions_only() -> None:
    rows = [("1987", ("Saddam Hussein", "Tariq Aziz", "Bo Ek"))] * 4 + [("1987", ("Uday Hussein", "Bo Ek"))] * 2
    assert named(proposed(*rows, ("1987", ("Hussein", "Bo Ek")))) == [("Saddam Hussein", "Hussein")]
    assert proposed(*rows, ("1987", ("Hussein", "Shimon Peres"))) == []


def test_two_names_in_one_article_are_not_proposed_unless_they_are_spelled_alike() -> None:
    assert proposed(("1987", ("D. Baker", "Dan Baker", "Cy Dee"))) == []
    assert named(proposed(("2004", ("Muqtada al-Sabri", "Moqtada al-Sabri"))))
