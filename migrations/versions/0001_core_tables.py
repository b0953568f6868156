"""core tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migration_helpers import append_only, drop_table, init_spatial

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    init_spatial()
    op.create_table(
        "core_audit_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_ref", sa.String(length=40), nullable=False),
        sa.Column("seat_code", sa.String(length=40), nullable=True),
        sa.Column("verb", sa.String(length=60), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=60), nullable=False),
        sa.Column("neighborhood_id", sa.Integer(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("salt", sa.LargeBinary(length=16), nullable=False),
        sa.Column("digests", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core_audit_event")),
    )
    op.create_index(
        "ix_core_audit_event_subject",
        "core_audit_event",
        ["subject_kind", "subject_id"],
        unique=False,
    )
    op.create_table(
        "core_installation",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("demo_day", sa.Date(), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_core_installation_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core_installation")),
    )
    op.create_table(
        "core_limit_count",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("window_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", "window_start", name=op.f("pk_core_limit_count")),
    )
    op.create_index(
        "ix_core_limit_count_window", "core_limit_count", ["window_start"], unique=False
    )
    op.create_table(
        "core_outbox_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("dedupe_key", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_by", sa.String(length=60), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("left_channels", sa.Text(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'sent', 'failed')",
            name=op.f("ck_core_outbox_message_state_known"),
        ),
        sa.CheckConstraint(
            "attempts >= 0", name=op.f("ck_core_outbox_message_attempts_not_negative")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core_outbox_message")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_core_outbox_message_dedupe_key")),
    )
    op.create_index(
        "ix_core_outbox_message_due", "core_outbox_message", ["state", "due_at"], unique=False
    )
    op.create_table(
        "core_work_calendar_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("is_workday", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.CheckConstraint(
            "status IN ('official', 'provisional')",
            name=op.f("ck_core_work_calendar_day_status_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core_work_calendar_day")),
        sa.UniqueConstraint("version", "day", name=op.f("uq_core_work_calendar_day_version_day")),
    )
    op.create_table(
        "core_work_calendar_version",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("official_from", sa.Date(), nullable=False),
        sa.Column("official_until", sa.Date(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_core_work_calendar_version")),
        sa.UniqueConstraint("digest", name=op.f("uq_core_work_calendar_version_digest")),
    )
    op.create_table(
        "core_audit_seal",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["core_audit_event.id"], name=op.f("fk_core_audit_seal_audit_id")
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_core_audit_seal")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_core_audit_seal_audit_id")),
    )

    for name in ("core_audit_event", "core_audit_seal"):
        append_only(name)


def downgrade() -> None:
    """Undo."""
    drop_table("core_audit_seal")
    drop_table("core_work_calendar_version")
    drop_table("core_work_calendar_day")
    drop_table("core_outbox_message")
    drop_table("core_limit_count")
    drop_table("core_installation")
    drop_table("core_audit_event")
