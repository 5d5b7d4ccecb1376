"""What a phone keeps and sends later: each item with its own answer, whatever it says."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select

from app.extensions import db
from app.models.accounts import Account
from app.models.prepared import _Form
from app.models.timesheets import TimeEntry, Timesheet
from app.models.visits import Visit, VisitEvent
from app.services import audit, sessions
from factories import ROSAS_HOME, World, build_world
from phones import Phone

NOW = datetime(2026, 11, 23, 16, 2, 0, 125000, tzinfo=UTC)
HEADERS = {"X-Requested-With": "carehours", "Sec-Fetch-Site": "same-origin"}
ADDRESS = "/offline/events"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def ana(world: World, signed_in: Callable[[Account], FlaskClient]) -> FlaskClient:
    return signed_in(world.ana)


def instant(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def item(account: Account, kind: str, made_at: datetime = NOW, **data: Any) -> dict[str, Any]:
    return {
        "id": str(uuid4()),
        "kind": kind,
        "account": account.id,
        "made_at": instant(made_at),
        "data": data,
        "device": None,
        "signature": None,
    }


def check_in(world: World, made_at: datetime = NOW, **data: Any) -> dict[str, Any]:
    data = {"assignment": world.ana_for_rosa.id, "location": "home"} | data
    return item(world.ana, "check-in", made_at, **data)


def check_out(world: World, made_at: datetime, **data: Any) -> dict[str, Any]:
    return check_in(world, made_at, **data) | {"kind": "check-out"}


def send(client: FlaskClient, *items: Any) -> list[dict[str, Any]]:
    response = post(client, *items)
    assert response.status_code == 200, response.text
    return response.json["results"]


def post(client: FlaskClient, *items: Any) -> Any:
    """As a browser writes it: the names in the order in which they were signed."""
    body = json.dumps(items)
    return client.post(ADDRESS, data=body, headers=HEADERS, content_type="application/json")


# ── Answers ──────────────────────────────────────────────────────────────────────────────────────


def test_a_day_at_the_door_is_received_item_by_item(ana, session, world) -> None:
    arrived = check_in(world, NOW - timedelta(hours=3))
    place = item(
        world.ana,
        "position",
        event=arrived["id"],
        latitude=str(ROSAS_HOME[0]),
        longitude=str(ROSAS_HOME[1]),
        accuracy="18.0",
    )
    left = check_out(world, NOW - timedelta(minutes=2))
    came, where, went = send(ana, arrived, place, left)

    assert [came["result"], where["result"], went["result"]] == ["received"] * 3
    assert (where["facts"], where["message"]) == (
        {"place": "at_home"},
        "At home. The phone knew the place to within 60 feet.",
    )
    entry = session.scalars(select(TimeEntry)).one()
    assert went["message"] == "2 hours 58 minutes today for Rosa. Added to your timesheet."
    assert went["facts"] == {
        "visit_id": came["facts"]["visit_id"],
        "minutes": 178,
        "timesheet_id": entry.timesheet_id,
    }
    assert came["receipt"].startswith("R-")


def test_a_repeat_has_the_same_answer_and_another_content_is_refused(ana, world) -> None:
    arrived, left = check_in(world, NOW - timedelta(hours=1)), check_out(world, NOW)
    first = send(ana, arrived, left)
    assert send(ana, arrived, left) == first
    (again,) = send(ana, arrived | {"data": arrived["data"] | {"location": "community"}})
    assert (again["result"], again["code"]) == ("refused", "ID_REUSED")
    assert "message" in again


def test_an_undo_and_a_day_of_a_timesheet_are_received(ana, session, world) -> None:
    left = check_out(world, NOW - timedelta(minutes=1))
    send(ana, check_in(world, NOW - timedelta(hours=1)), left)
    entry = session.scalars(select(TimeEntry)).one()
    began_from = entry.revision
    mistake = check_in(world, NOW)
    values = {
        "timesheet": entry.timesheet_id,
        "on": "2026-11-23",
        "base": began_from,
        "minutes": 75,
        "starts": "07:02",
        "ends": "08:17",
        "location": "home",
    }
    day = item(world.ana, "entry", **values)
    answers = send(ana, mistake, item(world.ana, "undo", event=mistake["id"]), day)
    assert [answer["result"] for answer in answers] == ["received"] * 3
    assert answers[2]["facts"] == {"revision": began_from + 1}
    assert answers[2]["receipt"]
    assert send(ana, day)[0] == answers[2]

    stale = item(world.ana, "entry", **values | {"minutes": 90})
    (conflict,) = send(ana, stale)
    assert conflict["result"] == "conflict"
    assert conflict["theirs"] == {
        "minutes": 75,
        "starts": "07:02",
        "ends": "08:17",
        "location": "home",
        "revision": began_from + 1,
    }


def test_a_clock_a_year_ahead_is_received_and_said_to_be_wrong(ana, session, world) -> None:
    (answer,) = send(ana, check_in(world, NOW + timedelta(days=365)))
    assert (answer["result"], answer["code"]) == ("received", "CLOCK_AHEAD")
    assert "clock" in answer["message"]
    assert session.scalars(select(Visit.began_at)).one() == NOW


@pytest.mark.parametrize("year", ["0001", "1970", "9999"])
def test_a_clock_from_another_age_is_received_and_can_be_undone(ana, session, world, year) -> None:
    made_at = {"made_at": f"{year}-01-01T00:00:00.000Z"}
    tap = check_in(world) | made_at
    undo = item(world.ana, "undo", event=tap["id"]) | {"made_at": f"{year}-01-01T00:01:00.000Z"}
    assert [answer["result"] for answer in send(ana, tap, undo)] == ["received"] * 2
    assert session.scalars(select(Visit.undone_reason)).one() == "UNDONE"


@pytest.mark.parametrize(
    ("where", "problem"),
    [
        ({"latitude": "NaN", "longitude": "-118.3", "accuracy": "12"}, "not_a_number"),
        ({"latitude": "34.0"}, "missing"),
        ({"latitude": "91", "longitude": "0", "accuracy": "5"}, "out_of_range"),
        ({"latitude": 1e999, "longitude": 0, "accuracy": 5}, "out_of_range"),
        ({"latitude": 10**400, "longitude": "0", "accuracy": "5"}, "out_of_range"),
        ({"latitude": [], "longitude": {}, "accuracy": True}, "not_a_number"),
        ({"unavailable": "denied"}, "denied"),
        ({"unavailable": ["x"]}, "unavailable"),
    ],
)
def test_a_position_that_is_none_is_received_as_that(ana, session, world, where, problem) -> None:
    tap = check_in(world)
    answers = send(ana, tap, item(world.ana, "position", event=tap["id"], **where))
    assert [answer["result"] for answer in answers] == ["received"] * 2
    stored = session.scalars(select(VisitEvent).where(VisitEvent.kind == "position")).one()
    assert (stored.position_problem, stored.position) == (problem, None)


def test_a_position_of_fifty_kilometres_is_too_vague_to_tell(ana, world) -> None:
    tap = check_in(world)
    where = {"latitude": "34.0622", "longitude": "-118.309", "accuracy": "50000.0"}
    answers = send(ana, tap, item(world.ana, "position", event=tap["id"], **where))
    assert answers[1]["facts"] == {"place": "too_vague"}
    assert answers[1]["message"].startswith("Too vague to tell.")


# ── Bad input ────────────────────────────────────────────────────────────────────────────────────

NESTED = json.loads("[" * 200 + "]" * 200)


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "1"},
        {"id": "ABCDEF00-0000-4000-8000-000000000000\n"},
        {"id": None},
        {"kind": "check-through"},
        {"kind": ["check-in"]},
        {"account": True},
        {"account": 10**30},
        {"made_at": "yesterday"},
        {"made_at": "٢٠٢٦-11-23T16:02:00.000Z"},
        {"made_at": "2026-13-23T16:02:00.000Z"},
        {"made_at": 1795000000},
        {"made_at": "2026-11-23T16:02:00"},
        {"data": None},
        {"data": []},
        {"data": NESTED},
        {"data": {"assignment": NESTED, "location": "home"}},
        {"data": {"assignment": 10**30, "location": "home"}},
        {"data": {"assignment": "1", "location": "home"}},
        {"data": {"assignment": -1, "location": "home"}},
        {"data": {"assignment": 1, "location": "moon"}},
        {"data": {"assignment": 1, "location": {}}},
        {"data": {"assignment": 1}},
        {"kind": "undo", "data": {"event": "x"}},
        {"kind": "position", "data": {}},
        {"kind": "entry", "data": {"timesheet": 1, "on": "2026-02-30", "base": 0}},
        {"kind": "entry", "data": {"timesheet": 1, "on": "2026-11-23", "base": -1}},
        {
            "kind": "entry",
            "data": {"timesheet": 1, "on": "2026-11-23", "base": 0, "minutes": "8.5"},
        },
        {
            "kind": "entry",
            "data": {"timesheet": 1, "on": "2026-11-23", "base": 0, "starts": "٠٨:٠٠"},
        },
        {"kind": "entry", "data": {"timesheet": 1, "on": "2026-11-23", "base": 0, "location": 7}},
    ],
    ids=lambda wrong: str(wrong)[:60],
)
def test_an_item_that_makes_no_sense_is_refused_by_itself(ana, world, wrong) -> None:
    sent, sound = check_in(world) | wrong, check_in(world)
    refused, received = send(ana, sent, sound)
    assert (refused["result"], refused["code"]) == ("refused", "ITEM_NOT_UNDERSTOOD")
    assert refused["message"]
    assert refused["id"] == sent["id"]
    assert received["result"] == "received"


@pytest.mark.parametrize("raw", [None, 7, "x", [], [[]], True])
def test_what_is_no_item_at_all_is_refused_too(ana, raw) -> None:
    (answer,) = send(ana, raw)
    assert (answer["id"], answer["code"]) == (None, "ITEM_NOT_UNDERSTOOD")


def test_hours_out_of_range_and_foreign_sheets_are_refused_with_a_sentence(
    ana, session, world
) -> None:
    send(ana, check_in(world, NOW - timedelta(hours=1)), check_out(world, NOW))
    sheet = session.scalars(select(Timesheet)).one()
    day = {"timesheet": sheet.id, "on": "2026-11-23", "base": 1, "minutes": 1500}
    refused = send(
        ana,
        item(world.ana, "entry", **day),
        item(world.ana, "entry", **day | {"minutes": 60, "on": "2026-10-01"}),
        item(world.ana, "entry", **day | {"minutes": 60, "starts": "25:00"}),
        item(world.ana, "entry", **day | {"timesheet": 9999}),
        check_in(world, assignment=world.maria_for_nune.id),
    )
    assert [answer["result"] for answer in refused] == ["refused"] * 5
    assert [answer["code"] for answer in refused] == [
        "DAY_VALUES_WRONG",
        "OUTSIDE_PERIOD",
        "TIME_OUT_OF_RANGE",
        "TIMESHEET_UNKNOWN",
        "ASSIGNMENT_UNKNOWN",
    ]
    assert all(answer["message"] for answer in refused)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"{}", 400),
        (b'"x"', 400),
        (b"\xff\xfe", 400),
        (b"[" * 100_000, 400),
        (b"[" * 100_000 + b"]" * 100_000, 400),
        (b"[" + b"1" * 900_000 + b"]", 200),
        (b"[" + b"1," * 500 + b"1]", 413),
        (b"[" + b" " * 1_100_000 + b"]", 413),
    ],
    ids=lambda value: str(value)[:24],
)
def test_a_body_that_is_no_list_of_at_most_500_gets_json_and_no_crash(ana, body, status) -> None:
    response = ana.post(ADDRESS, data=body, headers=HEADERS, content_type="application/json")
    assert (response.status_code, response.is_json) == (status, True)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (HEADERS | {"Sec-Fetch-Site": "cross-site"}, 403),
        ({"X-Requested-With": "carehours", "Origin": "https://elsewhere.example"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 415),
        ({"X-Requested-With": "carehours"}, 200),
    ],
)
def test_only_our_own_scripts_may_send(ana, world, headers, status) -> None:
    response = ana.post(ADDRESS, json=[check_in(world)], headers=headers)
    assert response.status_code == status
    text = ana.post(ADDRESS, data="[]", headers=HEADERS, content_type="text/plain")
    assert text.status_code == 415


# ── Whose it is ──────────────────────────────────────────────────────────────────────────────────


def test_without_a_session_the_answer_is_401_as_json(client, world) -> None:
    response = client.post(ADDRESS, json=[check_in(world)], headers=HEADERS)
    assert (response.status_code, response.json) == (401, {"error": "sign_in"})


def test_another_persons_item_is_left_on_the_phone(world, signed_in, session) -> None:
    (answer,) = send(signed_in(world.maria), check_in(world))
    assert (answer["result"], answer["code"]) == ("refused", "OTHER_ACCOUNT")
    assert session.scalars(select(VisitEvent)).all() == []


def test_an_enrolled_phone_needs_no_session_and_reads_nothing(client, session, world) -> None:
    phone = Phone(session, world.ana, NOW)
    left = phone.signed(check_out(world, NOW))
    came, went = send(client, phone.signed(check_in(world, NOW - timedelta(hours=1))), left)
    assert set(went) == {"id", "result", "receipt"}
    assert came["result"] == "received"
    stored = session.scalars(select(VisitEvent)).all()
    assert {(one.signed, one.device_id) for one in stored} == {(True, phone.device)}

    day = {"timesheet": 1, "on": "2026-11-23", "base": 0, "minutes": 60}
    (kept,) = send(client, phone.signed(item(world.ana, "entry", **day)))
    assert (kept["result"], kept["code"]) == ("keep", "SIGN_IN_FIRST")


def test_a_signature_binds_every_word_and_ends_with_the_phone(client, session, world) -> None:
    phone = Phone(session, world.ana, NOW)
    signed = phone.signed(check_in(world))
    tampered = [
        signed | {"data": signed["data"] | {"location": "community"}},
        signed | {"account": world.maria.id},
        signed | {"made_at": instant(NOW - timedelta(hours=1))},
        signed | {"signature": signed["signature"][:-4] + "AAAA"},
        signed | {"signature": "…"},
        signed | {"signature": "A" * 128},
        signed | {"device": phone.device + 1},
        signed | {"data": signed["data"] | {"odd": "\ud800"}},
    ]
    for wrong in [*tampered, []]:
        items = [signed, wrong] if wrong else []
        assert post(client, *items).status_code == 401
    phone.trust.revoked_at = NOW
    session.commit()
    assert post(client, signed).status_code == 401
    assert session.scalars(select(VisitEvent)).all() == []


def test_a_bad_signature_with_a_session_is_received_unsigned(ana, session, world) -> None:
    phone = Phone(session, world.ana, NOW)
    wrong = phone.signed(check_in(world)) | {"signature": "A" * 86}
    assert send(ana, wrong)[0]["result"] == "received"
    assert session.scalars(select(VisitEvent.signed)).one() is False


# ── At once ──────────────────────────────────────────────────────────────────────────────────────


def test_the_same_event_fifty_times_at_once_is_one_row_and_fifty_equal_answers(
    real_app: Flask,
) -> None:
    with real_app.app_context():
        world = build_world(db.session)
        token = sessions.start(
            db.session, world.ana, method="passkey", device_id=None, at=datetime.now(UTC)
        )
        db.session.commit()
        sent = check_in(world, datetime.now(UTC))
        chain = audit.chain_of(world.ana)

    def once(_number: int) -> tuple[int, str]:
        client = real_app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"] = token
            cookie["_fresh"] = True
        response = client.post(ADDRESS, json=[sent], headers=HEADERS)
        return response.status_code, json.dumps(response.json["results"])

    with ThreadPoolExecutor(10) as pool:
        answers = set(pool.map(once, range(50)))
    assert len(answers) == 1, answers
    with real_app.app_context():
        assert db.session.scalar(select(func.count(VisitEvent.id))) == 1
        assert db.session.scalar(select(func.count(Visit.id))) == 1
        assert audit.broken_links(db.session, chain) == []


def test_a_check_in_takes_few_statements(ana, session, world, monkeypatch) -> None:
    phone = Phone(session, world.ana, NOW)
    send(ana, check_in(world, NOW - timedelta(days=1)), check_out(world, NOW - timedelta(hours=20)))
    session.expunge_all()
    sent = phone.signed(check_in(world))
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "SELECT pg_advisory")):
            statements.append(statement)

    run = _Form.run

    def note_and_run(form: _Form, cursor: Any, values: Any) -> None:
        statements.append(form.text)
        run(form, cursor, values)

    monkeypatch.setattr(_Form, "run", note_and_run)
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        (answer,) = send(ana, sent)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert answer["result"] == "received"
    assert 5 <= len(statements) <= 9, "\n".join(statements)


def test_a_check_in_costs_at_most_three_kilobytes_both_ways(ana, session, world) -> None:
    phone = Phone(session, world.ana, NOW)
    response = post(ana, phone.signed(check_in(world)))
    asked = response.request.environ
    heads = sum(
        len(name) + len(str(value)) + 4 for name, value in asked.items() if name[:5] == "HTTP_"
    )
    answer = len(response.data) + sum(len(n) + len(v) + 4 for n, v in response.headers)
    browser = 700  # what a browser adds of its own: user agent, accept, client hints
    assert heads + int(asked["CONTENT_LENGTH"]) + browser + answer <= 3000


# ── The installed app ────────────────────────────────────────────────────────────────────────────


def test_the_worker_is_of_this_release_and_its_modules_are_served(client) -> None:
    worker = client.get("/sw.js")
    assert (worker.mimetype, worker.headers["Cache-Control"]) == ("text/javascript", "no-cache")
    assert "__VERSION__" not in worker.text
    assert "__ASSETS__" not in worker.text
    with client.get("/sw/outbox.js") as module:
        assert (module.status_code, module.headers["Cache-Control"]) == (200, "no-cache")
    assert client.get("/sw/tests/outbox.test.js").status_code == 404
    assert client.get("/sw/../pyproject.toml").status_code == 404


def test_the_manifest_is_one(client) -> None:
    manifest = client.get("/manifest.webmanifest")
    assert manifest.mimetype == "application/manifest+json"
    assert json.loads(manifest.text)["start_url"] == "/"


def test_the_shell_knows_nobody(ana, client) -> None:
    pages = [browser.get("/offline/shell") for browser in (ana, client)]
    assert pages[0].text == pages[1].text
    assert "Ana" not in pages[0].text
    assert "csrf" not in pages[0].text
    assert "Set-Cookie" not in pages[1].headers


def test_the_facts_are_for_providers_and_hold_cards_and_sheets(
    ana, client, world, signed_in
) -> None:
    send(ana, check_in(world))
    facts = ana.get("/offline/facts").json
    rosa = next(card for card in facts["cards"] if card["recipient"] == "Rosa Delgado")
    assert datetime.fromisoformat(rosa["checked_in_at"]) == NOW
    assert client.get("/offline/facts").status_code == 401
    assert signed_in(world.rosa).get("/offline/facts").status_code == 403


def test_coordinates_are_in_no_log_of_ours(ana, session, world, caplog, tmp_path: Path) -> None:
    tap = check_in(world)
    where = {"latitude": "34.062211", "longitude": "-118.309", "accuracy": "9"}
    with caplog.at_level("DEBUG"):
        send(ana, tap, item(world.ana, "position", event=tap["id"], **where))
    assert "34.0622" not in caplog.text
