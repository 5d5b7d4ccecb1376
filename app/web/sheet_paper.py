"""How does a timesheet read on paper? The page to print and the PDF are made of the same words."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from flask import current_app
from flask_babel import get_locale, gettext

from app.gateways.documents import Body, Document, Facts, Grid, Section, Sentences
from app.models.timesheets import TimesheetVersion
from app.services.sheet_documents import PaperSheet
from app.web.formatting import (
    clock_time,
    hours,
    long_date,
    long_day,
    period_with_year,
    short_date,
)
from app.web.sheet_page import remark_words
from app.web.wording import sentence
from app.web.wording.timesheets import differences

PAGE, PAGES = "%(page)s", "%(pages)s"  # filled in by whoever knows how many there are


def document_of(paper: PaperSheet) -> Document:
    """Everything that is printed, in the reader's words."""
    return Document(
        kicker=sentence(f"PAPER_{paper.content['program']}".upper()),
        title=sentence(
            "PAPER_TITLE",
            {
                "recipient": paper.content["recipient"],
                "half": period_with_year(paper.content["starts_on"]),
            },
        ),
        status=_status(paper),
        language=str(get_locale()).replace("_", "-"),
        sections=tuple(Section(sentence(code), body) for code, body in _sections(paper)),
        foot=_foot(paper.version),
        page_words=sentence("PAPER_PAGE", {"page": PAGE, "pages": PAGES}),
        made_at=_made_at(paper),
    )


def file_name(paper: PaperSheet) -> str:
    """A name for the file that sorts by half month and tells versions apart; no person's name in it."""
    version = "draft" if paper.version is None else f"v{paper.version.number}"
    return f"timesheet-{paper.content['starts_on']}-{paper.timesheet.id}-{version}.pdf"


def _sections(paper: PaperSheet) -> Iterator[tuple[str, Body]]:
    content = paper.content
    yield "PAPER_WHO", Facts(tuple(_who(paper)))
    yield "PAPER_DAYS", _days(content)
    yield (
        "PAPER_WEEKS",
        Facts(tuple((_week(week), hours(week["minutes"])) for week in content["weeks"])),
    )
    yield "PAPER_DIFFERENT", Sentences(tuple(sentence(*found) for found in differences(content)))
    if content["warnings"]:
        said = (remark_words(each["code"], each["facts"]) for each in content["warnings"])
        yield "PAPER_WARNINGS", Sentences(tuple(said))
    yield "PAPER_SIGNATURES", Sentences(tuple(_signatures(paper)))
    if paper.version is not None:
        yield "PAPER_PROOF", Facts(tuple(_proof(paper, paper.version)))
        yield "PAPER_FINGERPRINT", Sentences((paper.version.content_hash,))


def _status(paper: PaperSheet) -> str:
    if paper.version is None:
        return sentence("PAPER_DRAFT", {"printed_moment": paper.at})
    if not paper.is_latest:
        return sentence("PAPER_OLDER", _numbered(paper, paper.version))
    facts = {"status": sentence(f"STATUS_{paper.timesheet.status}".upper())}
    if paper.timesheet.payment_status is None:
        return sentence("PAPER_STATUS", facts)
    pay = sentence(f"STATUS_{paper.timesheet.payment_status}".upper())
    return sentence("PAPER_STATUS_AND_PAY", facts | {"pay": pay})


def _who(paper: PaperSheet) -> Iterator[tuple[str, str]]:
    content = paper.content
    for name in ("provider", "provider_number", "recipient", "case_number"):
        yield sentence(f"PAPER_{name}".upper()), content[name]
    yield sentence("PAPER_COUNTY"), paper.timesheet.assignment.recipient.county.name
    yield sentence("PAPER_HALF"), period_with_year(content["starts_on"])
    yield sentence("PAPER_TOTAL"), hours(content["total_minutes"])


def _days(content: Mapping[str, Any]) -> Grid:
    """Those who live in enter hours alone, so their table has no times and no places."""
    total = (sentence("PAPER_TOTAL"), hours(content["total_minutes"]))
    if content["live_in"]:
        return Grid(
            (sentence("PAPER_DAY"), sentence("PAPER_HOURS")),
            tuple((long_day(day["on"]), hours(day["minutes"])) for day in content["days"]),
            total,
        )
    names = ("PAPER_DAY", "PAPER_START", "PAPER_END", "PAPER_PLACE", "PAPER_HOURS")
    return Grid(
        tuple(sentence(name) for name in names),
        tuple(_day(day) for day in content["days"]),
        (total[0], "", "", "", total[1]),
    )


def _day(day: Mapping[str, Any]) -> tuple[str, ...]:
    place = sentence(f"PAPER_{day['location']}".upper()) if day["location"] else ""
    times = (_time(day["starts"]), _time(day["ends"]))
    return (long_day(day["on"]), *times, place, hours(day["minutes"]))


def _time(minute: int | None) -> str:
    return "" if minute is None else clock_time(minute)


def _week(week: Mapping[str, Any]) -> str:
    first, last = short_date(week["starts_on"]), short_date(week["ends_on"])
    return (
        first if first == last else sentence("PAPER_WEEK", {"first_day": first, "last_day": last})
    )


def _signatures(paper: PaperSheet) -> Iterator[str]:
    version = paper.version
    if version is None:
        yield sentence("PAPER_UNSIGNED")
        return
    yield _signed("PAPER_SIGNED", version.signed_at, paper.signed_by)
    if version.approved_at is not None:
        yield _signed("PAPER_APPROVED", version.approved_at, paper.approved_by)
    if version.rejected_at is not None:
        yield _signed("PAPER_REJECTED", version.rejected_at)
    if version.withdrawn_at is not None:
        yield _signed("PAPER_WITHDRAWN", version.withdrawn_at)
    if not any((version.approved_at, version.rejected_at, version.withdrawn_at)):
        yield sentence("PAPER_WAITS")


def _signed(code: str, at: datetime, name: str | None = None) -> str:
    when = gettext("%(day)s, %(time)s", day=long_date(at), time=clock_time(at))
    return sentence(code, {"signed": when, "name": name})


def _proof(paper: PaperSheet, version: TimesheetVersion) -> Iterator[tuple[str, str]]:
    yield sentence("PAPER_RECEIPT"), version.receipt
    yield sentence("PAPER_VERSION"), sentence("PAPER_VERSION_OF", _numbered(paper, version))
    portal = current_app.extensions["settings"].public_url
    yield sentence("PAPER_CHECK_AT"), f"{portal}/receipts/{version.receipt}"


def _numbered(paper: PaperSheet, version: TimesheetVersion) -> dict[str, Any]:
    return {"number": version.number, "count": paper.versions[0].number}


def _foot(version: TimesheetVersion | None) -> str:
    if version is None:
        return sentence("PAPER_FOOT_DRAFT")
    return sentence("PAPER_FOOT", {"receipt": version.receipt, "number": version.number})


def _made_at(paper: PaperSheet) -> datetime:
    """When the newest thing happened that the paper tells of a version; now, for what is not signed."""
    version = paper.version
    if version is None:
        return paper.at
    told = (version.signed_at, version.approved_at, version.rejected_at, version.withdrawn_at)
    return max(at for at in told if at is not None)
