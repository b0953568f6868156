"""Words of the marks room. `MarkKind` lies in routing, whose catalogue lists chips by it."""

from __future__ import annotations

from enum import StrEnum


class MarkStatus(StrEnum):
    """Publication, an axis apart from the case (DECISIONS 20)."""

    RECEIVED = "received"
    PUBLISHED = "published"
    HELD = "held"
    HIDDEN = "hidden"
    WITHDRAWN = "withdrawn"


class MarkVerb(StrEnum):
    """What can be done to a mark's publication."""

    PUBLISH = "publish"
    HOLD = "hold"
    HIDE = "hide"
    REFER = "refer"
    RETURN_TO_REVIEW = "return_to_review"
    WITHDRAW = "withdraw"


_M, _V = MarkStatus, MarkVerb

TRANSITIONS: dict[MarkVerb, dict[MarkStatus, MarkStatus]] = {
    _V.PUBLISH: {_M.RECEIVED: _M.PUBLISHED, _M.HELD: _M.PUBLISHED, _M.HIDDEN: _M.PUBLISHED},
    _V.HOLD: {_M.RECEIVED: _M.HELD, _M.PUBLISHED: _M.HELD},
    _V.HIDE: {_M.RECEIVED: _M.HIDDEN, _M.PUBLISHED: _M.HIDDEN, _M.HELD: _M.HIDDEN},
    _V.REFER: {_M.RECEIVED: _M.HIDDEN, _M.PUBLISHED: _M.HIDDEN, _M.HELD: _M.HIDDEN},
    _V.RETURN_TO_REVIEW: {_M.PUBLISHED: _M.RECEIVED, _M.HELD: _M.RECEIVED, _M.HIDDEN: _M.RECEIVED},
    _V.WITHDRAW: {
        _M.RECEIVED: _M.WITHDRAWN,
        _M.PUBLISHED: _M.WITHDRAWN,
        _M.HELD: _M.WITHDRAWN,
        _M.HIDDEN: _M.WITHDRAWN,
    },
}
"""verb -> status it may be used in -> status it leads to. The only such table."""


class PhotoStatus(StrEnum):
    """Whether a photo may be shown with its mark."""

    SHOWN = "shown"
    HIDDEN = "hidden"
    ERASED = "erased"


class Channel(StrEnum):
    """How a mark came in; a staff member who types for others never appears as author."""

    WEB = "web"
    FORM = "form"
    KIOSK = "kiosk"
    PAPER = "paper"
    HOTLINE = "hotline"
    WINDOW = "window"
    GRID_WORKER = "grid_worker"
    DOOR_TO_DOOR = "door_to_door"
    SECRETARY = "secretary"
    IMPORT = "import"


class PinOrigin(StrEnum):
    """How the place was chosen, recorded because map answers cluster more coarsely than interviews."""

    MAP = "map"
    LIST = "list"
    LOCATED = "located"
    POSTER = "poster"
    IMPORT = "import"


KIND_LABELS = {"like": "喜欢", "dislike": "不喜欢", "improve": "可以改善"}
STATUS_LABELS = {
    MarkStatus.RECEIVED: "待审核",
    MarkStatus.PUBLISHED: "已公开",
    MarkStatus.HELD: "暂缓公开",
    MarkStatus.HIDDEN: "不公开",
    MarkStatus.WITHDRAWN: "已撤回",
}
VERB_LABELS = {
    MarkVerb.PUBLISH: "公开",
    MarkVerb.HOLD: "暂缓",
    MarkVerb.HIDE: "不公开",
    MarkVerb.REFER: "已告知转其他渠道",
    MarkVerb.RETURN_TO_REVIEW: "退回待审",
}
CHANNEL_LABELS = {
    Channel.WEB: "网页",
    Channel.FORM: "表单",
    Channel.KIOSK: "现场设备",
    Channel.PAPER: "纸质",
    Channel.HOTLINE: "热线",
    Channel.WINDOW: "窗口专岗",
    Channel.GRID_WORKER: "网格走访",
    Channel.DOOR_TO_DOOR: "上门",
    Channel.SECRETARY: "书记会客厅",
    Channel.IMPORT: "导入",
}

PHOTO_STATUS_LABELS = {
    PhotoStatus.SHOWN: "照片未隐藏",
    PhotoStatus.HIDDEN: "照片已隐藏",
}

PLACE_KIND_LABELS = {
    "crossing": "路口",
    "lane": "街巷",
    "estate": "小区大门",
    "building": "楼栋和院落",
    "park": "公园和小游园",
    "facility": "场地和停车场",
    "venue": "协商阵地",
}
"""Kinds of named places in the order residents choose from."""

EXPORT_LABELS = {
    "id": "标识",
    "code": "编号",
    "kind": "种类",
    "topic": "类别代码",
    "topic_label": "类别",
    "item": "目录条目",
    "reason": "具体原因",
    "place": "地点",
    "grid": "网格号",
    "status": "公开情况",
    "tier": "设计师层级",
    "seat": "席位",
    "handling_unit": "主办",
    "case": "事项编号",
    "case_state": "办理状态",
    "supporters": "也这么说的人数",
    "occurred_at": "发生时间",
    "published_at": "公开时间",
    "received_at": "收到时间",
    "channel": "来源",
    "external_id": "外部编号",
    "declared_datum": "原坐标系",
    "in_tolerance_strip": "在边界容差带内",
    "lon": "经度",
    "lat": "纬度",
    "geometry": "图形",
}
"""Field of an output -> heading of the table people download."""

MESSAGES = {
    "bad_json": "内容不是有效的 JSON。",
    "bad_encoding": "内容的编码不对，请用 UTF-8。",
    "idempotency_key_missing": "请带上 Idempotency-Key（一个 UUID）。",
    "uuid_taken": "这个编号已被使用，请重新提交。",
    "body_differs": "同一编号已提交过不同的内容。如需修改，请打开回执。",
    "mark_erased": "这条意见已由本人删除。",
    "not_collecting_yet": "征集还没有开始，%(opens)s 起可以提意见。现在可以先看看大家的意见。",
    "no_longer_collecting": "征集已在 %(closed)s 结束。仍可查看大家的意见和办理情况。",
    "chip_unknown": "请从列表中选择原因。",
    "not_a_feature": "请发送一个 GeoJSON Feature。",
    "invalid_value": "这一项的值不对。",
    "not_a_box": "范围请写成 西,南,东,北 四个经纬度。",
    "grid_not_near": "所选网格不在这个地点旁边，请重新选择。",
    "topic_missing": "请选一个类别。",
    "kind_missing": "请选择：喜欢、不喜欢，还是可以改善。",
    "place_missing": "请选择地点。",
    "reason_missing": "请选一个原因，或写几个字。",
    "restricted_area": "这里不便标注：%(reason)s。请换一个位置，或致电社区说明。",
    "already_triaged": "工作人员已开始办理，不能再改；可以补充说明。",
    "nothing_to_edit": "这条意见已撤回。",
    "receipt_unknown": "没有找到这个回执码，请核对后再试。",
    "too_many_additions": "补充已经够多了，请另提一条。",
    "column_missing": "文件里没有“%(column)s”这一列。",
    "mapping_unclear": "对应关系写得不清楚：%(text)s。",
    "rows_without_place": "有 %(number)s 行没有位置，整份文件都没有采用。",
    "rows_refused": "有 %(number)s 处问题，整份文件都没有采用。请改好后重新导入。",
    "external_id_differs": "这个外部编号已有另一条内容不同的意见。",
    "id_twice": "这个编号在文件里出现了两次。",
    "mark_withdrawn": "已撤回的意见不能导入。",
    "own_mark": "这是您自己的意见，不用再点“我也是”。",
    "not_public": "这条意见还没有公开，暂时不能点“我也是”。",
    "join_missing": "请选一条，或选“都不一样，另提一条”。",
    "nothing_to_reopen": "现在还不能请求重新办理，请等答复或办结之后。",
    "too_many_photos": "每条意见最多 %(number)s 张照片。",
    "photo_differs": "同一编号已有另一张照片，请重新选择。",
    "not_in_the_past": "时间不能晚于现在。",
}
