"""Pictures, drawn anew: what stood beside the picture (place, device, a second file) goes."""

from __future__ import annotations

import warnings
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from service.domain.attachment import AttachmentKind
from service.errors import AttachmentRefusedError

MAX_PIXELS = 64_000_000  # some phones take 50 million; 64 million are 200 MB in memory
_QUALITY = 85
_FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
_PHOTOGRAPHS = frozenset({"JPEG", "MPO"})  # MPO: several JPEGs in one file; the first counts
_DAMAGE = (OSError, SyntaxError, ValueError, EOFError, IndexError, Image.DecompressionBombError)


def clean_image(content: bytes) -> tuple[AttachmentKind, bytes]:
    """The picture alone, upright: a photograph as JPEG, all else as PNG; the first of several.

    Raises
    ------
    AttachmentRefusedError
        It is damaged, cut off, or has too many pixels.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(BytesIO(content), formats=_FORMATS)
        if image.width * image.height > MAX_PIXELS:
            raise AttachmentRefusedError(f"图片超过 {MAX_PIXELS // 10_000:,} 万像素，请缩小后再传")
        image.load()
        return _draw(image)
    except UnidentifiedImageError:
        raise AttachmentRefusedError("不是完整的图片") from None
    except _DAMAGE:
        raise AttachmentRefusedError("图片已损坏或不完整") from None


def _draw(image: Image.Image) -> tuple[AttachmentKind, bytes]:
    drawn, is_photograph = BytesIO(), image.format in _PHOTOGRAPHS
    is_clear = image.has_transparency_data
    upright = ImageOps.exif_transpose(image)
    if is_photograph:
        plain = upright if upright.mode == "L" else upright.convert("RGB")
    else:
        plain = upright.convert("RGBA" if is_clear else "RGB")
    plain.info.clear()  # Pillow would write comment and colour profile again
    if is_photograph:
        plain.save(drawn, "JPEG", quality=_QUALITY)
        return AttachmentKind.JPEG, drawn.getvalue()
    plain.save(drawn, "PNG")
    return AttachmentKind.PNG, drawn.getvalue()
