"""Every code of a timesheet has words, every letter can be written, and signed days read as sentences."""

from collections.abc import Mapping
from typing import Any

import pytest
from flask import Flask

from app.domain.reminders import Unsent
from app.domain.timesheets import Action, Hold, PaymentStatus, SheetStatus
from app.services.approvals import RejectReason
from app.web import emails
from app.web.wording import SENTENCES, sentence
from app.web.wording.timesheets import day_sentence, differences
from factories import World

LETTERS = (
    "TIMESHEET_SUBMITTED",
    "TIMESHEET_APPROVED",
    "TIMESHEET_REJECTED",
    "TIMESHEET_TAKEN_BACK",
    "TIMESHEET_REMINDER",
    "TIMESHEET_RELEASED",
    *Unsent,
)
FACTS = {
    "timesheet": 12,
    "provider": "Ana <Flores>",
    "recipient": "Rosa Delgado",
    "half_period": "2026-03-01",
    "worked_minutes": 5070,
    "signer": "Rosa Delgado",
    "last_on": "2026-03-15",
    "reason": "Was in hospital.",
}
DAY = {
    "on": "2026-03-05", "minutes": 480, "starts": 482, "ends": 962, "location": "home",
    "by_hand": False, "proposed_minutes": 480, "proposed_starts": 482, "proposed_ends": 962,
}  # fmt: skip


def content(*days: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "provider": "Ana Flores", "live_in": False, "total_minutes": 480, "days": list(days),
        "previous": None, "not_claimed": [], "reason": None,
    } | more  # fmt: skip


def test_every_status_step_hold_and_reason_has_words() -> None:
    needed = {f"HELD_{hold}" for hold in Hold}
    needed |= {f"STATUS_{status.name}" for status in (*SheetStatus, *PaymentStatus)}
    needed |= {f"STEP_{action.name}" for action in Action}
    needed |= {f"REJECTED_{reason.name}" for reason in RejectReason}

    assert needed <= set(SENTENCES)


@pytest.mark.parametrize("code", LETTERS)
def test_every_letter_and_its_notice_can_be_written(app: Flask, world: World, code: str) -> None:
    with app.test_request_context():
        letter = emails.compose(code, FACTS, world.ana)
        notice = sentence(f"NOTICE_{code}", FACTS)

    assert letter.to == "ana@example.com"
    assert letter.subject
    assert "Hello Ana," in letter.text
    assert "/12" in letter.text
    assert "<Flores>" not in letter.html
    assert "March 1 – 15" in notice


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (DAY, "Thursday, March 5: 8 hours, from 8:02 AM to 4:02 PM, at home."),
        (DAY | {"location": None}, "Thursday, March 5: 8 hours, from 8:02 AM to 4:02 PM."),
        (DAY | {"ends": 1440}, "Thursday, March 5: 8 hours, from 8:02 AM to midnight, at home."),
        (
            DAY | {"starts": None, "location": "both"},
            "Thursday, March 5: 8 hours, at home and in the community.",
        ),
        (DAY | {"ends": None, "location": None}, "Thursday, March 5: 8 hours."),
    ],
)
def test_a_day_is_told_in_one_sentence(app: Flask, day: Mapping[str, Any], said: str) -> None:
    with app.test_request_context():
        assert sentence(*day_sentence(day)) == said


@pytest.mark.parametrize(
    ("shown", "codes"),
    [
        (content(DAY), ["NO_HALF_MONTH_BEFORE"]),
        (content(DAY | {"minutes": 500}), ["CHANGED_HOURS", "NO_HALF_MONTH_BEFORE"]),
        (content(DAY | {"ends": 970}), ["CHANGED_TIMES", "NO_HALF_MONTH_BEFORE"]),
        (
            content(DAY | {"proposed_minutes": None, "proposed_starts": None}),
            ["NO_CHECK_IN", "NO_HALF_MONTH_BEFORE"],
        ),
        (
            content(DAY | {"proposed_minutes": None, "proposed_starts": None}, live_in=True),
            ["NO_HALF_MONTH_BEFORE"],
        ),
        (content(DAY, previous={"minutes": 400}), ["MORE_THAN_BEFORE"]),
        (content(DAY, previous={"minutes": 500}), ["LESS_THAN_BEFORE"]),
        (content(DAY, previous={"minutes": 480}), ["SAME_AS_BEFORE"]),
        (
            content(DAY, not_claimed=[{"minutes": 60}], reason="She fell."),
            ["NO_HALF_MONTH_BEFORE", "NOT_CLAIMED", "REASON_FOR_MORE"],
        ),
    ],
)
def test_what_is_different_is_named(shown: dict[str, Any], codes: list[str]) -> None:
    assert [code for code, _facts in differences(shown)] == codes
