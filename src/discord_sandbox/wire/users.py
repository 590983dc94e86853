"""Users, members and applications as JSON."""

from discord_sandbox.wire.values import ids, optional_timestamp, timestamp
from discord_sandbox.world.models import Application, Emoji, Json, Member, User

# Scopes an application may ask for without Discord's approval (docs: OAuth2, "Scopes").
_ELIGIBLE_SCOPES = ["applications.commands", "bot", "connections", "email", "guilds", "identify"]


def user_json(user: User) -> Json:
    """Return the public user object."""
    data: Json = {
        "id": str(user.id),
        "username": user.username,
        "avatar": user.avatar,
        "discriminator": user.discriminator,
        "public_flags": user.flags,
        "flags": user.flags,
        "banner": user.banner,
        "accent_color": user.accent_color,
        "global_name": user.global_name,
        "avatar_decoration_data": None,
        "collectibles": None,
        "primary_guild": None,
    }
    if user.bot:
        data["bot"] = True
    if user.system:
        data["system"] = True
    return data


def own_user_json(user: User) -> Json:
    """Return the user object as its owner sees it (``/users/@me``, READY)."""
    data = user_json(user)
    data.update(mfa_enabled=True, locale=user.locale, premium_type=0, email=None, verified=True)
    return data


def member_json(member: Member) -> Json:
    """Return the member object with its user."""
    data = member_without_user_json(member)
    data["user"] = user_json(member.user)
    return data


def member_without_user_json(member: Member) -> Json:
    """Return the member object that accompanies a user (messages, resolved data)."""
    return {
        "avatar": member.avatar,
        "banner": member.banner,
        "communication_disabled_until": optional_timestamp(member.timeout_until),
        "flags": member.flags,
        "joined_at": timestamp(member.joined_at),
        "nick": member.nick,
        "pending": member.pending,
        "premium_since": optional_timestamp(member.premium_since),
        "roles": ids(member.role_ids),
        "mute": member.mute,
        "deaf": member.deaf,
    }


def application_json(application: Application, guild_count: int = 0) -> Json:
    """Return the application as its bot sees it."""
    data: Json = {
        "id": str(application.id),
        "name": application.name,
        "icon": application.icon,
        "description": application.description,
        "type": None,
        "bot": user_json(application.bot),
        "bot_public": application.bot_public,
        "bot_require_code_grant": False,
        "integration_types_config": {"0": {}},
        "verify_key": application.public_key,
        "flags": application.flags,
        "flags_new": str(application.flags),
        "tags": application.tags,
        "redirect_uris": application.redirect_uris,
        "interactions_endpoint_url": application.interactions_endpoint_url,
        "role_connections_verification_url": application.role_connections_verification_url,
        "owner": user_json(application.owner),
        "approximate_guild_count": guild_count,
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        "event_webhooks_url": None,
        "event_webhooks_status": 1,
        "event_webhooks_types": [],
        "explicit_content_filter": 0,
        "team": None,
        "eligible_oauth2_scopes": _ELIGIBLE_SCOPES,
    }
    if application.custom_install_url is not None:
        data["custom_install_url"] = application.custom_install_url
    return data


def emoji_json(emoji: Emoji) -> Json:
    """Return a custom emoji."""
    return {
        "id": str(emoji.id),
        "name": emoji.name,
        "user": user_json(emoji.user),
        "roles": ids(emoji.role_ids),
        "require_colons": True,
        "managed": False,
        "animated": emoji.animated,
        "available": True,
    }
