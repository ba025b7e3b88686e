"""Alerts through a real mail server: one mail to one address, whatever a name or a title says."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import chain, repeat
from pathlib import Path
from typing import Any

import pytest

from desk.alerts.alert import Alert
from search.errors import BadQuery
from service.desk.alerts.channel import NotDelivered, deadline
from service.desk.alerts.mail import Mail, address_of
from service.desk.alerts.message import Line, Message, Story
from service.settings import BadSetting, Settings
from tests import waiting
from tests.cases import cases
from tests.ports import reserved_port
from tests.service.desk.alerts.receivers import Mailbox, mailbox
from tests.service.desk.alerts.test_message import ALERT, DELIVERY, HOSTILE

HEADERS = {
    "From", "To", "Subject", "Date", "Message-ID", "List-Id", "Auto-Submitted", "MIME-Version", "Content-Type",
}  # fmt: skip


def message(alert: Alert = ALERT, **changed: Any) -> Message:
    line = Line("a", "Öl geht aus", "Reuters", "2026-11-26", "https://news.example.org/article/a", True)
    plain = Message(alert, DELIVERY, (Story(line, ()),), (), (), "Dateline", "https://news.example.org", ALERT.question)
    return replace(plain, **changed)


def mail(box: Mailbox, **more: Any) -> Mail:
    smtp: dict[str, Any] = {"smtp_host": "127.0.0.1", "smtp_port": box.port, "smtp_tls": "none"}
    return Mail(Settings(**{**smtp, "smtp_from": "archive@news.example.org", **more}))


def test_a_mail_arrives_as_text_and_html() -> None:
    with mailbox() as box:
        mail(box).deliver(message())
    (sent,), (envelope,) = box.mails, box.envelopes

    assert (envelope.mail_from, envelope.rcpt_tos) == ("archive@news.example.org", ["desk@example.org"])
    assert str(sent["Subject"]) == "[Dateline] Oil: 1 new"
    assert sent["Auto-Submitted"] == "auto-generated"
    assert sent["List-Id"] == "<alert-7.news.example.org>"
    text, page = (part.get_content() for part in sent.iter_parts())
    assert "Öl geht aus" in text
    assert '<a href="https://news.example.org/article/a">Öl geht aus</a>' in page


def test_a_mail_that_is_sent_again_is_recognized() -> None:
    with mailbox() as box:
        mail(box).deliver(message())
        mail(box).deliver(message())
        mail(box).deliver(message(delivery=replace(DELIVERY, number=2)))
    first, again, other = (str(sent["Message-ID"]) for sent in box.mails)

    assert first == again != other


@cases("name", ["Oil\r\nBcc: all@example.org", "Oil\nX: y", HOSTILE, "\u2028Bcc: x", "=?utf-8?q?Oil?=", "é" * 100])
@cases("where", ["alert", "site", "title"])
def test_nothing_that_somebody_typed_becomes_a_header(name: str, where: str) -> None:
    line = Line("a", name, name, None, "", True)
    hostile = {
        "alert": message(replace(ALERT, name=name)),
        "site": message(site=name),
        "title": message(came=(Story(line, (line,)),)),
    }
    with mailbox() as box:
        mail(box).deliver(hostile[where])
    (sent,), (envelope,) = box.mails, box.envelopes

    assert envelope.rcpt_tos == ["desk@example.org"]
    assert set(sent.keys()) == HEADERS


@cases(
    "address",
    ["", "desk", "@example.org", "desk@", "a@b@c", "a@example.org,b@example.org", "a@example.org b@example.org",
     "a@example.org\r\nRCPT TO:<b@example.org>", "a@example.org\nBcc: b", "<a@example.org>", '"a b"@example.org',
     "a@-example.org", "a@exa_mple.org", ".a@example.org", "a..b@example.org", "dösk@example.org", "a@[127.0.0.1]",
     f"{'a' * 65}@example.org", f"a@{'b.' * 130}org", "a@example.org\0"],
)  # fmt: skip
def test_what_is_not_one_address_is_refused(address: str) -> None:
    with pytest.raises(BadQuery, match="is not one mail address"):
        address_of(address)


@cases("address", ["desk@example.org", "a.b+oil@news.example.org", "x@localhost", " a@b.c "])
def test_an_address_is_accepted(address: str) -> None:
    assert address_of(address) == address.strip()


@cases(
    "answers, said",
    [({"answer": "451 Later\r\n"}, "answered 451: Later"), ({"answer": "554 Spam\x1b[2J"}, "answered 554: Spam"),
     ({"to": "550 Unknown"}, "refuses the address, with 550: Unknown")],
)  # fmt: skip
def test_what_the_server_refuses_is_said(answers: dict[str, str], said: str) -> None:
    with mailbox() as box:
        vars(box).update(answers)
        with pytest.raises(NotDelivered, match=said) as refused:
            mail(box).deliver(message())

    assert box.mails == []
    assert str(refused.value).isprintable()


@contextmanager
def hostile(answer: Callable[[bytes], Iterable[bytes]]) -> Iterator[Mailbox]:
    """A server that answers each line, and the connection, as it likes."""
    box = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as server:
        box.port = server.getsockname()[1]

        def serve() -> None:
            with suppress(OSError), server.accept()[0] as connection, connection.makefile("rb") as lines:
                for line in chain([b""], lines):
                    for piece in answer(line):
                        connection.sendall(piece)

        thread = threading.Thread(target=serve, daemon=True)  # if nobody connects, it waits for ever
        thread.start()
        yield box
        thread.join()


@cases("greets", [True, False])
def test_a_reply_without_an_end_is_not_read_to_it(greets: bool) -> None:
    def answer(line: bytes) -> Iterable[bytes]:
        return [b"220 mail\r\n"] if greets and not line else repeat(b"250-" + b"A" * 4000 + b"\r\n")

    with hostile(answer) as box, pytest.raises(NotDelivered, match="could not be asked"):
        mail(box).deliver(message())


@cases(
    "ways, says",
    [(b"LOGIN", b"502 What is "), (b"PLAIN", b"502 What is "), (b"LOGIN", b"334 UGFzc3dvcmQ6\r\n")],
)  # fmt: skip
def test_a_server_that_repeats_the_password_is_not_quoted(ways: bytes, says: bytes) -> None:
    def answer(line: bytes) -> Iterable[bytes]:
        if not line:
            return [b"220 mail\r\n"]
        if line.startswith(b"EHLO"):
            return [b"250-mail\r\n250 AUTH " + ways + b"\r\n"]
        return [says] if says.startswith(b"334") and line.startswith(b"AUTH") else [b"502 What is " + line]

    with hostile(answer) as box, pytest.raises(NotDelivered) as refused:
        mail(box, smtp_user="dateline", smtp_password="hunter2").deliver(message())
    assert str(refused.value) == "The mail server refuses the user or the password, with 502."


def test_a_server_that_is_not_there_is_said() -> None:
    with reserved_port() as port, pytest.raises(NotDelivered, match="could not be asked: Connection refused"):
        mail(Mailbox(), smtp_port=port).deliver(message())


def test_without_a_server_it_is_said() -> None:
    with pytest.raises(NotDelivered, match="DATELINE_SMTP_HOST is not set"):
        Mail(Settings()).deliver(message())


@pytest.fixture(scope="module")
def encryption(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, Path]:
    """That of a server called localhost, and the certificate that it is trusted by."""
    assert shutil.which("openssl"), "There is no openssl. Install it."
    folder = tmp_path_factory.mktemp("certificate")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context, certificate


@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_a_password_is_sent_encrypted(
    encryption: tuple[ssl.SSLContext, Path], monkeypatch: pytest.MonkeyPatch, tls: str
) -> None:
    context, certificate = encryption
    user = {"smtp_user": "dateline", "smtp_password": "secret", "smtp_host": "localhost", "smtp_tls": tls}
    with mailbox("secret", context, whole=tls == "tls") as box:
        with pytest.raises(NotDelivered, match="could not be asked"):  # nobody vouches for it
            mail(box, **user).deliver(message())
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        with pytest.raises(NotDelivered, match="refuses the user or the password, with 535"):
            mail(box, **{**user, "smtp_password": "guessed"}).deliver(message())
        mail(box, **user).deliver(message())

    assert len(box.mails) == 1


def test_a_server_without_encryption_gets_nothing_if_it_is_asked_for() -> None:
    with mailbox() as box, pytest.raises(NotDelivered, match="encryption"):
        mail(box, smtp_tls="starttls").deliver(message())

    assert box.mails == []


@cases(
    "setting, value",
    [
        ("smtp_tls", "ssl"),
        ("smtp_password", "pässword"),
        ("smtp_user", "däsk"),
        ("smtp_from", ""),
        ("smtp_from", "a@b\r\nX: y"),
        ("smtp_port", 70000),
    ],
)
def test_a_setting_that_is_not_valid_is_named(setting: str, value: object) -> None:
    with pytest.raises(BadSetting, match=f"DATELINE_{setting.upper()} (is|has)"):
        mail(Mailbox(), **{"smtp_port": 25, setting: value})


def test_a_password_is_not_sent_in_the_clear_to_another_machine() -> None:
    with pytest.raises(BadSetting, match="would send the password"):
        mail(Mailbox(), smtp_port=25, smtp_host="mail.example.org", smtp_user="dateline")


def test_a_connection_that_trickles_is_cut() -> None:
    """Each byte comes in time, the end never does."""
    ours, theirs = socket.socketpair()
    ended = threading.Event()

    def trickle() -> None:
        while not ended.is_set():
            try:
                theirs.send(b"x")
            except OSError:
                return
            waiting.idle(0.01)

    thread = threading.Thread(target=trickle)
    thread.start()
    with ours, theirs:
        ours.settimeout(waiting.HANG_S)
        with pytest.raises(TimeoutError), deadline(lambda: ours, 0.1):
            _read_to_the_end(ours)
        ended.set()
        thread.join()

    assert not thread.is_alive()


def _read_to_the_end(connection: socket.socket) -> None:
    """Read what arrives, and fail as a protocol does when it stops too early."""
    while connection.recv(1):
        pass
    raise ConnectionResetError
