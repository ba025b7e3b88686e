"""The language is that of the text, and the stated one is a prior."""

from indexer import languages
from indexer.enrich.language import DOUBT_LETTERS, MAX_LETTERS, enrich, language_of
from search.values.article import Article, Evidence
from tests.cases import cases

ENGLISH = (
    "The council of the town met on Tuesday to set its budget for the year, and it was agreed that the library should "
    "be open on Sundays. The mayor said that he had been asked by many of the people who live there, and that they "
    "were right. The money for it is to come from the sale of a field which has not been used since the war. "
) * 3
GERMAN = (
    "Der Stadtrat hat am Dienstag über den Haushalt für das kommende Jahr beraten und beschlossen, dass die Bücherei "
    "auch am Sonntag geöffnet sein soll. Der Bürgermeister sagte, viele Menschen hätten ihn darum gebeten, und sie "
    "hätten recht. Das Geld soll aus dem Verkauf einer Wiese kommen, die seit dem Krieg nicht mehr genutzt wird. "
) * 3
INDONESIAN = (
    "Menteri mengatakan bahwa harga tiket pesawat masih mahal karena sejumlah faktor yang memengaruhi maskapai. Ia "
    "berharap harga akan turun tahun depan dan meminta perusahaan untuk menambah jumlah pesawat di daerah. "
)
SPANISH = (
    "Ayer la antigua ministra Begoña Ibáñez Zubieta habló en Bilbao sobre la huelga de los ferroviarios. —La huelga ha "
    "terminado —dijo la antigua ministra Begoña Ibáñez Zubieta el lunes—. Los trenes circulan."
)
"""Possibly Galician to the model, which is not sure."""
LIST = "Recently Played\n\nRide It\n\nDon't Start Now\n\nI Don't Care\n\nChanges\n\nThis City\n\nBlinding Lights"


@cases("stated, text, language", [
    ("en", GERMAN, "de"), ("de", ENGLISH, "en"), ("en", ENGLISH, "en"), ("de", GERMAN, "de"),
    ("en", GERMAN[:DOUBT_LETTERS], "en"), ("en", LIST * 3, "en"), ("en", GERMAN + ENGLISH * 3, "en"),
    ("de", ENGLISH + GERMAN * 3, "de"), ("sv", INDONESIAN * 3, "sv"), ("fr", GERMAN, "de"),
])  # fmt: skip
def test_a_long_text_clearly_in_another_language_is_believed(stated: str, text: str, language: str) -> None:
    assert enrich(Article("a", text, language=stated)).language == language


def test_a_language_other_than_the_stated_one_has_evidence() -> None:
    (entry,) = enrich(Article("a", GERMAN, language="en")).evidence["language"]
    assert entry == Evidence("de", None, None, "en", "text", entry.confidence)
    assert entry.confidence > 0.99
    assert "language" not in enrich(Article("a", GERMAN, language="de")).evidence


def test_the_middle_of_a_text_is_read_as_well() -> None:
    assert len(GERMAN) > MAX_LETTERS
    assert enrich(Article("a", GERMAN[:MAX_LETTERS] + ENGLISH * 9, language="en")).language == "en"


@cases("text, code", [
    (ENGLISH, "en"), (LIST, "en"), ("Talks", "en"), ("a" * 5000 + " The shares rose.", "en"), (GERMAN, "de"),
    (SPANISH, "es"), (INDONESIAN, ""),
])  # fmt: skip
def test_an_unknown_language_is_read_as_english_or_else_as_the_likely_one(text: str, code: str) -> None:
    assert language_of(Article("a", text), "kinds.tsv") is languages.named(code)


def test_a_likely_language_is_not_said_to_be_that_of_the_text() -> None:
    assert enrich(Article("a", SPANISH)).language is None


def test_the_stated_language_decides_by_which_one_an_article_is_read() -> None:
    assert language_of(Article("a", GERMAN, language="en"), "kinds.tsv") is languages.named("en")
    assert language_of(Article("a", ENGLISH, language="sv"), "kinds.tsv") is None
    assert language_of(Article("a", ENGLISH, language="en"), "missing.tsv") is None
