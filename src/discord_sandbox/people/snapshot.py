"""What a person's client is told when it connects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord_sandbox.interactions.checks import Json
from discord_sandbox.interactions.registry import Command, command_json
from discord_sandbox.people.visibility import visible_channels
from discord_sandbox.wire.channels import channel_json
from discord_sandbox.wire.guilds import guild_json, role_json, voice_state_json
from discord_sandbox.wire.users import member_json, own_user_json, user_json
from discord_sandbox.world.models import Application, Channel, Guild, User
from discord_sandbox.world.permissions import compute

if TYPE_CHECKING:
    from discord_sandbox.server import Sandbox

MAX_LISTED_MEMBERS = 1000


def hello_json(sandbox: Sandbox, user: User, guild: Guild | None) -> Json:
    """The data of HELLO."""
    world = sandbox.world
    return {
        "user": own_user_json(user),
        "guild": None if guild is None else guild_view_json(user, guild),
        "commands": commands_json(sandbox, user, guild),
        "guilds": [
            {"id": str(one.id), "name": one.name, "icon": one.icon}
            for one in world.guilds_of(user.id)
        ],
        "dms": [
            channel_json(world.channels[channel_id], user.id)
            for channel_id in user.dm_channel_ids.values()
        ],
    }


def guild_view_json(user: User, guild: Guild) -> Json:
    """The guild as this member sees it: only channels they can view, with their permissions."""
    member = guild.members[user.id]
    channels: list[Json] = []
    threads: list[Json] = []
    for channel in visible_channels(user, guild).values():
        entry = channel_view_json(user, channel)
        (threads if channel.is_thread else channels).append(entry)
    data = guild_json(guild)
    data |= {
        "channels": channels,
        "threads": threads,
        "roles": [role_json(role) for role in guild.roles.values()],
        "members": [member_json(one) for one in list(guild.members.values())[:MAX_LISTED_MEMBERS]],
        "voice_states": [voice_state_json(guild, state) for state in guild.voice_states.values()],
        "permissions": str(compute(guild, member)),
        "member_count": len(guild.members),
    }
    return data


def channel_view_json(user: User, channel: Channel) -> Json:
    """A channel with this person's `permissions` in it."""
    data = channel_json(channel, user.id)
    if channel.guild is not None:
        member = channel.guild.members[user.id]
        data["permissions"] = str(compute(channel.guild, member, channel))
    return data


def commands_json(sandbox: Sandbox, user: User, guild: Guild | None) -> list[Json]:
    """The commands usable here, each with its application and the channels it is offered in.

    Without a guild these are the commands of the bots the person has a direct message with.
    """
    world = sandbox.world
    if guild is None:
        channels = [world.channels[one] for one in user.dm_channel_ids.values()]
    else:
        channels = [one for one in visible_channels(user, guild).values() if one.holds_messages]
    found: dict[int, tuple[Command, list[str]]] = {}
    for channel in channels:
        for command in sandbox.interactions.list_offered(user, channel):
            found.setdefault(command.id, (command, []))[1].append(str(channel.id))
    return [
        {
            **command_json(command, locale=user.locale),
            "application": application_view_json(world.applications[command.application_id]),
            "channel_ids": channel_ids,
        }
        for command, channel_ids in found.values()
    ]


def application_view_json(application: Application) -> Json:
    """What a client shows of an application."""
    return {
        "id": str(application.id),
        "name": application.name,
        "description": application.description,
        "icon": application.icon,
        "bot": user_json(application.bot),
    }


def directory_json(sandbox: Sandbox) -> Json:
    """Everybody a visitor can be: the guilds with their people (no bots)."""
    return {
        "guilds": [
            {
                "id": str(guild.id),
                "name": guild.name,
                "icon": guild.icon,
                "owner_id": str(guild.owner_id),
                "members": [
                    member_json(member)
                    for member in list(guild.members.values())[:MAX_LISTED_MEMBERS]
                    if not member.user.bot
                ],
                "roles": [role_json(role) for role in guild.roles.values()],
            }
            for guild in sandbox.world.guilds.values()
        ]
    }
