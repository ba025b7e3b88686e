"""The table of fields: the names of an article's parts, and what can be done with each.

The Whoosh schema, the URL parameters, the command-line options, the OpenAPI description, the labels of the page,
the readers' checks, the JSON of an article and the field table of the docs are all derived from `FIELDS`. A new field
is one line here, and one in `search.values.article.Article`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["id", "text", "value", "values", "date", "instant", "stored"]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an article.

    Attributes:
        name: as in the contract's JSON, in `Article`, in parameters and options.
        kind: `id` (unique), `text` (words, searched), `value` (one string), `values` (several),
            `date`, `instant` (a date-time of the index), or `stored` (shown, not searched).
        label: for people.
        help: a sentence for documentation and command help.
        facet: true if it is counted and filtered.
        vocabulary: the controlled vocabulary its values come from, if any (see `search.names.vocabulary`).
    """

    name: str
    kind: Kind
    label: str
    help: str
    facet: bool = False
    vocabulary: Literal["country", "topic", "language"] | None = None


LONGEST_VALUE = 1_000
"""The greatest length of a value of a facet, in characters. What is longer is no name, and a browser takes seconds to
lay out a page with a word of ten thousand letters."""

FIELDS = (
    Field("id", "id", "Id", "Identifies the article in this index."),
    Field("title", "text", "Title", "The headline; a word found here counts three times."),
    Field("text", "text", "Text", "The body, paragraphs separated by a blank line."),
    Field("published", "date", "Date", "When it was published, as printed.", facet=True),
    Field("added", "instant", "Added", "When it was first indexed, in UTC."),
    Field("changed", "instant", "Changed", "When its content last changed in the index, in UTC."),
    Field("published_from", "stored", "Date from", "Where the date of publication was found."),
    Field("mentioned", "stored", "Dates mentioned", "Dates named in the text."),
    Field("person", "values", "Person", "A person the article is about, by canonical name.", facet=True),
    Field(
        "country", "values", "Country", "A country it is about: code, name or alias.", facet=True, vocabulary="country"
    ),
    Field("topic", "values", "Topic", "An IPTC Media Topic: code or label.", facet=True, vocabulary="topic"),
    Field("source", "value", "Source", "The paper or agency it appeared in.", facet=True),
    Field("section", "value", "Section", "The section or desk it appeared in.", facet=True),
    Field("author", "values", "Author", "A person who wrote it: the names in its byline.", facet=True),
    Field("language", "value", "Language", "Its language, ISO 639-1.", facet=True, vocabulary="language"),
    Field("url", "stored", "URL", "Where it was found."),
    Field("byline", "stored", "Byline", "Who wrote it, as printed."),
    Field("group", "stored", "Copies", "The group of near-duplicates it belongs to."),
    Field("quality", "stored", "Quality", "How sure the program was that read it from a scan, 0 to 1."),
    Field("known", "stored", "Words known", "The share of its words that are words of its language, 0 to 1."),
    Field("source_id", "stored", "Original id", "The input's own id, if it had to be changed."),
    Field("extra", "stored", "Further", "The input's other fields."),
)

BY_NAME = {field.name: field for field in FIELDS}

FACETS = tuple(field for field in FIELDS if field.facet and field.kind != "date")
"""The fields whose values are counted and filtered, in display order; the date is separate."""

FACET_NAMES = tuple(field.name for field in FACETS)

MAIN = {"country_main": "country"}
"""Attribute of an article → the facet of which it has the main values; filtered and counted on request."""

COUNTED = (*FACET_NAMES, *MAIN)
"""The attributes with values that can be counted."""

HAS = "has"
"""The attribute of an article that says what it has besides words: `SCAN` if there is a picture of it."""
SCAN = "scan"

LEGIBLE = "legible"
"""The attribute of an article with its quality in hundredths, of three digits, if it has any."""

KNOWN = "known_words"
"""The same of the share of its words that are known."""

MEASURES = {"quality": LEGIBLE, "known": KNOWN}
"""Field with a number from 0 to 1 → the attribute that has it in hundredths; filtered by the least, or by its lack."""

LISTS = frozenset(
    (*(field.name for field in FIELDS if field.kind == "values"), "mentioned", HAS, *MEASURES.values(), *MAIN)
)
"""The fields that hold several strings."""

LOOKED_UP = ("mentioned", "url")
"""Further fields that can be used in queries, without being counted."""

ENRICHED = ("person", "country", "topic")
"""The fields that are extracted from the text if the input does not state them."""

PLACED = ("person", "country")
"""The facets whose values have places in the text, by their evidence: the words that mention them."""

STATED = (*ENRICHED, "author")
"""The fields that are derived only if the input does not state them; an empty list counts as stated."""

ENTITIES = ("person", "country", "topic", "author", "source")
"""The facets whose values have a portrait."""

DEFAULT_FACETS = ("person", "country", "topic", "date")


def facet_of(name: str) -> str:
    """The facet to which a counted attribute belongs, whose names and labels it has."""
    return MAIN.get(name, name)


TITLE_WEIGHT = 3
"""The weight of an occurrence in the title, in frequency and in length."""

ELSEWHERE = {
    "title": "titel überschrift schlagzeile titre título titular titolo kop",
    "text": "texte texto testo tekst",
    "person": "personne persona pessoa persoon",
    "country": "land pays país paese",
    "topic": "thema thème sujet tema argomento assunto onderwerp",
    "language": "sprache langue idioma lengua lingua língua taal",
    "source": "quelle zeitung fuente periódico fonte giornale bron krant",
    "section": "ressort rubrik rubrique sección sezione secção seção rubriek",
    "author": "autor verfasser auteur autore",
    "published": "date datum fecha veröffentlicht erschienen publié publicado pubblicato gepubliceerd verschenen",
    "mentioned": "erwähnt genannt mentionné mencionado menzionato genoemd vermeld",
    "added": "hinzugefügt aufgenommen ajouté añadido agregado adicionado aggiunto toegevoegd",
}
"""Field → its names in the seven languages in which facts are found, as in queries and tables; also without accents."""
