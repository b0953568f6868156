"""The page of one case and its verbs; each verb is one POST that answers 303, 409 or 422."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from planner.core.errors import NotFound, PlannerError
from planner.core.policies import works_here
from planner.marks.queries import case_supporters
from planner.routing import actions
from planner.routing import queries as routing
from planner.routing.actions.closing import evidence_of
from planner.routing.actions.replying import digest_of, open_draft
from planner.routing.labels import HANDLING_LABELS, OUTCOME_LABELS, SCALE_LABELS
from planner.routing.models import Case
from planner.routing.policies import duties_in, may_see_inside, may_waive
from planner.routing.terms import CaseVerb, EvidenceKind
from planner.web import context
from planner.web.errors import field_messages, message
from planner.web.guards import guarded
from planner.web.i18n import gettext

from .. import forms, queries
from ..letters import suggested_reply
from ..minimap import minimap

Given = Mapping[str, str]
Common = dict[str, Any]


def _opinion(form: Given, common: Common) -> object:
    return actions.give_opinion(advice=forms.advice_of(form), **common)


def _draft(form: Given, common: Common) -> object:
    return actions.draft_reply(answer=forms.answer_of(form), **common)


def _sign(form: Given, common: Common) -> object:
    return actions.sign_reply(seen_digest=form.get("digest", ""), **common)


def _return(form: Given, common: Common) -> object:
    return actions.return_draft(note=form.get("note", ""), **common)


def _reassign(form: Given, common: Common) -> object:
    seat, unit = forms.number_of(form, "seat"), forms.number_of(form, "unit")
    return actions.reassign(reason=form.get("reason", ""), seat_id=seat, unit_id=unit, **common)


def _assist(form: Given, common: Common) -> object:
    seat, unit = forms.number_of(form, "seat"), forms.number_of(form, "unit")
    return actions.assist(reason=form.get("reason", ""), seat_id=seat, unit_id=unit, **common)


def _pass_on(form: Given, common: Common) -> object:
    return actions.pass_on(
        reason=form.get("reason", ""),
        seat_id=forms.number_of(form, "seat"),
        holder=form.get("passed_on_to", ""),
        **common,
    )


def _reclassify(form: Given, common: Common) -> object:
    return actions.reclassify(
        topic_code=form.get("topic") or None,
        scale=forms.scale_of(form),
        reason=form.get("reason", ""),
        **common,
    )


def _send_back(form: Given, common: Common) -> object:
    return actions.send_back(reason=form.get("reason", ""), **common)


def _reopen(form: Given, common: Common) -> object:
    return actions.reopen(reason=form.get("reason", ""), **common)


def _waive(form: Given, common: Common) -> object:
    common.pop("seen_version")
    return actions.add_evidence(
        kind=EvidenceKind.WAIVER, reference="office", reason=form.get("reason", ""), **common
    )


def _plain(action: Callable[..., object]) -> Callable[[Given, Common], object]:
    return lambda form, common: action(**common)


VERBS: dict[str, tuple[Callable[[Given, Common], object], str]] = {
    "acknowledge": (_plain(actions.acknowledge), "已受理。"),
    "opinion": (_opinion, "设计师意见已公开。"),
    "draft": (_draft, "答复已送签，签发前不公开。"),
    "sign": (_sign, "已同意，送下一环节。"),
    "return": (_return, "已退回修改。"),
    "reassign": (_reassign, "已转派。"),
    "assist": (_assist, "已请协办。"),
    "send-back": (_send_back, "已退回街道办。"),
    "reclassify": (_reclassify, "已重新归类。"),
    "pass-on": (_pass_on, "已转出。"),
    "waive": (_waive, "免于协商的理由已记录。"),
    "thank": (_plain(actions.thank), "已感谢并办结。"),
    "close": (_plain(actions.close), "已办结。"),
    "reopen": (_reopen, "已重新办理。"),
}
"""Address of a verb -> what it does with the form, and the words afterwards."""


@guarded(works_here)
def case_page(slug: str, code: str) -> str:
    """Subject, place, answers and trail of a case, with what the viewer may do."""
    case = routing.case_by_code(context.db(), context.actor(), context.here().id, code)
    return _render(case)


@guarded(works_here)
def act(slug: str, code: str, verb: str) -> Response | tuple[str, int]:
    """Use one verb; what was typed is kept when it is refused or somebody was first."""
    if verb not in VERBS:
        raise NotFound()
    session, actor = context.db(), context.actor()
    case = routing.case_by_code(session, actor, context.here().id, code)
    do, _ = VERBS[verb]
    try:
        common: Common = {
            "session": session,
            "actor": actor,
            "now": context.now(),
            "case": case,
            "seen_version": forms.number_of(request.form, "version"),
        }
        do(request.form, common)
    except PlannerError as error:
        if error.status not in (409, 422) or not may_see_inside(actor, case):
            raise
        return _refused(session, code, verb, error), error.status
    context.commit()
    flash(gettext(_words(verb, case)), "good")
    is_still_seen = may_see_inside(actor, case)
    target = url_for("home.case", slug=slug, code=code) if is_still_seen else None
    return redirect(target or url_for("home.tray", slug=slug), 303)


def _words(verb: str, case: Case) -> str:
    """What the verb did; of a reply also that it is public by now."""
    if verb in ("draft", "sign") and open_draft(case) is None:
        return "正式答复已公开。"
    return VERBS[verb][1]


def _refused(session: Session, code: str, verb: str, error: PlannerError) -> str:
    """The page as it stands now, with the words typed and why they were not taken."""
    session.rollback()
    session.expire_all()
    case = routing.case_by_code(session, context.actor(), context.here().id, code)
    return _render(case, verb=verb, error=error, typed=request.form)


def _render(
    case: Case, *, verb: str = "", error: PlannerError | None = None, typed: Given | None = None
) -> str:
    session, viewer, here = context.db(), context.actor(), context.here()
    is_inside = may_see_inside(viewer, case)
    can = queries.open_verbs(viewer, case) if is_inside else frozenset()
    draft = open_draft(case) if is_inside else None
    needs_people = bool(can & {CaseVerb.REASSIGN, CaseVerb.ASSIST, CaseVerb.PASS_ON})
    return render_template(
        "home/tray_case.html",
        case=case,
        answers=routing.public_answers(session, case),
        way=queries.way_of(case),
        trail=routing.trail(session, case) if is_inside else [],
        helpers=routing.helpers(session, case) if is_inside else [],
        is_inside=is_inside,
        can={v.value for v in can},
        due=queries.dues(session, (case,), context.now())[case.id],
        supporters=case_supporters(session, (case.id,))[case.id],
        draft=draft,
        digest=digest_of(draft) if draft else "",
        signs=draft is not None and draft.awaits in duties_in(viewer, draft.unit_id),
        waives=is_inside and may_waive(viewer, case),
        evidence=evidence_of(session, case) if is_inside else [],
        seats=queries.staffed_seats(session, here.id, context.now()) if needs_people else [],
        units=queries.working_units(session, here.id) if needs_people else [],
        topics=routing.topics(session, here.id) if CaseVerb.RECLASSIFY in can else [],
        outcomes=OUTCOME_LABELS,
        scales=SCALE_LABELS,
        handling=HANDLING_LABELS[case.handling],
        suggested=suggested_reply(case, here) if "letter" in request.args else "",
        near=[
            number
            for number in case.explanation.get("params", {}).get("near", ())
            if number != case.explanation["params"].get("grid")
        ],
        map=minimap(session, here, case),
        verb=verb,
        typed=typed or {},
        errors=field_messages(error) if error else {},
        refusal=message(error.code, error.facts) if error else "",
        active="tray",
    )


def add_routes(bp: Blueprint) -> None:
    """Put the page and its verbs on the room's blueprint."""
    bp.add_url_rule("/n/<slug>/cases/<code>", "case", case_page)
    bp.add_url_rule("/n/<slug>/cases/<code>/<verb>", "act", act, methods=["POST"])
