"""On which days do neither banks nor the State's payroll work? From the `holidays` library.

The State's days (Government Code 6700) and the federal ones that banks keep. A day counts when
either rests, so an expected day is rather a day late than a day early.
"""

from collections.abc import Iterator
from datetime import date
from functools import cache

# Days that the code only commemorates: offices and banks are open.
COMMEMORATED = frozenset({"Susan B. Anthony Day", "Diwali"})


class CaliforniaHolidays:
    """A container of days: `day in holidays`. Each year is looked up once."""

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and day in _of_year(day.year)


@cache
def _of_year(year: int) -> frozenset[date]:
    # The library loads half a second's worth of countries, so only who asks for a day pays for it.
    from holidays import country_holidays

    listed = [
        *country_holidays("US", subdiv="CA", years=year).items(),
        *country_holidays("US", years=year).items(),
    ]
    return frozenset(_kept(listed))


def _kept(listed: list[tuple[date, str]]) -> Iterator[date]:
    for day, names in listed:
        if set(names.split("; ")) - COMMEMORATED:
            yield day


CALIFORNIA = CaliforniaHolidays()
