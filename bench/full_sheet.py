"""H1: how long does it take to check a full sheet, among a million timesheets on PostgreSQL?

A full sheet has hours on every day of a half month; its provider works for two recipients and has claimed
hours on both sides of it in the weeks that lie in two pay periods. Measured is what saving and signing
ask of the rules: read everything they look at, and check. SQL statements are counted, too.
"""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import places  # noqa: F401 - makes `app` importable
from flask import Flask
from population import FIRST_ID
from sqlalchemy import (
    Connection,
    Date,
    Integer,
    Select,
    case,
    cast,
    column,
    event,
    func,
    insert,
    literal,
    select,
    text,
)  # fmt: skip
from sqlalchemy.orm import selectinload
from sqlalchemy.types import String

from app import config, create_app
from app.domain.periods import PayPeriod, local_day, midnight_before
from app.domain.submissions import check_submission
from app.extensions import db
from app.models import Base
from app.models.cases import Assignment, AuthorizedHours, Case
from app.models.engine import begin_for_writing
from app.models.migrate import upgrade
from app.models.people import County, Person, Provider, Recipient, WageRate
from app.models.timesheets import TimeEntry, Timesheet
from app.services import sheet_facts
from postgres_server import PostgresServer

SHEETS = 1_000_000
RECIPIENTS_EACH = 2
PERIODS = 10
PROVIDERS = SHEETS // RECIPIENTS_EACH // PERIODS
ASSIGNMENTS = PROVIDERS * RECIPIENTS_EACH
A_DAYS_MINUTES = 240
CHECKS_A_ROUND = 200
ROUNDS = 5
SEED = 2026


def measure(folder: Path) -> dict[str, Any]:
    """The figure of H1: milliseconds of a check at the 95th percentile."""
    server = PostgresServer().start()
    try:
        with _portal(folder, server) as app:
            return _checks(app)
    finally:
        server.stop()


@contextmanager
def _portal(folder: Path, server: PostgresServer) -> Iterator[Flask]:
    environment = {
        "PORTAL_ENV": "test",
        "PORTAL_INSTANCE": str(folder),
        "PORTAL_DATABASE_URL": server.url("postgres"),
    }
    app = create_app(config.from_environment(environment))
    begin_for_writing()
    with app.app_context():
        upgrade(db.engine)
        with db.engine.begin() as connection:
            _populate(connection)
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
    yield app
    with app.app_context():
        db.engine.dispose()


def _checks(app: Flask) -> dict[str, Any]:
    chance = random.Random(SEED)  # noqa: S311 - the same sheets each time
    rounds, counts = [], set()
    with app.app_context():
        for _ in range(ROUNDS + 1):
            wanted = [chance.randrange(PROVIDERS) for _ in range(CHECKS_A_ROUND)]
            taken = [_check(FIRST_ID + number * RECIPIENTS_EACH * PERIODS) for number in wanted]
            rounds.append([seconds for seconds, _ in taken])
            counts |= {statements for _, statements in taken}
    rounds = rounds[1:]  # the first one warms up
    runs = [round(quantiles(each, n=20)[-1] * 1000, 1) for each in rounds]
    return {
        "value": round(median(runs), 1),
        "unit": f"ms to read and check a full sheet among {SHEETS} on PostgreSQL, p95",
        "runs": runs,
        "median_ms": round(median(each for times in rounds for each in times) * 1000, 1),
        "statements": max(counts),
    }


def _check(timesheet_id: int) -> tuple[float, int]:
    """The seconds that one check took, in a session that knows nothing yet, and its statements."""
    count = 0

    def hear(*_arguments: object) -> None:
        nonlocal count
        count += 1

    db.session.close()
    event.listen(db.engine, "before_cursor_execute", hear)
    began = time.perf_counter()
    sheet = db.session.scalars(
        select(Timesheet)
        .where(Timesheet.id == timesheet_id)
        .options(selectinload(Timesheet.entries))
    ).one()
    facts = sheet_facts.facts_of(db.session, sheet, at=datetime.now(UTC))
    check_submission(facts)
    took = time.perf_counter() - began
    event.remove(db.engine, "before_cursor_execute", hear)
    both = {worked.on in facts.period for worked in facts.worked}
    assert both == {True, False}, "its weeks hold nothing else"
    return took, count


# ── A million timesheets, made by the database itself ────────────────────────────────────────────


def _populate(connection: Connection) -> None:
    county = connection.scalar(
        insert(County).values(name="Example", phone="555").returning(County.id)
    )
    rate = {
        "county_id": county,
        "starts_on": date(2020, 1, 1),
        "cents": 1964,
        "authority": "Example",
    }
    connection.execute(insert(WageRate).values(rate))
    _people(connection, county)
    newest = PayPeriod.of(local_day(datetime.now(UTC)))
    while newest.starts_on == newest.workweeks[0].starts_on:
        newest = newest.previous  # its first week must lie in two periods
    periods = [newest]
    while len(periods) < PERIODS:
        periods.append(periods[-1].previous)
    for back, period in enumerate(periods):
        _sheets(connection, back, period)


def _people(connection: Connection, county: int | None) -> None:
    number = _numbers(PROVIDERS)
    of_provider = cast(column("n", Integer), String)
    _fill(connection, Person, select(
        column("n") + FIRST_ID, literal("Pat"), literal("Example"), literal("en"),
    ).select_from(_numbers(PROVIDERS + ASSIGNMENTS)), "id", "first_name", "last_name", "language")  # fmt: skip
    _fill(connection, Provider, select(
        column("n") + FIRST_ID, of_provider, column("n") + FIRST_ID,
    ).select_from(number), "id", "number", "person_id")  # fmt: skip
    cases = _numbers(ASSIGNMENTS)
    address = literal("1 Example Street", Recipient.address.type)
    _fill(connection, Recipient, select(
        column("n") + FIRST_ID, column("n") + FIRST_ID + PROVIDERS, literal(county), address,
    ).select_from(cases), "id", "person_id", "county_id", "address")  # fmt: skip
    _fill(connection, Case, select(
        column("n") + FIRST_ID, of_provider, column("n") + FIRST_ID,
    ).select_from(cases), "id", "number", "recipient_id")  # fmt: skip
    _fill(connection, AuthorizedHours, select(
        column("n") + FIRST_ID, literal(date(2020, 1, 1)), literal(195 * 60),
    ).select_from(cases), "case_id", "starts_on", "monthly_minutes")  # fmt: skip
    _fill(connection, Assignment, select(
        column("n") + FIRST_ID, _provider() + FIRST_ID, column("n") + FIRST_ID,
        literal(date(2020, 1, 1)), literal(195 * 60), literal("ihss"), literal(False), literal("none"),
    ).select_from(cases), "id", "provider_id", "case_id", "starts_on", "assigned_minutes", "program",
        "live_in", "relationship_to_recipient")  # fmt: skip


def _sheets(connection: Connection, back: int, period: PayPeriod) -> None:
    """A half month of everybody: approved, but for the newest one with the first of two recipients."""
    at = midnight_before(period.ends_on)
    key = column("n") * PERIODS + back + FIRST_ID
    is_draft = literal(back == 0) & (column("n") % 2 == 0)
    assignments = _numbers(ASSIGNMENTS)
    _fill(connection, Timesheet, select(
        key, column("n") + FIRST_ID, literal(period.starts_on),
        case((is_draft, "draft"), else_="approved"), literal(at), literal(at),
    ).select_from(assignments), "id", "assignment_id", "period_starts_on", "status", "created_at",
        "changed_at")  # fmt: skip
    days = (
        func.generate_series(
            literal(period.starts_on, Date), literal(period.ends_on, Date), text("interval '1 day'")
        )
        .table_valued("day", joins_implicitly=True)
        .render_derived()
    )
    _fill(connection, TimeEntry, select(
        key, cast(column("day"), Date), literal(A_DAYS_MINUTES),
        case((is_draft, None), else_=A_DAYS_MINUTES), literal(False), literal(1),
    ).select_from(assignments, days), "timesheet_id", "on", "minutes", "claimed_minutes", "by_hand",
        "revision")  # fmt: skip


def _provider() -> Any:
    return column("n", Integer).op("/")(
        RECIPIENTS_EACH
    )  # whole, as PostgreSQL divides whole numbers


def _numbers(count: int) -> Any:
    return func.generate_series(0, count - 1).table_valued("n").render_derived()


def _fill(connection: Connection, table: type[Base], rows: Select[Any], *names: str) -> None:
    connection.execute(insert(table).from_select(names, rows, include_defaults=False))
