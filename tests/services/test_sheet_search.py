"""Half months of all years are found again, a page at a time, and only one's own are ever read."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from app.models.cases import Assignment
from app.models.timesheets import TimeEntry, Timesheet
from app.services import sheet_search, submission, timesheets
from app.services.sheet_search import Found, Search
from factories import World
from sheets import THE_SIXTEENTH, Statements, fill_in, sign
from signed_sheets import approve

YEARS = (2024, 2025, 2026)


@pytest.fixture
def sheets(session: Session, world: World) -> list[Timesheet]:
    """Ana's Januaries and Februaries with Rosa, and her first Januaries with Walter."""
    found = []
    for year in YEARS:
        for month, day in ((1, 1), (1, 16), (2, 1), (2, 16)):
            found.append(blank(world.ana_for_rosa, date(year, month, day), 480))
        found.append(blank(world.ana_for_walter, date(year, 1, 1), 0))
    session.add_all(found)
    session.commit()
    return found


def blank(assignment: Assignment, starts_on: date, minutes: int) -> Timesheet:
    return Timesheet(
        assignment=assignment,
        period_starts_on=starts_on,
        status="draft",
        created_at=THE_SIXTEENTH,
        changed_at=THE_SIXTEENTH,
        entries=[TimeEntry(on=starts_on, minutes=minutes)] if minutes else [],
    )


def search(session: Session, world: World, limit: int = 50, **asked: object) -> Found:
    provider = timesheets.provider_of(session, world.ana)
    theirs = sheet_search.assignments_of_provider(session, provider)
    return sheet_search.of_provider(session, theirs, Search(**asked), limit=limit)  # type: ignore[arg-type]


def starts(found: Found) -> list[str]:
    return [each.period.starts_on.isoformat() for each in found.sheets]


@pytest.mark.usefixtures("sheets")
class TestAProvider:
    def test_finds_all_of_them_the_newest_first(self, session: Session, world: World) -> None:
        found = search(session, world)

        assert len(found.sheets) == 15
        assert starts(found) == sorted(starts(found), reverse=True)
        assert found.next is None

    def test_finds_those_of_a_recipient(self, session: Session, world: World) -> None:
        found = search(session, world, who=world.ana_for_walter.case_id)

        assert starts(found) == ["2026-01-01", "2025-01-01", "2024-01-01"]

    def test_finds_those_of_a_year_of_a_month_and_of_a_month_in_any_year(
        self, session: Session, world: World
    ) -> None:
        assert len(search(session, world, year=2025).sheets) == 5
        assert starts(search(session, world, year=2025, month=2)) == ["2025-02-16", "2025-02-01"]
        assert len(search(session, world, month=2).sheets) == 6

    def test_finds_those_not_started_apart_from_those_in_progress(
        self, session: Session, world: World
    ) -> None:
        not_started = search(session, world, status="not_started")

        assert [each.timesheet.assignment_id for each in not_started.sheets] == (
            [world.ana_for_walter.id] * 3
        )
        assert {each.status for each in not_started.sheets} == {"not_started"}
        assert len(search(session, world, status="draft").sheets) == 12

    def test_reads_page_after_page_without_a_gap_or_a_double(
        self, session: Session, world: World
    ) -> None:
        seen: list[int] = []
        place = None
        for _ in range(4):
            page = search(session, world, limit=4, after=place)
            seen += [each.timesheet.id for each in page.sheets]
            place = page.next

        assert place is None
        assert seen == [each.timesheet.id for each in search(session, world).sheets]

    def test_needs_one_statement_however_many_there_are(
        self, session: Session, world: World
    ) -> None:
        provider = timesheets.provider_of(session, world.ana)
        theirs = sheet_search.assignments_of_provider(session, provider)
        with Statements(session) as statements:
            sheet_search.of_provider(session, theirs, Search(), limit=24)

        assert len(statements.sent) == 1


def test_a_payment_is_found_by_its_status(session: Session, world: World) -> None:
    sheet = fill_in(session, world.ana_for_rosa, {2: 8}, by=world.ana)
    sign(session, sheet, by=world.ana)
    approve(session, sheet, by=world.rosa)

    for status in ("approved", "waiting_for_payment"):
        assert [each.timesheet for each in search(session, world, status=status).sheets] == [sheet]
    assert search(session, world, status="payment_issued").sheets == []


def test_whoever_signs_finds_what_was_signed_and_nothing_else(
    session: Session, world: World
) -> None:
    signed = fill_in(session, world.ana_for_rosa, {2: 8}, by=world.ana)
    sign(session, signed, by=world.ana)
    fill_in(session, world.ana_for_rosa, {17: 4}, by=world.ana)
    walters = fill_in(session, world.ana_for_walter, {2: 8}, by=world.ana)
    sign(session, walters, by=world.ana)

    theirs = sheet_search.assignments_of_signer(session, world.rosa, date(2026, 3, 16))
    found = sheet_search.of_signer(session, theirs, Search(), limit=24)

    assert [(each.timesheet, each.total_minutes) for each in found.sheets] == [(signed, 480)]
    nobodys = sheet_search.of_signer(session, theirs, Search(who=-1), limit=24)
    assert nobodys.sheets == []


def test_whoever_signs_finds_what_was_taken_back_as_in_progress(
    session: Session, world: World
) -> None:
    sheet = fill_in(session, world.ana_for_rosa, {2: 8}, by=world.ana)
    sign(session, sheet, by=world.ana)
    submission.take_back(session, sheet, by=world.ana, at=THE_SIXTEENTH)

    theirs = sheet_search.assignments_of_signer(session, world.rosa, date(2026, 3, 16))
    found = sheet_search.of_signer(session, theirs, Search(), limit=24)

    assert [each.status for each in found.sheets] == ["draft"]


def test_the_first_year_is_that_of_the_oldest_half_month(session: Session, world: World) -> None:
    assert sheet_search.first_year(session, [world.ana_for_rosa]) is None
    session.add(blank(world.ana_for_rosa, date(2019, 12, 16), 60))
    session.flush()
    assert sheet_search.first_year(session, [world.ana_for_rosa]) == 2019
