"""The phone's cases say what the rules say now: service_worker/tests/forecast.test.js runs them."""

import json

import forecast_cases


def test_the_cases_of_the_phone_are_what_the_rules_answer() -> None:
    known = forecast_cases.FILE.read_text(encoding="utf-8")

    stale = [
        case["name"] for case in forecast_cases.cases() if json.dumps(case, separators=(",", ":")) not in known
    ]  # fmt: skip
    assert stale == [], "Run python tests/forecast_cases.py --write"
