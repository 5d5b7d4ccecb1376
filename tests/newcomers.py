"""People whom the county knows and who have no account yet: Lucía, George and his signatory Helen."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.domain.identity import Claim
from app.domain.permissions import Role
from app.models.cases import Case, Signatory
from app.models.people import County, Person, Provider, Recipient
from factories import World


@dataclass(frozen=True)
class Newcomer:
    """What somebody's letters from the county say."""

    role: Role
    number: str
    first_name: str
    last_name: str
    born_on: date
    last4: str

    @property
    def claim(self) -> Claim:
        return Claim(self.first_name, self.last_name, self.born_on, self.last4)

    def typed(self, **other: str) -> dict[str, str]:
        """As she types it into the form."""
        return {
            "number": self.number,
            "first_name": self.first_name,
            "last_name": self.last_name,
            "born_on": f"{self.born_on:%m/%d/%Y}",
            "last4": self.last4,
        } | other


LUCIA = Newcomer(Role.PROVIDER, "100000009", "Lucía", "Ramos-Vega", date(1979, 4, 23), "4417")
GEORGE = Newcomer(Role.RECIPIENT, "1000009", "George", "Baker", date(1950, 5, 31), "0926")
HELEN = Newcomer(Role.SIGNATORY, "1000009", "Helen", "Baker", date(1981, 12, 2), "7730")
GEORGES_CIN = "417B"
ANSWERS = {"FIRST_PET": "Bruno", "FIRST_JOB": "The bakery", "FIRST_STREET": "Calle Ocho"}
LONG_PASSWORD = "seven quiet lemons on a stair"


def add_newcomers(session: Session, world: World) -> None:
    """Put them on file in Los Angeles and commit."""
    session.add(Provider(number=LUCIA.number, person=_person(LUCIA)))
    george = _person(GEORGE)
    george.cin_last4 = GEORGES_CIN
    recipient = Recipient(person=george, county=world.los_angeles, address="19 Sample Avenue")
    case = Case(number=GEORGE.number, recipient=recipient)
    helen = _person(HELEN)
    session.add_all([case, helen])
    session.flush()
    session.add(Signatory(case_id=case.id, person_id=helen.id, starts_on=date(2025, 1, 1)))
    session.commit()


def goes_by_cin(county: County) -> None:
    """From now on the county's recipients register by the last four of their CIN."""
    county.recipients_know = "cin"


def _person(newcomer: Newcomer) -> Person:
    return Person(
        first_name=newcomer.first_name,
        last_name=newcomer.last_name,
        date_of_birth=newcomer.born_on,
        ssn_last4=newcomer.last4,
        language="es",
    )
