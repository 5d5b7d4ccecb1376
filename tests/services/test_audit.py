"""Acts on record: a chain for each who acted, in which nothing changes unseen."""

from datetime import UTC, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.models.audit import AuditEvent
from app.services import audit
from app.services.audit import Act
from factories import World

AT = datetime(2026, 3, 16, 15, 0, tzinfo=UTC)


def actions(session: Session, chain: str) -> list[tuple[int, str]]:
    rows = select(AuditEvent).where(AuditEvent.chain == chain).order_by(AuditEvent.sequence)
    return [(row.sequence, row.action) for row in session.scalars(rows)]


def test_acts_of_several_people_each_follow_on_their_own_chain(
    session: Session, world: World
) -> None:
    audit.record(session, "visit:check-in", "assignment:1", by=world.ana, at=AT)

    audit.record_all(
        session,
        [
            Act("visit:check-out", "assignment:1", world.ana, AT),
            Act("timesheet:approve", "timesheet:1", world.rosa, AT),
            Act("visit:check-in", "assignment:2", world.ana, AT),
            Act("jobs:send", "notice:1", None, AT),
        ],
    )

    ana, rosa = audit.chain_of(world.ana), audit.chain_of(world.rosa)
    assert actions(session, ana) == [
        (1, "visit:check-in"),
        (2, "visit:check-out"),
        (3, "visit:check-in"),
    ]
    assert actions(session, rosa) == [(1, "timesheet:approve")]
    assert actions(session, audit.PORTAL) == [(1, "jobs:send")]
    assert [audit.broken_links(session, chain) for chain in (ana, rosa, audit.PORTAL)] == [[]] * 3


def test_a_row_that_somebody_changed_breaks_its_chain(session: Session, world: World) -> None:
    audit.record_all(session, [Act(f"act:{number}", "a:1", world.ana, AT) for number in range(3)])

    session.execute(update(AuditEvent).where(AuditEvent.action == "act:1").values(subject="a:2"))

    assert audit.broken_links(session, audit.chain_of(world.ana)) == [2]
