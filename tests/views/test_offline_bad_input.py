"""Whatever comes from a phone is answered in a sentence, kept where it can be, and breaks nothing.

The list is that of the requirements: what is out of its days, its order or its form, from two phones at
once, from an older page or a newer one, packed to burst. Attacks on what is believed: test_attacks.py.
"""

import gzip
import json
import time
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from app.models.timesheets import TimeEntry
from app.models.visits import RefusedItem, Visit, VisitEvent
from factories import ROSAS_HOME, assign
from phone_stage import HEADERS, NOW, Stage
from phones import Item, Phone, of_the_first_form, short

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def refused(stage: Stage) -> list[tuple[str, str]]:
    """What lies before the county: the id of each item and why it was refused."""
    rows = stage.session.scalars(select(RefusedItem).order_by(RefusedItem.id))
    return [(row.submission_id, row.code) for row in rows]


def visits(stage: Stage) -> list[tuple[Any, Any, str | None]]:
    rows = stage.session.scalars(
        select(Visit).order_by(Visit.began_at, Visit.id).execution_options(populate_existing=True)
    )
    return [(row.checked_in_at, row.checked_out_at, row.flag) for row in rows]


def short_employment(stage: Stage) -> int:
    """Ana works for Rosa in a second program, from the first to the ninth of November only."""
    ihss = stage.world.ana_for_rosa
    return assign(
        stage.session, ihss.provider, ihss.case, 600, program="wpcs",
        starts_on=date(2026, 11, 1), ends_on=date(2026, 11, 9),
    ).id  # fmt: skip


@pytest.mark.parametrize(("back", "day"), [(10, "October 31"), (0, "November 10")])
def test_a_tap_before_an_assignment_or_after_its_end_is_refused_with_its_day(
    stage: Stage, back: int, day: str
) -> None:
    tap = stage.phone.check_in(short_employment(stage), NOW - back * DAY)
    sound = stage.phone.check_in(stage.rosa, NOW)
    stage.send(tap, sound, by_session=True)

    no, yes = stage.answers
    assert (no["code"], yes["result"]) == ("NOT_ASSIGNED_THEN", "received")
    assert day in no["message"]
    assert refused(stage) == [(tap["id"], "NOT_ASSIGNED_THEN")]


def test_the_last_day_of_an_assignment_is_its_whole_day_in_california(stage: Stage) -> None:
    last_minute = datetime(2026, 11, 10, 7, 59, tzinfo=UTC)  # 11:59 PM on the ninth
    tap = stage.phone.check_in(short_employment(stage), last_minute)
    stage.send(tap)

    assert stage.seen == {"received"}


@pytest.mark.parametrize(
    ("made_at", "word"), [(NOW + 2 * HOUR, "ahead"), (NOW - 400 * DAY, "behind")]
)
def test_a_time_in_the_future_or_of_last_year_is_received_and_said_to_be_wrong(
    stage: Stage, made_at: datetime, word: str
) -> None:
    stage.send(stage.phone.check_in(stage.rosa, made_at), by_session=True)

    [answer] = stage.answers
    assert answer["result"] == "received"
    assert "clock" in answer["message"]
    assert answer["code"] == f"CLOCK_{word.upper()}"
    assert visits(stage) == [(NOW, None, None)]


@pytest.mark.parametrize("split", [True, False])
@pytest.mark.parametrize("swapped", [True, False])
def test_a_check_out_that_arrives_before_its_check_in_ends_the_same_visit(
    stage: Stage, split: bool, swapped: bool
) -> None:
    came = stage.phone.check_in(stage.rosa, NOW - 3 * HOUR)
    left = stage.phone.check_out(stage.rosa, NOW - HOUR)
    queue = [left, came] if swapped else [came, left]
    for part in [[item] for item in queue] if split else [queue]:
        stage.send(*part)

    assert visits(stage) == [(NOW - 3 * HOUR, NOW - HOUR, None)]
    assert stage.session.scalars(select(TimeEntry.minutes)).one() == 120


def test_a_check_out_made_before_the_check_in_stands_alone_and_the_visit_stays_open(
    stage: Stage,
) -> None:
    stage.send(
        stage.phone.check_out(stage.rosa, NOW - 3 * HOUR),
        stage.phone.check_in(stage.rosa, NOW - HOUR),
    )

    assert visits(stage) == [
        (None, NOW - 3 * HOUR, "OUT_WITHOUT_IN"),
        (NOW - HOUR, None, None),
    ]


def test_two_phones_open_at_once_are_both_received_and_one_end_closes_one_visit(
    stage: Stage,
) -> None:
    tablet = Phone(stage.session, stage.world.ana, NOW - 30 * DAY)
    stage.send(stage.phone.check_in(stage.rosa, NOW - 4 * HOUR))
    stage.send(tablet.check_in(stage.rosa, NOW - 3 * HOUR))
    stage.send(tablet.check_out(stage.rosa, NOW - HOUR))
    assert visits(stage) == [
        (NOW - 4 * HOUR, None, "NO_CHECK_OUT"),
        (NOW - 3 * HOUR, NOW - HOUR, None),
    ]

    stage.send(stage.phone.check_out(stage.rosa, NOW - 2 * HOUR))  # it was without a signal

    assert visits(stage)[1:] == [
        (NOW - 3 * HOUR, NOW - 2 * HOUR, None),
        (None, NOW - HOUR, "OUT_WITHOUT_IN"),
    ]
    assert stage.session.scalars(select(TimeEntry.minutes)).one() == 60
    stage.judge()
    assert stage.seen == {"received"}


def test_two_phones_at_two_doors_count_no_minute_twice(stage: Stage) -> None:
    tablet = Phone(stage.session, stage.world.ana, NOW - 30 * DAY)
    stage.send(
        stage.phone.check_in(stage.rosa, NOW - 4 * HOUR),
        stage.phone.check_out(stage.rosa, NOW - 2 * HOUR),
    )
    stage.send(
        tablet.check_in(stage.walter, NOW - 3 * HOUR), tablet.check_out(stage.walter, NOW - HOUR)
    )

    assert sorted(stage.session.scalars(select(TimeEntry.minutes))) == [60, 120]
    assert [flag for *_, flag in visits(stage)] == ["OVERLAP", "OVERLAP"]


@pytest.mark.parametrize("seed", range(5))
def test_a_signed_queue_in_any_order_cut_and_sent_twice_raises_no_question(
    stage: Stage, seed: int
) -> None:
    """A place that comes before its tap waits for the second time; its link is there all the same."""
    shuffled = Random(seed)  # noqa: S311
    stage.online()
    queue = []
    for number in range(3):
        came = stage.phone.check_in(stage.rosa, stage.later(2 * HOUR))
        place = (ROSAS_HOME[0] + number * 0.0001, ROSAS_HOME[1], 12.0)
        queue += [came, stage.phone.position(came, stage.now, place)]
        queue.append(stage.phone.check_out(stage.rosa, stage.later(HOUR)))
    mixed = shuffled.sample(queue, len(queue))
    cut = shuffled.randrange(1, len(mixed))
    for part in (mixed[:cut], mixed[cut:], queue, short(queue)):
        stage.send(*part)
    stage.judge()

    assert stage.seen <= {"received", "refused TAP_UNKNOWN"}
    assert [answer["result"] for answer in stage.answers] == ["received"] * len(queue)
    numbers = stage.session.scalars(select(VisitEvent.chain_number).where(VisitEvent.signed))
    assert sorted(numbers) == list(range(1, len(queue) + 1))


# ── Older pages, newer pages ─────────────────────────────────────────────────────────────────────


def old(phone: Phone, item: Item) -> Item:
    """An event as an older page kept and signed it."""
    return phone.signed(of_the_first_form(item))


def test_a_queue_of_the_first_form_is_received_signed_and_mixes_with_the_second(
    stage: Stage,
) -> None:
    before = [
        old(stage.phone, stage.phone.check_in(stage.rosa, NOW - 5 * HOUR)),
        old(stage.phone, stage.phone.check_out(stage.rosa, NOW - 4 * HOUR)),
    ]
    stage.phone.number, stage.phone.previous = 0, ""  # the update begins to count
    after = [
        stage.phone.check_in(stage.rosa, NOW - 2 * HOUR),
        stage.phone.check_out(stage.rosa, NOW - HOUR),
    ]
    stage.send(*before, *short(after))
    stage.judge()

    assert stage.seen == {"received"}
    stored = stage.session.execute(
        select(VisitEvent.signed, VisitEvent.chain_number).order_by(VisitEvent.counts_at)
    )
    assert [tuple(row) for row in stored] == [(True, None), (True, None), (True, 1), (True, 2)]


def test_an_item_of_a_page_to_come_is_received_with_what_is_known_of_it(stage: Stage) -> None:
    tap = stage.phone.check_in(stage.rosa, NOW, mood="good") | {"priority": 3, "proof2": {"x": []}}
    tap["proof"]["colour"] = "blue"
    stage.send(tap)

    assert stage.seen == {"received"}


@pytest.mark.parametrize("since", [-1, 1.5, "60", 2**60, [], True])
def test_an_odd_count_of_seconds_takes_nothing_from_the_tap(stage: Stage, since: Any) -> None:
    stage.online()
    stage.send(stage.phone.check_in(stage.rosa, NOW, since=since), by_session=True)

    assert stage.seen == {"received"}
    assert stage.counted() == [NOW]


@pytest.mark.parametrize(
    "told",
    [
        {"sealed": "", "key": 1},
        {"sealed": "!!!", "key": 1},
        {"sealed": "A" * 87, "key": 1},
        {"sealed": "A" * 87, "key": 99},
        {"sealed": "A" * 87, "key": "1"},
        {"sealed": 7, "key": 1},
        {"sealed": "A" * 100_000, "key": 1},
        {"sealed": None, "key": None, "latitude": "1", "longitude": "2"},
    ],
    ids=lambda told: str(told)[:40],
)
def test_a_sealed_place_that_nobody_can_open_is_kept_as_that(
    stage: Stage, told: dict[str, Any]
) -> None:
    tap = stage.phone.check_in(stage.rosa, NOW)
    stage.send(tap, stage.phone.says("position", NOW, event=tap["id"], **told))

    assert stage.seen <= {"received", "refused ITEM_NOT_UNDERSTOOD"}
    assert stage.session.scalars(select(VisitEvent.verdict)).all()[-1] in (None, "no_position")


def test_a_place_before_its_tap_is_told_why_and_can_be_sent_again(stage: Stage) -> None:
    tap = stage.phone.check_in(stage.rosa, NOW)
    place = stage.phone.position(tap, NOW, (*ROSAS_HOME, 9.0))
    stage.send(place)
    assert stage.seen == {"refused TAP_UNKNOWN"}
    assert refused(stage) == [(place["id"], "TAP_UNKNOWN")]

    stage.send(tap, place)

    assert [answer["result"] for answer in stage.answers] == ["received"] * 2


def test_a_place_sent_again_after_the_county_set_the_home_right_is_the_same_event(
    stage: Stage,
) -> None:
    """The answer was lost; meanwhile the home is a mile away."""
    tap = stage.phone.check_in(stage.rosa, NOW)
    place = stage.phone.position(tap, NOW, (*ROSAS_HOME, 9.0))
    first = stage.send(tap, place)
    stage.world.ana_for_rosa.recipient.home = (ROSAS_HOME[0] + 0.0145, ROSAS_HOME[1])
    stage.session.commit()

    assert stage.send(tap, place) == first
    assert stage.seen == {"received"}


# ── Bodies ───────────────────────────────────────────────────────────────────────────────────────


def post(stage: Stage, body: bytes, **headers: str) -> Any:
    return stage.signed_in.post(
        "/offline/events", data=body, content_type="application/json", headers=HEADERS | headers
    )


def test_500_items_are_one_list_and_501_are_told_how_many_go(stage: Stage) -> None:
    taps = []
    for number in range(250):
        came = NOW - 10 * DAY + number * HOUR * 0.9
        taps += [
            stage.phone.check_in(stage.rosa, came),
            stage.phone.check_out(stage.rosa, came + 30 * MINUTE),
        ]
    one_more = post(stage, json.dumps([*taps, taps[0]]).encode())
    assert (one_more.status_code, one_more.json) == (413, {"error": "too_many", "most": 500})
    assert stage.events() == 0

    stage.send(*short(taps))

    assert stage.seen == {"received"}
    assert stage.events() == 500
    assert len(visits(stage)) == 250


def test_what_packs_a_hundred_megabytes_into_little_is_turned_away_at_once(stage: Stage) -> None:
    bomb = gzip.compress(b"[" + b" " * 100_000_000 + b"]", 1)
    twice = gzip.compress(gzip.compress(b"[]"))
    began = time.process_time()

    answers = [post(stage, body, **{"Content-Encoding": "gzip"}) for body in (bomb, twice)]

    assert [(each.status_code, each.is_json) for each in answers] == [(413, True), (400, True)]
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    "body",
    [
        b'[{"id":"a","id":"b"}]',
        b"[NaN, Infinity, -Infinity, 1e400]",
        b'[{"data": {"assignment": 1e400}}]',
        "[“quoted”]".encode(),
        b"\xef\xbb\xbf[]",
        b'["\\ud800"]',
        b'[{"id": "\\ud800\\udc00", "kind": "\\u0000"}]',
        b"[" + b'{"data":' * 400 + b"1" + b"}" * 400 + b"]",
        b'{"results": []}',
        b"null",
        b"[[[[1]]]]",
        b'["' + b"x" * 500_000 + b'"]',
    ],
    ids=lambda body: str(body)[:32],
)
def test_odd_json_is_answered_as_json_and_leaves_nothing(stage: Stage, body: bytes) -> None:
    response = post(stage, body)

    assert response.status_code in (200, 400)
    assert response.is_json
    for answer in response.json.get("results", ()):
        assert (answer["result"], bool(answer["message"])) == ("refused", True)
    assert stage.events() == 0


@pytest.mark.parametrize(
    ("wrong", "shown"),
    [
        ({"data": {"assignment": 1, "location": "the moon"}}, "Check-in"),
        ({"kind": "teleport"}, "Something that makes no sense"),
        ({"made_at": "yesterday"}, "Check-in"),
    ],
)
def test_what_makes_no_sense_lies_before_the_county_too(
    stage: Stage, signed_in, wrong: dict[str, Any], shown: str
) -> None:
    tap = stage.phone.check_in(stage.rosa, NOW) | wrong
    stage.send(tap, by_session=True)

    assert stage.answers[0]["code"] == "ITEM_NOT_UNDERSTOOD"
    assert refused(stage) == [(tap["id"], "ITEM_NOT_UNDERSTOOD")]
    page = signed_in(stage.world.casey).get("/county/visits").text
    assert "Ana Flores" in page
    assert shown in page
