"""The escalation rules 升级规则 as data: what a file of them may say. Adopted as an event, read by the notifier.

A clock starts with a fact of the hazard and stops with another. A step of a rule is due so long after the start, or so
long before a deadline, if it still runs and the hazard is still of the kind that the rule speaks of.

Days are those of 民法典 art. 200-203: the day of the start does not count, the last day ends at midnight, so a step
`after: 1 wd` of a fact of Monday is due as Wednesday begins. Counted from a deadline, which is itself the last day of a
period, `after: 1 nd` is due as the day after it begins, `before: 3 nd` as the third day before it begins.
"""

import re
from collections import Counter as Tally
from datetime import time
from enum import StrEnum
from typing import Annotated, Any, Final, Literal, NamedTuple, Self

from pydantic import BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from contracts.base import Contract, Name, Text, Token
from contracts.terms import AssignmentKind, Grade, Ladder, Origin, Role, Stage

LEVELS: Final = range(8)
"""L0 to L7."""
SIGNED_FROM: Final = 2
"""From this level on the machine tells nobody by itself: a draft waits for a person (policy.md section 7)."""
GONE: Final = frozenset({Stage.WITHDRAWN, Stage.MERGED})
"""No rule is asked about these."""


class Fact(StrEnum):
    """What starts or stops a clock: an event's name without `hazard.`, or what follows from events."""

    FOUND = "found"
    GRADED = "graded"
    """General or major, at last: what is called suspected is still to be decided."""
    REGRADED = "regraded"
    ORIGIN_RULED = "origin_ruled"
    OBJECTION_RECORDED = "objection_recorded"
    OBJECTION_ANSWERED = "objection_answered"
    ASSIGNED = "assigned"
    INTERIM_CONTROL_RECORDED = "interim_control_recorded"
    RECTIFICATION_PLANNED = "rectification_planned"
    RECTIFICATION_STARTED = "rectification_started"
    PROGRESS_REPORTED = "progress_reported"
    REPORTED_TO_REGULATOR = "reported_to_regulator"
    REPORT_ACKNOWLEDGED = "report_acknowledged"
    REPORTED_TO_WORKERS = "reported_to_workers"
    LISTING_PROPOSED = "listing_proposed"
    LISTING_DECLINED = "listing_declined"
    LISTED = "listed"
    LISTING_FILED = "listing_filed"
    LISTING_PUBLISHED = "listing_published"
    DELISTING_APPLIED = "delisting_applied"
    DELISTING_REFUSED = "delisting_refused"
    DELISTED = "delisted"
    SUSPENSION_ORDERED = "suspension_ordered"
    SUSPENSION_COMPLIED = "suspension_complied"
    RESUMPTION_APPLIED = "resumption_applied"
    RESUMPTION_REFUSED = "resumption_refused"
    OPERATIONS_RESUMED = "operations_resumed"
    ORDER_REVOKED = "order_revoked"
    EXTENSION_REQUESTED = "extension_requested"
    EXTENSION_GRANTED = "extension_granted"
    EXTENSION_REFUSED = "extension_refused"
    RECTIFICATION_SUBMITTED = "rectification_submitted"
    VERIFICATION_PASSED = "verification_passed"
    VERIFICATION_FAILED = "verification_failed"
    CLOSED = "closed"
    REOPENED = "reopened"
    TRANSFERRED = "transferred"
    TRANSFER_ACCEPTED = "transfer_accepted"
    TRANSFER_REFUSED = "transfer_refused"
    COMPETENCE_ASSIGNED = "competence_assigned"
    RESULT_REPORTED = "result_reported"
    MEASURE_RECORDED = "measure_recorded"
    DOCUMENT_SIGNED = "document_signed"
    DEADLINE = "deadline"
    """The deadline in force: the earliest of orders and listings, or else of what was merely assigned."""
    BECAME_MAJOR = "became_major"
    """Graded major, or suspected to be, which is treated alike until somebody with the power decides."""
    GRADED_MAJOR = "graded_major"
    IMMINENT_DANGER = "imminent_danger"
    WORKERS_ALL_TOLD = "workers_all_told"
    """Every enterprise among the parties told its own workers."""
    BYPASS_REPORTED = "bypass_reported"
    """安全生产法 art. 46; `reported_to_regulator` is not said of it: the head still owes his own report."""
    DELISTING_PUBLISHED = "delisting_published"
    """`listing_published` is said of a listing's own notice only."""
    SUSPENSION_DEFIED = "suspension_defied"
    """Found not to have stopped; `suspension_complied` is said only of one that did."""
    REOPENED_AS_FALSE = "reopened_as_false"
    """认定虚假整改, by two names; `reopened` is said of it too."""
    PENALISED = "penalised"
    """A measure that is a penalty; `measure_recorded` is said of it too."""
    PROPOSED = "proposed"
    """A step of either ladder from L2 up waits for its answer; the newest restarts the one clock. Not said of what was
    itself started by this."""
    ANSWERED = "answered"
    """The last that waited was, by a measure, a signature or a reasoned no."""


KEYED: Final = frozenset(
    {
        *(Fact.OBJECTION_RECORDED, Fact.OBJECTION_ANSWERED),
        *(Fact.REPORTED_TO_REGULATOR, Fact.REPORT_ACKNOWLEDGED, Fact.BYPASS_REPORTED),
        *(Fact.LISTING_PROPOSED, Fact.LISTING_DECLINED),
        *(Fact.LISTED, Fact.LISTING_FILED, Fact.LISTING_PUBLISHED, Fact.DELISTING_PUBLISHED),
        *(Fact.DELISTING_APPLIED, Fact.DELISTING_REFUSED, Fact.DELISTED),
        *(Fact.SUSPENSION_ORDERED, Fact.SUSPENSION_COMPLIED, Fact.SUSPENSION_DEFIED),
        *(Fact.RESUMPTION_APPLIED, Fact.RESUMPTION_REFUSED, Fact.OPERATIONS_RESUMED),
    }
)
"""Of one objection, report, listing or suspension, each with its own clock: a hazard may have several.

Another fact among the starts of such a rule starts each of its clocks anew that runs, and begins none by itself.
"""


class Relation(StrEnum):
    """Somebody by his part in the matter, beside the roles (policy.md section 2)."""

    RESPONSIBLE = "responsible"
    """整改责任人: of the plan, or named when it was assigned."""
    FINDER = "finder"
    """Who found it, for an authority; else the checkers of the body that did."""
    REVIEWER = "reviewer"
    """Who is to verify: of the ordering or competent body."""
    DECIDER = "decider"
    """Who decides on the extension that was asked for."""
    SENDER = "sender"
    """The lead of the body that transfers it."""
    RECEIVER = "receiver"
    """The lead of the body that it is transferred to."""
    SUPERVISOR = "supervisor"
    """The lead of the body that supervises the listing."""
    DUTY_OFFICER = "duty_officer"
    """Who is on the duty rota at that hour."""


class Counting(StrEnum):
    """What is counted across hazards."""

    LATE_AGAIN = "late_again"
    """G09 proposed for other hazards of the same party."""
    SAME_CLAUSE_SAME_PARTY = "same_clause_same_party"
    """Hazards of the same party under the same clause, this one among them 一地重发."""
    SAME_CLAUSE_IN_SECTOR = "same_clause_in_sector"
    """Parties of the same sector and county with a hazard under the same clause, this one's among them 异地重发."""
    PENALTIES = "penalties"
    """Penalties of the same party, on any of its hazards."""
    CLOSED_AT_SAME_POINT = "closed_at_same_point"
    """Other hazards of the same party, at the same place and under the same clause, closed as rectified."""
    SELF_CHECK_SAID_NONE = "self_check_said_none"
    """The party's own checks before it was found that said 无, or answered the same item so."""


class Delay(NamedTuple):
    """`12 h`, `3 nd` (natural days), `5 wd` (working days); never negative."""

    number: int
    unit: str

    def __str__(self) -> str:
        return f"{self.number} {self.unit}"


_DELAY: Final = re.compile(r"([0-9]{1,4}) ?(h|nd|wd)")
_TIME: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")


def _delay(value: Any) -> Any:  # noqa: ANN401 (whatever the file says)
    if isinstance(value, Delay):
        return value
    found = _DELAY.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise PydanticCustomError(
            "delay",
            "时间须写作“12 h”“3 nd”（自然日）或“5 wd”（工作日），不得为负，不是{given}："
            "write 12 h, 3 nd or 5 wd, not negative",
            {"given": str(value)},
        )
    return Delay(int(found[1]), found[2])


def _time(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, time):
        return value
    found = _TIME.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise PydanticCustomError(
            "time", '时刻须写作 "09:00"（加引号），不是{given}：write "09:00" in quotes', {"given": str(value)}
        )
    return time(int(found[1]), int(found[2]))


def _told(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, Role | Relation):
        return value
    for kind in (Relation, Role):
        if isinstance(value, str) and value in set(kind):
            return kind(value)
    raise PydanticCustomError(
        "unknown_role",
        "没有“{given}”这个角色，可用：{known}：no such role",
        {"given": str(value), "known": "、".join([*Relation, *Role])},
    )


DelayText = Annotated[
    Delay, BeforeValidator(_delay), WithJsonSchema({"type": "string", "pattern": "^[0-9]{1,4} ?(h|nd|wd)$"})
]
TimeText = Annotated[time, BeforeValidator(_time), WithJsonSchema({"type": "string", "pattern": f"^{_TIME.pattern}$"})]
Told = Annotated[
    Role | Relation,
    BeforeValidator(_told),
    WithJsonSchema({"type": "string", "enum": [*map(str, Relation), *map(str, Role)]}),
]
RuleId = Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,3}[0-9]{2}$")]
"""G07: a letter for the family, two digits."""


class Part(Contract):
    """A part of the file: a word that it does not know is a slip."""

    model_config = ConfigDict(extra="forbid", strict=False)


class Count(Part):
    """At least so many, and fewer than so many, up to the moment at which the step would be due."""

    of: Counting
    days: Annotated[int, Field(ge=1, le=400)]
    at_least: Annotated[int, Field(ge=0, le=1000)] = 0
    fewer_than: Annotated[int, Field(ge=1, le=1000)] | None = None

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.at_least >= (self.fewer_than or self.at_least + 1):
            raise PydanticCustomError("count", "at_least 须小于 fewer_than：at_least lies below fewer_than")
        if not self.at_least and self.fewer_than is None:
            raise PydanticCustomError("count", "计数须写 at_least 或 fewer_than：say at_least or fewer_than")
        return self


class Condition(Part):
    """What a rule or step applies to: all that is said must hold; of a list, one. `stage` unsaid: open, F to V."""

    grade: tuple[Grade, ...] = ()
    """`major` is said of a suspected one too, `general` of an ungraded one (policy.md section 3)."""
    graded: bool | None = None
    """General or major, as decided: a suspicion is still to be decided."""
    suspected: bool | None = None
    """The finder or grader holds it for major, and nobody has decided."""
    origin: tuple[Origin, ...] = ()
    """As ruled, where two names ruled on it; else as recorded."""
    stage: tuple[Stage, ...] = ()
    """Withdrawn and merged ones are nobody's to chase."""
    assigned_as: tuple[AssignmentKind, ...] = ()
    """How it was last assigned."""
    listed: bool | None = None
    suspended: bool | None = None
    employer: bool | None = None
    """An enterprise or sole trader is among the parties: whoever owes the dual report."""
    turn: Ladder | None = None
    """Whose move it is: the authority's while a claim waits for its verification, and once it was verified."""
    overdue: bool | None = None
    sector: tuple[Token, ...] = ()
    failed_at_least: Annotated[int, Field(ge=1, le=100)] | None = None
    """Verifications that failed since it was found or reopened."""
    asked_within: DelayText | None = None
    """An extension was asked for with less than that left to the deadline."""
    missing: tuple[Fact, ...] = ()
    """None of these happened since it was found or reopened: what was done before the clock began counts too."""
    count: Count | None = None
    truly_rectified: bool | None = None
    """真改: found by itself, both reports made where due, controlled meanwhile, verified by the deadline."""

    @model_validator(mode="after")
    def _chased(self) -> Self:
        if gone := GONE.intersection(self.stage):
            raise PydanticCustomError(
                "gone",
                "stage 不能写 {stage}：撤销、并案的隐患不再催办：withdrawn and merged hazards are not chased",
                {"stage": "、".join(sorted(gone))},
            )
        return self


class Basis(Part):
    """On what a rule rests, and how firm that is.

    L: statute read in full; W: seen in excerpts; S0-S4: the five notices; M: from memory; P: the project's own number.
    What is M or P is printed in no document.
    """

    text: Name
    tag: Literal["L", "W", "S0", "S1", "S2", "S3", "S4", "M", "P"]


class Step(Part):
    """A step of a rule 梯级."""

    step: Token
    after: DelayText | None = None
    before: DelayText | None = None
    """Only on the deadline's clock; it lapses with the deadline."""
    at: TimeText | None = None
    """The time of that day; else as it begins."""
    level: Annotated[int, Field(ge=0, le=7)]
    tell: tuple[Told, ...] = ()
    """Unsaid: as the ladder says for that level."""
    signs: tuple[Told, ...] = ()
    """Who may sign, from L2 up; unsaid: as the ladder says for that level. Nobody signs a letter to himself."""
    document: Name | None = None
    """What is drafted 文书."""
    action: Text | None = None
    """What whoever is told is asked to do."""
    applies: Condition | None = None
    """Beside the rule's own."""
    starts: tuple[Fact, ...] = ()
    stops: tuple[Fact, ...] | None = None
    """Instead of the rule's own."""

    @model_validator(mode="after")
    def _one_delay(self) -> Self:
        if (self.after is None) is (self.before is None):
            raise PydanticCustomError("one_delay", "梯级须写 after 或 before 之一：give either after or before")
        if self.at is not None and (self.after or self.before or Delay(0, "h")).unit == "h":
            raise PydanticCustomError("time", "按小时计的梯级不能另定时刻：a step in hours has no time of day")
        if self.signs and self.level < SIGNED_FROM:
            raise PydanticCustomError("unsigned", "L0、L1 由系统直接发送，不写 signs：only from L2 up somebody signs")
        return self


class Rung(Part):
    """A level of a ladder 级别."""

    level: Annotated[int, Field(ge=0, le=7)]
    name: Name
    tell: Annotated[tuple[Told, ...], Field(min_length=1)]
    document: Name | None = None
    signs: tuple[Told, ...] = ()
    """Who may sign, from L2 up: he is told that a draft waits."""

    @model_validator(mode="after")
    def _signed(self) -> Self:
        if self.level >= SIGNED_FROM and not self.signs:
            raise PydanticCustomError("unsigned", "L2 及以上须写明签发人 signs：from L2 up say who signs")
        return self


class Rule(Part):
    """A rule 规则."""

    id: RuleId
    title: Name
    ladder: Ladder = Ladder.ENTERPRISE
    applies: Condition = Condition()
    starts: Annotated[tuple[Fact, ...], Field(min_length=1)]
    stops: tuple[Fact, ...] = ()
    follows: RuleId | None = None
    """Only after that rule was due on the same clock."""
    raises: Annotated[int, Field(ge=0, le=3)] = 0
    """Once it was due, this hazard's party, where late, is met so many levels higher on the enterprises' ladder: the
    steps after its deadline, and no others."""
    label: Name | None = None
    """疑似…: for the competent body's eyes until two names rule."""
    confidential: bool = False
    """Nobody of the enterprise is told."""
    steps: Annotated[tuple[Step, ...], Field(min_length=1, max_length=20)]
    basis: Annotated[tuple[Basis, ...], Field(min_length=1, max_length=10)]

    @model_validator(mode="after")
    def _sound(self) -> Self:
        (step, times), *_ = Tally(one.step for one in self.steps).most_common(1)
        if times > 1:
            raise PydanticCustomError("twice", "梯级 {step} 写了两次：the step stands twice", {"step": step})
        for one in self.steps:
            starts = one.starts or self.starts
            if Fact.DEADLINE in starts and len(starts) > 1:
                raise PydanticCustomError("deadline", "deadline 须单独起算：a clock starts with the deadline alone")
            if one.before is not None and Fact.DEADLINE not in starts:
                raise PydanticCustomError("deadline", "before 只能用于 deadline：before is for the deadline's clock")
        return self


def _same_clock(rule: Rule, before: Rule) -> bool:
    """Each step's clock may be one that the other rule was due on."""
    begun = {fact for step in before.steps for fact in step.starts or before.starts}
    return all(not begun.isdisjoint(step.starts or rule.starts) for step in rule.steps)


class Policy(Part):
    """A file of rules 升级策略. Its version is the SHA-256 of its text."""

    name: Name
    ladders: dict[Ladder, Annotated[tuple[Rung, ...], Field(min_length=1, max_length=8)]]
    rules: Annotated[tuple[Rule, ...], Field(min_length=1, max_length=200)]

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        (rule, times), *_ = Tally(one.id for one in self.rules).most_common(1)
        if times > 1:
            raise PydanticCustomError("twice", "规则 {rule} 写了两次：two rules with one id", {"rule": rule})
        for rungs in self.ladders.values():
            if [rung.level for rung in rungs] != sorted({rung.level for rung in rungs}):
                raise PydanticCustomError("levels", "级别须由低到高、各写一次：levels once each, from low to high")
        by_id = {one.id: one for one in self.rules}
        for one in self.rules:
            self._check_rungs(one)
            self._check_chain(one, by_id)
        return self

    def _check_rungs(self, rule: Rule) -> None:
        known = {rung.level for rung in self.ladders.get(rule.ladder, ())}
        for step in rule.steps:
            if step.level not in known:
                raise PydanticCustomError(
                    "level",
                    "规则 {rule} 的级别 L{level} 不在阶梯里：the ladder has no such level",
                    {"rule": rule.id, "level": step.level},
                )

    @staticmethod
    def _check_chain(rule: Rule, by_id: dict[str, Rule]) -> None:
        seen: list[str] = [rule.id]
        while (before := by_id[seen[-1]].follows) is not None:
            if before not in by_id:
                raise PydanticCustomError(
                    "unknown_rule",
                    "规则 {rule} 的 follows 指向没有的规则 {before}：no such rule",
                    {"rule": seen[-1], "before": before},
                )
            if not _same_clock(by_id[seen[-1]], by_id[before]):
                raise PydanticCustomError(
                    "other_clock",
                    "规则 {rule} 的 follows 指向 {before}，但两条规则的 starts 不同，不会是同一次计时："
                    "their clocks start with different facts and are never the same",
                    {"rule": seen[-1], "before": before},
                )
            if before in seen:
                raise PydanticCustomError(
                    "cycle", "规则首尾相接成环：{chain}：a cycle", {"chain": " → ".join([*seen, before])}
                )
            seen.append(before)
