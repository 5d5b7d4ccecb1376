"""A crowd at one door leaves room for everybody else."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event, Semaphore

import pytest
from flask import Flask, request

from app import create_app

INSIDE, WAITING = 4, 2  # for two that may hash at once
PLACES = INSIDE + WAITING
LONGEST_WAIT = 10  # seconds


class Door:
    """The sign-in page, at which whoever sends a form stays until let go."""

    def __init__(self) -> None:
        self.came, self.may_go = Semaphore(0), Event()

    def __call__(self) -> str:
        if request.method == "POST":
            self.came.release()
            self.may_go.wait(LONGEST_WAIT)
        return "let in"


@pytest.fixture
def door() -> Door:
    return Door()


@pytest.fixture
def portal(app: Flask, door: Door) -> Flask:
    portal = create_app(replace(app.extensions["settings"], hashing_threads=2))
    portal.view_functions["sign_in.sign_in"] = door
    portal.config["WTF_CSRF_ENABLED"] = False
    return portal


@pytest.fixture
def crowd(portal: Flask, door: Door) -> Iterator[Callable[[], list[int]]]:
    """So many at the sign-in page as there are places; answers what became of them once let go."""
    with ThreadPoolExecutor(PLACES) as pool:
        coming = [
            pool.submit(lambda: portal.test_client().post("/sign-in").status_code)
            for _ in range(PLACES)
        ]
        for _ in range(INSIDE):
            assert door.came.acquire(timeout=LONGEST_WAIT)

        def let_go() -> list[int]:
            door.may_go.set()
            return [each.result() for each in coming]

        yield let_go
        door.may_go.set()


def test_whoever_comes_beyond_is_told_to_come_back(
    portal: Flask, crowd: Callable[[], list[int]]
) -> None:
    client = portal.test_client()
    refused = client.post("/sign-in")
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "2")
    assert "Nothing was lost" in refused.text
    assert "frame-ancestors 'none'" in refused.headers["Content-Security-Policy"]
    assert crowd() == [200] * PLACES
    assert client.post("/sign-in").status_code == 200


def test_everybody_else_is_served_meanwhile(portal: Flask, crowd: Callable[[], list[int]]) -> None:
    client = portal.test_client()
    assert client.get("/sign-in").status_code == 200
    assert client.get("/livez").status_code == 200
    assert client.post("/offline/events", json=[]).status_code != 503
    assert client.post("/sign-in/passkey/options", json={}).status_code == 200
    assert client.post("/recover/no-such-page").status_code == 404
