import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { SHELL, cacheName, outdated, requests } from "../precache.js";
import { cacheOrNetwork, networkOrShell, patienceFor, routeOf, sendFirst } from "../strategies.js";

const ORIGIN = "https://carehours.example";
const OFFLINE = async () => {
  throw new TypeError("Failed to fetch");
};

function request(path, { method = "GET", mode = "no-cors", origin = ORIGIN } = {}) {
  return { url: origin + path, method, mode };
}

function cacheWith(entries) {
  return { match: async (key) => entries[key.url ?? key] };
}

describe("what the worker takes on", () => {
  for (const [asked, route] of [
    [request("/", { mode: "navigate" }), "page"],
    [request("/payments/3", { mode: "navigate" }), "page"],
    [request("/static/3f9c0a1b2d4e/js/app.js"), "asset"],
    [request("/static/icons/icon-192.png"), "asset"],
    [request("/offline/facts"), undefined],
    [request("/timesheets/5/findings"), undefined],
    [request("/offline/events", { method: "POST" }), undefined],
    [request("/visits/check-in", { method: "POST", mode: "navigate" }), undefined],
    [request("/static/a.js", { origin: "https://elsewhere.example" }), undefined],
  ]) {
    test(`${asked.method} ${asked.url} (${asked.mode}): ${route ?? "left to the browser"}`, () => {
      assert.equal(routeOf(asked, ORIGIN), route);
    });
  }
});

describe("static files", () => {
  test("come from the cache without asking the network", async () => {
    const cache = cacheWith({ [`${ORIGIN}/static/a.js`]: "cached" });

    assert.equal(await cacheOrNetwork(cache, request("/static/a.js"), OFFLINE), "cached");
  });

  test("come from the network where this release does not know them", async () => {
    assert.equal(await cacheOrNetwork(cacheWith({}), request("/static/b.js"), async () => "fetched"), "fetched");
  });
});

describe("pages", () => {
  const cache = cacheWith({ [SHELL]: "shell" });

  test("come from the network, whatever it says", async () => {
    assert.equal(await networkOrShell(cache, async () => "500 page", Infinity), "500 page");
  });

  test("are the shell when the network is gone", async () => {
    assert.equal(await networkOrShell(cache, OFFLINE, Infinity), "shell");
  });

  test("are the shell when the network is silent", async () => {
    assert.equal(await networkOrShell(cache, () => new Promise(() => {}), 5), "shell");
  });

  test("fail as they would have failed where there is no shell", async () => {
    await assert.rejects(networkOrShell(cacheWith({}), OFFLINE, Infinity), TypeError);
  });

  test("are waited for, except those with which the shell can help", () => {
    const facts = { sheets: [{ id: 12 }] };

    assert.equal(patienceFor(`${ORIGIN}/`, facts), 6_000);
    assert.equal(patienceFor(`${ORIGIN}/timesheets/12`, facts), 6_000);
    assert.equal(patienceFor(`${ORIGIN}/timesheets/13`, facts), Infinity);
    assert.equal(patienceFor(`${ORIGIN}/timesheets/12/submit`, facts), Infinity);
    assert.equal(patienceFor(`${ORIGIN}/payments`, facts), Infinity);
  });

  test("are waited for on a phone that could show nothing instead", () => {
    assert.equal(patienceFor(`${ORIGIN}/`, undefined), Infinity);
    assert.equal(patienceFor(`${ORIGIN}/timesheets/12`, undefined), Infinity);
  });
});

describe("what waits is sent before a page is asked for", () => {
  const waits = async () => true;

  test("and an answer from before is then stale", async () => {
    const sent = [];

    assert.equal(await sendFirst(waits, async () => sent.push("outbox")), true);
    assert.deepEqual(sent, ["outbox"]);
  });

  test("but nothing is sent where nothing waits, or where the phone keeps nothing", async () => {
    const send = () => assert.fail("nothing to send");

    assert.equal(await sendFirst(async () => false, send), false);
    assert.equal(await sendFirst(OFFLINE, send), false);
  });

  test("but a page does not wait for a portal that is silent, or fails", async () => {
    assert.equal(await sendFirst(waits, () => new Promise(() => {}), 5), true);
    assert.equal(await sendFirst(waits, OFFLINE), true);
  });
});

describe("a release", () => {
  test("has a cache of its own, and the caches of others go", () => {
    const names = [cacheName("one"), cacheName("two"), "someone-else"];

    assert.deepEqual(outdated(names, "two"), [cacheName("one")]);
  });

  test("fetches its shell anew and without cookies, so that it can know nobody", () => {
    const RealRequest = globalThis.Request;
    globalThis.Request = function (url, options = {}) {
      return { url, ...options };
    };
    try {
      assert.deepEqual(requests(["/static/a.js"]), [
        { url: SHELL, cache: "reload", credentials: "omit" },
        { url: "/static/a.js" },
      ]);
    } finally {
      globalThis.Request = RealRequest;
    }
  });
});
