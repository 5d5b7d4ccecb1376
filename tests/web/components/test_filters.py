"""Choices above a list work by their button, and at once where there are scripts."""

from collections.abc import Callable

from flask import Flask

from app.forms.history import HistoryForm


def test_the_form_asks_by_address_and_quickens_itself(app: Flask, draw: Callable[..., str]) -> None:
    with app.test_request_context():
        form = HistoryForm()
        form.offer([(7, "Rosa Delgado")], [2026], signed=False)
    html = draw("filters", "filters", "/timesheets/history", [form.who, form.year], "found")

    assert 'method="get" action="/timesheets/history"' in html
    assert 'hx-target="#found"' in html
    assert '<option value="7">Rosa Delgado</option>' in html
    assert "Search</button>" in html
