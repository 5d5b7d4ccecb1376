"""`flask db …`: bring the database to a migration."""

import click
from flask.cli import AppGroup

from app.extensions import db
from app.models.migrate import downgrade, upgrade

commands = AppGroup("db", help="Bring the database to a migration.")


@commands.command("upgrade")
@click.argument("revision", default="head")
def upgrade_command(revision: str) -> None:
    """Bring the database up to REVISION (the newest when not said)."""
    upgrade(db.engine, revision)
    click.echo("Database is up to date.")


@commands.command("downgrade")
@click.argument("revision")
def downgrade_command(revision: str) -> None:
    """Take the database back down to REVISION."""
    downgrade(db.engine, revision)
    click.echo(f"Database is at {revision}.")
