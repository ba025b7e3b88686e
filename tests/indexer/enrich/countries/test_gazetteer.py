"""The gazetteer's tables agree with the vocabulary."""

from indexer.enrich.countries.gazetteer import eras, places
from search.vocabulary import vocabulary


def test_every_code_is_in_the_vocabulary() -> None:
    codes = {code for place in places().values() for reading in place.readings for code in reading.codes}
    codes |= {code for era in eras() for code in (era.code, *era.today)}

    assert codes <= set(vocabulary("country").entries)
