"""The main path without any script: plain forms and pages."""

from collections.abc import Callable

from playwright.sync_api import expect

from people import Someone, yesterday
from portal import Portal

Phone = Callable[..., Someone]


def test_the_main_path_works_without_javascript(phone: Phone, portal: Portal) -> None:
    ana = phone("ana", java_script_enabled=False).signs_in(looking=False)
    ana.checks_in("Rosa")
    ana.checks_out("Rosa", place="Community")

    ana.opens_timesheet("Rosa")
    ana.writes_hours(yesterday(portal), "8.5")
    ana.presses("Save")
    ana.sees("8 hours and 30 minutes")  # what was meant, asked in one sentence
    expect(ana.hours_field(yesterday(portal))).to_have_value("8.5")
    ana.writes_hours(yesterday(portal), "5:30")
    ana.presses("Save")
    expect(ana.hours_field(yesterday(portal))).to_have_value("5:30")
    ana.presses("Submit timesheet")
    ana.presses("Sign and submit")
    ana.sees("perjury")  # not ticked yet: the form comes back and says so
    ana.ticks("perjury")
    ana.presses("Sign and submit")

    rosa = phone("rosa", java_script_enabled=False).signs_in(looking=False)
    rosa.reviews_newest()
    rosa.sends_back("hours")

    ana.opens_timesheet("Rosa")
    ana.presses("Submit timesheet")
    ana.ticks("perjury")
    ana.presses("Sign and submit")
    rosa.reviews_newest()
    rosa.approves()

    portal.next_morning()
    portal.flask("payroll", "run", portal.now.date().isoformat())
    ana.signs_in_again()
    ana.follows("Payments")
    ana.opens_newest_payment()
