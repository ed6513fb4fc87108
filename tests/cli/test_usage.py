import json
import subprocess
from importlib.metadata import version
from pathlib import Path

import pytest

from services.cli.main import run
from tests.cli.conftest import BIHUAN

COMMANDS = ["up", "import", "send", "history", "doctor"]


def test_alone_it_shows_help(capsys: pytest.CaptureFixture[str]) -> None:
    """Every command in Chinese and English, and what the exit codes mean."""
    assert run([]) == 0
    said = capsys.readouterr().out
    for word in (*COMMANDS, "退出码", "Exit codes", "导入", "Import"):
        assert word in said


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_in_two_languages(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """With its own options and those of every command."""
    assert run([command, "--help"]) == 0
    said = capsys.readouterr().out
    for option in ("--data", "--nats", "--json"):
        assert option in said
    assert any("\u4e00" <= mark <= "\u9fff" for mark in said)


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    """One line."""
    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"bihuan {version('bihuan')}\n"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["imprt"], "没有这个命令"),
        (["import"], "缺少参数"),
        (["send", "find_hazard"], "缺少"),
        (["history", "x", "--verfy"], "没有这个选项"),
        (["history", "x", "y"], "参数太多"),
        (["up", "--port", "many"], "值不对"),
        (["up", "--port", "-1"], "值不对"),
    ],
)
def test_usage_errors(arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2 and a sentence, Chinese first; for a program in JSON."""
    assert run(arguments) == 2
    assert sentence in capsys.readouterr().err
    assert run([*arguments, "--json"]) == 2
    answer = json.loads(capsys.readouterr().out)
    assert answer["status"] == "usage"
    assert sentence in answer["reason"]


def test_exit_codes_reach_the_shell(tmp_path: Path) -> None:
    """As a script sees them."""
    done = subprocess.run([*BIHUAN, "imprt", "--json"], capture_output=True, check=False)
    assert (done.returncode, json.loads(done.stdout)["status"]) == (2, "usage")
    done = subprocess.run([*BIHUAN, "--data", str(tmp_path / "none"), "doctor"], capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (3, b"")


@pytest.mark.parametrize("command", [["up"], ["doctor"], ["history", "x"], ["demo"], ["send", "find_hazard", "-"]])
def test_a_file_is_no_data_folder(command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nor is anything below a file; said before anything starts."""
    file = tmp_path / "b1.json"
    file.write_text("{}")
    for data in (file, file / "below"):
        assert run([*command, "--data", str(data), "--json"]) == 2
        answer = json.loads(capsys.readouterr().out)
        assert (answer["status"], "文件夹" in answer["reason"]) == ("usage", True)


@pytest.mark.parametrize("command", [["up"], ["doctor"], ["history", "x"]])
def test_a_data_folder_that_cannot_be_read(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Somebody else's, or not ours at all: its name and no traceback."""
    (tmp_path / "nats.lock").mkdir()
    assert run([*command, "--data", str(tmp_path), "--json"]) == 2
    assert "nats.lock" in json.loads(capsys.readouterr().out)["reason"]
    assert run([*command, "--data", str(tmp_path / ("长" * 300)), "--json"]) == 2
    assert "打不开" in json.loads(capsys.readouterr().out)["reason"]
