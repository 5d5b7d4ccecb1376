"""Sentences about violations: what would follow from hours, and when a week needs no approval."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, LazyString] = {
    "VIOLATION_NOTICE": _l(
        "If the county does not approve it, this would be your first violation. You would get a "
        "notice. Nothing else follows."
    ),
    "VIOLATION_SELF_STUDY": _l(
        "If the county does not approve it, this would be your second violation. Self-study would "
        "undo it, this once. With a notice of today, finish it by %(self_study_by_date)s."
    ),
    "VIOLATION_SECOND_NOTICE": _l(
        "If the county does not approve it, this would be your second violation. You would get a "
        "notice. Self-study cannot undo it again."
    ),
    "VIOLATION_SUSPENDED": _l(
        "If the county does not approve it, this would be your third violation. With a notice of "
        "today, you could not work from %(effective_date)s. You could work again on %(back_date)s."
    ),
    "VIOLATION_INELIGIBLE": _l(
        "If the county does not approve it, this would be your fourth violation. With a notice of "
        "today, you could not work from %(effective_date)s. You could enroll again on %(back_date)s."
    ),
    "VIOLATION_NO_FURTHER": _l(
        "This month has its violation already. No other one follows from these hours."
    ),
    "VIOLATION_DISPUTE": _l(
        "You could dispute it until %(dispute_by_date)s. All hours are paid in any case."
    ),
    "APPROVAL_NOT_NEEDED": _l(
        "The week of %(week_starts_on)s has %(by)s more than usual. So far it needs no approval by the "
        "county."
    ),
    "APPROVAL_NEEDED": _l(
        "The week of %(week_starts_on)s has %(by)s more than usual. The county must approve that."
    ),
}
