"""What both have signed can be put right: it stands until the recipient signs the new version too."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.outcomes import Refused
from app.domain.periods import PayPeriod
from app.domain.visits import Place, Proposal
from app.models.messages import Notice
from app.models.payments import EarningsLine, Payment
from app.models.timesheets import TimeEntry, Timesheet, TimesheetVersion
from app.services import (
    approvals,
    corrections,
    payments,
    payroll,
    sheet_facts,
    sheet_status,
    submission,
    timesheets,
)
from app.services.day_log import DayValues
from factories import World
from sheets import THE_SIXTEENTH, day, fill_in, sign

NOW = datetime(2026, 3, 18, 17, tzinfo=UTC)
LATER = datetime(2026, 3, 20, 17, tzinfo=UTC)


@dataclass
class Life:
    """A half month of Ana's for Rosa, from one signature to the next."""

    session: Session
    world: World
    folder: Path
    sheet: Timesheet

    def correct(self, reason: str = "WRONG_HOURS", note: str | None = None) -> None:
        corrections.begin(
            self.session, self.sheet, reason=reason, note=note, by=self.world.ana, at=NOW
        )

    def enter(self, number: int, hours: int | None) -> None:
        self.session.refresh(self.sheet, ["entries"])
        base = {entry.on: entry.revision for entry in self.sheet.entries}.get(day(number), 0)
        minutes = None if hours is None else hours * 60
        timesheets.change_day(
            self.session, self.sheet, day(number), DayValues(minutes),
            base=base, by=self.world.ana, at=NOW,
        )  # fmt: skip

    def sign(self) -> TimesheetVersion:
        return sign(self.session, self.sheet, by=self.world.ana, at=NOW)

    def approve(self, version: TimesheetVersion) -> None:
        shown = version.content_hash
        approvals.approve(self.session, self.sheet, shown=shown, by=self.world.rosa, at=NOW)

    def pay(self, on: date = date(2026, 3, 18), at: datetime = NOW) -> None:
        payroll.run(self.session, on, at=at, folder=self.folder)

    def claimed(self) -> int:
        return sum(
            self.session.scalars(
                select(TimeEntry.claimed_minutes).where(
                    TimeEntry.timesheet_id == self.sheet.id, TimeEntry.claimed_minutes > 0
                )
            )
        )

    def paid(self) -> list[tuple[int, int]]:
        """Minutes and cents of each payment."""
        found = self.session.scalars(
            select(Payment).where(Payment.timesheet_id == self.sheet.id).order_by(Payment.id)
        )
        return [(payment.minutes, payment.gross_cents) for payment in found]

    def told(self, account_id: int) -> list[str]:
        found = select(Notice.code).where(Notice.account_id == account_id).order_by(Notice.id)
        return list(self.session.scalars(found))


@pytest.fixture
def life(session: Session, world: World, tmp_path: Path) -> Life:
    """Approved: eight hours on the 3rd and on the 4th."""
    sheet = fill_in(session, world.ana_for_rosa, {3: 8, 4: 8}, by=world.ana)
    each = Life(session, world, tmp_path, sheet)
    each.approve(sign(session, sheet, by=world.ana))
    return each


def test_a_correction_counts_only_once_the_recipient_has_signed_it(life: Life) -> None:
    life.correct()
    life.enter(4, 6)
    assert (life.sheet.status, life.sheet.amends) == ("draft", "correction")
    assert life.claimed() == 960

    version = life.sign()
    assert life.claimed() == 840
    replaced = version.content["replaces"]
    assert replaced["days"] == [{"on": "2026-03-04", "before": 480, "after": 360}]
    assert (replaced["number"], replaced["total_minutes"]) == (1, 960)

    life.approve(version)
    assert (life.sheet.status, life.sheet.amends) == ("approved", None)
    assert version.number == 2
    assert life.told(life.world.rosa.id)[-1] == "TIMESHEET_CORRECTED"


def test_a_correction_sent_back_or_taken_back_leaves_what_was_approved(life: Life) -> None:
    life.correct()
    life.enter(5, 8)
    version = life.sign()
    submission.take_back(life.session, life.sheet, by=life.world.ana, at=NOW)
    assert life.claimed() == 960

    version = life.sign()
    approvals.reject(
        life.session, life.sheet, shown=version.content_hash,
        reasons=[approvals.RejectReason.HOURS], note=None, by=life.world.rosa, at=NOW,
    )  # fmt: skip
    assert (life.claimed(), life.sheet.status) == (960, "rejected")

    corrections.keep(life.session, life.sheet, by=life.world.ana, at=NOW)
    assert (life.sheet.status, life.claimed()) == ("approved", 960)
    assert {entry.on: entry.minutes for entry in life.sheet.entries if entry.minutes} == {
        day(3): 480,
        day(4): 480,
    }


def test_what_was_approved_is_paid_while_it_is_being_corrected(life: Life) -> None:
    life.correct()
    life.pay()
    assert [minutes for minutes, _cents in life.paid()] == [960]
    assert life.sheet.payment_status == "payment_issued"


def test_a_paid_sheet_pays_the_difference(life: Life) -> None:
    life.pay()
    life.correct()
    life.enter(5, 4)
    life.approve(life.sign())
    assert life.sheet.payment_status == "waiting_for_payment"

    life.pay(date(2026, 3, 20), LATER)

    first, difference = life.paid()
    rate = first[1] * 60 // first[0]
    assert difference == (240, rate * 4)
    assert life.sheet.payment_status == "payment_issued"
    assert life.told(life.world.ana.id)[-1] == "PAYMENT_ADDED"


def test_a_difference_below_nought_is_on_record_and_the_first_payment_never_changes(
    life: Life,
) -> None:
    life.pay()
    life.correct()
    life.enter(4, 6)
    life.approve(life.sign())
    life.pay(date(2026, 3, 20), LATER)

    first, difference = life.paid()
    assert first[0] == 960
    assert difference[0] == -120
    assert difference[1] < 0
    assert life.told(life.world.ana.id)[-1] == "PAYMENT_LOWERED"


def test_hours_moved_to_another_day_change_no_pay(life: Life) -> None:
    life.pay()
    life.correct("WRONG_DAY")
    life.enter(4, None)
    life.enter(5, 8)
    life.approve(life.sign())
    life.pay(date(2026, 3, 20), LATER)

    assert life.paid()[1] == (0, 0)
    assert life.told(life.world.ana.id)[-1] == "PAYMENT_UNCHANGED"


def test_a_difference_counts_the_overtime_of_its_week_once(life: Life) -> None:
    life.correct()
    for number in (2, 3, 4, 5, 6):
        life.enter(number, 8)
    life.approve(life.sign())
    life.pay()
    assert len(life.paid()) == 1

    life.correct("DAY_LEFT_OUT")
    life.enter(7, 4)
    life.approve(life.sign())
    life.pay(date(2026, 3, 20), LATER)
    life.correct("WRONG_HOURS")
    life.enter(7, 2)
    life.approve(life.sign())
    life.pay(date(2026, 3, 23), datetime(2026, 3, 23, 17, tzinfo=UTC))

    premiums = list(
        life.session.scalars(
            select(EarningsLine.minutes)
            .where(EarningsLine.kind == "overtime_premium")
            .order_by(EarningsLine.id)
        )
    )
    assert premiums == [240, -120]
    straight = sum(minutes for minutes, _cents in life.paid())
    assert straight == 42 * 60


def test_two_corrections_between_runs_are_paid_once(life: Life) -> None:
    life.correct()
    life.enter(5, 4)
    life.approve(life.sign())
    life.correct()
    life.enter(5, 6)
    life.approve(life.sign())
    life.pay()
    assert [minutes for minutes, _cents in life.paid()] == [22 * 60]


def test_a_supplement_only_adds_days_that_were_left_out(life: Life) -> None:
    life.pay()
    life.correct("DAY_LEFT_OUT")
    assert life.sheet.amends == "supplement"
    with pytest.raises(Refused) as refused:
        life.enter(4, 9)
    assert refused.value.code == "DAY_ALREADY_CLAIMED"

    life.session.rollback()
    life.enter(6, 3)
    version = life.sign()
    assert version.content["replaces"]["amends"] == "supplement"
    life.approve(version)
    life.pay(date(2026, 3, 20), LATER)
    assert life.paid()[1][0] == 180


def test_a_supplement_that_changes_a_paid_day_is_stopped_when_it_is_signed(life: Life) -> None:
    life.correct("DAY_LEFT_OUT")
    entry = life.session.scalars(select(TimeEntry).where(TimeEntry.on == day(4))).one()
    entry.minutes = 600
    life.session.commit()
    life.session.expire(life.sheet)

    draft = submission.prepare(life.session, life.sheet, at=NOW)

    assert [finding.code for finding in draft.blocks] == ["DAY_ALREADY_CLAIMED"]


def test_nothing_changed_is_nothing_to_sign(life: Life) -> None:
    life.correct()
    draft = submission.prepare(life.session, life.sheet, at=NOW)
    assert [finding.code for finding in draft.blocks] == ["NOTHING_CHANGED"]


def test_a_visit_that_comes_late_changes_no_day_that_is_being_corrected(life: Life) -> None:
    life.correct("LATE_VISIT")
    pair = life.world.ana_for_rosa
    proposal = Proposal(day(4), pair.id, 480, 1080, Place.HOME, 600)
    timesheets.take_proposal(life.session, pair, day(4), proposal, at=NOW)
    life.session.commit()

    entry = life.session.scalars(select(TimeEntry).where(TimeEntry.on == day(4))).one()
    assert (entry.minutes, entry.proposed_minutes) == (480, 600)


def test_the_hours_of_a_correction_are_held_against_the_month_once(life: Life) -> None:
    life.correct()
    facts = sheet_facts.facts_of(life.session, life.sheet, at=NOW)
    assert sum(worked.minutes for worked in facts.worked) == 0
    assert dict(facts.stands or {}) == {day(3): 480, day(4): 480}


@pytest.mark.parametrize(
    ("reason", "note", "code"),
    [
        (None, None, "CORRECTION_REASON_MISSING"),
        ("OTHER", " ", "CORRECTION_NOTE_MISSING"),
        ("OTHER", "x" * 501, "CORRECTION_NOTE_TOO_LONG"),
    ],
)
def test_a_correction_needs_a_reason(
    life: Life, reason: str | None, note: str | None, code: str
) -> None:
    with pytest.raises(Refused, match=code):
        corrections.begin(
            life.session, life.sheet, reason=reason, note=note, by=life.world.ana, at=NOW
        )


def test_arrears_reach_back_twenty_four_half_months(life: Life) -> None:
    in_a_year = datetime(2027, 3, 10, 17, tzinfo=UTC)
    assert corrections.may_correct(life.session, life.sheet, at=in_a_year)
    too_late = datetime(2027, 3, 18, 17, tzinfo=UTC)
    assert not corrections.may_correct(life.session, life.sheet, at=too_late)
    with pytest.raises(Refused, match="PERIOD_TOO_OLD"):
        timesheets.open_for(
            life.session, life.world.ana_for_rosa.id, PayPeriod(day(1)).previous.starts_on,
            by=life.world.ana, at=datetime(2027, 3, 10, 17, tzinfo=UTC),
        )  # fmt: skip


def test_a_sheet_that_only_the_provider_signed_is_taken_back_not_corrected(
    session: Session, world: World, life: Life
) -> None:
    sheet = fill_in(session, world.ana_for_rosa, {17: 8}, by=world.ana, at=NOW)
    sign(session, sheet, by=world.ana, at=NOW)
    assert not corrections.may_correct(session, sheet, at=NOW)
    with pytest.raises(Refused, match="NOT_ALLOWED_NOW"):
        corrections.begin(session, sheet, reason="WRONG_DAY", note=None, by=world.ana, at=NOW)


def test_one_that_the_county_holds_is_taken_back_and_claims_nothing(life: Life) -> None:
    late = datetime(2026, 5, 1, 17, tzinfo=UTC)
    sheet = fill_in(life.session, life.world.ana_for_rosa, {18: 8}, by=life.world.ana, at=late)
    version = sign(life.session, sheet, by=life.world.ana, at=late)
    approvals.approve(life.session, sheet, shown=version.content_hash, by=life.world.rosa, at=late)
    assert sheet.status == "on_hold"

    corrections.begin(
        life.session, sheet, reason="WRONG_HOURS", note=None, by=life.world.ana, at=late
    )

    assert (sheet.status, sheet.amends) == ("draft", None)
    assert sheet_status.active_holds(life.session, sheet) == frozenset()
    assert life.told(life.world.rosa.id)[-1] == "TIMESHEET_TAKEN_BACK"


def test_a_disputed_payment_is_settled_before_the_difference_is_paid(life: Life) -> None:
    life.pay()
    life.correct()
    payment = life.session.scalars(select(Payment)).one()
    payments.dispute(life.session, payment, reason="HOURS", note=None, by=life.world.ana, at=NOW)
    life.enter(5, 1)
    life.approve(life.sign())
    assert life.sheet.payment_status == "disputed"
    assert len(payments.disputed_in(life.session, life.world.los_angeles.id, limit=9)) == 1

    payments.settle(life.session, payment, answer="Corrected.", by=life.world.casey, at=NOW)
    assert life.sheet.payment_status == "waiting_for_payment"
    life.pay(date(2026, 3, 20), LATER)
    assert life.paid()[1][0] == 60


def test_a_correction_approved_between_batch_and_issue_is_paid_in_the_next(life: Life) -> None:
    """The plug is pulled when the batch is closed; the recipient signs the correction meanwhile."""

    class Cut(Exception):  # noqa: N818 - it names what happened
        pass

    def cut(step: str) -> None:
        if step == "close: after the commit":
            raise Cut

    with pytest.raises(Cut):
        payroll.run(life.session, date(2026, 3, 18), at=NOW, folder=life.folder, checkpoint=cut)
    life.correct()
    life.enter(5, 2)
    life.approve(life.sign())

    life.pay(date(2026, 3, 20), LATER)

    assert [minutes for minutes, _cents in life.paid()] == [960, 120]
    assert life.sheet.payment_status == "payment_issued"
    assert THE_SIXTEENTH < NOW
