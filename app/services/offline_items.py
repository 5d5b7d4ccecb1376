"""What does an item from a phone say? Read strictly, so that nothing odd goes further than here.

Unknown names beside the known ones are let pass: an item may have waited on a phone since an earlier
release, or come from a later one.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from app.domain.hours import parse_clock
from app.domain.outcomes import Refused
from app.domain.positions import Fix, NoFix, check_fix
from app.domain.visits import Location, Place
from app.gateways import sealed_positions
from app.gateways.secrets import Unreadable
from app.services.day_log import DayValues

UNKNOWN = "unknown"
MOST = 2**31 - 1  # what a key of ours can be
LONGEST_SEALED = 128  # characters
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_as_signed = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode
_CLOCK = re.compile(r"[0-9]{2}:[0-9]{2}")


@dataclass(frozen=True, slots=True)
class TapItem:
    """A check-in or a check-out."""

    is_check_in: bool
    assignment: int
    location: Location


@dataclass(frozen=True, slots=True)
class SealedFix:
    """A position as the phone sealed it for a tap, to the key of a version."""

    event: str
    sealed: str
    version: int

    def open(self) -> Fix | NoFix:
        """The position; what no key of ours opens is none."""
        try:
            where = sealed_positions.ours().open(self.sealed, self.event, self.version)
        except Unreadable:
            return NoFix.UNREADABLE
        return check_fix(*where)


@dataclass(frozen=True, slots=True)
class PositionItem:
    """Where the phone was at a tap, or why it cannot say."""

    event: str
    told: Fix | NoFix | SealedFix

    @property
    def position(self) -> Fix | NoFix:
        """What was told, opened where it is sealed: for those only whose items are taken."""
        return self.told.open() if isinstance(self.told, SealedFix) else self.told


@dataclass(frozen=True, slots=True)
class UndoItem:
    """A check-in taken back."""

    event: str


@dataclass(frozen=True, slots=True)
class DayItem:
    """One day of a timesheet as it was typed, and the revision from which the typing began."""

    timesheet: int
    on: date
    base: int
    values: DayValues


@dataclass(frozen=True, slots=True)
class Proof:
    """An event's place in its device's chain and in time, as the phone says; None where it left it out.

    Left out is what the item before it in the list tells: that item's hash, and the same anchor.
    """

    number: int
    previous: str | None
    anchor: str | None
    since: int | None  # seconds since the anchor was heard, by a clock that nobody can set


@dataclass(frozen=True, slots=True)
class Item:
    """One item: who made it, when by her phone's clock, what it says, and who vouches for it."""

    id: str
    kind: str
    account: int
    made_at: datetime
    what: TapItem | PositionItem | UndoItem | DayItem
    content: tuple[object, ...]  # what makes two items the same; coordinates apart
    said: tuple[object, ...]  # what a phone signs, with the proof behind it
    device: int | None
    signature: str | None
    proof: Proof | None = None

    @property
    def signed_text(self) -> str:
        """The text that a phone signs, written as JSON.stringify writes it."""
        if (proof := self.proof) is None:
            return _as_signed(self.said)
        return _as_signed([*self.said, [proof.number, proof.previous, proof.anchor, proof.since]])


def id_of(raw: object) -> str | None:
    """The id to answer under, as it was sent; None where there is nothing fit to repeat."""
    found = raw.get("id") if isinstance(raw, dict) else None
    return found if isinstance(found, str) and len(found) <= 64 else None


@dataclass(frozen=True, slots=True)
class Remains:
    """What can be told of an item that makes no sense; `kind` is UNKNOWN where it is none of ours."""

    id: str
    kind: str
    account: int
    made_at: datetime | None
    content: tuple[object, ...]


def remains_of(raw: object) -> Remains | None:
    """What to keep an unreadable item by; None for a day, and where it does not say id and account."""
    if not isinstance(raw, dict) or raw.get("kind") == "entry":
        return None
    kind = raw.get("kind")
    try:
        told = Remains(
            id=_uuid(raw, "id"),
            kind=kind if isinstance(kind, str) and kind in _READERS else UNKNOWN,
            account=_number(raw, "account", least=1),
            made_at=None,
            content=(_as_signed(raw),),
        )
    except (Refused, RecursionError):
        return None
    try:
        return replace(told, made_at=_instant(raw.get("made_at")))
    except Refused:
        return told


def read(raw: object) -> Item:
    """An item of the offline protocol; Refused ITEM_NOT_UNDERSTOOD (`part`) for anything else."""
    try:
        return _read(raw)
    except RecursionError:  # lists in lists in lists
        raise _not_understood("item") from None


def _read(raw: object) -> Item:
    if not isinstance(raw, dict):
        raise _not_understood("item")
    kind, data = raw.get("kind"), raw.get("data")
    if not isinstance(kind, str) or kind not in _READERS:
        raise _not_understood("kind")
    if not isinstance(data, dict):
        raise _not_understood("data")
    made_at, signature = raw.get("made_at"), raw.get("signature")
    what = _READERS[kind](data)
    device = raw.get("device")
    return Item(
        id=_uuid(raw, "id"),
        kind=kind,
        account=_number(raw, "account", least=1),
        made_at=_instant(made_at),
        what=what,
        content=(kind, raw["account"], made_at, _said(what, data)),
        said=(raw["id"], kind, raw["account"], made_at, data),
        device=device if _is_number(device) else None,
        signature=signature if isinstance(signature, str) and len(signature) <= 128 else None,
        proof=_proof(raw.get("proof")),
    )


def _proof(said: object) -> Proof | None:
    """A proof that makes no sense is none: it takes nothing from what the item says."""
    if not isinstance(said, dict) or not _is_number(said.get("number"), least=1):
        return None
    previous, anchor, since = said.get("previous"), said.get("anchor"), said.get("since")
    return Proof(
        number=said["number"],
        previous=previous if isinstance(previous, str) and len(previous) <= 64 else None,
        anchor=anchor if isinstance(anchor, str) and len(anchor) <= 64 else None,
        since=since if _is_number(since) else None,
    )


def _check_in(data: Mapping[str, Any]) -> TapItem:
    return TapItem(True, _number(data, "assignment", least=1), _location(data))


def _check_out(data: Mapping[str, Any]) -> TapItem:
    return TapItem(False, _number(data, "assignment", least=1), _location(data))


def _position(data: Mapping[str, Any]) -> PositionItem:
    """A position is never refused for what it says: what is no position is kept as that."""
    event = _uuid(data, "event")
    reason = data.get("unavailable")
    if reason is not None:
        known = isinstance(reason, str) and reason in set(NoFix)
        return PositionItem(event, NoFix(reason) if known else NoFix.UNAVAILABLE)
    if data.get("sealed") is not None:
        return PositionItem(event, _sealed(event, data["sealed"], data.get("key")))
    return PositionItem(
        event, check_fix(data.get("latitude"), data.get("longitude"), data.get("accuracy"))
    )


def _sealed(event: str, sealed: object, version: object) -> SealedFix | NoFix:
    is_text = isinstance(sealed, str) and len(sealed) <= LONGEST_SEALED
    if not is_text or not isinstance(version, int):
        return NoFix.UNREADABLE
    return SealedFix(event, str(sealed), version)


def _undo(data: Mapping[str, Any]) -> UndoItem:
    return UndoItem(_uuid(data, "event"))


def _entry(data: Mapping[str, Any]) -> DayItem:
    location = data.get("location")
    if location is not None and (not isinstance(location, str) or location not in set(Place)):
        raise _not_understood("location")
    minutes = data.get("minutes")
    return DayItem(
        timesheet=_number(data, "timesheet", least=1),
        on=_day(data.get("on")),
        base=_number(data, "base"),
        values=DayValues(
            minutes=None if minutes is None else _number(data, "minutes"),
            starts=_clock(data, "starts"),
            ends=_clock(data, "ends"),
            location=location,
        ),
    )


_READERS: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {
    "check-in": _check_in,
    "check-out": _check_out,
    "position": _position,
    "undo": _undo,
    "entry": _entry,
}


def _said(what: object, data: Mapping[str, Any]) -> object:
    """The data as it is remembered: of a position not where, for that may not even be kept."""
    return what.event if isinstance(what, PositionItem) else data


def _not_understood(part: str) -> Refused:
    return Refused("ITEM_NOT_UNDERSTOOD", part=part)


def _is_number(value: object, least: int = 0) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= MOST


def _number(data: Mapping[str, Any], name: str, least: int = 0) -> int:
    value = data.get(name)
    if not _is_number(value, least):
        raise _not_understood(name)
    return int(value)  # type: ignore[arg-type]


def _uuid(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name)
    if not isinstance(value, str) or not _UUID.fullmatch(value):
        raise _not_understood(name)
    return value


def _instant(value: object) -> datetime:
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        raise _not_understood("made_at")
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        raise _not_understood("made_at") from None


def _day(value: object) -> date:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise _not_understood("on")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise _not_understood("on") from None


def _clock(data: Mapping[str, Any], name: str) -> int | None:
    value = data.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or not _CLOCK.fullmatch(value):
        raise _not_understood(name)
    return parse_clock(value)


def _location(data: Mapping[str, Any]) -> Location:
    value = data.get("location")
    if not isinstance(value, str) or value not in set(Location):
        raise _not_understood("location")
    return Location(value)
