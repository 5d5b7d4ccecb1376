"""Is the time that a provider waits with her recipient at the doctor's paid, and where is it claimed?

WIC 12300.4(c) and ACL 14-82: waiting is work where the county has authorized it and the provider may
not leave. It is then time of service like any other, so it stands on the timesheet, and takes hours
from the month. There is no claim of its own for it: the same minutes would be paid twice (ADR 0027).
"""

from app.domain.outcomes import Finding


def where_to_claim(*, authorized: bool) -> Finding:
    """What to say of waiting for a recipient whose county has, or has not, authorized it.

    >>> where_to_claim(authorized=False).code
    'WAIT_NOT_AUTHORIZED'
    """
    return Finding("WAIT_ON_THE_TIMESHEET" if authorized else "WAIT_NOT_AUTHORIZED")
