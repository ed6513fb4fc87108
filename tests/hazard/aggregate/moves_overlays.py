"""What listing, suspending, extending, transferring and their answers might say."""

from datetime import timedelta

from contracts.parties import Actor, BodyRef
from contracts.terms import DelistingGround, PublicationKind, RevocationAct, Role, Stage, SuspensionKind
from tests.hazard.aggregate.cast import DIRECTORY, PAPER, PHOTO, colleagues, sign, with_roles
from tests.hazard.aggregate.scene import LEADS, NUMBERED, WORDS, Fields, Scene

RECEIVERS = (*LEADS, Role.OFFICER, Role.REGULATOR, Role.TOWNSHIP_CHECKER)


def list_hazard(at: Scene) -> Fields:
    """For some days."""
    return {
        "deadline": at.today + timedelta(days=at.rng.choice((4, 10, 30))),
        "document": NUMBERED,
        "supervisor": BodyRef(id="county-em", name="县应急局"),
    }


def of_listing(at: Scene) -> Fields:
    """Which listing, by its own body most of the time."""
    key = at.some([*at.record.listings, *at.record.listings, *at.record.ended_listings])
    open_or_ended = {key: body for key, (body, _) in at.record.listings.items()} | at.record.ended_listings
    body = open_or_ended.get(key or next(iter(at.record.listings), ""))
    return {"listing": key, "actor": at.of_body(body, Role.LISTING_AUTHORITY)}


def publish(at: Scene) -> Fields:
    """On the county's page."""
    ended = not at.record.listings
    kind = PublicationKind.DELISTED if ended else PublicationKind.LISTED
    return {**of_listing(at), "kind": kind, "medium": "县政府网站"}


def recall(at: Scene) -> Fields:
    """By the body that published."""
    published = [event.actor.body for event in at.record.history if event.type == "hazard.listing_published"]
    body = at.rng.choice(published) if published else None
    return {"actor": at.of_body(body, Role.LISTING_AUTHORITY), "reasons": WORDS, "medium": "县政府网站"}


def apply_for_delisting(at: Scene) -> Fields:
    """Of one of the listings."""
    return {"statement": WORDS, "evidence": (PHOTO,), "listing": at.some(list(at.record.listings))}


def refuse_delisting(at: Scene) -> Fields:
    """What was applied for."""
    asked = [key for key in at.record.delisting_asked if key in at.record.listings]
    body = at.record.listings[asked[0]][0] if asked else None
    return {"actor": at.of_body(body, Role.LISTING_AUTHORITY), "listing": at.some(asked), "reasons": WORDS}


def delist(at: Scene) -> Fields:
    """On the ground that fits, most of the time."""
    fields = of_listing(at)
    actor: Actor = fields["actor"]
    grounds = {Stage.VERIFIED: (DelistingGround.RECTIFIED,), Stage.CLOSED: (DelistingGround.CEASED,)}
    usual = grounds.get(at.record.stage or Stage.FOUND, (DelistingGround.SUPERSEDED, DelistingGround.REVOKED))
    return {
        **fields,
        "ground": at.rng.choice((*usual, *usual, *DelistingGround)),
        "signed_by": sign(at.rng.choice([actor, *colleagues(actor)])),
        "document": NUMBERED,
    }


def suspend(at: Scene) -> Fields:
    """On site, as a penalty, or told of another body."""
    kind = at.rng.choice((SuspensionKind.ON_SITE, *SuspensionKind))
    other = at.rng.choice([actor for actor in with_roles(Role.OFFICER) if actor.body != at.actor.body])
    decider = other if kind is SuspensionKind.OTHER_BODY else at.actor
    return {
        "kind": kind,
        "scope": "一车间",
        "basis": "安全生产法第六十五条",
        "document": at.rng.choice((NUMBERED, None)),
        "document_pending": True,
        "officers": at.pair(decider),
        "approved_by": at.lead(decider),
        "legal_review_by": sign(at.rng.choice(with_roles(Role.LEGAL_REVIEWER))),
    }


def of_suspension(at: Scene) -> Fields:
    """Which suspension, by its own body most of the time."""
    key = at.some(list(at.record.suspensions))
    body = at.record.suspensions.get(key or next(iter(at.record.suspensions), ""))
    return {"suspension": key, "actor": at.of_body(body, Role.OFFICER, *LEADS)}


def apply_for_resumption(at: Scene) -> Fields:
    """Of one of the suspensions."""
    return {"scope": "一车间", "suspension": at.some(list(at.record.suspensions))}


def refuse_resumption(at: Scene) -> Fields:
    """What was applied for."""
    asked = [key for key in at.record.resumption_asked if key in at.record.suspensions]
    body = at.record.suspensions[asked[0]] if asked else None
    return {"actor": at.of_body(body, Role.OFFICER, *LEADS), "suspension": at.some(asked), "reasons": WORDS}


def resume(at: Scene) -> Fields:
    """In full once verified, on trial before."""
    fields = of_suspension(at)
    actor: Actor = fields["actor"]
    return {
        **fields,
        "scope": "一车间",
        "trial": at.record.stage is not Stage.VERIFIED,
        "trial_until": at.today + timedelta(days=7),
        "reviewers": at.pair(actor),
        "consented_by": at.lead(actor),
        "document": NUMBERED,
    }


def revoke(at: Scene) -> Fields:
    """What stands, by a lead of its body or on a court's paper."""
    standing = [("order", key, at.record.ordered_by[key]) for key in at.record.orders]
    standing += [("suspension", key, body) for key, body in at.record.suspensions.items()]
    standing += [("listing", key, body) for key, (body, _) in at.record.listings.items()]
    order, target, body = at.rng.choice(standing or [("order", "order:county-em", "county-em")])
    court = BodyRef(id="city-court", name="市中级人民法院")
    act = at.rng.choice(list(RevocationAct))
    return {
        "actor": at.of_body(body, *LEADS, Role.LISTING_AUTHORITY),
        "order": order,
        "target": target,
        "act": act,
        "deciding_body": court if "annulled" in act else BodyRef(id=body, name="原决定单位"),
        "document": NUMBERED,
        "reasons": WORDS,
    }


def request_extension(at: Scene) -> Fields:
    """Past the deadline in force."""
    until = (at.record.deadline or at.today) + timedelta(days=at.rng.choice((1, 5, 30)))
    return {"until": until, "reasons": WORDS, "interim_controls": WORDS}


def _holder(at: Scene) -> Actor:
    asked = at.record.extension
    if asked is None:
        return at.actor
    listed = [at.record.listings[key][0] for key in asked.of if key in at.record.listings]
    ordered = [at.record.ordered_by[key] for key in asked.of if key in at.record.orders]
    assigned = [at.record.assignments[key][1] for key in asked.of if key in at.record.assignments]
    if listed:
        return at.of_body(at.rng.choice(listed), Role.LISTING_AUTHORITY)
    return at.of_body(at.rng.choice([*ordered, *assigned, None]), *LEADS)


def grant_extension(at: Scene) -> Fields:
    """As asked, or a little less."""
    decider, asked = _holder(at), at.record.extension
    return {
        "actor": decider,
        "decided_by": sign(decider),
        "until": asked.until - timedelta(days=at.rng.randrange(2)) if asked and at.one_in(2) else None,
        "supervisor_opinion": WORDS,
    }


def refuse_extension(at: Scene) -> Fields:
    """By the same."""
    decider = _holder(at)
    return {"actor": decider, "decided_by": sign(decider), "reasons": WORDS}


def hand_on(at: Scene) -> Fields:
    """To a body of the county."""
    body = at.rng.choice([body for body in DIRECTORY.bodies if body.area.startswith("320623")])
    return {"to_body": BodyRef(id=body.id, name=body.name), "reasons": WORDS}


def transfer(at: Scene) -> Fields:
    """With its papers, the party told."""
    return {**hand_on(at), "party_told_on": at.today, "evidence": (PAPER,)}


def hand_down(at: Scene) -> Fields:
    """Binding, the result asked for or not."""
    return {**hand_on(at), "from_superior": at.one_in(2)}


def accept(at: Scene) -> Fields:
    """By the receiver."""
    to = at.record.transfer.to_body.id if at.record.transfer else None
    return {"actor": at.of_body(to, *RECEIVERS), "note": WORDS}


def send_back(at: Scene) -> Fields:
    """Naming another body."""
    to = at.record.transfer.to_body.id if at.record.transfer else None
    return {
        "actor": at.of_body(to, *RECEIVERS),
        "competent_body": BodyRef(id="county-gov", name="县政府"),
        "basis": WORDS,
    }


def report_result(at: Scene) -> Fields:
    """To whoever waits for it."""
    above = at.rng.choice(sorted(at.record.handed_down_by) or ["city-em"])
    return {"to_body": BodyRef(id=above, name="上级"), "content": WORDS}


def sign_document(at: Scene) -> Fields:
    """The number of an oral order, or anything."""
    key = at.some(list(at.record.suspensions))
    return {"kind": "现场处理措施决定书", "number": "〔2026〕7号", "signed_by": sign(at.actor), "suspension": key}


def measure(at: Scene) -> Fields:
    """A penalty, or a talk."""
    return {
        "kind": at.rng.choice(("罚款", "查封", "约谈", "责令停产停业整顿")),
        "basis": "安全生产法第一百零二条",
        "legal_review_by": sign(at.rng.choice(with_roles(Role.LEGAL_REVIEWER))),
        "officers": at.pair(),
        "document": NUMBERED,
    }


def pause(at: Scene) -> Fields:
    """For three days."""
    return {"reasons": WORDS, "until": at.today + timedelta(days=3)}
