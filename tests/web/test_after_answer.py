"""What is done once the answer is on its way."""

import pytest
from flask import Flask, current_app

from app import create_app
from app.web import after_answer


@pytest.fixture
def portal(app: Flask) -> Flask:
    """An application of its own, for it gets a route."""
    return create_app(app.extensions["settings"])


def test_it_is_done_when_the_answer_is_there_with_the_application_and_no_request(
    portal: Flask,
) -> None:
    done: list[str] = []

    def view() -> str:
        after_answer.do(lambda: done.append(current_app.name))
        return "an answer"

    portal.add_url_rule("/answer", "answer", view)
    answer = portal.test_client().get("/answer")
    before = list(done)
    assert answer.text == "an answer"
    answer.close()
    assert (before, done) == ([], ["app"])


def test_what_fails_then_is_logged_and_changes_no_answer(
    portal: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise RuntimeError("too late")

    def view() -> str:
        after_answer.do(fail)
        return "an answer"

    portal.add_url_rule("/answer", "answer", view)
    answer = portal.test_client().get("/answer", buffered=True)
    assert (answer.status_code, answer.text) == (200, "an answer")
    assert "too late" in caplog.text
