"""Which words go into a text message? Few, and in the language of the person who gets it."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import force_locale, gettext

from app.gateways.texting import TextMessage
from app.models.accounts import Account
from app.web.wording import sentence


def one_time_code(code: str, to: Account) -> TextMessage:
    """A code, with a last line by which a phone may fill it in on our pages and nowhere else.

    The line is the one of “origin-bound one-time codes delivered via SMS” (WICG).
    """
    host = urlsplit(_settings().public_url).netloc
    with force_locale(to.person.language):
        words = gettext(
            "%(code)s is your CareHours code. It works for ten minutes. Give it to nobody.",
            code=code,
        )
    return TextMessage(to=to.phone or "", text=f"{words}\n\n@{host} #{code}")


def compose(code: str, facts: Mapping[str, Any], to: Account) -> TextMessage:
    """What the notice of this code says, and where to read more or to say “this was not me”."""
    with force_locale(to.person.language):
        said = [f"CareHours: {sentence(f'NOTICE_{code}', facts)}", _link(facts)]
    return TextMessage(to=to.phone or "", text="\n".join(said))


def _link(facts: Mapping[str, Any]) -> str:
    if "not_me" in facts:
        link = f"{_settings().public_url}/not-me/{facts['not_me']}"
        return str(gettext("If this was not you, open this: %(link)s", link=link))
    return str(_settings().public_url)


def _settings() -> Any:
    return current_app.extensions["settings"]
