"""How is what lies ahead of a sheet said on its page, by the portal and by the phone's scripts?"""

from collections.abc import Iterable

from flask_babel import gettext as _

from app.domain.habits import Question
from app.domain.smallest_change import DayCut
from app.services.sheet_outlook import Outlook
from app.web.formatting import hours
from app.web.wording import SENTENCES, sentence
from app.web.wording import forecasts as forecast_words
from app.web.wording import timesheets as sheet_words
from app.web.wording import violations as violation_words

SCRIPTS_SAY = (
    *sheet_words.BLOCKS,
    *sheet_words.WARNINGS,
    *("EARLY", "LATE", "OVER_70_PERCENT", "FLAGGED_PAIR", "COUNTY_REVIEW"),
    *("NOTHING_CHANGED", "DAY_ALREADY_CLAIMED"),
    *violation_words.SENTENCES,
    *forecast_words.SENTENCES,
)
"""The codes whose sentences the scripts of a sheet fill in by themselves."""


def consequences(outlook: Outlook) -> list[str]:
    """What would follow, in sentences: which weeks the county must approve, and which violation."""
    said = [sentence(each.code, each.facts) for each in outlook.moved]
    said += [sentence(each.code, each.facts) for each in outlook.prospects]
    disputed = next((each for each in outlook.prospects if each.dates is not None), None)
    if disputed is not None:
        said.append(sentence("VIOLATION_DISPUTE", disputed.facts))
    return said


def changes(cuts: Iterable[DayCut]) -> list[str]:
    """The smallest change, a sentence for each day."""
    return [
        sentence(
            "CHANGE_OF_DAY",
            {"on": cut.on, "within": hours(cut.within), "before": hours(cut.worked)},
        )
        for cut in cuts
    ]


def question(asked: Question) -> str:
    """Why a day is asked about."""
    on_weekdays = sentence(f"ON_WEEKDAYS_{asked.on.weekday()}")
    return sentence(asked.code, {"usual": hours(asked.usual.minutes), "on_weekdays": on_weekdays})


def words() -> dict[str, str]:
    """What the scripts of a sheet say beside the words of every page (web/offline_words), by key."""
    return {
        **{code: str(SENTENCES[code]) for code in SCRIPTS_SAY},
        **_durations(),
        **_figures(),
        **_fills(),
    }


def _durations() -> dict[str, str]:
    return {
        "hours_one": _("%(count)s hour"),
        "hours_many": _("%(count)s hours"),
        "minutes_one": _("%(count)s minute"),
        "minutes_many": _("%(count)s minutes"),
        "hours_and_minutes": _("%(hours)s %(minutes)s"),
    }


def _figures() -> dict[str, str]:
    return {
        "week_left_own": _("%(left)s left for you this week, for all your recipients."),
        "month_left_recipient": _("%(left)s are left for %(name)s after this timesheet."),
        "month_left_assigned": _("Of your own share, %(left)s are left."),
        "pay_hours": _("%(regular)s regular, before deductions."),
        "pay_hours_overtime": _(
            "%(regular)s regular and %(overtime)s overtime, before deductions."
        ),
        "take_hours": _("Enter %(hours)s"),
        "meant_hours": _("Yes, %(meant)s"),
    }


def _fills() -> dict[str, str]:
    return {
        "filled_one": _("1 day was filled in. You can change it."),
        "filled_many": _("%(count)s days were filled in. You can change each of them."),
        "unfilled_one": _("1 day is blank again."),
        "unfilled_many": _("%(count)s days are blank again."),
    }
