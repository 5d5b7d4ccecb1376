"""All half months with search, and each timesheet on paper: as a page and as a PDF."""

import io
import re
from collections.abc import Callable, Iterator
from html import unescape

import pytest
import time_machine
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.models.accounts import Account
from app.models.timesheets import Timesheet, TimesheetVersion
from app.services import approvals, submission
from app.services.approvals import RejectReason
from app.views import history
from factories import World
from sheets import THE_SIXTEENTH, Statements, fill_in, sign

SignIn = Callable[[Account], FlaskClient]


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(THE_SIXTEENTH, tick=False) as moved:
        yield moved


@pytest.fixture
def ana(world: World, signed_in: SignIn) -> FlaskClient:
    return signed_in(world.ana)


@pytest.fixture
def rosa(world: World, signed_in: SignIn) -> FlaskClient:
    return signed_in(world.rosa)


@pytest.fixture
def version(session: Session, world: World) -> TimesheetVersion:
    """What Ana signed for Rosa: 8:00 on the 2nd and 4:00 on the 5th."""
    sheet = fill_in(session, world.ana_for_rosa, {2: 8, 5: 4}, by=world.ana)
    return sign(session, sheet, by=world.ana)


@pytest.fixture
def approved(session: Session, world: World, version: TimesheetVersion) -> TimesheetVersion:
    shown = version.content_hash
    approvals.approve(session, version.timesheet, shown=shown, by=world.rosa, at=THE_SIXTEENTH)
    return version


def paper(version: TimesheetVersion, ending: str = "") -> str:
    return f"/timesheets/{version.timesheet_id}/document{ending}"


def words(page: TestResponse) -> str:
    """What a person reads of a page."""
    return " ".join(
        unescape(
            re.sub(r"<[^>]+>", " ", page.text.split("<main", 1)[1].split("</main>")[0])
        ).split()
    )


def text_of(answer: TestResponse) -> str:
    """What a program reads out of a PDF."""
    pages = PdfReader(io.BytesIO(answer.data)).pages
    return "\n".join(page.extract_text() for page in pages)


def listed(page: TestResponse) -> list[str]:
    """The half months that a page lists, by their links."""
    return re.findall(r'class="link-alone" href="(/(?:timesheets|approvals)/\d+)"', page.text)


class TestHistory:
    def test_a_provider_finds_her_half_months_and_chooses_among_them(
        self, session: Session, world: World, ana: FlaskClient, version: TimesheetVersion
    ) -> None:
        walters = fill_in(session, world.ana_for_walter, {2: 3}, by=world.ana)

        assert len(listed(ana.get("/timesheets/history"))) == 2
        of_walter = ana.get(f"/timesheets/history?who={walters.assignment.case_id}")
        assert listed(of_walter) == [f"/timesheets/{walters.id}"]
        waiting = ana.get("/timesheets/history?status=submitted&year=2026&month=3")
        assert listed(waiting) == [f"/timesheets/{version.timesheet_id}"]
        assert "No timesheet fits" in words(ana.get("/timesheets/history?month=4"))

    def test_a_choice_that_was_not_offered_asks_for_nothing(
        self, ana: FlaskClient, version: TimesheetVersion
    ) -> None:
        page = ana.get("/timesheets/history?year=99999&month=13&who=x&status=x&after=never")

        assert listed(page) == [f"/timesheets/{version.timesheet_id}"]

    def test_the_next_page_begins_where_this_one_ends(
        self,
        session: Session,
        world: World,
        ana: FlaskClient,
        version: TimesheetVersion,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        fill_in(session, world.ana_for_walter, {2: 3}, by=world.ana)
        monkeypatch.setattr(history, "PAGE_LENGTH", 1)
        first = ana.get("/timesheets/history?year=2026")
        [older] = re.findall(r'href="([^"]+)">Older', first.text)
        second = ana.get(unescape(older))

        assert len(listed(first) + listed(second)) == 2
        assert listed(first) != listed(second)
        assert "year=2026" in older
        assert "Older" not in second.text
        assert "Back to the newest" in second.text

    def test_htmx_gets_only_what_was_found(self, ana: FlaskClient) -> None:
        part = ana.get("/timesheets/history", headers={"HX-Request": "true"})

        assert part.text.lstrip().startswith("<section")
        assert "<html" not in part.text

    def test_a_recipient_finds_what_was_signed_for_her(
        self, session: Session, world: World, rosa: FlaskClient, version: TimesheetVersion
    ) -> None:
        fill_in(session, world.ana_for_rosa, {17: 3}, by=world.ana)
        page = rosa.get("/approvals/history")

        assert listed(page) == [f"/approvals/{version.timesheet_id}"]
        assert "Ana Flores, March 1 – 15, 2026" in words(page)
        assert "Not started" not in page.text

    def test_the_history_takes_as_many_statements_for_one_half_month_as_for_ten(
        self, session: Session, world: World, ana: FlaskClient, version: TimesheetVersion
    ) -> None:
        ana.get("/timesheets/history")
        with Statements(session) as for_one:
            ana.get("/timesheets/history")
        fill_in(session, world.ana_for_walter, {2: 3}, by=world.ana)
        fill_in(session, world.ana_for_walter, {17: 3}, by=world.ana)
        with Statements(session) as for_more:
            ana.get("/timesheets/history")

        assert len(for_more.sent) == len(for_one.sent)


class TestPaper:
    def test_the_pdf_names_version_signatures_receipt_and_fingerprint(
        self, ana: FlaskClient, rosa: FlaskClient, approved: TimesheetVersion
    ) -> None:
        for client in (ana, rosa):
            answer = client.get(paper(approved, ".pdf"))
            text = text_of(answer)

            assert answer.mimetype == "application/pdf"
            assert "timesheet-2026-03-01" in answer.headers["Content-Disposition"]
            assert "Timesheet for Rosa Delgado, March 1 – 15, 2026" in text
            assert "Monday, March 2" in text
            assert "8:00" in text
            assert "12:00" in text
            assert "Signed by Ana Flores on March 16, 2026, 10:00 AM" in text
            assert "Approved by Rosa Delgado on March 16, 2026, 10:00 AM" in text
            assert approved.receipt in text
            assert "Version 1 of 1" in text
            assert approved.content_hash in text

    def test_the_page_says_the_same_as_the_file(
        self, ana: FlaskClient, approved: TimesheetVersion
    ) -> None:
        page = words(ana.get(paper(approved)))
        lines = text_of(ana.get(paper(approved, ".pdf"))).splitlines()

        assert len(lines) > 20
        for line in lines:
            if not line.startswith("Page "):
                assert line.split()[0] in page, line
        assert approved.content_hash in page

    def test_a_provider_prints_what_is_not_signed_yet_as_just_that(
        self, session: Session, world: World, ana: FlaskClient, rosa: FlaskClient
    ) -> None:
        sheet = fill_in(session, world.ana_for_rosa, {2: 8}, by=world.ana)
        page = ana.get(f"/timesheets/{sheet.id}/document")

        assert "Not signed yet" in words(page)
        assert "Nobody has signed this" in words(page)
        assert "Receipt" not in words(page)
        assert rosa.get(f"/timesheets/{sheet.id}/document").status_code == 404

    def test_every_version_that_was_signed_can_be_printed(
        self, session: Session, world: World, ana: FlaskClient, version: TimesheetVersion
    ) -> None:
        sheet = version.timesheet
        approvals.reject(
            session,
            sheet,
            shown=version.content_hash,
            reasons=[RejectReason.HOURS],
            note=None,
            by=world.rosa,
            at=THE_SIXTEENTH,
        )
        newer = sign(session, sheet, by=world.ana)

        assert newer.receipt in words(ana.get(paper(newer)))
        older = words(ana.get(paper(newer, "?version=1")))
        assert version.receipt in older
        assert "This is version 1 of 2" in older
        assert "Sent back on March 16, 2026" in older
        assert ana.get(paper(newer, "?version=3")).status_code == 404

    def test_what_was_taken_back_says_so(
        self, session: Session, world: World, rosa: FlaskClient, version: TimesheetVersion
    ) -> None:
        submission.take_back(session, version.timesheet, by=world.ana, at=THE_SIXTEENTH)

        assert "Taken back on March 16, 2026" in words(rosa.get(paper(version)))

    def test_those_who_live_in_have_no_times_on_paper(
        self, session: Session, world: World, signed_in: SignIn
    ) -> None:
        sheet: Timesheet = fill_in(session, world.maria_for_nune, {2: 8}, by=world.maria)
        page = words(signed_in(world.maria).get(f"/timesheets/{sheet.id}/document"))

        assert "Day Hours Monday, March 2 8:00" in page

    def test_a_strangers_sheet_is_not_found(
        self, world: World, signed_in: SignIn, version: TimesheetVersion
    ) -> None:
        for stranger in (world.maria, world.walter, world.armen):
            for ending in ("", ".pdf", "?version=1"):
                assert signed_in(stranger).get(paper(version, ending)).status_code == 404


def test_the_main_menu_marks_where_the_history_belongs(
    ana: FlaskClient, rosa: FlaskClient, approved: TimesheetVersion
) -> None:
    for client, slice_name in ((ana, "timesheets"), (rosa, "approvals")):
        for address in (f"/{slice_name}/history", paper(approved)):
            assert f'href="/{slice_name}" aria-current="page"' in client.get(address).text
