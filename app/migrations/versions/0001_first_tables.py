"""First tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_event",
        sa.Column("chain", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("previous_hash", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
        sa.UniqueConstraint("chain", "sequence", name=op.f("uq_audit_event_chain_sequence")),
    )
    op.create_table(
        "audit_seal",
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("chains", sa.Integer(), nullable=False),
        sa.Column("previous_hash", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_seal")),
    )
    op.create_table(
        "county",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_county")),
        sa.UniqueConstraint("name", name=op.f("uq_county_name")),
    )
    op.create_table(
        "device",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_device_token_hash")),
    )
    op.create_table(
        "payroll_run",
        sa.Column("issue_on", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("file_name", sa.String(), nullable=True),
        sa.Column("file_hash", sa.String(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payroll_run")),
        sa.UniqueConstraint("issue_on", "number", name=op.f("uq_payroll_run_issue_on_number")),
    )
    op.create_table(
        "person",
        sa.Column("first_name", sa.String(), nullable=False),
        sa.Column("last_name", sa.String(), nullable=False),
        sa.Column("date_of_birth", sa.Date(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    op.create_table(
        "account",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("username", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("email_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("failures_in_a_row", sa.Integer(), nullable=False),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "role IN ('provider', 'recipient', 'signatory', 'county_worker', 'service_desk')",
            name=op.f("ck_account_role"),
        ),
        sa.ForeignKeyConstraint(
            ["county_id"], ["county.id"], name=op.f("fk_account_county_id_county")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_account_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
        sa.UniqueConstraint("person_id", "role", name=op.f("uq_account_person_id_role")),
        sa.UniqueConstraint("username", name=op.f("uq_account_username")),
    )
    op.create_table(
        "provider",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_provider_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider")),
        sa.UniqueConstraint("number", name=op.f("uq_provider_number")),
        sa.UniqueConstraint("person_id", name=op.f("uq_provider_person_id")),
    )
    op.create_table(
        "recipient",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["county_id"], ["county.id"], name=op.f("fk_recipient_county_id_county")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_recipient_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recipient")),
        sa.UniqueConstraint("person_id", name=op.f("uq_recipient_person_id")),
    )
    with op.batch_alter_table("recipient", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recipient_county_id"), ["county_id"], unique=False)

    op.create_table(
        "wage_rate",
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("cents", sa.Integer(), nullable=False),
        sa.Column("authority", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("cents > 0", name=op.f("ck_wage_rate_positive")),
        sa.ForeignKeyConstraint(
            ["county_id"], ["county.id"], name=op.f("fk_wage_rate_county_id_county")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wage_rate")),
        sa.UniqueConstraint(
            "county_id", "starts_on", name=op.f("uq_wage_rate_county_id_starts_on")
        ),
    )
    op.create_table(
        "care_case",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("recipient_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["recipient_id"], ["recipient.id"], name=op.f("fk_care_case_recipient_id_recipient")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_case")),
        sa.UniqueConstraint("number", name=op.f("uq_care_case_number")),
        sa.UniqueConstraint("recipient_id", name=op.f("uq_care_case_recipient_id")),
    )
    op.create_table(
        "notice",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_notice_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index("ix_notice_account_id_id", ["account_id", "id"], unique=False)

    op.create_table(
        "stranger",
        sa.Column("name_hash", sa.String(), nullable=False),
        sa.Column("failures_in_a_row", sa.Integer(), nullable=False),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stranger")),
        sa.UniqueConstraint("name_hash", name=op.f("uq_stranger_name_hash")),
    )
    op.create_table(
        "one_time_code",
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("stranger_id", sa.Integer(), nullable=True),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("from_known_device", sa.Boolean(), nullable=False),
        sa.Column("ticket_hash", sa.String(), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(account_id IS NULL) <> (stranger_id IS NULL)", name=op.f("ck_one_time_code_one_owner")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_one_time_code_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["stranger_id"], ["stranger.id"], name=op.f("fk_one_time_code_stranger_id_stranger")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_code")),
        sa.UniqueConstraint("ticket_hash", name=op.f("uq_one_time_code_ticket_hash")),
    )
    with op.batch_alter_table("one_time_code", schema=None) as batch_op:
        batch_op.create_index(
            "ix_one_time_code_account_id_issued_at", ["account_id", "issued_at"], unique=False
        )
        batch_op.create_index(
            "ix_one_time_code_stranger_id_issued_at", ["stranger_id", "issued_at"], unique=False
        )

    op.create_table(
        "kept_form",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_kept_form_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_form")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_kept_form_token_hash")),
    )
    op.create_table(
        "overtime_exemption",
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["provider.id"],
            name=op.f("fk_overtime_exemption_provider_id_provider"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_overtime_exemption")),
    )
    with op.batch_alter_table("overtime_exemption", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_overtime_exemption_provider_id"), ["provider_id"], unique=False
        )

    op.create_table(
        "passkey",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        sa.Column("backup_eligible", sa.Boolean(), nullable=False),
        sa.Column("backed_up", sa.Boolean(), nullable=False),
        sa.Column("user_handle", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("flagged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_passkey_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
    )
    with op.batch_alter_table("passkey", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_passkey_account_id"), ["account_id"], unique=False)

    op.create_table(
        "passkey_challenge",
        sa.Column("challenge", sa.LargeBinary(), nullable=False),
        sa.Column("ceremony", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_passkey_challenge_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey_challenge")),
        sa.UniqueConstraint("challenge", name=op.f("uq_passkey_challenge_challenge")),
    )
    op.create_table(
        "queued_email",
        sa.Column("to_account_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["to_account_id"], ["account.id"], name=op.f("fk_queued_email_to_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queued_email")),
    )
    with op.batch_alter_table("queued_email", schema=None) as batch_op:
        batch_op.create_index(
            "ix_queued_email_sent_at_leased_until", ["sent_at", "leased_until"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_queued_email_to_account_id"), ["to_account_id"], unique=False
        )

    op.create_table(
        "session",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=True),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_session_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["device_id"], ["device.id"], name=op.f("fk_session_device_id_device")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_session_token_hash")),
    )
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_session_account_id"), ["account_id"], unique=False)

    op.create_table(
        "trusted_device",
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("proved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=True),
        sa.Column("enrolled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_trusted_device_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["device_id"], ["device.id"], name=op.f("fk_trusted_device_device_id_device")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trusted_device")),
        sa.UniqueConstraint(
            "device_id", "account_id", name=op.f("uq_trusted_device_device_id_account_id")
        ),
    )
    with op.batch_alter_table("trusted_device", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_trusted_device_account_id"), ["account_id"], unique=False
        )

    op.create_table(
        "assignment",
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("program", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("assigned_minutes", sa.Integer(), nullable=False),
        sa.Column("live_in", sa.Boolean(), nullable=False),
        sa.Column("relationship_to_recipient", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("program IN ('ihss', 'wpcs')", name=op.f("ck_assignment_program")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["care_case.id"], name=op.f("fk_assignment_case_id_care_case")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_assignment_provider_id_provider")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        sa.UniqueConstraint(
            "provider_id",
            "case_id",
            "program",
            "starts_on",
            name=op.f("uq_assignment_provider_id_case_id_program_starts_on"),
        ),
    )
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assignment_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_assignment_provider_id"), ["provider_id"], unique=False
        )

    op.create_table(
        "authorized_hours",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("monthly_minutes", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("monthly_minutes >= 0", name=op.f("ck_authorized_hours_not_negative")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["care_case.id"], name=op.f("fk_authorized_hours_case_id_care_case")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authorized_hours")),
        sa.UniqueConstraint(
            "case_id", "starts_on", name=op.f("uq_authorized_hours_case_id_starts_on")
        ),
    )
    op.create_table(
        "signatory",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["care_case.id"], name=op.f("fk_signatory_case_id_care_case")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_signatory_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signatory")),
    )
    with op.batch_alter_table("signatory", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_signatory_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_signatory_person_id"), ["person_id"], unique=False)

    op.create_table(
        "weekly_exception",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("week_of", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["care_case.id"], name=op.f("fk_weekly_exception_case_id_care_case")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weekly_exception")),
        sa.UniqueConstraint("case_id", "week_of", name=op.f("uq_weekly_exception_case_id_week_of")),
    )
    op.create_table(
        "timesheet",
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("period_starts_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("payment_status", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("nudged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "payment_status IN ('waiting_for_payment', 'payment_issued', 'disputed')",
            name=op.f("ck_timesheet_payment_status"),
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'submitted', 'on_hold', 'approved', 'rejected', 'cancelled')",
            name=op.f("ck_timesheet_status"),
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_timesheet_assignment_id_assignment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timesheet")),
        sa.UniqueConstraint(
            "assignment_id",
            "period_starts_on",
            name=op.f("uq_timesheet_assignment_id_period_starts_on"),
        ),
    )
    with op.batch_alter_table("timesheet", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_timesheet_period_starts_on"), ["period_starts_on"], unique=False
        )
        batch_op.create_index(
            "ix_timesheet_status_payment_status", ["status", "payment_status"], unique=False
        )

    op.create_table(
        "visit",
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_out_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("location_in", sa.String(), nullable=True),
        sa.Column("location_out", sa.String(), nullable=True),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("flag", sa.String(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_reason", sa.String(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_visit_assignment_id_assignment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
    )
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.create_index(
            "ix_visit_assignment_id_began_at", ["assignment_id", "began_at"], unique=False
        )
        batch_op.create_index(
            "ix_visit_assignment_id_checked_out_at",
            ["assignment_id", "checked_out_at"],
            unique=False,
        )
        batch_op.create_index(
            "ix_visit_assignment_id_open", ["assignment_id", "is_open"], unique=False
        )

    op.create_table(
        "entry_change",
        sa.Column("timesheet_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("submission_id", sa.String(), nullable=True),
        sa.Column("content_hash", sa.String(), nullable=True),
        sa.Column("receipt", sa.String(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_entry_change_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["timesheet_id"], ["timesheet.id"], name=op.f("fk_entry_change_timesheet_id_timesheet")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry_change")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_entry_change_submission_id")),
    )
    with op.batch_alter_table("entry_change", schema=None) as batch_op:
        batch_op.create_index(
            "ix_entry_change_timesheet_id_on", ["timesheet_id", "on"], unique=False
        )

    op.create_table(
        "time_entry",
        sa.Column("timesheet_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("starts", sa.Integer(), nullable=True),
        sa.Column("ends", sa.Integer(), nullable=True),
        sa.Column("location", sa.String(), nullable=True),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.Column("proposed_minutes", sa.Integer(), nullable=True),
        sa.Column("proposed_starts", sa.Integer(), nullable=True),
        sa.Column("proposed_ends", sa.Integer(), nullable=True),
        sa.Column("proposed_location", sa.String(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "location IN ('home', 'community', 'both')", name=op.f("ck_time_entry_location")
        ),
        sa.CheckConstraint("minutes BETWEEN 0 AND 1440", name=op.f("ck_time_entry_minutes")),
        sa.ForeignKeyConstraint(
            ["timesheet_id"], ["timesheet.id"], name=op.f("fk_time_entry_timesheet_id_timesheet")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_time_entry")),
        sa.UniqueConstraint("timesheet_id", "on", name=op.f("uq_time_entry_timesheet_id_on")),
    )
    op.create_table(
        "timesheet_status",
        sa.Column("timesheet_id", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("payment_status", sa.String(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_timesheet_status_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["timesheet_id"],
            ["timesheet.id"],
            name=op.f("fk_timesheet_status_timesheet_id_timesheet"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timesheet_status")),
    )
    with op.batch_alter_table("timesheet_status", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_timesheet_status_timesheet_id"), ["timesheet_id"], unique=False
        )

    op.create_table(
        "timesheet_version",
        sa.Column("timesheet_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("total_minutes", sa.Integer(), nullable=False),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.Column("warning_reason", sa.String(), nullable=True),
        sa.Column("signed_by_id", sa.Integer(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("receipt", sa.String(), nullable=False),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rejected_by_id", sa.Integer(), nullable=True),
        sa.Column("rejected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reject_reasons", sa.JSON(), nullable=True),
        sa.Column("reject_note", sa.String(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["approved_by_id"],
            ["account.id"],
            name=op.f("fk_timesheet_version_approved_by_id_account"),
        ),
        sa.ForeignKeyConstraint(
            ["rejected_by_id"],
            ["account.id"],
            name=op.f("fk_timesheet_version_rejected_by_id_account"),
        ),
        sa.ForeignKeyConstraint(
            ["signed_by_id"], ["account.id"], name=op.f("fk_timesheet_version_signed_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["timesheet_id"],
            ["timesheet.id"],
            name=op.f("fk_timesheet_version_timesheet_id_timesheet"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timesheet_version")),
        sa.UniqueConstraint("receipt", name=op.f("uq_timesheet_version_receipt")),
        sa.UniqueConstraint(
            "timesheet_id", "number", name=op.f("uq_timesheet_version_timesheet_id_number")
        ),
    )
    op.create_table(
        "unauthorized_time",
        sa.Column("timesheet_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["timesheet_id"],
            ["timesheet.id"],
            name=op.f("fk_unauthorized_time_timesheet_id_timesheet"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unauthorized_time")),
        sa.UniqueConstraint(
            "timesheet_id", "on", name=op.f("uq_unauthorized_time_timesheet_id_on")
        ),
    )
    op.create_table(
        "visit_event",
        sa.Column("submission_id", sa.String(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=True),
        sa.Column("visit_id", sa.Integer(), nullable=True),
        sa.Column("about_submission_id", sa.String(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=True),
        sa.Column("signed", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("location", sa.String(), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("accuracy_m", sa.Double(), nullable=True),
        sa.Column("position_problem", sa.String(), nullable=True),
        sa.Column("verdict", sa.String(), nullable=True),
        sa.Column("distance_m", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("receipt", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('check-in', 'check-out', 'position', 'undo', 'not-a-visit')",
            name=op.f("ck_visit_event_kind"),
        ),
        sa.CheckConstraint(
            "location IN ('home', 'community')", name=op.f("ck_visit_event_location")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_visit_event_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["assignment.id"],
            name=op.f("fk_visit_event_assignment_id_assignment"),
        ),
        sa.ForeignKeyConstraint(
            ["device_id"], ["device.id"], name=op.f("fk_visit_event_device_id_device")
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["visit.id"], name=op.f("fk_visit_event_visit_id_visit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_event")),
        sa.UniqueConstraint("receipt", name=op.f("uq_visit_event_receipt")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_visit_event_submission_id")),
    )
    with op.batch_alter_table("visit_event", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_visit_event_about_submission_id"), ["about_submission_id"], unique=False
        )
        batch_op.create_index(
            "ix_visit_event_assignment_id_counts_at", ["assignment_id", "counts_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_visit_event_visit_id"), ["visit_id"], unique=False)

    op.create_table(
        "payment",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("timesheet_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("gross_cents", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disputed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dispute_reason", sa.String(), nullable=True),
        sa.Column("dispute_note", sa.String(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_reason", sa.String(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_payment_provider_id_provider")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["payroll_run.id"], name=op.f("fk_payment_run_id_payroll_run")
        ),
        sa.ForeignKeyConstraint(
            ["timesheet_id"], ["timesheet.id"], name=op.f("fk_payment_timesheet_id_timesheet")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["timesheet_version.id"],
            name=op.f("fk_payment_version_id_timesheet_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
        sa.UniqueConstraint("version_id", name=op.f("uq_payment_version_id")),
    )
    with op.batch_alter_table("payment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_payment_provider_id"), ["provider_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_payment_run_id"), ["run_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_payment_timesheet_id"), ["timesheet_id"], unique=False)

    op.create_table(
        "timesheet_hold",
        sa.Column("timesheet_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("releases_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "code IN ('EARLY', 'LATE', 'OVER_70_PERCENT')", name=op.f("ck_timesheet_hold_code")
        ),
        sa.ForeignKeyConstraint(
            ["released_by_id"],
            ["account.id"],
            name=op.f("fk_timesheet_hold_released_by_id_account"),
        ),
        sa.ForeignKeyConstraint(
            ["timesheet_id"],
            ["timesheet.id"],
            name=op.f("fk_timesheet_hold_timesheet_id_timesheet"),
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["timesheet_version.id"],
            name=op.f("fk_timesheet_hold_version_id_timesheet_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timesheet_hold")),
    )
    with op.batch_alter_table("timesheet_hold", schema=None) as batch_op:
        batch_op.create_index(
            "ix_timesheet_hold_released_at_releases_at",
            ["released_at", "releases_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_timesheet_hold_timesheet_id"), ["timesheet_id"], unique=False
        )

    op.create_table(
        "earnings_line",
        sa.Column("payment_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("week_of", sa.Date(), nullable=True),
        sa.Column("rate_cents", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("cents", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('straight', 'overtime_premium')", name=op.f("ck_earnings_line_kind")
        ),
        sa.CheckConstraint("minutes >= 0", name=op.f("ck_earnings_line_not_negative")),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payment.id"], name=op.f("fk_earnings_line_payment_id_payment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_earnings_line")),
    )
    with op.batch_alter_table("earnings_line", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_earnings_line_payment_id"), ["payment_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("earnings_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_earnings_line_payment_id"))

    op.drop_table("earnings_line")
    with op.batch_alter_table("timesheet_hold", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_timesheet_hold_timesheet_id"))
        batch_op.drop_index("ix_timesheet_hold_released_at_releases_at")

    op.drop_table("timesheet_hold")
    with op.batch_alter_table("payment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_payment_timesheet_id"))
        batch_op.drop_index(batch_op.f("ix_payment_run_id"))
        batch_op.drop_index(batch_op.f("ix_payment_provider_id"))

    op.drop_table("payment")
    with op.batch_alter_table("visit_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_visit_event_visit_id"))
        batch_op.drop_index("ix_visit_event_assignment_id_counts_at")
        batch_op.drop_index(batch_op.f("ix_visit_event_about_submission_id"))

    op.drop_table("visit_event")
    op.drop_table("unauthorized_time")
    op.drop_table("timesheet_version")
    with op.batch_alter_table("timesheet_status", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_timesheet_status_timesheet_id"))

    op.drop_table("timesheet_status")
    op.drop_table("time_entry")
    with op.batch_alter_table("entry_change", schema=None) as batch_op:
        batch_op.drop_index("ix_entry_change_timesheet_id_on")

    op.drop_table("entry_change")
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.drop_index("ix_visit_assignment_id_open")
        batch_op.drop_index("ix_visit_assignment_id_checked_out_at")
        batch_op.drop_index("ix_visit_assignment_id_began_at")

    op.drop_table("visit")
    with op.batch_alter_table("timesheet", schema=None) as batch_op:
        batch_op.drop_index("ix_timesheet_status_payment_status")
        batch_op.drop_index(batch_op.f("ix_timesheet_period_starts_on"))

    op.drop_table("timesheet")
    op.drop_table("weekly_exception")
    with op.batch_alter_table("signatory", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_signatory_person_id"))
        batch_op.drop_index(batch_op.f("ix_signatory_case_id"))

    op.drop_table("signatory")
    op.drop_table("authorized_hours")
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assignment_provider_id"))
        batch_op.drop_index(batch_op.f("ix_assignment_case_id"))

    op.drop_table("assignment")
    with op.batch_alter_table("trusted_device", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_trusted_device_account_id"))

    op.drop_table("trusted_device")
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_session_account_id"))

    op.drop_table("session")
    with op.batch_alter_table("queued_email", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_queued_email_to_account_id"))
        batch_op.drop_index("ix_queued_email_sent_at_leased_until")

    op.drop_table("queued_email")
    op.drop_table("passkey_challenge")
    with op.batch_alter_table("passkey", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_passkey_account_id"))

    op.drop_table("passkey")
    with op.batch_alter_table("overtime_exemption", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_overtime_exemption_provider_id"))

    op.drop_table("overtime_exemption")
    op.drop_table("kept_form")
    with op.batch_alter_table("one_time_code", schema=None) as batch_op:
        batch_op.drop_index("ix_one_time_code_stranger_id_issued_at")
        batch_op.drop_index("ix_one_time_code_account_id_issued_at")

    op.drop_table("one_time_code")
    op.drop_table("stranger")
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_index("ix_notice_account_id_id")

    op.drop_table("notice")
    op.drop_table("care_case")
    op.drop_table("wage_rate")
    with op.batch_alter_table("recipient", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recipient_county_id"))

    op.drop_table("recipient")
    op.drop_table("provider")
    op.drop_table("account")
    op.drop_table("person")
    op.drop_table("payroll_run")
    op.drop_table("device")
    op.drop_table("county")
    op.drop_table("audit_seal")
    op.drop_table("audit_event")
