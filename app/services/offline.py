"""What came from a phone that was out of reach: each item once, in its order, with its own answer.

Only a receipt lets a phone forget an item, so every item gets an answer that says what became of it,
however odd the item is. A signature by an enrolled device stands in for a session: it lets somebody
record what she did at the door, and read nothing (architecture.md 1.3).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from app.domain.outcomes import Refused
from app.domain.permissions import Permission, Role, may
from app.domain.visits import EventKind
from app.models.accounts import Account
from app.services import doors, fixes, refusals, sessions, taps, timesheets, visits
from app.services.commits import SharedCommit, give_up, kept
from app.services.doors import Door
from app.services.fixes import NewFix
from app.services.item_results import (
    ItemResult,
    Result,
    checked_out_code,
    day_for_the_phone,
    facts_of,
    visit_for_the_phone,
)
from app.services.offline_items import (
    DayItem,
    Item,
    PositionItem,
    Remains,
    TapItem,
    UndoItem,
    id_of,
    read,
    remains_of,
)
from app.services.receipts import FROM_PHONE, Submission, content_hash
from app.services.refusals import Turned
from app.services.sessions import Bearer
from app.services.taps import NewTap
from app.services.timesheets import ChangeResult
from app.services.visit_events import VisitReceipt
from app.services.vouching import Keys, ReadAnchor, Vouched, vouch

What = TypeVar("What", TapItem, PositionItem)

MOST_AT_ONCE = 500
OTHER_ACCOUNT = "OTHER_ACCOUNT"
OF_VISITS = (TapItem, PositionItem, UndoItem)  # a day that was refused stands on the sheet still


class SignInNeeded(Exception):  # noqa: N818 - it is an answer, not an error of the program
    """Nobody is signed in, and not every item is signed by an enrolled device."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A list as one phone sent it, by whose session, and when it reached us."""

    items: "Sequence[Parsed]"
    token: str | None
    at: datetime
    read_anchor: ReadAnchor

    @property
    def goes_alone(self) -> bool:
        """Days of a timesheet go by themselves, for their verbs commit."""
        return any(each.item and isinstance(each.item.what, DayItem) for each in self.items)


@dataclass(frozen=True, slots=True)
class Parsed:
    """An item as far as it could be read, or why it could not."""

    id: str | None
    item: Item | None
    refused: Refused | None = None
    remains: Remains | None = None

    @classmethod
    def of(cls, raw: object) -> "Parsed":
        try:
            return cls(id_of(raw), read(raw))
        except Refused as refused:
            return cls(id_of(raw), None, refused, remains_of(raw))


def accept(
    items: Sequence[object],
    *,
    token: str | None,
    at: datetime,
    session: Callable[[], Session],
    read_anchor: ReadAnchor = lambda _text: None,
    shared: SharedCommit[Sent, list[ItemResult]] | None = None,
) -> list[ItemResult]:
    """An answer for each item, in order; what is received is committed before it is answered.

    Raises SignInNeeded, before anything is kept, without a live session (`token`) and a signature on
    every item. With `shared`, taps and what belongs to them are done and committed together with those
    of others who wait.
    """
    sent = Sent([Parsed.of(item) for item in items], token, at, read_anchor)
    if shared is not None and not sent.goes_alone:
        return shared.do(session, sent)
    [answers] = answer_all(session(), [sent])
    if isinstance(answers, SignInNeeded):
        raise answers
    return answers


def answer_all(session: Session, together: Sequence[Sent]) -> list[list[ItemResult] | SignInNeeded]:
    """The answers to each list, or SignInNeeded; the taps of all of them are done at once."""
    at = together[-1].at
    tokens = {sent.token for sent in together if sent.token}
    bearers = sessions.bearers(session, tokens, at=at)
    keys = Keys(session, bearers.values())
    desks = [_Desk(session, sent, bearers.get(sent.token or ""), keys) for sent in together]
    open_desks = [desk for desk in desks if desk.may_answer]
    _take_taps(session, open_desks)
    _take_fixes(session, open_desks)
    for desk in open_desks:
        desk.take_the_rest()
        if desk.bearer is not None:
            sessions.see_bearer(session, desk.bearer, at=desk.sent.at)
    if turned := [each for desk in open_desks for each in desk.turned]:
        kept(session, lambda: refusals.keep_all(session, turned))
    return [desk.answers() if desk.may_answer else SignInNeeded() for desk in desks]


def _take_taps(session: Session, desks: "Sequence[_Desk]") -> None:
    """Let every desk hand in its taps, and give it what became of them."""
    handed_in = [handed for desk in desks for handed in desk.hand_in(TapItem)]
    found = doors.find_all(session, map(_door_of, handed_in))
    new: list[tuple[_HandedIn[TapItem], NewTap]] = []
    for handed in handed_in:
        if (door := found.get(_door_of(handed))) is not None:
            new.append((handed, handed.desk.new_tap(handed, door)))
        else:
            handed.desk.refuse(handed.index, Refused("ASSIGNMENT_UNKNOWN"))
    if not new:
        return
    outcomes = kept(session, lambda: taps.record(session, [tap for _, tap in new]))
    for (handed, tap), outcome in zip(new, outcomes, strict=True):
        handed.desk.take_outcome(handed, outcome, tap.door)


def _take_fixes(session: Session, desks: "Sequence[_Desk]") -> None:
    """The same for positions, whose taps are there by now."""
    handed_in = [handed for desk in desks for handed in desk.hand_in(PositionItem)]
    if not handed_in:
        return
    new = [handed.desk.new_fix(handed) for handed in handed_in]
    outcomes = kept(session, lambda: fixes.record(session, new))
    for handed, outcome in zip(handed_in, outcomes, strict=True):
        handed.desk.take_outcome(handed, outcome)


@dataclass(frozen=True, slots=True)
class _HandedIn(Generic[What]):
    """An item on its way to others of its kind: from which desk and place in its list, and who made it."""

    desk: "_Desk"
    index: int
    item: Item
    what: What
    by: Account | Bearer


def _door_of(handed: _HandedIn[TapItem]) -> tuple[int, int]:
    """The person and the assignment that a tap's door is found by."""
    return handed.by.person_id, handed.what.assignment


class _Desk:
    """Answers one list: who may hand in what, what became of it, and what must be kept of a refusal."""

    def __init__(self, session: Session, sent: Sent, bearer: Bearer | None, keys: Keys) -> None:
        self.session = session
        self.sent = sent
        self.bearer = bearer
        self._vouched = vouch([each.item for each in sent.items], keys.of, sent.read_anchor)
        self._answers: list[ItemResult | None] = [None] * len(sent.items)
        self._accounts: dict[int, Account] = {}
        self.turned: list[Turned] = []  # what is refused and must be kept for the county

    @property
    def may_answer(self) -> bool:
        """Whether somebody is signed in, or a device vouches for all that was sent."""
        all_signed = bool(self._vouched) and all(each.signed for each in self._vouched)
        return self.bearer is not None or all_signed

    def answers(self) -> list[ItemResult]:
        """An answer for each item, in order."""
        return [answer for answer in self._answers if answer is not None]

    def hand_in(self, kind: type[What]) -> list[_HandedIn[What]]:
        """The items of a kind that may be handed in, each by whoever made it."""
        found = []
        for index, parsed in enumerate(self.sent.items):
            item = parsed.item
            if item is None or not isinstance(item.what, kind):
                continue
            try:
                found.append(_HandedIn(self, index, item, item.what, self._who(item)))
            except Refused as refused:
                self.refuse(index, refused)
        return found

    def new_tap(self, handed: _HandedIn[TapItem], door: Door) -> NewTap:
        kind = EventKind.CHECK_IN if handed.what.is_check_in else EventKind.CHECK_OUT
        submission = self._submission(handed.index, handed.item)
        return NewTap(kind, door, handed.what.location, submission, handed.by, self.sent.at)

    def new_fix(self, handed: _HandedIn[PositionItem]) -> NewFix:
        submission, fix = self._submission(handed.index, handed.item), handed.what
        return NewFix(fix.event, fix.position, submission, handed.by, self.sent.at)

    def take_outcome(
        self, handed: _HandedIn[Any], outcome: VisitReceipt | Refused, door: Door | None = None
    ) -> None:
        """Answer what became of an item that was handed in."""
        if isinstance(outcome, Refused):
            self.refuse(handed.index, outcome)
            return
        is_out = outcome.kind == EventKind.CHECK_OUT
        code = checked_out_code(outcome.hours) if is_out else None
        recipient = door.recipient if door else None
        self._answers[handed.index] = self._received(handed.item.id, outcome, code, recipient)

    def take_the_rest(self) -> None:
        """What is neither tap nor position, one after another in its order."""
        for index, parsed in enumerate(self.sent.items):
            if self._answers[index] is not None:
                continue
            try:
                if parsed.item is None:
                    raise parsed.refused or Refused("ITEM_NOT_UNDERSTOOD")
                self._answers[index] = self._take(index, parsed.item, self._who(parsed.item))
            except Refused as refused:
                give_up(self.session)
                self.refuse(index, refused)

    def refuse(self, index: int, refused: Refused) -> None:
        """Answer why not; the item is kept for the county where it is known whose it is."""
        parsed = self.sent.items[index]
        self._answers[index] = ItemResult(
            parsed.id, Result.REFUSED, code=refused.code, facts=refused.facts
        )
        if parsed.item is None:
            self.turned += self._remains(parsed.remains, refused)
        elif refused.code != OTHER_ACCOUNT and isinstance(parsed.item.what, OF_VISITS):
            self.turned.append(self._turned(index, parsed.item, refused))

    def _remains(self, remains: Remains | None, refused: Refused) -> list[Turned]:
        """An item of hers that makes no sense, for the county to see that something was sent."""
        if remains is None or self.bearer is None or remains.account != self.bearer.id:
            return []
        turned = Turned(
            id=remains.id,
            content_hash=content_hash(remains.content),
            kind=remains.kind,
            account=remains.account,
            assignment=None,
            made_at=remains.made_at or self.sent.at,
            received_at=self.sent.at,
            why=refused,
            signed=False,
            device=self.bearer.device_id,
            link=None,
        )
        return [turned]

    def _turned(self, index: int, item: Item, refused: Refused) -> Turned:
        vouched = self._vouched[index]
        return Turned(
            id=item.id,
            content_hash=content_hash(item.content),
            kind=item.kind,
            account=item.account,
            assignment=item.what.assignment if isinstance(item.what, TapItem) else None,
            made_at=item.made_at,
            received_at=self.sent.at,
            why=refused,
            signed=vouched.signed,
            device=self._device(item, vouched),
            link=vouched.link,
        )

    def _submission(self, index: int, item: Item) -> Submission:
        vouched = self._vouched[index]
        return Submission(
            id=item.id,
            made_at=item.made_at,
            content_hash=content_hash(item.content),
            source=FROM_PHONE,
            device_id=self._device(item, vouched),
            signed=vouched.signed,
            anchored_at=vouched.anchored_at,
            since_anchor=vouched.since_anchor,
            link=vouched.link,
        )

    def _device(self, item: Item, vouched: Vouched) -> int | None:
        """The device that signed, or else the one that the session is on."""
        if vouched.signed:
            return item.device
        return None if self.bearer is None else self.bearer.device_id

    def _take(self, index: int, item: Item, by: Account | Bearer) -> ItemResult:
        submission = self._submission(index, item)
        match item.what:
            case UndoItem() as undo:
                receipt = visits.undo(
                    self.session, about=undo.event, submission=submission, by=by, at=self.sent.at
                )
                return self._received(item.id, receipt)
            case DayItem() as day:
                return self._day(day, item, submission, by)
            case TapItem() | PositionItem():
                raise AssertionError("taps and positions are taken before the rest")

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
            told=visit_for_the_phone(receipt),
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
            base=day.base, by=owner, at=self.sent.at, submission=submission,
        )  # fmt: skip
        if change.result is ChangeResult.CONFLICT:
            return ItemResult(item.id, Result.CONFLICT, theirs=day_for_the_phone(change))
        return ItemResult(
            item.id, Result.RECEIVED, change.receipt, told={"revision": change.revision}
        )

    def _who(self, item: Item) -> Account | Bearer:
        """The account that made the item: that of the session, or the one that signed."""
        if self.bearer is not None and item.account != self.bearer.id:
            raise Refused(OTHER_ACCOUNT)
        by = self.bearer or self._account(item.account)
        if not may(Role(by.role), Permission.RECORD_VISIT):
            raise Refused(OTHER_ACCOUNT)
        return by

    def _account(self, account_id: int) -> Account:
        if account_id not in self._accounts:
            self._accounts[account_id] = self.session.get_one(Account, account_id)
        return self._accounts[account_id]
