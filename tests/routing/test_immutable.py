"""What was said, signed, appointed, agreed to or moderated cannot be changed, even in the database."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from planner.accounts import actions as accounts
from planner.accounts.terms import ConsentKind, DesignerTier
from planner.core.actor import SYSTEM
from planner.core.db import Database
from planner.places.terms import IssuingChain
from planner.routing import actions
from planner.routing.actions import Advice, Answer
from planner.routing.actions.replying import digest_of
from planner.routing.terms import EvidenceKind, Outcome
from tests.conftest import NOW
from tests.factories.routing import make_case
from tests.factories.stage import SPOTS, make_stage

TABLES = {
    "routing_opinion": "reason",
    "routing_reply": "body",
    "routing_case_step": "reason",
    "routing_reply_signature": "note",
    "routing_case_evidence": "reason",
    "accounts_appointment": "reason",
    "accounts_appointment_end": "reason",
    "accounts_seat_number": "reason",
    "accounts_consent": "text_version",
    "core_audit_event": "verb",
}


@pytest.fixture
def filled(database: Database) -> Database:
    """At least one row in each of the tables."""
    with database.write() as session:
        stage = make_stage(session, chain=IssuingChain.ONE_SIGNATURE)
        case = make_case(session, stage.here, at=SPOTS[3])
        given = {"session": session, "now": NOW, "case": case}
        holder = stage.holders["community-3"]
        actions.give_opinion(
            actor=holder, advice=Advice(Outcome.ADOPT, "划出停车线，留出通道。"), **given
        )
        draft = actions.draft_reply(
            actor=stage.drafter, answer=Answer(Outcome.ADOPT, "十月底前划线。"), **given
        )
        actions.sign_reply(actor=stage.issuer, seen_digest=digest_of(draft), **given)
        actions.add_evidence(
            actor=stage.clerk,
            kind=EvidenceKind.WAIVER,
            reference="office",
            reason="各方已书面同意。",
            **given,
        )
        acting = {"session": session, "actor": SYSTEM, "now": NOW}
        accounts.end_appointment(
            **acting,
            appointment=stage.seats["street-1"].appointments[0],
            ended_on=date(2026, 9, 1),
            reason="任期届满",
        )
        accounts.set_seat_number(
            **acting,
            neighborhood_id=stage.here.id,
            tier=DesignerTier.STREET,
            number=9,
            reason="新增滨水片区",
        )
        accounts.record_consent(
            session,
            now=NOW,
            kind=ConsentKind.CONTACT,
            is_given=True,
            text_version="1",
            person_id=holder.person_id,
        )
    return database


def test_rows_when_changed_or_deleted_behind_our_back_then_the_database_refuses(filled):
    for table, column in TABLES.items():
        with filled.read() as session:
            assert session.scalar(text(f"SELECT count(*) FROM {table}")) > 0, table
        for statement in (f"UPDATE {table} SET {column} = 'x'", f"DELETE FROM {table}"):
            with (
                pytest.raises(DBAPIError, match="append-only"),
                filled.write() as session,
            ):
                session.execute(text(statement))


def test_moderation_when_changed_or_deleted_then_the_database_refuses(demo):
    for statement in (
        "UPDATE marks_moderation SET reason = 'x'",
        "DELETE FROM marks_moderation",
    ):
        with pytest.raises(DBAPIError, match="append-only"), demo.write() as session:
            session.execute(text(statement))
