"""The settings of a bot that talks to the local Discord beside it."""

from pathlib import Path

from pydantic import SecretStr

from seraphim.app.demo import DemoAddresses
from seraphim.kernel.config import Config

DEMO_TRACKS = Path(__file__).parents[2] / "discord_sandbox" / "demo_tracks"


def demo_config(config: Config, addresses: DemoAddresses) -> Config:
    """Return ``config`` pointed at the demo, with its songs unless the person has a library."""
    changes: dict[str, object] = {
        "discord_token": SecretStr(addresses.token),
        "discord_api_url": addresses.url,
        "discord_gateway_url": addresses.gateway_url,
        "discord_ca_file": Path(addresses.ca_file),
    }
    if config.library is None and DEMO_TRACKS.is_dir():
        changes["library"] = DEMO_TRACKS
    return config.model_copy(update=changes)
