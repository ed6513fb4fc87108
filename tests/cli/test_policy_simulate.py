"""`bihuan policy simulate` over the demo's own histories, whose clock we know."""

import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from contracts.base import short_number
from services.cli.main import run
from services.policies import shipped

LAST = "2026-05-21T09:00:00+08:00"
"""Shortly before the demo's clock stands still."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the demo was played."""
    folder = tmp_path_factory.mktemp("simulated")
    assert run(["--data", str(folder), "demo", "--once", "--json"]) == 0
    return folder


@cache
def changed() -> str:
    """The shipped policy with the first warning of a late hazard found by others a day later."""
    text, _ = shipped()
    late = "{step: late, after: 1 nd, level: 2, action: 已逾期：请立即完成整改；请安排复查}"
    assert text.count(late) == 1
    return text.replace(late, late.replace("1 nd", "2 nd"))


@pytest.fixture
def simulate(place: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Any:  # noqa: ANN401 (a function)
    """Its exit code and what it printed."""

    def ask(text: str, *options: str) -> tuple[int, str]:
        file = tmp_path / "new.yaml"
        file.write_text(text, "utf-8")
        capfd.readouterr()
        code = run(["--data", str(place), "policy", "simulate", "--policy", str(file), *options])
        said = capfd.readouterr()
        return code, said.out or said.err

    return ask


def machine(answer: tuple[int, str]) -> dict[str, Any]:
    """The JSON of an answer."""
    code, said = answer
    assert code == 0, said
    found: dict[str, Any] = json.loads(said)
    return found


def test_the_present_policies_say_what_was_recorded(simulate: Any, place: Path, capfd: Any) -> None:  # noqa: ANN401
    """Walked again without the recorded proposals, every hazard comes to just those, by rule and level."""
    text, _ = shipped()
    walked = machine(simulate(text, "--to", LAST, "--json"))
    capfd.readouterr()
    assert run(["--data", str(place), "demo", "--once", "--json"]) == 0
    lines = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    rungs = [rung for line in lines[:-1] for one in line["hazards"] for rung in one["ladder"] if rung["at"] <= LAST]
    recorded = Counter((rung["ladder"], rung["rule"], rung["level"]) for rung in rungs)
    assert {
        (one["ladder"], one["rule"], one["level"]): one["before"] for one in walked["rules"] if one["before"]
    } == recorded


def test_a_longer_delay_shows_as_later_and_fewer(simulate: Any) -> None:  # noqa: ANN401
    """And whom it would have told, by name where the directory knows them."""
    told = machine(simulate(changed(), "--to", LAST, "--json"))
    differences = told["differences"]
    assert differences["later"] > 0
    assert (differences["earlier"], differences["level"]) == (0, 0)
    more = [change["after"]["rule"] for one in told["shown"] for change in one["changes"] if not change["before"]]
    assert (more, differences["more"]) == (["A01"], 1), "on the hazard of a county whose own policy chases no drafts"
    assert told["changed"] == len(told["shown"]) > 0
    rules = {change["before"]["rule"] for one in told["shown"] for change in one["changes"] if change["before"]}
    assert rules <= {"G08", "A01", "X01"}


def test_people_read_totals_differences_and_single_hazards(
    simulate: Any,  # noqa: ANN401
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With names where a directory is set."""
    directory = Path(__file__).parents[2] / "services" / "cli" / "demo" / "data" / "directory.yaml"
    monkeypatch.setenv("BIHUAN_DIRECTORY", str(directory))
    code, said = simulate(changed(), "--to", LAST, "--first", "2")
    assert code == 0
    assert "不发送、不写入" in said
    assert "《警示提醒函》 → 范分管　⇒　" in said
    assert "还有" in said


def test_one_hazard_and_one_span(simulate: Any) -> None:  # noqa: ANN401
    """By its short number; what lies before the span is not told."""
    some = machine(simulate(changed(), "--to", LAST, "--json"))["shown"][0]
    whole = machine(simulate(changed(), "--to", LAST, "--hazard", short_number(some["hazard"]), "--json"))
    assert (whole["hazards"], [one["hazard"] for one in whole["shown"]]) == (1, [some["hazard"]])
    since = whole["shown"][0]["after"][-1]["at"][:10]
    part = machine(simulate(changed(), "--from", since, "--to", LAST, "--hazard", some["hazard"], "--json"))
    assert 0 < part["after"] < whole["after"]


@pytest.mark.parametrize(
    ("text", "options", "said"),
    [
        ("rules: []\n", (), "new.yaml:1"),
        (shipped()[0], ("--from", "2026-05-01", "--to", "2026-04-01"), "--from 晚于 --to"),
        (shipped()[0], ("--from", "昨天"), "不是日期"),
        (shipped()[0], ("--first", "-1"), "不得为负"),
        (shipped()[0], ("--hazard", "329901101-00000000-0000-5000-8000-000000000000"), "没有这条隐患"),
    ],
)
def test_a_slip_is_told_in_a_sentence(simulate: Any, text: str, options: tuple[str, ...], said: str) -> None:  # noqa: ANN401
    """With the line of the file, or what to write instead."""
    code, answer = simulate(text, *options)
    assert code != 0
    assert said in answer
