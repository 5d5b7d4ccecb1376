"""What has the portal on record, and what lies on a phone? Read where it lies, past every page."""

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from typing import Any

from devices import PATIENCE_MS
from people import Someone
from portal import Portal

ROWS = """() => new Promise((resolve, reject) => {
  const opening = indexedDB.open('carehours');
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = () => {
    const asked = opening.result.transaction('outbox').objectStore('outbox').getAll();
    asked.onsuccess = () => {
      opening.result.close();
      resolve(asked.result.map(({ account, state }) => ({ account, state })));
    };
  };
})"""
IS_ENROLLED = """() => new Promise((resolve, reject) => {
  const opening = indexedDB.open('carehours');
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = () => {
    const account = document.body.dataset.account;
    const asked = opening.result.transaction('keys').objectStore('keys').count(`device:${account}`);
    asked.onsuccess = () => {
      opening.result.close();
      resolve(asked.result === 1);
    };
  };
})"""
EVENTS = """
select event.*, account.username, visit.checked_in_at, visit.checked_out_at
from visit_event as event join account on account.id = event.account_id
left join visit on visit.id = event.visit_id
where event.id > ? order by event.counts_at, event.id
"""


class Record:
    """What reaches the portal from now on."""

    def __init__(self, portal: Portal) -> None:
        self._database = f"file:{portal.instance / 'demo.db'}?mode=ro"
        self._known = self.ask("select coalesce(max(id), 0) as known from visit_event")[0]["known"]

    def ask(self, question: str, *facts: object) -> list[dict[str, Any]]:
        """The rows that a question in SQL answers."""
        with closing(sqlite3.connect(self._database, uri=True)) as database:
            database.row_factory = sqlite3.Row
            return [dict(row) for row in database.execute(question, facts)]

    def taps(self) -> list[dict[str, Any]]:
        """Every check-in and check-out, in the order in which they count."""
        return [each for each in self.events() if each["kind"] in ("check-in", "check-out")]

    def has_taps(self, count: int) -> None:
        """Wait until so many check-ins and check-outs have come, whether or not their phone knows."""
        until(lambda: len(self.taps()) >= count)
        assert len(self.taps()) == count

    def places(self) -> list[dict[str, Any]]:
        return [each for each in self.events() if each["kind"] == "position"]

    def events(self) -> list[dict[str, Any]]:
        return self.ask(EVENTS, self._known)

    def account(self, username: str) -> int:
        found: int = self.ask("select id from account where username = ?", username)[0]["id"]
        return found


def rows_on(someone: Someone) -> list[dict[str, Any]]:
    """Whose each row is that waits on a phone, and how far it has come: account and state."""
    found: list[dict[str, Any]] = someone.page.evaluate(ROWS)
    return found


def keeps(someone: Someone, rows: int) -> None:
    """Wait until so many rows lie on a phone: right after a page came, its line says nothing yet."""
    until(lambda: len(rows_on(someone)) == rows)


def is_known_by_its_key(someone: Someone) -> None:
    """The phone is ready for offline, and the portal knows by which key it signs."""
    until(lambda: bool(someone.page.evaluate(IS_ENROLLED)))
    someone.is_ready_for_offline()


def until(is_so: Callable[[], bool]) -> None:
    """Look again and again, for as long as journeys are patient."""
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)
