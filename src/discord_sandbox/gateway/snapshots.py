"""What a session is told at its start: READY, GUILD_CREATE, and lists of members."""

from typing import Any, cast

from discord_sandbox.gateway.protocol import Intent
from discord_sandbox.gateway.session import Presence, Session
from discord_sandbox.wire.guilds import guild_create_json
from discord_sandbox.wire.users import member_json, own_user_json
from discord_sandbox.world.models import Guild, Member
from discord_sandbox.world.permissions import can_view

Json = dict[str, Any]

GATEWAY_VERSION = 10
CHUNK_MEMBERS = 1000
SEARCH_LIMIT = 100
NONCE_BYTES = 32

Presences = dict[int, Presence]


def ready(session: Session, guilds: list[Guild], resume_url: str) -> Json:
    """The READY payload; every guild in it is still unavailable, as on Discord."""
    application = session.application
    data: Json = {
        "v": GATEWAY_VERSION,
        "user": own_user_json(application.bot),
        "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
        "session_id": session.id,
        "resume_gateway_url": resume_url,
        "application": {"id": str(application.id), "flags": application.flags},
    }
    if session.shard_named:
        data["shard"] = list(session.shard)
    return data


def guild_create(session: Session, guild: Guild, presences: Presences) -> Json:
    """GUILD_CREATE as one session gets it.

    Without GUILD_PRESENCES only members in voice and the bot itself come along; with it,
    everyone below `large_threshold`, else those who are online, have a role or a
    nickname, or are in voice (Discord, "Request Guild Members").
    """
    members = [member for member in guild.members.values() if _comes_along(session, guild, member)]
    data = guild_create_json(
        guild,
        session.bot_id,
        members=[member_json(member) for member in members],
        large_threshold=session.large_threshold,
    )
    data["threads"] = [
        thread
        for thread in data["threads"]
        if can_view(guild, session.bot_id, guild.threads[int(thread["id"])])
    ]
    if not session.intents & Intent.GUILD_VOICE_STATES:
        data["voice_states"] = []
    if session.intents & Intent.GUILD_PRESENCES:
        data["presences"] = presences_json(guild, members, presences)
    if not session.intents & Intent.GUILD_SCHEDULED_EVENTS:
        data["guild_scheduled_events"] = []
    return data


def _comes_along(session: Session, guild: Guild, member: Member) -> bool:
    if member.id == session.bot_id or member.id in guild.voice_states:
        return True
    if not session.intents & Intent.GUILD_PRESENCES:
        return False
    if len(guild.members) <= session.large_threshold:
        return True
    return bool(member.role_ids) or member.nick is not None


def presence_json(user_id: int, guild_id: int, presence: Presence) -> Json:
    """PRESENCE_UPDATE's payload."""
    online = presence.status != "offline"
    return {
        "user": {"id": str(user_id)},
        "guild_id": str(guild_id),
        "status": presence.status,
        "activities": presence.activities,
        "client_status": {"web": presence.status} if online else {},
    }


def presences_json(guild: Guild, members: list[Member], presences: Presences) -> list[Json]:
    """The presences of members who are not offline."""
    found: list[Json] = []
    for member in members:
        # Bots are online while they have a session; people are, unless they say otherwise.
        presence = presences.get(member.id) or Presence("offline" if member.user.bot else "online")
        if presence.status != "offline":
            found.append(presence_json(member.id, guild.id, presence))
    return found


class MembersRefused(Exception):
    """The request for members is not allowed; Discord answers with nothing."""


def member_chunks(
    session: Session, guild: Guild, request: Json, presences: Presences
) -> list[Json]:
    """GUILD_MEMBERS_CHUNK payloads that answer one op 8.

    Raises:
        MembersRefused: All members asked for without GUILD_MEMBERS, or neither `query`
            nor `user_ids` given.
    """
    members, unknown = _chosen(session, guild, request)
    groups = [
        members[start : start + CHUNK_MEMBERS] for start in range(0, len(members), CHUNK_MEMBERS)
    ] or [[]]
    nonce = request.get("nonce")
    with_presences = request.get("presences") and session.intents & Intent.GUILD_PRESENCES
    chunks: list[Json] = []
    for index, group in enumerate(groups):
        chunk: Json = {
            "guild_id": str(guild.id),
            "members": [member_json(member) for member in group],
            "chunk_index": index,
            "chunk_count": len(groups),
        }
        if unknown:
            chunk["not_found"] = unknown
        if with_presences:
            chunk["presences"] = [
                {key: value for key, value in each.items() if key != "guild_id"}
                for each in presences_json(guild, group, presences)
            ]
        if isinstance(nonce, str) and len(nonce.encode()) <= NONCE_BYTES:
            chunk["nonce"] = nonce
        chunks.append(chunk)
    return chunks


def _chosen(session: Session, guild: Guild, request: Json) -> tuple[list[Member], list[str]]:
    user_ids = request.get("user_ids")
    if user_ids:
        asked = cast("list[object]", user_ids if isinstance(user_ids, list) else [user_ids])
        wanted = [str(each) for each in asked[:SEARCH_LIMIT]]
        found = [guild.members[int(each)] for each in wanted if _known(guild, each)]
        return found, [each for each in wanted if not _known(guild, each)]
    query, limit = request.get("query"), request.get("limit", 0)
    if not isinstance(query, str) or not isinstance(limit, int):
        raise MembersRefused
    if not query and not limit:
        if not session.intents & Intent.GUILD_MEMBERS:
            raise MembersRefused
        return list(guild.members.values()), []
    prefix = query.casefold()
    found = [
        member
        for member in guild.members.values()
        if any(
            name.casefold().startswith(prefix)
            for name in (member.user.username, member.user.global_name, member.nick)
            if name
        )
    ]
    return found[: min(limit, SEARCH_LIMIT) or SEARCH_LIMIT], []


def _known(guild: Guild, user_id: str) -> bool:
    return user_id.isdecimal() and int(user_id) in guild.members
