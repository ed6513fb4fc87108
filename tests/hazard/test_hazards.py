"""The shell of the hazard service over real servers, one and three, with the plainest of rules."""

import asyncio
from random import Random
from uuid import uuid4

from contracts import commands, subjects
from contracts.base import EvidenceRef
from contracts.parties import Person
from contracts.replies import Accepted, Refused, Reply
from services.hazard.hazards import Hazards
from services.hazard.known import unread
from services.journal import chain
from services.journal.events import EventStore
from tests.hazard.plain import ALICE, NOW, find, hazards, progress


async def test_a_finding_is_recorded_with_what_asked_for_it(one: Hazards) -> None:
    """The envelope names the command, its hash, and what it belongs to and came from."""
    found = accepted(await one.handle(find("f-1", correlation_id="visit-7")))
    [(stored, envelope)] = await one.history(found.hazard_id)
    assert (found.version, found.sequence) == (1, stored.id)
    assert found.hazard_id == subjects.hazard_id("320623104", "f-1")
    assert (envelope.id, envelope.type) == (found.events[0].id, "hazard.found")
    assert (envelope.command_id, envelope.correlation_id, envelope.causation_id) == ("f-1", "visit-7", "f-1")


async def test_a_history_is_one_chain(one: Hazards, two: Hazards) -> None:
    """Whichever service wrote an event, it names the hash of the one before."""
    found = accepted(await one.handle(find()))
    for service in (two, one, two, two, one):
        accepted(await service.handle(progress(found.hazard_id)))
    history = await one.history(found.hazard_id)
    subject = subjects.events_subject("hazard", found.hazard_id)
    entries = [chain.Entry(subject, stored.topic, stored.originator_version, stored.state) for stored, _ in history]
    claims = {stored.state: envelope.previous_hash for stored, envelope in history}
    assert chain.check(entries, claims.__getitem__) == []
    assert [envelope.version for _, envelope in history] == [1, 2, 3, 4, 5, 6]


async def test_the_same_command_gets_the_same_answer_for_ever(one: Hazards, two: Hazards) -> None:
    """Also after others came, from another service, and from one that has forgotten everything."""
    asked = find("f-2")
    first = accepted(await one.handle(asked))
    begun = commands.StartRectification(hazard_id=first.hazard_id, command_id="s-1", actor=ALICE, occurred_at=NOW)
    second = accepted(await two.handle(begun))
    accepted(await two.handle(progress(first.hazard_id)))
    for service in (one, two, one):
        assert json(await service.handle(asked)) == json(first)
        assert json(await service.handle(begun)) == json(second)
    assert [event.version for event in second.events] == [2, 3]


async def test_what_may_differ_when_a_command_is_asked_again(one: Hazards) -> None:
    """The version that the asker saw, and why he asks, are not part of what he asks."""
    asked = find("f-3", correlation_id="a", expected_version=0)
    first = await one.handle(asked)
    assert json(await one.handle(find("f-3", correlation_id="b", expected_version=9))) == json(first)


async def test_a_command_id_stands_for_one_body(one: Hazards, two: Hazards) -> None:
    """Another body, or another command, under the same id is refused, and nothing is stored."""
    found = accepted(await one.handle(find("f-4")))
    accepted(await one.handle(progress(found.hazard_id, "p-4")))
    started = commands.StartRectification(hazard_id=found.hazard_id, command_id="p-4", actor=ALICE, occurred_at=NOW)
    for wrong in (find("f-4", description="另一处"), progress(found.hazard_id, "p-4", done="全部"), started):
        assert refused(await two.handle(wrong)).code == "command_id_reused"
    assert len(await one.history(found.hazard_id)) == 2


async def test_a_refusal_is_decided_anew(one: Hazards, two: Hazards) -> None:
    """A command that was refused may be accepted later under the same id."""
    survivor = find("f-5b")
    survivor_id = subjects.hazard_id("320623104", "f-5b")
    found = accepted(await one.handle(find("f-5")))
    merge = commands.MergeHazard(
        hazard_id=found.hazard_id, command_id="m", actor=ALICE, occurred_at=NOW, survivor=survivor_id, reasons="同一处"
    )
    assert refused(await one.handle(merge)).field == "survivor"
    accepted(await two.handle(survivor))
    accepted(await one.handle(merge))


async def test_a_refusal_is_never_decided_on_an_old_state(one: Hazards, two: Hazards) -> None:
    """A version that another service wrote is seen before a command is refused for it."""
    found = accepted(await one.handle(find()))
    accepted(await two.handle(progress(found.hazard_id)))
    accepted(await one.handle(progress(found.hazard_id, expected_version=2)))
    stale = refused(await two.handle(progress(found.hazard_id, expected_version=2)))
    assert (stale.code, stale.field) == ("stale_version", "expected_version")


async def test_a_hazard_that_nobody_found_is_unknown(one: Hazards) -> None:
    """And it stays so: asking about it writes nothing."""
    answer = refused(await one.handle(progress(f"320623104-{uuid4()}")))
    assert (answer.code, answer.field) == ("unknown_hazard", "hazard_id")


async def test_commands_on_one_hazard_wait_for_each_other(one: Hazards) -> None:
    """Within one process forty at once are no conflict."""
    found = accepted(await one.handle(find()))
    answers = await asyncio.gather(*(one.handle(progress(found.hazard_id)) for _ in range(40)))
    assert sorted(accepted(answer).version for answer in answers) == list(range(2, 42))


async def test_two_services_decide_again_when_the_other_was_faster(one: Hazards, two: Hazards) -> None:
    """A conflict is reloaded; whoever loses every time is told `conflict`, and nothing of his is stored."""
    found = accepted(await one.handle(find()))
    asked = [(service, progress(found.hazard_id)) for _ in range(20) for service in (one, two)]
    answers = await asyncio.gather(*(service.handle(command) for service, command in asked))
    history = await one.history(found.hazard_id)
    stored = {envelope.command_id for _, envelope in history}
    for (_, command), answer in zip(asked, answers, strict=True):
        assert (command.command_id in stored) == isinstance(answer, Accepted)
        assert isinstance(answer, Accepted) or refused(answer).code == "conflict"
    assert [envelope.version for _, envelope in history] == list(range(1, len(history) + 1))


async def test_a_command_sent_many_times_has_one_effect(one: Hazards, two: Hazards) -> None:
    """500 commands, each sent one to five times to two services at once."""
    random = Random(5)  # noqa: S311 (the same disorder every time)
    asked = [find() for _ in range(500)]
    sent = [(random.choice((one, two)), command) for command in asked for _ in range(random.randint(1, 5))]
    random.shuffle(sent)
    answers: dict[str, set[str]] = {}

    async def send(service: Hazards, command: commands.FindHazard) -> None:
        answers.setdefault(command.command_id, set()).add(json(accepted(await service.handle(command))))

    await asyncio.gather(*(send(*each) for each in sent))
    assert {len(same) for same in answers.values()} == {1}
    sequences = {Accepted.model_validate_json(same.pop()).sequence for same in answers.values()}
    assert sequences == set(range(1, 501))


async def test_a_batch_answers_in_the_order_of_its_commands(one: Hazards) -> None:
    """One hazard's commands are handled in order; a refused one stops no other."""
    found = [find() for _ in range(5)]
    ids = [subjects.hazard_id("320623104", command.command_id) for command in found]
    later = [progress(hazard_id, expected_version=version) for version in (1, 2, 3) for hazard_id in ids]
    unknown = progress(f"320623104-{uuid4()}")
    answers = await one.batch([*found, unknown, *later])
    assert refused(answers.pop(5)).command_id == unknown.command_id
    assert [accepted(answer).hazard_id for answer in answers] == ids * 4
    assert [accepted(answer).version for answer in answers] == [version for version in (1, 2, 3, 4) for _ in ids]


async def test_findings_of_a_batch_are_stored_together_or_each_by_itself(one: Hazards, two: Hazards) -> None:
    """Some exist already, one is refused, one is asked twice: each gets what it would have got alone."""
    asked = [find() for _ in range(900)]
    earlier = {number: accepted(await two.handle(asked[number])) for number in (3, 700)}
    later = progress(subjects.hazard_id("320623104", asked[5].command_id), expected_version=1)
    stale = find(expected_version=4)
    answers = await one.batch([*asked, later, stale, asked[0]])
    assert all(answers[number] == answer for number, answer in earlier.items())
    assert [accepted(answer).version for answer in answers[:901]] == [1] * 900 + [2]
    assert refused(answers[901]).code == "stale_version"
    assert answers[902] == answers[0]
    assert await two.batch(asked) == answers[:900]
    sequences = {accepted(answer).sequence for answer in answers[:901]}
    assert sequences == set(range(1, 902))


async def test_findings_with_long_texts_are_stored_together_too(one: Hazards, two: Hazards) -> None:
    """Fewer to a batch, since its bytes are bounded; none falls back to a write of its own."""
    asked = [find(description="安全出口" * 500) for _ in range(200)]
    opened = await one._opener.open([(unread(one._address(command)), command) for command in asked])
    assert {answer.sequence for answer in opened.values()} == set(range(1, 201))
    answers = await two.batch(asked)
    assert [accepted(answer) for answer in answers] == [opened[one._address(command).subject] for command in asked]


async def test_the_same_batch_sent_to_two_services_has_one_effect(one: Hazards, two: Hazards) -> None:
    """Whoever's atomic batch comes second is refused as a whole, and then recognised one by one."""
    asked = [find() for _ in range(600)]
    first, second = await asyncio.gather(one.batch(asked), two.batch(asked))
    assert first == second
    assert {accepted(answer).sequence for answer in first} == set(range(1, 601))


async def test_a_service_that_forgets_answers_alike(store: EventStore) -> None:
    """Folded state is bounded; what fell out of memory is read again."""
    forgetful = hazards(store, cache_size=3)
    found = [accepted(await forgetful.handle(find())) for _ in range(6)]
    again = await forgetful.batch([progress(one.hazard_id, expected_version=1) for one in found])
    assert [accepted(answer).version for answer in again] == [2] * 6


async def test_a_policy_is_adopted_in_a_history_of_its_own(one: Hazards, two: Hazards) -> None:
    """The aggregate `policy` of an area; hazards there and below may move to it, and to no other."""
    asker = {"actor": ALICE, "occurred_at": NOW}
    found = accepted(await one.handle(find()))
    for area, policy in (("320623", "a" * 64), ("320681", "b" * 64)):
        adopt = commands.AdoptPolicy(command_id=policy, area=area, name="规则", content="rules: []", **asker)
        adopted = accepted(await one.handle(adopt))
        [(_, envelope)] = await one.history(adopted.hazard_id, "policy")
        assert (adopted.hazard_id, envelope.type) == (subjects.policy_id(area), "policy.adopted")
    move = {"hazard_id": found.hazard_id, "reasons": "县里新策略", **asker}
    accepted(await two.handle(commands.MovePolicy(command_id="m-1", policy="a" * 64, **move)))
    refused(await two.handle(commands.MovePolicy(command_id="m-2", policy="b" * 64, **move)))


async def test_an_event_that_would_not_fit_is_refused(one: Hazards) -> None:
    """Sixty KiB in UTF-8, whatever each single field allows."""
    finders = tuple(Person(id=f"p{n}", name="名" * 200) for n in range(50))
    photos = tuple(EvidenceRef(sha256="0" * 64, media_type="image/jpeg", size=1, name="图" * 200) for _ in range(20))
    large = find(finders=finders, photos=photos, place="地" * 2000, description="述" * 2000, handling="处" * 2000)
    answer = refused(await one.handle(large))
    assert (answer.code, answer.command_id) == ("too_large", large.command_id)


def accepted(answer: Reply) -> Accepted:
    """It was."""
    assert isinstance(answer, Accepted), answer
    return answer


def refused(answer: Reply) -> Refused:
    """It was."""
    assert isinstance(answer, Refused), answer
    return answer


def json(answer: Reply) -> str:
    """As it goes over the wire."""
    return answer.model_dump_json()
