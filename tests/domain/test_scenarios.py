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
        ("[[expect.workweek]]\nstarts = 2026-03-01\nmax = 1", "holds = []", "expect.workweek.max"),
        ("[expect.violation]\nsoon = 1", "holds = []", "expect.violation.soon"),
        ('weeks_without_approval = ["2026-03-01"]', "holds = []", "expect.weeks_without_approval"),
        ("violations = [1]", "holds = []", "expect.violations: must be text"),
        ("[provider]\nviolations = [{ month = 2026-03-02 }]", "[provider]", "violations.month"),
        ("[provider]\nviolations = [{ month = 2026-03-01 }]", "[provider]", "noticed_on: missing"),
        ('program = "ihs"\nperiod = 2026-03-01', "period = 2026-03-01", "none of ihss, wpcs"),
        ("open_visit = 1\nperiod = 2026-03-01", "period = 2026-03-01", "must be true or false"),
        ("grants = []\nwpcs = 1", 'monthly_authorized = "195:00"', "recipients.rosa"),
        (
            'grants = [{ monthly_authorized = "195:00" }]',
            'monthly_authorized = "195:00"',
            "grants.from: missing",
        ),
        (
            "wpcs = { active = { from = 2025-01-01 } }\n[timesheet]",
            "[timesheet]",
            "recipients.rosa.wpcs.assigned: missing",
        ),
        ("approved = { soon = 1 }\nperiod = 2026-03-01", "period = 2026-03-01", "approved.soon"),
        ("wage_cents = true\nactive", "active", "wage_cents: must be a whole number"),
        ("name = 1", 'name = "Eight hours"', "name: must be text"),
        ("others_claimed = 1\nactive", "active", "others_claimed: must be a list"),
        ("active = 1", "active = { from = 2025-01-01 }", "recipients.rosa.active: must be a table"),
    ],
)
def test_a_key_that_is_unknown_missing_or_wrong_is_named(
    written: str, instead_of: str, key: str
) -> None:
    text = (SMALL + "holds = []\n").replace(instead_of, written, 1)

    with pytest.raises(ScenarioError, match=key):
        scenarios.read(text)


def test_what_is_not_there_is_none_and_codes_and_weeks_are_lists() -> None:
    text = (
        SMALL
        + """
violations = ["notice"]
exemption_left = "360:00"
weeks_needing_approval = [2026-03-08, 2026-03-01]
[expect.violation]
back_on = 2026-03-01
"""
    )

    assert scenarios.mismatches(scenarios.read(text)) == [
        Mismatch("violations", "[notice]", "[]"),
        Mismatch("exemption_left", "360:00", "none"),
        Mismatch("weeks_needing_approval", "[2026-03-01, 2026-03-08]", "[]"),
        Mismatch("violation back_on", "2026-03-01", "none"),
    ]


SHARED_KEYS = ("weekly_maximum", "provider_weekly_limit", "blocks", "warnings", "holds", "claimed")


@pytest.mark.parametrize("key", SHARED_KEYS)
def test_what_the_first_scenarios_could_expect_can_still_be_expected(key: str) -> None:
    value = '"08:00"' if key not in ("blocks", "warnings", "holds") else "[]"

    assert key in scenarios.read(SMALL.replace('claimed = "08:00"', f"{key} = {value}")).expected


def test_a_file_that_is_no_toml_is_refused() -> None:
    with pytest.raises(ScenarioError, match="no TOML"):
        scenarios.read("name =")
