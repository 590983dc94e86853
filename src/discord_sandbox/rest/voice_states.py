"""Voice states over REST (docs: resources/voice)."""

from discord_sandbox.rest.checks import Body
from discord_sandbox.rest.context import RequestContext
from discord_sandbox.rest.errors import ApiError, missing_permissions, unknown
from discord_sandbox.rest.router import RouteDef, route
from discord_sandbox.wire.guilds import voice_state_json
from discord_sandbox.world.constants import ChannelType, Permission
from discord_sandbox.world.models import Channel, Guild, Json, VoiceState


def _state(guild: Guild, user_id: int) -> VoiceState:
    state = guild.voice_states.get(user_id)
    if state is None:
        raise unknown(10065)
    return state


@route("GET", "/guilds/{guild_id}/voice-states/@me")
async def get_own(ctx: RequestContext) -> Json:
    """Answer the bot's own voice state."""
    guild = ctx.guild()
    return voice_state_json(guild, _state(guild, ctx.user.id))


@route("GET", "/guilds/{guild_id}/voice-states/{user_id}")
async def get_of_user(ctx: RequestContext) -> Json:
    """Answer a member's voice state."""
    guild = ctx.guild()
    return voice_state_json(guild, _state(guild, ctx.id("user_id")))


def _stage_of(guild: Guild, state: VoiceState, body: Body) -> Channel:
    channel_id = body.snowflake("channel_id") or state.channel_id
    channel = guild.channels.get(state.channel_id)
    if channel is None or channel_id != state.channel_id:
        raise unknown(10065)
    if channel.type != ChannelType.GUILD_STAGE_VOICE:
        raise ApiError(400, 50024, "Cannot execute action on this channel type")
    return channel


@route("PATCH", "/guilds/{guild_id}/voice-states/@me")
async def edit_own(ctx: RequestContext) -> None:
    """Become a speaker of a stage, go back to the audience, or ask to speak."""
    guild = ctx.guild()
    state = _state(guild, ctx.user.id)
    body = Body(await ctx.json())
    channel = _stage_of(guild, state, body)
    suppress = body.boolean("suppress")
    asked = body.moment("request_to_speak_timestamp")
    body.done()
    bits = ctx.permissions_in(channel)
    if suppress is False and not bits & Permission.MUTE_MEMBERS:
        raise missing_permissions()
    if asked is not None and not bits & Permission.REQUEST_TO_SPEAK:
        raise missing_permissions()
    if suppress is not None:
        state.suppress = suppress
    if "request_to_speak_timestamp" in body:
        state.request_to_speak_at = asked
    ctx.world.update_voice_state(guild, state)


@route("PATCH", "/guilds/{guild_id}/voice-states/{user_id}")
async def edit_of_user(ctx: RequestContext) -> None:
    """Make somebody a speaker of a stage, or send them back to the audience."""
    guild = ctx.guild()
    state = _state(guild, ctx.id("user_id"))
    body = Body(await ctx.json())
    channel = _stage_of(guild, state, body)
    suppress = body.boolean("suppress")
    body.done()
    if not ctx.permissions_in(channel) & Permission.MUTE_MEMBERS:
        raise missing_permissions()
    if suppress is not None:
        state.suppress = suppress
    ctx.world.update_voice_state(guild, state)


ROUTES: list[RouteDef] = [get_own, get_of_user, edit_own, edit_of_user]
