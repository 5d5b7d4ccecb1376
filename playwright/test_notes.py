"""Those who care for Walter leave notes for each other; he reads them, and ends it when he wants."""

from collections.abc import Callable

from playwright.sync_api import expect

from people import Someone
from record import keeps

Phone = Callable[..., Someone]


def test_the_next_provider_reads_what_to_know_and_who_is_there(phone: Phone) -> None:
    ana, grace = phone("ana").signs_in(looking=False), phone("grace").signs_in(looking=False)
    ana.checks_in("Walter")
    keeps(ana, rows=0)  # it has arrived, or the others could not know

    grace.goes_to("/")
    expect(grace.card("Walter")).to_contain_text("Ana Flores is checked in since")
    grace.card("Walter").get_by_role("link", name="notes about Walter").click()
    grace.sees("The new pills are in the blue box")
    grace.looks = True
    grace.looks_around()
    grace.page.get_by_text("Write a note", exact=True).click()
    grace.page.get_by_label("Your note").fill("He has slept well.")
    grace.looks_around()
    grace.presses("Save note")
    grace.sees("Saved. The others can read it now.")


def test_he_deletes_one_and_then_ends_it_for_all(phone: Phone) -> None:
    walter, ana = phone("walter").signs_in(looking=False), phone("ana").signs_in(looking=False)
    walter.looks = True
    walter.follows("See the notes")
    walter.sees("We walked to the park")
    walter.page.get_by_role("link", name="Delete the note: We walked").click()
    walter.looks_around()
    walter.presses("Delete the note")
    walter.sees("The note is deleted.")
    expect(walter.page.get_by_text("We walked to the park")).to_have_count(0)

    walter.follows("Turn off notes")
    walter.looks_around()
    walter.presses("Turn off and delete")
    walter.sees("Notes are off, and all of them are deleted.")
    walter.looks_around()
    ana.goes_to("/")
    expect(ana.card("Walter").get_by_role("link", name="Walter")).to_have_count(0)
