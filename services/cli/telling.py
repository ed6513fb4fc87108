"""What an event says, in the words of its trade; ids, areas and hashes of files are for programs."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from pydantic import BaseModel

from contracts import words
from contracts.acts.checklists import ChecklistItem, FilledChecklist, Offer
from contracts.base import DocumentRef, EvidenceRef
from contracts.events import Event, HazardEscalated, HazardFound, InspectionRecorded
from contracts.parties import BodyRef, Party, Person
from contracts.policy import SIGNED_FROM
from services.cli.site import minute

SILENT: Final = {
    "area",
    "sector",
    "visit",
    "opinion_id",
    "checklist",
    "policy_version",
    "sha256",
    "content",
    "clock_started_by",
    "to_body_id",
    "of",
    "covers",
    "listing",
    "suspension",
    "proposal",
    "report",
    "publication",
    "objection",
    "target",
    "answers",
    "policy",
    "from_body",
    "by_body",
    "survivor",
    "against",
    "step",
}
"""Ids: a program needs them."""
LABELS: Final = {
    "amount": "{} 元",
    "funds": "资金 {} 元",
    "days": "{} 日",
    "article": "第{}条",
    "item": "第{}项",
    "present": "实到 {} 人",
    "total": "应到 {} 人",
    "due": "限期 {}",
    "deadline": "督办时限 {}",
    "until": "至 {}",
    "trial_until": "试生产至 {}",
    "level": "L{}",
    "responsible": "责任人 {}",
    "completer": "完成人 {}",
    "acceptor": "验收人 {}",
    "found_by": "发现单位 {}",
    "visited_by": "检查单位 {}",
    "inspectors": "检查人员 {}",
    "ended_at": "结束 {}",
    "announced_at": "通知 {}",
    "experts": "专家 {}",
    "refused_to_sign": "拒绝签字：{}",
    "finders": "发现人 {}",
    "verifiers": "复查人员 {}",
    "officers": "执法人员 {}",
    "approved_by": "批准 {}",
    "legal_review_by": "法制审核 {}",
    "reviewers": "审查 {}",
    "consented_by": "同意 {}",
    "signed_by": "签名 {}",
    "decided_by": "决定 {}",
    "determined_by": "判定 {}",
    "seen_by": "现场核实 {}",
    "countersigned_by": "职工签名 {}",
    "ruled_by": "裁定 {}",
    "answered_by": "答复 {}",
    "supervisor": "督办单位 {}",
    "corrects": "更正第 {} 条",
    "to_body": "送 {}",
    "receiver": "报 {}",
}
"""What stands before or behind a value, where the value alone would puzzle."""


def said(event: Event) -> Iterator[str]:
    """The words of the act first, then its papers. Ids, areas and hashes of files are for programs."""
    if isinstance(event, HazardEscalated):
        yield _proposed(event)
        return
    told: list[str] = []
    papers: list[str] = []
    for name in type(event).model_fields:
        if name not in Event.model_fields and name not in SILENT:
            value = getattr(event, name)
            (papers if isinstance(value, DocumentRef) else told).extend(_labelled(name, value))
    again = {event.actor.name, LABELS["finders"].format(event.actor.name)}
    told = [each for each in dict.fromkeys(told) if each not in again]
    if isinstance(event, HazardFound) and event.suspected_major:
        told.append("疑似重大")
    if isinstance(event, InspectionRecorded) and event.none_found:
        told.append("未发现隐患")
    if told:
        yield " · ".join(told)
    if papers:
        yield f"文书 {'、'.join(papers)}"


def _proposed(event: HazardEscalated) -> str:
    """A reminder below L2, from there on what waits for a signature."""
    is_draft = event.level >= SIGNED_FROM
    parts = (
        f"L{event.level} {words.word('proposal' if is_draft else 'reminder')}",
        f"《{event.draft}》" if is_draft and event.draft else None,
        f"{event.rule} {event.title or ''}".strip(),
        f"{minute(event.due_at)} 到期" if event.due_at else None,
        words.term(event.ladder) if event.ladder else None,
    )
    return " · ".join(part for part in parts if part)


def _labelled(name: str, value: Any) -> Iterator[str]:  # noqa: ANN401 (whatever a field holds)
    if name == "verification_class":
        yield words.verification_class(value)
    elif name in LABELS and value not in {None, ()} and not isinstance(value, bool):
        yield LABELS[name].format("、".join(_told(value)))
    else:
        yield from _told(value)


def _told(value: Any) -> Iterator[str]:  # noqa: ANN401, C901, PLR0912 (whatever a field holds)
    match value:
        case StrEnum():
            yield words.term(value)
        case bool():
            return
        case str() | int() | Decimal():
            yield " ".join(str(value).split())
        case date():
            yield minute(value) if isinstance(value, datetime) else value.isoformat()
        case DocumentRef():
            yield " ".join(part for part in (value.title, value.number) if part) or "（扫描件）"
        case EvidenceRef():
            yield f"证据“{value.name or value.sha256[:8]}”"
        case Person() | BodyRef() | Party():
            yield value.name
        case FilledChecklist():
            answers = "，".join(f"第{each.item}项{words.term(each.answer)}" for each in value.answers)
            yield f"检查表 {value.checklist}（{value.version}）：{answers}"
        case Offer():
            yield f"可立项：{value.text}"
        case ChecklistItem():
            yield f"检查表 {value.checklist} 第{value.item}项"
        case tuple():
            for each in value:
                yield from _told(each)
        case BaseModel():
            for name in type(value).model_fields:
                yield from _labelled(name, getattr(value, name))


def gaps(event: Event) -> Iterator[str]:
    """What is marked as missing, and from which old record it comes."""
    found = [words.flag(flag) for flag in event.flags]
    if event.historical:
        found.append(f"来源：{event.historical}")
    if found:
        yield f"标记 {'、'.join(found)}"
