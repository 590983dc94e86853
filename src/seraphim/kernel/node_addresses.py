"""Addresses of audio nodes as the owner writes them: JSON, or ``name=ws://password@host:port``."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import parse_qs, unquote, urlsplit

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_SCHEMES = {"ws": "http", "wss": "https", "http": "http", "https": "https"}
_DEFAULT_PORT = 2333
_KNOWN_FIELDS = frozenset({"name", "url", "password", "region"})
MAX_NODES = 32


class NodesInvalid(ValueError):
    """The list cannot be used; ``problems`` has a sentence for everything that is wrong in it."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("; ".join(problems))


@dataclass(frozen=True, slots=True)
class NodeAddress:
    """Where a node is and how to get in."""

    name: str
    url: str
    """``http(s)://host:port``; the websocket is at the same place."""
    password: str = field(repr=False)
    region: str | None = None


def parse_nodes(text: str) -> tuple[NodeAddress, ...]:
    """Read a list of nodes.

    Args:
        text: A JSON list of objects with ``name``, ``url``, ``password`` and perhaps ``region``,
            or entries like ``eu=ws://password@10.0.0.5:2333?region=europe`` with blanks, commas
            or line ends between them. ``wss`` means TLS; without a port it is 2333 (443 by TLS).

    Raises:
        NodesInvalid: with every problem at once.
    """
    problems: list[str] = []
    text = text.strip()
    found: list[NodeAddress | None]
    if text.startswith("["):
        found = _from_json(text, problems)
    else:
        entries = [entry for entry in re.split(r"[\s,]+", text) if entry]
        found = [_from_entry(entry, n, problems) for n, entry in enumerate(entries, 1)]
    nodes = tuple(node for node in found if node is not None)
    names = [node.name for node in nodes]
    twice = sorted({name for name in names if names.count(name) > 1})
    problems += [f"{name} is named twice" for name in twice]
    if len(found) > MAX_NODES:
        problems.append(f"at most {MAX_NODES} nodes")
    if problems:
        raise NodesInvalid(problems)
    return nodes


def _from_json(text: str, problems: list[str]) -> list[NodeAddress | None]:
    try:
        rows: Any = json.loads(text)
    except ValueError as error:
        problems.append(f"this is not JSON: {error}")
        return []
    nodes: list[NodeAddress | None] = []
    for number, row in enumerate(cast("list[object]", rows), 1):
        if not isinstance(row, dict):
            problems.append(f'node {number}: expected an object like {{"name": "eu", ...}}')
            nodes.append(None)
            continue
        fields = {str(key): value for key, value in cast("dict[object, object]", row).items()}
        nodes.append(_from_object(fields, number, problems))
    return nodes


def _from_object(
    fields: Mapping[str, object], number: int, problems: list[str]
) -> NodeAddress | None:
    unknown = sorted(set(fields) - _KNOWN_FIELDS)
    if unknown:
        problems.append(f"node {number}: unknown field {', '.join(unknown)}")
    if any(not isinstance(fields.get(key, ""), str) for key in _KNOWN_FIELDS):
        problems.append(f"node {number}: every field is a text")
        return None
    region = str(fields.get("region", "")) or None
    return _node(
        number,
        str(fields.get("name", "")),
        str(fields.get("url", "")),
        str(fields.get("password", "")),
        region,
        problems,
    )


def _from_entry(entry: str, number: int, problems: list[str]) -> NodeAddress | None:
    name, equals, rest = entry.partition("=")
    if not equals or "://" not in rest or "/" in name:
        problems.append(f"node {number}: expected name=ws://password@host:port")
        return None
    scheme, _, after = rest.partition("://")
    authority, question, query = after.partition("?")
    password, at, place = authority.rpartition("@")
    if not at:
        problems.append(f"node {number} ({name}): no password; write {scheme}://password@host:port")
        return None
    region = None
    if question:
        options = parse_qs(query, keep_blank_values=True)
        region = options.pop("region", [""])[0] or None
        if options:
            problems.append(f"node {number} ({name}): unknown option {', '.join(sorted(options))}")
    url = f"{scheme}://{place}"
    return _node(number, name, url, unquote(password.removeprefix(":")), region, problems)


def _node(
    number: int, name: str, url: str, password: str, region: str | None, problems: list[str]
) -> NodeAddress | None:
    label = f"node {number} ({name})" if name else f"node {number}"
    before = len(problems)
    if not _NAME.fullmatch(name):
        problems.append(f"{label}: a name has letters, digits, dots and dashes, at most 64")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        problems.append(f"{label}: the address cannot be read; the port is a number up to 65535")
        return None
    if parts.scheme not in _SCHEMES:
        problems.append(f"{label}: the address starts with ws:// or wss://")
    if not host:
        problems.append(f"{label}: the address names no host")
    if parts.path not in {"", "/"} or parts.query or parts.fragment:
        problems.append(f"{label}: the address ends after host and port")
    if parts.username is not None:
        problems.append(f"{label}: the password is a field of its own")
    if not password:
        problems.append(f"{label}: no password")
    elif not password.isascii() or any(ord(c) < 0x21 for c in password):  # noqa: PLR2004 - blank
        problems.append(f"{label}: a password has visible ASCII characters only")
    if len(problems) > before or host is None:
        return None
    scheme = _SCHEMES[parts.scheme]
    port = port or (443 if scheme == "https" else _DEFAULT_PORT)
    shown = f"[{host}]" if ":" in host else host
    return NodeAddress(name, f"{scheme}://{shown}:{port}", password, region)
