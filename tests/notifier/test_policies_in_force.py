"""Which policy a hazard has, over a real server: adopted before it was found, or moved to."""

from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
from nats.aio.client import Client

from contracts import commands
from contracts.replies import Accepted
from services.journal.events import EventStore
from services.notifier.policies import Policies
from services.notifier.timing.case import Case
from services.policies import policy_version, shipped
from tests.hazard import plain
from tests.servers import Stream

DEFAULT = policy_version(shipped()[0])
SMALL = """
name: {name}
ladders: {{enterprise: [{{level: 1, name: 催办, tell: [responsible]}}]}}
rules:
  - id: X01
    title: 逾期
    starts: [deadline]
    steps: [{{step: late, after: 1 nd, level: 1}}]
    basis: [{{text: 自定, tag: P}}]
"""


@pytest.fixture
def servers(single: Any) -> Any:  # noqa: ANN401 (the one server; three would answer alike)
    """One."""
    return single


class County:
    """Adopts and finds on one stream; its hazard service adopts whatever it gets, as an older program would."""

    def __init__(self, store: EventStore) -> None:
        self._service = plain.hazards(store)

    async def adopts(self, name: str, area: str = "320623", content: str = SMALL) -> str:
        """The version of the file of that name."""
        text = content.format(name=name)
        version = sha256(text.encode()).hexdigest()
        asked = commands.AdoptPolicy(
            command_id=version, actor=plain.ALICE, occurred_at=plain.NOW, area=area, name=name, content=text
        )
        assert isinstance(await self._service.handle(asked), Accepted)
        return version

    async def finds(self, area: str = "320623104") -> Case:
        """A hazard, as far as its policy hangs on it."""
        found = await self._service.handle(plain.find(area=area))
        assert isinstance(found, Accepted)
        return Case(id=found.hazard_id, area=area, found_sequence=found.sequence)


@pytest.fixture
def store(nc: Client, stream: Stream) -> EventStore:
    """Our subjects under that stream's root."""
    return EventStore(nc, stream.name, subject_of=lambda subject: stream.subject(str(subject)))


@pytest.fixture
def county(store: EventStore) -> County:
    """One county's part of it."""
    return County(store)


@pytest.fixture
def policies(store: EventStore, stream: Stream) -> Policies:
    """As a notifier that has just started."""
    return Policies(store, adoptions=stream.subject("events.policy.>"))


async def version(policies: Policies, case: Case) -> str:
    """Of the rules that it has."""
    return (await policies.of(case)).version


async def test_before_any_adoption_the_shipped_policy_holds(county: County, policies: Policies) -> None:
    """Each text is made ready once."""
    case = await county.finds()
    rules = await policies.of(case)
    assert rules.version == DEFAULT
    assert rules is await policies.by_version(DEFAULT, "3206")


async def test_a_hazard_keeps_the_policy_adopted_last_before_it_was_found(county: County, policies: Policies) -> None:
    """In the order of the stream, of its own area or one around it, never of a neighbour."""
    before = await county.finds()
    town = await county.adopts("镇", "320623104")
    in_town = await county.finds()
    last = await county.adopts("县")
    await county.adopts("邻县", "320681")
    after, elsewhere = await county.finds(), await county.finds("320684101")
    found = [await version(policies, case) for case in (before, in_town, after, elsewhere)]
    assert found == [DEFAULT, town, last, DEFAULT]


async def test_it_is_never_behind(county: County, policies: Policies) -> None:
    """What was adopted since the last question is known before the answer."""
    assert await version(policies, await county.finds()) == DEFAULT
    for name in "甲乙丙":
        adopted = await county.adopts(name)
        assert await version(policies, await county.finds()) == adopted


async def test_a_hazard_that_was_moved_has_that_policy(county: County, policies: Policies) -> None:
    """Also where the policy was adopted after the hazard was found, and after somebody asked."""
    case = await county.finds()
    assert await version(policies, case) == DEFAULT
    adopted = await county.adopts("县")
    assert await version(policies, case) == DEFAULT
    assert await version(policies, replace(case, policy=adopted)) == adopted


async def test_what_cannot_be_used_never_replaces_what_is_in_force(county: County, policies: Policies) -> None:
    """Stored by another program all the same: the one before it stays, also for a hazard that was moved to it."""
    good = await county.adopts("县")
    bad = await county.adopts("坏", content="rules: [{name}]")
    case = await county.finds()
    assert await version(policies, case) == good
    assert await version(policies, replace(case, policy=bad)) == good
    assert await policies.by_version(bad, "320623") is None


async def test_a_version_that_nobody_adopted_has_no_rules(county: County, policies: Policies) -> None:
    """A hazard that names it keeps what it was found under."""
    case = await county.finds()
    assert await policies.by_version("0" * 64, "320623") is None
    assert await version(policies, replace(case, policy="0" * 64)) == DEFAULT
