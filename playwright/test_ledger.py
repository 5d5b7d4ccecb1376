"""Both sides of a visit read what is kept of places: the one where she was, the other what that said."""

from collections.abc import Callable

from playwright.sync_api import expect

from people import Someone

Phone = Callable[..., Someone]

POINT = "What is stored"


def test_both_sides_of_a_visit_read_what_is_kept_of_places(phone: Phone) -> None:
    ana, rosa = phone("ana").signs_in(looking=False), phone("rosa").signs_in(looking=False)
    for somebody, title, points in (
        (ana, "Check-out for Rosa Delgado", 10),
        (rosa, "Check-out of Ana Flores", 0),
    ):
        somebody.goes_to("/account")
        somebody.page.locator('a[href="/locations"]').click()
        expect(somebody.page.get_by_role("heading", name=title).first).to_be_visible()
        expect(somebody.page.get_by_text(POINT)).to_have_count(points)
        somebody.looks_around()
        somebody.follows("Older")
        somebody.looks_around()
