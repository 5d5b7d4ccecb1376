"""Every scenario of the project holds, and a scenario that cannot be read says where."""

from pathlib import Path

import pytest

from app.domain import scenarios
from app.domain.scenarios import Mismatch, ScenarioError

FILES = sorted(Path(__file__).parent.parent.joinpath("scenarios").glob("*.toml"))

SMALL = """
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


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_rules_say_what_the_scenario_expects(file: Path) -> None:
    assert scenarios.mismatches(scenarios.read(file.read_text(encoding="utf-8"))) == []


def test_an_expectation_that_is_not_met_is_named_with_both_values() -> None:
    scenario = scenarios.read(
        SMALL + 'warnings = ["EARLY"]\n[[expect.workweek]]\nstarts = 2026-03-01\ntotal = "09:00"'
    )

    assert scenarios.mismatches(scenario) == [
        Mismatch("warnings", "[EARLY]", "[]"),
        Mismatch("workweek 2026-03-01 total", "09:00", "08:00"),
    ]


def test_what_is_not_named_is_not_checked() -> None:
    assert scenarios.mismatches(scenarios.read(SMALL)) == []


@pytest.mark.parametrize(
    ("written", "instead_of", "key"),
    [
        ("holds = []\nhold = []", "holds = []", "expect.hold"),
        ("authority = 1\nnote = 1", 'authority = "an example"', "authority"),
        ("[provider]\nexempt = true", "[provider]", "provider.exempt"),
        ('[provider]\nexemption = "all"', "[provider]", "provider.exemption"),
        ('wages = 1\nmonthly_authorized = "195:00"', 'monthly_authorized = "195:00"', "wages"),
        ("{ from = 2025-01-01, to = 2025-02-01 }", "{ from = 2025-01-01 }", "active.to"),
        ('recipient = "walter"', 'recipient = "rosa"', "timesheet.recipient"),
        ("period = 2026-03-02", "period = 2026-03-01", "timesheet.period"),
        ('2026-03-32 = "08:00"', '2026-03-02 = "08:00"', "timesheet.hours.2026-03-32"),
        ('2026-03-02 = "8.5"', '2026-03-02 = "08:00"', "timesheet.hours.2026-03-02"),
        ("2026-03-02 = 8", '2026-03-02 = "08:00"', "timesheet.hours.2026-03-02"),
        ("submitted_at = 2026-03-16", "submitted_at = 2026-03-16T09:00:00", "submitted_at"),
        ("", "submitted_at = 2026-03-16T09:00:00", "submitted_at: missing"),
        ('[[worked]]\nrecipient = "rosa"\n[timesheet]', "[timesheet]", "worked.on: missing"),
        ("[expect]\nworkweek = [{ starts = 2026-03-02 }]", "[expect]", "expect.workweek.starts"),
    ],
)
def test_a_key_that_is_unknown_missing_or_wrong_is_named(
    written: str, instead_of: str, key: str
) -> None:
    text = (SMALL + "holds = []\n").replace(instead_of, written, 1)

    with pytest.raises(ScenarioError, match=key):
        scenarios.read(text)


def test_a_file_that_is_no_toml_is_refused() -> None:
    with pytest.raises(ScenarioError, match="no TOML"):
        scenarios.read("name =")
