"""An answer that might tell whether a name exists leaves on the beat."""

import pytest
from flask import Flask, Response, after_this_request

from app.web import even_time
from app.web.even_time import BEAT_S, at_even_time


class Clock:
    """Time that passes only when somebody works or sleeps."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def works(self, seconds: float) -> None:
        self.now += seconds

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(even_time, "time", clock)
    return clock


@pytest.fixture
def portal() -> Flask:
    portal = Flask(__name__)
    even_time.keep(portal)
    return portal


@pytest.mark.parametrize(("work", "leaves"), [(0.012, 1), (0.099, 1), (0.101, 2), (0.161, 2)])
def test_it_leaves_on_the_next_beat(portal: Flask, clock: Clock, work: float, leaves: int) -> None:
    @portal.post("/question")
    @at_even_time
    def answer() -> str:
        clock.works(work)
        return "said"

    assert portal.test_client().post("/question").text == "said"
    assert clock.now == pytest.approx(100 + leaves * BEAT_S)


def test_what_is_done_around_the_view_lies_between_the_beats(portal: Flask, clock: Clock) -> None:
    portal.before_request(lambda: clock.works(0.01))
    portal.teardown_appcontext(lambda _problem: clock.works(0.02))

    @portal.post("/question")
    @at_even_time
    def answer() -> str:
        @after_this_request
        def pack(response: Response) -> Response:
            clock.works(0.03)
            return response

        return "said"

    portal.test_client().post("/question")
    assert clock.slept == [pytest.approx(BEAT_S - 0.06)]


def test_a_failure_takes_as_long(portal: Flask, clock: Clock) -> None:
    @portal.post("/question")
    @at_even_time
    def answer() -> str:
        clock.works(0.04)
        raise ZeroDivisionError

    assert portal.test_client().post("/question").status_code == 500
    assert clock.now == pytest.approx(100 + BEAT_S)


def test_nobody_else_is_kept_waiting(portal: Flask, clock: Clock) -> None:
    @portal.route("/question", methods=["GET", "POST"])
    @at_even_time
    def question() -> str:
        return "a page"

    @portal.post("/else")
    def something_else() -> str:
        return "said"

    portal.test_client().get("/question")
    portal.test_client().post("/else")
    assert clock.slept == []
