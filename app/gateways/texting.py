"""How does a text message leave the portal? Through a provider's web service, or in the demo into the
folder that the demo shows.

The provider's is Twilio's Messages resource (POST /2010-04-01/Accounts/{Sid}/Messages.json), which
several others offer too. A text is short, goes to one number, and is never trusted with more than a
code or a link: NIST SP 800-63B-4, 3.1.3.3, calls codes by telephone “restricted”.
"""

import base64
import http.client
import json
import ssl
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlencode, urlsplit

from app import clock
from app.config import Settings
from app.gateways.messaging import SendingFailed, drop
from app.gateways.turns import Turns

TIMEOUT = 8  # seconds for each step: a person waits behind this
DIALOGUES_AT_ONCE = 3
LONGEST_ANSWER = 64 * 1024  # bytes
API = "/2010-04-01/Accounts/"
MESSAGING_SERVICE = "MG"  # a pool of numbers has an id that begins so; anything else is a number

_dialogues = Turns(DIALOGUES_AT_ONCE, may_wait=2)


@dataclass(frozen=True)
class TextMessage:
    """A text to one number, written +12135550142 (E.164)."""

    to: str
    text: str


class Texter(Protocol):
    """Whatever takes texts away; both may raise TooBusy, for a slow service must not hold all threads."""

    def send(self, message: TextMessage) -> None:
        """Hand the text over; raises SendingFailed."""

    def rehearse(self) -> None:
        """Everything that sending does but the text itself; raises SendingFailed.

        For somebody who has no number: the answer must be as slow and as truthful as for one who has.
        """


def texter_for(settings: Settings) -> Texter:
    """The texter that the settings name: `https://sid:token@host`, `mailbox:`, or none at all."""
    if settings.text_url.startswith("mailbox:"):
        return MailboxTexter(settings.mailbox, settings.text_from)
    if not settings.text_url:
        return NoTexter()
    return HttpTexter(settings.text_url, settings.text_from)


class HttpTexter:
    """A provider's web service, by `https://account-sid:auth-token@api.twilio.com`.

    Codes are secrets, so without TLS only a service on this machine is spoken to (config.unsafe).
    """

    def __init__(self, url: str, text_from: str, *, timeout: float = TIMEOUT) -> None:
        parts = urlsplit(url)
        self._has_tls = parts.scheme == "https"
        self._host = parts.hostname or "localhost"
        self._port = parts.port or (443 if self._has_tls else 80)
        self._account = unquote(parts.username or "")
        login = f"{self._account}:{unquote(parts.password or '')}"
        self._authorization = "Basic " + base64.b64encode(login.encode()).decode()
        self._text_from = text_from
        self._timeout = timeout

    def send(self, message: TextMessage) -> None:
        sender = "MessagingServiceSid" if self._text_from.startswith(MESSAGING_SERVICE) else "From"
        body = urlencode({"To": message.to, sender: self._text_from, "Body": message.text})
        self._ask("POST", f"{API}{self._account}/Messages.json", body)

    def rehearse(self) -> None:
        self._ask("GET", f"{API}{self._account}.json")

    def _ask(self, method: str, path: str, body: str | None = None) -> None:
        headers = {"Authorization": self._authorization, "Accept": "application/json"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        with _dialogues.one():
            connection = self._connection()
            try:
                connection.request(method, path, body, headers)
                answer = connection.getresponse()
                told = answer.read(LONGEST_ANSWER)
            except (OSError, http.client.HTTPException) as error:
                raise SendingFailed(
                    f"{type(error).__name__} at {self._host}:{self._port}"
                ) from error
            finally:
                connection.close()
        if not http.client.OK <= answer.status < http.client.MULTIPLE_CHOICES:
            raise SendingFailed(f"{answer.status} {_reason(told)} at {self._host}:{self._port}")

    def _connection(self) -> http.client.HTTPConnection:
        if self._has_tls:
            context = ssl.create_default_context()
            return http.client.HTTPSConnection(
                self._host, self._port, timeout=self._timeout, context=context
            )
        return http.client.HTTPConnection(self._host, self._port, timeout=self._timeout)


class MailboxTexter:
    """The demo's folder, in which texts lie beside the letters; `/demo/mailbox` shows both."""

    def __init__(self, folder: Path, text_from: str) -> None:
        self._folder = folder
        self._text_from = text_from

    def send(self, message: TextMessage) -> None:
        note = EmailMessage(policy=policy.SMTP)
        note["To"] = message.to
        note["Subject"] = "Text message"
        note["Date"] = format_datetime(clock.now())
        note.set_content(message.text)
        drop(self._folder, note)

    def rehearse(self) -> None:
        """Nothing can be in the way that a text would find."""


class NoTexter:
    """A portal whose operator has no text service: pages do not offer texts, and none is sent."""

    def send(self, message: TextMessage) -> None:
        raise SendingFailed("no text service is set")

    def rehearse(self) -> None:
        raise SendingFailed("no text service is set")


def _reason(told: bytes) -> str:
    """The provider's number for what is wrong, without its words: they may quote the text."""
    try:
        said = json.loads(told)
    except ValueError:
        return ""
    return f"(error {said['code']})" if isinstance(said, dict) and "code" in said else ""
