"""Where a secret is found: in the environment or in a file, never in the channels file."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator
from pydantic_core import PydanticCustomError

LONGEST: Final = 10_000


class MissingSecret(Exception):
    """The channels file names a variable or file that holds nothing."""


class Source(BaseModel):
    """密钥出处: a variable of the environment, or a file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    env: str | None = None
    file: Path | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.env is None) == (self.file is None):
            raise PydanticCustomError("one_source", "请写 env 或 file 之一：say env or file, not both")
        return self

    def read(self, environ: Mapping[str, str]) -> str:
        """The secret. Raises MissingSecret."""
        if self.file is None:
            found, where = environ.get(self.env or "", ""), f"环境变量 {self.env}"
        else:
            found, where = _content(self.file), f"文件 {self.file}"
        if not found.strip():
            raise MissingSecret(f"{where} 没有内容：请设置后重启。It is empty or missing; set it and start again.")
        return found.strip()


def _sourced(said: object) -> object:
    if isinstance(said, str):
        raise PydanticCustomError(
            "literal_secret",
            "密钥不写在文件里：请写 {example} 或 {file}。No secret in this file",
            {"example": "{env: 变量名}", "file": "{file: 路径}"},
        )
    return said


Secret = Annotated[Source, BeforeValidator(_sourced)]


def _content(path: Path) -> str:
    try:
        with path.open(encoding="utf-8-sig") as file:
            return file.read(LONGEST)
    except (OSError, UnicodeDecodeError):
        return ""
