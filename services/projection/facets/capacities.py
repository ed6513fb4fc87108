"""In what capacity 身份 somebody stands in an act: told by the field that holds his name."""

from functools import cache
from typing import Final

from contracts import events
from contracts.events import Event
from services.projection.facets.walking import Path

ACTOR: Final = "经办人"
RECORDER: Final = "代录人"
PRINCIPAL: Final = "委托人（他人代录）"
CAPACITIES: Final = {
    "acceptor": "整改验收人（企业）",
    "answered_by": "答复人",
    "approved_by": "批准人",
    "by": "管控责任人",
    "completer": "整改完成人",
    "confirmed_by": "确认人（部门）",
    "consented_by": "同意复产负责人",
    "countersigned_by": "会签人",
    "decided_by": "决定人",
    "determined_by": "判定人员",
    "experts": "专家",
    "finders": "发现人",
    "head": "企业主要负责人",
    "inspectors": "检查人员",
    "legal_review_by": "法制审核人员",
    "names": "撤销签字人",
    "officers": "执法人员",
    "remote_approved_by": "非现场复查批准人",
    "responsible": "责任人",
    "reviewers": "复产核查人员",
    "ruled_by": "来源认定人",
    "seen_by": "现场核实人",
    "signed_by": "签发人",
    "tell": "催办对象",
    "verifiers": "复查人员（部门）",
}
"""By the name of the field that holds them."""
HERE: Final = {
    (events.HazardGraded, "decided_by"): "判定人",
    (events.HazardRegraded, "decided_by"): "判定人",
    (events.RectificationPlanned, "responsible"): "整改责任人",
    (events.RectificationPlanned, "signed_by"): "方案签字人（企业主要负责人）",
    (events.RectificationSubmitted, "signed_by"): "整改责任人（签字）",
    (events.HazardClosed, "signed_by"): "销号签字人",
    (events.HazardDelisted, "signed_by"): "摘牌签字人",
    (events.InspectionRecorded, "signed_by"): "受检单位签字人",
    (events.InspectionSigned, "signed_by"): "受检单位签字人",
}
"""Where the act gives the same field another meaning."""
PARTYS_OWN: Final = frozenset(
    {
        *((events.RectificationPlanned, name) for name in ("responsible", "completer", "acceptor", "signed_by")),
        *((events.RectificationSubmitted, name) for name in ("signed_by", "completer", "acceptor")),
        (events.InspectionRecorded, "signed_by"),
        (events.InspectionSigned, "signed_by"),
    }
)
"""People of the responsible party."""


@cache
def capacity(kind: type[Event], path: Path) -> str:
    """In what capacity somebody is named there."""
    return HERE.get((kind, path[-1])) or CAPACITIES[path[-1]]
