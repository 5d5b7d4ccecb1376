"""What does a timesheet say on paper: which version, who signed it, and by what is it known again?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from app.domain.periods import local_day
from app.domain.permissions import Role
from app.models.accounts import Account
from app.models.people import Person
from app.models.timesheets import Timesheet, TimesheetVersion
from app.services import approvals, sheet_status, submission, timesheets


@dataclass(frozen=True, slots=True)
class PaperSheet:
    """A timesheet to be printed.

    `version` is what a provider signed, and `content` just that; without a version, `content` is
    what she would sign now. `versions` are all that the reader may ask for, the newest first.
    """

    timesheet: Timesheet
    version: TimesheetVersion | None
    content: Mapping[str, Any]
    signed_by: str | None
    approved_by: str | None
    versions: Sequence[TimesheetVersion]
    at: datetime

    @property
    def is_latest(self) -> bool:
        """Whether nothing newer was signed."""
        return self.version is None or self.version is self.versions[0]


def find(
    session: Session, timesheet_id: int, number: int | None, *, by: Account, at: datetime
) -> PaperSheet:
    """A timesheet of a provider's own, or of whom this account signs for; only reads.

    `number` asks for a version. Without it a provider gets her sheet as it stands, signed or not; a
    signer what was signed last, for she never sees what is not signed. NoResultFound for a stranger's
    sheet, an unknown one, and a version that there is not.
    """
    if by.role == Role.PROVIDER:
        timesheet = timesheets.own(session, by, timesheet_id)
        shows_draft = number is None and sheet_status.is_editable(timesheet)
    else:
        timesheet = approvals.find(session, by, timesheet_id, local_day(at)).timesheet
        shows_draft = False
    versions = sheet_status.versions_of(session, timesheet)
    if shows_draft or (number is None and not versions):
        content = submission.prepare(session, timesheet, at=at).content
        return PaperSheet(timesheet, None, content, None, None, versions, at)
    version = _version(versions, number)
    return PaperSheet(
        timesheet,
        version,
        version.content,
        _name(session, version.signed_by_id),
        _name(session, version.approved_by_id),
        versions,
        at,
    )


def _version(versions: Sequence[TimesheetVersion], number: int | None) -> TimesheetVersion:
    for version in versions:
        if number in (None, version.number):
            return version
    raise NoResultFound


def _name(session: Session, account_id: int | None) -> str | None:
    if account_id is None:
        return None
    person = session.scalars(
        select(Person).join(Account, Account.person_id == Person.id).where(Account.id == account_id)
    ).one()
    return person.full_name
