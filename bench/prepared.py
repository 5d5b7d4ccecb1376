"""A portal for measuring: a database of its own with the demo's people and many more beside them."""

from datetime import UTC, datetime
from pathlib import Path

import places  # noqa: F401 - makes `app` importable
from flask import Flask
from flask.testing import FlaskClient
from population import populate
from sqlalchemy import select

from app import config, create_app
from app.domain.periods import local_day
from app.extensions import db
from app.models.accounts import Account
from app.models.engine import begin_for_writing
from app.services import sessions


def portal(folder: Path, timesheets: int) -> Flask:
    """An application on a fresh SQLite database with the demo and so many timesheets beside it."""
    begin_for_writing()
    app = create_app(
        config.from_environment({"PORTAL_ENV": "demo", "PORTAL_INSTANCE": str(folder)})
    )
    loaded = app.test_cli_runner().invoke(args=["demo", "load"])
    assert loaded.exit_code == 0, loaded.output
    with app.app_context(), db.engine.begin() as connection:
        populate(connection, timesheets, local_day(datetime.now(UTC)))
    with app.app_context():  # as a portal that has run for a while would stand
        raw = db.engine.raw_connection()
        raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        raw.close()
    return app


def signed_in(app: Flask, username: str) -> FlaskClient:
    """A browser that is signed in as somebody."""
    begin_for_writing()
    with app.app_context():
        account = db.session.scalars(select(Account).where(Account.username == username)).one()
        token = sessions.start(
            db.session, account, method="passkey", device_id=None, at=datetime.now(UTC)
        )
        db.session.commit()
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie.update({"_user_id": token, "_fresh": True})
    return client
