"""A browser is called by a name that its owner knows it by."""

import pytest
from flask import Flask

from app.web.device_cookie import browser_name

LINUX = "Mozilla/5.0 (X11; Linux x86_64)"
APPLE = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0"


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (f"Mozilla/5.0 (Linux; Android 10; K) {CHROME} Mobile Safari/537.36", "Chrome on Android"),
        (
            f"Mozilla/5.0 (Linux; Android 14; SM-A1) {CHROME} SamsungBrowser/25.0 Mobile Safari/537.36",
            "Samsung Internet on Android",
        ),
        (
            f"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) {APPLE} Version/17.5 Safari/604.1",
            "Safari on iPhone",
        ),
        (
            f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Safari/537.36 Edg/130.0",
            "Edge on Windows",
        ),
        (f"{LINUX} Gecko/20100101 Firefox/132.0", "Firefox on Linux"),
        ("curl/8.4", "A browser"),
        ("", "A browser"),
    ],
)
def test_a_browser_is_named_by_what_it_says_of_itself(app: Flask, agent: str, name: str) -> None:
    with app.test_request_context():
        assert browser_name(agent) == name
