"""The steps of a registration in their order, and what may be chosen in them."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain import registration as rules
from app.domain.outcomes import Refused
from app.domain.registration import Progress, Step

NOON = datetime(2026, 11, 24, 20, tzinfo=UTC)
BEGUN = Progress(False, False, False, False, False)
ORDER = [Step.EMAIL, Step.CODE, Step.USERNAME, Step.PASSWORD, Step.QUESTIONS, Step.CONTACT]


def after(steps: int) -> Progress:
    return Progress(*[index < steps for index in range(5)])


@pytest.mark.parametrize("done", range(6))
def test_each_step_opens_the_next(done: int) -> None:
    assert rules.next_step(after(done)) is ORDER[done]


@pytest.mark.parametrize("done", range(6))
def test_no_step_can_be_skipped(done: int) -> None:
    for step in ORDER[done + 1 :]:
        assert not rules.may_open(step, after(done))


def test_what_was_done_can_be_changed_but_for_who_somebody_is() -> None:
    everything = after(5)

    assert rules.may_open(Step.EMAIL, everything)
    assert rules.may_open(Step.USERNAME, everything)
    assert not rules.may_open(Step.IDENTITY, everything)
    assert not rules.may_open(Step.CODE, everything)
    assert not rules.may_open(Step.IDENTITY, BEGUN)


def test_a_registration_waits_for_a_day_after_each_step() -> None:
    assert rules.waits_until(NOON) == NOON + timedelta(hours=24)


@pytest.mark.parametrize(
    "typed", ["lucia7", "Lucia_Ramos-79", "  lucia_ramos ", "a" * 20, "______"]
)
def test_a_username_has_plain_letters_digits_and_two_marks(typed: str) -> None:
    assert rules.check_username(typed, NOON) == typed.strip().lower()


@pytest.mark.parametrize(
    ("typed", "code", "facts"),
    [
        ("lucia", "USERNAME_TOO_SHORT", {"length": 5, "shortest": 6}),
        ("", "USERNAME_TOO_SHORT", {"length": 0, "shortest": 6}),
        ("a" * 21, "USERNAME_TOO_LONG", {"length": 21, "longest": 20}),
        ("lucia@example.com", "USERNAME_LETTERS", {"letters": "@ ."}),
        ("l\u0443cia_ramos", "USERNAME_LETTERS", {"letters": "\u0443"}),  # a Cyrillic u
        ("lucía_ramos", "USERNAME_LETTERS", {"letters": "í"}),
        ("lucia ramos", "USERNAME_LETTERS", {"letters": "U+0020"}),
        ("lucia\u200bramos", "USERNAME_LETTERS", {"letters": "U+200B"}),
    ],
)
def test_other_usernames_are_refused_by_saying_what_is_wrong(
    typed: str, code: str, facts: dict[str, object]
) -> None:
    with pytest.raises(Refused) as refused:
        rules.check_username(typed, NOON)
    assert (refused.value.code, refused.value.facts) == (code, facts)


def test_a_megabyte_of_username_is_named_by_a_few_of_its_letters() -> None:
    with pytest.raises(Refused) as refused:
        rules.check_username("".join(chr(0x4E00 + i) for i in range(5000)), NOON)
    assert len(str(refused.value.facts["letters"])) < 50


@pytest.mark.parametrize(
    "email", ["lucia@example.com", "l.r+care@mail.example.co.uk", "o'brien@x.org"]
)
def test_an_email_address_is_one_that_a_letter_can_go_to(email: str) -> None:
    assert rules.check_email(email) == email


@pytest.mark.parametrize(
    "email",
    [
        "", "lucia", "lucia@", "@example.com", "lucia@example", "lucia@@example.com",
        "a@example.com, b@example.com", "a@example.com\nbcc: b@example.com", "a b@example.com",
        "Lucia <lucia@example.com>", "lucia@-example.com", "l" * 65 + "@example.com",
        "lucia@" + "e" * 250 + ".com", "luc\u0456a@example.com",
    ],
)  # fmt: skip
def test_what_is_no_single_address_is_refused(email: str) -> None:
    with pytest.raises(Refused) as refused:
        rules.check_email(email)
    assert refused.value.code == "EMAIL_WRONG"


@pytest.mark.parametrize(
    "typed", ["213 555 0142", "(213) 555-0142", "1-213-555-0142", "+12135550142"]
)
def test_a_phone_number_is_kept_in_one_form(typed: str) -> None:
    assert rules.check_phone(typed) == "+12135550142"


@pytest.mark.parametrize("typed", ["555 0142", "+44 20 7946 0958 11", "call me", "213-555-0142 x9"])
def test_other_phone_numbers_are_refused(typed: str) -> None:
    with pytest.raises(Refused) as refused:
        rules.check_phone(typed)
    assert refused.value.code == "PHONE_WRONG"
