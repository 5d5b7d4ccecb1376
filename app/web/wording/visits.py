"""Sentences about visits: what was kept at the door, what could not be, and where it was."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

KEPT: dict[str, LazyString] = {
    "CHECKED_IN": _l("You are checked in for %(recipient)s since %(counted_at)s."),
    "CHECKED_OUT": _l("%(today_minutes)s today for %(recipient)s. Added to your timesheet."),
    "CHECKED_OUT_BESIDE": _l(
        "%(today_minutes)s today for %(recipient)s. Your timesheet still says what it said before."
    ),
    "CHECKED_OUT_NO_HOURS": _l(
        "You are checked out. No hours were added for %(recipient)s. You can write them yourself."
    ),
    "CLOCK_AHEAD": _l("Your phone’s clock is ahead. We use the time when this reached us."),
    "CLOCK_BEHIND": _l(
        "Your phone’s clock seems to be wrong. We use the time when this reached us."
    ),
    "CLOSED": _l("%(day_minutes)s on %(worked_on)s for %(recipient)s. See your timesheet."),
    "CLOSED_NO_HOURS": _l("The visit has an end now. It added no hours for %(recipient)s."),
    "UNDONE": _l("Taken back within two minutes."),
}

NOT_KEPT: dict[str, LazyString] = {
    "LIVE_IN_NO_CHECK_IN": _l(
        "You live with %(recipient)s, so you need not check in. Write the hours on the timesheet."
    ),
    "NOT_ASSIGNED_THEN": _l(
        "The county has no work for you with %(recipient)s on %(worked_on)s. "
        "If you worked then, please call the county."
    ),
    "ASSIGNMENT_UNKNOWN": _l("We do not know for whom this is. Please open the start page again."),
    "TIMESHEET_UNKNOWN": _l("We do not know this timesheet. Please open it again."),
    "TAP_UNKNOWN": _l("This place belongs to a check-in that we do not have."),
    "NOT_A_CHECK_IN": _l("Only a check-in can be undone."),
    "UNDO_TOO_LATE": _l(
        "More than two minutes have passed. You can still say that it was not a visit."
    ),
    "NOT_A_VISIT_ALREADY": _l("This is already marked as not a visit."),
    "VISIT_CLOSED": _l("This visit already has an end."),
    "END_MISSING": _l("Write the time, like 4:30 PM."),
    "END_DAY_MISSING": _l("Choose the day on which the visit ended."),
    "END_BEFORE_START": _l("The visit began at %(began_at)s. The end must be later."),
    "END_IN_FUTURE": _l("This time has not come yet. Write when the visit ended."),
    "END_AFTER_NEXT": _l(
        "You checked in or out again at %(next_at)s. The end must be before that."
    ),
    "REASON_MISSING": _l("Please say in a few words why."),
    "OTHER_ACCOUNT": _l("This was made by another person. It is sent when that person signs in."),
    "SIGN_IN_FIRST": _l("Sign in to send this."),
    "ITEM_NOT_UNDERSTOOD": _l(
        "We could not read this. Please enter it again, or call the service desk."
    ),
}

PLACES: dict[str, LazyString] = {
    "PLACE_AT_HOME": _l("At home. The phone knew the place to within %(within)s."),
    "PLACE_AWAY": _l("About %(away)s from home. The phone knew the place to within %(within)s."),
    "PLACE_TOO_VAGUE": _l("Too vague to tell. The phone knew the place only to within %(within)s."),
    "PLACE_NO_POSITION": _l("No place was noted. The visit counts all the same."),
    "PLACE_HOME_UNKNOWN": _l("The place was noted. We have no map point for this home yet."),
    "PLACE_COMMUNITY": _l("In the community. No place was noted."),
    "NO_FIX_DENIED": _l("The phone does not share its place. The visit counts all the same."),
    "NO_FIX_TIMEOUT": _l("Finding the place took too long. The visit counts all the same."),
    "NO_FIX_UNUSABLE": _l(
        "The phone sent a place that is none, so it was not kept. The visit counts all the same."
    ),
}

ODD: dict[str, LazyString] = {
    "FLAG_NO_CHECK_OUT": _l("Another check-in came before a check-out."),
    "FLAG_OUT_WITHOUT_IN": _l("There is a check-out but no check-in."),
    "FLAG_OVER_A_DAY": _l(
        "This is longer than a day, so it adds no hours. Was the check-out forgotten?"
    ),
    "FLAG_OVERLAP": _l("There was a check-in for two people at once. No minute counts twice."),
}

EVENTS: dict[str, LazyString] = {
    "EVENT_CHECK_IN": _l("Check-in"),
    "EVENT_CHECK_OUT": _l("Check-out"),
    "EVENT_POSITION": _l("Place"),
    "EVENT_UNDO": _l("Undo"),
    "EVENT_UNKNOWN": _l("Something that makes no sense"),
    "EVENT_NOT_A_VISIT": _l("Not a visit"),
    "SOURCE_PAGE": _l("on the page"),
    "SOURCE_PHONE": _l("on a phone"),
    "SOURCE_HAND": _l("by hand"),
}

REMINDERS: dict[str, LazyString] = {
    "NOTICE_CHECK_OUT_REMINDER": _l(
        "You are checked in for %(recipient)s since %(since_moment)s. "
        "Is your visit over? Then say when it ended."
    ),
    "NOTICE_CHECK_IN_REMINDER": _l(
        "You are often with %(recipient)s at this time. If you are there now, please check in. "
        "If not, there is nothing to do."
    ),
}

PROGRAMS: dict[str, LazyString] = {"PROGRAM_IHSS": _l("IHSS"), "PROGRAM_WPCS": _l("WPCS")}

SENTENCES: dict[str, LazyString] = {
    **KEPT,
    **NOT_KEPT,
    **PLACES,
    **ODD,
    **EVENTS,
    **REMINDERS,
    **PROGRAMS,
}
