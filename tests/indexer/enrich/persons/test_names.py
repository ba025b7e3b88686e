"""A name is taken apart."""

from __future__ import annotations

from indexer import languages
from indexer.enrich.persons.names import family_first, parse
from tests.cases import cases

ENGLISH = languages.default()


def test_family_names_stand_first_in_china_not_in_chinatown() -> None:
    assert family_first(parse("Deng Xiaoping", ENGLISH))
    assert not family_first(parse("Angela Merkel", ENGLISH))
    assert not family_first(parse("Kim Campbell", ENGLISH))


@cases("written, title, kind, spelling, full, family", [
    # only a title of a kind that is part of the name stays, and only before a given name
    ("Princess Anne", "Princess", "royal", "Princess Anne", False, "anne"),
    ("prince Harry", "prince", "royal", "Harry", False, "harry"),
    ("Mother Teresa", "Mother", "religious", "Mother Teresa", False, "teresa"),
    ("Mother Teresa Bojaxhiu", "Mother", "religious", "Teresa Bojaxhiu", True, "bojaxhiu"),
    ("Pope Francis", "Pope", "religious", "Francis", False, "francis"),
    ("Queen Elizabeth", "Queen", "royal", "Elizabeth", False, "elizabeth"),
    ("President Obama", "President", "office", "Obama", False, "obama"),
    ("Mr. JOHN SMITH", "Mr.", "honorific", "John Smith", True, "smith"),
    # capitals
    ("USA Smith", "", "", "USA Smith", True, "smith"),
    ("J.R.R. TOLKIEN", "", "", "J.R.R. Tolkien", True, "tolkien"),
    ("JAN VAN DER MEER", "", "", "Jan van der Meer", True, "meer"),
    ("JD SMITH-O'NEILL", "", "", "JD Smith-O'Neill", True, "smith-o'neill"),
    # suffixes
    ("Martin Luther King Jr", "", "", "Martin Luther King Jr.", True, "king"),
    ("Elizabeth II", "", "", "Elizabeth II", True, "elizabeth"),
    # particles
    ("Ludwig van Beethoven", "", "", "Ludwig van Beethoven", True, "beethoven"),
    ("van der Meer", "", "", "van der Meer", False, "meer"),
    ("Robert", "", "", "Robert", False, "robert"),
])  # fmt: skip
def test_a_name_is_spelt_as_in_a_list_of_persons(
    written: str, title: str, kind: str, spelling: str, full: bool, family: str
) -> None:
    name = parse(written, ENGLISH)

    assert (name.title, name.kind, name.spelling, name.full, name.family) == (title, kind, spelling, full, family)


@cases("written, spelt_out", [("B.", False), ("J. R.", False), ("J. Smith", True)])
def test_letters_are_no_name_that_is_spelt_out(written: str, spelt_out: bool) -> None:
    assert parse(written, ENGLISH).spelt_out == spelt_out
