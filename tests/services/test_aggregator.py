"""The State's collector is told of every visit once, in order, and shows what it did not take."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from http import HTTPStatus
from uuid import uuid4

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from aggregator_desk import AT_ROSAS, EVENING, MONDAY, Desk, desk_for, sheet_of
from app.domain.evv_records import missing_elements
from app.domain.periods import PayPeriod
from app.domain.positions import NoFix
from app.domain.timesheets import Action
from app.domain.visits import Location
from app.models.aggregator import AggregatorCursor, AggregatorMessage, AggregatorRecord
from app.models.audit import AuditEvent
from app.models.cases import Assignment
from app.models.visits import Visit
from app.services import aggregator_sending, sheet_status, timesheets, visits
from app.services.day_log import DayValues
from app.services.receipts import FROM_PHONE, Submission, content_hash
from factories import World, assign

ON = date(2026, 11, 23)


@pytest.fixture
def desk(session: Session, world: World) -> Iterator[Desk]:
    with desk_for(session, world) as desk:
        yield desk


def change_day(desk: Desk, **values: object) -> None:
    """Ana changes Monday by hand, and signs the half month."""
    sheet = sheet_of(desk.session, desk.world.ana_for_rosa, ON)
    entry = next(entry for entry in sheet.entries if entry.on == ON)
    after = DayValues.of(entry)
    new = DayValues(**({name: getattr(after, name) for name in after.__slots__} | values))
    timesheets.change_days(
        desk.session, sheet, [(ON, new, entry.revision)], by=desk.world.ana, at=EVENING
    )
    sign(desk)


def sign(desk: Desk, action: Action = Action.SUBMIT) -> None:
    sheet = sheet_of(desk.session, desk.world.ana_for_rosa, ON)
    sheet_status.move(desk.session, sheet, action, by=desk.world.ana, at=EVENING)
    desk.session.commit()


def said(made_at: datetime, which: str) -> Submission:
    event = str(uuid4())
    return Submission(event, made_at, content_hash([event, which]), FROM_PHONE)


def test_a_visit_goes_out_with_the_people_it_is_about_before_it(desk: Desk) -> None:
    desk.visit(position=AT_ROSAS)
    desk.run()

    assert [each.kind for each in desk.simulator.received] == ["client", "employee", "visit"]
    (visit,) = desk.held()
    assert missing_elements(visit) == []
    assert (visit["ClientIdentifier"], visit["EmployeeIdentifier"]) == ("1000001", "100000001")
    came, went = visit["Calls"]
    assert (came["CallAssignment"], came["CallType"]) == ("Time In", "Mobile")
    assert (came["CallLatitude"], came["CallLongitude"]) == (34.0622, -118.309)
    assert (came["CallDateTime"], went["CallDateTime"]) == (
        "2026-11-23T16:02:00Z",
        "2026-11-23T19:02:00Z",
    )
    assert {record.state for record in desk.records()} == {"accepted"}


def test_a_visit_waits_until_its_recipient_and_provider_are_accepted(desk: Desk) -> None:
    desk.visit()
    assert desk.gather() == 3
    assert desk.send().sent == 2
    assert desk.held() == []
    desk.later(minutes=6)
    desk.ask()
    assert desk.send().sent == 0
    desk.later(minutes=6)
    assert desk.ask().accepted == 2
    assert desk.send().sent == 1


def test_in_the_community_no_coordinates_leave_and_none_with_a_refused_position(desk: Desk) -> None:
    desk.visit(location=Location.COMMUNITY, position=AT_ROSAS)
    desk.visit(MONDAY + timedelta(hours=5), position=NoFix.DENIED)
    desk.run()

    calls = [call for visit in desk.held() for call in visit["Calls"]]
    assert [call["VisitLocationType"] for call in calls] == ["2", "2", "1", "1"]
    assert {call["CallType"] for call in calls} == {"Other"}
    assert not any("Latitude" in name for call in calls for name in call)


def test_what_is_on_its_way_lies_sealed_and_is_emptied_when_it_is_answered(desk: Desk) -> None:
    desk.visit(position=AT_ROSAS)
    desk.gather()
    column = AggregatorMessage.__table__.c.content
    raw = desk.session.execute(select(func.cast(column, column.type.impl))).scalars().all()
    assert raw
    assert all(str(text).startswith("v1.") for text in raw)
    desk.run()
    assert [message.content for message in desk.messages()] == [None]


def test_a_live_in_pair_has_no_visits_and_is_not_told_of(desk: Desk) -> None:
    sheet = timesheets.find_or_open(
        desk.session, desk.world.maria_for_nune, PayPeriod.of(ON), at=EVENING
    )
    desk.session.commit()
    day = DayValues(minutes=480)
    timesheets.change_days(desk.session, sheet, [(ON, day, 0)], by=desk.world.maria, at=EVENING)
    sheet_status.move(desk.session, sheet, Action.SUBMIT, by=desk.world.maria, at=EVENING)
    desk.session.commit()
    desk.run()
    assert desk.simulator.received == []


def test_an_open_visit_waits_for_its_check_out(desk: Desk) -> None:
    desk.tap("in", MONDAY)
    assert desk.gather() == 0
    desk.tap("out", MONDAY + timedelta(hours=2))
    desk.run()
    assert len(desk.held()) == 1


def test_a_forgotten_check_out_is_held_back_until_somebody_says_when_it_was(desk: Desk) -> None:
    desk.tap("in", MONDAY)
    desk.visit(MONDAY + timedelta(hours=6), hours=1)
    desk.run()
    forgotten, _other = desk.records()
    assert (forgotten.state, forgotten.missing) == ("incomplete", ["END"])
    assert len(desk.held()) == 1

    visit = desk.session.get_one(Visit, forgotten.visit_id, populate_existing=True)
    visits.close_by_hand(
        desk.session, visit, ended_at=MONDAY + timedelta(hours=2), location=Location.HOME,
        submission=Submission(str(uuid4()), EVENING, content_hash(["end"]), "hand"),
        by=desk.world.ana, at=EVENING,
    )  # fmt: skip
    desk.run()
    by_hand = next(each for each in desk.held() if each["VisitOtherID"] == f"V{forgotten.id}")
    assert [call["CallType"] for call in by_hand["Calls"]] == ["Other", "Manual"]
    assert by_hand["VisitChanges"][0]["ReasonCode"] == "04"
    assert [record.has_manual_edit for record in desk.records()] == [True, False]


def test_times_that_were_changed_by_hand_go_beside_the_taps_once_they_are_signed(
    desk: Desk,
) -> None:
    desk.visit()
    desk.run()
    change_day(desk, starts=7 * 60 + 45, minutes=197)
    desk.run()

    (visit,) = desk.held()
    assert visit["AdjInDateTime"] == "2026-11-23T15:45:00Z"
    assert "AdjOutDateTime" not in visit
    assert visit["Calls"][0]["CallDateTime"] == "2026-11-23T16:02:00Z"
    (change,) = visit["VisitChanges"]
    assert change["ChangeMadeByEmail"] == "100000001@hours.example"
    assert [each.sequence for each in desk.taken()] == sorted(
        {each.sequence for each in desk.taken()}
    )
    assert desk.record().has_manual_edit


def test_other_hours_with_the_same_times_are_no_change_of_the_visit(desk: Desk) -> None:
    desk.visit()
    change_day(desk, minutes=120)
    desk.run()
    assert len(desk.taken()) == 1
    assert not desk.record().has_manual_edit


def test_a_draft_is_nobodys_statement_yet(desk: Desk) -> None:
    desk.visit()
    change_day(desk, starts=7 * 60 + 45)
    sign(desk, Action.TAKE_BACK)
    desk.run()
    assert "AdjInDateTime" not in desk.held()[0]


def test_a_day_that_nobody_tapped_becomes_a_visit_by_hand_and_goes_when_it_is_withdrawn(
    desk: Desk,
) -> None:
    sheet = timesheets.find_or_open(
        desk.session, desk.world.ana_for_rosa, PayPeriod.of(ON), at=EVENING
    )
    desk.session.commit()
    values = DayValues(minutes=180, starts=480, ends=660, location="both")
    timesheets.change_days(desk.session, sheet, [(ON, values, 0)], by=desk.world.ana, at=EVENING)
    sign(desk)
    desk.run()
    (visit,) = desk.held()
    assert missing_elements(visit) == []
    assert [call["CallType"] for call in visit["Calls"]] == ["Manual", "Manual"]
    assert [call["VisitLocationType"] for call in visit["Calls"]] == ["1", "2"]
    assert visit["VisitChanges"][0]["ReasonCode"] == "03"

    sign(desk, Action.TAKE_BACK)
    desk.run()
    (visit,) = desk.held()
    assert (visit["VisitCancelledIndicator"], visit["Calls"]) == ("true", [])
    assert desk.record().is_cancelled
    sign(desk)
    desk.run()
    assert desk.held()[0]["VisitCancelledIndicator"] == "false"


def test_a_day_with_hours_alone_lacks_what_the_law_asks_for(desk: Desk) -> None:
    sheet = timesheets.find_or_open(
        desk.session, desk.world.ana_for_rosa, PayPeriod.of(ON), at=EVENING
    )
    desk.session.commit()
    values = DayValues(minutes=180)
    timesheets.change_days(desk.session, sheet, [(ON, values, 0)], by=desk.world.ana, at=EVENING)
    sign(desk)
    desk.run()
    assert desk.record().missing == ["DATE", "PLACE", "BEGIN", "END"]
    assert desk.held() == []


def test_what_was_no_visit_is_told_as_not_claimed_only_if_it_was_told_before(desk: Desk) -> None:
    told = desk.visit()
    desk.run()
    never_told = desk.visit(MONDAY + timedelta(hours=5))
    for number in (told, never_told):
        visit = desk.session.get_one(Visit, number, populate_existing=True)
        visits.not_a_visit(
            desk.session, visit, reason="I pressed it by mistake at Mrs. Kim's",
            submission=said(EVENING, f"not {number}"), by=desk.world.ana, at=EVENING,
        )  # fmt: skip
    desk.run()

    (visit,) = desk.held()
    assert (visit["BillVisit"], len(visit["Calls"])) == ("false", 2)
    assert "Kim" not in str(visit)
    assert [record.visit_id for record in desk.records()] == [told]


def test_a_late_tap_that_moves_a_visit_makes_a_new_version_with_a_reason(desk: Desk) -> None:
    desk.visit(hours=4)
    desk.run()
    desk.tap("in", MONDAY + timedelta(hours=1), received_at=desk.at)
    desk.run()

    late = next(each for each in desk.held() if each["VisitCancelledIndicator"] == "false")
    gone = next(each for each in desk.held() if each["VisitCancelledIndicator"] == "true")
    assert late["Calls"][0]["CallDateTime"] == "2026-11-23T17:02:00Z"
    assert gone["Calls"] == []
    assert {record.state for record in desk.records()} == {"accepted"}


def test_a_place_that_comes_after_the_visit_makes_a_new_version(desk: Desk) -> None:
    came = desk.tap("in", MONDAY)
    desk.tap("out", MONDAY + timedelta(hours=2))
    desk.run()
    event = desk.session.scalars(
        select(visits.EVENT.c.submission_id).where(visits.EVENT.c.receipt == came.receipt)
    ).one()
    visits.take_position(
        desk.session, about=event, position=AT_ROSAS, submission=said(MONDAY, "fix"),
        by=desk.world.ana, at=desk.at,
    )  # fmt: skip
    desk.run()
    (visit,) = desk.held()
    assert visit["Calls"][0]["CallType"] == "Mobile"
    assert "reached the portal after" in visit["VisitChanges"][0]["ChangeReasonMemo"]


def test_nothing_new_is_nothing_to_send(desk: Desk) -> None:
    desk.visit(position=AT_ROSAS)
    desk.run()
    before = len(desk.simulator.received)
    desk.session.execute(delete(AggregatorCursor))  # everything is looked at once more
    desk.session.commit()
    assert desk.gather() == 0
    desk.later(days=2)
    desk.run()
    assert len(desk.simulator.received) == before


def test_a_newer_version_replaces_one_that_was_never_sent(desk: Desk) -> None:
    desk.visit()
    desk.gather()
    change_day(desk, starts=7 * 60 + 45)
    desk.later(seconds=30)
    desk.gather()

    assert [message.state for message in desk.messages()] == ["replaced", "waiting"]
    assert desk.messages()[0].content is None
    desk.run()
    (taken,) = desk.taken()
    assert taken.record["AdjInDateTime"] == "2026-11-23T15:45:00Z"


def test_sequences_rise_even_when_the_clock_does_not(desk: Desk) -> None:
    desk.visit()
    desk.gather()
    change_day(desk, starts=7 * 60 + 45)
    desk.gather()
    first, second = (message.sequence for message in desk.messages())
    assert second == first + 1
    assert first == 20261124020000


def test_the_same_visit_of_another_program_is_another_service(desk: Desk, session: Session) -> None:
    rosa = desk.world.ana_for_rosa
    wpcs = assign(session, rosa.provider, rosa.case, 600, program="wpcs")
    session.commit()
    desk.visit(assignment=wpcs)
    desk.run()
    (client,), (visit,) = desk.held("client"), desk.held()
    assert visit["PayerProgram"] == "WPCS"
    assert [each["PayerProgram"] for each in client["ClientPayerInformation"]] == ["IHSS", "WPCS"]


def test_a_rejected_record_is_shown_with_its_reason_and_sent_when_it_is_mended(
    desk: Desk,
) -> None:
    recipient = desk.world.ana_for_rosa.recipient
    recipient.address = "1 Example Street"  # where is that?
    desk.session.commit()
    desk.visit()
    desk.run()

    client = desk.record("client")
    assert client.state == "rejected"
    assert client.reasons == [{"code": "FORMAT", "number": "-101", "field": "ClientCity"}]
    assert desk.held() == []
    recipient.address = "1 Example Street, Los Angeles"
    desk.session.commit()
    desk.later(minutes=16)
    desk.run()
    assert (desk.record("client").state, desk.record().state) == ("accepted", "accepted")
    assert len(desk.held()) == 1


def test_people_whom_the_aggregator_lost_are_told_to_it_anew_and_the_visit_after_them(
    desk: Desk,
) -> None:
    desk.visit()
    desk.run()
    desk.simulator.forget("client", "1000001")
    desk.visit(MONDAY + timedelta(hours=5))
    desk.run()
    assert [record.state for record in desk.records()] == ["accepted", "accepted"]
    assert [each.outcome for each in desk.simulator.received if each.kind == "visit"] == [
        "taken",
        "rejected",
        "taken",
    ]


def test_a_visit_that_it_never_takes_stops_after_a_few_tries(desk: Desk) -> None:
    desk.visit()
    desk.run()
    visit = MONDAY + timedelta(hours=5)
    desk.visit(visit)
    for _ in range(8):
        desk.simulator.held["client"].clear()
        desk.gather()
        desk.later(minutes=6)
        desk.send()
        desk.later(minutes=6)
        for _ in range(2):
            desk.ask()
            desk.later(minutes=6)
            desk.simulator.held["client"].clear()
            desk.send()
    last = desk.records()[-1]
    assert (last.state, last.reasons[0]["code"]) == ("rejected", "CLIENT_UNKNOWN")
    assert last.rejections == aggregator_sending.MEND_BY_THEMSELVES + 1


def test_a_person_can_have_a_record_sent_once_more(desk: Desk) -> None:
    desk.visit()
    desk.run()
    record = desk.record()
    before = record.sequence
    aggregator_sending.send_again(desk.session, record)
    desk.session.commit()
    desk.later(minutes=1)
    desk.run()
    assert desk.record().sequence > before
    assert desk.record().state == "accepted"


def test_while_it_is_down_all_waits_longer_each_time_and_then_goes(desk: Desk) -> None:
    desk.visit(position=AT_ROSAS)
    desk.gather()
    url, desk.url = desk.url, "http://127.0.0.1:9"
    assert [len(desk.send().problems) for _ in range(3)] == [1, 1, 0]  # each kind rests by itself
    desk.later(minutes=1)
    desk.send()
    client = desk.messages("client")[0]
    assert (client.attempts, client.due_at - desk.at) == (2, timedelta(minutes=2))
    assert "127.0.0.1:9" in client.last_error
    assert client.sent_at is None
    desk.url = url
    desk.later(hours=1)
    desk.run()
    assert len(desk.held()) == 1


@pytest.mark.parametrize("status", [HTTPStatus.INTERNAL_SERVER_ERROR, HTTPStatus.FORBIDDEN])
def test_a_server_that_fails_is_asked_again(desk: Desk, status: HTTPStatus) -> None:
    desk.simulator.mood.fails_with = status
    desk.visit()
    desk.gather()
    assert desk.send().problems
    desk.simulator.mood.fails_with = None
    desk.later(hours=1)
    desk.run()
    assert len(desk.held()) == 1


def test_an_answer_that_was_lost_costs_nothing_but_a_repeat(desk: Desk) -> None:
    desk.visit(position=AT_ROSAS)
    desk.run(turns=2)
    desk.simulator.mood.drops_answers = True
    desk.run(turns=2)
    desk.simulator.mood.drops_answers = False
    desk.later(hours=2)
    desk.run()

    outcomes = [each.outcome for each in desk.simulator.received if each.kind == "visit"]
    assert outcomes[0] == "taken"
    assert set(outcomes[1:]) == {"ignored"}
    assert desk.record().state == "accepted"


def test_what_may_have_been_sent_is_followed_by_the_newer_version_and_not_replaced(
    desk: Desk,
) -> None:
    desk.visit()
    desk.run(turns=2)
    desk.simulator.mood.drops_answers = True
    desk.send()
    change_day(desk, starts=7 * 60 + 45)
    desk.later(seconds=5)
    desk.gather()
    assert [message.state for message in desk.messages()] == ["waiting", "waiting"]
    desk.simulator.mood.drops_answers = False
    desk.later(hours=1)
    desk.run()
    first, second = desk.taken()
    assert first.sequence < second.sequence
    assert desk.held()[0]["AdjInDateTime"] == "2026-11-23T15:45:00Z"


def test_a_batch_that_it_has_forgotten_is_sent_once_more(desk: Desk) -> None:
    desk.visit()
    desk.gather()
    desk.send()
    desk.simulator.mood.forgets_batches = True
    desk.later(minutes=6)
    desk.ask()
    desk.simulator.mood.forgets_batches = False
    desk.run()
    assert desk.record().state == "accepted"
    assert len(desk.taken("client")) == 1


def test_each_sent_visit_with_coordinates_stands_on_record_once(desk: Desk) -> None:
    number = desk.visit(position=AT_ROSAS)
    desk.visit(MONDAY + timedelta(hours=5), location=Location.COMMUNITY)
    desk.run(turns=2)
    desk.simulator.mood.drops_answers = True
    desk.run(turns=2)
    desk.simulator.mood.drops_answers = False
    desk.later(hours=2)
    desk.run()
    rows = desk.session.execute(
        select(AuditEvent.subject, AuditEvent.facts).where(AuditEvent.action == "location:sent")
    ).all()
    assert [row.subject for row in rows] == [f"visit:{number}"]
    assert rows[0].facts == {
        "to": "aggregator",
        "sequence": desk.records()[0].sequence,
        "coordinates": 2,
    }


def test_keys_that_appear_late_are_not_missed(desk: Desk) -> None:
    """PostgreSQL gives keys out before it commits: a lower one may come into sight after a higher one."""
    desk.visit()
    desk.visit(MONDAY + timedelta(hours=5))
    events = visits.EVENT
    first = desk.session.execute(select(events).order_by(events.c.id).limit(2)).all()
    keys = [row.id for row in first]
    visit = desk.session.execute(
        select(visits.VISIT).where(visits.VISIT.c.id == first[0].visit_id)
    ).one()
    desk.session.execute(delete(events).where(events.c.id.in_(keys)))
    desk.session.execute(delete(visits.VISIT).where(visits.VISIT.c.id == visit.id))
    desk.session.commit()
    desk.gather()
    assert len(desk.records()) == 1

    desk.session.execute(visits.VISIT.insert(), [dict(visit._mapping)])
    desk.session.execute(events.insert(), [dict(row._mapping) for row in first])
    desk.session.commit()
    desk.run()
    assert len(desk.held()) == 2
    cursors = desk.session.scalars(select(AggregatorCursor)).all()
    assert [cursor.holes for cursor in cursors] == [{}, {}]


def test_a_key_that_never_appears_is_given_up(desk: Desk) -> None:
    desk.visit()
    events = visits.EVENT
    first = desk.session.scalar(select(func.min(events.c.id)))
    desk.session.execute(delete(events).where(events.c.id == first))
    desk.session.commit()
    desk.gather()
    cursor = desk.session.scalars(
        select(AggregatorCursor).where(AggregatorCursor.source == "visit_event")
    ).one()
    assert str(first) in cursor.holes
    desk.later(minutes=11)
    desk.visit(MONDAY + timedelta(hours=5))
    desk.gather()
    assert str(first) not in cursor.holes


def test_a_visit_whose_row_is_gone_is_cancelled(desk: Desk) -> None:
    number = desk.visit()
    desk.run()
    desk.session.execute(
        visits.EVENT.update().where(visits.EVENT.c.visit_id == number).values(visit_id=None)
    )
    desk.session.execute(delete(visits.VISIT).where(visits.VISIT.c.id == number))
    desk.session.commit()
    desk.visit(MONDAY + timedelta(hours=5))
    desk.run()
    assert [each["VisitCancelledIndicator"] for each in desk.held()] == ["true", "false"]
    assert desk.session.scalars(select(AggregatorRecord.visit_id).order_by(AggregatorRecord.id))


def test_thirty_assignments_are_told_of_in_rounds(desk: Desk, session: Session) -> None:
    for number in range(30):
        desk.visit(MONDAY + timedelta(minutes=number), assignment=_another(desk, number))
    desk.run()
    assert len(desk.held()) == 30


def _another(desk: Desk, number: int) -> Assignment:
    rosa = desk.world.ana_for_rosa
    another = assign(
        desk.session, rosa.provider, rosa.case, 600, starts_on=date(2024, 1, 1 + number)
    )
    desk.session.commit()
    return another
