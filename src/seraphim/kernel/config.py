"""Settings of the process: environment variables and ``.env``, checked at start, all at once.

Per-guild settings, which people change while the bot runs, are :mod:`seraphim.kernel.settings`.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, override

from pydantic import (
    AfterValidator,
    AliasChoices,
    BeforeValidator,
    Field,
    FilePath,
    SecretStr,
    ValidationError,
)
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from seraphim.kernel.config_checks import (
    PREFIX,
    check_database_url,
    check_redis_url,
    database_in,
    http_url,
    id_list,
    looks_like_token,
    lower,
    networks,
    nodes,
    variable_name,
    weak_secrets,
    websocket_url,
    words,
)
from seraphim.kernel.env_file import read_env_file
from seraphim.kernel.node_addresses import NodeAddress


class ConfigInvalid(Exception):
    """The settings cannot be used; ``problems`` names every variable and what it expects."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        self.problems = dict(problems)
        lines = "\n".join(f"  {name}: {problem}" for name, problem in self.problems.items())
        super().__init__(f"The settings cannot be used:\n{lines}")


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

    discord_token: Annotated[_Secret, AfterValidator(looks_like_token)] = Field(
        default=None,
        validation_alias=AliasChoices("DISCORD_TOKEN", "discord_token"),
        description="The bot's token. Without it, `make run` starts a local Discord to play with.",
    )
    discord_api_url: Annotated[str | None, AfterValidator(http_url)] = Field(
        default=None, description="Another Discord API than discord.com, such as the sandbox."
    )
    discord_gateway_url: Annotated[str | None, AfterValidator(websocket_url)] = Field(
        default=None, description="Another gateway than the one the API names."
    )
    discord_ca_file: FilePath | None = Field(
        default=None,
        description="Certificates (PEM) to trust besides the system's: a local Discord's.",
    )
    environment: Annotated[Literal["development", "production"], BeforeValidator(lower)] = Field(
        default="development",
        description="production logs JSON and refuses short or well-known secrets.",
    )
    data_dir: Path = Field(
        default=Path("data"), description="Folder for everything that is kept on disk."
    )
    database_url: Annotated[str, AfterValidator(check_database_url)] = Field(
        default_factory=database_in,
        description="postgresql://user:password@host:5432/name, or sqlite:/// and a file's path.",
    )
    redis_url: Annotated[str | None, AfterValidator(check_redis_url)] = Field(
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
    web_public_url: Annotated[str | None, AfterValidator(http_url)] = Field(
        default=None,
        description="Address under which people reach the web server, for links in messages.",
    )
    log_level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(lower)] = (
        Field(default="info", description="The least important messages to log.")
    )
    log_format: Annotated[Literal["console", "json"] | None, BeforeValidator(lower)] = Field(
        default=None, description="By default console in development, json in production."
    )
    otlp_endpoint: Annotated[str | None, AfterValidator(http_url)] = Field(
        default=None, description="OpenTelemetry collector (OTLP over HTTP) that gets traces."
    )
    sentry_dsn: Annotated[_Secret, Field(description="Sentry project that gets errors.")] = None
    owner_ids: Annotated[tuple[int, ...], NoDecode, BeforeValidator(id_list)] = Field(
        default=(), description="Discord user ids of the bot's owners, with commas between."
    )
    command_rate_limit: int = Field(
        default=5, ge=1, le=1000, description="Commands a member may use within the window."
    )
    command_rate_window_seconds: float = Field(
        default=10.0, gt=0, le=3600, description="Length of that window, in seconds."
    )

    http_allow: Annotated[
        tuple[str, ...], NoDecode, BeforeValidator(words), AfterValidator(networks)
    ] = Field(
        default=(),
        description="Private networks (CIDR, commas between) that /play may fetch from anyway.",
    )
    http_max_megabytes: int = Field(
        default=500, ge=1, le=100_000, description="Largest file /play fetches, in megabytes."
    )
    ytdlp: bool = Field(
        default=True,
        description="Find and play YouTube, SoundCloud, Bandcamp and others by yt-dlp.",
    )
    ytdlp_cookies: FilePath | None = Field(
        default=None,
        description="Cookies (Netscape format) of an account of yours, for sites that want one.",
    )
    ytdlp_processes: int = Field(
        default=2, ge=1, le=16, description="How many yt-dlp processes may run at once."
    )
    ytdlp_memory_megabytes: int = Field(
        default=512, ge=128, le=8192, description="Memory each of them may take, in megabytes."
    )
    spotify_client_id: str | None = Field(
        default=None,
        description="Client id of your application on https://developer.spotify.com/dashboard.",
    )
    spotify_client_secret: _Secret = Field(default=None, description="Its client secret.")
    apple_music_token: _Secret = Field(
        default=None, description="Developer token (JWT) for the Apple Music API."
    )
    apple_music_storefront: str = Field(
        default="us", pattern="^[a-z]{2}$", description="Country of Apple's catalogue, two letters."
    )
    deezer: bool = Field(default=True, description="Read songs and lists of deezer.com.")
    spotify_api_url: Annotated[str | None, AfterValidator(http_url)] = Field(
        default=None, description="Another Spotify API than the service's own, such as a stand-in."
    )
    apple_music_api_url: Annotated[str | None, AfterValidator(http_url)] = Field(
        default=None, description="Another Apple Music API than the service's own."
    )
    deezer_api_url: Annotated[str | None, AfterValidator(http_url)] = Field(
        default=None, description="Another Deezer API than the service's own."
    )
    lyrics: bool = Field(default=True, description="Look up the words of songs at lrclib.net.")
    lrclib_url: Annotated[str | None, AfterValidator(http_url)] = Field(
        default=None, description="Another LRCLIB than lrclib.net, such as one of your own."
    )
    sponsorblock: bool = Field(
        default=True,
        description="Ask SponsorBlock which parts of YouTube videos are no music.",
    )
    sponsorblock_url: Annotated[str | None, AfterValidator(http_url)] = Field(
        default=None, description="Another SponsorBlock server than sponsor.ajay.app."
    )
    lavalink_nodes: Annotated[tuple[NodeAddress, ...], NoDecode, BeforeValidator(nodes)] = Field(
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
    lavalink_media_url: Annotated[str | None, AfterValidator(http_url)] = Field(
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
    problems.update(weak_secrets(given))
    if problems or config is None:
        raise ConfigInvalid(problems)
    return config


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


def _nearest(name: str, names: Mapping[str, str]) -> str | None:
    """Return the setting that ``name`` is probably a misspelling of."""
    from difflib import get_close_matches  # noqa: PLC0415 - only when something is wrong

    if name == f"{PREFIX}DISCORD_TOKEN":
        return "DISCORD_TOKEN"
    return next(iter(get_close_matches(name, names, n=1, cutoff=0.8)), None)


def render_env_example(model: type[Config]) -> str:
    """Return ``.env.example``: every setting with its meaning and default, commented out."""
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
