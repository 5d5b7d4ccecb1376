"""A document on a page: facts, tables and sentences, each in the form that a screen reader can follow."""

from collections.abc import Callable
from datetime import UTC, datetime

from app.gateways.documents import Document, Facts, Grid, Section, Sentences

PAPER = Document(
    kicker="IHSS timesheet",
    title="For Rosa",
    status="Approved.",
    language="en",
    sections=(
        Section(
            "Days",
            Grid(("Day", "Place", "Hours"), (("Monday", "", "8:00"),), ("Total", "", "8:00")),
        ),
        Section("Proof", Facts((("Receipt", "R-1"),))),
        Section("Signatures", Sentences(("Signed by <Ana>.",))),
    ),
    foot="Receipt R-1",
    page_words="",
    made_at=datetime(2026, 3, 16, tzinfo=UTC),
)


def test_every_part_is_there_in_its_own_form(draw: Callable[..., str]) -> None:
    html = draw("document", "document_page", PAPER)

    assert '<th scope="col">Place</th>' in html
    assert (
        '<th scope="row">Monday</th><td data-name="Place"></td><td data-name="Hours">8:00</td>'
        in html
    )
    assert '<th scope="row">Total</th><td colspan="2">8:00</td>' in html
    assert "<dt>Receipt</dt><dd>R-1</dd>" in html
    assert "Signed by &lt;Ana&gt;." in html
