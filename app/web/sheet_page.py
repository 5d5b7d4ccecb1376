"""What does the page of one timesheet show around its days: the rules' remarks, the money, who has it?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.domain.outcomes import Finding
from app.domain.periods import PayPeriod, local_day
from app.domain.timesheets import Hold
from app.models.timesheets import Timesheet, TimesheetVersion
from app.models.visits import Visit
from app.services import (
    approvals,
    corrections,
    holds,
    reminders,
    sheet_cards,
    sheet_facts,
    sheet_outlook,
    sheet_status,
    submission,
)
from app.services.day_log import DayValues
from app.services.sheet_outlook import Outlook
from app.services.timesheets import DayChange
from app.web import sheet_forecast
from app.web.formatting import long_day
from app.web.sheet_rows import Refilled, WeekBlock, version_rows, weeks_of
from app.web.wording import sentence
from app.web.wording.timesheets import day_sentence


@dataclass(frozen=True)
class Remark:
    """A finding in words, with the county's code small beneath."""

    kind: str
    code: str
    words: str


@dataclass(frozen=True)
class Standing:
    """How a sheet stands: who has it and since when, why it waits, what came after its signature."""

    version: TimesheetVersion | None
    signers: list[str]
    holds: frozenset[Hold]
    may_remind: bool
    may_correct: bool
    county_words: list[str]
    late_days: list[date]

    @property
    def content(self) -> dict[str, Any] | None:
        """What stands signed."""
        return None if self.version is None else self.version.content


def context(
    session: Session,
    timesheet: Timesheet,
    *,
    at: datetime,
    refilled: Mapping[date, Refilled] | None = None,
) -> dict[str, Any]:
    """The figures of a sheet: its weeks, what the rules say, what is left, what it would pay."""
    draft = submission.prepare(session, timesheet, at=at)
    not_claimed = {
        date.fromisoformat(day["on"]): day["minutes"] for day in draft.content["not_claimed"]
    }
    ahead = sheet_outlook.outlook(session, timesheet, draft.facts, draft.findings)
    return {
        "timesheet": timesheet,
        "draft": draft,
        "weeks": _asking(weeks_of(timesheet, draft.facts, not_claimed, refilled), ahead),
        "remarks": remarks_on(draft.findings),
        "not_claimed": not_claimed,
        "balances": draft.balances,
        "forecast": ahead.pay,
        "pay_expected_on": ahead.expected_on,
        "consequences": sheet_forecast.consequences(ahead),
        "changes": sheet_forecast.changes(ahead.change),
        "sheet_facts": ahead.phone,
        "sheet_words": sheet_forecast.words(),
        "open_visit": open_visit(session, timesheet),
        "is_editable": sheet_status.is_editable(timesheet),
        "status": sheet_cards.shown_status(timesheet),
    }


def _asking(weeks: list[WeekBlock], ahead: Outlook) -> list[WeekBlock]:
    """The weeks, with a question at each day that is unlike what is usual."""
    asked = {each.on: sheet_forecast.question(each) for each in ahead.questions}
    for week in weeks:
        for row in week.days:
            row.question = asked.get(row.on)
    return weeks


def standing(session: Session, timesheet: Timesheet, *, at: datetime) -> Standing:
    """Who has the sheet now, and why it waits."""
    version = submission.receipt_of(session, timesheet)
    waits = timesheet.status in approvals.WAITING and version is not None
    signers = (
        approvals.signers_of(session, timesheet.assignment.case, local_day(at)) if waits else []
    )
    return Standing(
        version=version,
        signers=[account.person.full_name for account in signers],
        holds=sheet_status.active_holds(session, timesheet),
        may_remind=reminders.may_remind(timesheet, at=at),
        may_correct=corrections.may_correct(session, timesheet, at=at),
        county_words=[
            sentence(f"WHY_{code}") if note is None else f"{sentence(f'WHY_{code}')} {note}"
            for code, note in holds.county_reasons(session, timesheet)
        ],
        late_days=_late_days(timesheet, version) if version is not None else [],
    )


def remarks_on(findings: tuple[Finding, ...]) -> list[Remark]:
    """Findings as sentences; hours that came from the other half month are said with the limit."""
    return [
        Remark(str(finding.kind), str(finding.code), remark_words(finding.code, finding.facts))
        for finding in findings
    ]


def remark_words(code: str, facts: Mapping[str, Any]) -> str:
    """A finding's sentence, with another for what was carried in."""
    words = sentence(code, facts)
    if facts.get("carried_in"):
        return f"{words} {sentence('CARRIED_IN', facts)}"
    return words


def open_visit(session: Session, timesheet: Timesheet) -> Visit | None:
    """The visit that is still open at this recipient's, to be closed before submitting."""
    return sheet_facts.open_visit_of(session, timesheet)


def conflict(on: date, mine: DayValues, change: DayChange) -> dict[str, Any]:
    """Both versions of a day, for components/two_versions, and the revisions the form sends back."""
    return {
        "on": on,
        "current": change.revision,
        "label": sentence("DAY_IN_CONFLICT", {"on": on}),
        "mine": {"heading": _("What you typed"), "rows": version_rows(mine)},
        "theirs": {"heading": _("What was saved meanwhile"), "rows": version_rows(change.now)},
    }


def day_sentences(content: Mapping[str, Any]) -> list[str]:
    """Each day worked of what is signed, as a sentence, and a last one that speaks for the others."""
    worked = [sentence(*day_sentence(day)) for day in content["days"] if day["minutes"]]
    half = PayPeriod.starting(date.fromisoformat(content["starts_on"]))
    if len(worked) > (half.ends_on - half.starts_on).days:
        return worked
    return [*worked, sentence("NO_OTHER_DAYS")]


def day_name(on: date) -> str:
    return long_day(on)


def _late_days(timesheet: Timesheet, version: TimesheetVersion) -> list[date]:
    """Days whose visits came in, or changed, after the sheet was signed (decision 12)."""
    signed = {day["on"]: day["proposed_minutes"] for day in version.content["days"]}
    return [
        entry.on
        for entry in timesheet.entries
        if entry.proposed_minutes != signed.get(entry.on.isoformat())
        and entry.proposed_minutes != entry.minutes
    ]
