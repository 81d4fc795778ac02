"""Pictures of roofs with panels on them, drawn for the occasion; and one that is far larger than it weighs."""

import struct
import zlib
from functools import lru_cache
from io import BytesIO
from random import Random

from PIL import Image, ImageDraw


@lru_cache(maxsize=64)
def roof_picture(seed: int, width: int, height: int, panels: int) -> bytes:
    """A JPEG of so many pixels: lawn, roof, rows of panels."""
    chance = Random(seed)
    lawn = (96 + chance.randrange(50), 122 + chance.randrange(40), 82)
    tile = chance.choice(((150, 86, 66), (118, 118, 124), (164, 140, 112)))
    picture = Image.new("RGB", (width, height), lawn)
    draw = ImageDraw.Draw(picture)
    left, top, right, bottom = (width * 0.14, height * 0.16, width * 0.86, height * 0.84)
    draw.rectangle((left, top, right, bottom), fill=tile)
    draw.polygon((left, top, right, top, right, (top + bottom) / 2, left, (top + bottom) / 2), fill=_darker(tile))
    draw.line((left, (top + bottom) / 2, right, (top + bottom) / 2), fill=(60, 52, 48), width=max(1, height // 150))
    columns = max(1, min(10, panels))
    wide, tall = (right - left) * 0.9 / columns, (bottom - top) * 0.18
    for number in range(min(panels, 40)):
        row, column = divmod(number, columns)
        x = left + (right - left) * 0.05 + column * wide
        y = top + (bottom - top) * 0.05 + row * tall * 1.1
        draw.rectangle((x, y, x + wide * 0.92, y + tall * 0.96), fill=(22, 34, 66), outline=(92, 106, 140))
    out = BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()


@lru_cache(maxsize=1)
def bomb() -> bytes:
    """A PNG of a few thousand bytes that unpacks to nearly a thousand million pixels."""
    side = 30_000
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes(side // 8 + 1) * side, 9)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _darker(colour: tuple[int, int, int]) -> tuple[int, ...]:
    return tuple(part * 85 // 100 for part in colour)
