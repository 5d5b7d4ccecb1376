"""Sentences of the printed timesheet: what it is, who signed it, and how it is known again."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

NOTICES: dict[str, LazyString] = {
    "NOTICE_TIMESHEET_PERIOD_ENDS": _l(
        "You have %(worked_minutes)s for %(recipient)s, %(half_period)s, that are not submitted. The "
        "half month ends on %(last_on)s."
    ),
    "NOTICE_TIMESHEET_SOON_LATE": _l(
        "Your %(worked_minutes)s for %(recipient)s, %(half_period)s, are not submitted. Submit them by "
        "%(last_on)s, or the county must look at them first."
    ),
}

SENTENCES: dict[str, LazyString] = {
    **NOTICES,
    "PAPER_IHSS": _l("IHSS timesheet"),
    "PAPER_WPCS": _l("WPCS timesheet"),
    "PAPER_TITLE": _l("Timesheet for %(recipient)s, %(half)s"),
    "PAPER_STATUS": _l("Status: %(status)s."),
    "PAPER_STATUS_AND_PAY": _l("Status: %(status)s. Pay: %(pay)s."),
    "PAPER_OLDER": _l("This is version %(number)s of %(count)s. A newer one was signed after it."),
    "PAPER_DRAFT": _l("Not signed yet. This is how it stood on %(printed_moment)s."),
    "PAPER_WHO": _l("Who and when"),
    "PAPER_PROVIDER": _l("Provider"),
    "PAPER_PROVIDER_NUMBER": _l("Provider number"),
    "PAPER_RECIPIENT": _l("Recipient"),
    "PAPER_CASE_NUMBER": _l("Case number"),
    "PAPER_COUNTY": _l("County"),
    "PAPER_HALF": _l("Half month"),
    "PAPER_TOTAL": _l("Total"),
    "PAPER_WEEKS": _l("Weeks"),
    "PAPER_WEEK": _l("%(first_day)s – %(last_day)s"),
    "PAPER_DAYS": _l("Days"),
    "PAPER_DAY": _l("Day"),
    "PAPER_START": _l("Start"),
    "PAPER_END": _l("End"),
    "PAPER_PLACE": _l("Place"),
    "PAPER_HOME": _l("Home"),
    "PAPER_COMMUNITY": _l("Community"),
    "PAPER_BOTH": _l("Both"),
    "PAPER_HOURS": _l("Hours"),
    "PAPER_DIFFERENT": _l("What is different"),
    "PAPER_WARNINGS": _l("What the county may ask about"),
    "PAPER_SIGNATURES": _l("Signatures"),
    "PAPER_UNSIGNED": _l("Nobody has signed this."),
    "PAPER_SIGNED": _l(
        "Signed by %(name)s on %(signed)s, under penalty of perjury, that the hours are true."
    ),
    "PAPER_APPROVED": _l(
        "Approved by %(name)s on %(signed)s, under penalty of perjury, that the hours are true."
    ),
    "PAPER_REJECTED": _l("Sent back on %(signed)s. It does not count."),
    "PAPER_WITHDRAWN": _l("Taken back on %(signed)s. It does not count."),
    "PAPER_WAITS": _l("Not approved yet."),
    "PAPER_PROOF": _l("Proof"),
    "PAPER_RECEIPT": _l("Receipt"),
    "PAPER_VERSION": _l("Version"),
    "PAPER_VERSION_OF": _l("%(number)s of %(count)s"),
    "PAPER_CHECK_AT": _l("Check it at"),
    "PAPER_FINGERPRINT": _l("Fingerprint of what was signed (SHA-256)"),
    "PAPER_FOOT": _l(
        "Receipt %(receipt)s, version %(number)s. CareHours is an independent portal."
    ),
    "PAPER_FOOT_DRAFT": _l("Not signed. CareHours is an independent portal."),
    "PAPER_PAGE": _l("Page %(page)s of %(pages)s"),
}
