"""The table of transitions, line by line, and what its absence forbids."""

import hashlib
from datetime import date
from itertools import product

import pytest

from app.domain.outcomes import Refused
from app.domain.permissions import Role
from app.domain.timesheets import (
    NO_HOLDS,
    PORTAL,
    Action,
    Hold,
    PaymentStatus,
    SheetStatus,
    actions_open,
    after,
    content_hash,
    is_payable,
    may_do,
    payment_after,
)

S, A = SheetStatus, Action

ALLOWED = [
    # status, action, signed, holds after it, next status
    (S.DRAFT, A.SUBMIT, False, (), S.SUBMITTED),
    (S.REJECTED, A.SUBMIT, False, (), S.SUBMITTED),
    (S.DRAFT, A.SUBMIT, False, (Hold.EARLY,), S.SUBMITTED),
    (S.DRAFT, A.SUBMIT, False, (Hold.LATE,), S.ON_HOLD),
    (S.REJECTED, A.SUBMIT, False, (Hold.OVER_70_PERCENT, Hold.EARLY), S.ON_HOLD),
    (S.SUBMITTED, A.TAKE_BACK, False, (), S.DRAFT),
    (S.ON_HOLD, A.TAKE_BACK, False, (Hold.LATE,), S.DRAFT),
    (S.SUBMITTED, A.APPROVE, False, (), S.APPROVED),
    (S.SUBMITTED, A.APPROVE, False, (Hold.EARLY,), S.ON_HOLD),
    (S.ON_HOLD, A.APPROVE, False, (Hold.LATE,), S.ON_HOLD),
    (S.SUBMITTED, A.REJECT, False, (), S.REJECTED),
    (S.ON_HOLD, A.REJECT, False, (Hold.LATE,), S.REJECTED),
    (S.ON_HOLD, A.RELEASE, False, (), S.SUBMITTED),
    (S.ON_HOLD, A.RELEASE, False, (Hold.EARLY,), S.SUBMITTED),
    (S.ON_HOLD, A.RELEASE, False, (Hold.LATE,), S.ON_HOLD),
    (S.ON_HOLD, A.RELEASE, True, (), S.APPROVED),
    (S.ON_HOLD, A.RELEASE, True, (Hold.EARLY,), S.ON_HOLD),
    (S.ON_HOLD, A.RELEASE, True, (Hold.LATE,), S.ON_HOLD),
    (S.DRAFT, A.CANCEL, False, (), S.CANCELLED),
    (S.REJECTED, A.CANCEL, False, (), S.CANCELLED),
    (S.CANCELLED, A.REOPEN, False, (), S.DRAFT),
    (S.SUBMITTED, A.HOLD, False, (Hold.COUNTY_REVIEW,), S.ON_HOLD),
    (S.ON_HOLD, A.HOLD, False, (Hold.LATE, Hold.COUNTY_REVIEW), S.ON_HOLD),
    (S.APPROVED, A.HOLD, True, (Hold.COUNTY_REVIEW,), S.ON_HOLD),
    (S.DRAFT, A.SUBMIT, False, (Hold.FLAGGED_PAIR,), S.ON_HOLD),
    (S.APPROVED, A.CORRECT, True, (), S.DRAFT),
    (S.ON_HOLD, A.CORRECT, True, (Hold.LATE,), S.DRAFT),
    (S.SUBMITTED, A.VOID, False, (), S.CANCELLED),
    (S.ON_HOLD, A.VOID, False, (Hold.LATE,), S.CANCELLED),
    (S.APPROVED, A.VOID, True, (), S.CANCELLED),
]


@pytest.mark.parametrize(("status", "action", "signed", "holds", "expected"), ALLOWED)
def test_an_act_leads_to_the_status_of_the_table(
    status: SheetStatus,
    action: Action,
    signed: bool,
    holds: tuple[Hold, ...],
    expected: SheetStatus,
) -> None:
    assert after(status, action, signed=signed, holds=holds) is expected


def test_a_signed_timesheet_can_be_neither_taken_back_nor_signed_or_rejected_again() -> None:
    for status, action in product((S.SUBMITTED, S.ON_HOLD), (A.TAKE_BACK, A.APPROVE, A.REJECT)):
        with pytest.raises(Refused, match="NOT_ALLOWED_NOW"):
            after(status, action, signed=True)


def test_whatever_the_table_does_not_name_is_refused_with_status_and_action() -> None:
    named = {(status, action) for status, action, *_ in ALLOWED}
    named.remove((S.ON_HOLD, A.CORRECT))  # only where it is signed
    for status, action in set(product(SheetStatus, Action)) - named - {(S.APPROVED, A.CORRECT)}:
        with pytest.raises(Refused) as refused:
            after(status, action, signed=False)
        assert refused.value.code == "NOT_ALLOWED_NOW"
        assert refused.value.facts == {"status": status, "action": action}


def test_a_payment_waits_is_issued_and_may_be_disputed_and_settled() -> None:
    status: PaymentStatus | None = None
    passed = []
    for action in (A.QUEUE_PAYMENT, A.ISSUE_PAYMENT, A.DISPUTE, A.SETTLE):
        status = payment_after(status, action)
        assert status is not None
        passed.append(status.value)

    assert passed == ["waiting_for_payment", "payment_issued", "disputed", "payment_issued"]


def test_a_payment_is_issued_once() -> None:
    for status in (None, PaymentStatus.PAYMENT_ISSUED, PaymentStatus.DISPUTED):
        with pytest.raises(Refused, match="NOT_ALLOWED_NOW"):
            payment_after(status, Action.ISSUE_PAYMENT)


def test_a_correction_keeps_what_was_approved_or_is_signed_anew() -> None:
    for status in (S.DRAFT, S.REJECTED):
        assert after(status, A.KEEP, signed=False, before=True) is S.APPROVED
        assert after(status, A.VOID, signed=False, before=True) is S.CANCELLED
        with pytest.raises(Refused, match="NOT_ALLOWED_NOW"):
            after(status, A.CANCEL, signed=False, before=True)


def test_the_payment_of_a_correction_waits_after_the_first_was_issued() -> None:
    issued, waiting = PaymentStatus.PAYMENT_ISSUED, PaymentStatus.WAITING_FOR_PAYMENT

    assert payment_after(issued, A.QUEUE_PAYMENT) is waiting
    assert payment_after(waiting, A.STOP_PAYMENT) is None
    assert payment_after(waiting, A.STOP_PAYMENT, before=True) is issued
    with pytest.raises(Refused, match="NOT_ALLOWED_NOW"):
        payment_after(PaymentStatus.DISPUTED, A.QUEUE_PAYMENT)


def test_only_an_approved_timesheet_without_holds_is_payable() -> None:
    assert is_payable(S.APPROVED, NO_HOLDS)
    assert not is_payable(S.APPROVED, {Hold.LATE})
    assert not is_payable(S.ON_HOLD, NO_HOLDS)


def test_the_table_names_who_may_act() -> None:
    who = {action: {role for role in (*Role, PORTAL) if may_do(role, action)} for action in Action}

    assert who[A.SUBMIT] == who[A.TAKE_BACK] == who[A.DISPUTE] == {Role.PROVIDER}
    assert who[A.APPROVE] == who[A.REJECT] == {Role.RECIPIENT, Role.SIGNATORY}
    assert who[A.RELEASE] == {Role.COUNTY_WORKER, PORTAL}
    assert who[A.SETTLE] == who[A.VOID] == {Role.COUNTY_WORKER}
    assert who[A.HOLD] == {Role.COUNTY_WORKER, PORTAL}
    assert who[A.CORRECT] == who[A.KEEP] == {Role.PROVIDER}
    assert who[A.ISSUE_PAYMENT] == {PORTAL}


def test_the_acts_open_to_a_person_follow_status_and_signature() -> None:
    assert actions_open(S.REJECTED, Role.PROVIDER) == {A.SUBMIT, A.CANCEL}
    assert actions_open(S.SUBMITTED, Role.PROVIDER) == {A.TAKE_BACK}
    assert actions_open(S.ON_HOLD, Role.RECIPIENT) == {A.APPROVE, A.REJECT}
    assert actions_open(S.ON_HOLD, Role.RECIPIENT, signed=True) == set()
    assert actions_open(S.ON_HOLD, Role.PROVIDER, signed=True) == {A.CORRECT}
    assert actions_open(S.REJECTED, Role.PROVIDER, before=True) == {A.SUBMIT, A.KEEP}
    assert actions_open(PaymentStatus.PAYMENT_ISSUED, Role.PROVIDER) == {A.DISPUTE}


def test_the_hash_of_what_is_shown_does_not_depend_on_the_order_of_keys() -> None:
    shown = {"total": 480, "days": [{"on": date(2026, 3, 2), "minutes": 480}], "note": None}

    assert content_hash(shown) == content_hash(dict(reversed(shown.items())))


def test_the_hash_changes_with_anything_shown() -> None:
    shown = {"name": "Ana", "days": [480, 60]}

    others = [{"name": "Anа", "days": [480, 60]}, {"name": "Ana", "days": [60, 480]}, {}]
    assert content_hash(shown) not in {content_hash(other) for other in others}


def test_a_float_cannot_be_signed() -> None:
    with pytest.raises(TypeError):
        content_hash({"hours": 8.5})


def test_a_payment_that_cannot_move_says_where_it_stands_and_what_was_asked() -> None:
    with pytest.raises(Refused) as refused:
        payment_after(PaymentStatus.DISPUTED, Action.ISSUE_PAYMENT)

    assert refused.value.code == "NOT_ALLOWED_NOW"
    assert refused.value.facts == {
        "status": PaymentStatus.DISPUTED,
        "action": Action.ISSUE_PAYMENT,
    }


def test_the_hash_of_a_content_is_for_good_the_same() -> None:
    """What was signed years ago must still be proved: the way to write it may never change."""
    shown = {"name": "Łucja", "days": [480, 60], "on": date(2026, 3, 1), "note": None}
    written = '{"days":[480,60],"name":"Łucja","note":null,"on":"2026-03-01"}'

    assert content_hash(shown) == hashlib.sha256(written.encode()).hexdigest()


def test_what_cannot_be_signed_is_named() -> None:
    with pytest.raises(TypeError, match="float cannot be signed"):
        content_hash({"hours": 8.5})
