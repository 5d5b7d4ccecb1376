"""What the browser itself guards: no text becomes a script, and nothing that was shown stays behind."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from checks import Watch
from people import Someone, yesterday
from portal import Portal

Phone = Callable[..., Someone]

# Each answers what became of it: "refused", or what it brought about.
ATTEMPTS = {
    "markup": "document.body.insertAdjacentHTML('beforeend', '<b id=planted>x</b>')",
    "inner markup": "document.querySelector('main').innerHTML = '<b id=planted>x</b>'",
    "a parsed document": "new DOMParser().parseFromString('<b>x</b>', 'text/html')",
    "a written document": "document.write('<b id=planted>x</b>')",
    "text as a program": "eval('globalThis.planted = 1')",
    "a function of text": "new Function('globalThis.planted = 1')()",
    "text after a while": "setTimeout('globalThis.planted = 1', 0)",
    "a handler of text": "document.body.setAttribute('onclick', 'globalThis.planted = 1'); "
    "document.body.click()",
    "the text of a script": "(() => { const each = document.createElement('script'); "
    "each.text = 'globalThis.planted = 1'; document.body.append(each) })()",
    "the address of a script": "(() => { const each = document.createElement('script'); "
    "each.src = '/static/js/app.js'; document.body.append(each) })()",
    "a worker": "new Worker('/static/js/app.js')",
    "another service worker": "await navigator.serviceWorker.register('/static/js/app.js')",
    "a policy of its own": "trustedTypes.createPolicy('mine', {createHTML: text => text})",
}
# In a task of the page's own: what the browser's tools run themselves, the policy lets pass.
TRY = """(attempt) => new Promise((resolve) => setTimeout(async () => {
  delete globalThis.planted;
  try { await window.__attempts[attempt](); } catch (error) { return resolve('refused'); }
  await new Promise((later) => setTimeout(later, 50));
  const planted = 'planted' in globalThis || document.getElementById('planted');
  resolve(planted ? 'planted' : 'nothing came of it');
}))"""
KEPT_IN_CACHES = """async () => {
  const found = [];
  for (const name of await caches.keys())
    for (const request of await (await caches.open(name)).keys())
      found.push(new URL(request.url).pathname);
  return found;
}"""
KEPT_FACTS = """() => new Promise((resolve, reject) => {
  const opening = indexedDB.open('carehours');
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = () => {
    const asked = opening.result.transaction('facts').objectStore('facts').count();
    asked.onsuccess = () => { opening.result.close(); resolve(asked.result); };
  };
})"""


@pytest.fixture
def watch() -> Watch:
    """Notes what the others must not have: violations of the policy are what is wanted here."""
    return Watch()


def test_no_text_becomes_markup_or_a_script(phone: Phone, portal: Portal) -> None:
    ana = phone("ana").signs_in(looking=False)
    listed = ", ".join(f"{name!r}: async () => {{ {code} }}" for name, code in ATTEMPTS.items())
    ana.page.add_init_script(f"window.__attempts = {{ {listed} }};")
    ana.opens_timesheet("Rosa")
    became = {name: ana.page.evaluate(TRY, name) for name in ATTEMPTS}
    assert "planted" not in became.values(), became
    for name in ("markup", "inner markup", "a parsed document", "text as a program",
                 "the address of a script", "a worker", "another service worker",
                 "a policy of its own"):  # fmt: skip
        assert became[name] == "refused", became


def test_htmx_still_draws_what_the_portal_answers(phone: Phone, portal: Portal) -> None:
    ana = phone("ana").signs_in(looking=False)
    ana.opens_timesheet("Rosa")
    findings = ana.page.locator("#findings")
    before = findings.inner_text()
    with ana.page.expect_response(lambda answer: answer.url.endswith("/findings")) as drawn:
        ana.writes_hours(yesterday(portal), "4:15")
    assert drawn.value.status == 200
    expect(findings).not_to_have_text(before, use_inner_text=True)


def test_after_signing_out_nothing_that_was_shown_is_left_on_the_phone(
    phone: Phone, portal: Portal
) -> None:
    ana = phone("ana").signs_in(looking=False)
    ana.is_ready_for_offline()
    ana.opens_timesheet("Rosa")
    sheet = ana.page.url
    assert ana.page.evaluate(KEPT_FACTS) == 1
    ana.goes_to("/")
    ana.signs_out()
    ana.page.wait_for_load_state("networkidle")
    assert ana.page.evaluate(KEPT_FACTS) == 0
    kept = ana.page.evaluate(KEPT_IN_CACHES)
    assert [path for path in kept if not path.startswith(("/static/", "/offline/shell"))] == []
    ana.page.go_back()
    expect(ana.page.locator("[data-account]")).to_have_count(0)
    ana.goes_to(sheet)
    expect(ana.page.get_by_label("Password", exact=True)).to_be_visible()
