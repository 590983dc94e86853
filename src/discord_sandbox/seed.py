"""The guild that is there from the start; the same ids and the same token on every start."""

from dataclasses import dataclass
from datetime import UTC, datetime

from discord_sandbox.world.constants import ALL_PERMISSIONS, ChannelType, Permission
from discord_sandbox.world.models import Application, Guild, Overwrite, User
from discord_sandbox.world.snowflakes import at
from discord_sandbox.world.world import World

# Every seeded id is this snowflake plus a small number.
SEED_ID = at(datetime(2026, 1, 1, tzinfo=UTC))
GUILD_ID = SEED_ID + 1
APPLICATION_ID = SEED_ID + 2

_ROLES: tuple[tuple[str, int, int, int], ...] = (
    # Name, offset of the id, colour, permissions; the first is the highest.
    ("Admin", 10, 0xE67E22, int(Permission.ADMINISTRATOR)),
    (
        "Moderator",
        11,
        0x3498DB,
        int(
            Permission.KICK_MEMBERS
            | Permission.BAN_MEMBERS
            | Permission.MODERATE_MEMBERS
            | Permission.MANAGE_MESSAGES
            | Permission.MANAGE_NICKNAMES
            | Permission.MANAGE_THREADS
            | Permission.MANAGE_ROLES
            | Permission.MANAGE_CHANNELS
            | Permission.MUTE_MEMBERS
            | Permission.DEAFEN_MEMBERS
            | Permission.MOVE_MEMBERS
            | Permission.VIEW_AUDIT_LOG
        ),
    ),
    ("DJ", 12, 0x9B59B6, int(Permission.PRIORITY_SPEAKER)),
    ("Member", 13, 0x2ECC71, 0),
)
_PEOPLE: tuple[tuple[str, int, tuple[str, ...]], ...] = (
    ("ada", 30, ("Admin", "Member")),
    ("alice", 31, ("DJ", "Member")),
    ("bob", 32, ("Member",)),
    ("carol", 33, ("Moderator", "Member")),
    ("dave", 34, ("Member",)),
)
_TEXT = (
    ("general", 50, "Say hello; everything starts here."),
    ("music", 51, "Ask for a song with /play."),
    ("games", 52, "Dice, duels and leaderboards."),
    ("bot-commands", 53, "Try commands here without disturbing anyone."),
    ("mod-log", 54, "What moderators did."),
)
_VOICE = (("Music", 60), ("Lounge", 61))


@dataclass(frozen=True, slots=True)
class Seeded:
    """What the seed made.

    Attributes:
        guild: "Seraphim Playground".
        application: The application whose token a bot can use at once.
        people: By username.
    """

    guild: Guild
    application: Application
    people: dict[str, User]


def seed_world(world: World) -> Seeded:
    """Fill an empty world and return what was made."""
    people = {
        name: world.create_user(name, global_name=name.capitalize(), user_id=SEED_ID + offset)
        for name, offset, _ in _PEOPLE
    }
    owner = people["ada"]
    guild = world.create_guild("Seraphim Playground", owner, guild_id=GUILD_ID)
    guild.description = "A local Discord to try things in."
    for name, offset, color, permissions in _ROLES:
        world.create_role(
            guild,
            name,
            permissions=permissions,
            color=color,
            hoist=True,
            mentionable=True,
            role_id=SEED_ID + offset,
        )
    ids = {role.name: role.id for role in guild.roles.values()}
    for name, _, roles in _PEOPLE:
        member = world.add_member(guild, people[name])
        member.role_ids = [ids[role] for role in roles]
    _seed_channels(world, guild, ids["Moderator"])
    application = world.create_application("Seraphim", owner=owner, application_id=APPLICATION_ID)
    application.description = "A self-hosted community bot."
    _install(world, guild, application)
    return Seeded(guild, application, people)


# The seeded bot is no administrator: a missing permission shows here as on a real server.
_NOT_FOR_THE_BOT = int(Permission.ADMINISTRATOR | Permission.MANAGE_GUILD)


def _seed_channels(world: World, guild: Guild, moderator_role_id: int) -> None:
    text = world.create_channel(
        guild, "Text channels", ChannelType.GUILD_CATEGORY, channel_id=SEED_ID + 40, position=0
    )
    voice = world.create_channel(
        guild, "Voice channels", ChannelType.GUILD_CATEGORY, channel_id=SEED_ID + 41, position=1
    )
    view = int(Permission.VIEW_CHANNEL)
    for number, (name, offset, topic) in enumerate(_TEXT):
        hidden = name == "mod-log"
        world.create_channel(
            guild,
            name,
            parent_id=text.id,
            channel_id=SEED_ID + offset,
            topic=topic,
            position=number,
            overwrites=(
                Overwrite(guild.id, 0, deny=view),
                Overwrite(moderator_role_id, 0, allow=view),
                Overwrite(APPLICATION_ID, 1, allow=view),
            )
            if hidden
            else (),
        )
    for number, (name, offset) in enumerate(_VOICE):
        world.create_channel(
            guild,
            name,
            ChannelType.GUILD_VOICE,
            parent_id=voice.id,
            channel_id=SEED_ID + offset,
            position=number,
        )
    guild.system_channel_id = guild.channel_named("general").id


def _install(world: World, guild: Guild, application: Application) -> None:
    """Add the bot with its own role right under Admin, so that it may act on the others."""
    own = world.create_role(
        guild,
        application.name,
        permissions=ALL_PERMISSIONS & ~_NOT_FOR_THE_BOT,
        managed=True,
        role_id=SEED_ID + 14,
        tags={"bot_id": str(application.bot.id)},
    )
    world.add_member(guild, application.bot, role_ids=(own.id,))
    order = ("Member", "DJ", "Moderator", application.name, "Admin")
    for role in guild.roles.values():
        if role.name in order:
            role.position = order.index(role.name) + 1
