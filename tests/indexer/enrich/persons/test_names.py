"""A name is taken apart."""

from indexer.enrich.persons.names import family_first, parse


def test_family_names_stand_first_in_china_not_in_chinatown() -> None:
    assert family_first(parse("Deng Xiaoping"))
    assert not family_first(parse("Angela Merkel"))
    assert not family_first(parse("Kim Campbell"))
