"""Catalogue files: versions, retirement, refusals with file, line and column; the real reference files."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.core.actor import SYSTEM
from planner.core.errors import Invalid, NotFound
from planner.core.settings import resource_dir
from planner.routing import actions, queries
from planner.routing.models import CatalogueVersion, Topic
from planner.routing.sheets import parse_rules, read_catalogue, read_text
from planner.routing.terms import MarkKind
from tests.conftest import NOW
from tests.factories.places import make_neighborhood
from tests.factories.routing import (
    CATALOGUE,
    CHIPS,
    KNOWN,
    PUBLIC_TOPICS,
    make_catalogue,
    make_sheet,
)

REFERENCE = resource_dir("seed") / "reference"


def test_reference_catalogue_has_7_groups_and_over_150_topics(session: Session) -> None:
    sheet = read_catalogue(REFERENCE)
    actions.import_catalogue(session, actor=SYSTEM, now=NOW, code="ref", name="目录", sheet=sheet)
    here = make_neighborhood(session)
    actions.use_catalogue(session, actor=SYSTEM, now=NOW, neighborhood=here, code="ref")
    topics = queries.topics(session, here.id)
    assert len({topic.group_code for topic in topics}) == 7
    assert len(topics) > 150
    assert len(queries.public_topics(session, here.id)) == 12
    for kind in MarkKind:
        kinds = {chip.kind for chip in queries.chips(session, here.id, kind)}
        assert kinds == {kind}
    text = read_text((REFERENCE / "rules.csv").read_bytes(), "rules.csv")
    assert parse_rules(text, queries.known_codes(session, here.id))


def test_same_file_twice_is_one_version(session: Session) -> None:
    here = make_neighborhood(session)
    make_catalogue(session, here)
    again = make_catalogue(session, here)
    assert again.version == 1
    assert session.scalar(select(func.count()).select_from(CatalogueVersion)) == 1


def test_changed_retired_and_new_topics_keep_their_history(session: Session) -> None:
    here = make_neighborhood(session)
    make_catalogue(session, here)
    changed = CATALOGUE.replace("绿地补种", "绿地补种补栽").replace(
        "CAR,便民,CAR01,助餐点", "CAR,便民,CAR02,老年食堂"
    )
    assert make_catalogue(session, here, catalogue=changed).version == 2
    assert queries.topic_in_force(session, here.id, "CAR01") is None
    green = queries.topic_in_force(session, here.id, "ENV20")
    assert green is not None
    assert green.name == "绿地补种补栽"
    spans = session.execute(
        select(Topic.code, Topic.since_version, Topic.until_version)
        .where(Topic.code.in_(("ENV20", "CAR01", "CAR02", "PUB01")))
        .order_by(Topic.code, Topic.id)
    ).all()
    assert [tuple(row) for row in spans] == [
        ("CAR01", 1, 2),
        ("CAR02", 2, None),
        ("ENV20", 1, 2),
        ("ENV20", 2, None),
        ("PUB01", 1, None),
    ]


def test_two_neighborhoods_have_their_own_catalogues(session: Session) -> None:
    one, two = make_neighborhood(session), make_neighborhood(session, slug="two", shift=1)
    make_catalogue(session, one)
    only_green = "\n".join(line for line in CATALOGUE.splitlines() if not line.startswith("PUB"))
    make_catalogue(
        session,
        two,
        code="two",
        catalogue=only_green,
        chips="code,kind,public_topic,topic_code,text\n",
    )
    assert queries.topic_in_force(session, one.id, "PUB01") is not None
    assert queries.topic_in_force(session, two.id, "PUB01") is None
    with pytest.raises(NotFound):
        actions.use_catalogue(session, actor=SYSTEM, now=NOW, neighborhood=two, code="none")


@pytest.mark.parametrize(
    ("texts", "where", "code"),
    [
        (
            {"catalogue": CATALOGUE.replace("ENV20", "PUB01")},
            "catalogue.csv:4:topic_code",
            "double",
        ),
        (
            {
                "catalogue": CATALOGUE.replace(
                    ",parking,0,committee,5,15", ",parkin,0,committee,5,15"
                )
            },
            "catalogue.csv:2:public_topic",
            "unknown_code",
        ),
        (
            {"catalogue": CATALOGUE.replace("committee,5,15", "committee,-5,15")},
            "catalogue.csv:2:opinion_days",
            "not_a_number",
        ),
        (
            {"catalogue": CATALOGUE.replace("total,joint", "city,joint")},
            "catalogue.csv:6:tier",
            "not_a_choice",
        ),
        (
            {"catalogue": CATALOGUE.replace("topic_code", "code")},
            "catalogue.csv:1:topic_code",
            "missing_column",
        ),
        ({"catalogue": CATALOGUE.replace("助餐点", "")}, "catalogue.csv:7:topic", "missing"),
        ({"chips": CHIPS.replace("dislike", "hate")}, "chips.csv:2:kind", "not_a_choice"),
        (
            {"chips": CHIPS.replace("ENV20,大树", "ENV99,大树")},
            "chips.csv:4:topic_code",
            "unknown_code",
        ),
        ({"chips": CHIPS + 'x,like,"gre'}, "chips.csv:7:", "bad_csv"),
        (
            {
                "public_topics": PUBLIC_TOPICS
                + "".join(f"x{n},多{n},,community,\n" for n in range(9))
            },
            "public_topics.csv:14:code",
            "too_many_public_topics",
        ),
    ],
)
def test_faults_are_named_by_file_line_and_column(
    texts: dict[str, str], where: str, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        make_sheet(**texts)
    assert refused.value.fields.get(where) == code, refused.value.fields


@pytest.mark.parametrize(
    ("line", "where", "code"),
    [
        ("1,public_topic,parkin,whole,,,community", "rules.csv:2:topic", "unknown_code"),
        ("1,public_topic,,whole,,,community", "rules.csv:2:topic", "missing"),
        ("1,any,parking,whole,,,community", "rules.csv:2:topic", "must_be_empty"),
        ("1,any,,grid,,,community", "rules.csv:2:area", "missing"),
        ("1,any,,geometry,x,,community", "rules.csv:2:area_kind", "not_a_choice"),
        ("1,any,,whole,,huge,community", "rules.csv:2:scale", "not_a_choice"),
        ("1,any,,whole,,,city", "rules.csv:2:tier", "not_a_choice"),
        ("1,any,,whole,,,total\n1,any,,whole,,,total", "rules.csv:3:number", "double"),
        ("x,any,,whole,,,total", "rules.csv:2:number", "not_a_number"),
    ],
)
def test_rule_faults_are_named_by_line_and_column(line: str, where: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_rules(f"number,topic_kind,topic,area_kind,area,scale,tier\n{line}\n", KNOWN)
    assert refused.value.fields == {where: code}


def test_missing_files_and_other_encodings_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid) as refused:
        read_catalogue(tmp_path)
    assert set(refused.value.fields.values()) == {"missing"}
    with pytest.raises(Invalid):
        read_text("机动车停放秩序".encode("gb18030"), "rules.csv")
    assert read_text("\ufeff目录".encode(), "rules.csv") == "目录"
