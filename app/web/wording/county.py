"""Sentences for the county: why a timesheet waits for it, and what is wrong with a file of cases."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, LazyString] = {
    "EVIDENCE_LATE": _l("It was signed %(days)s days after the half month ended."),
    "EVIDENCE_OVER_70_PERCENT": _l(
        "The first half claims %(claimed_minutes)s of the month’s %(authorized_minutes)s. That is more than "
        "%(percent)s percent."
    ),
    "FILE_NOT_UTF8": _l("The file is not UTF-8 text. Save it as CSV UTF-8."),
    "FILE_NOT_CSV": _l("The file cannot be read as CSV after line %(line)s."),
    "FILE_EMPTY": _l("The file is empty."),
    "COLUMNS_WRONG": _l("The first line must name the columns. Look at this: %(columns)s."),
    "ROW_TOO_LONG": _l("The row has more cells than there are columns."),
    "ROW_KIND_UNKNOWN": _l("“%(typed)s” is not a kind of record."),
    "ROW_TWICE": _l("Line %(line)s already says this."),
    "CELL_MISSING": _l("%(column)s is empty."),
    "NUMBER_WRONG": _l("%(column)s must have %(digits)s digits, not “%(typed)s”."),
    "DAY_WRONG": _l("%(column)s must be a day like 2026-11-24, not “%(typed)s”."),
    "CELL_HOURS_WRONG": _l("%(column)s must be hours like 195:00, not “%(typed)s”."),
    "LAST4_WRONG": _l("%(column)s must be the last four of the number, and no more."),
    "COORDINATE_WRONG": _l("%(column)s must be degrees like 34.0622, not “%(typed)s”."),
    "WORD_UNKNOWN": _l("%(column)s cannot be “%(typed)s”."),
    "DATES_REVERSED": _l("It ends on %(to_on)s, before it starts on %(from_on)s."),
    "COUNTY_UNKNOWN": _l("There is no county “%(typed)s”."),
    "NO_SUCH_CASE": _l("There is no case %(number)s, neither here nor in the file."),
    "NO_SUCH_PROVIDER": _l("There is no provider %(number)s, neither here nor in the file."),
    "WAGE_RATE_DIFFERS": _l("%(county)s has another wage on file from %(starts_on)s."),
}
