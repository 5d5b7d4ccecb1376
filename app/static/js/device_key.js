// Is this phone known as this person's? Its key is enrolled once, after sign-in, so that a tap needs no session.

import { vault } from "../sw/drain.js";
import { owner } from "./phone.js";
import { post } from "./portal.js";

export async function enrollDevice() {
  const { offline, device } = document.body.dataset;
  if (offline === undefined) return;
  const { account } = await owner;
  const known = await vault.enrolledDevice(account);
  if (known !== undefined && String(known) === device) return;
  const name = navigator.userAgentData?.platform || navigator.platform || "";
  const answer = await post("/devices/enroll", { public_key: await vault.publicKey(account), name });
  await vault.enroll(account, answer.device);
}
