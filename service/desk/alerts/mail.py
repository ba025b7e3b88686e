"""Alerts as mail, through the SMTP server of the operator.

A message has the same Message-ID however often it is sent, so that a mailbox can recognize one that it has. It is
delivered when the server has taken it: what becomes of it there is for the server to report, to the address that it is
from. Addresses and names are checked before, and once more by the library that writes headers.
"""

from __future__ import annotations

import errno
import re
import smtplib
import ssl
from contextlib import closing, suppress
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import BinaryIO, ClassVar

from desk.alerts.alert import Alert
from search.errors import BadQuery, BadValue
from service.desk.alerts.channel import WITHIN_S, NotDelivered, deadline, reason
from service.desk.alerts.markup import as_page
from service.desk.alerts.message import Message, as_text, plain
from service.settings import BadSetting, Settings
from service.wording.messages import mark

ENCRYPTIONS = ("starttls", "tls", "none")
MAX_ADDRESS = 254
_LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ADDRESS = re.compile(rf"([a-z0-9!#$%&'*+/=?^_`{{|}}~.-]{{1,64}})@((?:{_LABEL}\.)*{_LABEL})", re.ASCII | re.IGNORECASE)
_OWN = ("localhost", "127.0.0.1", "::1")
_LINES = 100
"""The greatest number of lines of a reply; each has at most 8 kB."""
_MOMENT = "%Y-%m-%dT%H:%M:%SZ"


def address_of(text: str, name: str = "target") -> str:
    """One mail address, as it is stored. Raises BadQuery if a text is none, or several."""
    address = text.strip()
    match = _ADDRESS.fullmatch(address)
    if (
        match is None
        or len(address) > MAX_ADDRESS
        or match[1].startswith(".")
        or match[1].endswith(".")
        or ".." in match[1]
    ):
        raise BadQuery(
            [BadValue(name, text[:80], f"“{text[:80]}” is not one mail address.", "Write it like desk@example.org.")]
        )
    return address


class Mail:
    """Mails messages. Raises BadSetting if a setting is not valid."""

    WORD: ClassVar[str] = mark("mail")
    TARGET: ClassVar[str] = "ADDRESS"
    HELP: ClassVar[str] = "Mail it."
    SETTING: ClassVar[str] = "DATELINE_SMTP_HOST"

    def __init__(self, settings: Settings) -> None:
        self._host, self._port, self._tls = settings.smtp_host, settings.smtp_port, settings.smtp_tls
        self._user, self._password, self._site = settings.smtp_user, settings.smtp_password, settings.site_name
        self._from = settings.smtp_from
        if not self._host:
            return
        if self._tls not in ENCRYPTIONS:
            raise BadSetting(f"DATELINE_SMTP_TLS is “{self._tls}”. There are: {', '.join(ENCRYPTIONS)}.")
        if not 0 < self._port < 65536:
            raise BadSetting(f"DATELINE_SMTP_PORT is “{self._port}”. It is a number from 1 to 65535.")
        try:
            address_of(self._from)
        except BadQuery:
            raise BadSetting(
                f"DATELINE_SMTP_FROM is “{self._from}”. It is one mail address, of this archive."
            ) from None
        for name, value in (("USER", self._user), ("PASSWORD", self._password)):
            if not value.isascii():
                raise BadSetting(f"DATELINE_SMTP_{name} has other characters than those of ASCII, which are not sent.")
        if self._user and self._tls == "none" and self._host not in _OWN:
            raise BadSetting(
                "DATELINE_SMTP_TLS is “none”, which would send the password where others can read it. "
                "Set it to “starttls” or “tls”."
            )

    @property
    def works(self) -> bool:
        """True if there is a server to mail through."""
        return bool(self._host)

    def target(self, text: str) -> str:
        """A mail address. Raises BadQuery if a text is none, or several."""
        return address_of(text)

    def receiver(self, _alert: Alert) -> str:
        """The mail server, which is one for all."""
        return ""

    def deliver(self, message: Message) -> None:
        """Mail a message; it has arrived when the server has taken it. Raises NotDelivered."""
        if not self.works:
            raise NotDelivered("No mail is sent here: DATELINE_SMTP_HOST is not set.")
        mail = as_mail(message, self._from)
        try:
            with closing(self._connected()) as server, deadline(lambda: server.sock):
                if self._tls == "starttls":
                    server.starttls(context=ssl.create_default_context())
                if self._user:
                    self._log_in(server)
                server.send_message(mail, self._from, [message.alert.target])
                with suppress(smtplib.SMTPException, OSError):  # it has taken the mail
                    server.quit()
        except smtplib.SMTPResponseException as error:
            raise NotDelivered(f"The mail server answered {error.smtp_code}: {_said(error.smtp_error)}") from None
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            raise NotDelivered(f"The mail server refuses the address, with {code}: {_said(said)}") from None
        except smtplib.SMTPNotSupportedError:
            raise NotDelivered("The mail server does not do what is asked of it: encryption, or a password.") from None
        except (smtplib.SMTPException, OSError) as error:
            raise NotDelivered(f"The mail server could not be asked: {reason(error)}.") from None

    def _log_in(self, server: smtplib.SMTP) -> None:
        """Give the user and the password. What the server answers is not repeated: it may be the password."""
        try:
            server.login(self._user, self._password)
        except smtplib.SMTPResponseException as error:
            raise NotDelivered(f"The mail server refuses the user or the password, with {error.smtp_code}.") from None

    def _connected(self) -> smtplib.SMTP:
        if self._tls == "tls":
            trusted = ssl.create_default_context()
            return _EncryptedServer(self._host, self._port, timeout=WITHIN_S, context=trusted)
        return _Server(self._host, self._port, timeout=WITHIN_S)


class _Replies:
    """The lines that a server sends, of which one reply has not more than some."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.left = _LINES

    def readline(self, size: int) -> bytes:
        """The next line. Raises OSError if a reply has too many."""
        self.left -= 1
        if self.left < 0:
            raise OSError(errno.EMSGSIZE, "its reply has no end")
        return self._file.readline(size)

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class _Server(smtplib.SMTP):
    def getreply(self) -> tuple[int, bytes]:
        """The next reply, which has an end: the library would read, and store, as long as the server writes."""
        if self.file is None:
            assert self.sock is not None
            self.file = _Replies(self.sock.makefile("rb"))
        self.file.left = _LINES
        return super().getreply()


class _EncryptedServer(_Server, smtplib.SMTP_SSL):
    """A server that encrypts from the first byte."""


def as_mail(message: Message, sender: str) -> EmailMessage:
    """A message as a mail, in plain text and HTML."""
    alert, domain = message.alert, sender.rpartition("@")[2]
    mail = EmailMessage(SMTP)
    mail["From"] = Address(plain(message.site), addr_spec=sender)
    mail["To"] = Address(addr_spec=alert.target)
    mail["Subject"] = f"[{plain(message.site)}] {message.subject}"
    mail["Date"] = datetime.strptime(message.delivery.at, _MOMENT).replace(tzinfo=UTC)
    mail["Message-ID"] = f"<{message.id}@{domain}>"
    mail["List-Id"] = f"<alert-{alert.number}.{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(as_text(message), cte="quoted-printable")
    mail.add_alternative(as_page(message), subtype="html", cte="quoted-printable")
    return mail


def _said(answer: bytes | str) -> str:
    """What a server said, as one short line."""
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return plain(text)[:200]
