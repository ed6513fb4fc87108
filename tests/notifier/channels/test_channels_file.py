"""The channels file: what it may say, and what it must not hold."""

from pathlib import Path

import pytest
from vendor_fakes import now

from services.notifier.channels.base import Letter, NotDelivered
from services.notifier.channels.dingtalk import DingTalk
from services.notifier.channels.feishu import Feishu
from services.notifier.channels.log import Log
from services.notifier.channels.mail import Mail
from services.notifier.channels.opening import close_channels, open_channels
from services.notifier.channels.reading import UnusableChannels
from services.notifier.channels.webhook import Webhook
from services.notifier.channels.wecom import WeCom

EXAMPLE = Path(__file__).parents[3] / "deploy" / "channels.example.yaml"
LETTER = Letter("N1", "标题", "正文")
ROBOT = "channels: {qs: {kind: dingtalk, url: {env: URL}"


def _written(folder: Path, text: str) -> Path:
    path = folder / "channels.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def _wrong(folder: Path, text: str) -> str:
    with pytest.raises(UnusableChannels) as wrong:
        open_channels(_written(folder, text), now, {})
    return str(wrong.value)


async def test_the_example_opens_once_its_secrets_are_there(tmp_path: Path) -> None:
    """Every kind is in it, with the vendors' limits; a secret's file is read without its line end."""
    secret = tmp_path / "secret"
    secret.write_text("SECfile\n")
    text = EXAMPLE.read_text("utf-8")
    for line in text.splitlines():
        if "file: /run/secrets/" in line:
            text = text.replace(line.split("file: ")[1].split("}")[0], str(secret))
    names = [part.split("}")[0] for part in text.split("env: ")[1:]]
    environ = dict.fromkeys(names, "https://vendor.example/hook?key=x")
    channels = open_channels(_written(tmp_path, text), now, environ)
    kinds = {type(one): one.per_minute for one in channels.values()}
    assert kinds == {Log: None, DingTalk: 20, Feishu: 100, WeCom: 20, Webhook: None, Mail: 60}
    ding = next(one for one in channels.values() if isinstance(one, DingTalk))
    assert ding.secret == secret.read_text().strip()
    await close_channels(channels.values())


async def test_without_a_file_there_is_the_log() -> None:
    """The demonstration needs no robot."""
    assert list(open_channels(None, now, {})) == ["log"]


@pytest.mark.parametrize("source", ["{env: SIGN}", "{file: /nowhere/sign}"])
async def test_an_unsigned_letter_is_not_sent_instead(source: str, tmp_path: Path) -> None:
    """A signing secret that is missing shuts the channel; it does not go on without."""
    path = _written(tmp_path, f"{ROBOT}, secret: {source}}}}}")
    channels = open_channels(path, now, {"URL": "https://vendor.example/", "SIGN": " \n"})
    with pytest.raises(NotDelivered, match="没有内容"):
        await channels["qs"].send(LETTER)


@pytest.mark.parametrize(
    "url", ["", "http://oapi.dingtalk.com/robot/send?access_token=x", "not an address", "https://["]
)
async def test_a_secret_that_is_missing_shuts_one_channel(url: str, tmp_path: Path) -> None:
    """Its letters wait with a reason that names the variable, not what it holds; the others are open."""
    channels = open_channels(_written(tmp_path, f"{ROBOT}}}, desk: {{kind: log}}}}"), now, {"URL": url})
    with pytest.raises(NotDelivered, match="URL") as wrong:
        await channels["qs"].send(LETTER)
    assert (wrong.value.final, wrong.value.unusable) == (False, True)
    assert "access_token" not in wrong.value.reason
    assert (channels["qs"].per_minute, sorted(channels)) == (20, ["desk", "log", "qs"])
    assert await channels["desk"].send(LETTER) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "channels: {qs: {kind: dingtalk, url: 'https://oapi.dingtalk.com/robot/send?access_token=hush'}}",
            "{env: 变量名}",
        ),
        (f"{ROBOT}, secret: SEChush}}}}", "qs.dingtalk.secret"),
        ("channels: {m: {kind: email, host: h, from: a@b.cn, user: u, password: hush}}", "m.email.password"),
        ("channels: {w: {kind: webhook, url: 'https://h.cn/?t=hush', secret: {env: S}}}", "{env: 变量名}"),
        ("channels: {w: {kind: webhook, url: 'https://h.cn/hook/hush', secret: {env: S}}}", "{env: 变量名}"),
        ("channels: {w: {kind: webhook, url: 'https://u:hush@h.cn/', secret: {env: S}}}", "{env: 变量名}"),
        ("channels: {w: {kind: webhook, url: 'https://[hush', secret: {env: S}}}", "{env: 变量名}"),
        ("channels: {w: {kind: webhook, url: 'ftp://127.0.0.1/', secret: {env: S}}}", "https://"),
        ("channels: {w: {kind: webhook, url: {env: U}}}", "缺少"),
        ("channels: {m: {kind: email, host: h, from: 'not an address'}}", "发件人"),
        ("channels: {m: {kind: email, host: h.cn, from: a@b.cn, security: none}}", "本机"),
        ("channels: {m: {kind: email, host: h, from: a@b.cn, user: u}}", "同时"),
        (f"{ROBOT}, per_minute: 0}}}}", "per_minute"),
        (f"{ROBOT}, colour: red}}}}", "colour"),
        ("channels: {qs: {kind: dingtalk, url: {env: A, file: b}}}", "env 或 file"),
        ("channels: {qs: {kind: pigeon}}", "kind 请写"),
        ("channels: {'a b': {kind: log}}", "名称"),
        ("channels:\n  a: {kind: log}\n  a: {kind: log}\n", "第 3 行"),
        ("channels: [", "第 1 行"),
        ("- 1", "键: 值"),
    ],
)
def test_a_wrong_file_is_refused_with_file_channel_and_advice(text: str, said: str, tmp_path: Path) -> None:
    """And without the secret that somebody wrote into it."""
    message = _wrong(tmp_path, text)
    assert "channels.yaml" in message
    assert said in message
    assert "hush" not in message


@pytest.mark.parametrize("url", ["http://localhost:8080/in", "http://127.0.0.1/in", "https://[::1]/in"])
async def test_an_address_on_this_machine_may_stand_in_the_file(url: str, tmp_path: Path) -> None:
    """Nobody else can use it, so there is nothing to hide."""
    path = _written(tmp_path, f"channels: {{w: {{kind: webhook, url: '{url}', secret: {{env: S}}}}}}")
    channels = open_channels(path, now, {"S": "secret"})
    assert isinstance(channels["w"], Webhook)
    await close_channels(channels.values())


def test_a_file_that_is_not_there_or_not_utf8_is_told(tmp_path: Path) -> None:
    """As a sentence, not as a traceback."""
    with pytest.raises(UnusableChannels, match=r"打不开.*BIHUAN_CHANNELS"):
        open_channels(tmp_path / "none.yaml", now, {})
    latin = tmp_path / "gbk.yaml"
    latin.write_bytes("# 渠道".encode("gbk"))
    with pytest.raises(UnusableChannels, match="UTF-8"):
        open_channels(latin, now, {})
