"""Sentences about timesheets: what was typed, what the rules say of it, who did what, what is signed."""

from collections.abc import Mapping
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

TYPED: dict[str, LazyString] = {
    "HOURS_NOT_A_NUMBER": _l("“%(typed)s” is not a number of hours. Write hours like 7:30."),
    "MINUTES_NOT_A_NUMBER": _l("“%(typed)s” is not a number of minutes. Write hours like 7:30."),
    "DECIMAL_HOURS": _l(
        "Write hours and minutes with a colon, like 7:30. Do you mean %(hours)s hours and "
        "%(minutes)s minutes?"
    ),
    "OTHER_DIGITS": _l("Please use the digits 0 to 9. If you mean %(meant)s, write %(meant)s."),
    "HOURS_NEGATIVE": _l("Hours cannot be less than zero. Write hours like 7:30."),
    "MINUTES_OUT_OF_RANGE": _l("Minutes go from 0 to 59. Write hours like 7:30."),
    "HOURS_OUT_OF_RANGE": _l("A day has 24 hours at most. You wrote %(typed)s."),
    "HOURS_MISSING": _l("Write the hours, like 7:30."),
    "TIME_NOT_UNDERSTOOD": _l("“%(typed)s” is not a time of day. Write it like 8:05 AM."),
    "TIME_OUT_OF_RANGE": _l("“%(typed)s” is not a time of day. Write it like 8:05 AM."),
    "ENDS_BEFORE_STARTS": _l(
        "The end is before the start. If you worked past midnight, put those hours on the next day."
    ),
    "PLACE_UNKNOWN": _l("Choose Home, Community or Both."),
    "DAY_VALUES_WRONG": _l("The hours of %(on)s could not be saved. Write hours like 7:30."),
    "TYPED_OUTSIDE_PERIOD": _l(
        "%(day)s is not in this half month, so “%(typed)s” was not saved. Open the other timesheet."
    ),
    "SHEET_CLOSED": _l("This timesheet is signed, so its hours cannot be changed now."),
    "DAY_IN_CONFLICT": _l("%(on)s was changed in two places. Choose which one is right."),
    "ID_REUSED": _l("This was sent before and said something else then. Please enter it again."),
    "PERIOD_AHEAD": _l("%(half_period)s has not begun yet."),
    "NO_ASSIGNMENT_THEN": _l("The county has no work for you with this person in %(half_period)s."),
}

BLOCKS: dict[str, LazyString] = {
    "NO_HOURS": _l("There are no hours on this timesheet yet. Enter the hours that you worked."),
    "OPEN_VISIT": _l("You are still checked in. Check out first, or set the visit right."),
    "DAY_OVER_24_HOURS": _l(
        "%(on)s has %(by)s more than 24 hours, all your recipients together. Correct that day."
    ),
    "OUTSIDE_PERIOD": _l("%(on)s is not in this half month. Enter it on its own timesheet."),
    "FUTURE_HOURS": _l("%(on)s has not come yet. Take its hours out, or submit after that day."),
    "NOT_ASSIGNED": _l(
        "The county has no work for you with this person on %(on)s. Take those hours out, or call "
        "the county."
    ),
    "RECIPIENT_HOURS_EXCEEDED": _l(
        "These hours are %(by)s more than the county authorized for this person this month."
    ),
    "ASSIGNED_HOURS_EXCEEDED": _l(
        "These hours are %(by)s more than your own share of this month’s hours."
    ),
    "EXEMPTION_MONTH_EXCEEDED": _l(
        "These hours are %(by)s more than the %(limit)s a month that your exemption allows."
    ),
}

WARNINGS: dict[str, LazyString] = {
    "WEEKLY_MAXIMUM_EXCEEDED": _l(
        "The week of %(week_starts_on)s has %(total)s. That is %(by)s over the weekly maximum of "
        "%(limit)s. You can still submit, and all hours are paid. The county may look at the week."
    ),
    "FORTY_HOURS_EXCEEDED": _l(
        "The week of %(week_starts_on)s has %(total)s. That is %(by)s over 40 hours, and this person "
        "has 40 hours a week or less. You can still submit. The county may look at the week."
    ),
    "PROVIDER_WEEKLY_LIMIT_EXCEEDED": _l(
        "You worked %(total)s for all your recipients in the week of %(week_starts_on)s. That is "
        "%(by)s over your limit of %(limit)s. You can still submit. The county may look at the week."
    ),
    "MONTHLY_OVERTIME_EXCEEDED": _l(
        "Your overtime of the month is %(total)s. That is %(by)s more than normal. You can still "
        "submit, and all hours are paid. The county may look at the month."
    ),
    "CARRIED_IN": _l("%(carried_in)s of it came from the other half of the month."),
}

HOLDS: dict[str, LazyString] = {
    "EARLY": _l(
        "You worked today. If you submit today, the timesheet waits until midnight. It can be signed "
        "before then."
    ),
    "LATE": _l(
        "This half month ended %(days)s days ago. After 30 days the county looks at a timesheet "
        "before it is paid."
    ),
    "OVER_70_PERCENT": _l(
        "More than %(percent)s percent of the month’s hours are claimed in its first half. The county "
        "looks at it before it is paid."
    ),
    "HELD_EARLY": _l("It waits until midnight, because hours were worked on that day."),
    "HELD_LATE": _l("The county looks at it, because it came more than 30 days after its end."),
    "HELD_OVER_70_PERCENT": _l(
        "The county looks at it, because so much of the month is claimed in its first half."
    ),
}

SIGNING: dict[str, LazyString] = {
    "CHANGED_MEANWHILE": _l("Something changed since you opened this page. Nothing was signed."),
    "CANNOT_SUBMIT": _l("This timesheet cannot be submitted as it stands."),
    "NOT_ALLOWED_NOW": _l("That is not possible now. See below how the timesheet stands."),
    "WARNING_REASON_MISSING": _l("Say in a few words why more hours were needed."),
    "NOT_DECLARED": _l("Check the box to sign. Without it nothing is signed."),
    "MAY_NOT_SIGN": _l("You cannot sign this timesheet. Ask the county who may."),
    "REASONS_MISSING": _l("Tap at least one thing that is wrong."),
    "NOTE_TOO_LONG": _l("Your note has %(length)s letters. Please use %(longest)s at most."),
    "RELEASE_REASON_MISSING": _l("Write why the timesheet may go on."),
    "NOT_YOUR_COUNTY": _l("This timesheet belongs to another county."),
    "NOTHING_HELD": _l("Nothing holds this timesheet any more."),
    "NOTHING_WAITS": _l("This timesheet does not wait for a signature any more."),
    "REMINDED_TODAY": _l("A reminder already went out today. You can send the next one tomorrow."),
}

STATUSES: dict[str, LazyString] = {
    "STATUS_NOT_STARTED": _l("Not started"),
    "STATUS_DRAFT": _l("In progress"),
    "STATUS_SUBMITTED": _l("Waiting for recipient"),
    "STATUS_REJECTED": _l("Rejected"),
    "STATUS_APPROVED": _l("Approved"),
    "STATUS_ON_HOLD": _l("On hold"),
    "STATUS_CANCELLED": _l("Cancelled"),
    "STATUS_WAITING_FOR_PAYMENT": _l("Waiting for payment"),
    "STATUS_PAYMENT_ISSUED": _l("Payment issued"),
    "STATUS_DISPUTED": _l("Disputed"),
}

STEPS: dict[str, LazyString] = {
    "STEP_SUBMIT": _l("%(who)s signed and submitted it."),
    "STEP_TAKE_BACK": _l("%(who)s took it back."),
    "STEP_APPROVE": _l("%(who)s signed and approved it."),
    "STEP_REJECT": _l("%(who)s sent it back."),
    "STEP_RELEASE": _l("%(who)s let it go on."),
    "STEP_CANCEL": _l("%(who)s cancelled it."),
    "STEP_REOPEN": _l("%(who)s opened it again."),
    "STEP_QUEUE_PAYMENT": _l("It is waiting for payment."),
    "STEP_ISSUE_PAYMENT": _l("The payment was issued."),
    "STEP_DISPUTE": _l("%(who)s disputed the payment."),
    "STEP_SETTLE": _l("%(who)s settled the dispute."),
    "STEP_BY_PORTAL": _l("CareHours"),
}

REJECT_REASONS: dict[str, LazyString] = {
    "REJECTED_HOURS": _l("The hours are not right"),
    "REJECTED_DATES": _l("The days are not right"),
    "REJECTED_NOT_THERE": _l("The provider was not there"),
    "REJECTED_MORE_THAN_AGREED": _l("It is more than we agreed"),
    "REJECTED_PLACE": _l("The place is not right"),
    "REJECTED_OTHER": _l("Something else"),
}

# One day of a signed sheet, as a recipient reads it; the key says what is known of the day.
DAYS: dict[str, LazyString] = {
    "DAY": _l("%(day_on)s: %(worked_minutes)s."),
    "DAY_PLACE": _l("%(day_on)s: %(worked_minutes)s, %(place)s."),
    "DAY_TIMES": _l("%(day_on)s: %(worked_minutes)s, from %(start_at)s to %(end_at)s."),
    "DAY_TIMES_PLACE": _l(
        "%(day_on)s: %(worked_minutes)s, from %(start_at)s to %(end_at)s, %(place)s."
    ),
    "NO_OTHER_DAYS": _l("No hours on the other days."),
    "AT_HOME": _l("at home"),
    "AT_COMMUNITY": _l("in the community"),
    "AT_BOTH": _l("at home and in the community"),
}

DIFFERENCES: dict[str, LazyString] = {
    "CHANGED_HOURS": _l(
        "%(day_on)s: %(name)s changed %(proposed_minutes)s to %(worked_minutes)s after check-out."
    ),
    "CHANGED_TIMES": _l("%(day_on)s: %(name)s changed the start or the end after check-out."),
    "NO_CHECK_IN": _l("%(day_on)s: %(name)s entered the hours by hand. There was no check-in."),
    "MORE_THAN_BEFORE": _l("%(more_minutes)s more than the half month before."),
    "LESS_THAN_BEFORE": _l("%(less_minutes)s less than the half month before."),
    "SAME_AS_BEFORE": _l("The same hours as the half month before."),
    "NO_HALF_MONTH_BEFORE": _l("There is no half month before to compare it with."),
    "NOT_CLAIMED": _l(
        "%(name)s also worked %(not_claimed_minutes)s that the county did not authorize. They are "
        "not in this total."
    ),
    "REASON_FOR_MORE": _l("Why more hours were needed: %(reason)s"),
}

NOTICES: dict[str, LazyString] = {
    "NOTICE_TIMESHEET_SUBMITTED": _l(
        "%(provider)s worked %(worked_minutes)s for %(recipient)s, %(half_period)s. Please check the "
        "timesheet and sign it."
    ),
    "NOTICE_TIMESHEET_APPROVED": _l(
        "Your timesheet for %(recipient)s, %(half_period)s, is approved. %(signer)s signed it."
    ),
    "NOTICE_TIMESHEET_REJECTED": _l(
        "Your timesheet for %(recipient)s, %(half_period)s, was sent back by %(signer)s. Please "
        "correct it."
    ),
    "NOTICE_TIMESHEET_TAKEN_BACK": _l(
        "%(provider)s took back the timesheet for %(half_period)s. You need not sign it now."
    ),
    "NOTICE_TIMESHEET_REMINDER": _l(
        "The timesheet of %(provider)s for %(half_period)s still waits for a signature."
    ),
    "NOTICE_TIMESHEET_RELEASED": _l(
        "The county let your timesheet for %(recipient)s, %(half_period)s, go on. It wrote: %(reason)s"
    ),
}

SENTENCES: dict[str, LazyString] = {
    **TYPED,
    **BLOCKS,
    **WARNINGS,
    **HOLDS,
    **SIGNING,
    **STATUSES,
    **STEPS,
    **REJECT_REASONS,
    **DAYS,
    **DIFFERENCES,
    **NOTICES,
}


def day_sentence(day: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The code and the facts that tell one day of a signed sheet in a sentence."""
    has_times = day["starts"] is not None and day["ends"] is not None
    code = "_".join(
        ("DAY", *(["TIMES"] if has_times else []), *(["PLACE"] if day["location"] else []))
    )
    facts = {
        "day_on": day["on"],
        "worked_minutes": day["minutes"],
        "start_at": day["starts"],
        "end_at": day["ends"],
    }
    if day["location"]:
        facts["place"] = str(SENTENCES[f"AT_{day['location'].upper()}"])
    return code, facts


def differences(content: Mapping[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """What a recipient should look at in a signed sheet, each as a code with its facts."""
    name = content["provider"]
    found = [
        (code, {"name": name, "day_on": day["on"], "worked_minutes": day["minutes"],
                "proposed_minutes": day["proposed_minutes"] or 0})
        for day in content["days"]
        if (code := _difference(day, content["live_in"])) is not None
    ]  # fmt: skip
    found.append(_against_before(content))
    not_claimed = sum(day["minutes"] for day in content["not_claimed"])
    if not_claimed:
        found.append(("NOT_CLAIMED", {"name": name, "not_claimed_minutes": not_claimed}))
    if content["reason"]:
        found.append(("REASON_FOR_MORE", {"reason": content["reason"]}))
    return found


def _difference(day: Mapping[str, Any], live_in: bool) -> str | None:
    """What is different about one day; a live-in pair has no check-ins to differ from."""
    has_visit = day["proposed_minutes"] is not None or day["proposed_starts"] is not None
    if not has_visit:
        return None if live_in else "NO_CHECK_IN"
    if day["proposed_minutes"] != day["minutes"]:
        return "CHANGED_HOURS"
    times = (day["starts"], day["ends"]) == (day["proposed_starts"], day["proposed_ends"])
    return None if times else "CHANGED_TIMES"


def _against_before(content: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    previous = content["previous"]
    if previous is None:
        return "NO_HALF_MONTH_BEFORE", {}
    more = content["total_minutes"] - previous["minutes"]
    if more > 0:
        return "MORE_THAN_BEFORE", {"more_minutes": more}
    return ("LESS_THAN_BEFORE", {"less_minutes": -more}) if more else ("SAME_AS_BEFORE", {})
