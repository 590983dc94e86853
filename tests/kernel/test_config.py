"""Settings: every problem at once, by name, with what is expected; nothing starts half."""

from pathlib import Path

import pytest

from seraphim.kernel.config import (
    Config,
    ConfigInvalid,
    load_config,
    render_env_example,
    variable_name,
)
from seraphim.kernel.env_file import read_env_file

TOKEN = "MTAwMDAwMDAwMDAwMDAwMDAx.GaaaaA.bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"


def problems(**environ: str) -> dict[str, str]:
    with pytest.raises(ConfigInvalid) as caught:
        load_config(environ, None)
    return caught.value.problems


def test_without_any_variable_everything_has_a_default() -> None:
    config = load_config({}, None)
    assert config.discord_token is None
    assert config.database_url == "sqlite:///data/seraphim.db"
    assert config.logs_as == "console"


def test_all_problems_are_listed_at_once_by_variable_name() -> None:
    found = problems(
        DISCORD_TOKEN="abc",
        SERAPHIM_WEB_PORT="eighty",
        SERAPHIM_LOG_LEVEL="loud",
        SERAPHIM_OWNER_IDS="ada, bob",
        SERAPHIM_DATABASE_URL="mysql://x/y",
        SERAPHIM_REDIS_URL="http://x",
        SERAPHIM_HTTP_ALLOW="10.0.0.0/8, here",
        SERAPHIM_DISCORD_CA_FILE="/does/not/exist",
        SERAPHIM_COMMAND_RATE_LIMIT="0",
        SERAPHIM_DISCORD_GATEWAY_URL="https://x",
    )
    expected = {
        "DISCORD_TOKEN": "three parts",
        "SERAPHIM_WEB_PORT": "expected a whole number",
        "SERAPHIM_LOG_LEVEL": "expected one of 'debug', 'info', 'warning' or 'error'",
        "SERAPHIM_OWNER_IDS": "numbers",
        "SERAPHIM_DATABASE_URL": "expected sqlite:///",
        "SERAPHIM_REDIS_URL": "expected redis://",
        "SERAPHIM_HTTP_ALLOW": "here is not a network",
        "SERAPHIM_DISCORD_CA_FILE": "a file that exists",
        "SERAPHIM_COMMAND_RATE_LIMIT": "at least 1",
        "SERAPHIM_DISCORD_GATEWAY_URL": "ws://",
    }
    assert found.keys() == expected.keys()
    assert all(part in found[name] for name, part in expected.items())


@pytest.mark.parametrize(
    "token",
    ["abc", "a.b.c", f"Bot {TOKEN}", "..", "bm90LWFuLWlk.GaaaaA.bbbbbbbb", "{oops}", "é.é.é"],
)
def test_a_token_of_the_wrong_shape_is_refused_without_repeating_it(token: str) -> None:
    with pytest.raises(ConfigInvalid) as caught:
        load_config({"DISCORD_TOKEN": token}, None)
    assert list(caught.value.problems) == ["DISCORD_TOKEN"]
    assert len(token) < 6 or token not in str(caught.value)


def test_a_token_is_never_shown() -> None:
    config = load_config({"DISCORD_TOKEN": f" {TOKEN}\n"}, None)
    assert config.discord_token is not None
    assert config.discord_token.get_secret_value() == TOKEN
    assert TOKEN not in repr(config)
    assert TOKEN not in str(config.model_dump())


@pytest.mark.parametrize(
    ("variable", "meant"),
    [
        ("SERAPHIM_DATABSE_URL", "SERAPHIM_DATABASE_URL"),
        ("SERAPHIM_DISCORD_TOKEN", "DISCORD_TOKEN"),
    ],
)
def test_a_misspelled_variable_is_pointed_out(variable: str, meant: str) -> None:
    assert problems(**{variable: "x"}) == {variable: f"unknown setting; did you mean {meant}?"}


def test_known_secrets_are_refused_in_production_only() -> None:
    url = "postgresql://seraphim:postgres@db/seraphim"
    assert load_config({"SERAPHIM_DATABASE_URL": url}, None).database_url == url
    found = problems(SERAPHIM_DATABASE_URL=url, SERAPHIM_ENVIRONMENT="Production")
    assert "everybody knows" in found["SERAPHIM_DATABASE_URL"]
    strong = url.replace("postgres@", "c7GkQ2vYpL9w@")
    config = load_config(
        {"SERAPHIM_DATABASE_URL": strong, "SERAPHIM_ENVIRONMENT": "production"}, None
    )
    assert config.logs_as == "json"


def test_the_database_lies_in_the_data_folder_unless_it_is_said_otherwise(tmp_path: Path) -> None:
    config = load_config({"SERAPHIM_DATA_DIR": str(tmp_path)}, None)
    assert config.database_url == f"sqlite:///{tmp_path}/seraphim.db"


def test_lists_are_read_with_commas_or_spaces() -> None:
    config = load_config(
        {"SERAPHIM_OWNER_IDS": "1, 2 3", "SERAPHIM_HTTP_ALLOW": "127.0.0.0/8,::1/128"}, None
    )
    assert config.owner_ids == (1, 2, 3)
    assert config.http_allow == ("127.0.0.0/8", "::1/128")


def test_the_environment_wins_over_the_env_file(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("SERAPHIM_WEB_PORT=1000\nSERAPHIM_WEB_HOST=0.0.0.0\n")
    config = load_config({"SERAPHIM_WEB_PORT": "2000"}, file)
    assert (config.web_port, config.web_host) == (2000, "0.0.0.0")


def test_env_files_are_read_as_shells_would(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text(
        "\ufeff# a comment\n\nexport A=1\nB = two words # and a comment\nC='# kept'\n"
        'D="x=y"\nE=\nF=a#b\nnonsense\n',
        encoding="utf-8",
    )
    assert read_env_file(file) == {
        "A": "1", "B": "two words", "C": "# kept", "D": "x=y", "E": "", "F": "a#b",
    }  # fmt: skip
    assert read_env_file(tmp_path / "missing") == {}


def test_an_empty_variable_counts_as_not_set() -> None:
    assert load_config({"DISCORD_TOKEN": "", "SERAPHIM_WEB_PORT": " "}, None) == load_config(
        {}, None
    )


def test_the_example_names_every_setting_and_loads_when_uncommented(tmp_path: Path) -> None:
    example = render_env_example(Config)
    for field in Config.model_fields:
        assert f"#{variable_name(field)}=" in example
        assert Config.model_fields[field].description
    uncommented = "\n".join(
        line[1:] if line.startswith(("#SERAPHIM_", "#DISCORD_")) else line
        for line in example.splitlines()
    )
    file = tmp_path / ".env"
    file.write_text(uncommented)
    assert load_config({}, file) == load_config({}, None)
