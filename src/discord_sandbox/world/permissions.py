"""Who may do what (discord-api-docs, topics/permissions, "Permission hierarchy" and overwrites)."""

from datetime import datetime

from discord_sandbox.world.constants import ALL_PERMISSIONS, VOICE_LIKE, Permission
from discord_sandbox.world.models import Channel, Guild, Member, Role

_ADMINISTRATOR = int(Permission.ADMINISTRATOR)
_VIEW_CHANNEL = int(Permission.VIEW_CHANNEL)
_SEND_MESSAGES = int(Permission.SEND_MESSAGES)
_CONNECT = int(Permission.CONNECT)
# A member in time-out keeps these alone.
_WHILE_TIMED_OUT = int(Permission.VIEW_CHANNEL | Permission.READ_MESSAGE_HISTORY)
# Without SEND_MESSAGES these are lost as well ("Implicit permissions").
_NEEDS_SEND = int(
    Permission.MENTION_EVERYONE
    | Permission.SEND_TTS_MESSAGES
    | Permission.ATTACH_FILES
    | Permission.EMBED_LINKS
)

DEFAULT_EVERYONE = int(
    Permission.CREATE_INSTANT_INVITE
    | Permission.ADD_REACTIONS
    | Permission.STREAM
    | Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.USE_EXTERNAL_EMOJIS
    | Permission.CONNECT
    | Permission.SPEAK
    | Permission.USE_VAD
    | Permission.CHANGE_NICKNAME
    | Permission.USE_APPLICATION_COMMANDS
    | Permission.REQUEST_TO_SPEAK
    | Permission.CREATE_PUBLIC_THREADS
    | Permission.CREATE_PRIVATE_THREADS
    | Permission.USE_EXTERNAL_STICKERS
    | Permission.SEND_MESSAGES_IN_THREADS
    | Permission.USE_EMBEDDED_ACTIVITIES
    | Permission.USE_SOUNDBOARD
    | Permission.SEND_VOICE_MESSAGES
    | Permission.SEND_POLLS
    | Permission.USE_EXTERNAL_APPS
)


def compute_base(guild: Guild, member: Member) -> int:
    """Return the member's permissions in the guild, before channels and time-outs."""
    if member.id == guild.owner_id:
        return ALL_PERMISSIONS
    bits = guild.everyone.permissions
    roles = guild.roles
    for role_id in member.role_ids:
        role = roles.get(role_id)
        if role is not None:
            bits |= role.permissions
    return ALL_PERMISSIONS if bits & _ADMINISTRATOR else bits


def _overwritten(bits: int, guild: Guild, member: Member, channel: Channel) -> int:
    overwrites = channel.overwrites
    if not overwrites:
        return bits
    everyone = overwrites.get(guild.id)
    if everyone is not None:
        bits = bits & ~everyone.deny | everyone.allow
    allow = deny = 0
    for role_id in member.role_ids:
        overwrite = overwrites.get(role_id)
        if overwrite is not None:
            allow |= overwrite.allow
            deny |= overwrite.deny
    bits = bits & ~deny | allow
    personal = overwrites.get(member.id)
    if personal is not None:
        bits = bits & ~personal.deny | personal.allow
    return bits


def compute(
    guild: Guild, member: Member, channel: Channel | None = None, *, now: datetime | None = None
) -> int:
    """Return the member's permission bits in ``channel``, or in the guild as a whole.

    Args:
        guild: The guild of both.
        member: Whose permissions.
        channel: A channel or thread of the guild (a thread takes its parent's overwrites).
        now: When given, a time-out that lasts past it leaves only viewing and reading history.
    """
    bits = compute_base(guild, member)
    if bits == ALL_PERMISSIONS:
        return bits
    if channel is not None:
        where = channel
        if channel.is_thread and channel.parent_id is not None:
            where = guild.channels.get(channel.parent_id, channel)
        bits = _overwritten(bits, guild, member, where)
        if not bits & _VIEW_CHANNEL:
            return 0
        if not bits & _SEND_MESSAGES:
            bits &= ~_NEEDS_SEND
        if where.type in VOICE_LIKE and not bits & _CONNECT:
            bits &= ~int(Permission.SPEAK | Permission.STREAM | Permission.USE_VAD)
    if now is not None and member.timeout_until is not None and member.timeout_until > now:
        bits &= _WHILE_TIMED_OUT
    return bits


def can_view(guild: Guild, user_id: int, channel: Channel) -> bool:
    """Return whether the user is a member who can see the channel or thread."""
    member = guild.members.get(user_id)
    if member is None:
        return False
    bits = compute(guild, member, channel)
    if not bits & _VIEW_CHANNEL:
        return False
    if channel.thread is not None and channel.type == 12:  # noqa: PLR2004 - private thread
        return user_id in channel.thread.members or bool(bits & Permission.MANAGE_THREADS)
    return True


def top_role(guild: Guild, member: Member) -> Role:
    """Return the member's highest role (the older one when positions are equal)."""
    best = guild.everyone
    for role in guild.roles_of(member):
        if best.id == guild.id or outranks(role, best):
            best = role
    return best


def outranks(one: Role, other: Role) -> bool:
    """Return whether ``one`` is above ``other``; at the same position the lower id is above."""
    return (one.position, -one.id) > (other.position, -other.id)


def can_manage_role(guild: Guild, member: Member, role: Role) -> bool:
    """Return whether the hierarchy lets the member change or hand out ``role``."""
    return member.id == guild.owner_id or outranks(top_role(guild, member), role)


def can_act_on(guild: Guild, member: Member, target: Member) -> bool:
    """Return whether the hierarchy lets the member moderate ``target``."""
    if target.id == guild.owner_id:
        return False
    if member.id == guild.owner_id:
        return True
    return outranks(top_role(guild, member), top_role(guild, target))
