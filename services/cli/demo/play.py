"""Plays the lives through the hazard service over NATS, in the order of time, on a clock that the stories move."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from nats.aio.client import Client
from pydantic_core import from_json, to_json

from contracts import subjects
from contracts.replies import REPLY, Accepted, Refused
from services.cli.connection import ask
from services.cli.demo.clock import VirtualClock
from services.cli.demo.ladder import Ladder
from services.cli.demo.references import References
from services.cli.demo.script import DATA, Json, Life, Step, evidence_titles, moment, walk
from services.cli.outcome import Status, Stop
from services.hazard import app
from services.hazard.library import load_directory
from services.hazard.settings import Settings
from services.journal.events import EventStore
from services.journal.evidence import Evidence

OPENING: Final = moment("2026-03-01 09:00")
"""When the old published cases are entered: the back-filling shows."""
LATER: Final = timedelta(minutes=1)
"""From the act to its record."""
NOTE: Final = "闭环 Bihuan 演示用证据（虚构），不是真实照片或文书。An illustrative stand-in for: "


@dataclass(frozen=True)
class Attempt:
    """A command that the rules refused, and the words of the refusal."""

    life: str
    step: Step
    actor: str
    reply: Refused


class Player:
    """The service at work, and who speaks to it."""

    def __init__(self, nc: Client, clock: VirtualClock, ladder: Ladder, evidence: dict[str, Json]) -> None:
        self._nc = nc
        self._clock = clock
        self._ladder = ladder
        self._evidence = evidence
        self._references = References(EventStore(nc))

    async def play(self, lives: list[Life], progress: Callable[[], None]) -> list[Attempt]:
        """Every step of every life, in the order of time; gives what was refused.

        Stop where the service answers other than the story says.
        """
        refused: list[Attempt] = []
        steps = [(step, life) for life in lives for step in life.steps]
        for step, life in sorted(steps, key=lambda pair: max(pair[0].at, OPENING)):
            await self._ladder.reach(step.at + LATER)
            reply = await self._send(step, life.kind)
            if step.refused and isinstance(reply, Refused):
                refused.append(Attempt(life.id, step, step.body["actor"]["name"], reply))
            elif (reply.status == "accepted") is (step.refused is not None):
                raise Stop(Status.REFUSED, f"演示中断：{life.title}：{step.imperative} {to_json(reply).decode()}")
            if isinstance(reply, Accepted):
                self._references.accepted(step, reply)
                await self._ladder.happened(life.kind, step.aggregate)
            progress()
        return refused

    async def _send(self, step: Step, kind: str) -> Any:  # noqa: ANN401  (a reply of any status)
        body = walk(await self._references.resolved(step, kind, self._clock()), self._photo)
        answer = await ask(self._nc, subjects.command_subject(step.imperative), to_json(body))
        if answer is None:
            raise Stop(Status.NO_SERVER, "隐患服务刚刚停止。The service has just ended.")
        return REPLY.validate_json(answer)

    def _photo(self, value: Any) -> Any:  # noqa: ANN401  (JSON)
        if isinstance(value, str) and value.startswith("photo:"):
            return self._evidence[value.removeprefix("photo:")]
        return value


@asynccontextmanager
async def player(nc: Client, settings: Settings, data: Path | None, lives: list[Life]) -> AsyncIterator[Player]:
    """The service on a virtual clock, with the demo's directory, and every piece of evidence stored."""
    clock = VirtualClock(OPENING)
    async with app.build(nc, settings, now=clock, directory=load_directory(DATA / "directory.yaml")):
        yield Player(nc, clock, Ladder(nc, clock, settings.bihuan_zone), await _evidence(nc, data, lives))


async def _evidence(nc: Client, data: Path | None, lives: list[Life]) -> dict[str, Json]:
    """References by title. Kept beside the data: the same command sent again must name the same evidence."""
    kept = data / "demo-evidence.json" if data else None
    known: dict[str, Json] = from_json(kept.read_bytes()) if kept and kept.exists() else {}
    store = Evidence(nc)
    for title in evidence_titles(lives):
        if title not in known:
            file = await store.put(f"{NOTE}{title}\n".encode(), "text/plain")
            known[title] = {"sha256": file.sha256, "media_type": file.media_type, "size": file.size, "name": title}
    if kept:
        kept.write_bytes(to_json(known, indent=2))
    return known
