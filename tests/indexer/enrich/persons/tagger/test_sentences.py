"""Sentences end where they end, and headlines are told from them."""

from indexer.enrich.persons.tagger.sentences import headline_like, sentences


def test_abbreviations_and_initials_end_no_sentence() -> None:
    text = "Mr. Smith met Gen. J. F. Brown of the U.S. Army on Nov. 3 in Washington. They talked."
    assert len(list(sentences(text))) == 2


def test_lists_of_names_are_no_headlines() -> None:
    (names,) = sentences("Gary Lineker, Peter Shilton, Bobby Moore, Kevin Keegan")
    (headline,) = sentences("Lineker Says England Should Have Won The Final")
    assert not headline_like(names)
    assert headline_like(headline)
