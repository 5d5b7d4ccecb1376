"""The plain coordinates beside the sealed ones are dropped. Back: they are filled again."""

import sqlalchemy as sa
from alembic import op

from app.migrations.positions import (
    forget_in_hashes,
    open_all,
    remember_in_hashes,
    seal_all,
)

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

PLAIN = (
    ("recipient", "latitude"),
    ("recipient", "longitude"),
    ("visit_event", "latitude"),
    ("visit_event", "longitude"),
    ("visit_event", "accuracy_m"),
)


def upgrade() -> None:
    seal_all(op.get_bind())  # what was written since the last migration
    forget_in_hashes(op.get_bind())
    for table, column in PLAIN:
        op.drop_column(table, column)


def downgrade() -> None:
    for table, column in PLAIN:
        op.add_column(table, sa.Column(column, sa.Double(), nullable=True))
    open_all(op.get_bind())
    remember_in_hashes(op.get_bind())
