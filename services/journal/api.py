"""Ask the server's JSON interface: raw, since every setting of 2.14 and later is needed."""

import asyncio
import json
from typing import Any, Final

from nats.aio.client import Client
from nats.errors import Error

from services.journal.wire import API, ApiError, Unavailable

PATIENCE: Final = 2.0
"""Seconds for one question; a server that died under it is not waited for any longer."""

Answer = dict[str, Any]


async def call(nc: Client, verb: str, body: Answer | None = None, *, timeout: float = 5.0) -> Answer:  # noqa: ASYNC109
    """The answer to `$JS.API.<verb>`, asked again while no leader answers.

    Only for what may be asked twice. Raises ApiError with the server's code, Unavailable after `timeout` seconds.
    """
    loop = asyncio.get_running_loop()
    deadline = loop.time() + timeout
    payload = json.dumps(body).encode() if body is not None else b""
    while (left := deadline - loop.time()) > 0:
        answer = await _once(nc, f"{API}.{verb}", payload, min(left, PATIENCE))
        if answer is not None and answer.get("error", {}).get("code", 0) < 500:  # noqa: PLR2004 (as HTTP's)
            return _checked(answer)
        await asyncio.sleep(min(0.05, max(0.0, deadline - loop.time())))
    raise Unavailable(f"the event store did not answer {verb} within {timeout:g} s")


async def _once(nc: Client, subject: str, payload: bytes, patience: float) -> Answer | None:
    if nc.is_closed:
        raise Unavailable("the connection to the event store is closed")
    if not nc.is_connected:
        return None
    try:
        reply = await nc.request(subject, payload, timeout=patience)
    except (Error, TimeoutError):
        return None
    answer: Answer = json.loads(reply.data)
    return answer


def _checked(answer: Answer) -> Answer:
    if error := answer.get("error"):
        raise ApiError(error.get("err_code", 0), error.get("description", "no reason given"))
    return answer
