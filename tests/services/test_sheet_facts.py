"""The rules' facts are read in few statements, and say the same to the phone."""

import json
from datetime import date, datetime

import pytest
from sqlalchemy.orm import Session

from app.domain.balances import month_balances, week_bar
from app.domain.periods import Workweek
from app.domain.submissions import check_submission
from app.domain.weekly_maximum import Exemption
from app.models.cases import AuthorizedHours, WeeklyException
from app.models.people import OvertimeExemption, Provider
from app.models.timesheets import Timesheet
from app.models.visits import Visit
from app.services import sheet_facts, timesheets
from factories import World, assign
from sheets import THE_SIXTEENTH, Statements, day, fill_in, sign

APRIL_FIRST = datetime.fromisoformat("2026-04-01T17:00:00Z")


@pytest.fixture
def second_half(session: Session, world: World) -> Timesheet:
    """Rosa's second half of March, with a signed first half before it and Walter's beside it."""
    first = fill_in(session, world.ana_for_rosa, {2: 8, 15: 6}, by=world.ana)
    sign(session, first, by=world.ana)
    walters = fill_in(session, world.ana_for_walter, {15: 3}, by=world.ana)
    sign(session, walters, by=world.ana)
    return fill_in(session, world.ana_for_rosa, {16: 8, 17: 8}, by=world.ana)


def test_hours_of_the_other_half_month_are_carried_into_the_week(
    session: Session, world: World, second_half: Timesheet
) -> None:
    facts = sheet_facts.facts_of(session, second_half, at=APRIL_FIRST)

    bar = week_bar(facts, Workweek(day(15)))
    assert (bar.worked, bar.carried_in, bar.already) == (960, 360, 360)
    assert (bar.provider_already, bar.provider_limit) == (540, 66 * 60)
    assert month_balances(facts).recipient.left == (195 - 14) * 60


def test_drafts_and_sheets_taken_back_claim_nothing(session: Session, world: World) -> None:
    fill_in(session, world.ana_for_rosa, {15: 6}, by=world.ana)
    sheet = fill_in(session, world.ana_for_rosa, {16: 8}, by=world.ana)

    facts = sheet_facts.facts_of(session, sheet, at=APRIL_FIRST)

    assert facts.worked == ()


def test_what_other_providers_claim_uses_up_the_month(
    session: Session, world: World, second_half: Timesheet
) -> None:
    provider = session.query(Provider).filter_by(person_id=world.maria.person_id).one()
    maria_for_rosa = assign(session, provider, world.ana_for_rosa.case, 20 * 60)
    sign(session, fill_in(session, maria_for_rosa, {3: 10}, by=world.maria), by=world.maria)

    facts = sheet_facts.facts_of(session, second_half, at=APRIL_FIRST)

    assert [(claim.on, claim.minutes) for claim in facts.others_claimed] == [(day(3), 600)]
    assert month_balances(facts).recipient.left == (195 - 14 - 10) * 60


def test_the_programs_of_one_recipient_share_a_week_and_no_month(
    session: Session, world: World, second_half: Timesheet
) -> None:
    ihss = world.ana_for_rosa
    wpcs = assign(session, ihss.provider, ihss.case, 20 * 60, program="wpcs")
    sign(session, fill_in(session, wpcs, {15: 3}, by=world.ana), by=world.ana)
    sheet = fill_in(session, wpcs, {16: 1}, by=world.ana)

    facts = sheet_facts.facts_of_all(session, [second_half, sheet], at=APRIL_FIRST)

    of_ihss, of_wpcs = (month_balances(facts[each.id]) for each in (second_half, sheet))
    assert of_ihss.recipient.left == (195 - 14) * 60
    assert (of_wpcs.recipient.left, of_wpcs.assigned.left) == (17 * 60, 17 * 60)
    assert week_bar(facts[sheet.id], Workweek(day(15))).already == (6 + 3) * 60


def test_grants_exceptions_and_exemptions_count_while_they_are_in_force(
    session: Session, world: World, second_half: Timesheet
) -> None:
    case, provider = world.ana_for_rosa.case, world.ana_for_rosa.provider
    session.add_all(
        [
            AuthorizedHours(case_id=case.id, starts_on=day(20), monthly_minutes=200 * 60),
            WeeklyException(case_id=case.id, week_of=day(22), minutes=300),
            OvertimeExemption(
                provider_id=provider.id, kind="exemption-2", starts_on=day(1), ends_on=None
            ),
        ]
    )
    session.commit()

    facts = sheet_facts.facts_of(session, second_half, at=APRIL_FIRST)

    assert facts.exemption is Exemption.EXEMPTION_2
    assert facts.extras == {Workweek(day(22)): 300}
    assert [(grant.minutes, grant.ends_on) for grant in facts.grants] == [
        (195 * 60, day(19)),
        (200 * 60, None),
    ]


def test_an_open_visit_at_this_recipient_stops_a_submission(
    session: Session, world: World, second_half: Timesheet
) -> None:
    session.add(
        Visit(
            assignment_id=world.ana_for_rosa.id, is_open=True, location_in="home",
            began_at=THE_SIXTEENTH, checked_in_at=THE_SIXTEENTH,
        )
    )  # fmt: skip
    session.commit()

    facts = sheet_facts.facts_of(session, second_half, at=APRIL_FIRST)

    assert "OPEN_VISIT" in {finding.code for finding in check_submission(facts)}


def test_a_full_sheet_needs_six_statements_however_much_stands_around_it(
    session: Session, world: World, second_half: Timesheet
) -> None:
    def load() -> int:
        session.expunge_all()
        with Statements(session) as statements:
            sheet = timesheets.own(session, world.ana, second_half.id)
            sheet_facts.facts_of(session, sheet, at=APRIL_FIRST)
        return len(statements.sent) - 1  # who the provider is belongs to the account

    before = load()
    for number in range(18, 32):
        fill_in(session, world.ana_for_walter, {number: 1}, by=world.ana)

    assert load() == before <= 6


def test_the_phone_gets_the_figures_that_the_rules_judge_by(
    session: Session, world: World, second_half: Timesheet
) -> None:
    told = sheet_facts.offline_facts(session, world.ana, at=APRIL_FIRST)

    json.dumps(told)
    sheet = next(each for each in told["sheets"] if each["id"] == second_half.id)
    assert told["account"] == {"id": world.ana.id, "name": "Ana"}
    assert [card["recipient"] for card in told["cards"]] == ["Rosa Delgado", "Walter Kim"]
    assert sheet["period"] == {"starts_on": "2026-03-16", "ends_on": "2026-03-31"}
    assert sheet["month"]["recipient"] == {
        "limit": 195 * 60, "claimed": 14 * 60, "left": 181 * 60,
    }  # fmt: skip
    assert sheet["month"]["assigned_left"] == 181 * 60
    assert sheet["weeks"][0] == {
        "starts_on": "2026-03-15",
        "ends_on": "2026-03-21",
        "limit": 2925,
        "extra": 0,
        "already": 360,
        "carried_in": 360,
        "provider_limit": 3960,
        "provider_already": 540,
        "provider_carried_in": 540,
        "overtime_after": 2400,
    }
    assert sheet["pay"]["rates"] == [{"from": "2026-03-16", "cents": 1964}]
    assert sheet["week_before"] == {"2026-03-15": 360}
    assert sheet["days"][0] == {
        "on": "2026-03-16", "minutes": 480, "starts": None, "ends": None, "location": None,
        "proposed": None, "by_hand": True, "revision": 1, "editable": True,
    }  # fmt: skip


def test_the_phone_gets_only_sheets_that_can_be_changed_and_running_assignments(
    session: Session, world: World
) -> None:
    world.ana_for_walter.ends_on = date(2026, 2, 28)
    sign(session, fill_in(session, world.ana_for_rosa, {3: 8}, by=world.ana), by=world.ana)

    told = sheet_facts.offline_facts(session, world.ana, at=THE_SIXTEENTH)

    assert told["sheets"] == []
    assert [card["recipient"] for card in told["cards"]] == ["Rosa Delgado"]
