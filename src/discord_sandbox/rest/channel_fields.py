"""The fields of a channel as POST and PATCH take them."""

from discord_sandbox.rest.checks import Body
from discord_sandbox.rest.errors import missing_permissions
from discord_sandbox.world.changes import Changes
from discord_sandbox.world.constants import FORUM_LIKE, VOICE_LIKE, ChannelType
from discord_sandbox.world.models import Channel, ForumTag, Guild, Json, Member, Overwrite
from discord_sandbox.world.permissions import compute_base
from discord_sandbox.world.world import World

ARCHIVE_MINUTES = (60, 1440, 4320, 10080)
_TAGS_AT_MOST = 20
_OVERWRITES_AT_MOST = 1000


def read_fields(body: Body, channel: Channel, changes: Changes) -> None:
    """Note what a body wants changed of a channel of this type."""
    if "parent_id" in body and channel.type != ChannelType.GUILD_CATEGORY:
        parent_id = body.snowflake("parent_id")
        guild = channel.guild
        if parent_id is not None and guild is not None:
            parent = guild.channels.get(parent_id)
            if parent is None or parent.type != ChannelType.GUILD_CATEGORY:
                body.note("parent_id", "CHANNEL_PARENT_INVALID", "Category does not exist")
        changes.put("parent_id", parent_id)
    changes.set("nsfw", body.boolean("nsfw"))
    changes.set("rate_limit_per_user", body.integer("rate_limit_per_user", lowest=0, highest=21600))
    if channel.type in VOICE_LIKE:
        most = 10_000 if channel.type == ChannelType.GUILD_STAGE_VOICE else 99
        changes.set("bitrate", body.integer("bitrate", lowest=8000, highest=96000))
        changes.set("user_limit", body.integer("user_limit", lowest=0, highest=most))
        changes.set("video_quality_mode", body.choice("video_quality_mode", (1, 2)))
        if "rtc_region" in body:
            changes.put("rtc_region", body.text("rtc_region", highest=100))
        return
    if "topic" in body:
        most = 4096 if channel.type in FORUM_LIKE else 1024
        changes.put("topic", body.text("topic", highest=most))
    changes.set(
        "default_auto_archive_minutes",
        body.choice("default_auto_archive_duration", ARCHIVE_MINUTES),
        shown="default_auto_archive_duration",
    )
    slow = body.integer("default_thread_rate_limit_per_user", lowest=0, highest=21600)
    changes.set("default_thread_rate_limit_per_user", slow)
    if channel.type in FORUM_LIKE:
        changes.set("flags", body.integer("flags", lowest=0))
        changes.set("default_forum_layout", body.choice("default_forum_layout", (0, 1, 2)))
        if "default_sort_order" in body:
            changes.put("default_sort_order", body.choice("default_sort_order", (0, 1)))
        if "default_reaction_emoji" in body:
            emoji = body.object("default_reaction_emoji")
            changes.put(
                "default_reaction_emoji",
                None if emoji is None else _emoji_of(emoji),
            )


def _emoji_of(body: Body) -> Json:
    number = body.snowflake("emoji_id")
    name = body.text("emoji_name", highest=100)
    return {"emoji_id": None if number is None else str(number), "emoji_name": name}


def read_overwrites(body: Body, guild: Guild, member: Member) -> dict[int, Overwrite] | None:
    """Return the overwrites of a body; 50013 for bits the member has not itself."""
    listed = body.objects("permission_overwrites", highest=_OVERWRITES_AT_MOST)
    if listed is None:
        return None
    own = compute_base(guild, member)
    result: dict[int, Overwrite] = {}
    for each in listed:
        target = each.snowflake("id", required=True)
        kind = each.choice("type", (0, 1))
        allow, deny = each.permissions("allow") or 0, each.permissions("deny") or 0
        if target is None:
            continue
        if kind is None:
            kind = 0 if target in guild.roles else 1
        if kind == 0 and target not in guild.roles:
            each.note("id", "PERMISSION_OVERWRITE_ROLE_INVALID", "Role does not exist")
            continue
        if (allow | deny) & ~own:
            raise missing_permissions()
        result[target] = Overwrite(target, kind, allow, deny)
    return result


def read_tags(body: Body, channel: Channel, world: World) -> list[ForumTag] | None:
    """Return a forum's tags of a body; a known id keeps the tag, without one it is new."""
    if channel.type not in FORUM_LIKE:
        return None
    listed = body.objects("available_tags", highest=_TAGS_AT_MOST)
    if listed is None:
        return None
    known = {tag.id for tag in channel.available_tags}
    result: list[ForumTag] = []
    for each in listed:
        number = each.snowflake("id")
        result.append(
            ForumTag(
                id=number if number is not None and number in known else world.new_id(),
                name=each.text("name", lowest=1, highest=50, required=True) or "",
                moderated=bool(each.boolean("moderated")),
                emoji_id=each.snowflake("emoji_id"),
                emoji_name=each.text("emoji_name", highest=100),
            )
        )
    return result


def tag_ids(body: Body, forum: Channel) -> list[int] | None:
    """Return the ``applied_tags`` of a body, which the forum must have."""
    listed = body.snowflakes("applied_tags", highest=5)
    if listed is None:
        return None
    known = {tag.id for tag in forum.available_tags}
    for index, number in enumerate(listed):
        if number not in known:
            body.note(f"applied_tags.{index}", "FORUM_TAG_NOT_FOUND", "Unknown tag")
    return listed
