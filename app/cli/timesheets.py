"""`flask timesheets …`: what an operator may do to one timesheet."""

import click
from flask.cli import AppGroup
from sqlalchemy.exc import NoResultFound

from app import clock
from app.domain.outcomes import Refused
from app.extensions import db
from app.models.engine import begin_for_writing
from app.services import caseload, holds
from app.web.wording import sentence

commands = AppGroup("timesheets", help="What an operator may do to one timesheet.")


@commands.command("release")
@click.argument("timesheet_id", metavar="ID", type=int)
@click.option("--reason", required=True, metavar="TEXT", help="Why it may go on; it is audited.")
def release_command(timesheet_id: int, reason: str) -> None:
    """End the county's holds on timesheet ID. The provider is told the reason."""
    begin_for_writing()
    try:
        sheet = caseload.any_timesheet(db.session, timesheet_id)
        holds.release(db.session, sheet, reason=reason, by=None, at=clock.now())
    except NoResultFound as error:
        raise click.ClickException(f"There is no timesheet {timesheet_id}.") from error
    except Refused as refused:
        raise click.ClickException(sentence(refused.code, refused.facts)) from refused
    click.echo(f"Timesheet {timesheet_id} goes on.")
