from __future__ import annotations

import io
import json
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest

from indexer import readers
from indexer.readers.documents import mail
from indexer.readers.shared.record import Item, Origin
from search import Article, BadRecord
from search.errors import NoArticle
from tests import waiting
from tests.cases import cases
from tests.conftest import GOLD, SEEDS

ORIGIN = Origin("news", "in/a.eml", "a.eml")
HEAD = b"From: Ann Lee <ann@e.org>\nTo: desk@e.org\nDate: Tue, 3 Mar 1998 23:30:00 -0500\nSubject: Port strike\n"
PAGE = (
    "<html><body><nav>Menu</nav><article><h1>Port strike</h1><p>Dockers in Rotterdam ended their strike on Friday "
    "after unions and employers agreed on wages for three years.</p></article></body></html>"
)


def read(data: bytes) -> list[Item]:
    return list(mail.read(io.BytesIO(data), ORIGIN))


def one(data: bytes) -> Article:
    (found,) = read(data)
    assert isinstance(found, Article), found
    return found


def test_a_message_is_an_article() -> None:
    found = one(HEAD + b"Message-ID: <1.a@e.org>\n\nDockers went home.\n\nAll of them.\n")

    assert (found.title, found.byline, found.id) == ("Port strike", "Ann Lee", "1.a@e.org")
    assert found.text == "Dockers went home.\n\nAll of them."
    assert (found.published, found.published_from) == ("1998-03-03T23:30:00-05:00", "header")
    assert found.extra == {"from": "Ann Lee <ann@e.org>", "to": "desk@e.org"}


def test_the_plain_part_is_read_and_attachments_are_named() -> None:
    message = EmailMessage()
    message["From"], message["Subject"], message["Date"] = "a@e.org", "T", "Tue, 3 Mar 1998 10:00:00 +0100"
    message.set_content("The plain text.")
    message.add_alternative(PAGE, subtype="html")
    message.add_attachment("Not this one.", filename="notes – März.txt")
    found = one(message.as_bytes())

    assert (found.text, found.byline) == ("The plain text.", "a@e.org")
    assert found.extra["attachments"] == ["notes – März.txt"]


def test_the_page_is_read_where_there_is_no_plain_part() -> None:
    found = one(HEAD + b"Content-Type: text/html; charset=utf-8\n\n" + PAGE.encode())

    assert found.text.startswith("Dockers in Rotterdam")
    assert "Menu" not in found.text


def test_a_short_page_is_read_too() -> None:
    assert one(HEAD + b"Content-Type: text/html\n\n<p>Yes.</p>").text == "Yes."


@cases("subject, title", [
    (b"=?utf-8?B?U3RyZWlrIGltIEjDpGZlbg==?=", "Streik im Häfen"),
    (b"=?iso-8859-1?Q?H=E4fen?=", "Häfen"), ("Häfen".encode(), "Häfen"), ("Häfen".encode("cp1252"), "Häfen"),
    (b"=?no-such?Q?x?=", "x"), (b"=?utf-8?B?broken", "=?utf-8?B?broken"), (b"Two\n lines", "Two lines"), (b"", ""),
])  # fmt: skip
def test_subjects_are_decoded(subject: bytes, title: str) -> None:
    assert one(b"From: a@e.org\nTo: b@e.org\nSubject: " + subject + b"\n\nText.").title == title


def test_a_sender_in_encoded_words_is_a_name() -> None:
    data = b"From: =?utf-8?Q?J=C3=BCrgen?= Klein <j@e.org>\nSubject: x\n\nText."

    assert one(data).byline == "Jürgen Klein"


@cases("charset, body", [
    ("iso-8859-1", "Häfen".encode("latin-1")),
    ("koi8-r", "Порт".encode("koi8-r")),
    ("no-such", "Häfen".encode()),
    ("utf-8", "Häfen".encode("cp1252")),
])  # fmt: skip
def test_texts_are_decoded_as_they_say_or_as_they_can(charset: str, body: bytes) -> None:
    found = one(
        HEAD + f"Content-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: 8bit\n\n".encode() + body
    )

    assert found.text in ("Häfen", "Порт")


def test_flowed_lines_are_joined() -> None:
    assert one(HEAD + b"Content-Type: text/plain; format=flowed\n\nOne \ntwo.\nThree.").text == "One two.\nThree."


@cases("data", [
    HEAD,
    HEAD + b"\n\n",
    HEAD + b"Content-Type: image/png\n\nabc",
    HEAD + b"Content-Type: multipart/encrypted; boundary=b\n\n--b\nContent-Type: x/y\n\nz\n--b--\n",
])  # fmt: skip
def test_mail_without_a_text_is_no_article(data: bytes) -> None:
    (found,) = read(data)

    assert isinstance(found, NoArticle)


@cases("data", [
    b"", b"\0\xff\xfe",
    b"From: <<<>>>@@,;:\nDate: 99 Foo\nSubject: x\nTo: (((\n\nText.",
    b"From:\nContent-Type: multipart/mixed\nSubject: a\n\nText.",
    HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nCut off",
    HEAD + b'Content-Type: text/plain; charset="\xff\n\nText.',
    HEAD + b"Content-Transfer-Encoding: base64\n\n!!!!",
    HEAD + b"Content-Type: message/rfc822\n\n" + HEAD + b"\nInner.",
    b"Content-Disposition: attachment; filename*=x''%\nFrom: a\nSubject: b\n\nText.",
])  # fmt: skip
def test_malformed_mail_is_an_article_or_a_reason(data: bytes) -> None:
    (found,) = read(data)

    assert isinstance(found, Article | BadRecord)


def test_a_date_that_is_none_is_told() -> None:
    found = one(b"From: a@e.org\nDate: someday\nSubject: x\n\nText.")

    assert found.published is None
    assert found.extra["published"] == "someday"


def test_an_mbox_is_its_messages() -> None:
    begins = b"From ann@e.org Tue Mar  3 23:30:00 1998\n"
    data = begins + HEAD + b"\nOne.\n>From the start.\n\n" + begins + HEAD + b"\n\n" + begins + HEAD + b"\nThree.\n"
    first, second, third = read(data)

    assert isinstance(first, Article)
    assert first.text == "One.\nFrom the start."
    assert isinstance(second, NoArticle)
    assert second.reason.startswith("Message 2: ")
    assert isinstance(third, Article)
    assert first.id != third.id


@cases("head, is_mail", [
    (HEAD + b"\nText", True),
    (b"From ann Tue\n" + HEAD + b"\nText", True),
    (b"From: ann@e.org\nSubject: A\n\nText", False),
    (b"From: Berlin\n\nA report.", False),
    (b"Date: today\nFrom here on all is prose\n\n", False),
    (b"From: <Saved by Blink>\nSubject: x\nDate: y\nMIME-Version: 1.0\n\n", False),
])  # fmt: skip
def test_mail_is_told_by_its_headers(head: bytes, is_mail: bool) -> None:
    assert mail.looks_like(head, "a") is is_mail


def test_a_file_of_mail_is_read_whatever_it_is_called(tmp_path: Path) -> None:
    for name in ("a.eml", "b.txt", "c"):
        (tmp_path / name).write_bytes(HEAD + b"\nText.")
        (found,) = readers.read(tmp_path / name, Origin("c", name, name))
        assert isinstance(found, Article)
        assert found.title == "Port strike"


@cases("part", [b"To: x\n", b"--b\nContent-Type: text/plain\n\nx\n"])
def test_time_is_linear_in_the_size(part: bytes, amount: Callable[..., int]) -> None:
    def reading(count: int) -> Callable[[], object]:
        data = HEAD + b"Content-Type: multipart/mixed; boundary=b\n"
        data += part * count if part.startswith(b"To") else b"\n" + part * count
        return lambda: read(data)

    few = amount(5_000, few=1_000 if part.startswith(b"To") else 150)
    assert waiting.grows_less(8, reading, few, 4 * few)


def test_the_seed_is_read_as_a_person_reads_it() -> None:
    lines = [json.loads(line) for line in (GOLD / "seeds-formats.jsonl").read_text("utf-8").splitlines()]
    (expected,) = (line for line in lines if line["file"] == "seeds/formats/newsletter.eml")
    found = one((SEEDS / "formats" / "newsletter.eml").read_bytes())

    assert {name: getattr(found, name) for name in ("id", "title", "published")} == {
        name: expected[name] for name in ("id", "title", "published")
    }
    assert found.text.startswith("LONGYEARBYEN, Feb 26 - Norway opened a vault")
    assert "José Manuel Barroso" in found.text


@cases("more, refused", [(-1, False), (0, False), (1, True)])
def test_a_message_may_have_so_many_bytes(more: int, refused: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "MAX_BYTES", 2 << 20)
    head = b"From: a@example.org\nDate: Mon, 29 Mar 2021 18:00:00 +0200\nSubject: Zebras\n\n"
    (found,) = read(head + b"a " * ((2 << 20) - len(head) + more >> 1) + b"a" * ((len(head) + more) % 2))

    assert isinstance(found, BadRecord) is refused
    if isinstance(found, BadRecord):
        assert found.reason == "The message is larger than 2 MB."
