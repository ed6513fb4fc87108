import json
from pathlib import Path
from typing import Any

import pytest

from contracts.commands import COMMANDS
from services.cli.main import run
from tests.cli.conftest import Cli

ANSWERS = [{"item": 1, "answer": "yes"}, {"item": 7, "answer": "no", "remarks": "圆锯没有操作规程"}]


def visit(area: str, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 (any field)
    """A patrol with S0's list."""
    return {
        "command_id": f"v-{area}",
        "actor": {"id": "wang", "name": "王平", "roles": ["township_checker"], "area": area},
        "occurred_at": "2026-01-05T09:00:00+08:00",
        "area": area,
        "kind": "patrol",
        "place": "一车间",
        "visited_by": [{"name": "镇应急办", "lead": True}],
        "checklists": [{"checklist": "basic-management", "version": "2024", "answers": ANSWERS}],
    } | changes


@pytest.fixture
def send(bihuan: Cli, tmp_path: Path) -> Cli:
    """`bihuan send` of a body."""

    def ask(imperative: str | Path, body: Any) -> tuple[int, dict[str, Any]]:  # noqa: ANN401 (JSON)
        path = tmp_path / "body.json"
        path.write_text(json.dumps(body), encoding="utf-8")
        return bihuan("send", imperative, path)

    return ask


@pytest.fixture
def recorded(send: Cli, area: str) -> str:
    """The id of that visit."""
    return str(send("record_inspection", visit(area))[1]["hazard_id"])


def test_an_offer_is_opened_as_it_is_shown(bihuan: Cli, send: Cli, recorded: str) -> None:
    """The command is ready to send; from then on the offer shows its hazard, and sending again adds nothing."""
    code, answer = bihuan("inspection", recorded)
    [offer] = answer["offers"]
    assert (code, offer["stands"], offer["grade"], offer["category"]) == (0, "open", "general", "管理")
    opened = send("find_hazard", offer["find_hazard"])
    assert (opened[0], opened[1]["hazard_id"]) == (0, offer["hazard_id"])
    assert send("find_hazard", offer["find_hazard"]) == opened
    [after] = bihuan("inspection", recorded)[1]["offers"]
    assert (after["stands"], "find_hazard" in after) == ("opened", False)
    [event] = bihuan("history", offer["hazard_id"])[1]["events"]
    assert event["data"]["visit"] == recorded
    assert event["data"]["description"] == "圆锯没有操作规程（未做到：制定并下发所有岗位安全操作规程。）"


def test_an_offer_that_was_declined_is_no_longer_one(bihuan: Cli, send: Cli, area: str, recorded: str) -> None:
    """It says so."""
    body = {name: visit(area)[name] for name in ("actor", "occurred_at")}
    body |= {"command_id": f"d-{area}", "inspection_id": recorded}
    told = {"checklist": "basic-management", "item": 7, "reasons": "当日已张贴"}
    assert send("decline_offer", body | told)[0] == 0
    assert [offer["stands"] for offer in bihuan("inspection", recorded)[1]["offers"]] == ["declined"]


def test_offers_of_a_visit_taken_back_are_not_ready(bihuan: Cli, send: Cli, area: str, recorded: str) -> None:
    """Nothing rests on it any more."""
    body = {name: visit(area)[name] for name in ("actor", "occurred_at")}
    told = {"command_id": f"w-{area}", "inspection_id": recorded, "kind": "error", "reasons": "没有去过"}
    assert send("withdraw_inspection", body | told)[0] == 0
    [offer] = bihuan("inspection", recorded)[1]["offers"]
    assert (offer["stands"], "find_hazard" in offer) == ("withdrawn", False)


def test_people_read_it_in_chinese(served: Path, bihuan: Cli, recorded: str, capfd: pytest.CaptureFixture[str]) -> None:
    """Kind, list, answers, and the command in JSON."""
    short = bihuan("inspection", recorded)[1]["short_number"]
    assert run(["--data", str(served), "inspection", short]) == 0
    said = capfd.readouterr().out
    for word in ("检查记录", "巡查", "检查单位 镇应急办", "第1项是，第7项否", "可立项", "待处理", '"command_id"'):
        assert word in said


def test_a_history_may_be_a_visits(served: Path, bihuan: Cli, recorded: str, capfd: pytest.CaptureFixture[str]) -> None:
    """By its id or its short number, with its chain."""
    code, answer = bihuan("history", recorded, "--verify")
    assert (code, answer["inspection_id"], answer["verified"]) == (0, recorded, True)
    assert bihuan("history", answer["short_number"])[1]["inspection_id"] == recorded
    assert run(["--data", str(served), "history", recorded]) == 0
    assert capfd.readouterr().out.startswith(f"检查 {recorded}")


def test_a_hazard_is_no_visit(bihuan: Cli, send: Cli, recorded: str) -> None:
    """Its id is refused, as one that does not exist."""
    [offer] = bihuan("inspection", recorded)[1]["offers"]
    send("find_hazard", offer["find_hazard"])
    code, answer = bihuan("inspection", offer["hazard_id"])
    assert (code, "没有这条检查" in answer["reason"]) == (1, True)


def test_an_offer_of_an_old_table_or_a_major_one_is_ready_too(bihuan: Cli, send: Cli, area: str) -> None:
    """历史补录 stays so; a question of form B that is major by itself is suspected to be."""
    lists = [{"checklist": "spot-check", "version": "2023", "answers": [{"item": 6, "answer": "yes"}]}]
    changes = {"command_id": f"h-{area}", "historical": "五月.xlsx 第4行", "checklists": lists, "visited_by": []}
    recorded = send("record_inspection", visit(area, **changes))[1]["hazard_id"]
    [offer] = bihuan("inspection", recorded)[1]["offers"]
    assert (offer["clause"]["article"], offer["clause"]["item"]) == (3, 2)
    assert offer["find_hazard"]["description"] == "电焊等特种作业岗位人员无证上岗作业"
    COMMANDS["find_hazard"].model_validate_json(json.dumps(offer["find_hazard"]))
    assert send("find_hazard", offer["find_hazard"])[0] == 0
