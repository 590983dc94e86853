"""The controller as Discord gets it: within its limits, and honest about what can be pressed."""

from dataclasses import replace

import pytest
from discord import ButtonStyle, ui

from seraphim.features.music.commands.paint import paint_buttons, paint_embed
from seraphim.features.music.rules.picture import Picture, draw
from seraphim.features.music.rules.player import Player
from seraphim.features.music.rules.queue import Entry, Past, Queue
from seraphim.features.music.rules.track import Track
from seraphim.kernel.ids import ChannelId, GuildId, UserId
from seraphim.kernel.texts import Texts

SAY = Texts().translator("en")


def entry(number: int, title: str = "Song") -> Entry:
    track = Track("library", f"{number}", title, "Artist " * 40, duration_ms=200_000)
    return Entry(f"e{number}", track, UserId(7))


def picture(**changes: object) -> Picture:
    queue = Queue(
        entry(0, "@everyone " * 60),
        tuple(entry(n, "*" * 300) for n in range(1, 500)),
        (Past(1, entry(900), "played"),),
    )
    player = Player(GuildId(1), status="playing", voice_channel_id=ChannelId(1), queue=queue)
    return draw(replace(player, **changes), position_ms=60_000)  # pyright: ignore[reportArgumentType] - fields of the player


def green(shown: Picture) -> set[str]:
    buttons = [button for button in paint_buttons(shown).children if isinstance(button, ui.Button)]
    return {
        str(button.custom_id).removeprefix("music:")
        for button in buttons
        if button.style is ButtonStyle.success
    }


def field(shown: Picture, name: str) -> str | None:
    fields = {each.name: each.value for each in paint_embed(shown, SAY).fields}
    return fields.get(name)


def pressable(shown: Picture) -> dict[str, bool]:
    rows = paint_buttons(shown).to_components()
    return {
        part["custom_id"].removeprefix("music:"): not part["disabled"]
        for row in rows
        for part in row["components"]  # pyright: ignore[reportGeneralTypeIssues, reportTypedDictNotRequiredAccess] - every row of ours holds buttons
    }


def test_the_longest_texts_stay_within_discords_limits() -> None:
    shown = paint_embed(picture(), SAY)
    assert shown.title is not None
    assert len(shown.title) <= 256
    assert all(len(field.value or "") <= 1024 for field in shown.fields)
    assert len(shown) <= 6000
    assert "@everyone" not in str(shown.to_dict())


def test_a_playing_song_can_be_steered() -> None:
    can = pressable(picture())
    assert all(can.values())
    assert [*can][:5] == ["back", "rewind", "toggle", "forward", "skip"]


def test_what_is_switched_on_is_green() -> None:
    on = replace(picture(), loop="track", autoplay="mixed", is_muted=True, preset="nightcore")
    assert green(picture()) == set()
    assert green(on) == {"loop", "autoplay", "mute", "filters"}


def test_the_sound_is_named_as_the_panel_names_it() -> None:
    changed = replace(picture(), preset="bassboost", sound="⏱ 110%")
    assert field(changed, "Sound") == "Bass boost · ⏱ 110%"
    assert field(replace(picture(), sound="EQ"), "Sound") == "EQ"
    assert field(picture(), "Sound") is None


def test_a_live_stream_cannot_be_wound() -> None:
    can = pressable(replace(picture(), is_stream=True))
    assert (can["rewind"], can["forward"], can["skip"]) == (False, False, True)


def test_a_player_that_is_away_can_only_be_called_back_or_stopped() -> None:
    away = picture(status="paused", pause_reason="away", voice_channel_id=None)
    can = {name for name, on in pressable(away).items() if on}
    assert can == {"toggle", "stop", "shuffle", "loop", "queue", "autoplay"}
    assert "not in the voice channel" in (paint_embed(away, SAY).author.name or "")


def test_an_empty_player_says_what_to_do() -> None:
    empty = draw(Player(GuildId(1)), position_ms=0)
    assert "/play" in (paint_embed(empty, SAY).description or "")
    assert {name for name, on in pressable(empty).items() if on} == {"loop", "queue", "autoplay"}


def test_what_waits_after_failures_can_be_played() -> None:
    waiting = draw(Player(GuildId(1), queue=Queue(upcoming=(entry(1),))), position_ms=0)
    assert "1 song is waiting" in (paint_embed(waiting, SAY).description or "")
    assert pressable(waiting)["toggle"]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "library:a.opus"])
def test_only_web_addresses_become_links(url: str) -> None:
    assert paint_embed(replace(picture(), url=url), SAY).url is None
    web = replace(picture(), url="https://example.com/a.mp3")
    assert paint_embed(web, SAY).url == "https://example.com/a.mp3"


def test_streams_are_live_and_have_no_bar() -> None:
    live = paint_embed(replace(picture(), is_stream=True, bar=""), SAY)
    assert "Live" in (live.description or "")
