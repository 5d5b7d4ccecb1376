"""A database is ready when it is at the newest migration and takes writes, whoever writes beside us."""

from contextvars import Context

from flask import Flask
from sqlalchemy import event, text

from app.extensions import db
from app.models.migrate import is_ready


def test_it_is_ready_at_the_newest_migration(real_app: Flask) -> None:
    with real_app.app_context():
        assert is_ready(db.engine) == (True, None)


def test_it_is_ready_though_somebody_else_writes_meanwhile(real_app: Flask) -> None:
    wrote: list[str] = []
    with real_app.app_context():
        engine = db.engine

    def write(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "alembic_version" in statement and not wrote:
            wrote.append(statement)
            with engine.begin() as another:
                another.execute(text("INSERT INTO county (name, phone) VALUES ('Alpine', '555')"))

    event.listen(engine, "after_cursor_execute", write)
    answer = Context().run(is_ready, engine)  # as a page that only reads begins
    assert wrote
    assert answer == (True, None)


def test_an_older_database_is_not_ready(real_app: Flask) -> None:
    with real_app.app_context():
        with db.engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
        ready, reason = is_ready(db.engine)
    assert not ready
    assert "0001" in str(reason)
