// How does a page speak to the portal? JSON with the form token, and what the portal says where it refuses.

const PATIENCE = 5_000; // milliseconds for the portal to show that it can be reached

export class PortalRefused extends Error {
  constructor(status, { message = "", error } = {}) {
    super(message);
    this.status = status;
    this.code = error; // "step_up" where she must first show that it is she
  }
}

// Posts and resolves to the answer. Throws PortalRefused with the portal's own sentence, or whatever fetch
// throws where no answer came.
export async function post(address, body = {}) {
  const response = await fetch(address, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      "X-Requested-With": "carehours",
      "X-CSRFToken": document.querySelector('meta[name="csrf-token"]')?.content ?? "",
    },
    credentials: "same-origin",
    redirect: "error",
    body: JSON.stringify(body),
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new PortalRefused(response.status, answer);
  return answer;
}

// Does the portal answer? `navigator.onLine` knows only that there is some network.
export async function isReachable() {
  try {
    return (await fetch("/livez", { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) })).ok;
  } catch {
    return false;
  }
}
