"""Photos as people send them, made harmless: judged by their header, decoded, drawn onto a fresh canvas.

Nothing of the sent file survives but its pixels: no position, no camera, no comment, no colour profile.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import TypeAlias

import pi_heif
from PIL import Image

from .errors import Invalid, TooLarge

MAX_BYTES = 6 * 1024 * 1024
MAX_PIXELS = 25_000_000
LARGE, SMALL = 1_600, 480
"""Longest side in pixels of what is kept: for looking at, and for lists."""

MAX_SIDE = 20_000
COVER = "#626e6b"

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
ORIENTATION = 0x0112
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""EXIF orientation -> how the stored picture is turned to stand upright (EXIF 2.32, tag 0x0112)."""

Box: TypeAlias = tuple[float, float, float, float]
"""Left, top, right, bottom as shares of width and height in [0, 1]."""

MESSAGES = {
    "photo_missing": "请选择照片。",
    "photo_unreadable": "这不是能识别的照片，请选 JPEG、PNG、WebP 或 HEIC 图片。",
    "photo_too_large": "照片太大了，最大 %(megabytes)s MB。",
    "photo_too_many_pixels": "照片尺寸太大了，请用普通相机尺寸。",
    "photo_area": "要遮住的范围不对，请重新框选。",
}

pi_heif.register_heif_opener(thumbnails=False)
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
_AT_ONCE = threading.BoundedSemaphore(2)
"""A photo of the largest allowed size takes 200 MB while it is decoded; so many at a time per process."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A clean photo in two sizes, both JPEG without any metadata; width and height of the large one."""

    width: int
    height: int
    large: bytes
    small: bytes


def clean_picture(raw: bytes) -> Picture:
    """Judge, decode and redraw one sent file. Takes some 0.1 s: never inside a write transaction.

    Raises:
        TooLarge: more than 6 MB.
        Invalid: ``photo_unreadable`` (also for a broken or made-up file) or ``photo_too_many_pixels``.
    """
    if not raw:
        raise Invalid(fields={"photo": "photo_missing"})
    if len(raw) > MAX_BYTES:
        raise TooLarge(
            "photo_too_large", fields={"photo": "photo_too_large"}, megabytes=MAX_BYTES >> 20
        )
    with _AT_ONCE:
        return _both(_redrawn(_opened(raw)))


def covered_picture(large: bytes, boxes: Sequence[Box]) -> Picture:
    """The same photo with areas painted over (a face, a number plate); they cannot be brought back from it.

    Raises:
        Invalid: ``photo_area`` when there is no area, or one lies outside the photo or has no size.
    """
    are_inside = [
        0 <= left < right <= 1 and 0 <= top < bottom <= 1 for left, top, right, bottom in boxes
    ]
    if not are_inside or not all(are_inside):
        raise Invalid(fields={"photo": "photo_area"})
    with _AT_ONCE:
        canvas = _redrawn(_opened(large))
        width, height = canvas.size
        for left, top, right, bottom in boxes:
            # Outward to whole pixels, and one more: resampled edges must not show what lies beneath.
            x, y = max(0, floor(left * width) - 1), max(0, floor(top * height) - 1)
            x_end, y_end = (
                min(width, ceil(right * width) + 1),
                min(height, ceil(bottom * height) + 1),
            )
            canvas.paste(Image.new("RGB", (x_end - x, y_end - y), COVER), (x, y))
        return _both(canvas)


def _opened(raw: bytes) -> Image.Image:
    """The file opened by one of our decoders, its size judged before anything is decoded."""
    try:
        opened = Image.open(io.BytesIO(raw), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Invalid(fields={"photo": "photo_too_many_pixels"}) from error
    except Exception as error:
        # A made-up file makes decoders fail in ways of their own: struct, zlib, libheif's RuntimeError.
        raise Invalid(fields={"photo": "photo_unreadable"}) from error
    width, height = opened.size
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
        raise Invalid(fields={"photo": "photo_too_many_pixels"})
    return opened


def _redrawn(opened: Image.Image) -> Image.Image:
    """Its pixels (the first picture's), upright, at most `LARGE` long, on a white canvas of our own."""
    try:
        opened.draft("RGB", (LARGE, LARGE))
        picture = _in_eight_bits(opened)
        picture.thumbnail((LARGE, LARGE), Image.Resampling.LANCZOS)
        upright = _turned(picture, opened)
    except Exception as error:
        raise Invalid(fields={"photo": "photo_unreadable"}) from error
    canvas = Image.new("RGB", upright.size, "white")
    canvas.paste(upright, (0, 0), upright if upright.mode == "RGBA" else None)
    return canvas


def _in_eight_bits(opened: Image.Image) -> Image.Image:
    """RGB, or RGBA where something can be seen through; 16 bits per channel are scaled, not cut off."""
    opened.load()
    if opened.mode.startswith("I"):
        return opened.point(lambda value: value / 257).convert("L").convert("RGB")
    see_through = opened.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in opened.info
    return opened.convert("RGBA" if see_through else "RGB")


def _turned(picture: Image.Image, opened: Image.Image) -> Image.Image:
    """Upright as the camera noted it in the sent file."""
    turn = TURNS.get(opened.getexif().get(ORIENTATION, 1))
    return picture if turn is None else picture.transpose(turn)


def _both(canvas: Image.Image) -> Picture:
    small = canvas.copy()
    small.thumbnail((SMALL, SMALL), Image.Resampling.LANCZOS)
    return Picture(canvas.width, canvas.height, _jpeg(canvas), _jpeg(small))


def _jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=82, optimize=True, progressive=True)
    return out.getvalue()
