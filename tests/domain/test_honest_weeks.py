"""Nobody who told the truth is asked about it (quality.md F, S5): week after week, whatever phones do.

`bench/honest_lives.py` lives ten thousand weeks; here are as many as a few seconds allow.
"""

from collections import Counter

import pytest

from app.domain.visit_flags import judge
from honest_weeks import accused, week

WEEKS = 400


@pytest.mark.parametrize("part", range(4))
def test_no_honest_week_raises_a_question(part: int) -> None:
    for seed in range(part, WEEKS, 4):
        assert accused(week(seed)) == [], f"week({seed})"


def test_the_weeks_hold_what_phones_do() -> None:
    """That no question was raised would say nothing of weeks in which nothing was odd."""
    seen, events, days = Counter[str](), 0, set()
    for seed in range(150):
        one = week(seed)
        seen.update(flagged.code.value for flagged in judge(one.history))
        events += len(one.history.events)
        days |= {event.counts_at.date() for event in one.history.events}

    assert events > 5000
    assert {"VAGUE_POSITION", "CLOCK_AHEAD", "CLOCK_BEHIND", "LATE_ARRIVAL", "AWAY"} <= set(seen)
    assert "DEVICE_OF_SEVERAL" in seen
    assert {(2026, 3, 8), (2026, 11, 1)} <= {(day.year, day.month, day.day) for day in days}
