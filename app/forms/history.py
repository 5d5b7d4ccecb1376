"""What does somebody look for in the history of timesheets? Everything is a choice; nothing is typed."""

from collections.abc import Iterable, Sequence
from datetime import date

from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField

from app.domain.timesheets import PaymentStatus, SheetStatus
from app.services.sheet_cards import NOT_STARTED
from app.services.sheet_search import Place, Search
from app.web.wording import sentence

NOT_SIGNED = frozenset({NOT_STARTED})  # what whoever signs never gets to see
ANY_YEAR = 2000  # one that has every month


class HistoryForm(FlaskForm):  # type: ignore[misc]
    """Choices in the address, so that a search can be kept as a bookmark."""

    class Meta:
        csrf = False

    who = SelectField(_l("Who"))
    year = SelectField(_l("Year"))
    month = SelectField(_l("Month"))
    status = SelectField(_l("Status"))

    def offer(
        self, people: Iterable[tuple[int, str]], years: Iterable[int], *, signed: bool
    ) -> None:
        """Fill in what can be chosen; `signed` leaves out what only a provider sees."""
        self.who.choices = [("", _("All")), *((str(key), name) for key, name in people)]
        self.year.choices = [("", _("All")), *((str(year), str(year)) for year in years)]
        self.month.choices = [("", _("All")), *_months()]
        self.status.choices = [("", _("All")), *_statuses(NOT_SIGNED if signed else ())]

    def search(self, after: Place | None) -> Search:
        """What is asked for; a choice that was not offered asks for nothing."""
        return Search(
            who=_number(self.who),
            year=_number(self.year),
            month=_number(self.month),
            status=_chosen(self.status),
            after=after,
        )

    @property
    def chosen(self) -> dict[str, str]:
        """The choices that were made, to go on with them on the next page."""
        return {field.name: value for field in self if (value := _chosen(field)) is not None}


def place_of(text: str | None) -> Place | None:
    """Where the page before ended, as `place_in_address` wrote it; None for anything else.

    >>> place_of("2026-03-16.42")
    Place(period_starts_on=datetime.date(2026, 3, 16), timesheet_id=42)
    """
    day, _dot, number = (text or "").partition(".")
    try:
        return Place(date.fromisoformat(day), int(number))
    except ValueError:
        return None


def place_in_address(place: Place | None) -> str | None:
    """Where this page ends, for the address of the next one."""
    return None if place is None else f"{place.period_starts_on.isoformat()}.{place.timesheet_id}"


def _months() -> list[tuple[str, str]]:
    days = (date(ANY_YEAR, number, 1) for number in range(1, 13))
    return [(str(day.month), str(format_date(day, "LLLL"))) for day in days]


def _statuses(without: Iterable[str]) -> list[tuple[str, str]]:
    codes = (NOT_STARTED, *SheetStatus, *PaymentStatus)
    return [
        (str(code), sentence(f"STATUS_{code}".upper()))
        for code in codes
        if code not in set(without)
    ]


def _chosen(field: SelectField) -> str | None:
    offered: Sequence[tuple[str, str]] = field.choices
    return field.data if field.data and field.data in {key for key, _name in offered} else None


def _number(field: SelectField) -> int | None:
    value = _chosen(field)
    return None if value is None else int(value)
