"""S5: of ten thousand honest weeks, how many raise a question about somebody who told the truth?

The weeks are those of tests/honest_weeks.py, by their seeds from 0 on. Flags that tell truly how far from
home somebody was are no accusation, and remarks ask nobody anything; what was seen stands beside the figure.
"""

from collections import Counter
from pathlib import Path
from typing import Any

import places  # noqa: F401 - lets the tests' people be found

from app.domain.visit_flags import judge
from honest_weeks import accused, week

WEEKS = 10_000


def measure(_folder: Path) -> dict[str, Any]:
    """How many weeks raise a question without cause; `seen` is what was flagged at all."""
    seen, events, asked = Counter[str](), 0, []
    for seed in range(WEEKS):
        lived = week(seed)
        events += len(lived.history.events)
        seen.update(flagged.code.value for flagged in judge(lived.history))
        if accused(lived):
            asked.append(seed)
    return {
        "value": len(asked),
        "unit": f"honest weeks of {WEEKS} in which somebody is asked without cause",
        "runs": [len(asked)],
        "events": events,
        "seen": dict(sorted(seen.items())),
        "asked": asked[:20],
    }
