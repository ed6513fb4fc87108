from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from services.projection.forms.model import Picture
from services.projection.forms.photos import DRAWN
from services.projection.forms.pictures import LARGEST, thumbnail
from services.projection.forms.writing import render
from tests.projection.forms.forms_props import VISIT, form_a, photo, read
from tests.projection.forms.packages import media

HASH = "ab" * 32


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_thumbnail_is_small_and_says_nothing_of_its_camera(kind: str) -> None:
    """The place in the EXIF of a photo would betray who reported it."""
    source = photo(kind=kind)
    small = thumbnail(source)
    assert small
    assert b"Exif" not in small
    assert b"a camera" not in small
    with Image.open(BytesIO(source)) as before, Image.open(BytesIO(small)) as after:
        assert before.getexif()
        assert not after.getexif()
        assert after.size == (160, 120)


def test_a_photo_stands_upright() -> None:
    """A telephone stores how it was held; what is drawn anew does not."""
    out = BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (400, 200)).save(out, "JPEG", exif=exif)
    with Image.open(BytesIO(thumbnail(out.getvalue()) or b"")) as small:
        assert small.size == (80, 160)


def test_a_small_picture_stays_as_large_as_it_is() -> None:
    """With a white ground where it is transparent."""
    out = BytesIO()
    Image.new("RGBA", (20, 10), (0, 0, 0, 0)).save(out, "PNG")
    with Image.open(BytesIO(thumbnail(out.getvalue()) or b"")) as small:
        assert (small.size, small.getpixel((5, 5))) == ((20, 10), (255, 255, 255))


@given(st.sampled_from(["JPEG", "PNG", "WEBP"]), st.integers(0, 3_000), st.binary(min_size=1, max_size=40))
def test_broken_bytes_are_no_picture_or_a_small_one(kind: str, place: int, bytes_there: bytes) -> None:
    """Cut off, overwritten, something else altogether: never a crash."""
    source = photo(kind=kind, size=(64, 48))
    for data in (source[:place], source[:place] + bytes_there + source[place + len(bytes_there) :], bytes_there):
        small = thumbnail(data)
        if small is not None:
            with Image.open(BytesIO(small)) as picture:
                assert max(picture.size) <= LARGEST


def test_only_thumbnails_are_in_the_workbook() -> None:
    """Whatever the report gave: large, small, of any kind, and no more than fit into a cell."""
    given_photos = [Picture(f"{n}.jpg", HASH, photo("red", (1_000 + n, 800))) for n in range(5)]
    made = form_a({**VISIT, "pictures": given_photos})
    drawn = media(render(made))
    assert 1 <= len(drawn) <= DRAWN
    for data in drawn:
        with Image.open(BytesIO(data)) as picture:
            assert max(picture.size) <= LARGEST
    assert read(made)["葛城街道"].rows[3][3].count("abababab") == 5


@pytest.mark.parametrize("data", [None, b"", b"\xff\xd8\xff broken", b"%PDF-1.7"])
def test_a_photo_that_cannot_be_drawn_is_named(data: bytes | None) -> None:
    """The hash says which one it is."""
    made = form_a({**VISIT, "pictures": [Picture("坏图.jpg", HASH, data)]})
    assert media(render(made)) == []
    assert read(made)["葛城街道"].rows[3][3] == "坏图.jpg abababab"
