"""`flask timesheets release ID --reason TEXT` ends a county's hold, audited."""

from datetime import date

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.audit import AuditEvent
from factories import World
from signed_sheets import approved

HOURS = {date(2026, 3, 2): 8}


def release(app: Flask, *arguments: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["timesheets", "release", *arguments])
    return result.exit_code, result.output


def test_a_held_sheet_goes_on_and_the_reason_is_on_record(
    app: Flask, session: Session, world: World
) -> None:
    sheet = approved(
        session, world.ana_for_rosa, HOURS, by=world.ana, signer=world.rosa, holds=("LATE",)
    )
    assert release(app, str(sheet.id), "--reason", "In hospital") == (
        0,
        f"Timesheet {sheet.id} goes on.\n",
    )
    session.refresh(sheet)
    assert sheet.payment_status == "waiting_for_payment"
    released = select(AuditEvent).where(AuditEvent.action == "timesheet:release")
    assert session.scalars(released).one().facts["reason"] == "In hospital"


def test_a_sheet_that_is_not_held_or_not_there_is_refused_in_words(
    app: Flask, session: Session, world: World
) -> None:
    sheet = approved(session, world.ana_for_rosa, HOURS, by=world.ana, signer=world.rosa)
    assert release(app, str(sheet.id), "--reason", "x") == (
        1,
        "Error: Nothing holds this timesheet any more.\n",
    )
    assert release(app, "999999", "--reason", "x") == (1, "Error: There is no timesheet 999999.\n")


def test_a_reason_is_required(app: Flask, session: Session, world: World) -> None:
    sheet = approved(
        session, world.ana_for_rosa, HOURS, by=world.ana, signer=world.rosa, holds=("LATE",)
    )
    assert release(app, str(sheet.id))[0] == 2
    assert release(app, str(sheet.id), "--reason", " ") == (
        1,
        "Error: Write why the timesheet may go on.\n",
    )
