"""Writes service_worker/tests/cases/forecasts.json: what the rules say of every scenario, for the phone.

`python tests/forecast_cases.py --write` makes it anew after a rule or a scenario has changed; the test
in tests/domain/test_forecast_cases.py says when that is due.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.domain import flexible_weeks, scenarios, violations
from app.domain.balances import SubmissionFacts
from app.domain.earnings import LineKind, RatedHours, premium_cents, sheet_earnings, total_cents
from app.domain.phone_sheets import for_phone, pay_for_phone, plain, plain_facts
from app.domain.smallest_change import smallest_change
from app.domain.submissions import check_submission

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "service_worker" / "tests" / "cases" / "forecasts.json"
RATE, RATE_LATER, RATE_ELSEWHERE = (
    1964,
    2001,
    2300,
)  # cents; a county's wage may change within a week


def cases() -> Iterator[dict[str, Any]]:
    """Every scenario whose hours a page could hold, with what the rules answer."""
    for file in sorted((ROOT / "tests" / "scenarios").glob("*.toml")):
        facts = scenarios.read(file.read_text(encoding="utf-8")).facts
        if all(entry.on in facts.period for entry in facts.entries):
            yield case(file.stem, facts)


def case(name: str, facts: SubmissionFacts) -> dict[str, Any]:
    """What the phone is told, what is typed on it, and what it must find."""
    rates = {on: RATE if on.day % 15 < 7 else RATE_LATER for on in facts.period.days}
    hours = [RatedHours(each.on, each.minutes, rates[each.on]) for each in facts.worked_entries]
    before = [RatedHours(each.on, each.minutes, RATE_ELSEWHERE) for each in facts.worked]
    paid = {week: premium_cents(before_in(before, week), week) for week in facts.period.workweeks}
    lines = sheet_earnings(hours, paid_before=before, premium_paid=paid)
    overtime = sum(line.minutes for line in lines if line.kind is LineKind.OVERTIME_PREMIUM)
    findings = check_submission(facts)
    told = for_phone(replace(facts, entries=())) | {
        "pay": pay_for_phone(facts.period, rates, before, paid)
    }
    return {
        "name": name,
        "sheet": told,
        "days": [
            {"on": each.on.isoformat(), "minutes": each.minutes} for each in facts.entries
        ],
        "findings": [plain(finding) | {"facts": without_instants(finding.facts)} for finding in findings],
        "moved": [
            {"code": each.code, "facts": plain_facts(each.facts)}
            for each in flexible_weeks.moved_weeks(findings)
        ],
        "prospects": [
            {"code": each.code, "facts": plain_facts(each.facts)}
            for each in violations.would_follow(findings, (), facts.today)
        ],
        "change": [
            {"on": cut.on.isoformat(), "from": cut.worked, "to": cut.within}
            for cut in smallest_change(facts)
        ],
        "pay": {
            "cents": total_cents(lines),
            "regular": facts.total - overtime,
            "overtime": overtime,
        },
    }  # fmt: skip


def before_in(hours: list[RatedHours], week: Any) -> list[RatedHours]:
    return [each for each in hours if each.on in week]


def without_instants(facts: Any) -> dict[str, Any]:
    """When a hold ends is not the phone's to say."""
    return {name: value for name, value in plain_facts(facts).items() if name != "ends_at"}


def text() -> str:
    """The file as it must be: one case a line."""
    lines = (json.dumps(each, separators=(",", ":")) for each in cases())
    return "[\n" + ",\n".join(lines) + "\n]\n"


if __name__ == "__main__":
    if "--write" in sys.argv:
        FILE.write_text(text(), encoding="utf-8")
    elif FILE.read_text(encoding="utf-8") != text():
        sys.exit("Out of date: run python tests/forecast_cases.py --write")
