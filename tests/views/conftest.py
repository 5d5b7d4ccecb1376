"""What several pages' tests begin with."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.models.accounts import Account
from factories import World
from phone_stage import DAY, NOW, Stage
from phones import Phone


@pytest.fixture
def stage(
    app: Flask,
    session: Session,
    world: World,
    client: FlaskClient,
    signed_in: Callable[[Account], FlaskClient],
) -> Iterator[Stage]:
    """Ana with a phone that is known for a month, at ten in the morning."""
    with time_machine.travel(NOW, tick=False) as clock:
        phone = Phone(session, world.ana, NOW - 30 * DAY)
        yield Stage(session, world, app, clock, client, signed_in(world.ana), phone)
