"""The ``.env`` file: read, and written from the settings model as ``.env.example``."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from seraphim.kernel.config import Config

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


def render_env_example(model: "type[Config]") -> str:
    """Return ``.env.example``: every setting with its meaning and default, commented out."""
    from seraphim.kernel.config import variable_name  # noqa: PLC0415 - config imports this module

    lines = [
        "# Settings of Seraphim. Copy to .env and uncomment what you change.",
        "# Written from the settings model by `make assets`; edits here are overwritten.",
    ]
    defaults = model()
    for field, info in model.model_fields.items():
        default: object = getattr(defaults, field)
        shown = "" if default is None or default == () else str(default)
        lines += ["", f"# {info.description}", f"#{variable_name(field)}={shown}"]
    return "\n".join(lines) + "\n"
