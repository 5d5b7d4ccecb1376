"""Every page that somebody meets is fit for everybody, in light and dark, and in plain mistakes."""

from collections.abc import Callable
from http import HTTPStatus

import pytest
from playwright.sync_api import Response, expect

from people import PASSWORD, Someone
from portal import Portal

Phone = Callable[..., Someone]

PAGES = {
    "ana": (
        "/", "/timesheets", "/timesheets/history", "/timesheets/1/document", "/claims", "/notes",
        "/payments", "/payments/1", "/notices", "/account", "/help",
    ),
    "rosa": ("/", "/approvals", "/approvals/history", "/notes", "/notices", "/account"),
    "maria": ("/", "/timesheets", "/payments"),
    "armen": ("/", "/approvals"),
    "casey": (
        "/", "/county", "/county/timesheets", "/county/flags", "/county/claims", "/county/visits",
        "/county/visits/figures", "/county/help-requests", "/account",
    ),
    "dev": ("/", "/desk/accounts/1", "/desk/accounts/1/email", "/account"),
}  # fmt: skip


FOR_ALL = (
    "/",
    "/sign-in",
    "/help",
    "/what-if?people=2&weeks=2",
    "/register",
    "/register/identity?role=provider&county=1",
    "/register/continue/no-such-link",
    "/demo/mailbox",
    "/demo/newcomers",
    "/demo/components",
    "/offline/shell",
    "/no-such-page",
)


@pytest.mark.parametrize("username", PAGES)
def test_the_pages_of(username: str, phone: Phone) -> None:
    somebody = phone(username).signs_in()
    for address in PAGES[username]:
        answer = somebody.goes_to(address)
        assert answer
        assert answer.status == HTTPStatus.OK, address
        looks_in_all_lights(somebody)


def test_the_pages_for_everybody(phone: Phone) -> None:
    somebody = phone("ana")
    for address in FOR_ALL:
        somebody.goes_to(address)
        looks_in_all_lights(somebody)


def test_a_desktop_has_the_same_pages(phone: Phone) -> None:
    ana = phone("ana", viewport={"width": 1280, "height": 800}).signs_in()
    ana.opens_timesheet("Rosa")
    looks_in_all_lights(ana)


def test_mistakes_are_pages_too(phone: Phone) -> None:
    ana = phone("ana")
    ana.goes_to("/sign-in")
    ana.page.get_by_label("Username or e-mail").fill("ana")
    ana.page.get_by_label("Password", exact=True).fill(PASSWORD[1:])
    ana.presses("Sign in")
    expect(ana.page.get_by_label("Username or e-mail")).to_have_value("ana")
    ana.looks_around()


def test_a_strangers_timesheet_is_not_there(phone: Phone, portal: Portal) -> None:
    ana = phone("ana").signs_in(looking=False)
    ana.opens_timesheet("Rosa")
    address = ana.page.url
    maria = phone("maria").signs_in(looking=False)
    answer = maria.page.goto(address)
    assert isinstance(answer, Response)
    assert answer.status == 404
    maria.looks = True
    maria.looks_around()


def looks_in_all_lights(somebody: Someone) -> None:
    somebody.looks_around()
    somebody.page.emulate_media(color_scheme="dark")
    somebody.looks_around()
    somebody.page.emulate_media(color_scheme="light", forced_colors="active")
    somebody.looks_around()
    somebody.page.emulate_media(color_scheme="light", forced_colors="none")
