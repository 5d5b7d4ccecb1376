"""What goes out holds the law's six elements, and nothing that need not leave."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.evv_codes import Why, codes, load
from app.domain.evv_records import (
    Change,
    Client,
    Element,
    Employee,
    Sender,
    Tap,
    Visit,
    client_record,
    coordinates_in,
    employee_record,
    missing_elements,
    taps_of_day,
    visit_record,
    with_sequence,
)
from app.domain.visits import EventKind, Location, Place

SENDER = Sender("000000000", "hours.example")
EIGHT = datetime(2026, 11, 23, 16, tzinfo=UTC)
HOME = (34.06221234567, -118.309)
CAME = Tap("11", EventKind.CHECK_IN, EIGHT, Location.HOME)
WENT = Tap("12", EventKind.CHECK_OUT, EIGHT + timedelta(hours=3), Location.HOME)
VISIT = Visit("V7", "ihss", "1000001", "100000001", (CAME, WENT))
ROSA = Client(
    "1000001", "Rosa", "Delgado", "1 Example Street, Los Angeles, CA 90004", "Los Angeles",
    frozenset({"ihss"}),
)  # fmt: skip


def test_a_visit_has_the_six_elements() -> None:
    record = visit_record(VISIT, SENDER)
    assert missing_elements(record) == []
    assert record["ProcedureCode"] == "T1019"
    assert record["Calls"][0]["CallDateTime"] == "2026-11-23T16:00:00Z"


@pytest.mark.parametrize(
    ("without", "missing"),
    [
        ({"ProcedureCode": None}, [Element.SERVICE]),
        ({"ClientIdentifier": ""}, [Element.RECIPIENT]),
        ({"EmployeeIdentifier": None}, [Element.PROVIDER]),
        ({"Calls": []}, [Element.DATE, Element.PLACE, Element.BEGIN, Element.END]),
    ],
)
def test_what_is_missing_is_named(without: dict[str, object], missing: list[Element]) -> None:
    assert missing_elements(visit_record(VISIT, SENDER) | without) == missing


def test_a_forgotten_tap_is_missing_until_its_time_is_given() -> None:
    only_in = replace(VISIT, taps=(CAME,))
    assert missing_elements(visit_record(only_in, SENDER)) == [Element.END]
    given = replace(only_in, ends_at=WENT.at)
    assert missing_elements(visit_record(given, SENDER)) == []
    only_out = replace(VISIT, taps=(WENT,))
    assert missing_elements(visit_record(only_out, SENDER)) == [Element.BEGIN]


def test_a_cancelled_visit_says_only_that_there_is_none() -> None:
    record = visit_record(replace(VISIT, is_cancelled=True, ends_at=WENT.at), SENDER)
    assert (record["Calls"], record["VisitCancelledIndicator"]) == ([], "true")
    assert "AdjOutDateTime" not in record
    assert missing_elements(record) == []


def test_coordinates_leave_for_home_alone() -> None:
    at_home = replace(CAME, position=HOME)
    record = visit_record(replace(VISIT, taps=(at_home, WENT)), SENDER)
    assert record["Calls"][0]["CallLatitude"] == 34.0622123
    assert [call["CallType"] for call in record["Calls"]] == ["Mobile", "Other"]
    assert coordinates_in(record) == 1


@pytest.mark.parametrize("by_hand", [False, True])
def test_never_for_the_community_even_if_there_are_some(by_hand: bool) -> None:
    out = replace(CAME, location=Location.COMMUNITY, position=HOME, by_hand=by_hand)
    record = visit_record(replace(VISIT, taps=(out, WENT)), SENDER)
    assert coordinates_in(record) == 0
    assert record["Calls"][0]["VisitLocationType"] == "2"


def test_a_change_names_its_reason_and_no_address_of_a_person() -> None:
    visit = replace(VISIT, changes=(Change(Why.TIMES_CHANGED, EIGHT), Change(Why.LATE_TAP, EIGHT)))
    record = with_sequence(visit_record(visit, SENDER), 20261124020000)
    assert [change["ChangeMadeByEmail"] for change in record["VisitChanges"]] == [
        "100000001@hours.example",
        "portal@hours.example",
    ]
    assert {change["SequenceID"] for change in record["VisitChanges"]} == {"20261124020000"}
    assert record["SequenceID"] == 20261124020000
    assert visit.has_manual_edit
    assert not replace(visit, changes=(Change(Why.LATE_TAP, EIGHT),)).has_manual_edit


@pytest.mark.parametrize(
    ("place", "types"),
    [(Place.HOME, ["1", "1"]), (Place.COMMUNITY, ["2", "2"]), (Place.BOTH, ["1", "2"])],
)
def test_a_day_without_taps_is_two_calls_by_hand(place: Place, types: list[str]) -> None:
    visit = replace(VISIT, taps=taps_of_day("7", EIGHT, WENT.at, place))
    record = visit_record(visit, SENDER)
    assert [call["VisitLocationType"] for call in record["Calls"]] == types
    assert {call["CallType"] for call in record["Calls"]} == {"Manual"}
    assert visit.has_manual_edit


def test_a_recipient_is_named_by_her_case_and_no_more_than_is_needed_leaves() -> None:
    record = client_record(ROSA, SENDER)
    (address,) = record["ClientAddress"]
    assert (address["ClientAddressLine1"], address["ClientCity"]) == (
        "1 Example Street",
        "Los Angeles",
    )
    assert (address["ClientState"], address["ClientZip"]) == ("CA", "900040000")
    assert not any(word in str(record) for word in ("SSN", "Latitude", "Phone", "Birth"))


@pytest.mark.parametrize(
    ("address", "line", "city", "zip_code"),
    [
        ("412 Example Street, Los Angeles", "412 Example Street", "Los Angeles", None),
        ("5 A St, Apt 3, Fresno, CA 93650-1234", "5 A St, Apt 3", "Fresno", "936501234"),
        ("9 B St\nFresno, California", "9 B St", "Fresno", None),
        ("1 Example Street", "1 Example Street", None, None),
        ("Calle Ñandú № 5, Fresno", "Calle Nandu No 5", "Fresno", None),
    ],
)
def test_an_address_is_read_as_far_as_it_goes(
    address: str, line: str, city: str | None, zip_code: str | None
) -> None:
    (read,) = client_record(replace(ROSA, address=address), SENDER)["ClientAddress"]
    assert read["ClientAddressLine1"] == line
    assert (read.get("ClientCity"), read.get("ClientZip")) == (city, zip_code)


def test_names_are_written_in_the_letters_that_are_taken() -> None:
    record = employee_record(Employee("100000001", "María José", "Ordóñez–O’Neill"), SENDER)
    assert record["EmployeeFirstName"] == "Maria Jose"
    assert record["EmployeeLastName"] == "OrdonezO'Neill"


def test_every_reason_has_a_code_and_its_authority(tmp_path) -> None:
    for reason in codes().reasons.values():
        assert reason.code
        assert reason.authority
        assert reason.reference.startswith("https://")
        assert len(reason.memo) <= 256
    broken = tmp_path / "codes.toml"
    broken.write_text('time_zone = "US/Pacific"\n[programs]\n[reasons]\n')
    with pytest.raises(ValueError, match="LATE_TAP"):
        load(broken)
