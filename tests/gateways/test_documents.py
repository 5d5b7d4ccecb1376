"""A document becomes a PDF that programs can read, in any letters of the portal's languages."""

import dataclasses
import hashlib
import io
import re
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader

from app.gateways.documents import FONTS, Document, Facts, Grid, Section, Sentences, as_pdf

DAYS = tuple((f"Day {number}", "at home", "8:05") for number in range(1, 45))
PLAIN = Document(
    kicker="IHSS timesheet",
    title="Ana worked for Rosa",
    status="Approved",
    language="en",
    sections=(
        Section("Days", Grid(("Day", "Place", "Hours"), DAYS, ("Total", "", "355:40"))),
        Section("Said", Sentences(("The same hours as the half month before.",))),
        Section("Proof", Facts((("Receipt", "R-AB12-CD34"),))),
    ),
    foot="Receipt R-AB12-CD34",
    page_words="Page %(page)s of %(pages)s",
    made_at=datetime(2026, 3, 16, 17, tzinfo=UTC),
)


def read(document: Document) -> PdfReader:
    return PdfReader(io.BytesIO(as_pdf(document)))


def named(title: str) -> str:
    """The title as a program reads it out of a document that has it."""
    return read(dataclasses.replace(PLAIN, title=title)).pages[0].extract_text().splitlines()[1]


def test_a_long_table_goes_on_with_its_head_and_each_page_is_numbered() -> None:
    pages = [page.extract_text() for page in read(PLAIN).pages]

    assert len(pages) == 2
    for number, text in enumerate(pages, start=1):
        assert "Day Place Hours" in text
        assert "Receipt R-AB12-CD34" in text
        assert f"Page {number} of 2" in text
    assert "Total 355:40" in pages[1]


def test_the_file_says_what_it_is_in_which_language_and_when() -> None:
    reader = read(PLAIN)

    assert reader.metadata is not None
    assert reader.metadata.title == "Ana worked for Rosa"
    assert reader.metadata.creation_date == PLAIN.made_at
    assert reader.trailer["/Root"]["/Lang"] == "en"


def test_the_same_document_is_the_same_file() -> None:
    assert as_pdf(PLAIN) == as_pdf(PLAIN)
    assert as_pdf(PLAIN) != as_pdf(dataclasses.replace(PLAIN, status="Rejected"))


@pytest.mark.parametrize(
    "name", ["Nguyễn Thị Hạnh", "Նունե Պետրոսյան", "陳大文", "Łukasz Muñoz", "Ольга – “Olya”"]
)
def test_names_keep_their_letters(name: str) -> None:
    assert named(name) == name


def test_a_letter_that_no_font_has_becomes_a_question_mark() -> None:
    assert named("Ana \N{ARABIC LETTER AIN}") == "Ana ?"


def test_only_letters_that_are_used_are_embedded() -> None:
    assert len(as_pdf(dataclasses.replace(PLAIN, title="陳大文"))) < 100_000


def test_the_fonts_are_those_that_their_list_names() -> None:
    listed = re.findall(
        r"\| `([\w-]+\.woff)` \|.*`([0-9a-f]{64})` \|", (FONTS / "README.md").read_text()
    )
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in FONTS.glob("*.woff")
    }

    assert dict(listed) == found
