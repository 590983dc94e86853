"""Music: each command with its buttons, menus and forms."""

from tests.e2e.scenarios.stage import Scenario, Stage, say

PAGE_OF_QUEUE = 10


async def _play(stage: Stage) -> None:
    for number in range(PAGE_OF_QUEUE + 4):  # enough for a second page of the queue
        song = "hymn.opus" if number % 2 else "march.mp3"
        await stage.alice.slash("play", query=song)


async def _search(stage: Stage) -> None:
    found = await stage.alice.slash("search", query="m")
    await found.select("0", "1")


async def _play_this(stage: Stage) -> None:
    said = await stage.alice.channel("music").send("hymn")
    await stage.alice.context("Play this", said)


async def _queue(stage: Stage) -> None:
    shown = await stage.alice.slash("queue")
    await shown.click("▶")


async def _nowplaying(stage: Stage) -> None:
    controller = await stage.alice.slash("nowplaying")
    actions = ("toggle", "toggle", "skip", "back", "quieter", "louder", "mute", "mute", "forward")
    for action in (*actions, "rewind", "loop", "autoplay", "shuffle", "queue", "filters"):
        await controller.click(f"music:{action}")


async def _filters(stage: Stage) -> None:
    panel = await stage.alice.slash("filters", preset="bassboost")
    await panel.select("nightcore")
    await panel.click("music:tune:faster")
    await panel.click("music:equalizer")
    form = await stage.alice.modal()
    await form.submit({f"bands{start}": "1 2 3" for start in range(0, 15, 3)})
    await panel.click("music:tune:reset")


async def _voteskip(stage: Stage) -> None:
    await stage.bob.join("Music")
    await stage.ada.join("Music")
    ballot = await stage.alice.slash("voteskip")
    await stage.bob.channel("music").click(ballot.message, "Skip it")
    await stage.bob.leave()
    await stage.ada.leave()


async def _remove(stage: Stage) -> None:
    gone = await stage.alice.slash("remove", songs="1-2")
    await gone.click("Undo")


async def _playlist_list(stage: Stage) -> None:
    for number in range(11):  # enough for a second page
        await stage.alice.slash("playlist save", name=f"mix {number}")
    shown = await stage.alice.slash("playlist list")
    await shown.click("▶")


async def _playlist_show(stage: Stage) -> None:
    shown = await stage.alice.slash("playlist show", name="mix 0")
    await shown.click("▶")


async def _playlist_delete(stage: Stage) -> None:
    gone = await stage.alice.slash("playlist delete", name="mix 1")
    await gone.click("Undo")


async def _playlist_import(stage: Stage) -> None:
    file = await stage.alice.upload(b"hymn.opus\nmarch.mp3\nunknown song\n", "songs.txt")
    await stage.alice.slash("playlist import", file=file, name="imported")


async def _lyrics(stage: Stage) -> None:
    await stage.alice.slash("playnow", query="hymn.opus")
    await stage.alice.slash("playnow", query="march.mp3")
    await stage.alice.slash("playnow", query="hymn.opus")
    in_time = await stage.alice.slash("lyrics")
    await in_time.click("All the words")
    controller = await stage.alice.slash("nowplaying")
    await controller.click("music:lyrics")
    found = await stage.alice.slash("lyrics", query="march")
    await found.click("▶")
    await found.select("March of the many", menu="Another song")


async def _history(stage: Stage) -> None:
    for _ in range(8):  # enough for a second page
        await stage.alice.slash("playnow", query="hymn.opus")
    shown = await stage.alice.slash("history")
    await shown.click("▶")
    await shown.select("Hymn", menu="Queue songs again")
    for view in ("songs", "listeners", "hours", "recent"):
        await shown.select(view, menu="music:historyview:month")
    for view in ("songs", "listeners", "hours"):
        await stage.alice.slash("history", view=view, period="week")


async def _music_settings(stage: Stage) -> None:
    stage.ada.use("music")
    panel = await stage.ada.slash("music-settings")
    await panel.click("Announce")
    await panel.click("DJs only")
    await panel.click("DJs only")
    await panel.select("Sponsors", "Intros", menu="Parts of videos that are skipped")
    await panel.click("Limits")
    form = await stage.ada.modal()
    await form.submit(
        max_queue="300", max_track_minutes="90", max_playlist="400", allowed_sources=""
    )


async def _stop(stage: Stage) -> None:
    await stage.alice.slash("stop")
    await stage.alice.slash("play", query="hymn.opus")
    controller = await stage.alice.slash("nowplaying")
    await controller.click("music:stop")


COMMANDS: dict[str, Scenario] = {
    "join": say("join"),
    "play": _play,
    "playnext": say("playnext", query="waltz.flac"),
    "playnow": say("playnow", query="hymn.opus"),
    "search": _search,
    "Play this": _play_this,
    "queue": _queue,
    "nowplaying": _nowplaying,
    "playlist save": say("playlist save", name="road trip"),
    "playlist load": say("playlist load", name="road trip"),
    "playlist share": say("playlist share", name="road trip"),
    "playlist rename": say("playlist rename", name="road trip", to="road"),
    "playlist export": say("playlist export", name="road"),
    "playlist list": _playlist_list,
    "playlist show": _playlist_show,
    "playlist delete": _playlist_delete,
    "playlist import": _playlist_import,
    "filters": _filters,
    "pause": say("pause"),
    "resume": say("resume"),
    "seek": say("seek", position="0:05"),
    "forward": say("forward", seconds=3),
    "rewind": say("rewind", seconds=3),
    "loop": say("loop", mode="off"),
    "autoplay": say("autoplay", mode="off"),
    "stay": say("stay"),
    "shuffle": say("shuffle"),
    "move": say("move", song=2, to=1),
    "remove": _remove,
    "skip": say("skip", to=2),
    "lyrics": _lyrics,
    "history": _history,
    "grab": say("grab"),
    "music-settings": _music_settings,
    "voteskip": _voteskip,
    "back": say("back"),
    "volume": say("volume", percent=80),
    "clear": say("clear"),
    "leave": say("leave"),
    "stop": _stop,
}
"""What people do for each command, and with the buttons it shows; in an order that makes sense."""
