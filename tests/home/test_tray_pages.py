"""Tray, batch thanks, the copy to take along, seats' load: by page, on both databases."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from planner.core.models import OutboxMessage
from planner.routing import actions, queries
from planner.routing.actions import Advice
from planner.routing.models import Case
from planner.routing.terms import CaseState, LoopStage, Outcome
from tests.conftest import NOW
from tests.factories.stage import SPOTS
from tests.factories.web import later


def thanks(office, who: str, *codes: str):
    return office.as_(who).post("/n/here/tray/thanks?list=praise", data={"case": list(codes)})


def test_praise_when_thanked_in_batch_then_closed_told_and_noticed(office):
    codes = [office.open(is_clocked=False) for _ in range(3)]
    page = office.as_("community-3").get("/n/here/tray?list=praise").text
    assert page.count('form="thanks"') == 3
    assert thanks(office, "community-3", *codes).status_code == 303
    with office.database.read() as session:
        cases = session.scalars(select(Case).where(Case.code.in_(codes))).all()
        assert {case.state for case in cases} == {CaseState.CLOSED}
        assert {case.stage for case in cases} == {LoopStage.FEEDBACK}
        told = queries.public_answers(session, cases[0]).entries[-1]
        assert (told.kind, told.seat) == ("thank", "community-3")
        events = [row.payload["event"] for row in session.scalars(select(OutboxMessage))]
        assert events == ["thanked"] * 3
    assert codes[0] in office.as_("community-3").get("/n/here/tray?list=done").text


def test_thanks_when_one_is_no_praise_then_none_is_thanked(office):
    praise = office.open(is_clocked=False)
    refused = thanks(office, "community-3", praise, office.code)
    assert refused.status_code == 409
    assert "只有表扬可以感谢并办结" in refused.text
    assert office.case(praise).state is CaseState.OPEN


def test_thanks_when_nothing_is_chosen_or_it_is_anothers_then_refused(office):
    praise = office.open(is_clocked=False)
    assert thanks(office, "community-3").status_code == 422
    assert thanks(office, "community-1", praise).status_code == 404
    assert office.case(praise).state is CaseState.OPEN


def test_thanks_on_the_case_page_is_offered_for_praise_alone(office):
    praise = office.open(is_clocked=False)
    assert "感谢并办结" in office.page("community-3", praise).text
    assert "感谢并办结" not in office.page("community-3").text
    assert office.act("community-3", "thank").status_code == 409
    assert office.act("community-3", "thank", code=praise).status_code == 303


def test_tray_when_it_has_nothing_then_says_so(office):
    assert "这里没有事项" in office.as_("total-1").get("/n/here/tray").text


def test_tray_when_arguments_are_nonsense_then_falls_back(office):
    address = "/n/here/tray?list=king&order=queen&page=-1"
    assert office.code in office.as_("community-3").get(address).text
    assert office.as_("community-3").get("/n/here/tray?page=99999").status_code == 200


def test_copy_when_taken_along_then_one_file_with_everything_and_no_foreign_link(office):
    answer = office.as_("community-3").get("/n/here/tray/offline")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Cache-Control"] == "no-store"
    text = answer.text
    assert "下班以后两边停满了车。" in text
    assert "<svg" in text
    assert "按第1版分派规则第5条" in text
    for link in ("http://", "https://", "src=", 'href="/'):
        assert link not in text
    assert office.code not in office.as_("community-1").get("/n/here/tray/offline").text


def test_load_when_read_then_equals_the_cases(office):
    office.open(topic_code="ENV21", public_topic_code="green")
    with office.database.write() as session:
        case = session.scalars(select(Case).filter_by(code=office.code)).one()
        actions.give_opinion(
            session,
            actor=office.stage.holders["community-3"],
            now=NOW + timedelta(days=2, hours=12),
            case=case,
            advice=Advice(Outcome.ADOPT, "划出停车线，留出通道。"),
        )
    later(office.app, days=4)
    page = office.as_("clerk").get("/n/here/workload").text
    with office.database.read() as session:
        found = {
            row.seat.code: (row.waiting, row.overdue, row.advised, row.median_days)
            for row in queries.seat_figures(session, office.stage.here.id, NOW + timedelta(days=4))
        }
        waiting = len(session.scalars(select(Case).where(Case.seat_id.is_not(None))).all())
    assert found["community-3"] == (1, 0, 1, 2.5)
    assert found["street-1"] == (1, 1, 0, None)
    assert sum(row[0] for row in found.values()) == waiting
    assert "2.5" in page
    assert office.as_("community-3").get("/n/here/workload").status_code == 403


def test_near_a_border_the_page_names_the_other_cells(office):
    edge = (118.75201, SPOTS[3][1])
    with office.database.write() as session:
        from tests.factories.routing import make_case

        code = make_case(session, office.stage.here, at=edge).code
    assert "靠近第 3 网格的边界" in office.page("clerk", code).text
    assert "靠近第" not in office.page("clerk").text
