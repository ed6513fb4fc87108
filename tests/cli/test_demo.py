"""The demo is what a newcomer sees first, and what an expert tries to catch out."""

import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from contracts.commands import COMMANDS
from contracts.events import EVENTS
from services.cli.demo.published import cases
from services.cli.demo.script import Life, township

LIVES = cases() + township()


def demo(*options: str) -> list[dict[str, Any]]:
    """The JSON lines of `bihuan demo --once --json`."""
    command = [sys.executable, "-m", "services.cli", "demo", "--once", "--json", *options]
    done = subprocess.run(command, capture_output=True, check=True, timeout=120)
    return [json.loads(line) for line in done.stdout.splitlines()]


@cache
def played() -> list[dict[str, Any]]:
    """One run serves the tests that only look."""
    return demo()


def told(life: str) -> dict[str, Any]:
    """The line of one life."""
    return next(line for line in played() if line.get("life") == life)


def test_the_last_line_adds_up() -> None:
    """Every hazard is closed, open, merged or withdrawn, and every refused attempt is counted."""
    *lives, last = played()
    assert last["hazards"] == sum(len(life["hazards"]) for life in lives)
    assert last["hazards"] == last["closed"] + last["open"] + last["merged"] + last["withdrawn"]
    assert last["visits"] == sum(len(life["visits"]) for life in lives)
    assert last["events"] == sum(one["events"] for life in lives for one in life["hazards"] + life["visits"])
    assert last["refused"] == sum(len(life["refused"]) for life in lives) > 30


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
def test_a_published_case_stands_where_its_source_left_it(case: Life) -> None:
    """What the bulletin says came out is what the loop shows."""
    hazards = played()[-1]["cases"][case.id]["hazards"]
    expect = dict(case.expect)
    assert len(hazards) == expect.pop("hazards", 1)
    if expect.pop("all_major", False):
        assert {hazard["grade"] for hazard in hazards} == {"major"}
    if expect.pop("one_enterprise", False):
        assert len({hazard["party"] for hazard in hazards}) == 1
    expect.pop("note", None)
    if expect.pop("highest_level", None) == "at least L6":
        assert hazards[0]["highest_level"] >= 6
    assert expect
    assert {name: hazards[0][name] for name in expect} == expect


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
def test_a_published_case_is_told_without_an_invented_event(case: Life) -> None:
    """One event for each fact of the source (and one for a grade inside a finding), each flagged as an old record.

    What the machine proposes is its own, of the day on which the old record was entered.
    """
    timeline = [event for hazard in told(case.id)["hazards"] for event in hazard["timeline"]]
    events = [event for event in timeline if event["type"] != "hazard.escalated"]
    assert all(event["occurred_at"] > "2026-03-01" for event in timeline if event not in events)
    assert len(events) == len(case.steps)
    assert all("historical" in event["flags"] for event in events)
    assert not any(name in event["said"] for event in events for name in ("责任人", "完成人", "发现人"))


def test_the_factory_that_refused_climbs_to_l6_and_the_one_that_mended_does_not() -> None:
    """As proposals, recorded on the day of entry; and reckoned as it happened, level by level in January 2008."""
    by_id = played()[-1]["cases"]
    ((refused,), (mended,)) = (by_id[case]["hazards"] for case in ("shishi-shoe-a", "shishi-shoe-b"))
    assert refused["highest_level"] >= 6 > mended["highest_level"]
    assert {rung["at"][:10] for rung in refused["ladder"] if rung["rule"] != "A01"} == {"2026-03-01"}
    reckoned = [rung for rung in refused["reckoning"] if rung["ladder"] == "enterprise"]
    assert {rung["level"] for rung in reckoned} >= {0, 1, 2, 3, 6}
    assert all("2007-12-27" < rung["at"] < "2008-02-14" for rung in refused["reckoning"] + mended["reckoning"])
    assert max(rung["level"] for rung in mended["reckoning"]) < 6


def test_what_the_machine_said_is_in_the_histories_with_its_moments() -> None:
    """Nothing is proposed before it was due, and the township's own people are told by name."""
    last = played()[-1]
    hazards = [one for line in played()[:-1] for one in line["hazards"]]
    proposed = [event for one in hazards for event in one["timeline"] if event["type"] == "hazard.escalated"]
    assert len(proposed) == last["proposals"] == sum(len(one["ladder"]) for one in hazards)
    assert all(event["occurred_at"] <= event["recorded_at"] for event in proposed)
    (half_done,) = told("half-done")["hazards"]
    (warning, *_) = (rung for rung in half_done["ladder"] if rung["rule"] == "G08")
    assert (warning["level"], warning["document"], warning["told"]) == (2, "警示提醒函", ["范分管"])
    assert min(last["notices"].values()) > 50


def test_a_shared_measure_covers_the_other_hazards() -> None:
    """One fine for three hazards stands on the first and names the other two."""
    (fine,) = [step for life in cases() if life.id == "yuhong-foundry" for step in life.steps if "covers" in step.body]
    first, *others = (hazard["hazard_id"] for hazard in told("yuhong-foundry")["hazards"])
    assert (fine.aggregate, fine.body["covers"]) == (first, others)


def test_every_refused_attempt_is_refused_for_the_reason_that_it_shows() -> None:
    """A demonstration of a rule that fails for another reason shows nothing."""
    for life in LIVES:
        wanted = [step.refused for step in life.steps if step.refused]
        assert [attempt["code"] for attempt in told(life.id)["refused"]] == wanted, life.id


def test_the_township_walks_every_branch() -> None:
    """Every command is given, and every event of a hazard or a visit happens, at least once."""
    given = {step.imperative for life in LIVES for step in life.steps if not step.refused}
    assert given | {"escalate_hazard"} == set(COMMANDS)
    every = [one for life in LIVES for one in told(life.id)["hazards"] + told(life.id)["visits"]]
    happened = {event["type"] for one in every for event in one["timeline"]}
    assert happened | {"policy.adopted"} == set(EVENTS)


def test_what_is_illustrative_says_so() -> None:
    """Nobody mistakes the fictitious township for a published case."""
    for life in LIVES:
        assert told(life.id)["illustrative"] is (life.source is None)


def test_playing_it_again_on_the_same_data_adds_nothing(tmp_path: Path) -> None:
    """Commands are recognised by their ids; attempts are held back by the version that they expect."""
    first, second = demo("--data", str(tmp_path)), demo("--data", str(tmp_path))
    assert second[-1] == first[-1]
    assert [line["hazards"] for line in second[:-1]] == [line["hazards"] for line in first[:-1]]
