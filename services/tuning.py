"""How a process of ours runs Python: worth a third of the time of a command, and nothing else depends on it."""

import asyncio
import gc
from collections.abc import Callable

Loops = Callable[[], asyncio.AbstractEventLoop]


def loop_factory() -> Loops | None:
    """The faster loop where it is installed (extra `fast`)."""
    try:
        from uvloop import new_event_loop  # noqa: PLC0415 (it may be absent)
    except ImportError:
        return None
    return new_event_loop


def collect_seldom() -> None:
    """What a command leaves behind is freed by reference count: looking for cycles after each dozen is in vain.

    What start-up made stays for good, so it is never looked at again.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)
