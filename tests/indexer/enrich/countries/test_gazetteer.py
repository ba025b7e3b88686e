"""The gazetteer's tables agree with the vocabulary."""

from pathlib import Path

from indexer import languages
from indexer.enrich.countries.gazetteer import FILE, TOWN, eras, find, places
from indexer.enrich.countries.namesakes import is_local
from indexer.enrich.countries.native_names import names_in
from indexer.languages import Language
from search.names.vocabulary import vocabulary
from search.text.tokens import fold
from tests.cases import cases

ENGLISH = languages.default()


def test_every_code_is_in_the_vocabulary() -> None:
    codes = {code for place in places(ENGLISH).values() for reading in place.readings for code in reading.codes}
    codes |= {code for era in eras() for code in (era.code, *era.today)}

    assert codes <= set(vocabulary("country").entries)


@cases("word", ["County", "deputies", "sheriff’s", "Deputy Lee", "Elementary School", "Const."])
def test_words_of_local_news_are_found_beside_others(word: str) -> None:
    for text in (word, f"The Courtyard of the policeman, {word}.", f"Schools, {word}s", f"a{word}"):
        assert is_local(text, ENGLISH) == (ENGLISH.pattern("local").search(text) is not None)


def test_a_stored_phrase_means_what_the_tables_say() -> None:
    known = places(ENGLISH)
    for phrase in [phrase for phrase, place in known.items() if "comma" not in place.wary][::7]:
        (mention,) = find(phrase, ENGLISH)
        expected = known[phrase]

        assert (mention.start, mention.end) == (0, len(phrase))
        assert (mention.place.kind, mention.place.readings) == (expected.kind, expected.readings)
        assert mention.place.wary == expected.wary


def test_another_language_has_its_own_names_of_countries(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("code\twords\nFR\tFranco|Francoj\n", "utf-8")
    found = find("Francoj en Germanujo, not in Germany.", Language("eo", tmp_path))

    assert [mention.place.readings[0].codes for mention in found] == [("FR",), ("DE",)]


def test_the_name_of_a_country_in_a_language_that_is_read_is_no_town_of_another() -> None:
    owners: dict[str, set[str]] = {}
    for language in languages.installed():
        for name, code in names_in(language.code).items():
            owners.setdefault(fold(name), set()).add(code)
    towns = {
        (phrase, codes)
        for language in languages.installed() if language.has(FILE)
        for phrase, place in places(language).items() if place.kind == TOWN
        for codes in place.readings[0].codes
        if codes not in owners.get(fold(phrase), codes)
    }  # fmt: skip
    assert towns == set()


def test_all_towns_of_a_country_are_one_place() -> None:
    assert len({id(find(town, ENGLISH)[0].place) for town in ("Aberystwyth", "Llanelli")}) == 1
