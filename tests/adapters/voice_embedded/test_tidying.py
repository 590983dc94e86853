"""Memory that nobody holds any more goes back to the operating system."""

import sys

import numpy as np
import psutil
import pytest

from seraphim.adapters.voice_embedded.tidying import give_back


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's habit")
def test_free_memory_is_given_back() -> None:
    process = psutil.Process()
    give_back()
    held = [np.ones(8_000, np.uint8) for _ in range(10_000)]
    # Every hundredth stays and pins the heap, as the frames that wait to be sent do.
    pins = held[::100]
    del held
    before = process.memory_info().rss
    give_back()
    assert before - process.memory_info().rss > 40_000_000
    assert len(pins) == 100
