"""From a command to its event: the act's fields as stated, and what the decision added."""

from functools import cache
from typing import Any, TypeVar, cast

from contracts import words
from contracts.commands import Command
from contracts.events import Event
from contracts.terms import Flag
from services.hazard.aggregate.hazard import Hazard
from services.hazard.aggregate.refusals import RuleBroken
from services.hazard.aggregate.world import World

E = TypeVar("E", bound=Event)


def record(kind: type[E], command: Command, world: World, *flags: Flag | None, **derived: object) -> list[E]:
    """The one event that the command yields. Its fields were validated as the command's."""
    stated = {name: getattr(command, name) for name in _shared(kind, type(command))}
    marks = (
        Flag.HISTORICAL if command.historical else None,
        Flag.DATE_INFERRED if command.date_inferred else None,
        *flags,
    )
    told = {
        "actor": command.actor,
        "occurred_at": command.occurred_at,
        "recorded_at": world.now,
        "historical": command.historical,
        "flags": tuple(dict.fromkeys(flag for flag in marks if flag)),
    }
    return [_blank(kind).model_copy(update={**stated, **told, **derived})]


@cache
def _blank(kind: type[E]) -> E:
    """With its defaults; a copy of it costs half of a new one."""
    no_values: dict[str, Any] = {}
    return cast("E", kind.model_construct(None, **no_values))


@cache
def _shared(kind: type[Event], command: type[Command]) -> tuple[str, ...]:
    return tuple(name for name in kind.model_fields if name in command.model_fields)


def overlay_id(kind: str, hazard: Hazard) -> str:
    """The id of a listing, suspension, report … that starts with the next event: `listing-7`."""
    return f"{kind}-{hazard.version + 1}"


def pick(given: str | None, among: list[str], kind: str) -> str:
    """The one that is meant: the id given, or the only one there is. `kind` is its Chinese name."""
    if given is not None:
        if given not in among:
            raise RuleBroken(f"没有编号为{given}的{kind}可办：choose from {among}", code="no_such", field="id")
        return given
    if not among:
        raise RuleBroken(f"没有可办的{kind}：there is none", code="none_pending")
    if len(among) > 1:
        raise RuleBroken(f"有多个{kind}，请指明编号：name one of {among}", code="ambiguous")
    return among[0]


def require(command: Command, **needed: object) -> None:
    """RuleBroken `incomplete` naming the first field that is empty; an old record may lack what is in OLD_GAPS.

    The Chinese name of each field is looked up in NAMES.
    """
    for field, value in needed.items():
        if command.historical and field in OLD_GAPS:
            continue
        if value is None or value in ((), ""):
            raise missing(NAMES[field], field)


def missing(what: str, field: str | None = None) -> RuleBroken:
    """要素不全."""
    return RuleBroken(words.refused("incomplete", 项=what), code="incomplete", field=field)


OLD_GAPS = frozenset(
    {
        *("found_by", "officers", "approved_by", "legal_review_by", "confirmed_by", "countersigned_by"),
        *("responsible", "acceptor", "decided_by", "consented_by", "ruled_by", "answered_by", "receipt", "signer"),
        *("signed_by", "completer", "verifiers", "supervisor", "remote_approved_by"),
        *("number", "document", "due", "deadline", "trial_until", "held_on"),
        *("place", "basis", "mode", "result", "party_told_on", "visited_by", "inspectors"),
    }
)
"""What a record older than this system may lack: names, certificates, numbers, days (policy.md section 3), and the
little besides that published cases leave out. Never a report, a piece of evidence, a meeting or a statement heard."""

NAMES = {
    "place": "排查地点",
    "visited_by": "检查单位",
    "inspectors": "检查人员",
    "found_by": "发现单位",
    "party": "责任单位",
    "party_told_on": "告知责任单位的日期",
    "verifiers": "复查人员",
    "remote_approved_by": "负责人同意非现场复查",
    "reasons": "判定理由",
    "basis": "判定依据或法律依据",
    "decided_by": "判定人",
    "due": "整改时限",
    "number": "文书编号",
    "officers": "执法人员",
    "to_body": "接办单位",
    "deadline": "督办时限",
    "document": "文书",
    "supervisor": "督办单位",
    "approved_by": "批准人",
    "legal_review_by": "法制审核人员",
    "trial_until": "试生产截止日",
    "signed_by": "整改责任人签名",
    "signer": "签发人",
    "responsible": "整改责任人",
    "acceptor": "整改验收人",
    "consented_by": "监管部门负责人同意",
    "ruled_by": "裁定人",
    "answered_by": "答复人",
    "receipt": "回执编号",
    "completer": "整改完成人",
    "after": "整改后照片或材料",
    "before": "整改前照片或材料",
    "acceptance_report": "企业验收或专家报告（重大）",
    "evidence": "证据材料",
    "grounds": "灭失情形",
    "held_on": "会议日期",
    "total": "应到人数",
    "present": "实到人数",
    "signed_sheet": "签到表",
    "countersigned_by": "职工签名（非主要负责人）",
    "confirmed_by": "监管部门确认人",
    "statement_heard": "当事人陈述申辩",
    "opinion": "专家意见",
    "supervisor_opinion": "督办单位意见",
    "notice": "检查通知",
    "funds": "资金",
    "funds_reason": "零资金的理由",
    "contingency": "预案",
    "mode": "复查方式",
    "result": "复查不合格情形",
    "plan_signed_by": "主要负责人签名",
    "attachments": "治理方案",
}
