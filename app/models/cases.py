"""Whose care is authorized, for how many hours, and who gives it?"""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Select, UniqueConstraint, false, or_, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base
from app.models.people import Provider, Recipient


class Case(Base):
    """The county's record of a recipient, by its seven-digit number."""

    __tablename__ = "care_case"

    number: Mapped[str] = mapped_column(unique=True)
    recipient_id: Mapped[int] = mapped_column(ForeignKey("recipient.id"), unique=True)
    recipient: Mapped[Recipient] = relationship(lazy="joined", innerjoin=True)
    grants: Mapped[list["AuthorizedHours"]] = relationship(
        back_populates="case", order_by="AuthorizedHours.starts_on"
    )


class AuthorizedHours(Base):
    """The minutes a month that a recipient is granted, from a day on until the next grant.

    `wait_time` says that waiting with her at the doctor's is authorized among them.
    """

    __tablename__ = "authorized_hours"
    __table_args__ = (
        UniqueConstraint("case_id", "starts_on"),
        CheckConstraint("monthly_minutes >= 0", name="not_negative"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("care_case.id"))
    starts_on: Mapped[date]
    monthly_minutes: Mapped[int]
    wait_time: Mapped[bool] = mapped_column(default=False, server_default=false())
    case: Mapped[Case] = relationship(back_populates="grants")


class WeeklyException(Base):
    """Extra minutes that the county approved for one recipient's one workweek."""

    __tablename__ = "weekly_exception"
    __table_args__ = (UniqueConstraint("case_id", "week_of"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("care_case.id"))
    week_of: Mapped[date]  # the Sunday
    minutes: Mapped[int]


class Signatory(Base):
    """Somebody who may sign for a recipient, from one day to another (SOC 839)."""

    __tablename__ = "signatory"

    case_id: Mapped[int] = mapped_column(ForeignKey("care_case.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    case: Mapped[Case] = relationship()


class Assignment(Base):
    """This provider works for this recipient under this program, from one day to another."""

    __tablename__ = "assignment"
    __table_args__ = (
        UniqueConstraint("provider_id", "case_id", "program", "starts_on"),
        CheckConstraint("program IN ('ihss', 'wpcs')", name="program"),
    )

    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"), index=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("care_case.id"), index=True)
    program: Mapped[str] = mapped_column(default="ihss")
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    assigned_minutes: Mapped[int]  # this provider's share of the month
    live_in: Mapped[bool] = mapped_column(default=False)
    relationship_to_recipient: Mapped[str] = mapped_column(default="none")
    provider: Mapped[Provider] = relationship(lazy="joined", innerjoin=True)
    case: Mapped[Case] = relationship(lazy="joined", innerjoin=True)

    @property
    def recipient(self) -> Recipient:
        return self.case.recipient

    def active_on(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


def assignments_of(provider_id: int) -> Select[Assignment]:
    """Every assignment of a provider, past ones too, in a steady order."""
    return select(Assignment).where(Assignment.provider_id == provider_id).order_by(Assignment.id)


def side_by_side(assignments: Iterable[Assignment]) -> list[Assignment]:
    """Assignments in a steady order, those for one recipient under two programs beside each other."""
    in_order = sorted(assignments, key=lambda assignment: assignment.id)
    first: dict[int, int] = {}
    for assignment in in_order:
        first.setdefault(assignment.case_id, assignment.id)
    return sorted(in_order, key=lambda assignment: first[assignment.case_id])


def active_assignments_of(provider_id: int, day: date) -> Select[Assignment]:
    """A provider's assignments in force on a day."""
    return assignments_of(provider_id).where(
        Assignment.starts_on <= day, or_(Assignment.ends_on.is_(None), Assignment.ends_on >= day)
    )


def cases_signed_for_by(person_id: int, day: date) -> Select[Case]:
    """The cases in which a person may sign for the recipient on a day."""
    return (
        select(Case)
        .join(Signatory, Signatory.case_id == Case.id)
        .where(
            Signatory.person_id == person_id,
            Signatory.starts_on <= day,
            or_(Signatory.ends_on.is_(None), Signatory.ends_on >= day),
        )
    )
