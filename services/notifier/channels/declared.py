"""What the channels file says: names, kinds and where secrets are found; never a secret itself."""

from email.errors import MessageError
from email.headerregistry import Address
from email.utils import parseaddr
from ipaddress import ip_address
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from contracts.base import Name, Token
from services.notifier.channels import dingtalk, feishu, wecom
from services.notifier.channels.secret import Secret, Source


class _Declared(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def secure(url: str) -> str:
    """HTTPS, or plain HTTP on this machine."""
    parts = urlsplit(url)
    if parts.hostname and (parts.scheme == "https" or (parts.scheme == "http" and _loopback(parts.hostname))):
        return url
    raise PydanticCustomError("insecure_address", "地址须以 https:// 开头：only https")


def _open(url: object) -> object:
    if not isinstance(url, str):
        return url
    if "?" in url or "@" in url or not _local(url):
        raise PydanticCustomError(
            "secret_in_address",
            "地址里可能有口令，不写在文件里：请写 {example} 或 {file}，本机地址除外。An address may hold a secret",
            {"example": "{env: 变量名}", "file": "{file: 路径}"},
        )
    return secure(url)


def _local(url: str) -> bool:
    """On this machine, whose addresses are no secret."""
    try:
        return _loopback(urlsplit(url).hostname or "")
    except ValueError:
        return False


def _sender(said: str) -> str:
    sender(said)
    return said


def sender(said: str) -> Address:
    """`闭环系统 <noreply@example.gov.cn>`, or the address alone."""
    name, spec = parseaddr(said)
    try:
        found = Address(name, addr_spec=spec)
    except (MessageError, ValueError, IndexError):
        found = Address()
    if not (found.username and found.domain and spec.isascii()):
        raise PydanticCustomError("bad_sender", "发件人写法不对，例：{example}", {"example": "闭环 <a@example.cn>"})
    return found


PerMinute = Annotated[int, Field(ge=1, le=6_000)]


class _Robot(_Declared):
    url: Secret
    """Whoever has it may write to the group."""


class DingTalkRobot(_Robot):
    """钉钉."""

    kind: Literal["dingtalk"]
    secret: Secret | None = None
    """加签, begins with SEC."""
    per_minute: PerMinute | None = dingtalk.PER_MINUTE


class FeishuRobot(_Robot):
    """飞书."""

    kind: Literal["feishu"]
    secret: Secret | None = None
    """签名校验."""
    per_minute: PerMinute | None = feishu.PER_MINUTE


class WeComRobot(_Robot):
    """企业微信."""

    kind: Literal["wecom"]
    per_minute: PerMinute | None = wecom.PER_MINUTE


class SignedWebhook(_Declared):
    """Another system."""

    kind: Literal["webhook"]
    url: Annotated[Source | str, BeforeValidator(_open)]
    secret: Secret
    per_minute: PerMinute | None = None


class MailServer(_Declared):
    """电子邮件."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    kind: Literal["email"]
    host: Name
    port: Annotated[int, Field(ge=1, le=65_535)] = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    """`none` on this machine only."""
    user: Name | None = None
    password: Secret | None = None
    sender: Annotated[Name, AfterValidator(_sender), Field(alias="from")]
    per_minute: PerMinute | None = None

    @model_validator(mode="after")
    def _guarded(self) -> Self:
        if self.security == "none" and not _loopback(self.host):
            raise PydanticCustomError("clear_text", "security: none 只可用于本机：请用 starttls 或 tls")
        if (self.user is None) != (self.password is None):
            raise PydanticCustomError("half_a_login", "user 和 password 须同时写明：both or neither")
        return self


class LogLine(_Declared):
    """日志."""

    kind: Literal["log"]
    per_minute: PerMinute | None = None


Declared = Annotated[
    DingTalkRobot | FeishuRobot | WeComRobot | SignedWebhook | MailServer | LogLine, Field(discriminator="kind")
]


class ChannelsFile(_Declared):
    """渠道文件."""

    channels: dict[Token, Declared] = {}


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
