"""The only place that turns failures into answers: a page, a fragment, or problem+json."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
from flask import Flask, Response, render_template, request
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, SecurityError

from planner.core.errors import Conflict, PlannerError, Unavailable

from .context import is_api
from .i18n import gettext, when

log = logging.getLogger("planner")

MESSAGES: dict[str, str] = {
    "error": "出了点问题，我们已经记下。请稍后再试。",
    "bad_request": "这次请求读不懂，请返回重试。",
    "content_type": "请以 JSON 格式发送。",
    "cross_origin": "请从本站页面提交。",
    "csrf": "页面放得太久了。请刷新后重新提交，您填写的内容还在。",
    "sign_in_needed": "请先登录。",
    "not_allowed": "您没有办理此事的权限。",
    "not_found": "没有找到这一页，可能地址有误，或内容尚未公开。",
    "neighborhood_not_found": "没有找到这个街区。",
    "method_not_allowed": "这里不能这样操作。",
    "invalid_transition": "这一步现在不能办，请刷新查看最新状态。",
    "conflict": "刚刚有人先一步改动了，请刷新后再试。",
    "gone": "内容已被删除。",
    "too_large": "内容太大了，请减少后再提交。",
    "invalid": "有几处需要改一改，请看提示。",
    "outside_area": "这个位置不在街区范围内。",
    "rate_limited": "操作太频繁了，请稍等片刻再试。",
    "unavailable": "系统正忙，请稍后再试。已提交的内容不会丢失。",
    "missing": "请填写这一项。",
    "too_short": "写得太短了。",
    "too_long": "写得太长了，请精简一些。",
    "not_a_choice": "请从列表中选择。",
    "bad_characters": "含有无法保存的字符，请删去后再试。",
    "not_a_number": "请填写数字。",
    "not_a_date": "请填写日期。",
}


def add_messages(messages: Mapping[str, str]) -> None:
    """Register a room's messages (code -> Chinese msgid)."""
    MESSAGES.update(messages)


def message(code: str, facts: Mapping[str, Any] | None = None) -> str:
    """Plain words for a code in the reader's language."""
    text = gettext(MESSAGES.get(code, MESSAGES["error"]))
    try:
        return text % _spoken(facts or {}) if "%(" in text else text
    except KeyError:
        return text


def _spoken(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {k: when(v, "full") if isinstance(v, datetime) else v for k, v in facts.items()}


def field_messages(error: PlannerError) -> dict[str, str]:
    """Field name -> plain words, for showing beside the field."""
    return {name: message(code, error.facts) for name, code in error.fields.items()}


def problem(error: PlannerError) -> Response:
    """RFC 9457 answer in the reader's language."""
    body: dict[str, Any] = {
        "type": f"/problems/{error.code}",
        "title": message(error.code, error.facts),
        "status": error.status,
        "code": error.code,
        "detail": message(error.code, error.facts),
    }
    if error.fields:
        body["errors"] = {
            name: {"code": code, "message": message(code, error.facts)}
            for name, code in error.fields.items()
        }
    answer = Response(
        orjson.dumps(body, default=str), status=error.status, mimetype="application/problem+json"
    )
    if "retry_after" in error.facts:
        answer.headers["Retry-After"] = str(error.facts["retry_after"])
    return answer


def answer(error: PlannerError) -> Response:
    """Page, fragment or problem document for a failure."""
    if is_api() or request.accept_mimetypes.best == "application/json":
        return problem(error)
    page = Response(
        render_template(
            "error.html",
            error=error,
            title=message(error.code, error.facts),
            fields=field_messages(error),
        ),
        status=error.status,
    )
    if "retry_after" in error.facts:
        page.headers["Retry-After"] = str(error.facts["retry_after"])
    return page


HTTP_CODES = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "content_type",
    429: "rate_limited",
}


def init(app: Flask) -> None:
    """Register the handlers."""

    @app.errorhandler(PlannerError)
    def planner_error(error: PlannerError) -> Response:
        return answer(error)

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Response:
        failure = PlannerError(HTTP_CODES.get(error.code or 500, "error"))
        if type(error).__name__ == "CSRFError":
            failure = PlannerError("csrf")
        failure.status = error.code or 500
        response = answer(failure)
        for name, value in error.get_headers():
            if name in ("Allow", "Retry-After"):
                response.headers[name] = value
        return response

    @app.errorhandler(SecurityError)
    def foreign_host(error: SecurityError) -> Response:
        """Under a host name that is not ours no address can be made, so no page either."""
        return Response(message("bad_request"), status=400, mimetype="text/plain")

    _init_database_errors(app)

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> Response:
        log.exception("unexpected error")
        return answer(PlannerError())


AWAY = ("LockNotAvailable", "QueryCanceled", "AdminShutdown", "CannotConnectNow")
OUR_FAULT = ("no such table", "no such column", "no such function", "syntax error")
"""SQLite reports a wrong statement by the class it uses for a lock or a full disk."""


def _init_database_errors(app: Flask) -> None:
    @app.errorhandler(PoolTimeout)
    def pool_empty(error: PoolTimeout) -> Response:
        log.warning("no database connection became free")
        return answer(Unavailable(retry_after=5))

    @app.errorhandler(StaleDataError)
    def overtaken(error: StaleDataError) -> Response:
        return answer(Conflict())

    @app.errorhandler(DBAPIError)
    def database_error(error: DBAPIError) -> Response:
        name, words = type(error.orig).__name__, str(error.orig).partition("\n")[0]
        is_away = isinstance(error, OperationalError) or name in AWAY
        if is_away and not any(fault in words for fault in OUR_FAULT):
            log.warning("database unavailable: %s %s", name, words)
            return answer(Unavailable(retry_after=5))
        log.exception("database error %s", name)
        return answer(PlannerError())
