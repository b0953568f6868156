"""places tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from migration_helpers import drop_table

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "places_subdistrict",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("district", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_places_subdistrict")),
        sa.UniqueConstraint("code", name=op.f("uq_places_subdistrict_code")),
    )
    op.create_table(
        "places_neighborhood",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("office_name", sa.String(length=120), nullable=False),
        sa.Column("subdistrict_id", sa.Integer(), nullable=True),
        sa.Column(
            "boundary", Geometry("MULTIPOLYGON", srid=4326, spatial_index=True), nullable=False
        ),
        sa.Column("utm_srid", sa.Integer(), nullable=False),
        sa.Column("tolerance_m", sa.Integer(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("collecting_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("collecting_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "tolerance_m >= 0", name=op.f("ck_places_neighborhood_tolerance_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["subdistrict_id"],
            ["places_subdistrict.id"],
            name=op.f("fk_places_neighborhood_subdistrict_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_places_neighborhood")),
        sa.UniqueConstraint("slug", name=op.f("uq_places_neighborhood_slug")),
        sa.UniqueConstraint("uuid", name=op.f("uq_places_neighborhood_uuid")),
    )
    op.create_table(
        "places_base_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("neighborhood_id", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("target", sa.String(32), nullable=False),
        sa.Column("layer", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=240), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("declared_datum", sa.String(length=24), nullable=False),
        sa.Column("datum", sa.String(length=24), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("result", sa.LargeBinary(), nullable=True),
        sa.Column("created_by", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "target IN ('base', 'grid', 'buildings', 'communities', 'estates', 'venues', 'places', 'masks')",
            name=op.f("ck_places_base_import_target_known"),
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'reading', 'ready', 'refused', 'taken', 'dropped')",
            name=op.f("ck_places_base_import_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["neighborhood_id"],
            ["places_neighborhood.id"],
            name=op.f("fk_places_base_import_neighborhood_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_places_base_import")),
        sa.UniqueConstraint("uuid", name=op.f("uq_places_base_import_uuid")),
    )
    op.create_index(
        op.f("ix_places_base_import_neighborhood_id"),
        "places_base_import",
        ["neighborhood_id"],
        unique=False,
    )
    op.create_table(
        "places_base_layer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("neighborhood_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_visible", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=240), nullable=False),
        sa.Column("declared_datum", sa.String(length=24), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('block', 'green', 'plaza', 'sport', 'parking', 'water', 'path', 'road', 'building', 'tree', 'facility', 'overlay')",
            name=op.f("ck_places_base_layer_kind_known"),
        ),
        sa.ForeignKeyConstraint(
            ["neighborhood_id"],
            ["places_neighborhood.id"],
            name=op.f("fk_places_base_layer_neighborhood_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_places_base_layer")),
        sa.UniqueConstraint(
            "neighborhood_id", "code", name=op.f("uq_places_base_layer_neighborhood_id_code")
        ),
    )
    op.create_table(
        "places_community",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("neighborhood_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("geom", Geometry("MULTIPOLYGON", srid=4326, spatial_index=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["neighborhood_id"],
            ["places_neighborhood.id"],
            name=op.f("fk_places_community_neighborhood_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_places_community")),
        sa.UniqueConstraint(
            "neighborhood_id", "code", name=op.f("uq_places_community_neighborhood_id_code")
        ),
    )
    op.create_table(
        "places_estate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("neighborhood_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("built_year", sa.Integer(), nullable=True),
        sa.Column("geom", Geometry("MULTIPOLYGON", srid=4326, spatial_index=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["neighborhood_id"],
            ["places_neighborhood.id"],
            name=op.f("fk_places_estate_neighborhood_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_places_estate")),
        sa.UniqueConstraint(
            "neighborhood_id", "code", name=op.f("uq_places_estate_neighborhood_id_code")
        ),
    )
    op.create_table(
        "places_grid_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("neighborhood_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["neighborhood_id"],
            ["places_neighborhood.id"],
            name=op.f("fk_places_grid_revision_neighborhood_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_places_grid_revision")),
        sa.UniqueConstraint(
            "neighborhood_id", "number", name=op.f("uq_places_grid_revision_neighborhood_id_number")
        ),
    )
    op.create_table(
        "places_named_place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("neighborhood_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("aliases", sa.String(length=240), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("geom", Geometry("POINT", srid=4326, spatial_index=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["neighborhood_id"],
            ["places_neighborhood.id"],
            name=op.f("fk_places_named_place_neighborhood_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_places_named_place")),
    )
    op.create_index(
        "ix_places_named_place_neighborhood",
        "places_named_place",
        ["neighborhood_id", "name"],
        unique=False,
    )
    op.create_table(
        "places_poster_point",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("neighborhood_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("target", sa.Integer(), nullable=True),
        sa.Column("geom", Geometry("POINT", srid=4326, spatial_index=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["neighborhood_id"],
            ["places_neighborhood.id"],
            name=op.f("fk_places_poster_point_neighborhood_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_places_poster_point")),
        sa.UniqueConstraint("code", name=op.f("uq_places_poster_point_code")),
    )
    op.create_index(
        op.f("ix_places_poster_point_neighborhood_id"),
        "places_poster_point",
        ["neighborhood_id"],
        unique=False,
    )
    op.create_table(
        "places_restricted_area",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("neighborhood_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=120), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("geom", Geometry("MULTIPOLYGON", srid=4326, spatial_index=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["neighborhood_id"],
            ["places_neighborhood.id"],
            name=op.f("fk_places_restricted_area_neighborhood_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_places_restricted_area")),
    )
    op.create_index(
        op.f("ix_places_restricted_area_neighborhood_id"),
        "places_restricted_area",
        ["neighborhood_id"],
        unique=False,
    )
    op.create_table(
        "places_venue",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("neighborhood_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("geom", Geometry("POINT", srid=4326, spatial_index=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["neighborhood_id"],
            ["places_neighborhood.id"],
            name=op.f("fk_places_venue_neighborhood_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_places_venue")),
        sa.UniqueConstraint(
            "neighborhood_id", "code", name=op.f("uq_places_venue_neighborhood_id_code")
        ),
    )
    op.create_table(
        "places_base_feature",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("layer_id", sa.Integer(), nullable=False),
        sa.Column("paint", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("size_m", sa.Double(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("geom", Geometry("GEOMETRY", srid=4326, spatial_index=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["layer_id"],
            ["places_base_layer.id"],
            name=op.f("fk_places_base_feature_layer_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_places_base_feature")),
    )
    op.create_index(
        op.f("ix_places_base_feature_layer_id"), "places_base_feature", ["layer_id"], unique=False
    )
    op.create_table(
        "places_building",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("neighborhood_id", sa.Integer(), nullable=False),
        sa.Column("estate_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("use", sa.String(32), nullable=False),
        sa.Column("households", sa.Integer(), nullable=False),
        sa.Column("floor_area_cm2", sa.BigInteger(), nullable=False),
        sa.Column("geom", Geometry("MULTIPOLYGON", srid=4326, spatial_index=True), nullable=False),
        sa.CheckConstraint(
            "use IN ('home', 'heritage', 'school', 'office', 'market', 'other')",
            name=op.f("ck_places_building_use_known"),
        ),
        sa.CheckConstraint(
            "households >= 0", name=op.f("ck_places_building_households_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["estate_id"], ["places_estate.id"], name=op.f("fk_places_building_estate_id")
        ),
        sa.ForeignKeyConstraint(
            ["neighborhood_id"],
            ["places_neighborhood.id"],
            name=op.f("fk_places_building_neighborhood_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_places_building")),
        sa.UniqueConstraint(
            "neighborhood_id", "code", name=op.f("uq_places_building_neighborhood_id_code")
        ),
    )
    op.create_table(
        "places_grid_cell",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("neighborhood_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("geom", Geometry("MULTIPOLYGON", srid=4326, spatial_index=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["places_community.id"], name=op.f("fk_places_grid_cell_community_id")
        ),
        sa.ForeignKeyConstraint(
            ["neighborhood_id"],
            ["places_neighborhood.id"],
            name=op.f("fk_places_grid_cell_neighborhood_id"),
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["places_grid_revision.id"],
            name=op.f("fk_places_grid_cell_revision_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_places_grid_cell")),
        sa.UniqueConstraint(
            "revision_id", "number", name=op.f("uq_places_grid_cell_revision_id_number")
        ),
    )
    op.create_index(
        op.f("ix_places_grid_cell_neighborhood_id"),
        "places_grid_cell",
        ["neighborhood_id"],
        unique=False,
    )


def downgrade() -> None:
    """Undo."""
    drop_table("places_grid_cell")
    drop_table("places_building")
    drop_table("places_base_feature")
    drop_table("places_venue")
    drop_table("places_restricted_area")
    drop_table("places_poster_point")
    drop_table("places_named_place")
    drop_table("places_grid_revision")
    drop_table("places_estate")
    drop_table("places_community")
    drop_table("places_base_layer")
    drop_table("places_base_import")
    drop_table("places_neighborhood")
    drop_table("places_subdistrict")
