"""What happens beside the stages: reports, listings, transfers; of all these the form counts listings."""

from contracts import events
from contracts.base import DocumentRef
from contracts.terms import DelistingGround, PublicationKind, ReportCovers, WorkersBody
from tests.lives.life import Life
from tests.lives.shapes import PAPER, person, shape, signatory
from tests.lives.words import Word

_TOLD_ABOVE = shape(
    events.ReportedToRegulator,
    receiver={"id": "em", "name": "县应急管理局"},
    covers=ReportCovers.FINDING,
    report="report-1",
)
_TOLD_WORKERS = shape(events.ReportedToWorkers, body=WorkersBody.ASSEMBLY, present=28, total=30, signed_sheet=PAPER)
_PROPOSED = shape(events.ListingProposed, reasons="整改难度大，建议挂牌督办", proposal="proposal-1")
_LISTED = shape(events.HazardListed, listing="listing-1", document=DocumentRef(number="县政安督〔2024〕2号"))
_PUBLISHED = shape(
    events.ListingPublished,
    listing="listing-1",
    publication="publication-1",
    kind=PublicationKind.LISTED,
    medium="县政府网站",
)
_DELISTED = shape(events.HazardDelisted, listing="listing-1", document=DocumentRef(number="县政安摘〔2024〕2号"))
_OFFERED = shape(
    events.HazardTransferred, to_body={"id": "fire", "name": "县消防救援大队"}, reasons="属消防安全事项，不在本局职责内"
)
_ACCEPTED = shape(events.TransferAccepted, by_body="fire")
_SENT_BACK = shape(events.TransferRefused, by_body="fire", competent_body={"name": "县应急管理局"}, basis="三定规定")
_ASSIGNED = shape(events.CompetenceAssigned, to_body={"name": "县应急管理局"}, reasons="经协调，由该局监管")


def reported_above(life: Life) -> None:
    """To the regulator: one half of the dual report; of a party that has nobody to speak for it, nothing."""
    if life.company:
        report = f"report-{life.version + 1}"
        life.say(_TOLD_ABOVE, actor=life.company.manager, receiver=life.office.bureau, report=report)


def reported_inside(life: Life) -> None:
    """To the workers: the other half."""
    if life.company:
        life.say(
            _TOLD_WORKERS,
            actor=life.company.head,
            held_on=life.in_days(0),
            countersigned_by=person(life.company.manager),
        )


def proposed(life: Life) -> None:
    """Proposed for listing, which is no listing."""
    life.say(_PROPOSED, actor=life.office.lead, proposal=f"proposal-{life.version + 1}")


def listed(life: Life) -> str:
    """Listed by the county: counted from here on, whatever becomes of it. Gives the id of this listing."""
    listing = f"listing-{life.version + 1}"
    life.say(
        _LISTED,
        actor=life.office.mayor,
        listing=listing,
        deadline=life.in_days(60),
        supervisor=life.office.bureau,
        word=Word("listing", 1),
    )
    life.listings.append(listing)
    return listing


def published(life: Life, listing: str) -> None:
    """Told to the public."""
    life.say(_PUBLISHED, actor=life.office.committee, listing=listing, publication=f"publication-{life.version + 1}")


def delisted(life: Life, listing: str, ground: DelistingGround = DelistingGround.RECTIFIED) -> None:
    """The listing ended; that it was listed stays counted."""
    mayor = life.office.mayor
    life.listings.remove(listing)
    life.say(_DELISTED, actor=mayor, listing=listing, ground=ground, signed_by=signatory(mayor))


def offered(life: Life) -> None:
    """Offered to the fire brigade, which may take it or send it back."""
    office = life.office
    life.say(_OFFERED, actor=office.director, to_body=office.fire, from_body=office.bureau.id)


def accepted(life: Life) -> None:
    """Taken over; the birth area stays, and the count with it."""
    life.say(_ACCEPTED, actor=life.office.fireman, by_body=life.office.fire.id)


def sent_back(life: Life) -> None:
    """Not theirs either."""
    office = life.office
    life.say(_SENT_BACK, actor=office.fireman, by_body=office.fire.id, competent_body=office.bureau)


def decided_above(life: Life) -> None:
    """The safety committee says whose it is."""
    life.say(_ASSIGNED, actor=life.office.committee, to_body=life.office.bureau)
