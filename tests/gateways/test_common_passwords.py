"""Which passwords are refused because many would try them, and how good the others are."""

import time

import pytest

from app.gateways.common_passwords import Strength, is_common, strength

ANA = ["ana", "ana@example.com", "Ana Flores"]


@pytest.mark.parametrize(
    "password",
    [
        "password",
        "Password1",
        "letmein12",
        "iloveyou",
        "123456789012345",
        "qwertyuiopasdfg",
        "passwordpassword",
        "aaaaaaaaaaaaaaa",
        "éééééééééééééééé",
        "carehours",
        "IHSS 2026 ihss!",
        "CareHours-CareHours",
        "ana.flores.1974",
        "flores example ana",
        "",
        "               ",
    ],
)
def test_what_many_would_try_is_common(password: str) -> None:
    assert is_common(password, ANA)


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "seven quiet herons by the canal",
        "mis tres gatos duermen en la cocina",
        "七只安静的苍鹭站在运河边",
        "x7#kQz9!pL",
        "Ana feeds the grey cat at noon",
    ],
)
def test_what_few_would_try_is_not(password: str) -> None:
    assert not is_common(password, ANA)


def test_her_own_name_is_common_for_her_alone() -> None:
    assert is_common("petrosyan maria", ["Maria Petrosyan"])
    assert not is_common("petrosyan maria", ANA)


def test_more_words_are_better() -> None:
    grown = [strength(text) for text in ("banana", "banana tuesday", "banana tuesday old river")]
    assert grown == [Strength.COMMON, Strength.FAIR, Strength.GOOD]


def test_a_very_long_password_takes_no_longer_to_judge() -> None:
    began = time.process_time()
    strength("ab1!" * 2_500_000)
    assert time.process_time() - began < 1
