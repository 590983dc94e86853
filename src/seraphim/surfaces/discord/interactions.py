"""The way every interaction takes: guards, limit, handler, answer, figures."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import aiohttp
import discord
import structlog

from seraphim.kernel.errors import RateLimited
from seraphim.kernel.ids import GuildId
from seraphim.kernel.telemetry import get_logger, new_trace_id, span
from seraphim.surfaces.discord import failures
from seraphim.surfaces.discord.components import Component, Router
from seraphim.surfaces.discord.guards import FeatureOff, GuildOnly, InHand, Restarting
from seraphim.surfaces.discord.handling import Handling, begin_handling, handling_of, translator_for
from seraphim.surfaces.discord.metrics import SurfaceMetrics
from seraphim.surfaces.discord.rate_limit import RateLimiter
from seraphim.surfaces.discord.replies import acknowledge, defer, reply
from seraphim.surfaces.discord.server_settings import ALWAYS_ON, ServerSettings

if TYPE_CHECKING:
    from seraphim.kernel.kernel import Kernel

_log = get_logger(__name__)
DEFER_AFTER_SECONDS = 2.0
"""Discord gives up after three (Discord, "Responding to an Interaction")."""
_REMEMBERED_INTERACTIONS = 4096
_MEMBER_AUTOCOMPLETES = 8
_TOTAL_AUTOCOMPLETES = 500


class NoAnswer(RuntimeError):
    """A handler returned without answering: a fault in its code."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the surface must know of a command or component before it runs."""

    name: str
    """Label in logs and metrics."""
    feature: str
    guild_only: bool = True
    private: bool = False
    """Whether an automatic deferral is ephemeral."""
    cost: float = 1.0
    """Tokens of the member's bucket."""


class InteractionPipeline:
    """Runs handlers so that each gets an answer, a trace and a bound, and none harms another."""

    def __init__(
        self,
        kernel: "Kernel",
        router: Router,
        limiter: RateLimiter,
        metrics: SurfaceMetrics,
    ) -> None:
        self._settings = kernel.settings
        self._clock = kernel.clock
        self._router = router
        self._limiter = limiter
        self._metrics = metrics
        self.defer_after_seconds = DEFER_AFTER_SECONDS
        self._in_hand = InHand()
        self._autocompletes = InHand(member=_MEMBER_AUTOCOMPLETES, total=_TOTAL_AUTOCOMPLETES)
        self._seen: OrderedDict[int, None] = OrderedDict()
        self._background: set[asyncio.Task[None]] = set()
        self._draining = False
        self._idle = asyncio.Event()
        self._idle.set()

    async def run(
        self,
        interaction: discord.Interaction,
        facts: Facts,
        body: Callable[[], Awaitable[None]],
    ) -> None:
        """Handle one command, component or form; never raises but for cancellation."""
        if self._is_repeated(interaction.id):
            self._metrics.duplicates.add()
            return
        handling = Handling(new_trace_id())
        begin_handling(interaction, handling)
        structlog.contextvars.bind_contextvars(
            trace_id=handling.trace_id, interaction_id=interaction.id, command=facts.name
        )
        began = self._clock.monotonic()
        alarm = asyncio.get_running_loop().call_later(
            self.defer_after_seconds, self._defer_slow, interaction, facts
        )
        try:
            with span("interaction", command=facts.name):
                await self._guarded(interaction, facts, body)
                await self._answered(interaction, handling)
        except Exception as error:  # noqa: BLE001  # one interaction's fault ends nothing else
            await self._fail(interaction, handling, error)
        finally:
            alarm.cancel()
            self._metrics.handled(facts.name, handling.outcome, self._clock.monotonic() - began)

    async def run_component(self, interaction: discord.Interaction) -> None:
        """Handle a pressed component or a submitted form by its custom id."""
        data = cast("dict[str, Any]", interaction.data or {})
        raw = str(data.get("custom_id", ""))
        try:
            component, args = self._router.route(raw)
        except failures.SeraphimError as unknown:
            error = unknown

            async def refuse() -> None:
                raise error

            await self.run(interaction, Facts("unknown component", ""), refuse)
            return
        await self.run(
            interaction, _component_facts(component), lambda: component.handle(interaction, args)
        )

    async def run_autocomplete(
        self, interaction: discord.Interaction, body: Callable[[], Awaitable[None]]
    ) -> None:
        """Answer an autocomplete; it takes nothing from the bucket, and fails to an empty list."""
        begin_handling(interaction, Handling(new_trace_id()))
        try:
            self._autocompletes.enter(interaction.user.id)
        except failures.SeraphimError:
            await _no_choices(interaction)
            return
        try:
            await body()
        except Exception as error:  # noqa: BLE001  # a failed suggestion harms nobody
            if not failures.is_expired(error):
                _log.exception("autocomplete failed")
        finally:
            self._autocompletes.leave(interaction.user.id)
            await _no_choices(interaction)

    async def drain(self, seconds: float) -> None:
        """Refuse new interactions and wait until those in hand are done, or time is up."""
        self._draining = True
        try:
            async with asyncio.timeout(seconds):
                await self._idle.wait()
        except TimeoutError:
            _log.warning("discord drain incomplete", in_hand=self._in_hand.total)

    async def _guarded(
        self, interaction: discord.Interaction, facts: Facts, body: Callable[[], Awaitable[None]]
    ) -> None:
        if self._draining:
            raise Restarting
        user_id, guild_id = interaction.user.id, interaction.guild_id
        if guild_id is None and facts.guild_only:
            raise GuildOnly
        self._in_hand.enter(user_id)
        self._idle.clear()
        try:
            await self._limiter.take(guild_id or 0, user_id, facts.cost)
            if guild_id is not None:
                settings = await self._settings.get(GuildId(guild_id), ServerSettings)
                handling_of(interaction).persona = settings.persona
                if facts.feature in settings.disabled_features and facts.feature not in ALWAYS_ON:
                    raise FeatureOff(feature=facts.feature)
            await body()
        finally:
            self._in_hand.leave(user_id)
            if self._in_hand.total == 0:
                self._idle.set()

    async def _answered(self, interaction: discord.Interaction, handling: Handling) -> None:
        """Make sure that the member sees an end: no handler may leave a click hanging."""
        is_command = interaction.type is discord.InteractionType.application_command
        if handling.deferred_privately is not None:
            raise NoAnswer("the command deferred and never answered")
        if interaction.response.is_done():
            return
        if is_command:
            raise NoAnswer("the command returned without an answer")
        await acknowledge(interaction)

    async def _fail(
        self,
        interaction: discord.Interaction,
        handling: Handling,
        error: Exception,
    ) -> None:
        if failures.is_expired(error):
            handling.outcome = "expired"
            _log.info("interaction expired")
            return
        if failures.is_answered_elsewhere(error):
            handling.outcome = "answered_elsewhere"
            _log.info("interaction answered by another process")
            return
        told = failures.explain(error)
        if isinstance(told, failures.Unexpected):
            handling.outcome = "failed"
            _log.error("interaction failed", exc_info=error)
        else:
            handling.outcome = "limited" if isinstance(told, RateLimited) else "refused"
            _log.info("interaction refused", code=told.code)
        shown = failures.error_embed(told, handling.trace_id, translator_for(interaction))
        try:
            await reply(interaction, embed=shown, ephemeral=True)
        except (discord.HTTPException, aiohttp.ClientError, OSError) as again:
            _log.info(
                "interaction error not shown", reason=str(again), expired=failures.is_expired(again)
            )

    def _defer_slow(self, interaction: discord.Interaction, facts: Facts) -> None:
        task = asyncio.get_running_loop().create_task(self._defer(interaction, facts))
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def _defer(self, interaction: discord.Interaction, facts: Facts) -> None:
        if interaction.response.is_done():
            return
        try:
            await defer(interaction, ephemeral=facts.private)
            self._metrics.deferred.add()
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            if not failures.is_already_answered(error):
                _log.info("interaction not deferred", reason=str(error))

    def _is_repeated(self, interaction_id: int) -> bool:
        """Remember the id; a resumed gateway session may bring an event a second time."""
        if interaction_id in self._seen:
            return True
        self._seen[interaction_id] = None
        if len(self._seen) > _REMEMBERED_INTERACTIONS:
            self._seen.popitem(last=False)
        return False


def _component_facts(component: Component) -> Facts:
    return Facts(
        f"{component.feature}:{component.action}", component.feature, private=component.private
    )


async def _no_choices(interaction: discord.Interaction) -> None:
    if interaction.response.is_done():
        return
    try:
        await interaction.response.autocomplete([])
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        _log.debug("autocomplete not answered", reason=str(error))
