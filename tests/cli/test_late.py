"""追溯变更 of one ledger, over real NATS."""

from datetime import timedelta
from typing import Any

import pytest
from nats.aio.client import Client

from contracts.events import Event, HazardCorrected, HazardFound, ReportAcknowledged, ReportedToRegulator
from services.cli.ledgers import late
from services.cli.ledgers.late import changes
from services.projection.ledger import Ledger
from services.projection.ledgers import accountability, dual_reports
from tests.lives import Told, store
from tests.projection.folding import SITE
from tests.projection.lives_props import lives, lives_store
from tests.projection.runner_props import TALLY, golden
from tests.servers import Stream

FOUND = next(told for told in lives() if isinstance(told.event, HazardFound))
CUTOFF = FOUND.event.recorded_at


def told_late(version: int, kind: type[Event], **said: Any) -> Told:  # noqa: ANN401 (any field)
    """It happened before the cut-off and was entered a day after it."""
    times = {"occurred_at": FOUND.event.occurred_at, "recorded_at": CUTOFF + timedelta(days=1)}
    return FOUND._replace(version=version, event=golden(kind.type).model_copy(update={**times, **said}))


STORY = [
    FOUND,
    told_late(2, ReportedToRegulator, report="past", bypass=True),
    told_late(3, ReportAcknowledged, report="past"),
    told_late(4, ReportedToRegulator, report="open", bypass=False),
    told_late(5, ReportAcknowledged, report="open"),
    told_late(6, HazardCorrected, corrects=2),
    told_late(7, HazardCorrected, corrects=1),
]


@pytest.mark.parametrize(
    ("ledger", "expected"),
    [(accountability.LEDGER, {4, 5, 7}), (dual_reports.LEDGER, {4, 5, 7}), (TALLY, set())],
)
async def test_what_the_ledger_reads_and_nothing_past_the_head(
    nc: Client, stream: Stream, ledger: Ledger, expected: set[int]
) -> None:
    """A report past the head (art. 46), its receipt and its correction are told by no list of late events."""
    events = lives_store(nc, stream)
    await store(events, STORY)
    found = await changes(events, ledger, CUTOFF, len(STORY), SITE)
    assert {one.sequence for one in found.first} <= expected
    assert {4, 5} & expected <= {one.sequence for one in found.first}
    assert found.count == len(found.first)
    assert (await changes(events, ledger, CUTOFF, 1, SITE)).count == 0


async def test_many_are_counted_and_some_told(nc: Client, stream: Stream, monkeypatch: pytest.MonkeyPatch) -> None:
    """A person sees how many there are."""
    monkeypatch.setattr(late, "KEPT", 2)
    events = lives_store(nc, stream)
    await store(events, STORY)
    found = await changes(events, accountability.LEDGER, CUTOFF, len(STORY), SITE)
    assert found.count > len(found.first) == 2
    assert f"{found.count} 条，列出前 1 条" in found.people(1)[0]
    assert len(found.people(1)) == 2
