"""What must the rules know about a sheet, read from the database in few statements?

Four statements for a provider's sheets, however many they are and however much she has worked: her
assignments, her recipients' grants, the claims that touch the same weeks and months, her open visits.
The offline page gets the same figures as plain values, so that a phone only adds and compares.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, literal, or_, select, union_all
from sqlalchemy.orm import Session, selectinload

from app.domain.balances import (
    DayHours,
    SubmissionFacts,
    WorkedElsewhere,
)
from app.domain.corrections import Amends
from app.domain.hours import as_hhmm
from app.domain.periods import (
    ONE_DAY,
    Month,
    PayPeriod,
    Workweek,
    local_day,
    midnight_after,
)
from app.domain.timesheets import EDITABLE
from app.domain.weekly_maximum import AssignmentDates, Exemption, Grant
from app.gateways import sealed_positions
from app.models.accounts import Account
from app.models.cases import (
    Assignment,
    AuthorizedHours,
    WeeklyException,
    assignments_of,
    side_by_side,
)
from app.models.pair_flags import PairFlag
from app.models.people import OvertimeExemption, Provider
from app.models.timesheets import STATUS_OF_THESE, TimeEntry, Timesheet, timesheets_of
from app.models.visits import Visit, open_visits_of
from app.services import sheet_outlook


def facts_of(session: Session, timesheet: Timesheet, *, at: datetime) -> SubmissionFacts:
    """All that the rules look at for one sheet, as of an instant."""
    return facts_of_all(session, [timesheet], at=at)[timesheet.id]


def facts_of_all(
    session: Session, sheets: Sequence[Timesheet], *, at: datetime
) -> dict[int, SubmissionFacts]:
    """The same for several sheets of one provider, by their ids."""
    if not sheets:
        return {}
    provider_id = sheets[0].assignment.provider_id
    span = _Span.around(sheets)
    case_ids = {sheet.assignment.case_id for sheet in sheets}
    claims = _claims(session, provider_id, case_ids, span)
    surroundings = _Surroundings(
        provider_id=provider_id,
        at=at,
        assignments=_assignments(session, provider_id),
        terms=_terms(session, case_ids, provider_id, local_day(at)),
        claims=claims,
        open_visits=list(session.scalars(open_visits_of(provider_id))),
    )
    return {sheet.id: surroundings.facts_of(sheet) for sheet in sheets}


def open_visit_of(session: Session, timesheet: Timesheet) -> Visit | None:
    """The visit in which the provider is still checked in at this sheet's recipient's, if any."""
    open_visits = session.scalars(open_visits_of(timesheet.assignment.provider_id))
    return next((v for v in open_visits if v.assignment_id == timesheet.assignment_id), None)


def offline_facts(session: Session, account: Account, *, at: datetime) -> dict[str, Any]:
    """What a provider's phone keeps to work without a network: her cards and her open sheets."""
    provider = session.scalars(
        select(Provider).where(Provider.person_id == account.person_id)
    ).one()
    sheets = list(
        session.scalars(
            timesheets_of(provider.id)
            .where(STATUS_OF_THESE.in_(EDITABLE))
            .options(selectinload(Timesheet.entries))
        )
    )
    today = local_day(at)
    assignments = side_by_side(session.scalars(assignments_of(provider.id)))
    checked_in = {
        visit.assignment_id: visit.checked_in_at
        for visit in session.scalars(open_visits_of(provider.id))
    }
    facts = facts_of_all(session, sheets, at=at)
    ahead = sheet_outlook.phone_facts(session, sheets, facts)
    ours = sealed_positions.ours()
    return {
        "account": {"id": account.id, "name": account.person.first_name},
        "now": at.isoformat(),
        "today": today.isoformat(),
        "cards": [
            _card(each, checked_in.get(each.id)) for each in assignments if each.active_on(today)
        ],
        "sheets": [_sheet_for_phone(sheet, facts[sheet.id]) | ahead[sheet.id] for sheet in sheets],
        "seal_to": {"version": ours.seals_to, "key": ours.public},
    }


def _sheet_for_phone(sheet: Timesheet, facts: SubmissionFacts) -> dict[str, Any]:
    """One sheet's days as JavaScript has them: minutes as whole numbers, days in ISO form."""
    entries = {entry.on: entry for entry in sheet.entries}
    return {
        "id": sheet.id,
        "assignment": sheet.assignment_id,
        "recipient": sheet.assignment.recipient.person.full_name,
        "period": {
            "starts_on": facts.period.starts_on.isoformat(),
            "ends_on": facts.period.ends_on.isoformat(),
        },
        "status": sheet.status,
        "days": [_day(on, entries.get(on), _is_open(sheet, on)) for on in facts.period.days],
    }


def is_locked(sheet: Timesheet, on: date) -> bool:
    """Whether a day stays as it is, because a supplement only adds days to those that are approved."""
    return sheet.amends == Amends.SUPPLEMENT and on in standing_minutes(sheet)


def standing_minutes(sheet: Timesheet) -> dict[date, int]:
    """What an amended sheet claims until its new version is signed, by day; empty for all others."""
    if sheet.amends is None or sheet.status not in EDITABLE:
        return {}
    return {entry.on: entry.claimed_minutes for entry in sheet.entries if entry.claimed_minutes}


class _Claim(NamedTuple):
    """Minutes of one day that a sheet claims: submitted, held, approved or paid."""

    on: date
    minutes: int
    timesheet_id: int
    case_id: int
    provider_id: int
    program: str


@dataclass(frozen=True, slots=True)
class _Span:
    """The days whose claims matter: whole months, and whole weeks at both their ends."""

    first: date
    last: date

    @classmethod
    def around(cls, sheets: Iterable[Timesheet]) -> "_Span":
        periods = [PayPeriod.starting(sheet.period_starts_on) for sheet in sheets]
        first = min(period.month.starts_on for period in periods)
        # Monthly overtime is judged by the months in which the weeks end, so one month may follow.
        last = Month.of(max(period.workweeks[-1].ends_on for period in periods)).ends_on
        return cls(Workweek.of(first).starts_on, Workweek.of(last).ends_on)


@dataclass(frozen=True, slots=True)
class _Assignments:
    """A provider's assignments and, where she has one, her exemption from the weekly limit."""

    dates: tuple[AssignmentDates, ...]
    exemptions: tuple[tuple[Exemption, date, date | None], ...]

    def exemption_in(self, period: PayPeriod) -> Exemption:
        for kind, starts_on, ends_on in self.exemptions:
            if starts_on <= period.ends_on and (ends_on is None or period.starts_on <= ends_on):
                return kind
        return Exemption.NONE


@dataclass(frozen=True, slots=True)
class _Terms:
    """What the county granted in each case, hours a month and more in single weeks; and whom it flagged."""

    grants: Mapping[int, tuple[Grant, ...]]
    extras: Mapping[int, Mapping[Workweek, int]]
    flagged: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Surroundings:
    """Everything around a provider's sheets, out of which each gets what concerns it."""

    provider_id: int
    at: datetime
    assignments: _Assignments
    terms: _Terms
    claims: Sequence[_Claim]
    open_visits: Sequence[Visit]

    def facts_of(self, sheet: Timesheet) -> SubmissionFacts:
        period = PayPeriod.starting(sheet.period_starts_on)
        case_id = sheet.assignment.case_id
        elsewhere = [claim for claim in self.claims if claim.timesheet_id != sheet.id]
        return SubmissionFacts(
            submitted_at=self.at,
            period=period,
            recipient=case_id,
            entries=tuple(
                DayHours(entry.on, entry.minutes) for entry in sheet.entries if entry.minutes
            ),
            grants=self.terms.grants.get(case_id, ()),
            assignments=self.assignments.dates,
            assigned_minutes=sheet.assignment.assigned_minutes,
            others_claimed=tuple(
                DayHours(claim.on, claim.minutes)
                for claim in elsewhere
                if (claim.case_id, claim.program) == (case_id, sheet.assignment.program)
                and claim.provider_id != self.provider_id
            ),
            worked=tuple(
                WorkedElsewhere(claim.case_id, claim.on, claim.minutes, claim.program)
                for claim in elsewhere
                if claim.provider_id == self.provider_id
            ),
            extras=self.terms.extras.get(case_id, {}),
            exemption=self.assignments.exemption_in(period),
            open_visit=self._is_checked_in(sheet, period),
            program=sheet.assignment.program,
            stands=standing_minutes(sheet) or None,
            adds_only=sheet.amends == Amends.SUPPLEMENT,
            is_flagged=case_id in self.terms.flagged,
            was_voided=sheet.voided_at is not None,
        )

    def _is_checked_in(self, sheet: Timesheet, period: PayPeriod) -> bool:
        over_at = midnight_after(period.ends_on)
        return any(
            visit.assignment_id == sheet.assignment_id
            and visit.checked_in_at is not None
            and visit.checked_in_at < over_at
            for visit in self.open_visits
        )


def _assignments(session: Session, provider_id: int) -> _Assignments:
    rows = session.execute(
        select(
            Assignment.id,
            Assignment.case_id,
            Assignment.starts_on,
            Assignment.ends_on,
            Assignment.program,
            Assignment.assigned_minutes,
            OvertimeExemption.kind,
            OvertimeExemption.starts_on.label("exempt_from"),
            OvertimeExemption.ends_on.label("exempt_until"),
        )
        .outerjoin(OvertimeExemption, OvertimeExemption.provider_id == Assignment.provider_id)
        .where(Assignment.provider_id == provider_id)
    ).all()
    dates = {
        row.id: AssignmentDates(
            row.case_id, row.starts_on, row.ends_on, row.program, row.assigned_minutes
        )
        for row in rows
    }
    exemptions = {
        (Exemption(row.kind), row.exempt_from, row.exempt_until) for row in rows if row.kind
    }
    return _Assignments(
        tuple(dates.values()), tuple(sorted(exemptions, key=lambda each: each[1], reverse=True))
    )


def _terms(session: Session, case_ids: Iterable[int], provider_id: int, today: date) -> _Terms:
    cases = list(case_ids)
    grants = select(
        literal("grant").label("kind"),
        AuthorizedHours.case_id,
        AuthorizedHours.starts_on.label("on"),
        AuthorizedHours.monthly_minutes.label("minutes"),
    ).where(AuthorizedHours.case_id.in_(cases))
    extras = select(
        literal("extra"), WeeklyException.case_id, WeeklyException.week_of, WeeklyException.minutes
    ).where(WeeklyException.case_id.in_(cases))
    flags = select(literal("flag"), PairFlag.case_id, PairFlag.starts_on, literal(0)).where(
        PairFlag.case_id.in_(cases),
        PairFlag.provider_id == provider_id,
        PairFlag.lifted_at.is_(None),
        PairFlag.starts_on <= today,
        PairFlag.ends_on >= today,
    )
    flagged: set[int] = set()
    starts: dict[int, list[tuple[date, int]]] = defaultdict(list)
    more: dict[int, dict[Workweek, int]] = defaultdict(dict)
    for kind, case_id, on, minutes in session.execute(union_all(grants, extras, flags)):
        if kind == "grant":
            starts[case_id].append((on, minutes))
        elif kind == "flag":
            flagged.add(case_id)
        else:
            more[case_id][Workweek.of(on)] = minutes
    granted = {case_id: _grants(sorted(rows)) for case_id, rows in starts.items()}
    return _Terms(granted, more, frozenset(flagged))


def _grants(starts: list[tuple[date, int]]) -> tuple[Grant, ...]:
    """Each grant holds until the day before the next."""
    ends = [starts_on - ONE_DAY for starts_on, _minutes in starts[1:]]
    return tuple(
        Grant(minutes, starts_on, ends_on)
        for (starts_on, minutes), ends_on in zip(starts, [*ends, None], strict=True)
    )


def _claims(
    session: Session, provider_id: int, case_ids: Iterable[int], span: _Span
) -> list[_Claim]:
    """What stands claimed around these sheets: by this provider, or by others for her recipients."""
    own_or_shared = or_(
        Assignment.provider_id == provider_id, Assignment.case_id.in_(list(case_ids))
    )
    rows = session.execute(
        select(
            TimeEntry.on,
            TimeEntry.claimed_minutes,
            Timesheet.id,
            Assignment.case_id,
            Assignment.provider_id,
            Assignment.program,
        )
        .select_from(Assignment)
        .join(
            Timesheet,
            and_(
                Timesheet.assignment_id == Assignment.id,
                Timesheet.period_starts_on >= PayPeriod.of(span.first).starts_on,
                Timesheet.period_starts_on <= span.last,
            ),
        )
        .join(TimeEntry, TimeEntry.timesheet_id == Timesheet.id)
        .where(
            own_or_shared,
            TimeEntry.on.between(span.first, span.last),
            TimeEntry.claimed_minutes > 0,
        )
    )
    return [
        _Claim(on, minutes or 0, timesheet_id, case_id, worker_id, program)
        for on, minutes, timesheet_id, case_id, worker_id, program in rows
    ]


def _card(assignment: Assignment, checked_in_at: datetime | None) -> dict[str, Any]:
    return {
        "assignment": assignment.id,
        "recipient": assignment.recipient.person.full_name,
        "program": assignment.program,
        "checked_in_at": None if checked_in_at is None else checked_in_at.isoformat(),
        "default_location": "home",
        "live_in": assignment.live_in,
    }


def _day(on: date, entry: TimeEntry | None, editable: bool) -> dict[str, Any]:
    entry = entry or TimeEntry(on=on, revision=0, by_hand=False)
    return {
        "on": on.isoformat(),
        "minutes": entry.minutes,
        "starts": None if entry.starts is None else as_hhmm(entry.starts),
        "ends": None if entry.ends is None else as_hhmm(entry.ends),
        "location": entry.location,
        "proposed": entry.proposed_minutes,
        "by_hand": entry.by_hand,
        "revision": entry.revision,
        "editable": editable,
    }


def _is_open(sheet: Timesheet, on: date) -> bool:
    return sheet.status in EDITABLE and not is_locked(sheet, on)
