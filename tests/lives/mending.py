"""What is done about a hazard, from the order to the end of it; only what was seen to be done says a word."""

from decimal import Decimal

from contracts import events
from contracts.parties import Actor
from contracts.terms import (
    AssignmentKind,
    ClosureKind,
    FailureResult,
    ReopeningKind,
    Trigger,
    VerificationMode,
)
from tests.lives.life import Life
from tests.lives.shapes import ORDER, PAPER, PHOTO, person, shape, signatory
from tests.lives.words import Standing, Word

_SOME_DAY = "2024-03-01"
_ASSIGNED = shape(events.HazardAssigned, kind=AssignmentKind.NOTICE, measures="清空通道，恢复原状")
_PLANNED = shape(
    events.RectificationPlanned, measures="清理、划线、每日巡查", funds=Decimal("3000.00"), contingency="停用并设警戒"
)
_STARTED = shape(events.RectificationStarted)
_PROGRESS = shape(events.ProgressReported, done="已清理一半", remaining="东侧待清理", evidence=(PHOTO,))
_CONTROLLED = shape(events.InterimControlRecorded, measures="停用并设警戒线", self_suspension=True)
_ASKED = shape(
    events.ExtensionRequested, until=_SOME_DAY, reasons="设备到货推迟", interim_controls="停用并设警戒线", of=("order",)
)
_GRANTED = shape(events.ExtensionGranted, until=_SOME_DAY, of=("order",))
_NOT_GRANTED = shape(events.ExtensionRefused, reasons="可以按期完成")
_SUBMITTED = shape(events.RectificationSubmitted, statement="已整改到位，请予复查", before=(PHOTO,), after=(PHOTO,))
_SEEN = {"trigger": Trigger.SUBMISSION, "mode": VerificationMode.ON_SITE}
_FAILED = shape(
    events.VerificationFailed,
    **_SEEN,
    result=FailureResult.PARTIAL,
    remaining="仍有一处未改",
    verification_class="O",
)
_PASSED = shape(events.VerificationPassed, **_SEEN, opinion="已按要求整改", verification_class="O")
_CLOSED = shape(events.HazardClosed, kind=ClosureKind.RECTIFIED)
_CEASED = shape(events.HazardClosed, kind=ClosureKind.CEASED, grounds="断电清空，设备拆除")
_REOPENED = shape(
    events.HazardReopened, kind=ReopeningKind.LOOK_BACK, reasons="回头看发现纸箱重新堆放", evidence=(PHOTO,)
)


def assigned(life: Life, kind: AssignmentKind = AssignmentKind.NOTICE) -> None:
    """Told to rectify: inside, by the township's notice, or by order."""
    office, ordered = life.office, kind is AssignmentKind.ORDER
    actor = _owner(life) if kind is AssignmentKind.INTERNAL else office.officer if ordered else office.checker
    life.say(
        _ASSIGNED,
        actor=actor,
        kind=kind,
        due=life.in_days(30),
        document=ORDER if ordered else None,
        basis="安全生产法第六十五条" if ordered else None,
        officers=office.officers if ordered else (),
    )


def planned(life: Life) -> None:
    """By whom, with what, until when."""
    owner = _owner(life)
    life.say(_PLANNED, actor=owner, responsible=person(owner), due=life.in_days(20), signed_by=person(owner))


def started(life: Life) -> None:
    """Begun."""
    life.say(_STARTED, actor=_owner(life))


def progressed(life: Life) -> None:
    """Partly done."""
    life.say(_PROGRESS, actor=_owner(life))


def controlled(life: Life) -> None:
    """Made less dangerous meanwhile."""
    life.say(_CONTROLLED, actor=_owner(life), until=life.in_days(30))


def asked_for_time(life: Life) -> None:
    """An extension was asked for."""
    life.say(_ASKED, actor=_owner(life), until=life.in_days(60))


def given_time(life: Life, *, granted: bool) -> None:
    """It was granted, or refused."""
    director = life.office.director
    if granted:
        life.say(_GRANTED, actor=director, decided_by=signatory(director), until=life.in_days(60))
    else:
        life.say(_NOT_GRANTED, actor=director, decided_by=signatory(director))


def submitted(life: Life) -> None:
    """Claimed to be done, which fixes nothing."""
    owner = _owner(life)
    life.say(_SUBMITTED, actor=owner, signed_by=person(owner), acceptance_report=PAPER)


def failed(life: Life) -> None:
    """Seen not to be done."""
    office = life.office
    life.say(_FAILED, actor=office.verifier, verifiers=office.verifiers)


def passed(life: Life) -> None:
    """Seen to be done."""
    office = life.office
    word = Word("standing", Standing.FIXED)
    life.say(_PASSED, actor=office.verifier, verifiers=office.verifiers, document=ORDER, word=word)


def closed(life: Life) -> None:
    """Struck off as rectified."""
    director = life.office.director
    life.say(_CLOSED, actor=director, signed_by=signatory(director), word=Word("standing", Standing.FIXED))


def ceased(life: Life) -> None:
    """Struck off because it is gone with its place."""
    office = life.office
    word = Word("standing", Standing.CEASED)
    life.say(_CEASED, actor=office.director, seen_by=office.officers, word=word)


def reopened(life: Life) -> None:
    """Open again: nobody fixed it, or not for long."""
    office = life.office
    life.say(_REOPENED, actor=office.officer, officers=office.officers, word=Word("standing", Standing.OPEN))


def _owner(life: Life) -> Actor:
    return life.company.head if life.company else life.office.cadre
