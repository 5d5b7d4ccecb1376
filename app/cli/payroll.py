"""`flask payroll …`: issue what is approved and not held."""

from datetime import datetime

import click
from flask import current_app
from flask.cli import AppGroup

from app import clock
from app.domain.hours import as_clock
from app.domain.outcomes import Refused
from app.extensions import db
from app.services import payroll
from app.services.payroll import PayrollSummary
from app.web.formatting import money
from app.web.wording import sentence

commands = AppGroup("payroll", help="Pay what is approved.")

SOME_UNPAID = 1


@commands.command("run")
@click.argument("issue_on", metavar="DATE", type=click.DateTime(["%Y-%m-%d"]))
def run_command(issue_on: datetime) -> None:
    """Issue on DATE (today or later) all that is approved and not held, and write the batch file.

    It may be killed at any moment and run again: each approved timesheet is paid once. Exit status 1
    when a timesheet could not be paid; the others are.
    """
    folder = current_app.extensions["settings"].payment_files
    try:
        summary = payroll.run(db.session, issue_on.date(), at=clock.now(), folder=folder)
    except Refused as refused:
        raise click.ClickException(sentence(refused.code, refused.facts)) from refused
    for line in _lines(summary):
        click.echo(line)
    for unpaid in summary.unpaid:
        why = sentence(unpaid.refused.code, unpaid.refused.facts)
        what = (
            f"Timesheet {unpaid.timesheet_id}"
            if unpaid.timesheet_id
            else f"Claim {unpaid.claim_id}"
        )
        click.echo(f"{what} was not paid. {why}", err=True)
    if summary.unpaid:
        raise SystemExit(SOME_UNPAID)


def _lines(summary: PayrollSummary) -> list[str]:
    lines = [f"Finished the batch of {day}, which was cut short." for day in summary.taken_up]
    totals = summary.totals
    if not totals.payments:
        return [*lines, f"Payroll {summary.issue_on}: nothing to pay."]
    return [
        *lines,
        f"Payroll {summary.issue_on}: {_payments(totals.payments)}, {as_clock(totals.minutes)} hours, "
        f"{money(totals.gross_cents)} before deductions; {summary.newly_issued} issued now. "
        f"Files: {', '.join(summary.files)}",
    ]


def _payments(count: int) -> str:
    return "1 payment" if count == 1 else f"{count} payments"
