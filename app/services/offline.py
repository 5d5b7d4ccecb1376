"""What came from a phone that was out of reach: each item once, in its order, with its own answer.

Only a receipt lets a phone forget an item, so every item gets an answer that says what became of it,
however odd the item is. A signature by an enrolled device stands in for a session: it lets somebody
record what she did at the door, and read nothing (architecture.md 1.3).
"""

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import cast

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from sqlalchemy import bindparam, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from app.domain.hours import as_hhmm
from app.domain.outcomes import Refused
from app.domain.permissions import Permission, Role, may
from app.domain.positions import Verdict
from app.models.accounts import Account
from app.models.devices import TrustedDevice
from app.models.prepared import Prepared
from app.services import doors, sessions, timesheets, visits
from app.services.commits import SharedCommit, give_up
from app.services.doors import Door
from app.services.offline_items import (
    DayItem,
    Item,
    PositionItem,
    TapItem,
    UndoItem,
    id_of,
    read,
)
from app.services.receipts import FROM_PHONE, Submission, content_hash
from app.services.sessions import Bearer
from app.services.timesheets import ChangeResult, DayChange
from app.services.visit_events import ProposedHours, VisitReceipt

MOST_AT_ONCE = 500
SIGNATURE_LENGTH = 64  # r and s of P-256, 32 bytes each (IEEE P1363, as WebCrypto writes it)


_KEY = Prepared(
    select(TrustedDevice.public_key).where(
        TrustedDevice.device_id == bindparam("device"),
        TrustedDevice.account_id == bindparam("account"),
        TrustedDevice.revoked_at.is_(None),
    )
)


class Result(StrEnum):
    """What became of an item; a phone keeps all but the first."""

    RECEIVED = "received"
    CONFLICT = "conflict"
    REFUSED = "refused"
    KEEP = "keep"  # not now: send it again later


class SignInNeeded(Exception):  # noqa: N818 - it is an answer, not an error of the program
    """Nobody is signed in, and not every item is signed by an enrolled device."""


@dataclass(frozen=True, slots=True)
class ItemResult:
    """The answer to one item: `code` and `facts` make a sentence, `told` goes to the phone as it is."""

    id: str | None
    result: Result
    receipt: str | None = None
    code: str | None = None
    facts: Mapping[str, object] = field(default_factory=dict)
    told: Mapping[str, object] = field(default_factory=dict)
    theirs: Mapping[str, object] | None = None
    verdict: Verdict | None = None


def accept(
    items: Sequence[object],
    *,
    token: str | None,
    at: datetime,
    session: Callable[[], Session],
    shared: SharedCommit | None = None,
) -> list[ItemResult]:
    """An answer for each item, in order; what is received is committed before it is answered.

    Raises SignInNeeded, before anything is kept, without a live session (`token`) and a signature on
    every item. With `shared`, taps and what belongs to them are committed together with those of
    others who wait; days of a timesheet go by themselves, for their verbs commit.
    """
    parsed = [_Parsed.of(item) for item in items]

    def act(session: Session) -> list[ItemResult]:
        return _answer_all(session, parsed, token, at)

    if shared is None or any(each.is_of_a_sheet for each in parsed):
        return act(session())
    return shared.do(session, act)


def _answer_all(
    session: Session, parsed: Sequence["_Parsed"], token: str | None, at: datetime
) -> list[ItemResult]:
    bearer = sessions.bearer(session, token, at=at) if token else None
    desk = _Desk(session, bearer, at)
    if bearer is None and not (parsed and all(desk.is_signed(each) for each in parsed)):
        raise SignInNeeded
    results = [desk.answer(each) for each in parsed]
    if bearer is not None:
        sessions.see_bearer(session, bearer, at=at)
    return results


@dataclass(frozen=True, slots=True)
class _Parsed:
    """An item as far as it could be read, or why it could not."""

    id: str | None
    item: Item | None
    refused: Refused | None = None

    @property
    def is_of_a_sheet(self) -> bool:
        return self.item is not None and isinstance(self.item.what, DayItem)

    @classmethod
    def of(cls, raw: object) -> "_Parsed":
        try:
            return cls(id_of(raw), read(raw))
        except Refused as refused:
            return cls(id_of(raw), None, refused)


class _Desk:
    """Takes items one after another, remembering what it looked up for the one before."""

    def __init__(self, session: Session, bearer: Bearer | None, at: datetime) -> None:
        self.session = session
        self.bearer = bearer
        self.at = at
        self._keys: dict[tuple[int, int], str | None] = {}
        if bearer is not None and bearer.device_id is not None:
            self._keys[bearer.device_id, bearer.id] = bearer.public_key
        self._doors: dict[tuple[int, int], Door] = {}
        self._accounts: dict[int, Account] = {}

    def answer(self, parsed: _Parsed) -> ItemResult:
        try:
            if parsed.item is None:
                raise parsed.refused or Refused("ITEM_NOT_UNDERSTOOD")
            return self._take(parsed.item, self._who(parsed.item), self.is_signed(parsed))
        except Refused as refused:
            give_up(self.session)
            return ItemResult(parsed.id, Result.REFUSED, code=refused.code, facts=refused.facts)

    def is_signed(self, parsed: _Parsed) -> bool:
        """Whether the account's key on an enrolled device vouches for the item."""
        item = parsed.item
        if item is None or item.device is None or item.signature is None:
            return False
        key = self._key_of(item.device, item.account)
        return key is not None and _is_signature(key, item.signature, item.signed_text)

    def _take(self, item: Item, by: Account | Bearer, signed: bool) -> ItemResult:
        submission = Submission(
            id=item.id,
            made_at=item.made_at,
            content_hash=content_hash(item.content),
            source=FROM_PHONE,
            device_id=item.device if signed else self._device_of_the_session(),
            signed=signed,
        )
        match item.what:
            case TapItem() as tap:
                return self._tap(tap, item, submission, by)
            case PositionItem() as fix:
                receipt = visits.take_position(
                    self.session, about=fix.event, position=fix.position,
                    submission=submission, by=by, at=self.at,
                )  # fmt: skip
                return self._received(item.id, receipt)
            case UndoItem() as undo:
                receipt = visits.undo(
                    self.session, about=undo.event, submission=submission, by=by, at=self.at
                )
                return self._received(item.id, receipt)
            case DayItem() as day:
                return self._day(day, item, submission, by)

    def _tap(
        self, tap: TapItem, item: Item, submission: Submission, by: Account | Bearer
    ) -> ItemResult:
        door = self._door(by, tap.assignment)
        verb = visits.check_in if tap.is_check_in else visits.check_out
        receipt = verb(
            self.session,
            door,
            location=tap.location,
            submission=submission,
            by=by,
            at=self.at,
        )
        code = None if tap.is_check_in else checked_out_code(receipt.hours)
        return self._received(item.id, receipt, code, door.recipient)

    def _received(
        self,
        item_id: str,
        receipt: VisitReceipt,
        code: str | None = None,
        recipient: str | None = None,
    ) -> ItemResult:
        if self.bearer is None:  # a signature grants no reading
            return ItemResult(item_id, Result.RECEIVED, receipt.receipt)
        if receipt.doubt and not code:
            code = receipt.doubt.code
        return ItemResult(
            item_id,
            Result.RECEIVED,
            receipt.receipt,
            code,
            facts=facts_of(receipt, recipient),
            told=_for_the_phone(receipt),
            verdict=receipt.verdict,
        )

    def _day(
        self, day: DayItem, item: Item, submission: Submission, by: Account | Bearer
    ) -> ItemResult:
        if self.bearer is None:
            return ItemResult(item.id, Result.KEEP, code="SIGN_IN_FIRST")
        owner = self._account(by.id)
        try:
            sheet = timesheets.own(self.session, owner, day.timesheet)
        except NoResultFound:
            raise Refused("TIMESHEET_UNKNOWN") from None
        change = timesheets.change_day(
            self.session, sheet, day.on, day.values,
            base=day.base, by=owner, at=self.at, submission=submission,
        )  # fmt: skip
        if change.result is ChangeResult.CONFLICT:
            return ItemResult(item.id, Result.CONFLICT, theirs=_day_for_the_phone(change))
        return ItemResult(
            item.id, Result.RECEIVED, change.receipt, told={"revision": change.revision}
        )

    def _who(self, item: Item) -> Account | Bearer:
        """The account that made the item: that of the session, or the one that signed."""
        if self.bearer is not None and item.account != self.bearer.id:
            raise Refused("OTHER_ACCOUNT")
        by = self.bearer or self._account(item.account)
        if not may(Role(by.role), Permission.RECORD_VISIT):
            raise Refused("OTHER_ACCOUNT")
        return by

    def _device_of_the_session(self) -> int | None:
        return None if self.bearer is None else self.bearer.device_id

    def _account(self, account_id: int) -> Account:
        if account_id not in self._accounts:
            self._accounts[account_id] = self.session.get_one(Account, account_id)
        return self._accounts[account_id]

    def _door(self, by: Account | Bearer, assignment_id: int) -> Door:
        known = (by.id, assignment_id)
        if known not in self._doors:
            try:
                self._doors[known] = doors.find(self.session, by, assignment_id)
            except NoResultFound:
                raise Refused("ASSIGNMENT_UNKNOWN") from None
        return self._doors[known]

    def _key_of(self, device_id: int, account_id: int) -> str | None:
        known = (device_id, account_id)
        if known not in self._keys:
            found = _KEY.first(self.session, device=device_id, account=account_id)
            self._keys[known] = None if found is None else found.public_key
        return self._keys[known]


def checked_out_code(hours: ProposedHours | None) -> str:
    """What to say after a check-out: the hours on the sheet, or beside it, or that there are none."""
    if hours is None or not hours.minutes:
        return "CHECKED_OUT_NO_HOURS"
    return "CHECKED_OUT" if hours.is_taken else "CHECKED_OUT_BESIDE"


def facts_of(receipt: VisitReceipt, recipient: str | None) -> dict[str, object]:
    """The facts that a sentence about a receipt may need; `recipient` is her first name."""
    facts: dict[str, object] = {"counted_at": receipt.counts_at.isoformat()}
    if recipient is not None:
        facts["recipient"] = recipient
    if receipt.hours is not None:
        facts["today_minutes"] = receipt.hours.minutes or 0
    return facts


def _for_the_phone(receipt: VisitReceipt) -> dict[str, object]:
    told: dict[str, object] = {}
    if receipt.visit_id is not None:
        told["visit_id"] = receipt.visit_id
    if receipt.hours is not None:
        told["minutes"] = receipt.hours.minutes
        told["timesheet_id"] = receipt.hours.timesheet_id
    if receipt.verdict is not None:
        told["place"] = receipt.verdict.value
    return told


def _day_for_the_phone(change: DayChange) -> dict[str, object]:
    """The day as the portal has it, written as the phone writes days."""
    now = change.now
    return {
        "minutes": now.minutes,
        "starts": None if now.starts is None else as_hhmm(now.starts),
        "ends": None if now.ends is None else as_hhmm(now.ends),
        "location": now.location,
        "revision": change.revision,
    }


def _is_signature(pem: str, signature: str, text: str) -> bool:
    try:
        raw = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
        if len(raw) != SIGNATURE_LENGTH:
            return False
        half = SIGNATURE_LENGTH // 2
        numbers = int.from_bytes(raw[:half]), int.from_bytes(raw[half:])
        _public_key(pem).verify(encode_dss_signature(*numbers), text.encode(), ECDSA(SHA256()))
    except (InvalidSignature, binascii.Error, ValueError):  # UnicodeEncodeError is a ValueError
        return False
    return True


@lru_cache(maxsize=4096)
def _public_key(pem: str) -> EllipticCurvePublicKey:
    """A device's key, read once: reading costs as much as verifying."""
    return cast(EllipticCurvePublicKey, load_pem_public_key(pem.encode()))
