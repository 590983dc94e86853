"""Every REST route of commands, interactions and webhooks."""

from __future__ import annotations

from discord_sandbox.interactions import (
    callback_routes,
    command_routes,
    webhook_admin,
    webhook_routes,
)
from discord_sandbox.rest.router import RouteDef

ROUTES: list[RouteDef] = [
    *command_routes.ROUTES,
    *callback_routes.ROUTES,
    *webhook_routes.ROUTES,
    *webhook_admin.ROUTES,
]
