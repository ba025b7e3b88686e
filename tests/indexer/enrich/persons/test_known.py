"""A lone name that readers of the time know is a person's full name."""

from indexer import languages
from indexer.enrich.persons import enrich
from indexer.enrich.persons.known_rows import RULE, rows, said
from indexer.enrich.persons.known_words import Said
from indexer.enrich.persons.tagger.sentences import sentences
from search.values.article import Article
from tests.cases import cases

ENGLISH = languages.default()


def persons(text: str, year: str | None, title: str = "") -> set[str]:
    return set(enrich(Article("a", text, title=title, published=year)).person)


@cases("year, text, name", [
    ("1984", "The miners said Thatcher had shut the pits. Thatcher told them to go.", "Margaret Thatcher"),
    ("1984", "Thatcher told the visitor that Britain would help. The prime minister left.", "Margaret Thatcher"),
    ("1970", "Pelé scored twice for Santos on Sunday.", "Pelé"),
    ("2004", "The first goal was by Scholes, the Manchester United midfielder.", "Paul Scholes"),
    ("1992", "President Bush said on Monday that he would veto the law.", "George H. W. Bush"),
    ("2005", "President Bush said on Monday that he would veto the law.", "George W. Bush"),
    ("2011-03-02", "The rebels said Gadhafi must go.", "Muammar Gaddafi"),
    (None, "The dissident Solzhenitsyn came home.", "Alexander Solzhenitsyn"),
])  # fmt: skip
def test_a_lone_name_is_who_readers_of_the_year_know(year: str | None, text: str, name: str) -> None:
    assert persons(text, year) == {name}


@cases("year, text, name", [
    ("1987", "Vice President George Bush spoke on Monday, and Bush left.", "George H. W. Bush"),
    ("2004", "President George Bush spoke on Monday, and Bush left.", "George W. Bush"),
    ("1987", "U.S. Attorney Rudolph Giuliani, the New York prosecutor, spoke on Monday.", "Rudy Giuliani"),
    ("1987", "Anthony S. Fauci spoke about the new AIDS drug on Monday.", "Anthony Fauci"),
    ("1987", "John Kennedy, who studies taxes in Austin, spoke on Monday.", "John Kennedy"),
    ("1970", "Anthony S. Fauci spoke about the new AIDS drug on Monday.", "Anthony S. Fauci"),
    (None, "Vice President George Bush spoke on Monday.", "George Bush"),
    ("2019", "President Recep Tayyip Erdoğan of Turkey spoke on Monday.", "Recep Tayyip Erdoğan"),
])  # fmt: skip
def test_a_full_name_is_who_readers_of_the_year_know_if_its_words_say_so(
    year: str | None, text: str, name: str
) -> None:
    assert persons(text, year) == {name}


@cases("year, text", [
    ("1930", "The council heard that Thatcher, a grocer, had won. Thatcher said he was glad."),
    (None, "President Bush said on Monday that he would veto the law."),
    ("1984", "Sergeant Thatcher said that the road was closed. Thatcher was first at the scene."),
    ("1987", "The grain trader Dreyfus sold barley to Greece. A spokesman for Dreyfus said that more would follow."),
    ("2004", "This led Tata to use lasers. Between the network of Tata and its customers there are four kilometres."),
    ("2004", "Subs not used: Morris, Wardley, Newey, Zakuani, McMahon. Scott left after 51 minutes, and Newey came."),
    ("2004", "The row went on, and Brown said on Monday that he would not move. Brown left at noon."),
])  # fmt: skip
def test_a_name_stays_if_nobody_or_several_fit(year: str | None, text: str) -> None:
    assert not {name for name in persons(text, year) if " " in name}


def test_the_full_name_in_the_article_wins() -> None:
    text = "Carol Thatcher, 31, a teacher, won the race. Thatcher said that she had trained all winter."
    assert persons(text, "1984") == {"Carol Thatcher"}


def test_a_given_name_joins_the_known_surname() -> None:
    text = (
        "The marathon was won by Radcliffe, a runner from Bedford. “Paula never gave up,” said her coach. Paula smiled."
    )
    assert persons(text, "2004") == {"Paula Radcliffe"}


def test_the_evidence_names_the_row() -> None:
    article = enrich(Article("a", "The miners said Thatcher had closed the pits.", published="1984"))
    (entry,) = article.evidence["person"]
    assert entry.rule == f"{RULE}; table “Margaret Thatcher”, 1970–, Q7416"
    assert article.text[entry.start : entry.end] == "Thatcher"


def test_the_table_has_years_words_and_forms() -> None:
    rows = {name: row for name, row in ENGLISH.table("known").items() if name != "name"}
    assert len(rows) > 3_000
    for name, (forms, words, first, last, *item) in rows.items():
        assert all(forms.split("|") + words.split("|")), name
        assert first.isdecimal(), name
        assert not last or first <= last, name
        assert not any(item) or item[0][0] == "Q", name


def test_the_words_of_rows_are_found_wherever_they_are_said() -> None:
    texts = ["The White  House of Brazilian\nmines.", "The white. House", "LABOUR", "Tories and Élysée", "", "mine"]
    asked = sorted({word for several in rows(ENGLISH).values() for row in several for word in row.words})
    for text in texts:
        whole = sentences(text, ENGLISH)
        there = {
            word
            for each in whole
            for at in range(len(each.words))
            for word in said(each.words, at, len(each.words), ENGLISH)
        }
        assert {word for word in asked if Said(whole).any_of((word,))} == there
        assert Said(whole).any_of(tuple(asked)) == bool(there)
