// Every behaviour of the pages of whoever is signed in, and of the shell, in the order in which a person needs them.
// It is the one module that such a page names; pages of visitors name visitor.js.

import { enrollDevice } from "./device_key.js";
import { startFacts } from "./facts.js";
import { startLeavingPhone } from "./leave_phone.js";
import { markKept, noticeLoss } from "./losses.js";
import "./outbox_items.js"; // at hand when the network is gone
import { startNeedingNetwork } from "./needs_network.js";
import { fillFromPhone } from "./offline_shell.js";
import { startOutboxLine } from "./outbox_line.js";
import { startPasskeys } from "./passkeys.js";
import { noteWhoIsHere, prepareForTaps, sendWheneverPossible } from "./phone.js";
import { startPrinting } from "./printing.js";
import { startReadingAloud } from "./read_aloud.js";
import { startCheckingReceipts } from "./receipt_check.js";
import { registerWorker } from "./register_sw.js";
import { startSessionClock } from "./session_clock.js";
import { startShowingPasswords } from "./show_password.js";
import { startStaying } from "./staying.js";
import { startTimesheets, showUnsentDays } from "./timesheet.js";
import { startVisitCards, showUnsentVisits } from "./visit_card.js";

// What answers a tap comes first and waits for nothing.
startVisitCards();
startTimesheets();
startNeedingNetwork();
startReadingAloud();
startPrinting();
startCheckingReceipts();
startLeavingPhone();
startShowingPasswords();
startStaying();
startSessionClock();
startPasskeys().catch(report);

await noticeLoss().catch(report); // before anything makes new keys
await noteWhoIsHere().catch(report);
await prepareForTaps().catch(report);
markKept().catch(report);
await fillFromPhone().catch(report);
await Promise.all([showUnsentVisits(), showUnsentDays()]).catch(report);
startOutboxLine();
sendWheneverPossible();
startFacts();
enrollDevice().catch(report);
registerWorker().catch(report);

// Each behaviour fails alone, and none of them takes the page down: every form works without scripts.
function report(error) {
  console.warn(error);
}
