"""Notes between the providers of one recipient."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "note_consent",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("given_by_id", sa.Integer(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["care_case.id"], name=op.f("fk_note_consent_case_id_care_case")
        ),
        sa.ForeignKeyConstraint(
            ["given_by_id"], ["account.id"], name=op.f("fk_note_consent_given_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note_consent")),
        sa.UniqueConstraint("case_id", name=op.f("uq_note_consent_case_id")),
    )
    op.create_table(
        "note",
        sa.Column("consent_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consent_id"], ["note_consent.id"], name=op.f("fk_note_consent_id_note_consent")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_note_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
    )
    op.create_index("ix_note_consent_id_written_at", "note", ["consent_id", "written_at"])
    op.create_index("ix_note_written_at", "note", ["written_at"])


def downgrade() -> None:
    op.drop_table("note")
    op.drop_table("note_consent")
