"""Ask a server's monitoring port what no client connection tells: does it write to disk before it acknowledges?"""

import asyncio
import json
from collections.abc import Sequence
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, Final
from urllib.parse import urlsplit

from services.journal.wire import UnsafeServer

OLDEST: Final = (2, 14)
"""Message schedules and atomic batches as we use them."""
OK: Final = 200
AWAY: Final = 2.0
"""Seconds after which a server is away."""


async def check_servers(monitor_urls: str | Sequence[str], *, timeout: float = 5.0) -> None:  # noqa: ASYNC109
    """Refuse servers that could lose acknowledged events; `monitor_urls` is a list, or one text with commas.

    Raises UnsafeServer that names every server and setting at fault, and each server that did not answer.
    """
    urls = _addresses(monitor_urls)
    if not urls:
        raise UnsafeServer("no monitoring address is given: set NATS_MONITOR_URLS to one per server")
    answers = await asyncio.gather(*(_varz(url, timeout) for url in urls))
    faults = [fault for url, answer in zip(urls, answers, strict=True) for fault in _faults(url, answer)]
    if faults:
        raise UnsafeServer("; ".join(faults))


async def check_again(monitor_urls: str | Sequence[str], *, pause: float = 0.5) -> None:
    """As `check_servers`, for who is at work already: a server that is away is asked until it is back.

    It acknowledges nothing meanwhile, and neither does one whose JetStream has not begun. Raises UnsafeServer as soon
    as one is seen that could lose acknowledged events; ends when each was seen once.
    """
    waiting = _addresses(monitor_urls)
    while waiting:
        answers = await asyncio.gather(*(_varz(url, AWAY) for url in waiting))
        seen = {url: varz for url, varz in zip(waiting, answers, strict=True) if varz and _jetstream(varz)}
        if faults := [fault for url, varz in seen.items() for fault in _faults(url, varz)]:
            raise UnsafeServer("; ".join(faults))
        if waiting := [url for url in waiting if url not in seen]:
            await asyncio.sleep(pause)


async def healthy(monitor_url: str, server_name: str) -> bool:
    """Whether the server of that name has recovered its streams and takes requests."""
    try:
        varz = await asyncio.to_thread(_get, monitor_url, "/varz", 2.0)
        await asyncio.to_thread(_get, monitor_url, "/healthz", 2.0)
    except (OSError, HTTPException, ValueError):
        return False
    return bool(varz.get("server_name") == server_name)


def _addresses(monitor_urls: str | Sequence[str]) -> list[str]:
    urls = monitor_urls.split(",") if isinstance(monitor_urls, str) else monitor_urls
    return [url.strip() for url in urls if url.strip()]


async def _varz(url: str, timeout: float) -> dict[str, Any] | None:  # noqa: ASYNC109
    try:
        return await asyncio.to_thread(_get, url, "/varz", timeout)
    except (OSError, HTTPException, ValueError):
        return None


def _get(url: str, path: str, timeout: float) -> dict[str, Any]:
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=timeout)
    try:
        connection.request("GET", parts.path.rstrip("/") + path)
        response = connection.getresponse()
        body = response.read()
        if response.status != OK:
            raise HTTPException(f"{url}{path} answered {response.status}")
        found: dict[str, Any] = json.loads(body)
        return found
    finally:
        connection.close()


def _jetstream(varz: dict[str, Any]) -> dict[str, Any]:
    """Its settings; empty where it is off, or not yet begun."""
    return varz.get("jetstream", {}).get("config") or {}


def _faults(url: str, varz: dict[str, Any] | None) -> list[str]:
    if varz is None:
        return [f"{url} does not answer"]
    name, version = varz.get("server_name", url), str(varz.get("version", "0.0"))
    settings = _jetstream(varz)
    if not settings:
        return [f"{name}: JetStream is off, it must be on"]
    faults = []
    if settings.get("sync_always") is not True:
        faults.append(f"{name}: sync_interval must be always, or acknowledged events are lost with the power")
    if tuple(int(part) for part in version.split(".")[:2]) < OLDEST:
        faults.append(f"{name}: version {version} must be at least {OLDEST[0]}.{OLDEST[1]}")
    return faults
