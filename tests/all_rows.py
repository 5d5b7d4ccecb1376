"""Did asking for a page change anything that it should not?"""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Base

# What a look or a refused act may write: who was there, what was tried, and the record of it.
WRITTEN_BY_ASKING = {
    "session", "audit_event", "counted_try", "kept_form", "stranger", "notice", "passkey_challenge",
}  # fmt: skip
Row = tuple[Any, ...]


def everything(session: Session) -> dict[str, set[Row]]:
    """Every row of every table that asking must not change."""
    return {
        table.name: {tuple(map(str, row)) for row in session.execute(select(table))}
        for table in Base.metadata.sorted_tables
        if table.name not in WRITTEN_BY_ASKING
    }


def changed(before: dict[str, set[Row]], after: dict[str, set[Row]]) -> list[tuple[str, Row]]:
    """The rows that are only in one of the two, with their tables."""
    return [(table, row) for table in before for row in before[table] ^ after[table]]
