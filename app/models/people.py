"""Who gives care, who receives it, and which county stands behind them?"""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base
from app.models.sealed import SealedDate, SealedPlace, SealedText

ON_FILE = "on file"  # what few pages need, and so is neither read nor opened before it is asked for


class County(Base):
    """A California county: its desk's phone and, by date, the hourly wage it pays."""

    __tablename__ = "county"

    name: Mapped[str] = mapped_column(unique=True)
    phone: Mapped[str]
    recipients_know: Mapped[str] = mapped_column(default="ssn", server_default="ssn")  # or cin
    wage_rates: Mapped[list["WageRate"]] = relationship(
        back_populates="county", order_by="WageRate.starts_on"
    )


class WageRate(Base):
    """What a county pays for an hour from a day on, in cents, and where that is written."""

    __tablename__ = "wage_rate"
    __table_args__ = (
        UniqueConstraint("county_id", "starts_on"),
        CheckConstraint("cents > 0", name="positive"),
    )

    county_id: Mapped[int] = mapped_column(ForeignKey("county.id"))
    starts_on: Mapped[date]
    cents: Mapped[int]
    authority: Mapped[str]
    county: Mapped[County] = relationship(back_populates="wage_rates")


class Person(Base):
    """Somebody the county knows: the name on file, and how to write to her."""

    __tablename__ = "person"

    first_name: Mapped[str]
    last_name: Mapped[str]
    date_of_birth: Mapped[date | None] = mapped_column(
        "date_of_birth_sealed",
        SealedDate("person.date_of_birth"),
        key="date_of_birth",
        deferred=True,
        deferred_group=ON_FILE,
    )
    language: Mapped[str] = mapped_column(default="en")
    ssn_last4: Mapped[str | None] = mapped_column(
        SealedText("person.ssn_last4"), deferred=True, deferred_group=ON_FILE
    )
    cin_last4: Mapped[str | None] = mapped_column(
        SealedText("person.cin_last4"), deferred=True, deferred_group=ON_FILE
    )

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"


class Provider(Base):
    """A caregiver, by her nine-digit number."""

    __tablename__ = "provider"

    number: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)


class OvertimeExemption(Base):
    """A provider's approved exemption from the weekly limit, from one day to another."""

    __tablename__ = "overtime_exemption"

    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"), index=True)
    kind: Mapped[str]  # exemption-1 | exemption-2
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]


class Recipient(Base):
    """A person cared for, who is also the employer; where home is, for the place of a check-in."""

    __tablename__ = "recipient"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    county_id: Mapped[int] = mapped_column(ForeignKey("county.id"), index=True)
    address: Mapped[str] = mapped_column(
        "address_sealed",
        SealedText("recipient.address"),
        key="address",
        deferred=True,
        deferred_group=ON_FILE,
    )
    home: Mapped[tuple[float, float] | None] = mapped_column(
        "home_sealed", SealedPlace("recipient.home"), key="home", deferred=True
    )  # latitude and longitude
    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
    county: Mapped[County] = relationship()
