"""How does a test fill in a form as a browser does: with the token, the hidden fields, the button?"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

Values = Mapping[str, str | list[str]]


@dataclass
class Button:
    """A submit button: its words, what it sends, and the address it sends to when it has its own."""

    words: str = ""
    name: str | None = None
    value: str = ""
    action: str | None = None
    is_submit: bool = True


@dataclass
class Form:
    """A form as a page shows it, with the values that a browser would send untouched."""

    action: str = ""
    method: str = "get"
    id: str | None = None
    names: set[str] = field(default_factory=set)
    values: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[Button] = field(default_factory=list)

    def button(self, words: str) -> Button | None:
        return next((each for each in self.buttons if each.is_submit and each.words == words), None)

    def filled_in(self, typed: Values) -> dict[str, list[str]]:
        sent: dict[str, list[str]] = {}
        for name, value in self.values:
            sent.setdefault(name, []).append(value)
        for name, value in typed.items():
            sent[name] = value if isinstance(value, list) else [value]
        return sent


def post_form(
    client: FlaskClient,
    page_url: str,
    data: Values | None = None,
    button: str | None = None,
    **request: Any,
) -> TestResponse:
    """Open a page, fill in its form and send it; `button` is the words on the one that is pressed.

    The form is the one with that button, else the first that posts and has all the fields of `data`.
    The answer is not followed unless `follow_redirects=True` is among the further arguments.
    """
    page = client.get(page_url)
    assert page.status_code == 200, f"{page_url} answered {page.status_code}"
    return send_form(client, page, data or {}, button, **request)


def send_form(
    client: FlaskClient,
    page: TestResponse,
    data: Values | None = None,
    button: str | None = None,
    **request: Any,
) -> TestResponse:
    """Fill in and send a form of a page that is already open: a refused form, say."""
    form = find_form(page.text, data or {}, button)
    pressed = form.button(button) if button else None
    sent = form.filled_in(data or {})
    if pressed and pressed.name:
        sent[pressed.name] = [pressed.value]
    action = (pressed.action if pressed else None) or form.action
    here = page.request.full_path.rstrip("?")
    headers = {"Referer": page.request.url} | request.pop("headers", {})
    return client.post(urljoin(here, action) or here, data=sent, headers=headers, **request)


def find_form(page: str, data: Values | None = None, button: str | None = None) -> Form:
    """The form of a page that has this button and these fields; fails by saying what there is."""
    forms = [form for form in forms_in(page) if form.method == "post"]
    for form in forms:
        if button is not None and form.button(button) is None:
            continue
        if set(data or {}) <= form.names:
            return form
    seen = [
        (form.action, sorted(form.names), [each.words for each in form.buttons]) for form in forms
    ]
    raise AssertionError(f"no form with the button {button!r} and {sorted(data or {})}: {seen}")


def forms_in(page: str) -> list[Form]:
    """All forms of a page, in its order."""
    reader = _Reader()
    reader.feed(page)
    return reader.forms


class _Reader(HTMLParser):
    """Reads forms, and the fields and buttons that stand in them or name them by `form=`."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._open: Form | None = None
        self._button: Button | None = None
        self._select: tuple[Form, str] | None = None
        self._area: tuple[Form, str] | None = None
        self._chosen: str | None = None
        self._first: str | None = None
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = Form(
                given.get("action", ""), given.get("method", "get").lower(), given.get("id")
            )
            self.forms.append(self._open)
        elif tag in {"input", "button", "select", "textarea"} and (owner := self._owner(given)):
            getattr(self, f"_{tag}_starts")(owner, given)
        elif tag == "option" and self._select:
            value = given.get("value", "")
            self._first = value if self._first is None else self._first
            self._chosen = value if "selected" in given else self._chosen

    def handle_data(self, data: str) -> None:
        if self._button or self._area:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        text = "".join(self._text)
        if tag == "form":
            self._open = None
        elif tag == "button" and self._button:
            self._button.words, self._button = " ".join(text.split()), None
        elif tag == "textarea" and self._area:
            form, name = self._area
            form.values.append((name, text.removeprefix("\n")))
            self._area = None
        elif tag == "select" and self._select:
            form, name = self._select
            form.values.append(
                (name, self._chosen if self._chosen is not None else self._first or "")
            )
            self._select = None

    def _owner(self, given: dict[str, str]) -> Form | None:
        if "form" in given:
            return next((form for form in self.forms if form.id == given["form"]), None)
        return self._open

    def _input_starts(self, form: Form, given: dict[str, str]) -> None:
        name, kind = given.get("name", ""), given.get("type", "text")
        if not name or "disabled" in given:
            return
        form.names.add(name)
        if kind in {"checkbox", "radio"}:
            if "checked" in given:
                form.values.append((name, given.get("value", "on")))
        elif kind not in {"submit", "button", "image"}:
            form.values.append((name, given.get("value", "")))

    def _button_starts(self, form: Form, given: dict[str, str]) -> None:
        self._text = []
        self._button = Button(
            name=given.get("name"),
            value=given.get("value", ""),
            action=given.get("formaction"),
            is_submit=given.get("type", "submit") == "submit" and "disabled" not in given,
        )
        form.buttons.append(self._button)

    def _select_starts(self, form: Form, given: dict[str, str]) -> None:
        self._chosen = self._first = None
        if "disabled" not in given:
            form.names.add(given["name"])
            self._select = (form, given["name"])

    def _textarea_starts(self, form: Form, given: dict[str, str]) -> None:
        self._text = []
        if "disabled" not in given:
            form.names.add(given["name"])
            self._area = (form, given["name"])
