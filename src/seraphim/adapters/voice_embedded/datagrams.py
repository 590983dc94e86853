"""A voice connection's UDP socket: the pacer sends on it, the event loop opens and closes it."""

import ctypes
import socket
import sys
import threading
from collections.abc import Callable
from typing import override

_DONT_WAIT = getattr(socket, "MSG_DONTWAIT", 0)


def _sender() -> Callable[[int, bytes, ctypes.c_size_t, int], int] | None:
    """Return libc's ``send``, called without giving up the interpreter.

    ``socket.send`` gives it up for each packet, and with a busy event loop beside it the pacer then
    waits a switch interval for each to get it back. The call never blocks (MSG_DONTWAIT), so nobody
    waits for it.
    """
    if sys.platform not in {"linux", "darwin"}:
        return None
    send = ctypes.PyDLL(None).send
    send.restype = ctypes.c_ssize_t
    return send


_send = _sender()
_MOST_SIZES = 2048
_SIZES = [ctypes.c_size_t(size) for size in range(_MOST_SIZES)]
"""Arguments made in advance. ctypes takes them, numbers and bytes as they are, which is 0.6 us less
than having it convert each by the function's ``argtypes``; a plain number would be a C int."""


class DatagramSocket(socket.socket):
    """A non-blocking UDP socket that one thread sends on and another closes.

    A number of a file that has been closed belongs to the next file that is opened, which may be a
    TLS connection of somebody else. So a send and a close exclude each other.
    """

    def __init__(self) -> None:
        super().__init__(socket.AF_INET, socket.SOCK_DGRAM)
        self.settimeout(0)
        self._gate = threading.Lock()

    def transmit(self, datagram: bytes) -> None:
        """Send; raises OSError when the socket is closed or the system does not take it."""
        with self._gate:
            if _send is None:
                self.send(datagram)
                return
            size = len(datagram)
            sized = _SIZES[size] if size < _MOST_SIZES else ctypes.c_size_t(size)
            if _send(self.fileno(), datagram, sized, _DONT_WAIT) < 0:
                raise OSError("the datagram could not be sent")

    @override
    def close(self) -> None:
        """Close once nobody is sending."""
        with self._gate:
            super().close()
