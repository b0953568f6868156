"""accounts tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from migration_helpers import append_only, drop_table

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "accounts_failed_sign_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_failed_sign_in")),
    )
    op.create_index(
        "ix_accounts_failed_sign_in_key",
        "accounts_failed_sign_in",
        ["login_digest", "at"],
        unique=False,
    )
    op.create_table(
        "accounts_person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("login", sa.String(length=80), nullable=False),
        sa.Column("login_key", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_person")),
        sa.UniqueConstraint("login_key", name=op.f("uq_accounts_person_login_key")),
        sa.UniqueConstraint("uuid", name=op.f("uq_accounts_person_uuid")),
    )
    op.create_table(
        "accounts_api_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["accounts_person.id"], name=op.f("fk_accounts_api_token_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_api_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_accounts_api_token_token_hash")),
    )
    op.create_index(
        op.f("ix_accounts_api_token_person_id"), "accounts_api_token", ["person_id"], unique=False
    )
    op.create_table(
        "accounts_consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("receipt_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("is_given", sa.Boolean(), nullable=False),
        sa.Column("text_version", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('show_photo', 'show_nickname', 'contact', 'age_band')",
            name=op.f("ck_accounts_consent_kind_known"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["accounts_person.id"], name=op.f("fk_accounts_consent_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_consent")),
    )
    op.create_index(
        op.f("ix_accounts_consent_person_id"), "accounts_consent", ["person_id"], unique=False
    )
    op.create_index(
        op.f("ix_accounts_consent_receipt_hash"), "accounts_consent", ["receipt_hash"], unique=False
    )
    op.create_table(
        "accounts_contact",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("email", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["accounts_person.id"], name=op.f("fk_accounts_contact_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_accounts_contact")),
    )
    op.create_table(
        "accounts_sign_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["accounts_person.id"], name=op.f("fk_accounts_sign_in_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_sign_in")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_accounts_sign_in_token_hash")),
    )
    op.create_index(
        op.f("ix_accounts_sign_in_person_id"), "accounts_sign_in", ["person_id"], unique=False
    )
    op.create_table(
        "accounts_role_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("scope_kind", sa.String(32), nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("neighborhood_id", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("granted_by", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "role IN ('admin', 'street_office', 'community_staff', 'grid_worker', 'moderator', 'designer', 'district_viewer', 'owner_unit', 'guard', 'expert', 'contractor', 'supervisor', 'resident')",
            name=op.f("ck_accounts_role_grant_role_known"),
        ),
        sa.CheckConstraint(
            "scope_kind IN ('installation', 'neighborhood', 'unit', 'seat')",
            name=op.f("ck_accounts_role_grant_scope_kind_known"),
        ),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on >= starts_on",
            name=op.f("ck_accounts_role_grant_span_forward"),
        ),
        sa.ForeignKeyConstraint(
            ["neighborhood_id"],
            ["places_neighborhood.id"],
            name=op.f("fk_accounts_role_grant_neighborhood_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["accounts_person.id"], name=op.f("fk_accounts_role_grant_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_role_grant")),
    )
    op.create_index(
        op.f("ix_accounts_role_grant_person_id"), "accounts_role_grant", ["person_id"], unique=False
    )
    op.create_table(
        "accounts_seat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("neighborhood_id", sa.Integer(), nullable=False),
        sa.Column("tier", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "tier IN ('total', 'street', 'community')", name=op.f("ck_accounts_seat_tier_known")
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_accounts_seat_number_positive")),
        sa.ForeignKeyConstraint(
            ["neighborhood_id"],
            ["places_neighborhood.id"],
            name=op.f("fk_accounts_seat_neighborhood_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_seat")),
        sa.UniqueConstraint(
            "neighborhood_id",
            "tier",
            "number",
            name=op.f("uq_accounts_seat_neighborhood_id_tier_number"),
        ),
    )
    op.create_table(
        "accounts_seat_number",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("neighborhood_id", sa.Integer(), nullable=False),
        sa.Column("tier", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.String(length=40), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "tier IN ('total', 'street', 'community')",
            name=op.f("ck_accounts_seat_number_tier_known"),
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_accounts_seat_number_number_positive")),
        sa.ForeignKeyConstraint(
            ["neighborhood_id"],
            ["places_neighborhood.id"],
            name=op.f("fk_accounts_seat_number_neighborhood_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_seat_number")),
    )
    op.create_index(
        op.f("ix_accounts_seat_number_neighborhood_id"),
        "accounts_seat_number",
        ["neighborhood_id"],
        unique=False,
    )
    op.create_table(
        "accounts_appointment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("qualification", sa.String(32), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("planned_until", sa.Date(), nullable=True),
        sa.Column("appointed_by", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('holder', 'substitute')", name=op.f("ck_accounts_appointment_kind_known")
        ),
        sa.CheckConstraint(
            "qualification IN ('professional', 'deputy_or_delegate', 'resident')",
            name=op.f("ck_accounts_appointment_qualification_known"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["accounts_person.id"], name=op.f("fk_accounts_appointment_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["seat_id"], ["accounts_seat.id"], name=op.f("fk_accounts_appointment_seat_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_appointment")),
    )
    op.create_index(
        op.f("ix_accounts_appointment_person_id"),
        "accounts_appointment",
        ["person_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_accounts_appointment_seat_id"), "accounts_appointment", ["seat_id"], unique=False
    )
    op.create_table(
        "accounts_handling_unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("neighborhood_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("level", sa.String(32), nullable=False),
        sa.Column("issuing_chain", sa.String(32), nullable=False),
        sa.Column("can_decide", sa.Boolean(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "issuing_chain IN ('none', 'one_signature', 'three_steps')",
            name=op.f("ck_accounts_handling_unit_issuing_chain_known"),
        ),
        sa.CheckConstraint(
            "level IN ('community', 'subdistrict', 'district')",
            name=op.f("ck_accounts_handling_unit_level_known"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["places_community.id"],
            name=op.f("fk_accounts_handling_unit_community_id"),
        ),
        sa.ForeignKeyConstraint(
            ["neighborhood_id"],
            ["places_neighborhood.id"],
            name=op.f("fk_accounts_handling_unit_neighborhood_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_handling_unit")),
        sa.UniqueConstraint(
            "neighborhood_id",
            "code",
            "community_id",
            name=op.f("uq_accounts_handling_unit_neighborhood_id_code_community_id"),
        ),
    )
    op.create_table(
        "accounts_remit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column("topic_kind", sa.String(32), nullable=False),
        sa.Column("topic_code", sa.String(length=40), nullable=False),
        sa.Column("area_kind", sa.String(32), nullable=False),
        sa.Column("area_code", sa.String(length=60), nullable=False),
        sa.Column("geom", Geometry("MULTIPOLYGON", srid=4326, spatial_index=True), nullable=True),
        sa.CheckConstraint(
            "area_kind IN ('geometry', 'building', 'estate', 'grid', 'community', 'whole')",
            name=op.f("ck_accounts_remit_area_kind_known"),
        ),
        sa.CheckConstraint(
            "topic_kind IN ('topic', 'group', 'public_topic', 'any')",
            name=op.f("ck_accounts_remit_topic_kind_known"),
        ),
        sa.ForeignKeyConstraint(
            ["seat_id"], ["accounts_seat.id"], name=op.f("fk_accounts_remit_seat_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_remit")),
    )
    op.create_index(op.f("ix_accounts_remit_seat_id"), "accounts_remit", ["seat_id"], unique=False)
    op.create_table(
        "accounts_appointment_end",
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ended_by", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["accounts_appointment.id"],
            name=op.f("fk_accounts_appointment_end_appointment_id"),
        ),
        sa.PrimaryKeyConstraint("appointment_id", name=op.f("pk_accounts_appointment_end")),
    )
    op.create_table(
        "accounts_absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("noted_by", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "ends_on >= starts_on", name=op.f("ck_accounts_absence_span_forward")
        ),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["accounts_appointment.id"],
            name=op.f("fk_accounts_absence_appointment_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_absence")),
    )
    op.create_index(
        op.f("ix_accounts_absence_appointment_id"),
        "accounts_absence",
        ["appointment_id"],
        unique=False,
    )
    op.create_table(
        "accounts_unit_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("duty", sa.String(32), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "duty IN ('draft', 'check', 'issue')", name=op.f("ck_accounts_unit_member_duty_known")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["accounts_person.id"], name=op.f("fk_accounts_unit_member_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["accounts_handling_unit.id"], name=op.f("fk_accounts_unit_member_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_unit_member")),
        sa.UniqueConstraint(
            "unit_id",
            "person_id",
            "duty",
            "starts_on",
            name=op.f("uq_accounts_unit_member_unit_id_person_id_duty_starts_on"),
        ),
    )
    op.create_index(
        op.f("ix_accounts_unit_member_person_id"),
        "accounts_unit_member",
        ["person_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_accounts_unit_member_unit_id"), "accounts_unit_member", ["unit_id"], unique=False
    )

    for name in (
        "accounts_appointment",
        "accounts_appointment_end",
        "accounts_seat_number",
        "accounts_consent",
    ):
        append_only(name)


def downgrade() -> None:
    """Undo."""
    drop_table("accounts_unit_member")
    drop_table("accounts_absence")
    drop_table("accounts_appointment_end")
    drop_table("accounts_remit")
    drop_table("accounts_handling_unit")
    drop_table("accounts_appointment")
    drop_table("accounts_seat_number")
    drop_table("accounts_seat")
    drop_table("accounts_role_grant")
    drop_table("accounts_sign_in")
    drop_table("accounts_contact")
    drop_table("accounts_consent")
    drop_table("accounts_api_token")
    drop_table("accounts_person")
    drop_table("accounts_failed_sign_in")
