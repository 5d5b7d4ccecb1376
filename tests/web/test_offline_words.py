"""The pages bring every sentence that their scripts can say."""

import re
from pathlib import Path

from flask import Flask
from flask_babel import Babel

from app.web import sheet_forecast
from app.web.offline_words import words

SCRIPTS = sorted((Path(__file__).parents[2] / "app/static/js").glob("*.js"))
FAMILIES = {  # keys that a script puts together: what stands between the first and the last part
    "place_": ("noted", "denied", "unavailable", "timeout", "looking"),
    "place_name_": ("home", "community", "both"),
    "version_": ("home", "community", "both"),
    "waiting_": ("check_in", "check_out", "day", "item"),
    "sign_in_": ("check_in", "check_out", "day", "item"),
    "item_": ("check_in", "check_out", "check_in_for", "check_out_for", "undo", "position"),
}
COUNTED = ("waiting_", "sign_in_")


def _words() -> dict[str, str]:
    app = Flask(__name__)
    Babel(app)
    with app.test_request_context():
        return words() | sheet_forecast.words()


def test_every_key_in_the_scripts_has_a_sentence() -> None:
    text = "\n".join(path.read_text() for path in SCRIPTS)
    keys = set(re.findall(r'\bsay\(\s*"(\w+)"', text))
    keys |= {
        f"{key}_{many}"
        for key in re.findall(r'\bsayCount\(\s*"(\w+)"', text)
        for many in ("one", "many")
    }

    assert keys
    assert keys - _words().keys() == set()


def test_every_key_that_a_script_puts_together_has_a_sentence() -> None:
    keys = {
        prefix + end + many
        for prefix, ends in FAMILIES.items()
        for end in ends
        for many in (("_one", "_many") if prefix in COUNTED else ("",))
    }

    assert keys - _words().keys() == set()


def test_no_script_holds_a_sentence_of_its_own() -> None:
    shown = re.compile(r'(?:textContent|innerText) = "[^"]*[a-z][^"]*"')

    assert [path.name for path in SCRIPTS if shown.search(path.read_text())] == []
