"""Scheduled events and stage instances."""

from datetime import datetime

from discord_sandbox.rest.checks import Body
from discord_sandbox.rest.context import RequestContext
from discord_sandbox.rest.errors import ApiError, unknown
from discord_sandbox.rest.images import take_image
from discord_sandbox.rest.router import RouteDef, route
from discord_sandbox.wire.guilds import scheduled_event_json, stage_json
from discord_sandbox.wire.users import member_json, user_json
from discord_sandbox.world.changes import Changes
from discord_sandbox.world.constants import AuditAction, ChannelType, Permission
from discord_sandbox.world.models import Guild, Json, ScheduledEvent, StageInstance

_STAGE, _VOICE, _EXTERNAL = 1, 2, 3
_EVENTS_AT_MOST = 100
# docs: scheduled events, "Valid Guild Scheduled Event Status Transitions"
_NEXT_STATUS = {1: (2, 4), 2: (3,), 3: (), 4: ()}
_ONE = "/guilds/{guild_id}/scheduled-events/{guild_scheduled_event_id}"


def _rest_json(event: ScheduledEvent, *, with_count: bool = False) -> Json:
    return scheduled_event_json(event, with_count=with_count) | {
        "guild_scheduled_event_exceptions": []
    }


def _event(ctx: RequestContext, guild: Guild) -> ScheduledEvent:
    event = guild.scheduled_events.get(ctx.id("guild_scheduled_event_id"))
    if event is None:
        raise unknown(10070)
    return event


def _location(body: Body, *, required: bool) -> str | None:
    metadata = body.object("entity_metadata", required=required)
    if metadata is None:
        return None
    return metadata.text("location", lowest=1, highest=100, required=required)


def _check_place(
    body: Body, guild: Guild, kind: int, channel_id: int | None, end: datetime | None
) -> None:
    if kind == _EXTERNAL:
        if end is None:
            body.note("scheduled_end_time", "BASE_TYPE_REQUIRED", "This field is required")
        if channel_id is not None:
            message = "channel_id must be null for external events"
            body.note("channel_id", "GUILD_SCHEDULED_EVENT_CHANNEL_ID_INVALID", message)
        return
    channel = guild.channels.get(channel_id or 0)
    wanted = ChannelType.GUILD_STAGE_VOICE if kind == _STAGE else ChannelType.GUILD_VOICE
    if channel_id is None:
        body.note("channel_id", "BASE_TYPE_REQUIRED", "This field is required")
    elif channel is None or channel.type != wanted:
        message = "Channel is not of the event's kind."
        body.note("channel_id", "GUILD_SCHEDULED_EVENT_CHANNEL_ID_INVALID", message)


@route("GET", "/guilds/{guild_id}/scheduled-events")
async def list_events(ctx: RequestContext) -> list[Json]:
    """List a guild's events."""
    guild = ctx.guild()
    counted = ctx.query_flag("with_user_count")
    return [_rest_json(each, with_count=counted) for each in guild.scheduled_events.values()]


@route("POST", "/guilds/{guild_id}/scheduled-events")
async def create_event(ctx: RequestContext) -> Json:
    """Make an event."""
    guild = ctx.guild()
    ctx.require_in_guild(guild, Permission.CREATE_EVENTS)
    body = Body(await ctx.json())
    name = body.text("name", lowest=1, highest=100, required=True) or ""
    kind = body.choice("entity_type", (_STAGE, _VOICE, _EXTERNAL), required=True) or _EXTERNAL
    body.choice("privacy_level", (2,), required=True)
    start = body.moment("scheduled_start_time", required=True) or ctx.world.clock.now()
    end = body.moment("scheduled_end_time")
    channel_id = body.snowflake("channel_id")
    description = body.text("description", highest=1000)
    location = _location(body, required=kind == _EXTERNAL)
    _check_place(body, guild, kind, channel_id, end)
    if "scheduled_start_time" in body and start < ctx.world.clock.now():
        message = "Cannot schedule event in the past."
        body.note("scheduled_start_time", "GUILD_SCHEDULED_EVENT_SCHEDULE_PAST", message)
    if end is not None and end <= start:
        message = "Cannot schedule event to end before it starts."
        body.note("scheduled_end_time", "GUILD_SCHEDULED_EVENT_SCHEDULE_PAST", message)
    body.done()
    if len(guild.scheduled_events) >= _EVENTS_AT_MOST:
        raise ApiError(400, 30038, "Maximum number of uncompleted guild scheduled events reached")
    event = ScheduledEvent(
        id=ctx.world.new_id(),
        guild_id=guild.id,
        name=name,
        creator=ctx.user,
        entity_type=kind,
        scheduled_start=start,
        scheduled_end=end,
        channel_id=channel_id,
        description=description,
        location=location,
        image=take_image(ctx.world, body.sent.get("image"), "image"),
    )
    guild.scheduled_events[event.id] = event
    ctx.world.dispatch("GUILD_SCHEDULED_EVENT_CREATE", scheduled_event_json(event), guild)
    _audit(ctx, guild, AuditAction.GUILD_SCHEDULED_EVENT_CREATE, event)
    return _rest_json(event)


def _audit(
    ctx: RequestContext,
    guild: Guild,
    action: AuditAction,
    event: ScheduledEvent,
    changes: list[Json] | None = None,
) -> None:
    ctx.world.audit(
        guild,
        action,
        ctx.user.id,
        event.id,
        changes=changes or [{"key": "name", "new_value": event.name}],
        reason=ctx.reason,
    )


@route("GET", _ONE)
async def get_event(ctx: RequestContext) -> Json:
    """Answer one event."""
    return _rest_json(_event(ctx, ctx.guild()), with_count=ctx.query_flag("with_user_count"))


@route("PATCH", _ONE)
async def edit_event(ctx: RequestContext) -> Json:
    """Change, start, end or cancel an event; an ended one leaves the guild."""
    guild = ctx.guild()
    ctx.require_in_guild(guild, Permission.MANAGE_EVENTS)
    event = _event(ctx, guild)
    body = Body(await ctx.json())
    changes = Changes(event)
    changes.set("name", body.text("name", lowest=1, highest=100))
    if "description" in body:
        changes.put("description", body.text("description", highest=1000))
    start, end = body.moment("scheduled_start_time"), body.moment("scheduled_end_time")
    changes.set("scheduled_start", start, shown="scheduled_start_time")
    if "scheduled_end_time" in body:
        changes.put("scheduled_end", end, shown="scheduled_end_time")
    kind = body.choice("entity_type", (_STAGE, _VOICE, _EXTERNAL))
    changes.set("entity_type", kind)
    if "channel_id" in body:
        changes.put("channel_id", body.snowflake("channel_id"))
    changes.set("location", _location(body, required=False))
    if kind is not None:
        place = body.snowflake("channel_id") if "channel_id" in body else event.channel_id
        _check_place(body, guild, kind, place, end or event.scheduled_end)
    status = body.choice("status", (1, 2, 3, 4))
    if status is not None and status != event.status and status not in _NEXT_STATUS[event.status]:
        body.note("status", "GUILD_SCHEDULED_EVENT_STATUS_INVALID", "Invalid status transition.")
    changes.set("status", status)
    body.done()
    if changes.apply():
        ctx.world.dispatch("GUILD_SCHEDULED_EVENT_UPDATE", scheduled_event_json(event), guild)
        action = AuditAction.GUILD_SCHEDULED_EVENT_UPDATE
        _audit(ctx, guild, action, event, changes.listed)
    if event.status in {3, 4}:
        guild.scheduled_events.pop(event.id, None)
    return _rest_json(event)


@route("DELETE", _ONE)
async def delete_event(ctx: RequestContext) -> None:
    """Delete an event."""
    guild = ctx.guild()
    ctx.require_in_guild(guild, Permission.MANAGE_EVENTS)
    event = _event(ctx, guild)
    del guild.scheduled_events[event.id]
    ctx.world.dispatch("GUILD_SCHEDULED_EVENT_DELETE", scheduled_event_json(event), guild)
    _audit(ctx, guild, AuditAction.GUILD_SCHEDULED_EVENT_DELETE, event)


@route("GET", _ONE + "/users")
async def list_interested(ctx: RequestContext) -> list[Json]:
    """List who is interested in an event."""
    guild = ctx.guild()
    event = _event(ctx, guild)
    limit = ctx.query_int("limit", 100, 1, 100)
    before, after = ctx.query_id("before"), ctx.query_id("after") or 0
    found = sorted(
        number
        for number in event.user_ids
        if number > after and (before is None or number < before)
    )
    result: list[Json] = []
    for number in found[:limit]:
        data: Json = {
            "guild_scheduled_event_id": str(event.id),
            "user_id": str(number),
            "user": user_json(ctx.world.users[number]),
            "response": 1,
        }
        if ctx.query_flag("with_member") and number in guild.members:
            data["member"] = member_json(guild.members[number])
        result.append(data)
    return result


# -- stages --------------------------------------------------------------------------------------


def _stage(ctx: RequestContext) -> tuple[Guild, StageInstance]:
    channel = ctx.channel()
    if channel.guild is None or channel.id not in channel.guild.stages:
        raise unknown(10067)
    return channel.guild, channel.guild.stages[channel.id]


def _require_stage_moderator(ctx: RequestContext, guild: Guild, channel_id: int) -> None:
    need = Permission.MANAGE_CHANNELS | Permission.MUTE_MEMBERS | Permission.MOVE_MEMBERS
    ctx.require(guild.channels[channel_id], int(need))


@route("POST", "/stage-instances")
async def create_stage(ctx: RequestContext) -> Json:
    """Start a stage."""
    body = Body(await ctx.json())
    channel_id = body.snowflake("channel_id", required=True)
    topic = body.text("topic", lowest=1, highest=120, required=True) or ""
    body.done()
    channel = ctx.world.channels.get(channel_id or 0)
    if channel is None or channel.guild is None:
        raise unknown(10003)
    guild = channel.guild
    if channel.type != ChannelType.GUILD_STAGE_VOICE:
        raise ApiError(400, 50024, "Cannot execute action on this channel type")
    _require_stage_moderator(ctx, guild, channel.id)
    if channel.id in guild.stages:
        raise ApiError(400, 150006, "The Stage is already open")
    stage = StageInstance(ctx.world.new_id(), guild.id, channel.id, topic)
    guild.stages[channel.id] = stage
    ctx.world.dispatch("STAGE_INSTANCE_CREATE", stage_json(stage), guild)
    _audit_stage(ctx, guild, AuditAction.STAGE_INSTANCE_CREATE, stage)
    return stage_json(stage)


def _audit_stage(
    ctx: RequestContext, guild: Guild, action: AuditAction, stage: StageInstance
) -> None:
    ctx.world.audit(
        guild,
        action,
        ctx.user.id,
        stage.id,
        changes=[{"key": "topic", "new_value": stage.topic}],
        options={"channel_id": str(stage.channel_id)},
        reason=ctx.reason,
    )


@route("GET", "/stage-instances/{channel_id}")
async def get_stage(ctx: RequestContext) -> Json:
    """Answer a running stage."""
    return stage_json(_stage(ctx)[1])


@route("PATCH", "/stage-instances/{channel_id}")
async def edit_stage(ctx: RequestContext) -> Json:
    """Change a stage's topic."""
    guild, stage = _stage(ctx)
    _require_stage_moderator(ctx, guild, stage.channel_id)
    body = Body(await ctx.json())
    topic = body.text("topic", lowest=1, highest=120)
    body.done()
    stage.topic = topic or stage.topic
    ctx.world.dispatch("STAGE_INSTANCE_UPDATE", stage_json(stage), guild)
    _audit_stage(ctx, guild, AuditAction.STAGE_INSTANCE_UPDATE, stage)
    return stage_json(stage)


@route("DELETE", "/stage-instances/{channel_id}")
async def delete_stage(ctx: RequestContext) -> None:
    """End a stage."""
    guild, stage = _stage(ctx)
    _require_stage_moderator(ctx, guild, stage.channel_id)
    del guild.stages[stage.channel_id]
    ctx.world.dispatch("STAGE_INSTANCE_DELETE", stage_json(stage), guild)
    _audit_stage(ctx, guild, AuditAction.STAGE_INSTANCE_DELETE, stage)


ROUTES: list[RouteDef] = [
    list_events,
    create_event,
    get_event,
    edit_event,
    delete_event,
    list_interested,
    create_stage,
    get_stage,
    edit_stage,
    delete_stage,
]
