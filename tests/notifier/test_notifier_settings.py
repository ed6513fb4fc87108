"""What the environment may say, and what is told of it when it is wrong: the name, what to do, never the value."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from nats.aio.client import Client

from contracts import subjects
from services.environment import Environment, WrongSetting, public
from services.hazard.settings import Settings as HazardSettings
from services.journal.events import EventStore
from services.notifier.delivering.acknowledging import Seen, serve
from services.notifier.delivering.notices import Notices
from services.notifier.settings import Settings
from services.projection.settings import Settings as LedgerSettings
from tests.notifier.notice_props import NOW

KEY = "k" * 40
SERVICES = ["notifier", "hazard", "projection"]
EACH: list[type[Environment]] = [Settings, HazardSettings, LedgerSettings]


def refused(kind: type[Environment] = Settings) -> str:
    """What is told."""
    with pytest.raises(WrongSetting) as wrong:
        kind()
    return str(wrong.value)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("NATS_URL", "nats://user:hush/hush@host:4222", "nats://主机:4222"),
        ("NATS_URL", "hush://host", "nats://主机:4222"),
        ("NATS_REPLICAS", "hush", "整数"),
        ("NATS_REPLICAS", "7", "不能大于 5"),
        ("NATS_CREDENTIALS", "/nowhere/hush", "没有它指的文件"),
        ("BIHUAN_DIRECTORY", "/nowhere/hush", "没有它指的文件"),
        ("BIHUAN_CALENDAR", "/", "文件夹"),
        ("BIHUAN_ZONE", "Hush/X", "Asia/Shanghai"),
        ("BIHUAN_QUIET", "hush", "22:00-07:00"),
        ("BIHUAN_DIGEST", "hush", "08:30"),
        ("BIHUAN_PUBLIC_URL", "https://user:hush@host", "不带口令"),
        ("BIHUAN_PUBLIC_URL", "hush", "https://"),
        ("BIHUAN_ACK_LISTEN", "hush:hush", "[::1]:8080"),
        ("BIHUAN_ACK_KEY", "hush", "32 字节"),
        ("BIHUAN_ACK_KEY_FILE", "/nowhere/hush", "没有它指的文件"),
    ],
)
def test_a_wrong_setting_is_named_with_what_to_do_and_without_its_value(
    name: str, value: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Any of them may hold a password by mistake."""
    monkeypatch.setenv(name, value)
    told = refused()
    assert f"环境变量 {name} 有误" in told
    assert said in told
    assert "hush" not in told.lower()


@pytest.mark.parametrize("kind", EACH)
def test_every_service_refuses_a_time_zone_that_is_none(
    kind: type[Environment], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a clause, whatever the zone's library raises."""
    for zone in ("Mars/X", "../etc", "Asia"):
        monkeypatch.setenv("BIHUAN_ZONE", zone)
        assert "BIHUAN_ZONE" in refused(kind)


def test_each_wrong_setting_has_its_clause(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody mends one to be told of the next."""
    monkeypatch.setenv("BIHUAN_ZONE", "Mars/X")
    monkeypatch.setenv("BIHUAN_DIGEST", "noon")
    assert refused().count("有误") == 2


@pytest.mark.parametrize("blank", ["", " "])
@pytest.mark.parametrize("kind", EACH)
def test_a_blank_variable_counts_as_unset(kind: type[Environment], blank: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a compose file writes what nobody filled in."""
    unset = kind()
    for name in kind.model_fields:
        monkeypatch.setenv(name.upper(), blank)
    assert kind() == unset


def test_a_key_file_that_holds_too_little_is_named(tmp_path: Path) -> None:
    """By its setting: the file may stand anywhere."""
    short = tmp_path / "key"
    short.write_text("hush")
    settings = Settings(bihuan_public_url="https://b.cn", bihuan_ack_key_file=short)
    with pytest.raises(WrongSetting, match="BIHUAN_ACK_KEY_FILE 有误：签名密钥至少 32 字节"):
        _ = settings.links


def test_addresses_are_shown_without_user_and_password() -> None:
    """Each of several."""
    assert public("nats://u:p@a:1, nats://t@b:2,nats://c:3") == "a:1,b:2,nats://c:3"


@pytest.mark.parametrize("service", SERVICES)
def test_no_service_logs_a_secret_when_it_refuses_to_start(service: str) -> None:
    """One line with a sentence, exit code 2; nobody who reads logs learns a password."""
    said = {"NATS_URL": "nats://user:hush/hush@host", "BIHUAN_ACK_KEY": "hush"}
    command = [sys.executable, "-m", f"services.{service}.app"]
    done = subprocess.run(command, env=os.environ | said, capture_output=True, check=False, timeout=60)
    [line] = done.stderr.splitlines()
    assert (done.returncode, b"hush" in done.stdout + done.stderr) == (2, False)
    assert "环境变量 NATS_URL 有误" in json.loads(line)["reason"]


def _seen(post: Client) -> Seen:
    links = Settings(bihuan_public_url="https://b.cn", bihuan_ack_key=KEY).links
    assert links is not None
    return Seen(Notices(EventStore(post, subjects.NOTICES)), links, lambda: NOW)


@pytest.mark.parametrize("listen", ["[::1]:0", "127.0.0.1:0", "localhost:0", "0"])
async def test_the_page_is_served_at_addresses_of_either_family(listen: str, post: Client) -> None:
    """A page is there, at the address that is given back."""
    settings = Settings(bihuan_ack_listen=listen, bihuan_public_url="https://b.cn", bihuan_ack_key=KEY)
    assert settings.listen is not None
    async with serve(_seen(post), settings.zone, *settings.listen) as address:
        at, _, port = address.removeprefix("http://").rpartition(":")
        socket.create_connection((at.strip("[]"), int(port)), timeout=5).close()


@pytest.mark.parametrize(("host", "said"), [("127.0.0.1", "占用"), ("192.0.2.1", "没有这个地址"), ("a..b", "主机名")])
async def test_an_address_that_cannot_be_had_is_told_by_its_setting(host: str, said: str, post: Client) -> None:
    """In Chinese, not as an error of the system."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        page = serve(_seen(post), Settings().zone, host, taken.getsockname()[1])
        with pytest.raises(WrongSetting, match=f"BIHUAN_ACK_LISTEN 有误：.*{said}"):
            await page.__aenter__()
