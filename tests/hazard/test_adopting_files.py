"""What the hazard service does with a policy's file, over a real server."""

from typing import Any

import pytest
from pydantic_core import to_json

from contracts import commands
from contracts.replies import Accepted, Refused
from services.hazard.deciders import RULES
from services.hazard.hazards import Hazards
from services.hazard.library import Library
from services.journal.events import EventStore
from services.policies import MAX_BYTES, policy_version, shipped
from tests import props as p

TEXT, _ = shipped()


@pytest.fixture
def servers(single: Any) -> Any:  # noqa: ANN401 (the one server; three would answer alike)
    """One."""
    return single


@pytest.fixture
def service(store: EventStore) -> Hazards:
    """With the rules of the trade."""
    return Hazards(store, p.DIRECTORY, Library(), lambda: p.MORNING, rules=RULES)


def adopt(content: str, command_id: str = "a-1") -> commands.AdoptPolicy:
    """By the county's director."""
    asked: dict[str, Any] = {"actor": p.director, "occurred_at": p.MORNING, "area": "320623", "name": "县策略"}
    return commands.AdoptPolicy(command_id=command_id, content=content, **asked)


def line_of(words: str) -> int:
    """Where they first stand in the shipped policy."""
    return TEXT.count("\n", 0, TEXT.index(words)) + 1


async def test_the_shipped_policy_can_be_adopted(service: Hazards) -> None:
    """And the event names it by the hash of its text."""
    answer = await service.handle(adopt(TEXT))
    assert isinstance(answer, Accepted), answer
    [(_, envelope)] = await service.history(answer.hazard_id, "policy")
    assert getattr(envelope.event, "sha256", None) == policy_version(TEXT)


async def test_the_largest_policy_fits_into_its_event(service: Hazards) -> None:
    """What the reader lets pass, the event holds."""
    largest = f"{TEXT}# {'字' * ((MAX_BYTES - len(to_json(TEXT)) - 2) // 3)}"
    assert MAX_BYTES - len(to_json(largest)) < 3
    answer = await service.handle(adopt(largest))
    assert isinstance(answer, Accepted), answer


@pytest.mark.parametrize(
    ("content", "line", "rule"),
    [
        (TEXT.replace("after: 15 nd", "after: -15 nd"), line_of("after: 15 nd"), "规则 G07 梯级 late"),
        (TEXT.replace("tell: [finder]", "tell: [sheriff]", 1), line_of("tell: [finder]"), "规则 G01"),
        ("[" * 40_000, 1, "嵌套过深"),
        ("rules: []", 1, "rules 至少写 1 项"),
    ],
    ids=["negative", "unknown role", "brackets", "nothing"],
)
async def test_what_is_no_policy_is_refused_with_its_line(service: Hazards, content: str, line: int, rule: str) -> None:
    """Nothing is stored, and a good one goes through afterwards."""
    answer = await service.handle(adopt(content))
    assert isinstance(answer, Refused)
    assert (answer.code, answer.field) == ("unusable_policy", "content")
    assert answer.reason.startswith(f"县策略:{line} ")
    assert rule in answer.reason
    assert isinstance(await service.handle(adopt(TEXT)), Accepted)
