"""What P1 is measured against: a bare Flask view that commits one row a request with sqlite3."""

import os
import sqlite3
import threading
import uuid

from flask import Flask, request

connections = threading.local()


def create_app() -> Flask:
    """The smallest application that still keeps what it was told, as safely as the portal does."""
    app = Flask(__name__)
    _connection().execute(
        "CREATE TABLE IF NOT EXISTS event (id TEXT PRIMARY KEY, kind TEXT, made_at TEXT)"
    )

    @app.post("/event")
    def keep() -> dict[str, str]:
        said = request.get_json()
        event_id = str(uuid.uuid4())
        connection = _connection()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(
            "INSERT INTO event VALUES (?, ?, ?)", (event_id, said["kind"], said["made_at"])
        )
        connection.execute("COMMIT")
        return {"id": event_id}

    return app


def _connection() -> sqlite3.Connection:
    if not hasattr(connections, "own"):
        connections.own = sqlite3.connect(os.environ["BARE_DATABASE"], isolation_level=None)
        connections.own.execute("PRAGMA journal_mode=WAL")
        connections.own.execute("PRAGMA synchronous=FULL")
        connections.own.execute("PRAGMA busy_timeout=10000")
    own: sqlite3.Connection = connections.own
    return own
