"""A process that runs yt-dlp: ``python -m seraphim.adapters.ytdlp.worker``.

It reads requests on its standard input and answers on its standard output, one after the other.
When the input ends, because the bot has closed it or is no more, the process ends at once, also in
the middle of a request.
"""

import argparse
import ipaddress
import os
import queue
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from seraphim.adapters.ytdlp import guard
from seraphim.adapters.ytdlp.messages import Answer, Ask, Step, pack, read_ask

OUT_OF_MEMORY = 77
"""The exit status of a process that has reached its memory limit."""


def main() -> None:
    """Serve until the input ends."""
    options = argparse.ArgumentParser()
    options.add_argument("--memory", type=int, required=True)
    options.add_argument("--cookies", type=Path)
    options.add_argument("--allow", nargs="*", default=[])
    given = options.parse_args()
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not end up between the frames
    allow = [ipaddress.ip_network(network) for network in given.allow]

    from seraphim.adapters.ytdlp.extracting import Extraction  # noqa: PLC0415 - after the output is safe

    extraction = Extraction(given.cookies)
    guard.limit_memory(given.memory)
    guard.fence(allow)
    waiting: queue.SimpleQueue[Ask] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, waiting), daemon=True).start()

    def tell(message: Step | Answer) -> None:
        output.write(pack(message))
        output.flush()

    _serve(waiting, extraction.answer, tell)


def _serve(
    waiting: "queue.SimpleQueue[Ask]",
    answer: Callable[[Ask, Callable[[Step], None]], Answer],
    tell: Callable[[Step | Answer], None],
) -> None:
    while True:
        ask = waiting.get()
        try:
            tell(answer(ask, tell))
        except MemoryError:
            os._exit(OUT_OF_MEMORY)


def _listen(source: BinaryIO, waiting: "queue.SimpleQueue[Ask]") -> None:
    """Pass requests on; end the process when there are no more."""

    def read_exactly(count: int) -> bytes:
        data = source.read(count)
        if len(data) < count:
            raise EOFError
        return data

    try:
        while True:
            waiting.put(read_ask(read_exactly))
    except BaseException:  # noqa: BLE001 - the end of the input, or nonsense in it: either way it is over
        os._exit(0)


if __name__ == "__main__":
    main()
