"""A position that a phone sealed is read when its item is taken, and is never a reason to refuse it."""

from typing import Any

import pytest
from flask import Flask

from app.domain.positions import Fix, NoFix
from app.gateways import sealed_positions
from app.services import offline_items
from app.services.offline_items import PositionItem

TAP = "7d1f0c52-4a88-4b6f-9d0a-3f5a5c1b2e01"
OTHER = "7d1f0c52-4a88-4b6f-9d0a-3f5a5c1b2e02"


def read(**data: Any) -> PositionItem:
    item = {
        "id": "6a3d1d5e-52d1-4b9e-8a1e-0c6d2f0b9a11",
        "kind": "position",
        "account": 1,
        "made_at": "2026-11-24T16:02:00.000Z",
        "data": {"event": TAP, **data},
    }
    what = offline_items.read(item).what
    assert isinstance(what, PositionItem)
    return what


def sealed(event: str = TAP, where: tuple[float, float, float] = (34.0622, -118.309, 12)) -> str:
    return sealed_positions.seal(where, event, sealed_positions.ours().public)


def test_a_sealed_position_is_the_position(app: Flask) -> None:
    what = read(sealed=sealed(), key=sealed_positions.ours().seals_to)
    assert what.position == Fix(34.0622, -118.309, 12.0)
    assert what.event == TAP


def test_what_is_sealed_is_opened_only_when_it_is_asked_for(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Anybody may send anything: a curve is reckoned with only for those whose items are taken."""
    monkeypatch.setattr(sealed_positions, "ours", lambda: pytest.fail("it was opened"))
    read(sealed="A" * 82, key=1)


@pytest.mark.parametrize("key", [99, None, "1", [], True, 10**400, -1])
def test_a_key_that_nobody_has_leaves_a_tap_without_a_position(app: Flask, key: object) -> None:
    told = sealed() if key is not True else sealed(OTHER)
    assert read(sealed=told, key=key).position is NoFix.UNREADABLE


@pytest.mark.parametrize("told", ["", "A" * 82, "A" * 100_000, 7, [], {}, "\N{SNOWMAN}", "\ud800"])
def test_what_is_no_sealed_position_leaves_a_tap_without_one(app: Flask, told: object) -> None:
    assert read(sealed=told, key=1).position is NoFix.UNREADABLE


def test_another_taps_position_is_none_for_this_one(app: Flask) -> None:
    key = sealed_positions.ours().seals_to
    assert read(sealed=sealed(OTHER), key=key).position is NoFix.UNREADABLE


def test_degrees_that_are_none_are_told_as_that(app: Flask) -> None:
    key = sealed_positions.ours().seals_to
    assert read(sealed=sealed(where=(91, 0, 5)), key=key).position is NoFix.OUT_OF_RANGE
