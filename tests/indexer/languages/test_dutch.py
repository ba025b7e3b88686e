"""Dutch: persons with particles, countries by their adjectives in old spelling too, topics, dates."""

from __future__ import annotations

from indexer.enrich import enrich
from search.values.article import Article
from tests.cases import cases

AROUND = (
    "De beslissing werd dinsdag bekend na een vergadering die meer dan drie uur duurde. Ook de plannen voor de zaal "
    "worden nog besproken, maar nieuw zijn ze niet, en wat het werk met het dak kost, heeft geen mens gezegd."
)


def read(text: str) -> Article:
    return enrich(Article("a", f"{text} {AROUND}"))


@cases("text, persons", [
    ("Minister Jan van der Meer ontving Sofie De Smet en Piet ten Brink.", ("Jan van der Meer", "Sofie De Smet",
     "Piet ten Brink")),
    ("Kamerlid Karel van den Berg sprak. Volgens Van den Berg is het plan goed.", ("Karel van den Berg",)),
    ("De regering keurde de wet goed, en de Kamer stemde tegen.", ()),
    (
        "De staatssecretaris van Financiën, Menno Snel, stapt op. Minister Hoekstra van Financiën is het daarmee niet "
        "eens, en Jan Smit van Onderwijs ook niet, zei Mark van den Berg.",
        ("Menno Snel", "Hoekstra", "Jan Smit", "Mark van den Berg"),
    ),
    ("De heeren Swaan, Conrad en van Eelde spraken.", ("Swaan", "Conrad", "van Eelde")),
    # in capitals: a name, a place, an abbreviation
    ("DEN HAAG, 3 mei. De heer KINGMA, P. J. BOS VAN BERGEN en de KNVB spraken.", ("Kingma", "P. J. Bos van Bergen")),
])  # fmt: skip
def test_persons_are_found_and_each_has_one_name(text: str, persons: tuple[str, ...]) -> None:
    assert set(read(text).person) == set(persons)


@cases("text, countries", [
    ("De Franse wijnboeren en twee Poolse vrouwen.", {"FR", "PL"}),
    ("In Moskou, in Parijs en in Genève.", {"RU", "FR", "CH"}),
    ("De Fransche keizer en het Pruisische leger.", {"FR", "DE"}),
    ("Het protocol van Kyoto en het Verdrag van Maastricht.", set()),
])  # fmt: skip
def test_countries_are_found_in_every_form(text: str, countries: set[str]) -> None:
    assert set(read(text).country) == countries


@cases("text, topic", [
    ("De spits scoorde twee doelpunten en de ploeg won de finale van het kampioenschap.", "15"),
    ("De kiezers stemmen zondag in de tweede ronde; de kandidaat leidt in de peilingen.", "11"),
    ("De rechtbank veroordeelde de verdachte tot tien jaar celstraf voor de moord op zijn buurman.", "02"),
])  # fmt: skip
def test_the_first_topic_is_read_in_the_words_of_the_language(text: str, topic: str) -> None:
    assert enrich(Article("a", text, language="nl")).topic[0][7:9] == topic


def test_dates_are_read_in_its_words() -> None:
    article = Article("a", "Op 3 maart 2019, op 11-9-2001, den 3den Mei 1865 en sinds 1974.", language="nl")
    assert enrich(article).mentioned == ("2019-03-03", "2001-09-11", "1865-05-03", "1974")
