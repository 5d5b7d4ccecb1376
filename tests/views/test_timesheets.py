"""The provider's timesheet pages, used as a person and her browser use them, without scripts."""

import gzip
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from html import unescape

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.domain.periods import PayPeriod
from app.domain.visits import Place, Proposal
from app.models.accounts import Account
from app.models.timesheets import TimeEntry, Timesheet, TimesheetVersion
from app.models.visits import Visit
from app.services import approvals, timesheets, unauthorized_time
from app.services.approvals import RejectReason
from app.services.day_log import DayValues
from factories import World
from forms_in_pages import find_form, post_form, send_form
from sheets import THE_SIXTEENTH, Statements, day, fill_in, sign

SignIn = Callable[[Account], FlaskClient]


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(THE_SIXTEENTH, tick=False) as moved:
        yield moved


@pytest.fixture
def ana(world: World, signed_in: SignIn) -> FlaskClient:
    return signed_in(world.ana)


@pytest.fixture
def sheet(session: Session, world: World) -> Timesheet:
    return fill_in(session, world.ana_for_rosa, {3: 8}, by=world.ana)


def url(sheet: Timesheet, act: str = "") -> str:
    return f"/timesheets/{sheet.id}{act}"


def words(page: TestResponse) -> str:
    return " ".join(unescape(page.text).split())


def entry(session: Session, sheet: Timesheet, number: int) -> TimeEntry | None:
    session.expire_all()
    return session.scalars(
        select(TimeEntry).where(TimeEntry.timesheet_id == sheet.id, TimeEntry.on == day(number))
    ).first()


def minutes(session: Session, sheet: Timesheet, number: int) -> int | None:
    found = entry(session, sheet, number)
    return None if found is None else found.minutes


def save(ana: FlaskClient, sheet: Timesheet, typed: dict[str, str]) -> TestResponse:
    return post_form(ana, url(sheet), typed, "Save")


def submit(ana: FlaskClient, sheet: Timesheet, typed: dict[str, str] | None = None) -> TestResponse:
    return post_form(
        ana, url(sheet, "/submit"), {"perjury": "yes"} | (typed or {}), "Sign and submit"
    )


def test_the_page_shows_weeks_days_and_what_is_left(ana: FlaskClient, sheet: Timesheet) -> None:
    page = ana.get(url(sheet))

    assert page.status_code == 200
    assert page.text.count("data-week=") == 3
    assert page.text.count("data-day ") == 15
    assert "Timesheet for Rosa Delgado" in page.text
    assert "8:00 of 48:45 this week" in words(page)
    assert "187 hours are left for Rosa" in words(page)
    assert "If you submit now" in page.text
    assert "$157.12" in page.text


def test_days_of_another_half_month_are_closed(ana: FlaskClient, sheet: Timesheet) -> None:
    form = find_form(ana.get(url(sheet)).text, button="Save")

    assert "minutes-2026-03-15" in form.names
    assert "minutes-2026-03-16" not in form.names
    page = words(ana.get(url(sheet)))
    assert "Mar 16 – Mar 21 are on the timesheet of March 16 – 31." in page


def test_save_keeps_hours_times_and_place(
    ana: FlaskClient, session: Session, sheet: Timesheet
) -> None:
    answer = save(
        ana, sheet,
        {"minutes-2026-03-04": "7:30", "starts-2026-03-04": "08:02",
         "ends-2026-03-04": "16:00", "location-2026-03-04": "both"},
    )  # fmt: skip

    saved = entry(session, sheet, 4)
    assert answer.status_code == 303
    assert saved is not None
    assert DayValues.of(saved) == DayValues(450, 482, 960, "both")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("8.5", "Do you mean 8 hours and 30 minutes?"),
        ("25:00", "A day has 24 hours at most."),
        ("-1", "Hours cannot be less than zero."),
        ("٨", "If you mean 8, write 8."),
        ("8:75", "Minutes go from 0 to 59."),
        ("<b>eight</b>", "is not a number of hours."),
    ],
)
def test_bad_hours_come_back_as_typed_and_good_days_are_kept(
    ana: FlaskClient, session: Session, sheet: Timesheet, typed: str, told: str
) -> None:
    answer = save(ana, sheet, {"minutes-2026-03-04": typed, "minutes-2026-03-05": "6:15"})

    assert answer.status_code == 422
    assert told in words(answer)
    assert "There is a problem" in answer.text
    again = dict(find_form(answer.text, button="Save").values)
    assert again["minutes-2026-03-04"] == typed
    assert "<b>eight</b>" not in answer.text
    assert (minutes(session, sheet, 4), minutes(session, sheet, 5)) == (None, 375)


def test_an_end_before_the_start_comes_back(
    ana: FlaskClient, session: Session, sheet: Timesheet
) -> None:
    answer = save(ana, sheet, {"starts-2026-03-03": "22:00", "ends-2026-03-03": "06:00"})

    assert answer.status_code == 422
    assert "The end is before the start." in answer.text
    assert 'value="22:00"' in answer.text


def test_hours_for_a_day_of_another_half_month_are_not_lost_unsaid(
    ana: FlaskClient, sheet: Timesheet
) -> None:
    answer = save(ana, sheet, {"minutes-2026-03-15": "2:00"})
    assert answer.status_code == 303

    page = ana.get(url(sheet))
    token = dict(find_form(page.text, button="Save").values)["csrf_token"]
    answer = ana.post(url(sheet), data={"csrf_token": token, "minutes-2026-03-20": "5:00"})

    assert answer.status_code == 422
    assert "Friday, March 20 is not in this half month, so “5:00” was not saved." in words(answer)


def test_two_tabs_show_both_versions_and_let_her_choose(
    ana: FlaskClient, session: Session, sheet: Timesheet
) -> None:
    one_tab, other_tab = ana.get(url(sheet)), ana.get(url(sheet))
    send_form(ana, one_tab, {"minutes-2026-03-03": "9:00"}, "Save")

    conflict = send_form(ana, other_tab, {"minutes-2026-03-03": "7:00"}, "Save")

    assert conflict.status_code == 422
    assert "changed in two places" in words(conflict)
    assert minutes(session, sheet, 3) == 540
    undecided = send_form(ana, conflict, {}, "Save")
    assert undecided.status_code == 422
    kept = send_form(ana, undecided, {"keep-2026-03-03": "mine"}, "Save")
    assert kept.status_code == 303
    assert minutes(session, sheet, 3) == 420


def test_she_can_use_the_version_that_was_saved(
    ana: FlaskClient, session: Session, sheet: Timesheet
) -> None:
    one_tab, other_tab = ana.get(url(sheet)), ana.get(url(sheet))
    send_form(ana, one_tab, {"minutes-2026-03-03": "9:00"}, "Save")
    conflict = send_form(ana, other_tab, {"minutes-2026-03-03": "7:00"}, "Save")

    taken = send_form(ana, conflict, {"keep-2026-03-03": "theirs"}, "Save")

    assert taken.status_code == 303
    assert minutes(session, sheet, 3) == 540


def test_an_old_page_overwrites_nothing_that_it_did_not_touch(
    ana: FlaskClient, session: Session, sheet: Timesheet
) -> None:
    old = ana.get(url(sheet))
    save(ana, sheet, {"minutes-2026-03-03": "9:00"})

    answer = send_form(ana, old, {"minutes-2026-03-04": "1:00"}, "Save")

    assert answer.status_code == 303
    assert (minutes(session, sheet, 3), minutes(session, sheet, 4)) == (540, 60)


def test_submit_first_saves_what_is_typed(
    ana: FlaskClient, session: Session, sheet: Timesheet
) -> None:
    answer = post_form(ana, url(sheet), {"minutes-2026-03-04": "1:00"}, "Submit timesheet")

    assert answer.headers["Location"].endswith("/submit")
    assert minutes(session, sheet, 4) == 60


def test_signing_ends_at_a_receipt(ana: FlaskClient, session: Session, sheet: Timesheet) -> None:
    confirm = ana.get(url(sheet, "/submit"))
    assert "You worked 8 hours for Rosa Delgado, March 1 – 15" in words(confirm)
    assert "Tuesday, March 3: 8 hours." in words(confirm)

    answer = send_form(ana, confirm, {"perjury": "yes"}, "Sign and submit", follow_redirects=True)

    version = session.scalars(select(TimesheetVersion)).one()
    assert answer.status_code == 200
    assert version.receipt in answer.text
    assert "Waiting for recipient" in ana.get(url(sheet)).text
    again = send_form(ana, confirm, {"perjury": "yes"}, "Sign and submit")
    assert again.headers["Location"].endswith("/receipt")


def test_nothing_is_signed_without_the_declaration(
    ana: FlaskClient, session: Session, sheet: Timesheet
) -> None:
    answer = post_form(ana, url(sheet, "/submit"), {}, "Sign and submit")

    assert answer.status_code == 422
    assert "Check the box to sign." in answer.text
    assert session.scalars(select(TimesheetVersion)).all() == []


def test_a_page_that_is_stale_shows_the_new_version_and_signs_nothing(
    ana: FlaskClient, session: Session, sheet: Timesheet
) -> None:
    stale = ana.get(url(sheet, "/submit"))
    save(ana, sheet, {"minutes-2026-03-03": "9:00"})

    answer = send_form(ana, stale, {"perjury": "yes"}, "Sign and submit")

    assert answer.status_code == 422
    assert "Nothing was signed." in answer.text
    assert "You worked 9 hours" in words(answer)
    assert session.scalars(select(TimesheetVersion)).all() == []
    assert send_form(ana, answer, {"perjury": "yes"}, "Sign and submit").status_code == 303


def test_what_blocks_is_said_and_cannot_be_signed(
    ana: FlaskClient, session: Session, world: World
) -> None:
    sheet = fill_in(session, world.ana_for_rosa, {18: 8}, by=world.ana)

    page = ana.get(url(sheet, "/submit"))

    assert "Wednesday, March 18 has not come yet." in words(page)
    assert "FUTURE_HOURS" in page.text
    assert "Sign and submit" not in page.text


def test_an_open_visit_is_a_link_away(ana: FlaskClient, session: Session, world: World) -> None:
    sheet = fill_in(session, world.ana_for_rosa, {3: 8}, by=world.ana)
    begun = THE_SIXTEENTH - timedelta(days=2)
    visit = Visit(
        assignment_id=world.ana_for_rosa.id, began_at=begun, checked_in_at=begun, is_open=True
    )
    session.add(visit)
    session.commit()

    for page in (ana.get(url(sheet)), ana.get(url(sheet, "/submit"))):
        assert f'href="/visits/{visit.id}"' in page.text


def test_a_warning_asks_why_and_then_goes_on(
    ana: FlaskClient, session: Session, world: World
) -> None:
    sheet = fill_in(session, world.ana_for_rosa, dict.fromkeys(range(2, 8), 9), by=world.ana)

    refused = submit(ana, sheet)
    assert refused.status_code == 422
    assert "Why were more hours needed?" in refused.text
    assert "5 hours 15 minutes over the weekly maximum of 48 hours 45 minutes" in words(refused)

    answer = send_form(
        ana, refused, {"perjury": "yes", "reason": "Rosa <fell>."}, "Sign and submit"
    )
    assert answer.status_code == 303
    assert session.scalars(select(TimesheetVersion)).one().warning_reason == "Rosa <fell>."


def test_hours_beyond_the_authorization_can_be_kept_on_record(
    ana: FlaskClient, session: Session, world: World
) -> None:
    world.ana_for_rosa.assigned_minutes = 12 * 60
    session.commit()
    sheet = fill_in(session, world.ana_for_rosa, {3: 8, 4: 8}, by=world.ana)

    offer = ana.get(url(sheet, "/submit"))
    assert "You can claim 12 hours now. 4 hours stay on record" in words(offer)
    assert "(888) 555-0100" in offer.text
    answer = send_form(ana, offer, {}, "Claim what is authorized")

    assert answer.status_code == 303
    assert unauthorized_time.on_record(session, sheet) == {day(4): 240}
    assert submit(ana, sheet).status_code == 303


def test_before_the_half_month_is_over_she_is_asked_whether_more_days_follow(
    ana: FlaskClient, session: Session, world: World
) -> None:
    sheet = fill_in(session, world.ana_for_rosa, {16: 2}, by=world.ana)

    page = ana.get(url(sheet, "/submit"))

    assert "Will more days follow?" in page.text
    assert "There are 15 more days in this half month." in words(page)
    assert "waits until midnight" in words(page)
    assert submit(ana, sheet).status_code == 303


def test_a_sheet_is_taken_back_with_its_history(ana: FlaskClient, sheet: Timesheet) -> None:
    submit(ana, sheet)

    answer = post_form(ana, url(sheet), {}, "Take back", follow_redirects=True)

    assert "You took the timesheet back." in answer.text
    assert "In progress" in answer.text
    assert "Ana Flores took it back." in answer.text


def test_a_sheet_that_was_signed_meanwhile_is_not_taken_back(
    ana: FlaskClient, session: Session, world: World, sheet: Timesheet
) -> None:
    version = sign(session, sheet, by=world.ana)
    page = ana.get(url(sheet))
    approvals.approve(session, sheet, shown=version.content_hash, by=world.rosa, at=THE_SIXTEENTH)

    answer = send_form(ana, page, {}, "Take back")

    assert answer.status_code == 422
    assert "That is not possible now." in answer.text
    assert "Waiting for payment" in answer.text


def test_a_rejected_sheet_says_what_is_wrong_and_can_be_corrected(
    ana: FlaskClient, session: Session, world: World, sheet: Timesheet
) -> None:
    version = sign(session, sheet, by=world.ana)
    approvals.reject(
        session, sheet, shown=version.content_hash, reasons=[RejectReason.HOURS],
        note="Only <six>.", by=world.rosa, at=THE_SIXTEENTH,
    )  # fmt: skip

    page = ana.get(url(sheet))
    assert "The hours are not right" in page.text
    assert "Only <six>." in unescape(page.text)
    assert "Only <six>." not in page.text
    assert save(ana, sheet, {"minutes-2026-03-03": "6:00"}).status_code == 303
    assert submit(ana, sheet).status_code == 303


def test_a_reminder_goes_out_once_a_day(ana: FlaskClient, sheet: Timesheet) -> None:
    submit(ana, sheet)
    page = ana.get(url(sheet))
    assert "It waits for Rosa Delgado since March 16" in words(page)

    assert send_form(ana, page, {}, "Send a reminder").status_code == 303
    again = send_form(ana, page, {}, "Send a reminder")

    assert again.status_code == 422
    assert "A reminder already went out today." in again.text


def test_a_sheet_is_cancelled_and_opened_again(ana: FlaskClient, sheet: Timesheet) -> None:
    post_form(ana, url(sheet), {}, "Cancel this timesheet")
    assert "Cancelled" in ana.get(url(sheet)).text

    post_form(ana, url(sheet), {}, "Open it again")
    assert "In progress" in ana.get(url(sheet)).text


def test_a_form_sent_to_a_signed_sheet_says_so_and_shows_what_was_typed_nowhere_else(
    ana: FlaskClient, sheet: Timesheet
) -> None:
    page = ana.get(url(sheet))
    submit(ana, sheet)

    answer = send_form(ana, page, {"minutes-2026-03-03": "9:00"}, "Save")

    assert answer.status_code == 422
    assert "This timesheet is signed, so its hours cannot be changed now." in words(answer)
    assert "9:00" in answer.text


def test_a_visit_that_came_late_offers_a_correction(
    ana: FlaskClient, session: Session, world: World, sheet: Timesheet
) -> None:
    sign(session, sheet, by=world.ana)
    late = Proposal(day(4), world.ana_for_rosa.id, 480, 600, Place.HOME, 120)
    timesheets.take_proposal(session, world.ana_for_rosa, day(4), late, at=THE_SIXTEENTH)
    session.commit()

    page = ana.get(url(sheet))

    assert "A visit came in after you signed." in page.text
    assert "Wednesday, March 4" in page.text


def test_findings_come_as_a_fragment(ana: FlaskClient, sheet: Timesheet) -> None:
    part = ana.get(url(sheet, "/findings"), headers={"HX-Request": "true"})

    assert part.status_code == 200
    assert "<html" not in part.text
    assert 'hx-swap-oob="true"' in part.text


def test_a_live_in_provider_gives_hours_only(
    session: Session, world: World, signed_in: SignIn
) -> None:
    sheet = fill_in(session, world.maria_for_nune, {3: 8}, by=world.maria)

    page = signed_in(world.maria).get(url(sheet))

    assert "minutes-2026-03-03" in page.text
    assert "starts-2026-03-03" not in page.text


def test_the_list_opens_a_half_month(ana: FlaskClient, session: Session) -> None:
    page = ana.get("/timesheets")
    assert "Not started" in page.text

    answer = send_form(ana, page, {"period": "2026-03-01"}, "Open the timesheet")

    sheet = session.scalars(select(Timesheet)).one()
    assert answer.headers["Location"] == url(sheet)
    assert sheet.period_starts_on == day(1)


@pytest.mark.parametrize("period", ["", "2026-13-01", "soon"])
def test_a_half_month_that_is_none_is_not_found(
    ana: FlaskClient, world: World, period: str
) -> None:
    page = ana.get("/timesheets")

    answer = send_form(ana, page, {"period": period}, "Open the timesheet")

    assert answer.status_code == 404


@pytest.mark.parametrize("act", ["", "/submit", "/receipt", "/findings"])
def test_a_strangers_or_unknown_sheet_is_not_found(
    session: Session, world: World, signed_in: SignIn, sheet: Timesheet, act: str
) -> None:
    maria = signed_in(world.maria)

    assert maria.get(url(sheet, act)).status_code == 404
    assert maria.get(f"/timesheets/999999{act}").status_code == 404


def test_pages_need_no_more_statements_as_the_years_go_by(
    ana: FlaskClient, session: Session, world: World, sheet: Timesheet
) -> None:
    def statements(path: str) -> int:
        session.expire_all()
        with Statements(session) as counted:
            assert ana.get(path).status_code == 200
        return len(counted.sent)

    paths = ("/timesheets", url(sheet))
    before = [statements(path) for path in paths]
    sign(session, fill_in(session, world.ana_for_walter, {3: 1, 4: 2}, by=world.ana), by=world.ana)
    fill_in(session, world.ana_for_rosa, {17: 1, 18: 1}, by=world.ana)

    assert [statements(path) for path in paths] == before


def test_a_live_in_provider_fills_a_half_month_by_one_button(
    session: Session, world: World, signed_in: SignIn
) -> None:
    sheet = fill_in(session, world.maria_for_nune, {2: 8}, by=world.maria)
    maria = signed_in(world.maria)

    answer = post_form(maria, url(sheet), {"minutes-2026-03-02": "8:30"}, "Same every day")

    assert answer.status_code == 303
    assert [minutes(session, sheet, number) for number in (1, 2, 15)] == [510, 510, 510]


def test_last_week_is_copied_by_weekday_and_never_into_days_to_come(
    session: Session, world: World, signed_in: SignIn
) -> None:
    fill_in(session, world.maria_for_nune, {9: 7, 10: 6}, by=world.maria)
    sheet = fill_in(session, world.maria_for_nune, {16: 0}, by=world.maria)
    maria = signed_in(world.maria)

    answer = post_form(maria, url(sheet), {}, "Fill like last week", follow_redirects=True)

    assert "1 day was filled in." in answer.text
    assert (minutes(session, sheet, 16), minutes(session, sheet, 17)) == (420, None)


def test_blank_days_take_the_hours_beside_the_button(
    session: Session, world: World, signed_in: SignIn
) -> None:
    sheet = fill_in(session, world.maria_for_nune, {2: 8}, by=world.maria)
    maria = signed_in(world.maria)

    post_form(maria, url(sheet), {"fill-hours": "6:30"}, "Same every day")

    assert [minutes(session, sheet, number) for number in (1, 2, 15)] == [390, 480, 390]


def test_a_total_is_spread_and_taken_back_but_for_what_was_changed_since(
    session: Session, world: World, signed_in: SignIn
) -> None:
    sheet = fill_in(session, world.maria_for_nune, {2: 8}, by=world.maria)
    maria = signed_in(world.maria)

    page = post_form(
        maria, url(sheet), {"fill-hours": "70:07"}, "Spread over the days", follow_redirects=True
    )
    assert "14 days were filled in." in page.text
    assert [minutes(session, sheet, number) for number in (1, 8, 9, 15)] == [301, 301, 300, 300]
    changed = send_form(maria, page, {"minutes-2026-03-15": "2:00"}, "Save", follow_redirects=True)
    undone = send_form(maria, changed, {}, "Undo", follow_redirects=True)

    assert "13 days are blank again." in undone.text
    assert [minutes(session, sheet, number) for number in (1, 2, 15)] == [None, 480, 120]


@pytest.mark.parametrize(
    ("typed", "button", "told"),
    [
        ("", "Spread over the days", "Write how many hours there are"),
        ("400:00", "Spread over the days", "The blank days hold 360 hours at most."),
        ("8.5", "Same every day", "Do you mean 8 hours and 30 minutes?"),
        ("30:00", "Same every day", "A day has 24 hours at most."),
        ("", "Same every day", "There is nothing to copy yet."),
    ],
)
def test_what_cannot_be_filled_in_is_said_and_fills_nothing(
    session: Session, world: World, signed_in: SignIn, typed: str, button: str, told: str
) -> None:
    sheet = fill_in(session, world.maria_for_nune, {2: 0}, by=world.maria)
    maria = signed_in(world.maria)

    answer = post_form(maria, url(sheet), {"fill-hours": typed}, button)

    assert answer.status_code == 422
    assert told in words(answer)
    assert f'value="{typed}"' in answer.text
    assert minutes(session, sheet, 1) is None


def test_the_page_says_what_would_follow_and_the_smallest_change(
    ana: FlaskClient, session: Session, world: World
) -> None:
    sheet = fill_in(session, world.ana_for_rosa, dict.fromkeys(range(2, 8), 12), by=world.ana)

    page = words(ana.get(url(sheet)))

    assert "The county must approve that." in page
    assert "this would be your first violation" in page
    assert "Saturday, March 7: 0:00 instead of 12:00." in page
    assert "0:00 left for you this week" not in page
    assert "6:00 over your own limit this week" in page


def test_a_day_left_out_is_asked_about_in_private(
    ana: FlaskClient, session: Session, world: World, signed_in: SignIn
) -> None:
    for number in (5, 12, 19, 26):
        on = date(2026, 2, number)
        half = timesheets.find_or_open(
            session, world.ana_for_rosa, PayPeriod.of(on), at=THE_SIXTEENTH
        )
        timesheets.change_days(
            session, half, [(on, DayValues(240), 0)], by=world.ana, at=THE_SIXTEENTH
        )
    sheet = fill_in(session, world.ana_for_rosa, {3: 8}, by=world.ana)

    page = words(ana.get(url(sheet)))
    sign(session, sheet, by=world.ana)

    assert page.count("This day was left out. You usually enter 4:00 on Thursdays.") == 2
    rosas = signed_in(world.rosa).get(f"/approvals/{sheet.id}")
    assert rosas.status_code == 200
    assert "usually" not in rosas.text


def test_the_whole_page_fits_into_the_first_flight_of_packets(
    ana: FlaskClient, session: Session, world: World
) -> None:
    fill_in(session, world.ana_for_rosa, {2: 8, 12: 5}, by=world.ana)
    hours = dict.fromkeys(range(16, 32), 14)
    sheet = fill_in(session, world.ana_for_rosa, hours, by=world.ana)

    pages = [ana.get(url(sheet)), ana.get(url(sheet, "/findings"))]

    sizes = [len(gzip.compress(page.data, 6)) for page in pages]
    assert sum(sizes) <= 14 * 1024
