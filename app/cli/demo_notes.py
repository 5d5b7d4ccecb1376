"""Which notes have the demo's providers left for each other?"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.cli.demo_people import People
from app.services import notes


def leave(session: Session, people: People, table: Mapping[str, Any], *, now: datetime) -> None:
    """Let recipients allow notes, and providers write some in the days before `now` (UTC); commits."""
    for entry in table["notes"]:
        case, writer = people.cases[entry["recipient"]], people.accounts[entry["writer"]]
        at = now - timedelta(hours=entry["hours_ago"])
        notes.allow(session, case, by=people.accounts[entry["recipient"]], at=at)
        notes.write(session, case, entry["text"], by=writer, at=at)
