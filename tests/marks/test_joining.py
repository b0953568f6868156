"""我也是: once per device and person whoever races, counted once per case; asking again in time."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from planner.core.actor import SYSTEM, Actor, ActorKind
from planner.core.db import Database
from planner.core.errors import Conflict, Invalid, InvalidTransition, NotFound
from planner.core.models import AuditEvent
from planner.marks import actions, queries
from planner.marks.models import Endorsement, Mark
from planner.marks.terms import MarkVerb
from planner.routing import actions as routing
from planner.routing.terms import CaseState, CaseVerb, Outcome
from tests.conftest import NOW
from tests.factories.accounts import make_person
from tests.factories.marks import make_mark, visitor
from tests.factories.stage import SPOTS, Stage, make_stage

OTHER: dict[str, Any] = {"actor": visitor(2), "now": NOW}
PHONES = 30


@pytest.fixture
def stage(session: Session) -> Stage:
    return make_stage(session)


@pytest.fixture
def mark(session: Session, stage: Stage) -> Mark:
    return make_mark(session, stage.here, at=SPOTS[3], topic="PUB01")


def signed_in(person_id: int, device: int) -> Actor:
    return Actor(kind=ActorKind.PERSON, person_id=person_id, device=f"{device:064x}")


def test_endorse_when_said_twice_then_counted_once(session: Session, mark: Mark) -> None:
    assert actions.endorse(session, mark=mark, **OTHER)
    assert not actions.endorse(session, mark=mark, **OTHER)
    assert queries.supporters(session, mark) == 1


def test_endorse_when_the_same_person_on_two_devices_then_counted_once(session, mark) -> None:
    person = make_person(session).id
    assert actions.endorse(session, actor=signed_in(person, 5), now=NOW, mark=mark)
    assert not actions.endorse(session, actor=signed_in(person, 6), now=NOW, mark=mark)
    assert queries.supporters(session, mark) == 1


@pytest.mark.parametrize("verb", [MarkVerb.HOLD, MarkVerb.HIDE, MarkVerb.RETURN_TO_REVIEW])
def test_endorse_when_not_public_then_not_found(session, stage, mark, verb) -> None:
    actions.moderate(session, actor=SYSTEM, now=NOW, mark=mark, verb=verb, reason="不宜公开")
    with pytest.raises(NotFound):
        actions.endorse(session, mark=mark, **OTHER)
    with pytest.raises(Conflict, match="not_public"):
        actions.endorse(session, actor=stage.clerk, now=NOW, mark=mark)


def test_endorse_when_own_mark_then_refused(session: Session, mark: Mark) -> None:
    with pytest.raises(Conflict, match="own_mark"):
        actions.endorse(session, actor=visitor(), now=NOW, mark=mark)
    assert queries.supporters(session, mark) == 0


def test_take_back_when_said_then_gone_and_may_be_said_again(session: Session, mark: Mark) -> None:
    actions.endorse(session, mark=mark, **OTHER)
    assert actions.take_back(session, mark=mark, **OTHER)
    assert not actions.take_back(session, mark=mark, **OTHER)
    assert session.scalar(select(func.count()).select_from(Endorsement)) == 0
    assert actions.endorse(session, mark=mark, **OTHER)


def test_audit_when_said_and_taken_back_then_verb_and_nobody(session: Session, mark: Mark) -> None:
    actions.endorse(session, mark=mark, **OTHER)
    actions.take_back(session, mark=mark, **OTHER)
    rows = session.scalars(
        select(AuditEvent)
        .where(AuditEvent.verb.in_(["mark.endorse", "mark.take_back"]))
        .order_by(AuditEvent.id)
    ).all()
    assert [row.verb for row in rows] == ["mark.endorse", "mark.take_back"]
    assert {row.actor_ref for row in rows} == {"visitor"}
    assert all(visitor(2).device not in str(row.facts) for row in rows)


def test_erase_when_the_author_deletes_then_endorsements_go_too(session, mark) -> None:
    actions.endorse(session, mark=mark, **OTHER)
    actions.erase_mark(session, actor=visitor(), now=NOW, mark=mark)
    assert session.scalar(select(func.count()).select_from(Endorsement)) == 0


def race(database: Database, mark_id: int, actors: list[Actor]) -> list[object]:
    """All say 我也是 in the same moment; what each got: True, False or an error."""
    gate, said = threading.Barrier(len(actors)), list[object]()

    def say(actor: Actor) -> None:
        gate.wait()
        try:
            with database.write() as session:
                mark = session.get_one(Mark, mark_id)
                said.append(actions.endorse(session, actor=actor, now=NOW, mark=mark))
        except Exception as error:
            said.append(error)

    threads = [threading.Thread(target=say, args=(actor,)) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return said


@pytest.fixture
def raced(database: Database) -> tuple[int, int]:
    """A committed mark and a person."""
    with database.write() as session:
        stage = make_stage(session)
        return make_mark(session, stage.here, at=SPOTS[3]).id, make_person(session).id


def racers(who: str, person: int) -> list[Actor]:
    if who == "device":
        return [visitor(2)] * PHONES
    return [signed_in(person, 100 + number) for number in range(PHONES)]


@pytest.mark.parametrize("who", ["device", "person"])
def test_race_when_30_say_it_at_once_then_one_row(database: Database, raced, who: str) -> None:
    mark_id, person = raced
    said = race(database, mark_id, racers(who, person))
    assert sorted(map(str, said)) == ["False"] * (PHONES - 1) + ["True"]
    assert rows(database) == 1


def test_race_when_the_constraints_are_away_then_it_is_counted_more_than_once(
    database: Database, raced
) -> None:
    """The negative control: nothing but UNIQUE keeps the 30 apart."""
    mark_id, _ = raced
    with database.engine.begin() as connection:
        for statement in without_unique(database):
            connection.execute(text(statement))
    said = race(database, mark_id, racers("device", 0))
    assert said.count(True) > 1
    assert rows(database) > 1


def without_unique(database: Database) -> list[str]:
    if not database.is_sqlite:
        names = ("device_hash", "person_id")
        start = "ALTER TABLE marks_endorsement DROP CONSTRAINT uq_marks_endorsement_mark_id_"
        return [f"{start}{name}" for name in names]
    return [
        "DROP TABLE marks_endorsement",
        "CREATE TABLE marks_endorsement (id INTEGER PRIMARY KEY, mark_id INTEGER NOT NULL,"
        " device_hash BLOB, person_id INTEGER, at DATETIME NOT NULL)",
    ]


def rows(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(Endorsement)) or 0


def test_case_when_two_marks_lie_behind_it_then_each_voice_counts_once(session, stage) -> None:
    first = make_mark(session, stage.here, at=SPOTS[3], actor=visitor(1))
    second = make_mark(session, stage.here, at=SPOTS[3], actor=visitor(2))
    second.case_id = first.case_id
    session.flush()
    for device, marks in {1: [second], 2: [first], 3: [first, second], 4: [second]}.items():
        for mark in marks:
            actions.endorse(session, actor=visitor(device), now=NOW, mark=mark)
    assert queries.case_supporters(session, [first.case_id]) == {first.case_id: 2}
    assert (queries.supporters(session, first), queries.supporters(session, second)) == (2, 3)


def test_case_when_a_mark_is_hidden_then_its_voices_are_not_counted(session, mark) -> None:
    actions.endorse(session, mark=mark, **OTHER)
    actions.moderate(
        session, actor=SYSTEM, now=NOW, mark=mark, verb=MarkVerb.HIDE, reason="不宜公开"
    )
    assert queries.case_supporters(session, [mark.case_id]) == {mark.case_id: 0}


def answered(session: Session, stage: Stage, mark: Mark) -> None:
    case = mark.case
    routing.give_opinion(
        session,
        actor=stage.holders["community-3"],
        now=NOW,
        case=case,
        advice=routing.Advice(outcome=Outcome.ADOPT, reason="建议划出停车位。"),
    )
    routing.draft_reply(
        session,
        actor=stage.drafter,
        now=NOW,
        case=case,
        answer=routing.Answer(outcome=Outcome.ADOPT, body="十二月划线，请邻居们监督。"),
    )
    assert case.state is CaseState.REPLIED


@pytest.mark.parametrize("who", ["author", "supporter"])
def test_ask_again_when_answered_then_reopened_with_a_new_clock(session, stage, mark, who) -> None:
    actions.endorse(session, mark=mark, **OTHER)
    answered(session, stage, mark)
    then = NOW + timedelta(days=20)
    actor = visitor() if who == "author" else visitor(2)
    actions.ask_again(session, actor=actor, now=then, mark=mark, reason="线划了，车还是停满")
    assert mark.case.state is CaseState.REOPENED
    assert mark.case.reply_due_at > then
    assert mark.case.steps[-1].verb is CaseVerb.REOPEN
    assert mark.case.steps[-1].reason == "线划了，车还是停满"
    with pytest.raises(InvalidTransition, match="nothing_to_reopen"):
        actions.ask_again(session, actor=actor, now=then, mark=mark, reason="还是没有解决")


def test_ask_again_when_neither_author_nor_supporter_then_not_found(session, stage, mark) -> None:
    answered(session, stage, mark)
    with pytest.raises(NotFound):
        actions.ask_again(session, mark=mark, reason="我不认识这件事", **OTHER)


def test_ask_again_when_too_late_or_too_short_then_refused(session, stage, mark) -> None:
    answered(session, stage, mark)
    own = {"actor": visitor(), "mark": mark}
    with pytest.raises(Invalid):
        actions.ask_again(session, now=NOW, reason="。", **own)
    with pytest.raises(InvalidTransition, match="too_late_to_reopen"):
        actions.ask_again(session, now=NOW + timedelta(days=31), reason="还是没有解决", **own)


def test_ask_again_when_nothing_was_answered_then_refused(session: Session, mark: Mark) -> None:
    with pytest.raises(InvalidTransition, match="nothing_to_reopen"):
        actions.ask_again(session, actor=visitor(), now=NOW, mark=mark, reason="还是没有解决")


def test_joined_when_listed_then_published_ones_of_this_device_only(session, stage, mark) -> None:
    hidden = make_mark(session, stage.here, at=SPOTS[1])
    for each in (mark, hidden):
        actions.endorse(session, mark=each, **OTHER)
    actions.moderate(
        session, actor=SYSTEM, now=NOW, mark=hidden, verb=MarkVerb.HIDE, reason="不宜公开"
    )
    here = stage.here.id
    assert queries.joined_marks(session, visitor(2), here) == [mark]
    assert queries.joined_marks(session, visitor(3), here) == []
    assert queries.joined_marks(session, replace(visitor(2), device=None), here) == []
