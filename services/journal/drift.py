"""How a stream's settings differ from what we declared, and which difference is dangerous.

On an immutable stream every setting is suspect until it is known to be harmless: a server of tomorrow may have a new
way to drop messages.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

Settings = Mapping[str, Any]

MINUTE: Final = 60 * 10**9

SERVER_DEFAULTS: Final[Settings] = {
    "retention": "limits",
    "storage": "file",
    "discard": "old",
    "max_consumers": -1,
    "max_msgs": -1,
    "max_bytes": -1,
    "max_msgs_per_subject": -1,
    "max_msg_size": -1,
    "num_replicas": 1,
    "compression": "none",
    "persist_mode": "default",
    "duplicate_window": 2 * MINUTE,
}
"""What a stream has that says nothing; every other setting is then off, empty or 0."""

HARMLESS: Final = frozenset(
    {
        "description",
        "metadata",
        "placement",
        "compression",
        "republish",
        "consumer_limits",
        "max_consumers",
        "mirror_direct",
        "allow_batched",
    }
)
"""These neither lose nor alter what is stored."""

REASONS: Final[Mapping[str, str]] = {
    "subjects": "events would go elsewhere, or foreign messages come in",
    "storage": "memory forgets with the process",
    "retention": "read messages would be removed",
    "discard": "a full stream would drop its oldest messages",
    "discard_new_per_subject": "a history could be cut short",
    "max_msgs": "older messages would be dropped, or new ones refused",
    "max_bytes": "older messages would be dropped, or new ones refused",
    "max_age": "messages would expire",
    "max_msgs_per_subject": "older messages of a subject would be dropped",
    "max_msg_size": "events of a permitted size would be refused",
    "deny_delete": "a message could be deleted",
    "deny_purge": "the stream could be emptied",
    "allow_rollup_hdrs": "a publisher could replace a history",
    "allow_msg_ttl": "a publisher could let messages expire",
    "subject_delete_marker_ttl": "markers would be written in place of expired messages",
    "allow_msg_schedules": "messages would be stored that nobody sent",
    "allow_msg_counter": "the server would rewrite bodies as counters",
    "subject_transform": "messages would be stored under other subjects",
    "mirror": "messages would come from another stream alone",
    "sources": "messages would come from other streams",
    "sealed": "it takes no message",
    "no_ack": "nobody would know whether an event is stored",
    "allow_direct": "histories could not be loaded",
    "allow_atomic": "batches could not be stored",
    "persist_mode": "messages would be acknowledged before they are on the disk",
    "first_seq": "the sequence would not begin at 1",
    "num_replicas": "the loss of a server would lose messages",
    "duplicate_window": "it must be 10 minutes to an hour",
}


@dataclass(frozen=True)
class Drift:
    """One setting that is not as declared."""

    stream: str
    setting: str
    found: Any
    wanted: Any
    unsafe: bool

    def __str__(self) -> str:
        """`EVENTS: max_age is 60, must be 0 (messages would expire)`."""
        must = "must be" if self.unsafe else "was declared as"
        reason = REASONS.get(self.setting, "it is not known to be harmless") if self.unsafe else "harmless"
        return f"{self.stream}: {self.setting} is {self.found!r}, {must} {self.wanted!r} ({reason})"


def drifts(stream: str, config: Settings, declared: Settings, *, immutable: bool) -> list[Drift]:
    """Every difference between the server's settings and the declared ones."""
    found = []
    for setting in sorted(config.keys() | declared.keys()):
        is_, wanted = (_effective(side, setting) for side in (config, declared))
        if is_ != wanted and setting != "metadata" and not _implied(setting, declared):
            unsafe = immutable and not _bearable(setting, is_, wanted)
            found.append(Drift(stream, setting, is_, wanted, unsafe=unsafe))
    return found


def _effective(settings: Settings, setting: str) -> Any:  # noqa: ANN401 (whatever JSON holds)
    """Absent, off, empty and 0 are one; so is "no limit", which is 0 or less."""
    value = settings.get(setting) or SERVER_DEFAULTS.get(setting)
    if setting in {"max_msgs", "max_bytes", "max_msgs_per_subject", "max_msg_size", "max_consumers"}:
        return value if isinstance(value, int) and value > 0 else -1
    return sorted(value) if setting == "subjects" and value else value or None


def _implied(setting: str, declared: Settings) -> bool:
    """Schedules need roll-ups: the server turns them on by itself."""
    return setting == "allow_rollup_hdrs" and bool(declared.get("allow_msg_schedules"))


def _bearable(setting: str, found: Any, wanted: Any) -> bool:  # noqa: ANN401 (as _effective)
    match setting:
        case "max_msg_size":
            return bool(found == -1 or found > wanted > 0)
        case "num_replicas":
            return bool(found > wanted)
        case "duplicate_window":
            return bool(10 * MINUTE <= found <= 60 * MINUTE)
        case _:
            return setting in HARMLESS
