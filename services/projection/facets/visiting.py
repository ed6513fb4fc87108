"""What the record of a visit says at once: the cells of 排查记录 that it fills, and what forms need of it."""

from contracts import events, words
from contracts.terms import Flag, VisitKind
from services.projection.entries import Entry
from services.projection.facets import checklists, describing, findings, spot_checks, walking, wording
from services.projection.pages import Page, Row


def recorded(event: events.InspectionRecorded, entry: Entry, page: Page) -> None:
    """Where, whom, by whom, what was seen."""
    row = page.row(entry)
    row.set(
        entry,
        number=walking.number(page.key),
        area=event.area,
        kind=words.visit(VisitKind(event.kind)),
        modes="、".join(words.term(mode) for mode in event.modes) or None,
        visited_by=_visitors(event),
        began_at=entry.moment(event.occurred_at),
        ended_at=entry.moment(event.ended_at) if event.ended_at else None,
        party=event.party.name if event.party else None,
        credit_code=event.party.credit_code if event.party else None,
        place=event.place,
        certificates=wording.certificates(event.inspectors),
        announced=_announced(event, entry),
        notice=wording.number(event.notice),
        approval=wording.number(event.approval),
        handling=event.handling,
        remarks=event.remarks,
        refused_to_sign=event.refused_to_sign,
        flags="、".join(words.flag(Flag(flag)) for flag in event.flags) or None,
    )
    describing.name(entry, row, "inspectors", event.inspectors)
    if event.signed_by is not None:
        describing.name(entry, row, "signed_by", (event.signed_by,))
    if event.party is not None:
        row.state["party"] = event.party.model_dump(mode="json", include={"id", "name", "kind"})
    row.state["none_found"] = event.none_found
    photographed(event, entry, row)
    _answered(event, entry, row)
    findings.begin(event, entry, row)
    spot_checks.recorded(event, entry, page, row)


def _visitors(event: events.InspectionRecorded) -> str | None:
    """The lead first; a self-check is the party's own."""
    if event.kind == VisitKind.SELF_CHECK:
        return event.party.name if event.party else None
    bodies = sorted(event.visited_by, key=lambda body: not body.lead)
    several = len(bodies) > 1
    return "、".join(f"{body.name}（牵头）" if several and body.lead else body.name for body in bodies) or None


def _announced(event: events.InspectionRecorded, entry: Entry) -> str | None:
    """An old table that does not say so leaves it open."""
    if event.announced_at is not None:
        return f"已通知（{entry.moment(event.announced_at)[:16].replace('T', ' ')}）"
    return None if event.historical else "未事先通知"


def photographed(event: events.InspectionRecorded | events.InspectionCorrected, entry: Entry, row: Row) -> None:
    """The files are named by their hashes; form A prints them."""
    if event.photos is not None:
        row.state["photos"] = [photo.model_dump(mode="json") for photo in event.photos]
        row.set(entry, photos=len(event.photos))


def _answered(event: events.InspectionRecorded, entry: Entry, row: Row) -> None:
    """What was ticked stays at hand for form C."""
    if not event.checklists:
        return
    wrong = {filled.checklist: checklists.problems(filled, event.offers) for filled in event.checklists}
    row.state["checklists"] = [
        filled.model_dump(mode="json", exclude_none=True)
        | {"problems": wrong[filled.checklist], "keys": checklists.keys(filled, event.offers)}
        for filled in event.checklists
    ]
    told = "；".join(checklists.told(filled, event.offers) for filled in event.checklists)
    row.set(entry, checklists=told, problems=sum(map(len, wrong.values())))
