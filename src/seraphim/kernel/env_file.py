"""The ``.env`` file."""

import re
from pathlib import Path

_LINE = re.compile(r"^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*?)\s*$")
_MAX_BYTES = 1_000_000


def read_env_file(path: Path | None) -> dict[str, str]:
    """Read ``NAME=value`` lines; ``#`` comments, quotes and ``export`` as shells know them.

    A file that is not there is empty. Nothing is expanded.
    """
    if path is None or not path.is_file():
        return {}
    found: dict[str, str] = {}
    for line in path.read_text(encoding="utf-8-sig")[:_MAX_BYTES].splitlines():
        match = _LINE.match(line)
        if match:
            found[match[1]] = _unquote(match[2])
    return found


def _unquote(value: str) -> str:
    if value[:1] in {"'", '"'}:
        closing = value.find(value[0], 1)
        if closing > 0:
            return value[1:closing]
    return re.split(r"\s+#", value, maxsplit=1)[0] if not value.startswith("#") else ""
