"""Escalation policies 升级策略 as files: read, checked, and told what is wrong with them in which line."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

from pydantic import ValidationError
from pydantic_core import to_json

from contracts.policy import Policy
from services.lined import NotReadableError, read_lined
from services.policy_problems import Problem, problems

MAX_CHARACTERS: Final = 50_000
MAX_BYTES: Final = 58 * 1024
"""Of the text as JSON: the event that adopts it holds 60 KiB."""
SHIPPED: Final = (
    Path(__file__).parents[1] / "deploy" / "policy" / "default.yaml",
    Path(__file__).parent / "notifier" / "data" / "default.yaml",
)
"""In a checkout, and where it lies once installed."""


class UnusablePolicyError(Exception):
    """No policy can be made of the text; all that is wrong with it, in the order of its lines."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def policy_version(text: str) -> str:
    """SHA-256 of the text in hex: what the event of its adoption names it by."""
    return hashlib.sha256(text.encode()).hexdigest()


def load_text(path: Path) -> str:
    """The file's text, as it will be adopted; raises UnusablePolicyError."""
    try:
        if not path.is_file():
            raise _unusable(str(path), "没有这个文件：there is no such file")
        if path.stat().st_size > MAX_BYTES:
            raise _unusable(str(path), f"文件过大，最多 {MAX_BYTES} 字节：too large for one event")
        stored = path.read_bytes()
    except OSError as wrong:
        raise _unusable(str(path), f"打不开：{wrong.strerror}：the file cannot be opened") from None
    try:
        return stored.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = stored.count(b"\n", 0, wrong.start) + 1
        raise _unusable(str(path), "不是 UTF-8 编码，请另存为 UTF-8：save it as UTF-8", line) from None


def load_policy(path: Path) -> Policy:
    """The policy of a file; raises UnusablePolicyError."""
    return read_policy(load_text(path), str(path))


def read_policy(text: str, name: str) -> Policy:
    """The policy that the text says; `name` is what its problems are told under. Raises UnusablePolicyError.

    Takes some 60 ms for the shipped one, a second for the worst that fits in.
    """
    if (size := len(to_json(text))) > MAX_BYTES or len(text) > MAX_CHARACTERS:
        raise _unusable(
            name, f"有 {len(text)} 字、{size} 字节，最多 {MAX_CHARACTERS} 字、{MAX_BYTES} 字节：too large for one event"
        )
    try:
        read = read_lined(text)
    except NotReadableError as wrong:
        raise UnusablePolicyError(*(Problem(name, line, None, said) for line, said in wrong.faults)) from None
    if not isinstance(read.value, dict):
        reason = "文件是空的" if read.value is None else "文件最外层不能是列表或一个词"
        raise _unusable(name, f"{reason}，须写 name:、ladders:、rules: 三项：a policy has name, ladders and rules")
    try:
        return Policy.model_validate(read.value)
    except ValidationError as wrong:
        raise UnusablePolicyError(*problems(name, read, wrong)) from None


@cache
def shipped() -> tuple[str, Policy]:
    """What applies before any policy was adopted: its text, and the policy."""
    path = next(path for path in SHIPPED if path.exists())
    text = load_text(path)
    return text, read_policy(text, str(path))


def _unusable(name: str, sentence: str, line: int = 1) -> UnusablePolicyError:
    return UnusablePolicyError(Problem(name, line, None, sentence))
