"""How is a value kept so that the database alone does not tell it?

Columns of these types hold AES-GCM text made by keys that lie outside the database (docs/adr/0014).
What must be found again stands beside it as a keyed fingerprint, which tells only whether two values
are the same. The keys are handed over once, when the application is put together.
"""

import json
from datetime import date
from typing import Any, Protocol, TypeVar

from sqlalchemy import ColumnElement, Text, TypeDecorator
from sqlalchemy.sql import operators

from app.domain.positions import Fix

Value = TypeVar("Value")
MAY_BE_ASKED = frozenset({operators.eq, operators.ne, operators.is_, operators.is_not})


class Sealer(Protocol):
    """Seals and opens with the keys of this installation (gateways.secrets.KeyRing)."""

    def seal(self, text: str, *, place: str) -> str: ...

    def open(self, sealed: str, *, place: str) -> str: ...

    def fingerprint(self, text: str, *, kind: str) -> str: ...


class Locked(RuntimeError):  # noqa: N818 - nothing is wrong with the data
    """No keys were handed over, so nothing sealed can be written or read."""


_sealer: Sealer | None = None


def unlock(sealer: Sealer) -> None:
    """Hand the keys over: said once by create_app, and again when the keys change."""
    global _sealer
    _sealer = sealer


def sealer() -> Sealer:
    """Who seals here; raises Locked before the keys were handed over."""
    if _sealer is None:
        raise Locked
    return _sealer


def fingerprint(text: str, *, kind: str) -> str:
    """What is kept beside a sealed value to find it by: `kind` says what it is, as `email`."""
    return sealer().fingerprint(text, kind=kind)


class _OnlyWhether(TypeDecorator.Comparator[Value]):
    """Lets the database say whether there is a value, and nothing else about it.

    The same value is sealed differently each time, so any other question would be answered wrongly
    and in silence.
    """

    def operate(  # type: ignore[override]  # it has an overload for a type that is never asked for
        self, op: Any, *other: Any, **options: Any
    ) -> ColumnElement[Value]:
        if op in MAY_BE_ASKED and other[0] is None:
            return super().operate(op, *other, **options)
        raise TypeError(f"{self.expr} is sealed: find it by its fingerprint, compare it in Python")


class Sealed(TypeDecorator[Value]):
    """A value that is sealed on its way in and opened on its way out.

    `place` is the table and column: what was sealed for one place does not open in another.
    """

    impl = Text
    cache_ok = True
    comparator_factory = _OnlyWhether

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def as_text(self, value: Value) -> str:
        """A value as the text that is sealed."""
        raise NotImplementedError

    def from_text(self, text: str) -> Value:
        """The value that was sealed as this text."""
        raise NotImplementedError

    def process_bind_param(self, value: Value | None, dialect: Any) -> str | None:
        return None if value is None else sealer().seal(self.as_text(value), place=self.place)

    def process_result_value(self, value: Any | None, dialect: Any) -> Value | None:
        return None if value is None else self.from_text(sealer().open(value, place=self.place))


class SealedText(Sealed[str]):
    """Text that is sealed."""

    cache_ok = True

    def as_text(self, value: str) -> str:
        return value

    def from_text(self, text: str) -> str:
        return text


class SealedDate(Sealed[date]):
    """A day that is sealed."""

    cache_ok = True

    def as_text(self, value: date) -> str:
        return value.isoformat()

    def from_text(self, text: str) -> date:
        return date.fromisoformat(text)


class SealedFix(Sealed[Fix]):
    """A position with its accuracy that is sealed."""

    cache_ok = True

    def as_text(self, value: Fix) -> str:
        return json.dumps([value.latitude, value.longitude, value.accuracy])

    def from_text(self, text: str) -> Fix:
        return Fix(*json.loads(text))


class SealedPlace(Sealed[tuple[float, float]]):
    """A latitude and longitude that are sealed."""

    cache_ok = True

    def as_text(self, value: tuple[float, float]) -> str:
        return json.dumps(value)

    def from_text(self, text: str) -> tuple[float, float]:
        latitude, longitude = json.loads(text)
        return latitude, longitude


class SealedFacts(Sealed[dict[str, Any]]):
    """Facts of a message, as in a JSON column, that are sealed."""

    cache_ok = True

    def as_text(self, value: dict[str, Any]) -> str:
        return json.dumps(value)

    def from_text(self, text: str) -> dict[str, Any]:
        facts: dict[str, Any] = json.loads(text)
        return facts
