"""Which passwords are refused because many would try them, and how good the others are."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.gateways import common_passwords
from app.gateways.common_passwords import Strength, is_common, strength
from app.gateways.turns import TooBusy, Turns

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


def test_so_many_wait_for_a_judgement_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    full = Turns(1, may_wait=0)
    monkeypatch.setattr(common_passwords, "_turns", full)
    with full.one(), pytest.raises(TooBusy):
        strength("seven quiet herons")


def test_nobody_is_judged_by_the_words_of_another() -> None:
    def judge(name: str) -> set[bool]:
        return {is_common(f"{name} likes {name}", [other]) for other in ("Zebulon", "Quixote")}

    with ThreadPoolExecutor(4) as judges:
        answers = list(judges.map(judge, ["perivale", "quenby"] * 2))
    assert answers == [{False}] * 4
