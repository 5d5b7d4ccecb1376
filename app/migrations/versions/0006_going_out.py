"""What the State's collector of visits knows, and what is on its way there."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

STUCK = sa.text("state IN ('incomplete', 'rejected')")
TO_COMPOSE = sa.text("fingerprint IS NULL")
PEOPLE = sa.text("kind IN ('client', 'employee')")
UNDER_WAY = sa.text("state IN ('waiting', 'sent')")


def upgrade() -> None:
    op.create_table(
        "aggregator_cursor",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("holes", sa.JSON(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aggregator_cursor")),
        sa.UniqueConstraint("source", name=op.f("uq_aggregator_cursor_source")),
    )
    _create_record()
    _create_message()


def downgrade() -> None:
    op.drop_table("aggregator_message")
    op.drop_table("aggregator_record")
    op.drop_table("aggregator_cursor")


def _create_record() -> None:
    op.create_table(
        "aggregator_record",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("provider_id", sa.Integer(), nullable=True),
        sa.Column("visit_id", sa.Integer(), nullable=True),
        sa.Column("assignment_id", sa.Integer(), nullable=True),
        sa.Column("day_by_hand", sa.Date(), nullable=True),
        sa.Column("client_id", sa.Integer(), nullable=True),
        sa.Column("employee_id", sa.Integer(), nullable=True),
        sa.Column("county_id", sa.Integer(), nullable=True),
        sa.Column("worked_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("accepted_sequence", sa.BigInteger(), nullable=True),
        sa.Column("fingerprint", sa.String(), nullable=True),
        sa.Column("missing", sa.JSON(), nullable=True),
        sa.Column("reasons", sa.JSON(), nullable=True),
        sa.Column("rejections", sa.Integer(), nullable=False),
        sa.Column("has_manual_edit", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("is_cancelled", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('client', 'employee', 'visit')", name=op.f("ck_aggregator_record_kind")
        ),
        sa.CheckConstraint(
            "state IN ('incomplete', 'waiting', 'sent', 'accepted', 'rejected')",
            name=op.f("ck_aggregator_record_state"),
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["assignment.id"],
            name=op.f("fk_aggregator_record_assignment_id_assignment"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["care_case.id"], name=op.f("fk_aggregator_record_case_id_care_case")
        ),
        sa.ForeignKeyConstraint(
            ["client_id"],
            ["aggregator_record.id"],
            name=op.f("fk_aggregator_record_client_id_aggregator_record"),
        ),
        sa.ForeignKeyConstraint(
            ["county_id"], ["county.id"], name=op.f("fk_aggregator_record_county_id_county")
        ),
        sa.ForeignKeyConstraint(
            ["employee_id"],
            ["aggregator_record.id"],
            name=op.f("fk_aggregator_record_employee_id_aggregator_record"),
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_aggregator_record_provider_id_provider")
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"],
            ["visit.id"],
            name=op.f("fk_aggregator_record_visit_id_visit"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aggregator_record")),
        sa.UniqueConstraint(
            "assignment_id",
            "day_by_hand",
            name=op.f("uq_aggregator_record_assignment_id_day_by_hand"),
        ),
        sa.UniqueConstraint("case_id", name=op.f("uq_aggregator_record_case_id")),
        sa.UniqueConstraint("provider_id", name=op.f("uq_aggregator_record_provider_id")),
        sa.UniqueConstraint("visit_id", name=op.f("uq_aggregator_record_visit_id")),
    )
    for column in ("assignment_id", "client_id", "employee_id"):
        op.create_index(f"ix_aggregator_record_{column}", "aggregator_record", [column])
    op.create_index(
        "ix_aggregator_record_county_id_kind_worked_on",
        "aggregator_record",
        ["county_id", "kind", "worked_on"],
    )
    op.create_index(
        "ix_aggregator_record_stuck",
        "aggregator_record",
        ["county_id", "state"],
        sqlite_where=STUCK,
        postgresql_where=STUCK,
    )
    op.create_index(
        "ix_aggregator_record_to_compose",
        "aggregator_record",
        ["id"],
        sqlite_where=TO_COMPOSE,
        postgresql_where=TO_COMPOSE,
    )
    op.create_index(
        "ix_aggregator_record_people_looked_at",
        "aggregator_record",
        ["looked_at"],
        sqlite_where=PEOPLE,
        postgresql_where=PEOPLE,
    )


def _create_message() -> None:
    op.create_table(
        "aggregator_message",
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("coordinates", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("batch", sa.String(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'sent', 'accepted', 'rejected', 'replaced')",
            name=op.f("ck_aggregator_message_state"),
        ),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["aggregator_record.id"],
            name=op.f("fk_aggregator_message_record_id_aggregator_record"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aggregator_message")),
        sa.UniqueConstraint(
            "record_id", "sequence", name=op.f("uq_aggregator_message_record_id_sequence")
        ),
    )
    op.create_index("ix_aggregator_message_batch", "aggregator_message", ["batch"])
    op.create_index(
        "ix_aggregator_message_under_way",
        "aggregator_message",
        ["state", "due_at"],
        sqlite_where=UNDER_WAY,
        postgresql_where=UNDER_WAY,
    )
