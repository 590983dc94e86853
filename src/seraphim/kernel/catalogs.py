"""Keeps the catalogs: ``python -m seraphim.kernel.catalogs update|compile|check``.

``update`` extracts every text of the sources into ``locales/seraphim.pot`` and merges it into each
``<locale>/LC_MESSAGES/seraphim.po``; ``compile`` makes the ``.mo`` files that the program reads;
``check`` fails when either is out of date or a translation has other placeholders than its source.

Extracted are the arguments of ``N_``, ``_``, ``t``, ``translate``, ``tr`` and ``Notice``, of
``.plural``, and the ``message`` of every error class. Babel is loaded here only.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from seraphim.kernel.texts import DOMAIN, LOCALES_DIR, PERSONAS

SOURCE_DIR = LOCALES_DIR.parent
_MARKS = frozenset({"N_", "_", "t", "tr", "translate", "Notice"})
type _Text = tuple[str | tuple[str, str], str, int]


def extract(source_dir: Path = SOURCE_DIR) -> Catalog:
    """Return a catalog with every text of the sources and where it stands."""
    catalog = Catalog(project="Seraphim", fuzzy=False, charset="utf-8")
    for path in sorted(source_dir.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for text, _, line in _texts(tree):
            where = (path.relative_to(source_dir.parent).as_posix(), line)
            catalog.add(text, locations=[where])
    return catalog


def _texts(tree: ast.AST) -> Iterator[_Text]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            yield from _messages_of(node)
        elif isinstance(node, ast.Call) and node.args:
            name = _name(node.func)
            first = _string(node.args[0])
            if not first:
                continue
            if name in _MARKS:
                yield first, name, node.lineno
            elif name == "plural" and len(node.args) > 1:
                many = _string(node.args[1])
                if many:
                    yield (first, many), name, node.lineno


def _messages_of(node: ast.ClassDef) -> Iterator[_Text]:
    """Find ``message = "..."`` in the body of an error class (one that has a ``code``)."""
    values: dict[str, tuple[str, int]] = {}
    for statement in node.body:
        target = None
        if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            target = statement.targets[0]
        elif isinstance(statement, ast.AnnAssign):
            target = statement.target
        value = getattr(statement, "value", None)
        if isinstance(target, ast.Name) and isinstance(value, ast.expr):
            text = _string(value)
            if text:
                values[target.id] = (text, statement.lineno)
    if "message" in values and "code" in values:
        text, line = values["message"]
        yield text, "message", line


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Name):
        return function.id
    return function.attr if isinstance(function, ast.Attribute) else ""


def _string(node: ast.expr) -> str:
    """Return the value of a literal string (adjacent literals are one already), or nothing."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def update(locales_dir: Path = LOCALES_DIR, source_dir: Path = SOURCE_DIR) -> None:
    """Extract, and merge into every catalog; persona wordings of known texts stay."""
    template = extract(source_dir)
    write(locales_dir / f"{DOMAIN}.pot", template)
    for path in _catalogs(locales_dir):
        catalog = _read(path)
        wordings = [message for message in catalog if message.context in PERSONAS]
        catalog.update(template, no_fuzzy_matching=True)
        for message in wordings:
            catalog[message.id] = message
        catalog.obsolete.clear()
        write(path, catalog)


def compile_all(locales_dir: Path = LOCALES_DIR) -> None:
    """Write the ``.mo`` beside every ``.po``."""
    for path in _catalogs(locales_dir):
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, _read(path))


def problems(locales_dir: Path = LOCALES_DIR, source_dir: Path = SOURCE_DIR) -> list[str]:
    """Return what is wrong: texts missing in a catalog, wrong placeholders, old ``.mo`` files."""
    known = {str(message.id) for message in extract(source_dir) if message.id}
    found: list[str] = []
    for path in _catalogs(locales_dir):
        catalog = _read(path)
        here = {str(message.id) for message in catalog if message.id and not message.context}
        # A persona's English wordings need no entry for what is said plainly.
        if path.parts[-3] != "en" and known - here:
            missing = sorted(known - here)[:3]
            found.append(f"{path}: {len(known - here)} texts missing, such as {missing}: update")
        for message in catalog:
            found.extend(f"{path}: {problem}" for problem in _placeholder_problems(message))
        compiled = path.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_size != _compiled_size(catalog):
            found.append(f"{compiled}: out of date: compile")
    return found


def _placeholder_problems(message: Message) -> Iterator[str]:
    sources = message.id if isinstance(message.id, (list, tuple)) else (message.id,)
    strings = message.string if isinstance(message.string, (list, tuple)) else (message.string,)
    allowed = {name for source in sources for name in _placeholders(str(source))}
    for string in strings:
        if string and not set(_placeholders(str(string))) <= allowed | {"n"}:
            yield f"other placeholders than the source: {string!r}"


def _placeholders(text: str) -> Iterator[str]:
    try:
        for _, name, _, _ in Formatter().parse(text):
            if name is not None:
                yield name
    except ValueError:
        yield "{unreadable}"


def _compiled_size(catalog: Catalog) -> int:
    from io import BytesIO  # noqa: PLC0415 - only the check needs it

    buffer = BytesIO()
    write_mo(buffer, catalog)
    return len(buffer.getvalue())


def _catalogs(locales_dir: Path) -> list[Path]:
    return sorted(locales_dir.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3], domain=DOMAIN)


def write(path: Path, catalog: Catalog) -> None:
    """Write a catalog as a ``.po`` or ``.pot`` file, sorted, so that changes read well."""
    with path.open("wb") as file:
        write_po(file, catalog, width=100, sort_output=True, omit_header=False, no_location=False)


def main(arguments: list[str]) -> int:
    """Run one of the three commands; returns the exit code."""
    match arguments:
        case ["update"]:
            update()
            compile_all()
        case ["compile"]:
            compile_all()
        case ["check"]:
            found = problems()
            sys.stderr.writelines(f"{problem}\n" for problem in found)
            return 1 if found else 0
        case _:
            sys.stderr.write("usage: python -m seraphim.kernel.catalogs update|compile|check\n")
            return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
