"""Settings of the process: environment variables and ``.env``, checked at start, all at once.

Per-guild settings, which people change while the bot runs, are :mod:`seraphim.kernel.settings`.
"""

import base64
import binascii
import os
from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, override

from pydantic import (
    AfterValidator,
    AliasChoices,
    BeforeValidator,
    Field,
    FilePath,
    SecretStr,
    ValidationError,
)
from pydantic_core import ErrorDetails, PydanticCustomError
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from seraphim.kernel.env_file import read_env_file
from seraphim.kernel.node_addresses import NodeAddress, NodesInvalid, parse_nodes

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


class ConfigInvalid(Exception):
    """The settings cannot be used; ``problems`` names every variable and what it expects."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        self.problems = dict(problems)
        lines = "\n".join(f"  {name}: {problem}" for name, problem in self.problems.items())
        super().__init__(f"The settings cannot be used:\n{lines}")


def _expect(sentence: str) -> PydanticCustomError:
    # A template must not be formatted: what the person typed may contain braces.
    return PydanticCustomError("expectation", "{sentence}", {"sentence": sentence})


def _looks_like_token(token: SecretStr | None) -> SecretStr | None:
    """Check the shape of a bot token: base64 of the bot's id, a time stamp, a signature."""
    if token is None:
        return None
    value = token.get_secret_value()
    parts = value.split(".")
    if value.lower().startswith("bot "):
        raise _expect("give the token alone, without the word Bot in front")
    if len(parts) != 3 or not all(parts):  # noqa: PLR2004 - id, time, signature
        raise _expect(
            "this is not a bot token. A token has three parts with dots between; copy it from "
            "https://discord.com/developers/applications > your application > Bot > Reset Token"
        )
    try:
        bot_id = base64.b64decode(parts[0] + "=" * (-len(parts[0]) % 4), altchars=b"-_").decode()
    except (binascii.Error, UnicodeDecodeError):
        bot_id = ""
    if not bot_id.isdigit():
        raise _expect("this is not a bot token: its first part does not hold a bot's id")
    return token


def _http_url(url: str | None) -> str | None:
    if url is not None and not url.startswith(("http://", "https://")):
        raise _expect("expected an address that starts with http:// or https://")
    return url.rstrip("/") if url else url


def _websocket_url(url: str | None) -> str | None:
    if url is not None and not url.startswith(("ws://", "wss://")):
        raise _expect("expected an address that starts with ws:// or wss://")
    return url


def _database_url(url: str) -> str:
    if not url.startswith(("sqlite:///", "postgresql://", "postgres://", "postgresql+asyncpg://")):
        raise _expect("expected sqlite:///path/to/file.db or postgresql://user:password@host/name")
    return url


def _database_in(settings: dict[str, Any]) -> str:
    return f"sqlite:///{settings.get('data_dir', 'data')}/seraphim.db"


def _redis_url(url: str | None) -> str | None:
    if url is not None and not url.startswith(("redis://", "rediss://", "unix://")):
        raise _expect("expected redis://host:6379/0, rediss://... or unix:///path")
    return url


def _id_list(value: object) -> object:
    """Read ``1,2 3`` as a list of ids."""
    if not isinstance(value, str):
        return value
    parts = value.replace(",", " ").split()
    if not all(part.isdigit() for part in parts):
        raise _expect("expected Discord user ids (numbers) with commas between")
    return [int(part) for part in parts]


def _words(value: object) -> object:
    return value.replace(",", " ").split() if isinstance(value, str) else value


def _networks(networks: tuple[str, ...]) -> tuple[str, ...]:
    for network in networks:
        try:
            ip_network(network)
        except ValueError as error:
            raise _expect(
                f"{network} is not a network; expected CIDR notation such as 192.168.1.0/24"
            ) from error
    return networks


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def _nodes(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return parse_nodes(value)
    except NodesInvalid as error:
        raise _expect(str(error)) from error


type _Secret = SecretStr | None


class Config(BaseSettings):
    """Everything a process needs to know before it starts."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        validate_by_name=True,
        validate_by_alias=True,
        hide_input_in_errors=True,
    )

    discord_token: Annotated[_Secret, AfterValidator(_looks_like_token)] = Field(
        default=None,
        validation_alias=AliasChoices("DISCORD_TOKEN", "discord_token"),
        description="The bot's token. Without it, `make run` starts a local Discord to play with.",
    )
    discord_api_url: Annotated[str | None, AfterValidator(_http_url)] = Field(
        default=None, description="Another Discord API than discord.com, such as the sandbox."
    )
    discord_gateway_url: Annotated[str | None, AfterValidator(_websocket_url)] = Field(
        default=None, description="Another gateway than the one the API names."
    )
    discord_ca_file: FilePath | None = Field(
        default=None,
        description="Certificates (PEM) to trust besides the system's: a local Discord's.",
    )
    environment: Annotated[Literal["development", "production"], BeforeValidator(_lower)] = Field(
        default="development",
        description="production logs JSON and refuses short or well-known secrets.",
    )
    data_dir: Path = Field(
        default=Path("data"), description="Folder for everything that is kept on disk."
    )
    database_url: Annotated[str, AfterValidator(_database_url)] = Field(
        default_factory=_database_in,
        description="postgresql://user:password@host:5432/name, or sqlite:/// and a file's path.",
    )
    redis_url: Annotated[str | None, AfterValidator(_redis_url)] = Field(
        default=None, description="Redis or Valkey, needed only when several processes run."
    )
    library: Path | None = Field(
        default=None, description="Folder with music files that /play can find."
    )
    web_host: str = Field(
        default="127.0.0.1",
        min_length=1,
        description="Address the health page, metrics and dashboard listen on.",
    )
    web_port: int = Field(default=8080, ge=0, le=65535, description="TCP port; 0 takes a free one.")
    web_public_url: Annotated[str | None, AfterValidator(_http_url)] = Field(
        default=None,
        description="Address under which people reach the web server, for links in messages.",
    )
    log_level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(_lower)] = (
        Field(default="info", description="The least important messages to log.")
    )
    log_format: Annotated[Literal["console", "json"] | None, BeforeValidator(_lower)] = Field(
        default=None, description="By default console in development, json in production."
    )
    otlp_endpoint: Annotated[str | None, AfterValidator(_http_url)] = Field(
        default=None, description="OpenTelemetry collector (OTLP over HTTP) that gets traces."
    )
    sentry_dsn: Annotated[_Secret, Field(description="Sentry project that gets errors.")] = None
    owner_ids: Annotated[tuple[int, ...], NoDecode, BeforeValidator(_id_list)] = Field(
        default=(), description="Discord user ids of the bot's owners, with commas between."
    )
    command_rate_limit: int = Field(
        default=5, ge=1, le=1000, description="Commands a member may use within the window."
    )
    command_rate_window_seconds: float = Field(
        default=10.0, gt=0, le=3600, description="Length of that window, in seconds."
    )

    http_allow: Annotated[
        tuple[str, ...], NoDecode, BeforeValidator(_words), AfterValidator(_networks)
    ] = Field(
        default=(),
        description="Private networks (CIDR, commas between) that /play may fetch from anyway.",
    )
    http_max_megabytes: int = Field(
        default=500, ge=1, le=100_000, description="Largest file /play fetches, in megabytes."
    )
    lavalink_nodes: Annotated[tuple[NodeAddress, ...], NoDecode, BeforeValidator(_nodes)] = Field(
        default=(),
        description=(
            "Lavalink v4 nodes that play the music in place of this process, with blanks between: "
            "name=ws://password@host:2333?region=europe (wss with TLS), or a JSON list."
        ),
    )
    lavalink_library: str | None = Field(
        default=None,
        description="The folder of SERAPHIM_LIBRARY as the nodes see it, when they share it.",
    )
    lavalink_media_url: Annotated[str | None, AfterValidator(_http_url)] = Field(
        default=None,
        description="Address under which the nodes reach this process's web server.",
    )
    lavalink_direct: bool = Field(
        default=False,
        description=(
            "Let nodes fetch members' links themselves, after a check, instead of through this "
            "process: less traffic here, but a node follows redirects unguarded."
        ),
    )
    lavalink_resume_seconds: int = Field(
        default=60, ge=0, le=3600, description="How long nodes play on while the bot restarts."
    )
    demo_port: int = Field(
        default=8090,
        ge=0,
        le=65535,
        description="TCP port of the local Discord's page; the next free one if it is taken.",
    )
    shard_count: int | None = Field(
        default=None, ge=1, le=10_000, description="Gateway shards; Discord's advice by default."
    )

    @property
    def logs_as(self) -> Literal["console", "json"]:
        """The log format in force, after the default for the environment."""
        return self.log_format or ("json" if self.environment == "production" else "console")

    @classmethod
    @override
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take values from the caller only: :func:`load_config` says which variables count."""
        return (init_settings,)


def load_config(
    environ: Mapping[str, str] | None = None, env_file: Path | None = Path(".env")
) -> Config:
    """Read the settings: ``environ`` (the process's by default) wins over ``env_file``.

    Raises:
        ConfigInvalid: with every problem at once, by variable name.
    """
    values = {**read_env_file(env_file), **(os.environ if environ is None else environ)}
    names = {variable_name(field): field for field in Config.model_fields}
    given = {
        field: values[name].strip() for name, field in names.items() if values.get(name, "").strip()
    }
    problems = {
        name: f"unknown setting; did you mean {_nearest(name, names)}?"
        for name in values
        if name.startswith(PREFIX) and name not in names and _nearest(name, names)
    }
    config = None
    try:
        config = Config(**given)  # pyright: ignore[reportArgumentType] - pydantic turns text into each field's type
    except ValidationError as error:
        for detail in error.errors():
            if detail["type"] == "default_factory_not_called":
                continue  # only says that another field is wrong
            problems.setdefault(variable_name(str(detail["loc"][0])), _sentence(detail))
    problems.update(_weak_secrets(given))
    if problems or config is None:
        raise ConfigInvalid(problems)
    return config


def variable_name(field: str) -> str:
    """Return the environment variable that sets ``field``."""
    return "DISCORD_TOKEN" if field == "discord_token" else PREFIX + field.upper()


def _sentence(detail: ErrorDetails) -> str:
    expectation = _EXPECTATIONS.get(detail["type"])
    return detail["msg"] if expectation is None else expectation.format(**detail.get("ctx", {}))


_EXPECTATIONS = {
    "int_parsing": "expected a whole number",
    "float_parsing": "expected a number",
    "literal_error": "expected one of {expected}",
    "greater_than": "expected a number above {gt}",
    "greater_than_equal": "expected a number of at least {ge}",
    "less_than_equal": "expected a number of at most {le}",
    "path_not_file": "expected the path of a file that exists",
}


def _weak_secrets(given: Mapping[str, str]) -> dict[str, str]:
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


def _nearest(name: str, names: Mapping[str, str]) -> str | None:
    """Return the setting that ``name`` is probably a misspelling of."""
    from difflib import get_close_matches  # noqa: PLC0415 - only when something is wrong

    if name == f"{PREFIX}DISCORD_TOKEN":
        return "DISCORD_TOKEN"
    return next(iter(get_close_matches(name, names, n=1, cutoff=0.8)), None)
