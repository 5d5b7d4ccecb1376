"""Sealed columns beside the plain ones, filled from them.

Nothing is lost either way: a version that knows only the plain columns goes on working, and what it
writes meanwhile is sealed by the next migration.
"""

import sqlalchemy as sa
from alembic import op

from app.migrations.sealing import COLUMNS, seal_all

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in COLUMNS:
        op.add_column(column.table, sa.Column(column.sealed, sa.Text(), nullable=True))
    op.add_column("account", sa.Column("email_fingerprint", sa.String(), nullable=True))
    seal_all(op.get_bind())


def downgrade() -> None:
    op.drop_column("account", "email_fingerprint")
    for column in COLUMNS:
        op.drop_column(column.table, column.sealed)
