"""Do the rules say what the policy scenarios expect? `flask scenarios run FILE…`."""

from pathlib import Path

import click
from flask.cli import AppGroup

from app.domain import scenarios
from app.domain.parameters import ParameterError
from app.domain.scenarios import Mismatch, ScenarioError

commands = AppGroup("scenarios", help="Policy scenarios: situations and what the rules must say.")

FAILED = 1
UNREADABLE = 2


@commands.command(with_appcontext=False)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
def run(files: tuple[Path, ...]) -> None:
    """Run the scenarios in FILES with the product's own rules, one line each.

    Exit status: 1 if any failed, 2 if a file cannot be read or has an unknown key.
    """
    outcomes = [_run_one(file) for file in files]
    passed, failed = outcomes.count(True), outcomes.count(False)
    click.echo(f"{passed} passed, {failed} failed")
    if None in outcomes:
        raise SystemExit(UNREADABLE)
    if failed:
        raise SystemExit(FAILED)


def _run_one(file: Path) -> bool | None:
    """Whether a scenario passed; None when its file cannot be read. Says so either way."""
    try:
        scenario = scenarios.read(file.read_text(encoding="utf-8"))
        differences = scenarios.mismatches(scenario)
    except (OSError, UnicodeDecodeError) as error:
        click.echo(f"{file}: cannot be read: {error}", err=True)
        return None
    except (ScenarioError, ParameterError) as error:
        click.echo(f"{file}: {error}", err=True)
        return None
    if differences:
        click.echo(f"FAIL {scenario.name}: {'; '.join(map(_sentence, differences))}")
        return False
    click.echo(f"ok {scenario.name}")
    return True


def _sentence(difference: Mismatch) -> str:
    return f"{difference.key} expected {difference.expected} got {difference.got}"
