"""`flask aggregator …`: what goes to the State's collector of visits, and a collector of our own to try it on."""

import signal
import threading
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.orm import Session

from app import clock
from app.config import Settings
from app.domain.evv_records import Sender
from app.extensions import db
from app.gateways import aggregator_simulator
from app.gateways.aggregator import aggregator_for
from app.models.engine import begin_for_writing
from app.services import aggregator_gathering, aggregator_sending, evv_figures
from app.services.aggregator_sending import Done

commands = AppGroup("aggregator", help="The State's collector of visits.")

NOT_SET = "No aggregator is set: PORTAL_AGGREGATOR_URL names it."


def sender_of(settings: Settings) -> Sender:
    """As whom the portal sends."""
    return Sender(
        settings.aggregator_provider, urlsplit(settings.public_url).hostname or "localhost"
    )


def tell(session: Session, settings: Settings, at: datetime) -> Done:
    """Put in line what is new, send what waits, and ask what became of it: one turn of the background work."""
    aggregator_gathering.gather(session, sender_of(settings), at=at)
    aggregator, ask_after = (
        aggregator_for(settings),
        timedelta(seconds=settings.aggregator_ask_after),
    )
    done = aggregator_sending.ask_due(session, aggregator, at=at, ask_after=ask_after)
    sent = aggregator_sending.send_due(session, aggregator, at=at, ask_after=ask_after)
    return Done(sent.sent, done.accepted, done.rejected, done.problems + sent.problems)


@commands.command("send")
def send_command() -> None:
    """Send what waits now and ask for the answers that are due; exit status 1 where that failed."""
    settings = _settings()
    begin_for_writing()
    with db.sessionmaker() as session:
        done = tell(session, settings, clock.now())
    click.echo(f"{done.sent} sent, {done.accepted} accepted, {done.rejected} rejected")
    for problem in done.problems:
        click.echo(f"Not reached: {problem}", err=True)
    raise SystemExit(1 if done.problems else 0)


@commands.command("status")
def status_command() -> None:
    """How many records are in which state, and what is wrong with those that are stuck; no names."""
    with db.sessionmaker() as session:
        for (kind, state), number in aggregator_sending.counts(session).items():
            click.echo(f"{kind:<9} {state:<11} {number}")
        for stuck in evv_figures.stuck(session, None, limit=100):
            click.echo(f"{stuck.record.kind} {stuck.record.id}: {', '.join(stuck.in_short)}")


@commands.command("simulate")
@click.option("--port", default=8090, show_default=True, help="The port to listen on.")
@click.option("--file", type=click.Path(path_type=Path), help="Where it remembers what it holds.")
def simulate_command(port: int, file: Path | None) -> None:
    """Be an aggregator until Ctrl-C, to try the portal on; never for real people's data."""
    if current_app.extensions["settings"].is_production:
        raise click.ClickException("Production sends to a real aggregator only.")
    server = aggregator_simulator.start(aggregator_simulator.Simulator(file=file), port)
    click.echo(f"PORTAL_AGGREGATOR_URL={aggregator_simulator.address_of(server)}")
    click.echo(f"PORTAL_AGGREGATOR_ACCOUNT={aggregator_simulator.ACCOUNT}")
    click.echo(f"PORTAL_AGGREGATOR_PROVIDER={aggregator_simulator.PROVIDER_ID}")
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: stop.set())
    stop.wait()
    server.shutdown()
    server.server_close()


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    if not settings.tells_aggregator:
        raise click.ClickException(NOT_SET)
    return settings
