"""What the settings of every service share: a blank variable is unset, and what is wrong is told without its value.

A value may be a password, or hold one: no sentence quotes it.
"""

import os
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, ValidationError, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

_SAID: Final = {
    "int_parsing": "应为整数：write a whole number",
    "float_parsing": "应为数字：write a number",
    "greater_than": "应大于 {gt}：too small",
    "greater_than_equal": "不能小于 {ge}：too small",
    "less_than_equal": "不能大于 {le}：too large",
}
_ODD: Final = "写法不对：it cannot be used"
_SCHEMES: Final = frozenset({"nats", "tls", "ws", "wss"})


class WrongSetting(ValueError):
    """One clause for each setting that is wrong, by its name, Chinese first; it ends without a full stop."""


class Environment(BaseSettings):
    """Settings by their names in capitals. Made wrong, it raises WrongSetting."""

    model_config = SettingsConfigDict(extra="ignore", env_ignore_empty=True, hide_input_in_errors=True)

    def __init__(self, **said: Any) -> None:  # noqa: ANN401 (checked by each field)
        try:
            super().__init__(**said)
        except ValidationError as wrong:
            clauses = "；".join(_clause(each) for each in wrong.errors(include_url=False, include_input=False))
            raise WrongSetting(clauses) from None

    @model_validator(mode="before")
    @classmethod
    def _blank(cls, said: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in said.items() if not (isinstance(value, str) and not value.strip())}


def wrong(name: str, why: str) -> WrongSetting:
    """The clause for one setting."""
    return WrongSetting(f"环境变量 {name} 有误：{why}")


def public(urls: str) -> str:
    """Addresses of servers as people may see them: without user and password."""
    return ",".join(url.rpartition("@")[2].strip() for url in urls.split(",") if url.strip())


def _clause(error: ErrorDetails) -> str:
    name = " ".join(str(step).upper() for step in error["loc"])
    if error["type"] in _SAID:
        why = _SAID[error["type"]].format(**error.get("ctx", {}))
    else:  # our own are sentences; pydantic's may quote
        why = error["msg"] if error["type"].startswith("our_") else _ODD
    return str(wrong(name, why)) if name else why


def _zone(zone: str) -> str:
    try:
        return ZoneInfo(zone).key
    except (KeyError, OSError, ValueError):
        raise PydanticCustomError("our_zone", "时区应形如 Asia/Shanghai：no such time zone") from None


def _servers(urls: str) -> str:
    if not all(map(_is_server, urls.split(","))):
        raise PydanticCustomError(
            "our_servers",
            "应形如 nats://主机:4222，多个用逗号隔开，口令里的 : / ? # @ 写作 %3A %2F %3F %23 %40：write nats://host:port",
        )
    return urls


def _is_server(url: str) -> bool:
    url = url.strip()
    try:
        parts = urlsplit(url if "://" in url else f"nats://{url}")
        found = parts.scheme in _SCHEMES and parts.hostname and parts.port != 0
    except ValueError:
        return False
    return bool(found) and "@" not in parts.path + parts.query + parts.fragment


def _readable(path: Path) -> Path:
    try:
        path.open("rb").close()
    except OSError as trouble:
        raise PydanticCustomError("our_file", "{why}", {"why": unreadable(trouble)}) from None
    return path


def unreadable(trouble: OSError) -> str:
    """Why a file cannot be read, without its name: somebody may have written the secret itself there."""
    match trouble:
        case FileNotFoundError() | NotADirectoryError():
            return "没有它指的文件，请核对路径：no such file"
        case IsADirectoryError():
            return "它指的是文件夹，请写文件的路径：it is a folder"
        case PermissionError():
            return "没有权限读它指的文件：no permission to read it"
        case _:
            return f"它指的文件打不开：{os.strerror(trouble.errno or 0)}"


Zone = Annotated[str, AfterValidator(_zone)]
"""Of the IANA's: where the sites are."""
NatsServers = Annotated[str, AfterValidator(_servers)]
"""Comma-separated; each may hold a password."""
Readable = Annotated[Path, AfterValidator(_readable)]
"""A file that is there."""
