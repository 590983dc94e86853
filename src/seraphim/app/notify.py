"""Tell the service manager how we are, by systemd's notification protocol.

When ``NOTIFY_SOCKET`` is set, short datagrams (``READY=1``, ``STOPPING=1``) go to that socket;
otherwise nothing happens. Source: sd_notify(3). Anything that starts the bot and wants to know
when it is ready can listen, not only systemd.
"""

import os
import socket


def notify(state: str) -> None:
    """Send ``state`` (``READY=1``, ``STOPPING=1``, ``STATUS=...``) to the service manager.

    A manager that has gone away is no reason to stop, so a failed send is ignored, as the
    protocol asks.
    """
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    if address.startswith("@"):  # a socket in Linux's abstract namespace
        address = "\0" + address[1:]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as channel:
        try:
            channel.sendto(state.encode(), address)
        except OSError:
            return
