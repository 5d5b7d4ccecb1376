"""The first release as it left phones behind: its worker, and a queue as its database held it.

Frozen here, for a phone may have slept since then. Nothing in this file follows later releases.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from playwright.sync_api import Page

# Shortened to what can be told from outside: it keeps the shell in a cache of its own and takes over.
WORKER = """
self.addEventListener('install', (event) => event.waitUntil(
  caches.open('carehours-first')
    .then((cache) => cache.add(new Request('/offline/shell', { cache: 'reload', credentials: 'omit' })))
    .then(() => self.skipWaiting())));
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('fetch', (event) => {
  if (event.request.mode !== 'navigate') return;
  event.respondWith(fetch(event.request).catch(() => caches.match('/offline/shell')));
});
"""
# Its database, version 1, with rows of form 1: sealed for one account, without any proof.
LEAVE_BEHIND = """async ({ account, name, events }) => {
  const database = await new Promise((resolve, reject) => {
    const opening = indexedDB.open('carehours', 1);
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => resolve(opening.result);
    opening.onupgradeneeded = () => {
      const made = opening.result;
      made.createObjectStore('keys');
      made.createObjectStore('outbox', { keyPath: 'seq', autoIncrement: true });
      made.createObjectStore('facts');
      made.createObjectStore('meta');
    };
  });
  const sealing = { name: 'AES-GCM', length: 256 };
  const signing = { name: 'ECDSA', namedCurve: 'P-256' };
  const key = await crypto.subtle.generateKey(sealing, false, ['encrypt', 'decrypt']);
  const pair = await crypto.subtle.generateKey(signing, false, ['sign', 'verify']);
  const bytes = (text) => new TextEncoder().encode(text);
  async function seal(purpose, value) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const additionalData = bytes(`carehours/${purpose}/${account}`);
    const box = { name: 'AES-GCM', iv, additionalData };
    return { iv, sealed: await crypto.subtle.encrypt(box, key, bytes(JSON.stringify(value))) };
  }
  const rows = await Promise.all(events.map(async (event) => (
    { account, state: 'waiting', tried: 0, form: 1, ...(await seal('outbox', { event })) })));
  const person = { account, ...(await seal('name', name)) };
  const writing = database.transaction(['keys', 'outbox', 'meta'], 'readwrite');
  writing.objectStore('keys').put(key, `seal:${account}`);
  writing.objectStore('keys').put(pair, `sign:${account}`);
  writing.objectStore('meta').put(account, 'signed-in');
  writing.objectStore('meta').put(person, 'person');
  for (const row of rows) writing.objectStore('outbox').add(row);
  await new Promise((resolve, reject) => {
    writing.oncomplete = resolve;
    writing.onabort = () => reject(writing.error);
  });
  database.close();
  const registered = await navigator.serviceWorker.register('/sw.js', { type: 'module' });
  await navigator.serviceWorker.ready;
}"""
SEND = """async (items) => {
  const answer = await fetch('/offline/events', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Requested-With': 'carehours' },
    credentials: 'same-origin',
    body: JSON.stringify(items),
  });
  return (await answer.json()).results;
}"""

Event = dict[str, Any]


def leave_behind(page: Page, account: int, name: str, events: list[Event]) -> None:
    """What the first release kept on this phone, and its worker."""
    page.evaluate(LEAVE_BEHIND, {"account": account, "name": name, "events": events})


def send(page: Page, account: int, events: list[Event]) -> list[dict[str, Any]]:
    """As a page of the first release sends under a session; the portal's answers."""
    items = [each | {"account": account, "device": None, "signature": None} for each in events]
    answers: list[dict[str, Any]] = page.evaluate(SEND, items)
    return answers


def visit(assignment: int, began: datetime, length: timedelta) -> list[Event]:
    """A visit at Rosa's as that release wrote it down: two taps, each with its place in plain text."""
    events = []
    for kind, at in (("check-in", began), ("check-out", began + length)):
        tap = event(kind, at, {"assignment": assignment, "location": "home"})
        place = {
            "event": tap["id"], "latitude": "34.062200", "longitude": "-118.309000", "accuracy": "20.0",
        }  # fmt: skip
        events += [tap, event("position", at + timedelta(seconds=2), place)]
    return events


def event(kind: str, at: datetime, data: dict[str, Any]) -> Event:
    made_at = at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"id": str(uuid4()), "kind": kind, "made_at": made_at, "data": data}
