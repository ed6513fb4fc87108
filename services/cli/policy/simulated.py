"""What a simulation came to: totals by rule and level, by whom is told, and single hazards step by step."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

from contracts.base import short_number
from contracts.directory import Directory
from services.cli.policy.file import PolicyFile
from services.cli.site import minute
from services.notifier.letters import addressing
from services.notifier.rules import Rules
from services.notifier.simulations.comparing import Cell, Change, Kind, Tally
from services.notifier.simulations.simulation import Plan, Result, Shown
from services.notifier.simulations.supposed import Said
from services.notifier.timing import phrasing
from services.notifier.timing.firing import Firing

KINDS: Final = {
    Kind.MORE: "多",
    Kind.FEWER: "少",
    Kind.EARLIER: "提前",
    Kind.LATER: "推后",
    Kind.LEVEL: "级别不同",
    Kind.TOLD: "对象不同",
}


@dataclass(frozen=True)
class Tellers:
    """Who would have been told, by the directory as it is now; the roles where it names nobody."""

    directory: Directory
    zone: ZoneInfo
    present: Mapping[str, Rules]
    """By hazard."""
    given: Rules

    def names(self, said: Said, *, given: bool) -> list[str]:
        """At the moment of the step."""
        firing, case = said.firing, said.case
        rules = self.given if given else self.present[case.id]
        found = addressing.told(firing, case, rules, self.directory, firing.occurred_at, self.zone)
        return [one.member.name for one in found]


@dataclass(frozen=True)
class Simulated:
    """Ready to be told."""

    read: PolicyFile
    plan: Plan
    result: Result

    def machine(self, tellers: Tellers) -> dict[str, Any]:
        """One object."""
        tally = self.result.tally
        return {
            "policy": self.read.version,
            "name": self.read.policy.name,
            "from": self.plan.since,
            "to": self.plan.until,
            "as_it_happened": self.plan.as_it_happened,
            "hazards": tally.hazards,
            "changed": tally.changed,
            "unreadable": tally.unreadable,
            "before": tally.before.total(),
            "after": tally.after.total(),
            "differences": {kind: _kind(tally, kind) for kind in Kind},
            "rules": [
                {**cell._asdict(), "before": tally.before[cell], "after": tally.after[cell]} for cell in _cells(tally)
            ],
            "told": [
                {"role": role, "before": tally.told_before[role], "after": tally.told_after[role]}
                for role in sorted({*tally.told_before, *tally.told_after})
            ],
            "shown": [_hazard(one, tellers) for one in self.result.shown],
        }

    def people(self, tellers: Tellers) -> Iterator[str]:
        """The same in lines."""
        tally, plan = self.result.tally, self.plan
        span = f"{minute(plan.since) if plan.since else ''} 至 {minute(plan.until)}"
        clock = "按发生时间" if plan.as_it_happened else "按录入时间"
        before, after = tally.before.total(), tally.after.total()
        yield f"推演（{clock}，不发送、不写入）：{self.read.policy.name}（{self.read.version[:12]}）　{span}"
        yield f"{tally.hazards:,} 条隐患，{tally.changed:,} 条有差别；提请与提醒：现行 {before:,}，新策略 {after:,}"
        if tally.unreadable:
            yield f"另有 {tally.unreadable} 条含本程序读不懂的记录，未适用规则：须升级程序"
        counted = [(kind, _kind(tally, kind)) for kind in Kind]
        yield f"差别：{'，'.join(f'{KINDS[kind]} {number:,}' for kind, number in counted if number) or '没有'}"
        yield from _table(tally)
        for one in self.result.shown:
            yield from _lines(one, tellers)
        if tally.changed > len(self.result.shown):
            yield f"还有 {tally.changed - len(self.result.shown):,} 条有差别的隐患未列出：用 --first 或 --hazard 查看。"


def _kind(tally: Tally, kind: Kind) -> int:
    return sum(number for (_, one), number in tally.kinds.items() if one is kind)


def _cells(tally: Tally) -> list[Cell]:
    return sorted({*tally.before, *tally.after})


def _table(tally: Tally) -> Iterator[str]:
    yield "规则  级别      现行    新策略        差"
    for cell in _cells(tally):
        before, after = tally.before[cell], tally.after[cell]
        yield f"{cell.rule:<5} L{cell.level}   {before:>8,}  {after:>8,}  {after - before:>+8,}"
    for role in sorted({*tally.told_before, *tally.told_after}):
        before, after = tally.told_before[role], tally.told_after[role]
        if before != after:
            yield f"  {phrasing.whom(role)}：{before:,} → {after:,}"


def _hazard(one: Shown, tellers: Tellers) -> dict[str, Any]:
    return {
        "hazard": one.case.id,
        "before": [_firing(each, tellers, given=False) for each in one.before],
        "after": [_firing(each, tellers, given=True) for each in one.after],
        "changes": [
            {
                "kinds": change.kinds,
                "before": change.before and _firing(_said(one.before, change.before), tellers, given=False),
                "after": change.after and _firing(_said(one.after, change.after), tellers, given=True),
            }
            for change in one.changes
        ],
    }


def _firing(said: Said, tellers: Tellers, *, given: bool) -> dict[str, Any]:
    firing = said.firing
    return {
        "rule": firing.rule,
        "step": firing.step,
        "level": firing.level,
        "ladder": firing.ladder,
        "due": firing.due_at,
        "at": firing.occurred_at,
        "document": firing.document,
        "roles": [phrasing.whom(one) for one in (firing.signs or firing.tell)],
        "tell": tellers.names(said, given=given),
    }


def _lines(one: Shown, tellers: Tellers) -> Iterator[str]:
    yield f"{short_number(one.case.id)}　{one.case.description[:40]}"
    if not one.changes:
        yield from (f"    {_line(each, tellers, given=True)}" for each in one.after)
    for change in one.changes:
        yield from (f"  {line}" for line in _change(one, change, tellers))


def _change(one: Shown, change: Change, tellers: Tellers) -> Iterator[str]:
    lines = []
    if change.before is not None:
        lines.append(_line(_said(one.before, change.before), tellers, given=False))
    if change.after is not None:
        lines.append(_line(_said(one.after, change.after), tellers, given=True))
    yield f"{'、'.join(KINDS[kind] for kind in change.kinds)}　{'　⇒　'.join(lines)}"


def _line(said: Said, tellers: Tellers, *, given: bool) -> str:
    firing = said.firing
    names = tellers.names(said, given=given) or [phrasing.whom(one) for one in (firing.signs or firing.tell)]
    document = f"《{firing.document}》" if firing.document else ""
    return f"{minute(firing.occurred_at)}　{firing.rule} {firing.step} L{firing.level}{document} → {'、'.join(names)}"


def _said(said: Sequence[Said], firing: Firing) -> Said:
    return next(one for one in said if one.firing == firing)
