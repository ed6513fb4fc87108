"""Whether ledgers were made from the stream that is there: each remembers the id of the event that it has reached."""

from collections.abc import Mapping

from services.journal.events import EventStore
from services.projection.positions import Key, Position
from services.projection.volume import event_id


class WrongStreamError(Exception):
    """The ledgers were made from another stream."""


async def astray(store: EventStore, there: Mapping[Key, Position]) -> dict[Key, Position]:
    """Those whose place in the stream is not what they say: somebody altered it, they are not to be continued.

    Raises WrongStreamError where none agrees with the stream: two truths would be mixed.
    """
    last, ids, agree = await store.last_of_stream(), dict[int, str | None](), False
    wrong: dict[Key, Position] = {}
    for key, position in there.items():
        if position.sequence not in ids and 0 < position.sequence <= last:
            stored = await store.at(position.sequence)
            ids[position.sequence] = event_id(stored.state) if stored is not None else None
        if position.sequence > last or (position.event_id and ids.get(position.sequence) != position.event_id):
            wrong[key] = position
        else:
            agree = agree or bool(position.event_id)
    if wrong and not agree:
        first = next(iter(wrong.values()))
        raise WrongStreamError(
            f"台账 {first.name} 记到事件 {first.sequence}，与现在的事件流（末号 {last}）不是同一个："
            "请核对 --data 与 BIHUAN_LEDGERS，或换一个新的台账数据库重建。These ledgers follow another stream."
        )
    return wrong


def advice(position: Position) -> str:
    """What is said of one that went astray."""
    return (
        f"台账 {position.name} 说记到第 {position.sequence} 号事件，与事件流对不上，不再继续："
        f"用 bihuan ledger rebuild {position.name} 重建。Its place was altered; rebuild it."
    )
