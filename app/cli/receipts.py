"""`flask receipts …`: check a signed receipt without the portal's web pages, and say what it shows."""

import json
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup
from flask_babel import force_locale

from app.gateways.receipt_keys import NotGenuine, UnknownKey, Unreadable, check
from app.web import receipt_files, receipt_words
from app.web.wording import sentence

commands = AppGroup("receipts", help="Signed receipts.")

GENUINE, NOT_GENUINE, UNREADABLE = 0, 1, 2


@commands.command("verify")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--keys",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Public keys that were saved from /receipts/keys.json; else those of this portal.",
)
def verify_command(file: Path, keys: Path | None) -> None:
    """Say whether FILE is a genuine receipt, and what it shows.

    Exit status 0 where it is, 1 where it was changed or signed by no known key, 2 where FILE cannot
    be read as a receipt.
    """
    with force_locale("en"):
        try:
            content = check(file.read_bytes(), _published(keys))
        except (Unreadable, OSError):
            _say("RECEIPT_UNREADABLE", UNREADABLE)
        except UnknownKey:
            _say("RECEIPT_UNKNOWN_KEY", NOT_GENUINE)
        except NotGenuine:
            _say("RECEIPT_NOT_GENUINE", NOT_GENUINE)
        else:
            _tell(content)


def _published(keys: Path | None) -> list[dict[str, str]]:
    if keys is None:
        return receipt_files.keys().published
    published: list[dict[str, str]] = json.loads(keys.read_text(encoding="utf-8"))["keys"]
    return published


def _say(code: str, status: int) -> None:
    click.echo(sentence(code), err=True)
    raise SystemExit(status)


def _tell(content: dict[str, Any]) -> None:
    click.echo(sentence("RECEIPT_GENUINE"))
    for name, value in receipt_words.rows_of(content):
        click.echo(f"{name}: {value}")
