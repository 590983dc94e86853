"""Services whose key is missing."""

import pytest

from seraphim.adapters.catalogues import UnsetAppleMusic, UnsetDeezer, UnsetSpotify
from seraphim.features.music.ports import SourceFailed
from seraphim.features.music.rules.track import Track
from seraphim.kernel.config import Config, variable_name


@pytest.mark.parametrize(
    ("source", "link"),
    [
        (UnsetSpotify(), "https://open.spotify.com/track/x"),
        (UnsetAppleMusic(), "https://music.apple.com/us/song/1"),
        (UnsetDeezer(), "https://www.deezer.com/track/1"),
    ],
    ids=lambda it: getattr(it, "name", ""),
)
async def test_the_missing_setting_is_named(source: UnsetSpotify, link: str) -> None:
    known = {variable_name(field) for field in Config.model_fields}
    assert source.claims(link)
    assert not source.claims("some words")
    for refused in (
        source.resolve(link, limit=1),
        source.search("words", limit=1),
        source.open(Track(source.name, "1", "x")),
    ):
        with pytest.raises(SourceFailed, match=source.settings) as failed:
            await refused
        assert failed.value.failure == "unsupported"
    assert set(source.settings.split(" and ")) <= known
    await source.ping()
    await source.close()
