"""What a position says, and that no position is ever an error."""

import math
from datetime import date

import pytest

from app.domain.positions import Fix, NoFix, PlaceValue, check_fix, place_verdict

ROSAS_HOME = (34.0622, -118.3090)
DAY = date(2026, 3, 16)
METRES_A_DEGREE = 111_195


def fix_north_of_home(metres: float, accuracy: float) -> Fix:
    return Fix(ROSAS_HOME[0] + metres / METRES_A_DEGREE, ROSAS_HOME[1], accuracy)


@pytest.mark.parametrize(
    ("metres", "accuracy", "value"),
    [
        (0, 5, PlaceValue.AT_HOME),
        (149, 0, PlaceValue.AT_HOME),
        (151, 0, PlaceValue.AWAY),
        (249, 100, PlaceValue.AT_HOME),
        (251, 100, PlaceValue.AWAY),
        (649, 500, PlaceValue.AT_HOME),
        (0, 500.1, PlaceValue.TOO_VAGUE),
        (20_000, 50_000, PlaceValue.TOO_VAGUE),
        (5_000, 30, PlaceValue.AWAY),
    ],
)
def test_distance_and_accuracy_yield_the_verdict(
    metres: float, accuracy: float, value: PlaceValue
) -> None:
    verdict = place_verdict(ROSAS_HOME, fix_north_of_home(metres, accuracy), DAY)

    assert verdict.value is value
    assert verdict.distance_m == pytest.approx(metres, abs=2)
    assert verdict.accuracy_m == round(accuracy)


@pytest.mark.parametrize("fix", [None, NoFix.DENIED, NoFix.OUT_OF_RANGE])
def test_without_a_position_there_is_none_to_judge(fix: NoFix | None) -> None:
    assert place_verdict(ROSAS_HOME, fix, DAY).value is PlaceValue.NO_POSITION


def test_without_a_known_home_nothing_is_said_of_the_place() -> None:
    assert place_verdict(None, fix_north_of_home(0, 5), DAY).value is PlaceValue.NO_POSITION


@pytest.mark.parametrize(
    ("latitude", "longitude", "accuracy", "found"),
    [
        (None, "-118.3", "10", NoFix.MISSING),
        ("", "", "", NoFix.MISSING),
        ("34", "-118", None, NoFix.MISSING),
        (math.nan, -118, 10, NoFix.NOT_A_NUMBER),
        ("north", "-118", "10", NoFix.NOT_A_NUMBER),
        ([34], -118, 10, NoFix.NOT_A_NUMBER),
        (True, -118, 10, NoFix.NOT_A_NUMBER),
        (10**400, -118, 10, NoFix.NOT_A_NUMBER),
        ("90.01", "-118", "10", NoFix.OUT_OF_RANGE),
        ("34", "-180.01", "10", NoFix.OUT_OF_RANGE),
        ("34", "-118", "-1", NoFix.OUT_OF_RANGE),
        ("34", "-118", "inf", NoFix.OUT_OF_RANGE),
        ("34", "-118", "50000", Fix(34, -118, 50000)),
        (90, 180, 0, Fix(90, 180, 0)),
    ],
)
def test_what_is_no_position_is_called_what_it_is(
    latitude: object, longitude: object, accuracy: object, found: Fix | NoFix
) -> None:
    assert check_fix(latitude, longitude, accuracy) == found
