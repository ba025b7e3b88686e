"""The pages in other languages than English: catalogues, the choice of one, and what no page must do."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from string import Formatter

import falcon.testing
import pytest
from babel.messages import Catalog, Message
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as some

from search.said import said
from search.text import dates
from service.archive import Archive
from service.html import templates as html
from service.server.app import create_app
from service.settings import BadSetting, from_environment
from service.wording import messages as words
from tests.cases import cases
from tests.conftest import PATIENT
from tests.words import files

OTHERS = words.languages()[1:]
ARTICLES = ("{count} article", "{count} articles")
STORIES = ("{count} story", "{count} stories")
Client = falcon.testing.TestClient


def catalogue(language: str) -> Catalog:
    return read_po(io.BytesIO(words.catalogue(language).read_bytes()))


def messages() -> Iterator[Message]:
    return (message for language in OTHERS for message in catalogue(language) if message.id)


def forms(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def english_of(message: Message) -> list[str]:
    return [message.id] if isinstance(message.id, str) else list(message.id)


def places(text: str) -> set[str]:
    named = set(re.findall(r"%\((\w+)\)s", text))
    return named if named else {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_the_catalogues_are_up_to_date() -> None:
    stale = [file.name for file, text in files(OTHERS) if file.read_text("utf-8") != text]

    assert stale == [], "make words"


def test_every_message_has_words_and_every_plural_all_forms() -> None:
    assert [message.id for message in messages() if message.fuzzy or not all(forms(message))] == []
    for language in OTHERS:
        found = catalogue(language)
        plural = [message for message in found if isinstance(message.id, tuple)]
        assert [message.id for message in plural if len(forms(message)) != found.num_plurals] == []


def test_a_translation_has_the_places_and_tags_of_its_message() -> None:
    def tags(text: str) -> list[str]:
        return sorted(re.findall(r"<[^>]*>|&\w+;", text))

    for message in messages():
        own = places(english_of(message)[-1])
        for form in forms(message):
            assert places(form) == own or own - places(form) == {"count"}, message.id
            assert tags(form) == tags(english_of(message)[-1]), message.id


@cases(
    "header, language",
    [
        (None, "en"),
        ("", "en"),
        ("de", "de"),
        ("de-AT", "de"),
        ("DE-de;q=0.9, en;q=0.8", "de"),
        ("en-GB,de;q=0.8", "en"),
        ("fr, de;q=0.5", "de"),
        ("de;q=0, en", "en"),
        ("de;q=0.3,en;q=0.7", "en"),
        ("*", "en"),
        ("de;q=much", "en"),
        (";;;,,,q=1", "en"),
        ("x" * 9000, "en"),
    ],
)
def test_the_language_that_a_browser_prefers(header: str | None, language: str) -> None:
    assert words.preferred(header) == language


@given(some.text())
def test_any_header_is_answered_in_a_language(header: str) -> None:
    assert words.preferred(header) in words.languages()


@cases(
    "language, noun, number, said",
    [
        ("en", ARTICLES, 0, "0 articles"), ("en", ARTICLES, 1, "1 article"), ("en", ARTICLES, 2, "2 articles"),
        ("de", ARTICLES, 0, "0 Artikel"), ("de", ARTICLES, 1, "1 Artikel"), ("de", ARTICLES, 2, "2 Artikel"),
        ("de", STORIES, 0, "0 Meldungen"), ("de", STORIES, 1, "1 Meldung"), ("de", STORIES, 2345, "2.345 Meldungen"),
    ],
)  # fmt: skip
def test_plurals_have_the_form_of_their_language(language: str, noun: tuple[str, str], number: int, said: str) -> None:
    assert words.words(language).counted(*noun, number) == said


@given(some.integers(0, 10**12))
def test_numbers_are_written_as_cldr_says(number: int) -> None:
    for language in words.languages():
        assert words.words(language).thousands(number) == format_decimal(number, locale=language)


@cases(
    "published, said",
    [
        ("1998-05-17", "17. Mai 1998"),
        ("1998-05", "Mai 1998"),
        ("1998", "1998"),
        ("2023-06-18T14:05:00+02:00", "18. Juni 2023, 14:05 UTC+2"),
        (None, "undatiert"),
    ],
)
def test_dates_in_german(published: str | None, said: str) -> None:
    assert words.words("de").in_words(published) == said


@cases(
    "interval, said",
    [
        ("decade", "1980er"),
        ("quarter", "4. Quartal 1989"),
        ("month", "Nov. 1989"),
        ("week", "Woche vom 6. Nov. 1989"),
        ("day", "6. Nov. 1989"),
    ],
)
def test_intervals_in_german(interval: str, said: str) -> None:
    assert words.words("de").interval("1989-11-06", interval) == said


def test_a_sentence_keeps_its_words_and_values() -> None:
    sentence = said("There are {number} of {name}.", number=1234, name="{x}")

    assert sentence == "There are 1,234 of {x}."
    assert words.words("de").said(sentence) == "There are 1.234 of {x}."


def test_a_setting_that_is_no_language_is_refused() -> None:
    with pytest.raises(BadSetting, match=r"DATELINE_LANGUAGE is “xx”\. It is auto or one of: en, de\."):
        from_environment({"DATELINE_LANGUAGE": "xx"})


@pytest.fixture(scope="module")
def asking(seeds_index: Path) -> Iterator[Callable[[str], Client]]:
    """Makes a client of pages in a language, or in that which is asked for."""
    with Archive(str(seeds_index)) as archive:
        yield lambda language: Client(
            create_app(archive, replace(PATIENT, language=language)), headers={"Accept": "text/html"}
        )


def test_the_setting_decides(asking: Callable[[str], Client]) -> None:
    answer = asking("de").simulate_get("/", headers={"Accept-Language": "en"})

    assert answer.text.startswith('<!doctype html>\n<html lang="de">')
    assert "Accept-Language" not in answer.headers.get("vary", "")


def test_auto_follows_the_browser(asking: Callable[[str], Client]) -> None:
    client = asking("auto")
    german = client.simulate_get("/", headers={"Accept-Language": "de"})
    english = client.simulate_get("/")
    program = client.simulate_get("/api/search?q=zebra&contry=FR", headers={"Accept-Language": "de"})
    again = client.simulate_get("/", headers={"Accept-Language": "de", "If-None-Match": german.headers["etag"]})
    other = client.simulate_get("/", headers={"If-None-Match": german.headers["etag"]})

    assert '<html lang="de">' in german.text
    assert '<html lang="en">' in english.text
    assert "Accept-Language" in german.headers["vary"]
    assert german.headers["etag"] != english.headers["etag"]
    assert (again.status_code, other.status_code) == (304, 200)
    assert "Accept-Language" in again.headers["vary"]
    assert "Accept-Language" not in program.headers.get("vary", "")
    assert program.json["errors"][0]["reason"] == "No parameter “contry”."


def test_a_timeline_is_in_the_language_of_its_page(asking: Callable[[str], Client]) -> None:
    client = asking("auto")
    languages = ("de", "en", "de")
    pages = [client.simulate_get("/?interval=decade", headers={"Accept-Language": one}).text for one in languages]

    assert [">1980er<" in page for page in pages] == [True, False, True]
    assert [">1980s<" in page for page in pages] == [False, True, False]


def test_a_request_leaves_no_words_behind(asking: Callable[[str], Client]) -> None:
    asking("de").simulate_get("/nothing")

    assert words.current() is words.ENGLISH


TEMPLATES = Path(html.__file__).parent.parent / "templates"
ENGLISH_ONLY = {"reference.html", "alert_message.html", "alert_told.html"}
"""About the API, and mails, which have no reader's browser to ask."""
FORMATS = {"JSON Lines", "CSV", "RIS", "BibTeX"}
PARTS = re.compile(
    r"\{%\s*trans\b.*?\{%\s*endtrans\s*%\}|\{#.*?#\}|\{%(?P<tag>.*?)%\}|\{\{(?P<value>.*?)\}\}", re.DOTALL
)
SAID = re.compile(r'(?:_|pgettext)\((?:"[^"]*"(?:, )?)+\)')
COMPARED = re.compile(
    r'(?:[=!]= |\bin |\[)"[^"]*"|"[^"]*"(?= in |: )|(?:style|get|join|select|selectattr|thousands)\([^)]*\)'
)


SILENT = ("code", "kbd", "pre", "script", "style")
ATTRIBUTE = re.compile(r'[a-z-]+="[^"]*"')
"""In a macro that writes attributes."""


class Shown(HTMLParser):
    """The words of a template that a reader sees or hears."""

    def __init__(self, template: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._silent = 0
        self.feed(PARTS.sub(self._part, template))

    def _part(self, part: re.Match[str]) -> str:
        program = part["value"] or part["tag"] or ""
        rest = COMPARED.sub("", SAID.sub("", program))
        constants = [text for text in re.findall(r'"([^"]*)"', rest) if text not in FORMATS]
        self.found += [text for text in constants if re.search(r"[A-Z][a-z]|[a-z] [a-z]", text)]
        return ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in SILENT
        spoken = [text for name, text in attrs if name in ("aria-label", "title", "placeholder", "alt") and text]
        self.found += [text for text in spoken if re.search("[A-Za-z]{2}", text)]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in SILENT

    def handle_data(self, data: str) -> None:
        if not self._silent and re.search("[A-Za-z]{2}", ATTRIBUTE.sub("", data)):
            self.found.append(data.strip())


def test_no_template_has_words_that_no_language_can_change() -> None:
    bare = {
        file.name: found
        for file in sorted(TEMPLATES.glob("*.html"))
        if file.name not in ENGLISH_ONLY and (found := Shown(file.read_text("utf-8")).found)
    }

    assert bare == {}


@cases(
    "template",
    [
        "<p>Some words</p>", '<a title="Some words">{{ x }}</a>', '<p>{{ "Some words" if x else "" }}</p>',
        '{{ menu("Sort by", x) }}', '{% set label = "Some words" %}', "{% trans %}These{% endtrans %} and others",
    ],
)  # fmt: skip
def test_such_words_are_found(template: str) -> None:
    assert Shown(template).found != []


def test_every_message_of_a_script_is_in_the_page() -> None:
    static = TEMPLATES.parent / "static"
    asked = {said for file in static.glob("*.js") for said in re.findall(r'\bsay\("([^"]*)"', file.read_text("utf-8"))}

    assert asked > {"Copy", "everything"}
    assert asked <= set(html.SCRIPTS)


PAGES = [
    "/", "/?q=berlin&country=DE&topic.not=sport&from=1961&group=story", "/?q=zebra",
    "/?q=berlin+zebrafish&country=DE", "/?view=map&q=president",
    "/?view=people&q=president&pair=person,country&measure=npmi&min=1",
    "/?view=special&q=president&field=person&against=filters&country=US",
    "/?view=over-time&q=president&interval=decade", "/?more=country&country.all=US&scale=archive",
    "/?from=17/05/1998x&q=berlin", "/?q=berlin&page=999", "/compare?q=president&q=moon&scale=archive",
    "/article/1961-08-berlin-wall?q=berlin&mark=country", "/entity/person/Richard%20Nixon", "/entity/country/US",
    "/draft", "/cite?q=berlin", "/lists", "/searches?q=berlin&person.missing=true", "/alerts?q=berlin", "/names",
    "/names?kind=country&name=FR", "/sign-in", "/feeds", "/nothing", "/article/none", "/entity/person/Nobody",
]  # fmt: skip


class Text(HTMLParser):
    """The text of a page that is in its language: parts of text and attributes."""

    def __init__(self, page: str, language: str = "de") -> None:
        super().__init__()
        self._language = language
        self.parts: list[str] = []
        self._foreign: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        void = tag in ("input", "link", "meta", "br", "img", "rect", "path", "line", "use")
        if not void and (self._foreign or told.get("lang", self._language) != self._language or tag in SILENT):
            self._foreign.append(tag)
        elif not self._foreign:
            self.parts += [text for name in ("aria-label", "title", "placeholder") if (text := told.get(name))]

    def handle_endtag(self, tag: str) -> None:
        if self._foreign and self._foreign[-1] == tag:
            self._foreign.pop()

    def handle_data(self, data: str) -> None:
        if not self._foreign and data.strip():
            self.parts.append(" ".join(data.split()))


PLACE = re.compile(r"%\(\w+\)s|\{\w+\}")


@cache
def english_alone(language: str) -> re.Pattern[str]:
    """What pages say in English and not in a language, with anything at its places."""

    def pieces(said: list[str]) -> set[str]:
        return {" ".join(piece.split()) for form in said for piece in re.split(r"<[^>]*>", form)}

    known = [message for message in catalogue(language) if message.id and not message.context]
    found = {piece for message in known for piece in pieces(english_of(message)) - pieces(forms(message))}
    found -= {piece for message in known for piece in pieces(forms(message))}
    told = {
        ".+".join(map(re.escape, PLACE.split(piece)))
        for piece in found
        if len(re.findall("[A-Za-z]", PLACE.sub("", piece))) >= (12 if PLACE.search(piece) else 3)
    }
    return re.compile("|".join(sorted(told)))


@cases("path", PAGES)
def test_a_page_in_german_has_no_english_of_the_catalogue(path: str, asking: Callable[[str], Client]) -> None:
    answer = asking("de").simulate_get(path)
    shown = Text(answer.text).parts

    assert answer.text.startswith('<!doctype html>\n<html lang="de">')
    assert [part for part in shown if english_alone("de").fullmatch(part)] == []


@cases("language", OTHERS)
def test_relative_dates_can_be_said_in_the_language_of_the_pages(language: str) -> None:
    assert set(dates.SAID[language].values()) >= set(dates.NAMED)


@cases(
    "path, said",
    [
        ("/?q=oil&from=05/06/1998", "1998-06-05 oder 1998-05-06"),
        ("/?q=published:05/06/1998", "1998-06-05 oder 1998-05-06"),
        ("/?language=xx", "fr oder French"),
        ("/?q=person:ronald+reagan", "setzen Sie einen Namen aus mehreren Wörtern in Anführungszeichen"),
    ],
)
def test_what_is_wrong_with_a_search_is_said_in_german(path: str, said: str, asking: Callable[[str], Client]) -> None:
    answer = asking("de").simulate_get(path)

    assert said in " ".join(" ".join(Text(answer.text).parts).split())


def test_narrower_topics_have_the_labels_of_iptc() -> None:
    names = dict(words.names("de"))
    assert names["topic", "soccer"] == "Fußball"
    assert ("topic", "sport") not in names  # a message, as all that every page shows
