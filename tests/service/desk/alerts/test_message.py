"""What a delivery says, and that nothing of it is more than text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

import search
from desk.alerts.alert import Alert, Delivery
from search import Article
from search.engine import Engine
from service.desk.alerts import message
from service.desk.alerts.markup import as_page
from service.desk.alerts.message import Message

ALERT = Alert(
    7, "Oil", "q=oil&country=FR", "at once", "UTC", "mail", "desk@example.org", "night desk", "2026-11-27T06:00:00Z",
    "2026-11-27T06:00:00Z", 3, "2026-11-27T06:00:00Z",
)  # fmt: skip
DELIVERY = Delivery(7, 1, "2026-11-27T06:00:00Z", "2026-11-27T07:00:00Z", 4, ("a",), (), ())
HOSTILE = 'Oil\r\nBcc: all@example.org\u202e\x1b[2J</title><script>alert(1)</script>" onload="x'


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    place = tmp_path_factory.mktemp("message") / "news.idx"
    with search.writer(place) as writer:
        writer.add(Article("a", "x", title="Oil runs out", source="Reuters", published="2026-11-26", group="g"))
        writer.add(Article("b", "x", title="Oil runs out, again", source="AP", published="2026-11-27", group="g"))
        writer.add(Article("c", "x", title="No more oil", published="2026-11-25"))
        writer.add(Article("d", "x"))
        writer.add(Article("hostile", "x", title=HOSTILE, source="\u2066S\u2028T\x00"))
        writer.add(Article("hebrew", "x", title="שלום", source="Haaretz"))
    with search.open(place) as opened:
        yield opened


def told(engine: Engine, base: str = "https://news.example.org", **changed: object) -> Message:
    return message.compose(engine, ALERT, replace(DELIVERY, **changed), "Dateline", base)  # type: ignore[arg-type]


def test_copies_stand_below_the_first_and_the_latest_story_is_first(engine: Engine) -> None:
    found = told(engine, came=("a", "b", "c", "d"))

    assert [(one.first.id, [copy.id for copy in one.copies]) for one in found.came] == [
        ("a", ["b"]), ("c", []), ("d", []),
    ]  # fmt: skip


def test_a_message_says_all_that_is_new_changed_and_gone(engine: Engine) -> None:
    text = message.as_text(told(engine, came=("a", "b"), changed=("c",), went=("d", "removed"), erased=2))

    assert "Oil: 2 new, 1 changed, 2 gone, 2 purged" in text
    assert "https://news.example.org/?q=oil&country=FR" in text
    assert re.search(
        r"NEW\n\nOil runs out\nReuters · 26 November 2026\nhttps://news.example.org/article/a\n    Oil", text
    )
    assert re.search(r"CHANGED\n\nNo more oil\n25 November 2026\n", text)
    assert re.search(r"GONE\n\nx\nundated\n.*\n\nremoved\nnot in the archive any more\n", text)
    assert text.endswith("2 articles were removed by takedown.\n")


def test_a_removed_article_has_no_link_and_no_title(engine: Engine) -> None:
    (gone,) = message.as_json(told(engine, came=(), went=("removed",)))["gone"]

    assert (gone["id"], gone["title"], gone["url"], gone["in_archive"]) == ("removed", None, None, False)


def test_without_a_public_address_there_are_no_links(engine: Engine) -> None:
    found = told(engine, base="")

    assert "http" not in message.as_text(found)
    assert "href" not in as_page(found)
    assert message.as_json(found)["links"] == {"search": None}


def test_nothing_is_left_out(engine: Engine) -> None:
    ids = tuple(f"gone-{number}" for number in range(5_000))

    assert message.as_text(told(engine, came=ids)).count("\ngone-") == 5_000
    assert as_page(told(engine, came=ids)).count("<li>") == 5_000


def test_a_hostile_title_is_a_line_of_text(engine: Engine) -> None:
    found = told(engine, came=("hostile",))
    text, page = message.as_text(found), as_page(found)

    assert "\nBcc" not in text
    assert not set(text) & set("\r\x00\x1b\u202e\u2028\u2066")
    assert "<script>" not in page
    assert '" onload' not in page
    assert "\u202e" not in page


def test_a_title_from_right_to_left_is_kept_apart(engine: Engine) -> None:
    found = told(engine, came=("hebrew",))

    assert "<bdi>שלום</bdi>" in as_page(found)
    assert "\u2068שלום\u2069\n" in message.as_text(found)


def test_an_identity_is_that_of_one_delivery_whatever_the_alert_is_called() -> None:
    one = message.identity(ALERT, DELIVERY)

    assert message.identity(replace(ALERT, name="Gas", target="x@example.org"), replace(DELIVERY, attempts=3)) == one
    assert message.identity(ALERT, replace(DELIVERY, number=2)) != one
    assert message.identity(replace(ALERT, number=8), replace(DELIVERY, alert=8)) != one
