"""An answer that might tell whether a name exists leaves on the beat."""

import pytest
from flask import Flask

from app.extensions import db
from app.models.people import County
from app.web import even_time
from app.web.even_time import BEAT_S, at_even_time


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    seconds: list[float] = []
    monkeypatch.setattr(even_time.time, "sleep", seconds.append)
    return seconds


@pytest.mark.parametrize(("took", "waits"), [(0.012, 0.038), (0.049, 0.001), (0.061, 0.039)])
def test_it_waits_for_the_next_beat(
    app: Flask, slept: list[float], monkeypatch: pytest.MonkeyPatch, took: float, waits: float
) -> None:
    times = iter([100.0, 100.0 + took])
    monkeypatch.setattr(even_time.time, "monotonic", lambda: next(times))
    with app.test_request_context(method="POST"):
        assert at_even_time(lambda: "said")() == "said"
    assert slept == [pytest.approx(waits)]


def test_a_failure_takes_as_long(app: Flask, slept: list[float]) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    with app.test_request_context(method="POST"), pytest.raises(ZeroDivisionError):
        at_even_time(fail)()
    assert 0 < slept[0] <= BEAT_S


def test_it_holds_no_transaction_while_it_waits(
    real_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[object] = []
    monkeypatch.setattr(
        even_time.time, "sleep", lambda _s: held.append(db.session.get_transaction())
    )
    with real_app.test_request_context(method="POST"):
        at_even_time(lambda: db.session.query(County).all())()
        assert held == [None]


def test_a_page_that_is_only_asked_for_is_not_kept_waiting(app: Flask, slept: list[float]) -> None:
    with app.test_request_context():
        assert at_even_time(lambda: "page")() == "page"
    assert slept == []
