"""Words people read in the routing room: Chinese msgids; English lies in locale/en.po."""

from __future__ import annotations

from planner.accounts.terms import UnitDuty
from planner.places.terms import IssuingChain

from .terms import CaseState, CaseVerb, DueWord, Handling, Outcome, RuleSetState, Scale

TIER_LABELS = {"total": "总设计师", "street": "街区设计师", "community": "社区设计师"}

STATE_LABELS = {
    CaseState.OPEN: "待受理",
    CaseState.ACKNOWLEDGED: "已受理",
    CaseState.OPINION_GIVEN: "已有设计师意见",
    CaseState.REPLY_DRAFTED: "答复办理中",
    CaseState.REPLIED: "已答复",
    CaseState.IN_CONSULTATION: "协商中",
    CaseState.IN_WORKS: "施工中",
    CaseState.CLOSED: "已办结",
    CaseState.REOPENED: "重新办理",
    CaseState.PASSED_ON: "已转出",
    CaseState.MERGED: "已并入其他事项",
}

OUTCOME_LABELS = {
    Outcome.ADOPT: "采纳",
    Outcome.PARTLY: "部分采纳",
    Outcome.LATER: "暂缓",
    Outcome.DECLINE: "不采纳",
    Outcome.PASSED_ON: "非本级，已转",
}

HANDLING_LABELS = {
    Handling.IMMEDIATE: "即时办理",
    Handling.COORDINATED: "协调化解",
    Handling.JOINT: "会商共处",
}

SCALE_LABELS = {
    Scale.POINT: "一处",
    Scale.SMALL: "小区内小块地方",
    Scale.LOCAL: "一片地方",
    Scale.WIDE: "大范围",
}

DUE_LABELS = {
    DueWord.NONE: "不计时",
    DueWord.IN_TIME: "正常",
    DueWord.SOON: "将到期",
    DueWord.OVERDUE: "已超期",
}

RULE_SET_LABELS = {
    RuleSetState.DRAFT: "草稿",
    RuleSetState.ACTIVE: "使用中",
    RuleSetState.RETIRED: "已停用",
}

VERB_LABELS = {
    CaseVerb.OPEN: "收到",
    CaseVerb.ASSIGN: "分派",
    CaseVerb.ACKNOWLEDGE: "受理",
    CaseVerb.REASSIGN: "转派",
    CaseVerb.ASSIST: "请协办",
    CaseVerb.SEND_BACK: "退回",
    CaseVerb.RECLASSIFY: "重新归类",
    CaseVerb.GIVE_OPINION: "设计师意见",
    CaseVerb.DRAFT_REPLY: "拟稿",
    CaseVerb.SIGN_REPLY: "审签",
    CaseVerb.RETURN_DRAFT: "退回修改",
    CaseVerb.ISSUE_REPLY: "正式答复",
    CaseVerb.PASS_ON: "转出",
    CaseVerb.CONSULT: "进入协商",
    CaseVerb.START_WORKS: "开始施工",
    CaseVerb.THANK: "感谢并办结",
    CaseVerb.CLOSE: "办结",
    CaseVerb.REOPEN: "重新办理",
    CaseVerb.WITHDRAW: "撤回",
    CaseVerb.MERGE: "并入",
}

EXPLANATIONS = {
    "rule_named": "按第%(version)s版分派规则第%(rule)s条，“%(topic)s”由%(seat)s负责。",
    "rule_remit": (
        "按第%(version)s版分派规则第%(rule)s条，“%(topic)s”归%(tier)s；这里属于%(seat)s的负责范围。"
    ),
    "rule_load": (
        "按第%(version)s版分派规则第%(rule)s条，"
        "“%(topic)s”归%(tier)s；同样合适的席位中，%(seat)s手头事项最少。"
    ),
    "no_rule_total": "第%(version)s版分派规则没有适合“%(topic)s”的一条，先交%(seat)s。",
    "no_rule_unassigned": (
        "第%(version)s版分派规则没有适合“%(topic)s”的一条，%(total)s席位空缺，由街道办分派。"
    ),
    "vacant_total": (
        "按第%(version)s版分派规则第%(rule)s条应归%(wanted)s，该席位空缺且无人代理，先交%(seat)s。"
    ),
    "vacant_unassigned": (
        "按第%(version)s版分派规则第%(rule)s条应归%(wanted)s，"
        "该席位与%(total)s席位都空缺，由街道办分派。"
    ),
    "by_staff": "由工作人员分派给%(seat)s。",
    "sent_back": "已退回街道办，等待分派。",
}
"""Why a case came to a seat: code -> msgid; parameters are stored beside the code."""

DUTY_LABELS = {UnitDuty.DRAFT: "拟稿", UnitDuty.CHECK: "审核", UnitDuty.ISSUE: "签发"}

AWAITS_LABELS = {
    UnitDuty.DRAFT: "等拟稿人修改",
    UnitDuty.CHECK: "等审核",
    UnitDuty.ISSUE: "等签发",
}

CHAIN_LABELS = {
    IssuingChain.NONE: "提交后立即公开，署单位名。",
    IssuingChain.ONE_SIGNATURE: "先拟稿，签发后公开，署单位名。",
    IssuingChain.THREE_STEPS: "拟稿、审核、签发由三个人办理，签发后才公开，署单位名。",
}

SEAT_LABELS = {
    "total": "总设计师",
    "street": "街区设计师%(number)s号席",
    "community": "社区设计师%(number)s号席",
}

MESSAGES = {
    "sheet_refused": "文件里有几处需要改正，请看每一行的提示。",
    "topic_unknown": "请从现行目录中选择类别。",
    "catalogue_not_found": "没有找到这个目录。",
    "case_changed": "这一事项刚刚有了变动。您写的内容还在下面，请看过最新情况再提交。",
    "draft_changed": "答复文稿刚刚改过，请看过新稿再签。",
    "nothing_to_sign": "现在没有等您签的答复。",
    "not_your_signature": "现在等的是另一环节的人签。",
    "three_persons": "拟稿、审核、签发必须是三个不同的人。",
    "no_unit": "还没有主办单位，请街道办先分派。",
    "only_praise": "只有表扬可以感谢并办结；其他事项要先公开答复。",
    "choose_praise": "请至少选一件。",
    "reply_unwritten": "开头已经写好，请在后面写上具体答复。",
    "no_reply": "还没有公开答复，不能办结。",
    "passed_on_is_no_end": "“非本级，已转”不是结果，不能办结。",
    "draft_waiting": "还有一份答复在办理中，不能办结。",
    "consultation_needed": "会商共处的事项要先开过协商会，或由街道办写明免于协商的理由，才能办结。",
    "too_late_to_reopen": "办结已超过 %(days)s 天，请另提一条新的标记。",
    "next_holder_missing": "请写明转给谁。",
    "seat_vacant": "这个席位空缺且无人代理。",
    "same_holder": "还是原来的席位和单位，请至少另选一处。",
    "rules_retired": "这一版规则已停用，请另拟一版。",
    "not_utf8": "文件不是 UTF-8 编码。",
    "bad_csv": "这一行不是有效的 CSV。",
    "missing_column": "缺少这一列。",
    "too_many_rows": "行数太多。",
    "too_many_public_topics": "面向居民的类别最多 12 个。",
    "double": "与前面的行重复。",
    "unknown_code": "没有这个代码。",
    "must_be_empty": "这一格应当空着。",
}
