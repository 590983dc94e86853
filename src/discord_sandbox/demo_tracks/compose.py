"""Writes the demo tracks: ``python -m discord_sandbox.demo_tracks.compose [folder]``.

Opus files are Ogg with packets of 20 ms, so that the bot can hand them on untouched. The covers
are drawn here as well; Opus and FLAC keep them in a ``METADATA_BLOCK_PICTURE``, MP3 in ID3.
"""

import base64
import struct
import sys
import zlib
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import av
import numpy as np

from discord_sandbox.demo_tracks import FOLDER
from discord_sandbox.demo_tracks.pieces import PIECES, Piece
from discord_sandbox.demo_tracks.synth import RATE, Stereo, loudness

_CODECS: dict[str, tuple[str, int, int, dict[str, str]]] = {
    "opus": ("libopus", 72_000, RATE, {"frame_duration": "20", "vbr": "constrained"}),
    "mp3": ("libmp3lame", 128_000, 44_100, {}),
    "flac": ("flac", 0, 32_000, {"compression_level": "12"}),
}
"""Encoder, bits per second, samples per second (few, to keep the repository small), options."""
_COVER_SIZE = 200


def cover(piece: Piece) -> bytes:
    """Draw a piece's cover (PNG): its two colours, and rings like those on water."""
    axis = np.linspace(-1, 1, _COVER_SIZE)
    x, y = np.meshgrid(axis, axis)
    blend = np.clip((y + 1) / 2 + 0.12 * x, 0, 1)[..., None]
    first, second = (np.array(colour, dtype=np.float64) for colour in piece.colours)
    picture = first * (1 - blend) + second * blend
    distance = np.hypot(x - 0.1, y + 0.15)
    number = sum(piece.slug.encode()) % 5 + 4
    rings = np.exp(-((np.sin(distance * np.pi * number) * 6) ** 2)) * np.exp(-distance * 1.3)
    picture += rings[..., None] * 110
    # Few shades keep the PNG small.
    pixels = (np.clip(picture, 0, 255) // 6 * 6).astype(np.uint8)
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    header = struct.pack(">IIBBBBB", _COVER_SIZE, _COVER_SIZE, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def picture_block(png: bytes) -> str:
    """Return a FLAC picture block in base64 (RFC 9639, section 8.8), as Vorbis comments want it."""
    mime = b"image/png"
    block = struct.pack(">II", 3, len(mime)) + mime + struct.pack(">I", 0)
    block += struct.pack(">IIII", _COVER_SIZE, _COVER_SIZE, 24, 0)
    return base64.b64encode(block + struct.pack(">I", len(png)) + png).decode()


def write(piece: Piece, sound: Stereo, folder: Path) -> Path:
    """Encode a piece with its tags and its cover."""
    path = folder / f"{piece.slug}.{piece.suffix}"
    codec, bitrate, rate, options = _CODECS[piece.suffix]
    png = cover(piece)
    tags = {
        "title": piece.title,
        "artist": "Seraphim",
        "album": "Demo",
        "track": str(PIECES.index(piece) + 1),
        "genre": "Demo",
        "comment": "Made by the Seraphim project; CC0.",
    }
    if piece.suffix == "opus":
        tags["METADATA_BLOCK_PICTURE"] = picture_block(png)
    container_format = "ogg" if piece.suffix == "opus" else piece.suffix
    with av.open(str(path), "w", format=container_format) as container:
        # PyAV's types cannot know from a codec's name that the stream is one of sound.
        untyped = cast("Any", container)
        stream = untyped.add_stream(codec, rate=rate, options=options)
        stream.layout = "stereo"
        if bitrate:
            stream.codec_context.bit_rate = bitrate
        # Ogg keeps its comments with the stream, the others with the file.
        (stream if piece.suffix == "opus" else container).metadata.update(tags)
        attached = None
        if piece.suffix != "opus":
            attached = untyped.add_stream("png", rate=1)
            attached.width = attached.height = _COVER_SIZE
            attached.pix_fmt = "rgb24"
            attached.disposition = 1 << 10  # AV_DISPOSITION_ATTACHED_PIC
        _encode(untyped, stream, sound, attached, png)
    return path


def _encode(container: Any, stream: Any, sound: Stereo, attached: Any, png: bytes) -> None:  # noqa: ANN401  # see above
    if attached is not None:
        container.start_encoding()
        packet = av.Packet(png)
        packet.stream = attached
        packet.pts = packet.dts = 0
        packet.is_keyframe = True
        container.mux(packet)
    samples = np.clip(np.rint(sound * 32767), -32768, 32767).astype(np.int16)
    frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="stereo")
    frame.sample_rate = RATE
    frame.pts = 0
    frame.time_base = Fraction(1, RATE)
    context = stream.codec_context
    cutter = av.AudioResampler(
        format=context.format,
        layout="stereo",
        rate=context.sample_rate,
        frame_size=context.frame_size or 4096,
    )
    for part in [*cutter.resample(frame), *cutter.resample(None)]:
        container.mux(stream.encode(part))
    container.mux(stream.encode(None))


def main() -> None:
    """Write every piece into the folder named on the command line, or into the package."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for piece in PIECES:
        sound = piece.play()
        path = write(piece, sound, folder)
        line = (
            f"{path.name:24} {len(sound) / RATE:5.1f} s  {loudness(sound):6.1f} LUFS  "
            f"peak {np.abs(sound).max():.2f}  {path.stat().st_size / 1024:6.0f} KiB\n"
        )
        sys.stdout.write(line)


if __name__ == "__main__":
    main()
