"""What is private passes through a browser and stays nowhere in it: no storage, no cache, no cookie."""

import re
from collections.abc import Callable

import registering as she
from people import Someone
from portal import Portal
from registering import LUCIA

Phone = Callable[..., Someone]

EVERYTHING_KEPT = """async () => {
  const kept = [location.href, document.cookie];
  for (const storage of [localStorage, sessionStorage]) {
    for (const name of Object.keys(storage)) kept.push(name, storage.getItem(name));
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const response = await cache.match(request);
      const isPage = (response.headers.get('Content-Type') || '').includes('html');
      kept.push(`cache ${request.url}`, isPage ? await response.text() : '');
    }
  }
  const asText = (_name, value) => {
    if (value instanceof ArrayBuffer) value = new Uint8Array(value);
    return value instanceof Uint8Array ? new TextDecoder('latin1').decode(value) : value;
  };
  const done = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  for (const { name } of await indexedDB.databases()) {
    const database = await done(indexedDB.open(name));
    for (const store of database.objectStoreNames) {
      const rows = database.transaction(store).objectStore(store);
      const [keys, values] = await Promise.all([done(rows.getAllKeys()), done(rows.getAll())]);
      kept.push(`store ${name}.${store}`, JSON.stringify([keys, values], asText));
    }
    database.close();
  }
  return kept.join('\\n');
}"""
# As they are typed and as they may be written down; also names, which lie there only sealed.
PRIVATE = (
    LUCIA.last4, LUCIA.born_on, "1979-04-23", "lucia@example.com", "213-555-0142", "+12135550142",
    "Bruno", "Ines", "Calle Ocho", she.PASSWORD, LUCIA.last_name, "George", "Baker",
)  # fmt: skip


def test_a_phone_that_registered_and_checked_in_keeps_nothing_that_can_be_read(
    phone: Phone, portal: Portal
) -> None:
    lucia = phone("lucia")
    she.begins(lucia, LUCIA)
    she.says_who(lucia, LUCIA)
    she.gives_email(lucia)
    code = portal.newest_code_to("lucia")
    she.types_the_code(lucia)
    she.chooses_username(lucia, LUCIA.username)
    she.chooses_password(lucia)
    she.answers_questions(lucia)
    lucia.arrives_at("contact")
    lucia.page.get_by_label(re.compile("^Mobile phone")).fill("213-555-0142")
    she.ends(lucia)
    lucia.goes_to("/account")
    lucia.goes_to("/")
    lucia.is_ready_for_offline()
    lucia.loses_the_network()
    lucia.checks_in("George Baker")
    lucia.has_waiting()

    kept = lucia.page.evaluate(EVERYTHING_KEPT)

    assert "store carehours.outbox" in kept
    assert '"sealed":' in kept
    assert "cache " in kept
    assert not [each for each in (*PRIVATE, code) if stands_in(each, kept)]
    cookies = " ".join(str(cookie) for cookie in lucia.page.context.cookies())
    assert not [each for each in (*PRIVATE, code) if stands_in(each, cookies)]


def stands_in(canary: str, text: str) -> bool:
    """Whether it stands there by itself, and not by chance within a key or a hash."""
    return bool(re.search(rf"(?<![\w-]){re.escape(canary)}(?![\w-])", text, re.IGNORECASE))
