"""What stands in the store after a command."""

import asyncio
import json
from typing import Any

from contracts import subjects
from services.journal.connection import connect
from services.journal.events import EventStore

Body = dict[str, Any]


def events(url: str, area: str, kind: str = subjects.HAZARD) -> list[Body]:
    """Every event of that area's hazards, or visits, as it is stored, in order."""

    async def read() -> list[Body]:
        nc = await connect(url, name="test")
        store = EventStore(nc)
        found: list[Body] = []
        last = await store.last_of_stream()
        async for batch in store.follow(subjects=[subjects.events_of(kind, area)], until=last):
            found += [json.loads(stored.state) for stored in batch]
        await nc.close()
        return found

    return asyncio.run(read())
