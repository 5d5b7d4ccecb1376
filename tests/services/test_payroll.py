"""Payroll pays what is approved and not held, once, at the right wage, and says what it could not."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.outcomes import Refused
from app.models.messages import Notice, QueuedEmail
from app.models.payments import EarningsLine, Payment, PayrollRun
from app.models.people import WageRate
from app.models.timesheets import Timesheet
from app.services import audit, payroll
from app.services.payroll import PayrollSummary
from factories import World, assign
from signed_sheets import approved, signed

NOW = datetime(2026, 3, 18, 17, tzinfo=UTC)
ISSUE_ON = date(2026, 3, 18)
MONDAY = date(2026, 3, 2)


def days(first: date, count: int, hours: int = 10) -> dict[date, int]:
    return {first + timedelta(days=number): hours for number in range(count)}


@dataclass
class Pay:
    """Payroll in a folder of its own."""

    session: Session
    folder: Path

    def run(self, issue_on: date = ISSUE_ON, at: datetime = NOW) -> PayrollSummary:
        return payroll.run(self.session, issue_on, at=at, folder=self.folder)

    def file(self, name: str = "payments-2026-03-18-1.jsonl") -> list[dict[str, object]]:
        return [json.loads(line) for line in (self.folder / name).read_text().splitlines()]

    def lines_of(self, sheet: Timesheet) -> list[tuple[str, int, int, int]]:
        return [
            (line.kind, line.rate_cents, line.minutes, line.cents)
            for line in self.session.scalars(
                select(EarningsLine)
                .join(EarningsLine.payment)
                .where(Payment.timesheet_id == sheet.id)
                .order_by(EarningsLine.id)
            )
        ]


@pytest.fixture
def pay(session: Session, tmp_path: Path) -> Pay:
    return Pay(session, tmp_path / "payment-files")


@pytest.fixture
def walter_in_san_francisco(session: Session, world: World) -> None:
    """Walter's county pays 23.00, so that one week holds two rates."""
    rate = session.scalars(select(WageRate).where(WageRate.county_id == world.fresno.id)).one()
    rate.cents = 2300
    world.ana_for_walter.case.recipient.county_id = world.fresno.id
    session.commit()


def rosas(session: Session, world: World, hours: dict[date, int]) -> Timesheet:
    return approved(session, world.ana_for_rosa, hours, by=world.ana, signer=world.rosa)


def walters(session: Session, world: World, hours: dict[date, int]) -> Timesheet:
    return approved(session, world.ana_for_walter, hours, by=world.ana, signer=world.walter)


def test_an_approved_sheet_is_paid_once_and_its_provider_told(
    session: Session, world: World, pay: Pay
) -> None:
    sheet = rosas(session, world, days(MONDAY, 3))
    assert sheet.payment_status == "waiting_for_payment"

    summary = pay.run()

    assert (summary.totals.payments, summary.totals.gross_cents) == (1, 58920)
    assert sheet.payment_status == "payment_issued"
    payment = session.scalars(select(Payment)).one()
    assert (payment.minutes, payment.gross_cents, payment.issued_at) == (1800, 58920, NOW)
    assert pay.lines_of(sheet) == [("straight", 1964, 1800, 58920)]
    notice = session.scalars(select(Notice).where(Notice.account_id == world.ana.id)).one()
    assert notice.code == "PAYMENT_ISSUED"
    assert notice.facts["arrives_on"] == "2026-03-20"
    assert session.scalars(select(QueuedEmail.code)).all() == ["PAYMENT_ISSUED"]


def test_running_again_pays_nothing_twice_and_keeps_the_file(
    session: Session, world: World, pay: Pay
) -> None:
    rosas(session, world, days(MONDAY, 3))
    first = pay.run()
    content = (pay.folder / first.files[0]).read_bytes()

    second = pay.run(at=NOW + timedelta(hours=1))

    assert (second.totals, second.files) == (first.totals, first.files)
    assert (first.newly_issued, second.newly_issued) == (1, 0)
    assert (pay.folder / first.files[0]).read_bytes() == content
    assert session.scalar(select(func.count()).select_from(Payment)) == 1
    assert session.scalar(select(func.count()).select_from(QueuedEmail)) == 1


def test_what_is_approved_after_a_run_goes_into_the_days_next_batch(
    session: Session, world: World, pay: Pay
) -> None:
    rosas(session, world, days(MONDAY, 3))
    pay.run()
    first = (pay.folder / "payments-2026-03-18-1.jsonl").read_bytes()
    walters(session, world, days(MONDAY + timedelta(days=3), 2, hours=4))

    summary = pay.run()

    assert summary.files == ("payments-2026-03-18-1.jsonl", "payments-2026-03-18-2.jsonl")
    assert (summary.totals.payments, summary.newly_issued) == (2, 1)
    assert (pay.folder / summary.files[0]).read_bytes() == first


def test_a_day_without_anything_to_pay_makes_no_batch(
    session: Session, world: World, pay: Pay
) -> None:
    summary = pay.run()

    assert (summary.totals.payments, summary.files) == (0, ())
    assert session.scalar(select(func.count()).select_from(PayrollRun)) == 0


@pytest.mark.parametrize("first", ["rosa", "walter"])
@pytest.mark.usefixtures("walter_in_san_francisco")
def test_a_week_at_two_rates_pays_the_same_whichever_sheet_comes_first(
    session: Session, world: World, pay: Pay, first: str
) -> None:
    """30:00 at 19.64 and 20:00 at 23.00 pay 1,154.12 (decision 11; 29 CFR 778.115)."""
    sheets = {
        "rosa": lambda: rosas(session, world, days(MONDAY, 3)),
        "walter": lambda: walters(session, world, days(MONDAY + timedelta(days=3), 2)),
    }
    second = "walter" if first == "rosa" else "rosa"
    sheets[first]()
    pay.run(date(2026, 3, 18))
    sheets[second]()
    pay.run(date(2026, 3, 19))

    assert session.scalar(select(func.sum(Payment.gross_cents))) == 115412


@pytest.mark.usefixtures("walter_in_san_francisco")
def test_two_sheets_of_one_run_share_the_weeks_premium(
    session: Session, world: World, pay: Pay
) -> None:
    first = rosas(session, world, days(MONDAY, 3))
    second = walters(session, world, days(MONDAY + timedelta(days=3), 2))

    assert pay.run().totals.gross_cents == 115412
    assert pay.lines_of(first) == [("straight", 1964, 1800, 58920)]
    assert pay.lines_of(second) == [
        ("straight", 2300, 1200, 46000),
        ("overtime_premium", 1049, 600, 10492),
    ]


def test_the_premium_counts_hours_paid_in_the_other_half_of_the_week(
    session: Session, world: World, pay: Pay
) -> None:
    """The week of Sunday, March 15 lies in both halves of the month."""
    rosas(session, world, {date(2026, 3, 15): 10})
    pay.run()
    second = rosas(session, world, days(date(2026, 3, 16), 4))
    pay.run(date(2026, 3, 21), at=NOW + timedelta(days=3))

    assert pay.lines_of(second) == [
        ("straight", 1964, 2400, 78560),
        ("overtime_premium", 982, 600, 9820),
    ]


def test_a_new_wage_inside_a_week_is_paid_from_its_first_day_on(
    session: Session, world: World, pay: Pay
) -> None:
    world.los_angeles.wage_rates.append(
        WageRate(starts_on=date(2026, 4, 1), cents=2000, authority="test")
    )
    march = rosas(session, world, days(date(2026, 3, 30), 2))
    april = rosas(session, world, days(date(2026, 4, 1), 1))

    pay.run()

    assert pay.lines_of(march) == [("straight", 1964, 1200, 39280)]
    assert pay.lines_of(april) == [("straight", 2000, 600, 20000)]


def test_a_sheet_across_a_new_wage_has_a_line_for_each(
    session: Session, world: World, pay: Pay
) -> None:
    world.los_angeles.wage_rates.append(
        WageRate(starts_on=date(2026, 3, 4), cents=2000, authority="test")
    )
    sheet = rosas(session, world, days(MONDAY, 4))

    pay.run()

    assert pay.lines_of(sheet) == [
        ("straight", 1964, 1200, 39280),
        ("straight", 2000, 1200, 40000),
    ]


def test_a_held_or_unapproved_sheet_is_not_paid(session: Session, world: World, pay: Pay) -> None:
    held = approved(
        session,
        world.ana_for_rosa,
        days(MONDAY, 3),
        by=world.ana,
        signer=world.rosa,
        holds=("LATE",),
    )
    unsigned = signed(session, world.ana_for_walter, days(MONDAY, 3), by=world.ana)

    assert pay.run().totals.payments == 0
    assert (held.status, unsigned.status) == ("on_hold", "submitted")


def test_a_sheet_without_a_wage_is_left_named_and_stops_no_other(
    session: Session, world: World, pay: Pay
) -> None:
    rate = session.scalars(select(WageRate).where(WageRate.county_id == world.fresno.id)).one()
    rate.starts_on = date(2027, 1, 1)
    unpaid = approved(
        session, world.maria_for_nune, days(MONDAY, 2), by=world.maria, signer=world.nune
    )
    rosas(session, world, days(MONDAY, 3))

    summary = pay.run()

    assert summary.totals.payments == 1
    assert [(each.timesheet_id, each.refused.code) for each in summary.unpaid] == [
        (unpaid.id, "NO_WAGE_RATE")
    ]
    assert unpaid.payment_status == "waiting_for_payment"


def test_two_programs_for_one_recipient_are_paid_apart(
    session: Session, world: World, pay: Pay
) -> None:
    ihss = world.ana_for_rosa
    wpcs = assign(session, ihss.provider, ihss.case, 3000, program="wpcs")
    rosas(session, world, days(MONDAY, 2))
    approved(session, wpcs, days(MONDAY, 2, hours=4), by=world.ana, signer=world.rosa)

    pay.run()

    programs = [line["program"] for line in pay.file() if line["record"] == "payment"]
    assert sorted(programs) == ["ihss", "wpcs"]


def test_an_issue_date_in_the_past_is_refused(session: Session, world: World, pay: Pay) -> None:
    with pytest.raises(Refused) as refused:
        pay.run(date(2026, 3, 17))
    assert refused.value.code == "PAY_DATE_PAST"


def test_today_is_the_day_in_los_angeles(session: Session, world: World, pay: Pay) -> None:
    at = datetime(2026, 3, 19, 5, tzinfo=UTC)  # still the 18th in Los Angeles
    assert pay.run(date(2026, 3, 18), at=at).totals.payments == 0


def test_the_batch_file_adds_up_and_its_hash_is_on_record(
    session: Session, world: World, pay: Pay
) -> None:
    rosas(session, world, days(MONDAY, 5))
    pay.run()

    head, payment, control = pay.file()
    assert (head["format"], head["issue_on"]) == ("carehours-payments/1", "2026-03-18")
    assert payment["gross_cents"] == sum(line["cents"] for line in payment["lines"])  # type: ignore[attr-defined, index]
    assert (control["payments"], control["gross_cents"]) == (1, payment["gross_cents"])
    batch = session.scalars(select(PayrollRun)).one()
    assert batch.file_hash is not None
    assert audit.broken_links(session, audit.PORTAL) == []


def test_a_lost_file_is_written_again_and_a_changed_one_refused(
    session: Session, world: World, pay: Pay
) -> None:
    rosas(session, world, days(MONDAY, 3))
    file = pay.folder / pay.run().files[0]
    content = file.read_bytes()
    file.unlink()
    pay.run()
    assert file.read_bytes() == content

    file.write_bytes(content.replace(b"58920", b"99999"))
    with pytest.raises(Refused) as refused:
        pay.run()
    assert refused.value.code == "PAYMENT_FILE_CHANGED"


def test_a_batch_cut_short_yesterday_is_finished_with_its_own_date(
    session: Session, world: World, pay: Pay
) -> None:
    rosas(session, world, days(MONDAY, 3))

    def pull_the_plug(step: str) -> None:
        if step == "close: before the commit":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        payroll.run(session, ISSUE_ON, at=NOW, folder=pay.folder, checkpoint=pull_the_plug)
    session.rollback()

    summary = pay.run(date(2026, 3, 19), at=NOW + timedelta(days=1))

    assert summary.taken_up == (ISSUE_ON,)
    assert summary.totals.payments == 0
    assert session.scalars(select(PayrollRun.issue_on)).all() == [ISSUE_ON]
    assert session.scalars(select(Payment.issued_at)).all() == [NOW + timedelta(days=1)]
