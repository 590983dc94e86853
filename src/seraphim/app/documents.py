"""``python -m seraphim.app.documents``: the pages that are written from the code.

``.env.example`` and ``docs/reference`` (settings, errors, commands) come from the settings model,
the error classes and the catalogue, so that they cannot say anything else. With ``--check`` nothing
is written, and the exit code tells whether a page is stale.
"""

import asyncio
import importlib
import pkgutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import cast

import seraphim
from seraphim.app.wiring import wire
from seraphim.kernel.config import Config, render_env_example, variable_name
from seraphim.kernel.errors import SeraphimError
from seraphim.kernel.feature import Feature
from seraphim.kernel.kernel import open_kernel
from seraphim.surfaces.discord.commands import entries

ROOT = Path(__file__).parents[3]
_NOTE = "<!-- Written from the code by `make assets`; edits here are overwritten. -->\n\n"


def main() -> None:
    """Write the pages, or say which are stale."""
    pages = asyncio.run(render())
    stale = [name for name, text in pages.items() if _read(ROOT / name) != text]
    if "--check" in sys.argv:
        if stale:
            sys.exit(f"Stale, run `make assets`: {', '.join(stale)}")
        return
    for name in stale:
        path = ROOT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(pages[name], encoding="utf-8")
        sys.stdout.write(f"wrote {name}\n")


async def render() -> dict[str, str]:
    """Return every generated page by its path below the project's root."""
    features = await _features()
    return {
        ".env.example": render_env_example(Config),
        "docs/reference/settings.md": _settings(features),
        "docs/reference/errors.md": _errors(),
        "docs/reference/commands.md": _commands(features),
    }


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


async def _features() -> Sequence[Feature]:
    """Build the catalogue as the bot would, on a scratch database, connected to nothing."""
    with tempfile.TemporaryDirectory() as folder:
        config = Config(
            data_dir=Path(folder), database_url=f"sqlite:///{Path(folder) / 'scratch.db'}"
        )
        kernel = await open_kernel(config)
        try:
            wiring = wire(kernel)
            await wiring.close()
        finally:
            await kernel.close()
        return wiring.features


def _settings(features: Sequence[Feature]) -> str:
    lines = [
        "# Settings\n",
        _NOTE.rstrip(),
        "\n## Of the process\n",
        "Environment variables, or lines in `.env`; the environment wins.\n",
        "| variable | default | meaning |",
        "|---|---|---|",
    ]
    defaults = Config()
    for field, info in Config.model_fields.items():
        default: object = getattr(defaults, field)
        shown = "" if default is None or default == () else f"`{default}`"
        lines.append(f"| `{variable_name(field)}` | {shown} | {info.description} |")
    lines.append("\n## Of a server\n\nChanged with `/settings` by those who may manage the server.")
    for feature in features:
        if feature.settings is None:
            continue
        lines += [f"\n### {feature.name}\n", "| setting | default | meaning |", "|---|---|---|"]
        for field, info in feature.settings.model_fields.items():
            default = cast("object", info.get_default(call_default_factory=True))
            lines.append(f"| `{field}` | `{default}` | {info.description or ''} |")
    return "\n".join(lines) + "\n"


def _errors() -> str:
    for module in pkgutil.walk_packages(seraphim.__path__, "seraphim."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)  # noqa: TID251 - to find every error class
    lines = [
        "# Error codes\n",
        _NOTE.rstrip(),
        "\nWhat people read is translated; the code stays the same.\n",
        "| code | HTTP | sentence | when |",
        "|---|---|---|---|",
    ]
    for error in sorted(set(_subclasses(SeraphimError)), key=lambda one: (one.code, one.__name__)):
        if not error.__module__.startswith("seraphim."):
            continue
        when = (error.__doc__ or "").strip().splitlines()[0]
        lines.append(f"| `{error.code}` | {error.http_status} | {error.message} | {when} |")
    return "\n".join(lines) + "\n"


def _subclasses(kind: type[SeraphimError]) -> Iterator[type[SeraphimError]]:
    for child in kind.__subclasses__():
        yield child
        yield from _subclasses(child)


def _commands(features: Sequence[Feature]) -> str:
    lines = ["# Commands\n", _NOTE.rstrip()]
    for feature in features:
        found = entries([feature])
        if not found:
            continue
        lines += [f"\n## {feature.name}\n", f"{feature.summary}\n"]
        lines += ["| command | what it does | options | who |", "|---|---|---|---|"]
        for entry in found:
            options = "<br>".join(
                f"`{name}`{'' if required else ' (optional)'}: {text}"
                for name, text, required in entry.options
            )
            who = ", ".join(entry.needs_permissions).replace("_", " ") or "everyone"
            name = (
                f"/{entry.name}" if entry.kind == "slash" else f"{entry.name} ({entry.kind} menu)"
            )
            lines.append(f"| `{name}` | {entry.description} | {options} | {who} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
