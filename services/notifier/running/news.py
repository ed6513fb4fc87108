"""What happened and what became due, worked off: told, counted, and then chased."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence

import structlog

from contracts import events, subjects
from contracts.envelope import decode
from services.journal.events import EventStore
from services.journal.work import Job
from services.notifier.chase import Chaser
from services.notifier.counts import counting
from services.notifier.counts.counters import Counters
from services.notifier.delivering.delivery import Delivery
from services.notifier.reading import Histories, Read
from services.notifier.running.bounded import each
from services.notifier.running.turns import Turns
from services.notifier.telling import Teller

log = structlog.get_logger(__name__)

NOTICE = "notice"
DIGEST = "digest"


class News:
    """Works off the events of hazards and visits; an adopted policy concerns what is found later, so it is no news."""

    def __init__(self, store: EventStore, chaser: Chaser, counters: Counters, teller: Teller, turns: Turns) -> None:
        self._store = store
        self._histories = Histories(store)
        self._chaser = chaser
        self._counters = counters
        self._teller = teller
        self._turns = turns

    async def __call__(self, jobs: Sequence[Job]) -> Collection[Job]:
        """Each hazard once, however many of its events there are; gives what is to be tried again."""
        await self._turns.come()
        about: dict[str, dict[str, list[Job]]] = defaultdict(lambda: defaultdict(list))
        for (kind, aggregate), job in _known(jobs, subjects.parse_events_subject):
            about[kind][aggregate].append(job)
        hazards = about[subjects.HAZARD]
        reads, unread = await each(hazards, lambda hazard: self._read(hazard, hazards[hazard]))
        _, untold = await each(reads, lambda hazard: self._tell(reads[hazard], hazards[hazard]))
        visits = [job for those in about[subjects.INSPECTION].values() for job in those]
        additions = [addition for read in reads.values() for addition in _added(read)]
        additions += [addition for job in visits for addition in await self._added_by_visit(job)]
        disturbed = await self._counters.add(additions, redelivered=any(job.delivered > 1 for job in jobs))
        left = await self._chaser.look([*reads.values(), *(disturbed - reads.keys())])
        if left - hazards.keys():  # somebody else's, who has no job here: what disturbed him comes again
            return jobs
        return [job for hazard in unread | untold | left for job in hazards[hazard]]

    async def _read(self, hazard: str, jobs: Sequence[Job]) -> Read:
        return await self._histories.read(hazard, events=frozenset(job.sequence for job in jobs))

    async def _tell(self, read: Read, jobs: Sequence[Job]) -> None:
        for job in jobs:
            envelope, _ = read.then[job.sequence]
            if isinstance(envelope.event, events.HazardEscalated):
                await self._teller.tell(envelope, read.case, stored_at=job.stored_at)

    async def _added_by_visit(self, job: Job) -> Collection[tuple[counting.Key, counting.Entry]]:
        envelope = decode(job.data)
        match envelope.event:
            case events.InspectionRecorded() as visit:
                return list(counting.added_by_visit(visit, envelope.aggregate_id, job.sequence))
            case events.InspectionWithdrawn():
                first = decode((await self._store.load(job.subject))[0].state).event
                if isinstance(first, events.InspectionRecorded):
                    return list(counting.added_by_visit(first, envelope.aggregate_id, job.sequence, "void"))
        return []


class Due:
    """Works off the wake-ups that fired."""

    def __init__(self, chaser: Chaser, delivery: Delivery, turns: Turns) -> None:
        self._chaser = chaser
        self._delivery = delivery
        self._turns = turns

    async def __call__(self, jobs: Sequence[Job]) -> Collection[Job]:
        """Gives what is to be tried again."""
        self._turns.begins(len(jobs))
        woken = dict(_known(jobs, _woken))
        others = {job.subject: (kind, timed) for (kind, timed), job in woken.items() if kind in {NOTICE, DIGEST}}
        hazards = {timed: job for (kind, timed), job in woken.items() if kind == subjects.HAZARD}

        async def deliver(subject: str) -> None:
            kind, timed = others[subject]
            await self._delivery.due(kind, timed, woken[kind, timed].data)

        _, undelivered = await each(others, deliver)
        at_least = max((job.stored_at for job in hazards.values()), default=None)
        left = await self._chaser.look(list(hazards), at_least=at_least)
        return [job for (_, timed), job in woken.items() if job.subject in undelivered or timed in left]


def _known(jobs: Sequence[Job], parse: Callable[[str], tuple[str, str]]) -> Iterator[tuple[tuple[str, str], Job]]:
    """Each with what it is about; a subject that says nothing is nobody's, and set aside for good."""
    for job in jobs:
        try:
            about = parse(job.subject)
        except ValueError as wrong:
            log.error("job.set_aside", subject=job.subject, sequence=job.sequence, reason=str(wrong))  # noqa: TRY400
        else:
            yield about, job


def _woken(subject: str) -> tuple[str, str]:
    """As `parse_due`; a hazard that was timed has an id that can be one."""
    kind, timed = subjects.parse_due(subject)
    if kind == subjects.HAZARD:
        subjects.events_subject(kind, timed)
    return kind, timed


def _added(read: Read) -> Iterator[tuple[counting.Key, counting.Entry]]:
    for sequence, (envelope, case) in read.then.items():
        yield from counting.added(envelope, case, sequence)
