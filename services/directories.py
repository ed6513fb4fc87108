"""The directory 机构目录 read from its file, and watched: who left, who stands in, who is on duty, without a restart.

YAML, or JSON where it is large: JSON of 200,000 people is read in seconds, YAML of so many in a minute.
"""

import asyncio
from pathlib import Path
from typing import Final

import structlog
import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from watchfiles import awatch

from contracts.directory import Directory
from services import large_yaml

log = structlog.get_logger(__name__)

EVERY: Final = 5_000
"""Milliseconds after which the file is looked at in any case: a share on the network tells nobody that it changed."""
SEARCHED: Final = 2**21
"""Characters up to which a mistake's line is looked for: longer ones a program wrote."""
GONE: Final = 3
"""Looks in a row at which it was not there, after which this is said, once."""
_SAID: Final = {
    "missing": "缺少此项，请补上",
    "extra_forbidden": "不认识这一项，请删去或改名",
    "string_type": "应为文字，请加引号",
    "enum": "不是可选的值",
    "tuple_type": "应为列表，每项以“- ”开头",
    "model_type": "应为“键: 值”的形式",
    "string_pattern_mismatch": "请用英文字母、数字、_、-，以字母或数字开头",
}


class UnreadableFileError(Exception):
    """The file is not what it should be."""

    def __init__(self, path: Path, why: object) -> None:
        super().__init__(f"{path}: {why}")


def load_directory(path: Path | None) -> Directory:
    """The bodies with their powers, and their people; nobody has any where there is no file.

    Raises UnreadableFileError, which says where in the file and what to do.
    """
    return Directory() if path is None else read_directory(path, _content(path))


def read_directory(path: Path, content: bytes) -> Directory:
    """The same of what the file holds; raises UnreadableFileError."""
    text = _text(path, content)
    try:
        if text.lstrip()[:1] == "{":
            return Directory.model_validate_json(text, strict=False)
        return Directory.model_validate(large_yaml.read(text) or {}, strict=False)
    except yaml.YAMLError as wrong:
        mark = getattr(wrong, "problem_mark", None)
        where = f"，请看第 {mark.line + 1} 行" if mark else ""
        raise UnreadableFileError(path, f"不是正确的 YAML{where}：not YAML ({_short(wrong)})") from wrong
    except ValidationError as wrong:
        raise UnreadableFileError(path, _first(wrong.errors(include_url=False)[0], text)) from wrong
    except (ValueError, RecursionError) as wrong:
        raise UnreadableFileError(path, f"读不出来：cannot be read ({_short(wrong)})") from wrong


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as wrong:
        raise UnreadableFileError(path, f"打不开，请核对路径和权限：cannot be opened ({wrong.strerror})") from wrong


def _text(path: Path, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise UnreadableFileError(path, "不是 UTF-8 编码，请另存为 UTF-8：save it as UTF-8") from wrong


def _first(error: ErrorDetails, text: str) -> str:
    """Line, place and what to do: 第 12 行 people.3.posts.0.role 不是可选的值."""
    if error["type"] == "json_invalid":
        return f"以 {{ 开头的文件按 JSON 读，但不是正确的 JSON，请检查引号、逗号、括号：{error['msg']}"
    place = ".".join(str(step) for step in error["loc"])
    line = large_yaml.line(text, error["loc"]) if place and len(text) < SEARCHED else None
    said = _SAID.get(error["type"])
    why = f"{said}：{error['msg']}" if said else error["msg"]
    return f"{f'第 {line} 行 ' if line else ''}{place} {why}".strip()


def _short(wrong: Exception) -> str:
    return " ".join(str(wrong).split())[:200]


class Watched:
    """The directory as its file says now. A file that became unusable keeps the old one in force."""

    def __init__(self, path: Path | None) -> None:
        """Raises UnreadableFileError: nothing starts on a directory that nobody can read."""
        self._path = path
        self._seen = _stamp(path)
        self._away = 0
        self.current = load_directory(path)

    async def run(self) -> None:
        """Until it is cancelled. The folder is watched: editors replace files, mounted configurations swap links."""
        if self._path is None:
            return
        folder = self._path.absolute().parent
        async for _ in awatch(
            folder, watch_filter=None, debounce=200, rust_timeout=EVERY, yield_on_timeout=True, recursive=False
        ):
            await asyncio.to_thread(self.look)

    def look(self) -> None:
        """Once, whatever happened; a file that is away for a moment is no change."""
        stamp = _stamp(self._path)
        self._away = 0 if stamp else self._away + 1
        if self._away == GONE:
            log.error("directory.gone", path=str(self._path))
        if stamp is None or stamp == self._seen:
            return
        try:
            found: Directory | UnreadableFileError = load_directory(self._path)
        except UnreadableFileError as wrong:
            found = wrong
        if _stamp(self._path) != stamp:
            return  # still being written: the next look is at the whole
        self._seen = stamp
        self._take(found)

    def _take(self, found: Directory | UnreadableFileError) -> None:
        if isinstance(found, UnreadableFileError):
            log.error("directory.unusable", why=str(found), kept=len(self.current.people))
        else:
            self.current = found
            log.info("directory.replaced", bodies=len(found.bodies), people=len(found.people))


def _stamp(path: Path | None) -> tuple[int, int, int] | None:
    """What differs once the file behind the name is another; none while it is away, or emptied to be written."""
    try:
        found = path.stat() if path else None
    except OSError:
        return None
    return (found.st_ino, found.st_mtime_ns, found.st_size) if found and found.st_size else None
