"""The controller of a radio station shows what it plays now."""

from collections.abc import Callable
from typing import override

from tests.features.music.conftest import Stage, caller, song
from tests.features.music.fakes import FakeSource, settle
from tests.features.music.test_controller import quiet, shown

from seraphim.features.music.rules.track import Track
from seraphim.features.music.service.keeper import EDIT_SECONDS


class Radio(FakeSource):
    """A source whose streams say what they play."""

    def __init__(self, *tracks: Track) -> None:
        super().__init__(*tracks)
        self.says: dict[str, str] = {}
        self.followers: list[Callable[[str], None]] = []

    def live_title(self, track: Track) -> str | None:
        return self.says.get(track.identifier)

    def follow_titles(self, follower: Callable[[str], None]) -> None:
        self.followers.append(follower)

    def say(self, identifier: str, title: str) -> None:
        self.says[identifier] = title
        for follower in self.followers:
            follower(identifier)

    @override
    async def close(self) -> None:
        self.followers.clear()


async def test_a_station_is_shown_with_its_present_song(stage: Stage) -> None:
    radio = Radio(song("radio", stream=True), song("one"))
    await stage.parts.stop()
    stage.sources = [radio]
    await stage.begin()
    await stage.music.play(caller(), "radio.opus")
    assert (await shown(stage, 1)).artist is None
    await quiet(stage)

    radio.say("radio.opus", "Aurora - *First* Light")
    await settle()
    await stage.clock.advance(EDIT_SECONDS)

    picture = await shown(stage, 2)
    assert (picture.title, picture.artist) == ("Radio", "Aurora - \\*First\\* Light")

    await quiet(stage)
    radio.say("one.opus", "Another station")
    await settle()
    await stage.clock.advance(EDIT_SECONDS)
    await quiet(stage)
    assert len(stage.venue.shown) == 2, "what plays nowhere changes nothing"
