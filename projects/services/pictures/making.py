"""Makes our two sizes of a picture from bytes that nobody has looked at yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

LARGE, SMALL = (1200, 900), (480, 360)
"""Sizes at most, in pixels; a picture is never made larger than it came."""

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
# What was asked for has about a million pixels. Unpacked, this many take a hundred megabytes.
MOST_PIXELS = 25_000_000
PAPER = (255, 255, 255)


class NoPicture(Exception):
    """The bytes are no picture that we would unpack; the text is a sentence for a person."""


@dataclass(frozen=True, slots=True)
class Made:
    """Both sizes as JPEG without any metadata, and how many pixels the large one has."""

    large: bytes = field(repr=False)
    small: bytes = field(repr=False)
    width: int
    height: int


def made_of(content: bytes) -> Made:
    """The sizes of a picture. Its size is read before anything is unpacked; raises NoPicture."""
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise NoPicture(_too_large())
            picture.draft("RGB", LARGE)
            large = _on_paper(ImageOps.exif_transpose(picture))
            large.thumbnail(LARGE)
            small = large.copy()
            small.thumbnail(SMALL)
            return Made(_jpeg(large, 85), _jpeg(small, 80), large.width, large.height)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise NoPicture(_too_large()) from error
    except NoPicture:
        raise
    except Exception as error:
        # Broken pictures fail in as many ways as there are formats; none of them is ours to repair.
        raise NoPicture(_("OpenSolar sent a picture that cannot be read.")) from error


def _on_paper(picture: Image.Image) -> Image.Image:
    """Without transparency, which JPEG does not have."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    layer = picture.convert("RGBA")
    paper = Image.new("RGB", layer.size, PAPER)
    paper.paste(layer, mask=layer)
    return paper


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    out = BytesIO()
    picture.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


def _too_large() -> str:
    return _("OpenSolar sent a picture of far more pixels than were asked for; it was not opened.")
