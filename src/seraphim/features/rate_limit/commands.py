"""``/ratelimit status|reset member``."""

from typing import TYPE_CHECKING

import discord
from discord import app_commands

from seraphim.features.rate_limit.store import record_reset
from seraphim.kernel.audit import AuditEntry
from seraphim.kernel.ids import UserId
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.commands import traits
from seraphim.surfaces.discord.guards import guild_id_of, require_permissions
from seraphim.surfaces.discord.handling import translator_for
from seraphim.surfaces.discord.rate_limit import Allowance, RateLimiter
from seraphim.surfaces.discord.replies import embed, reply

if TYPE_CHECKING:
    from seraphim.kernel.kernel import Kernel

_BAR_CELLS = 10


def commands(kernel: "Kernel", limiter: RateLimiter) -> tuple[app_commands.Group]:
    """Return the group of commands."""
    group = app_commands.Group(
        name="ratelimit",
        description=N_("See and refill what a member has left of the command limit."),
        default_permissions=discord.Permissions(manage_guild=True),
    )

    @group.command(
        name="status",
        description=N_("Show what a member has left of the command limit."),
        extras=dict(traits(private=True)),
    )
    @app_commands.describe(member=N_("Whose limit"))
    async def status(interaction: discord.Interaction, member: discord.Member) -> None:
        guild_id = guild_id_of(interaction)
        require_permissions(interaction, manage_guild=True)
        left = await limiter.look(guild_id, member.id)
        await reply(interaction, embed=_shown(interaction, member, left, limiter), ephemeral=True)

    @group.command(
        name="reset",
        description=N_("Refill a member's command limit at once."),
        extras=dict(traits(private=True)),
    )
    @app_commands.describe(member=N_("Whose limit"))
    async def reset(interaction: discord.Interaction, member: discord.Member) -> None:
        guild_id = guild_id_of(interaction)
        require_permissions(interaction, manage_guild=True)
        before = await limiter.look(guild_id, member.id)
        await limiter.reset(guild_id, member.id)
        await kernel.db.write(
            record_reset, _audit_entry(kernel, interaction, member, before, limiter)
        )
        translate = translator_for(interaction)
        text = translate(N_("{member} can use commands again."), member=member.mention)
        await reply(interaction, embed=embed(None, text, "good"), ephemeral=True)

    return (group,)


def _shown(
    interaction: discord.Interaction,
    member: discord.Member,
    left: Allowance,
    limiter: RateLimiter,
) -> discord.Embed:
    translate = translator_for(interaction)
    cells = round(_BAR_CELLS * left.remaining / left.capacity)
    bar = "▰" * cells + "▱" * (_BAR_CELLS - cells)
    lines = [
        f"{member.mention} {bar}",
        translate(
            N_("{remaining} of {capacity} commands left, refilled within {window} s."),
            remaining=int(left.remaining),
            capacity=left.capacity,
            window=f"{limiter.window_seconds:g}",
        ),
    ]
    if left.retry_after_seconds > 0:
        wait = f"{left.retry_after_seconds:.1f}"
        lines.append(translate(N_("The next command is possible in {wait} s."), wait=wait))
    tone = "warn" if left.retry_after_seconds > 0 else "info"
    return embed(translate(N_("Command limit")), "\n".join(lines), tone)


def _audit_entry(
    kernel: "Kernel",
    interaction: discord.Interaction,
    member: discord.Member,
    before: Allowance,
    limiter: RateLimiter,
) -> AuditEntry:
    return AuditEntry(
        id=kernel.ids.new(),
        at_ms=kernel.clock.now_ms(),
        guild_id=guild_id_of(interaction),
        actor_id=UserId(interaction.user.id),
        action="ratelimit.reset",
        subject=str(member.id),
        before={"remaining": before.remaining},
        after={"remaining": limiter.capacity},
        source="discord",
    )
