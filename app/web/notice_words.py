"""What does a notice say to the one who reads it, and where does it lead?"""

from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from app.domain.permissions import Role
from app.models.messages import Notice
from app.web.wording import sentence


@dataclass(frozen=True, slots=True)
class ShownNotice:
    """A notice as components/notice_list draws it."""

    title: str
    text: str | None
    at: datetime
    href: str | None
    is_new: bool


def shown(notice: Notice, role: Role | None) -> ShownNotice:
    """The notice in the reader's language, with the page that it is about."""
    return ShownNotice(
        title=sentence(f"NOTICE_{notice.code}", notice.facts),
        text=None,
        at=notice.created_at,
        href=_page_about(notice, role),
        is_new=notice.read_at is None,
    )


def _page_about(notice: Notice, role: Role | None) -> str | None:
    payment_id = notice.facts.get("payment_id")
    timesheet_id = notice.facts.get("timesheet_id") or notice.facts.get("timesheet")
    visit_id = notice.facts.get("visit_id")
    claim_id = notice.facts.get("claim_id")
    if role is Role.PROVIDER and visit_id:
        return url_for("visits.show", visit_id=visit_id)
    if role is Role.PROVIDER and payment_id:
        return url_for("payments.show", payment_id=payment_id)
    if role is Role.PROVIDER and claim_id:
        return url_for("claims.show", claim_id=claim_id)
    if role is Role.PROVIDER and timesheet_id:
        return url_for("timesheets.show", timesheet_id=timesheet_id)
    if role in {Role.RECIPIENT, Role.SIGNATORY} and timesheet_id:
        return url_for("approvals.show", timesheet_id=timesheet_id)
    return None
