"""Every stream, subject and durable name, built and parsed here only.

An aggregate's id is `<birth area>-<uuid>`, so its one literal subject follows from it and never changes:
`events.hazard.32.06.23.104.<uuid>`. Area levels make a wildcard a jurisdiction: `events.hazard.32.06.>`.
"""

import re
from functools import lru_cache
from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

EVENTS: Final = "EVENTS"
NOTICES: Final = "NOTICES"
TIMERS: Final = "TIMERS"
EVIDENCE: Final = "EVIDENCE"
KEYS: Final = "KEYS"
FEED: Final = "FEED"
DEAD: Final = "DEAD"
"""Dead letters: notices that nobody could be brought to take."""
NOTIFIER: Final = "NOTIFIER"
"""The notifier's key-value bucket: counters, limits of robots, heartbeats. All of it can be counted again."""

CHASE: Final = "notifier-chase"
WAKE: Final = "notifier-wake"
SEND: Final = "notifier-send"
"""Durables, each shared by all notifiers: on EVENTS, on what TIMERS made due, on NOTICES."""

HAZARD: Final = "hazard"
POLICY: Final = "policy"
INSPECTION: Final = "inspection"

COMMANDS: Final = "commands.hazard"
"""Every command of the hazard service is asked on `commands.hazard.<imperative>`."""
BATCH: Final = f"{COMMANDS}.batch"
QUEUE_GROUP: Final = "hazard"

NAMESPACE: Final = uuid5(NAMESPACE_URL, "https://bihuan.cn/ids")
"""The root of every derived id. Changing it would give the same command another hazard."""

_AREA = r"[0-9]{2}(?:[0-9]{2}(?:[0-9]{2}(?:[0-9]{3}(?:[0-9]{3})?)?)?)?"
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
AREA_PATTERN: Final = rf"^{_AREA}$"
AGGREGATE_ID_PATTERN: Final = rf"^{_AREA}-{_UUID}$"
_AREA_RE = re.compile(_AREA)
_AGGREGATE_ID_RE = re.compile(AGGREGATE_ID_PATTERN)
_WIDTHS = (2, 2, 2, 3, 3)


def area_levels(area: str) -> list[str]:
    """Province, city, county (2 digits each), township, village (3 each): "320623104" → 32 06 23 104.

    Raises ValueError where it is not 2, 4, 6, 9 or 12 digits (GB/T 2260, the statistics bureau's codes).
    """
    return list(_levels(area))


def aggregate_id(area: str, uuid: UUID) -> str:
    """`<birth area>-<uuid>`; raises ValueError for an area that is none."""
    _levels(area)
    return f"{area}-{uuid}"


def hazard_id(area: str, command_id: str) -> str:
    """The id that a finding gives its hazard: asking again with the same command id finds the same hazard."""
    return aggregate_id(area, uuid5(NAMESPACE, f"hazard/{command_id}"))


def inspection_id(area: str, command_id: str) -> str:
    """The id that recording a visit gives it, in the same way."""
    return aggregate_id(area, uuid5(NAMESPACE, f"inspection/{command_id}"))


def policy_id(area: str) -> str:
    """The one policy history of an area."""
    return aggregate_id(area, uuid5(NAMESPACE, f"policy/{area}"))


def birth_area(aggregate: str) -> str:
    """The area that an aggregate's id carries; raises ValueError where it is no such id."""
    return _parts(aggregate)[0]


def events_subject(kind: str, aggregate: str) -> str:
    """The literal subject of one aggregate: ("hazard", "320623104-9f…") → events.hazard.32.06.23.104.9f…"""
    area, uuid = _parts(aggregate)
    return ".".join(["events", kind, *_levels(area), uuid])


def events_of(kind: str, area: str = "") -> str:
    """The wildcard of a jurisdiction: ("hazard", "3206") → events.hazard.32.06.>"""
    return ".".join(["events", kind, *(_levels(area) if area else ()), ">"])


def parse_events_subject(subject: str) -> tuple[str, str]:
    """events.hazard.32.06.23.104.9f… → ("hazard", "320623104-9f…"); raises ValueError for anything else."""
    head, _, rest = subject.partition(".")
    kind, _, rest = rest.partition(".")
    levels, _, uuid = rest.rpartition(".")
    aggregate = f"{levels.replace('.', '')}-{uuid}"
    if head != "events" or not kind or events_subject(kind, aggregate) != subject:
        raise ValueError(f"{subject!r} is not the subject of an aggregate")
    return kind, aggregate


def command_subject(imperative: str) -> str:
    """find_hazard → commands.hazard.find_hazard."""
    return f"{COMMANDS}.{imperative}"


def evidence_subject(sha256: str, piece: int) -> str:
    """Where the piece (from 0) of an evidence file is stored, by the hash of its ciphertext."""
    return f"evidence.{sha256}.{piece}"


def escalation_id(hazard: str, rule: str, step: str, version: int) -> str:
    """The command id of a step: the same step of the same clock is proposed once, whoever finds it due.

    `version` is that of the event that started the clock: an extended or reopened hazard starts anew.
    """
    return str(uuid5(NAMESPACE, f"escalation/{hazard}/{rule}/{step}/{version}"))


def notice_id(event: str, person: str) -> str:
    """One notice of an escalation for each person."""
    return str(uuid5(NAMESPACE, f"notice/{event}/{person}"))


def digest_id(person: str, day: str) -> str:
    """The one digest of a person and day, and the id under which its reminders stand."""
    return str(uuid5(NAMESPACE, f"digest/{person}/{day}"))


def notice_subject(area: str, kind: str, about: str, notice: str) -> str:
    """Where a notice's life is told; `about` the uuid of a hazard or visit, or a digest's id.

    ("320623104", "hazard", "9f…", "3c…") → notices.32.06.23.104.hazard.9f….3c…
    """
    return ".".join(["notices", *_levels(area), kind, about, notice])


def hazard_notices(hazard: str) -> str:
    """The wildcard of all notices about one hazard: its subjects follow from its id."""
    area, uuid = _parts(hazard)
    return ".".join(["notices", *_levels(area), HAZARD, uuid, "*"])


def timer_subject(kind: str, timed: str) -> str:
    """Where the one wake-up of a hazard, notice or digest is scheduled: ("hazard", id) → timers.hazard.<id>."""
    return f"timers.{kind}.{timed}"


def due_subject(kind: str, timed: str) -> str:
    """Where it appears when it is time: due.hazard.<id>."""
    return f"due.{kind}.{timed}"


def parse_due(subject: str) -> tuple[str, str]:
    """due.hazard.<id> → ("hazard", id); raises ValueError for anything else."""
    head, _, rest = subject.partition(".")
    kind, _, timed = rest.partition(".")
    if head != "due" or not kind or not timed or "." in timed:
        raise ValueError(f"{subject!r} is nothing that became due")
    return kind, timed


def dead_subject(notice: str) -> str:
    """Where a notice goes that could not be sent."""
    return f"dead.notices.{notice}"


@lru_cache(maxsize=4096)
def _levels(area: str) -> tuple[str, ...]:
    """As `area_levels`; most hazards of a process lie in the same few townships."""
    if not _AREA_RE.fullmatch(area):
        raise ValueError(f"{area!r} is not an area code: 2, 4, 6, 9 or 12 digits are")
    levels, rest = [], area
    for width in _WIDTHS:
        if rest:
            levels.append(rest[:width])
            rest = rest[width:]
    return tuple(levels)


def _parts(aggregate: str) -> tuple[str, str]:
    if not _AGGREGATE_ID_RE.fullmatch(aggregate):
        raise ValueError(f"{aggregate!r} is not an id: <area code>-<uuid> is")
    area, _, uuid = aggregate.partition("-")
    return area, uuid
