"""`bihuan policy check` and `adopt`, beside a running service."""

import json
from pathlib import Path

import pytest

from services.cli.main import run
from services.policies import policy_version, shipped
from tests.cli.conftest import Cli

TEXT, POLICY = shipped()


@pytest.fixture
def good(tmp_path: Path) -> Path:
    """The shipped policy under a name of our own."""
    path = tmp_path / "县.yaml"
    path.write_text(TEXT, encoding="utf-8")
    return path


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    """With two mistakes."""
    path = tmp_path / "坏.yaml"
    path.write_text(TEXT.replace("after: 24 h", "after: -24 h", 1).replace("id: G04", "id: G4"), encoding="utf-8")
    return path


def test_check_says_that_a_policy_is_usable_and_its_version(bihuan: Cli, good: Path) -> None:
    """As a hazard's history will name it."""
    code, said = bihuan("policy", "check", good)
    assert (code, said["status"], said["policy"]) == (0, "usable", policy_version(TEXT))
    assert said["rules"] == len(POLICY.rules)


def test_check_names_every_mistake(bihuan: Cli, bad: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Exit code 1; a person reads one line for each, with file, line and rule."""
    code, said = bihuan("policy", "check", bad)
    assert (code, said["code"]) == (1, "unusable_policy")
    assert [problem["rule"] for problem in said["problems"]] == ["规则 G02 梯级 convert", "规则 G4"]
    assert run(["policy", "check", str(bad)]) == 1
    lines = capfd.readouterr().out.splitlines()
    assert [line.rpartition(":")[0] for line in lines[:2]] == [str(bad)] * 2
    assert lines[2].startswith("共 2 处要改")


def test_a_file_that_is_not_there(bihuan: Cli, tmp_path: Path) -> None:
    """Exit code 2."""
    code, said = bihuan("policy", "check", tmp_path / "x.yaml")
    assert (code, said["status"]) == (2, "usage")


def test_a_regulators_lead_adopts(bihuan: Cli, good: Path, area: str) -> None:
    """Named on the command line; the same file again adds nothing."""
    asked = ("policy", "adopt", good, "--area", area, "--by", "li：李明")
    code, reply = bihuan(*asked)
    assert (code, reply["status"], reply["events"][0]["type"]) == (0, "accepted", "policy.adopted")
    code, reply = bihuan(*asked)
    assert (code, reply["code"]) == (1, "already_adopted")


def test_nobody_else_adopts(bihuan: Cli, good: Path, area: str, tmp_path: Path) -> None:
    """The actor of a file is taken as it is, and the service decides."""
    actor = tmp_path / "actor.json"
    actor.write_text(json.dumps({"id": "wang", "name": "王平", "roles": ["officer"], "area": area}), encoding="utf-8")
    code, reply = bihuan("policy", "adopt", good, "--area", area, "--as", actor)
    assert (code, reply["code"]) == (1, "role")


def test_a_policy_with_mistakes_is_not_sent(bihuan: Cli, bad: Path, good: Path, area: str) -> None:
    """And the running one stays: the good one is still to be adopted."""
    code, said = bihuan("policy", "adopt", bad, "--area", area, "--by", "li:李明")
    assert (code, len(said["problems"])) == (1, 2)
    assert bihuan("policy", "adopt", good, "--area", area, "--by", "li:李明")[0] == 0


@pytest.mark.parametrize("options", [(), ("--by", "li"), ("--by", "a b:李"), ("--by", "li:李明", "--body", "a b")])
def test_who_adopts_must_be_said(bihuan: Cli, good: Path, area: str, options: tuple[str, ...]) -> None:
    """Exit code 2, and how to say it."""
    code, said = bihuan("policy", "adopt", good, "--area", area, *options)
    assert (code, said["status"]) == (2, "usage")
