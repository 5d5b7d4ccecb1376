"""Claims for travel time and sick leave, and payments of them."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ONE_OF_TWO = (
    "(version_id IS NULL) = (timesheet_id IS NULL) AND (claim_id IS NULL) <> (timesheet_id IS NULL)"
)
NEW_KINDS = "kind IN ('straight', 'travel', 'sick_leave', 'overtime_premium')"
OLD_KINDS = "kind IN ('straight', 'overtime_premium')"


def upgrade() -> None:
    _create_claim()
    _create_claim_day()
    _create_claim_step()
    op.add_column(
        "authorized_hours",
        sa.Column("wait_time", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    with op.batch_alter_table("payment") as table:
        table.alter_column("version_id", existing_type=sa.Integer(), nullable=True)
        table.alter_column("timesheet_id", existing_type=sa.Integer(), nullable=True)
        table.add_column(sa.Column("claim_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_payment_claim_id_claim"), "claim", ["claim_id"], ["id"])
        table.create_unique_constraint(op.f("uq_payment_claim_id"), ["claim_id"])
        table.create_check_constraint(op.f("ck_payment_one_of_two"), ONE_OF_TWO)
    _kinds_of_lines(NEW_KINDS)


def downgrade() -> None:
    """Payments of claims go with the claims: there is no place for them in the tables before."""
    claims = "SELECT id FROM payment WHERE claim_id IS NOT NULL"
    op.execute(f"DELETE FROM earnings_line WHERE payment_id IN ({claims})")  # noqa: S608
    op.execute("DELETE FROM payment WHERE claim_id IS NOT NULL")
    op.execute("UPDATE earnings_line SET kind = 'straight' WHERE kind IN ('travel', 'sick_leave')")
    _kinds_of_lines(OLD_KINDS)
    with op.batch_alter_table("payment") as table:
        table.drop_constraint(op.f("ck_payment_one_of_two"), type_="check")
        table.drop_constraint(op.f("uq_payment_claim_id"), type_="unique")
        table.drop_constraint(op.f("fk_payment_claim_id_claim"), type_="foreignkey")
        table.drop_column("claim_id")
        table.alter_column("timesheet_id", existing_type=sa.Integer(), nullable=False)
        table.alter_column("version_id", existing_type=sa.Integer(), nullable=False)
    op.drop_column("authorized_hours", "wait_time")
    op.drop_table("claim_step")
    op.drop_table("claim_day")
    op.drop_table("claim")


def _kinds_of_lines(kinds: str) -> None:
    with op.batch_alter_table("earnings_line") as table:
        table.drop_constraint(op.f("ck_earnings_line_kind"), type_="check")
        table.create_check_constraint(op.f("ck_earnings_line_kind"), kinds)


def _create_claim() -> None:
    op.create_table(
        "claim",
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("period_starts_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("notice", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.JSON(), nullable=True),
        sa.Column("content_hash", sa.String(), nullable=True),
        sa.Column("warnings", sa.JSON(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("signed_by_id", sa.Integer(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("receipt", sa.String(), nullable=True),
        sa.Column("refused_reason", sa.String(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('travel', 'sick_leave')", name=op.f("ck_claim_kind")),
        sa.CheckConstraint(
            "status IN ('saved', 'waiting', 'ready', 'paid', 'disputed', 'refused')",
            name=op.f("ck_claim_status"),
        ),
        sa.CheckConstraint("notice IN ('planned', 'urgent', 'late')", name=op.f("ck_claim_notice")),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_claim_assignment_id_assignment")
        ),
        sa.ForeignKeyConstraint(
            ["signed_by_id"], ["account.id"], name=op.f("fk_claim_signed_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
        sa.UniqueConstraint(
            "assignment_id",
            "period_starts_on",
            "kind",
            "number",
            name=op.f("uq_claim_assignment_id_period_starts_on_kind_number"),
        ),
        sa.UniqueConstraint("receipt", name=op.f("uq_claim_receipt")),
    )
    op.create_index("ix_claim_status_id", "claim", ["status", "id"])


def _create_claim_day() -> None:
    op.create_table(
        "claim_day",
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("payable_minutes", sa.Integer(), nullable=True),
        sa.Column("came_from_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("minutes BETWEEN 1 AND 1440", name=op.f("ck_claim_day_minutes")),
        sa.CheckConstraint(
            "payable_minutes BETWEEN 0 AND minutes", name=op.f("ck_claim_day_payable")
        ),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["claim.id"], name=op.f("fk_claim_day_claim_id_claim")
        ),
        sa.ForeignKeyConstraint(
            ["came_from_id"], ["care_case.id"], name=op.f("fk_claim_day_came_from_id_care_case")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_day")),
        sa.UniqueConstraint("claim_id", "on", name=op.f("uq_claim_day_claim_id_on")),
    )
    op.create_index("ix_claim_day_on", "claim_day", ["on"])


def _create_claim_step() -> None:
    op.create_table(
        "claim_step",
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_claim_step_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["claim.id"], name=op.f("fk_claim_step_claim_id_claim")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_step")),
    )
    op.create_index("ix_claim_step_claim_id", "claim_step", ["claim_id"])
