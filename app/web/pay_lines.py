"""How are the lines of a payment shown: on its page, for the county, and in the history file?"""

from dataclasses import dataclass

from app.domain.earnings import LineKind
from app.models.payments import EarningsLine, Payment
from app.web.wording import sentence


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line in words, as components/money_lines draws it."""

    words: str
    minutes: int
    rate_cents: int
    amount_cents: int


def paid_lines(payment: Payment) -> list[ShownLine]:
    """The lines of a payment, in the order in which they were reckoned."""
    return [
        ShownLine(line_words(line), line.minutes, line.rate_cents, line.cents)
        for line in payment.lines
    ]


def has_premium(payment: Payment) -> bool:
    """Whether a line needs the sentence that explains the overtime premium."""
    return any(line.kind == LineKind.OVERTIME_PREMIUM for line in payment.lines)


def line_words(line: EarningsLine) -> str:
    """What a line pays for: `Hours worked`, or `Overtime, week of Sunday, March 1`."""
    return sentence(f"LINE_{line.kind.upper()}", {"week_of_on": line.week_of})
