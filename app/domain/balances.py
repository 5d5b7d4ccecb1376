"""What a timesheet's workweeks and month hold: claimed, carried in, left, and over.

`SubmissionFacts` holds all that the rules look at, whether it comes from the database or from a
scenario; nothing here looks anything up.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from app.domain import overtime, parameters, weekly_maximum
from app.domain.periods import Month, PayPeriod, Workweek, local_day
from app.domain.weekly_maximum import IHSS, WPCS, AssignmentDates, Exemption, Grant, Key


@dataclass(frozen=True, slots=True)
class DayHours:
    """Minutes on one day; ValueError when negative."""

    on: date
    minutes: int

    def __post_init__(self) -> None:
        if self.minutes < 0:
            raise ValueError(f"{self.minutes} minutes on {self.on} cannot be worked.")


@dataclass(frozen=True, slots=True)
class WorkedElsewhere:
    """Minutes on one day that this provider has claimed in another timesheet."""

    recipient: Key
    on: date
    minutes: int
    program: str = IHSS


@dataclass(frozen=True, slots=True)
class SubmissionFacts:
    """One timesheet and everything around it that the rules look at. Durations are minutes.

    "Claimed" is what stands in the latest version of a timesheet that is submitted, on hold,
    approved or paid; drafts, rejected and cancelled ones do not count (decision 4).
    """

    submitted_at: datetime
    """The aware instant of submission, or now while hours are typed."""
    period: PayPeriod
    recipient: Key
    """Whose timesheet it is; the same key as in `assignments` and `worked`."""
    entries: Sequence[DayHours]
    """The hours of this timesheet, by day; days without hours may be left out."""
    grants: Sequence[Grant]
    """The recipient's authorized hours, dated, at least around the period and its month."""
    assignments: Sequence[AssignmentDates]
    """All assignments of this provider, this recipient's included, also ended ones."""
    assigned_minutes: int | None = None
    """This provider's share of the recipient's month; None: all of it."""
    others_claimed: Sequence[DayHours] = ()
    """What other providers have claimed for this recipient and program in the period's month, by day."""
    worked: Sequence[WorkedElsewhere] = ()
    """What this provider has claimed in other timesheets, any recipient: the month, and whole weeks."""
    extras: Mapping[Workweek, int] = field(default_factory=dict)
    """Approved weekly exceptions of this recipient: minutes more in a week."""
    exemption: Exemption = Exemption.NONE
    open_visit: bool = False
    """Whether the provider is still checked in at this recipient's within the period."""
    stands: Mapping[date, int] | None = None
    """Where a signed timesheet is amended: the minutes by day that stand approved until then."""
    adds_only: bool = False
    """Whether it may only add days to what stands (a supplement)."""
    is_flagged: bool = False
    """Whether the county looks at all that this provider claims for this recipient now."""
    was_voided: bool = False
    """Whether the county voided what was signed on this timesheet before."""
    program: str = IHSS
    """Which program's hours these are: a month's balances are its own, a week holds both (ACL 17-76)."""

    @property
    def today(self) -> date:
        """The local day of submission."""
        return local_day(self.submitted_at)

    @property
    def own_assignments(self) -> tuple[AssignmentDates, ...]:
        """The assignments that this timesheet can be for: this recipient's, under its program."""
        return tuple(
            dates
            for dates in self.assignments
            if (dates.recipient, dates.program) == (self.recipient, self.program)
        )

    @property
    def total(self) -> int:
        """Minutes of the whole timesheet."""
        return sum(entry.minutes for entry in self.entries)

    @property
    def worked_entries(self) -> tuple[DayHours, ...]:
        """The days with hours, in order."""
        return tuple(sorted((e for e in self.entries if e.minutes), key=lambda entry: entry.on))

    @property
    def weeks_with_hours(self) -> tuple[Workweek, ...]:
        """The workweeks in which this timesheet has hours, in order."""
        return tuple(dict.fromkeys(Workweek.of(entry.on) for entry in self.worked_entries))


@dataclass(frozen=True, slots=True)
class WeekBar:
    """The figures of a workweek for one recipient, and those of all recipients together. Minutes.

    `maximum` is the recipient's weekly maximum and `extra` its approved exception; `worked` the
    hours of this timesheet; `already` what this provider has claimed for this recipient in the week
    in other timesheets, `carried_in` the part of that in another pay period. The provider's figures
    count all recipients; `provider_limit` is None with one recipient.
    """

    week: Workweek
    maximum: int
    extra: int
    worked: int
    already: int
    carried_in: int
    provider_limit: int | None
    provider_already: int
    provider_carried_in: int

    @property
    def limit(self) -> int:
        """What the week may hold for this recipient."""
        return self.maximum + self.extra

    @property
    def total(self) -> int:
        """Minutes of the week for this recipient, this timesheet included."""
        return self.already + self.worked

    @property
    def left(self) -> int:
        """Minutes left below the limit."""
        return max(0, self.limit - self.total)

    @property
    def over(self) -> int:
        """Minutes over the limit."""
        return max(0, self.total - self.limit)

    @property
    def provider_total(self) -> int:
        """Minutes of the week for all recipients, this timesheet included."""
        return self.provider_already + self.worked

    @property
    def split(self) -> overtime.Split:
        """The week, all recipients together, as regular and overtime."""
        return overtime.split(self.provider_total, self.week)


def week_bar(facts: SubmissionFacts, week: Workweek) -> WeekBar:
    """The figures of one workweek, as the timesheet page shows them and the rules judge them."""
    everyone = [worked for worked in facts.worked if worked.on in week]
    own = [worked for worked in everyone if worked.recipient == facts.recipient]
    inside = facts.period if week in facts.period.workweeks else None
    wpcs = (
        dates
        for dates in facts.assignments
        if (dates.recipient, dates.program) == (facts.recipient, WPCS)
    )
    return WeekBar(
        week=week,
        maximum=weekly_maximum.with_wpcs(facts.grants, wpcs, week, inside),
        extra=facts.extras.get(week, 0),
        worked=_minutes(entry for entry in facts.entries if entry.on in week),
        already=_minutes(own),
        carried_in=_minutes(worked for worked in own if worked.on not in facts.period),
        provider_limit=weekly_maximum.provider_limit(facts.assignments, facts.exemption, week),
        provider_already=_minutes(everyone),
        provider_carried_in=_minutes(w for w in everyone if w.on not in facts.period),
    )


@dataclass(frozen=True, slots=True)
class Balance:
    """Minutes of a month that may be claimed, and those claimed outside this timesheet."""

    limit: int
    claimed: int

    @property
    def left(self) -> int:
        """Minutes that this timesheet may still claim; never below nought."""
        return max(0, self.limit - self.claimed)


@dataclass(frozen=True, slots=True)
class MonthBalances:
    """The balances of a month; each is separate (ACL 17-76).

    `recipient`: her authorized hours, claimed by all her providers. `assigned`: this provider's
    share of them. `exemption`: an exempt provider's hours for everyone; None without an exemption.
    """

    recipient: Balance
    assigned: Balance
    exemption: Balance | None

    @property
    def claimable(self) -> int:
        """What the whole timesheet can claim: the least that is left."""
        balances = (self.recipient, self.assigned, self.exemption)
        return min(balance.left for balance in balances if balance)


def month_balances(facts: SubmissionFacts) -> MonthBalances:
    """The balances of the period's month, this timesheet's own hours not yet taken off.

    The month's grant is the largest in force on a day of the period, so that a change in the middle
    of it takes no hours that were authorized when they were worked. A grant or an assignment for a
    part of the month is for that part of its hours, by days, rounded down to the minute. A grant is of
    IHSS hours; of another program's, only this provider's share is on file, and it takes nothing
    from them.
    """
    month = facts.period.month
    everyone = [worked for worked in facts.worked if worked.on in month]
    own = _minutes(
        worked
        for worked in everyone
        if (worked.recipient, worked.program) == (facts.recipient, facts.program)
    )
    others = _minutes(claim for claim in facts.others_claimed if claim.on in month)
    authorized = _prorated(month_granted(facts), facts.grants, month)
    share = authorized
    if facts.assigned_minutes is not None:
        share = _prorated(facts.assigned_minutes, facts.own_assignments, month)
    if facts.program != IHSS:
        authorized, others = share, 0
    exemption = None
    if facts.exemption is not Exemption.NONE:
        limit = parameters.value("month.limit_exemption", facts.period.starts_on)
        exemption = Balance(limit, _minutes(everyone))
    return MonthBalances(
        recipient=Balance(authorized, own + others),
        assigned=Balance(share, own),
        exemption=exemption,
    )


def month_granted(facts: SubmissionFacts) -> int:
    """A whole month's hours: the largest grant in force on a day of the period."""
    days = facts.period.days
    in_force = (grant for grant in facts.grants if any(grant.covers(day) for day in days))
    return max((grant.minutes for grant in in_force), default=0)


def _prorated(minutes: int, dated: Sequence[Grant | AssignmentDates], month: Month) -> int:
    """The part of a month's minutes that its days in force are of all its days.

    Where none is, all of it: then the days themselves are refused, and once is enough.
    """
    covered = sum(any(each.covers(day) for each in dated) for day in month.days)
    return minutes * (covered or len(month.days)) // len(month.days)


@dataclass(frozen=True, slots=True)
class DayClaim:
    """One day's hours divided into what can be claimed and what was worked without authorization."""

    on: date
    claimed: int
    not_authorized: int


def within_authorization(facts: SubmissionFacts) -> tuple[DayClaim, ...]:
    """The timesheet as it could be claimed, the last days cut first as the county does.

    Hours truly worked beyond the authorization are never talked away: they stay on record beside
    what is claimed (decision 4).
    """
    left = month_balances(facts).claimable
    claims = []
    for entry in facts.worked_entries:
        claimed = min(entry.minutes, left)
        left -= claimed
        claims.append(DayClaim(entry.on, claimed, entry.minutes - claimed))
    return tuple(claims)


def _minutes(hours: Iterable[DayHours | WorkedElsewhere]) -> int:
    return sum(worked.minutes for worked in hours)
