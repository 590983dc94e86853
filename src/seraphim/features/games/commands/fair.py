"""``/fair seed|verify|rotate``: the proof that nobody cheats, the house least of all."""

from io import BytesIO

import discord
import msgspec
from discord import app_commands

from seraphim.features.games.commands.face import FEATURE
from seraphim.features.games.rules.fair import hash_of
from seraphim.features.games.service.fair import Checked, Fairness, Rotation
from seraphim.features.games.store.rows import Seed
from seraphim.features.games.store.totals import Past
from seraphim.kernel.ids import UserId
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.commands import traits
from seraphim.surfaces.discord.components import Component, custom_id
from seraphim.surfaces.discord.guards import guild_id_of
from seraphim.surfaces.discord.handling import translator_for
from seraphim.surfaces.discord.layout import RowItem, button, link, row_view
from seraphim.surfaces.discord.replies import embed, reply

_CHOICES = 25
_SHOWN_DRAWS = 12


class FairCommands:
    """The group of commands and the button that rotates.

    Args:
        fairness: The use cases.
        page_url: Where the verification page is, if people reach the web server.
    """

    def __init__(self, fairness: Fairness, page_url: str | None) -> None:
        self._fairness = fairness
        self._page_url = page_url

    def components(self) -> tuple[Component, ...]:
        """Return what the button needs."""
        return (Component(FEATURE, "rotate", self._rotate_pressed),)

    def group(self) -> app_commands.Group:
        """Return the commands."""
        group = app_commands.Group(
            name="fair", description=N_("Check that every game was fair, and choose your seed.")
        )
        self._add_seed(group)
        self._add_verify(group)
        self._add_rotate(group)
        return group

    def _add_seed(self, group: app_commands.Group) -> None:
        @group.command(
            name="seed",
            description=N_("See what your next games are drawn from, or choose your part of it."),
            extras=dict(traits(private=True, free_text=("client_seed",))),
        )
        @app_commands.describe(client_seed=N_("Your part: 1 to 64 letters, digits, - or _"))
        async def seed(interaction: discord.Interaction, client_seed: str | None = None) -> None:
            user_id = UserId(interaction.user.id)
            found = await self._fairness.seed(guild_id_of(interaction), user_id, client_seed)
            say = translator_for(interaction)
            rotate = button(say(N_("Reveal and renew")), custom_id(FEATURE, "rotate"), emoji="🔄")
            row: list[RowItem] = [rotate, *self._page(interaction)]
            await reply(
                interaction, embed=_seed_embed(interaction, found), view=row_view(row),
                ephemeral=True,
            )  # fmt: skip

    def _add_verify(self, group: app_commands.Group) -> None:
        @group.command(
            name="verify",
            description=N_("Play a finished game again from its public record."),
            extras=dict(traits(private=True)),
        )
        @app_commands.describe(game=N_("Which game; your newest ones are offered"))
        async def verify(interaction: discord.Interaction, game: str) -> None:
            checked = await self._fairness.check(guild_id_of(interaction), game.strip())
            await self._tell(interaction, checked)

        verify.autocomplete("game")(self._games)

    def _add_rotate(self, group: app_commands.Group) -> None:
        @group.command(
            name="rotate",
            description=N_("Make your server seed public and get a new one."),
            extras=dict(traits(private=True)),
        )
        async def rotate(interaction: discord.Interaction) -> None:
            await self._rotate(interaction)

    async def _rotate_pressed(
        self, interaction: discord.Interaction, _args: tuple[str, ...]
    ) -> None:
        await self._rotate(interaction)

    async def _rotate(self, interaction: discord.Interaction) -> None:
        rotation = await self._fairness.rotate(
            guild_id_of(interaction), UserId(interaction.user.id)
        )
        shown = _rotation_embed(interaction, rotation)
        await reply(
            interaction, embed=shown, view=row_view(self._page(interaction)), ephemeral=True
        )

    async def _tell(self, interaction: discord.Interaction, checked: Checked) -> None:
        say = translator_for(interaction)
        proof, verdict = checked.proof, checked.verdict
        lines = [
            say(N_("Server seed: `{seed}`"), seed=proof.server_seed),
            say(N_("Its hash: `{hash}`"), hash=hash_of(proof.server_seed)),
            say(
                N_("Client seed: `{seed}`, game number {nonce}"),
                seed=proof.client_seed,
                nonce=proof.nonce + 1,
            ),
        ]
        values = ", ".join(str(value) for _, _, value in verdict.draws[:_SHOWN_DRAWS])
        more = " …" if len(verdict.draws) > _SHOWN_DRAWS else ""
        lines.append(say(N_("Draws: {values}"), values=(values or "-") + more))
        if verdict.is_fair:
            lines.insert(
                0, say(N_("Played again from the record: **every draw and coin agrees**."))
            )
        else:
            lines.insert(0, say(N_("**The record does not agree.** Tell an administrator.")))
            lines.extend(verdict.findings)
        shown = embed(say(N_("Proof")), "\n".join(lines), "good" if verdict.is_fair else "bad")
        record = msgspec.json.format(msgspec.json.encode(proof), indent=2)
        file = discord.File(BytesIO(record), filename=f"{proof.kind}-{proof.game}.json")
        view = row_view(self._page(interaction))
        await reply(interaction, embed=shown, view=view, files=[file], ephemeral=True)

    def _page(self, interaction: discord.Interaction) -> list[RowItem]:
        if self._page_url is None:
            return []
        say = translator_for(interaction)
        return [link(say(N_("Check it yourself")), self._page_url, emoji="🔎")]

    async def _games(
        self, interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        user_id = UserId(interaction.user.id)
        recent = await self._fairness.list_recent(guild_id_of(interaction), user_id, _CHOICES)
        wanted = typed.strip().casefold()
        return [
            app_commands.Choice(name=_label(past), value=past.game_id)
            for past in recent
            if past.status != "open" and wanted in _label(past).casefold() + past.game_id
        ]


def _label(past: Past) -> str:
    return f"{past.kind} · {past.stake:,} → {past.payout:,} · {past.game_id[-8:]}"


def _seed_embed(interaction: discord.Interaction, seed: Seed) -> discord.Embed:
    say = translator_for(interaction)
    lines = (
        say(N_("Your games are drawn from two seeds; neither of us can choose the outcome alone.")),
        "",
        say(N_("Server seed, promised by its hash: `{hash}`"), hash=seed.server_seed_hash),
        say(N_("Client seed, yours to choose: `{seed}`"), seed=seed.client_seed),
        say(N_("Games so far: {count}"), count=seed.next_nonce),
        "",
        say(N_("“Reveal and renew” shows the server seed; then your past games can be verified.")),
    )
    return embed(say(N_("Your seeds")), "\n".join(lines))


def _rotation_embed(interaction: discord.Interaction, rotation: Rotation) -> discord.Embed:
    say = translator_for(interaction)
    old, new = rotation.revealed, rotation.next
    lines = (
        say(N_("Server seed of your last {count} games: `{seed}`"),
            count=old.next_nonce, seed=old.server_seed),
        say(N_("Its hash, as promised: `{hash}`"), hash=old.server_seed_hash),
        "",
        say(N_("The hash of your new server seed: `{hash}`"), hash=new.server_seed_hash),
        say(N_("/fair verify plays any of those games again.")),
    )  # fmt: skip
    return embed(say(N_("Seed revealed")), "\n".join(lines), "good")
