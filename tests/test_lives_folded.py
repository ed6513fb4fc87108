"""The ledger of truth against a fold of the events that it never looks at."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from random import Random

from contracts import events
from contracts.envelope import decode
from contracts.events import Event
from contracts.terms import ClosureKind, Grade, Origin, Stage
from services.hazard.aggregate.evolution import evolve
from services.hazard.aggregate.hazard import Hazard
from services.journal.library import StoredEvent
from tests.lives import Counts, Told, Totals, generate
from tests.lives.moments import SITE
from tests.lives.places import COUNTIES
from tests.lives.storing import recorded


def test_the_plan_and_the_events_agree() -> None:
    """Counted from words of the plan, and from the events as they are read back, folded by the rules' own fold."""
    totals = Totals()
    stream = list(generate(11, 400, counties=4, days=120, totals=totals))
    told = [one._replace(event=_read(body)) for one, body in zip(stream, recorded(stream), strict=True)]
    rng = Random(5)  # noqa: S311 (any cut-offs)
    compared = Counter[str]()
    for _ in range(60):
        until, since = date(2024, 1, 1) + timedelta(rng.randrange(130)), date(2024, 1, 1) + timedelta(rng.randrange(40))
        known, area = rng.randint(0, len(told)), rng.choice(("", *COUNTIES[:4], "3206"))
        counts = totals.count(until, since=since, known=known, area=area)
        assert counts == _folded(told[:known], until, since, area)
        compared.update(asdict(counts))
    assert all(compared[key] for key in asdict(Counts())), compared


def _folded(told: Sequence[Told], until: date, since: date, area: str) -> Counts:
    """Form B as the contract words it, event by event."""
    end = datetime.combine(until + timedelta(days=1), datetime.min.time(), SITE)
    begin = datetime.combine(since, datetime.min.time(), SITE)
    histories: defaultdict[str, list[Event]] = defaultdict(list)
    for one in told:
        histories[one.aggregate_id].append(one.event)
    keys: Counter[str] = Counter()
    for history in (history for hazard, history in histories.items() if hazard.startswith(area)):
        held = [event for event in history if _effective(event, history) < end]
        state = Hazard()
        for event in held:
            state = evolve(state, event)
        gone = state.stage in {Stage.MERGED, Stage.WITHDRAWN}
        if state.grade is not Grade.MAJOR or gone or held[0].occurred_at < begin:
            continue
        finder = "self" if state.origin in {Origin.SELF, Origin.SELF_AFTER_NOTICE} else "other"
        rectified = state.stage is Stage.CLOSED and state.closure is ClosureKind.RECTIFIED
        fixed = state.stage is Stage.VERIFIED or rectified
        on_list = any(isinstance(event, events.HazardListed) for event in held)
        keys[f"major_{finder}_found"] += 1
        keys[f"major_{finder}_fixed"] += fixed
        keys["listed"] += on_list
        keys["listed_fixed"] += on_list and fixed
        keys["ceased"] += state.closure is ClosureKind.CEASED
    return Counts(**keys)


def _effective(event: Event, history: Sequence[Event]) -> datetime:
    return history[event.corrects - 1].occurred_at if isinstance(event, events.HazardCorrected) else event.occurred_at


def _read(stored: StoredEvent) -> Event:
    event = decode(stored.state).event
    assert isinstance(event, Event)
    return event
