"""The gazetteer's tables agree with the vocabulary."""

from indexer import languages
from indexer.enrich.countries.gazetteer import eras, find, places
from indexer.enrich.countries.namesakes import is_local
from search.names.vocabulary import vocabulary
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


def test_all_towns_of_a_country_are_one_place() -> None:
    assert len({id(find(town, ENGLISH)[0].place) for town in ("Aberystwyth", "Llanelli")}) == 1
