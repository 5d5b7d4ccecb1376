"""Taps at the door: kept once, paired in any order, and proposed to the timesheet."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.outcomes import Refused
from app.domain.positions import Fix, NoFix
from app.domain.visits import Location
from app.models.audit import AuditEvent
from app.models.cases import Assignment
from app.models.timesheets import TimeEntry, Timesheet
from app.models.visits import Visit, VisitEvent
from app.services import audit, visits
from app.services.receipts import FROM_PHONE, Submission, content_hash
from app.services.visit_events import ProposedHours, VisitReceipt
from factories import ROSAS_HOME, World, assign

MONDAY = datetime(2026, 11, 23, 16, 2, tzinfo=UTC)  # 8:02 AM in Los Angeles
HOME, COMMUNITY = Location.HOME, Location.COMMUNITY


def said(made_at: datetime, *what: object, event_id: str = "") -> Submission:
    """A tap as a phone sends it."""
    event_id = event_id or str(uuid4())
    return Submission(event_id, made_at, content_hash([event_id, *map(str, what)]), FROM_PHONE)


@pytest.fixture
def ana_taps(session: Session, world: World) -> Callable[..., VisitReceipt]:
    """Ana taps: "in" or "out", when, and for whom; the receipt is the answer."""

    def tap(
        which: str,
        made_at: datetime,
        assignment: Assignment | None = None,
        *,
        received_at: datetime | None = None,
        event_id: str = "",
        location: Location = HOME,
        position: Fix | NoFix | None = None,
    ) -> VisitReceipt:
        assignment = assignment or world.ana_for_rosa
        verb = visits.check_in if which == "in" else visits.check_out
        return verb(
            session,
            assignment,
            location=location,
            submission=said(made_at, which, assignment.id, location, event_id=event_id),
            by=world.ana,
            at=received_at or made_at,
            position=position,
        )

    return tap


def day(session: Session, assignment: Assignment, on: date) -> TimeEntry | None:
    return session.scalars(
        select(TimeEntry)
        .join(Timesheet)
        .where(Timesheet.assignment_id == assignment.id, TimeEntry.on == on)
        .execution_options(populate_existing=True)
    ).first()


def all_visits(session: Session) -> list[Visit]:
    return list(
        session.scalars(
            select(Visit).order_by(Visit.began_at).execution_options(populate_existing=True)
        )
    )


def test_a_check_in_opens_a_visit_and_proposes_nothing_yet(session, world, ana_taps) -> None:
    receipt = ana_taps("in", MONDAY)

    (visit,) = all_visits(session)
    assert (visit.is_open, visit.checked_in_at, visit.id) == (True, MONDAY, receipt.visit_id)
    assert session.scalars(select(Timesheet)).all() == []


def test_a_check_out_puts_the_hours_on_the_day(session, world, ana_taps) -> None:
    ana_taps("in", MONDAY)
    receipt = ana_taps("out", MONDAY + timedelta(hours=2, minutes=58), location=COMMUNITY)

    entry = day(session, world.ana_for_rosa, date(2026, 11, 23))
    assert (entry.minutes, entry.starts, entry.ends, entry.location) == (178, 482, 660, "both")
    assert receipt.hours == ProposedHours(entry.timesheet_id, 178, is_taken=True)


def test_a_repeat_is_answered_with_the_first_receipt(session, world, ana_taps) -> None:
    event_id = str(uuid4())
    ana_taps("in", MONDAY)
    first = ana_taps("out", MONDAY + timedelta(hours=1), event_id=event_id)
    again = ana_taps(
        "out",
        MONDAY + timedelta(hours=1),
        event_id=event_id,
        received_at=MONDAY + timedelta(days=3),
    )
    assert again == first
    assert len(session.scalars(select(VisitEvent)).all()) == 2


def test_an_id_is_never_used_for_something_else(session, world, ana_taps) -> None:
    event_id = str(uuid4())
    ana_taps("in", MONDAY, event_id=event_id)
    with pytest.raises(Refused, match="ID_REUSED"):
        ana_taps("in", MONDAY, event_id=event_id, location=COMMUNITY)
    with pytest.raises(Refused, match="ID_REUSED"):
        ana_taps("in", MONDAY, world.ana_for_walter, event_id=event_id)


def test_a_second_check_in_flags_the_first_and_is_accepted(session, world, ana_taps) -> None:
    ana_taps("in", MONDAY)
    ana_taps("in", MONDAY + timedelta(hours=4))
    ana_taps("out", MONDAY + timedelta(hours=5))

    first, second = all_visits(session)
    assert (first.flag, first.is_open) == ("NO_CHECK_OUT", False)
    assert (second.flag, second.is_open) == (None, False)
    entry = day(session, world.ana_for_rosa, date(2026, 11, 23))
    assert (entry.minutes, entry.starts) == (60, 482)


def test_any_order_of_arrival_ends_in_the_same_hours(session, world, ana_taps) -> None:
    """Sixty days alike, the phone's queue delivered each day in another order, one event twice."""
    shuffled = Random(20261124)  # noqa: S311
    seen = set()
    for number in range(60):
        start = datetime(2026, 4, 6, 15, 2, tzinfo=UTC) + timedelta(days=2 * number)
        taps = [
            ("in", timedelta(hours=0), world.ana_for_rosa),
            ("out", timedelta(hours=3), world.ana_for_rosa),
            ("in", timedelta(hours=2), world.ana_for_walter),
            ("out", timedelta(hours=5), world.ana_for_walter),
            ("in", timedelta(hours=6), world.ana_for_rosa),
            ("in", timedelta(hours=7), world.ana_for_rosa),  # by mistake, and undone
            ("undo", timedelta(hours=7, minutes=1), world.ana_for_rosa),
            ("out", timedelta(hours=8), world.ana_for_rosa),
        ]
        order = shuffled.sample(taps, len(taps))
        for which, later, assignment in [*order, shuffled.choice(order)]:
            event_id, received_at = f"{number} {which} {later}", start + timedelta(hours=30)
            if which == "undo":
                visits.undo(
                    session,
                    about=f"{number} in 7:00:00",
                    submission=said(start + later, event_id=event_id),
                    by=world.ana,
                    at=received_at,
                )
            else:
                ana_taps(
                    which, start + later, assignment, received_at=received_at, event_id=event_id
                )
        shown = [
            (entry.minutes, entry.starts, entry.ends, entry.location)
            for assignment in (world.ana_for_rosa, world.ana_for_walter)
            if (entry := day(session, assignment, start.date()))
        ]
        made = [
            (str(v.began_at - start), v.checked_out_at and str(v.checked_out_at - start), v.flag)
            for v in all_visits(session)
            if v.began_at >= start and v.undone_at is None
        ]
        seen.add((str(shown), str(made)))
    assert len(seen) == 1, seen
    assert shown == [(300, 482, 962, "home"), (120, 602, 782, "home")]


def test_no_minute_is_proposed_twice_where_visits_of_two_recipients_overlap(
    session, world, ana_taps
) -> None:
    ana_taps("in", MONDAY, world.ana_for_rosa)
    ana_taps("in", MONDAY + timedelta(hours=1), world.ana_for_walter)
    ana_taps("out", MONDAY + timedelta(hours=3), world.ana_for_walter)
    assert day(session, world.ana_for_walter, date(2026, 11, 23)).minutes == 120

    ana_taps("out", MONDAY + timedelta(hours=2), world.ana_for_rosa)

    assert day(session, world.ana_for_rosa, date(2026, 11, 23)).minutes == 120
    assert day(session, world.ana_for_walter, date(2026, 11, 23)).minutes == 60
    assert {visit.flag for visit in all_visits(session)} == {"OVERLAP"}


def test_a_visit_over_midnight_lands_on_both_days(session, world, ana_taps) -> None:
    evening = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)  # 11 PM on the 23rd
    ana_taps("in", evening)
    ana_taps("out", evening + timedelta(hours=3))
    assert day(session, world.ana_for_rosa, date(2026, 11, 23)).minutes == 60
    assert day(session, world.ana_for_rosa, date(2026, 11, 24)).minutes == 120


@pytest.mark.parametrize(
    ("check_in", "minutes"),
    [
        (datetime(2026, 3, 8, 8, 0, tzinfo=UTC), 120),  # midnight to 3 AM with 2 to 3 left out
        (datetime(2026, 11, 1, 7, 0, tzinfo=UTC), 240),  # midnight to 3 AM with 1 to 2 twice
    ],
)
def test_the_nights_the_clocks_change_count_what_was_worked(
    session, world, ana_taps, check_in, minutes
) -> None:
    ana_taps("in", check_in)
    ana_taps("out", check_in + timedelta(minutes=minutes))
    on = check_in.date()
    entry = day(session, world.ana_for_rosa, on)
    assert (entry.minutes, entry.starts, entry.ends) == (minutes, 0, 180)


def test_a_visit_over_the_end_of_a_half_month_opens_both_sheets(session, world, ana_taps) -> None:
    evening = datetime(2026, 11, 16, 7, 0, tzinfo=UTC)  # 11 PM on the 15th
    ana_taps("in", evening)
    ana_taps("out", evening + timedelta(hours=2))
    sheets = session.scalars(select(Timesheet.period_starts_on)).all()
    assert sorted(sheets) == [date(2026, 11, 1), date(2026, 11, 16)]


def test_a_phone_whose_clock_is_a_year_off_is_believed_when_it_speaks_not_what_it_says(
    session, world, ana_taps
) -> None:
    ahead = ana_taps("in", MONDAY + timedelta(days=365), received_at=MONDAY)
    behind = ana_taps("out", MONDAY - timedelta(days=365), received_at=MONDAY + timedelta(hours=1))
    assert (ahead.doubt.code, behind.doubt.code) == ("CLOCK_AHEAD", "CLOCK_BEHIND")
    assert day(session, world.ana_for_rosa, date(2026, 11, 23)).minutes == 60
    raw = session.scalars(select(VisitEvent.made_at).order_by(VisitEvent.id)).all()
    assert raw == [MONDAY + timedelta(days=365), MONDAY - timedelta(days=365)]


@pytest.mark.parametrize("ids", [("a", "b"), ("b", "a")])
def test_taps_of_a_clock_that_is_ahead_arrive_together_in_the_order_they_were_made(
    session, world, ana_taps, ids
) -> None:
    came, went = MONDAY + timedelta(seconds=50), MONDAY + timedelta(seconds=55)
    ana_taps("in", came, received_at=MONDAY, event_id=ids[0])
    ana_taps("out", went, received_at=MONDAY, event_id=ids[1])

    [visit] = all_visits(session)
    assert (visit.checked_in_at, visit.checked_out_at) == (MONDAY, MONDAY)
    assert (visit.is_open, visit.flag) == (False, None)


def test_a_fix_for_home_is_kept_and_for_community_is_not(session, world, ana_taps) -> None:
    at_home = ana_taps("in", MONDAY, position=Fix(*ROSAS_HOME, 12.0))
    ana_taps(
        "out", MONDAY + timedelta(hours=1), location=COMMUNITY, position=Fix(*ROSAS_HOME, 12.0)
    )
    came, went = session.scalars(select(VisitEvent).order_by(VisitEvent.id)).all()
    assert at_home.verdict.value == "at_home"
    assert (came.position, came.verdict) == (Fix(*ROSAS_HOME, 12.0), "at_home")
    assert (went.position, went.verdict, went.distance_m) == (None,) * 3


@pytest.mark.parametrize(
    ("location", "position", "verdict", "problem"),
    [
        (HOME, Fix(*ROSAS_HOME, 12.0), "at_home", None),
        (HOME, Fix(34.2, -118.0, 12.0), "away", None),
        (HOME, Fix(*ROSAS_HOME, 50_000.0), "too_vague", None),
        (HOME, NoFix.DENIED, "no_position", "denied"),
        (HOME, NoFix.OUT_OF_RANGE, "no_position", "out_of_range"),
        (COMMUNITY, Fix(*ROSAS_HOME, 12.0), None, None),
    ],
)
def test_a_late_fix_is_an_event_of_its_own(
    session, world, ana_taps, location, position, verdict, problem
) -> None:
    tap_id = str(uuid4())
    ana_taps("in", MONDAY, event_id=tap_id, location=location)
    fix = said(MONDAY + timedelta(seconds=9), "position")
    receipts = [
        visits.take_position(
            session, about=tap_id, position=position, submission=fix, by=world.ana, at=MONDAY
        )
        for _ in range(2)
    ]
    event = session.scalars(select(VisitEvent).where(VisitEvent.kind == "position")).one()
    assert receipts[0] == receipts[1]
    assert (event.about_submission_id, event.verdict, event.position_problem) == (
        tap_id,
        verdict,
        problem,
    )
    assert (event.position is None) == (not isinstance(position, Fix) or location is COMMUNITY)


def test_one_fix_is_kept_for_a_tap_and_no_more(session, world, ana_taps) -> None:
    tap_id = str(uuid4())
    ana_taps("in", MONDAY, event_id=tap_id)
    for number in range(2):
        visits.take_position(
            session,
            about=tap_id,
            position=Fix(*ROSAS_HOME, 10.0 + number),
            submission=said(MONDAY + timedelta(minutes=number), "position"),
            by=world.ana,
            at=MONDAY + timedelta(minutes=1),
        )
    stored = session.execute(
        select(VisitEvent.position, VisitEvent.position_problem)
        .where(VisitEvent.kind == "position")
        .order_by(VisitEvent.id)
    ).all()
    assert [tuple(row) for row in stored] == [
        (Fix(*ROSAS_HOME, 10.0), None),
        (None, "kept_already"),
    ]


def test_a_fix_without_its_tap_is_not_taken(session, world, ana_taps) -> None:
    with pytest.raises(Refused, match="TAP_UNKNOWN"):
        visits.take_position(
            session,
            about=str(uuid4()),
            position=NoFix.DENIED,
            submission=said(MONDAY, "position"),
            by=world.ana,
            at=MONDAY,
        )


def test_a_check_in_can_be_undone_for_two_minutes(session, world, ana_taps) -> None:
    tap_id = str(uuid4())
    ana_taps("in", MONDAY, event_id=tap_id)
    late = MONDAY + timedelta(minutes=2, seconds=1)
    with pytest.raises(Refused, match="UNDO_TOO_LATE"):
        visits.undo(session, about=tap_id, submission=said(late, "undo"), by=world.ana, at=late)

    soon = MONDAY + timedelta(minutes=1)
    visits.undo(session, about=tap_id, submission=said(soon, "undo"), by=world.ana, at=late)

    (visit,) = all_visits(session)
    assert (visit.is_open, visit.undone_reason) == (False, "UNDONE")
    kinds = session.scalars(select(VisitEvent.kind).order_by(VisitEvent.id)).all()
    assert kinds == ["check-in", "undo"]


def test_undoing_a_second_check_in_opens_the_first_again(session, world, ana_taps) -> None:
    mistake = MONDAY + timedelta(hours=4)
    tap_id = str(uuid4())
    ana_taps("in", MONDAY)
    ana_taps("in", mistake, event_id=tap_id)
    visits.undo(session, about=tap_id, submission=said(mistake, "undo"), by=world.ana, at=mistake)
    ana_taps("out", MONDAY + timedelta(hours=5))

    first, undone = all_visits(session)
    assert (first.flag, first.checked_out_at) == (None, MONDAY + timedelta(hours=5))
    assert undone.undone_at is not None
    assert day(session, world.ana_for_rosa, date(2026, 11, 23)).minutes == 300


def test_an_undo_that_comes_before_its_check_in_waits_for_it(session, world, ana_taps) -> None:
    tap_id = str(uuid4())
    later = MONDAY + timedelta(hours=1)
    visits.undo(
        session,
        about=tap_id,
        submission=said(MONDAY + timedelta(seconds=30), "undo"),
        by=world.ana,
        at=later,
    )
    ana_taps("in", MONDAY, event_id=tap_id, received_at=later)
    ana_taps("out", later)

    undone, alone = all_visits(session)
    assert (undone.undone_reason, undone.checked_out_at) == ("UNDONE", None)
    assert alone.flag == "OUT_WITHOUT_IN"


def test_nobody_undoes_the_check_in_of_another(session, world, ana_taps) -> None:
    tap_id = str(uuid4())
    ana_taps("in", MONDAY, event_id=tap_id)
    visits.undo(session, about=tap_id, submission=said(MONDAY, "undo"), by=world.maria, at=MONDAY)
    (visit,) = all_visits(session)
    assert visit.is_open


def test_a_visit_that_was_none_leaves_the_day_empty_and_the_taps_on_record(
    session, world, ana_taps
) -> None:
    ana_taps("in", MONDAY)
    receipt = ana_taps("out", MONDAY + timedelta(hours=2))
    visit = visits.visit_of(session, world.ana, receipt.visit_id)
    visits.not_a_visit(
        session,
        visit,
        reason="I pressed it at home",
        submission=said(MONDAY, "not-a-visit"),
        by=world.ana,
        at=MONDAY + timedelta(hours=3),
    )
    entry = day(session, world.ana_for_rosa, date(2026, 11, 23))
    assert (entry.minutes, entry.starts, entry.ends) == (None, None, None)
    assert len(session.scalars(select(VisitEvent)).all()) == 3
    with pytest.raises(Refused, match="NOT_A_VISIT_ALREADY"):
        visits.not_a_visit(
            session,
            visit,
            reason="again",
            submission=said(MONDAY, "again"),
            by=world.ana,
            at=MONDAY,
        )


def test_what_lay_around_a_visit_that_was_none_pairs_anew(session, world, ana_taps) -> None:
    """In at 8, a stray in and out at 10 and 11, out at 12: the stray visit hid one of four hours."""
    hours = [MONDAY + timedelta(hours=number) for number in range(5)]
    ana_taps("in", hours[0])
    ana_taps("in", hours[2])
    stray = ana_taps("out", hours[3])
    ana_taps("out", hours[4])
    assert [visit.flag for visit in all_visits(session)] == ["NO_CHECK_OUT", None, "OUT_WITHOUT_IN"]

    visits.not_a_visit(
        session,
        visits.visit_of(session, world.ana, stray.visit_id),
        reason="Pressed twice",
        submission=said(hours[4], "not-a-visit"),
        by=world.ana,
        at=hours[4],
    )
    assert [(v.flag, v.undone_at is None) for v in all_visits(session)] == [
        (None, True),
        (None, False),
    ]
    assert day(session, world.ana_for_rosa, date(2026, 11, 23)).minutes == 240


def close(session, world, visit_id: int, ended_at: datetime, at: datetime) -> VisitReceipt:
    return visits.close_by_hand(
        session,
        visits.visit_of(session, world.ana, visit_id),
        ended_at=ended_at,
        location=HOME,
        submission=Submission(str(uuid4()), at, content_hash([str(ended_at)]), "hand"),
        by=world.ana,
        at=at,
    )


def test_a_forgotten_check_out_is_given_by_hand(session, world, ana_taps) -> None:
    now = MONDAY + timedelta(days=1)
    forgotten = ana_taps("in", MONDAY)
    for ended_at, code in (
        (MONDAY - timedelta(minutes=1), "END_BEFORE_START"),
        (now + timedelta(minutes=1), "END_IN_FUTURE"),
    ):
        with pytest.raises(Refused, match=code):
            close(session, world, forgotten.visit_id, ended_at, now)

    close(session, world, forgotten.visit_id, MONDAY + timedelta(hours=8), now)

    (visit,) = all_visits(session)
    assert (visit.is_open, visit.flag) == (False, None)
    assert day(session, world.ana_for_rosa, date(2026, 11, 23)).minutes == 480
    event = session.scalars(select(VisitEvent).where(VisitEvent.kind == "check-out")).one()
    assert (event.source, event.made_at) == ("hand", now)
    with pytest.raises(Refused, match="VISIT_CLOSED"):
        close(session, world, forgotten.visit_id, MONDAY + timedelta(hours=9), now)


def test_a_visit_left_open_by_a_later_one_is_closed_before_that(session, world, ana_taps) -> None:
    now = MONDAY + timedelta(hours=9)
    forgotten = ana_taps("in", MONDAY)
    ana_taps("in", MONDAY + timedelta(hours=4))
    with pytest.raises(Refused, match="END_AFTER_NEXT"):
        close(session, world, forgotten.visit_id, MONDAY + timedelta(hours=5), now)
    close(session, world, forgotten.visit_id, MONDAY + timedelta(hours=3), now)
    first, second = all_visits(session)
    assert (first.flag, first.checked_out_at) == (None, MONDAY + timedelta(hours=3))
    assert second.is_open


def test_live_in_pairs_do_not_check_in(session, world) -> None:
    with pytest.raises(Refused, match="LIVE_IN_NO_CHECK_IN"):
        visits.check_in(
            session,
            world.maria_for_nune,
            location=HOME,
            submission=said(MONDAY),
            by=world.maria,
            at=MONDAY,
        )


def test_a_tap_outside_the_days_of_an_assignment_is_refused_with_the_day(
    session, world, ana_taps
) -> None:
    ended = assign(
        session,
        world.ana_for_rosa.provider,
        world.ana_for_rosa.case,
        600,
        program="wpcs",
        ends_on=date(2026, 11, 22),
    )
    with pytest.raises(Refused, match="NOT_ASSIGNED_THEN"):
        ana_taps("in", MONDAY, ended)
    ana_taps("in", MONDAY - timedelta(days=1), ended, received_at=MONDAY)


def test_the_programs_of_one_recipient_are_checked_in_apart(session, world, ana_taps) -> None:
    wpcs = assign(
        session, world.ana_for_rosa.provider, world.ana_for_rosa.case, 600, program="wpcs"
    )
    ana_taps("in", MONDAY)
    ana_taps("in", MONDAY + timedelta(hours=1), wpcs)
    assert [visit.is_open for visit in all_visits(session)] == [True, True]


def test_every_act_is_on_record_and_none_says_where(session, world, ana_taps) -> None:
    tap_id = str(uuid4())
    ana_taps("in", MONDAY, event_id=tap_id, position=Fix(*ROSAS_HOME, 12.0))
    visits.take_position(
        session,
        about=tap_id,
        position=Fix(*ROSAS_HOME, 12.0),
        submission=said(MONDAY, "position"),
        by=world.ana,
        at=MONDAY,
    )
    visits.undo(session, about=tap_id, submission=said(MONDAY, "undo"), by=world.ana, at=MONDAY)
    rows = session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
    assert [row.action for row in rows] == ["visit:check-in", "visit:position", "visit:undo"]
    assert "34.06" not in str([row.facts for row in rows])
    assert audit.broken_links(session, audit.chain_of(world.ana)) == []
