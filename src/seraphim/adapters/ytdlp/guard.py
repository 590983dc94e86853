"""What a yt-dlp process may do to the machine: talk to public addresses, and little else.

The rules are an audit hook (PEP 578): it sees every connection and every child process of Python
code, whichever library makes it, and cannot be taken away again.
"""

import ipaddress
import resource
import sys
from collections.abc import Sequence
from pathlib import PurePath
from typing import Final

from seraphim.features.music.rules.addresses import Network, may_be_reached

_RUNTIMES: Final = frozenset({"deno", "node", "bun", "qjs"})
"""The programs that yt-dlp may start: they work out YouTube's riddles."""
_STARTS: Final = frozenset({"os.system", "os.exec", "os.posix_spawn", "os.fork", "pty.spawn"})


class Forbidden(OSError):
    """Something tried to leave the fence; an OSError, so that libraries take it as unreachable."""


def fence(allow: Sequence[Network]) -> None:
    """Refuse connections to private networks and unknown programs from now on, for good.

    Args:
        allow: Networks that may be reached although they are not public.
    """

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if event == "socket.connect":
            _check_address(arguments[1], allow)
        elif event == "subprocess.Popen":
            _check_program(arguments)
        elif event in _STARTS and event != "os.posix_spawn":
            raise Forbidden(f"{event} is not allowed here")

    sys.addaudithook(watch)


def limit_memory(megabytes: int) -> None:
    """Let the system refuse more memory than this.

    The data segment is limited and not the address space, because a JavaScript engine reserves
    far more addresses than it ever fills.
    """
    size = megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_DATA, (size, size))


def _check_address(address: object, allow: Sequence[Network]) -> None:
    if not isinstance(address, tuple) or not address:
        raise Forbidden("only internet addresses may be reached")
    host = str(address[0]).split("%")[0]  # pyright: ignore[reportUnknownArgumentType] - whatever it is, it is read as text
    try:
        judged = ipaddress.ip_address(host)
    except ValueError as error:
        raise Forbidden("a name has to be resolved before it is judged") from error
    if not may_be_reached(judged, allow):
        raise Forbidden("address refused: it leads into a private network")


def _check_program(arguments: tuple[object, ...]) -> None:
    program = arguments[0]
    if program is None and isinstance(arguments[1], list | tuple) and arguments[1]:
        program = arguments[1][0]  # pyright: ignore[reportUnknownVariableType] - a command line
    if PurePath(str(program)).stem not in _RUNTIMES:  # pyright: ignore[reportUnknownArgumentType] - read as text
        raise Forbidden("only a JavaScript runtime may be started")
