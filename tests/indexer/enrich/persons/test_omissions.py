"""Names that the tagger leaves out."""

from __future__ import annotations

from indexer.enrich.persons import enrich
from search import Article
from tests.cases import cases


@cases("line, persons", [
    ("James Smith, Chief of Staff", ("James Smith",)), ("JAMES Smith, Chief of Staff", ()),
    ("James Smith and Chief of Staff", ()),
])  # fmt: skip
def test_a_usual_name_before_a_comma_begins_a_line_of_titles(line: str, persons: tuple[str, ...]) -> None:
    text = f"{line}\n\nMary Johnson, Vice President for Research"

    found = enrich(Article("a", text, language="en")).person
    assert [name for name in found if name == "James Smith"] == list(persons)


ONCE = "The council met in the old hall on Tuesday and agreed on the budget. "


@cases("text, missed", [
    ("She discusses her claim to Piers Morgan that she once had a pub.", "Piers Morgan"),
    ("The park was named by Christopher Columbus to honour the queen.", "Christopher Columbus"),
    ("It has the beating heart of a Zadie Smith novel or two.", "Zadie Smith"),
])  # fmt: skip
def test_the_full_name_of_a_known_person_is_a_persons(text: str, missed: str) -> None:
    assert missed in enrich(Article("a", ONCE + text, language="en")).person


@cases("text, found", [
    ("Tory MP Peter Marlowe said the law was bad.", "Peter Marlowe"),
    ("The story is by Nicola Davis Tue 27 Aug 2019 17.52.", "Nicola Davis"),
    ("When it comes to fun, books are always PG Wodehouse and Terry Pratchett.", "PG Wodehouse"),
    ("It was led by his two sons, Avi and Joel, according to the paper.", "Avi"),
    ("He smiled at his wife Carol in the gallery.", "Carol"),
    ("Then M. Night Vashyan made a film.", "M. Night Vashyan"),
])  # fmt: skip
def test_what_is_next_to_a_name_does_not_hide_it(text: str, found: str) -> None:
    assert found in enrich(Article("a", ONCE + text, language="en")).person


@cases("named, name", [
    ("Jane “Jay” Dunmore", "Jane Dunmore"), ("Mary Jane “Jay” Dunmore", "Mary Jane Dunmore"),
    ("Senator Mary Jane “Jay” Dunmore", "Mary Jane Dunmore"),
])  # fmt: skip
def test_a_nickname_inside_a_name_is_left_out_of_it(named: str, name: str) -> None:
    assert enrich(Article("a", f"{ONCE}The award went to {named} on Monday.", language="en")).person == (name,)


@cases("text, thing", [
    ("NM Rothschild, the investment bank, is advising the bidder.", "NM Rothschild"),
    ("He was selected as the candidate for Hammersmith at the election.", "Hammersmith"),
    ("The league will be played between 23 clubs, including Bolton.", "Bolton"),
    ("They played with bands such as Jethro before that.", "Jethro"),
    ("He moves next season to the super-strong Deceuninck squad.", "Deceuninck"),
    ("He said he will return his Rajiv Gandhi Khel Ratna Award.", "Rajiv Gandhi"),
    ("The car was driven by Leanne Hivley, 52, of Quincy, police said.", "Quincy"),
    ("Many Black women who have the illness wear wigs.", "Black"),
    ("Believe it or not, Halloween is just days away.", "Halloween"),
    ("Shares of Caeneus Minerals rose. Last week Caeneus said it was pleased.", "Caeneus"),
])  # fmt: skip
def test_what_the_words_around_a_name_call_a_thing_is_no_person(text: str, thing: str) -> None:
    assert thing not in enrich(Article("a", ONCE + text, language="en")).person


@cases("text, person", [
    ("Joe Marlow, the Democratic Party's nominee, spoke.", "Joe Marlow"),
    ("William Harlan, the retired University of Florida coach, died.", "William Harlan"),
    ("Mary Johnson, the band leader, sang.", "Mary Johnson"),
    ("He played with other big bands, including Rudy Johnson's, in 1937.", "Rudy Johnson"),
])  # fmt: skip
def test_an_appositive_with_a_thing_in_it_is_still_a_persons(text: str, person: str) -> None:
    assert person in enrich(Article("a", ONCE + text, language="en")).person
