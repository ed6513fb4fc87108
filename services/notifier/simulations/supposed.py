"""What a walk proposes, as the hazard service would have recorded it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from contracts.envelope import Envelope
from contracts.events import Event, HazardEscalated
from contracts.parties import Actor
from contracts.terms import Role
from services.notifier.timing.case import Case
from services.notifier.timing.firing import Firing

MACHINE: Final = Actor(id="notifier", name="系统催办", roles=(Role.NOTIFIER,))
EPOCH: Final = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class Said:
    """A step that the walk proposes, and how the hazard stood then."""

    firing: Firing
    case: Case
    event: HazardEscalated
    """As the hazard service would have recorded it."""


def unstored(event: Event, hazard: str) -> Envelope:
    """For whoever takes envelopes; it has no place in any history."""
    return Envelope("", event.type, event.schema_version, hazard, 0, "", "", "", event)


def name(rule: str, step: str, version: int) -> str:
    """Of the same step of the same clock, whoever proposes it."""
    return f"{rule}-{step}-{version}"


_BLANK: Final = HazardEscalated.model_construct(  # copied a million times: cheaper than to be made
    actor=MACHINE, occurred_at=EPOCH, recorded_at=EPOCH, rule="", level=0, policy_version="", proposal=""
)


def escalated(firing: Firing, at: datetime, proposal: str) -> HazardEscalated:
    """Recorded at that moment."""
    return _BLANK.model_copy(
        update={
            "occurred_at": firing.occurred_at,
            "recorded_at": at,
            "rule": firing.rule,
            "step": firing.step,
            "level": firing.level,
            "ladder": firing.ladder,
            "due_at": firing.due_at,
            "clock_started_by": firing.clock_started_by,
            "draft": firing.document,
            "proposal": proposal,
        }
    )
