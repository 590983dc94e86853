"""The bot of this folder's tests on discord.py. Arguments: sandbox URL, gateway URL."""

import os
import sys

import discord
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route


class PressView(discord.ui.View):
    """One button."""

    @discord.ui.button(label="Press me", custom_id="press")
    async def press(
        self, interaction: discord.Interaction, _button: discord.ui.Button["PressView"]
    ) -> None:
        """Change the message."""
        await interaction.response.edit_message(
            content=f"pressed by {interaction.user.name}", view=None
        )


class Bot(discord.Client):
    """Registers a command at its start."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents.default(), guild_ready_timeout=0.1)
        self.tree = app_commands.CommandTree(self)

    async def setup_hook(self) -> None:
        """Discord's place for what must happen once."""
        await self.tree.sync()

    async def on_ready(self) -> None:
        """READY and all guilds have come."""
        print("ready", flush=True)  # noqa: T201 - the test waits for this line


bot = Bot()


@bot.tree.command(description="Say it again")
async def echo(interaction: discord.Interaction, text: str) -> None:
    """Defer, edit, follow up."""
    await interaction.response.defer()
    await interaction.edit_original_response(content=f"edited: {text}", view=PressView())
    await interaction.followup.send(f"follow-up: {text}")


if __name__ == "__main__":
    Route.BASE = f"{sys.argv[1]}/api/v10"
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(sys.argv[2])
    bot.run(os.environ["DISCORD_TOKEN"], log_handler=None)
