"""Accounts."""

import sqlalchemy as sa
from alembic import op

from app.domain import names

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "counted_try",
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("who_hash", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counted_try")),
    )
    with op.batch_alter_table("counted_try", schema=None) as batch_op:
        batch_op.create_index(
            "ix_counted_try_what_who_hash_at", ["what", "who_hash", "at"], unique=False
        )

    op.create_table(
        "registration",
        sa.Column("ticket_hash", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("link_hash", sa.String(), nullable=True),
        sa.Column("code_hash", sa.String(), nullable=True),
        sa.Column("code_sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("codes_sent", sa.Integer(), nullable=False),
        sa.Column("code_failures", sa.Integer(), nullable=False),
        sa.Column("email_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("username", sa.String(), nullable=True),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("wants_passkey", sa.Boolean(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("tells_by_email", sa.Boolean(), nullable=False),
        sa.Column("tells_by_text", sa.Boolean(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "role IN ('provider', 'recipient', 'signatory')", name=op.f("ck_registration_role")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_registration_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration")),
        sa.UniqueConstraint("link_hash", name=op.f("uq_registration_link_hash")),
        sa.UniqueConstraint("ticket_hash", name=op.f("uq_registration_ticket_hash")),
    )
    op.create_table(
        "authenticator_app",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures_in_a_row", sa.Integer(), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_authenticator_app_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authenticator_app")),
        sa.UniqueConstraint("account_id", name=op.f("uq_authenticator_app_account_id")),
    )
    op.create_table(
        "contact_change",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("code_hash", sa.String(), nullable=True),
        sa.Column("code_failures", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreed_by", sa.Integer(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('email', 'phone')", name=op.f("ck_contact_change_kind")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_contact_change_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["agreed_by"], ["account.id"], name=op.f("fk_contact_change_agreed_by_account")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["account.id"], name=op.f("fk_contact_change_asked_by_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_change")),
    )
    with op.batch_alter_table("contact_change", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_contact_change_expires_at"), ["expires_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_contact_change_account_id"), ["account_id"], unique=False
        )

    op.create_table(
        "disavowal",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_disavowal_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disavowal")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_disavowal_token_hash")),
    )
    with op.batch_alter_table("disavowal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_disavowal_account_id"), ["account_id"], unique=False)

    op.create_table(
        "help_request",
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("reach", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["county_id"], ["county.id"], name=op.f("fk_help_request_county_id_county")
        ),
        sa.ForeignKeyConstraint(
            ["done_by"], ["account.id"], name=op.f("fk_help_request_done_by_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_request")),
    )
    with op.batch_alter_table("help_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_help_request_county_id"), ["county_id"], unique=False)

    op.create_table(
        "queued_text",
        sa.Column("to_account_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("is_alarm", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["to_account_id"], ["account.id"], name=op.f("fk_queued_text_to_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queued_text")),
    )
    with op.batch_alter_table("queued_text", schema=None) as batch_op:
        batch_op.create_index(
            "ix_queued_text_sent_at_leased_until", ["sent_at", "leased_until"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_queued_text_to_account_id"), ["to_account_id"], unique=False
        )

    op.create_table(
        "recovery",
        sa.Column("ticket_hash", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("stranger_id", sa.Integer(), nullable=True),
        sa.Column("lost", sa.String(), nullable=False),
        sa.Column("proofs", sa.JSON(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("question_failures", sa.Integer(), nullable=False),
        sa.Column("question_passed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(account_id IS NULL) <> (stranger_id IS NULL)", name=op.f("ck_recovery_one_owner")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_recovery_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["stranger_id"], ["stranger.id"], name=op.f("fk_recovery_stranger_id_stranger")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery")),
        sa.UniqueConstraint("ticket_hash", name=op.f("uq_recovery_ticket_hash")),
    )
    with op.batch_alter_table("recovery", schema=None) as batch_op:
        batch_op.create_index(
            "ix_recovery_account_id_started_at", ["account_id", "started_at"], unique=False
        )

    op.create_table(
        "recovery_code",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_recovery_code_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_recovery_code_code_hash")),
    )
    with op.batch_alter_table("recovery_code", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_recovery_code_account_id"), ["account_id"], unique=False
        )

    op.create_table(
        "security_answer",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("answer_hash", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_security_answer_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_security_answer")),
        sa.UniqueConstraint(
            "account_id", "question", name=op.f("uq_security_answer_account_id_question")
        ),
    )
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.add_column(sa.Column("phone", sa.Text(), nullable=True))
        batch_op.add_column(
            sa.Column("phone_confirmed_at", sa.DateTime(timezone=True), nullable=True)
        )
        batch_op.add_column(sa.Column("mailing_address", sa.Text(), nullable=True))
        batch_op.add_column(
            sa.Column("tells_by_email", sa.Boolean(), server_default=sa.true(), nullable=False)
        )
        batch_op.add_column(
            sa.Column("tells_by_text", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(
            sa.Column("password_changed_at", sa.DateTime(timezone=True), nullable=True)
        )
        batch_op.add_column(
            sa.Column("password_is_short", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("disputed_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_event_subject"), ["subject"], unique=False)

    with op.batch_alter_table("county", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("recipients_know", sa.String(), server_default="ssn", nullable=False)
        )

    with op.batch_alter_table("one_time_code", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("channel", sa.String(), server_default="email", nullable=False)
        )

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ssn_last4", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("cin_last4", sa.Text(), nullable=True))

    with op.batch_alter_table("queued_email", schema=None) as batch_op:
        batch_op.add_column(sa.Column("address", sa.Text(), nullable=True))
        batch_op.add_column(
            sa.Column("is_alarm", sa.Boolean(), server_default=sa.false(), nullable=False)
        )

    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.add_column(sa.Column("proved_at", sa.DateTime(timezone=True), nullable=True))

    op.create_table(
        "name_word",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "word",
            sa.String().with_variant(sa.String(collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_name_word_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_name_word")),
        sa.UniqueConstraint("person_id", "word", name=op.f("uq_name_word_person_id_word")),
    )
    with op.batch_alter_table("name_word", schema=None) as batch_op:
        batch_op.create_index("ix_name_word_word_person_id", ["word", "person_id"], unique=False)
    _fill_name_words(op.get_bind())


def _fill_name_words(connection: sa.Connection) -> None:
    """For everybody who is there already; a name that is written from now on brings its own."""
    person = sa.table("person", *(sa.column(name) for name in ("id", "first_name", "last_name")))
    word = sa.table("name_word", sa.column("person_id"), sa.column("word"))
    piece = sa.select(person).order_by(person.c.id).limit(1000)
    last = 0
    while people := connection.execute(piece.where(person.c.id > last)).all():
        rows = [
            {"person_id": key, "word": found}
            for key, first, last_name in people
            for found in names.words(first, last_name)
        ]
        if rows:
            connection.execute(sa.insert(word), rows)
        last = people[-1].id


def downgrade() -> None:
    with op.batch_alter_table("name_word", schema=None) as batch_op:
        batch_op.drop_index("ix_name_word_word_person_id")

    op.drop_table("name_word")
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.drop_column("proved_at")

    with op.batch_alter_table("queued_email", schema=None) as batch_op:
        batch_op.drop_column("is_alarm")
        batch_op.drop_column("address")

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_column("cin_last4")
        batch_op.drop_column("ssn_last4")

    with op.batch_alter_table("one_time_code", schema=None) as batch_op:
        batch_op.drop_column("channel")

    with op.batch_alter_table("county", schema=None) as batch_op:
        batch_op.drop_column("recipients_know")

    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_event_subject"))

    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_column("disputed_at")
        batch_op.drop_column("frozen_at")
        batch_op.drop_column("password_is_short")
        batch_op.drop_column("password_changed_at")
        batch_op.drop_column("tells_by_text")
        batch_op.drop_column("tells_by_email")
        batch_op.drop_column("mailing_address")
        batch_op.drop_column("phone_confirmed_at")
        batch_op.drop_column("phone")

    op.drop_table("security_answer")
    with op.batch_alter_table("recovery_code", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recovery_code_account_id"))

    op.drop_table("recovery_code")
    with op.batch_alter_table("recovery", schema=None) as batch_op:
        batch_op.drop_index("ix_recovery_account_id_started_at")

    op.drop_table("recovery")
    with op.batch_alter_table("queued_text", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_queued_text_to_account_id"))
        batch_op.drop_index("ix_queued_text_sent_at_leased_until")

    op.drop_table("queued_text")
    with op.batch_alter_table("help_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_help_request_county_id"))

    op.drop_table("help_request")
    with op.batch_alter_table("disavowal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_disavowal_account_id"))

    op.drop_table("disavowal")
    with op.batch_alter_table("contact_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contact_change_expires_at"))
        batch_op.drop_index(batch_op.f("ix_contact_change_account_id"))

    op.drop_table("contact_change")
    op.drop_table("authenticator_app")
    op.drop_table("registration")
    with op.batch_alter_table("counted_try", schema=None) as batch_op:
        batch_op.drop_index("ix_counted_try_what_who_hash_at")

    op.drop_table("counted_try")
