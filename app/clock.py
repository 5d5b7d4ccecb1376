"""What time is it, and which day is it in California? The only reader of system time."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LOS_ANGELES = ZoneInfo("America/Los_Angeles")


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The present day where the law of IHSS counts days: Los Angeles."""
    return now().astimezone(LOS_ANGELES).date()
