"""What a dispute and its answer must say."""

import pytest

from app.domain.disputes import LONGEST, DisputeReason, check_answer, check_dispute
from app.domain.outcomes import Refused


@pytest.mark.parametrize("reason", [each for each in DisputeReason if each != DisputeReason.OTHER])
def test_a_named_reason_needs_no_note(reason: DisputeReason) -> None:
    assert check_dispute(reason.value, None) == (reason, None)


def test_a_note_is_tidied_and_may_be_as_long_as_allowed() -> None:
    note = "x" * LONGEST
    assert check_dispute("OTHER", f"  {note}\n") == (DisputeReason.OTHER, note)


@pytest.mark.parametrize(
    ("reason", "note", "code"),
    [
        (None, "Please look.", "DISPUTE_REASON_MISSING"),
        ("hours", "Please look.", "DISPUTE_REASON_MISSING"),
        ("OTHER", " \n", "DISPUTE_NOTE_MISSING"),
        ("RATE", "x" * (LONGEST + 1), "DISPUTE_NOTE_TOO_LONG"),
    ],
)
def test_a_dispute_without_a_reason_is_refused(reason: str | None, note: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        check_dispute(reason, note)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (None, "SETTLE_REASON_MISSING"),
        ("  ", "SETTLE_REASON_MISSING"),
        ("x" * (LONGEST + 1), "SETTLE_REASON_TOO_LONG"),
    ],
)
def test_an_answer_says_something_and_not_too_much(answer: str | None, code: str) -> None:
    with pytest.raises(Refused) as refused:
        check_answer(answer)
    assert refused.value.code == code
