"""What proves when a visit happened, what is odd about one, and what could not be taken."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

PROOF: tuple[tuple[str, sa.types.TypeEngine[Any]], ...] = (
    ("chain_key", sa.String()),
    ("chain_number", sa.Integer()),
    ("chain_previous", sa.String()),
    ("chain_hash", sa.String()),
    ("anchored_at", sa.DateTime(timezone=True)),
    ("since_anchor_s", sa.Integer()),
    ("judged_at", sa.DateTime(timezone=True)),
)
NOT_JUDGED = sa.text("judged_at IS NULL")


def upgrade() -> None:
    for name, kind in PROOF:
        op.add_column("visit_event", sa.Column(name, kind, nullable=True))
    op.create_index(
        "ix_visit_event_chain_key_chain_number", "visit_event", ["chain_key", "chain_number"]
    )
    op.create_index(
        "ix_visit_event_not_judged",
        "visit_event",
        ["id"],
        sqlite_where=NOT_JUDGED,
        postgresql_where=NOT_JUDGED,
    )
    _create_visit_flag()
    _create_refused_item()
    op.add_column("visit", sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_visit_began_at", "visit", ["began_at"])
    op.add_column(
        "account",
        sa.Column("reminds_of_taps", sa.Boolean(), nullable=False, server_default=sa.true()),
    )


def downgrade() -> None:
    op.drop_column("account", "reminds_of_taps")
    op.drop_index("ix_visit_began_at", table_name="visit")
    op.drop_column("visit", "reminded_at")
    op.drop_table("refused_item")
    op.drop_table("visit_flag")
    op.drop_index("ix_visit_event_not_judged", table_name="visit_event")
    op.drop_index("ix_visit_event_chain_key_chain_number", table_name="visit_event")
    for name, _ in reversed(PROOF):
        op.drop_column("visit_event", name)


def _create_visit_flag() -> None:
    op.create_table(
        "visit_flag",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said", sa.String(), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("settled_note", sa.String(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["assignment.id"],
            name=op.f("fk_visit_flag_assignment_id_assignment"),
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["visit_event.id"], name=op.f("fk_visit_flag_event_id_visit_event")
        ),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["account.id"], name=op.f("fk_visit_flag_settled_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_flag")),
        sa.UniqueConstraint("event_id", "code", name=op.f("uq_visit_flag_event_id_code")),
    )
    op.create_index("ix_visit_flag_assignment_id", "visit_flag", ["assignment_id"])
    op.create_index("ix_visit_flag_code_settled_at", "visit_flag", ["code", "settled_at"])


def _create_refused_item() -> None:
    op.create_table(
        "refused_item",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.String(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("signed", sa.Boolean(), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=True),
        sa.Column("chain_key", sa.String(), nullable=True),
        sa.Column("chain_number", sa.Integer(), nullable=True),
        sa.Column("chain_previous", sa.String(), nullable=True),
        sa.Column("chain_hash", sa.String(), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_refused_item_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["device_id"], ["device.id"], name=op.f("fk_refused_item_device_id_device")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refused_item")),
        sa.UniqueConstraint(
            "account_id",
            "submission_id",
            "content_hash",
            name=op.f("uq_refused_item_account_id_submission_id_content_hash"),
        ),
    )
    op.create_index("ix_refused_item_assignment_id", "refused_item", ["assignment_id"])
    op.create_index("ix_refused_item_submission_id", "refused_item", ["submission_id"])
