"""Claims are saved, signed, wait for their timesheet, are cut, refused and paid; and nothing twice."""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from app.domain.claims import ClaimedDay, ClaimKind
from app.domain.outcomes import Refused
from app.domain.sick_leave import Notice
from app.models.audit import AuditEvent
from app.models.claims import Claim, ClaimStep
from app.models.messages import Notice as ToldNotice
from app.models.payments import EarningsLine, Payment
from app.models.people import WageRate
from app.services import (
    claim_facts,
    claim_pay,
    claims,
    corrections,
    payments,
    payroll,
    timesheets,
    voids,
)
from app.services.day_log import DayValues
from claim_steps import AT, MONDAY, WEDNESDAY, days, leave, paid_long_ago, sign, travel
from factories import World, share_home
from sheets import sign as sign_sheet
from signed_sheets import approve, approved, signed

ISSUE_ON = date(2026, 3, 18)
PAID_AT = AT + timedelta(days=2)


@pytest.fixture
def pay(session: Session, tmp_path: Path) -> Callable[[], list[dict[str, object]]]:
    """Run payroll, and answer the payments of its file."""

    def run() -> list[dict[str, object]]:
        payroll.run(session, ISSUE_ON, at=PAID_AT, folder=tmp_path)
        lines = (tmp_path / "payments-2026-03-18-1.jsonl").read_text().splitlines()
        return [json.loads(line) for line in lines if '"record":"payment"' in line]

    return run


@pytest.fixture
def earned(session: Session, world: World) -> None:
    """Ana has worked 150 paid hours in the autumn, so she has 40 hours of sick leave."""
    sheet = approved(
        session, world.ana_for_rosa, days(date(2025, 10, 1), 15), by=world.ana, signer=world.rosa
    )
    paid_long_ago(session, sheet)


def rosa_and_walter(session: Session, world: World, *, hours: int = 5) -> None:
    """Ana works for both on Monday, and for Rosa on Wednesday; both have signed."""
    both = {MONDAY: hours, WEDNESDAY: hours}
    approved(session, world.ana_for_rosa, both, by=world.ana, signer=world.rosa)
    approved(session, world.ana_for_walter, {MONDAY: 3}, by=world.ana, signer=world.walter)


def to_walter(session: Session, world: World, minutes: dict[date, int]) -> Claim:
    return travel(session, world.ana_for_walter, world.ana_for_rosa.case, minutes, by=world.ana)


def codes(session: Session, claim: Claim, at: datetime = AT) -> list[str]:
    return [finding.code for finding in claims.prepare(session, claim, at=at).findings]


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as told:
        act()
    return told.value.code


# ── Travel ───────────────────────────────────────────────────────────────────────────────────────


def test_travel_waits_for_its_timesheet_and_is_paid_with_it(
    session: Session, world: World, pay: Callable[[], list[dict[str, object]]]
) -> None:
    signed(session, world.ana_for_rosa, {MONDAY: 5}, by=world.ana)
    sheet = signed(session, world.ana_for_walter, {MONDAY: 3}, by=world.ana)
    claim = sign(session, to_walter(session, world, {MONDAY: 40}), by=world.ana)
    assert claim.status == "waiting"
    assert claim_pay.go_on_due(session, at=AT) == 0

    approve(session, sheet, by=world.walter)
    paid = pay()

    session.refresh(claim)
    assert claim.status == "paid"
    [of_claim] = [each for each in paid if "claim" in each]
    assert (of_claim["claim"], of_claim["claim_kind"]) == (claim.id, "travel")
    assert (of_claim["minutes"], of_claim["gross_cents"]) == (40, 1309)  # 40 minutes at 19.64
    assert of_claim["receipt"] == claim.receipt
    assert paid[-1] == of_claim


def test_days_without_care_are_cut_when_the_timesheet_is_processed(
    session: Session, world: World
) -> None:
    sheet = signed(session, world.ana_for_walter, {MONDAY: 3}, by=world.ana)
    sheet.status = "draft"
    session.commit()
    claim = sign(session, to_walter(session, world, {MONDAY: 40, WEDNESDAY: 30}), by=world.ana)
    sheet.status = "submitted"
    session.commit()
    approve(session, sheet, by=world.walter)

    assert claim_pay.go_on_due(session, at=AT) == 1

    assert claim.status == "ready"
    assert [(day.on, day.payable_minutes) for day in claim.days] == [(MONDAY, 40), (WEDNESDAY, 0)]
    assert session.scalars(select(ClaimStep.action)).all() == ["submit", "go_on"]


def test_travel_goes_by_what_stands_not_by_a_correction_that_is_void(
    session: Session, world: World
) -> None:
    claim = sign(session, to_walter(session, world, {MONDAY: 40, WEDNESDAY: 30}), by=world.ana)
    sheet = approved(session, world.ana_for_walter, {MONDAY: 3}, by=world.ana, signer=world.walter)
    corrections.begin(session, sheet, reason="DAY_LEFT_OUT", note=None, by=world.ana, at=AT)
    timesheets.change_day(
        session, sheet, WEDNESDAY, DayValues(minutes=120), base=0, by=world.ana, at=AT
    )
    sign_sheet(session, sheet, by=world.ana, at=AT)
    approve(session, sheet, by=world.walter)
    voids.void(session, sheet, reason="CLAIMED_TWICE", note=None, by=world.casey, at=AT)

    claim_pay.go_on_due(session, at=AT)

    assert claim.status == "ready"
    assert [(day.on, day.payable_minutes) for day in claim.days] == [(MONDAY, 40), (WEDNESDAY, 0)]


def test_a_claim_with_no_day_left_is_refused_and_its_provider_told(
    session: Session, world: World
) -> None:
    claim = sign(session, to_walter(session, world, {WEDNESDAY: 30}), by=world.ana)
    approved(session, world.ana_for_walter, {MONDAY: 3}, by=world.ana, signer=world.walter)

    claim_pay.go_on_due(session, at=AT)

    assert (claim.status, claim.refused_reason) == ("refused", None)
    told = session.scalars(
        select(ToldNotice.code).where(ToldNotice.account_id == world.ana.id)
    ).all()
    assert told[-1] == "CLAIM_REFUSED"
    claims.take_back(session, claim, by=world.ana, at=AT)
    assert claim.status == "saved"


def test_a_day_that_the_signed_timesheet_lacks_cannot_be_claimed(
    session: Session, world: World
) -> None:
    rosa_and_walter(session, world)
    claim = to_walter(session, world, {WEDNESDAY: 30})
    assert codes(session, claim) == ["TRAVEL_DAY_WITHOUT_CARE"]
    assert refused(lambda: sign(session, claim, by=world.ana)) == "CLAIM_STOPPED"


def test_two_who_live_together_have_no_way_between_them(session: Session, world: World) -> None:
    rosa_and_walter(session, world)
    share_home(session, world)
    assert codes(session, to_walter(session, world, {MONDAY: 30})) == ["TRAVEL_SAME_PLACE"]


def test_the_week_counts_travel_of_all_claims_and_goes_on_with_a_reason(
    session: Session, world: World
) -> None:
    rosa_and_walter(session, world)
    to_rosa = travel(
        session, world.ana_for_rosa, world.ana_for_walter.case, {MONDAY: 400}, by=world.ana
    )
    sign(session, to_rosa, by=world.ana, reason="The road was closed.")
    claim = to_walter(session, world, {MONDAY: 30})
    assert codes(session, claim) == ["TRAVEL_WEEK_EXCEEDED"]
    assert refused(lambda: sign(session, claim, by=world.ana)) == "CLAIM_REASON_MISSING"

    sign(session, claim, by=world.ana, reason=" The road was closed. ")

    assert (claim.status, claim.reason) == ("waiting", "The road was closed.")
    week = claim_facts.travel_week(session, world.ana_for_rosa.provider_id, MONDAY)
    assert (week.already, week.limit) == (430, 420)


def test_travel_over_forty_hours_earns_the_weeks_premium(
    session: Session, world: World, pay: Callable[[], list[dict[str, object]]]
) -> None:
    """29 CFR 785.38: travel in the day's work is time worked."""
    approved(session, world.ana_for_rosa, days(MONDAY, 4, 9), by=world.ana, signer=world.rosa)
    approved(session, world.ana_for_walter, {MONDAY: 4}, by=world.ana, signer=world.walter)
    sign(session, to_walter(session, world, {MONDAY: 60}), by=world.ana)

    pay()

    lines = session.execute(
        select(EarningsLine.kind, EarningsLine.minutes, EarningsLine.cents)
        .join(EarningsLine.payment)
        .where(Payment.claim_id.is_not(None))
        .order_by(EarningsLine.id)
    ).all()
    assert [tuple(line) for line in lines] == [("travel", 60, 1964), ("overtime_premium", 60, 982)]


def test_hours_paid_after_travel_count_it_in_their_week(
    session: Session, world: World, pay: Callable[[], list[dict[str, object]]], tmp_path: Path
) -> None:
    approved(session, world.ana_for_walter, {MONDAY: 4}, by=world.ana, signer=world.walter)
    sign(session, to_walter(session, world, {MONDAY: 60}), by=world.ana)
    pay()
    approved(session, world.ana_for_rosa, days(MONDAY, 4, 9), by=world.ana, signer=world.rosa)
    payroll.run(session, date(2026, 3, 19), at=PAID_AT + timedelta(days=1), folder=tmp_path)

    premium = session.scalars(
        select(EarningsLine.minutes).where(EarningsLine.kind == "overtime_premium")
    ).all()
    assert premium == [60]


# ── Sick leave ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.usefixtures("earned")
def test_sick_leave_is_paid_straight_and_makes_no_overtime(
    session: Session, world: World, pay: Callable[[], list[dict[str, object]]]
) -> None:
    approved(session, world.ana_for_rosa, days(MONDAY, 4), by=world.ana, signer=world.rosa)
    friday = date(2026, 3, 6)
    claim = sign(
        session, leave(session, world.ana_for_rosa, {friday: 480}, by=world.ana), by=world.ana
    )
    assert claim.status == "ready"

    [of_claim] = [each for each in pay() if "claim" in each]

    assert of_claim["lines"] == [
        {"kind": "sick_leave", "week_of": None, "rate_cents": 1964, "minutes": 480, "cents": 15712}
    ]
    told = session.scalars(
        select(ToldNotice.code).where(ToldNotice.account_id == world.ana.id)
    ).all()
    assert "CLAIM_PAID" in told


@pytest.mark.usefixtures("earned")
def test_the_recipient_is_told_of_sick_leave(session: Session, world: World) -> None:
    sign(session, leave(session, world.ana_for_rosa, {MONDAY: 480}, by=world.ana), by=world.ana)
    [notice] = session.scalars(
        select(ToldNotice).where(ToldNotice.account_id == world.rosa.id)
    ).all()
    assert (notice.code, notice.facts["claimed_minutes"]) == ("SICK_LEAVE_CLAIMED", 480)


@pytest.mark.usefixtures("earned")
def test_leave_beyond_the_balance_is_cut_from_its_last_day(session: Session, world: World) -> None:
    first = leave(session, world.ana_for_rosa, {MONDAY: 1440, date(2026, 3, 3): 540}, by=world.ana)
    sign(session, first, by=world.ana)
    second = leave(
        session, world.ana_for_walter, {WEDNESDAY: 300, date(2026, 3, 5): 300}, by=world.ana
    )
    assert codes(session, second) == ["SICK_CUT"]

    sign(session, second, by=world.ana)

    assert [day.payable_minutes for day in second.days] == [300, 120]
    provider_id = world.ana_for_rosa.provider_id
    assert claim_facts.leave_standing(session, provider_id, WEDNESDAY).left == 0


def test_leave_that_is_not_earned_is_refused(session: Session, world: World) -> None:
    claim = leave(session, world.ana_for_rosa, {MONDAY: 60}, by=world.ana)
    assert codes(session, claim) == ["SICK_NOT_EARNED"]
    assert refused(lambda: sign(session, claim, by=world.ana)) == "CLAIM_STOPPED"


@pytest.mark.usefixtures("earned")
def test_a_day_cannot_hold_more_than_24_hours_with_the_work_in_it(
    session: Session, world: World
) -> None:
    signed(session, world.ana_for_walter, {MONDAY: 17}, by=world.ana)
    claim = leave(session, world.ana_for_rosa, {MONDAY: 450}, by=world.ana)
    assert codes(session, claim) == ["CLAIM_DAY_OVER_24_HOURS"]


@pytest.mark.usefixtures("earned")
def test_told_too_late_goes_on_with_a_reason(session: Session, world: World) -> None:
    claim = leave(session, world.ana_for_rosa, {MONDAY: 60}, by=world.ana, notice=Notice.LATE)
    assert codes(session, claim) == ["SICK_NOTICE_SHORT"]
    sign(session, claim, by=world.ana, reason="I was in the emergency room.")
    assert claim.warnings == ["SICK_NOTICE_SHORT"]


# ── Every claim ──────────────────────────────────────────────────────────────────────────────────


def test_opening_again_finds_the_claim_until_it_is_paid(session: Session, world: World) -> None:
    claim = to_walter(session, world, {MONDAY: 40})
    again = claims.open_for(
        session, ClaimKind.TRAVEL, world.ana_for_walter.id, WEDNESDAY, by=world.ana, at=AT
    )
    assert again.id == claim.id
    claim.status = "paid"
    session.commit()
    more = to_walter(session, world, {MONDAY: 40, WEDNESDAY: 40})
    assert (more.id, more.number) != (claim.id, 1)
    assert "CLAIMED_BEFORE" in codes(session, more)


def test_no_claim_for_a_half_month_to_come_or_without_work(session: Session, world: World) -> None:
    kind, ana = ClaimKind.TRAVEL, world.ana
    walters = world.ana_for_walter.id
    ahead, before = date(2026, 4, 1), date(2024, 12, 1)

    def open_on(day: date) -> Callable[[], Claim]:
        return lambda: claims.open_for(session, kind, walters, day, by=ana, at=AT)

    assert refused(open_on(ahead)) == "PERIOD_AHEAD"
    assert refused(open_on(before)) == "NO_ASSIGNMENT_THEN"
    with pytest.raises(NoResultFound):
        claims.open_for(session, kind, world.maria_for_nune.id, MONDAY, by=ana, at=AT)


def test_what_was_not_shown_is_not_signed_and_a_signature_twice_is_one(
    session: Session, world: World
) -> None:
    claim = to_walter(session, world, {MONDAY: 40})
    shown = claims.prepare(session, claim, at=AT).shown
    to_walter(session, world, {MONDAY: 50})

    def sign_shown(hash_shown: str) -> Callable[[], None]:
        return lambda: claims.submit(
            session, claim, shown=hash_shown, reason=None, by=world.ana, at=AT
        )

    assert refused(sign_shown(shown)) == "CLAIM_CHANGED"
    shown = claims.prepare(session, claim, at=AT).shown
    sign_shown(shown)()
    receipt = claim.receipt
    sign_shown(shown)()
    assert claim.receipt == receipt
    assert len(session.scalars(select(ClaimStep)).all()) == 1


def test_a_signed_claim_is_not_changed_nor_dropped_until_it_is_taken_back(
    session: Session, world: World
) -> None:
    claim = sign(session, to_walter(session, world, {MONDAY: 40}), by=world.ana)
    day = [ClaimedDay(MONDAY, 50, world.ana_for_rosa.case_id)]
    assert refused(
        lambda: claims.save(session, claim, day, notice=None, by=world.ana, at=AT)
    ) == "CLAIM_CLOSED"  # fmt: skip
    claims.take_back(session, claim, by=world.ana, at=AT)
    claims.save(session, claim, day, notice=None, by=world.ana, at=AT)
    assert [day.minutes for day in claim.days] == [50]
    assert refused(lambda: claims.discard(session, claim, by=world.ana)) == "CLAIM_CLOSED"


def test_a_claim_that_was_never_signed_can_be_dropped(session: Session, world: World) -> None:
    claims.discard(session, to_walter(session, world, {MONDAY: 40}), by=world.ana)
    assert session.scalars(select(Claim)).all() == []


def test_the_county_refuses_with_a_reason_and_never_what_is_paid(
    session: Session, world: World, pay: Callable[[], list[dict[str, object]]]
) -> None:
    rosa_and_walter(session, world)
    claim = sign(session, to_walter(session, world, {MONDAY: 40}), by=world.ana)

    def refuse(reason: str) -> Callable[[], None]:
        return lambda: claim_pay.refuse(session, claim, reason=reason, by=world.casey, at=AT)

    assert refused(refuse("  ")) == "REFUSE_REASON_MISSING"
    assert refused(refuse("x" * 1001)) == "REFUSE_REASON_TOO_LONG"
    refuse("There is no form SOC 2255.")()
    assert claim.status == "refused"
    assert all("claim" not in each for each in pay())
    claims.take_back(session, claim, by=world.ana, at=AT)
    sign(session, claim, by=world.ana)
    payroll_again = session.scalars(select(Payment).where(Payment.claim_id == claim.id)).all()
    assert payroll_again == []


def test_what_is_paid_is_neither_taken_back_nor_refused_but_disputed(
    session: Session, world: World, pay: Callable[[], list[dict[str, object]]]
) -> None:
    rosa_and_walter(session, world)
    claim = sign(session, to_walter(session, world, {MONDAY: 40}), by=world.ana)
    pay()
    payment = session.scalars(select(Payment).where(Payment.claim_id == claim.id)).one()
    assert (payment.status, payment.period_starts_on) == ("payment_issued", date(2026, 3, 1))
    assert refused(
        lambda: claims.take_back(session, claim, by=world.ana, at=PAID_AT)
    ) == "NOT_ALLOWED_NOW"  # fmt: skip

    payments.dispute(session, payment, reason="HOURS", note=None, by=world.ana, at=PAID_AT)

    assert (claim.status, payment.status) == ("disputed", "disputed")
    assert payments.disputed_in(session, world.los_angeles.id, limit=5) == [payment]
    assert payments.disputed_in(session, world.fresno.id, limit=5) == []
    payments.settle(session, payment, answer="It is right.", by=world.casey, at=PAID_AT)
    assert claim.status == "paid"


def test_a_claim_without_a_wage_is_left_named_and_stops_no_other(
    session: Session, world: World, tmp_path: Path, earned: None
) -> None:
    claim = sign(
        session, leave(session, world.ana_for_rosa, {MONDAY: 60}, by=world.ana), by=world.ana
    )
    rate = session.scalars(select(WageRate).where(WageRate.county_id == world.los_angeles.id)).one()
    rate.starts_on = date(2027, 1, 1)
    session.commit()

    summary = payroll.run(session, ISSUE_ON, at=PAID_AT, folder=tmp_path)

    assert [(each.claim_id, each.refused.code) for each in summary.unpaid] == [
        (claim.id, "NO_WAGE_RATE")
    ]


def test_every_act_is_on_record(session: Session, world: World) -> None:
    rosa_and_walter(session, world)
    claim = sign(session, to_walter(session, world, {MONDAY: 40}), by=world.ana)
    claim_pay.go_on_due(session, at=AT)
    claims.take_back(session, claim, by=world.ana, at=AT)
    acts = session.scalars(
        select(AuditEvent.action).where(AuditEvent.subject == f"claim:{claim.id}")
    ).all()
    assert sorted(acts) == ["claim:go_on", "claim:submit", "claim:take_back"]
