"""What happens to guilds, their members, roles and channels."""

from collections.abc import Iterable
from datetime import datetime

from discord_sandbox.wire.channels import channel_json
from discord_sandbox.wire.guilds import (
    audit_entry_json,
    guild_create_json,
    guild_update_json,
    role_json,
)
from discord_sandbox.wire.users import member_json, user_json
from discord_sandbox.wire.values import timestamp
from discord_sandbox.world.constants import AuditAction, ChannelType
from discord_sandbox.world.models import (
    Application,
    AuditLogEntry,
    Channel,
    Guild,
    Json,
    Member,
    Overwrite,
    Role,
    User,
)
from discord_sandbox.world.permissions import DEFAULT_EVERYONE
from discord_sandbox.world.state import WorldState

_AUDIT_LOG_AT_MOST = 1000


class GuildActs(WorldState):
    """Changes of guilds; each emits what Discord's gateway would."""

    def create_guild(
        self, name: str, owner: User, *, guild_id: int | None = None, icon: str | None = None
    ) -> Guild:
        """Make a guild with its ``@everyone`` role and its owner as the only member."""
        guild = Guild(id=guild_id or self.new_id(), name=name, owner_id=owner.id, icon=icon)
        guild.roles[guild.id] = Role(
            id=guild.id, name="@everyone", permissions=DEFAULT_EVERYONE, position=0
        )
        self.guilds[guild.id] = guild
        self.add_member(guild, owner)
        return guild

    def update_guild(self, guild: Guild) -> None:
        """Announce that the guild's own fields changed."""
        self.dispatch("GUILD_UPDATE", guild_update_json(guild), guild)

    def delete_guild(self, guild: Guild) -> None:
        """Delete the guild and all in it."""
        members = frozenset(guild.members)
        del self.guilds[guild.id]
        for channel in [*guild.channels.values(), *guild.threads.values()]:
            self.channels.pop(channel.id, None)
        self.dispatch("GUILD_DELETE", {"id": str(guild.id)}, guild, only=members)

    # -- members --------------------------------------------------------------------------------

    def add_member(
        self,
        guild: Guild,
        user: User,
        *,
        role_ids: Iterable[int] = (),
        nick: str | None = None,
        joined_at: datetime | None = None,
    ) -> Member:
        """Let ``user`` join; a bot receives GUILD_CREATE, the others GUILD_MEMBER_ADD."""
        present = guild.members.get(user.id)
        if present is not None:
            return present
        member = Member(
            user=user,
            guild_id=guild.id,
            joined_at=joined_at or self.clock.now(),
            role_ids=list(role_ids),
            nick=nick,
        )
        guild.members[user.id] = member
        if user.bot:
            self.dispatch(
                "GUILD_CREATE",
                guild_create_json(guild, user.id),
                guild,
                only=frozenset({user.id}),
            )
        self.dispatch("GUILD_MEMBER_ADD", member_json(member) | {"guild_id": str(guild.id)}, guild)
        return member

    def install_application(
        self, guild: Guild, application: Application, permissions: int = 0
    ) -> Member:
        """Add an application's bot with its managed role, as the authorize page does."""
        role_ids: list[int] = []
        if permissions and application.bot.id not in guild.members:
            role = self.create_role(
                guild,
                application.name,
                permissions=permissions,
                managed=True,
                tags={"bot_id": str(application.bot.id)},
            )
            role_ids.append(role.id)
        member = self.add_member(guild, application.bot, role_ids=role_ids)
        self.audit(guild, AuditAction.BOT_ADD, guild.owner_id, application.bot.id)
        return member

    def remove_member(self, guild: Guild, user: User) -> None:
        """Take the member out of the guild (left, kicked or banned alike)."""
        if user.id not in guild.members:
            return
        self.forget_voice_state(guild, user.id)
        del guild.members[user.id]
        for role in [each for each in guild.roles.values() if each.managed]:
            if role.tags is not None and role.tags.get("bot_id") == str(user.id):
                self.delete_role(guild, role)
        self.dispatch(
            "GUILD_MEMBER_REMOVE", {"guild_id": str(guild.id), "user": user_json(user)}, guild
        )
        self.dispatch("GUILD_DELETE", {"id": str(guild.id)}, guild, only=frozenset({user.id}))

    def forget_voice_state(self, guild: Guild, user_id: int) -> None:
        """Drop a leaving member's voice state; the voice part of the world announces it."""
        guild.voice_states.pop(user_id, None)

    def update_member(self, guild: Guild, member: Member) -> None:
        """Announce that a member's nick, roles, time-out or voice flags changed."""
        self.dispatch(
            "GUILD_MEMBER_UPDATE", member_json(member) | {"guild_id": str(guild.id)}, guild
        )

    # -- roles ----------------------------------------------------------------------------------

    def create_role(  # noqa: PLR0913 - what Discord lets one set
        self,
        guild: Guild,
        name: str,
        *,
        permissions: int = 0,
        color: int = 0,
        hoist: bool = False,
        mentionable: bool = False,
        managed: bool = False,
        role_id: int | None = None,
        tags: Json | None = None,
    ) -> Role:
        """Make a role at the bottom, right above ``@everyone``."""
        for other in guild.roles.values():
            if other.id != guild.id:
                other.position += 1
        role = Role(
            id=role_id or self.new_id(),
            name=name,
            permissions=permissions,
            color=color,
            hoist=hoist,
            mentionable=mentionable,
            managed=managed,
            tags=tags,
        )
        guild.roles[role.id] = role
        self.dispatch(
            "GUILD_ROLE_CREATE", {"guild_id": str(guild.id), "role": role_json(role)}, guild
        )
        return role

    def update_role(self, guild: Guild, role: Role) -> None:
        """Announce that a role changed."""
        self.dispatch(
            "GUILD_ROLE_UPDATE", {"guild_id": str(guild.id), "role": role_json(role)}, guild
        )

    def delete_role(self, guild: Guild, role: Role) -> None:
        """Delete the role and take it from its members."""
        del guild.roles[role.id]
        for other in guild.roles.values():
            if other.position > role.position:
                other.position -= 1
        for member in guild.members.values():
            if role.id in member.role_ids:
                member.role_ids.remove(role.id)
                self.update_member(guild, member)
        self.dispatch(
            "GUILD_ROLE_DELETE", {"guild_id": str(guild.id), "role_id": str(role.id)}, guild
        )

    # -- channels -------------------------------------------------------------------------------

    def create_channel(
        self,
        guild: Guild,
        name: str,
        type: int = ChannelType.GUILD_TEXT,  # noqa: A002 - Discord's word for it
        *,
        parent_id: int | None = None,
        overwrites: Iterable[Overwrite] = (),
        channel_id: int | None = None,
        topic: str | None = None,
        position: int | None = None,
    ) -> Channel:
        """Make a guild channel; without ``position`` it comes last."""
        if position is None:
            position = max((each.position for each in guild.channels.values()), default=-1) + 1
        channel = Channel(
            id=channel_id or self.new_id(),
            type=type,
            guild=guild,
            name=name,
            parent_id=parent_id,
            topic=topic,
            position=position,
            overwrites={each.id: each for each in overwrites},
        )
        self.add_channel(channel)
        return channel

    def add_channel(self, channel: Channel) -> None:
        """Put a finished guild channel into the world and announce it."""
        guild = channel.guild
        if guild is None:
            raise ValueError("only channels of a guild are announced")
        guild.channels[channel.id] = channel
        self.channels[channel.id] = channel
        self.dispatch("CHANNEL_CREATE", channel_json(channel), guild, channel=channel)

    def update_channel(self, channel: Channel) -> None:
        """Announce that a channel or thread changed."""
        name = "THREAD_UPDATE" if channel.is_thread else "CHANNEL_UPDATE"
        self.dispatch(name, channel_json(channel), channel.guild, channel=channel)

    def announce_channel_deleted(self, channel: Channel) -> None:
        """Announce a deletion; called while the channel is still there, so that viewers count."""
        if channel.is_thread:
            data: Json = {
                "id": str(channel.id),
                "guild_id": str(channel.guild_id),
                "parent_id": str(channel.parent_id),
                "type": channel.type,
            }
            self.dispatch("THREAD_DELETE", data, channel.guild, channel=channel)
        else:
            self.dispatch("CHANNEL_DELETE", channel_json(channel), channel.guild, channel=channel)

    def announce_pins(self, channel: Channel) -> None:
        """Announce that a channel's pins changed."""
        data: Json = {"channel_id": str(channel.id), "last_pin_timestamp": None}
        if channel.guild is not None:
            data["guild_id"] = str(channel.guild.id)
        if channel.last_pin_at is not None:
            data["last_pin_timestamp"] = timestamp(channel.last_pin_at)
        self.dispatch("CHANNEL_PINS_UPDATE", data, channel.guild, channel=channel)

    # -- audit log ------------------------------------------------------------------------------

    def audit(
        self,
        guild: Guild,
        action: AuditAction,
        user_id: int | None,
        target_id: int | None,
        *,
        changes: list[Json] | None = None,
        options: Json | None = None,
        reason: str | None = None,
    ) -> AuditLogEntry:
        """Write one line of the audit log and announce it; the oldest beyond 1,000 are dropped."""
        entry = AuditLogEntry(
            id=self.new_id(),
            action_type=int(action),
            user_id=user_id,
            target_id=target_id,
            changes=changes or [],
            options=options,
            reason=reason,
        )
        guild.audit_log.append(entry)
        if len(guild.audit_log) > _AUDIT_LOG_AT_MOST:
            del guild.audit_log[0]
        from_entry = audit_entry_json(entry) | {"guild_id": str(guild.id)}
        self.dispatch("GUILD_AUDIT_LOG_ENTRY_CREATE", from_entry, guild)
        return entry
