"""The plain columns beside the sealed ones are dropped. Back: they are filled again."""

import sqlalchemy as sa
from alembic import op

from app.migrations.sealing import COLUMNS, open_all, seal_all

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    seal_all(op.get_bind())  # what was written since the last migration
    for column in COLUMNS:
        with op.batch_alter_table(column.table) as table:
            table.alter_column(
                column.sealed, existing_type=sa.Text(), nullable=column.may_be_missing
            )
            if column.plain == "email":
                table.drop_constraint("uq_account_email", type_="unique")
                table.alter_column("email_fingerprint", existing_type=sa.String(), nullable=False)
                table.create_unique_constraint(
                    "uq_account_email_fingerprint", ["email_fingerprint"]
                )
            table.drop_column(column.plain)


def downgrade() -> None:
    for column in COLUMNS:
        op.add_column(column.table, sa.Column(column.plain, column.plain_type, nullable=True))
    open_all(op.get_bind())
    for column in COLUMNS:
        with op.batch_alter_table(column.table) as table:
            table.alter_column(
                column.plain, existing_type=column.plain_type, nullable=column.may_be_missing
            )
            table.alter_column(column.sealed, existing_type=sa.Text(), nullable=True)
            if column.plain == "email":
                table.drop_constraint("uq_account_email_fingerprint", type_="unique")
                table.alter_column("email_fingerprint", existing_type=sa.String(), nullable=True)
                table.create_unique_constraint("uq_account_email", ["email"])
