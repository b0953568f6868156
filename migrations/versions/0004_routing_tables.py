"""routing tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from migration_helpers import append_only, drop_table

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "routing_catalogue",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routing_catalogue")),
        sa.UniqueConstraint("code", name=op.f("uq_routing_catalogue_code")),
    )
    op.create_table(
        "routing_catalogue_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("catalogue_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["catalogue_id"],
            ["routing_catalogue.id"],
            name=op.f("fk_routing_catalogue_version_catalogue_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routing_catalogue_version")),
        sa.UniqueConstraint(
            "catalogue_id", "number", name=op.f("uq_routing_catalogue_version_catalogue_id_number")
        ),
    )
    op.create_table(
        "routing_chip",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("catalogue_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("public_topic_code", sa.String(length=40), nullable=False),
        sa.Column("topic_code", sa.String(length=40), nullable=True),
        sa.Column("text", sa.String(length=60), nullable=False),
        sa.Column("text_en", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("since_version", sa.Integer(), nullable=False),
        sa.Column("until_version", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('like', 'dislike', 'improve')", name=op.f("ck_routing_chip_kind_known")
        ),
        sa.ForeignKeyConstraint(
            ["catalogue_id"], ["routing_catalogue.id"], name=op.f("fk_routing_chip_catalogue_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routing_chip")),
        sa.UniqueConstraint(
            "catalogue_id",
            "code",
            "since_version",
            name=op.f("uq_routing_chip_catalogue_id_code_since_version"),
        ),
    )
    op.create_table(
        "routing_public_topic",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("catalogue_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("label_en", sa.String(length=80), nullable=False),
        sa.Column("tier", sa.String(32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("icon", sa.String(length=40), nullable=False),
        sa.Column("since_version", sa.Integer(), nullable=False),
        sa.Column("until_version", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "tier IN ('total', 'street', 'community')",
            name=op.f("ck_routing_public_topic_tier_known"),
        ),
        sa.ForeignKeyConstraint(
            ["catalogue_id"],
            ["routing_catalogue.id"],
            name=op.f("fk_routing_public_topic_catalogue_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routing_public_topic")),
        sa.UniqueConstraint(
            "catalogue_id",
            "code",
            "since_version",
            name=op.f("uq_routing_public_topic_catalogue_id_code_since_version"),
        ),
    )
    op.create_table(
        "routing_topic",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("catalogue_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("group_code", sa.String(length=40), nullable=False),
        sa.Column("group_name", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("tier", sa.String(32), nullable=False),
        sa.Column("handling", sa.String(32), nullable=False),
        sa.Column("public_topic_code", sa.String(length=40), nullable=False),
        sa.Column("is_statutory", sa.Boolean(), nullable=False),
        sa.Column("default_unit", sa.String(length=40), nullable=False),
        sa.Column("opinion_days", sa.Integer(), nullable=False),
        sa.Column("reply_days", sa.Integer(), nullable=False),
        sa.Column("since_version", sa.Integer(), nullable=False),
        sa.Column("until_version", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "handling IN ('immediate', 'coordinated', 'joint')",
            name=op.f("ck_routing_topic_handling_known"),
        ),
        sa.CheckConstraint(
            "tier IN ('total', 'street', 'community')", name=op.f("ck_routing_topic_tier_known")
        ),
        sa.CheckConstraint(
            "opinion_days > 0 AND reply_days > 0", name=op.f("ck_routing_topic_days_positive")
        ),
        sa.ForeignKeyConstraint(
            ["catalogue_id"], ["routing_catalogue.id"], name=op.f("fk_routing_topic_catalogue_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routing_topic")),
        sa.UniqueConstraint(
            "catalogue_id",
            "code",
            "since_version",
            name=op.f("uq_routing_topic_catalogue_id_code_since_version"),
        ),
    )
    op.create_table(
        "routing_catalogue_use",
        sa.Column("neighborhood_id", sa.Integer(), nullable=False),
        sa.Column("catalogue_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["catalogue_id"],
            ["routing_catalogue.id"],
            name=op.f("fk_routing_catalogue_use_catalogue_id"),
        ),
        sa.ForeignKeyConstraint(
            ["neighborhood_id"],
            ["places_neighborhood.id"],
            name=op.f("fk_routing_catalogue_use_neighborhood_id"),
        ),
        sa.PrimaryKeyConstraint("neighborhood_id", name=op.f("pk_routing_catalogue_use")),
    )
    op.create_table(
        "routing_rule_set",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("neighborhood_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("activated_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('draft', 'active', 'retired')", name=op.f("ck_routing_rule_set_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["neighborhood_id"],
            ["places_neighborhood.id"],
            name=op.f("fk_routing_rule_set_neighborhood_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routing_rule_set")),
        sa.UniqueConstraint(
            "neighborhood_id", "version", name=op.f("uq_routing_rule_set_neighborhood_id_version")
        ),
    )
    op.create_table(
        "routing_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rule_set_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("topic_kind", sa.String(32), nullable=False),
        sa.Column("topic_code", sa.String(length=40), nullable=False),
        sa.Column("area_kind", sa.String(32), nullable=False),
        sa.Column("area_code", sa.String(length=60), nullable=False),
        sa.Column("scale", sa.String(32), nullable=True),
        sa.Column("tier", sa.String(32), nullable=False),
        sa.Column("seat_number", sa.Integer(), nullable=True),
        sa.Column("unit_code", sa.String(length=40), nullable=False),
        sa.Column("assist_tier", sa.String(32), nullable=True),
        sa.Column("note", sa.String(length=240), nullable=False),
        sa.CheckConstraint(
            "area_kind IN ('geometry', 'building', 'estate', 'grid', 'community', 'whole')",
            name=op.f("ck_routing_rule_area_kind_known"),
        ),
        sa.CheckConstraint(
            "assist_tier IN ('total', 'street', 'community')",
            name=op.f("ck_routing_rule_assist_tier_known"),
        ),
        sa.CheckConstraint(
            "scale IN ('point', 'small', 'local', 'wide')", name=op.f("ck_routing_rule_scale_known")
        ),
        sa.CheckConstraint(
            "tier IN ('total', 'street', 'community')", name=op.f("ck_routing_rule_tier_known")
        ),
        sa.CheckConstraint(
            "topic_kind IN ('topic', 'group', 'public_topic', 'any')",
            name=op.f("ck_routing_rule_topic_kind_known"),
        ),
        sa.ForeignKeyConstraint(
            ["rule_set_id"], ["routing_rule_set.id"], name=op.f("fk_routing_rule_rule_set_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routing_rule")),
        sa.UniqueConstraint(
            "rule_set_id", "number", name=op.f("uq_routing_rule_rule_set_id_number")
        ),
    )
    op.create_table(
        "routing_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("neighborhood_id", sa.Integer(), nullable=False),
        sa.Column("subject_kind", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("excerpt", sa.String(length=240), nullable=False),
        sa.Column("geom", Geometry("GEOMETRY", srid=4326, spatial_index=True), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=True),
        sa.Column("public_topic_code", sa.String(length=40), nullable=False),
        sa.Column("handling", sa.String(32), nullable=False),
        sa.Column("scale", sa.String(32), nullable=False),
        sa.Column("grid_cell_id", sa.Integer(), nullable=True),
        sa.Column("community_id", sa.Integer(), nullable=True),
        sa.Column("estate_id", sa.Integer(), nullable=True),
        sa.Column("building_id", sa.Integer(), nullable=True),
        sa.Column("tier", sa.String(32), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("rule_set_id", sa.Integer(), nullable=True),
        sa.Column("rule_number", sa.Integer(), nullable=True),
        sa.Column("explanation", sa.JSON(), nullable=False),
        sa.Column("is_clocked", sa.Boolean(), nullable=False),
        sa.Column("opinion_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reply_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_is_provisional", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("stage", sa.String(32), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "handling IN ('immediate', 'coordinated', 'joint')",
            name=op.f("ck_routing_case_handling_known"),
        ),
        sa.CheckConstraint(
            "scale IN ('point', 'small', 'local', 'wide')", name=op.f("ck_routing_case_scale_known")
        ),
        sa.CheckConstraint(
            "stage IN ('consult', 'feedback', 'remedy', 'publicise', 'satisfy')",
            name=op.f("ck_routing_case_stage_known"),
        ),
        sa.CheckConstraint(
            "state IN ('open', 'acknowledged', 'opinion_given', 'reply_drafted', 'replied', 'in_consultation', 'in_works', 'closed', 'reopened', 'passed_on', 'merged')",
            name=op.f("ck_routing_case_state_known"),
        ),
        sa.CheckConstraint(
            "tier IN ('total', 'street', 'community')", name=op.f("ck_routing_case_tier_known")
        ),
        sa.ForeignKeyConstraint(
            ["building_id"], ["places_building.id"], name=op.f("fk_routing_case_building_id")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["places_community.id"], name=op.f("fk_routing_case_community_id")
        ),
        sa.ForeignKeyConstraint(
            ["estate_id"], ["places_estate.id"], name=op.f("fk_routing_case_estate_id")
        ),
        sa.ForeignKeyConstraint(
            ["grid_cell_id"], ["places_grid_cell.id"], name=op.f("fk_routing_case_grid_cell_id")
        ),
        sa.ForeignKeyConstraint(
            ["neighborhood_id"],
            ["places_neighborhood.id"],
            name=op.f("fk_routing_case_neighborhood_id"),
        ),
        sa.ForeignKeyConstraint(
            ["rule_set_id"], ["routing_rule_set.id"], name=op.f("fk_routing_case_rule_set_id")
        ),
        sa.ForeignKeyConstraint(
            ["seat_id"], ["accounts_seat.id"], name=op.f("fk_routing_case_seat_id")
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["routing_topic.id"], name=op.f("fk_routing_case_topic_id")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["accounts_handling_unit.id"], name=op.f("fk_routing_case_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routing_case")),
        sa.UniqueConstraint("code", name=op.f("uq_routing_case_code")),
        sa.UniqueConstraint("uuid", name=op.f("uq_routing_case_uuid")),
    )
    op.create_index(
        "ix_routing_case_board",
        "routing_case",
        ["neighborhood_id", "state", "reply_due_at"],
        unique=False,
    )
    op.create_index("ix_routing_case_seat", "routing_case", ["seat_id", "state"], unique=False)
    op.create_index("ix_routing_case_unit", "routing_case", ["unit_id", "state"], unique=False)
    op.create_table(
        "routing_case_assist",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(seat_id IS NULL) <> (unit_id IS NULL)", name=op.f("ck_routing_case_assist_one_helper")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["routing_case.id"], name=op.f("fk_routing_case_assist_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["seat_id"], ["accounts_seat.id"], name=op.f("fk_routing_case_assist_seat_id")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["accounts_handling_unit.id"], name=op.f("fk_routing_case_assist_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routing_case_assist")),
    )
    op.create_index(
        op.f("ix_routing_case_assist_case_id"), "routing_case_assist", ["case_id"], unique=False
    )
    op.create_table(
        "routing_case_evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("reference", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("actor_ref", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('consultation_held', 'waiver', 'photo_after')",
            name=op.f("ck_routing_case_evidence_kind_known"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["routing_case.id"], name=op.f("fk_routing_case_evidence_case_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routing_case_evidence")),
        sa.UniqueConstraint(
            "case_id",
            "kind",
            "reference",
            name=op.f("uq_routing_case_evidence_case_id_kind_reference"),
        ),
    )
    op.create_index(
        op.f("ix_routing_case_evidence_case_id"), "routing_case_evidence", ["case_id"], unique=False
    )
    op.create_table(
        "routing_case_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("verb", sa.String(32), nullable=False),
        sa.Column("from_state", sa.String(length=32), nullable=True),
        sa.Column("to_state", sa.String(length=32), nullable=False),
        sa.Column("actor_ref", sa.String(length=40), nullable=False),
        sa.Column("acting_seat_id", sa.Integer(), nullable=True),
        sa.Column("acting_unit_id", sa.Integer(), nullable=True),
        sa.Column("seat_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "verb IN ('open', 'assign', 'acknowledge', 'reassign', 'assist', 'send_back', 'reclassify', 'give_opinion', 'draft_reply', 'sign_reply', 'return_draft', 'issue_reply', 'pass_on', 'consult', 'start_works', 'thank', 'close', 'reopen', 'withdraw', 'merge')",
            name=op.f("ck_routing_case_step_verb_known"),
        ),
        sa.ForeignKeyConstraint(
            ["acting_seat_id"],
            ["accounts_seat.id"],
            name=op.f("fk_routing_case_step_acting_seat_id"),
        ),
        sa.ForeignKeyConstraint(
            ["acting_unit_id"],
            ["accounts_handling_unit.id"],
            name=op.f("fk_routing_case_step_acting_unit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["routing_case.id"], name=op.f("fk_routing_case_step_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["seat_id"], ["accounts_seat.id"], name=op.f("fk_routing_case_step_seat_id")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["accounts_handling_unit.id"], name=op.f("fk_routing_case_step_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routing_case_step")),
    )
    op.create_index(
        op.f("ix_routing_case_step_case_id"), "routing_case_step", ["case_id"], unique=False
    )
    op.create_table(
        "routing_opinion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("passed_on_to", sa.String(length=120), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("actor_ref", sa.String(length=40), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('adopt', 'partly', 'later', 'decline', 'passed_on')",
            name=op.f("ck_routing_opinion_outcome_known"),
        ),
        sa.CheckConstraint("length(reason) >= 4", name=op.f("ck_routing_opinion_reason_given")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["routing_case.id"], name=op.f("fk_routing_opinion_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["routing_opinion.id"], name=op.f("fk_routing_opinion_replaces_id")
        ),
        sa.ForeignKeyConstraint(
            ["seat_id"], ["accounts_seat.id"], name=op.f("fk_routing_opinion_seat_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routing_opinion")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_routing_opinion_replaces_id")),
        sa.UniqueConstraint("uuid", name=op.f("uq_routing_opinion_uuid")),
    )
    op.create_index(
        op.f("ix_routing_opinion_case_id"), "routing_opinion", ["case_id"], unique=False
    )
    op.create_table(
        "routing_reply_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("chain", sa.String(32), nullable=False),
        sa.Column("outcome", sa.String(32), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("passed_on_to", sa.String(length=120), nullable=False),
        sa.Column("awaits", sa.String(32), nullable=True),
        sa.Column("drafted_by", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "awaits IN ('draft', 'check', 'issue')",
            name=op.f("ck_routing_reply_draft_awaits_known"),
        ),
        sa.CheckConstraint(
            "chain IN ('none', 'one_signature', 'three_steps')",
            name=op.f("ck_routing_reply_draft_chain_known"),
        ),
        sa.CheckConstraint(
            "outcome IN ('adopt', 'partly', 'later', 'decline', 'passed_on')",
            name=op.f("ck_routing_reply_draft_outcome_known"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["routing_case.id"], name=op.f("fk_routing_reply_draft_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["accounts_handling_unit.id"], name=op.f("fk_routing_reply_draft_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routing_reply_draft")),
    )
    op.create_index(
        op.f("ix_routing_reply_draft_case_id"), "routing_reply_draft", ["case_id"], unique=False
    )
    op.create_table(
        "routing_reply",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(32), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("passed_on_to", sa.String(length=120), nullable=False),
        sa.Column("signed_as", sa.String(length=120), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('adopt', 'partly', 'later', 'decline', 'passed_on')",
            name=op.f("ck_routing_reply_outcome_known"),
        ),
        sa.CheckConstraint("length(body) >= 4", name=op.f("ck_routing_reply_reason_given")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["routing_case.id"], name=op.f("fk_routing_reply_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["routing_reply_draft.id"], name=op.f("fk_routing_reply_draft_id")
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["routing_reply.id"], name=op.f("fk_routing_reply_replaces_id")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["accounts_handling_unit.id"], name=op.f("fk_routing_reply_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routing_reply")),
        sa.UniqueConstraint("draft_id", name=op.f("uq_routing_reply_draft_id")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_routing_reply_replaces_id")),
        sa.UniqueConstraint("uuid", name=op.f("uq_routing_reply_uuid")),
    )
    op.create_index(op.f("ix_routing_reply_case_id"), "routing_reply", ["case_id"], unique=False)
    op.create_table(
        "routing_reply_signature",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("duty", sa.String(32), nullable=False),
        sa.Column("move", sa.String(32), nullable=False),
        sa.Column("body_digest", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("actor_ref", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "duty IN ('draft', 'check', 'issue')",
            name=op.f("ck_routing_reply_signature_duty_known"),
        ),
        sa.CheckConstraint(
            "move IN ('approve', 'return')", name=op.f("ck_routing_reply_signature_move_known")
        ),
        sa.ForeignKeyConstraint(
            ["draft_id"],
            ["routing_reply_draft.id"],
            name=op.f("fk_routing_reply_signature_draft_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routing_reply_signature")),
    )
    op.create_index(
        op.f("ix_routing_reply_signature_draft_id"),
        "routing_reply_signature",
        ["draft_id"],
        unique=False,
    )

    for name in (
        "routing_case_step",
        "routing_opinion",
        "routing_reply",
        "routing_reply_signature",
        "routing_case_evidence",
    ):
        append_only(name)


def downgrade() -> None:
    """Undo."""
    drop_table("routing_reply_signature")
    drop_table("routing_reply")
    drop_table("routing_reply_draft")
    drop_table("routing_opinion")
    drop_table("routing_case_step")
    drop_table("routing_case_evidence")
    drop_table("routing_case_assist")
    drop_table("routing_case")
    drop_table("routing_rule")
    drop_table("routing_rule_set")
    drop_table("routing_catalogue_use")
    drop_table("routing_topic")
    drop_table("routing_public_topic")
    drop_table("routing_chip")
    drop_table("routing_catalogue_version")
    drop_table("routing_catalogue")
