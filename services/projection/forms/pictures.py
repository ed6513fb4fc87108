"""Photos small enough for a cell, without what a camera writes into them: its place would betray a reporter."""

from collections.abc import Sequence
from io import BytesIO
from typing import Final

from PIL import Image, ImageOps

from services.projection.forms.model import Picture

LARGEST: Final = 160
"""Pixels of the longer side."""
SHORT: Final = 8
"""Characters of a hash that are printed; the whole stands in the JSON."""
_FORMATS: Final = ("JPEG", "PNG", "WEBP")
_QUALITY: Final = 80


def thumbnail(data: bytes) -> bytes | None:
    """A JPEG of at most 160 pixels, drawn anew and upright; None where the bytes are no picture that can be read."""
    try:
        with Image.open(BytesIO(data), formats=_FORMATS) as photo:
            photo.draft("RGB", (2 * LARGEST, 2 * LARGEST))
            return _drawn(ImageOps.exif_transpose(photo))
    except Exception:  # noqa: BLE001 (broken bytes raise whatever the decoder stumbles over)
        return None


def caption(pictures: Sequence[Picture]) -> str:
    """Each picture's name and the beginning of its hash, a line each: IMG_1.jpg 1a2b3c4d."""
    return "\n".join(f"{one.name} {one.sha256[:SHORT]}".strip() for one in pictures)


def _drawn(photo: Image.Image) -> bytes:
    """On white: a JPEG has no transparency, and nothing of the file but its pixels is kept."""
    photo.thumbnail((LARGEST, LARGEST))
    seen = photo.convert("RGBA")
    paper = Image.new("RGBA", seen.size, "white")
    paper.alpha_composite(seen)
    out = BytesIO()
    paper.convert("RGB").save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()
