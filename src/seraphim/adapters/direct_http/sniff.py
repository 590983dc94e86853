"""What the first bytes of an answer really are, whatever its headers claim."""

from typing import Literal

type Kind = Literal["audio", "m3u", "pls", "hls", "page", "unknown"]

HEAD_BYTES = 64 * 1024
_MPEG_BITRATE_BAD = 0xF
_MPEG_SAMPLE_RATE_BAD = 0x3
_PAGE_STARTS = (b"<!doctype", b"<html", b"<head", b"<?xml", b"<body")
_FTYP = slice(4, 8)


def sniff(head: bytes) -> Kind:
    """Judge by magic bytes (RFC 3533 Ogg, RFC 9639 FLAC, EBML, ISO 14496-12, MPEG frames)."""
    if head.startswith((b"OggS", b"fLaC", b"\x1a\x45\xdf\xa3", b"ID3", b"FORM", b"caff")):
        return "audio"
    if (head.startswith(b"RIFF") and head[8:12] == b"WAVE") or head[_FTYP] == b"ftyp":
        return "audio"
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    lowered = text[:64].lower()
    if lowered.startswith(b"#extm3u"):
        return "hls" if b"#EXT-X-" in head else "m3u"
    if lowered.startswith(b"[playlist]"):
        return "pls"
    if lowered.startswith(_PAGE_STARTS):
        return "page"
    return "audio" if _has_mpeg_frames(head) else "unknown"


def _has_mpeg_frames(head: bytes) -> bool:
    """Find an MPEG audio or ADTS frame header near the start (a live stream begins anywhere)."""
    for index in range(min(len(head) - 3, 8192)):
        if head[index] != 0xFF or head[index + 1] & 0xE0 != 0xE0:  # noqa: PLR2004 - 11 sync bits
            continue
        if head[index + 1] & 0xF6 == 0xF0:  # noqa: PLR2004 - ADTS: layer bits are zero
            size = (
                (head[index + 3] & 3) << 11 | head[index + 4] << 3 | head[index + 5] >> 5
                if (index + 5 < len(head))
                else 0
            )
        else:
            size = _mpeg_frame_bytes(head[index : index + 4])
        if size > 0 and head[index + size : index + size + 2][:1] == b"\xff":
            return True
    return False


_BITRATES_V1_L3 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_BITRATES_V2_L3 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_SAMPLE_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}


def _mpeg_frame_bytes(header: bytes) -> int:
    """Return the length of a layer III frame (ISO 11172-3), or 0 when the header is none."""
    version = header[1] >> 3 & 3
    layer = header[1] >> 1 & 3
    bitrate = header[2] >> 4
    rate = header[2] >> 2 & 3
    if (
        version == 1
        or layer != 1
        or bitrate in {0, _MPEG_BITRATE_BAD}
        or rate == _MPEG_SAMPLE_RATE_BAD
    ):
        return 0
    table = _BITRATES_V1_L3 if version == 3 else _BITRATES_V2_L3  # noqa: PLR2004 - 3 is MPEG 1
    samples = 144 if version == 3 else 72  # noqa: PLR2004 - bytes a kbit of 1152 or 576 samples
    padding = header[2] >> 1 & 1
    return samples * table[bitrate] * 1000 // _SAMPLE_RATES[version][rate] + padding
