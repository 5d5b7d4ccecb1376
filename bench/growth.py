"""P4: how much slower is a page when there are a hundred times as many timesheets?

Each page is asked for by turns of the small and of the large portal, in one process. What is compared
is the 95th percentile of each round; the figure of a page is the median of its rounds, and P4 is the
figure of the worst page. SQL statements are counted, for they tell the same without any noise.
"""

import time
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from prepared import portal, signed_in
from sqlalchemy import event, select

from app.extensions import db
from app.models.payments import Payment
from app.models.timesheets import Timesheet

SMALL, LARGE = 1_000, 100_000
ROUNDS = 5
LOADS_A_ROUND = 40
Page = tuple[str, str, Callable[[Flask], str]]


def of(address: str) -> Callable[[Flask], str]:
    return lambda _app: address


def sheet(
    address: str, *, status: str, recipient_first_name: str = "Rosa"
) -> Callable[[Flask], str]:
    """The address of the newest demo sheet of Ana's that has a status."""

    def find(app: Flask) -> str:
        with app.app_context():
            found = db.session.scalars(
                select(Timesheet)
                .where(Timesheet.status == status, Timesheet.id < 100_000)
                .order_by(Timesheet.period_starts_on.desc(), Timesheet.id)
            ).unique()
            first = next(
                each
                for each in found
                if each.assignment.recipient.person.first_name == recipient_first_name
            )
            return address.format(first.id)

    return find


def payment(app: Flask) -> str:
    with app.app_context():
        newest = select(Payment.id).where(Payment.id < 100_000).order_by(Payment.id).limit(1)
        return f"/payments/{db.session.scalar(newest)}"


PAGES: tuple[Page, ...] = (
    ("home of a provider", "ana", of("/")),
    ("list of timesheets", "ana", of("/timesheets")),
    ("history of timesheets", "ana", of("/timesheets/history")),
    ("a timesheet on paper", "ana", sheet("/timesheets/{}/document", status="approved")),
    ("a timesheet", "ana", sheet("/timesheets/{}", status="draft")),
    ("findings while typing", "ana", sheet("/timesheets/{}/findings", status="draft")),
    ("before signing", "ana", sheet("/timesheets/{}/submit", status="draft")),
    ("facts for the phone", "ana", of("/offline/facts")),
    ("list of payments", "ana", of("/payments")),
    ("a payment", "ana", payment),
    ("history as CSV", "ana", of("/payments/history.csv")),
    ("home of a recipient", "rosa", of("/")),
    ("list of approvals", "rosa", of("/approvals")),
    ("history of approvals", "rosa", of("/approvals/history")),
    ("an approval", "rosa", sheet("/approvals/{}", status="submitted")),
    ("the county's holds", "casey", of("/county")),
)


def measure(folder: Path) -> dict[str, Any]:
    """The figure of P4 with its pages."""
    apps = [portal(folder / str(size), size) for size in (SMALL, LARGE)]
    pages = {name: _compare(apps, username, find) for name, username, find in PAGES}
    worst = max(pages, key=lambda name: pages[name]["ratio"])
    return {
        "value": pages[worst]["ratio"],
        "unit": f"p95 with {LARGE} timesheets / p95 with {SMALL}, of the worst page",
        "runs": pages[worst]["runs"],
        "worst_page": worst,
        "equal_statements": all(
            page["statements"][0] == page["statements"][1] for page in pages.values()
        ),
        "pages": pages,
    }


def _compare(apps: list[Flask], username: str, find: Callable[[Flask], str]) -> dict[str, Any]:
    both = [(signed_in(app, username), find(app)) for app in apps]
    statements = [
        _statements(app, client, address) for app, (client, address) in zip(apps, both, strict=True)
    ]
    rounds = [_round(both) for _ in range(ROUNDS)]
    runs = [round(large / small, 3) for small, large in rounds]
    return {
        "ratio": round(median(runs), 3),
        "runs": runs,
        "p95_ms": [round(median(each) * 1000, 2) for each in zip(*rounds, strict=True)],
        "statements": statements,
    }


def _round(both: list[tuple[FlaskClient, str]]) -> tuple[float, float]:
    """The 95th percentiles, in seconds, of one round of turns."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(LOADS_A_ROUND):
        for side, (client, address) in enumerate(both):
            times[side].append(_load(client, address))
    return quantiles(times[0], n=20)[-1], quantiles(times[1], n=20)[-1]


def _load(client: FlaskClient, address: str) -> float:
    began = time.perf_counter()
    response = client.get(address)
    took = time.perf_counter() - began
    assert response.status_code == 200, f"{address}: {response.status}"
    return took


def _statements(app: Flask, client: FlaskClient, address: str) -> int:
    """How many SQL statements a page takes once everything is warm."""
    _load(client, address)
    count = 0

    def hear(*_arguments: object) -> None:
        nonlocal count
        count += 1

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", hear)
    _load(client, address)
    event.remove(engine, "before_cursor_execute", hear)
    return count
