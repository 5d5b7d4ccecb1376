"""Sentences about claims: travel time, sick leave, waiting at the doctor's."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

KINDS: dict[str, LazyString] = {
    "CLAIM_KIND_TRAVEL": _l("Travel time"),
    "CLAIM_KIND_SICK_LEAVE": _l("Sick leave"),
    "CLAIM_SAVED": _l("Saved, not submitted"),
    "CLAIM_WAITING": _l("Waiting for its timesheet"),
    "CLAIM_READY": _l("Ready for pay"),
    "CLAIM_PAID": _l("Paid"),
    "CLAIM_DISPUTED": _l("Disputed"),
    "CLAIM_REFUSED": _l("Refused"),
    "TOLD_PLANNED": _l("Two days before, or sooner"),
    "TOLD_URGENT": _l("I could not know it. I told them two hours before, or sooner."),
    "TOLD_LATE": _l("Later than that"),
}

EVERY_CLAIM: dict[str, LazyString] = {
    "CLAIM_EMPTY": _l("There is nothing to claim yet. Enter the time of at least one day."),
    "CLAIM_OUTSIDE_PERIOD": _l("%(on)s is not in this half month."),
    "CLAIM_IN_FUTURE": _l("%(on)s has not come yet. Claim it on that day or later."),
    "CLAIM_NOT_ASSIGNED": _l("You did not work for this recipient on %(on)s."),
    "CLAIMED_BEFORE": _l("You claimed %(on)s before. A day is claimed once."),
    "CLAIM_DAY_OVER_24_HOURS": _l(
        "On %(on)s you claim %(claimed)s here and %(already)s elsewhere. A day has 24 hours: it is "
        "%(by)s too much."
    ),
    "CLAIM_REASON_MISSING": _l("Say in a few words why it was more than usual."),
    "CLAIM_REASON_TOO_LONG": _l(
        "Your reason has %(length)s letters. Please use %(longest)s at most."
    ),
    "CLAIM_NOT_SIGNED": _l("Tick the box to sign."),
    "CLAIM_CLOSED": _l("This claim is signed. Take it back first to change it."),
    "CLAIM_CHANGED": _l("The claim has changed since you looked. Check it again, then sign."),
    "CLAIM_STOPPED": _l("Something stands in the way of this claim. See what it says above."),
    "REFUSE_REASON_MISSING": _l("Write why, so that the provider knows."),
    "REFUSE_REASON_TOO_LONG": _l(
        "Your reason has %(length)s letters. Please use %(longest)s at most."
    ),
}

TRAVEL: dict[str, LazyString] = {
    "TRAVEL_FROM_MISSING": _l("Choose from whom you came."),
    "TRAVEL_ONE_RECIPIENT": _l(
        "On %(on)s you worked for one recipient only. Travel is paid between two."
    ),
    "TRAVEL_FROM_NOBODY": _l("On %(on)s you did not work for the person you came from."),
    "TRAVEL_SAME_PLACE": _l("On %(on)s both lived in one place. There was no way to travel."),
    "TRAVEL_DAY_WITHOUT_CARE": _l(
        "Your timesheet has no hours for this recipient on %(on)s. Travel to a day without care is "
        "not paid."
    ),
    "TRAVEL_DAY_NEEDS_CARE": _l(
        "Your timesheet has no hours for this recipient on %(on)s yet. Without them, this day will "
        "not be paid."
    ),
    "TRAVEL_WAITS_FOR_TIMESHEET": _l(
        "This claim waits until your timesheet for this recipient is signed by both of you."
    ),
    "TRAVEL_TRIP_LONG": _l(
        "On %(on)s the way took %(claimed)s. Over %(limit)s, your county may ask why."
    ),
    "TRAVEL_WEEK_EXCEEDED": _l(
        "In the week from %(week_starts_on)s to %(week_ends_on)s you travelled %(total)s. That is "
        "%(by)s over %(limit)s. It is paid, and your county may count it as a violation."
    ),
    "TRAVEL_WEEK_STOPPED": _l(
        "In the week from %(week_starts_on)s to %(week_ends_on)s you travelled %(total)s. More than "
        "%(limit)s cannot be claimed."
    ),
}

SICK_LEAVE: dict[str, LazyString] = {
    "SICK_TOO_SHORT": _l("On %(on)s it is too little. Sick leave starts at %(limit)s a day."),
    "SICK_ODD_MINUTES": _l(
        "On %(on)s the time does not fit. After %(shortest_minutes)s it goes in steps of "
        "%(step_minutes)s."
    ),
    "SICK_CLAIM_LATE": _l("%(on)s could be claimed until %(due_on)s."),
    "SICK_NOT_USABLE_YET": _l("You can use your sick leave from %(usable_on)s. %(on)s is before."),
    "SICK_NOT_EARNED": _l(
        "You have not earned sick leave yet. You need %(missing_minutes)s more of paid care."
    ),
    "SICK_NONE_LEFT": _l("You have used all your sick leave of this year, until %(ends_on)s."),
    "SICK_CUT": _l(
        "You claim %(claimed)s. You have %(left_minutes)s left, so the last %(by)s will not be paid."
    ),
    "SICK_NOTICE_MISSING": _l("Say when you told your recipient."),
    "SICK_NOTICE_SHORT": _l(
        "You should tell your recipient %(planned_minutes)s before, or %(urgent_minutes)s where you "
        "cannot know it. Your leave is paid all the same."
    ),
}

WAITING: dict[str, LazyString] = {
    "WAIT_ON_THE_TIMESHEET": _l(
        "Your county allows it. If you may not leave meanwhile, enter the time on your timesheet."
    ),
    "WAIT_NOT_AUTHORIZED": _l("Your county has not allowed it. Ask the county before you wait."),
}

NOTICES: dict[str, LazyString] = {
    "NOTICE_CLAIM_PAID": _l(
        "Your claim for %(recipient)s, %(half_period)s, is paid: %(gross_cents)s before deductions. "
        "It should be in your account on %(arrives_on)s."
    ),
    "NOTICE_CLAIM_REFUSED": _l(
        "Your claim for %(recipient)s, %(half_period)s, was refused and is not paid."
    ),
    "NOTICE_SICK_LEAVE_CLAIMED": _l(
        "%(provider)s claimed %(claimed_minutes)s of sick leave, %(half_period)s. It takes none of "
        "your hours."
    ),
}

SENTENCES: dict[str, LazyString] = {
    **KINDS,
    **EVERY_CLAIM,
    **TRAVEL,
    **SICK_LEAVE,
    **WAITING,
    **NOTICES,
}
