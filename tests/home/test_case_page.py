"""The case page and each of its verbs as its people use them, on both databases."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from planner.home.views.cases import VERBS
from planner.routing.models import CaseStep, Opinion
from planner.routing.terms import CaseState, Outcome

WHY = "这里人车混行，放学时最险。"
HOSTILE = "</textarea><script>alert(1)</script>${7*7}"


def test_page_when_opened_by_its_seat_then_words_reason_map_and_why(office):
    page = office.page("community-3").text
    assert "下班以后两边停满了车。" in page
    assert "按第1版分派规则第5条，“机动车停放秩序”归社区设计师" in page
    assert '<svg viewBox="0 0 640 400"' in page
    assert "写设计师意见" in page
    assert "拟正式答复" not in page


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("community-3", 200),
        ("drafter", 200),
        ("checker", 200),
        ("clerk", 200),
        ("community-1", 404),
        ("total-1", 404),
        ("writer", 404),
    ],
)
def test_unpublished_case_when_opened_then_only_by_seat_unit_and_office(office, who, status):
    assert office.page(who).status_code == status
    assert (office.code in office.as_(who).get("/n/here/tray?list=published").text) is False


def test_acknowledge(office):
    assert office.act("drafter", "acknowledge").status_code == 303
    assert office.case().state is CaseState.ACKNOWLEDGED
    assert "已受理" in office.page("community-3").text


def test_opinion_when_given_then_public_and_superseded_by_a_new_one(office):
    given = office.act("community-3", "opinion", outcome="adopt", reason=WHY)
    assert given.status_code == 303
    assert WHY in office.page("drafter").text
    office.act("community-3", "opinion", outcome="decline", reason="巷子太窄，消防车过不去。")
    page = office.page("community-3").text
    assert "已由后来的替代" in page
    assert "替代 9月21日 10:00 的那一份" in page


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"outcome": "adopt", "reason": ""}, "请填写这一项"),
        ({"outcome": "adopt", "reason": "不行"}, "写得太短了"),
        ({"outcome": "", "reason": WHY}, "请填写这一项"),
        ({"outcome": "king", "reason": WHY}, "请从列表中选择"),
        ({"outcome": "passed_on", "reason": WHY}, "请写明转给谁"),
        ({"outcome": "adopt", "reason": "a\u202eb 很长的理由"}, "含有无法保存的字符"),
        ({"outcome": "passed_on", "reason": WHY, "next_seat": "x"}, "请从列表中选择"),
    ],
)
def test_opinion_when_incomplete_then_said_beside_the_field_and_kept(office, typed, words):
    answer = office.act("community-3", "opinion", **typed)
    assert answer.status_code == 422
    assert words in answer.text
    assert 'aria-invalid="true"' in answer.text or "error" in answer.text
    if typed["reason"] == WHY:
        assert f">{WHY}</textarea>" in answer.text
    with office.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Opinion)) == 0


def test_decline_without_reason_is_refused(office):
    refused = office.act("community-3", "opinion", outcome="decline", reason=" ")
    assert refused.status_code == 422
    assert office.case().state is CaseState.OPEN


def test_reply_without_chain_when_sent_then_public_at_once(office):
    assert office.act("drafter", "draft", outcome="adopt", body=WHY).status_code == 303
    assert office.case().state is CaseState.REPLIED
    page = office.page("community-3").text
    assert "正式答复" in page
    assert "社区两委" in page


def test_three_steps_by_page_then_nothing_public_before_the_last_signature(chained):
    chained.act("drafter", "draft", outcome="partly", body=WHY)
    assert chained.case().replies == []
    checking = chained.page("checker").text
    digest = re.search(r'name="digest" value="([0-9a-f]{64})"', checking)[1]
    assert "审核同意" in checking
    assert chained.act("issuer", "sign", digest=digest).status_code == 403
    assert WHY not in chained.page("community-3").text.split("办理中的答复")[0]
    assert chained.act("checker", "sign", digest=digest).status_code == 303
    assert chained.case().replies == []
    assert "签发" in chained.page("issuer").text
    assert chained.act("issuer", "sign", digest=digest).status_code == 303
    assert [reply.body for reply in chained.case().replies] == [WHY]


def test_three_steps_when_returned_then_the_drafter_reads_the_note_and_mends(chained):
    chained.act("drafter", "draft", outcome="partly", body=WHY)
    empty = chained.act("checker", "return", note="")
    assert empty.status_code == 422
    assert chained.act("checker", "return", note="请写明完成日期。").status_code == 303
    page = chained.page("drafter").text
    assert "请写明完成日期。" in page
    assert "等拟稿人修改" in page
    assert (
        chained.act("drafter", "draft", outcome="partly", body=WHY + "十月底前。").status_code
        == 303
    )


def test_signature_when_the_text_changed_meanwhile_then_refused_and_the_new_text_shown(chained):
    chained.act("drafter", "draft", outcome="partly", body=WHY)
    digest = re.search(r'name="digest" value="([0-9a-f]+)"', chained.page("checker").text)[1]
    chained.act("drafter", "draft", outcome="partly", body="改成另外一种办法。")
    refused = chained.act("checker", "sign", digest=digest)
    assert refused.status_code == 409
    assert "答复文稿刚刚改过" in refused.text
    assert "改成另外一种办法。" in refused.text


def test_concurrent_edit_when_second_saves_then_409_with_both_texts_escaped(chained):
    seen = chained.case().version
    chained.act("drafter", "draft", outcome="partly", body=f"先来的人写的。{HOSTILE}")
    mine = f"后来的人写的。{HOSTILE}"
    refused = chained.act("drafter", "draft", version=seen, outcome="adopt", body=mine)
    assert refused.status_code == 409
    assert "这一事项刚刚有了变动" in refused.text
    for words in ("先来的人写的。", "后来的人写的。"):
        assert f"{words}&lt;/textarea&gt;" in refused.text
    assert HOSTILE not in refused.text
    again = chained.act("drafter", "draft", outcome="adopt", body=mine)
    assert again.status_code == 303


def test_opinion_when_the_case_moved_meanwhile_then_409_and_the_words_are_kept(office):
    seen = office.case().version
    office.act("drafter", "acknowledge")
    refused = office.act("community-3", "opinion", version=seen, outcome="adopt", reason=WHY)
    assert refused.status_code == 409
    assert f">{WHY}</textarea>" in refused.text
    assert "已受理" in refused.text


def test_reassign(office):
    seat = office.stage.seats["street-2"].id
    assert office.act("community-3", "reassign", seat=seat, reason="").status_code == 422
    moved = office.act("community-3", "reassign", seat=seat, reason="属于道路照明。")
    assert (moved.status_code, moved.location) == (303, "/n/here/tray")
    assert office.page("community-3").status_code == 404
    page = office.page("street-2").text
    assert "由工作人员分派给街区设计师2号席" in page
    assert "属于道路照明。" in page


@pytest.mark.parametrize("typed", [{}, {"seat": "999999"}, {"unit": "999999"}, {"seat": "1e9"}])
def test_reassign_when_the_target_is_none_of_ours_then_refused(office, typed):
    assert office.act("clerk", "reassign", reason="属于道路照明。", **typed).status_code == 422


def test_assist(office):
    seat = office.stage.seats["street-1"].id
    assert office.act("community-3", "assist", reason="请一起看现场。").status_code == 422
    assert (
        office.act("community-3", "assist", seat=seat, reason="请一起看现场。").status_code == 303
    )
    assert "协办" in office.page("street-1").text
    assert office.code in office.as_("street-1").get("/n/here/tray?list=helping").text
    assert office.act("street-1", "opinion", outcome="adopt", reason=WHY).status_code == 403


def test_send_back_and_assign_from_the_unassigned_list(office):
    assert office.act("community-3", "send-back", reason="与本席无关。").status_code == 303
    clerk = office.as_("clerk")
    page = clerk.get("/n/here/unassigned").text
    assert office.code in page
    assert "已退回街道办" in page
    address = f"/n/here/unassigned/{office.code}"
    empty = clerk.post(address, data={"version": office.case().version})
    assert empty.status_code == 422
    assert "请至少另选一处" in empty.text
    target = office.stage.seats["community-1"].id
    done = clerk.post(address, data={"version": office.case().version, "seat": target})
    assert done.status_code == 303
    assert "都分派好了" in clerk.get("/n/here/unassigned").text


def test_reclassify(office):
    typed = {"topic": "ENV21", "reason": "其实是树枝挡路。"}
    assert office.act("community-3", "reclassify", **typed).status_code == 303
    assert office.case().seat.code == "street-1"
    unknown = office.act("street-1", "reclassify", topic="NOPE", reason="其实是树枝挡路。")
    assert unknown.status_code == 422
    assert "请从现行目录中选择类别" in unknown.text


def test_pass_on_to_somebody_outside_is_named_in_the_trail(office):
    typed = {"passed_on_to": "区交警大队", "reason": "涉及路口信号灯。"}
    assert office.act("community-3", "pass-on", reason="涉及路口信号灯。").status_code == 422
    assert office.act("community-3", "pass-on", **typed).status_code == 303
    assert office.case().state is CaseState.PASSED_ON
    assert "区交警大队" in office.page("community-3").text


def test_close_only_after_a_published_reply(office):
    assert office.act("clerk", "close").status_code == 409
    office.act("drafter", "draft", outcome="adopt", body=WHY)
    assert office.act("clerk", "close").status_code == 303
    assert office.case().state is CaseState.CLOSED


def test_joint_matter_by_page_needs_a_reasoned_waiver_before_it_closes(office):
    code = office.open(topic_code="PUB02")
    office.act("drafter", "draft", code=code, outcome="adopt", body=WHY)
    refused = office.act("drafter", "close", code=code)
    assert refused.status_code == 409
    assert "先开过协商会" in refused.text
    assert office.act("drafter", "waive", code=code, reason="各方已书面同意。").status_code == 403
    assert office.act("clerk", "waive", code=code, reason="").status_code == 422
    assert office.act("clerk", "waive", code=code, reason="各方已书面同意。").status_code == 303
    assert office.act("drafter", "close", code=code).status_code == 303


def test_reopen(office):
    office.act("drafter", "draft", outcome="adopt", body=WHY)
    assert office.act("clerk", "reopen", reason="").status_code == 422
    assert office.act("clerk", "reopen", reason="没有按时划线。").status_code == 303
    assert office.case().state is CaseState.REOPENED


def test_letter_when_asked_for_then_fills_names_and_dates_and_no_person(office):
    office.act("community-3", "opinion", outcome="adopt", reason=WHY)
    page = office.as_("drafter").get(f"/n/here/cases/{office.code}?letter=1").text
    letter = re.search(r'<textarea id="draft-body"[^>]*>([^<]*)<', page)[1]
    assert "您于2026年9月21日在此处街区提出的意见（编号" in letter
    assert "巷口停车" not in letter
    assert office.code in letter
    assert WHY in letter
    assert letter.endswith("答复如下：\n")
    assert "某人" not in letter
    unwritten = office.act("drafter", "draft", outcome="adopt", body=letter)
    assert unwritten.status_code == 422
    assert "请在后面写上具体答复" in unwritten.text


def test_overdue_is_said_in_words_on_tray_and_page(office):
    from tests.factories.web import later

    later(office.app, days=9)
    tray = office.as_("community-3").get("/n/here/tray").text
    assert "已超期 1" in tray
    assert "已超期 · 9月28日" in tray
    assert "已超期" in office.page("community-3").text


def test_unknown_verb_and_version_when_sent_then_404_and_422(office):
    assert office.act("clerk", "explode").status_code == 404
    assert office.as_("clerk").post(
        f"/n/here/cases/{office.code}/close", data={"version": "x"}
    ).status_code in (409, 422)


def test_every_verb_of_the_page_is_tried_above():
    import inspect
    import sys

    source = inspect.getsource(sys.modules[__name__])
    tried = {verb for verb in VERBS if f'"{verb}"' in source}
    assert tried | {"thank"} == set(VERBS)


def test_trail_when_read_then_every_step_with_time_holder_and_reason(office):
    office.act("drafter", "acknowledge")
    office.act("clerk", "reassign", seat=office.stage.seats["total-1"].id, reason="请统筹考虑。")
    page = office.page("clerk").text
    with office.database.read() as session:
        assert session.scalar(select(func.count()).select_from(CaseStep)) == 3
    for words in ("收到", "受理", "转派", "请统筹考虑。", "总设计师"):
        assert words in page


def test_outcome_words_are_all_offered(office):
    page = office.page("community-3").text
    for outcome in Outcome:
        assert f'value="{outcome.value}"' in page
