"""Sentences that an index has kept, in the language of the page."""

from __future__ import annotations

import ast
import html
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import falcon.testing
import pytest
from hypothesis import given
from hypothesis import strategies as st

import search
from desk.corrections import overlay
from desk.corrections.correction import Correction
from indexer.enrich.shared import limit
from search.said import said
from search.text import dates
from search.text import possible_dates as possible
from search.values.article import Article
from search.values.scan import ScanPage
from service.archive import Archive
from service.server.app import create_app
from service.wording import messages as words
from tests import waiting
from tests.cases import cases

REJECTING = ("BadRecord", "NoArticle", "TooMuch", "Transient", "with_reason")
GERMAN = words.words("de")
NAMES = st.text(max_size=12) | st.sampled_from(
    ["page1.png", "a “b” c", "It is empty.", "Search", "{name}", "1,234", ""]
)


def told(sentence: str) -> str:
    return GERMAN.recalled(str(sentence))


@cases(
    "kept, german",
    [
        (
            said("Facts are those of the first {number} of {of} characters.", number=499_998, of=504_025),
            "Die Angaben stammen aus den ersten 499.998 von 504.025 Zeichen.",
        ),
        (possible.problem(dates.parse("1066"), date(2026, 1, 1)), "„1066-01-01“ liegt vor 1450, als es noch keine"),
        (said("“{value}” is not a date.", value="soon"), "„soon“ ist kein Datum."),
        (
            said("Its picture “{name}” is not opened. {why}", name="a.png", why="It is a link, which is not followed."),
            "Das Bild „a.png“ wird nicht geöffnet. Es ist eine Verknüpfung; ihr wird nicht gefolgt.",
        ),
        (
            said("{reason} Not looked for: {names}.", reason="It takes more than 30 s.", names="topics"),
            "Es dauert länger als 30 s. Nicht gesucht wurde nach: topics.",
        ),
        (
            "There is no list “Oil (Ann)”. Give the name of one.",
            "Es gibt keine Liste „Oil (Ann)“. Geben Sie den Namen einer Liste an.",
        ),
        ("Row 3: It has more than 1,000 pages. Split it.", "Zeile 3: Es hat mehr als 1.000 Seiten. Teilen Sie es auf."),
        ("Row 3: Berth. 4", "Row 3: Berth. 4"),
        ("It is a film (ninjs type “video”), not an article.", "Es ist ein Film (Typ „video“ in ninjs), kein Artikel."),
        ("It is an Office document, which is not supported.", "Es ist ein Office-Dokument"),
        (
            "Its pages are not next to it: a.xml, b.xml and 1,004 more.",
            "Die Seiten liegen nicht daneben: a.xml, b.xml und 1.004 weitere.",
        ),
        ("It is a pipe. Only regular files are read.", "Es ist eine Pipe. Nur gewöhnliche Dateien werden gelesen."),
    ],
)
def test_a_sentence_that_was_kept_is_said_in_german(kept: str, german: str) -> None:
    assert told(kept).startswith(german)
    assert words.ENGLISH.recalled(str(kept)) == kept


def in_place(node: ast.AST) -> Iterator[str]:
    """The text in an expression, but for what it gives to a function."""
    if isinstance(node, ast.Constant):
        yield str(node.value)
    elif not isinstance(node, ast.Call):
        for part in ast.iter_child_nodes(node):
            yield from in_place(part)


@cases("file", sorted((Path(__file__).parents[3] / "indexer").rglob("*.py")))
def test_a_reason_for_which_a_record_is_rejected_has_words_in_every_language(file: Path) -> None:
    """It is made of messages by `said`, not of text in place."""
    text = file.read_text("utf-8")
    tree = ast.parse(text if any(name in text for name in REJECTING) else "")
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args]
    for call in calls:
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        texts = list(in_place(call.args[0])) if name in REJECTING else []
        assert not any(map(str.isalpha, "".join(texts))), (call.lineno, texts)


@given(NAMES, NAMES)
def test_what_somebody_wrote_is_not_translated(name: str, why: str) -> None:
    kept = str(said("Its picture “{name}” cannot be read: {why}.", name=name, why=why))
    german = told(kept)

    assert german.startswith(f"Das Bild „{name}“ ist nicht lesbar: ")
    assert GERMAN.recalled(f"Hello, {name}") == f"Hello, {name}"


@given(st.sampled_from(sorted(GERMAN.messages)), st.lists(st.sampled_from(["x", "12,345", "a b", "page1"]), min_size=9))
def test_every_message_that_is_found_is_one_that_the_sentence_was_made_of(key: words.Key, values: list[str]) -> None:
    names = re.findall(r"\{(\w+)\}", key[1])
    try:
        kept = str(said(key[1], **dict(zip(names, values, strict=False))))
    except (ValueError, KeyError, IndexError):
        return  # a message of a template
    found = GERMAN._recalling.recalled(kept)

    assert found is None or found == kept


@cases(
    "text",
    [
        "Facts are",
        "Its picture “",
        "“" * 9,
        "{",
        "x. ",
        "It is empty. ",
        "No column is called “a”. ",
        "Row 1: It is empty. ",
    ],
)
def test_time_grows_as_the_sentence_does(text: str) -> None:
    def reading(length: int) -> Callable[[], object]:
        kept = (text * length)[:length]
        return lambda: told(kept)

    told("")
    assert waiting.grows_less(16, reading, 250, 2_000, least_s=0.01)


@pytest.fixture
def client(tmp_path: Path) -> Iterator[falcon.testing.TestClient]:
    article = limit.stopped(
        Article(
            "a1",
            "Some text.",
            "A title",
            extra={"published": "1066", "published_problem": "“1066-01-01” is in the future."},
            scan=(ScanPage(note="Its picture “a.png” is empty."),),
        ),
        "No facts: extracting them crashed the process.",
    )
    other = limit.stopped(Article("a2", "Text.", "Title", extra={"published_problem": "Of old."}), "An older sentence.")
    with search.writer(tmp_path / "kept.idx") as writer:
        writer.add(
            overlay.applied(article, [Correction("a1", "person", "add", "Ann Lee", "Max", "2026-11-26T21:04:11Z")])
        )
        writer.add(other)
        writer.commit()
    with Archive(str(tmp_path / "kept.idx")) as opened:
        yield falcon.testing.TestClient(create_app(opened))


def test_a_page_in_german_has_no_english_of_the_index(client: falcon.testing.TestClient) -> None:
    text = html.unescape(client.simulate_get("/article/a1", headers={"Accept-Language": "de"}).text)

    for german in (
        "„1066-01-01“ liegt in der Zukunft.",
        "Das Bild „a.png“ ist leer.",
        "Keine Angaben: Bei ihrer Ermittlung ist der Prozess abgestürzt.",
        "berichtigt von Max am 2026-11-26",
    ):
        assert german in text
    assert 'lang="en"' not in text


def test_a_sentence_without_words_is_marked_as_english(client: falcon.testing.TestClient) -> None:
    text = client.simulate_get("/article/a2", headers={"Accept-Language": "de"}).text
    assert text.count('<span lang="en">') == 2
    assert 'lang="en">An older sentence.' in text
    assert 'lang="en">Of old.' in text
    assert "<span lang" not in client.simulate_get("/article/a2").text
