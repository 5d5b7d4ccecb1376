"""`flask payroll run DATE` pays, says what it did in a line, and refuses a date that is past."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.people import WageRate
from factories import World
from signed_sheets import approved

NOW = datetime(2026, 3, 18, 17, tzinfo=UTC)
HOURS = {date(2026, 3, 2) + timedelta(days=number): 10 for number in range(3)}


@pytest.fixture(autouse=True)
def march() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


def test_a_run_says_in_a_line_what_was_paid(app: Flask, session: Session, world: World) -> None:
    approved(session, world.ana_for_rosa, HOURS, by=world.ana, signer=world.rosa)
    result = app.test_cli_runner().invoke(args=["payroll", "run", "2026-03-19"])
    assert result.exit_code == 0
    assert result.output == (
        "Payroll 2026-03-19: 1 payment, 30:00 hours, $589.20 before deductions; 1 issued now. "
        "Files: payments-2026-03-19-1.jsonl\n"
    )
    folder = app.extensions["settings"].payment_files
    assert (folder / "payments-2026-03-19-1.jsonl").is_file()


def test_with_nothing_to_pay_it_says_so(app: Flask, world: World) -> None:
    result = app.test_cli_runner().invoke(args=["payroll", "run", "2026-03-18"])
    assert (result.exit_code, result.output) == (0, "Payroll 2026-03-18: nothing to pay.\n")


@pytest.mark.parametrize(
    ("day", "words"),
    [("2026-03-17", "is past"), ("yesterday", "yesterday"), ("2026-02-30", "2026-02-30")],
)
def test_a_date_that_is_past_or_none_is_refused(
    app: Flask, world: World, day: str, words: str
) -> None:
    result = app.test_cli_runner().invoke(args=["payroll", "run", day])
    assert result.exit_code != 0
    assert words in result.output


def test_a_sheet_that_cannot_be_paid_is_named(app: Flask, session: Session, world: World) -> None:
    sheet = approved(session, world.ana_for_rosa, HOURS, by=world.ana, signer=world.rosa)
    rate = session.scalars(select(WageRate).where(WageRate.county_id == world.los_angeles.id)).one()
    rate.starts_on = date(2027, 1, 1)
    session.commit()
    result = app.test_cli_runner().invoke(args=["payroll", "run", "2026-03-18"])
    assert result.exit_code == 1
    assert f"Timesheet {sheet.id} was not paid. The county has no wage on file" in result.output
