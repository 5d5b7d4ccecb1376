"""The history of pay as a CSV file that a spreadsheet opens as it is meant.

RFC 4180 in UTF-8, with a byte order mark, without which Excel shows accents wrong. The first line
holds the names below, the same in every language; a row is one line of a payment, so the amounts of a
payment's rows add up to it. Days are ISO, money is dollars with a point, hours are H:MM.

A cell that begins like a formula gets an apostrophe in front: a name is never calculated.
"""

import csv
import io
from collections.abc import Iterable
from decimal import Decimal

from app.domain.hours import as_clock
from app.domain.periods import PayPeriod
from app.services.payments import PaidLine
from app.web.pay_lines import line_words
from app.web.wording import sentence

CSV = "text/csv; charset=utf-8"
BYTE_ORDER_MARK = "\ufeff"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
HEADER = (
    "payment",  # its number, as on the page of the payment
    "period_starts_on",
    "period_ends_on",
    "recipient",
    "program",  # ihss or wpcs
    "issued_on",
    "status",
    "pay_for",
    "hours",
    "rate",
    "amount",
    "payment_amount",  # of the whole payment, repeated on each of its rows
)


def history_csv(paid: Iterable[PaidLine]) -> bytes:
    """The whole file."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(HEADER)
    writer.writerows(_row(each) for each in paid)
    return (BYTE_ORDER_MARK + file.getvalue()).encode()


def safe(text: str) -> str:
    """Words as a spreadsheet shows them and does not calculate them.

    >>> safe("=1+2"), safe("Rosa Delgado")
    ("'=1+2", 'Rosa Delgado')
    """
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _row(paid: PaidLine) -> tuple[str, ...]:
    payment, line = paid.payment, paid.line
    assignment = payment.assignment
    period = PayPeriod.starting(payment.period_starts_on)
    return (
        str(payment.id),
        period.starts_on.isoformat(),
        period.ends_on.isoformat(),
        safe(assignment.recipient.person.full_name),
        safe(assignment.program),
        payment.run.issue_on.isoformat(),
        safe(sentence(f"STATUS_{(payment.status or '').upper()}")),
        safe(line_words(line)),
        as_clock(line.minutes),
        _dollars(line.rate_cents),
        _dollars(line.cents),
        _dollars(payment.gross_cents),
    )


def _dollars(cents: int) -> str:
    return str(Decimal(cents).scaleb(-2))
