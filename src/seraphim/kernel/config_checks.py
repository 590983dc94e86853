"""What the values of settings must look like, and which secrets are too well known to be one."""

import base64
import binascii
from collections.abc import Mapping
from ipaddress import ip_network
from typing import Any

from pydantic import SecretStr
from pydantic_core import PydanticCustomError

from seraphim.kernel.node_addresses import NodesInvalid, parse_nodes

PREFIX = "SERAPHIM_"
_MIN_SECRET_LENGTH = 16
_KNOWN_SECRETS = frozenset(
    {
        "admin",
        "change-me",
        "changeme",
        "default",
        "password",
        "postgres",
        "redis",
        "root",
        "secret",
        "seraphim",
        "test",
        "youshallnotpass",
    }
)


def expect(sentence: str) -> PydanticCustomError:
    """Return an error whose text is this sentence."""
    # A template must not be formatted: what the person typed may contain braces.
    return PydanticCustomError("expectation", "{sentence}", {"sentence": sentence})


def looks_like_token(token: SecretStr | None) -> SecretStr | None:
    """Check the shape of a bot token: base64 of the bot's id, a time stamp, a signature."""
    if token is None:
        return None
    value = token.get_secret_value()
    parts = value.split(".")
    if value.lower().startswith("bot "):
        raise expect("give the token alone, without the word Bot in front")
    if len(parts) != 3 or not all(parts):  # noqa: PLR2004 - id, time, signature
        raise expect(
            "this is not a bot token. A token has three parts with dots between; copy it from "
            "https://discord.com/developers/applications > your application > Bot > Reset Token"
        )
    try:
        bot_id = base64.b64decode(parts[0] + "=" * (-len(parts[0]) % 4), altchars=b"-_").decode()
    except (binascii.Error, UnicodeDecodeError):
        bot_id = ""
    if not bot_id.isdigit():
        raise expect("this is not a bot token: its first part does not hold a bot's id")
    return token


def http_url(url: str | None) -> str | None:
    """Check the scheme; the slash at the end goes."""
    if url is not None and not url.startswith(("http://", "https://")):
        raise expect("expected an address that starts with http:// or https://")
    return url.rstrip("/") if url else url


def websocket_url(url: str | None) -> str | None:
    """Check the scheme."""
    if url is not None and not url.startswith(("ws://", "wss://")):
        raise expect("expected an address that starts with ws:// or wss://")
    return url


def check_database_url(url: str) -> str:
    """Check that one of the two engines is meant."""
    if not url.startswith(("sqlite:///", "postgresql://", "postgres://", "postgresql+asyncpg://")):
        raise expect("expected sqlite:///path/to/file.db or postgresql://user:password@host/name")
    return url


def database_in(settings: dict[str, Any]) -> str:
    """Return the database of an installation that names none: a file among its data."""
    return f"sqlite:///{settings.get('data_dir', 'data')}/seraphim.db"


def check_redis_url(url: str | None) -> str | None:
    """Check the scheme."""
    if url is not None and not url.startswith(("redis://", "rediss://", "unix://")):
        raise expect("expected redis://host:6379/0, rediss://... or unix:///path")
    return url


def id_list(value: object) -> object:
    """Read ``1,2 3`` as a list of ids."""
    if not isinstance(value, str):
        return value
    parts = value.replace(",", " ").split()
    if not all(part.isdigit() for part in parts):
        raise expect("expected Discord user ids (numbers) with commas between")
    return [int(part) for part in parts]


def words(value: object) -> object:
    """Split a text at blanks and commas."""
    return value.replace(",", " ").split() if isinstance(value, str) else value


def networks(networks: tuple[str, ...]) -> tuple[str, ...]:
    """Check that each is a network in CIDR notation."""
    for network in networks:
        try:
            ip_network(network)
        except ValueError as error:
            raise expect(
                f"{network} is not a network; expected CIDR notation such as 192.168.1.0/24"
            ) from error
    return networks


def lower(value: object) -> object:
    """Let people write names as they like."""
    return value.lower() if isinstance(value, str) else value


def nodes(value: object) -> object:
    """Read the nodes of a text."""
    if not isinstance(value, str):
        return value
    try:
        return parse_nodes(value)
    except NodesInvalid as error:
        raise expect(str(error)) from error


def variable_name(field: str) -> str:
    """Return the environment variable that sets ``field``."""
    return "DISCORD_TOKEN" if field == "discord_token" else PREFIX + field.upper()


def weak_secrets(given: Mapping[str, str]) -> dict[str, str]:
    """Find secrets that everybody knows or could guess; only production refuses them."""
    if given.get("environment", "").lower() != "production":
        return {}
    problems: dict[str, str] = {}
    for field, value in given.items():
        name = variable_name(field)
        if field == "lavalink_nodes":
            problems.update(_weak_nodes(name, value))
        elif field.endswith(("_secret", "_key", "_password")):
            if len(value) < _MIN_SECRET_LENGTH or value.lower() in _KNOWN_SECRETS:
                problems[name] = (
                    f"too easy to guess for production; use at least {_MIN_SECRET_LENGTH} random "
                    "characters, for example from: openssl rand -base64 32"
                )
        elif field.endswith("_url") and _password_in(value).lower() in _KNOWN_SECRETS:
            problems[name] = "its password is one that everybody knows; choose another"
    return problems


def _weak_nodes(name: str, value: str) -> dict[str, str]:
    try:
        nodes = parse_nodes(value)
    except NodesInvalid:
        return {}  # said already
    weak = [node.name for node in nodes if node.password.lower() in _KNOWN_SECRETS]
    if not weak:
        return {}
    nodes_named = ", ".join(weak)
    return {name: f"the password of {nodes_named} is one that everybody knows; choose another"}


def _password_in(url: str) -> str:
    """Return the password inside ``scheme://user:password@host``, or an empty string."""
    authority = url.partition("://")[2].partition("/")[0]
    credentials, at, _ = authority.rpartition("@")
    return credentials.partition(":")[2] if at else ""
