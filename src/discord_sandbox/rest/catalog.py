"""Every route of the REST API that this package answers."""

from discord_sandbox.rest import (
    audit_log,
    bans,
    channels,
    emojis,
    guilds,
    invites,
    members,
    messages,
    reactions,
    roles,
    scheduled_events,
    threads,
    users,
    voice_states,
)
from discord_sandbox.rest.router import RouteDef

ROUTES: list[RouteDef] = [
    *audit_log.ROUTES,
    *bans.ROUTES,
    *channels.ROUTES,
    *emojis.ROUTES,
    *guilds.ROUTES,
    *invites.ROUTES,
    *members.ROUTES,
    *messages.ROUTES,
    *reactions.ROUTES,
    *roles.ROUTES,
    *scheduled_events.ROUTES,
    *threads.ROUTES,
    *users.ROUTES,
    *voice_states.ROUTES,
]
