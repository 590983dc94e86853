"""The voice server's UDP socket: many datagrams a wake-up, each with its arrival time.

A plain non-blocking socket under `loop.add_reader`: asyncio's datagram transport
makes one callback a datagram and loses the kernel's arrival stamp, which tests of
packet timing need (a busy event loop must not make a punctual sender look late).
"""

import asyncio
import contextlib
import socket
import struct
import sys
import time
from collections.abc import Callable

Address = tuple[str, int]
OnDatagram = Callable[[bytes, Address, int], None]
"""Called with the datagram, its source, and its arrival in monotonic nanoseconds."""

DATAGRAM_BYTES = 2048
DATAGRAMS_PER_WAKE = 256
RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024

_SO_TIMESTAMPNS = 35
"""Linux's number (asm-generic/socket.h); Python's socket module does not name it."""
_TIMESPEC = struct.Struct("@qq")
_NS_PER_SECOND = 1_000_000_000
_STAMPS = sys.platform == "linux"


class UdpSocket:
    """One bound UDP socket on the running loop.

    Attributes:
        address: Host and port it is bound to.
    """

    def __init__(self, host: str, on_datagram: OnDatagram, port: int = 0) -> None:
        """Bind and start to read.

        Args:
            host: Address to bind, such as 127.0.0.1.
            on_datagram: Called for each datagram, on the loop.
            port: 0 for a free one.

        Raises:
            OSError: The port is taken.
        """
        self._on_datagram = on_datagram
        self._loop = asyncio.get_running_loop()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.settimeout(0)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
        if _STAMPS:
            self._socket.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
        self._socket.bind((host, port))
        self.address: Address = self._socket.getsockname()[:2]
        self._loop.add_reader(self._socket, self._read)

    def send(self, datagram: bytes, address: Address) -> None:
        """Send one datagram; a full socket buffer loses it, as UDP may."""
        with contextlib.suppress(OSError):
            self._socket.sendto(datagram, address)

    def close(self) -> None:
        """Stop reading and free the port."""
        if self._socket.fileno() >= 0:
            self._loop.remove_reader(self._socket)
            self._socket.close()

    def _read(self) -> None:
        # Realtime stamps are moved onto the monotonic clock by the clocks' distance now.
        offset_ns = time.monotonic_ns() - time.time_ns()
        for _ in range(DATAGRAMS_PER_WAKE):
            try:
                datagram, ancillary, _flags, address = self._socket.recvmsg(DATAGRAM_BYTES, 64)
            except BlockingIOError:
                return
            except OSError:
                continue  # an earlier answer bounced (ICMP unreachable): the peer has gone
            now_ns = time.monotonic_ns()
            for level, kind, content in ancillary:
                if level == socket.SOL_SOCKET and kind == _SO_TIMESTAMPNS:
                    seconds, nanoseconds = _TIMESPEC.unpack_from(content)
                    now_ns = min(now_ns, seconds * _NS_PER_SECOND + nanoseconds + offset_ns)
            self._on_datagram(datagram, address, now_ns)
            if self._socket.fileno() < 0:
                return
