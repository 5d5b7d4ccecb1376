// Copies the vendored libraries out of node_modules and says so where a byte differs from what is committed.
import { createHash } from "node:crypto";
import { copyFileSync, readFileSync } from "node:fs";

const COPIES = {
  "app/static/vendor/htmx-2.0.11.min.js": "htmx.org/dist/htmx.min.js",
  "app/static/vendor/simplewebauthn-browser-14.0.0.umd.min.js":
    "@simplewebauthn/browser/dist/bundle/index.umd.min.js",
  "service_worker/vendor/idb-8.0.4.js": "idb/build/index.js",
};

const root = new URL("..", import.meta.url);
const hash = (file) => createHash("sha256").update(readFileSync(file)).digest("hex");

for (const [copy, source] of Object.entries(COPIES)) {
  const [to, from] = [new URL(copy, root), new URL(`node_modules/${source}`, root)];
  const isSame = hash(to) === hash(from);
  copyFileSync(from, to);
  console.log(`${isSame ? "same   " : "CHANGED"} ${copy} ${hash(from)}`);
  if (!isSame) process.exitCode = 1;
}
