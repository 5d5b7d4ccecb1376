"""Requests to a county: only its own desk sees them, once closed they stay closed."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from app.domain.outcomes import Refused
from app.domain.permissions import Role
from app.gateways.secrets import Secrets
from app.models.accounts import Account
from app.models.people import County
from app.models.registrations import HelpRequest
from app.services import audit, help_requests
from app.services.help_requests import Asked
from factories import World

SECRETS = Secrets("a key of thirty-two characters...")
NOON = datetime(2026, 11, 24, 20, tzinfo=UTC)
HOME = "203.0.113.7"


def ask(
    session: Session, county: County, name: str = "Lucía Ramos", at: datetime = NOON
) -> HelpRequest:
    asked = Asked(name, "100000009", "213 555 0142")
    return help_requests.ask(
        session, county, Role.PROVIDER, asked, address=HOME, secrets=SECRETS, at=at
    )


def names(session: Session, worker: Account) -> list[str]:
    return [each.name for each in help_requests.waiting(session, worker, limit=10)]


def test_a_county_sees_its_own_requests_the_oldest_first(session: Session, world: World) -> None:
    ask(session, world.los_angeles, "Second", NOON + timedelta(minutes=1))
    ask(session, world.los_angeles, "First")
    ask(session, world.fresno, "Elsewhere")

    assert names(session, world.casey) == ["First", "Second"]


def test_another_countys_request_does_not_exist(session: Session, world: World) -> None:
    elsewhere = ask(session, world.fresno)

    with pytest.raises(NoResultFound):
        help_requests.one(session, world.casey, elsewhere.id)


def test_closing_says_what_came_of_it_and_who_did_it(session: Session, world: World) -> None:
    request = ask(session, world.los_angeles)

    help_requests.close(
        session, request, outcome=" Name corrected  on file ", by=world.casey, at=NOON
    )

    assert (request.outcome, request.done_by) == ("Name corrected on file", world.casey.id)
    assert names(session, world.casey) == []
    assert help_requests.answered(session, world.casey, limit=10) == [request]
    assert audit.broken_links(session, audit.chain_of(world.casey)) == []


@pytest.mark.parametrize(
    ("outcome", "code"), [("  ", "OUTCOME_MISSING"), ("x" * 1001, "OUTCOME_TOO_LONG")]
)
def test_an_outcome_is_a_few_words(session: Session, world: World, outcome: str, code: str) -> None:
    request = ask(session, world.los_angeles)

    with pytest.raises(Refused) as refused:
        help_requests.close(session, request, outcome=outcome, by=world.casey, at=NOON)
    assert refused.value.code == code


def test_what_is_closed_stays_as_it_was_closed(session: Session, world: World) -> None:
    request = ask(session, world.los_angeles)
    help_requests.close(session, request, outcome="Done", by=world.casey, at=NOON)

    with pytest.raises(Refused) as refused:
        help_requests.close(session, request, outcome="Again", by=world.casey, at=NOON)
    assert refused.value.code == "HELP_DONE"
    assert request.outcome == "Done"


def test_a_desk_is_not_flooded(session: Session, world: World) -> None:
    for _ in range(5):
        ask(session, world.los_angeles)

    with pytest.raises(Refused) as refused:
        ask(session, world.los_angeles)
    assert refused.value.code == "TOO_MANY_TRIES"
