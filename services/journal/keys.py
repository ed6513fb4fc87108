"""One key for each evidence file, in a bucket of its own that is backed up apart: to destroy the key is to forget."""

from typing import Final

from nats.aio.client import Client
from nats.errors import Error

from contracts.subjects import KEYS
from services.journal.api import call
from services.journal.events import EventStore
from services.journal.library import Notification, StoredEvent
from services.journal.wire import JournalError, Unavailable, Unsafe

BUCKET: Final = f"KV_{KEYS}"
"""The stream behind the bucket."""
_PURGE: Final = {"KV-Operation": "PURGE", "Nats-Rollup": "sub"}


class Forgotten(JournalError):
    """This evidence was forgotten on purpose: its key was destroyed."""


class Keys:
    """Keys by the hash of what they open; always asked of the leader, so that a destroyed key is gone for everyone."""

    def __init__(self, nc: Client) -> None:
        self._nc = nc
        self._entries = EventStore(nc, BUCKET)

    async def keep(self, name: str, key: bytes) -> None:
        """Store the key of a file that is new."""
        await self._entries.append(StoredEvent(_subject(name), 1, "key", key), after=0)

    async def find(self, name: str) -> bytes | None:
        """The key, None where there never was one; raises Forgotten where it was destroyed."""
        entry = await self._entries.last(_subject(name))
        if entry is not None and _destroyed(entry):
            raise Forgotten(f"evidence {name} was forgotten on purpose: its key was destroyed")
        return entry.state if entry else None

    async def destroy(self, name: str) -> None:
        """Overwrite the key on the disk and leave a mark that it was destroyed; may be asked again after any error.

        A mark alone would hide the key and leave it in the file, so raises Unsafe on a bucket that denies deletion. In
        a cluster the servers' replication log still has it until it is next compacted, and backups as long as they
        are kept.
        """
        entry = await self._entries.last(_subject(name))
        if entry is not None and _destroyed(entry):
            return
        if entry is not None:
            await self._overwrite(entry.id)
        await self._mark(name)

    async def _overwrite(self, sequence: int) -> None:
        if (await call(self._nc, f"STREAM.INFO.{BUCKET}"))["config"].get("deny_delete"):
            raise Unsafe(f"{BUCKET} has deny_delete: a key could be hidden, but would stay on the disk")
        await call(self._nc, f"STREAM.MSG.DELETE.{BUCKET}", {"seq": sequence, "no_erase": False})

    async def _mark(self, name: str) -> None:
        try:
            await self._nc.jetstream().publish(_subject(name), headers=dict(_PURGE))
        except (Error, TimeoutError) as error:
            raise Unavailable(f"the key of {name} is destroyed, but not marked so: ask again") from error


def _subject(name: str) -> str:
    return f"$KV.{KEYS}.{name}"


def _destroyed(entry: Notification) -> bool:
    return not entry.state
