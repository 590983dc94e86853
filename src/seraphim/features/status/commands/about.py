"""``/about``: who this is, since when, and on what it runs."""

import platform
from importlib import metadata

import discord
from discord.http import Route

from seraphim.kernel.clock import Clock
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.commands import AnyCommand, slash
from seraphim.surfaces.discord.handling import translator_for
from seraphim.surfaces.discord.layout import SentView, row_view
from seraphim.surfaces.discord.layout import link as link_button
from seraphim.surfaces.discord.link import DiscordLink
from seraphim.surfaces.discord.replies import embed, reply

_LIBRARIES = ("discord.py", "litestar", "SQLAlchemy", "av")
_REAL_DISCORD = "https://discord.com/"
_INVITE_PERMISSIONS = discord.Permissions(
    view_channel=True,
    send_messages=True,
    embed_links=True,
    attach_files=True,
    read_message_history=True,
    use_external_emojis=True,
    connect=True,
    speak=True,
)


def about_command(link: DiscordLink, clock: Clock, version: str) -> AnyCommand:
    """Return the command; uptime counts from this call."""
    started_seconds = clock.now_ms() // 1000

    @slash("about", N_("What this bot is and how it is doing."))
    async def about(interaction: discord.Interaction) -> None:
        translate = translator_for(interaction, public=True)
        facts = link.facts()
        shown = embed(
            translate(N_("Seraphim")),
            translate(
                N_(
                    "A community bot that runs on your own machine. "
                    "Type {help} to see everything it can do."
                ),
                help=_mention("help", link),
            ),
        )
        shown.add_field(name=translate(N_("Version")), value=version)
        shown.add_field(name=translate(N_("Running since")), value=f"<t:{started_seconds}:R>")
        shown.add_field(name=translate(N_("Servers")), value=f"{facts.guilds:,}")
        shown.add_field(name=translate(N_("Shards")), value=str(facts.shards))
        shown.add_field(name=translate(N_("Runs on")), value=_platform(), inline=False)
        user = interaction.client.user
        if user is not None:
            shown.set_thumbnail(url=user.display_avatar.url)
        await reply(interaction, embed=shown, view=_links(interaction, translate(N_("Add me"))))

    return about


def _links(interaction: discord.Interaction, label: str) -> SentView | None:
    """Return the invitation, unless this is a sandbox: then Discord would not know the bot."""
    if not Route.BASE.startswith(_REAL_DISCORD):
        return None
    url = discord.utils.oauth_url(interaction.application_id, permissions=_INVITE_PERMISSIONS)
    return row_view([link_button(label, url)])


def _platform() -> str:
    libraries = " · ".join(f"{name} {_version_of(name)}" for name in _LIBRARIES)
    return f"Python {platform.python_version()} · {libraries}"


def _version_of(library: str) -> str:
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return "?"


def _mention(command: str, link: DiscordLink) -> str:
    command_id = link.command_ids.get(command)
    return f"`/{command}`" if command_id is None else f"</{command}:{command_id}>"
