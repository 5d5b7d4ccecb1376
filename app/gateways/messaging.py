"""How does an e-mail leave the portal? By SMTP, or in the demo into a folder that the demo shows."""

import os
import re
import secrets
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import format_datetime, make_msgid, parseaddr, parsedate_to_datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from app import clock
from app.config import Settings
from app.gateways.turns import Turns

TIMEOUT = 8  # seconds for each step: a person waits behind this
ACCEPTED = 250  # RFC 5321
LETTER_NAME = re.compile(r"[0-9]{20}-[0-9a-f]{8}\.eml")
DIALOGUES_AT_ONCE = 3
LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})


_dialogues = Turns(DIALOGUES_AT_ONCE, may_wait=2)


class SendingFailed(Exception):  # noqa: N818 — the caller says what that means for a person.
    """The mail server could not be reached, or would not take the letter; the message says which."""


@dataclass(frozen=True)
class Email:
    """A letter to one person, in plain text and, where there is one, in HTML too.

    `key` is the same whenever the same letter is sent, so that mail programs can tell a repeat.
    """

    to: str
    subject: str
    text: str
    html: str | None = None
    key: str | None = None


@dataclass(frozen=True)
class Letter:
    """An e-mail in the demo's mailbox."""

    name: str
    to: str
    subject: str
    at: datetime
    text: str


class Mailer(Protocol):
    """Whatever takes letters away; both may raise TooBusy, for a slow server must not hold all threads."""

    def send(self, email: Email) -> None:
        """Hand the letter over; raises SendingFailed."""

    def rehearse(self, email: Email | None = None) -> None:
        """Everything that sending does but the letter's way out; raises SendingFailed.

        For a name that nobody has: the answer must be as slow and as truthful as for one that
        somebody has.
        """


def mailer_for(settings: Settings) -> Mailer:
    """The mailer that the settings name: `smtp://`, `smtps://` or `mailbox:`."""
    if settings.smtp_url.startswith("mailbox:"):
        return MailboxMailer(settings.mailbox, settings.mail_from)
    return SmtpMailer(settings.smtp_url, settings.mail_from)


class SmtpMailer:
    """A real mail server, by `smtps://user:password@host:465` or `smtp://host:587` with STARTTLS.

    Codes are secrets, so mail never leaves this machine in the clear: without TLS only a server on
    the machine itself is spoken to.
    """

    def __init__(self, url: str, mail_from: str, *, timeout: float = TIMEOUT) -> None:
        parts = urlsplit(url)
        self._implicit_tls = parts.scheme == "smtps"
        self._host = parts.hostname or "localhost"
        self._port = parts.port or (465 if self._implicit_tls else 587)
        self._login = (
            (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
        )
        self._mail_from = mail_from
        self._timeout = timeout

    def send(self, email: Email) -> None:
        message = composed(email, self._mail_from)
        with _dialogues.one(), self._connected() as server:
            server.send_message(message)

    def rehearse(self, email: Email | None = None) -> None:
        if email is not None:
            bytes(composed(email, self._mail_from))
        with _dialogues.one(), self._connected() as server:
            code, answer = server.mail(parseaddr(self._mail_from)[1])
            if code != ACCEPTED:
                raise smtplib.SMTPResponseException(code, answer)
            server.rset()

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        try:
            with self._open() as server:
                if self._login:
                    server.login(*self._login)
                yield server
        except (OSError, smtplib.SMTPException) as error:
            raise SendingFailed(f"{type(error).__name__} at {self._host}:{self._port}") from error

    def _open(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self._implicit_tls:
            return smtplib.SMTP_SSL(self._host, self._port, timeout=self._timeout, context=context)
        server = smtplib.SMTP(self._host, self._port, timeout=self._timeout)
        try:
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=context)
            elif self._host not in LOCAL_HOSTS:
                raise smtplib.SMTPNotSupportedError("no STARTTLS, and not on this machine")
        except BaseException:
            server.close()
            raise
        return server


class MailboxMailer:
    """A folder with one file a letter, which `/demo/mailbox` shows."""

    def __init__(self, folder: Path, mail_from: str) -> None:
        self._folder = folder
        self._mail_from = mail_from

    def send(self, email: Email) -> None:
        drop(self._folder, composed(email, self._mail_from))

    def rehearse(self, email: Email | None = None) -> None:
        """A letter is written as well, and thrown away where another one would get its name."""
        if email is not None:
            _write(
                self._folder,
                composed(email, self._mail_from),
                lambda letter, _name: letter.unlink(),
            )


def drop(folder: Path, message: EmailMessage) -> None:
    """Put a message into a mailbox folder, whole or not at all; raises SendingFailed."""
    _write(folder, message, os.replace)


def _write(folder: Path, message: EmailMessage, finish: Callable[[Path, Path], object]) -> None:
    """Write a message under a name that no reader looks for, and finish it with the one it would get."""
    name = f"{clock.now():%Y%m%d%H%M%S%f}-{secrets.token_hex(4)}.eml"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = folder / f".{name}"
        unfinished.write_bytes(bytes(message))
        finish(unfinished, folder / name)
    except OSError as error:
        raise SendingFailed(type(error).__name__) from error


def letters(folder: Path) -> list[Letter]:
    """The letters in a mailbox folder, the newest first."""
    names = [path.name for path in folder.glob("*.eml") if LETTER_NAME.fullmatch(path.name)]
    return [letter for name in sorted(names, reverse=True) if (letter := read(folder, name))]


def read(folder: Path, name: str) -> Letter | None:
    """One letter by its name; None for a name that no letter has or could have."""
    path = folder / name
    if not LETTER_NAME.fullmatch(name) or not path.is_file():
        return None
    message = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
    body = message.get_body(("plain",))
    return Letter(
        name=name,
        to=str(message["To"]),
        subject=str(message["Subject"]),
        at=parsedate_to_datetime(str(message["Date"])),
        text=str(body.get_content()).replace("\r\n", "\n") if body else "",
    )


def composed(email: Email, mail_from: str) -> EmailMessage:
    """The letter as it travels; a line break in an address or a subject raises ValueError."""
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = mail_from
    message["To"] = email.to
    message["Subject"] = email.subject
    message["Date"] = format_datetime(clock.now())
    domain = parseaddr(mail_from)[1].rpartition("@")[2]
    message["Message-ID"] = f"<{email.key}@{domain}>" if email.key else make_msgid(domain=domain)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers, please
    message.set_content(email.text)
    if email.html:
        message.add_alternative(email.html, subtype="html")
    return message
