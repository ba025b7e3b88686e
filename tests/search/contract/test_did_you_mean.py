"""What is offered where a question was most likely misspelled: on the local engine, and on a list that is scanned."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from search import Article, Query
from search.engine import Engine
from search.measures import did_you_mean
from search.names.near_names import nearest
from tests.cases import cases
from tests.search.contract.archive import Backend, beginning, holding

COMMON = [Article(f"v{n}", "Volcker spoke of the dollar.", person=("Ronald Reagan",), source="Wire") for n in range(40)]
RARE = [
    Article("volker", "Volker, a fiddler."),
    Article("regan", "Regan resigned.", person=("Donald Regan",), country=("DE",)),
    Article("year", "In 1986 the dollar rose.", person=("Nancy Reagan", "Bo Yi")),
]


@pytest.fixture
def engine(backend: Backend) -> Iterator[Engine]:
    with beginning(backend, "misspelt", (*COMMON, *RARE)) as opened:
        yield opened


@cases(
    "text, offered",
    [
        ("volker dollar", "volcker AND dollar"),
        ("vlcker dollar", "volcker AND dollar"),
        ("volker", "volcker"),
        ('"volker spoke"', '"volcker spoke"'),
        ("volcker dollar", None),
        ("fiddler", None),
        ("1986", None),
        ("1987", None),  # another year is no spelling of it
        ("1985 dollar", "dollar"),
        ("volker OR dollar", None),  # finds nearly all that the other would
        ("volker fiddler", None),
        ('person:"Ronald Regan"', 'person:"Ronald Reagan"'),
        ("person:ronald reagan", 'person:"Ronald Reagan"'),
        ("person:ronald regan dollar", 'person:"Ronald Reagan" AND dollar'),
        ("person:reagan dollar", 'person:"Ronald Reagan" AND dollar'),
        ("source:wirr volker dollar", "source:Wire AND volcker AND dollar"),
        ("person:zz", None),
        ('fiddler person:"Ronald Regan"', "fiddler"),
        ('fiddler volkker person:"Ronald Regan"', "fiddler"),
        ("fiddler country:Deutchland", "fiddler"),
        ("source:wirr regan voolcker", "regan"),
        ("country:Allemange", "country:Allemagne"),
        ("land:Allemange", "land:Allemagne"),
        ("lnad:Deutschland", "land:Deutschland"),
        ("resigned (contry:Deutchland OR fiddler)", "resigned AND (country:Germany OR fiddler)"),
        ("quelle:wirr text:volker", "quelle:Wire AND text:volcker"),
        ("country:Chiina", None),  # of which there is no article
        ("resigned country:Deutchland", "resigned AND country:Germany"),
        ("fiddler OR (country:Alemaina resigned)", "fiddler OR (country:Alemania AND resigned)"),
    ],
)
def test_the_likely_spelling_comes_before_fewer_words(engine: Engine, text: str, offered: str | None) -> None:
    assert engine.search(Query(text)).did_you_mean == offered


def repeated(**words: int) -> list[Article]:
    """For each word as many articles that have it and nothing else."""
    return [Article(f"{word}{n}", word) for word, count in words.items() for n in range(count)]


@cases(
    "text, words, offered",
    [
        # the shortest word that is mended
        ("ol", {"oil": 1}, None),
        ("oli", {"oil": 1}, "oil"),
        ("oill", {"oil": 1}, "oil"),
        # two edits from six letters on
        ("berin", {"berlin": 1}, "berlin"),
        ("berni", {"berlin": 1}, None),
        ("belinr", {"berlin": 1}, "berlin"),
        ("bxrlxn", {"berlin": 1}, "berlin"),
        ("bxrlxx", {"berlin": 1}, None),
        # a far commoner word: twenty times as many, of four letters and more
        ("walk", {"walk": 2, "wall": 40}, "wall"),
        ("walk", {"walk": 2, "wall": 39}, None),
        ("oil", {"oil": 2, "oils": 0, "oily": 40}, None),
        # few enough to be thought misspelled
        ("walk", {"walk": 10, "wall": 200}, "wall"),
        ("walk", {"walk": 11, "wall": 220}, None),
    ],
)
def test_words_are_mended_within_their_limits(
    new_backend: Callable[[], Backend], text: str, words: dict[str, int], offered: str | None
) -> None:
    with holding(new_backend(), repeated(**words)) as engine:
        assert engine.search(Query(text, size=0)).did_you_mean == offered


@cases(
    "text, texts, offered",
    [
        ("drum lark", ["drum", "lark", "lark"], "lark"),
        ("drum lark -fern", ["drum lark fern"], "drum AND lark"),
        ("drum lark mint", ["drum lark", "mint"], "drum AND lark"),
        ("drum lark mint", ["drum", "lark", "mint"], "drum OR lark OR mint"),
        ("drum lark mint -fern", ["drum", "lark", "mint", "fern"], "(drum OR lark OR mint) AND NOT fern"),
        ("drum lark mint -fern", ["drum fern", "lark fern", "mint"], "(drum OR lark OR mint) AND NOT fern"),
        ("drum -fern", ["drum fern", "lark"], "drum"),
        # a word that exists is not exchanged for the spelling of one that does not
        ("berlin mauer", ["berlin", "maker", "maker"], "berlin"),
        ("berlin mauer", ["berlin maker", "berlin"], "berlin AND maker"),
        ("mur de berlin", ["de berlin", "mr de", "mr de"], "de AND berlin"),
        ("berlin mauer faal", ["berlin fall", "maker", "maker"], "berlin AND fall"),
        ('faal "berlin mauer"', ["berlin", "maker", "fall", "fall"], "berlin"),
        ("(mauer OR drum) berlin", ["berlin", "maker", "maker", "drum", "drum"], "mauer OR drum"),
        ("mauer faal", ["maker", "fall", "fall"], "fall"),
        ("mauer faal berlni", ["maker", "fall", "berlin"], "maker OR fall OR berlin"),
        ("mauer -fern", ["fern maker", "lark"], "maker"),
        ("zzzzzz -fern", ["fern", "lark"], None),
    ],
)
def test_an_empty_result_is_offered_fewer_conditions_and_then_any_of_them(
    new_backend: Callable[[], Backend], text: str, texts: list[str], offered: str | None
) -> None:
    with holding(new_backend(), [Article(f"{number}", words) for number, words in enumerate(texts)]) as engine:
        assert engine.search(Query(text)).did_you_mean == offered


def test_only_so_many_words_are_mended(backend: Backend) -> None:
    words = [f"{letter}ork{letter}ing" for letter in "bcdfghjklmnpqrstvw"]
    mended = words[: did_you_mean.MAX_WORDS]
    text = " ".join(word.replace("ing", "img") for word in words[: did_you_mean.MAX_WORDS + 1])

    with holding(backend, [Article("all", " ".join(words))]) as engine:
        assert engine.search(Query(text)).did_you_mean == " AND ".join(mended)  # the last is left out


def test_a_name_without_quotes_is_shown_with_them(engine: Engine) -> None:
    said = 'No article has person:ronald; put a name of several words in quotes: person:"ronald reagan".'

    assert engine.search(Query("person:ronald reagan")).query.notes == (said,)
    assert engine.search(Query('person:"Ronald Reagan" dollar')).query.notes == ()
    assert engine.search(Query("source:wire dollar")).query.notes == ()


def test_a_quote_in_a_name_is_shown_with_a_backslash(engine: Engine) -> None:
    said = r'No article has person:Weird; put a name of several words in quotes: person:"Weird \"al\" yankovic".'
    ends = r"The quote at 15, before “Al”, ends the name; a quote inside a name is written as \"."

    assert engine.search(Query('person:Weird "Al" Yankovic')).query.notes == (said,)
    assert engine.search(Query('person:"Weird "Al" Yankovic"')).query.notes[0] == ends
    assert not any("put a name" in note for note in engine.search(Query('person:"Weird "Al" Yankovic"')).query.notes)
    assert engine.search(Query(r'person:"Weird \"Al\" Yankovic"')).query.notes == ()


def test_excluded_words_are_counted_and_said_to_be(engine: Engine) -> None:
    terms = engine.search(Query("dollar -dollar -fiddler")).query.terms

    assert [(term.term, term.articles, term.excluded) for term in terms] == [
        ("dollar", 41, False),
        ("dollar", 41, True),
        ("fiddler", 1, True),
    ]


def test_what_only_removed_articles_had_is_not_offered(backend: Backend, engine: Engine) -> None:
    with backend.writer() as writer:
        for article in COMMON[1:]:
            writer.delete(article.id)

    assert engine.search(Query("volker dollar")).did_you_mean == "dollar"  # volcker is no far commoner word any more
    with backend.writer() as writer:
        writer.delete(COMMON[0].id)
    for text in ("volcker", "volckers dollar", 'person:"Ronald Regan"', 'person:"Ronald Reagan"'):
        assert "volcker" not in (engine.search(Query(text)).did_you_mean or "")
        assert "Ronald" not in (engine.search(Query(text)).did_you_mean or "")


@cases(
    "typed, meant",
    [
        ("Ronald Regan", "Ronald Reagan"),
        ("reagan ronald", "Ronald Reagan"),
        ("Ronald", "Ronald Reagan"),
        ("ronald w reagan", None),
        ("Donald Reagan", None),
        ("Jon Smth", "Jon Smith"),
        ("Bo", None),
        ("Bo Lee", "Bo Lee"),
        ("Bob", "Bob Lee"),
        ("Kim", "Kim Il Sung"),  # two words more
        ("Ana", None),  # three
        ("Ana de", "Ana Maria de Souza"),
        ("Siong Kim", None),  # two edits of five letters
        ("Reagxx Ronald", "Ronald Reagan"),
        ("Reagxx Ronaldo", None),  # three edits in all
        ("", None),
        ("R", None),
    ],
)
def test_a_name_is_near_by_each_of_its_words(typed: str, meant: str | None) -> None:
    names = [("Ronald Reagan", 500), ("Ronald Reagen", 2), ("Jon Smith", 3), ("Jon Smyth", 2), ("Gone", 0)]
    names += [(name, 1) for name in ("Bo Lee", "Bob Lee", "Kim Il Sung", "Ana Maria de Souza")]

    assert nearest(typed, names) == meant
