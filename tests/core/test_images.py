"""Photos made harmless: whatever is sent, only pixels survive, upright and of a known size."""

from __future__ import annotations

import contextlib
import io
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from planner.core import images
from planner.core.errors import Invalid, TooLarge
from tests.factories.photos import SPY, photo_bytes, picture

HEIC = Path(__file__).parent / "files" / "gps.heic"
MARKERS = (SPY, b"Exif", b"http://ns.adobe.com", b"ICC_PROFILE", b"<x:xmpmeta", b"8BIM")


def opened(raw: bytes) -> Image.Image:
    made = Image.open(io.BytesIO(raw))
    made.load()
    return made


def near(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return all(abs(a - b) < 24 for a, b in zip(one, other, strict=True))


def code_of(raw: bytes) -> str:
    with pytest.raises(Invalid) as caught:
        images.clean_picture(raw)
    return caught.value.fields["photo"]


def saved(image: Image.Image, form: str, **over: object) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **over)
    return out.getvalue()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_photo_when_it_carries_metadata_then_none_is_left(form: str) -> None:
    raw = photo_bytes(form)
    assert SPY in raw
    made = images.clean_picture(raw)
    for kept in (made.large, made.small):
        assert not any(marker in kept for marker in MARKERS)
        assert dict(opened(kept).getexif()) == {}
        assert opened(kept).format == "JPEG"


def test_photo_when_heic_with_position_then_upright_without_it() -> None:
    raw = HEIC.read_bytes()
    assert SPY in raw
    made = images.clean_picture(raw)
    assert (made.width, made.height) == (64, 96)
    assert not any(marker in made.large for marker in MARKERS)
    assert near(opened(made.large).getpixel((58, 48)), (0, 0, 255))


@pytest.mark.parametrize(
    ("orientation", "size", "blue_at"),
    [
        (1, (96, 64), (48, 5)),
        (2, (96, 64), (48, 5)),
        (3, (96, 64), (48, 59)),
        (4, (96, 64), (48, 59)),
        (5, (64, 96), (5, 48)),
        (6, (64, 96), (59, 48)),
        (7, (64, 96), (59, 48)),
        (8, (64, 96), (5, 48)),
    ],
)
def test_photo_when_the_camera_was_turned_then_it_stands_upright(
    orientation: int, size: tuple[int, int], blue_at: tuple[int, int]
) -> None:
    made = images.clean_picture(photo_bytes(orientation=orientation))
    assert (made.width, made.height) == size
    assert near(opened(made.large).getpixel(blue_at), (0, 0, 255))


def test_photo_when_large_then_both_sizes_keep_their_limits() -> None:
    made = images.clean_picture(photo_bytes(size=(4000, 3000), orientation=6))
    assert (made.width, made.height) == (1200, 1600)
    assert opened(made.large).size == (1200, 1600)
    assert opened(made.small).size == (360, 480)


def test_photo_when_small_then_it_is_not_blown_up() -> None:
    made = images.clean_picture(photo_bytes(size=(40, 30)))
    assert opened(made.large).size == opened(made.small).size == (40, 30)


@pytest.mark.parametrize("mode", ["L", "1", "P", "CMYK", "LA", "RGBA"])
def test_photo_when_in_another_colour_mode_then_taken(mode: str) -> None:
    form = "JPEG" if mode == "CMYK" else "PNG"
    made = images.clean_picture(saved(picture().convert(mode), form))
    assert opened(made.large).mode == "RGB"
    assert made.width == 96


def test_photo_when_cmyk_then_its_colours_stay() -> None:
    made = images.clean_picture(saved(picture().convert("CMYK"), "JPEG", quality=95))
    assert near(opened(made.large).getpixel((48, 59)), (254, 0, 0))


def test_photo_when_16_bits_deep_then_scaled_not_cut_off() -> None:
    deep = Image.new("I;16", (40, 40), 32_768)
    made = images.clean_picture(saved(deep, "PNG"))
    assert near(opened(made.large).getpixel((20, 20)), (128, 128, 128))


def test_photo_when_transparent_then_on_white() -> None:
    glass = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    made = images.clean_picture(saved(glass, "PNG"))
    assert near(opened(made.large).getpixel((20, 20)), (255, 255, 255))
    palette = Image.new("P", (40, 40), 0)
    palette.putpalette([10, 20, 30] * 256)
    made = images.clean_picture(saved(palette, "PNG", transparency=0))
    assert near(opened(made.large).getpixel((20, 20)), (255, 255, 255))


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_photo_when_animated_then_its_first_picture(form: str) -> None:
    frames = [Image.new("RGB", (40, 40), colour) for colour in ("lime", "red", "blue")]
    raw = saved(frames[0], form, save_all=True, append_images=frames[1:], duration=50)
    made = images.clean_picture(raw)
    assert near(opened(made.large).getpixel((20, 20)), (0, 255, 0))
    assert getattr(opened(made.large), "n_frames", 1) == 1


@pytest.mark.parametrize(
    "raw",
    [
        b"not a photo at all",
        b"\xff\xd8\xff\xe0" + b"\x00" * 200,
        b"%PDF-1.7\n1 0 obj",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"GIF89a\x01\x00\x01\x00\x00\x00\x00;",
        b"\x00\x00\x00\x18ftypheic" + b"\xff" * 100,
        b"RIFF\xff\xff\xff\xffWEBPVP8 " + b"\x00" * 40,
    ],
)
def test_photo_when_it_is_none_then_refused(raw: bytes) -> None:
    assert code_of(raw) == "photo_unreadable"


@pytest.mark.parametrize("form", ["BMP", "TIFF", "GIF", "PPM", "ICO"])
def test_photo_when_a_format_that_is_not_offered_then_refused(form: str) -> None:
    assert code_of(saved(picture(), form)) == "photo_unreadable"


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_photo_when_cut_off_then_refused(form: str) -> None:
    raw = photo_bytes(form, size=(640, 480))
    assert code_of(raw[: len(raw) // 2]) == "photo_unreadable"


def test_photo_when_heic_is_cut_off_then_refused() -> None:
    raw = HEIC.read_bytes()
    assert code_of(raw[: len(raw) - 60]) == "photo_unreadable"


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims so many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        whole = kind + data
        return struct.pack(">I", len(data)) + whole + struct.pack(">I", zlib.crc32(whole))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IDAT", zlib.compress(b"\x00" * 1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + body + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(60_000, 60_000), (6_000, 5_000), (20_001, 3), (1, 24_000_000)])
def test_photo_when_a_bomb_then_refused_before_decoding(size: tuple[int, int]) -> None:
    assert code_of(bomb(*size)) == "photo_too_many_pixels"


def test_photo_when_it_has_a_text_bomb_then_refused() -> None:
    from PIL import PngImagePlugin

    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "x" * 3_000_000, zip=True)
    assert code_of(saved(picture(), "PNG", pnginfo=notes)) == "photo_unreadable"


def test_photo_when_empty_or_too_heavy_then_named() -> None:
    assert code_of(b"") == "photo_missing"
    with pytest.raises(TooLarge) as caught:
        images.clean_picture(b"\xff" * (images.MAX_BYTES + 1))
    assert caught.value.facts["megabytes"] == 6


def test_photo_when_bytes_are_flipped_then_taken_or_refused_never_broken() -> None:
    raw = bytearray(photo_bytes(size=(320, 240)))
    for at in range(2, len(raw), 37):
        hurt = bytes(raw[:at] + bytes([raw[at] ^ 0xFF]) + raw[at + 1 :])
        with contextlib.suppress(Invalid):
            images.clean_picture(hurt)


def test_cover_when_areas_are_given_then_nothing_of_them_is_left() -> None:
    large = images.clean_picture(photo_bytes(size=(1000, 800))).large
    made = images.covered_picture(large, [(0.1, 0.1, 0.3, 0.3)])
    cover = (0x62, 0x6E, 0x6B)
    for kept, scale in ((made.large, 1.0), (made.small, 0.48)):
        shown = opened(kept)
        for x in range(110, 290, 12):
            assert near(shown.getpixel((int(x * scale), int(160 * scale))), cover)
        assert near(shown.getpixel((int(500 * scale), int(100 * scale))), (0, 0, 255))


@pytest.mark.parametrize(
    "boxes",
    [
        [],
        [(0.5, 0.5, 0.5, 0.9)],
        [(-0.1, 0.0, 0.5, 0.5)],
        [(0.0, 0.0, 1.1, 0.5)],
        [(0.0, 0.0, float("nan"), 0.5)],
    ],
)
def test_cover_when_an_area_is_none_then_refused(boxes: list[images.Box]) -> None:
    with pytest.raises(Invalid) as caught:
        images.covered_picture(photo_bytes(), boxes)
    assert caught.value.fields == {"photo": "photo_area"}
