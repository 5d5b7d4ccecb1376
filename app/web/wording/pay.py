"""Sentences about pay: where it stands, what it is made of, what a provider says is wrong with it."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

TRACKER: dict[str, LazyString] = {
    "PROVIDER_HAS_IT": _l("You have it. It is not submitted yet."),
    "PROVIDER_CORRECTS_IT": _l("You have it. It was sent back to you to correct."),
    "RECIPIENT_HAS_IT": _l("%(name)s has it since %(since_on)s."),
    "MIDNIGHT_HAS_IT": _l("It is signed since %(since_on)s and goes on at midnight."),
    "COUNTY_HAS_IT": _l("Your county has it since %(since_on)s."),
    "PAYROLL_HAS_IT": _l("Payroll has it since %(since_on)s."),
    "MONEY_ON_ITS_WAY": _l("The payment was issued on %(since_on)s."),
    "COUNTY_SETTLES": _l("Your county looks at it since %(since_on)s, because you disputed it."),
    "EXPECTED_ON": _l("Expected in your account on %(expected_on)s."),
    "EXPECTED_IF_SIGNED": _l(
        "If %(name)s signs today, it is expected in your account on %(expected_on)s."
    ),
    "SHOULD_HAVE_ARRIVED": _l("It should be in your account since %(expected_on)s."),
}

LINES: dict[str, LazyString] = {
    "LINE_STRAIGHT": _l("Hours worked"),
    "LINE_TRAVEL": _l("Travel time"),
    "LINE_SICK_LEAVE": _l("Sick leave"),
    "LINE_OVERTIME_PREMIUM": _l("Overtime, week of %(week_of_on)s"),
    "PREMIUM_EXPLAINED": _l(
        "You worked over 40 hours in a week, all your recipients together. Each hour over 40 adds "
        "half of your average pay that week. The hours themselves are in the lines above."
    ),
    "PREMIUM_RATE_ROUNDED": _l("The rate of an overtime line is shown to the nearest cent."),
}

DISPUTES: dict[str, LazyString] = {
    "DISPUTED_HOURS": _l("The hours are not right"),
    "DISPUTED_RATE": _l("The pay for an hour is not right"),
    "DISPUTED_OVERTIME": _l("Overtime is missing or not right"),
    "DISPUTED_NOT_ARRIVED": _l("The money did not arrive"),
    "DISPUTED_OTHER": _l("Something else"),
    "DISPUTE_REASON_MISSING": _l("Choose what is wrong."),
    "DISPUTE_NOTE_MISSING": _l("Say in a few words what is wrong."),
    "DISPUTE_NOTE_TOO_LONG": _l(
        "Your note has %(length)s letters. Please use %(longest)s at most."
    ),
    "NOT_DISPUTABLE": _l("This payment cannot be disputed now."),
    "NOT_DISPUTED": _l("This payment is not disputed any more."),
    "SETTLE_REASON_MISSING": _l("Write what you found, so that the provider knows."),
    "SETTLE_REASON_TOO_LONG": _l(
        "Your answer has %(length)s letters. Please use %(longest)s at most."
    ),
}

PAYROLL: dict[str, LazyString] = {
    "PAY_DATE_PAST": _l("%(date_on)s is past. A payment is issued today or later."),
    "NO_WAGE_RATE": _l("The county has no wage on file for %(day_on)s."),
    "PAYMENT_FILE_CHANGED": _l(
        "The file %(file)s is not what was written. Find out who changed it before you pay."
    ),
}

NOTICES: dict[str, LazyString] = {
    "NOTICE_PAYMENT_ISSUED": _l(
        "Your pay for %(recipient)s, %(half_period)s, is %(gross_cents)s before deductions. It should "
        "be in your account on %(arrives_on)s."
    ),
    "NOTICE_PAYMENT_DISPUTED": _l(
        "%(provider)s says that the payment for %(recipient)s, %(half_period)s, is wrong."
    ),
    "NOTICE_PAYMENT_SETTLED": _l(
        "The county looked at your payment for %(recipient)s, %(half_period)s. It wrote: %(reason)s"
    ),
}

SENTENCES: dict[str, LazyString] = {
    **TRACKER,
    **LINES,
    **DISPUTES,
    **PAYROLL,
    **NOTICES,
}
