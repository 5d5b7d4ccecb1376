"""Every code and status of the rules, as one whole sentence that can be translated.

A file per slice holds its sentences, code → lazy text with %(fact)s places; facts are shown by
the ending of their names (see web/formatting.shown), so a sentence never formats a number itself.
"""

from collections.abc import Mapping
from typing import Any

from flask_babel import LazyString

from app.web.formatting import shown
from app.web.wording import (
    account,
    claims,
    corrections,
    county,
    everywhere,
    evv,
    forecasts,
    history,
    locations,
    notes,
    odd_visits,
    pay,
    receipts,
    recovery,
    registration,
    service_desk,
    sign_in,
    timesheets,
    violations,
    visits,
    what_if,
)

SENTENCES: dict[str, LazyString] = {
    **everywhere.SENTENCES,
    **sign_in.SENTENCES,
    **visits.SENTENCES,
    **odd_visits.SENTENCES,
    **timesheets.SENTENCES,
    **forecasts.SENTENCES,
    **pay.SENTENCES,
    **claims.SENTENCES,
    **corrections.SENTENCES,
    **county.SENTENCES,
    **evv.SENTENCES,
    **service_desk.SENTENCES,
    **recovery.SENTENCES,
    **registration.SENTENCES,
    **account.SENTENCES,
    **receipts.SENTENCES,
    **history.SENTENCES,
    **locations.SENTENCES,
    **notes.SENTENCES,
    **what_if.SENTENCES,
    **violations.SENTENCES,
}


def sentence(code: str, facts: Mapping[str, Any] | None = None) -> str:
    """The sentence of a code in the reader's language; an unknown code is a programming error."""
    return str(SENTENCES[code]) % shown(dict(facts or {}))
