"""Ten thousand guesses, one a second: how many of them do the rules let anybody look at?"""

from datetime import UTC, datetime, timedelta

from app.domain import guessing, sign_in
from app.domain.outcomes import Refused

NOON = datetime(2026, 11, 24, 20, tzinfo=UTC)
SECOND = timedelta(seconds=1)
GUESSES = 10_000  # at one a second, under three hours
ONE_IN = 10**6  # what a code of six digits stands


def test_ten_thousand_passwords_in_a_row_are_fewer_than_twenty_looks() -> None:
    failures, failed_at, looks = 0, None, 0
    for number in range(GUESSES):
        at = NOON + number * SECOND
        try:
            sign_in.check_not_locked(failures, failed_at, at)
        except Refused:
            continue
        failures, failed_at, looks = failures + 1, at, looks + 1
    assert looks == 14  # five at once, then after 30 minutes, and after 0:30, 1, 2, 4, 8 …


def test_for_ever_they_are_a_hundred() -> None:
    failures, failed_at, at = 0, None, NOON
    for _ in range(GUESSES):
        try:
            sign_in.check_not_locked(failures, failed_at, at)
            failures, failed_at = failures + 1, at
        except Refused:
            at += timedelta(hours=1)
    assert failures == 100


def test_ten_thousand_codes_are_sixty_looks_at_a_million() -> None:
    sent: list[datetime] = []
    looks = failures = 0
    for number in range(GUESSES):
        at = NOON + number * SECOND
        if not sent or failures == 5 or at >= sign_in.code_expires_at(sent[-1]):
            try:
                sign_in.check_may_send_code(sent, at)
            except Refused:
                continue
            sent.append(at)
            failures = 0
        looks, failures = looks + 1, failures + 1
    assert looks == 60  # four codes an hour with five tries each
    assert looks / ONE_IN < 0.0001


def test_from_one_place_ten_thousand_are_at_most_twelve_hundred() -> None:
    looked_at: list[datetime] = []
    for number in range(GUESSES):
        at = NOON + number * SECOND
        since = at - guessing.counted_for(at)
        counted = [each for each in looked_at if each > since]
        if len(counted) < guessing.most_from_one_place("sign_in", at):
            looked_at.append(at)
    assert len(looked_at) == 1200
