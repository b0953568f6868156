"""marks tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from migration_helpers import append_only, drop_table

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "marks_erased_mark",
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("receipt_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("uuid", name=op.f("pk_marks_erased_mark")),
        sa.UniqueConstraint("receipt_hash", name=op.f("uq_marks_erased_mark_receipt_hash")),
    )
    op.create_table(
        "marks_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("neighborhood_id", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("file_digest", sa.String(length=64), nullable=False),
        sa.Column("declared_datum", sa.String(length=24), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("known", sa.Integer(), nullable=False),
        sa.Column("actor_ref", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["neighborhood_id"],
            ["places_neighborhood.id"],
            name=op.f("fk_marks_import_neighborhood_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_marks_import")),
    )
    op.create_table(
        "marks_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("neighborhood_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("public_topic_code", sa.String(length=40), nullable=False),
        sa.Column("topic_code", sa.String(length=40), nullable=True),
        sa.Column("geom", Geometry("GEOMETRY", srid=4326, spatial_index=True), nullable=False),
        sa.Column("lon", sa.Double(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("place_name", sa.String(length=120), nullable=False),
        sa.Column("grid_cell_id", sa.Integer(), nullable=True),
        sa.Column("grid_is_chosen", sa.Boolean(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=True),
        sa.Column("building_id", sa.Integer(), nullable=True),
        sa.Column("in_tolerance_strip", sa.Boolean(), nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("pin_origin", sa.String(32), nullable=False),
        sa.Column("poster_point_id", sa.Integer(), nullable=True),
        sa.Column("declared_datum", sa.String(length=24), nullable=False),
        sa.Column("external_id", sa.String(length=80), nullable=True),
        sa.Column("device_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("secret_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("receipt_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("body_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("entered_by", sa.String(length=40), nullable=True),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("triaged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "channel IN ('web', 'form', 'kiosk', 'paper', 'hotline', 'window', 'grid_worker', 'door_to_door', 'secretary', 'import')",
            name=op.f("ck_marks_mark_channel_known"),
        ),
        sa.CheckConstraint(
            "kind IN ('like', 'dislike', 'improve')", name=op.f("ck_marks_mark_kind_known")
        ),
        sa.CheckConstraint(
            "pin_origin IN ('map', 'list', 'located', 'poster', 'import')",
            name=op.f("ck_marks_mark_pin_origin_known"),
        ),
        sa.CheckConstraint(
            "status IN ('received', 'published', 'held', 'hidden', 'withdrawn')",
            name=op.f("ck_marks_mark_status_known"),
        ),
        sa.ForeignKeyConstraint(
            ["building_id"], ["places_building.id"], name=op.f("fk_marks_mark_building_id")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["routing_case.id"], name=op.f("fk_marks_mark_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["places_community.id"], name=op.f("fk_marks_mark_community_id")
        ),
        sa.ForeignKeyConstraint(
            ["grid_cell_id"], ["places_grid_cell.id"], name=op.f("fk_marks_mark_grid_cell_id")
        ),
        sa.ForeignKeyConstraint(
            ["neighborhood_id"],
            ["places_neighborhood.id"],
            name=op.f("fk_marks_mark_neighborhood_id"),
        ),
        sa.ForeignKeyConstraint(
            ["poster_point_id"],
            ["places_poster_point.id"],
            name=op.f("fk_marks_mark_poster_point_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_marks_mark")),
        sa.UniqueConstraint("code", name=op.f("uq_marks_mark_code")),
        sa.UniqueConstraint(
            "neighborhood_id",
            "external_id",
            name=op.f("uq_marks_mark_neighborhood_id_external_id"),
        ),
        sa.UniqueConstraint("receipt_hash", name=op.f("uq_marks_mark_receipt_hash")),
        sa.UniqueConstraint("uuid", name=op.f("uq_marks_mark_uuid")),
    )
    op.create_index("ix_marks_mark_case", "marks_mark", ["case_id"], unique=False)
    op.create_index("ix_marks_mark_device", "marks_mark", ["device_hash"], unique=False)
    op.create_index(
        op.f("ix_marks_mark_grid_cell_id"), "marks_mark", ["grid_cell_id"], unique=False
    )
    op.create_index(
        "ix_marks_mark_public", "marks_mark", ["neighborhood_id", "status", "id"], unique=False
    )
    op.create_table(
        "marks_addition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mark_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("original", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["mark_id"], ["marks_mark.id"], name=op.f("fk_marks_addition_mark_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_marks_addition")),
    )
    op.create_index(op.f("ix_marks_addition_mark_id"), "marks_addition", ["mark_id"], unique=False)
    op.create_table(
        "marks_endorsement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mark_id", sa.Integer(), nullable=False),
        sa.Column("device_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "device_hash IS NOT NULL OR person_id IS NOT NULL",
            name=op.f("ck_marks_endorsement_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["mark_id"], ["marks_mark.id"], name=op.f("fk_marks_endorsement_mark_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["accounts_person.id"], name=op.f("fk_marks_endorsement_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_marks_endorsement")),
        sa.UniqueConstraint(
            "mark_id", "device_hash", name=op.f("uq_marks_endorsement_mark_id_device_hash")
        ),
        sa.UniqueConstraint(
            "mark_id", "person_id", name=op.f("uq_marks_endorsement_mark_id_person_id")
        ),
    )
    op.create_index("ix_marks_endorsement_device", "marks_endorsement", ["device_hash"])
    op.create_index("ix_marks_endorsement_person", "marks_endorsement", ["person_id"])
    op.create_table(
        "marks_mark_chip",
        sa.Column("mark_id", sa.Integer(), nullable=False),
        sa.Column("chip_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["chip_id"], ["routing_chip.id"], name=op.f("fk_marks_mark_chip_chip_id")
        ),
        sa.ForeignKeyConstraint(
            ["mark_id"], ["marks_mark.id"], name=op.f("fk_marks_mark_chip_mark_id")
        ),
        sa.PrimaryKeyConstraint("mark_id", "chip_id", name=op.f("pk_marks_mark_chip")),
    )
    op.create_table(
        "marks_moderation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mark_id", sa.Integer(), nullable=False),
        sa.Column("verb", sa.String(32), nullable=False),
        sa.Column("from_status", sa.String(length=32), nullable=False),
        sa.Column("to_status", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("actor_ref", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "verb IN ('publish', 'hold', 'hide', 'refer', 'return_to_review', 'withdraw')",
            name=op.f("ck_marks_moderation_verb_known"),
        ),
        sa.ForeignKeyConstraint(
            ["mark_id"], ["marks_mark.id"], name=op.f("fk_marks_moderation_mark_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_marks_moderation")),
    )
    op.create_index(
        op.f("ix_marks_moderation_mark_id"), "marks_moderation", ["mark_id"], unique=False
    )
    op.create_table(
        "marks_photo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("mark_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=True),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=True),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("covered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status IN ('shown', 'hidden', 'erased')", name=op.f("ck_marks_photo_status_known")
        ),
        sa.ForeignKeyConstraint(
            ["mark_id"], ["marks_mark.id"], name=op.f("fk_marks_photo_mark_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_marks_photo")),
        sa.UniqueConstraint(
            "mark_id", "position", name=op.f("uq_marks_photo_mark_id_position")
        ),
        sa.UniqueConstraint("uuid", name=op.f("uq_marks_photo_uuid")),
    )
    op.create_table(
        "marks_loose_file",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_marks_loose_file")),
    )
    op.create_index(
        op.f("ix_marks_loose_file_due_at"), "marks_loose_file", ["due_at"], unique=False
    )
    op.create_table(
        "marks_place_tag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mark_id", sa.Integer(), nullable=False),
        sa.Column("grid_cell_id", sa.Integer(), nullable=True),
        sa.Column("building_id", sa.Integer(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["building_id"], ["places_building.id"], name=op.f("fk_marks_place_tag_building_id")
        ),
        sa.ForeignKeyConstraint(
            ["grid_cell_id"], ["places_grid_cell.id"], name=op.f("fk_marks_place_tag_grid_cell_id")
        ),
        sa.ForeignKeyConstraint(
            ["mark_id"], ["marks_mark.id"], name=op.f("fk_marks_place_tag_mark_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_marks_place_tag")),
    )
    op.create_index(
        op.f("ix_marks_place_tag_mark_id"), "marks_place_tag", ["mark_id"], unique=False
    )
    op.create_table(
        "marks_wording",
        sa.Column("mark_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("original", sa.Text(), nullable=True),
        sa.Column("redacted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["mark_id"], ["marks_mark.id"], name=op.f("fk_marks_wording_mark_id")
        ),
        sa.PrimaryKeyConstraint("mark_id", name=op.f("pk_marks_wording")),
    )

    for name in ("marks_moderation",):
        append_only(name)


def downgrade() -> None:
    """Undo."""
    drop_table("marks_wording")
    drop_table("marks_place_tag")
    drop_table("marks_loose_file")
    drop_table("marks_photo")
    drop_table("marks_moderation")
    drop_table("marks_mark_chip")
    drop_table("marks_endorsement")
    drop_table("marks_addition")
    drop_table("marks_mark")
    drop_table("marks_import")
    drop_table("marks_erased_mark")
