"""The page of messages has every refusal to start, word by word as the code says it."""

import re

import pytest
from tests.docs.pages import ROOT

from seraphim.app.demo import DemoFailed
from seraphim.kernel.config import ConfigInvalid, load_config
from seraphim.kernel.db import errors as database_errors
from seraphim.kernel.errors import SeraphimError, Unavailable
from seraphim.kernel.instance import DataDirUnusable, SecondInstance
from seraphim.kernel.migrate import DatabaseFromTheFuture
from seraphim.surfaces.discord.client import DiscordUnreachable, IntentsRefused, LoginRefused
from seraphim.surfaces.web.server import AddressUnusable, PortTaken

PAGE = (ROOT / "docs/operate/troubleshooting.md").read_text(encoding="utf-8")
OF_DATABASES = [
    kind
    for kind in vars(database_errors).values()
    if isinstance(kind, type) and issubclass(kind, database_errors.DatabaseError)
]
REFUSALS: list[type[SeraphimError]] = [
    LoginRefused,
    IntentsRefused,
    DiscordUnreachable,
    DemoFailed,
    PortTaken,
    AddressUnusable,
    SecondInstance,
    DataDirUnusable,
    DatabaseFromTheFuture,
    Unavailable,
    *OF_DATABASES,
]


def sections() -> dict[str, str]:
    """Return what stands below each heading that is a code."""
    parts = re.split(r"^#{2,3} (.+)$", PAGE, flags=re.MULTILINE)
    pairs = zip(parts[1::2], parts[2::2], strict=True)
    return {title.strip("`"): text for title, text in pairs if title.startswith("`")}


@pytest.mark.parametrize("kind", REFUSALS, ids=lambda kind: kind.__name__)
def test_a_refusal_is_explained_in_its_own_words(kind: type[SeraphimError]) -> None:
    assert f"> {kind.message}\n" in sections().get(kind.code, "")


def test_no_explanation_has_outlived_its_error() -> None:
    assert set(sections()) == {kind.code for kind in REFUSALS}


def test_the_sentences_about_settings_are_the_codes() -> None:
    with pytest.raises(ConfigInvalid) as raised:
        load_config({"DISCORD_TOKEN": "hello", "SERAPHIM_LIBARY": "music"}, None)
    said = str(raised.value)
    for quoted in ("The settings cannot be used:", "this is not a bot token"):
        assert quoted in said
        assert quoted in PAGE
    assert "unknown setting; did you mean SERAPHIM_LIBRARY?" in said
    assert "unknown setting; did you mean ...?" in PAGE
