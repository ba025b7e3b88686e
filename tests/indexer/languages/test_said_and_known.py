"""Who speaks and is meant in each language: verbs of saying, quotation marks, offices of people known by one name."""

from __future__ import annotations

from indexer import languages
from indexer.enrich import enrich
from indexer.enrich.persons.tagger.sentences import sentences
from search.values.article import Article
from tests.cases import cases


@cases("code, text, person", [
    ("de", "„Wir warten ab“, sagte Brinkmann am Abend. Danach war die Sitzung zu Ende.", "Brinkmann"),
    ("de", "Am Abend erklärte Brinkmann, dass der Plan nicht mehr gilt und ein neuer kommt.", "Brinkmann"),
    ("fr", "« Nous attendons », a déclaré Delcourt hier soir. La séance était finie.", "Delcourt"),
    ("fr", "Delcourt a affirmé hier soir que le projet ne tenait plus.", "Delcourt"),
    ("es", "—No es posible —dijo Zubieta después de la reunión—. Se acabó.", "Zubieta"),
    ("es", "Sin embargo, Zubieta aseguró que el plan ya no vale.", "Zubieta"),
    ("pt", "— Não é possível — disse Quintela depois da reunião. — Acabou.", "Quintela"),
    ("pt", "Ontem, Quintela afirmou que o plano já não vale.", "Quintela"),
])  # fmt: skip
def test_who_is_next_to_a_verb_of_saying_is_a_person(code: str, text: str, person: str) -> None:
    assert enrich(Article("a", text, language=code)).person == (person,)


@cases("code, text, ends", [
    ("de", "„Es ist gut.“ Weber ging. „Wann?“ Huber schwieg.", ["“", ".", "“", "."]),
    ("fr", "« C'est fini. » Dupont est parti. « Quand ? »", ["»", ".", "»"]),
    ("es", "—Está bien —dijo Ana—. ¿Cuándo? «No.» Luis calló.", [".", "?", "»", "."]),
    ("pt", "«Não.» Gomes saiu. “Quando?” Ana calou-se.", ["»", ".", "”", "."]),
])  # fmt: skip
def test_what_closes_a_quotation_ends_its_sentence(code: str, text: str, ends: list[str]) -> None:
    language = languages.named(code)

    assert language is not None
    assert [sentence.words[-1] for sentence in sentences(text, language)] == ends


@cases("code, text, person", [
    ("de", "Kanzler Scholz reist heute nach Prag.", "Olaf Scholz"),
    ("fr", "Le premier ministre Rocard a parlé.", "Michel Rocard"),
    ("es", "El presidente Zapatero viajó ayer.", "José Luis Rodríguez Zapatero"),
    ("pt", "O presidente francês Chirac chegou ontem.", "Jacques Chirac"),
])  # fmt: skip
def test_an_office_in_the_words_of_the_language_tells_who_is_meant(code: str, text: str, person: str) -> None:
    years = {"de": "2022", "fr": "1989", "es": "2009", "pt": "2002"}

    assert enrich(Article("a", text, language=code, published=f"{years[code]}-05-05")).person == (person,)
