"""Words of the accounts room. Roles live in `core.actor`, below every guard."""

from __future__ import annotations

from enum import StrEnum

from planner.core.actor import Role
from planner.places.terms import AdminLevel, IssuingChain


class DesignerTier(StrEnum):
    """The three tiers: overall plan, functional works, everyday matters."""

    TOTAL = "total"
    STREET = "street"
    COMMUNITY = "community"


DEFAULT_SEATS = {DesignerTier.TOTAL: 1, DesignerTier.STREET: 8, DesignerTier.COMMUNITY: 12}


class Qualification(StrEnum):
    """By what a person may hold a seat: each tier has its own."""

    PROFESSIONAL = "professional"
    DEPUTY_OR_DELEGATE = "deputy_or_delegate"
    RESIDENT = "resident"


QUALIFIES = {
    DesignerTier.TOTAL: Qualification.PROFESSIONAL,
    DesignerTier.STREET: Qualification.DEPUTY_OR_DELEGATE,
    DesignerTier.COMMUNITY: Qualification.RESIDENT,
}


class AppointmentKind(StrEnum):
    """Holder of the seat, or the substitute who stands in while the holder is away."""

    HOLDER = "holder"
    SUBSTITUTE = "substitute"


class RemitArea(StrEnum):
    """How a remit's area is given; listed from the most to the least precise (decision 0004)."""

    GEOMETRY = "geometry"
    BUILDING = "building"
    ESTATE = "estate"
    GRID = "grid"
    COMMUNITY = "community"
    WHOLE = "whole"


class RemitTopic(StrEnum):
    """How a remit's topics are given; from the most to the least precise."""

    TOPIC = "topic"
    GROUP = "group"
    PUBLIC_TOPIC = "public_topic"
    ANY = "any"


class UnitDuty(StrEnum):
    """What a member does in a handling unit's issuing chain: 拟稿, 审核, 签发."""

    DRAFT = "draft"
    CHECK = "check"
    ISSUE = "issue"


class ConsentKind(StrEnum):
    """Separate, un-ticked consents."""

    SHOW_PHOTO = "show_photo"
    SHOW_NICKNAME = "show_nickname"
    CONTACT = "contact"
    AGE_BAND = "age_band"


TIER_LABELS = {
    DesignerTier.TOTAL: "总设计师",
    DesignerTier.STREET: "街区设计师",
    DesignerTier.COMMUNITY: "社区设计师",
}
QUALIFICATION_LABELS = {
    Qualification.PROFESSIONAL: "专业设计人员",
    Qualification.DEPUTY_OR_DELEGATE: "人大代表或单位代表",
    Qualification.RESIDENT: "居民",
}
DUTY_LABELS = {UnitDuty.DRAFT: "拟稿", UnitDuty.CHECK: "审核", UnitDuty.ISSUE: "签发"}
ROLE_LABELS = {
    Role.ADMIN: "管理员",
    Role.STREET_OFFICE: "街道办",
    Role.COMMUNITY_STAFF: "社区工作人员",
    Role.GRID_WORKER: "网格员",
    Role.MODERATOR: "审核员",
    Role.DESIGNER: "设计师",
    Role.DISTRICT_VIEWER: "区级查看",
    Role.OWNER_UNIT: "权属单位",
    Role.GUARD: "门卫",
    Role.EXPERT: "专家",
    Role.CONTRACTOR: "施工单位",
    Role.SUPERVISOR: "监理",
    Role.RESIDENT: "居民",
}
CHAIN_LABELS = {
    IssuingChain.NONE: "直接发出",
    IssuingChain.ONE_SIGNATURE: "一人签发",
    IssuingChain.THREE_STEPS: "拟稿—审核—签发",
}
APPOINTMENT_LABELS = {AppointmentKind.HOLDER: "任职", AppointmentKind.SUBSTITUTE: "代理"}
LEVEL_LABELS = {
    AdminLevel.COMMUNITY: "社区",
    AdminLevel.SUBDISTRICT: "街道",
    AdminLevel.DISTRICT: "区",
}
CONSENT_LABELS = {
    ConsentKind.CONTACT: "同意工作人员为办理事项联系我",
    ConsentKind.SHOW_NICKNAME: "同意公开我填写的称呼",
    ConsentKind.SHOW_PHOTO: "同意公开我上传的照片",
    ConsentKind.AGE_BAND: "同意把我的年龄段计入统计（不少于 5 人才显示）",
}
CONSENT_TEXT = "2026-11"
"""Version of the words above that people agree to; it changes whenever they do."""

MESSAGES = {
    "sign_in_wrong": "用户名或密码不对。",
    "sign_in_locked": "试错次数太多，请 15 分钟后再试。",
    "login_taken": "这个用户名已经有人用了。",
    "bad_login": "用户名为 2 至 40 个字，不含空格。",
    "password_short": "密码至少 8 位。",
    "password_common": "这个密码太常见，容易被猜到，请换一个。",
    "password_wrong": "当前密码不对。",
    "confirm_needed": "这一步要先在网页上重新确认密码。",
    "not_oneself": "不能停用自己的账号。",
    "token_wrong": "访问令牌无效或已过期。",
    "hand_over_first": "您还有职务、席位或审签职责，请先由管理员办理移交，再删除账号。",
    "label_missing": "请写明这个令牌做什么用。",
    "wrong_qualification": "身份不符：总设计师须为专业人员，街区设计师为代表，社区设计师为居民。",
    "seat_number_exceeded": "这一级只设 %(allowed)s 个席位。如需增加，请先调整席位数并写明理由。",
    "seats_are_occupied": "编号大于 %(number)s 的席位上还有人，请先办理离任。",
    "seat_is_taken": "这个席位在这段时间已有人。",
    "person_sits_elsewhere": "这位同志在这段时间已担任别的席位。",
    "already_ended": "这次聘任已经结束。",
    "ends_before_start": "结束日期要晚于开始日期。",
    "out_of_range": "超出允许的范围。",
    "person_disabled": "这个账号已停用。",
    "person_not_found": "没有这个用户名，请先开通账号。",
    "holders_only": "只有席位任职人可以登记离岗。",
    "substitutes_oneself": "同一个人不能既任职又代理同一席位。",
    "already_granted": "这个人在这段时间已有这项权限。",
    "designer_by_appointment": "设计师的权限随聘任而来，请到席位页办理。",
    "last_administrator": "这是最后一位管理员，请先另设一位。",
    "unit_retired": "这个单位已停用。",
    "consent_owner": "同意书须对应一个账号或一个回执码。",
    "bad_phone": "电话号码写得不对，请只填数字。",
    "bad_email": "邮箱地址写得不对。",
    "geometry_missing": "图上画的范围要由地图导入，这里不能选。",
    "must_be_empty": "这一格应当空着。",
    "area_unknown": "没有这个编号或代码。",
    "file_missing": "请选择文件。",
    "roster_too_large": "名册太大，最多 %(maximum)s 行。",
    "roster_encoding": "读不出这个文件，请在表格软件里另存为“CSV UTF-8”。",
    "roster_columns": "缺少这几列：%(columns)s。",
    "roster_empty": "名册里没有一行人员。",
    "bad_seat": "席位写成 total-1、street-3、community-12 这样。",
    "bad_qualification": "身份请填：专业设计人员、人大代表或单位代表、居民。",
    "bad_kind": "方式请填：任职或代理。",
    "bad_code": "代码只能用小写字母、数字、连字符和下划线。",
}
