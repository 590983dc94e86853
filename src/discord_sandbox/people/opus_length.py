"""How long an Opus packet plays (RFC 6716, section 3.1)."""

from __future__ import annotations

_SILK = (480, 960, 1920, 2880)
_HYBRID = (480, 960)
_CELT = (120, 240, 480, 960)
_FIRST_HYBRID, _FIRST_CELT = 12, 16


def packet_samples(packet: bytes) -> int:
    """Samples of 48 kHz that the packet plays; 0 for an empty or broken one."""
    if not packet:
        return 0
    configuration, code = packet[0] >> 3, packet[0] & 0x03
    if configuration < _FIRST_HYBRID:
        samples = _SILK[configuration & 0x03]
    elif configuration < _FIRST_CELT:
        samples = _HYBRID[configuration & 0x01]
    else:
        samples = _CELT[configuration & 0x03]
    if code == 0:
        return samples
    if code < 3:  # noqa: PLR2004 - codes 1 and 2 are two frames, 3 says how many
        return samples * 2
    return samples * (packet[1] & 0x3F) if len(packet) > 1 else 0
