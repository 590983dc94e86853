"""Threads: open, change, list, follow."""

from datetime import datetime

from discord_sandbox.rest.channel_fields import ARCHIVE_MINUTES, tag_ids
from discord_sandbox.rest.checks import Body
from discord_sandbox.rest.context import Reply, RequestContext
from discord_sandbox.rest.errors import ApiError, invalid, missing_permissions, unknown
from discord_sandbox.rest.message_body import check_message_body
from discord_sandbox.rest.router import RouteDef, route
from discord_sandbox.wire.channels import thread_json, thread_member_json
from discord_sandbox.wire.messages import message_json
from discord_sandbox.wire.users import member_json
from discord_sandbox.world.changes import Changes
from discord_sandbox.world.constants import (
    FORUM_LIKE,
    AuditAction,
    ChannelType,
    MessageFlag,
    MessageType,
    Permission,
)
from discord_sandbox.world.models import Channel, Json, ThreadMember, ThreadState

_HAS_THREADS = frozenset({0, 5, 15, 16})
_LOCKED_FORUM_FLAG = 1 << 4  # REQUIRE_TAG


def _parent(ctx: RequestContext) -> Channel:
    channel = ctx.channel()
    if channel.type not in _HAS_THREADS:
        raise ApiError(400, 50024, "Cannot execute action on this channel type")
    return channel


def _thread(ctx: RequestContext, need: int = 0) -> tuple[Channel, ThreadState]:
    channel = ctx.channel(need=need)
    if channel.thread is None:
        raise ApiError(400, 50024, "Cannot execute action on this channel type")
    return channel, channel.thread


@route("POST", "/channels/{channel_id}/messages/{message_id}/threads")
async def start_from_message(ctx: RequestContext) -> Reply:
    """Open a thread below a message; it gets the message's id."""
    parent = _parent(ctx)
    ctx.require(parent, Permission.CREATE_PUBLIC_THREADS)
    message = ctx.message(parent)
    body = Body(await ctx.json())
    name = body.text("name", lowest=1, highest=100, required=True) or ""
    archive = body.choice("auto_archive_duration", ARCHIVE_MINUTES)
    slow = body.integer("rate_limit_per_user", lowest=0, highest=21600)
    body.done()
    if message.thread is not None or message.id in ctx.world.channels:
        raise ApiError(400, 160004, "A thread has already been created for this message")
    news = parent.type == ChannelType.GUILD_ANNOUNCEMENT
    thread = ctx.world.create_thread(
        parent,
        ctx.user,
        name,
        ChannelType.ANNOUNCEMENT_THREAD if news else ChannelType.PUBLIC_THREAD,
        auto_archive_minutes=archive,
        rate_limit_per_user=slow or 0,
        thread_id=message.id,
    )
    message.thread = thread
    message.flags |= MessageFlag.HAS_THREAD
    ctx.world.announce_message_update(message)
    _audit_created(ctx, thread)
    return Reply(201, thread_json(thread, ctx.user.id))


@route("POST", "/channels/{channel_id}/threads")
async def start(ctx: RequestContext) -> Reply:
    """Open a thread without a message, or a post of a forum."""
    parent = _parent(ctx)
    sent = await ctx.json()
    if parent.type in FORUM_LIKE:
        return await _start_post(ctx, parent, sent)
    body = Body(sent)
    name = body.text("name", lowest=1, highest=100, required=True) or ""
    archive = body.choice("auto_archive_duration", ARCHIVE_MINUTES)
    slow = body.integer("rate_limit_per_user", lowest=0, highest=21600)
    kind = body.choice("type", (10, 11, 12)) or ChannelType.PRIVATE_THREAD
    invitable = body.boolean("invitable")
    body.done()
    private = kind == ChannelType.PRIVATE_THREAD
    ctx.require(
        parent,
        Permission.CREATE_PRIVATE_THREADS if private else Permission.CREATE_PUBLIC_THREADS,
    )
    thread = ctx.world.create_thread(
        parent,
        ctx.user,
        name,
        int(kind),
        auto_archive_minutes=archive,
        rate_limit_per_user=slow or 0,
        invitable=invitable is not False,
    )
    if not private:
        ctx.world.post_message(
            parent,
            ctx.user,
            {"content": name},
            type=MessageType.THREAD_CREATED,
            reference={
                "type": 0,
                "channel_id": str(thread.id),
                "guild_id": str(parent.guild_id),
            },
        )
    _audit_created(ctx, thread)
    return Reply(201, thread_json(thread, ctx.user.id))


async def _start_post(ctx: RequestContext, forum: Channel, sent: Json) -> Reply:
    body = Body(sent)
    name = body.text("name", lowest=1, highest=100, required=True) or ""
    archive = body.choice("auto_archive_duration", ARCHIVE_MINUTES)
    slow = body.integer("rate_limit_per_user", lowest=0, highest=21600)
    tags = tag_ids(body, forum)
    message = body.object("message", required=True)
    if forum.flags & _LOCKED_FORUM_FLAG and not tags:
        body.note("applied_tags", "FORUM_TAG_REQUIRED", "A tag is required to create this post")
    body.done()
    ctx.require(forum, Permission.SEND_MESSAGES)
    uploads = await ctx.uploads()
    checked = check_message_body({} if message is None else message.sent, uploads)
    thread = ctx.world.create_thread(
        forum,
        ctx.user,
        name,
        ChannelType.PUBLIC_THREAD,
        auto_archive_minutes=archive,
        rate_limit_per_user=slow or forum.default_thread_rate_limit_per_user,
        applied_tags=tags,
    )
    # The starter message shares its id with the post (docs: threads, "Forums").
    first = ctx.world.post_message(thread, ctx.user, checked, uploads=uploads, message_id=thread.id)
    _audit_created(ctx, thread)
    data = thread_json(thread, ctx.user.id)
    data["message"] = message_json(first, ctx.user.id)
    return Reply(201, data)


def _audit_created(ctx: RequestContext, thread: Channel) -> None:
    if thread.guild is None:
        return
    ctx.world.audit(
        thread.guild,
        AuditAction.THREAD_CREATE,
        ctx.user.id,
        thread.id,
        changes=[
            {"key": "name", "new_value": thread.name},
            {"key": "type", "new_value": thread.type},
        ],
        reason=ctx.reason,
    )


async def edit_thread(ctx: RequestContext, thread: Channel) -> Json:
    """Change a thread; its owner may archive it and rename it, others need MANAGE_THREADS."""
    state = thread.thread
    if state is None or thread.guild is None:
        raise unknown(10003)
    body = Body(await ctx.json())
    on_thread, on_state = Changes(thread), Changes(state)
    on_thread.set("name", body.text("name", lowest=1, highest=100))
    on_thread.set(
        "rate_limit_per_user", body.integer("rate_limit_per_user", lowest=0, highest=21600)
    )
    on_thread.set("flags", body.integer("flags", lowest=0))
    archived, locked = body.boolean("archived"), body.boolean("locked")
    on_state.set("archived", archived)
    on_state.set("locked", locked)
    on_state.set("invitable", body.boolean("invitable"))
    on_state.set(
        "auto_archive_minutes",
        body.choice("auto_archive_duration", ARCHIVE_MINUTES),
        shown="auto_archive_duration",
    )
    parent = thread.guild.channels.get(thread.parent_id or 0)
    if parent is not None and parent.type in FORUM_LIKE:
        on_state.set("applied_tags", tag_ids(body, parent))
    body.done()
    _require_thread_edit(ctx, thread, state, body)
    changed = on_thread.apply()
    if on_state.apply():
        changed = True
        if archived is not None:
            state.archive_timestamp = ctx.world.clock.now()
    if changed:
        ctx.world.update_channel(thread)
        ctx.world.audit(
            thread.guild,
            AuditAction.THREAD_UPDATE,
            ctx.user.id,
            thread.id,
            changes=on_thread.listed + on_state.listed,
            reason=ctx.reason,
        )
    return thread_json(thread, ctx.user.id)


def _require_thread_edit(
    ctx: RequestContext, thread: Channel, state: ThreadState, body: Body
) -> None:
    if ctx.permissions_in(thread) & Permission.MANAGE_THREADS:
        return
    unarchiving = set(body.sent) == {"archived"} and body.sent["archived"] is False
    if unarchiving and not state.locked:
        return
    restricted = {"locked", "rate_limit_per_user", "flags"} & set(body.sent)
    if state.owner_id != ctx.user.id or restricted:
        raise missing_permissions()
    if state.archived and body.sent.get("archived") is not False:
        raise ApiError(400, 50083, "Thread is archived")


# -- lists ---------------------------------------------------------------------------------------


def _archived_page(ctx: RequestContext, threads: list[Channel], *, by_id: bool = False) -> Json:
    limit = ctx.query_int("limit", 50, 2, 100)
    before = ctx.request.query.get("before")
    ordered = sorted(
        threads,
        key=lambda each: each.id if by_id else _archived_at(each).timestamp(),
        reverse=True,
    )
    if before is not None:
        ordered = [each for each in ordered if _is_before(each, before, by_id=by_id)]
    page = ordered[:limit]
    return {
        "threads": [thread_json(each) for each in page],
        "members": [
            thread_member_json(each, each.thread.members[ctx.user.id])
            for each in page
            if each.thread is not None and ctx.user.id in each.thread.members
        ],
        "has_more": len(ordered) > limit,
    }


def _archived_at(thread: Channel) -> datetime:
    if thread.thread is None:
        raise unknown(10003)
    return thread.thread.archive_timestamp


def _is_before(thread: Channel, before: str, *, by_id: bool) -> bool:
    if by_id:
        return before.isdecimal() and thread.id < int(before)
    try:
        return _archived_at(thread) < datetime.fromisoformat(before)
    except ValueError:
        raise invalid("before", "DATE_TIME_TYPE_PARSE", f"Could not parse {before}.") from None


def _archived(parent: Channel, *, private: bool) -> list[Channel]:
    guild = parent.guild
    if guild is None:
        return []
    return [
        each
        for each in guild.threads.values()
        if each.parent_id == parent.id
        and each.thread is not None
        and each.thread.archived
        and (each.type == ChannelType.PRIVATE_THREAD) == private
    ]


@route("GET", "/channels/{channel_id}/threads/archived/public")
async def list_archived_public(ctx: RequestContext) -> Json:
    """List archived public threads, the last archived first."""
    parent = _parent(ctx)
    ctx.require(parent, Permission.READ_MESSAGE_HISTORY)
    return _archived_page(ctx, _archived(parent, private=False))


@route("GET", "/channels/{channel_id}/threads/archived/private")
async def list_archived_private(ctx: RequestContext) -> Json:
    """List archived private threads; needs MANAGE_THREADS."""
    parent = _parent(ctx)
    ctx.require(parent, int(Permission.READ_MESSAGE_HISTORY | Permission.MANAGE_THREADS))
    return _archived_page(ctx, _archived(parent, private=True))


@route("GET", "/channels/{channel_id}/users/@me/threads/archived/private")
async def list_own_archived_private(ctx: RequestContext) -> Json:
    """List archived private threads the bot follows."""
    parent = _parent(ctx)
    ctx.require(parent, Permission.READ_MESSAGE_HISTORY)
    own = [
        each
        for each in _archived(parent, private=True)
        if each.thread is not None and ctx.user.id in each.thread.members
    ]
    return _archived_page(ctx, own, by_id=True)


# -- followers -----------------------------------------------------------------------------------


def _open_thread(ctx: RequestContext) -> tuple[Channel, ThreadState]:
    thread, state = _thread(ctx)
    if state.archived:
        raise ApiError(400, 50083, "Thread is archived")
    return thread, state


@route("PUT", "/channels/{channel_id}/thread-members/@me")
async def join(ctx: RequestContext) -> None:
    """Follow a thread."""
    thread, _ = _open_thread(ctx)
    ctx.world.add_thread_member(thread, ctx.user)


@route("DELETE", "/channels/{channel_id}/thread-members/@me")
async def leave(ctx: RequestContext) -> None:
    """Stop following a thread."""
    thread, _ = _open_thread(ctx)
    ctx.world.remove_thread_member(thread, ctx.user.id)


@route("PUT", "/channels/{channel_id}/thread-members/{user_id}")
async def add_member(ctx: RequestContext) -> None:
    """Let somebody else follow a thread."""
    thread, _ = _open_thread(ctx)
    ctx.require(thread, Permission.SEND_MESSAGES_IN_THREADS)
    guild = thread.guild
    if guild is None:
        raise unknown(10004)
    ctx.world.add_thread_member(thread, ctx.member(guild).user)


@route("DELETE", "/channels/{channel_id}/thread-members/{user_id}")
async def remove_member(ctx: RequestContext) -> None:
    """Take somebody out of a thread; the owner of a private one may, MANAGE_THREADS may."""
    thread, state = _open_thread(ctx)
    own = thread.type == ChannelType.PRIVATE_THREAD and state.owner_id == ctx.user.id
    if not own:
        ctx.require(thread, Permission.MANAGE_THREADS)
    ctx.world.remove_thread_member(thread, ctx.id("user_id"))


def _thread_member_json(ctx: RequestContext, thread: Channel, member: ThreadMember) -> Json:
    data = thread_member_json(thread, member)
    guild = thread.guild
    if ctx.query_flag("with_member") and guild is not None and member.user_id in guild.members:
        data["member"] = member_json(guild.members[member.user_id])
    return data


@route("GET", "/channels/{channel_id}/thread-members")
async def list_members(ctx: RequestContext) -> list[Json]:
    """List who follows a thread."""
    thread, state = _thread(ctx)
    limit = ctx.query_int("limit", 100, 1, 100)
    after = ctx.query_id("after") or 0
    members = sorted(state.members.values(), key=lambda each: each.user_id)
    if ctx.query_flag("with_member"):
        members = [each for each in members if each.user_id > after][:limit]
    return [_thread_member_json(ctx, thread, each) for each in members]


@route("GET", "/channels/{channel_id}/thread-members/{user_id}")
async def get_member(ctx: RequestContext) -> Json:
    """Answer one follower of a thread."""
    thread, state = _thread(ctx)
    user_id = ctx.user.id if ctx.path["user_id"] == "@me" else ctx.id("user_id")
    member = state.members.get(user_id)
    if member is None:
        raise unknown(10007)
    return _thread_member_json(ctx, thread, member)


ROUTES: list[RouteDef] = [
    start_from_message,
    start,
    list_archived_public,
    list_archived_private,
    list_own_archived_private,
    join,
    leave,
    add_member,
    remove_member,
    list_members,
    get_member,
]
