"""Numbers of the voice gateway: opcodes, close codes, and what a server sends.

From Discord's "Opcodes and Status Codes", section Voice.
"""

from enum import IntEnum


class VoiceOp(IntEnum):
    """Opcodes of the voice gateway that are spoken without end-to-end encryption."""

    IDENTIFY = 0
    SELECT_PROTOCOL = 1
    READY = 2
    HEARTBEAT = 3
    SESSION_DESCRIPTION = 4
    SPEAKING = 5
    HEARTBEAT_ACK = 6
    RESUME = 7
    HELLO = 8
    RESUMED = 9
    CLIENTS_CONNECT = 11
    CLIENT_CONNECT = 12
    CLIENT_DISCONNECT = 13


class VoiceClose(IntEnum):
    """Close codes of the voice gateway."""

    UNKNOWN_OPCODE = 4001
    DECODE_FAILED = 4002
    NOT_AUTHENTICATED = 4003
    AUTHENTICATION_FAILED = 4004
    ALREADY_AUTHENTICATED = 4005
    SESSION_INVALID = 4006
    SESSION_TIMEOUT = 4009
    SERVER_NOT_FOUND = 4011
    UNKNOWN_PROTOCOL = 4012
    DISCONNECTED = 4014
    SERVER_CRASHED = 4015
    UNKNOWN_MODE = 4016
    BAD_REQUEST = 4020


VOICE_GATEWAY_VERSION = 8
OLDEST_GATEWAY_VERSION = 4
HEARTBEAT_INTERVAL_MS = 13_750
"""What Discord's voice servers ask for in practice; the documentation gives no number."""
MISSED_HEARTBEATS = 3
"""Intervals of silence after which a client counts as gone."""
