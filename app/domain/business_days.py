"""On which business day payroll runs next and when the money is expected (decision 11).

Payroll runs every business day. `holidays` is any container of days, such as the State's calendar.
"""

from collections.abc import Container
from datetime import date

from app.domain import parameters
from app.domain.periods import ONE_DAY


def is_business_day(day: date, holidays: Container[date]) -> bool:
    """Whether a day is neither Saturday, Sunday nor a holiday."""
    return day.isoweekday() < 6 and day not in holidays


def add_business_days(day: date, n: int, holidays: Container[date]) -> date:
    """The n-th business day after a day; `n` is not negative, and 0 is the day itself.

    >>> add_business_days(date(2026, 11, 25), 1, holidays={date(2026, 11, 26)})
    datetime.date(2026, 11, 27)
    """
    while n > 0:
        day += ONE_DAY
        n -= is_business_day(day, holidays)
    return day


def next_run_on(today: date, holidays: Container[date]) -> date:
    """The day of the next payroll run: the first business day after today."""
    return add_business_days(today, 1, holidays)


def expected_pay_on(today: date, holidays: Container[date]) -> date:
    """The day on which what is approved today should be in the bank: next run, two business days.

    >>> expected_pay_on(date(2026, 3, 13), holidays=())  # a Friday
    datetime.date(2026, 3, 18)
    """
    return money_arrives_on(next_run_on(today, holidays), holidays)


def money_arrives_on(issued_on: date, holidays: Container[date]) -> date:
    """The day on which a payment issued on a day should be in the bank."""
    return add_business_days(
        issued_on, parameters.value("pay.days_to_the_bank", issued_on), holidays
    )
