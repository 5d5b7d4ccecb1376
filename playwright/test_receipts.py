"""A receipt to keep: downloaded, and checked without a network; one letter changed is found out."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, expect

from people import Someone
from portal import Portal
from record import keeps

Phone = Callable[..., Someone]


def test_a_receipt_proves_itself_without_the_portal(
    phone: Phone, portal: Portal, tmp_path: Path
) -> None:
    ana = phone("ana").signs_in(looking=False)
    ana.is_ready_for_offline()
    ana.looks = True
    ana.checks_in("Rosa")
    ana.sees_the_place_noted("Rosa")
    keeps(ana, rows=0)
    ana.goes_to("/visits")
    ana.page.locator('main a[href^="/visits/"]').first.click()
    ana.sees("What is on record")
    ana.looks_around()
    ana.page.get_by_role("link", name="Receipt ").first.click()
    ana.sees("Keep the proof")
    ana.looks_around()
    with ana.page.expect_download() as download:
        ana.follows("Download the signed receipt")
    genuine, changed = tmp_path / download.value.suggested_filename, tmp_path / "changed.json"
    download.value.save_as(genuine)
    text = genuine.read_text()
    assert '"recipient": "Rosa"' in text
    changed.write_text(text.replace('"Rosa"', '"Rose"'))

    ana.loses_the_network()
    ana.goes_to("/receipts/check")
    field = ana.page.get_by_label("The file of the receipt")
    field.set_input_files(genuine)
    expect(outcome(ana, "genuine")).to_be_visible()
    expect(ana.page.locator("[data-receipt-rows]")).to_contain_text("Rosa")
    ana.looks_around()
    field.set_input_files(changed)
    expect(outcome(ana, "not_genuine")).to_be_visible()
    expect(outcome(ana, "genuine")).to_be_hidden()
    expect(ana.page.locator("[data-receipt-rows]")).to_be_hidden()
    ana.looks_around()


def outcome(someone: Someone, what: str) -> Locator:
    return someone.page.locator(f'[data-receipt-outcome="{what}"]')
