"""Ctrl-C and SIGTERM end a command that would go on, in good order."""

import asyncio
import signal
from contextlib import suppress


def set_at_the_end(ended: asyncio.Event) -> None:
    """Set by either signal from now on."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # Windows
            loop.add_signal_handler(number, ended.set)
