"""How is the answer to a what-if question said?"""

from collections.abc import Iterable, Sequence

from app.domain.earnings import Line
from app.domain.smallest_change import DayCut
from app.domain.what_if import Answer
from app.web.pay_lines import ShownLine
from app.web.wording import sentence


def changes(answer: Answer) -> list[str]:
    """The smallest change, day by day in the order of the days."""
    cuts = [(cut.on, sheet.person, cut) for sheet in answer.sheets for cut in sheet.changes]
    return [_change(person, cut) for _, person, cut in sorted(cuts, key=lambda each: each[:2])]


def lines(reckoned: Iterable[Line]) -> Sequence[ShownLine]:
    """Lines of pay, as components/money_lines draws them."""
    return [
        ShownLine(
            words=sentence(
                f"LINE_{line.kind.upper()}",
                {"week_of_on": line.week.starts_on if line.week else None},
            ),
            minutes=line.minutes,
            rate_cents=line.rate_cents,
            amount_cents=line.cents,
        )
        for line in reckoned
    ]


def _change(person: int, cut: DayCut) -> str:
    facts = {
        "day_on": cut.on,
        "person": person,
        "worked_minutes": cut.worked,
        "within_minutes": cut.within,
    }
    return sentence("CHANGE_TO" if cut.within else "CHANGE_TO_NONE", facts)
