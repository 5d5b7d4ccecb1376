"""What becomes of a sheet after it was signed: corrections, more holds, flagged pairs, void sheets."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

OLD_HOLDS = "code IN ('EARLY', 'LATE', 'OVER_70_PERCENT')"
NEW_HOLDS = "code IN ('EARLY', 'LATE', 'OVER_70_PERCENT', 'FLAGGED_PAIR', 'COUNTY_REVIEW')"
CLAIM_WHAT_IS_SIGNED = """
    UPDATE time_entry SET claimed_minutes = minutes
    WHERE timesheet_id IN (
        SELECT id FROM timesheet WHERE status IN ('submitted', 'on_hold', 'approved')
    )
"""


def upgrade() -> None:
    op.add_column(
        "account",
        sa.Column("reminds_of_timesheets", sa.Boolean(), nullable=False, server_default=sa.true()),
    )
    with op.batch_alter_table("timesheet") as table:
        for name in ("amends", "amend_reason", "amend_note"):
            table.add_column(sa.Column(name, sa.String(), nullable=True))
        table.add_column(sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("owner_reminded_at", sa.DateTime(timezone=True), nullable=True))
        table.create_check_constraint(
            op.f("ck_timesheet_amends"), "amends IN ('correction', 'supplement')"
        )
    with op.batch_alter_table("time_entry") as table:
        table.add_column(sa.Column("claimed_minutes", sa.Integer(), nullable=True))
        table.create_check_constraint(
            op.f("ck_time_entry_claimed_minutes"), "claimed_minutes BETWEEN 0 AND 1440"
        )
    op.execute(CLAIM_WHAT_IS_SIGNED)
    with op.batch_alter_table("timesheet_hold") as table:
        table.add_column(sa.Column("placed_by_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("why", sa.String(), nullable=True))
        table.add_column(sa.Column("why_note", sa.String(), nullable=True))
        table.create_foreign_key(
            op.f("fk_timesheet_hold_placed_by_id_account"), "account", ["placed_by_id"], ["id"]
        )
        table.drop_constraint(op.f("ck_timesheet_hold_code"), type_="check")
        table.create_check_constraint(op.f("ck_timesheet_hold_code"), NEW_HOLDS)
    with op.batch_alter_table("earnings_line") as table:
        table.drop_constraint(op.f("ck_earnings_line_not_negative"), type_="check")
    _create_pair_flag()


def downgrade() -> None:
    """A hold that was not known becomes a late one, and a correction under way a draft.

    The money of a difference stays as it is; minutes below nought have no place in the tables before.
    """
    op.drop_column("account", "reminds_of_timesheets")
    op.drop_table("pair_flag")
    op.execute("UPDATE earnings_line SET minutes = 0 WHERE minutes < 0")
    with op.batch_alter_table("earnings_line") as table:
        table.create_check_constraint(op.f("ck_earnings_line_not_negative"), "minutes >= 0")
    op.execute(
        "UPDATE timesheet_hold SET code = 'LATE' WHERE code IN ('FLAGGED_PAIR', 'COUNTY_REVIEW')"
    )
    with op.batch_alter_table("timesheet_hold") as table:
        table.drop_constraint(op.f("ck_timesheet_hold_code"), type_="check")
        table.create_check_constraint(op.f("ck_timesheet_hold_code"), OLD_HOLDS)
        table.drop_constraint(op.f("fk_timesheet_hold_placed_by_id_account"), type_="foreignkey")
        for name in ("why_note", "why", "placed_by_id"):
            table.drop_column(name)
    with op.batch_alter_table("time_entry") as table:
        table.drop_constraint(op.f("ck_time_entry_claimed_minutes"), type_="check")
        table.drop_column("claimed_minutes")
    with op.batch_alter_table("timesheet") as table:
        table.drop_constraint(op.f("ck_timesheet_amends"), type_="check")
        for name in ("owner_reminded_at", "voided_at", "amend_note", "amend_reason", "amends"):
            table.drop_column(name)


def _create_pair_flag() -> None:
    op.create_table(
        "pair_flag",
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("placed_by_id", sa.Integer(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_by_id", sa.Integer(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_reason", sa.String(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_pair_flag_dates")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["care_case.id"], name=op.f("fk_pair_flag_case_id_care_case")
        ),
        sa.ForeignKeyConstraint(
            ["lifted_by_id"], ["account.id"], name=op.f("fk_pair_flag_lifted_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["placed_by_id"], ["account.id"], name=op.f("fk_pair_flag_placed_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_pair_flag_provider_id_provider")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pair_flag")),
    )
    op.create_index("ix_pair_flag_case_id_provider_id", "pair_flag", ["case_id", "provider_id"])
