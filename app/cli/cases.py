"""`flask cases …`: bring in people, cases, hours and assignments from a county's file."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from app import clock
from app.domain.outcomes import Refused
from app.extensions import db
from app.models.engine import begin_for_writing
from app.services import case_import, caseload
from app.services.case_import import Imported
from app.web.wording import sentence

commands = AppGroup("cases", help="People, cases, hours and assignments.")

COUNTIES = Path(__file__).with_name("counties.toml")


def counties() -> Mapping[str, Any]:
    """The counties with their dated wages, as counties.toml has them."""
    return tomllib.loads(COUNTIES.read_text(encoding="utf-8"))


@commands.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def import_command(file: Path) -> None:
    """Bring in FILE, a CSV file as docs/operating.md describes it: all of it, or nothing.

    With a refused row nothing is changed; each is named with its line, and the exit status is 1.
    """
    begin_for_writing()
    try:
        caseload.load_counties(db.session, counties())
        result = case_import.load(db.session, file.read_bytes(), at=clock.now())
    except Refused as refused:
        db.session.rollback()
        raise click.ClickException(sentence(refused.code, refused.facts)) from refused
    for row in result.refused:
        why = sentence(row.refused.code, row.refused.facts)
        click.echo(f"line {row.line}: {why}", err=True)
    if result.refused:
        raise click.ClickException(f"{len(result.refused)} rows refused; nothing was changed.")
    click.echo(_summary(result))


def _summary(result: Imported) -> str:
    parts = [f"{count} {kind} added" for kind, count in result.added.items()]
    parts += [f"{count} {kind} changed" for kind, count in result.changed.items()]
    return ", ".join([*parts, f"{result.unchanged} unchanged"]) + "."
