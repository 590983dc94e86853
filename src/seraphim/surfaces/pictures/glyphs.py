"""How wide a text is and which characters the bundled fonts have, read from the fonts themselves.

Source of the tables' layout: OpenType specification 1.9.1, chapters "cmap" (formats 4 and 12),
"hhea", "hmtx" and "head".
"""

import struct
from functools import cache
from pathlib import Path
from typing import Literal

type Weight = Literal["regular", "bold"]

FONTS = Path(__file__).parent / "fonts"
FILES: dict[Weight, str] = {"regular": "Inter-Regular.otf", "bold": "Inter-Bold.otf"}
_UNKNOWN_EMS = 1.0
"""A character that the fonts lack is drawn with another font; ideographs take a full em."""


@cache
def advances(weight: Weight) -> dict[int, float]:
    """Return the advance width of each character of the font, in ems, by code point."""
    data = (FONTS / FILES[weight]).read_bytes()
    tables = _tables(data)
    units = _number(">H", data, tables["head"] + 18)
    metrics = _number(">H", data, tables["hhea"] + 34)
    widths = struct.unpack_from(f">{metrics * 2}H", data, tables["hmtx"])[::2]
    last = len(widths) - 1
    return {
        code: widths[min(glyph, last)] / units
        for code, glyph in _characters(data, tables["cmap"]).items()
    }


def width_of(text: str, size: float, weight: Weight = "regular") -> float:
    """Return about how wide ``text`` is at ``size`` pixels an em; kerning is left out."""
    known = advances(weight)
    return size * sum(known.get(ord(character), _UNKNOWN_EMS) for character in text)


def covered(text: str) -> bool:
    """Return whether the bundled fonts have every character of ``text``."""
    known = advances("regular")
    return all(ord(character) in known for character in text if character != "\n")


def _number(form: str, data: bytes, offset: int) -> int:
    return int(struct.unpack_from(form, data, offset)[0])


def _tables(data: bytes) -> dict[str, int]:
    count = _number(">H", data, 4)
    records = (struct.unpack_from(">4sIII", data, 12 + 16 * index) for index in range(count))
    return {tag.decode("ascii"): offset for tag, _, offset, _ in records}


def _characters(data: bytes, cmap: int) -> dict[int, int]:
    found: dict[int, int] = {}
    for index in range(_number(">H", data, cmap + 2)):
        table = cmap + _number(">I", data, cmap + 4 + 8 * index + 4)
        match _number(">H", data, table):
            case 4:
                found.update(_format_4(data, table))
            case 12:
                found.update(_format_12(data, table))
            case _:
                pass
    return found


def _format_4(data: bytes, table: int) -> dict[int, int]:
    count = _number(">H", data, table + 6) // 2
    ends = struct.unpack_from(f">{count}H", data, table + 14)
    starts = struct.unpack_from(f">{count}H", data, table + 16 + 2 * count)
    deltas = struct.unpack_from(f">{count}H", data, table + 16 + 4 * count)
    offsets_at = table + 16 + 6 * count
    found: dict[int, int] = {}
    for segment in range(count):
        offset = _number(">H", data, offsets_at + 2 * segment)
        for code in range(starts[segment], min(ends[segment], 0xFFFE) + 1):
            glyph = code
            if offset:
                at = offsets_at + 2 * segment + offset + 2 * (code - starts[segment])
                glyph = _number(">H", data, at)
                if glyph == 0:
                    continue
            glyph = (glyph + deltas[segment]) & 0xFFFF
            if glyph:
                found[code] = glyph
    return found


def _format_12(data: bytes, table: int) -> dict[int, int]:
    found: dict[int, int] = {}
    for group in range(_number(">I", data, table + 12)):
        start, end, glyph = struct.unpack_from(">III", data, table + 16 + 12 * group)
        for code in range(start, end + 1):
            found[code] = glyph + code - start
    return found
