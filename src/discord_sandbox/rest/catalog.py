"""Every route of the REST API that this package answers."""

from discord_sandbox.rest import (
    channels,
    guilds,
    messages,
    threads,
    users,
)
from discord_sandbox.rest.router import RouteDef

ROUTES: list[RouteDef] = [
    *users.ROUTES,
    *guilds.ROUTES,
    *channels.ROUTES,
    *messages.ROUTES,
    *threads.ROUTES,
]
