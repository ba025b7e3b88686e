"""The names of one person over an archive: by their letters, the years of their articles, and their companions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from search.names.agreement import Agreement, agree, parts
from search.names.authority import NO_RULES
from search.names.company import Articles
from search.names.spellings import ENOUGH, FEW, MANY, RARELY, SURE, People
from search.text.tokens import fold
from tests.cases import cases
from tests.plain_engine.names import shown_under
from tests.tiers import examples

Archive = Sequence[tuple[date | None, Sequence[str]]]
OLD, LATER, NEW = date(1987, 3, 6), date(1994, 5, 1), date(2004, 10, 5)


def joined(articles: Archive) -> dict[str, str]:
    """Name → the name it is shown under, of those shown under another."""
    counts = Counter(name for _, names in articles for name in names)
    names = sorted(counts)
    numbers = {name: number for number, name in enumerate(names)}
    people = People()
    people.add(map(fold, names))
    company = Articles((day, [numbers[name] for name in listed]) for day, listed in articles)
    having = np.array([counts[name] for name in names], np.int64)
    heads = people.groups(having, names, np.zeros(len(names), np.bool_), company)
    return {name: names[head] for name, head in zip(names, heads.tolist(), strict=True) if names[head] != name}


NAMES = st.sampled_from(
    ["ann lee", "ann b lee", "ann c lee", "anna lee", "anne lee", "a lee", "a b lee", "lee", "ann lee jr", "lee ann",
     "damien lee", "damian lee", "john lee", "john b lee", "bill lee", "william lee", "ann-lee", "annlee",
     "bo lee", "bob lee", "bo xi", "xi", "xi bo", "xi b o", "ann xi",
     "lee iii", "ann lee ii", "van lee", "cy", "dee", "eve"]
)  # fmt: skip
DAYS = st.sampled_from([None, OLD, LATER, NEW, date(2012, 1, 1)])
ARCHIVES = st.lists(
    st.tuples(DAYS, st.lists(NAMES, max_size=4, unique=True), st.sampled_from([1, 2, 6, 50, 101])), max_size=14
)


@examples(400)
@given(ARCHIVES)
def test_names_are_joined_as_by_the_oracle(drawn: list[tuple[date | None, list[str], int]]) -> None:
    articles = [(day, names) for day, names, times in drawn for _ in range(times)]
    keys = {name: name for _, names in articles for name in names}
    expected = shown_under(articles, keys, persons=True, rules=NO_RULES)
    assert joined(articles) == {key: head for key, head in expected.items() if head != key}


@cases(
    "one, other, how",
    [
        ("ronald reagan", "ronald w. reagan", Agreement.INITIALS),
        ("ronald w. reagan", "ronald t. reagan", Agreement.NONE),
        ("ronald wilson reagan", "ronald w. reagan", Agreement.INITIALS),
        ("ronald wilson reagan", "ronald reagan", Agreement.SHORTENED),
        ("dan amstutz", "daniel amstutz", Agreement.SHORTENED),
        ("ed reagan", "edward reagan", Agreement.NONE),
        ("bill reagan", "william j. reagan", Agreement.LETTER),
        ("tony reagan", "anthony reagan", Agreement.LETTER),
        ("al reagan", "alan reagan", Agreement.NONE),
        ("bill reagan", "bob reagan", Agreement.NONE),
        ("james welch jr.", "james welch", Agreement.SHORTENED),
        ("andres soriano iii", "andres soriano", Agreement.NONE),
        ("damien hockney", "damian hockney", Agreement.LETTER),
        ("suliman majed shaheen", "suleiman majed shaheen", Agreement.INITIALS),
        ("suliman m. shaheen", "suleiman m. shaheen", Agreement.LETTER),
        ("gabriele lee", "gabriela lee", Agreement.NONE),
        ("mark lee", "mary lee", Agreement.NONE),
        ("richard von weizsaecker", "richard weizsaecker", Agreement.INITIALS),
    ],
)
def test_given_names_agree_or_differ(one: str, other: str, how: Agreement) -> None:
    assert agree(parts(one), parts(other)) is agree(parts(other), parts(one)) is how


@cases(
    "one, other, same",
    [
        ("G. Ross", "Gross", False), ("J Smith", "J. Smith", True), ("J P Grant", "J.P. Grant", True),
        ("JP Grant", "J P Grant", True), ("O Neill", "O'Neill", True), ("D'Arcy", "D’Arcy", True),
        ("X. Li", "Xli", False), ("Kim Jong Un", "Kim Jong-un", True), ("王 小明", "王小明", True),
    ],
)  # fmt: skip
def test_a_space_hyphen_or_apostrophe_makes_no_other_name_but_an_initial_does(one: str, other: str, same: bool) -> None:
    shown = joined([(NEW, [one]), (NEW, [other])])
    assert bool(shown) == same


def test_a_vice_president_is_not_a_later_president() -> None:
    articles = [(OLD, ["george bush", "shultz"])] * 5 + [(NEW, ["george w. bush", "rice"])] * 9 + [(OLD, ["bush"])]
    assert joined(articles) == {"bush": "george bush"}


def test_a_surname_of_other_years_stays_apart() -> None:
    articles = [(OLD, ["james goldsmith", "hanson"])] * 9
    assert joined([*articles, (NEW, ["goldsmith", "hanson"])]) == {}
    assert joined([*articles, (LATER, ["goldsmith", "hanson"])]) == {"goldsmith": "james goldsmith"}


def test_a_surname_with_other_companions_stays_apart() -> None:
    articles = [(OLD, ["saddam hussein", "tariq aziz"])] * 9
    assert joined([*articles, (OLD, ["hussein", "shimon peres"])]) == {}
    assert joined([*articles, (OLD, ["hussein", "tariq aziz"])]) == {"hussein": "saddam hussein"}


def test_a_surname_with_other_companions_is_that_of_a_name_in_very_many_articles() -> None:
    articles = [(OLD, ["james baker", "reagan"])] * SURE
    assert joined([*articles, (OLD, ["baker", "miyazawa"])]) == {"baker": "james baker"}
    assert joined([*articles[1:], (OLD, ["baker", "miyazawa"])]) == {}


def test_a_surname_without_companions_needs_a_name_in_enough_articles() -> None:
    assert joined([(OLD, ["nigel lawson"])] * ENOUGH + [(OLD, ["lawson"])]) == {"lawson": "nigel lawson"}
    assert joined([(OLD, ["nigel lawson"])] * (ENOUGH - 1) + [(OLD, ["lawson"])]) == {}


def test_companions_tell_whose_a_surname_of_two_people_is() -> None:
    two = [(OLD, ["ann lee", "bo"])] * 9 + [(OLD, ["cy lee", "dee"])] * 5
    assert joined([*two, (OLD, ["lee", "bo"])]) == {"lee": "ann lee"}
    assert joined([*two, (OLD, ["c lee", "dee"])]) == {"c lee": "cy lee"}


def test_a_surname_of_two_people_stays_apart_in_doubt() -> None:
    two = [(OLD, ["ann lee", "bo"])] * 9 + [(OLD, ["cy lee", "bo"])] * 5
    assert joined([*two, (OLD, ["lee", "bo"])]) == {}
    assert joined([*two, (OLD, ["lee", "eve"])]) == {}
    assert joined([*two[:10], *[(OLD, ["cy lee", "dee"])] * 5, *[(OLD, ["lee", "dee"])] * 7]) == {}


def test_a_surname_of_many_people_stays_apart() -> None:
    many = [(OLD, [f"{name} lee", f"friend {name}"]) for name in ("ann", "bob", "cy", "dan", "eve", "flo")[: FEW + 1]]
    assert joined([*many, (OLD, ["lee", "friend ann"])]) == {}
    assert joined([*many[:FEW], (OLD, ["lee", "friend ann"])]) == {"lee": "ann lee"}


def test_two_sets_of_initials_leave_the_name_without_them_apart() -> None:
    articles = [(OLD, ["john a. lee"])] * 3 + [(OLD, ["john b. lee"])] * 2 + [(OLD, ["john lee"])] * 9
    assert joined(articles) == {}
    assert joined(articles[3:]) == {"john b. lee": "john lee"}


def test_a_name_without_a_date_is_joined_to_none_of_which_all_articles_have_one() -> None:
    dated, undated = [(OLD, ["nigel lawson"])] * 9, [(None, ["nigel lawson"])]
    assert joined([*dated, (None, ["lawson"])]) == {}
    assert joined([*dated, *undated, (None, ["lawson"])]) == {"lawson": "nigel lawson"}


def test_a_given_name_that_differs_in_a_letter_needs_a_companion() -> None:
    assert joined([(NEW, ["damien hockney", "kilroy"])] * 2 + [(NEW, ["damian hockney", "kilroy"])]) == {
        "damian hockney": "damien hockney"
    }
    assert joined([(NEW, ["damien hockney", "kilroy"])] * 2 + [(NEW, ["damian hockney"])]) == {}


def test_a_pet_form_of_a_given_name_needs_a_companion() -> None:
    assert joined([(NEW, ["bill gates", "allen"])] * 2 + [(NEW, ["william gates", "allen"])]) == {
        "william gates": "bill gates"
    }
    assert joined([(NEW, ["bill gates", "allen"])] * 2 + [(NEW, ["william gates", "clinton"])]) == {}


def test_a_frequent_surname_needs_no_companion_but_a_name_that_is_not_rare() -> None:
    lone = [(OLD, ["reagan", f"senator {number}"]) for number in range(MANY + 1)]
    assert joined(lone + [(OLD, ["ronald reagan"])] * (MANY // RARELY + 1)) == {"reagan": "ronald reagan"}
    assert joined(lone + [(OLD, ["ronald reagan"])] * (MANY // RARELY)) == {}


def test_of_many_people_of_a_surname_two_may_have_a_usual_given_name() -> None:
    lone = [(OLD, ["john kennedy", "bullock"]), (NEW, ["john f. kennedy", "sirhan"]), (NEW, ["john f. kennedy"])]
    others = [(NEW, [f"{name} kennedy"]) for name in ("ted", "rose", "jean")]
    assert joined([(NEW, names) for _, names in lone] + others[:2]) == {"john kennedy": "john f. kennedy"}
    assert joined([(NEW, names) for _, names in lone] + others) == {}
    assert joined([(NEW, [*names, "sirhan"]) for _, names in lone] + others) == {"john kennedy": "john f. kennedy"}
