"""One process on one data folder; the lock of a dead one is taken over."""

import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from tests.support.servers import child_environment

from seraphim.kernel import instance
from seraphim.kernel.instance import (
    LOCK_NAME,
    DataDirUnusable,
    InstanceGuard,
    SecondInstance,
    process_start,
)

HOLD = """
import sys
from pathlib import Path
from seraphim.kernel.instance import InstanceGuard
guard = InstanceGuard(Path(sys.argv[1]))
guard.acquire()
print("held", flush=True)
sys.stdin.read()
"""


def hold(folder: Path) -> "subprocess.Popen[str]":
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=child_environment(),
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    return holder


def end(holder: "subprocess.Popen[str]") -> None:
    holder.kill()
    holder.communicate()


def write_lock(folder: Path, pid: int, started: str) -> None:
    body = msgspec.json.encode({"pid": pid, "started": started})
    (folder / LOCK_NAME).write_bytes(body)


def without_flock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(instance, "fcntl", None)


def test_a_second_process_is_refused_with_the_firsts_id(tmp_path: Path) -> None:
    holder = hold(tmp_path)
    with pytest.raises(SecondInstance, match=f"already running on .*process {holder.pid}"):
        InstanceGuard(tmp_path).acquire()
    end(holder)


def test_the_lock_of_a_killed_process_is_taken_over(tmp_path: Path) -> None:
    end(hold(tmp_path))
    guard = InstanceGuard(tmp_path)
    guard.acquire()
    guard.release()


def test_released_means_free(tmp_path: Path) -> None:
    for _ in range(2):
        guard = InstanceGuard(tmp_path / "new" / "folder")
        guard.acquire()
        guard.release()
        guard.release()


def test_two_guards_of_one_process_exclude_each_other(tmp_path: Path) -> None:
    first = InstanceGuard(tmp_path)
    first.acquire()
    with pytest.raises(SecondInstance):
        InstanceGuard(tmp_path).acquire()
    first.release()


def test_without_flock_a_living_process_is_respected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    holder = hold(tmp_path)
    without_flock(monkeypatch)
    with pytest.raises(SecondInstance):
        InstanceGuard(tmp_path).acquire()
    end(holder)
    guard = InstanceGuard(tmp_path)
    guard.acquire()
    guard.release()


def test_a_process_id_that_was_used_again_is_not_the_holder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_flock(monkeypatch)
    parent = os.getppid()
    write_lock(tmp_path, parent, process_start(parent) or "")
    with pytest.raises(SecondInstance):
        InstanceGuard(tmp_path).acquire()
    write_lock(tmp_path, parent, "12345@an-earlier-boot")
    guard = InstanceGuard(tmp_path)
    guard.acquire()
    guard.release()


@pytest.mark.parametrize("body", [b"", b"garbage", b'{"pid": "x"}', b"\xff" * 5000])
def test_a_damaged_lock_file_does_not_stop_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: bytes
) -> None:
    without_flock(monkeypatch)
    (tmp_path / LOCK_NAME).write_bytes(body)
    guard = InstanceGuard(tmp_path)
    guard.acquire()
    guard.release()


def test_a_folder_that_cannot_be_made_is_said_clearly(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DataDirUnusable, match="SERAPHIM_DATA_DIR"):
        InstanceGuard(tmp_path / "file" / "data").acquire()
