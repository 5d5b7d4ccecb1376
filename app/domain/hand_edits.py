"""Which of a person's visits count as edited by hand, and by what? For her own eyes only.

The State is told the share of visits without manual edits (domain.md §2, reporting; CMS, outcomes-based
certification). So a provider may see what counts, and that it costs her nothing (WIC 10836).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

BY_HAND = "hand"


class HandEdit(StrEnum):
    """What makes a visit count as edited by hand."""

    NO_CHECK_IN = "NO_CHECK_IN"
    NO_CHECK_OUT = "NO_CHECK_OUT"
    CHECK_IN_BY_HAND = "CHECK_IN_BY_HAND"
    CHECK_OUT_BY_HAND = "CHECK_OUT_BY_HAND"
    DAY_BY_HAND = "DAY_BY_HAND"  # the sheet says other hours or times than the taps
    NO_TAPS = "NO_TAPS"  # a day that was only written


def edits_of(came: str | None, went: str | None, *, day_differs: bool) -> tuple[HandEdit, ...]:
    """What was by hand in a visit, by the source of its two taps (None: there was none).

    >>> edits_of("phone", "hand", day_differs=False)
    (<HandEdit.CHECK_OUT_BY_HAND: 'CHECK_OUT_BY_HAND'>,)
    >>> edits_of("phone", "page", day_differs=False)
    ()
    """
    found = [_of_tap(came, HandEdit.NO_CHECK_IN, HandEdit.CHECK_IN_BY_HAND)]
    found.append(_of_tap(went, HandEdit.NO_CHECK_OUT, HandEdit.CHECK_OUT_BY_HAND))
    if day_differs:
        found.append(HandEdit.DAY_BY_HAND)
    return tuple(edit for edit in found if edit)


@dataclass(frozen=True, slots=True)
class Share:
    """How many visits there were, and how many of them were edited by hand."""

    visits: int
    by_hand: int

    @classmethod
    def of(cls, edits: Sequence[Sequence[HandEdit]]) -> "Share":
        """The share of visits of which each has these edits."""
        return cls(len(edits), sum(bool(each) for each in edits))

    @property
    def from_taps(self) -> int:
        """Visits that say just what was tapped."""
        return self.visits - self.by_hand


def _of_tap(source: str | None, missing: HandEdit, by_hand: HandEdit) -> HandEdit | None:
    if source is None:
        return missing
    return by_hand if source == BY_HAND else None
