"""延期台账: a line for each request; one waits at a time, and lapses when the hazard is verified."""

from typing import Any, Final

from contracts import events, words
from contracts.events import Event
from contracts.terms import AssignmentKind, Stage
from services.projection.entries import Entry
from services.projection.facets import deadlines, describing, staging, stating, wording
from services.projection.ledger import Column, Kind, Ledger, Rule
from services.projection.pages import Page, Row

COLUMNS: Final = describing.columns(
    staging.COLUMN,
    Column("due", "现整改时限", Kind.DAY),
    Column("result", "办理结果"),
    Column("asked_by", "申请人"),
    Column("asked_at", "申请时间", Kind.MOMENT),
    Column("of", "所延时限"),
    Column("from_due", "原时限", Kind.DAY),
    Column("asked_until", "申请延至", Kind.DAY),
    Column("reasons", "延期理由"),
    Column("interim_controls", "延期间管控措施"),
    Column("decided_by", "决定人"),
    Column("decided_at", "决定时间", Kind.MOMENT),
    Column("until", "准予延至", Kind.DAY),
    Column("supervisor_opinion", "督办单位意见"),
    Column("document", "延期文书"),
    Column("refusal", "不准理由"),
)
WAITING: Final = "待决定"
LAPSED: Final = frozenset({Stage.VERIFIED, Stage.CLOSED, Stage.MERGED, Stage.WITHDRAWN})
"""Where nobody needs more time."""


def assigned(event: events.HazardAssigned, entry: Entry, page: Page) -> None:
    """Whether what was merely assigned was a notice or a handover."""
    if event.kind in {AssignmentKind.NOTICE, AssignmentKind.HANDOVER}:
        page.row(entry).state["assigned"] = words.term(event.kind)


def requested(event: events.ExtensionRequested, entry: Entry, page: Page) -> None:
    """It waits."""
    row, head = _begin(entry, page), page.row(entry)
    head.state["waiting"] = _suffix(entry)
    days = [day for key in event.of if (day := head.state.get("dues", {}).get(key))]
    row.set(
        entry,
        result=WAITING,
        asked_at=entry.moment(event.occurred_at),
        of=_named(event.of, head),
        from_due=min(days, default=None),
        asked_until=event.until.isoformat(),
        reasons=event.reasons,
        interim_controls=event.interim_controls,
    )
    describing.name(entry, row, "asked_by", stating.signed_by(event))


def granted(event: events.ExtensionGranted, entry: Entry, page: Page) -> None:
    """Until that day, perhaps earlier than asked. A grant whose request is not known has a line of its own."""
    row = _decided(event, entry, page)
    row.set(
        entry,
        result="准予延期",
        of=_named(event.of, page.row(entry)),
        until=event.until.isoformat(),
        supervisor_opinion=event.supervisor_opinion,
        document=wording.number(event.document),
    )


def refused(event: events.ExtensionRefused, entry: Entry, page: Page) -> None:
    """The deadline stays."""
    _decided(event, entry, page).set(entry, result="不准延期", refusal=event.reasons)


def _decided(event: events.ExtensionGranted | events.ExtensionRefused, entry: Entry, page: Page) -> Row:
    waiting = page.row(entry).state.pop("waiting", None)
    row = (page.find(waiting) if waiting else None) or _begin(entry, page)
    row.set(entry, decided_at=entry.moment(event.occurred_at))
    describing.name(entry, row, "decided_by", stating.signed_by(event, event.decided_by))
    return row


def lapsed(event: Any, entry: Entry, page: Page) -> None:  # noqa: ANN401 (any event that moves the stage)
    """Verified, the request is gone; merged, withdrawn or ceased, nobody decides it for now."""
    head = page.row(entry)
    waiting, stage = head.state.get("waiting"), staging.stage(head)
    if waiting is None or (row := page.find(waiting)) is None:
        return
    result = f"未决定（{head.get('stage')}）" if stage in LAPSED else WAITING
    if row.get("result") != result:
        row.set(entry, result=result)
    if isinstance(event, events.VerificationPassed):
        del head.state["waiting"]


def moved(_: Any, entry: Entry, page: Page) -> None:  # noqa: ANN401 (any event that moves a deadline)
    """Every line says the deadline now in force."""
    due = page.row(entry).get("due")
    for row in page.others():
        if row.get("due") != due:
            row.set(entry, due=due)


def _suffix(entry: Entry) -> str:
    return f"extension-{entry.version}"


def _begin(entry: Entry, page: Page) -> Row:
    return describing.begin(entry, page, _suffix(entry))


def _named(keys: tuple[str, ...], head: Row) -> str:
    """责令限期整改, 挂牌督办, 企业内部交办."""
    return "、".join(dict.fromkeys(_name(key, head) for key in keys))


def _name(key: str, head: Row) -> str:
    match key.partition(":")[0]:
        case "order":
            return words.term(AssignmentKind.ORDER)
        case "internal":
            return words.term(AssignmentKind.INTERNAL)
        case "assignment":
            return str(head.state.get("assigned") or words.term(AssignmentKind.HANDOVER))
        case _:
            return words.word("listing")


RULES: Final[dict[type[Event], Any]] = {
    events.HazardAssigned: assigned,
    events.ExtensionRequested: requested,
    events.ExtensionGranted: granted,
    events.ExtensionRefused: refused,
}
LAPSING: Final[dict[type[Event], Rule]] = dict.fromkeys(staging.RULES, lapsed)
MOVING: Final[dict[type[Event], Rule]] = dict.fromkeys(deadlines.RULES, moved)

LEDGER: Final = Ledger(
    name="extensions",
    title="延期台账",
    version=1,
    columns=COLUMNS,
    rules=describing.rules(staging.RULES, deadlines.RULES, RULES, LAPSING, MOVING, hidden=True),
)
