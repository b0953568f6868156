"""Builders of the routing room: a small catalogue, its rules, and cases opened the real way."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import shapely
from sqlalchemy.orm import Session

from planner.accounts.terms import RemitTopic
from planner.core.actor import SYSTEM
from planner.places.models import Neighborhood
from planner.places.queries import PlaceFacts, locate
from planner.routing import actions
from planner.routing.models import Case, Catalogue, RoutingRuleSet
from planner.routing.sheets import CatalogueSheet, parse_catalogue, parse_rules

NOW = datetime(2026, 9, 21, 2, 0, tzinfo=UTC)

PUBLIC_TOPICS = """code,label,label_en,tier,icon
parking,停车,Parking,community,parking
green,花草树木和小公园,Trees and small parks,street,green
overall,整个街区和其他,The whole neighborhood,total,overall
care,老人孩子和便民,Elderly and children,community,care
"""
CATALOGUE = (
    "group_code,group,topic_code,topic,tier,handling,public_topic,statutory,default_unit,"
    "opinion_days,reply_days"
    """
PUB,公共事务,PUB01,机动车停放秩序,community,coordinated,parking,0,committee,5,15
PUB,公共事务,PUB02,停车位划线调整,community,joint,parking,0,committee,5,20
ENV,环境,ENV20,绿地补种,street,coordinated,green,0,office,5,15
ENV,环境,ENV21,树枝修剪,street,immediate,green,0,office,2,5
PLA,规划,PLA01,整体方案,total,joint,overall,0,office,10,30
CAR,便民,CAR01,助餐点,community,coordinated,care,0,committee,5,15
"""
)
CHIPS = """code,kind,public_topic,topic_code,text,text_en
dp1,dislike,parking,PUB01,乱停堵了路,Cars block the way
ip1,improve,parking,PUB02,重新划车位,Redraw the bays
lg1,like,green,ENV20,大树遮荫,Shade of big trees
ig1,improve,green,ENV20,补种花草,Plant more flowers
io1,improve,overall,,请帮我归类,Please classify it for me
"""
RULES = """number,topic_kind,topic,area_kind,area,scale,tier,seat_number,unit,assist_tier,note
1,public_topic,overall,whole,,,total,1,,,
2,public_topic,parking,whole,,wide,total,1,,community,
3,public_topic,green,whole,,small,community,,,street,
4,public_topic,green,whole,,,street,,,,
5,public_topic,parking,whole,,,community,,,,
"""
KNOWN = {
    RemitTopic.PUBLIC_TOPIC: {"parking", "green", "overall", "care"},
    RemitTopic.GROUP: {"PUB", "ENV", "PLA", "CAR"},
    RemitTopic.TOPIC: {"PUB01", "PUB02", "ENV20", "ENV21", "PLA01", "CAR01"},
}


def make_sheet(**texts: str) -> CatalogueSheet:
    """The small catalogue; `catalogue=`, `public_topics=`, `chips=` replace a file's text."""
    given = {"catalogue": CATALOGUE, "public_topics": PUBLIC_TOPICS, "chips": CHIPS} | texts
    return parse_catalogue({f"{name}.csv": text for name, text in given.items()})


def make_catalogue(
    session: Session, neighborhood: Neighborhood, *, code: str = "test", **texts: str
) -> Catalogue:
    """Import the small catalogue and let the neighborhood use it."""
    actions.import_catalogue(
        session, actor=SYSTEM, now=NOW, code=code, name="测试目录", sheet=make_sheet(**texts)
    )
    return actions.use_catalogue(
        session, actor=SYSTEM, now=NOW, neighborhood=neighborhood, code=code
    )


def make_rules(
    session: Session, neighborhood: Neighborhood, text: str = RULES, *, is_active: bool = True
) -> RoutingRuleSet:
    """A rule set from CSV text, in force unless told otherwise."""
    made = actions.draft_rules(
        session,
        actor=SYSTEM,
        now=NOW,
        neighborhood=neighborhood,
        lines=parse_rules(text, KNOWN),
    )
    if is_active:
        actions.activate_rules(session, actor=SYSTEM, now=NOW, rule_set=made)
    return made


def make_case(
    session: Session,
    neighborhood: Neighborhood,
    *,
    at: tuple[float, float] | None = None,
    place: PlaceFacts | None = None,
    **over: Any,
) -> Case:
    """A case opened through the room's own action; `over` replaces arguments of `open_case`."""
    geom = shapely.Point(at) if at else over.pop("geom", None) or _middle(neighborhood)
    given: dict[str, Any] = {
        "actor": SYSTEM,
        "now": NOW,
        "subject_kind": "mark",
        "title": "巷口停车",
        "excerpt": "下班以后两边停满了车。",
        "topic_code": "PUB01",
        "public_topic_code": "parking",
        "is_clocked": True,
    } | over
    return actions.open_case(
        session,
        neighborhood=neighborhood,
        place=place or locate(session, neighborhood, geom),
        geom=geom,
        **given,
    )


def _middle(neighborhood: Neighborhood) -> shapely.Point:
    from planner.core.geo import to_geom

    return to_geom(neighborhood.boundary).representative_point()


__all__ = ["make_case", "make_catalogue", "make_rules", "make_sheet"]
