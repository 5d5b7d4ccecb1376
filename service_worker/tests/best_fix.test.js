import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { bestFix } from "../../app/static/js/best_fix.js";

// A phone whose places a test gives one by one.
function fakePhone() {
  const phone = { watching: false, asked: 0 };
  phone.geolocation = {
    watchPosition(found, failed, options) {
      Object.assign(phone, { watching: true, found, failed, options, asked: phone.asked + 1 });
      return 1;
    },
    clearWatch: () => void (phone.watching = false),
  };
  phone.finds = (accuracy, latitude = 34) => phone.found({ coords: { latitude, longitude: -118, accuracy } });
  phone.search = () =>
    bestFix(phone.geolocation, (listener) => {
      phone.turnsAway = listener;
      return () => void (phone.turnsAway = () => undefined);
    }, { clock: () => Date.now() });
  return phone;
}

function withTime(work) {
  return async () => {
    mock.timers.enable({ apis: ["setTimeout", "Date"] });
    try {
      await work();
    } finally {
      mock.timers.reset();
    }
  };
}

test("a good place ends the search at once", withTime(async () => {
  const phone = fakePhone();
  const search = phone.search();
  phone.finds(18);

  assert.deepEqual(await search, { fix: { latitude: 34, longitude: -118, accuracy: 18 } });
  assert.equal(phone.watching, false);
}));

test("of several places the best one within twenty seconds counts", withTime(async () => {
  const phone = fakePhone();
  const search = phone.search();
  phone.finds(900, 33);
  mock.timers.tick(8_000);
  phone.finds(45, 34);
  mock.timers.tick(8_000);
  phone.finds(200, 35);
  assert.equal(phone.watching, true);
  mock.timers.tick(4_000);

  assert.deepEqual(await search, { fix: { latitude: 34, longitude: -118, accuracy: 45 } });
  assert.equal(phone.watching, false);
}));

test("what comes after twenty seconds is taken only where nothing came before", withTime(async () => {
  const phone = fakePhone();
  const search = phone.search();
  mock.timers.tick(31_000); // somebody thought about the browser's question
  phone.finds(60);

  assert.equal((await search).fix.accuracy, 60);
  assert.equal(phone.watching, false);
}));

for (const [code, reason] of [[1, "denied"], [2, "unavailable"], [3, "timeout"]]) {
  test(`without a place it says ${reason}, and looks no further`, withTime(async () => {
    const phone = fakePhone();
    const search = phone.search();
    phone.failed({ code });

    assert.deepEqual(await search, { unavailable: reason });
    assert.equal(phone.watching, false);
  }));
}

test("a phone that loses its place keeps what it found before", withTime(async () => {
  const phone = fakePhone();
  const search = phone.search();
  phone.finds(70);
  phone.failed({ code: 2 });

  assert.equal((await search).fix.accuracy, 70);
}));

test("who turns away leaves the best place so far behind, and is not watched any more", withTime(async () => {
  const phone = fakePhone();
  const search = phone.search();
  phone.turnsAway(); // nothing was found yet: the search goes on
  assert.equal(phone.watching, true);
  phone.finds(70);
  phone.turnsAway();

  assert.equal((await search).fix.accuracy, 70);
  assert.equal(phone.watching, false);
}));

test("one tap asks once, for a fresh place", withTime(async () => {
  const phone = fakePhone();
  const search = phone.search();
  phone.finds(10);
  await search;

  assert.equal(phone.asked, 1);
  assert.deepEqual(phone.options, { enableHighAccuracy: true, timeout: 20_000, maximumAge: 0 });
}));
