"""`bihuan policy explain`, beside a running service."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.cli.main import run
from services.policies import policy_version, shipped
from tests.cli.conftest import Cli

DIRECTORY = """
bodies:
  - {{id: town, name: 镇, area: "{area}"}}
people:
  - id: wang
    name: 王平
    posts: [{{role: township_checker, body: town}}]
    reach: [{{channel: log}}]
"""


@pytest.fixture
def hazard(bihuan: Cli, area: str, tmp_path: Path) -> str:
    """Found by the township's checker, and nothing since."""
    body = {
        "command_id": f"e-{area}",
        "actor": {"id": "wang", "name": "王平", "roles": ["township_checker"], "body": "town", "area": area},
        "occurred_at": "2026-01-05T09:00:00+08:00",
        "area": area,
        "origin": "patrol",
        "place": "一车间",
        "description": "安全出口堆放杂物",
        "found_by": [{"id": "town", "name": "镇", "lead": True}],
    }
    file = tmp_path / "found.json"
    file.write_text(json.dumps(body), encoding="utf-8")
    code, reply = bihuan("send", "find_hazard", file)
    assert code == 0, reply
    return str(reply["hazard_id"])


@pytest.fixture
def people(area: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who holds which post."""
    path = tmp_path / "directory.yaml"
    path.write_text(DIRECTORY.format(area=area), encoding="utf-8")
    monkeypatch.setenv("BIHUAN_DIRECTORY", str(path))


def step(said: dict[str, Any], rule: str, name: str) -> dict[str, Any]:
    """One row of the answer."""
    found: dict[str, Any] = next(row for row in said["rules"] if (row["id"], row["step"]) == (rule, name))
    return found


@pytest.mark.usefixtures("people")
def test_each_rule_says_whether_it_applies_why_and_who_would_be_told(bihuan: Cli, hazard: str) -> None:
    """In the words that programs read."""
    code, said = bihuan("policy", "explain", hazard)
    assert (code, said["hazard"], said["policy"]) == (0, hazard, policy_version(shipped()[0]))
    assert len(said["rules"]) >= sum(len(rule.steps) for rule in shipped()[1].rules)
    late, deadline = step(said, "G01", "late"), step(said, "G05", "late")
    assert (late["applies"], late["level"], late["tell"]) == (True, 1, ["王平"])
    assert late["due"].startswith("2026-01-07T00:00:00")
    assert (deadline["applies"], deadline["due"], deadline["tell"]) == (False, None, [])


@pytest.mark.usefixtures("people")
def test_a_person_reads_a_line_for_each(served: Path, hazard: str, capfd: pytest.CaptureFixture[str]) -> None:
    """What applies comes first."""
    assert run(["--data", str(served), "policy", "explain", hazard]) == 0
    head, first, *rest = capfd.readouterr().out.splitlines()
    assert "默认升级策略" in head
    assert first.startswith("G02 convert")
    assert "→ 王平" in first
    assert any(line.startswith("M01 remind") and "不适用" in line for line in rest)


def test_it_looks_from_another_moment(bihuan: Cli, hazard: str) -> None:
    """Before it was recorded there is nothing to explain; in days to come, as if nothing else happened."""
    _, now = bihuan("policy", "explain", hazard)
    later = datetime.fromisoformat(now["at"]) + timedelta(days=30)
    code, said = bihuan("policy", "explain", hazard, "--at", later.isoformat())
    assert (code, said["at"]) == (0, later.isoformat())
    code, said = bihuan("policy", "explain", hazard, "--at", "2026-01-04")
    assert (code, said["status"]) == (1, "refused")


@pytest.mark.parametrize("moment", ["x", "2026-13-01", "2026-01-05T09:00:00", "9999-12-31"])
def test_what_is_no_moment_is_told(bihuan: Cli, hazard: str, moment: str) -> None:
    """Exit code 2."""
    code, said = bihuan("policy", "explain", hazard, "--at", moment)
    assert (code, said["status"]) == (2, "usage")
    assert "2026-05-01" in said["reason"]


def test_without_a_directory_nobody_is_named(bihuan: Cli, hazard: str) -> None:
    """The roles are."""
    _, said = bihuan("policy", "explain", hazard)
    late = step(said, "G01", "late")
    assert (late["tell"], late["roles"]) == ([], ["发现人"])
