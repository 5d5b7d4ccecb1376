"""What a phone proves with each tap: by which key it is signed, what came before it, and after when."""

import gzip
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.accounts import Account
from app.models.visits import RefusedItem, VisitEvent
from factories import World
from phones import Item, Phone, of_the_first_form, short

NOW = datetime(2026, 3, 16, 15, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HEADERS = {"X-Requested-With": "carehours", "Sec-Fetch-Site": "same-origin"}


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def ana(world: World, signed_in: Callable[[Account], FlaskClient]) -> FlaskClient:
    return signed_in(world.ana)


@pytest.fixture
def phone(session: Session, world: World) -> "AnasPhone":
    return AnasPhone(session, world)


class AnasPhone(Phone):
    """Ana's phone, at Rosa's door."""

    def __init__(self, session: Session, world: World) -> None:
        super().__init__(session, world.ana, NOW)
        self.rosa = world.ana_for_rosa.id

    def tap(self, kind: str, made_at: datetime, since: int | None = None) -> Item:
        return self.says(kind, made_at, since=since, assignment=self.rosa, location="home")


def _json(content: object) -> str:
    return json.dumps(content, separators=(",", ":"), ensure_ascii=False)


def send(client: FlaskClient, *items: Any) -> Any:
    response = client.post(
        "/offline/events", data=_json(items), headers=HEADERS, content_type="application/json"
    )
    assert response.status_code == 200, response.text
    return response.json


def results(client: FlaskClient, *items: Any) -> list[tuple[str, str | None]]:
    return [(each["result"], each.get("code")) for each in send(client, *items)["results"]]


def events(session: Session) -> list[VisitEvent]:
    return list(session.scalars(select(VisitEvent).order_by(VisitEvent.id)))


def a_day(phone: AnasPhone) -> list[Item]:
    kinds = ("check-in", "check-out", "check-in", "check-out")
    return [phone.tap(kind, NOW - (60 - 10 * number) * MINUTE) for number, kind in enumerate(kinds)]


def test_each_tap_is_kept_with_its_link(client, session, phone) -> None:
    first, second = phone.tap("check-in", NOW - 9 * MINUTE), phone.tap("check-out", NOW - MINUTE)

    assert results(client, first, second) == [("received", None)] * 2

    one, two = events(session)
    assert (one.signed, one.chain_number, one.chain_previous) == (True, 1, "")
    assert (two.signed, two.chain_number, two.chain_previous) == (True, 2, one.chain_hash)
    assert one.chain_key == two.chain_key
    assert two.chain_hash == phone.previous


def test_the_last_signature_speaks_for_all_before_it(client, session, phone) -> None:
    assert results(client, *short(a_day(phone))) == [("received", None)] * 4

    assert [(event.signed, event.chain_number) for event in events(session)] == [
        (True, number) for number in (1, 2, 3, 4)
    ]


def test_a_signature_does_not_speak_for_what_was_put_in_before_it(
    client, ana, session, phone
) -> None:
    items = short(a_day(phone))
    items[1]["data"]["location"] = "community"

    response = client.post(
        "/offline/events", data=_json(items), headers=HEADERS, content_type="application/json"
    )
    assert response.status_code == 401
    assert [result for result, _ in results(ana, *items)] == ["received"] * 4
    assert not any(event.signed or event.chain_key for event in events(session))


def test_an_item_of_the_first_form_is_still_signed(client, session, phone) -> None:
    item = phone.tap("check-in", NOW)

    assert results(client, phone.signed(of_the_first_form(item))) == [("received", None)]
    [event] = events(session)
    assert (event.signed, event.chain_key) == (True, None)


@pytest.mark.parametrize(
    "proof",
    [None, [], "x", {}, {"number": 0}, {"number": True}, {"number": "1"}, {"number": 2**40}],
    ids=str,
)
def test_a_proof_that_makes_no_sense_takes_nothing_from_the_tap(ana, session, phone, proof) -> None:
    assert results(ana, phone.tap("check-in", NOW) | {"proof": proof}) == [("received", None)]
    [event] = events(session)
    assert not event.signed


def test_the_time_after_which_it_was_comes_from_our_own_answer(ana, session, phone, clock) -> None:
    phone.anchor = send(ana)["anchor"]
    year = timedelta(days=365)
    clock.shift(timedelta(days=3))

    assert results(ana, phone.tap("check-in", NOW + 20 * MINUTE - year, since=20 * 60)) == [
        ("received", None)
    ]
    [event] = events(session)
    assert (event.anchored_at, event.since_anchor_s) == (NOW, 20 * 60)
    assert event.counts_at == NOW + 20 * MINUTE
    assert event.made_at == NOW + 20 * MINUTE - year


def test_an_anchor_of_somebody_elses_making_proves_nothing(ana, session, phone) -> None:
    phone.anchor = "mmtkn6x7.AAAAAAAAAAAAAAAAAAAAAA"

    assert results(ana, phone.tap("check-in", NOW - MINUTE)) == [("received", None)]
    [event] = events(session)
    assert (event.signed, event.anchored_at) == (True, None)


def test_pages_and_facts_carry_the_newest_anchor(ana, app: Flask) -> None:
    anchor = app.extensions["time_anchors"].make(NOW)

    assert ana.get("/offline/facts").json["anchor"] == anchor
    assert f'data-anchor="{anchor}"' in ana.get("/").text


def test_what_is_refused_is_kept_for_the_county_once(ana, session, world, phone) -> None:
    item = phone.tap("check-in", NOW)
    again = {**item, "data": {"assignment": world.ana_for_rosa.id, "location": "community"}}

    assert results(ana, item) == [("received", None)]
    assert results(ana, again) == results(ana, again) == [("refused", "ID_REUSED")]

    [kept] = session.scalars(select(RefusedItem))
    assert (kept.code, kept.submission_id, kept.assignment_id) == (
        "ID_REUSED", item["id"], world.ana_for_rosa.id,
    )  # fmt: skip


def test_a_packed_list_is_read_as_any_other(ana, session, phone) -> None:
    body = gzip.compress(_json(short(a_day(phone))).encode())

    response = ana.post(
        "/offline/events", data=body, content_type="application/json",
        headers=HEADERS | {"Content-Encoding": "gzip"},
    )  # fmt: skip

    assert [each["result"] for each in response.json["results"]] == ["received"] * 4
    assert len(events(session)) == 4


@pytest.mark.parametrize(
    ("packing", "body", "status"),
    [
        ("gzip", gzip.compress(b"[" + b" " * 2_000_000 + b"]"), 413),
        ("gzip", b"no gzip at all", 400),
        ("gzip", gzip.compress(b"[]")[:-9], 200),
        ("br", b"[]", 415),
    ],
    ids=["too large", "no gzip", "cut short", "another packing"],
)
def test_a_body_packed_oddly_is_answered_and_never_grows(ana, packing, body, status) -> None:
    response = ana.post(
        "/offline/events", data=body, content_type="application/json",
        headers=HEADERS | {"Content-Encoding": packing},
    )  # fmt: skip

    assert (response.status_code, response.is_json) == (status, True)
