"""A small bot on plain discord.py, with one of everything the page has to show."""

import asyncio
from collections.abc import Buffer, Sequence
from typing import cast

import aiohttp
import av
import discord
import numpy as np
from discord import app_commands
from numpy.typing import NDArray

from discord_sandbox.server import Sandbox

RATE = 48_000
FRAME = 960
SONGS = ("Hymn of the Morning", "Hymn of the Evening", "Vesper")


def melody(seconds: float) -> NDArray[np.float32]:
    """A mono signal that resembles itself at one place only: a rising tone under a slow beat."""
    times = np.arange(round(seconds * RATE)) / RATE
    sweep = np.sin(2 * np.pi * (220 * times + 60 * times**2))
    beat = 0.25 + 0.2 * np.sin(2 * np.pi * 1.7 * times)
    return (sweep * beat).astype(np.float32)


def encode(signal: NDArray[np.float32]) -> list[bytes]:
    """Opus packets of 20 ms, stereo, both channels alike."""
    context = av.CodecContext.create("libopus", "w")
    assert isinstance(context, av.AudioCodecContext)
    context.sample_rate, context.layout, context.format = RATE, "stereo", "flt"
    context.bit_rate = 128_000
    packets: list[bytes] = []
    for at in range(0, len(signal) - FRAME + 1, FRAME):
        interleaved = np.repeat(signal[at : at + FRAME], 2)[np.newaxis, :]
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(interleaved), "flt", "stereo")
        frame.sample_rate, frame.pts = RATE, at
        # PyAV leaves the parameter of Packet open.
        made = cast("Sequence[Buffer]", context.encode(frame))  # pyright: ignore[reportUnknownMemberType]
        packets += [bytes(packet) for packet in made]
    return packets


class Record(discord.AudioSource):
    """Plays ready-made packets."""

    def __init__(self, packets: list[bytes]) -> None:
        self._packets = iter(packets)

    def read(self) -> bytes:
        return next(self._packets, b"")

    def is_opus(self) -> bool:
        return True


class NoteForm(discord.ui.Modal, title="Leave a note"):
    """A short and a long text input."""

    heading: discord.ui.TextInput["NoteForm"] = discord.ui.TextInput(label="Title", max_length=40)
    body: discord.ui.TextInput["NoteForm"] = discord.ui.TextInput(
        label="Text", style=discord.TextStyle.paragraph, required=False
    )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"Noted **{self.heading}**: {self.body}")


class Controls(discord.ui.View):
    """Skip edits the message, Note opens a form, Silent never answers, Mood is a select."""

    @discord.ui.button(label="Skip", style=discord.ButtonStyle.primary)
    async def skip(
        self, interaction: discord.Interaction, _button: discord.ui.Button["Controls"]
    ) -> None:
        embed = discord.Embed(title="Skipped", description=f"by {interaction.user.mention}")
        await interaction.response.edit_message(embed=embed)

    @discord.ui.button(label="Note")
    async def note(
        self, interaction: discord.Interaction, _button: discord.ui.Button["Controls"]
    ) -> None:
        await interaction.response.send_modal(NoteForm())

    @discord.ui.button(label="Silent", style=discord.ButtonStyle.danger)
    async def silent(
        self, _interaction: discord.Interaction, _button: discord.ui.Button["Controls"]
    ) -> None:
        return

    @discord.ui.select(
        placeholder="Choose moods",
        min_values=1,
        max_values=2,
        options=[discord.SelectOption(label=one) for one in ("Calm", "Bright", "Dark")],
    )
    async def mood(
        self, interaction: discord.Interaction, select: discord.ui.Select["Controls"]
    ) -> None:
        await interaction.response.send_message(
            "Moods: " + ", ".join(select.values), ephemeral=True
        )


class SmallBot(discord.Client):
    """The bot of the page's tests.

    Attributes:
        asked: What autocomplete was asked for, in order.
        packets: What ``/play`` plays.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        connector = aiohttp.TCPConnector(limit=0, ssl=sandbox.voice.client_context())
        super().__init__(intents=discord.Intents.default(), connector=connector)
        self.tree = app_commands.CommandTree(self)
        self.asked: list[str] = []
        self.packets: list[bytes] = []
        self._add_commands()

    async def setup_hook(self) -> None:
        await self.tree.sync()

    def _add_commands(self) -> None:
        @self.tree.command(description="Play a song")
        @app_commands.describe(query="A title", times="How often")
        async def play(
            interaction: discord.Interaction,
            query: str,
            times: app_commands.Range[int, 1, 9] = 1,
        ) -> None:
            await interaction.response.defer()
            await self._play(interaction)
            embed = discord.Embed(title="Now playing", description=f"**{query}** x{times}")
            embed.add_field(name="Asked by", value=interaction.user.mention)
            await interaction.edit_original_response(embed=embed, view=Controls(timeout=None))

        @play.autocomplete("query")
        async def suggest(
            _interaction: discord.Interaction, current: str
        ) -> list[app_commands.Choice[str]]:
            self.asked.append(current)
            found = [song for song in SONGS if current.lower() in song.lower()]
            return [app_commands.Choice(name=song, value=song) for song in found]

        @self.tree.command(description="Never answers")
        async def sleepy(_interaction: discord.Interaction) -> None:
            return

        @self.tree.context_menu(name="Count letters")
        async def count(interaction: discord.Interaction, message: discord.Message) -> None:
            await interaction.response.send_message(f"{len(message.content)} letters")

        del play, suggest, sleepy, count

    async def _play(self, interaction: discord.Interaction) -> None:
        member = interaction.user
        assert isinstance(member, discord.Member)
        if member.voice is None or member.voice.channel is None or not self.packets:
            return
        voice = await member.voice.channel.connect()
        voice.play(Record(self.packets))

    async def close(self) -> None:
        for voice in list(self.voice_clients):
            await voice.disconnect(force=True)
        await super().close()


async def start(bot: SmallBot, token: str) -> asyncio.Task[None]:
    """Log in, connect in the background, and return when the bot is ready."""
    ready = asyncio.Event()

    async def on_ready() -> None:
        ready.set()

    bot.event(on_ready)
    await bot.login(token)
    running = asyncio.create_task(bot.connect())
    waiting = asyncio.create_task(ready.wait())
    await asyncio.wait({running, waiting}, timeout=20, return_when="FIRST_COMPLETED")
    assert ready.is_set(), "the bot did not become ready"
    return running
