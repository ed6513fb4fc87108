"""Photos of a visit 排查图片, made small as they are read; what cannot be read is named by its hash alone."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from services.journal.evidence import AlteredEvidence, Evidence, MissingEvidence
from services.journal.keys import Forgotten
from services.projection.forms.model import Picture, Row, Sheet, Value
from services.projection.forms.photos import DRAWN
from services.projection.forms.pictures import thumbnail

COLUMN: Final = "pictures"


def of(photos: Sequence[Mapping[str, Any]]) -> tuple[Picture, ...]:
    """References, without the bytes."""
    return tuple(Picture(str(one.get("name") or ""), str(one["sha256"])) for one in photos)


async def drawn(sheets: Sequence[Sheet], evidence: Evidence) -> list[Sheet]:
    """With the thumbnails that are to be printed."""
    return [replace(sheet, rows=[await _row(row, evidence) for row in sheet.rows]) for sheet in sheets]


async def _row(row: Row, evidence: Evidence) -> Row:
    pictures = row.cells.get(COLUMN)
    if not isinstance(pictures, tuple):
        return row
    small = [replace(one, data=await _small(one, evidence)) for one in pictures[:DRAWN]]
    several: Value = (*small, *pictures[DRAWN:])
    return replace(row, cells={**row.cells, COLUMN: several})


async def _small(picture: Picture, evidence: Evidence) -> bytes | None:
    """None where it was forgotten, altered or never stored, or is no picture."""
    try:
        data = await evidence.get(picture.sha256)
    except (Forgotten, MissingEvidence, AlteredEvidence):
        return None
    return await asyncio.to_thread(thumbnail, data)
