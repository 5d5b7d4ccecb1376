"""Slow work leaves room for the rest: a few work, a few wait, and the others are told at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event, Semaphore
from time import sleep

import pytest

from app.gateways.turns import TooBusy, Turns


def test_two_work_four_wait_and_the_seventh_is_told_to_come_back() -> None:
    turns = Turns(2, may_wait=4)
    working, finish = Semaphore(0), Event()

    def work(number: int) -> int:
        with turns.one():
            working.release()
            finish.wait(timeout=10)
            return number

    with ThreadPoolExecutor(6) as people:
        inside = [people.submit(work, number) for number in range(6)]
        assert working.acquire(timeout=10)
        assert working.acquire(timeout=10)
        while turns._inside._value:
            sleep(0.001)

        with pytest.raises(TooBusy):
            work(6)

        assert not working.acquire(blocking=False)
        finish.set()
    assert [each.result() for each in inside] == [0, 1, 2, 3, 4, 5]


def test_a_turn_that_ends_badly_is_given_back() -> None:
    turns = Turns(1, may_wait=0)
    for _ in range(2):
        with pytest.raises(ValueError, match="bad"), turns.one():
            raise ValueError("bad")
    with turns.one():
        pass
