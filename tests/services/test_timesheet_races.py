"""Two people, or one impatient finger, act on a sheet in the same moment: one winner, nothing doubled."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.outcomes import Refused
from app.domain.periods import PayPeriod
from app.extensions import db
from app.models.accounts import Account
from app.models.cases import Assignment, AuthorizedHours
from app.models.engine import begin_for_writing
from app.models.timesheets import Timesheet, TimesheetStatus, TimesheetVersion
from app.services import approvals, audit, corrections, submission, timesheets, voids
from app.services.day_log import DayValues
from factories import World, build_world
from sheets import THE_SIXTEENTH, day, fill_in, sign

ROUNDS = 5


@dataclass
class Race:
    """Acts that start together, each in a thread with a session of its own."""

    app: Flask
    world: World

    def run(self, *acts: Callable[[Session], object]) -> list[object]:
        """What each act answered; a refusal is an answer too, told by its code."""
        start = Barrier(len(acts))

        def act(one: Callable[[Session], object]) -> object:
            begin_for_writing()
            with self.app.app_context():
                start.wait()
                try:
                    return one(db.session)
                except Refused as refused:
                    return refused.code

        with ThreadPoolExecutor(len(acts)) as threads:
            return list(threads.map(act, acts))

    def look(self, question: Callable[[Session], object]) -> object:
        with self.app.app_context():
            return question(db.session)


@pytest.fixture
def race(real_app: Flask) -> Iterator[Race]:
    begin_for_writing()
    with real_app.app_context():
        world = build_world(db.session)
    yield Race(real_app, world)
    with real_app.app_context():
        db.engine.dispose()


def filled_in(race: Race, hours: dict[int, int]) -> int:
    begin_for_writing()
    with race.app.app_context():
        assignment = own_copy(db.session, race.world.ana_for_rosa)
        return fill_in(db.session, assignment, hours, by=race.world.ana).id


def signed(race: Race, hours: dict[int, int]) -> tuple[int, str]:
    sheet_id = filled_in(race, hours)
    begin_for_writing()
    with race.app.app_context():
        version = sign(db.session, load(db.session, sheet_id), by=race.world.ana)
        return sheet_id, version.content_hash


def own_copy(session: Session, assignment: Assignment) -> Assignment:
    """The assignment as this session's database has it."""
    return session.scalars(select(Assignment).where(Assignment.id == assignment.id)).one()


def load(session: Session, sheet_id: int) -> Timesheet:
    return session.scalars(select(Timesheet).where(Timesheet.id == sheet_id)).one()


def approving(sheet_id: int, shown: str, by: Account) -> Callable[[Session], object]:
    def act(session: Session) -> str:
        sheet = load(session, sheet_id)
        version = approvals.approve(session, sheet, shown=shown, by=by, at=THE_SIXTEENTH)
        return f"approved by {version.approved_by_id}"

    return act


def steps(sheet_id: int) -> Callable[[Session], list[str]]:
    return lambda session: list(
        session.scalars(
            select(TimesheetStatus.action)
            .where(TimesheetStatus.timesheet_id == sheet_id)
            .order_by(TimesheetStatus.id)
        )
    )


def test_a_double_click_signs_once(race: Race) -> None:
    sheet_id = filled_in(race, {3: 8})
    shown = race.look(
        lambda session: submission.prepare(session, load(session, sheet_id), at=THE_SIXTEENTH).shown
    )

    def submit(session: Session) -> str:
        version = submission.submit(
            session, load(session, sheet_id),
            shown=str(shown), reason=None, by=race.world.ana, at=THE_SIXTEENTH,
        )  # fmt: skip
        return version.receipt

    receipts = race.run(*[submit] * 4)

    assert len(set(receipts)) == 1
    assert race.look(steps(sheet_id)) == ["submit"]


def test_two_approvals_count_once(race: Race) -> None:
    sheet_id, shown = signed(race, {3: 8})

    answers = race.run(*[approving(sheet_id, shown, race.world.rosa)] * 3)

    assert answers == [f"approved by {race.world.rosa.id}"] * 3
    assert race.look(steps(sheet_id)) == ["submit", "approve", "queue_payment"]


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_either_the_approval_or_the_taking_back_wins(race: Race, _round: int) -> None:
    sheet_id, shown = signed(race, {3: 8})

    def take_back(session: Session) -> str:
        submission.take_back(session, load(session, sheet_id), by=race.world.ana, at=THE_SIXTEENTH)
        return "taken back"

    answers = race.run(approving(sheet_id, shown, race.world.rosa), take_back)

    status = race.look(lambda session: load(session, sheet_id).status)
    approved = f"approved by {race.world.rosa.id}"
    assert (status, answers) in [
        ("approved", [approved, "NOT_ALLOWED_NOW"]),
        ("draft", ["CHANGED_MEANWHILE", "taken back"]),
    ]


def test_two_sheets_cannot_claim_the_same_hours_of_the_month(race: Race) -> None:
    begin_for_writing()
    with race.app.app_context():
        assignment = own_copy(db.session, race.world.ana_for_rosa)
        assignment.assigned_minutes = 12 * 60
        db.session.commit()
    sheets = [filled_in(race, {3: 8}), filled_in(race, {16: 8})]

    def submitting(sheet_id: int) -> Callable[[Session], object]:
        def act(session: Session) -> str:
            sign(session, load(session, sheet_id), by=race.world.ana)
            return "submitted"

        return act

    answers = race.run(*[submitting(sheet_id) for sheet_id in sheets])

    assert sorted(map(str, answers))[1:] == ["submitted"]
    assert race.look(lambda session: len(session.scalars(select(TimesheetVersion)).all())) == 1


def test_two_tabs_saving_one_day_at_once_lose_neither(race: Race) -> None:
    sheet_id = filled_in(race, {3: 8})

    def typing(minutes: int) -> Callable[[Session], object]:
        def act(session: Session) -> str:
            return timesheets.change_day(
                session, load(session, sheet_id), day(4), DayValues(minutes),
                base=0, by=race.world.ana, at=THE_SIXTEENTH,
            ).result  # fmt: skip

        return act

    answers = race.run(typing(60), typing(120), typing(180))

    assert sorted(map(str, answers)) == ["conflict", "conflict", "saved"]
    chain = audit.chain_of(race.world.ana)
    assert race.look(lambda session: audit.broken_links(session, chain)) == []


def test_a_half_month_opened_twice_at_once_is_one_sheet(race: Race) -> None:
    def open_sheet(session: Session) -> int:
        assignment = own_copy(session, race.world.ana_for_walter)
        sheet = timesheets.find_or_open(session, assignment, PayPeriod(day(16)), at=THE_SIXTEENTH)
        session.commit()
        return sheet.id

    assert len(set(race.run(*[open_sheet] * 4))) == 1


def test_the_last_hour_of_the_month_goes_to_one_of_two_providers(race: Race) -> None:
    """Both may claim it when they look; who signs second is told, and nothing of hers is lost."""
    begin_for_writing()
    with race.app.app_context():
        anas = own_copy(db.session, race.world.ana_for_rosa)
        grant = db.session.scalars(
            select(AuthorizedHours).where(AuthorizedHours.case_id == anas.case_id)
        ).one()
        grant.monthly_minutes = 60
        provider = own_copy(db.session, race.world.maria_for_nune).provider
        marias = Assignment(
            provider=provider, case=anas.case, program="ihss", starts_on=anas.starts_on,
            live_in=True, assigned_minutes=60,
        )  # fmt: skip
        db.session.add(marias)
        db.session.commit()
        sheets = [
            (fill_in(db.session, anas, {3: 1}, by=race.world.ana).id, race.world.ana),
            (fill_in(db.session, marias, {3: 1}, by=race.world.maria).id, race.world.maria),
        ]
    shown = [
        str(
            race.look(
                lambda session, sheet_id=sheet_id: (
                    submission.prepare(  # type: ignore[misc]
                        session, load(session, sheet_id), at=THE_SIXTEENTH
                    ).shown
                )
            )
        )
        for sheet_id, _by in sheets
    ]

    def submitting(sheet_id: int, seen: str, by: Account) -> Callable[[Session], object]:
        def act(session: Session) -> str:
            submission.submit(
                session,
                load(session, sheet_id),
                shown=seen,
                reason="She fell.",
                by=by,
                at=THE_SIXTEENTH,
            )
            return "submitted"

        return act

    answers = race.run(
        *[
            submitting(sheet_id, seen, by)
            for (sheet_id, by), seen in zip(sheets, shown, strict=True)
        ]
    )

    [refused] = [answer for answer in answers if answer != "submitted"]
    assert refused in {"CANNOT_SUBMIT", "CHANGED_MEANWHILE"}  # her page then says which, and why
    told = sheets[answers.index(refused)][0]

    def codes(session: Session) -> list[str]:
        draft = submission.prepare(session, load(session, told), at=THE_SIXTEENTH)
        return [finding.code for finding in draft.blocks]

    assert "RECIPIENT_HOURS_EXCEEDED" in str(race.look(codes))


def test_a_correction_and_a_void_in_one_moment_leave_one_story(race: Race) -> None:
    sheet_id, shown = signed(race, {3: 8})
    race.run(approving(sheet_id, shown, race.world.rosa))

    def correct(session: Session) -> str:
        corrections.begin(
            session, load(session, sheet_id),
            reason="WRONG_HOURS", note=None, by=race.world.ana, at=THE_SIXTEENTH,
        )  # fmt: skip
        return "open"

    def void(session: Session) -> str:
        voids.void(
            session, load(session, sheet_id),
            reason="NOT_WORKED", note=None, by=race.world.casey, at=THE_SIXTEENTH,
        )  # fmt: skip
        return "void"

    answers = race.run(correct, void)

    assert "void" in answers
    assert race.look(lambda session: load(session, sheet_id).status) == "cancelled"
    assert race.look(lambda session: load(session, sheet_id).payment_status) is None
