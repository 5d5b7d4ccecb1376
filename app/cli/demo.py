"""`flask demo …`: people to try the portal as, with a few half months of believable history."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from app import clock
from app.cli import demo_history, demo_notes, demo_people
from app.config import Settings
from app.extensions import db
from app.models.engine import begin_for_writing
from app.models.migrate import upgrade

commands = AppGroup("demo", help="The demo: invented people with a believable history.")


@commands.command("load")
def load_command() -> None:
    """Bring the demo's people in, once, and say who can sign in and how."""
    settings = _demo_settings()
    begin_for_writing()
    upgrade(db.engine)
    personas = demo_people.personas()
    if not demo_people.are_loaded(db.session, personas):
        db.session.rollback()
        with _all_or_nothing() as session:
            people = demo_people.load(session, personas, at=clock.now())
            demo_history.tell(
                session, people, personas, now=clock.now(), folder=settings.payment_files
            )
            demo_notes.leave(session, people, personas, now=clock.now())
    for line in demo_people.introduction(personas, settings.public_url):
        click.echo(line)


@commands.command("reset")
def reset_command() -> None:
    """Delete the demo's database, mailbox, payment files and collector; only of the demo, and only SQLite."""
    settings = _demo_settings()
    url = make_url(settings.database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        raise click.ClickException("Only a SQLite demo can be reset; empty that database yourself.")
    db.engine.dispose()
    for ending in ("", "-wal", "-shm"):
        Path(url.database + ending).unlink(missing_ok=True)
    for folder in (settings.mailbox, settings.payment_files, settings.aggregator_folder):
        shutil.rmtree(folder, ignore_errors=True)
    click.echo("The demo's data are gone.")


@contextmanager
def _all_or_nothing() -> Iterator[Session]:
    """A session whose commits only count when the whole block has ended well."""
    with db.engine.begin() as connection:
        session = Session(
            connection, join_transaction_mode="create_savepoint", expire_on_commit=False
        )
        with session:
            yield session
            session.commit()


def _demo_settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    if settings.is_production:
        raise click.ClickException("The demo's people have a public password: not in production.")
    return settings
