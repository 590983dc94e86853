"""What people do and hear in a voice channel, as the tests of whole features need it."""

import asyncio
import re
from collections.abc import Mapping

from tests.support.places import SURE, WARM_UP, locate, which
from tests.support.sound import Samples

from discord_sandbox.driver import Guild, Member, MessageView, Reply
from discord_sandbox.driver.voice import Voice

_LINE_OF_QUEUE = re.compile(r"(?:^[▶⏸] \*\*|^`\d+` )(\w+)", re.MULTILINE)


async def listener(guild: Guild, name: str) -> Member:
    """Return a member who is in the voice channel Music and writes in the channel music."""
    member = await guild.member(name)
    member.use("music")
    await member.join("Music")
    return member


async def owner(guild: Guild) -> Member:
    """Return the one who owns the guild, writing in the channel music."""
    ada = await guild.owner()
    ada.use("music")
    return ada


async def change_setting(guild: Guild, setting: str, value: str) -> Reply:
    """Change one of music's settings, as the owner does."""
    chosen = {"feature": "music", "setting": setting, "value": value}
    return await (await owner(guild)).slash("settings change", chosen)


async def heard_now(voice: Voice, tunes: Mapping[str, Samples], seconds: float = 0.5) -> str:
    """Return the song that is heard when what was on its way has been heard."""
    voice.forget()
    await voice.hear(seconds=0.3)
    await voice.until_speaking()
    return which(await voice.hear(seconds=seconds), tunes)


async def until_heard(
    voice: Voice, tunes: Mapping[str, Samples], name: str, *, seconds: float = 20
) -> set[str]:
    """Wait until a song is heard; returns what was heard until then, it included.

    Where one song ends and the next begins, neither is recognized: the sound after it tells.
    """
    heard = set[str]()
    async with asyncio.timeout(seconds):
        while name not in heard:
            voice.forget()
            pcm = (await voice.hear(seconds=0.5)).pcm()[WARM_UP:]
            heard |= {one for one, song in tunes.items() if locate(pcm, song)[1] >= SURE}
    return heard


async def titles(member: Member) -> list[str]:
    """Return the titles that /queue shows, in lower case; the one that plays is first."""
    return [name.lower() for name in _LINE_OF_QUEUE.findall((await member.slash("queue")).text)]


async def fill(member: Member, *names: str) -> None:
    """Ask for songs, in this order."""
    for name in names:
        await member.slash("play", query=f"{name}.opus")


async def controller_of(member: Member) -> MessageView:
    """Return a new controller."""
    return (await member.slash("nowplaying")).message
