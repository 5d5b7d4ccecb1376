"""After signing in a person lands on a page of ours, whatever the address in the link said."""

import pytest
from flask import Flask

from app.web import next_page


@pytest.mark.parametrize("ours", ["/", "/account", "/timesheets/5?week=2#day", "/a//b", "/%2F%2Fx"])
def test_a_path_of_ours_is_taken(app: Flask, ours: str) -> None:
    with app.test_request_context():
        assert next_page.safe(ours) == ours


@pytest.mark.parametrize(
    "theirs",
    [
        None, "", "account", "https://evil.example/", "//evil.example", "///evil.example",
        "/\\evil.example", "\\/evil.example", "/\t/evil.example", "/\n/evil.example", " /account",
        "javascript:alert(1)", "/account\\..\\evil", "http:/account", "/" + "a" * 1000,
    ],
)  # fmt: skip
def test_anything_else_leads_to_the_start_page(app: Flask, theirs: str | None) -> None:
    with app.test_request_context():
        assert next_page.safe(theirs) == "/"
