"""The cell 排查图片: thumbnails one below the other, and under them their names and hashes."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Final

from PIL import Image

from services.projection.forms.model import Picture, Value
from services.projection.forms.page import Page
from services.projection.forms.pictures import LARGEST, caption, thumbnail
from services.projection.forms.style import LINE, MARGIN, SIZE, SMALL, lines

DRAWN: Final = 3
"""In one cell; further ones are only named."""
_HIGH: Final = 60.0
"""Points of a thumbnail."""
_GAP: Final = 3.0
_PIXELS: Final = 96 / 72
"""Of a point."""
_SMALLER: Final = SIZE / SMALL
"""More characters of a caption go into a line."""
_UNIT: Final = 7
"""Pixels of a half-width character, as columns are measured."""


def of(value: Value) -> Sequence[Picture]:
    """Those of a cell; none of a cell that says something else."""
    return () if value is None or isinstance(value, str | int | Decimal | date) else value


def thumbnails(pictures: Sequence[Picture]) -> list[bytes]:
    """Those that can be drawn."""
    found = (thumbnail(one.data) for one in pictures[:DRAWN] if one.data)
    return [small for small in found if small]


def height(pictures: Sequence[Picture], drawn: int, width: float) -> float:
    """Points that the cell needs."""
    return drawn * (_HIGH + _GAP) + LINE * lines(caption(pictures), width * _SMALLER) + MARGIN


def draw(page: Page, row: int, column: int, drawn: Sequence[bytes]) -> None:
    """In the middle of the column, from the top of the row."""
    wide = page.widths[column] * _UNIT
    for number, data in enumerate(drawn):
        with Image.open(BytesIO(data)) as photo:
            scale = min(_HIGH * _PIXELS / photo.height, (wide - 2 * _GAP) / photo.width, LARGEST / photo.width)
            aside = (wide - photo.width * scale) / 2
        options = {
            "image_data": BytesIO(data),
            "x_offset": aside,
            "y_offset": (_GAP + number * (_HIGH + _GAP)) * _PIXELS,
            "x_scale": scale,
            "y_scale": scale,
            "object_position": 1,
        }
        page.sheet.insert_image(row, column, "photo.jpg", options)
