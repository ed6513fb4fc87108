"""Events as ledgers get them: with their place in the stream, read when somebody asks.

What the hazard service stored it had validated, so reading it again checks types and shapes, and not once more the
characters of every text: that takes half the time. A body with an escaped character in it is read the careful way.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, Final, TypeGuard
from zoneinfo import ZoneInfo

from pydantic import ValidationError
from pydantic_core import CoreSchema, SchemaValidator, core_schema

from contracts.base import FIRST_DAY, FIRST_MOMENT, LAST_DAY, LAST_MOMENT
from contracts.envelope import Unreadable, decode
from contracts.events import EVENTS, Event
from services.journal.library import Notification

ESCAPED: Final = b"\\u"
WRITTEN: Final = {
    "date": ("^[0-9]{4}-[0-9]{2}-[0-9]{2}$", FIRST_DAY, LAST_DAY),
    "datetime": ("^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]", FIRST_MOMENT, LAST_MOMENT),
}
"""Days and moments as they are written, not as numbers of seconds; and their bounds."""
_HEAD: Final = re.compile(rb'"type":"([a-z._]+)","schema_version":([0-9]+),"aggregate_id":"([0-9a-f-]+)"')


class UnapplicableError(Exception):
    """This event cannot be entered into a ledger: it cannot be read, or the ledger's rule failed on it."""

    def __init__(self, sequence: int, reason: str) -> None:
        super().__init__(f"{sequence}: {reason}")
        self.sequence = sequence
        self.reason = reason


@dataclass(slots=True)
class Entry:
    """One event of the stream."""

    sequence: int
    kind: str
    """hazard, inspection, policy."""
    aggregate: str
    version: int
    """1, 2, 3 … within its aggregate."""
    type: str
    """Wire name, as it stands beside the body."""
    body: bytes
    zone: ZoneInfo
    _event: Event | None = field(default=None, repr=False)
    _occurred: str = field(default="", repr=False)

    @property
    def event(self) -> Event:
        """Read once; raises UnapplicableError where this program cannot."""
        if self._event is None:
            self._event = self._read()
        return self._event

    def forget(self) -> None:
        """Read it anew if somebody asks again: thousands of events are larger than their bodies."""
        self._event, self._occurred = None, ""

    def day(self, moment: datetime) -> str:
        """The calendar day at the site: 2026-05-01."""
        return moment.astimezone(self.zone).date().isoformat()

    def moment(self, moment: datetime) -> str:
        """The site's clock with its offset, to the second: 2026-05-01T08:30:00+08:00."""
        if self._event is None or moment is not self._event.occurred_at:
            return moment.astimezone(self.zone).isoformat(timespec="seconds")
        if not self._occurred:  # most ledgers ask for it
            self._occurred = moment.astimezone(self.zone).isoformat(timespec="seconds")
        return self._occurred

    def _read(self) -> Event:
        head = _HEAD.search(self.body)
        if head is None or ESCAPED in self.body or (head[1].decode(), head[3].decode()) != (self.type, self.aggregate):
            return self._carefully()
        kind = EVENTS.get(self.type)
        if kind is None or int(head[2]) != kind.schema_version:
            return self._carefully()
        try:
            event: Event = _reader(kind).validate_json(self.body)["data"]
        except ValidationError:
            return self._carefully()
        return event

    def _carefully(self) -> Event:
        """As everybody else reads it; also says what is wrong."""
        envelope = decode(self.body)
        if isinstance(envelope.event, Unreadable):
            raise UnapplicableError(self.sequence, f"{envelope.event.why}: {envelope.event.detail[:500]}")
        if envelope.type != self.type or envelope.aggregate_id != self.aggregate:
            reason = f"damaged: the body says {envelope.type} of {envelope.aggregate_id}, its place says otherwise"
            raise UnapplicableError(self.sequence, reason)
        return envelope.event


def entries(notifications: Iterable[Notification], zone: ZoneInfo) -> list[Entry]:
    """The stream's messages by what their subjects say."""
    return [_entry(one, zone) for one in notifications]


def _entry(stored: Notification, zone: ZoneInfo) -> Entry:
    _, kind, *place = str(stored.originator_id).split(".")
    aggregate = f"{''.join(place[:-1])}-{place[-1]}" if place else ""
    return Entry(stored.id, kind, aggregate, stored.originator_version, stored.topic, stored.state, zone)


@cache
def _reader(kind: type[Event]) -> SchemaValidator:
    """Of a whole stored body, in one pass; of the envelope only what is needed."""
    event = _without_functions(kind.__pydantic_core_schema__)
    definitions: list[CoreSchema] = []
    if event["type"] == "definitions":
        definitions, event = event["definitions"], event["schema"]
    body: CoreSchema = core_schema.typed_dict_schema({"data": core_schema.typed_dict_field(event)})
    whole = core_schema.definitions_schema(body, definitions) if definitions else body
    return SchemaValidator(whole, _use_prebuilt=False)  # else nested models would bring their functions again


def _without_functions(schema: Any) -> Any:  # noqa: ANN401 (a core schema is nested dictionaries)
    """Without the checks written in Python: those of texts, dates and codes, which were made when it was stored."""
    if _is_function(schema):
        return _without_functions(schema["schema"])
    if isinstance(schema, dict) and schema.get("type") in WRITTEN:
        pattern, first, last = WRITTEN[schema["type"]]
        said = core_schema.str_schema(pattern=pattern)
        return core_schema.chain_schema([said, {**schema, "strict": False, "ge": first, "le": last}])
    if isinstance(schema, dict):
        opaque = {"cls", "config", "metadata", "serialization"}
        return {key: value if key in opaque else _without_functions(value) for key, value in schema.items()}
    if isinstance(schema, list | tuple):
        return type(schema)(_without_functions(part) for part in schema)
    return schema


def _is_function(schema: object) -> TypeGuard[dict[str, Any]]:
    return isinstance(schema, dict) and schema.get("type") in {"function-after", "function-before"}
