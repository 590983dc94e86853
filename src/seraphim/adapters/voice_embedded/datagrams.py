"""A voice connection's UDP socket: the pacer sends on it, the event loop opens and closes it."""

import ctypes
import socket
import sys
import threading
from collections.abc import Callable
from typing import override

_DONT_WAIT = getattr(socket, "MSG_DONTWAIT", 0)


def _sender() -> Callable[[int, bytes, int, int], int] | None:
    """Return libc's ``send``, called without giving up the interpreter.

    ``socket.send`` gives it up for each packet, and with a busy event loop beside it the pacer then
    waits a switch interval for each to get it back. The call never blocks (MSG_DONTWAIT), so nobody
    waits for it.
    """
    if sys.platform not in {"linux", "darwin"}:
        return None
    send = ctypes.PyDLL(None).send
    send.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_int)
    send.restype = ctypes.c_ssize_t
    return send


_send = _sender()


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
            elif _send(self.fileno(), datagram, len(datagram), _DONT_WAIT) < 0:
                raise OSError("the datagram could not be sent")

    @override
    def close(self) -> None:
        """Close once nobody is sending."""
        with self._gate:
            super().close()
