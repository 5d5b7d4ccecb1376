"""How is a value kept so that the database alone does not tell it?

Columns of these types hold AES-GCM text made by keys that lie outside the database (docs/security.md).
What must be found again stands beside it as a keyed fingerprint, which tells only whether two values
are the same. The keys are handed over once, when the application is put together.
"""

from datetime import date
from typing import Any, Protocol

from sqlalchemy import Text, TypeDecorator


class Sealer(Protocol):
    """Seals and opens with the keys of this installation (gateways.secrets)."""

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


class SealedText(TypeDecorator[str]):
    """Text that is sealed on its way in and opened on its way out.

    `place` is the table and column: what was sealed for one place does not open in another.
    """

    impl = Text
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        return None if value is None else sealer().seal(value, place=self.place)

    def process_result_value(self, value: str | None, dialect: Any) -> str | None:
        return None if value is None else sealer().open(value, place=self.place)


class SealedDate(TypeDecorator[date]):
    """A day that is sealed the same way."""

    impl = Text
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def process_bind_param(self, value: date | None, dialect: Any) -> str | None:
        return None if value is None else sealer().seal(value.isoformat(), place=self.place)

    def process_result_value(self, value: str | None, dialect: Any) -> date | None:
        return None if value is None else date.fromisoformat(sealer().open(value, place=self.place))
