"""What makes a visit count as edited by hand, and how many of all."""

import pytest

from app.domain.hand_edits import HandEdit, Share, edits_of


@pytest.mark.parametrize(
    ("came", "went", "differs", "edits"),
    [
        ("phone", "page", False, ()),
        ("phone", "hand", False, (HandEdit.CHECK_OUT_BY_HAND,)),
        ("hand", "phone", False, (HandEdit.CHECK_IN_BY_HAND,)),
        (None, "phone", True, (HandEdit.NO_CHECK_IN, HandEdit.DAY_BY_HAND)),
        ("phone", None, False, (HandEdit.NO_CHECK_OUT,)),
        ("phone", "phone", True, (HandEdit.DAY_BY_HAND,)),
    ],
)
def test_a_visit_counts_for_a_tap_or_a_day_by_hand(came, went, differs, edits) -> None:
    assert edits_of(came, went, day_differs=differs) == edits


def test_a_visit_counts_once_however_much_was_changed() -> None:
    share = Share.of([(), (HandEdit.NO_CHECK_IN, HandEdit.DAY_BY_HAND), (HandEdit.NO_TAPS,)])

    assert (share.visits, share.by_hand, share.from_taps) == (3, 2, 1)
