"""The marking map: everybody's marks on the own base map, and one question about the place under the pin."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import render_template, request, url_for
from shapely.geometry.base import BaseGeometry

from planner.core.errors import Invalid
from planner.core.geo import to_geojson, to_geom
from planner.core.policies import anyone
from planner.marks import forms, queries
from planner.places.models import Neighborhood, PosterPoint
from planner.places.queries import map_source, poster_point, settings_of
from planner.routing.labels import STATE_LABELS
from planner.web import context, errors
from planner.web.guards import guarded
from planner.web.i18n import gettext as _
from planner.web.i18n import locale
from planner.web.views import elder_step

from .blueprint import Answer, bp
from .offering import chip_list, window_words
from .taking import topic_labels

CLOSE_UP = 18


@bp.get("/")
@guarded(anyone)
def map(slug: str) -> Answer:
    """The map, with the filters of list, export and API in its address."""
    here, wrong = context.here(), {}
    try:
        asked = forms.filters_from(request.args)
    except Invalid as error:
        asked, wrong = forms.FilterForm(queries.Filters()), errors.field_messages(error)
    counts = queries.kind_counts(context.db(), context.actor(), here.id, asked.filters)
    return render_template(
        "marks/map.html",
        config=_config(here, asked, sum(counts.values())),
        counts=counts,
        total=sum(counts.values()),
        asked=asked.args,
        errors=wrong,
        labels=topic_labels(here.id),
        closed=window_words(here),
        settings=settings_of(here),
        is_shared=True,
    )


def _config(here: Neighborhood, asked: forms.FilterForm, total: int) -> dict[str, Any]:
    boundary, settings = to_geom(here.boundary), settings_of(here)
    poster = poster_point(context.db(), request.args.get("p", ""))
    if poster is not None and poster.neighborhood_id != here.id:
        poster = None
    return {
        "start": _start(boundary, poster),
        "bounds": [round(part, 6) for part in boundary.bounds],
        "box": asked.filters.box,
        "boundary": to_geojson(boundary, 6),
        "tolerance": here.tolerance_m,
        "poster": poster.code if poster else None,
        "isOpen": window_words(here) is None,
        "total": total,
        "filters": {name: value for name, value in asked.args.items() if name != "bbox"},
        "chips": chip_list(here.id),
        "topics": topic_labels(here.id),
        "states": {state.value: _(label) for state, label in STATE_LABELS.items()},
        "limits": {
            "reason": settings.min_reason,
            "line": settings.line_cap_m,
            "area": settings.area_cap_m2,
            "photos": settings.photo_count,
        },
        "source": map_source(here, context.services().settings),
        "urls": _urls(here.slug),
        "shell": _shell(here.slug),
        "words": {**_words(), **_waiting_words()},
    }


def _start(boundary: BaseGeometry, poster: PosterPoint | None) -> list[float]:
    point = to_geom(poster.geom) if poster else boundary.representative_point()
    return [round(point.y, 6), round(point.x, 6), CLOSE_UP if poster else CLOSE_UP - 1]


def _shell(slug: str) -> dict[str, Any]:
    """What opens without network: this page as a stranger gets it in the reader's view, and its data."""
    page = url_for("marks.map", slug=slug, elder=elder_step(), lang=locale())
    data = [url_for("places.base", slug=slug), url_for("places.places", slug=slug)]
    return {"page": page, "data": data}


def _urls(slug: str) -> dict[str, str]:
    return {
        "base": url_for("places.base", slug=slug),
        "places": url_for("places.places", slug=slug),
        "marks": url_for("marks_api.index_marks", slug=slug),
        "cells": url_for("marks_api.cells", slug=slug),
        "near": url_for("marks_api.near", slug=slug),
        "endorse": url_for("marks_api.endorse", slug=slug, uuid=UUID(int=0)),
        "forget": url_for("web.forget_device"),
        "mark": url_for("marks.show", slug=slug, code="CODE"),
        "qr": url_for("marks.qr", slug=slug, receipt="CODE"),
    }


def _words() -> dict[str, str]:
    """Sentences the map's scripts say; `{n}` and `{name}` are filled in there."""
    return {
        "here": _("图钉所指的位置"),
        "near": _("{name}附近"),
        "outside": _("这里已超出街区范围，请往里移一点"),
        "like": _("喜欢这里"),
        "dislike": _("不喜欢这里"),
        "improve": _("这里可以改善"),
        "sending": _("正在提交…"),
        "submit": _("提交意见"),
        "choose": _("请选一个原因，或写几个字。"),
        "moreWords": _("请至少写 {n} 个字，我们好帮您归类。"),
        "tooMany": _("最多选 6 个原因。"),
        "located": _("已移到您所在的位置"),
        "notLocated": _("找不到您的位置，请拖动地图，或从列表选地点。"),
        "away": _("您现在不在这个街区里，请拖动地图，或从列表选地点。"),
        "noPlace": _("没有找到这个地点，换个说法试试。"),
        "noMarks": _("意见没有加载出来，您仍可以标一处。"),
        "line": _("一段路，约 {n} 米"),
        "area": _("一块地，约 {n} 平方米"),
        "lineCap": _("最长 {n} 米"),
        "areaCap": _("最大 {n} 平方米"),
        "points": _("已有 {n} 个点"),
        "moved": _("图钉指着：{name}"),
        "copied": _("已复制"),
        "nearTitle": _("{m} 米内已有 {n} 条“{what}”"),
        "nearAway": _("相距约 {n} 米"),
        "nearHere": _("就在这里"),
        "alsoSaid": _("{n} 人也这么说"),
        "joinThis": _("我也是 +1：{what}"),
        "joinOffline": _("现在没有网络，联网后请再点一次。"),
        "joinLost": _("没有收到回音。请再点一次，不会重复计算。"),
        "photosMost": _("最多 {n} 张照片，多出的没有加上。"),
        "photoBad": _("这不是能识别的照片，请选 JPEG、PNG、WebP 或 HEIC 图片。"),
        "photoAlt": _("第 {n} 张照片"),
        "photoTaken": _("照片已选好"),
        "photoRemove": _("去掉第 {n} 张照片"),
        "cellOf": _("这一带有 {n} 条意见，放大地图可以逐条看"),
    }


def _waiting_words() -> dict[str, str]:
    """What the list of this device's own records says."""
    return {
        "toSend": _("{n} 条待送出"),
        "toMend": _("{n} 条没收下"),
        "waitingOffline": _("现在没有网络。意见已存在这台设备上，有网络时自动送出，不用再点。"),
        "waitingOnline": _("没有收到回音。意见已存在这台设备上，稍后自动再送，不会重复。"),
        "notLasting": _("这个浏览器不能保存内容：请先不要关闭这一页，有网络时会自动送出。"),
        "allHandled": _("没有等着送出的意见。"),
        "nothingKept": _("这台设备上没有等着送出的意见。没有网络时提的意见会先存在这里。"),
        "isWaiting": _("待送出"),
        "isSent": _("已送达"),
        "isRefused": _("没收下"),
        "arrived": _("一条意见已送达"),
        "wasRefused": _("一条意见没收下，请看原因，改一改再送。"),
        "receiptOf": _("回执码 {code}"),
        "dropSure": _("还没送达，确定删掉"),
        "stillWaiting": _("还是没有送出，有网络时会再送。"),
        "wiped": _("本机记录已清除。"),
        "wipedHere": _("本机内容已清除。联网后请再点一次，让网站也忘记这台设备。"),
    }
