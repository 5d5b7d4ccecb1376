"""What does every page know of its reader: for the scripts (docs/offline.md §1), and for whom she acts?"""

from babel.lists import format_list
from flask import current_app
from flask_babel import get_locale
from flask_login import current_user

from app import clock
from app.domain import sign_in as rules
from app.domain.permissions import Role
from app.extensions import db
from app.gateways import sealed_positions
from app.services import approvals, devices, sessions


def body_data() -> dict[str, str]:
    """The `data-` attributes of `<body>`: whose page it is and when her session ends; none when signed out."""
    if not current_user.is_authenticated:
        return {}
    account, session, at = current_user.account, current_user.session, clock.now()
    # The answer being rendered keeps the session alive, but that is noted at most once a minute.
    seen_at = at if at - session.seen_at >= sessions.SEEN_AT_MOST_EVERY else session.seen_at
    data = {
        "data-account": str(account.id),
        "data-account-name": account.person.full_name,
        "data-session-ends": rules.session_ends_at(session.created_at, seen_at).isoformat(),
        "data-now": at.isoformat(),
    }
    if current_user.role is Role.PROVIDER:
        data["data-offline"] = ""
        data["data-anchor"] = current_app.extensions["time_anchors"].make(at)
        ours = sealed_positions.ours()
        data["data-seal-to"] = f"{ours.seals_to}.{ours.public}"
        if device := _enrolled_device():
            data["data-device"] = str(device)
    return data


def acts_for() -> str:
    """For whom somebody signs today, as a list of names; nothing for whoever acts for herself."""
    if not current_user.is_authenticated or current_user.role is not Role.SIGNATORY:
        return ""
    cases = approvals.cases_of(db.session, current_user.account, clock.today())
    names = [case.recipient.person.full_name for case in cases]
    return format_list(names, locale=get_locale())


def _enrolled_device() -> int | None:
    """The device behind this session, where it holds a key that signs for this account."""
    here = current_user.session.device_id
    if here is None:
        return None
    known = devices.devices_of(db.session, current_user.account)
    return next((one.device_id for one in known if one.device_id == here and one.enrolled_at), None)
