"""Visits through the shell over real servers: stored, named by findings, remembered."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from contracts import commands, subjects
from contracts.base import DocumentRef
from contracts.directory import Body, Delegation, Directory
from contracts.parties import Actor, Party, Signatory
from contracts.replies import Accepted, Refused, Reply
from contracts.terms import Answer, AssignmentKind, Origin, Power, Role, VisitKind, WithdrawalKind
from services.hazard.deciders import RULES
from services.hazard.hazards import Hazards
from services.hazard.library import load_library
from services.journal.events import EventStore
from services.journal.library import Notification

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
AREA = "320623104"
CHECKER = Actor(id="wang", name="王平", roles=(Role.TOWNSHIP_CHECKER,), area=AREA)
BODY = ({"name": "镇应急办", "lead": True},)
BATCH = 40
"""Enough for one atomic write."""


class Counting(EventStore):
    """Counts what is read of it."""

    reads = 0

    async def load(self, *arguments: Any, **options: Any) -> Sequence[Notification]:  # noqa: ANN401 (passed on)
        """As the store does."""
        self.reads += 1
        return await super().load(*arguments, **options)

    async def last_sequence(self, *arguments: Any, **options: Any) -> int:  # noqa: ANN401 (passed on)
        """As the store does."""
        self.reads += 1
        return await super().last_sequence(*arguments, **options)


@pytest.fixture
def counting(store: EventStore) -> Counting:
    """The same stream."""
    again = Counting.__new__(Counting)
    again.__dict__.update(store.__dict__)
    return again


def service(store: EventStore, directory: Directory | None = None) -> Hazards:
    """With the real rules."""
    return Hazards(store, directory or Directory(), load_library(), lambda: NOW, rules=RULES)


def visit(command_id: str, **fields: Any) -> commands.RecordInspection:  # noqa: ANN401 (any field)
    """A patrol."""
    told = {"command_id": command_id, "actor": CHECKER, "occurred_at": NOW, "area": AREA, "place": "一车间"}
    told |= {"kind": VisitKind.PATROL, "visited_by": BODY}
    return commands.RecordInspection.model_validate(told | fields)


def find(command_id: str, visit_id: str, **fields: Any) -> commands.FindHazard:  # noqa: ANN401 (any field)
    """What was found on it."""
    told = {"command_id": command_id, "actor": CHECKER, "occurred_at": NOW, "area": AREA, "place": "一车间"}
    told |= {"description": "安全出口堵塞", "origin": Origin.PATROL, "found_by": BODY}
    return commands.FindHazard.model_validate(told | {"visit": subjects.inspection_id(AREA, visit_id)} | fields)


def accepted(reply: Reply) -> Accepted:
    """Or the test ends here."""
    assert isinstance(reply, Accepted), reply
    return reply


def refused(reply: Reply) -> Refused:
    """Or the test ends here."""
    assert isinstance(reply, Refused), reply
    return reply


async def test_a_visit_has_a_history_of_its_own(store: EventStore) -> None:
    """Its id follows from the command's; again is the same answer; another body under that id is refused."""
    one = service(store)
    first = accepted(await one.handle(visit("v-1")))
    assert first.hazard_id == subjects.inspection_id(AREA, "v-1")
    assert accepted(await service(store).handle(visit("v-1"))) == first
    assert refused(await one.handle(visit("v-1", place="二车间"))).code == "command_id_reused"
    back = commands.WithdrawInspection(
        command_id="w-1",
        inspection_id=first.hazard_id,
        actor=CHECKER,
        occurred_at=NOW,
        kind=WithdrawalKind.ERROR,
        reasons="没有去过",
    )
    assert accepted(await service(store).handle(back)).version == 2
    history = await one.history(first.hazard_id, subjects.INSPECTION)
    assert [envelope.type for _, envelope in history] == ["inspection.recorded", "inspection.withdrawn"]
    missing = back.model_copy(update={"inspection_id": subjects.inspection_id(AREA, "v-2")})
    assert refused(await one.handle(missing)).code == "unknown_visit"


async def test_a_finding_sees_a_visit_that_another_service_recorded(store: EventStore) -> None:
    """Read once; one that nobody recorded is refused."""
    accepted(await service(store).handle(visit("v-1")))
    two = service(store)
    found = accepted(await two.handle(find("f-1", "v-1")))
    [(_, envelope)] = await two.history(found.hazard_id)
    assert getattr(envelope.event, "visit_kind", None) is VisitKind.PATROL
    assert refused(await two.handle(find("f-2", "v-2"))).code == "unknown_visit"


async def test_a_visit_in_memory_is_not_read_again(counting: Counting) -> None:
    """A second finding on it costs no more than a finding without."""
    one = service(counting)
    accepted(await one.handle(visit("v-1")))
    counting.reads = 0
    accepted(await one.handle(find("f-1", "v-1")))
    assert counting.reads == 0


async def test_findings_of_a_batch_name_its_visits(counting: Counting) -> None:
    """In whatever order they stand: the visits are stored first, and neither is read."""
    visits = [visit(f"v-{number}") for number in range(BATCH)]
    finds = [find(f"f-{number}", f"v-{number}") for number in range(BATCH)]
    replies = await service(counting).batch([*finds, *visits])
    assert [accepted(reply).version for reply in replies] == [1] * 2 * BATCH
    assert counting.reads == 0
    again = await service(counting).batch([*finds, *visits])
    assert again == replies


async def test_one_bad_visit_stops_only_its_own_finding(store: EventStore) -> None:
    """The rest of the batch stands."""
    visits = [visit(f"v-{number}") for number in range(BATCH)]
    visits[3] = visit("v-3", kind=VisitKind.SUPERVISION)
    replies = await service(store).batch([*visits, *(find(f"f-{number}", f"v-{number}") for number in range(BATCH))])
    assert [refused(reply).code for reply in replies if not isinstance(reply, Accepted)] == ["role", "unknown_visit"]


async def test_an_order_sees_a_visit_as_the_leader_has_it(store: EventStore) -> None:
    """Taken back elsewhere a moment ago: an order does not rest on what is only remembered."""
    power = Delegation(power=Power.ORDER_CORRECTION, basis="赋权清单", since=NOW.date())
    town = Directory(bodies=(Body(id="town", name="镇政府", area=AREA, powers=(power,)),))
    one, two = service(store, town), service(store, town)
    officer = CHECKER.model_copy(update={"body": "town", "roles": (Role.OFFICER,)})
    pair = tuple(Signatory(id=name, name=name, body="town", certificate=name) for name in ("wang", "li"))
    made = visit("v-1", actor=officer, kind=VisitKind.INSPECTION, inspectors=pair, visited_by=())
    inspection_id = accepted(await one.handle(made)).hazard_id
    finding = find("f-1", "v-1", actor=officer, origin=Origin.INSPECTION, found_by=())
    order = commands.AssignHazard(
        command_id="a-1",
        hazard_id=accepted(await one.handle(finding)).hazard_id,
        actor=officer,
        occurred_at=NOW,
        kind=AssignmentKind.ORDER,
        due=NOW.date(),
        party=Party(id="shop", name="五金店"),
        officers=pair,
        basis="安全生产法第六十五条",
        document=DocumentRef(number="责改〔2026〕1号"),
        visit=inspection_id,
    )
    lead = officer.model_copy(update={"roles": (Role.TOWNSHIP_LEAD,)})
    back = {"kind": WithdrawalKind.ERROR, "reasons": "没有去过", "inspection_id": inspection_id}
    accepted(await two.handle(commands.WithdrawInspection(command_id="w-1", actor=lead, occurred_at=NOW, **back)))
    assert refused(await one.handle(order)).code == "visit_withdrawn"
    assert refused(await one.handle(order.model_copy(update={"visit": None}))).code == "visit_withdrawn"
    again = visit("v-2", actor=officer, kind=VisitKind.INSPECTION, inspectors=pair, visited_by=())
    other = accepted(await two.handle(again)).hazard_id
    accepted(await one.handle(order.model_copy(update={"visit": other})))


async def test_an_item_declined_elsewhere_is_not_opened(store: EventStore) -> None:
    """What is remembered of the visit does not do, neither for one finding nor in a batch."""
    one, two = service(store), service(store)
    ticked = {"checklist": "spot-check", "version": "2023", "answers": ({"item": 6, "answer": Answer.YES},)}
    inspection_id = accepted(await one.handle(visit("v-1", checklists=(ticked,)))).hazard_id
    accepted(await one.handle(find("f-1", "v-1")))
    told = {"inspection_id": inspection_id, "actor": CHECKER, "occurred_at": NOW, "reasons": "已核对"}
    accepted(await two.handle(commands.DeclineOffer(command_id="d-1", checklist="spot-check", item=6, **told)))
    opened = {"offer": {"checklist": "spot-check", "item": 6}}
    assert refused(await one.handle(find("f-2", "v-1", **opened))).code == "declined_already"
    replies = await one.batch([find(f"f-{number}", "v-1", **opened) for number in range(10, 10 + BATCH)])
    assert {refused(reply).code for reply in replies} == {"declined_already"}
    accepted(await one.handle(find("f-3", "v-1")))
