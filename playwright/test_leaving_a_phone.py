"""“Remove me from this phone”: what waits is told of, and nothing of hers stays behind."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from people import Someone
from portal import Portal

Phone = Callable[..., Someone]

KEPT = """async () => {
  const database = await new Promise((resolve, reject) => {
    const asking = indexedDB.open('carehours');
    asking.onsuccess = () => resolve(asking.result);
    asking.onerror = () => reject(asking.error);
  });
  const names = [...database.objectStoreNames];
  const reading = database.transaction(names);
  const keys = names.map(name => new Promise((resolve, reject) => {
    const asking = reading.objectStore(name).getAllKeys();
    asking.onsuccess = () => resolve([name, asking.result.map(String)]);
    asking.onerror = () => reject(asking.error);
  }));
  const kept = Object.fromEntries(await Promise.all(keys));
  database.close();
  return kept;
}"""


def test_nothing_of_hers_stays_on_the_phone(phone: Phone, portal: Portal) -> None:
    ana = phone("ana").signs_in(looking=False)
    ana.is_ready_for_offline()
    ana.checks_in("Rosa")
    ana.has_nothing_waiting()
    assert kept_on(ana)["keys"]
    ana.looks = True

    ana.goes_to("/account")
    ana.follows("Remove me from this phone")
    ana.looks_around()
    ana.presses("Remove me from this phone")

    ana.sees("This phone does not know you any more.")
    ana.looks_around()
    kept = kept_on(ana)
    assert (kept["keys"], kept["outbox"], kept["facts"]) == ([], [], [])
    assert "person" not in kept["meta"]
    expect(ana.page.get_by_role("button", name="Check out")).to_have_count(0)


def test_what_is_not_sent_is_not_lost_unasked(phone: Phone, portal: Portal) -> None:
    ana = phone("ana").signs_in(looking=False)
    ana.is_ready_for_offline()
    at_the_door = Someone("ana", ana.page.context.new_page(), portal)
    at_the_door.goes_to("/")
    ana.goes_to("/account/leave-phone")
    ana.loses_the_network()
    at_the_door.checks_in("Rosa")

    ana.presses("Remove me from this phone")
    ana.sees("1 thing on this phone is not sent yet.")
    ana.sees("Or tick the box to throw it away.")
    ana.looks = True
    ana.looks_around()
    ana.ticks("Throw away")
    ana.presses("Remove me from this phone")
    ana.sees("This needs the network.")
    assert len(kept_on(ana)["outbox"]) > 0

    ana.finds_the_network()
    ana.presses("Remove me from this phone")
    ana.sees("This phone does not know you any more.")
    assert kept_on(ana)["outbox"] == []
    rosa = phone("rosa").signs_in(looking=False)
    rosa.sees("Ana Flores is here since")


def kept_on(someone: Someone) -> dict[str, Any]:
    found: dict[str, Any] = someone.page.evaluate(KEPT)
    return found
