import json
import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import BIHUAN, Cli, start
from tests.cli.test_send import body

__all__ = ["body"]


def test_a_second_up_says_who_holds_the_data(served: Path, bihuan: Cli, url: str) -> None:
    """Exit code 1, the process and its address."""
    code, answer = bihuan("up")
    assert (code, answer["status"]) == (1, "refused")
    assert url in answer["reason"]
    assert str(json.loads((served / "nats.lock").read_text())["holder_pid"]) in answer["reason"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_in_good_order(tmp_path: Path, number: int) -> None:
    """Exit code 0, and the data is free for the next."""
    for _ in range(2):
        up = start(tmp_path / "data")
        assert up.said["status"] == "up"
        assert up.said["services"] == ["hazard", "projection", "notifier"]
        assert up.end(number) == 0


def test_nothing_is_lost_when_it_is_killed(tmp_path: Path, body: Path) -> None:
    """What was accepted is there after a kill, and the store starts again."""
    data = tmp_path / "data"
    send = [*BIHUAN, "--data", str(data), "--json", "send", "find_hazard", str(body)]
    up = start(data)
    before = json.loads(subprocess.run(send, capture_output=True, check=True).stdout)
    up.end(signal.SIGKILL)
    assert json.loads(subprocess.run(send, capture_output=True, check=True).stdout) == before


def test_a_port_may_be_asked_for(tmp_path: Path) -> None:
    """And a port that cannot be had is a sentence."""
    done = subprocess.run([*BIHUAN, "up", "--port", "70000", "--json"], capture_output=True, check=False)
    assert (done.returncode, json.loads(done.stdout)["status"]) == (2, "usage")
    up = start(tmp_path / "one")
    port = up.said["url"].rpartition(":")[2]
    taken = [*BIHUAN, "up", "--port", port, "--data", str(tmp_path / "two"), "--json"]
    done = subprocess.run(taken, capture_output=True, check=False, timeout=90)
    assert (done.returncode, json.loads(done.stdout)["status"]) == (3, "no_server")
    assert up.end() == 0


def test_without_a_directory_it_says_what_will_be_refused(tmp_path: Path) -> None:
    """On stderr, at the start: nobody would look for it later."""
    command = [*BIHUAN, "up", "--data", str(tmp_path / "data")]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert process.stderr is not None
    said = next(line for line in process.stderr if "注意".encode() in line).decode()
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)
    assert "BIHUAN_DIRECTORY" in said


@pytest.mark.parametrize("frozen", ["pid", "holder_pid"])
def test_a_frozen_server_is_said_to_be_frozen(tmp_path: Path, body: Path, frozen: str) -> None:
    """It runs, so to start another would be the wrong advice; and it works again when it goes on."""
    data = tmp_path / "data"
    up = start(data)
    pid = json.loads((data / "nats.lock").read_text())[frozen]
    send = [*BIHUAN, "--data", str(data), "--json", "send", "find_hazard", str(body)]
    os.kill(pid, signal.SIGSTOP)
    try:
        done = subprocess.run(send, capture_output=True, check=False, timeout=60)
    finally:
        os.kill(pid, signal.SIGCONT)
    answer = json.loads(done.stdout)
    assert (done.returncode, answer["status"]) == (3, "no_server")
    assert "请稍后再试" in answer["reason"]
    assert "先运行" not in answer["reason"]
    assert subprocess.run(send, capture_output=True, check=False, timeout=60).returncode == 0
    assert up.end() == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [("BIHUAN_ZONE", "Mars/X"), ("NATS_REPLICAS", "hush"), ("BIHUAN_ACK_KEY", "hush"), ("BIHUAN_LEDGERS", "hush")],
)
def test_a_wrong_setting_is_a_sentence(tmp_path: Path, name: str, value: str) -> None:
    """With its name and without its value, and no traceback, whichever service it is for."""
    command = [*BIHUAN, "up", "--data", str(tmp_path / "data"), "--json"]
    done = subprocess.run(command, env=os.environ | {name: value}, capture_output=True, check=False, timeout=90)
    answer = json.loads(done.stdout)
    assert (done.returncode, answer["status"], name in answer["reason"]) == (2, "usage", True)
    assert b"Traceback" not in done.stderr
    assert b"hush" not in done.stdout + done.stderr
