"""`flask scenarios run` says what holds, what fails and what cannot be read, by its exit status."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli.scenarios import run

PASSES = """
name = "Eight hours"
authority = "an example"
submitted_at = 2026-03-16T09:00:00
[provider]
[recipients.rosa]
monthly_authorized = "195:00"
active = { from = 2025-01-01 }
[timesheet]
recipient = "rosa"
period = 2026-03-01
[timesheet.hours]
2026-03-02 = "08:00"
[expect]
claimed = "08:00"
"""


@pytest.fixture
def passes(tmp_path: Path) -> Path:
    file = tmp_path / "passes.toml"
    file.write_text(PASSES, encoding="utf-8")
    return file


@pytest.fixture
def fails(tmp_path: Path) -> Path:
    file = tmp_path / "fails.toml"
    file.write_text(PASSES.replace('claimed = "08:00"', 'claimed = "09:00"'), encoding="utf-8")
    return file


def run_files(*files: Path) -> Result:
    return CliRunner().invoke(run, [str(file) for file in files])


def test_scenarios_that_hold_exit_zero(passes: Path) -> None:
    result = run_files(passes, passes)

    assert result.exit_code == 0
    assert result.output == "ok Eight hours\nok Eight hours\n2 passed, 0 failed\n"


def test_a_scenario_that_fails_exits_one_and_names_the_key(passes: Path, fails: Path) -> None:
    result = run_files(passes, fails)

    assert result.exit_code == 1
    assert result.output == (
        "ok Eight hours\nFAIL Eight hours: claimed expected 09:00 got 08:00\n1 passed, 1 failed\n"
    )


def test_an_unknown_key_exits_two_naming_file_and_key(passes: Path, tmp_path: Path) -> None:
    unknown = tmp_path / "unknown.toml"
    unknown.write_text(PASSES + "claim = 1\n", encoding="utf-8")

    result = run_files(unknown, passes)

    assert result.exit_code == 2
    assert "unknown.toml: expect.claim: unknown key" in result.stderr
    assert "1 passed, 0 failed" in result.stdout


def test_a_file_that_is_not_there_exits_two(tmp_path: Path) -> None:
    result = run_files(tmp_path / "nowhere.toml")

    assert result.exit_code == 2
    assert "nowhere.toml" in result.stderr
