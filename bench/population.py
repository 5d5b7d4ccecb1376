"""Fills a database with many invented providers, recipients and half months, quickly.

Everybody lives in Los Angeles, where the demo's county worker looks. What a provider has is the same
however many there are, so that only the size of the tables differs between two populations.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, insert, select

from app.domain.periods import PayPeriod, midnight_before
from app.models import Base
from app.models.accounts import Account, email_fingerprint
from app.models.cases import Assignment, AuthorizedHours, Case
from app.models.names import NameWord, rows_of
from app.models.payments import EarningsLine, Payment, PayrollRun
from app.models.people import County, Person, Provider, Recipient
from app.models.timesheets import (
    TimeEntry,
    Timesheet,
    TimesheetHold,
    TimesheetStatus,
    TimesheetVersion,
)
from app.models.visits import Visit

FIRST_ID = 100_000  # well beyond the demo's own
SHEETS_EACH = 20
DAYS_EACH = 10
A_DAYS_MINUTES = 300
RATE_CENTS = 1964
HELD = 50  # in all, however many there are: what a county lists is a page of them
PERIODS_WITH_VISITS = 2
BATCH = 10_000
Row = dict[str, Any]


def populate(connection: Connection, sheets: int, today: date) -> None:
    """Add so many timesheets and everything that belongs to them; commits with the connection."""
    county = connection.scalar(select(County.id).where(County.name == "Los Angeles"))
    providers = sheets // SHEETS_EACH
    periods = list(_past(PayPeriod.of(today), SHEETS_EACH))
    for table, rows in (
        (Person, _people(providers)),
        (NameWord, _name_words(providers)),
        (Provider, _providers(providers)),
        (Recipient, _recipients(providers, county)),
        (Account, _accounts(providers)),
        (Case, _cases(providers)),
        (AuthorizedHours, _grants(providers)),
        (Assignment, _assignments(providers)),
        (PayrollRun, _runs(periods)),
        (Timesheet, _timesheets(providers, periods)),
        (TimeEntry, _entries(providers, periods)),
        (TimesheetVersion, _versions(providers, periods)),
        (TimesheetStatus, _statuses(providers, periods)),
        (TimesheetHold, _holds(providers, periods)),
        (Payment, _payments(providers, periods)),
        (EarningsLine, _lines(providers, periods)),
        (Visit, _visits(providers, periods)),
    ):
        _insert(connection, table, rows)


def _insert(connection: Connection, table: type[Base], rows: Iterator[Row]) -> None:
    batch: list[Row] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            connection.execute(insert(table), batch)
            batch = []
    if batch:
        connection.execute(insert(table), batch)


def _past(period: PayPeriod, count: int) -> Iterator[PayPeriod]:
    for _ in range(count):
        yield period
        period = period.previous


@cache
def _at(day: date, hour: int) -> datetime:
    return (midnight_before(day) + timedelta(hours=hour)).astimezone(UTC)


def _people(providers: int) -> Iterator[Row]:
    for number in range(providers):
        for offset, first in ((0, "Pat"), (providers, "Robin")):
            yield {
                "id": FIRST_ID + offset + number,
                "first_name": first,
                "last_name": f"Example {number}",
                "date_of_birth": date(1960, 1, 1),
                "language": "en",
            }


def _name_words(providers: int) -> Iterator[Row]:
    """A bulk insert writes no words by itself, as a person does that the portal adds."""
    for person in _people(providers):
        yield from rows_of(person["id"], person["first_name"], person["last_name"])


def _providers(providers: int) -> Iterator[Row]:
    for number in range(providers):
        key = FIRST_ID + number
        yield {"id": key, "number": f"9{number:08}", "person_id": key}


def _recipients(providers: int, county: int | None) -> Iterator[Row]:
    for number in range(providers):
        yield {
            "id": FIRST_ID + number,
            "person_id": FIRST_ID + providers + number,
            "county_id": county,
            "address": "1 Example Street",
            "home": (34.05, -118.25),
        }


def _accounts(providers: int) -> Iterator[Row]:
    created_at = datetime(2025, 1, 1, tzinfo=UTC)
    for number in range(providers):
        for offset, role in ((0, "provider"), (providers, "recipient")):
            yield {
                "id": FIRST_ID + offset + number,
                "person_id": FIRST_ID + offset + number,
                "role": role,
                "username": f"{role}{number}",
                "email": (email := f"{role}{number}@example.com"),
                "email_fingerprint": email_fingerprint(email),
                "created_at": created_at,
                "email_confirmed_at": created_at,
            }


def _cases(providers: int) -> Iterator[Row]:
    for number in range(providers):
        key = FIRST_ID + number
        yield {"id": key, "number": f"9{number:06}", "recipient_id": key}


def _grants(providers: int) -> Iterator[Row]:
    for number in range(providers):
        yield {
            "case_id": FIRST_ID + number,
            "starts_on": date(2025, 1, 1),
            "monthly_minutes": 195 * 60,
        }


def _assignments(providers: int) -> Iterator[Row]:
    for number in range(providers):
        key = FIRST_ID + number
        yield {
            "id": key,
            "provider_id": key,
            "case_id": key,
            "program": "ihss",
            "starts_on": date(2025, 1, 1),
            "assigned_minutes": 195 * 60,
            "live_in": False,
        }


def _runs(periods: list[PayPeriod]) -> Iterator[Row]:
    for index, period in enumerate(periods):
        issued_at = _at(period.ends_on + timedelta(days=4), 6)
        yield {
            "id": FIRST_ID + index,
            "issue_on": period.ends_on + timedelta(days=4),
            "number": 50,  # beside the demo's own batches of that day
            "started_at": issued_at,
            "closed_at": issued_at,
            "finished_at": issued_at,
            "file_name": f"bench-{index}",
            "file_hash": "0" * 64,
        }


def _each_sheet(
    providers: int, periods: list[PayPeriod]
) -> Iterator[tuple[int, int, int, PayPeriod]]:
    """The key of each sheet, its provider's number, how many periods back, and its period."""
    for number in range(providers):
        for back, period in enumerate(periods):
            yield FIRST_ID + number * SHEETS_EACH + back, number, back, period


def _is_held(number: int, back: int) -> bool:
    return back == 1 and number < HELD


def _status(number: int, back: int) -> str:
    if _is_held(number, back):
        return "on_hold"
    return ("draft", "submitted")[back] if back < 2 else "approved"


def _timesheets(providers: int, periods: list[PayPeriod]) -> Iterator[Row]:
    for key, number, back, period in _each_sheet(providers, periods):
        yield {
            "id": key,
            "assignment_id": FIRST_ID + number,
            "period_starts_on": period.starts_on,
            "status": _status(number, back),
            "payment_status": "payment_issued" if back > 1 else None,
            "created_at": _at(period.starts_on, 8),
            "changed_at": _at(period.ends_on, 20),
        }


def _entries(providers: int, periods: list[PayPeriod]) -> Iterator[Row]:
    for key, _number, back, period in _each_sheet(providers, periods):
        for day in period.days[:DAYS_EACH]:
            yield {
                "timesheet_id": key,
                "on": day,
                "minutes": A_DAYS_MINUTES,
                "claimed_minutes": A_DAYS_MINUTES if back else None,
                "starts": 480,
                "ends": 480 + A_DAYS_MINUTES,
                "location": "home",
                "by_hand": False,
                "revision": 1,
            }


def _versions(providers: int, periods: list[PayPeriod]) -> Iterator[Row]:
    for key, number, back, period in _each_sheet(providers, periods):
        if back:
            paid = back > 1
            yield {
                "id": key,
                "timesheet_id": key,
                "number": 1,
                "content": {
                    "days": [],
                    "weeks": [],
                    "warnings": [],
                    "holds": [],
                    "not_claimed": [],
                },
                "content_hash": f"{key:064}",
                "total_minutes": DAYS_EACH * A_DAYS_MINUTES,
                "warnings": [],
                "signed_by_id": FIRST_ID + number,
                "signed_at": _at(period.ends_on + timedelta(days=1), 18),
                "receipt": f"B-{key}",
                "approved_by_id": FIRST_ID + providers + number if paid else None,
                "approved_at": _at(period.ends_on + timedelta(days=2), 9) if paid else None,
            }


def _statuses(providers: int, periods: list[PayPeriod]) -> Iterator[Row]:
    steps = (
        ("submit", "submitted", None),
        ("approve", "approved", None),
        ("queue_payment", "approved", "waiting_for_payment"),
        ("issue_payment", "approved", "payment_issued"),
    )
    for key, _number, back, period in _each_sheet(providers, periods):
        for hours, (action, status, payment_status) in enumerate(
            steps[: {0: 0, 1: 1}.get(back, 4)]
        ):
            yield {
                "timesheet_id": key,
                "action": action,
                "status": status,
                "payment_status": payment_status,
                "at": _at(period.ends_on + timedelta(days=1), 18 + hours),
            }


def _holds(providers: int, periods: list[PayPeriod]) -> Iterator[Row]:
    for key, number, back, period in _each_sheet(providers, periods):
        if _is_held(number, back):
            yield {
                "timesheet_id": key,
                "version_id": key,
                "code": "OVER_70_PERCENT",
                "placed_at": _at(period.ends_on + timedelta(days=1), 18),
            }


def _payments(providers: int, periods: list[PayPeriod]) -> Iterator[Row]:
    minutes = DAYS_EACH * A_DAYS_MINUTES
    for key, number, back, period in _each_sheet(providers, periods):
        if back > 1:
            issued_at = _at(period.ends_on + timedelta(days=4), 6)
            yield {
                "id": key,
                "version_id": key,
                "timesheet_id": key,
                "run_id": FIRST_ID + back,
                "provider_id": FIRST_ID + number,
                "gross_cents": minutes * RATE_CENTS // 60,
                "minutes": minutes,
                "created_at": issued_at,
                "issued_at": issued_at,
            }


def _lines(providers: int, periods: list[PayPeriod]) -> Iterator[Row]:
    minutes = DAYS_EACH * A_DAYS_MINUTES
    for key, _number, back, _period in _each_sheet(providers, periods):
        if back > 1:
            yield {
                "payment_id": key,
                "kind": "straight",
                "rate_cents": RATE_CENTS,
                "minutes": minutes,
                "cents": minutes * RATE_CENTS // 60,
            }


def _visits(providers: int, periods: list[PayPeriod]) -> Iterator[Row]:
    for _key, number, back, period in _each_sheet(providers, periods):
        for day in period.days[:DAYS_EACH] if back < PERIODS_WITH_VISITS else ():
            yield {
                "assignment_id": FIRST_ID + number,
                "began_at": _at(day, 8),
                "checked_in_at": _at(day, 8),
                "checked_out_at": _at(day, 13),
                "location_in": "home",
                "location_out": "home",
                "is_open": False,
            }
