"""Reads the stories: who does what when, in the words of data/*.yaml, and turns each into the JSON of a command.

In a story `person:niu` stands for a person (id and name), `sign:niu` for a signature (with body, role, certificate),
`body:xian-yingji` for a body, `party:shop` for a responsible party, `hazard:twin` for another life's hazard,
`visit:head-led` for a visit, `policy:<name>` for an adopted file, and `photo:<title>` for a piece of evidence.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import yaml

from contracts import subjects
from services.cli.site import SITE

DATA: Final = Path(__file__).parent / "data"
Json = dict[str, Any]
RESERVED: Final = {"at", "entered", "who", "for", "do", "try", "refused"}
BEGIN: Final = {"find_hazard", "record_inspection", "adopt_policy"}
"""What makes the thing that it is about."""


@dataclass(frozen=True)
class Step:
    """One command of a life: to be accepted, or to be refused with that code."""

    aggregate: str
    """Which hazard of the life, or its visit: the id that its first command gives."""
    imperative: str
    body: Json
    at: datetime
    refused: str | None = None


@dataclass(frozen=True)
class Life:
    """One story: a published case, or an illustrative one."""

    id: str
    title: str
    steps: list[Step]
    source: str | None = None
    illustrative: bool = False
    expect: Json = field(default_factory=dict)
    kind: str = subjects.HAZARD
    """Or the life of a visit."""


def read(name: str) -> Json:
    """A YAML file of the demo's own data."""
    found: Json = yaml.safe_load((DATA / name).read_text(encoding="utf-8"))
    return found


def moment(text: str) -> datetime:
    """A minute or a day at the site: 2026-03-02 08:30, 2026-03-02."""
    return datetime.fromisoformat(str(text)).replace(tzinfo=SITE)


def township() -> list[Life]:
    """The fictitious township's lives, in the files' order: hazards, then visits."""
    cast, stories, visits = read("cast.yaml"), read("lives.yaml")["lives"], read("visits.yaml")["visits"]
    bodies = {body["id"]: body["name"] for body in read("directory.yaml")["bodies"]}
    finds = {story["id"]: _birth(story, subjects.HAZARD) for story in stories}
    made = {story["id"]: _birth(story, subjects.INSPECTION) for story in visits}
    files = {
        step["name"]: step["content"]
        for story in stories
        for step in story["steps"]
        if step.get("do") == "adopt_policy"
    }
    whole = Cast(cast["people"], cast["parties"], bodies, finds, made, files)
    return [_life(whole, story, subjects.HAZARD) for story in stories] + [
        _life(whole, story, subjects.INSPECTION) for story in visits
    ]


def evidence_titles(lives: list[Life]) -> list[str]:
    """Every `photo:` of the stories, once."""
    found: dict[str, None] = {}

    def collect(value: Any) -> Any:  # noqa: ANN401  (JSON)
        if isinstance(value, str) and value.startswith("photo:"):
            found[value.removeprefix("photo:")] = None
        return value

    for life in lives:
        for step in life.steps:
            walk(step.body, collect)
    return list(found)


@dataclass(frozen=True)
class Cast:
    """Who is who."""

    people: Mapping[str, Json]
    parties: Mapping[str, Json]
    bodies: Mapping[str, str]
    hazards: Mapping[str, str]
    visits: Mapping[str, str]
    policies: Mapping[str, str]

    def resolve(self, value: Any) -> Any:  # noqa: ANN401  (JSON)
        """What a shorthand stands for; anything else as it is."""
        kind, _, key = value.partition(":") if isinstance(value, str) else ("", "", "")
        readers: dict[str, Callable[[str], Any]] = {
            "person": self.person,
            "sign": self.signature,
            "body": lambda body: {"id": body, "name": self.bodies[body]},
            "party": self.party,
            "hazard": lambda life: self.hazards[life],
            "visit": lambda visit: self.visits[visit],
            "policy": lambda name: sha256(self.policies[name].encode()).hexdigest(),
        }
        return readers[kind](key) if kind in readers else value

    def person(self, key: str) -> Json:
        """Id and name."""
        return {"id": key, "name": self.people[key]["name"]}

    def signature(self, key: str) -> Json:
        """With what stands beside a name on a document."""
        known = self.people[key]
        beside = {name: known[name] for name in ("body", "certificate") if name in known}
        return self.person(key) | beside | {"role": known["roles"][0]}

    def party(self, key: str) -> Json:
        """A responsible party, its head resolved."""
        found: Json = walk({"id": key} | dict(self.parties[key]), self.resolve)
        return found

    def actor(self, key: str, principal: str | None) -> Json:
        """Who states it, and for whom."""
        actor = {"id": key} | dict(self.people[key])
        if principal is None:
            return actor
        enterprise = self.people[principal].get("enterprise")
        paper = f"photo:{self.people[principal]['name']}签字纸质件"
        return actor | {"on_behalf_of": {"person": self.person(principal), "enterprise": enterprise, "paper": paper}}


def walk(value: Any, change: Callable[[Any], Any]) -> Any:  # noqa: ANN401  (JSON)
    """Every leaf and list of a JSON value through `change`."""
    if isinstance(value, dict):
        return {key: walk(inner, change) for key, inner in value.items()}
    if isinstance(value, list):
        return [walk(inner, change) for inner in value]
    return change(value)


def _life(whole: Cast, story: Json, kind: str) -> Life:
    return Life(story["id"], story["title"], _steps(whole, story, kind), illustrative=True, kind=kind)


def _birth(story: Json, kind: str) -> str:
    area, command_id = story["steps"][0]["area"], f"{_prefix(story, kind)}-1"
    born = subjects.hazard_id if kind == subjects.HAZARD else subjects.inspection_id
    return born(area, command_id)


def _prefix(story: Json, kind: str) -> str:
    """Of the command ids."""
    return f"demo-{story['id']}" if kind == subjects.HAZARD else f"demo-visit-{story['id']}"


def _steps(whole: Cast, story: Json, kind: str) -> list[Step]:
    aggregate, accepted, steps = _birth(story, kind), 0, []
    for number, told in enumerate(story["steps"], 1):
        imperative, attempt = told.get("do") or told["try"], "try" in told
        at = moment(told["at"])
        body = {name: walk(_plain(value), whole.resolve) for name, value in told.items() if name not in RESERVED}
        body |= {name: moment(told[name]).isoformat() for name in ("ended_at", "announced_at") if name in told}
        body |= {
            "command_id": f"{_prefix(story, kind)}-{number}",
            "actor": whole.actor(told["who"], told.get("for")),
            "occurred_at": at.isoformat(),
        }
        if imperative not in BEGIN:
            body[f"{kind}_id"] = aggregate
        if attempt:
            body["expected_version"] = accepted if imperative not in BEGIN else 0
        entered = moment(told.get("entered", told["at"]))
        steps.append(Step(aggregate, imperative, body, entered, told["refused"] if attempt else None))
        accepted += not attempt and imperative != "adopt_policy"
    return steps


def _plain(value: Any) -> Any:  # noqa: ANN401  (YAML reads dates as dates; JSON has text)
    return walk(value, lambda leaf: leaf.isoformat() if hasattr(leaf, "isoformat") else leaf)
