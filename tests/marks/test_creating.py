"""Taking a mark exactly once: ownership, replay, place, reason, window."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.core.actor import SYSTEM
from planner.core.codes import receipt_code, receipt_hash
from planner.core.errors import Conflict, Gone, Invalid, OutsideArea
from planner.core.models import AuditEvent
from planner.marks import actions
from planner.marks.models import Mark, MarkChip, PlaceTag, Wording
from planner.marks.terms import Channel, MarkStatus, PinOrigin
from planner.places.models import Neighborhood
from planner.routing.models import Case
from planner.routing.terms import MarkKind
from tests.conftest import NOW
from tests.factories.marks import KEY, WORDS, given, point, take, visitor
from tests.factories.places import make_neighborhood, make_poster
from tests.factories.routing import make_catalogue
from tests.factories.stage import SPOTS, Stage, make_stage


@pytest.fixture
def stage(session: Session) -> Stage:
    return make_stage(session)


def number_of(session: Session, model: Any) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def refused(session: Session, stage: Stage, kind: type[Exception] = Invalid, **over: Any) -> Any:
    with pytest.raises(kind) as caught:
        take(session, stage.here, **over)
    assert number_of(session, Mark) == 0
    assert number_of(session, Case) == 0
    return caught.value


def test_mark_when_taken_then_placed_routed_dated_and_receipted(
    session: Session, stage: Stage
) -> None:
    made = take(session, stage.here, geometry=point(*SPOTS[3]))
    mark = made.mark
    assert not made.is_replay
    assert (mark.kind, mark.status) == (MarkKind.DISLIKE, MarkStatus.RECEIVED)
    assert mark.case.seat is not None
    assert mark.case.seat.code == "community-3"
    assert mark.grid_cell is not None
    assert mark.grid_cell.number == 3
    assert (mark.lon, mark.lat) == SPOTS[3]
    assert mark.occurred_at == mark.received_at == NOW
    assert session.get_one(Wording, mark.id).reason == WORDS
    tag = session.scalars(select(PlaceTag)).one()
    assert (tag.grid_cell_id, tag.since, tag.until) == (mark.grid_cell_id, NOW, None)


def test_receipt_when_derived_then_only_its_hash_is_stored(session: Session, stage: Stage) -> None:
    made = take(session, stage.here)
    assert made.receipt_code == receipt_code(KEY, made.mark.uuid)
    assert made.mark.receipt_hash == receipt_hash(made.receipt_code)


def test_audit_when_a_mark_is_taken_then_holds_no_words(session: Session, stage: Stage) -> None:
    made = take(session, stage.here)
    event = session.scalars(select(AuditEvent).where(AuditEvent.verb == "mark.create")).one()
    assert event.subject_id == str(made.mark.uuid)
    assert event.facts == {
        "status": "received",
        "kind": "dislike",
        "topic": "parking",
        "channel": "web",
    }
    assert len(event.digests["words"]) == 64


def test_replay_when_same_device_and_body_then_the_same_mark(
    session: Session, stage: Stage
) -> None:
    key = uuid4()
    first = take(session, stage.here, uuid=key)
    again = take(session, stage.here, uuid=key, now=NOW + timedelta(hours=1))
    assert again.is_replay
    assert again.mark is first.mark
    assert again.receipt_code == first.receipt_code
    assert number_of(session, Mark) == number_of(session, Case) == 1


def test_replay_when_the_cookie_is_lost_then_the_secret_proves_it(
    session: Session, stage: Stage
) -> None:
    key, secret = uuid4(), "s" * 32
    take(session, stage.here, uuid=key, secret=secret)
    assert take(session, stage.here, uuid=key, secret=secret, actor=visitor(2)).is_replay
    for wrong in (None, "t" * 32):
        with pytest.raises(Conflict) as caught:
            take(session, stage.here, uuid=key, secret=wrong, actor=visitor(2))
        assert caught.value.code == "uuid_taken"


@pytest.mark.parametrize(
    "change",
    [
        {"reason": "别的话也要四个字"},
        {"kind": MarkKind.IMPROVE},
        {"geometry": point(118.7521)},
        {"topic": "green"},
        {"grid": 1},
    ],
)
def test_replay_when_the_body_changed_then_conflict(
    session: Session, stage: Stage, change: dict[str, Any]
) -> None:
    key = uuid4()
    take(session, stage.here, uuid=key)
    with pytest.raises(Conflict) as caught:
        take(session, stage.here, uuid=key, **change)
    assert caught.value.code == "body_differs"


def test_uuid_when_taken_elsewhere_then_conflict_without_showing_it(
    session: Session, stage: Stage
) -> None:
    other = make_neighborhood(session, slug="there", shift=0.1)
    make_catalogue(session, other, code="cat-there")
    key = uuid4()
    take(session, stage.here, uuid=key)
    for where, who in ((stage.here, visitor(2)), (other, visitor(1))):
        with pytest.raises(Conflict) as caught:
            take(session, where, uuid=key, actor=who)
        assert caught.value.code == "uuid_taken"
        assert caught.value.facts == {}


def test_uuid_when_its_mark_was_erased_then_gone_for_ever(session: Session, stage: Stage) -> None:
    key = uuid4()
    made = take(session, stage.here, uuid=key)
    actions.erase_mark(session, actor=visitor(), now=NOW, mark=made.mark)
    for who in (visitor(), visitor(2)):
        with pytest.raises(Gone):
            take(session, stage.here, uuid=key, actor=who)
    assert number_of(session, Mark) == 1


def test_reason_when_too_short_then_refused_beside_the_field(
    session: Session, stage: Stage
) -> None:
    for words in ("", "   ", "好吵", "……！！！！"):
        assert refused(session, stage, reason=words).fields.keys() == {"reason"}


def test_reason_when_hidden_characters_then_refused(session: Session, stage: Stage) -> None:
    assert refused(session, stage, reason="前\u202e后面几个字").fields == {
        "reason": "bad_characters"
    }


def test_chip_when_chosen_then_it_routes_and_is_the_reason(session: Session, stage: Stage) -> None:
    made = take(session, stage.here, reason="", topic=None, chips=("dp1",)).mark
    assert made.public_topic_code == "parking"
    assert made.topic_code == "PUB01"
    assert session.get_one(Wording, made.id).reason == "乱停堵了路"
    assert [row.position for row in session.scalars(select(MarkChip))] == [0]


@pytest.mark.parametrize("chips", [("lg1",), ("nope",), ("dp1", "nope")])
def test_chip_when_of_another_kind_or_unknown_then_refused(session, stage, chips) -> None:
    assert refused(session, stage, chips=chips, reason="").fields == {"chips": "chip_unknown"}


@pytest.mark.parametrize(
    ("topic", "public", "item"), [("green", "green", None), ("ENV20", "green", "ENV20")]
)
def test_topic_when_public_or_item_then_both_are_known(session, stage, topic, public, item) -> None:
    mark = take(session, stage.here, topic=topic).mark
    assert (mark.public_topic_code, mark.topic_code) == (public, item)


@pytest.mark.parametrize(
    ("topic", "code"), [(None, "topic_missing"), ("x", "topic_unknown"), ("", "topic_missing")]
)
def test_topic_when_absent_or_unknown_then_refused(session, stage, topic, code) -> None:
    assert refused(session, stage, topic=topic).fields == {"topic": code}


def test_place_when_outside_then_refused_and_in_the_strip_flagged(
    session: Session, stage: Stage
) -> None:
    refused(session, stage, OutsideArea, geometry=point(118.7560))
    mark = take(session, stage.here, geometry=point(118.7542)).mark
    assert mark.in_tolerance_strip
    assert not take(session, stage.here).mark.in_tolerance_strip


@pytest.mark.parametrize(
    ("opens", "closes", "code"),
    [(1, None, "not_collecting_yet"), (None, -1, "no_longer_collecting")],
)
def test_window_when_not_collecting_then_refused_but_imports_are_taken(
    session: Session, stage: Stage, opens: int | None, closes: int | None, code: str
) -> None:
    day = timedelta(days=1)
    stage.here.collecting_from = NOW + day * opens if opens else None
    stage.here.collecting_until = NOW + day * closes if closes else None
    assert refused(session, stage).code == code
    assert take(session, stage.here, channel=Channel.IMPORT, actor=SYSTEM).mark.id


def test_window_when_made_before_its_end_then_taken_late_and_dated_by_both_clocks(
    session: Session, stage: Stage
) -> None:
    stage.here.collecting_until = NOW - timedelta(hours=1)
    assert refused(session, stage, made_at=NOW - timedelta(minutes=5)).code
    made = NOW - timedelta(hours=30)
    mark = take(session, stage.here, made_at=made).mark
    assert (mark.occurred_at, mark.received_at) == (made, NOW)


def test_time_when_replayed_with_another_then_still_the_same_mark(
    session: Session, stage: Stage
) -> None:
    key = uuid4()
    take(session, stage.here, uuid=key, made_at=NOW - timedelta(hours=2))
    again = take(session, stage.here, uuid=key, made_at=NOW - timedelta(hours=1))
    assert again.is_replay
    assert again.mark.occurred_at == NOW - timedelta(hours=2)


def test_window_when_closed_then_a_replay_is_still_answered(session: Session, stage: Stage) -> None:
    key = uuid4()
    take(session, stage.here, uuid=key)
    stage.here.collecting_until = NOW
    assert take(session, stage.here, uuid=key, now=NOW + timedelta(hours=1)).is_replay


def test_praise_when_taken_then_no_clock_runs(session: Session, stage: Stage) -> None:
    liked = take(session, stage.here, kind=MarkKind.LIKE, topic="green").mark.case
    assert (liked.is_clocked, liked.opinion_due_at, liked.reply_due_at) == (False, None, None)
    assert take(session, stage.here).mark.case.reply_due_at is not None


def test_grid_when_near_a_border_then_the_sender_chooses_and_it_routes(
    session: Session, stage: Stage
) -> None:
    border = point(118.75195, 32.0670)
    mark = take(session, stage.here, geometry=border).mark
    assert (mark.grid_cell.number, mark.grid_is_chosen) == (1, False)
    mark = take(session, stage.here, geometry=border, grid=2).mark
    assert (mark.grid_cell.number, mark.grid_is_chosen) == (2, True)
    assert mark.case.seat.code == "community-2"
    assert mark.case.grid_cell_id == mark.grid_cell_id
    mark = take(session, stage.here, geometry=border, grid=1).mark
    assert (mark.grid_cell.number, mark.grid_is_chosen) == (1, True)


@pytest.mark.parametrize("number", [2, 3, 99])
def test_grid_when_not_near_then_refused(session, stage, number) -> None:
    wrong = refused(session, stage, geometry=point(*SPOTS[1]), grid=number)
    assert wrong.fields == {"grid": "grid_not_near"}


def test_poster_when_known_then_its_point_is_kept(session: Session, stage: Stage) -> None:
    poster = make_poster(session, stage.here)
    mark = take(session, stage.here, poster="p1").mark
    assert (mark.poster_point_id, mark.pin_origin) == (poster.id, PinOrigin.POSTER)
    assert take(session, stage.here, poster="unknown").mark.poster_point_id is None


def test_publication_when_review_is_off_then_at_once(session: Session, stage: Stage) -> None:
    stage.here.settings = {"review_before_publication": False}
    mark = take(session, stage.here).mark
    assert mark.status is MarkStatus.PUBLISHED
    assert mark.triaged_at is None
    session.refresh(mark.case)
    assert mark.case.is_public


def test_external_id_when_twice_in_one_neighborhood_then_the_database_refuses(
    session: Session, stage: Stage
) -> None:
    from sqlalchemy.exc import IntegrityError

    take(session, stage.here, external_id="a-1")
    with pytest.raises(IntegrityError):
        take(session, stage.here, external_id="a-1")


def test_input_when_secrets_differ_then_the_body_is_the_same() -> None:
    one = given(secret="s" * 20)
    assert replace(one, secret=None, pin_origin=PinOrigin.LOCATED).body_hash == one.body_hash


def test_neighborhood_when_other_then_its_topics_do_not_count(
    session: Session, stage: Stage
) -> None:
    bare: Neighborhood = make_neighborhood(session, slug="bare", shift=0.2)
    with pytest.raises(Invalid) as caught:
        take(session, bare, geometry=point(118.952))
    assert caught.value.fields == {"topic": "topic_unknown"}
