"""The guard of the embedded mode: one process on one data folder.

The lock is an ``flock`` on ``instance.lock``, which the system drops when a process dies, however
it dies. The file also says who holds it (process id and start time), for the sentence the second
process shows, and to judge a stale file on file systems that know no ``flock``.
"""

import os
from pathlib import Path

import msgspec

from seraphim.kernel.errors import SeraphimError

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows: the process id and start time must do
    fcntl = None

LOCK_NAME = "instance.lock"


class SecondInstance(SeraphimError):
    """Seraphim already runs on this data folder."""

    code = "second_instance"
    http_status = 409
    message = (
        "Seraphim is already running on {data_dir} (process {pid}). "
        "Stop it first, or start this one with another SERAPHIM_DATA_DIR."
    )


class DataDirUnusable(SeraphimError):
    """The data folder cannot be made or written."""

    code = "data_dir_unusable"
    message = (
        "The data folder {data_dir} cannot be used: {reason}. "
        "Make it writable for the bot's user or set SERAPHIM_DATA_DIR."
    )


class _Holder(msgspec.Struct, frozen=True):
    pid: int
    started: str


class InstanceGuard:
    """Holds ``data_dir`` for this process from :meth:`acquire` to :meth:`release`."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._path = data_dir / LOCK_NAME
        self._file: int | None = None

    def acquire(self) -> None:
        """Take the folder; raises SecondInstance when a living process has it."""
        try:
            self._data_dir.mkdir(parents=True, exist_ok=True)
            file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise DataDirUnusable(
                data_dir=str(self._data_dir), reason=error.strerror or str(error)
            ) from error
        try:
            self._lock(file)
            os.ftruncate(file, 0)
            mine = _Holder(os.getpid(), process_start(os.getpid()) or "unknown")
            os.pwrite(file, msgspec.json.encode(mine) + b"\n", 0)
        except BaseException:
            os.close(file)
            raise
        self._file = file

    def release(self) -> None:
        """Let go of the folder; the file stays, emptied, since removing it could race."""
        if self._file is not None:
            os.ftruncate(self._file, 0)
            os.close(self._file)
            self._file = None

    def _lock(self, file: int) -> None:
        holder = _read_holder(file)
        if fcntl is not None:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise self._taken(holder) from error
            except OSError:
                pass  # no flock on this file system: judge by what the file says
            else:
                return
        if holder is not None and holder.pid != os.getpid() and _is_alive(holder):
            raise self._taken(holder)

    def _taken(self, holder: _Holder | None) -> SecondInstance:
        pid = holder.pid if holder is not None else "unknown"
        return SecondInstance(data_dir=str(self._data_dir), pid=pid)


def _read_holder(file: int) -> _Holder | None:
    try:
        return msgspec.json.decode(os.pread(file, 4096, 0), type=_Holder)
    except (msgspec.DecodeError, OSError):
        return None


def _is_alive(holder: _Holder) -> bool:
    """Whether the very process that wrote the file lives: a reused id has another start time."""
    started = process_start(holder.pid)
    if started is not None:
        return started == holder.started
    try:
        os.kill(holder.pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return not Path("/proc/self/stat").exists()


def process_start(pid: int) -> str | None:
    """Return when ``pid`` started: clock ticks since boot, field 22 of proc_pid_stat(5), and boot.

    None where there is no /proc or no such process.
    """
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return None
    # The command name (field 2) is in parentheses and may hold spaces: count from its end.
    return f"{stat.rpartition(')')[2].split()[19]}@{boot}"
