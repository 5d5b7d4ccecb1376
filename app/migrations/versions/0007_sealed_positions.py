"""Sealed columns for where somebody was and where homes are, filled from the plain ones.

Nothing is lost either way: a version that knows only the plain columns goes on working, and what it
writes meanwhile is sealed by the next migration.
"""

import sqlalchemy as sa
from alembic import op

from app.migrations.positions import seal_all

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

WITH_POSITION = sa.text("position_sealed IS NOT NULL")


def upgrade() -> None:
    op.add_column("recipient", sa.Column("home_sealed", sa.Text(), nullable=True))
    op.add_column("visit_event", sa.Column("position_sealed", sa.Text(), nullable=True))
    op.add_column(
        "visit_event",
        sa.Column("position_deleted_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.create_index(
        "ix_visit_event_with_position",
        "visit_event",
        ["counts_at"],
        sqlite_where=WITH_POSITION,
        postgresql_where=WITH_POSITION,
    )
    seal_all(op.get_bind())


def downgrade() -> None:
    op.drop_index("ix_visit_event_with_position", table_name="visit_event")
    op.drop_column("visit_event", "position_deleted_at")
    op.drop_column("visit_event", "position_sealed")
    op.drop_column("recipient", "home_sealed")
