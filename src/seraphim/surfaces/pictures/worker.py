"""The drawing process: reads SVG from its input, writes PNG to its output.

A program of its own, run by file, because the drawing library holds Python's global lock while it
draws (70 ms for a large picture): in the bot's process, threads or not, every song and every
answer would stand still meanwhile. It also ends with the bot, as its input then ends.

A request is a header (:data:`REQUEST`) and the SVG; an answer is a header (:data:`ANSWER`) and
the PNG, or what was wrong.
"""

import os
import struct
import sys
from pathlib import Path

import resvg_py

REQUEST = struct.Struct(">If?")
"""Bytes of SVG, scale, whether the machine's own fonts may help out."""
ANSWER = struct.Struct(">?I")
"""Whether it worked, bytes that follow."""
NICENESS = 5
FONTS = Path(__file__).parent / "fonts"


def main() -> None:
    """Draw until the input ends."""
    if hasattr(os, "nice"):
        os.nice(NICENESS)  # music goes before pictures
    fonts = [str(path) for path in sorted(FONTS.glob("*.otf"))]
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    while len(header := source.read(REQUEST.size)) == REQUEST.size:
        length, scale, with_system_fonts = REQUEST.unpack(header)
        worked, body = _draw(source.read(length), scale, fonts, with_system_fonts=with_system_fonts)
        sink.write(ANSWER.pack(worked, len(body)))
        sink.write(body)
        sink.flush()


def _draw(
    svg: bytes, scale: float, fonts: list[str], *, with_system_fonts: bool
) -> tuple[bool, bytes]:
    try:
        png = resvg_py.svg_to_bytes(
            svg_string=svg.decode(),
            zoom=scale,
            font_files=fonts,
            font_family="Inter",
            sans_serif_family="Inter",
            skip_system_fonts=not with_system_fonts,
        )
    except Exception as error:  # noqa: BLE001  # whatever is wrong with one picture, the next is drawn
        return False, str(error).encode()
    return True, bytes(png)


if __name__ == "__main__":
    main()
