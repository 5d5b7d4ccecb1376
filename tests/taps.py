"""A provider's taps as the tests make them: through the services, one after another."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.visits import Location
from app.models.accounts import Account
from app.models.cases import Assignment
from app.models.timesheets import TimeEntry, Timesheet
from app.models.visits import Visit
from app.services import visits
from app.services.receipts import FROM_PHONE, Submission, content_hash
from app.services.visit_events import VisitReceipt

HOME, COMMUNITY = Location.HOME, Location.COMMUNITY


@dataclass(frozen=True)
class Taps:
    """Somebody at the door: each tap commits, and answers with its receipt."""

    session: Session
    account: Account

    def check_in(
        self, assignment: Assignment, at: datetime, location: Location = HOME
    ) -> VisitReceipt:
        said = _said("check-in", assignment, at, location)
        return visits.check_in(
            self.session, assignment, location=location, submission=said, by=self.account, at=at
        )

    def check_out(
        self, assignment: Assignment, at: datetime, location: Location = HOME
    ) -> VisitReceipt:
        said = _said("check-out", assignment, at, location)
        return visits.check_out(
            self.session, assignment, location=location, submission=said, by=self.account, at=at
        )

    def withdraw(self, receipt: VisitReceipt, at: datetime) -> None:
        """Say that a visit was none."""
        visit = self.session.get_one(Visit, receipt.visit_id)
        said = Submission(str(uuid4()), at, content_hash([visit.id]))
        visits.not_a_visit(
            self.session, visit, reason="By mistake", submission=said, by=self.account, at=at
        )

    def row(self, assignment: Assignment, on: date) -> tuple[object, ...] | None:
        """Minutes, start, end and place of one day of an assignment's sheet."""
        entry = self.session.scalars(
            select(TimeEntry)
            .join(Timesheet)
            .where(Timesheet.assignment_id == assignment.id, TimeEntry.on == on)
            .execution_options(populate_existing=True)
        ).first()
        return entry and (entry.minutes, entry.starts, entry.ends, entry.location)

    def flags(self) -> list[str | None]:
        """What is odd about each visit, by when it began."""
        return list(self.session.scalars(select(Visit.flag).order_by(Visit.began_at, Visit.id)))


def _said(kind: str, assignment: Assignment, at: datetime, location: Location) -> Submission:
    what = content_hash([kind, assignment.id, at.isoformat(), location])
    return Submission(str(uuid4()), at, what, FROM_PHONE)
