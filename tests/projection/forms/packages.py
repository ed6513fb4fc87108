"""What a workbook has inside: its XML and its pictures."""

from io import BytesIO
from zipfile import ZipFile


def part(content: bytes, name: str) -> str:
    """One of its files."""
    with ZipFile(BytesIO(content)) as package:
        return package.read(name).decode("utf-8")


def media(content: bytes) -> list[bytes]:
    """Its pictures."""
    with ZipFile(BytesIO(content)) as package:
        return [package.read(name) for name in sorted(package.namelist()) if name.startswith("xl/media/")]
