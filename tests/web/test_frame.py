"""A provider's page, and what her phone keeps, name the key to which the phone seals where it is."""

from collections.abc import Callable

from flask.testing import FlaskClient

from app.gateways import sealed_positions
from app.models.accounts import Account
from factories import World


def test_phones_are_told_to_which_key_they_seal(
    signed_in: Callable[[Account], FlaskClient], world: World
) -> None:
    ours = sealed_positions.ours()
    ana = signed_in(world.ana)
    assert f'data-seal-to="{ours.seals_to}.{ours.public}"' in ana.get("/").text
    told = ana.get("/offline/facts").json
    assert told
    assert told["seal_to"] == {"version": ours.seals_to, "key": ours.public}


def test_who_checks_in_nowhere_is_told_of_no_key(
    signed_in: Callable[[Account], FlaskClient], world: World
) -> None:
    assert "data-seal-to" not in signed_in(world.rosa).get("/").text
