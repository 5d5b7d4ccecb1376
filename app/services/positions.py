"""What is kept of where somebody was at a tap, and what is read from it again?

Coordinates are sealed and have their day of deletion; the word on the place and the distance stay
(docs/adr/0021). They are written and read here. Nothing here commits.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, cast

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from app.domain.positions import Fix, NoFix, PlaceValue, Verdict, place_verdict
from app.domain.visits import Location
from app.models.people import Recipient
from app.models.sealed import SealedPlace
from app.models.visits import VisitEvent

Home = tuple[float, float]

EVENT = cast(Table, VisitEvent.__table__)
ALL_BUT_POSITION = tuple(column for column in EVENT.c if column is not EVENT.c.position)
"""An event without its coordinates: no seal is opened that nobody asked for."""

HAD_ONE = (
    EVENT.c.position.is_not(None) | EVENT.c.position_deleted_at.is_not(None)
).label("had_position")  # fmt: skip

_HOME = cast(SealedPlace, Recipient.__table__.c.home.type)


REMEMBERED = "position"  # that there was one, and no more


def open_home(sealed: str | None) -> Home | None:
    """A recipient's home as it was read without opening it."""
    return _HOME.process_result_value(sealed, None)


def columns_of(
    home: Callable[[], Home | None], location: str | None, position: Fix | NoFix | None, on: date
) -> dict[str, Any]:
    """The columns that say where: coordinates only with Home, and only when the phone gave them."""
    if position is None or location != Location.HOME:
        return {}
    if isinstance(position, NoFix):
        found = place_verdict(None, position, on)
        kept: dict[str, Any] = {"position_problem": position.value}
    else:
        found = place_verdict(home(), position, on)
        kept = {"position": position}
    return {"verdict": found.value, "distance_m": found.distance_m} | kept


def remembered(columns: Mapping[str, Any]) -> list[str]:
    """What tells a repeat from an id used twice: never a coordinate, for hashes of those are guessed.

    Nor how far it was from home, for a county may set that right before the phone sends it once more.
    """
    if columns.get("position") is not None:
        return [REMEMBERED]
    return [str(value) for value in columns.values()]


def verdict_of(columns: Mapping[str, Any]) -> Verdict | None:
    """The word on the place that stored columns hold; None where nobody asked the phone."""
    value = columns.get("verdict")
    if value is None:
        return None
    position = columns.get("position")
    return Verdict(
        PlaceValue(value),
        columns.get("distance_m"),
        None if position is None else round(position.accuracy),
    )


def verdict_of_row(session: Session, event: Any) -> Verdict | None:
    """The same for an event that was read without its position; asks for that where it matters."""
    if event.verdict is None:
        return None
    position = session.execute(select(EVENT.c.position).where(EVENT.c.id == event.id)).scalar()
    columns = {"verdict": event.verdict, "distance_m": event.distance_m, "position": position}
    return verdict_of(columns)
