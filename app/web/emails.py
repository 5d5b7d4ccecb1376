"""Which words go into an e-mail? Three templates a code, in the language of the person who gets it."""

from collections.abc import Mapping
from typing import Any

from flask import current_app
from flask_babel import force_locale

from app.gateways.messaging import Email
from app.models.accounts import Account


def compose(code: str, facts: Mapping[str, Any], to: Account) -> Email:
    """The letter of a code to an account: see `letter`; its template has `to` and `name` as well."""
    about = {"to": to, "name": to.person.first_name}
    return letter(code, {**facts, **about}, address=to.email, language=to.person.language)


def to_nobody(code: str, facts: Mapping[str, Any]) -> Email:
    """A letter as `compose` makes it, for a name that nobody has: never sent (ADR 0015)."""
    return letter(code, {**facts, "to": None, "name": ""}, address="", language="en")


def letter(code: str, facts: Mapping[str, Any], *, address: str, language: str) -> Email:
    """The letter of a code: `templates/emails/<code in kebab-case>` .subject.txt, .txt and .html.

    A template has the facts by their names, `portal_url`, `service_desk_phone` and `language`. It is
    rendered without a request, so that the jobs can do it too, and without the context processors,
    which would speak of whoever is signed in just now.
    """
    stem = f"emails/{code.lower().replace('_', '-')}"
    context = {
        **facts,
        "portal_url": current_app.extensions["settings"].public_url,
        "service_desk_phone": current_app.extensions["settings"].service_desk_phone,
        "language": language,
    }
    with force_locale(language):
        subject, text, html = (
            current_app.jinja_env.get_template(f"{stem}{ending}").render(context)
            for ending in (".subject.txt", ".txt", ".html")
        )
    return Email(to=address, subject=" ".join(subject.split()), text=text.strip() + "\n", html=html)
