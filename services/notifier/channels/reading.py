"""Reads the channels file; what is wrong in it is said with file and channel, and without its values."""

from pathlib import Path
from typing import Final

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from services.notifier.channels.declared import ChannelsFile

_KINDS: Final = "dingtalk、feishu、wecom、webhook、email 或 log"
_SAID: Final = {
    "missing": "缺少此项，请补上",
    "extra_forbidden": "不认识这一项，请删去或改名",
    "union_tag_invalid": f"kind 请写 {_KINDS}",
    "union_tag_not_found": f"缺少 kind，请写 {_KINDS}",
    "string_pattern_mismatch": "名称请用英文字母、数字、- 和 _",
    "model_type": "应为“键: 值”的形式",
    "model_attributes_type": "应为“键: 值”的形式",
    "dict_type": "应为“名称: 设置”的形式",
}


class UnusableChannels(ValueError):
    """A channels file that cannot be used; the message names file and channel, and says what to do."""


def read_channels(path: Path | None) -> ChannelsFile:
    """What the file says; no file says nothing. Raises UnusableChannels."""
    if path is None:
        return ChannelsFile()
    try:
        found = yaml.load(path.read_text(encoding="utf-8-sig"), _Once)  # noqa: S506 (a SafeLoader)
        return ChannelsFile.model_validate({} if found is None else found)
    except OSError as wrong:
        raise UnusableChannels(
            f"打不开渠道文件 {path}（BIHUAN_CHANNELS）：{_why(wrong)}。It cannot be opened."
        ) from None
    except UnicodeDecodeError:
        raise UnusableChannels(f"渠道文件 {path} 不是 UTF-8 编码：请另存为 UTF-8。Save it as UTF-8.") from None
    except yaml.YAMLError as wrong:
        raise UnusableChannels(f"渠道文件 {path} 不是正确的 YAML{_place(wrong)}。It is not YAML.") from None
    except ValidationError as wrong:
        lines = "；".join(_line(each) for each in wrong.errors(include_input=False))
        raise UnusableChannels(f"渠道文件 {path} 有误：{lines}。Correct the file.") from None


def _why(wrong: OSError) -> str:
    match wrong:
        case FileNotFoundError() | NotADirectoryError():
            return "没有这个文件，请核对路径"
        case IsADirectoryError():
            return "它是文件夹，请写文件的路径"
        case PermissionError():
            return "没有权限读它"
        case _:
            return str(wrong.strerror)


class _Once(yaml.SafeLoader):
    """Two channels under one name are a mistake, and not the second one."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[object, object]:  # noqa: FBT001, FBT002 (PyYAML's own signature)
        seen: set[str] = set()
        for key, _ in node.value:
            if str(key.value) in seen:
                raise yaml.MarkedYAMLError(problem="twice", problem_mark=key.start_mark)
            seen.add(str(key.value))
        return super().construct_mapping(node, deep)


def _place(wrong: yaml.YAMLError) -> str:
    mark = getattr(wrong, "problem_mark", None)
    twice = "，同一名称写了两次" if getattr(wrong, "problem", None) == "twice" else ""
    return f"：请看第 {mark.line + 1} 行{twice}" if mark else ""


def _line(error: ErrorDetails) -> str:
    where = ".".join(str(step) for step in error["loc"]) or "内容"
    return f"{where} {_SAID.get(error['type'], error['msg'])}"
