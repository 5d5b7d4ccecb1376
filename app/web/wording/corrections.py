"""Sentences about what becomes of a signed timesheet: corrections, the county's holds, void sheets."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

REASONS: dict[str, LazyString] = {
    "CORRECTION_DAY_LEFT_OUT": _l("A day was left out"),
    "CORRECTION_WRONG_HOURS": _l("The hours of a day are wrong"),
    "CORRECTION_WRONG_DAY": _l("Hours are on the wrong day"),
    "CORRECTION_LATE_VISIT": _l("A visit came in after I signed"),
    "CORRECTION_COUNTY_ASKED": _l("The county asked me to"),
    "CORRECTION_OTHER": _l("Something else"),
    "CORRECTION_REASON_MISSING": _l("Choose what is wrong."),
    "CORRECTION_NOTE_MISSING": _l("Say in a few words what is wrong."),
    "CORRECTION_NOTE_TOO_LONG": _l(
        "Your note has %(length)s letters. Please use %(longest)s at most."
    ),
    "PERIOD_TOO_OLD": _l(
        "%(half_period)s is too long ago. You can go back %(periods)s half months. Call the county."
    ),
}

BLOCKS: dict[str, LazyString] = {
    "NOTHING_CHANGED": _l(
        "Nothing is different from what was approved. Change a day, or keep it as approved."
    ),
    "DAY_ALREADY_CLAIMED": _l(
        "%(on)s is approved already with %(already)s. Here you can only add days that were left out."
    ),
}

# What differs between the version that stands and the new one, for the recipient.
CHANGES: dict[str, LazyString] = {
    "REPLACES_CORRECTION": _l(
        "This replaces the timesheet that was approved on %(approved_on)s. It had %(was_minutes)s."
    ),
    "REPLACES_SUPPLEMENT": _l(
        "This adds to the timesheet that was approved on %(approved_on)s. It had %(was_minutes)s."
    ),
    "OLD_STANDS": _l("If you do not sign, what was approved before stays."),
}

HOLDS: dict[str, LazyString] = {
    "FLAGGED_PAIR": _l(
        "For now the county looks at each timesheet of yours for this person before it is paid."
    ),
    "COUNTY_REVIEW": _l(
        "The county voided this timesheet before. So it looks at the new one before it is paid."
    ),
    "HELD_FLAGGED_PAIR": _l(
        "For now the county looks at each timesheet of this provider for this person."
    ),
    "HELD_COUNTY_REVIEW": _l("The county looks at it before it is paid."),
    "EVIDENCE_FLAGGED_PAIR": _l("The county flagged this provider and recipient."),
    "EVIDENCE_COUNTY_REVIEW": _l("A timesheet for this half month was voided before."),
    "WHY_RECIPIENT_AWAY": _l("The recipient may have been away, in a hospital for example."),
    "WHY_HOURS_QUESTIONED": _l("There is a question about the hours."),
    "WHY_ELIGIBILITY": _l("The county checks if care was authorized then."),
    "WHY_CLAIMED_TWICE": _l("The same hours may be claimed twice."),
    "WHY_WRONG_SHEET": _l("The hours belong on another timesheet."),
    "WHY_NOT_WORKED": _l("The hours were not worked."),
    "WHY_OTHER": _l("There is another reason. The county wrote it down."),
    "WHY_ASSIGNMENT_ENDED": _l(
        "The county ended the work for this person on an earlier day than the last one claimed."
    ),
    "WHY_HOURS_LOWERED": _l(
        "The county lowered this month’s hours after the timesheet was signed."
    ),
}

COUNTY: dict[str, LazyString] = {
    "COUNTY_REASON_MISSING": _l("Choose a reason."),
    "COUNTY_NOTE_MISSING": _l("Say in a few words what the reason is."),
    "COUNTY_NOTE_TOO_LONG": _l("Your note has %(length)s letters. Please use %(longest)s at most."),
    "ALREADY_HELD": _l("The county’s review already holds this timesheet."),
    "ALREADY_PAID": _l(
        "This timesheet is paid, or its payment is on its way. Ask the provider to correct it."
    ),
    "NO_SUCH_PAIR": _l("No provider with this number ever worked in this case of your county."),
    "DAY_MISSING": _l("Give a day."),
    "FLAG_DATES_WRONG": _l("The last day is before the first, or it is past."),
    "FLAG_TOO_LONG": _l("A flag lasts %(longest)s days at most. You can set it again then."),
    "FLAGGED_ALREADY": _l(
        "This provider and recipient are flagged for some of these days already."
    ),
    "LIFT_REASON_MISSING": _l("Write why the flag ends."),
    "LIFT_REASON_TOO_LONG": _l(
        "Your reason has %(length)s letters. Please use %(longest)s at most."
    ),
}

STEPS: dict[str, LazyString] = {
    "STEP_HOLD": _l("%(who)s put it on hold."),
    "STEP_CORRECT": _l("%(who)s opened it to correct it."),
    "STEP_KEEP": _l("%(who)s kept it as it was approved."),
    "STEP_VOID": _l("%(who)s voided it."),
    "STEP_STOP_PAYMENT": _l("It no longer waits for payment."),
}

NOTICES: dict[str, LazyString] = {
    "NOTICE_TIMESHEET_CORRECTED": _l(
        "%(provider)s changed an approved timesheet for %(recipient)s, %(half_period)s. It has "
        "%(worked_minutes)s now. Please check what is different and sign it."
    ),
    "NOTICE_TIMESHEET_HELD": _l(
        "The county looks at your timesheet for %(recipient)s, %(half_period)s. It is on hold."
    ),
    "NOTICE_TIMESHEET_VOIDED": _l(
        "The county voided your timesheet for %(recipient)s, %(half_period)s. See why, and what you "
        "can do."
    ),
    "NOTICE_TIMESHEET_NOT_NEEDED": _l(
        "The county voided the timesheet of %(provider)s for %(half_period)s. You need not sign it."
    ),
    "NOTICE_PAYMENT_ADDED": _l(
        "Your correction for %(recipient)s, %(half_period)s, adds %(gross_cents)s before deductions. "
        "It should be in your account on %(arrives_on)s."
    ),
    "NOTICE_PAYMENT_LOWERED": _l(
        "Your correction for %(recipient)s, %(half_period)s, changes your pay by %(gross_cents)s. "
        "Nothing is taken from you now. The county will write to you."
    ),
    "NOTICE_PAYMENT_UNCHANGED": _l(
        "Your correction for %(recipient)s, %(half_period)s, does not change your pay."
    ),
}

SENTENCES: dict[str, LazyString] = {
    **REASONS,
    **BLOCKS,
    **CHANGES,
    **HOLDS,
    **COUNTY,
    **STEPS,
    **NOTICES,
}
