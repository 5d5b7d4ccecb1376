// What does the worker keep of a release, and under which name?

export const SHELL = "/offline/shell";

const PREFIX = "carehours-";

export function cacheName(version) {
  return PREFIX + version;
}

// Caches of ours that belong to another release.
export function outdated(names, version) {
  return names.filter((name) => name.startsWith(PREFIX) && name !== cacheName(version));
}

// The requests that fill a release's cache. The shell is fetched anew and without cookies, so that it can
// hold nothing about a person; the assets change their address with their content.
export function requests(assets) {
  return [
    new Request(SHELL, { cache: "reload", credentials: "omit" }),
    ...assets.map((address) => new Request(address)),
  ];
}
