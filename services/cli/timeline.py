"""One event of a history for a person: what, who, both times, the words, the paper, the gaps, where it is stored."""

from dataclasses import dataclass
from typing import Any, Final

from contracts import words
from contracts.envelope import Envelope, Unreadable
from contracts.events import Event
from contracts.parties import Actor
from services.cli.site import minute
from services.cli.telling import gaps, said
from services.journal.library import Notification

UNREADABLE: Final = {"newer_schema": "由更新的程序写入，本程序读不了", "damaged": "内容损坏，读不出来"}
SHORT_HASH: Final = 16


@dataclass(frozen=True)
class Entry:
    """A stored event, as stored and as read; the hash that the next one names."""

    stored: Notification
    envelope: Envelope
    hash: str

    def machine(self) -> dict[str, Any]:
        """For a program."""
        event = self.envelope.event
        found: dict[str, Any] = {
            "version": self.stored.originator_version,
            "sequence": self.stored.id,
            "type": self.stored.topic,
            "name": self._name(),
            "command_id": self.envelope.command_id,
            "hash": self.hash,
        }
        if isinstance(event, Unreadable):
            return found | {"unreadable": event.why, "detail": event.detail}
        return found | {"data": event.model_dump(mode="json", exclude_none=True)}

    def people(self) -> str:
        """A paragraph."""
        event = self.envelope.event
        head = f"\n{self.stored.originator_version:>3}  {self._name()}"
        place = f"总序号 {self.stored.id}  {self.stored.topic}  哈希 {self.hash[:SHORT_HASH] or '读不出'}…"
        if isinstance(event, Unreadable):
            return f"{head}\n     {UNREADABLE[event.why]}（{event.detail.splitlines()[0][:120]}）\n     {place}"
        return "\n     ".join([f"{head}  {_when(event)}", _who(event.actor), *said(event), *gaps(event), place])

    def _name(self) -> str:
        try:
            return words.act(self.stored.topic)
        except KeyError:
            return self.stored.topic or "无名记录"


def _when(event: Event) -> str:
    happened, recorded = (minute(moment) for moment in (event.occurred_at, event.recorded_at))
    return f"{happened} 发生" + (f"，{recorded} 登记" if recorded != happened else "并登记")


def _who(actor: Actor) -> str:
    roles = "、".join(words.role(role) for role in actor.roles)
    behalf = f"，代录：{actor.on_behalf_of.person.name}" if actor.on_behalf_of else ""
    return f"经办 {actor.name}（{roles}）{behalf}"
