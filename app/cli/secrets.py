"""`flask secrets …`: which keys seal what lies in the database, and bring it all under the present one."""

import click
from flask import current_app
from flask.cli import AppGroup

from app.config import Settings
from app.extensions import db
from app.gateways.secrets import KeyRing
from app.models.engine import begin_for_writing
from app.services import sealing
from app.services.sealing import ColumnStatus

commands = AppGroup("secrets", help="The keys that seal what lies in the database.")

SOME_UNREADABLE = 1


@commands.command("status")
def status_command() -> None:
    """Say by which keys each column is sealed, and which keys are needed no more.

    Exit status 1 when something is sealed by no key of PORTAL_SEALING_KEYS.
    """
    ring = _ring()
    columns = sealing.status(db.session, ring)
    for column in columns:
        click.echo(f"{column.place}: {_counts(column)}")
    for version in sorted(ring.versions):
        click.echo(f"Key {version}: {_use(version, ring, columns)}")
    if any(column.unreadable for column in columns):
        raise SystemExit(SOME_UNREADABLE)


@commands.command("rotate")
def rotate_command() -> None:
    """Seal everything anew by the first of PORTAL_SEALING_KEYS.

    It may be interrupted and run again, also while the portal serves. Exit status 1 when something
    could not be read; that is left as it is, and everything else is sealed anew.
    """
    begin_for_writing()
    ring = _ring()
    result = sealing.rotate(db.session, ring)
    for column in result:
        if column.resealed:
            click.echo(f"{column.place}: {column.resealed} sealed anew")
        for row in column.unreadable:
            click.echo(f"{column.place}: row {row} cannot be read and was left as it is", err=True)
    total = sum(column.resealed for column in result)
    click.echo(f"{total} sealed anew by key {ring.seals_by}.")
    if any(column.unreadable for column in result):
        raise SystemExit(SOME_UNREADABLE)


def _ring() -> KeyRing:
    settings: Settings = current_app.extensions["settings"]
    return KeyRing(settings.sealing_keys, settings.fingerprint_key)


def _counts(column: ColumnStatus) -> str:
    counts = [f"{count} by key {key}" for key, count in column.by_version.items() if count]
    if column.unreadable:
        counts.append(f"{column.unreadable} by no key that is here")
    return ", ".join(counts) or "nothing"


def _use(version: int, ring: KeyRing, columns: list[ColumnStatus]) -> str:
    if version == ring.seals_by:
        return "seals what is written now"
    left = sum(column.by_version[version] for column in columns)
    return f"still needed for {left}" if left else "not needed any more"
