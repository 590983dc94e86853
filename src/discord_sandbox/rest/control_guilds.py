"""Guilds, members, roles, channels and permissions in the control API."""

from discord_sandbox.rest.checks import Body
from discord_sandbox.rest.control_call import Call, ControlRoute
from discord_sandbox.rest.errors import unknown
from discord_sandbox.wire.channels import channel_json
from discord_sandbox.wire.guilds import guild_json, role_json
from discord_sandbox.wire.users import member_json
from discord_sandbox.world.constants import ALL_PERMISSIONS
from discord_sandbox.world.models import Guild, Json, Overwrite
from discord_sandbox.world.permissions import compute


async def list_guilds(call: Call) -> list[Json]:
    """List all guilds."""
    return [guild_json(each, with_counts=True) for each in call.world.guilds.values()]


async def create_guild(call: Call) -> Json:
    """Make guilds: ``{"name", "owner_id"?, "count"?, "application_id"?, "channels"?}``.

    ``count`` makes that many alike (load tests); ``application_id`` adds its bot; ``channels`` are
    ``{"name", "type"}``. Answers the last guild, with ``guild_ids`` of all.
    """
    body = call.body
    name = body.text("name", lowest=1, highest=100, required=True) or ""
    owner_id = body.snowflake("owner_id")
    count = body.integer("count", lowest=1, highest=10_000) or 1
    application_id = body.snowflake("application_id")
    channels = body.objects("channels")
    wanted = [
        (each.text("name", required=True) or "", each.integer("type") or 0)
        for each in channels or ()
    ]
    body.done()
    world = call.world
    owner = world.users.get(owner_id) if owner_id else None
    owner = owner or world.create_user("owner")
    application = world.applications.get(application_id) if application_id else None
    made: list[Guild] = []
    for number in range(count):
        guild = world.create_guild(name if count == 1 else f"{name} {number + 1}", owner)
        for channel_name, kind in wanted or [("general", 0)]:
            world.create_channel(guild, channel_name, kind)
        if application is not None:
            world.install_application(guild, application, _bot_permissions(body))
        made.append(guild)
    return guild_json(made[-1]) | {"guild_ids": [str(each.id) for each in made]}


def _bot_permissions(body: Body) -> int:
    return body.permissions("permissions") or ALL_PERMISSIONS


async def delete_guild(call: Call) -> Json:
    """Delete a guild."""
    call.world.delete_guild(call.guild)
    return {}


async def guild_channels(call: Call) -> list[Json]:
    """List a guild's channels."""
    return [channel_json(each) for each in call.guild.channels.values()]


async def guild_members(call: Call) -> list[Json]:
    """List a guild's members."""
    return [member_json(each) for each in call.guild.members.values()]


async def guild_roles(call: Call) -> list[Json]:
    """List a guild's roles."""
    return [role_json(each) for each in call.guild.roles.values()]


async def add_member(call: Call) -> Json:
    """Add a member: ``{"username"}`` makes a person; ``user_id``, ``application_id`` take one.

    Also ``role_ids``, ``nick``, ``locale``, and ``permissions`` of an application's own role.
    """
    body, guild, world = call.body, call.guild, call.world
    username = body.text("username", lowest=1, highest=32)
    user_id = body.snowflake("user_id")
    application_id = body.snowflake("application_id")
    role_ids = body.snowflakes("role_ids") or []
    nick = body.text("nick", highest=32)
    locale = body.text("locale")
    body.done()
    if application_id is not None:
        application = world.applications.get(application_id)
        if application is None:
            raise unknown(10002)
        return member_json(world.install_application(guild, application, _bot_permissions(body)))
    user = world.users.get(user_id) if user_id is not None else None
    if user is None:
        if username is None:
            raise unknown(10013)
        user = world.create_user(username, global_name=username.capitalize(), user_id=user_id)
    if locale is not None:
        user.locale = locale
    return member_json(world.add_member(guild, user, role_ids=role_ids, nick=nick))


async def edit_member(call: Call) -> Json:
    """Change a member: ``{"role_ids"?, "nick"?, "locale"?, "timeout_until"?}``."""
    guild = call.guild
    member = call.member(guild)
    body = call.body
    role_ids, nick = body.snowflakes("role_ids"), body.text("nick")
    locale, until = body.text("locale"), body.moment("timeout_until")
    body.done()
    if role_ids is not None:
        member.role_ids = role_ids
    if "nick" in body:
        member.nick = nick
    if locale is not None:
        member.user.locale = locale
    if "timeout_until" in body:
        member.timeout_until = until
    call.world.update_member(guild, member)
    return member_json(member)


async def remove_member(call: Call) -> Json:
    """Take a member out of a guild."""
    call.world.remove_member(call.guild, call.user)
    return {}


async def create_channel(call: Call) -> Json:
    """Make a channel: ``{"name", "type"?, "parent_id"?, "topic"?, "user_limit"?}``."""
    body = call.body
    name = body.text("name", lowest=1, highest=100, required=True) or ""
    kind, parent_id = body.integer("type") or 0, body.snowflake("parent_id")
    topic, user_limit = body.text("topic"), body.integer("user_limit")
    body.done()
    channel = call.world.create_channel(call.guild, name, kind, parent_id=parent_id, topic=topic)
    if user_limit is not None:
        channel.user_limit = user_limit
        call.world.update_channel(channel)
    return channel_json(channel)


async def edit_channel(call: Call) -> Json:
    """Change a channel: ``{"name"?, "user_limit"?, "topic"?, "nsfw"?}``."""
    body, channel = call.body, call.channel
    name, limit = body.text("name"), body.integer("user_limit")
    topic, nsfw = body.text("topic"), body.boolean("nsfw")
    body.done()
    channel.name = name or channel.name
    channel.user_limit = channel.user_limit if limit is None else limit
    channel.topic = topic or channel.topic
    channel.nsfw = channel.nsfw if nsfw is None else nsfw
    call.world.update_channel(channel)
    return channel_json(channel)


async def delete_channel(call: Call) -> Json:
    """Delete a channel or thread."""
    call.world.delete_channel(call.channel)
    return {}


async def create_role(call: Call) -> Json:
    """Make a role: ``{"name", "permissions"?, "color"?}``."""
    body = call.body
    name = body.text("name", lowest=1, highest=100, required=True) or ""
    permissions, color = body.permissions("permissions") or 0, body.integer("color") or 0
    body.done()
    return role_json(call.world.create_role(call.guild, name, permissions=permissions, color=color))


async def edit_role(call: Call) -> Json:
    """Change a role: ``{"permissions"?, "position"?, "name"?}``."""
    guild, body = call.guild, call.body
    role = call.role(guild)
    permissions, position = body.permissions("permissions"), body.integer("position")
    name = body.text("name")
    body.done()
    role.permissions = role.permissions if permissions is None else permissions
    role.position = role.position if position is None else position
    role.name = name or role.name
    call.world.update_role(guild, role)
    return role_json(role)


async def delete_role(call: Call) -> Json:
    """Delete a role."""
    guild = call.guild
    call.world.delete_role(guild, call.role(guild))
    return {}


async def put_overwrite(call: Call) -> Json:
    """Set an overwrite of a channel: ``{"id", "type", "allow"?, "deny"?}``."""
    body, channel = call.body, call.channel
    target = body.snowflake("id", required=True) or 0
    kind = body.choice("type", (0, 1), required=True) or 0
    allow, deny = body.permissions("allow") or 0, body.permissions("deny") or 0
    body.done()
    if allow or deny:
        channel.overwrites[target] = Overwrite(target, kind, allow, deny)
    else:
        channel.overwrites.pop(target, None)
    call.world.update_channel(channel)
    return channel_json(channel)


async def permissions(call: Call) -> Json:
    """Answer a member's permission bits in a channel: ``{"permissions"}``."""
    channel = call.channel
    guild = channel.guild
    if guild is None:
        return {"permissions": str(ALL_PERMISSIONS)}
    member = call.member(guild)
    return {"permissions": str(compute(guild, member, channel, now=call.world.clock.now()))}


_GUILD = "/guilds/{guild_id}"
ROUTES: tuple[ControlRoute, ...] = (
    ("GET", "/guilds", list_guilds),
    ("POST", "/guilds", create_guild),
    ("DELETE", _GUILD, delete_guild),
    ("GET", _GUILD + "/channels", guild_channels),
    ("POST", _GUILD + "/channels", create_channel),
    ("GET", _GUILD + "/members", guild_members),
    ("POST", _GUILD + "/members", add_member),
    ("PATCH", _GUILD + "/members/{user_id}", edit_member),
    ("DELETE", _GUILD + "/members/{user_id}", remove_member),
    ("GET", _GUILD + "/roles", guild_roles),
    ("POST", _GUILD + "/roles", create_role),
    ("PATCH", _GUILD + "/roles/{role_id}", edit_role),
    ("DELETE", _GUILD + "/roles/{role_id}", delete_role),
    ("PATCH", "/channels/{channel_id}", edit_channel),
    ("DELETE", "/channels/{channel_id}", delete_channel),
    ("PUT", "/channels/{channel_id}/overwrites", put_overwrite),
    ("GET", "/permissions/{channel_id}/{user_id}", permissions),
)
